"""A register kept elsewhere, read from a file: a workbook or CSV."""

import csv
from collections.abc import Mapping
from io import StringIO
from pathlib import Path

from ledger.exchange.grid import Cell, Grid, Row
from ledger.exchange.register_lines import Register, register_in


def register_of(file: Path, *, sheet: str | None = None, columns: Mapping[str, str] | None = None) -> Register:
    """Read a register. sheet: of a workbook that has several. columns: headings by field, not to be recognised."""
    text = file.read_text(encoding="utf-8-sig")
    rows = []
    for number, cells in enumerate(csv.reader(StringIO(text, newline="")), start=1):
        found: dict[int, Cell] = {column: cell for column, cell in enumerate(cells, start=1) if cell}
        if found:
            rows.append(Row(number, found))
    return register_in(Grid(sheet, rows), columns=columns)
