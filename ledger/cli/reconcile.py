"""`rights reconcile`: the ledger beside a register kept elsewhere."""

from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any, Final

import typer

from ledger.answers import Answer
from ledger.cli import options
from ledger.cli.commands import ASK
from ledger.cli.questions import (
    Knowledge,
    instant_or_day,
    label,
    print_proof,
    print_reasons,
    refuse_forms,
    title_of,
)
from ledger.cli.render import print_csv, print_json, print_table, say, tell
from ledger.cli.tables import Table
from ledger.domain.characters import shown
from ledger.domain.errors import MalformedError
from ledger.domain.spelling import did_you_mean
from ledger.opening import DEFAULT_URL, open_ledger
from ledger.projections.rows import names
from ledger.reports.cells import NO_VALUE, called, holder_of, label_of
from ledger.reports.language import reworded, spoken, text

if TYPE_CHECKING:
    from ledger.exchange.registers.lines import Assumption
    from ledger.exchange.registers.reconciling import ReconciledRow, Reconciliation

TITLE: Final = "Differences from the register"
VERDICTS: Final = {
    "matched": "matched",
    "different": "different",
    "missing-here": "missing here",
    "missing-there": "missing there",
    "ambiguous": "ambiguous",
}
MOST_ASSUMPTIONS: Final = 200
"""Printed; `--json` and `--xlsx` have all."""
MOST_VERSIONS: Final = 8
"""Shown beside a figure; `--why` and `--json` have all."""


def add(app: typer.Typer) -> None:
    """Add the command."""
    app.command("reconcile", rich_help_panel=ASK)(reconcile)


def reconcile(  # noqa: PLR0913 - the options of a command
    file: Annotated[Path, typer.Argument(metavar="REGISTER", help="The register kept elsewhere: CSV, or a workbook.")],
    *,
    as_of: options.AsOf = None,
    series: options.AnySeries = None,
    company: Annotated[
        str | None, typer.Option("--company", metavar="C", help="Only rights of this company; default: of all.")
    ] = None,
    sheet: Annotated[
        str | None, typer.Option("--sheet", metavar="NAME", help="The sheet of a workbook; default: the only one.")
    ] = None,
    column: Annotated[
        list[str] | None,
        typer.Option(
            "--column",
            metavar="FIELD=HEADING",
            help="Which column it is, where its heading does not say so: rights=保有個数; may be given several times.",
        ),
    ] = None,
    known_at: options.KnownAt = None,
    known_version: options.KnownVersion = None,
    db: options.Db = DEFAULT_URL,
    ledger: options.LedgerId = None,
    why: options.Why = False,
    as_json: options.Json = False,
    as_csv: options.Csv = False,
    xlsx: options.Xlsx = None,
    force: options.Force = False,
    lang: options.Lang = "en",
    ids_only: options.IdsOnly = False,
) -> None:
    """Compare the ledger with a register kept elsewhere, such as a trust bank's list: what agrees, what differs.

    Holders are known by id or by name, whatever its spaces, widths and forms of characters; what was assumed is shown.
    It ends with exit code 1 where anything differs.

    Example: rights reconcile bank.csv --as-of 2018-07-02
    """
    from ledger.exchange.registers.reading import register_of
    from ledger.exchange.registers.reconciling import reconciliation

    form = {"as_json": as_json, "as_csv": as_csv, "xlsx": xlsx, "force": force, "ids_only": ids_only}
    refuse_forms(form, all_ledgers=False, is_written=False)
    columns = _columns(column or ())
    known = Knowledge(known_at=known_at, known_version=known_version, why=why)
    with open_ledger(db, ledger) as book, spoken(lang), called(label(book, form)):
        register = register_of(file, sheet=sheet, columns=columns)
        found = reconciliation(
            *(book, register, as_of),
            known_at=known_at,
            known_version=known_version,
            series=series,
            company=company,
            ids_only=ids_only,
        )
        _give(found, file, known, form)
    if found.differences:
        raise typer.Exit(1)


def _columns(given: Sequence[str]) -> dict[str, str]:
    """The headings that the command line names, by field."""
    from ledger.exchange.registers.lines import WORDS

    found: dict[str, str] = {}
    for each in given:
        field, sign, heading = each.partition("=")
        if field not in WORDS or not sign or not heading:
            hint = did_you_mean(field, WORDS)
            raise MalformedError(
                "malformed",
                f"--column {shown(each)} names no column{hint}: write FIELD=HEADING; the fields are {', '.join(WORDS)}",
            )
        if field in found:
            raise MalformedError("malformed", f"--column {field} is given twice: {found[field]} and {heading}")
        found[field] = heading
    return found


def _give(found: "Reconciliation", file: Path, known: Knowledge, form: Mapping[str, Any]) -> None:
    from ledger.exchange.registers.reconciling import ReconciledRow

    if form["as_json"]:
        print_json(_document(found, file, why=known["why"]))
    elif form["as_csv"]:
        print_csv(names(ReconciledRow), (row.to_dict() for row in found.answer))
    elif form["xlsx"] is not None:
        _write(form["xlsx"], found, file, known, force=form["force"])
        _sum_up(found)
    else:
        _show(found, file, known)


