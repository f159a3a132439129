"""Share splits in a file of prices: where the prices fall, by how much, and whether the file has evened that out.

Whoever buys on the ex-day no longer gets the new shares, so prices fall on it, before the split is effective. It is the
business day before the record date, since trades settle after two business days (from 16 July 2019 on); before that
the second business day before it, since they settled after three.
"""

import re
from collections.abc import Iterable, Sequence
from datetime import date, timedelta
from decimal import MAX_EMAX, MIN_EMIN, Context, Decimal
from fractions import Fraction
from itertools import groupby, pairwise
from math import prod
from typing import Any, Final, Literal, NamedTuple

from ledger.domain.business_days import is_business_day
from ledger.domain.characters import shown
from ledger.domain.entries import AnyEntry, Company, Consolidation, Restructuring, Split
from ledger.domain.errors import RefusedError
from ledger.domain.spans import FIRST_DAY, LAST_DAY, ONE_DAY, day_from
from ledger.domain.strict_json import malformed
from ledger.valuation.prices import Prices, Traded

Closes = Literal["as-traded", "adjusted"]
"""What the closes before a split are: those that were paid, or evened out for it by whoever made the file."""

SETTLED_IN_TWO_DAYS: Final = date(2019, 7, 16)
"""The first day whose trades settle after two business days (T+2)."""

LEAST_FACTOR: Final = Fraction(115, 100)
"""What is nearer to 1 is not told from what the market does."""

LIKE_A_SPLIT: Final = Fraction(8, 100)
"""How near to a whole factor a step looks like a split."""

LARGEST_STEP: Final = Fraction(13, 10)
"""From one close to the next, up or down: daily price limits leave more than that to few shares and days."""

DIGITS: Final = Context(prec=60, Emin=MIN_EMIN, Emax=MAX_EMAX)

_FACTOR: Final = re.compile(r"[1-9][0-9]{0,8}(?:/[1-9][0-9]{0,8})?", re.ASCII)
_MANY: Final = 100


class ShareSplit(NamedTuple):
    """A split or a consolidation. on: the day it is effective. factor: new shares per old share."""

    on: date
    factor: Fraction

    @property
    def ex_day(self) -> date:
        """The first day whose price is that of the new shares."""
        return ex_day(self.on)

    def __str__(self) -> str:
        return f"{self.on}={self.factor}"


class FoundSplit(NamedTuple):
    """What a file has of a split. closes: None where it lies outside of the closes that were asked about.

    before, after: the last close before the ex-day and the first from it on, where the split lies between them.
    """

    split: ShareSplit
    ex_day: date
    closes: Closes | None
    before: Traded | None
    after: Traded | None
    says: str

    def to_dict(self) -> dict[str, Any]:
        """Return it as the answers show it."""
        return {
            "on": self.split.on.isoformat(),
            "factor": str(self.split.factor),
            "ex_day": self.ex_day.isoformat(),
            "closes": self.closes,
            "says": self.says,
        }


class Step(NamedTuple):
    """Two consecutive closes that look like a split which nobody knows of. factor: new shares per old share."""

    before: Traded
    after: Traded
    factor: Fraction


def read_splits(text: str) -> tuple[ShareSplit, ...]:
    """Read splits as a command line gives them: the effective day and new shares per old share; or `none`.

    Raises `MalformedError`.

    >>> [str(each) for each in read_splits("2021-01-01=2, 2012-10-01=3/2")]
    ['2012-10-01=3/2', '2021-01-01=2']
    """
    splits: dict[date, ShareSplit] = {}
    for part in () if text.strip() == "none" else text.split(","):
        day, _, factor = (each.strip() for each in part.partition("="))
        on = day_from(day)
        if on is None or not FIRST_DAY <= on <= LAST_DAY or not _FACTOR.fullmatch(factor):
            how = "one is 2012-10-01=200 or 2012-10-01=3/2, several have commas between them"
            malformed(f"`{shown(part.strip())}` is no split; {how}")
        if Fraction(factor) == 1:
            malformed(f"the split of {on} has the factor 1, which changes nothing")
        if on in splits:
            malformed(f"there are two splits of {on}")
        splits[on] = ShareSplit(on, Fraction(factor))
    if len(splits) > _MANY:
        malformed(f"there are {len(splits):,} splits; at most {_MANY} are read")
    return tuple(splits[on] for on in sorted(splits))


