"""Every holding there ever was by a day, and where its rights went (domain.md §11)."""

from datetime import date

from ledger.domain.shares import shares_for, why_shares_per_right
from ledger.domain.state import State
from ledger.projections.rows import HoldingRow, key_order


def holdings(state: State, as_of: date) -> list[HoldingRow]:
    """Rows of all holdings at the end of ``as_of``, in the contract's order.

    state: folded up to that day.
    """
    rows = []
    for name, held in state.holdings.items():
        series = state.series[name]
        because = why_shares_per_right(series)
        for key, holding in held.items():
            outstanding = holding.outstanding(as_of)
            row = HoldingRow(
                *key,
                allotted=holding.allotted,
                received=holding.received,
                outstanding=outstanding,
                exercised=holding.exercised,
                lapsed=holding.lapsed(as_of),
                waived=holding.waived,
                acquired=holding.acquired,
                extinguished=holding.extinguished,
                replaced=holding.replaced,
                passed_on=holding.passed_on,
                shares_per_right=series.shares_per_right,
                shares=shares_for(outstanding, series.shares_per_right),
                because=because,
            )
            rows.append((key_order(key), row))
    rows.sort(key=lambda each: each[0])
    return [row for _, row in rows]