def _document(found: "Reconciliation", file: Path, *, why: bool) -> dict[str, object]:
    counted = {verdict.replace("-", "_"): count for verdict, count in found.counted().items()}
    document = found.answer.to_dict(why=why)
    rows = document.pop("rows")
    assumptions = [{"row": each.row, "says": each.says} for each in found.assumptions]
    return {**document, "register": str(file), **counted, "assumptions": assumptions, "rows": rows}


def _show(found: "Reconciliation", file: Path, known: Knowledge) -> None:
    title = title_of(TITLE, found.answer, known)
    if found.differences:
        print_table(title, *differences_table(found.differences))
        say()
    else:
        say(text("{title}: none", title=title))
    if found.assumptions:
        say(text("Assumed of {file}:", file=file))
        for each in found.assumptions[:MOST_ASSUMPTIONS]:
            say(f"  {_told(each)}")
        if len(found.assumptions) > MOST_ASSUMPTIONS:
            say("  " + text("… and {count:,} more", count=len(found.assumptions) - MOST_ASSUMPTIONS))
        say()
    _sum_up(found)
    if known["why"]:
        print_reasons(found.differences)
    print_proof(found.answer)


def _sum_up(found: "Reconciliation") -> None:
    """Say how many agree, and how many do not."""
    counted = found.counted()
    count = len(found.answer)
    if not found.differences:
        tell(text("All {count:,} lines match.", count=count) if count else text("There is nothing on either side."))
        return
    told = text(", ").join(f"{text(VERDICTS[verdict])} {each:,}" for verdict, each in counted.items() if each)
    tell(text("{count:,} lines: {told}.", count=count, told=told))


def _told(assumption: "Assumption") -> str:
    if assumption.row is None:
        return reworded(assumption.says)
    return text("row {row}: {says}", row=assumption.row, says=reworded(assumption.says))


def differences_table(rows: "Answer[ReconciledRow]") -> Table:
    """A line for every figure that differs; beside the first of each holder what it is, and the entries behind it."""
    lines: list[Sequence[object]] = []
    for row in rows:
        owner, verdict, versions = _owner(row), text(VERDICTS[row.verdict]), _versions(row)
        register = text(", ").join(map(str, row.register_rows))
        for figure, here, there in row.differing:
            word = text(figure.replace("_", " "))
            lines.append((row.series or "", owner, word, here, there, verdict, register, versions))
            verdict = versions = register = ""
    return ("series", "holder", "figure", "here", "there", "result", "row", "versions"), lines


def _owner(row: "ReconciledRow") -> str:
    """Whose rights they are, or may be, as far as it is known."""
    if row.of == "total":
        return text("total")
    if row.holder is not None:
        return holder_of(row)
    if row.verdict == "ambiguous":
        meant = text(", ").join(map(label_of, row.candidates))
        return text("{name}: {candidates}?", name=row.name or NO_VALUE, candidates=meant)
    return text("the company itself") if row.of == "company" else row.name or ""


def _versions(row: "ReconciledRow") -> str:
    more = len(row.versions) - MOST_VERSIONS
    listed = text(", ").join(map(str, row.versions[:MOST_VERSIONS]))
    return listed if more <= 0 else text("{listed} and {more} more", listed=listed, more=f"{more:,}")


def _write(file: Path, found: "Reconciliation", register: Path, known: Knowledge, *, force: bool) -> None:
    """Write what differs, every line, and what was assumed into a workbook."""
    from ledger.cli.workbooks import write_sheets
    from ledger.reports.workbook import Sheet

    answer = found.answer
    every = [(*_cells(row),) for row in answer]
    headings = ("series", "holder", "of", "rights here", "rights there", "shares here", "shares there", "result", "row")
    assumed = [(each.row, reworded(each.says)) for each in found.assumptions]
    sheets = [
        Sheet(text("Differences"), *differences_table(found.differences)),
        Sheet(text("Lines"), headings, every),
        Sheet(text("Assumptions"), ("row", "what was assumed"), assumed),
    ]
    about: dict[str, object] = {
        text("What it shows"): title_of(TITLE, answer, known),
        text("Register"): str(register),
        text("Ledger"): answer.ledger,
        text("Day"): answer.as_of,
        text("Known at"): None if known["known_at"] is None else instant_or_day(known["known_at"]),
        text("Version"): answer.known_version,
        text("Root"): answer.root,
    }
    write_sheets(file, sheets, about, force=force)


def _cells(row: "ReconciledRow") -> tuple[object, ...]:
    rows = text(", ").join(map(str, row.register_rows))
    figures = (row.rights_here, row.rights_there, row.shares_here, row.shares_there)
    return row.series or "", _owner(row), text(row.of), *figures, text(VERDICTS[row.verdict]), rows
