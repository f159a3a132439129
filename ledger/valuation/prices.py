"""Closing prices by day, as exchanges and vendors give them out (item 12)."""

from collections.abc import Sequence
from datetime import date
from decimal import Decimal
from pathlib import Path
from typing import Final, NamedTuple

from ledger.domain.spans import FIRST_DAY, LAST_DAY
from ledger.domain.strict_json import malformed
from ledger.valuation.market_file import Cells, bad_row, day_in, number_in, opened

_DAYS: Final = frozenset({"日付", "年月日", "取引日", "date", "day", "基準日"})
_CLOSES: Final = frozenset({"終値", "close", "closingprice"})
_ADJUSTED: Final = frozenset({"調整後終値", "adjclose", "adjustedclose"})
_BASES: Final = frozenset({"基準値段", "baseprice"})


class Close(NamedTuple):
    """A row of the file. price: yen, None where there was no trade. base: the base price, yen. row: of the file."""

    day: date
    price: Decimal | None
    base: Decimal | None
    row: int


class Traded(NamedTuple):
    """A close of a day that has one. price: yen. row: of the file."""

    day: date
    price: Decimal
    row: int


class Prices(NamedTuple):
    """What a file says. closes: every row, in the order of the days.

    name: of the file. sha256: of its bytes. is_adjusted: whether its closes are those that a vendor adjusted, because
    it has no others.
    """

    name: str
    sha256: str
    closes: dict[date, Close]
    is_adjusted: bool

    def traded(self, first: date, last: date) -> list[Traded]:
        """Return the closes of a span of days, both included, without days that had no trade."""
        rows = (each for each in self.closes.values() if first <= each.day <= last)
        return [Traded(each.day, each.price, each.row) for each in rows if each.price is not None]


class _Columns(NamedTuple):
    day: int
    close: int
    base: int | None
    is_adjusted: bool


def read_prices(file: Path) -> Prices:
    """Read closing prices; rows may stand in any order.

    Raises `MalformedError` for what is no such table: it names the row; `OSError`.
    """
    found: dict[date, Close] = {}
    with opened(file, _columns, "a day (日付) and a closing price (終値)") as table:
        for cells in table.rows:
            close = _close(cells, table.columns)
            if close.day in found:
                raise bad_row(cells.row, f"{close.day} stands in row {found[close.day].row:,} already")
            found[close.day] = close
        closes = {day: found[day] for day in sorted(found)}
        return Prices(table.name, table.sha256, closes, table.columns.is_adjusted)


def _close(cells: Cells, columns: _Columns) -> Close:
    day = day_in(cells, columns.day)
    if not FIRST_DAY <= day <= LAST_DAY:  # which bounds how many there can be
        raise bad_row(cells.row, f"{day} is no day of {FIRST_DAY} to {LAST_DAY}")
    price = _yen(cells, columns.close, "closing price")
    base = None if columns.base is None else _yen(cells, columns.base, "base price")
    return Close(day, price, base, cells.row)


def _yen(cells: Cells, column: int, what: str) -> Decimal | None:
    yen = number_in(cells, column, what)
    if yen is not None and yen <= 0:
        raise bad_row(cells.row, f"the {what} is {yen:f}; a price is above 0, and a day without a trade has none")
    return yen


def _columns(heading: Sequence[str]) -> _Columns | None:
    day = _place(heading, _DAYS, "the day")
    close = _place(heading, _CLOSES, "the closing price")
    adjusted = _place(heading, _ADJUSTED, "the adjusted closing price")
    place = adjusted if close is None else close
    if day is None or place is None:
        return None
    return _Columns(day, place, _place(heading, _BASES, "the base price"), close is None)


def _place(heading: Sequence[str], names: frozenset[str], what: str) -> int | None:
    """Where a column stands, or None."""
    places = [at for at, name in enumerate(heading) if name in names]
    if len(places) > 1:
        malformed(f"the heading has {what} {len(places)} times")
    return places[0] if places else None
