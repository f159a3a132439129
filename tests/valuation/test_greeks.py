"""The greeks: agreement with derivatives of the textbook formula by mpmath, and what they are at the limits.

Tolerance: 1e-10 of each greek above 1e-290; of theta, 1e-10 of the sum of its parts without their signs.
"""

from collections.abc import Callable
from fractions import Fraction
from math import exp, pi, sqrt
from random import Random
from typing import Any

import mpmath
import pytest
from hypothesis import given
from msgspec.structs import asdict

from ledger.valuation.black_scholes import Inputs
from ledger.valuation.greeks import Greeks, greeks, shown
from tests.valuation.inputs import inputs
from tests.valuation.test_precision import extreme, usual
from tests.valuation.test_properties import any_inputs

TOLERANCE = 1e-10
NOTHING = 1e-290
ZERO = Fraction()


def _mpf(number: Fraction) -> mpmath.mpf:
    return mpmath.mpf(number.numerator) / number.denominator


def call(*given: mpmath.mpf) -> mpmath.mpf:
    """The textbook call of S, X, T, σ, r, q."""
    share_price, exercise_price, term, volatility, rate, dividend_yield = given
    deviation = volatility * mpmath.sqrt(term)
    growth = rate - dividend_yield + volatility**2 / 2
    d1 = (mpmath.log(share_price / exercise_price) + growth * term) / deviation
    share, exercise = share_price * mpmath.exp(-dividend_yield * term), exercise_price * mpmath.exp(-rate * term)
    return share * mpmath.ncdf(d1) - exercise * mpmath.ncdf(d1 - deviation)


def put(*given: mpmath.mpf) -> mpmath.mpf:
    """The put: by parity the same gamma and vega, which it has to more digits where the call is in the money."""
    share_price, exercise_price, term, volatility, rate, dividend_yield = given
    # A call on the exercise price, paid for with the share: put-call symmetry.
    return call(exercise_price, share_price, term, volatility, dividend_yield, rate)


def derivative(function: Callable[..., mpmath.mpf], given: list[mpmath.mpf], place: int, times: int = 1) -> mpmath.mpf:
    def along(number: mpmath.mpf) -> mpmath.mpf:
        return function(*given[:place], number, *given[place + 1 :])

    # A step of the size of the input: a fixed one would be larger than a small volatility; a rate may be 0.
    size = abs(given[place]) if place < 4 else mpmath.mpf(1)
    return mpmath.diff(lambda number: along(number * size), given[place] / size, times, h=mpmath.mpf(10) ** -25) / (
        size**times
    )


@pytest.mark.parametrize("draw", [usual, extreme])
def test_they_are_the_derivatives_of_the_price(draw: Callable[[Random], Inputs]) -> None:
    random = Random(f"greeks {draw.__name__}")
    compared = 0
    with mpmath.workdps(100):
        for _ in range(60):
            drawn = draw(random)
            point = [_mpf(getattr(drawn, name)) for name in ("share_price", "exercise_price", "term")]
            point += [_mpf(drawn.volatility), _mpf(drawn.rate), _mpf(drawn.dividend_yield)]
            found = greeks(drawn)
            small = put if drawn.present_share > drawn.present_exercise else call
            expected = {
                "delta": derivative(call, point, 0),
                "gamma": derivative(small, point, 0, 2),
                "vega": derivative(small, point, 3),
                "theta": -derivative(call, point, 2),
                "rho": derivative(call, point, 4),
                "psi": derivative(call, point, 5),
            }
            parts = (
                abs(_mpf(drawn.dividend_yield * found_of(found.delta) * drawn.share_price))
                + abs(_mpf(drawn.rate * found_of(found.rho) / drawn.term))
                + abs(_mpf(found_of(found.vega) * drawn.volatility / drawn.term / 2))
            )
            for name, number in expected.items():
                scale = parts if name == "theta" else abs(number)
                if scale > NOTHING:
                    compared += 1
                    assert abs(_mpf(getattr(found, name)) - number) < TOLERANCE * scale, (name, drawn)
    assert compared > 250


def found_of(number: Fraction | None) -> Fraction:
    assert number is not None
    return number


@given(any_inputs())
def test_their_bounds(given_inputs: Inputs) -> None:
    found = greeks(given_inputs)
    discount = given_inputs.present_share / given_inputs.share_price
    assert found.delta is None or 0 <= found.delta <= discount
    assert found.gamma is None or found.gamma >= 0
    assert found_of(found.vega) >= 0
    assert found.rho is None or 0 <= found.rho <= given_inputs.term * given_inputs.present_exercise
    assert found.psi is None or -given_inputs.term * given_inputs.present_share <= found.psi <= 0
    assert (found.note is None) == (None not in list(asdict(found).values())[:-1])


