"""What every option price obeys, whatever the numbers (Merton 1973): bounds, parity, and which way each input moves it.

Comparisons leave room for the floats of the time value: 1e-11 of the share price.
"""

from fractions import Fraction
from math import log, sqrt
from statistics import NormalDist

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st
from msgspec.structs import replace

from ledger.valuation.black_scholes import Inputs, option_price, rounded

NOISE = Fraction(1, 10**11)


def fractions(lowest: str, highest: str) -> st.SearchStrategy[Fraction]:
    return st.decimals(lowest, highest, places=6).map(Fraction)


@st.composite
def any_inputs(draw: st.DrawFn) -> Inputs:
    share_price = draw(fractions("0.01", "1000000"))
    return Inputs(
        share_price=share_price,
        exercise_price=draw(fractions("0", "1000000") | st.just(Fraction(1)) | st.just(share_price)),
        term=draw(fractions("0", "50")),
        volatility=draw(fractions("0", "5")),
        rate=draw(fractions("-0.2", "0.3")),
        dividend=share_price * draw(fractions("0", "0.2")),
    )


@given(any_inputs())
def test_between_the_certain_gain_and_the_share(inputs: Inputs) -> None:
    share, exercise = inputs.present_share, inputs.present_exercise
    price = option_price(inputs)
    assert price >= 0
    assert share - exercise <= price <= share * (1 + NOISE)
    assert share <= inputs.share_price


@given(any_inputs())
def test_call_less_put_is_share_less_exercise_price(inputs: Inputs) -> None:
    """The put by the textbook formula and the standard library's normal distribution: floats, good to 1e-9 here."""
    assume(inputs.exercise_price and inputs.deviation > Fraction(1, 1000))
    share, exercise = inputs.present_share, inputs.present_exercise
    deviation = float(inputs.volatility) * sqrt(inputs.term)
    growth = float(inputs.rate - inputs.dividend / inputs.share_price + inputs.volatility**2 / 2)
    d1 = (log(inputs.share_price / inputs.exercise_price) + growth * float(inputs.term)) / deviation
    below = NormalDist().cdf
    put = float(exercise) * below(deviation - d1) - float(share) * below(-d1)
    assert float(option_price(inputs)) - put == pytest.approx(
        float(share - exercise), abs=float(share + exercise) / 1e9
    )


@pytest.mark.parametrize(
    ("field", "largest", "direction"),
    [("share_price", 1000, 1), ("exercise_price", 1000, -1), ("volatility", 1, 1), ("rate", 1, 1), ("dividend", 0, -1)],
)
@given(inputs=any_inputs(), step=fractions("0", "1"))
def test_which_way_an_input_moves_the_price(
    field: str, largest: int, direction: int, inputs: Inputs, step: Fraction
) -> None:
    step *= largest or inputs.share_price / 10
    moved = replace(inputs, **{field: getattr(inputs, field) + step})
    gain = (option_price(moved) - option_price(inputs)) * direction
    assert gain >= -moved.share_price * NOISE


@given(inputs=any_inputs(), more=fractions("0", "10"))
def test_without_dividends_and_negative_rates_a_longer_term_is_worth_more(inputs: Inputs, more: Fraction) -> None:
    inputs = replace(inputs, dividend=Fraction(), rate=abs(inputs.rate))
    longer = replace(inputs, term=inputs.term + more)
    assert option_price(longer) - option_price(inputs) >= -inputs.share_price * NOISE


@given(inputs=any_inputs(), step=fractions("0.01", "1000"))
def test_the_price_is_convex_in_the_exercise_price(inputs: Inputs, step: Fraction) -> None:
    first, middle, last = (
        option_price(replace(inputs, exercise_price=inputs.exercise_price + step * times)) for times in range(3)
    )
    assert first + last - 2 * middle >= -inputs.share_price * NOISE


@given(inputs=any_inputs(), times=st.integers(1, 1000))
def test_the_unit_of_money_does_not_matter(inputs: Inputs, times: int) -> None:
    larger = replace(
        inputs,
        share_price=inputs.share_price * times,
        exercise_price=inputs.exercise_price * times,
        dividend=inputs.dividend * times,
    )
    assert abs(option_price(larger) - option_price(inputs) * times) <= larger.share_price * NOISE


@given(price=fractions("0", "1000000"), shares=st.integers(1, 10**6), finer=st.integers(0, 999_999))
def test_rounding_up_never_takes_away_and_adds_less_than_one_unit(price: Fraction, shares: int, finer: int) -> None:
    price += Fraction(finer, 10**12)
    by_share, by_hundredth, by_right = (rounded(price, shares, rounding) for rounding in ("share", "share-2", "right"))
    assert 0 <= Fraction(by_share.price_per_share) - price < 1
    assert 0 <= Fraction(by_hundredth.price_per_share) - price < Fraction(1, 100)
    assert 0 <= Fraction(by_right.price_per_right) - price * shares < 1
    assert by_share.price_per_right == by_share.price_per_share * shares
    assert by_hundredth.price_per_right == by_hundredth.price_per_share * shares
    assert by_right.price_per_right <= by_share.price_per_right
    assert by_hundredth.price_per_right <= by_share.price_per_right
    assert {by_share.option_price, by_hundredth.option_price} == {by_right.option_price}
