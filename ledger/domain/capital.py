"""What an exercise pays and what it adds to capital (items 4 and 6; Ordinance on Company Accounting 17)."""

from fractions import Fraction

from msgspec import Struct

from ledger.domain.entries import Pricing
from ledger.domain.shares import relied_shares_per_right, shares_for
from ledger.domain.state import Exercised, Series
from ledger.domain.units import Shares, Yen, dropped, exact, rounded_up


class Contribution(Struct, frozen=True):
    """What one exercise delivers, pays and raises.

    shares: delivered, newly issued and treasury shares together. still_due: those of them that could not be relied on
    yet on the day (item 3, proviso). payment, capital, capital_reserve: yen.
    """

    shares: Shares
    still_due: Shares
    payment: Yen
    capital: Yen
    capital_reserve: Yen


def payment_for(shares: int, exercise_price: Fraction) -> Yen:
    """Yen to pay for shares (item 4), rounded up to the yen."""
    return rounded_up(shares * exercise_price)


def price_per_right(pricing: Pricing | None, root: Series) -> Fraction:
    """Yen paid for one right at issue; 0 for a series without a price.

    root: the series first issued: a price that is not given per right is the price per share × its terms' shares per
    right, rounded up to the yen (item 12).
    """
    if pricing is None:
        return Fraction(0)
    if pricing.price_per_right is not None:
        return exact(pricing.price_per_right)
    return Fraction(rounded_up(exact(pricing.price_per_share) * root.terms.shares_per_right))


def contribution(exercised: Exercised, price: Fraction) -> Contribution:
    """What an exercise delivers, pays and raises, by the series as it was that day and the price at issue of a right.

    Item 6: capital stock rises by half of the upper limit, rounded up to the yen, the reserve by the rest. The limit is
    (payment + price at issue) × newly issued ÷ all shares delivered, fractions of a yen dropped: treasury shares raise
    no capital (Ordinance on Company Accounting 17(1)).
    """
    entry, series = exercised.entry, exercised.series
    shares = shares_for(entry.rights, series.shares_per_right)
    relied = shares_for(entry.rights, relied_shares_per_right(series, entry.on))
    payment = payment_for(shares, series.exercise_price)
    issued = max(0, shares - entry.treasury_shares)
    limit = dropped((payment + price * entry.rights) * issued / shares) if shares else 0
    capital = rounded_up(Fraction(limit, 2))
    return Contribution(shares, Shares(max(0, shares - relied)), payment, capital, Yen(limit - capital))
