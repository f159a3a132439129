"""What became of the rights of each series in a span of days, as an annual report shows it: opening, moves, closing."""

from datetime import date

from ledger.domain.shares import shares_for
from ledger.domain.state import State
from ledger.projections.report_rows import RollforwardRow
from ledger.projections.rows import SeriesRow
from ledger.projections.series import series as series_view

MOVES = ("exercised", "lapsed", "waived", "acquired", "extinguished", "replaced")


def rollforward(before: State, since: date, after: State, until: date) -> list[RollforwardRow]:
    """A row for every series resolved by ``until``, by series; what was outstanding before and is not, is in a move.

    before: folded up to the day before ``since``. after: up to ``until``. Shares are those of the shares per right at
    the end, for all columns, so that a split in between moves none of them (item 3).
    """
    earlier = {row.series: row for row in series_view(before, day_before(since))}
    return [_row(earlier.get(row.series), row) for row in series_view(after, until)]


def day_before(day: date) -> date:
    """Day before ``day``."""
    return date.fromordinal(day.toordinal() - 1)


def _row(before: SeriesRow | None, after: SeriesRow) -> RollforwardRow:
    def moved(name: str) -> int:
        """How much a count that only ever grows has grown."""
        return int(getattr(after, name)) - (0 if before is None else int(getattr(before, name)))

    rights = {
        "opening": 0 if before is None else before.outstanding,
        "granted": moved("allotted") + moved("received"),
        **{name: moved(name) for name in MOVES},
        "closing": after.outstanding,
    }
    shares = {f"{name}_shares": shares_for(count, after.shares_per_right) for name, count in rights.items()}
    return RollforwardRow(after.series, after.company, shares_per_right=after.shares_per_right, **rights, **shares)
