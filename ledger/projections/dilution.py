"""How many shares the rights may become: potential shares, fully diluted, and by the treasury-stock method."""

from datetime import date
from fractions import Fraction

from ledger.domain.capital import payment_for
from ledger.domain.shares import shares_for
from ledger.domain.state import State
from ledger.domain.units import dropped
from ledger.projections.report_rows import DilutionRow
from ledger.projections.rows import decimal


def dilution(state: State, as_of: date, *, share_price: Fraction | None = None) -> list[DilutionRow]:
    """A row for every series with rights outstanding at the end of ``as_of``, by series.

    state: folded up to that day. share_price: yen; with it, the shares that are left when what holders would pay
    buys shares back at that price (the treasury-stock method of ASBJ Guidance 4): shares × (1 - exercise price ÷ share
    price), dropping the fraction, and none where the price is not above the exercise price.
    """
    rows = []
    for name in sorted(state.series):
        series = state.series[name]
        rights = sum(holding.outstanding(as_of) for holding in state.holdings[name].values())
        if not rights:
            continue
        shares = shares_for(rights, series.shares_per_right)
        bought = None if share_price is None else min(Fraction(shares), shares * series.exercise_price / share_price)
        rows.append(
            DilutionRow(
                name,
                rights=rights,
                shares_per_right=series.shares_per_right,
                shares=shares,
                exercise_price=decimal(series.exercise_price),
                payment=payment_for(shares, series.exercise_price),
                dilutive_shares=None if bought is None else dropped(shares - bought),
            )
        )
    return rows
