"""How the shares per right and the exercise price of a series came about, step by step with their numbers (items 3, 4).

The numbers are those of the steps themselves; what stands between them is how the rules got from one to the next.
"""

from collections.abc import Iterator
from fractions import Fraction
from itertools import pairwise

from ledger.domain.reasons import Reason, Reasons, Said, said
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
            said(
                "the split of {on} could be relied on from {first}, the day after its meeting closed",
                on=step.on,
                first=step.relied_from,
            ),
        )
        for step in series.steps
        if step.relied_from > on
    )
    says = said(
        "on {on} {rights:,} rights × {per_right:,} = {had:,} shares could be had; {due:,} of {shares:,} were still due",
        on=on,
        rights=rights,
        per_right=relied_shares_per_right(series, on),
        had=shares - due,
        due=due,
        shares=shares,
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
    says = said("the terms give {shares:,} shares per right", shares=first.shares_per_right)
    yield Reason(first.version, "item 3", says)
    for before, step in pairwise(series.steps):
        item = "item 9" if step.kind == "restructuring" else "item 3"
        yield Reason(step.version, item, _in_words(before, step))


def _in_words(before: Step, step: Step) -> Said:
    """When a step took effect and what it did; of a split that depends on a meeting also what the proviso says."""
    when, reckoned = _when(step), _reckoned(before, step)
    if step.relied_from <= step.on:
        return said("{when}: {reckoned}", when=when, reckoned=reckoned)
    return said(
        "{when}: {reckoned}; to be relied on from {first} (proviso)",
        when=when,
        reckoned=reckoned,
        first=step.relied_from,
    )


def _when(step: Step) -> Said:
    if step.kind == "split":
        return said("split, record date {record_date}, effective on {on}", record_date=step.on - ONE_DAY, on=step.on)
    return said("{kind} effective on {on}", kind=said(step.kind), on=step.on)


def _reckoned(before: Step, step: Step) -> Said:
    number, after = before.shares_per_right, step.shares_per_right
    if step.ratio is None:
        return said("set to {after:,} shares per right", after=after)
    product = exact(number * step.ratio)
    if product == f"{after:,}":
        return said("{number:,} × {ratio} = {after:,} shares per right", number=number, ratio=step.ratio, after=after)
    return said(
        "{number:,} × {ratio} = {product}, the fraction dropped: {after:,} shares per right",
        number=number,
        ratio=step.ratio,
        product=product,
        after=after,
    )


def _of_prices(series: Series) -> Iterator[Reason]:
    first = series.steps[0]
    says = said("the terms give {price} yen a share to pay", price=exact(first.exercise_price))
    yield Reason(first.version, "item 4", says)
    for before, step in pairwise(series.steps):
        if step.ratio is not None and series.terms.exercise_price_adjustment == "inverse":
            yield Reason(step.version, "item 4", _price_in_words(before, step, step.ratio))


def _price_in_words(before: Step, step: Step, ratio: Fraction) -> Said:
    price, quotient, after = before.exercise_price, exact(before.exercise_price / ratio), exact(step.exercise_price)
    of: dict[str, object] = {"kind": said(step.kind), "on": step.on, "price": exact(price), "ratio": ratio}
    if quotient == after:
        return said("{kind} of {on}: {price} ÷ {ratio} = {after} yen", **of, after=after)
    return said(
        "{kind} of {on}: {price} ÷ {ratio} = {quotient}, rounded up: {after} yen", **of, quotient=quotient, after=after
    )
