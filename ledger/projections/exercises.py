"""Exercises, with what each delivered, paid and added to capital (items 4, 6, 10)."""

from datetime import date

from ledger.domain.capital import contribution
from ledger.domain.reasons import Reason
from ledger.domain.shares import why_shares_per_right
from ledger.domain.state import Exercised, State
from ledger.projections.rows import ExerciseRow, key_order
from ledger.projections.series import why_price


def exercises(state: State, as_of: date, since: date | None = None, *, why: bool = False) -> list[ExerciseRow]:
    """A row for every exercise from ``since`` (or the beginning) to ``as_of``, in the contract's order.

    state: folded over the whole timeline: the price of a series is the price at issue of every exercise of it and of
    what replaces it, whatever the days (domain.md §5). why: also say what each row rests on.
    """
    rows = [
        ((key_order(each.key), each.version), _row(state, each, why=why))
        for each in state.exercises
        if each.entry.on <= as_of and (since is None or since <= each.entry.on)
    ]
    rows.sort(key=lambda each: each[0])
    return [row for _, row in rows]


def _row(state: State, exercised: Exercised, *, why: bool) -> ExerciseRow:
    price = state.prices.get(exercised.series.root)
    paid_in = contribution(exercised, price)
    raised = Reason(exercised.version, "item 6", "capital rises by half of the upper limit, rounded up to the yen")
    return ExerciseRow(
        exercised.version,
        *exercised.key,
        on=exercised.entry.on,
        rights=exercised.entry.rights,
        shares=paid_in.shares,
        payment=paid_in.payment,
        capital=paid_in.capital,
        capital_reserve=paid_in.capital_reserve,
        shares_still_due=paid_in.still_due,
        because=(raised, *why_shares_per_right(exercised.series), *why_price(price)) if why else (),
    )
