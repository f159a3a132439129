"""What the commercial register must be told of by which day, by what has happened (Companies Act 911(3)(xii), 915).

The register holds the number of rights, the number of shares they are for, and the terms; it holds no holders. So it
is told of rights that come and go, and of what a split does to shares and price; not of transfers, heirs, departures or
deaths, nor of rights that the company took back, until it cancels them.
"""

from collections.abc import Iterator, Mapping, Sequence
from datetime import date, timedelta
from itertools import pairwise
from typing import Final, NamedTuple

from ledger.domain.entries import Allotment, Cancellation, Exercise, Restructuring, Waiver
from ledger.domain.filings import (
    THE_CHANGE,
    THE_EXERCISES,
    THE_ISSUE,
    THE_RESTRUCTURING,
    exercises_due,
    filing_due,
    month_end,
)
from ledger.domain.reasons import Reason, said
from ledger.domain.shares import shares_for
from ledger.domain.spans import next_day
from ledger.domain.state import Holding, Series, State, Step
from ledger.domain.timeline import Placed
from ledger.domain.windows import departure_window, heir_window
from ledger.projections.report_rows import DeadlineRow

LONGEST: Final = timedelta(days=75)
"""From a change to the last day to file it there are fewer: a month, two weeks, and the longest row of holidays."""


class Filing(NamedTuple):
    """What is filed at once: the changes of one kind, of one series, of one day or month."""

    kind: str
    series: str
    changed_on: date
    due: date
    law: str


Change = tuple[Filing, int, Reason]
"""So many rights that a filing is about, and the entry."""


def filings(
    state: State, placed: Sequence[Placed], on: date, *, counted: Mapping[str, int] | None = None
) -> Iterator[DeadlineRow]:
    """Rows of what must be filed ``on`` a day or later by what has happened until then.

    state: folded up to that day, with its acts, of the timeline ``placed``. counted: rights outstanding of each series,
    for a state that has only those holdings of which something may have lapsed lately.
    """
    found: dict[Filing, list[tuple[int, Reason]]] = {}
    since = on - LONGEST
    for each in placed:
        if since <= each.on <= on:
            for filing, rights, reason in _of_entry(state, each):
                found.setdefault(filing, []).append((rights, reason))
    for filing, rights, reason in (*_lapses(state, since, on), *_of_shares(state, since, on, counted)):
        found.setdefault(filing, []).append((rights, reason))
    for filing, changes in found.items():
        if on <= filing.due:
            yield _row(state.series[filing.series], filing, changes, on)


def _of_entry(state: State, placed: Placed) -> Iterator[Change]:
    """What an entry changes by itself in what is registered."""
    entry, version, on = placed.entry, placed.version, placed.on
    match entry:
        case Allotment():
            reason = _counted(version, "item 15", "allotted", entry.rights, on)
            yield Filing("file-issue", entry.series, on, filing_due(on), THE_ISSUE), entry.rights, reason
        case Exercise():
            reason = _counted(version, "items 4, 5", "exercised", entry.rights, on)
            filing = Filing("file-exercises", entry.series, month_end(on), exercises_due(on), THE_EXERCISES)
            yield filing, entry.rights, reason
        case Waiver():
            reason = _counted(version, "domain.md 8", "waived", entry.rights, on)
            yield Filing("file-waiver", entry.series, on, filing_due(on), THE_CHANGE), entry.rights, reason
        case Cancellation():
            reason = _counted(version, "item 8", "cancelled", entry.rights, on)
            yield Filing("file-cancellation", entry.series, on, filing_due(on), THE_CHANGE), entry.rights, reason
        case Restructuring():
            yield from _of_restructuring(state, entry, version)
        case _:
            pass


def _of_restructuring(state: State, entry: Restructuring, version: int) -> Iterator[Change]:
    """Rights that were replaced, and those that replace them; a company that dissolves files its end (921)."""
    law = THE_RESTRUCTURING.get(entry.kind)
    if law is None:
        return
    due = filing_due(entry.on, from_its_beginning=True)
    for key, act in state.acts:
        if act.version != version:
            continue
        reason = _counted(version, "item 9", act.way, act.rights, act.on)
        if act.way == "received":
            yield Filing("file-issue", key.series, entry.on, due, law), act.rights, reason
        elif act.way == "replaced" and entry.kind != "merger":
            yield Filing("file-replacement", key.series, entry.on, due, law), act.rights, reason


