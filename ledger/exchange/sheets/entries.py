"""A sheet's rows as entries, or as particulars of holders; what is wrong with them; and what is left out."""

import re
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping
from datetime import date
from typing import Any, Final, NamedTuple

from ledger.domain.characters import shown
from ledger.domain.errors import MalformedError
from ledger.domain.spelling import did_you_mean
from ledger.domain.wellformed import entry_from
from ledger.exchange.plan import Place, Planned, Remark
from ledger.exchange.sheets.cells import WrongCellError, folded, plain
from ledger.exchange.sheets.columns import Column, Sheet
from ledger.exchange.sheets.grid import Area, Grid, Row, Unread, letters
from ledger.exchange.sheets.headings import Headings, column_of, headings_of, is_known, is_type, like
from ledger.exchange.sheets.kinds import BY_WORD, SHEETS
from ledger.exchange.sheets.rows import content_of, is_example, value_of
from ledger.people import Particulars

MOST_PROBLEMS: Final = 1_000
"""Of one sheet: where there are more, reading it on helps nobody."""

TOTALS: Final = frozenset({"合計", "総合計", "小計", "計", "総計", "total", "totals", "subtotal", "grand total", "sum"})

_NOTE: Final = re.compile(r"※|\*|\(?注|以上|備考|notes?(?![\w-])")
"""How a line below a table begins, that says something about it; as `folded` has it."""


class Person(NamedTuple):
    """The particulars of a holder that a row gives."""

    place: Place
    holder: str
    particulars: Particulars


class _EnoughError(Exception):
    """There are more problems than are told."""


