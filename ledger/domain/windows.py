"""When a holder may exercise (items 5 and 11), and when what is left lapses (Companies Act 287)."""

from datetime import date
from functools import lru_cache
from typing import Literal, cast

from msgspec import Struct

from ledger.domain.business_days import business_day_from
from ledger.domain.reasons import Reason, Reasons
from ledger.domain.spans import Period, Span, last_day, next_day
from ledger.domain.state import Holding, Series
from ledger.domain.terms import Inheritance

WaitsFor = Literal["in-office", "awaiting-heir"]


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
        return _inside(series, first, series.period.until)
    return _inside(series, first, _rolled(series, _last_after(lost_on, conditions.after_departure)))


def heir_window(series: Series, inherited_on: date) -> Period | None:
    """Days on which the one heir may exercise, or None if there is no such day.

    Item 11(3): within six months (terms) after inheriting; the first day does not count (Civil Code 140), but the heir
    may exercise on it.
    """
    last = _rolled(series, _last_after(inherited_on, _heirs_span(series)))
    return _inside(series, inherited_on, last)


@lru_cache(1_024)  # whoever leaves does so in all series, and most terms give the same span
def _last_after(day: date, span: Span) -> date:
    """Last day of a span whose first day is the day after ``day``."""
    return last_day(next_day(day), span)


def _heirs_span(series: Series) -> Span:
    """The span of an heir. Only rights that pass on have one, so the terms know it."""
    return cast(Inheritance, series.terms.conditions.inheritance).window


def _rolled(series: Series, day: date) -> date:
    """Last day of a window as the terms move it (Civil Code 142); the period's end cuts it afterwards."""
    return business_day_from(day) if series.terms.conditions.last_day_roll == "next-business-day" else day


def _inside(series: Series, first: date, last: date) -> Period | None:
    """Part of ``first`` to ``last`` inside the exercise period (item 5)."""
    first, last = max(first, series.period.from_), min(last, series.period.until)
    return Period(first, last) if first <= last else None


def lapse_day(series: Series, holding: Holding) -> date:
    """First day at whose end what is left of a holding has lapsed.

    That is the day after the last possible day of exercise (Companies Act 287); where a departure or an inheritance
    leaves no possible day at all, that same day; and the day of a death after which nothing passes on.
    """
    period_over = next_day(series.period.until)
    if holding.inherited_on is not None:
        window = heir_window(series, holding.inherited_on)
        lapses = holding.inherited_on if window is None else next_day(window.until)
        return min(period_over, lapses, holding.died_on or lapses)
    lapses = period_over
    if holding.lost_on is not None:
        window = departure_window(series, holding.lost_on)
        lapses = min(period_over, holding.lost_on if window is None else next_day(window.until))
    if holding.died_on is not None and (holding.died_on < lapses or holding.died_on == holding.lost_on):
        # In office, on L, or up to the last day of the window: an heir is awaited, if the terms know one.
        inheritable = series.terms.conditions.inheritance is not None
        return period_over if inheritable else min(period_over, holding.died_on)
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
    period = Reason(series.version, "item 5", f"the exercise period is {series.period}")
    return Standing(window_of(series, holding), waits_for, (why, period))


def _why(series: Series, holding: Holding) -> tuple[WaitsFor | None, Reason]:
    """Why a holding has the window it has, in the cases of `window_of`; and what it waits for where it has none."""
    conditions, key = series.terms.conditions, holding.key
    if holding.inherited_on is not None:
        says = f"{_heirs_span(series)} after the inheritance of {holding.inherited_on}{_roll_in_words(series)}"
        return None, Reason(holding.inherited_by, "item 11(3)", says)
    if holding.died_on is not None:
        inheritable = conditions.inheritance is not None
        then = "the rights wait for an heir" if inheritable else "nothing passes on"
        says = f"{key.holder} died on {holding.died_on}; {then}"
        return "awaiting-heir", Reason(holding.died_by, "item 11(3)", says)
    if key.transferred_from is not None:
        says = f"received by transfer from {key.transferred_from}: exercisable throughout the period"
        return None, Reason(None, "item 7", says)
    if holding.lost_on is not None:
        limit = "no limit but the period" if conditions.after_departure is None else conditions.after_departure
        says = f"{limit} from the day after the departure of {holding.lost_on}{_roll_in_words(series)}"
        return None, Reason(holding.lost_by, "item 11(2)", says)
    if conditions.while_in_office:
        return None, Reason(series.version, "terms", "`while_in_office`: exercisable before any departure")
    return "in-office", Reason(
        series.version, "item 11(2)", f"{key.holder} is in office; exercisable only after leaving"
    )


def _roll_in_words(series: Series) -> str:
    rolls = series.terms.conditions.last_day_roll == "next-business-day"
    return ", a last day that is no business day moved to the next" if rolls else ""
