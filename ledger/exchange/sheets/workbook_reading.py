"""Workbooks of Excel and its like, read as sheets of cells: nothing in them is worked out, fetched or run.

Macros, links to other files and pictures are not looked at. What is no workbook is told by what it is.
"""

from datetime import date, datetime, time, timedelta
from decimal import Decimal
from functools import partial
from typing import Final

from ledger.domain.characters import shown
from ledger.domain.strict_json import malformed
from ledger.exchange.sheets.grid import Grid
from ledger.exchange.sheets.workbook_parts import Parts, target_of
from ledger.exchange.sheets.workbook_xml import (
    MOST_AREAS,
    MOST_CELLS,
    MOST_ROWS,
    Cells,
    Contents,
    Formats,
    Relations,
    Texts,
)

MOST_BYTES: Final = 64_000_000
MOST_SHEETS: Final = 200

BEGINS: Final = b"PK\x03\x04"
OLD: Final = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
"""A file of Office before 2007; or one of today that is locked by a password."""

_ENCRYPTED: Final = "EncryptedPackage".encode("utf-16-le")
_SECONDS: Final = 86_400
_MOST_DAYS: Final = 2_958_465
"""31 December 9999, counted from 1900."""
_BETWEEN_THE_SYSTEMS: Final = 1_462
_NEVER: Final = 60


def is_workbook(content: bytes) -> bool:
    """Whether bytes are a workbook, or what people take for one."""
    return content.startswith((BEGINS, b"PK\x05\x06", OLD))


def grids_of(content: bytes, name: str) -> list[Grid]:
    """The sheets of a workbook. name: of the file, as a person knows it. Raises `MalformedError`."""
    if content.startswith(OLD):
        locked = _ENCRYPTED in content
        what = "is locked by a password: save it without one" if locked else "is a workbook of the old kind (.xls)"
        malformed(f"{name} {what}{'' if locked else ': save it as .xlsx'}")
    parts = Parts(content, name)
    book = _book_of(parts, name)
    contents, relations = Contents(), Relations()
    parts.parse(book, contents)
    folder, _, file = book.rpartition("/")
    parts.parse(f"{folder}/_rels/{file}.rels" if folder else f"_rels/{file}.rels", relations)
    if len(contents.sheets) > MOST_SHEETS:
        malformed(f"{name} has {len(contents.sheets):,} sheets; at most {MOST_SHEETS:,} are read")
    texts, formats = Texts(), Formats()
    for kind, target in relations.targets.values():
        handler = {"sharedStrings": texts, "styles": formats}.get(kind)
        if handler is not None:
            parts.parse(target_of(book, target), handler)
    found: list[Grid] = []
    for sheet in contents.sheets:
        kind, target = relations.targets.get(sheet.relation, ("", ""))
        if kind != "worksheet":  # a chart, or a dialog
            continue
        cells = Cells(texts.texts, formats.days(), partial(_counted, is_1904=contents.counts_from_1904))
        parts.parse(target_of(book, target), cells)
        if cells.is_too_large:
            most = f"{MOST_ROWS:,} rows, {MOST_CELLS:,} cells or {MOST_AREAS:,} merged areas"
            malformed(f"{name} has more than {most} in sheet {shown(sheet.name)}: split it")
        found.append(Grid(sheet.name, cells.rows, sheet.is_hidden, cells.hidden_columns, cells.merged))
    return found


def _book_of(parts: Parts, name: str) -> str:
    """The part that is the workbook itself."""
    if "_rels/.rels" not in parts:
        other = "a document of OpenDocument (.ods)" if "mimetype" in parts else "an archive, and no workbook"
        malformed(f"{name} is {other}: save it as .xlsx or .csv")
    roots = Relations()
    parts.parse("_rels/.rels", roots)
    found = [target_of("", target) for kind, target in roots.targets.values() if kind == "officeDocument"]
    if not found:
        malformed(f"{name} is an archive, and no workbook: save it as .xlsx or .csv")
    if found[0].endswith(".bin"):
        malformed(f"{name} is a binary workbook (.xlsb): save it as .xlsx")
    if not found[0].startswith("xl/"):
        malformed(f"{name} is a document of another kind ({shown(found[0])}), and no workbook: save it as .xlsx")
    return found[0]


def _counted(value: Decimal, *, is_1904: bool) -> date | datetime | None:
    """The day that a number counts, in the workbook's system; an instant where it has a fraction.

    In the system of 1900 there is a 29 February 1900, number 60, which never was; 0 and less are no days there.
    """
    number = int(value // 1)
    if is_1904:
        first, least, most = date(1904, 1, 1), 0, _MOST_DAYS - _BETWEEN_THE_SYSTEMS
    else:
        first, least, most = date(1899, 12, 31 if number < _NEVER else 30), 1, _MOST_DAYS
    if not least <= number <= most or (number == _NEVER and not is_1904):
        return None
    on = first + timedelta(days=number)
    seconds = round((value - number) * _SECONDS)
    return datetime.combine(on, time()) + timedelta(seconds=seconds) if seconds else on
