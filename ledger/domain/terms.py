"""The terms of a series, as the resolution states them (items 1 to 14 of the notice)."""

from datetime import date
from typing import Literal

from msgspec import Struct, field

from ledger.domain.spans import Period, Span
from ledger.domain.units import Amount

RestructuringKind = Literal[
    "merger", "absorption-type-demerger", "incorporation-type-demerger", "share-exchange", "share-transfer"
]


class Inheritance(Struct, frozen=True, gc=False, forbid_unknown_fields=True):
    """One heir may inherit, and exercise within ``window`` (item 11(3))."""

    window: Span = Span(months=6)


class Conditions(Struct, frozen=True, gc=False, forbid_unknown_fields=True):
    """Conditions of exercise (items 7, 11).

    while_in_office: may be exercised before any departure.
    after_departure: span open from the day after the departure, or None for no limit but the period.
    departure: ``all``: lost when no position is left; ``any``: when one is gone.
    positions: the positions that count, or None when any counts.
    inheritance: how an heir may exercise, or None where nothing passes on.
    lump_sum: all rights of a holding at once.
    transfer: whether rights may be transferred.
    last_day_roll: whether a last day that is no business day moves to the next.
    """

    while_in_office: bool = False
    after_departure: Span | None = Span(days=10)
    departure: Literal["all", "any"] = "all"
    positions: tuple[str, ...] | None = None
    inheritance: Inheritance | None = Inheritance()
    lump_sum: bool = False
    transfer: Literal["prohibited", "board-approval", "free"] = "prohibited"
    last_day_roll: Literal["none", "next-business-day"] = "none"


class Terms(Struct, frozen=True, gc=False, kw_only=True, forbid_unknown_fields=True):
    """Terms of a series.

    company: whose shares an exercise delivers.
    max_rights: the most that may ever be allotted (item 2(2)), at least 1.
    shares_per_right: shares for one right before any adjustment (item 3), at least 1.
    exercise_price: yen per share (item 4), 0 or more.
    exercise_period: first and last day of exercise (item 5).
    allotment_date: the day every allotment must have (item 13), or None.
    """

    company: str
    max_rights: int
    shares_per_right: int
    exercise_price: Amount
    exercise_period: Period
    name: str | None = None
    allotment_date: date | None = None
    payment_date: date | None = None
    payment: Literal["offset", "cash", "none"] = "offset"
    conditions: Conditions = field(default_factory=Conditions)
    exercise_price_adjustment: Literal["fixed", "inverse"] = "fixed"
    price_rounding: Literal["share", "share-2", "right"] = "share"
    acquisition_triggers: tuple[RestructuringKind, ...] = ("merger", "share-exchange", "share-transfer")
