"""The formula of item 12 step by step, every number to 60 digits: what a memo shows and an auditor reckons again.

Here the price is F N(d1) - K N(d2), as the textbook has it, with a normal distribution of 60 digits. `black_scholes`
gets to the same number on another way, with floats; so the one checks the other.
"""

from collections.abc import Iterator
from decimal import MAX_EMAX, MIN_EMIN, Context, Decimal
from fractions import Fraction
from itertools import count
from typing import Final

from msgspec import Struct

from ledger.valuation.black_scholes import TRUSTED_DECIMALS, Inputs, moneyness, option_price

# A difference of two numbers near each other loses digits: the more are reckoned.
_DIGITS: Final = Context(prec=120, Emin=MIN_EMIN, Emax=MAX_EMAX)
_HALF_PI: Final = Decimal(
    "1.57079632679489661923132169163975144209858469968755291048747229615390820314310449931401741267105853399107404325664"
)

_BY_SERIES: Final = 12
"""Up to here N is reckoned by its power series; further out by the continued fraction, which is quick there."""

_TERMS_OF_THE_FRACTION: Final = 250
_NO_TAIL: Final = 2_000
"""From here on the tail is below 10 to the power of minus 800,000: nothing."""


class Steps(Struct, frozen=True):
    """The numbers of a valuation, in the order of the formula. Yen are per share.

    present_share: F. present_exercise: K. certain: max(F - K, 0), what the option is worth without its uncertainty.
    uncertain: what comes of σ √T; None where X, σ or T is 0 and the price is `certain` alone.
    price: F N(d1) - K N(d2). computed: the same as `black_scholes` has it, from which is rounded.
    """

    dividend_yield: Fraction
    present_share: Fraction
    present_exercise: Fraction
    deviation: Fraction
    certain: Fraction
    uncertain: "Uncertain | None"
    price: Fraction
    computed: Fraction

    @property
    def difference(self) -> Fraction:
        """How far the two ways are apart, in yen."""
        return abs(self.price - self.computed)


class Uncertain(Struct, frozen=True):
    """The part with the normal distribution. below_d1, below_d2: N(d1) and N(d2). share_part, exercise_part: yen."""

    d1: Fraction
    d2: Fraction
    below_d1: Fraction
    below_d2: Fraction
    share_part: Fraction
    exercise_part: Fraction


def steps(inputs: Inputs) -> Steps:
    """Every number between the inputs and the price.

    Raises `MalformedError` (`malformed`) as `black_scholes.option_price` does.
    """
    computed = option_price(inputs)
    share, exercise, deviation = inputs.present_share, inputs.present_exercise, inputs.deviation
    certain = max(share - exercise, Fraction())
    uncertain = None
    price = certain
    if exercise and deviation:
        uncertain = _uncertain(share, exercise, deviation)
        price = uncertain.share_part - uncertain.exercise_part
    return Steps(
        dividend_yield=inputs.dividend_yield,
        present_share=share,
        present_exercise=exercise,
        deviation=deviation,
        certain=certain,
        uncertain=uncertain,
        price=price,
        computed=computed,
    )


def below(place: Fraction) -> Fraction:
    """N(place): how likely a standard normal number is below it, to 60 digits at least.

    >>> round(below(Fraction(0)), 3), round(below(Fraction(196, 100)), 12)
    (Fraction(1, 2), Fraction(243750526213, 250000000000))
    """
    distance = abs(place)
    if distance > _NO_TAIL:
        tail = Fraction()
    elif distance > _BY_SERIES:
        tail = _by_fraction(distance)
    else:
        tail = Fraction(1, 2) - _by_series(distance)
    return 1 - tail if place > 0 else tail


def nearest(number: Fraction, decimals: int = TRUSTED_DECIMALS) -> Fraction:
    """A number taken to so many decimals, half up; a negative one as its positive."""
    size = (abs(number) * 10**decimals + Fraction(1, 2)) // 1
    return Fraction(size if number >= 0 else -size, 10**decimals)


def _uncertain(share: Fraction, exercise: Fraction, deviation: Fraction) -> Uncertain:
    middle = moneyness(share, exercise, deviation)
    d1, d2 = middle + deviation / 2, middle - deviation / 2
    below_d1, below_d2 = below(d1), below(d2)
    return Uncertain(
        d1=d1,
        d2=d2,
        below_d1=below_d1,
        below_d2=below_d2,
        share_part=share * below_d1,
        exercise_part=exercise * below_d2,
    )


def _by_series(distance: Fraction) -> Fraction:
    """N(x) - 1/2 = φ(x) (x + x³/3 + x⁵/(3·5) + …), of terms that are all positive."""
    return Fraction(_DIGITS.multiply(_density(distance), _sum(_powers(_decimal(distance)))))


def _powers(distance: Decimal) -> Iterator[Decimal]:
    square = _DIGITS.multiply(distance, distance)
    term = distance
    for odd in count(3, 2):
        yield term
        term = _DIGITS.divide(_DIGITS.multiply(term, square), Decimal(odd))


def _sum(terms: Iterator[Decimal]) -> Decimal:
    """The sum of positive terms that go to nothing, up to where they make no difference any more."""
    total = Decimal()
    for term in terms:
        before, total = total, _DIGITS.add(total, term)
        if total == before:
            break
    return total


def _by_fraction(distance: Fraction) -> Fraction:
    """1 - N(x) = φ(x) ÷ (x + 1 ÷ (x + 2 ÷ (x + 3 ÷ …))), from its inside (Laplace)."""
    place = _decimal(distance)
    within = place
    for number in range(_TERMS_OF_THE_FRACTION, 0, -1):
        within = _DIGITS.add(place, _DIGITS.divide(Decimal(number), within))
    return Fraction(_DIGITS.divide(_density(distance), within))


def _density(distance: Fraction) -> Decimal:
    """φ(x) = e^(-x²/2) ÷ √(2π)."""
    scale = _DIGITS.sqrt(_DIGITS.multiply(Decimal(4), _HALF_PI))
    return _DIGITS.divide(_DIGITS.exp(_decimal(-(distance**2) / 2)), scale)


def _decimal(number: Fraction) -> Decimal:
    return _DIGITS.divide(Decimal(number.numerator), Decimal(number.denominator))
