"""How the days on which a holding may be exercised were counted, step by step (items 5 and 11).

Each day is reckoned by what `ledger.domain.windows` reckons with; the last step says the window that it answers.
"""

from collections.abc import Iterator
from datetime import date

from msgspec.structs import replace

from ledger.domain.business_days import business_day_from
from ledger.domain.reasons import Reason, Reasons, Said, said
from ledger.domain.spans import Period, Span, last_day, next_day
from ledger.domain.state import Holding, Series, State
from ledger.domain.terms import Conditions
from ledger.domain.windows import lapse_day, standing, window_of


def window_of_the_living(series: Series, holding: Holding) -> Period | None:
    """The window as it would be, or was, had the holder not died."""
    return window_of(series, replace(holding, died_on=None))


def has_lapsed_by_death(series: Series, holding: Holding) -> bool:
    """Whether rights lapse on a day on which they would not, had the holder not died."""
    return holding.lapses_on < lapse_day(series, lost_on=holding.lost_on, inherited_on=holding.inherited_on)


def window_steps(state: State, series: Series, holding: Holding) -> Reasons:
    """What opened the window of a holding, or keeps it shut, and how its days were counted."""
    return tuple(_steps(state, series, holding))


def _steps(state: State, series: Series, holding: Holding) -> Iterator[Reason]:
    if holding.inherited_on is not None:
        yield from _of_heir(state, series, holding, holding.inherited_on)
    elif holding.lost_on is not None:
        yield from _of_departure(series, holding, holding.lost_on)
    elif holding.died_on is None:
        yield from standing(series, holding).because
    else:
        yield Reason(series.version, "item 5", said("the exercise period is {period}", period=series.period))
    if holding.died_on is not None:
        yield Reason(holding.died_by, "item 11(3)", _died(holding.key.holder, holding.died_on))
        yield _after_death(series, holding, holding.died_on)


def _died(holder: str, on: date | None) -> Said:
    return said("{holder} died on {on}", holder=holder, on=on)


def _of_departure(series: Series, holding: Holding, lost_on: date) -> Iterator[Reason]:
    conditions = series.terms.conditions
    yield Reason(holding.lost_by, "item 11(2)", _left(conditions, holding.key.holder, lost_on))
    first = series.period.from_ if conditions.while_in_office else next_day(lost_on)
    if conditions.after_departure is None:
        yield Reason(series.version, "item 11(2)", said("from {first} on, with no limit but the period", first=first))
    else:
        if conditions.while_in_office:
            yield Reason(
                series.version,
                "terms",
                said("the terms let it be exercised in office: a departure sets only the last day"),
            )
        yield from _counted(series, lost_on, conditions.after_departure, "item 11(2)")
    yield _inside_period(series, holding)


def _left(conditions: Conditions, holder: str, on: date) -> Said:
    """Which position was lost, as the terms count it."""
    match conditions.departure == "all", conditions.positions is None:
        case True, True:
            return said("{holder} left the last position on {on}", holder=holder, on=on)
        case True, False:
            return said("{holder} left the last position that the terms name on {on}", holder=holder, on=on)
        case False, True:
            return said("{holder} left a position on {on}", holder=holder, on=on)
        case _:
            return said("{holder} left a position that the terms name on {on}", holder=holder, on=on)


def _of_heir(state: State, series: Series, holding: Holding, inherited_on: date) -> Iterator[Reason]:
    key, inheritance = holding.key, series.terms.conditions.inheritance
    if key.inherited_from is not None:
        deceased = state.people[key.inherited_from]
        yield Reason(deceased.died_by, "item 11(3)", _died(deceased.holder, deceased.died_on))
    says = said(
        "{holder} is the one heir since {on}, and may exercise from that day on", holder=key.holder, on=inherited_on
    )
    yield Reason(holding.inherited_by, "item 11(3)", says)
    if inheritance is not None:
        yield from _counted(series, inherited_on, inheritance.window, "item 11(3)")
    yield _inside_period(series, holding)


def _counted(series: Series, day: date, span: Span, item: str) -> Iterator[Reason]:
    """A span from the day after a day: its last day, by the calendar, and as the terms move it."""
    first = next_day(day)
    last = last_day(first, span)
    says = said("{span}, counted from the next day: {period}", span=span, period=Period(first, last))
    yield Reason(series.version, item, says)
    if not span.days:
        corresponding = next_day(last)
        says = said(
            "the day before the day that corresponds to {first}, {corresponding}, is {last}",
            first=first,
            corresponding=corresponding,
            last=last,
        )
        if corresponding.day != first.day:
            says = said(
                "no day of the last month corresponds to {first}: its last day is {last}", first=first, last=last
            )
        yield Reason(None, "Civil Code 143", says)
    if series.terms.conditions.last_day_roll == "next-business-day":
        moved = business_day_from(last)
        says = said("{last} is a business day", last=last)
        if moved != last:
            says = said("{last} is no business day: it moves to {moved}", last=last, moved=moved)
        yield Reason(series.version, "terms: last_day_roll", says)


def _inside_period(series: Series, holding: Holding) -> Reason:
    window = window_of_the_living(series, holding)
    says = said("inside the exercise period, {period}, no day is left", period=series.period)
    if window is not None:
        says = said("inside the exercise period, {period}, the window is {window}", period=series.period, window=window)
    return Reason(series.version, "item 5", says)


def _after_death(series: Series, holding: Holding, died_on: date) -> Reason:
    """What became of rights whose holder died: an heir is awaited, or nothing passes on, or nothing was left to."""
    if holding.inherited_on is not None:
        return Reason(None, "item 11(3)", said("what was inherited does not pass on again"))
    if holding.lost_on is not None and holding.lapses_on <= died_on and not has_lapsed_by_death(series, holding):
        return Reason(None, "item 11(3)", said("what was left had lapsed on {on}", on=holding.lapses_on))
    if series.terms.conditions.inheritance is None:
        return Reason(series.version, "item 11(3)", said("the terms let nothing pass on"))
    says = said("what is outstanding waits for one heir, until {until} at most", until=series.period.until)
    return Reason(series.version, "item 11(3)", says)
