"""How the days on which a holding may be exercised were counted, step by step (items 5 and 11).

Each day is reckoned by what `ledger.domain.windows` reckons with; the last step says the window that it answers.
"""

from collections.abc import Iterator
from datetime import date

from msgspec.structs import replace

from ledger.domain.business_days import business_day_from
from ledger.domain.reasons import Reason, Reasons
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
        yield Reason(series.version, "item 5", f"the exercise period is {series.period}")
    if holding.died_on is not None:
        yield Reason(holding.died_by, "item 11(3)", f"{holding.key.holder} died on {holding.died_on}")
        yield _after_death(series, holding, holding.died_on)


def _of_departure(series: Series, holding: Holding, lost_on: date) -> Iterator[Reason]:
    conditions = series.terms.conditions
    yield Reason(holding.lost_by, "item 11(2)", f"{holding.key.holder} left {_which(conditions)} on {lost_on}")
    first = series.period.from_ if conditions.while_in_office else next_day(lost_on)
    if conditions.after_departure is None:
        yield Reason(series.version, "item 11(2)", f"from {first} on, with no limit but the period")
    else:
        if conditions.while_in_office:
            yield Reason(series.version, "terms", "`while_in_office`: a departure sets only the last day")
        yield from _counted(series, lost_on, conditions.after_departure, "item 11(2)")
    yield _inside_period(series, holding)


def _which(conditions: Conditions) -> str:
    """The position whose loss counts, as the terms have it."""
    named = "" if conditions.positions is None else " that the terms name"
    return f"{'the last position' if conditions.departure == 'all' else 'a position'}{named}"


def _of_heir(state: State, series: Series, holding: Holding, inherited_on: date) -> Iterator[Reason]:
    key, inheritance = holding.key, series.terms.conditions.inheritance
    if key.inherited_from is not None:
        deceased = state.people[key.inherited_from]
        yield Reason(deceased.died_by, "item 11(3)", f"{deceased.holder} died on {deceased.died_on}")
    says = f"{key.holder} is the one heir since {inherited_on}, and may exercise from that day on"
    yield Reason(holding.inherited_by, "item 11(3)", says)
    if inheritance is not None:
        yield from _counted(series, inherited_on, inheritance.window, "item 11(3)")
    yield _inside_period(series, holding)


def _counted(series: Series, day: date, span: Span, item: str) -> Iterator[Reason]:
    """A span from the day after a day: its last day, by the calendar, and as the terms move it."""
    first = next_day(day)
    last = last_day(first, span)
    yield Reason(series.version, item, f"{span}, counted from the next day: {first} to {last}")
    if not span.days:
        corresponding = next_day(last)
        says = f"the day before the day that corresponds to {first}, {corresponding}, is {last}"
        if corresponding.day != first.day:
            says = f"no day of the last month corresponds to {first}: its last day is {last}"
        yield Reason(None, "Civil Code 143", says)
    if series.terms.conditions.last_day_roll == "next-business-day":
        moved = business_day_from(last)
        says = f"{last} is a business day" if moved == last else f"{last} is no business day: it moves to {moved}"
        yield Reason(series.version, "terms: last_day_roll", says)


def _inside_period(series: Series, holding: Holding) -> Reason:
    window = window_of_the_living(series, holding)
    left = "no day is left" if window is None else f"the window is {window}"
    return Reason(series.version, "item 5", f"inside the exercise period, {series.period}, {left}")


def _after_death(series: Series, holding: Holding, died_on: date) -> Reason:
    """What became of rights whose holder died: an heir is awaited, or nothing passes on, or nothing was left to."""
    if holding.inherited_on is not None:
        return Reason(None, "item 11(3)", "what was inherited does not pass on again")
    if holding.lost_on is not None and holding.lapses_on <= died_on and not has_lapsed_by_death(series, holding):
        return Reason(None, "item 11(3)", f"what was left had lapsed on {holding.lapses_on}")
    if series.terms.conditions.inheritance is None:
        return Reason(series.version, "item 11(3)", "the terms let nothing pass on")
    until = series.period.until
    return Reason(series.version, "item 11(3)", f"what is outstanding waits for one heir, until {until} at most")
