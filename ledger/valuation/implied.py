"""The volatility at which the option price is a given one: Black-Scholes read backwards.

The price rises with the volatility, from max(F - K, 0) at 0 towards F: for each price between there is one volatility.
It is found by halving, in the logarithm, a bracket that holds it: of the time value, whose error is a part of itself
(ledger/valuation/black_scholes.py), so that a small one is met as well as a large one.

For an option deep in the money the price hardly depends on the volatility. So three are answered: that of the price,
and the lowest and the highest whose price is the same to six decimals.
"""

from decimal import Decimal
from fractions import Fraction
from math import sqrt
from typing import Final

from msgspec import Struct
from msgspec.structs import replace

from ledger.domain.strict_json import malformed
from ledger.domain.units import dropped, rounded_up
from ledger.valuation.black_scholes import (
    HIGHEST_VOLATILITY,
    SHOWN_DECIMALS,
    TRUSTED_DECIMALS,
    Inputs,
    Number,
    exact_number,
    time_value,
)

HALVINGS: Final = 70
"""From a bracket of hundreds of powers of ten to the last digit of a float."""


class Implied(Struct, frozen=True):
    """A volatility that a price implies: fractions of one, per year, to twelve decimals.

    lowest, highest: of the volatilities, 0 to 10, at which the option price is the given one to six decimals.
    """

    volatility: Decimal
    lowest: Decimal
    highest: Decimal

    def to_dict(self) -> dict[str, str]:
        """Return decimals as strings, never with an exponent."""
        return {
            "volatility": format(self.volatility, "f"),
            "lowest": format(self.lowest, "f"),
            "highest": format(self.highest, "f"),
        }


def implied_volatility(price: Number, inputs: Inputs) -> Implied:
    """Volatility at which the price of the option on one share is ``price``.

    price: yen per share. inputs: everything else; their volatility does not count.

    Raises `MalformedError` (`malformed`) where there is none: below max(F - K, 0), from F on, above the price at the
    highest volatility that is read, and where the price does not depend on the volatility (X = 0 or T = 0).

    >>> from ledger.valuation.black_scholes import read_inputs
    >>> given = read_inputs(share_price=100, exercise_price=100, term=1, volatility=0, rate=0, dividend=0)
    >>> {name: found[:9] for name, found in implied_volatility("7.965567", given).to_dict().items()}
    {'volatility': '0.1999999', 'lowest': '0.1999999', 'highest': '0.2000000'}
    """
    wanted = exact_number("price", price)
    if not inputs.term or not inputs.exercise_price:
        which = "`term`" if not inputs.term else "`exercise_price`"
        malformed(f"where {which} is 0 the option price is the same at any volatility: it implies none")
    least, share = max(inputs.present_share - inputs.present_exercise, Fraction()), inputs.present_share
    if not least <= wanted < share:
        between = f"from {_up(least)}, which is max(F - K, 0), to below {_up(share)}, which is F"
        malformed(f"`price` is {str(price)[:40]}; no volatility gives it: the option price is {between}")
    most = _price_above(inputs, Fraction(HIGHEST_VOLATILITY))
    if wanted - least > most:
        at_most = f"it is at most {_up(least + most)}, at {HIGHEST_VOLATILITY}, the highest volatility that is read"
        malformed(f"`price` is {str(price)[:40]}; {at_most}")
    half_a_unit = Fraction(1, 2 * 10**SHOWN_DECIMALS)
    sought = (wanted, wanted - half_a_unit, wanted + half_a_unit)
    return Implied(*(_rounded(_halved(inputs, min(max(each - least, Fraction()), most))) for each in sought))


def _price_above(inputs: Inputs, volatility: Fraction) -> Fraction:
    """What the option is worth above max(F - K, 0)."""
    deviation = replace(inputs, volatility=volatility).deviation
    return time_value(inputs.present_share, inputs.present_exercise, deviation)


def _halved(inputs: Inputs, wanted: Fraction) -> Fraction:
    """The volatility, at most the highest, at which the time value is ``wanted``.

    At the money the time value is largest, and there below 0.4 of the smaller present value for each deviation: no
    volatility under 2 × wanted ÷ (that × √T) reaches it.
    """
    if not wanted:
        return Fraction()
    share, exercise = inputs.present_share, inputs.present_exercise
    root = replace(inputs, volatility=Fraction(1)).deviation
    low, high = float(2 * wanted / min(share, exercise) / root), float(HIGHEST_VOLATILITY)
    for _ in range(HALVINGS):
        middle = sqrt(low) * sqrt(high)
        if not low < middle < high:
            break
        if time_value(share, exercise, Fraction(middle) * root) < wanted:
            low = middle
        else:
            high = middle
    return Fraction(high)


def _rounded(volatility: Fraction) -> Decimal:
    return _written(dropped(volatility * 10**TRUSTED_DECIMALS + Fraction(1, 2)))


def _up(yen: Fraction) -> str:
    """Yen to the decimals that are trusted, up: a price of no more decimals is below one as it is below the other."""
    return format(_written(rounded_up(yen * 10**TRUSTED_DECIMALS)), "f")


def _written(units: int) -> Decimal:
    """A number of the last decimal that is trusted, as it is: in no context, which would cut it."""
    return Decimal((0, tuple(map(int, str(units))), -TRUSTED_DECIMALS))
