"""CSV as trust banks and spreadsheets write it, read as a sheet of cells: commas, semicolons or tabs between them."""

import csv
from collections.abc import Iterator
from io import StringIO
from typing import Final
from unicodedata import normalize

from ledger.domain.strict_json import malformed
from ledger.exchange.sheets.grid import Cell, Grid, Row, Unread
from ledger.text_file import text_of

MOST_ROWS: Final = 200_000
MOST_CELLS: Final = 2_000_000
SEPARATORS: Final = ",\t;"
_SAMPLE_LINES: Final = 20

FORMULA: Final = Unread("begins with =, as a formula does, and is not worked out: write its value")
_FORMULAS: Final = frozenset("=+-@")
_BEFORE_A_FORMULA: Final = " \t\n\u00a0\u3000\"'`"


def grid_of(content: bytes, name: str) -> Grid:
    """The cells of a CSV file. name: of the file, as a person knows it. Raises `MalformedError`."""
    text = text_of(content, name)
    if "\0" in text:
        malformed(f"{name} is no CSV: it holds the character U+0000, which no text has")
    rows: list[Row] = []
    cells = 0
    for number, row in enumerate(_rows(text, name), start=1):
        found = {column: _cell(each) for column, each in enumerate(row, start=1) if each.strip()}
        cells += len(found)
        if number > MOST_ROWS or cells > MOST_CELLS:
            malformed(f"{name} has more than {MOST_ROWS:,} rows or {MOST_CELLS:,} cells: split it")
        if found:
            rows.append(Row(number, found))
    return Grid(None, rows)


def _rows(text: str, name: str) -> Iterator[list[str]]:
    reader = csv.reader(StringIO(text, newline=""), delimiter=_separator(text), strict=True)
    try:
        yield from reader
    except csv.Error as error:
        malformed(f"{name} is no CSV: line {reader.line_num}: {error}")


def _separator(text: str) -> str:
    """What stands between the cells: of the separators the one that the first lines have most of."""
    first = "\n".join(text[:65_536].splitlines()[:_SAMPLE_LINES])
    return max(SEPARATORS, key=first.count)


def _cell(written: str) -> Cell:
    """A cell as it was meant: without the apostrophe that keeps spreadsheets from running it."""
    if written.startswith("="):
        return FORMULA
    rest = written[1:]
    begins = normalize("NFKC", rest.lstrip(_BEFORE_A_FORMULA)[:1])
    if written.startswith("'") and (begins in _FORMULAS or rest[:1] in {"\t", "\n"}) and begins:
        return rest
    return written
