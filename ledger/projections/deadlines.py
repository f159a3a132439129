"""What ends or begins soon: windows, periods, rights that wait for an heir, and what must be filed in time."""

from collections import defaultdict
from collections.abc import Iterator
from datetime import date, timedelta

from ledger.domain.filings import exercises_due, filing_due
from ledger.domain.reasons import Reason, Reasons
from ledger.domain.shares import shares_for
from ledger.domain.state import Holding, HoldingKey, Series, State
from ledger.domain.windows import standing, window_of
from ledger.projections.report_rows import DeadlineRow

FILED_WITH_THE_CHANGE = "Companies Act 915(1)"


def deadlines(state: State, on: date, within: timedelta | None = None) -> list[DeadlineRow]:
    """Rows of what falls on ``on`` or later, at most ``within`` later, by day.

    state: folded up to ``on``. What was filed is not recorded in a ledger: what is due is shown until its last day.
    """
    last = date.max if within is None else on + within
    found = [row for row in _all(state, on) if on <= row.on <= last]
    found.sort(key=lambda row: (row.on, row.kind, row.series, row.holder or "", row.inherited_from or ""))
    return found


def _all(state: State, on: date) -> Iterator[DeadlineRow]:
    for name, held in state.holdings.items():
        series = state.series[name]
        outstanding = 0
        for key, holding in held.items():
            rights = holding.outstanding(on)
            outstanding += rights
            if rights:
                yield from _of_holding(series, key, holding, rights, on)
            elif holding.lapsed(on):
                yield _lapse_to_file(series, key, holding, on)
        if outstanding:
            says = f"exercise period {series.period}"
            yield _row(
                "period-ends", series.period.until, on, series, outstanding, Reason(series.version, "item 5", says)
            )
    yield from _exercises_to_file(state, on)


def _of_holding(series: Series, key: HoldingKey, holding: Holding, rights: int, on: date) -> Iterator[DeadlineRow]:
    stands = standing(series, holding)
    if stands.waits_for == "awaiting-heir":
        yield _row("heir-awaited", series.period.until, on, series, rights, *stands.because, key=key)
    elif stands.window is not None and stands.window.from_ > on:
        yield _row("window-opens", stands.window.from_, on, series, rights, *stands.because, key=key)
    elif stands.window is not None and stands.window.until != series.period.until:
        yield _row("window-closes", stands.window.until, on, series, rights, *stands.because, key=key)


def _lapse_to_file(series: Series, key: HoldingKey, holding: Holding, on: date) -> DeadlineRow:
    """Rights lapse when their last day has passed; where an event left no day at all, on the day of the event."""
    window = window_of(series, holding)
    ended_on = holding.lapses_on if window is None else window.until
    says = f"lapsed {holding.left:,}, the last day being {ended_on}; two weeks"
    return _row(
        "file-lapse", filing_due(ended_on), on, series, holding.left, Reason(None, FILED_WITH_THE_CHANGE, says), key=key
    )


def _exercises_to_file(state: State, on: date) -> Iterator[DeadlineRow]:
    """One filing for the exercises of each month and series."""
    by_month: dict[tuple[date, str], int] = defaultdict(int)
    for each in state.exercises:
        by_month[exercises_due(each.entry.on), each.key.series] += each.entry.rights
    for (due, name), rights in by_month.items():
        says = "the exercises of a month, within two weeks of its end"
        yield _row("file-exercises", due, on, state.series[name], rights, Reason(None, "Companies Act 915(3)", says))


def _row(
    kind: str, day: date, on: date, series: Series, rights: int, *because: Reason, key: HoldingKey | None = None
) -> DeadlineRow:
    reasons: Reasons = because
    return DeadlineRow(
        day,
        (day - on).days,
        kind,
        series.series,
        None if key is None else key.holder,
        None if key is None else key.inherited_from,
        None if key is None else key.transferred_from,
        rights=rights,
        shares=shares_for(rights, series.shares_per_right),
        because=reasons,
    )
