"""What a file of others would record, before anything is: entries with the places they come from, and what stays out.

Every reader of a form gives a `Plan`; `ledger.exchange.taking` records one, all or nothing.
"""

from collections.abc import Mapping
from typing import Any, NamedTuple

from ledger.people import Particulars


class Place(NamedTuple):
    """Where something stands in a file. All are None where it is of the whole file.

    sheet: of a workbook, or a file inside a package. row: from 1, as a spreadsheet counts; in a package, of its object.
    column: its heading as it stands there, or the name of a field.
    """

    sheet: str | None = None
    row: int | None = None
    column: str | None = None

    def __str__(self) -> str:
        """The place in words.

        >>> str(Place("exercises", 5, "rights")), str(Place())
        ('sheet exercises, row 5, column rights', 'the file')
        """
        words = zip(("sheet", "row", "column"), self, strict=True)
        return ", ".join(f"{word} {value}" for word, value in words if value is not None) or "the file"


class Planned(NamedTuple):
    """An entry that would be recorded, as JSON values, and where it comes from. It has an `id` of its own."""

    place: Place
    entry: Mapping[str, Any]


class Remark(NamedTuple):
    """Something about a place: what is wrong there and what would be right, or what is not taken over and why."""

    place: Place
    says: str

    def __str__(self) -> str:
        """The remark in words."""
        return f"{self.place}: {self.says}"


class Plan(NamedTuple):
    """What a file would record.

    entries: in the order in which they would be recorded. people: the particulars of holders, for the directory beside
    the ledger. problems: while there is one, nothing may be recorded. left_out: what the ledger does not take over.
    sealed: where the file holds a ledger as it was stored, its entries' bytes by version; `entries` is empty then.
    is_typed: whether people wrote it, who may have written names where ids are wanted.
    """

    entries: tuple[Planned, ...] = ()
    people: tuple[tuple[str, Particulars], ...] = ()
    problems: tuple[Remark, ...] = ()
    left_out: tuple[Remark, ...] = ()
    sealed: tuple[bytes, ...] = ()
    is_typed: bool = False
