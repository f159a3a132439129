"""Exercises, with what each delivered, paid and added to capital (items 4, 6, 10)."""

from datetime import date

from ledger.domain.capital import Contribution, contribution
from ledger.domain.reasons import Reason, Reasons, said
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
    capital, reserve = paid_in.capital, paid_in.capital_reserve
    paid = said(
        "payment: {shares:,} shares × {price:,} yen = {payment:,} yen, rounded up",
        shares=paid_in.shares,
        price=per_share,
        payment=paid_in.payment,
    )
    limit = said(
        "limit: ({payment:,} + {price:,} × {rights:,} rights) × {new:,} new of {shares:,} shares = {limit:,} yen, the "
        "fraction dropped (Ordinance on Company Accounting 17)",
        payment=paid_in.payment,
        price=per_right,
        rights=rights,
        new=paid_in.newly_issued,
        shares=paid_in.shares,
        limit=paid_in.limit,
    )
    half = said(
        "capital: half of {limit:,}, rounded up, is {capital:,}; the rest, {reserve:,}, is reserve",
        limit=paid_in.limit,
        capital=capital,
        reserve=reserve,
    )
    return (
        Reason(version, "item 4", paid),
        Reason(version, "item 6", limit),
        Reason(version, "item 6", half),
        *why_shares_per_right(exercised.series),
        *why_price(price),
    )