def splits_of(entries: Iterable[AnyEntry], company: str) -> tuple[ShareSplit, ...]:
    """Splits and consolidations of a company among entries that count, by their effective day."""
    changes = (each for each in entries if isinstance(each, Split | Consolidation) and each.company == company)
    return tuple(sorted(ShareSplit(each.on, each.ratio) for each in changes))


def companies_of(entries: Iterable[AnyEntry]) -> list[str]:
    """Every company among entries that count, successors among them, sorted."""
    found = set()
    for each in entries:
        if isinstance(each, Company):
            found.add(each.company)
        elif isinstance(each, Restructuring) and each.successor is not None:
            found.add(each.successor)
    return sorted(found)


def ex_day(effective: date) -> date:
    """First day whose price is that of the new shares.

    >>> ex_day(date(2012, 10, 1)), ex_day(date(2021, 1, 1))
    (datetime.date(2012, 9, 26), datetime.date(2020, 12, 29))
    """
    record_date = _business_day_until(effective - ONE_DAY)
    one_before = _business_day_until(record_date - ONE_DAY)
    two_before = _business_day_until(one_before - ONE_DAY)
    # The last trade that still brings the new shares settles on the record date.
    return one_before if two_before >= SETTLED_IN_TWO_DAYS else two_before


def _business_day_until(day: date) -> date:
    while not is_business_day(day):
        day -= ONE_DAY
    return day


def found_splits(
    prices: Prices, splits: Iterable[ShareSplit], first: date, last: date, closes: Closes | None = None
) -> tuple[FoundSplit, ...]:
    """Find splits between the closes of a span of days, and whether the prices before them are as they were paid.

    A step that is nearer to the factor than to 1, by its logarithm, is as traded; one nearer to 1 was evened out.
    closes: decides for all, where it is given.

    Raises `RefusedError` (`unclear-split`) where the step is about as near to both.
    """
    traded = prices.traded(first, last)
    found: list[FoundSplit] = []
    by_gap = groupby(sorted(splits), key=lambda split: _gap(traded, split.ex_day))
    for gap, together in by_gap:
        if gap is None:
            found.extend(_outside(split, traded) for split in together)
        else:
            found.extend(_between(prices, *gap, tuple(together), closes))
    return tuple(found)


def _gap(traded: Sequence[Traded], on: date) -> tuple[Traded, Traded] | None:
    """The two consecutive closes between which prices fall, or None."""
    at = sum(each.day < on for each in traded)
    return (traded[at - 1], traded[at]) if 0 < at < len(traded) else None


def _outside(split: ShareSplit, traded: Sequence[Traded]) -> FoundSplit:
    where = f" of {traded[0].day} to {traded[-1].day}" if traded else ""
    return FoundSplit(split, split.ex_day, None, None, None, f"it does not lie between the closes{where}")


def _between(
    prices: Prices, before: Traded, after: Traded, splits: tuple[ShareSplit, ...], closes: Closes | None
) -> Iterable[FoundSplit]:
    """What is to be said of splits between two closes; where there are several, of all of them together."""
    factor = prod((split.factor for split in splits), start=Fraction(1))
    step = f"{before.price:,f} on {before.day}, {after.price:,f} on {after.day}"
    kind: Closes
    if closes is not None:
        kind, why = closes, "as was said"
    elif prices.is_adjusted:
        kind, why = "adjusted", "the file has adjusted closes alone"
    else:
        kind, why = _kind(before, after, factor, splits, prices), step
    done = "as traded, and are divided by it" if kind == "as-traded" else "adjusted for it already"
    for split in splits:
        yield FoundSplit(split, split.ex_day, kind, before, after, f"closes before it are {done} ({why})")


