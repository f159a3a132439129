"""What the parts of a workbook say: its sheets, its texts, which formats are days, and the cells of a sheet."""

import re
from collections.abc import Callable, Mapping
from datetime import date, datetime
from decimal import Decimal
from functools import lru_cache
from typing import Final, NamedTuple
from xml.sax.handler import ContentHandler

from ledger.exchange.sheets.grid import Area, Cell, Row, Unread, letters

LAST_COLUMN: Final = 16_384
LAST_ROW: Final = 1_048_576
LONGEST_NUMBER: Final = 400
LONGEST_TEXT: Final = 32_767
"""Characters, as spreadsheet programs have it."""

MOST_CELLS: Final = 2_000_000
MOST_TEXTS: Final = 2_000_000
MOST_ELEMENTS: Final = 8_000_000
"""Of one part: as many as its cells and texts may have, with what stands in each."""
MOST_ROWS: Final = 200_000
MOST_FORMATS: Final = 1_000_000
MOST_AREAS: Final = 10_000

_LETTERS: Final = re.compile("[A-Z]{1,3}")
_PLACE: Final = re.compile(r"([A-Z]{1,3})([1-9][0-9]{0,6})")
_NUMBER: Final = re.compile(r"-?(?:[0-9]+\.?[0-9]*|\.[0-9]+)(?:[eE][+-]?[0-9]{1,3})?", re.ASCII)
_WHOLE: Final = re.compile(r"-?[0-9]{1,15}")

FORMULA: Final = Unread("is a formula, and is not worked out: paste its value in its place")


Attributes = Mapping[str, str]


class Reading(ContentHandler):
    """Reads XML by the local names of its elements, which a prefix may stand before."""

    elements = 0

    def element(self, name: str, attrs: Attributes) -> None:
        """Hear of the beginning of an element, as it stands there. Raises `ValueError` for one too many."""
        self.elements += 1
        if self.elements > MOST_ELEMENTS:
            raise ValueError(f"more than {MOST_ELEMENTS:,} elements")
        self.begin(name.rpartition(":")[2], attrs)

    def element_end(self, name: str) -> None:
        """Hear of the end of an element, as it stands there."""
        self.end(name.rpartition(":")[2])

    def begin(self, name: str, attrs: Attributes) -> None:
        """See the beginning of an element."""

    def end(self, name: str) -> None:
        """See the end of an element."""


class Named(NamedTuple):
    """A sheet of a workbook. relation: the id of its part. is_hidden: its tab is not shown."""

    name: str
    relation: str
    is_hidden: bool


class Contents(Reading):
    """The workbook itself: its sheets, and whether its days are counted from 1904."""

    def __init__(self) -> None:
        super().__init__()
        self.sheets: list[Named] = []
        self.counts_from_1904 = False

    def begin(self, name: str, attrs: Attributes) -> None:
        """See a sheet, or the properties."""
        if name == "sheet":
            relation = next((attrs[each] for each in attrs if each.rpartition(":")[2] == "id"), "")
            self.sheets.append(Named(attrs.get("name", ""), relation, attrs.get("state", "visible") != "visible"))
        elif name == "workbookPr":
            self.counts_from_1904 = _is_set(attrs, "date1904")


class Relations(Reading):
    """The parts that a part names, by id, and the kind of each."""

    def __init__(self) -> None:
        super().__init__()
        self.targets: dict[str, tuple[str, str]] = {}

    def begin(self, name: str, attrs: Attributes) -> None:
        """See a relation; what is outside the file is not followed."""
        if name == "Relationship" and attrs.get("TargetMode", "") != "External":
            kind = attrs.get("Type", "").rpartition("/")[2]
            self.targets[attrs.get("Id", "")] = (kind, attrs.get("Target", ""))


class Texts(Reading):
    """The texts that cells name by number: what is read aloud beside Japanese ones is none of them."""

    def __init__(self) -> None:
        super().__init__()
        self.texts: list[str] = []
        self._pieces: list[str] = []
        self._is_text = self._is_reading = False

    def begin(self, name: str, _attrs: Attributes) -> None:
        """See the beginning of a text."""
        if name == "si":
            self._pieces = []
        elif name == "rPh":
            self._is_reading = True
        elif name == "t":
            self._is_text = not self._is_reading

    def characters(self, content: str) -> None:
        """See a piece of a text."""
        if self._is_text:
            self._pieces.append(content)

    def end(self, name: str) -> None:
        """See the end of a text."""
        if name == "t":
            self._is_text = False
        elif name == "rPh":
            self._is_reading = False
        elif name == "si":
            self.texts.append("".join(self._pieces))
            if len(self.texts) > MOST_TEXTS:
                raise ValueError(f"more than {MOST_TEXTS:,} texts")


