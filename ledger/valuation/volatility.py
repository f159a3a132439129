"""Volatility from closing prices (item 12).

Of each week in a span the close of its last trading day; of these the logarithms of each to the one before; of those
the sample standard deviation × √52. Logarithms and roots have 60 digits; splits are seen to by `splits`.
"""

from collections.abc import Iterable, Iterator, Sequence
from datetime import date, timedelta
from decimal import MAX_EMAX, MIN_EMIN, ROUND_HALF_UP, Context, Decimal, localcontext
from fractions import Fraction
from itertools import pairwise
from typing import Any, Final, Literal, NamedTuple

from ledger.domain.business_days import business_day_in
from ledger.domain.errors import RefusedError
from ledger.domain.spans import FIRST_DAY, LAST_DAY, ONE_DAY
from ledger.domain.strict_json import malformed
from ledger.valuation.prices import Close, Prices, Traded
from ledger.valuation.splits import (
    DIGITS,
    Closes,
    FoundSplit,
    ShareSplit,
    Step,
    evened_out,
    found_splits,
    log,
    steps_like_splits,
    unexplained,
)

Frequency = Literal["weekly", "monthly", "daily"]

PERIODS_PER_YEAR: Final[dict[Frequency, int]] = {"weekly": 52, "monthly": 12, "daily": 250}
SHOWN_DECIMALS: Final = 12
LEAST_CLOSES: Final = 3
LONGEST_SPAN_YEARS: Final = 100

_WIDE: Final = Context(prec=100_000, Emin=MIN_EMIN, Emax=MAX_EMAX)
"""For what is exact, however many digits it takes: a factor may be long."""

_WORDS: Final[dict[Frequency, str]] = {"weekly": "week", "monthly": "month", "daily": "day"}


class Point(NamedTuple):
    """A close that is used.

    adjusted: per share of the last point, yen, 12 decimals. log_return: from the point before, None of the first.
    note: what else is to be known, or "".
    """

    day: date
    close: Decimal
    adjusted: Decimal
    log_return: Decimal | None
    row: int
    note: str

    def to_dict(self) -> dict[str, Any]:
        """Return it as the answers show it."""
        return {
            "day": self.day.isoformat(),
            "close": format(self.close, "f"),
            "adjusted": format(self.adjusted, "f"),
            "return": None if self.log_return is None else format(self.log_return, "f"),
            "row": self.row,
            "note": self.note,
        }


class Skipped(NamedTuple):
    """A week or month that is not used, from its first day to its last, and why."""

    first: date
    last: date
    reason: str

    def to_dict(self) -> dict[str, str]:
        """Return it as the answers show it."""
        return {"from": self.first.isoformat(), "until": self.last.isoformat(), "reason": self.reason}


class Volatility(NamedTuple):
    """A volatility and what it rests on.

    volatility: per year, a fraction of one. mean: of the returns. Both have 12 decimals, half up.
    points: the closes used. skipped: the weeks or months that are not. splits: what the file has of each.
    accepted: steps like a split that are said to be the market's. file, sha256: where the closes come from.
    """

    volatility: Decimal
    mean: Decimal
    since: date
    until: date
    frequency: Frequency
    points: tuple[Point, ...]
    skipped: tuple[Skipped, ...]
    splits: tuple[FoundSplit, ...]
    accepted: tuple[Step, ...]
    is_adjusted: bool
    file: str
    sha256: str

    @property
    def returns(self) -> int:
        """How many returns there are."""
        return len(self.points) - 1

    def to_dict(self) -> dict[str, Any]:
        """Return it as `rights volatility` answers it: decimals as strings."""
        return {
            "volatility": format(self.volatility, "f"),
            "from": self.since.isoformat(),
            "until": self.until.isoformat(),
            "frequency": self.frequency,
            "closes": len(self.points),
            "returns": self.returns,
            "mean": format(self.mean, "f"),
            "adjusted_closes": self.is_adjusted,
            "splits": [each.to_dict() for each in self.splits],
            "accepted_steps": [each.after.day.isoformat() for each in self.accepted],
            "skipped": [each.to_dict() for each in self.skipped],
            "points": [each.to_dict() for each in self.points],
            "file": self.file,
            "sha256": self.sha256,
        }


def volatility(
    prices: Prices,
    since: date,
    until: date,
    frequency: Frequency = "weekly",
    *,
    splits: Iterable[ShareSplit] = (),
    closes: Closes | None = None,
    accepted: Iterable[date] = (),
) -> Volatility:
    """Volatility from the closes of a span of days, both included.

    splits: of the shares. closes: what all closes before a split are, where the file does not show it clearly.
    accepted: days of steps that look like a split and are none.

    Raises `MalformedError` for a span that is none, `RefusedError`: `no-market-data` for fewer than three closes,
    `unclear-split`, `unexplained-step`.
    """
    _check_span(since, until)
    used, skipped = _used(prices, since, until, frequency)
    if len(used) < LEAST_CLOSES:
        raise _too_few(prices, since, until, frequency, len(used))
    all_closes = prices.traded(used[0].close.day, used[-1].close.day)
    found = found_splits(prices, splits, all_closes[0].day, all_closes[-1].day, closes)
    evened = evened_out(all_closes, found)
    steps = steps_like_splits(all_closes, evened)
    allowed = set(accepted)
    for step in steps:
        if step.after.day not in allowed:
            raise unexplained(prices, step, found)
    by_day = {close.day: yen for close, yen in zip(all_closes, evened, strict=True)}
    per_share = [by_day[each.close.day] for each in used]
    returns = [log(new / old) for old, new in pairwise(per_share)]
    deviation, mean = _deviation(returns, PERIODS_PER_YEAR[frequency])
    return Volatility(
        volatility=deviation,
        mean=mean,
        since=since,
        until=until,
        frequency=frequency,
        points=tuple(_points(used, per_share, returns)),
        skipped=tuple(skipped),
        splits=found,
        accepted=tuple(steps),
        is_adjusted=prices.is_adjusted,
        file=prices.name,
        sha256=prices.sha256,
    )