def test_of_the_notice_of_2014() -> None:
    """Of a share for one yen the delta is its dividends away, and the volatility counts for nothing."""
    found = greeks(inputs()).to_dict()
    assert found == {
        "delta": "0.8726235097", "gamma": "0.00000000005064689687", "vega": "0.002005417922",
        "theta": "19.1892429", "rho": "12.95127827", "psi": "-31702.41211", "note": None,
    }  # fmt: skip


def test_a_share_for_nothing() -> None:
    drawn = inputs(exercise_price=0)
    share = drawn.present_share
    theta = drawn.dividend_yield * share
    assert greeks(drawn) == Greeks(share / 2422, ZERO, ZERO, theta, ZERO, -15 * share)


@pytest.mark.parametrize("rate", ["0.01", "-0.01"])
def test_without_volatility_they_are_those_of_the_certain_gain(rate: str) -> None:
    drawn = inputs(volatility=0, exercise_price=1000, rate=rate)
    share, exercise = drawn.present_share, drawn.present_exercise
    theta = drawn.dividend_yield * share - Fraction(rate) * exercise
    assert greeks(drawn) == Greeks(share / 2422, ZERO, ZERO, theta, 15 * exercise, -15 * share)
    assert greeks(inputs(volatility=0, exercise_price=9000, rate=rate)) == Greeks(*(ZERO,) * 6)


@pytest.mark.parametrize("volatility", ["0", "0.45"])
def test_on_the_last_day(volatility: str) -> None:
    theta = 22 - Fraction("0.00978") * 2421
    drawn = inputs(term=0, exercise_price=2421, volatility=volatility)
    assert greeks(drawn) == Greeks(Fraction(1), ZERO, ZERO, theta, ZERO, ZERO)
    assert greeks(inputs(term=0, exercise_price=2423, volatility=volatility)) == Greeks(*(ZERO,) * 6)


@pytest.mark.parametrize(
    ("changed", "vega", "theta", "rho", "psi"),
    [
        ({"term": 0}, 0, None, 0, 0),
        ({"term": 0, "volatility": 0, "rate": "0.01"}, 0, Fraction("-24.22"), 0, 0),
        ({"term": 0, "volatility": 0, "rate": "-0.01"}, 0, 0, 0, 0),
        ({"volatility": 0, "rate": 0}, pytest.approx(2422 * sqrt(15 / 2 / pi), rel=1e-15), 0, None, None),
    ],
)
def test_what_does_not_exist_is_said(changed: dict[str, Any], vega: Any, theta: Any, rho: Any, psi: Any) -> None:
    found = greeks(inputs(**({"exercise_price": 2422, "dividend": 0} | changed)))
    assert (found.delta, found.gamma) == (None, None)
    assert (found.vega, found.rho, found.psi) == (vega, rho, psi)
    assert found.theta == theta
    assert found.note is not None
    assert found.note.startswith("where σ or T is 0 and the present values")
    assert found.to_dict()["delta"] is None


def test_beside_the_kink_they_exist() -> None:
    at = {"exercise_price": 2422, "dividend": 0, "rate": 0}
    above, below = (greeks(inputs(**at | {"volatility": 0, "share_price": price})) for price in ("2422.01", "2421.99"))
    assert (above.delta, below.delta) == (Fraction(1), Fraction(0))
    assert above.note is below.note is None
    with_some = greeks(inputs(**at | {"volatility": "0.000001"}))
    assert float(found_of(with_some.delta)) == pytest.approx(0.5, abs=1e-5)
    assert float(found_of(with_some.vega)) == pytest.approx(2422 * sqrt(15 / 2 / pi), rel=1e-9)


def test_an_exercise_price_near_nothing_is_as_nothing() -> None:
    near, at = greeks(inputs(exercise_price=Fraction(1, 10**60))), greeks(inputs(exercise_price=0))
    for name, number in asdict(at).items():
        if number is not None:
            assert abs(getattr(near, name) - number) < Fraction(1, 10**50)


@pytest.mark.parametrize(
    ("number", "expected"),
    [
        (Fraction(2, 3), "0.6666666667"),
        (Fraction(-2, 3), "-0.6666666667"),
        (Fraction(1, 3 * 10**12), "0.00000000000033333333"),
        (Fraction(-1, 10**21), "0"),
        (Fraction("0.000000000000000000005"), "0.00000000000000000001"),
        (Fraction(12345678901), "12345678900"),
        (Fraction("31702.412105"), "31702.41211"),
        (Fraction(exp(-0.5)), "0.6065306597"),
        (Fraction(100), "100"),
        (None, None),
    ],
)
def test_ten_digits_are_shown(number: Fraction | None, expected: str | None) -> None:
    assert shown(number) == expected