class Formats(Reading):
    """Which formats of cells show a number as a day or an instant."""

    def __init__(self) -> None:
        super().__init__()
        self._codes: dict[str, str] = {}
        self._used: list[str] = []
        self._is_of_cells = False

    def begin(self, name: str, attrs: Attributes) -> None:
        """See a format."""
        if name == "numFmt":
            self._codes[attrs.get("numFmtId", "")] = attrs.get("formatCode", "")[:1_000]
        elif name == "cellXfs":
            self._is_of_cells = True
        elif name == "xf" and self._is_of_cells:
            self._used.append(attrs.get("numFmtId", "0"))

    def end(self, name: str) -> None:
        """See the end of the formats of cells."""
        if name == "cellXfs":
            self._is_of_cells = False

    def days(self) -> frozenset[int]:
        """The formats of days, by number."""
        from openpyxl.styles.numbers import BUILTIN_FORMATS, is_date_format

        japanese = {*range(27, 37), *range(50, 59)}  # ECMA-376 part 1, 18.8.30: days in Japanese and Chinese
        is_day = {
            each: is_date_format(self._codes[each])
            if each in self._codes
            else each.isdigit() and (int(each) in japanese or is_date_format(BUILTIN_FORMATS.get(int(each), "General")))
            for each in {*self._used}
        }
        return frozenset(number for number, each in enumerate(self._used) if is_day[each])


class Cells(Reading):
    """The cells of a sheet.

    texts: the workbook's, by number. days: its formats of days. day_of: the day, or instant, that a number counts.
    """

    def __init__(
        self, texts: list[str], days: frozenset[int], day_of: Callable[[Decimal], date | datetime | None]
    ) -> None:
        super().__init__()
        self._texts, self._days, self._day_of = texts, days, day_of
        self.rows: list[Row] = []
        self.merged: list[Area] = []
        self.hidden_columns: list[range] = []
        self.is_too_large = False
        self._row = self._column = self._cells = 0
        self._row_digits = ""
        self._found: dict[int, Cell] = {}
        self._is_hidden = self._is_formula = self._is_reading = False
        self._kind, self._format = "n", ""
        self._pieces: list[str] | None = None
        self._value = ""

    def begin(self, name: str, attrs: Attributes) -> None:
        """See a row, a cell, what is in it, or what was done to the sheet."""
        match name:
            case "row":
                self._row = _after(self._row, _number(attrs.get("r", ""), self._row + 1, LAST_ROW), LAST_ROW)
                self._row_digits = str(self._row)
                self._column, self._found, self._is_hidden = 0, {}, _is_set(attrs, "hidden") or attrs.get("ht") == "0"
            case "c":
                self._column = self._column_of(attrs.get("r", ""))
                self._kind, self._format = attrs.get("t", "n"), attrs.get("s", "")
                self._value, self._is_formula = "", False
            case "v" if self._kind != "inlineStr":
                if self._value:
                    raise ValueError(f"two values in row {self._row}, column {self._column}")
                self._pieces = []
            case "t" if self._kind == "inlineStr":
                self._pieces = None if self._is_reading else []
            case "f":
                self._is_formula = True
            case "rPh":
                self._is_reading = True
            case "col":
                self._see_columns(attrs)
            case "mergeCell":
                self.merged.extend(_areas(attrs.get("ref", "")))
                self._limit(len(self.merged), MOST_AREAS)
            case _:
                pass

    def characters(self, content: str) -> None:
        """See a piece of a value."""
        if self._pieces is not None:
            self._pieces.append(content)

    def end(self, name: str) -> None:
        """See the end of a value, a cell or a row."""
        match name:
            case "v" | "t" if self._pieces is not None:
                self._value += "".join(self._pieces)
                self._pieces = None
            case "rPh":
                self._is_reading = False
            case "c":
                cell = FORMULA if self._is_formula else self._cell() if self._value else None
                if cell is not None:
                    self._found[self._column] = cell
                    self._cells += 1
            case "row" if self._found:
                self._limit(len(self.rows) + 1, MOST_ROWS)
                self._limit(self._cells, MOST_CELLS)
                if not self.is_too_large:
                    self.rows.append(Row(self._row, self._found, self._is_hidden))
            case _:
                pass

    def _limit(self, there: int, most: int) -> None:
        """Keep no more of a sheet that is too large."""
        if there > most:
            self.is_too_large = True
            self.rows.clear()
            self.merged.clear()

    def _column_of(self, place: str) -> int:
        """The column of a place such as B7, in the row that is read; without a place that after the last."""
        if not place:
            return _after(self._column, self._column + 1, LAST_COLUMN)
        name = place.rstrip("0123456789")
        if place[len(name) :] != self._row_digits:
            raise ValueError(f"the cell {place[:20]} in row {self._row}")
        return _after(self._column, _column_called(name), LAST_COLUMN)

    def _cell(self) -> Cell | None:
        """What the cell holds that just ended."""
        value = self._value
        if self._kind == "s":
            number = _number(value.strip(), -1, len(self._texts) - 1)
            value = self._texts[number] if number >= 0 else ""
        if len(value) > LONGEST_TEXT:
            return Unread(f"has {len(value):,} characters; a cell holds at most {LONGEST_TEXT:,}")
        match self._kind:
            case _ if not value.strip():
                return None
            case "s" | "str" | "inlineStr":
                return value
            case "b":
                return value.strip() == "1"
            case "e":
                return Unread(f"is the error {value.strip()[:20]}: mend it, or write its value")
            case "d":
                return _written_day(value.strip())
            case _:
                return self._number(value.strip())

    def _number(self, digits: str) -> Cell:
        if len(digits) > LONGEST_NUMBER or not _NUMBER.fullmatch(digits):
            return Unread(f"is {digits[:20]}, which is no number")
        # A spreadsheet keeps 1.1 as 1.1000000000000001: the shortest digits of the same double are what was typed.
        value = Decimal(digits) if _WHOLE.fullmatch(digits) else Decimal(repr(float(digits)))
        if not value.is_finite():
            return Unread("is no finite number")
        if _number(self._format, 0, MOST_FORMATS) in self._days:
            return self._day_of(value) or Unread(
                f"is the number {digits[:20]} shown as a day, and no day: write the day as 2018-07-02"
            )
        return int(value) if value == value.to_integral_value() and abs(value) < 10**20 else value

    def _see_columns(self, attrs: Attributes) -> None:
        is_hidden = _is_set(attrs, "hidden") or attrs.get("width") == "0"
        if is_hidden and len(self.hidden_columns) < LAST_COLUMN:
            first = _number(attrs.get("min", ""), 1, LAST_COLUMN)
            self.hidden_columns.append(range(first, _number(attrs.get("max", ""), first, LAST_COLUMN) + 1))