class SheetReader:
    """Reads one sheet. What it found is in its lists.

    grid: the sheet. sheet: its kind; None where its headings, or of each row the column `type`, say so. today: nobody
    is born later.
    """

    def __init__(self, grid: Grid, sheet: Sheet | None, *, today: date, is_mixed: bool = False) -> None:
        self._grid = grid
        self._sheet = sheet
        self._today = today
        self._is_mixed = is_mixed
        self.entries: list[Planned] = []
        self.people: list[Person] = []
        self.problems: list[Remark] = []
        self.left_out: list[Remark] = []

    def read(self) -> None:
        """Read all of it."""
        headings = headings_of(self._grid, self._sheet, is_mixed=self._is_mixed)
        try:
            if self._grid.is_hidden:
                self._wrong("is hidden: unhide the sheet, or remove it")
            elif isinstance(headings, str):
                self._wrong(headings)
            else:
                self._read_under(headings)
        except _EnoughError:
            self.problems.append(Remark(Place(self._grid.name), "there are too many problems; it was read no further"))

    def _read_under(self, headings: Headings) -> None:
        below = [row for row in self._grid.rows if row.number > headings.row and not self._is_note(row)]
        self._check_headings(headings, {number for row in below for number in row.cells})
        self._check_seen(headings, below)
        if headings.sheet is not None and (self._lacks(headings, headings.sheet) or _twice(headings, headings.sheet)):
            return  # every row would be told again
        for row in below:
            self._read_row(row, headings)

    def _is_note(self, row: Row) -> bool:
        """Whether a row is a note on the table, which is told."""
        cells = [cell for cell in row.cells.values() if not isinstance(cell, str) or cell.strip()]
        if len(cells) != 1 or not isinstance(cells[0], str) or not _NOTE.match(folded(cells[0])):
            return False
        self.left_out.append(Remark(self._place(row.number), f"is a note ({shown(cells[0])}), not a fact"))
        return True

    def _check_headings(self, headings: Headings, used: Iterable[int]) -> None:
        """See that each heading is known, and once; and that each column in use has one."""
        row, sheet = headings.row, headings.sheet
        for text in headings.texts.values():
            if is_known(text, sheet):
                continue
            hint = like(text, sheet)
            if hint:
                self._wrong(f"is no heading {_of(sheet)}{hint}: rename the column, or take it out", row, text)
            else:
                self.left_out.append(Remark(self._place(row, text), f"is no column {_of(sheet)}, and is not read"))
        for text, column in _twice(headings, sheet) if sheet is not None else ():
            self._wrong(f"means {column.heading}, which another heading means too: keep one of them", row, text)
        if sheet is None:
            known = Counter(text for text in headings.texts.values() if is_type(text) or is_known(text, None))
            for text in (text for text, count in known.items() if count > 1):
                self._wrong("stands there twice: keep one of the columns", row, text)
        for column in self._lacks(headings, sheet) if sheet is not None else ():
            self._wrong(f"there is no column {column.heading} ({column.japanese}), which is required", row)
        for number in sorted({*used} - {*headings.texts}):
            self._wrong(f"column {letters(number)} has cells with something in them, and no heading", row)

    def _lacks(self, headings: Headings, sheet: Sheet) -> list[Column]:
        there = {column.field for column in (column_of(text, sheet) for text in headings.texts.values()) if column}
        return [column for column in sheet.columns if column.required and column.field not in there]

    def _check_seen(self, headings: Headings, below: list[Row]) -> None:
        """See that whoever looks at the sheet sees what is read, and one value a cell."""
        last = below[-1].number if below else headings.row
        for number, text in headings.texts.items():
            is_hidden = any(number in columns for columns in self._grid.hidden_columns)
            if is_hidden and any(number in row.cells for row in below):
                self._wrong("is hidden: unhide the column, or remove it", headings.row, text)
        for row in self._grid.rows:
            if row.is_hidden and row.number >= headings.row:
                self._wrong("is hidden, perhaps by a filter: unhide the row, or remove it", row.number)
        for area in self._grid.merged:
            if headings.row <= area.last_row and area.first_row <= last and _covers(area, headings.texts):
                self._wrong(f"the cells {area.name} are merged: unmerge them, and fill in each", area.first_row)

    def _read_row(self, row: Row, headings: Headings) -> None:
        first = row.cells[min(row.cells)]
        if isinstance(first, str) and folded(first) in TOTALS:
            self.left_out.append(Remark(self._place(row.number), f"is a total ({shown(first)}), not a fact"))
            return
        sheet = headings.sheet or self._kind_of(row, headings)
        if sheet is None:
            return
        before = len(self.problems)
        values = dict(self._values(row, headings, sheet))
        mark = values.pop("example", None)
        if len(self.problems) > before:
            return
        if is_example(sheet, values):
            if mark is None:
                self._wrong("is the template's example: delete the row, or write your own facts into it", row.number)
        elif mark is not None:
            self._wrong(
                "is marked as an example, and is not the template's any more: clear the mark to record the row, or"
                " delete the row",
                row.number,
                next(
                    text for text in headings.texts.values() if (c := column_of(text, sheet)) and c.field == "example"
                ),
            )
        else:
            self._take(row, sheet, values)

    def _kind_of(self, row: Row, headings: Headings) -> Sheet | None:
        """The kind that the row's column `type` says."""
        number, heading = next((number, text) for number, text in headings.texts.items() if is_type(text))
        cell = row.cells.get(number)
        word = "" if cell is None or isinstance(cell, Unread) else plain(cell)
        found = BY_WORD.get(folded(word))
        if found is None:
            known = [each.kind or each.name for each in SHEETS]
            is_retraction = folded(word) in {"retraction", "取消", "訂正"}
            right = "`rights retract` records a retraction" if is_retraction else f"the kinds are {', '.join(known)}"
            says = f"is {shown(word)}, which is no kind{did_you_mean(word, known)}" if word else "is empty"
            self._wrong(f"{says}: {right}", row.number, heading)
        return found

    def _values(self, row: Row, headings: Headings, sheet: Sheet) -> Iterator[tuple[str, Any]]:
        """The values of a row by field; what is wrong with a cell, or missing, is told."""
        for number, text in headings.texts.items():
            cell, column = row.cells.get(number), column_of(text, sheet)
            if column is None:
                if cell is not None and headings.sheet is None and not is_type(text) and is_known(text, None):
                    self._wrong(f"has a value, and {_of(sheet)} there is no such column", row.number, text)
                continue
            if cell is None or (isinstance(cell, str) and not cell.strip()):
                if column.required:
                    self._wrong("is empty, and required", row.number, text)
                continue
            try:
                yield column.field, value_of(column, cell, sheet, today=self._today)
            except WrongCellError as error:
                self._wrong(error.says, row.number, text)
        for column in self._lacks(headings, sheet) if headings.sheet is None else ():
            self._wrong(f"there is no column {column.heading} ({column.japanese}), which it requires", row.number)

    def _take(self, row: Row, sheet: Sheet, values: Mapping[str, Any]) -> None:
        place = self._place(row.number)
        if sheet.kind is None:
            rest = {field: value for field, value in values.items() if field != "holder"}
            self.people.append(Person(place, values["holder"], rest))
            return
        content = content_of(sheet, values)
        try:
            entry_from(content)
        except MalformedError as error:
            self._wrong(error.message, row.number)
        else:
            self.entries.append(Planned(place, content))

    def _place(self, row: int | None = None, column: str | None = None) -> Place:
        return Place(self._grid.name, row, None if column is None else shown(" ".join(column.split())))

    def _wrong(self, says: str, row: int | None = None, column: str | None = None) -> None:
        self.problems.append(Remark(self._place(row, column), says))
        if len(self.problems) >= MOST_PROBLEMS:
            raise _EnoughError


def _twice(headings: Headings, sheet: Sheet) -> list[tuple[str, Column]]:
    """The headings that mean a column which another means too."""
    found = [(text, column) for text in headings.texts.values() if (column := column_of(text, sheet)) is not None]
    counts = Counter(column.field for _, column in found)
    return [(text, column) for text, column in found if counts[column.field] > 1]


def _covers(area: Area, columns: Mapping[int, Any]) -> bool:
    return any(area.first_column <= number <= area.last_column for number in columns)


def _of(sheet: Sheet | None) -> str:
    return "of any sheet" if sheet is None else f"of {sheet.name}"
