"""`--xlsx`: the tables of an answer as a workbook, instead of printing them."""

from collections.abc import Callable, Iterable, Mapping, Sequence
from pathlib import Path
from typing import Any, Final
from zipfile import BadZipFile, ZipFile

from ledger import clock
from ledger.answers import Answer
from ledger.backup.whole_file import folder_beside, publish, refuse_other, refuse_taken
from ledger.cli.questions import Knowledge, instant_or_day, title_of
from ledger.cli.render import tell
from ledger.cli.tables import Table
from ledger.domain.strict_json import malformed
from ledger.reports.cells import holder_of
from ledger.reports.language import reworded, text
from ledger.reports.workbook import Sheet, write_workbook

_BEGINS: Final = (b"PK\x03\x04",)


def refuse_no_workbook(file: Path, *, force: bool) -> None:
    """Refuse a workbook that cannot be written, before anything is asked.

    Raises `MalformedError`.
    """
    refuse_taken(file, replace=force, way_out="--force replaces it")
    refuse_other(file, _BEGINS, "workbook")
    if file.is_file() and file.stat().st_size and not _is_workbook(file):
        malformed(f"{file} is no workbook, and is not replaced: name another file")


def _is_workbook(file: Path) -> bool:
    """Whether a file is one, and no other archive, such as somebody's letter."""
    try:
        with ZipFile(file) as archive:
            return "xl/workbook.xml" in archive.namelist()
    except BadZipFile:
        return False


def write(
    file: Path,
    answer: Answer[Any],
    tables: Iterable[tuple[str, Callable[[Answer[Any]], Table]]],
    known: Knowledge,
    *,
    force: bool,
) -> None:
    """Write the tables of an answer into a workbook, whole or not at all, and say so."""
    shown = list(tables)
    sheets = [Sheet(text(title), *to_table(answer)) for title, to_table in shown]
    if known["why"]:
        sheets.append(Sheet(text("Reasons"), ("series", "holder", "rests on", "what follows", "version"), _why(answer)))
    title = title_of(shown[0][0], answer, known)
    about = {
        text("What it shows"): title,
        text("Ledger"): answer.ledger,
        text("Day"): answer.as_of,
        text("Known at"): None if known["known_at"] is None else instant_or_day(known["known_at"]),
        text("Version"): answer.known_version,
        text("Root"): answer.root,
        text("Recorded late"): answer.backdated,
    }
    write_sheets(file, sheets, about, force=force)


def write_sheets(file: Path, sheets: Sequence[Sheet], about: Mapping[str, object], *, force: bool) -> None:
    """Write sheets, and what they are of, into a workbook, whole or not at all, and say so."""
    with folder_beside(file) as folder:
        made = folder / "workbook"
        write_workbook(made, sheets, about=about, made_at=clock.now())
        publish(made, file, replace=force)
    tell(text("{file} is written.", file=file))


def _why(answer: Iterable[Any]) -> list[Sequence[object]]:
    return [
        (
            row.series,
            holder_of(row),
            text(reason.item),
            reworded(reason.says),
            reason.version,
        )
        for row in answer
        for reason in getattr(row, "because", ())
    ]
