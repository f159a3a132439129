"""What an exercise pays and what it adds to capital (items 4 and 6; Ordinance on Company Accounting 17)."""

from datetime import date
from fractions import Fraction

from msgspec import Struct

from ledger.domain.entries import Pricing
from ledger.domain.shares import relied_shares_per_right, shares_for
from ledger.domain.state import Exercised, Price, Series
from ledger.domain.units import Shares, Yen, dropped, exact, rounded_up


class Contribution(Struct, frozen=True):
    """What one exercise delivers, pays and raises.

    shares: delivered, newly issued and treasury shares together. still_due: those of them that could not be relied on
    yet on the day (item 3, proviso). newly_issued: without treasury shares. payment, limit, capital,
    capital_reserve: yen.
    """

    shares: Shares
    still_due: Shares
    newly_issued: Shares
    payment: Yen
    limit: Yen
    capital: Yen
    capital_reserve: Yen


def payment_for(shares: int, exercise_price: Fraction) -> Yen:
    """Yen to pay for shares (item 4), rounded up to the yen."""
    return rounded_up(shares * exercise_price)


def price_of(pricing: Pricing, version: int, series: Series) -> Price:
    """Price at issue by a pricing of a series.

    A price per right that is not given is the price per share × the shares per right of the terms of the series that
    the pricing names, rounded up to the yen (item 12).
    """
    per_share = exact(pricing.price_per_share)
    given = pricing.price_per_right
    per_right = Fraction(rounded_up(per_share * series.first_shares_per_right)) if given is None else exact(given)
    return Price(version, pricing.on, per_share, per_right, given is not None)


def contribution(exercised: Exercised, price: Price | None) -> Contribution:
    """What an exercise delivers, pays and raises, by the series as it was that day and the price at issue of a right.

    Item 6: capital stock rises by half of the upper limit, rounded up to the yen, the reserve by the rest. The limit is
    (payment + price at issue) × newly issued ÷ all shares delivered, fractions of a yen dropped: treasury shares raise
    no capital (Ordinance on Company Accounting 17(1)). A series without a price counts as 0 a right.
    """
    entry, series = exercised.entry, exercised.series
    shares = shares_for(entry.rights, series.shares_per_right)
    payment = payment_for(shares, series.exercise_price)
    issued = max(0, shares - entry.treasury_shares)
    paid_for_rights = Fraction(0) if price is None else price.per_right * entry.rights
    limit = dropped((payment + paid_for_rights) * issued / shares) if shares else 0
    capital = rounded_up(Fraction(limit, 2))
    due = shares_due(exercised, entry.on)
    return Contribution(shares, due, Shares(issued), payment, Yen(limit), capital, Yen(limit - capital))


def shares_due(exercised: Exercised, on: date) -> Shares:
    """Shares of an exercise that are still due on a day: not yet to be relied on (item 3, proviso)."""
    rights, series = exercised.entry.rights, exercised.series
    relied = shares_for(rights, relied_shares_per_right(series, on))
    return Shares(shares_for(rights, series.shares_per_right) - relied)