def _lapses(state: State, since: date, on: date) -> Iterator[Change]:
    """Rights that have lapsed: with the beginning of a day, or by an event of a day that left none."""
    for name, held in state.holdings.items():
        series = state.series[name]
        for holding in held.values():
            lapsed_on = holding.lapses_on
            if since <= lapsed_on and holding.lapsed(on):
                due = filing_due(lapsed_on, from_its_beginning=_lapsed_by_itself(series, holding))
                reason = Reason(
                    None,
                    "Companies Act 287",
                    said("lapsed {rights:,} on {on}, no day being left", rights=holding.left, on=lapsed_on),
                )
                yield Filing("file-lapse", name, lapsed_on, due, THE_CHANGE), holding.left, reason


def _lapsed_by_itself(series: Series, holding: Holding) -> bool:
    """Whether the last possible day has passed; else a departure, an heir or a death left none."""
    windows = [series.period]
    if holding.lost_on is not None:
        windows.append(departure_window(series, holding.lost_on) or series.period)
    if holding.inherited_on is not None:
        windows.append(heir_window(series, holding.inherited_on) or series.period)
    return any(next_day(window.until) == holding.lapses_on for window in windows)


def _of_shares(state: State, since: date, on: date, counted: Mapping[str, int] | None) -> Iterator[Change]:
    """What splits, consolidations and adjustments did to the shares or the price of rights that there are still."""
    for name, series in state.series.items():
        for before, step in pairwise(_own_steps(series)):
            is_changed = (before.shares_per_right, before.exercise_price) != (
                step.shares_per_right,
                step.exercise_price,
            )
            if is_changed and since <= step.relied_from and (rights := existing(state, series, on, counted)):
                due = filing_due(step.relied_from, from_its_beginning=True)
                number = f"{before.shares_per_right:,} → {step.shares_per_right:,}"
                yield (
                    Filing("file-shares", name, step.relied_from, due, THE_CHANGE),
                    rights,
                    Reason(
                        step.version,
                        "item 3",
                        said(
                            "{kind} on {on}: {number} shares per right", kind=said(step.kind), on=step.on, number=number
                        ),
                    ),
                )


def _own_steps(series: Series) -> Sequence[Step]:
    """The steps of a series from its issue, or from the restructuring that it came about in."""
    first = [step.version for step in series.steps].index(series.version)
    return series.steps[first:]


def existing(state: State, series: Series, on: date, counted: Mapping[str, int] | None = None) -> int:
    """Rights that exist, and so are registered: those outstanding, and those that the company holds."""
    if counted is not None:
        return counted[series.series] + series.company_holds
    return sum(each.outstanding(on) for each in state.holdings[series.series].values()) + series.company_holds


def _row(series: Series, filing: Filing, changes: Sequence[tuple[int, Reason]], on: date) -> DeadlineRow:
    rights = max(each for each, _ in changes) if filing.kind == "file-shares" else sum(each for each, _ in changes)
    month = "two weeks from the month that ends on {on}; a last day that is no office day moves to the next"
    change = "two weeks from the change of {on}; a last day that is no office day moves to the next"
    says = said(month if filing.kind == "file-exercises" else change, on=filing.changed_on)
    return DeadlineRow(
        filing.due,
        (filing.due - on).days,
        filing.kind,
        filing.series,
        None,
        None,
        None,
        rights=rights,
        shares=shares_for(rights, series.shares_per_right),
        changed_on=filing.changed_on,
        because=(Reason(None, filing.law, says), *(reason for _, reason in changes)),
    )


def _counted(version: int, item: str, way: str, rights: int, on: date) -> Reason:
    return Reason(version, item, said("{way} {rights:,} on {on}", way=said(way), rights=rights, on=on))
