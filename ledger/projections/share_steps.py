"""How the shares per right and the exercise price of a series came about, step by step with their numbers (items 3, 4).

The numbers are those of the steps themselves; what stands between them is how the rules got from one to the next.
"""

from collections.abc import Iterator
from fractions import Fraction
from itertools import pairwise

from ledger.domain.reasons import Reason, Reasons
from ledger.domain.shares import relied_shares_per_right
from ledger.domain.spans import ONE_DAY
from ledger.domain.state import Exercised, Series, Step
from ledger.projections.rows import decimal


def share_steps(series: Series) -> Reasons:
    """Every split, consolidation and adjustment of a series: what it multiplied, and the fraction it dropped."""
    return tuple(_of_shares(series))


def price_steps(series: Series) -> Reasons:
    """The exercise price of the terms, and every change of it."""
    return tuple(_of_prices(series))


def still_due(exercised: Exercised, shares: int, due: int) -> Reasons:
    """Why some of the shares of an exercise could not be had on its day (item 3, proviso); nothing where none are due.

    shares: all of them. due: those still due.
    """
    if not due:
        return ()
    series, on, rights = exercised.series, exercised.entry.on, exercised.entry.rights
    waiting = (
        Reason(
            step.version,
            "item 3, proviso",
            f"the split of {step.on} could be relied on from {step.relied_from}, the day after its meeting closed",
        )
        for step in series.steps
        if step.relied_from > on
    )
    says = (
        f"on {on} {rights:,} rights × {relied_shares_per_right(series, on):,} = {shares - due:,} shares could be had; "
        f"{due:,} of {shares:,} were still due"
    )
    return (*waiting, Reason(exercised.version, "item 3, proviso", says))


def exact(number: Fraction) -> str:
    """A number to its last digit; where it has none, with its fraction.

    >>> exact(Fraction(667, 2)), exact(Fraction(300, 7)), exact(Fraction(1, 3)), exact(Fraction(2000))
    ('333.5', '42 6/7', '1/3', '2,000')
    """
    rest = number.denominator
    for factor in (2, 5):
        while rest % factor == 0:
            rest //= factor
    if rest == 1:
        return f"{decimal(number):,}"
    whole, part = divmod(number.numerator, number.denominator)
    return f"{whole:,} {part}/{number.denominator}" if whole else f"{part}/{number.denominator}"


def _of_shares(series: Series) -> Iterator[Reason]:
    first = series.steps[0]
    yield Reason(first.version, "item 3", f"the terms give {first.shares_per_right:,} shares per right")
    for before, step in pairwise(series.steps):
        item = "item 9" if step.kind == "restructuring" else "item 3"
        yield Reason(step.version, item, f"{_when(step)}: {_reckoned(before, step)}{_proviso(step)}")


def _when(step: Step) -> str:
    if step.kind == "split":
        return f"split, record date {step.on - ONE_DAY}, effective on {step.on}"
    return f"{step.kind} effective on {step.on}"


def _reckoned(before: Step, step: Step) -> str:
    after = f"{step.shares_per_right:,}"
    if step.ratio is None:
        return f"set to {after} shares per right"
    product = exact(before.shares_per_right * step.ratio)
    dropped = "" if product == after else f", the fraction dropped: {after}"
    return f"{before.shares_per_right:,} × {step.ratio} = {product}{dropped} shares per right"


def _proviso(step: Step) -> str:
    """What a split that depends on a meeting says besides."""
    return f"; to be relied on from {step.relied_from} (proviso)" if step.relied_from > step.on else ""


def _of_prices(series: Series) -> Iterator[Reason]:
    first = series.steps[0]
    yield Reason(first.version, "item 4", f"the terms give {exact(first.exercise_price)} yen a share to pay")
    for before, step in pairwise(series.steps):
        if step.ratio is not None and series.terms.exercise_price_adjustment == "inverse":
            quotient, after = exact(before.exercise_price / step.ratio), exact(step.exercise_price)
            rounded = "" if quotient == after else f", rounded up: {after}"
            says = f"{step.kind} of {step.on}: {exact(before.exercise_price)} ÷ {step.ratio} = {quotient}{rounded} yen"
            yield Reason(step.version, "item 4", says)
