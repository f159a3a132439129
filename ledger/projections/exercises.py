"""Exercises, with what each delivered, paid and added to capital (items 4, 6, 10)."""

from datetime import date

from ledger.domain.capital import Contribution, contribution
from ledger.domain.reasons import Reason, Reasons
from ledger.domain.shares import why_shares_per_right
from ledger.domain.state import Exercised, Price, State
from ledger.projections.rows import ExerciseRow, decimal, key_order
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
    return ExerciseRow(
        exercised.version,
        exercised.key.series,
        exercised.key.holder,
        exercised.key.inherited_from,
        exercised.key.transferred_from,
        on=exercised.entry.on,
        rights=exercised.entry.rights,
        shares=paid_in.shares,
        payment=paid_in.payment,
        capital=paid_in.capital,
        capital_reserve=paid_in.capital_reserve,
        shares_still_due=paid_in.still_due,
        because=_why(exercised, price, paid_in) if why else (),
    )


def _why(exercised: Exercised, price: Price | None, paid_in: Contribution) -> Reasons:
    """How the amounts came about, with their numbers."""
    rights, version = exercised.entry.rights, exercised.version
    per_share = decimal(exercised.series.exercise_price)
    per_right = 0 if price is None else decimal(price.per_right)
    paid = f"{paid_in.shares:,} shares × {per_share:,} yen = {paid_in.payment:,} yen, rounded up"
    limit = (
        f"({paid_in.payment:,} + {per_right:,} × {rights:,} rights) × {paid_in.newly_issued:,} new of "
        f"{paid_in.shares:,} shares = {paid_in.limit:,} yen, the fraction dropped"
    )
    capital, reserve = paid_in.capital, paid_in.capital_reserve
    half = f"half of {paid_in.limit:,}, rounded up, is {capital:,}; the rest, {reserve:,}, is reserve"
    return (
        Reason(version, "item 4", f"payment: {paid}"),
        Reason(version, "item 6", f"limit: {limit} (Ordinance on Company Accounting 17)"),
        Reason(version, "item 6", f"capital: {half}"),
        *why_shares_per_right(exercised.series),
        *why_price(price),
    )
