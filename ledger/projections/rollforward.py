"""What became of the rights of each series in a span of days, as an annual report shows it: opening, moves, closing."""

from collections.abc import Iterable, Iterator
from datetime import date
from typing import Any, Final

from msgspec.structs import replace

from ledger.domain.reasons import Reason, Reasons, said
from ledger.domain.shares import shares_for, why_shares_per_right
from ledger.domain.state import State
from ledger.projections.report_rows import RollforwardRow
from ledger.projections.rows import SeriesRow
from ledger.projections.series import series as series_view

CAME: Final = ("granted", "received")
WENT: Final = ("exercised", "lapsed", "waived", "acquired", "extinguished", "replaced")
COUNTS: Final = ("opening", *CAME, *WENT, "closing")

OF_HOLDER = "{way} {rights:,} of {holder} on {on}"


def rollforward(before: State, since: date, after: State, until: date, *, why: bool = False) -> list[RollforwardRow]:
    """A row for every series resolved by ``until``, by series; what was outstanding before and is not, is in a move.

    before: folded up to the day before ``since``. after: up to ``until``, with its acts where ``why``. Transfers and
    inheritances inside a series are no moves. Shares are those of the shares per right at the end, for all columns, so
    that a split in between moves none of them (item 3).
    """
    earlier = {row.series: row for row in series_view(before, day_before(since))}
    rows = [_row(earlier.get(row.series), row, since, until) for row in series_view(after, until)]
    if not why:
        return rows
    acts = _acts(after, since, until)
    return [replace(row, because=_why(after, row.series, acts.get(row.series, ()), since, until)) for row in rows]


def day_before(day: date) -> date:
    """Day before ``day``."""
    return date.fromordinal(day.toordinal() - 1)


def _row(before: SeriesRow | None, after: SeriesRow, since: date, until: date) -> RollforwardRow:
    def moved(name: str) -> int:
        """How much a count that only ever grows has grown."""
        return int(getattr(after, name)) - (0 if before is None else int(getattr(before, name)))

    rights: dict[str, Any] = {
        "opening": 0 if before is None else before.outstanding,
        "granted": moved("allotted"),
        "received": moved("received"),
        **{name: moved(name) for name in WENT},
        "closing": after.outstanding,
    }
    shares: dict[str, Any] = {
        f"{name}_shares": shares_for(count, after.shares_per_right) for name, count in rights.items()
    }
    return RollforwardRow(
        after.series,
        after.company,
        since=since,
        until=until,
        shares_per_right=after.shares_per_right,
        **rights,
        **shares,
    )


def _why(state: State, name: str, acts: Iterable[Reason], since: date, until: date) -> Reasons:
    """Every entry of the span that moved rights of a series, what lapsed in it, and the shares per right."""
    return (*acts, *_lapses(state, name, since, until), *why_shares_per_right(state.series[name]))


def _acts(state: State, since: date, until: date) -> dict[str, list[Reason]]:
    """What moved rights in the span, by series."""
    found: dict[str, list[Reason]] = {}
    for key, act in state.acts:
        is_inside = act.way == "passed on" or (act.way == "received" and act.item != "item 9")
        if since <= act.on <= until and not is_inside:
            says = said(OF_HOLDER, way=said(act.way), rights=act.rights, holder=key.holder, on=act.on)
            found.setdefault(key.series, []).append(Reason(act.version, act.item, says))
    return found


def _lapses(state: State, name: str, since: date, until: date) -> Iterator[Reason]:
    for key, holding in state.holdings[name].items():
        if holding.left and since <= holding.lapses_on <= until:
            says = said(
                "lapsed {rights:,} of {holder} on {on}, no day being left",
                rights=holding.left,
                holder=key.holder,
                on=holding.lapses_on,
            )
            yield Reason(None, "Companies Act 287", says)
