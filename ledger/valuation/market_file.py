"""Tables as markets and ministries give them out: CSV in UTF-8 or Shift_JIS, with or without lines above the heading.

Every cell is known by its row, as a spreadsheet shows it, so that whoever is told of a bad one finds it. What a number
or a day may look like in such a file is said here once, for prices and for interest rates.
"""

import csv
import io
import re
from codecs import getincrementaldecoder
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from datetime import date
from decimal import Decimal
from hashlib import sha256
from itertools import islice
from pathlib import Path
from typing import BinaryIO, Final, Generic, NamedTuple, TypeVar
from unicodedata import normalize

from ledger.domain.characters import listed, shown
from ledger.domain.errors import LedgerError, MalformedError
from ledger.domain.strict_json import malformed

MAX_BYTES: Final = 1_000_000_000
MAX_COLUMNS: Final = 1_000
LINES_ABOVE_THE_HEADING: Final = 20

_CHUNK: Final = 1 << 20
_LONGEST_LINE: Final = 1_000_000
_DELIMITERS: Final = ",\t;"
_MISSING: Final = frozenset(
    {"", "-", "--", "‐", "−", "–", "—", "―", "ー", "*", "n/a", "na", "nan", "null", "none", "..."}
)
_NUMBER: Final = re.compile(r"[+-]?(?:[0-9]{1,3}(?:,[0-9]{3})+|[0-9]+)(?:\.[0-9]+)?", re.ASCII)
_MINUS: Final = str.maketrans("−▲△", "---")
_MAX_DIGITS: Final = 30
_MIDNIGHT: Final = r"(?:[ T]0{1,2}:00(?::00(?:\.0+)?)?)?"
_WESTERN: Final = (
    re.compile(rf"([0-9]{{4}})([-/.])([0-9]{{1,2}})\2([0-9]{{1,2}}){_MIDNIGHT}", re.ASCII),
    re.compile(r"([0-9]{4})()([0-9]{2})([0-9]{2})", re.ASCII),
    re.compile(r"([0-9]{4})(年)([0-9]{1,2})月([0-9]{1,2})日", re.ASCII),
)
_JAPANESE: Final = (
    re.compile(r"([MTSHR])([0-9]{1,2})([-/.])([0-9]{1,2})\3([0-9]{1,2})", re.ASCII),
    re.compile(r"(明治|大正|昭和|平成|令和)([0-9]{1,2}|元)(年)([0-9]{1,2})月([0-9]{1,2})日", re.ASCII),
)
_YEAR_BEFORE: Final = {
    "M": 1867, "T": 1911, "S": 1925, "H": 1988, "R": 2018,
    "明治": 1867, "大正": 1911, "昭和": 1925, "平成": 1988, "令和": 2018,
}  # fmt: skip
"""The western year before the first one of each era."""

Columns = TypeVar("Columns")


class Cells(NamedTuple):
    """A row of the file: its number, from 1, as a spreadsheet shows it; and the cells in it, trimmed."""

    row: int
    cells: Sequence[str]

    def at(self, column: int) -> str:
        """A cell, empty where the row is too short."""
        return self.cells[column] if column < len(self.cells) else ""


class MarketFile(NamedTuple, Generic[Columns]):
    """A file that was opened. name: as it was given. sha256: of its bytes, hexadecimal. columns: where they stand.

    encoding: it is read in. rows: those below the heading that are not empty.
    """

    name: str
    sha256: str
    encoding: str
    columns: Columns
    rows: Iterator[Cells]


@contextmanager
def opened(
    file: Path, columns: Callable[[Sequence[str]], Columns | None], wanted: str
) -> Iterator[MarketFile[Columns]]:
    """Open a file and find its heading.

    columns: says where the columns stand in a heading, whose cells are as `plain` makes them; None where it is none.
    wanted: what a heading must have, in words.

    Raises `MalformedError` for what is no such table, `OSError`.
    """
    with about(file.name), file.open("rb") as stream:
        digest, encoding = _looked_through(stream)
        stream.seek(0)
        with io.TextIOWrapper(stream, encoding, newline="") as text:
            rows = _rows(text)
            seen: list[str] = []
            for each in rows:
                found = columns([plain(cell) for cell in each.cells])
                if found is not None:
                    yield MarketFile(file.name, digest, encoding, found, _fitting(rows, _width(each)))
                    return
                seen.extend(cell for cell in each.cells if cell)
                if each.row >= LINES_ABOVE_THE_HEADING:
                    break
        malformed(f"no heading with {wanted} in the first rows; there is {listed(seen) or 'nothing'}")


@contextmanager
def about(name: str) -> Iterator[None]:
    """Say of which file an error is."""
    try:
        yield
    except LedgerError as error:
        error.message = f"{name}: {error.message}"
        raise


def plain(heading: str) -> str:
    """A heading without what it is written with: width, case, spaces, what stands in brackets."""
    return re.sub(r"\(.*?\)|\[.*?\]|\s", "", normalize("NFKC", heading)).lower()


def bad_row(row: int, says: str) -> MalformedError:
    """The error of a row."""
    return MalformedError("malformed", f"row {row:,}: {says}")