def _is_set(attrs: Attributes, name: str) -> bool:
    return (attrs.get(name, "0") or "0") in {"1", "true", "on"}


def _number(digits: str, otherwise: int, most: int) -> int:
    """A whole number that a part says. Raises `ValueError` where it is more than it may be."""
    if not digits:
        return otherwise
    if not (digits.isdecimal() and digits.isascii() and len(digits) < 10 and int(digits) <= most):
        raise ValueError(f"the number {digits[:20]}")
    return int(digits)


def _after(before: int, number: int, last: int) -> int:
    """A number that is above the one before it: else one thing would stand there twice, and one of them be seen."""
    if not before < number <= last:
        raise ValueError(f"row or column {number} after {before}")
    return number


@lru_cache(LAST_COLUMN)
def _column_called(name: str) -> int:
    """The column of a name such as B."""
    if not _LETTERS.fullmatch(name):
        raise ValueError(f"the column {name[:20]}")
    column = 0
    for letter in name:
        column = column * 26 + ord(letter) - ord("A") + 1
    return column


def _areas(written: str) -> list[Area]:
    """The area that a place such as A1:B2 means; none of one cell."""
    first, _, last = written.partition(":")
    found = (_PLACE.fullmatch(first), _PLACE.fullmatch(last or first))
    if found[0] is None or found[1] is None:
        raise ValueError(f"the area {written[:20]}")
    columns = _column_called(found[0][1]), _column_called(found[1][1])
    rows = int(found[0][2]), int(found[1][2])
    name = f"{letters(columns[0])}{rows[0]}:{letters(columns[1])}{rows[1]}"
    return [Area(*rows, *columns, name)] if first != (last or first) else []


def _written_day(value: str) -> Cell:
    """A day that a part writes out."""
    try:
        return datetime.fromisoformat(value).replace(tzinfo=None)
    except ValueError:
        return Unread(f"is {value[:20]}, which is no day")
