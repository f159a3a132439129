"""What ends or begins soon: windows, periods, rights that wait for an heir, and what must be filed in time."""

from collections.abc import Iterator, Sequence
from datetime import date, timedelta

from ledger.domain.reasons import Reason, Reasons, said
from ledger.domain.shares import shares_for
from ledger.domain.state import Holding, HoldingKey, Series, State
from ledger.domain.timeline import Placed
from ledger.domain.windows import heir_window, standing
from ledger.projections.filings import filings
from ledger.projections.report_rows import DeadlineRow

AWAITED = "heir-awaited"


def deadlines(
    state: State, placed: Sequence[Placed], on: date, within: timedelta | None = None, *, every_window: bool = False
) -> list[DeadlineRow]:
    """Rows of what falls on ``on`` or later, at most ``within`` later, by day; and of every heir who is awaited.

    state: folded up to ``on``, with its acts, of the timeline ``placed``. every_window: also a row for each holding
    whose window is the period itself, or ends with it; without, the period's own rows stand for them.

    What was filed is not recorded in a ledger: what is due is shown until its last day.
    """
    last = date.max if within is None or within > date.max - on else on + within
    rows = [*_windows(state, on, every_window=every_window), *filings(state, placed, on)]
    found = [row for row in rows if row.kind == AWAITED or on <= row.on <= last]
    return sorted(found, key=order_of)


def order_of(row: DeadlineRow) -> tuple[object, ...]:
    """By day, kind, series and holding, and by the change that is to be filed."""
    whose = row.holder or "", row.inherited_from or "", row.transferred_from or ""
    return row.on, row.kind, row.series, *whose, row.changed_on or date.min


def _windows(state: State, on: date, *, every_window: bool) -> Iterator[DeadlineRow]:
    for name, held in state.holdings.items():
        series = state.series[name]
        outstanding = 0
        for key, holding in held.items():
            rights = holding.outstanding(on)
            outstanding += rights
            if rights:
                yield from of_holding(series, key, holding, on, every_window=every_window)
        yield from of_period(series, outstanding, on)


def of_period(series: Series, outstanding: int, on: date) -> Iterator[DeadlineRow]:
    """The rows of a series: its exercise period, as long as rights are outstanding."""
    if outstanding:
        period = Reason(series.version, "item 5", said("the exercise period is {period}", period=series.period))
        if on < series.period.from_:
            yield _row("period-begins", series.period.from_, on, series, outstanding, period)
        yield _row("period-ends", series.period.until, on, series, outstanding, period)


def of_holding(
    series: Series, key: HoldingKey, holding: Holding, on: date, *, every_window: bool = False
) -> Iterator[DeadlineRow]:
    """The rows of a holding with rights outstanding: its window, or its heir."""
    stands, period, rights = standing(series, holding), series.period, holding.outstanding(on)
    window = stands.window
    if stands.waits_for == "awaiting-heir":
        because = (*stands.because, _if_settled(series, on))
        yield _row(AWAITED, period.until, on, series, rights, *because, key=key)
    elif window is not None:
        if on < window.from_ and (every_window or window != period):
            yield _row("window-opens", window.from_, on, series, rights, *stands.because, key=key)
        if every_window or window.until != period.until:
            yield _row("window-closes", window.until, on, series, rights, *stands.because, key=key)


def _if_settled(series: Series, on: date) -> Reason:
    """What an heir could still do who is settled on the day that is asked about."""
    window = heir_window(series, on)
    could = "an heir who is settled on {on} could exercise {window}; {last}"
    could_not = "an heir who is settled on {on} would have no day: the rights would lapse; {last}"
    last = said("the last day to be settled and to exercise is {until}", until=series.period.until)
    return Reason(None, "item 11(3)", said(could if window else could_not, on=on, window=window, last=last))


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
        changed_on=None,
        because=reasons,
    )
