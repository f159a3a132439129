"""The share price of a day of valuation: its close, or else the base price of the next trading day (item 12).

An exchange's base price is the last close before, on an ex-day divided by the factor of the split. Where a file has no
such column it is worked out so.
"""

from collections.abc import Iterable
from datetime import date, timedelta
from decimal import Decimal
from fractions import Fraction
from math import prod
from typing import Any, Final, NamedTuple

from ledger.domain.business_days import business_day_from, business_day_in
from ledger.domain.errors import RefusedError
from ledger.domain.spans import ONE_DAY, next_day
from ledger.valuation.prices import Prices, Traded
from ledger.valuation.splits import DIGITS, Closes, FoundSplit, ShareSplit, found_splits
from ledger.valuation.volatility import half_up, shortest

LONGEST_GAP: Final = timedelta(days=10)
"""From the day of valuation to the one whose price is taken: no run of days without a market is longer."""


class SharePrice(NamedTuple):
    """The price of a share. price: yen, at most 12 decimals. on: the day asked for. day: whose price it is.

    how: which price of that day, and what was done to it, in words. row: of the file.
    """

    price: Decimal
    on: date
    day: date
    how: str
    row: int
    file: str
    sha256: str

    def to_dict(self) -> dict[str, Any]:
        """Return it as the answers show it: the price as a string."""
        return {
            "price": format(self.price, "f"),
            "on": self.on.isoformat(),
            "day": self.day.isoformat(),
            "how": self.how,
            "row": self.row,
            "file": self.file,
            "sha256": self.sha256,
        }


def share_price(
    prices: Prices, on: date, *, splits: Iterable[ShareSplit] = (), closes: Closes | None = None
) -> SharePrice:
    """Share price of a day, as it was paid: what the file has evened out for later splits is multiplied back.

    splits, closes: as `volatility` takes them.

    Raises `RefusedError`: `no-market-data` where the file has no price within ten days, `unclear-split`.
    """
    known = tuple(splits)
    exact = prices.closes.get(on)
    if exact is not None and exact.price is not None:
        return _as_paid(prices, Traded(on, exact.price, exact.row), on, "the close of the day", known, closes)
    trading = [each for each in prices.closes.values() if each.price is not None or each.base is not None]
    following = next((each for each in trading if on < each.day <= on + LONGEST_GAP), None)
    if following is not None and following.base is not None:
        how = f"the base price of the next trading day, {following.day}: {on} has no close"
        return SharePrice(following.base, on, following.day, how, following.row, prices.name, prices.sha256)
    before = prices.traded(on - LONGEST_GAP, on)
    if not before or (following is None and not _is_known_without(prices, before[-1].day, on)):
        raise _no_price(prices, on)
    next_trading_day = business_day_from(next_day(on)) if following is None else following.day
    how = f"the last close before, of {before[-1].day}, which is the base price of the next trading day: {on} has none"
    return _as_paid(prices, before[-1], next_trading_day, how, known, closes)._replace(on=on)


def _is_known_without(prices: Prices, close: date, on: date) -> bool:
    """Whether the file says that there was no trade after its last close, and does not just end there."""
    return business_day_in(max(close, *prices.closes) + ONE_DAY, on) is None


def _as_paid(
    prices: Prices, close: Traded, on: date, how: str, splits: tuple[ShareSplit, ...], closes: Closes | None
) -> SharePrice:
    """A close per share of a day: without what the file evened out for later splits, with those until that day."""
    every = prices.traded(min(prices.closes), max(prices.closes))
    found = found_splits(
        prices, (each for each in splits if each.ex_day > close.day), every[0].day, every[-1].day, closes
    )
    until = [each for each in found if each.ex_day <= on]
    undone = [each for each in found if each.closes == "adjusted"]
    factor = _product(undone) / _product(until)
    price = Fraction(close.price) * factor
    says = [how]
    if prices.is_adjusted:
        says.append("it is an adjusted close: the file has no other")
    says += [f"× {each.split.factor}: the file is adjusted for the split of {each.split.on}" for each in undone]
    says += [f"÷ {each.split.factor}: the ex-day of the split of {each.split.on} is {each.ex_day}" for each in until]
    yen = shortest(half_up(DIGITS.divide(Decimal(price.numerator), Decimal(price.denominator))))
    return SharePrice(yen, on, close.day, "; ".join(says), close.row, prices.name, prices.sha256)


def _product(found: Iterable[FoundSplit]) -> Fraction:
    return prod((each.split.factor for each in found), start=Fraction(1))


def _no_price(prices: Prices, on: date) -> RefusedError:
    between = f"its days are {min(prices.closes)} to {max(prices.closes)}" if prices.closes else "it has no days"
    return RefusedError(
        "no-market-data",
        f"{prices.name}: there is no price on {on} or within {LONGEST_GAP.days} days of it: {between}; give the share"
        " price yourself (item 12)",
    )
