"""`rights template`: an import workbook, or one of its sheets as CSV, written whole or not at all."""

from pathlib import Path

from ledger import clock
from ledger.backup.whole_file import folder_beside, publish, refuse_taken
from ledger.cli.workbooks import refuse_no_workbook
from ledger.domain.strict_json import malformed
from ledger.exchange.sheets.kinds import SHEETS
from ledger.exchange.sheets.reading import sheet_named
from ledger.exchange.sheets.template import template_csv, write_template_workbook

DEFAULT = "allotments"


def write_template(file: Path, kind: str | None, *, force: bool) -> list[str]:
    """Write a template in the language spoken, and give the names of its sheets. kind: of one sheet alone.

    Raises `MalformedError` for another ending than .xlsx and .csv, and for a name that is taken.
    """
    ending = file.suffix.lower()
    if ending not in {".xlsx", ".csv"}:
        malformed(f"{file} is to be a workbook or CSV: name it .xlsx or .csv")
    if ending == ".xlsx":
        refuse_no_workbook(file, force=force)
    else:
        refuse_taken(file, replace=force, way_out="--force replaces it")
    chosen = [sheet_named(kind or DEFAULT)] if kind is not None or ending == ".csv" else list(SHEETS)
    with folder_beside(file) as folder:
        made = folder / "template"
        if ending == ".csv":
            made.write_bytes(template_csv(chosen[0]))
        else:
            write_template_workbook(made, chosen, made_at=clock.now())
        publish(made, file, replace=force)
    return [each.name for each in chosen]