def _check_span(since: date, until: date) -> None:
    if not FIRST_DAY <= since < until <= LAST_DAY:
        malformed(f"the span is {since} to {until}; it begins before it ends, from {FIRST_DAY} to {LAST_DAY}")
    if until.year - since.year > LONGEST_SPAN_YEARS:
        malformed(f"the span is {since} to {until}; it is at most {LONGEST_SPAN_YEARS} years")


def _too_few(prices: Prices, since: date, until: date, frequency: Frequency, count: int) -> RefusedError:
    there = f"its days are {min(prices.closes)} to {max(prices.closes)}" if prices.closes else "it has no days"
    what = f"closes of a {_WORDS[frequency]}" if frequency != "daily" else "closes"
    return RefusedError(
        "no-market-data",
        f"{prices.name}: there are {count} {what} from {since} to {until}, and a volatility needs {LEAST_CLOSES} or"
        f" more: {there} (item 12)",
    )


def half_up(number: Decimal) -> Decimal:
    """A number with 12 decimals, half up; zero has no sign."""
    return _WIDE.add(number.quantize(Decimal(1).scaleb(-SHOWN_DECIMALS), ROUND_HALF_UP, _WIDE), 0)


def _deviation(returns: Sequence[Decimal], per_year: int) -> tuple[Decimal, Decimal]:
    """Sample standard deviation (n - 1) of returns × √ of the periods in a year; and their mean."""
    with localcontext(DIGITS):
        mean = sum(returns, Decimal()) / len(returns)
        variance = sum(((each - mean) ** 2 for each in returns), Decimal()) / (len(returns) - 1)
        return half_up((variance * per_year).sqrt()), half_up(mean)


def _points(used: Sequence["_Used"], per_share: Sequence[Fraction], returns: Sequence[Decimal]) -> Iterator[Point]:
    with localcontext(DIGITS):
        for each, yen, log_return in zip(used, per_share, [None, *returns], strict=True):
            close = each.close
            adjusted = shortest(half_up(Decimal(yen.numerator) / yen.denominator))
            shown = None if log_return is None else half_up(log_return)
            yield Point(close.day, close.price, adjusted, shown, close.row, each.note)


def shortest(number: Decimal) -> Decimal:
    """The same number without zeros at its end, and never with an exponent."""
    text = format(number, "f")
    return Decimal(text.rstrip("0").rstrip(".") if "." in text else text)


class _Used(NamedTuple):
    close: Traded
    note: str


def _used(prices: Prices, since: date, until: date, frequency: Frequency) -> tuple[list[_Used], list[Skipped]]:
    """The closes to use, and the weeks or months without one."""
    if frequency == "daily":
        return [_Used(each, "") for each in prices.traded(since, until)], []
    used: list[_Used] = []
    skipped: list[Skipped] = []
    rows = _by_period(prices, frequency)
    for first, last in _periods(since, until, frequency):
        found = _last_of(rows.get(first, []), first, last, since, until, _WORDS[frequency])
        if isinstance(found, str):
            skipped.append(Skipped(first, last, found))
        else:
            used.append(found)
    return used, skipped


def _last_of(rows: Sequence[Close], first: date, last: date, since: date, until: date, word: str) -> _Used | str:
    """The last close of a week or month, or why none is used."""
    if last > until:
        later = next((each.day for each in rows if each.day > until and each.price is not None), None)
        later = later or business_day_in(until + ONE_DAY, last)
        if later is not None:
            return f"its last trading day is after {until}"
    closes = [Traded(each.day, each.price, each.row) for each in rows if each.price is not None]
    if not closes:
        if business_day_in(first, last) is None:
            return f"public holidays all {word}"
        return "no close in the file"
    close = closes[-1]
    if close.day < since:
        return f"its last close, of {close.day}, is before {since}"
    if rows[-1].day > close.day:
        return _Used(close, f"{rows[-1].day} has no close (row {rows[-1].row:,}); {close.day} counts")
    missing = business_day_in(close.day + ONE_DAY, last)
    return _Used(close, "" if missing is None else f"{missing}, a business day, is not in the file; {close.day} counts")


def _by_period(prices: Prices, frequency: Frequency) -> dict[date, list[Close]]:
    rows: dict[date, list[Close]] = {}
    for each in prices.closes.values():
        rows.setdefault(_first_of(each.day, frequency), []).append(each)
    return rows


def _periods(since: date, until: date, frequency: Frequency) -> Iterator[tuple[date, date]]:
    """Each calendar week (Monday to Sunday) or month that has a day in a span: its first and last day."""
    first = _first_of(since, frequency)
    while first <= until:
        following = first + timedelta(days=7) if frequency == "weekly" else _next_month(first)
        yield first, following - ONE_DAY
        first = following


def _first_of(day: date, frequency: Frequency) -> date:
    return day - timedelta(days=day.weekday()) if frequency == "weekly" else day.replace(day=1)


def _next_month(first: date) -> date:
    return date(first.year + first.month // 12, first.month % 12 + 1, 1)