def _kind(before: Traded, after: Traded, factor: Fraction, splits: Sequence[ShareSplit], prices: Prices) -> Closes:
    size = log(factor)
    step = log(Fraction(before.price) / Fraction(after.price))
    from_traded, from_adjusted = abs(step - size), abs(step)
    is_large = max(factor, 1 / factor) >= LEAST_FACTOR
    if not is_large or abs(from_traded - from_adjusted) * 3 < abs(size):
        named = " and ".join(f"{split.on} (factor {split.factor})" for split in splits)
        raise RefusedError(
            "unclear-split",
            f"{prices.name}: it is not clear whether the closes before the split of {named} are as they were paid or"
            f" adjusted for it: {before.price:,f} on {before.day} (row {before.row:,}), {after.price:,f} on {after.day}"
            f" (row {after.row:,}); say which with --closes as-traded or --closes adjusted",
        )
    return "as-traded" if from_traded < from_adjusted else "adjusted"


def log(ratio: Fraction) -> Decimal:
    """Natural logarithm, to 60 digits."""
    return DIGITS.ln(DIGITS.divide(Decimal(ratio.numerator), Decimal(ratio.denominator)))


def evened_out(closes: Iterable[Traded], found: Iterable[FoundSplit]) -> list[Fraction]:
    """Closes per share of the last of them, in yen: those before a split that are as traded divided by its factor."""
    cuts = [(each.ex_day, each.split.factor) for each in found if each.closes == "as-traded"]
    return [
        Fraction(close.price) / prod((factor for on, factor in cuts if close.day < on), start=Fraction(1))
        for close in closes
    ]


def steps_like_splits(closes: Sequence[Traded], evened: Sequence[Fraction]) -> list[Step]:
    """Steps from one close to the next that are as large as a split: a factor of 1.3 or more, or its inverse or less.

    evened: the same closes, after all splits that are known.
    """
    found = []
    for (before, old), (after, new) in pairwise(zip(closes, evened, strict=True)):
        step = max(old / new, new / old)
        whole = (2 * step + 1) // 2  # the nearest
        is_whole = whole >= 2 and abs(step / whole - 1) <= LIKE_A_SPLIT
        if is_whole or step >= LARGEST_STEP:
            factor = Fraction(whole) if is_whole else step.limit_denominator(10)
            found.append(Step(before, after, factor if old > new else 1 / factor))
    return found


def unexplained(prices: Prices, step: Step, found: Sequence[FoundSplit]) -> RefusedError:
    """The error of a step that no split explains, of those that were found."""
    before, after = step.before, step.after
    there = next((each for each in found if before.day < each.ex_day <= after.day), None)
    if there is None:
        splits = [*(str(each.split) for each in found), f"{_effective(after.day)}=N"]
        why = "none explains it"
        way = f"say so with --splits {','.join(sorted(splits))}, by the effective day, N new shares for one"
    else:
        why = f"that of {there.split.on} (factor {there.split.factor}), with closes {there.closes}, does not explain it"
        way = f"try --closes {'adjusted' if there.closes == 'as-traded' else 'as-traded'} or another factor"
    return RefusedError(
        "unexplained-step",
        f"{prices.name}: from {before.price:,f} on {before.day} (row {before.row:,}) to {after.price:,f} on {after.day}"
        f" (row {after.row:,}) is like a split with a factor of about {step.factor}, and {why}; {way}, or"
        f" --accept-step {after.day} if it was the market",
    )


def _effective(on: date) -> date:
    """The likeliest effective day of a split whose ex-day is that day: the first of a month, where one fits."""
    days = [on + timedelta(days=each) for each in range(1, 15)]
    fitting = [day for day in days if ex_day(day) == on]
    return next((day for day in fitting if day.day == 1), fitting[0] if fitting else on)
