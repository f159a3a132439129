"""Shares per right and exercise price through splits, consolidations and adjustments (item 3)."""

from datetime import date
from fractions import Fraction

from msgspec.structs import replace

from ledger.domain.entries import Adjustment, Consolidation, Split
from ledger.domain.reasons import Reason, Reasons, Said, said
from ledger.domain.spans import next_day
from ledger.domain.state import Series, Step
from ledger.domain.units import Shares, multiplied, rounded_up


def price_after(series: Series, ratio: Fraction) -> Fraction:
    """Exercise price per share after a ratio of new shares per old share (item 4).

    ``fixed`` stays as it is; ``inverse`` is divided by the ratio and rounded up to the yen, at every step.
    """
    if series.terms.exercise_price_adjustment == "fixed":
        return series.exercise_price
    return Fraction(rounded_up(series.exercise_price / ratio))


def with_ratio(series: Series, change: Split | Consolidation, version: int) -> Series:
    """The series after a split or consolidation of its company's shares.

    Item 3: the shares per right are multiplied by the ratio and the fraction is dropped, at every step, per right; only
    where it takes effect on a later day than the allotment date.
    """
    on = change.on
    if on <= series.allotment_date:
        return series
    closed_on = change.meeting_closed_on if isinstance(change, Split) else None
    step = Step(
        version=version,
        on=on,
        relied_from=on if closed_on is None else next_day(closed_on),
        kind="split" if isinstance(change, Split) else "consolidation",
        ratio=change.ratio,
        shares_per_right=multiplied(series.shares_per_right, change.ratio),
        exercise_price=price_after(series, change.ratio),
    )
    return replace(series, steps=(*series.steps, step))


def with_adjustment(series: Series, change: Adjustment, version: int) -> Series:
    """The series after the company set its shares per right (item 3, last paragraph)."""
    step = Step(
        version=version,
        on=change.on,
        relied_from=change.on,
        kind="adjustment",
        ratio=None,
        shares_per_right=change.shares_per_right,
        exercise_price=series.exercise_price,
    )
    return replace(series, steps=(*series.steps, step))


def shares_for(rights: int, shares_per_right: int) -> Shares:
    """Shares for whole rights: the fraction was dropped for each right, so none is left to drop (items 3, 10)."""
    return Shares(rights * shares_per_right)


def relied_shares_per_right(series: Series, on: date) -> int:
    """Shares per right that may be relied on on ``on``: without splits whose meeting has not closed before (item 3).

    The rest that an exercise on that day is entitled to is still due when the meeting has closed.
    """
    number = series.steps[0].shares_per_right
    for step in series.steps[1:]:
        if step.relied_from > on:
            continue
        number = step.shares_per_right if step.ratio is None else multiplied(number, step.ratio)
    return number


def why_shares_per_right(series: Series) -> Reasons:
    """Every step of the shares per right, with its ratio and what was left when the fraction was dropped."""
    return tuple(Reason(step.version, _item(step), _in_words(step)) for step in series.steps)


def _item(step: Step) -> str:
    return "item 9" if step.kind == "restructuring" else "item 3"


def _in_words(step: Step) -> Said:
    kind, shares = said(step.kind), step.shares_per_right
    if step.ratio is None:
        return said("{kind} on {on}: {shares:,} shares per right", kind=kind, on=step.on, shares=shares)
    words = "{kind} × {ratio} on {on}: {shares:,} shares per right"
    return said(words, kind=kind, ratio=step.ratio, on=step.on, shares=shares)
