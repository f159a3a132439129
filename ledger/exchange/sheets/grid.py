"""A sheet as it was read, whatever the file: rows of cells, and what about it must not be passed over in silence."""

from collections.abc import Sequence
from datetime import date, datetime
from decimal import Decimal
from typing import NamedTuple


class Unread(NamedTuple):
    """A cell that holds something, and no value: a formula, an error. says: what is wrong, and what would be right."""

    says: str


Cell = str | int | Decimal | bool | date | datetime | Unread
"""What stands in a cell that is not empty. A Decimal has the shortest digits that mean the number kept there."""


class Row(NamedTuple):
    """A row with something in it. number: from 1. cells: by the number of their column, from 1."""

    number: int
    cells: dict[int, Cell]
    is_hidden: bool = False


class Area(NamedTuple):
    """Cells that were merged, both ends included."""

    first_row: int
    last_row: int
    first_column: int
    last_column: int
    name: str


class Grid(NamedTuple):
    """A sheet. name: None of a file that is one sheet. rows: those that are not empty, in order."""

    name: str | None
    rows: Sequence[Row]
    is_hidden: bool = False
    hidden_columns: Sequence[range] = ()
    merged: Sequence[Area] = ()


def letters(column: int) -> str:
    """A column as spreadsheets call it.

    >>> letters(1), letters(26), letters(27), letters(16_384)
    ('A', 'Z', 'AA', 'XFD')
    """
    name = ""
    while column:
        column, place = divmod(column - 1, 26)
        name = chr(ord("A") + place) + name
    return name
