"""The log as one flat table: a row an entry, a column for every field that any kind of entry has."""

import json
from base64 import b64encode
from collections.abc import Iterable, Iterator, Mapping
from datetime import date, datetime
from functools import cache
from itertools import islice
from typing import Any, Final, Literal, TypeVar, get_args, get_origin

from msgspec.structs import fields

from ledger.book import Book
from ledger.domain.entries import KINDS
from ledger.proof.tree import Range
from ledger.reports.entry_words import about
from ledger.store.codec import READ_AT_ONCE, json_of, row_from

T = TypeVar("T")

Cell = Literal["count", "day", "flag", "instant", "text", "texts", "json"]
"""What stands in a column: amounts and ratios are exact as text; what has parts is JSON, as text."""

OF_ALL: Final[Mapping[str, Cell]] = {
    "version": "count", "batch": "count", "type": "text", "effective_on": "day", "recorded_at": "instant",
    "actor": "text", "retracted_by": "count", "id": "text", "source": "text", "note": "text", "about": "text",
}  # fmt: skip
"""What every entry has, or may have.

retracted_by: the version that took it back; it is read as never made. about: what it says, in a few words.
"""

STORED: Final = "stored"
"""The last column: the bytes that the ledger keeps, which are UTF-8, and which its root proves."""

_BY_TYPE: Final[Mapping[object, Cell]] = {int: "count", date: "day", bool: "flag", str: "text"}


class Logged:
    """A ledger as it was when it was looked at.

    size, root: how many entries there are, and what proves them (base64). Raises `DamagedError` where the entries are
    not those that the ledger's head is of.
    """

    def __init__(self, book: Book) -> None:
        self._book = book
        self._retracted: dict[int, int] = {}
        tree = Range()
        for part in groups(book.export(), READ_AT_ONCE):
            tree = tree.extended(part)
            self._retracted |= dict(_retractions(part))
        self.size = tree.size
        self.root = b64encode(tree.root()).decode()

    def rows(self) -> Iterator[dict[str, Any]]:
        """Every entry by its columns, by version; what was retracted later says so."""
        return (row_of(line, self._retracted) for line in islice(self._book.export(), self.size))


def _retractions(lines: Iterable[bytes]) -> Iterator[tuple[int, int]]:
    """Which version is retracted by which."""
    for line in lines:
        if b'"type":"retraction"' in line:
            row = row_from(line)
            if row.type == "retraction":  # and not a note that says so
                yield json_of(line)["retracts"], row.version


@cache
def fields_of(kind: str) -> Mapping[str, Cell]:
    """The fields that a kind of entry has besides those of all."""
    return {each.name: _cell_of(each.type) for each in fields(KINDS[kind]) if each.name not in OF_ALL}


@cache
def columns() -> Mapping[str, Cell]:
    """Every column, in order."""
    of_kinds: dict[str, Cell] = {}
    for kind in KINDS:
        of_kinds |= fields_of(kind)
    return {**OF_ALL, **of_kinds, STORED: "text"}


def row_of(line: bytes, retracted: Mapping[int, int]) -> dict[str, Any]:
    """A stored line by the columns that say something of it: days and instants as such, parts as JSON text."""
    row, entry = row_from(line), json_of(line)
    found: dict[str, Any] = {
        "version": row.version,
        "batch": row.batch,
        "type": row.type,
        "effective_on": None if row.effective_on is None else date.fromisoformat(row.effective_on),
        "recorded_at": datetime.fromisoformat(row.recorded_at),
        "actor": row.actor,
        "retracted_by": retracted.get(row.version),
        "about": about(entry),
        STORED: line.decode(),
    }
    known = columns()
    return found | {name: _value(known[name], value) for name, value in entry.items() if name != "type"}


def groups(each: Iterable[T], size: int) -> Iterator[list[T]]:
    """What comes, by so many at once."""
    rest = iter(each)
    while part := list(islice(rest, size)):
        yield part


def _cell_of(hint: Any) -> Cell:
    """What stands in a field of such a type."""
    given = {*get_args(hint)} - {type(None)}
    if type(None) in get_args(hint) and len(given) == 1:
        (hint,) = given
    if hint in _BY_TYPE:
        return _BY_TYPE[hint]
    if get_origin(hint) is tuple:
        return "texts"
    is_written_as_text = get_origin(hint) is Literal or "Fraction" in str(hint) or "yen" in str(hint)
    return "text" if is_written_as_text else "json"


def _value(cell: Cell, value: Any) -> Any:
    match cell:
        case "day":
            return date.fromisoformat(value)
        case "json":
            return json.dumps(value, ensure_ascii=False)
        case "text":
            return str(value)  # an amount may be an integer
        case _:
            return value
