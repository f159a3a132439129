"""The price by other ways than the formula: a binomial tree, a simulation, and figures of textbooks.

The tree is Leisen and Reimer's (1996), whose error falls with the square of its odd number of steps: what halving the
step changes is three times what is left, and bounds it. The simulation is seeded, and bounded by four of its own
standard errors.
"""

from math import sqrt
from typing import Any

import numpy as np
import pytest

from ledger.valuation.black_scholes import Inputs, option_price, read_inputs
from ledger.valuation.greeks import greeks
from tests.valuation.inputs import NOTICE_OF_2014

CASES: dict[str, dict[str, Any]] = {
    "the notice of 2014": {},
    "at the money": {"exercise_price": 2422},
    "in the money, half a year": {"exercise_price": 2000, "term": "0.5", "volatility": "0.3"},
    "out of the money": {"exercise_price": 3500, "term": 2, "volatility": "0.25"},
    "a negative rate": {"exercise_price": 2422, "term": 5, "rate": "-0.01", "dividend": 0},
    "a high dividend": {"exercise_price": 1500, "term": 10, "dividend": 150},
    "for nothing": {"exercise_price": "0.0001", "volatility": "0.2"},
}


def inputs_of(case: str) -> Inputs:
    return read_inputs(**(NOTICE_OF_2014 | CASES[case]))


def leisen_reimer(inputs: Inputs, steps: int) -> float:
    """Backward induction through a binomial tree with an odd number of steps."""
    share_price, exercise_price = float(inputs.share_price), float(inputs.exercise_price)
    step = float(inputs.term) / steps
    rate, drift = float(inputs.rate), float(inputs.rate - inputs.dividend_yield)
    deviation = float(inputs.volatility) * sqrt(inputs.term)
    d1 = (np.log(share_price / exercise_price) + drift * float(inputs.term)) / deviation + deviation / 2

    def probability(d: float) -> float:
        """Peizer and Pratt's inversion, their second method."""
        power = -((d / (steps + 1 / 3 + 0.1 / (steps + 1))) ** 2) * (steps + 1 / 6)
        return float(0.5 + np.sign(d) * np.sqrt((1 - np.exp(power)) / 4))

    up_chance, of_share = probability(d1 - deviation), probability(d1)
    growth = np.exp(drift * step)
    up, down = growth * of_share / up_chance, growth * (1 - of_share) / (1 - up_chance)
    ups = np.arange(steps + 1)
    values = np.maximum(share_price * up**ups * down ** (steps - ups) - exercise_price, 0)
    for _ in range(steps):
        values = np.exp(-rate * step) * (up_chance * values[1:] + (1 - up_chance) * values[:-1])
    return float(values[0])


@pytest.mark.parametrize("case", CASES)
def test_a_binomial_tree(case: str) -> None:
    inputs = inputs_of(case)
    expected = float(option_price(inputs))
    coarse, fine = (leisen_reimer(inputs, steps) for steps in (501, 1003))
    assert abs(fine - expected) <= abs(fine - coarse) / 2 + 1e-9 * float(inputs.share_price)
    assert abs(fine - expected) < 1e-6 * float(inputs.share_price)


@pytest.mark.parametrize("case", CASES)
def test_a_simulation(case: str) -> None:
    inputs = inputs_of(case)
    draws = np.random.default_rng(20140710).standard_normal(1_000_000)
    deviation = float(inputs.volatility) * sqrt(inputs.term)
    last = float(inputs.present_share) * np.exp(deviation * draws - deviation**2 / 2)
    paid = np.maximum(last - float(inputs.present_exercise), 0)
    error = paid.std(ddof=1) / sqrt(paid.size)
    assert abs(paid.mean() - float(option_price(inputs))) < 4 * error
    assert error < 0.01 * float(inputs.share_price)


PUBLISHED: dict[str, dict[str, Any]] = {
    # Hull, Options, Futures, and Other Derivatives (9th edition), example 15.6.
    "4.76": {"share_price": 42, "exercise_price": 40, "term": "0.5", "volatility": "0.2", "rate": "0.1", "dividend": 0},
    # The same, example 17.1: an index of 930 with a yield of 3 %, two months.
    "51.83": {
        **{"share_price": 930, "exercise_price": 900, "term": "0." + "1" + "6" * 40, "volatility": "0.2"},
        **{"rate": "0.08", "dividend": "27.9"},
    },
    # The same, chapter 19, the example that runs through it: twenty weeks.
    "2.40": {
        **{"share_price": 49, "exercise_price": 50, "term": "0.3846", "volatility": "0.2"},
        **{"rate": "0.05", "dividend": 0},
    },
}


@pytest.mark.parametrize("published", PUBLISHED)
def test_a_figure_of_a_textbook(published: str) -> None:
    assert f"{float(option_price(read_inputs(**PUBLISHED[published]))):.2f}" == published


def test_a_put_of_a_textbook_by_parity() -> None:
    """Haug, The Complete Guide to Option Pricing Formulas (2nd edition), 1.1.2: a put with a yield of 5 % is 2.4648."""
    inputs = read_inputs(share_price=100, exercise_price=95, term="0.5", volatility="0.2", rate="0.1", dividend=5)
    put = option_price(inputs) - inputs.present_share + inputs.present_exercise
    assert f"{float(put):.4f}" == "2.4648"


def test_the_greeks_of_a_textbook() -> None:
    """Hull, the example of chapter 19: delta 0.522, gamma 0.066, theta -4.31, vega 12.1, rho 8.91."""
    found = greeks(read_inputs(**PUBLISHED["2.40"])).to_dict()
    digits = {"delta": 3, "gamma": 3, "theta": 2, "vega": 1, "rho": 2}
    shown = {name: f"{float(found[name] or 'nan'):.{count}f}" for name, count in digits.items()}
    assert shown == {"delta": "0.522", "gamma": "0.066", "theta": "-4.31", "vega": "12.1", "rho": "8.91"}
