"""Who may exercise on a day, from when until when, and why not (items 5 and 11)."""

from datetime import date

from ledger.domain.capital import payment_for
from ledger.domain.shares import shares_for, why_shares_per_right
from ledger.domain.state import Holding, HoldingKey, Series, State
from ledger.domain.windows import standing
from ledger.projections.rows import EligibilityRow, key_order


def eligibility(state: State, on: date, *, why: bool = False) -> list[EligibilityRow]:
    """A row for every holding with rights outstanding on ``on``, in the contract's order.

    state: folded up to that day. why: also say what each row rests on.
    """
    rows = [
        (key_order(key), _row(state.series[name], key, holding, on, why=why))
        for name, held in state.holdings.items()
        for key, holding in held.items()
        if holding.outstanding(on)
    ]
    rows.sort(key=lambda each: each[0])
    return [row for _, row in rows]


def _row(series: Series, key: HoldingKey, holding: Holding, on: date, *, why: bool) -> EligibilityRow:
    stands = standing(series, holding)
    rights = holding.outstanding(on)
    shares = shares_for(rights, series.shares_per_right)
    eligible = stands.is_open_on(on)
    return EligibilityRow(
        key.series,
        key.holder,
        key.inherited_from,
        key.transferred_from,
        rights=rights,
        shares=shares,
        payment=payment_for(shares, series.exercise_price),
        eligible=eligible,
        from_=None if stands.window is None else stands.window.from_,
        until=None if stands.window is None else stands.window.until,
        reason=None if eligible else stands.waits_for or "not-yet-open",
        because=stands.because + why_shares_per_right(series) if why else (),
    )
