"""How many shares the rights may become: potential shares, fully diluted, and by the treasury-stock method."""

from collections.abc import Iterable
from datetime import date
from fractions import Fraction
from typing import Final

from ledger.domain.capital import payment_for
from ledger.domain.reasons import Reason, Reasons, said
from ledger.domain.shares import shares_for, why_shares_per_right
from ledger.domain.state import Series, State
from ledger.domain.units import dropped
from ledger.projections.report_rows import DilutionRow
from ledger.projections.rows import decimal

METHOD: Final = "ASBJ Guidance 4, IAS 33"
DECIMALS: Final = 4


def diluting(state: State, as_of: date, company: str | None = None) -> dict[str, int]:
    """Rights outstanding at the end of ``as_of`` by series, of one company or of all; none that the company holds."""
    found = {}
    for name in sorted(state.series):
        rights = sum(holding.outstanding(as_of) for holding in state.holdings[name].values())
        if rights and company in {None, state.series[name].company}:
            found[name] = rights
    return found


def companies_of(state: State, names: Iterable[str]) -> list[str]:
    """Companies whose shares the rights of some series are for, sorted."""
    return sorted({state.series[name].company for name in names})


def dilution(
    state: State, rights: dict[str, int], shares_outstanding: int, *, share_price: Fraction | None = None
) -> list[DilutionRow]:
    """A row for every series, by series.

    state: folded up to the day. rights: outstanding, by series of one company. share_price: yen; with it, the shares
    that are left when what holders would pay buys shares back at that price (the treasury-stock method): shares × (1 -
    exercise price ÷ share price), dropping the fraction, and none where the price is not above the exercise price.
    """
    potential = {name: shares_for(count, state.series[name].shares_per_right) for name, count in rights.items()}
    fully_diluted = shares_outstanding + sum(potential.values())
    dilutive = {
        name: None if share_price is None else _dilutive(shares, state.series[name].exercise_price, share_price)
        for name, shares in potential.items()
    }
    diluted = None if share_price is None else shares_outstanding + sum(each or 0 for each in dilutive.values())
    return [
        DilutionRow(
            name,
            state.series[name].company,
            rights=rights[name],
            shares_per_right=state.series[name].shares_per_right,
            shares=shares,
            exercise_price=decimal(state.series[name].exercise_price),
            payment=payment_for(shares, state.series[name].exercise_price),
            percent_of_outstanding=percent(shares, shares_outstanding),
            percent_of_fully_diluted=percent(shares, fully_diluted),
            dilutive_shares=dilutive[name],
            shares_outstanding=shares_outstanding,
            fully_diluted_shares=fully_diluted,
            diluted_shares=diluted,
            because=_why(state.series[name], shares, dilutive[name], share_price),
        )
        for name, shares in potential.items()
    ]


def percent(part: int, whole: int) -> str:
    """So many hundredths of a whole that a part is, to four decimals, half up.

    >>> percent(1, 3), percent(1, 2_000_000), percent(1, 2_000_001)
    ('33.3333', '0.0001', '0.0000')
    """
    scaled = (2 * 100 * 10**DECIMALS * part + whole) // (2 * whole)
    return f"{scaled // 10**DECIMALS}.{scaled % 10**DECIMALS:0{DECIMALS}}"


def _dilutive(shares: int, exercise_price: Fraction, share_price: Fraction) -> int:
    bought = min(Fraction(shares), shares * exercise_price / share_price)
    return dropped(shares - bought)


def _why(series: Series, shares: int, dilutive: int | None, share_price: Fraction | None) -> Reasons:
    steps = why_shares_per_right(series)
    if share_price is None:
        return steps
    paid, price = decimal(series.exercise_price), decimal(share_price)
    if share_price <= series.exercise_price:
        says = said("none: {price:,} yen a share is not above the exercise price of {paid:,}", price=price, paid=paid)
    else:
        says = said(
            "{shares:,} shares × (1 - {paid:,} ÷ {price:,}) = {dilutive:,}, the fraction dropped",
            shares=shares,
            paid=paid,
            price=price,
            dilutive=dilutive,
        )
    return (*steps, Reason(None, METHOD, says))
