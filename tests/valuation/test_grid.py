"""Prices of arrays: they agree with the exact ones, at the limits too, without a NaN or a warning (an error in tests).

Tolerance: 1e-10 of the price, and where a float of an input is too coarse for that, 1e-15 of an input moved by as much.
"""

from fractions import Fraction
from random import Random
from typing import Any

import numpy as np
import pytest
from hypothesis import given

from ledger.domain.errors import MalformedError
from ledger.valuation.black_scholes import LARGEST_BY_FLOATS, Inputs, option_price, read_inputs
from ledger.valuation.grid import option_prices
from tests.valuation.inputs import NOTICE_OF_2014
from tests.valuation.test_precision import extreme, usual
from tests.valuation.test_properties import any_inputs

NAMES = ("share_price", "exercise_price", "term", "volatility", "rate", "dividend")
NOTICE = {name: float(text) for name, text in NOTICE_OF_2014.items()}


def prices(**changed: Any) -> Any:
    return option_prices(**(NOTICE | changed))


def floats(inputs: Inputs) -> dict[str, float]:
    return {name: float(getattr(inputs, name)) for name in NAMES}


def exactly(given: dict[str, float]) -> float:
    """The exact price of what the floats are."""
    return float(option_price(Inputs(**{name: Fraction(number) for name, number in given.items()})))


def elasticity(given: dict[str, float]) -> float:
    """By how much of itself the price moves, for a share price that moves by a part of itself."""
    price = exactly(given)
    moved = exactly(given | {"share_price": given["share_price"] * (1 + 2**-30)})
    return abs(moved / price - 1) * 2**30 if price else 0.0


def refusal(**changed: Any) -> str:
    with pytest.raises(MalformedError) as refused:
        prices(**changed)
    assert refused.value.code == "malformed"
    return refused.value.message


@pytest.mark.parametrize("draw", [usual, extreme])
def test_they_agree_with_the_exact_prices(draw: Any) -> None:
    random = Random(f"grid {draw.__name__}")
    drawn = [floats(draw(random)) for _ in range(2_500)]
    points = [each for each in drawn if max(each["exercise_price"], each["share_price"]) <= LARGEST_BY_FLOATS]
    found = option_prices(**{name: [point[name] for point in points] for name in NAMES})
    compared = 0
    for point, price in zip(points, found.tolist(), strict=True):
        expected = exactly(point)
        if expected < 1e-95:
            assert 0 <= price < 1e-95, point
            continue
        compared += 1
        if abs(price / expected - 1) > 1e-10:
            assert abs(price / expected - 1) < 1e-15 * 10 * elasticity(point), point
            assert elasticity(point) > 10_000, point
    assert compared > 1_500


@given(any_inputs())
def test_at_any_point_they_agree(inputs: Inputs) -> None:
    point = floats(inputs)
    expected = exactly(point)
    assert float(option_prices(**point)) == pytest.approx(expected, rel=1e-10, abs=point["share_price"] * 1e-13)


def test_a_million_points_are_as_many_single_ones() -> None:
    share_price, volatility = np.linspace(1000, 5000, 1000)[:, None], np.linspace(0, 0.6, 1000)
    found = prices(share_price=share_price, volatility=volatility, exercise_price=2500)
    assert found.shape == (1000, 1000)
    for i, j in ((0, 0), (0, 999), (999, 0), (500, 1), (65, 536), (65, 535), (999, 999)):
        alone = prices(share_price=share_price[i, 0], volatility=volatility[j], exercise_price=2500)
        assert found[i, j] == pytest.approx(alone, rel=1e-12, abs=0)
    assert (np.diff(found, axis=0) >= 0).all()
    assert (np.diff(found, axis=1) >= -1e-9).all()


def test_the_notice_of_2014() -> None:
    assert float(prices()) == pytest.approx(2112.630722, abs=5e-7)
    assert prices().shape == ()


