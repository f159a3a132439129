"""When a holder may exercise (items 5 and 11), and when what is left lapses (Companies Act 287)."""

from datetime import date
from functools import lru_cache
from typing import Final, Literal, cast

from msgspec import Struct

from ledger.domain.business_days import business_day_from
from ledger.domain.reasons import Reason, Reasons, Said, said
from ledger.domain.spans import Period, Span, last_day, next_day
from ledger.domain.state import Holding, Series
from ledger.domain.terms import Conditions, Inheritance

WaitsFor = Literal["in-office", "awaiting-heir"]

DAYS_KEPT: Final = 1_024
"""Last days that are not reckoned twice: whoever leaves mostly holds several series on the same conditions."""


class Standing(Struct, frozen=True):
    """Whether and when a holding may be exercised, and why.

    window: first and last day on which it may be, or None where there is none (yet, or any more).
    waits_for: why there is none: the holder is in office, or an heir is awaited; None where a window is known, and
    where no possible day was left.
    """

    window: Period | None
    waits_for: WaitsFor | None
    because: Reasons

    def is_open_on(self, day: date) -> bool:
        """Whether the holding may be exercised on ``day``."""
        return self.window is not None and day in self.window


def departure_window(series: Series, lost_on: date) -> Period | None:
    """Days on which a holder who lost office on ``lost_on`` may exercise, or None if there is no such day.

    Item 11(2): within the span counted from the day after the loss as its first day, inside the exercise period. Terms
    that allow exercise in office keep the period's first day: only the last is set by the loss.
    """
    conditions = series.terms.conditions
    first = series.period.from_ if conditions.while_in_office else next_day(lost_on)
    if conditions.after_departure is None:
        return _inside(series.period, first, series.period.until)
    return _inside(series.period, first, _last_day_after(lost_on, conditions.after_departure, conditions.last_day_roll))


def heir_window(series: Series, inherited_on: date) -> Period | None:
    """Days on which the one heir may exercise, or None if there is no such day.

    Item 11(3): within six months (terms) after inheriting; the first day does not count (Civil Code 140), but the heir
    may exercise on it.
    """
    conditions = series.terms.conditions
    last = _last_day_after(inherited_on, _heirs_span(conditions), conditions.last_day_roll)
    return _inside(series.period, inherited_on, last)


def _heirs_span(conditions: Conditions) -> Span:
    """The span of an heir. Only rights that pass on have one, so the terms know it."""
    return cast(Inheritance, conditions.inheritance).window


@lru_cache(DAYS_KEPT)
def _last_day_after(day: date, span: Span, roll: str) -> date:
    """Last day of a span counted from the day after ``day``, as the terms move it (Civil Code 142).

    The period's end cuts it afterwards.
    """
    last = last_day(next_day(day), span)
    return business_day_from(last) if roll == "next-business-day" else last


def _inside(period: Period, first: date, last: date) -> Period | None:
    """Part of ``first`` to ``last`` inside the exercise period (item 5)."""
    first = period.from_ if first < period.from_ else first
    last = period.until if period.until < last else last
    return Period(first, last) if first <= last else None


def lapse_day(
    series: Series, *, lost_on: date | None = None, inherited_on: date | None = None, died_on: date | None = None
) -> date:
    """First day at whose end what is left of a holding has lapsed.

    That is the day after the last possible day of exercise (Companies Act 287); where a departure or an inheritance
    leaves no possible day at all, that same day; and the day of a death after which nothing passes on.

    lost_on, inherited_on, died_on: of the holding, as `Holding` has them.
    """
    period_over = next_day(series.period.until)
    if inherited_on is not None:
        window = heir_window(series, inherited_on)
        lapses = min(period_over, inherited_on) if window is None else next_day(window.until)
        return lapses if died_on is None else min(lapses, died_on)
    lapses = period_over
    if lost_on is not None:
        window = departure_window(series, lost_on)
        lapses = min(period_over, lost_on) if window is None else next_day(window.until)
    if died_on is not None and (died_on < lapses or died_on == lost_on):
        # In office, on L, or up to the last day of the window: an heir is awaited, if the terms know one.
        inheritable = series.terms.conditions.inheritance is not None
        return period_over if inheritable else min(period_over, died_on)
    return lapses


def window_of(series: Series, holding: Holding) -> Period | None:
    """Days on which a holding may be exercised by what is known of it; None where there is none (yet, or any more)."""
    if holding.inherited_on is not None:
        return heir_window(series, holding.inherited_on)
    if holding.died_on is not None:
        return None
    if holding.key.transferred_from is not None:
        return series.period
    if holding.lost_on is not None:
        return departure_window(series, holding.lost_on)
    return series.period if series.terms.conditions.while_in_office else None


def standing(series: Series, holding: Holding) -> Standing:
    """Window of a holding by what is known of it, with the reasons, whatever is left in it."""
    waits_for, why = _why(series, holding)
    period = Reason(series.version, "item 5", said("the exercise period is {period}", period=series.period))
    return Standing(window_of(series, holding), waits_for, (why, period))


def _why(series: Series, holding: Holding) -> tuple[WaitsFor | None, Reason]:
    """Why a holding has the window it has, in the cases of `window_of`; and what it waits for where it has none."""
    conditions, key = series.terms.conditions, holding.key
    if holding.inherited_on is not None:
        says = said(
            "{span} after the inheritance of {on}{rolled}",
            span=_heirs_span(conditions),
            on=holding.inherited_on,
            rolled=_roll_in_words(series),
        )
        return None, Reason(holding.inherited_by, "item 11(3)", says)
    if holding.died_on is not None:
        inheritable = conditions.inheritance is not None
        then = said("the rights wait for an heir") if inheritable else said("nothing passes on")
        says = said("{holder} died on {on}; {then}", holder=key.holder, on=holding.died_on, then=then)
        return "awaiting-heir", Reason(holding.died_by, "item 11(3)", says)
    if key.transferred_from is not None:
        says = said(
            "received by transfer from {earlier}: exercisable throughout the period", earlier=key.transferred_from
        )
        return None, Reason(None, "item 7", says)
    if holding.lost_on is not None:
        says = said(
            "{span} from the day after the departure of {on}{rolled}",
            span=conditions.after_departure or said("no limit but the period"),
            on=holding.lost_on,
            rolled=_roll_in_words(series),
        )
        return None, Reason(holding.lost_by, "item 11(2)", says)
    if conditions.while_in_office:
        return None, Reason(series.version, "terms", said("exercisable in office, before any departure"))
    says = said("{holder} is in office; exercisable only after leaving", holder=key.holder)
    return "in-office", Reason(series.version, "item 11(2)", says)


def _roll_in_words(series: Series) -> Said | Literal[""]:
    rolls = series.terms.conditions.last_day_roll == "next-business-day"
    return said(", a last day that is no business day moved to the next") if rolls else ""
