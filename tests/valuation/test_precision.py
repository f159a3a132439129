"""Agreement with the textbook formula, evaluated by mpmath with 60 digits.

Tolerance: 1e-10 of the price, and 1e-10 of the time value alone (which is asked more: for a share for one yen it is a
billionth of the price), wherever the time value is above 1e-290 of the smaller present value; there is no absolute
tolerance. The largest difference found was 3e-12. Below, both are nothing.
"""

from collections.abc import Callable
from fractions import Fraction
from random import Random

import mpmath
import pytest

from ledger.valuation.black_scholes import Inputs, option_price, time_value

TOLERANCE = 1e-10
NOTHING = Fraction(1, 10**290)


def usual(random: Random) -> Inputs:
    """Prices of listed shares, terms and rates as in notices; the exercise price is one yen or near the share price."""
    share_price = Fraction(random.randint(1, 10_000_000), 10 ** random.randint(0, 2))
    near = share_price * Fraction(random.randint(500, 2_000), 1_000)
    return Inputs(
        share_price=share_price,
        exercise_price=random.choice([Fraction(1), near]),
        term=Fraction(random.randint(1, 3_000), 100),
        volatility=Fraction(random.randint(1, 15_000), 10_000),
        rate=Fraction(random.randint(-1_000, 5_000), 100_000),
        dividend=share_price * Fraction(random.randint(0, 1_000), 10_000),
    )


def extreme(random: Random) -> Inputs:
    """Sizes over many powers of ten, rates of ±100 %; the exercise price up to 37 deviations from the share price."""
    term = _power_of_ten(random, -12, 3)
    volatility = _power_of_ten(random, -9, 1)
    share_price = _power_of_ten(random, -6, 8)
    rate = Fraction(random.randint(-100, 100), 100) if term < 20 else Fraction(random.randint(-100, 100), 10_000)
    dividend_yield = random.choice([Fraction(0), Fraction(random.randint(0, 100), 100 if term < 20 else 10_000)])
    deviation = float(volatility) * float(term) ** 0.5
    distance = min(max(random.uniform(-37, 37) * deviation, -60), 60)
    forward = mpmath.exp(distance + float((rate - dividend_yield) * term))
    return Inputs(
        share_price=share_price,
        exercise_price=share_price * _fraction(forward),
        term=term,
        volatility=volatility,
        rate=rate,
        dividend=share_price * dividend_yield,
    )


def _power_of_ten(random: Random, lowest: float, highest: float) -> Fraction:
    return Fraction(10 ** random.uniform(lowest, highest))


def _fraction(number: mpmath.mpf) -> Fraction:
    return Fraction(int(mpmath.floor(number * mpmath.mpf(2) ** 200)), 2**200)


def _mpf(number: Fraction) -> mpmath.mpf:
    return mpmath.mpf(number.numerator) / number.denominator


def textbook(inputs: Inputs) -> tuple[mpmath.mpf, mpmath.mpf, mpmath.mpf]:
    """The call, its time value and the smaller present value it is measured by, from nothing but the inputs."""
    term, deviation = _mpf(inputs.term), _mpf(inputs.volatility) * mpmath.sqrt(_mpf(inputs.term))
    share_price, exercise_price, rate = _mpf(inputs.share_price), _mpf(inputs.exercise_price), _mpf(inputs.rate)
    dividend_yield = _mpf(inputs.dividend) / share_price
    growth = rate - dividend_yield + _mpf(inputs.volatility) ** 2 / 2
    d1 = (mpmath.log(share_price / exercise_price) + growth * term) / deviation
    d2 = d1 - deviation
    share, exercise = share_price * mpmath.exp(-dividend_yield * term), exercise_price * mpmath.exp(-rate * term)
    if share > exercise:
        put = exercise * mpmath.ncdf(-d2) - share * mpmath.ncdf(-d1)
        return put + share - exercise, put, exercise
    call = share * mpmath.ncdf(d1) - exercise * mpmath.ncdf(d2)
    return call, call, share


@pytest.mark.parametrize("part", [1, 2])
@pytest.mark.parametrize("draw", [usual, extreme])
def test_ten_thousand_prices_agree_with_sixty_digits(draw: Callable[[Random], Inputs], part: int) -> None:
    random = Random(f"{draw.__name__} {part}")
    compared = 0
    with mpmath.workdps(60):
        for _ in range(2_500):
            inputs = draw(random)
            price, expected, smaller = textbook(inputs)
            found = time_value(inputs.present_share, inputs.present_exercise, inputs.deviation)
            if expected > smaller * _mpf(NOTHING):
                compared += 1
                assert abs(_mpf(found) / expected - 1) < TOLERANCE, inputs
                assert abs(_mpf(option_price(inputs)) / price - 1) < TOLERANCE, inputs
            else:
                assert 0 <= _mpf(found) <= smaller * _mpf(NOTHING) * 2, inputs
    assert compared > 2_000