LIMITS: dict[str, dict[str, float]] = {
    "for nothing": {"exercise_price": 0},
    "for nothing at once": {"exercise_price": 0, "term": 0},
    "no volatility": {"volatility": 0},
    "no volatility, out of the money": {"volatility": 0, "exercise_price": 3000},
    "no time": {"term": 0, "exercise_price": 2000},
    "no time, at the money": {"term": 0, "exercise_price": 2422},
    "at the money": {"exercise_price": 2422, "rate": 0, "dividend": 0, "term": 1e-40},
    "near the money, hardly any time": {"exercise_price": 2422.0000001, "rate": 0, "dividend": 0, "term": 1e-12},
    "hardly any volatility": {"volatility": 1e-300},
    "for hardly anything": {"exercise_price": 1e-300},
    "all of it": {"volatility": 10, "term": 1000, "rate": -1, "dividend": 2422},
    "a rate of -1 for a thousand years": {"rate": -1, "term": 1000, "dividend": 0},
    "the same, where the two compare": {"rate": -1, "term": 1000, "dividend": 0, "volatility": 1.4},
    "a rate of 1 for a thousand years": {"rate": 1, "term": 1000, "dividend": 0},
    "nothing is left of either": {"rate": 1, "term": 1000, "dividend": 2422},
    "far above": {"share_price": 1e9, "exercise_price": 1e-100},
    "far below": {"share_price": 1e-90, "exercise_price": 1e9, "dividend": 0},
}


@pytest.mark.parametrize("changed", LIMITS.values(), ids=LIMITS)
def test_at_the_limits_they_are_the_exact_price(changed: dict[str, float]) -> None:
    alone = float(prices(**changed))
    assert alone == pytest.approx(exactly(NOTICE | changed), rel=1e-10, abs=1e-99)
    # Beside a point that is none, whose way they must not go.
    assert prices(**{name: [number, NOTICE[name]] for name, number in changed.items()}).tolist() == [
        alone,
        pytest.approx(2112.630722, abs=1e-6),
    ]


def test_all_limits_in_one_grid() -> None:
    found = option_prices(
        share_price=np.array([1e-99, 1.0, 2422.0, 1e9]).reshape(4, 1, 1, 1, 1),
        exercise_price=np.array([0, 5e-324, 1e-50, 1, 2422, 1e9]).reshape(6, 1, 1, 1),
        term=np.array([0, 5e-324, 1e-9, 1, 1000]).reshape(5, 1, 1),
        volatility=np.array([0, 5e-324, 1e-9, 0.45, 10]).reshape(5, 1),
        rate=np.array([-1, -0.001, 0, 1]),
        dividend=np.array([0.0]),
    )
    assert found.shape == (4, 6, 5, 5, 4)
    assert np.isfinite(found).all()
    assert (found >= 0).all()
    assert (found <= np.array([1e-99, 1.0, 2422.0, 1e9]).reshape(4, 1, 1, 1, 1)).all()


def test_no_points_have_no_prices() -> None:
    assert prices(volatility=np.array([])).shape == (0,)
    assert prices(share_price=np.empty((3, 0))).shape == (3, 0)


def test_the_caller_may_want_every_warning() -> None:
    with np.errstate(all="raise"):
        assert np.isfinite(prices(**{name: [number] for name, number in LIMITS["all of it"].items()})).all()


@pytest.mark.parametrize(
    ("changed", "expected"),
    [
        ({"share_price": [1, 0]}, "`share_price` is 0 in the grid; it is above 0 yen"),
        ({"share_price": -1}, "`share_price` goes from -1.0 to -1.0 in the grid; it is 0 to 1,000,000,000"),
        ({"exercise_price": [1, 1e10]}, "`exercise_price` goes from 1.0 to 10000000000.0 in the grid; it is 0 to 1,"),
        ({"volatility": [0.1, 45]}, "`volatility` goes from 0.1 to 45.0 in the grid; it is 0 to 10"),
        ({"volatility": [0.1, float("nan")]}, "`volatility` goes from nan to nan in the grid; it is 0 to 10"),
        ({"rate": -1.5}, "`rate` goes from -1.5 to -1.5 in the grid; it is -1 to 1"),
        ({"term": float("inf")}, "`term` goes from inf to inf in the grid; it is 0 to 1,000"),
        ({"share_price": [3, 2, 1], "dividend": [3, 2, 1.5]}, "`dividend` is above the share price in the grid; it is"),
        ({"rate": [0, 0], "term": [1, 2, 3]}, "the arrays are of (), (), (3,), (), (2,), (), which do not fit"),
    ],
)
def test_what_is_no_point(changed: dict[str, Any], expected: str) -> None:
    assert refusal(**changed).startswith(expected)


def test_the_dividend_may_be_all_of_the_share() -> None:
    assert prices(share_price=[3, 2], dividend=[3, 2], term=0, exercise_price=1).tolist() == [2, 1]


def test_bounds_are_those_of_a_single_price() -> None:
    read_inputs(**{name: str(number) for name, number in {**NOTICE, "term": 1000, "volatility": 10}.items()})
    assert float(prices(term=1000, volatility=10, rate=-1)) >= 0
