"""The cells of tables that people read: what each is, and how it is written in the language spoken."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import date, datetime
from decimal import Decimal
from typing import Any, Final

from ledger.domain.characters import seen
from ledger.reports.language import day, form_day, label_by, language, text

NO_VALUE: Final = "–"


class Yen:
    """An amount in yen.

    >>> print(Yen(422600), Yen("126.28"), Yen("422600"))
    ¥422,600 ¥126.28 ¥422,600
    """

    __slots__ = ("amount",)

    def __init__(self, amount: object) -> None:
        self.amount = Decimal(str(amount))

    def __str__(self) -> str:
        amount = f"{self.amount:,f}"
        return f"¥{amount}" if language() == "en" else f"{amount}円"

    def __eq__(self, other: object) -> bool:
        return isinstance(other, Yen) and self.amount == other.amount

    def __hash__(self) -> int:
        return hash(self.amount)


class FormDay(date):
    """A day that goes into a form of the authorities; a workbook holds it as any other day."""

    __slots__ = ()


def is_number(value: object) -> bool:
    """Whether a cell is a count or an amount."""
    return isinstance(value, int | Yen) and not isinstance(value, bool)


def shown(cell: object) -> str:
    """A cell as text: numbers with thousands separators, days and instants as the language has them.

    >>> shown(25600), shown(None), shown(date(2018, 7, 9)), shown(datetime(2018, 7, 9, 9, 5))
    ('25,600', '–', '2018-07-09', '2018-07-09 09:05')
    """
    match cell:
        case None:
            return NO_VALUE
        case bool():
            return str(cell)
        case int():
            return f"{cell:,}"
        case datetime():
            return f"{day(cell.date())} {cell:%H:%M}"
        case FormDay():
            return form_day(cell)
        case date():
            return day(cell)
        case _:
            return seen(str(cell))


@contextmanager
def called(label: Callable[[str], str]) -> Iterator[None]:
    """Show holders by a function of their ids, such as one that knows their names, until the end of the block."""
    token = label_by.set(label)
    try:
        yield
    finally:
        label_by.reset(token)


def label_of(holder: str) -> str:
    """A holder as tables show him: by his id, or as `called` says."""
    return label_by.get()(holder)


def holder_of(row: Any) -> str:
    """A holding's holder, and where it came from; nothing where a row is of no holder."""
    if getattr(row, "holder", None) is None:
        return ""
    holder = label_of(row.holder)
    if row.inherited_from is not None:
        return text("{holder} (heir of {giver})", holder=holder, giver=label_of(row.inherited_from))
    if row.transferred_from is not None:
        return text("{holder} (from {giver})", holder=holder, giver=label_of(row.transferred_from))
    return holder