def day_in(cells: Cells, column: int) -> date:
    """The day in a cell: year first, in western years or in those of an era. Raises `MalformedError`.

    >>> day_in(Cells(7, ["H26.7.10"]), 0)
    datetime.date(2014, 7, 10)
    """
    text = cells.at(column)
    found = day_from(text)
    if found is None:
        raise bad_row(cells.row, f"`{shown(text)}` is no day; one is 2014-07-10, 2014/7/10, 2014年7月10日 or H26.7.10")
    return found


def day_from(text: str) -> date | None:
    """The day that is written, or None where none is."""
    text = normalize("NFKC", text).replace(" ", "") if not text.isascii() else text
    for pattern in _WESTERN:
        parts = pattern.fullmatch(text)
        if parts:
            return _day(int(parts[1]), parts[3], parts[4])
    for pattern in _JAPANESE:
        parts = pattern.fullmatch(text.upper())
        if parts:
            year = 1 if parts[2] == "元" else int(parts[2])
            return _day(_YEAR_BEFORE[parts[1]] + year, parts[4], parts[5]) if year else None
    return None


def _day(year: int, month: str, day: str) -> date | None:
    try:
        return date(year, int(month), int(day))
    except ValueError:
        return None


def number_in(cells: Cells, column: int, what: str) -> Decimal | None:
    """The number in a cell, exact; None where the file says that there is none. Raises `MalformedError`.

    >>> number_in(Cells(7, ["￥２，４２２"]), 0, "closing price")
    Decimal('2422')
    """
    text = cells.at(column)
    if not text.isascii():
        text = normalize("NFKC", text).translate(_MINUS)
    text = text.strip().removeprefix("¥").removeprefix("\\").removesuffix("円").strip()
    if _NUMBER.fullmatch(text) and len(text) <= _MAX_DIGITS:
        return Decimal(text.replace(",", ""))
    if text.lower() in _MISSING:
        return None
    raise bad_row(cells.row, f"the {what} is `{shown(cells.at(column))}`, which is no number")


def _looked_through(stream: BinaryIO) -> tuple[str, str]:
    """Hash the bytes, and find how they are written: UTF-8 where all of them are, else Shift_JIS, as Windows has it."""
    digest = sha256()
    size = 0
    readers = [_Reader("utf-8-sig"), _Reader("cp932")]
    while chunk := stream.read(_CHUNK):
        if not size and chunk.startswith((b"\xff\xfe", b"\xfe\xff")):
            malformed("it is written in UTF-16; save it as CSV in UTF-8 or Shift_JIS")
        size += len(chunk)
        if size > MAX_BYTES:
            malformed(f"it has more than {MAX_BYTES:,} bytes")
        digest.update(chunk)
        for each in readers:
            each.read(chunk)
    for each in readers:
        each.read(b"", final=True)
        if each.is_good:
            return digest.hexdigest(), each.encoding
    raise bad_row(max(each.row for each in readers), "it is written neither in UTF-8 nor in Shift_JIS")


class _Reader:
    """Whether bytes are written in an encoding. row: as far as they were."""

    def __init__(self, encoding: str) -> None:
        self.encoding = encoding
        self.row = 1
        self.is_good = True
        self._decoder = getincrementaldecoder(encoding)()

    def read(self, chunk: bytes, *, final: bool = False) -> None:
        if not self.is_good:
            return
        try:
            self.row += self._decoder.decode(chunk, final).count("\n")
        except UnicodeDecodeError as error:
            self.row += error.object[: error.start].count(b"\n")
            self.is_good = False


def _rows(text: io.TextIOWrapper) -> Iterator[Cells]:
    first = "".join(islice(_lines(text), LINES_ABOVE_THE_HEADING))
    text.seek(0)
    reader = csv.reader(_lines(text), delimiter=max(_DELIMITERS, key=first.count), strict=True)
    try:
        for cells in reader:
            if len(cells) > MAX_COLUMNS:
                raise bad_row(reader.line_num, f"it has more than {MAX_COLUMNS:,} columns")
            trimmed = [cell.strip() for cell in cells]
            if any(trimmed):
                yield Cells(reader.line_num, trimmed)
    except csv.Error as error:
        raise bad_row(reader.line_num, f"it is no CSV: {error}") from None


def _width(cells: Cells) -> int:
    """How many cells a row has, without empty ones at its end."""
    return max(at for at, cell in enumerate(cells.cells, start=1) if cell)


def _fitting(rows: Iterator[Cells], width: int) -> Iterator[Cells]:
    """Rows as wide as the heading: in others a cell may stand under another heading than its own."""
    for each in rows:
        if len(each.cells) < width or _width(each) > width:
            count = min(len(each.cells), max(width, _width(each)))
            says = f"it has {count} cells and the heading has {width}"
            raise bad_row(each.row, f"{says}: a number with commas stands in quotation marks, every row is whole")
        yield each


def _lines(text: io.TextIOWrapper) -> Iterator[str]:
    number = 0
    while line := text.readline(_LONGEST_LINE):
        number += 1
        if len(line) == _LONGEST_LINE:
            raise bad_row(number, f"it has more than {_LONGEST_LINE:,} characters")
        yield line
