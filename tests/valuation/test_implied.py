"""The volatility that a price implies: there and back, and where there is none."""

from decimal import Decimal
from fractions import Fraction
from math import ceil, floor
from typing import Any

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st
from msgspec.structs import replace

from ledger.domain.errors import MalformedError
from ledger.valuation.black_scholes import Inputs, Number, option_price, time_value
from ledger.valuation.implied import Implied, implied_volatility
from tests.valuation.inputs import inputs, price
from tests.valuation.test_properties import any_inputs, fractions

AT_THE_MONEY: dict[str, Any] = {"exercise_price": 2422, "dividend": 0, "rate": 0}


def refusal(given: Number, **changed: object) -> str:
    with pytest.raises(MalformedError) as refused:
        implied_volatility(given, inputs(**changed))
    assert (refused.value.code, refused.value.exit_code) == ("malformed", 2)
    return refused.value.message


@pytest.mark.parametrize("volatility", ["0.000001", "0.05", "0.2", "0.45", "1", "3", "9.999999999999", "10"])
@pytest.mark.parametrize("exercise_price", ["1500", "2422", "3500"])
def test_there_and_back(volatility: str, exercise_price: str) -> None:
    """To a part in 10^10, where any time value is left in the hundred decimals of a price."""
    given = {"exercise_price": exercise_price, "term": "0.5", "rate": "-0.001"}
    wanted = price(**given, volatility=volatility)
    is_seen = wanted - price(**given, volatility=0) > Fraction(1, 10**80)
    wanted = Fraction((floor if is_seen else ceil)(wanted * 10**100), 10**100)
    found = implied_volatility(wanted, inputs(**given, volatility=7))
    assert float(found.volatility) == pytest.approx(
        float(volatility) if is_seen else 0, rel=1e-10, abs=0.02 * (not is_seen)
    )
    assert found.lowest <= found.volatility <= found.highest


@given(any_inputs(), fractions("0.01", "5"))
def test_the_price_of_what_is_implied_is_the_price(drawn: Inputs, volatility: Fraction) -> None:
    assume(drawn.term and drawn.exercise_price)
    drawn = replace(drawn, volatility=volatility)
    # To what is seen of a price near that of the share, as many decimals as may be given.
    wanted = Fraction(int(option_price(drawn) * 10**12), 10**12)
    assume(option_price(replace(drawn, volatility=Fraction())) <= wanted < drawn.present_share)
    found = implied_volatility(wanted, drawn)
    again = option_price(replace(drawn, volatility=Fraction(found.volatility)))
    assert abs(again - wanted) <= drawn.share_price / 10**10
    for edge in (found.lowest, found.highest):
        assert abs(option_price(replace(drawn, volatility=Fraction(edge))) - wanted) <= Fraction(1, 10**6)


@given(st.decimals("0.01", "2400", places=2), st.decimals("0.01", "10", places=2))
def test_a_higher_price_implies_a_higher_volatility(first: Decimal, more: Decimal) -> None:
    at = inputs(**AT_THE_MONEY, term=1)
    assert implied_volatility(first, at).volatility < implied_volatility(first + more, at).volatility


def test_an_option_for_one_yen_tells_little_of_the_volatility() -> None:
    """The notice of 2014: six decimals of 2,112.630722 yen are those of 44.98 % as well as of 45.03 %."""
    found = implied_volatility("2112.630722", inputs())
    assert {name: number[:7] for name, number in found.to_dict().items()} == {
        "volatility": "0.45005", "lowest": "0.44980", "highest": "0.45030",
    }  # fmt: skip


def test_the_least_price_implies_none_at_all() -> None:
    found = implied_volatility(0, inputs(**AT_THE_MONEY))
    assert found.volatility == found.lowest == 0
    assert 0 < found.highest < Decimal("0.000000001")
    deep = implied_volatility(422, inputs(**AT_THE_MONEY | {"exercise_price": 2000}))
    assert deep.volatility == deep.lowest == 0 < deep.highest
    assert found.to_dict()["volatility"] == "0.000000000000"


def test_a_price_too_small_to_be_seen_at_the_money_is_met() -> None:
    wanted = Fraction(1, 10**90)
    at = inputs(**AT_THE_MONEY, term=Fraction(1, 10**70))
    found = implied_volatility(wanted, at)
    assert float(found.volatility) == pytest.approx(1e-90 / (2422 * 0.3989422804014327 * 1e-35), abs=1e-12)


def test_what_is_below_the_certain_gain() -> None:
    expected = (
        "; no volatility gives it: the option price is from 422.000000000000, which is max(F - K, 0), "
        "to below 2422.000000000000, which is F"
    )
    at = AT_THE_MONEY | {"exercise_price": 2000}
    assert refusal("421.999999999999", **at) == f"`price` is 421.999999999999{expected}"
    assert refusal("-1", **at) == f"`price` is -1{expected}"
    assert refusal("2422", **at) == f"`price` is 2422{expected}"
    assert refusal("9000", **at) == f"`price` is 9000{expected}"


def test_what_is_above_the_price_at_the_highest_volatility() -> None:
    most = price(**AT_THE_MONEY, term="0.01", volatility=10)
    assert Fraction("927") < most < Fraction("928")
    found = implied_volatility(most, inputs(**AT_THE_MONEY, term="0.01"))
    assert found.volatility == found.highest == 10
    message = refusal("928", **AT_THE_MONEY, term="0.01")
    assert message.startswith("`price` is 928; it is at most 927.")
    assert message.endswith(", at 10, the highest volatility that is read")


@pytest.mark.parametrize(("name", "given"), [("term", 2421), ("exercise_price", 2422)])
def test_where_the_volatility_does_not_count(name: str, given: int) -> None:
    expected = f"where `{name}` is 0 the option price is the same at any volatility: it implies none"
    assert refusal(given, **{name: 0}) == expected


@pytest.mark.parametrize("given", ["", "1e3", "NaN", 2113.0, None])
def test_what_is_no_price(given: Any) -> None:
    assert refusal(given).startswith("`price` is ")


def test_an_answer_is_immutable() -> None:
    found = Implied(Decimal(1), Decimal(1), Decimal(1))
    with pytest.raises(AttributeError):
        found.volatility = Decimal(2)  # type: ignore[misc]


def test_the_bracket_holds() -> None:
    """Below 0.4 of the smaller present value for each deviation, at any distance from the money."""
    for exercise in (1, 50, 99, 100, 101, 200):
        for deviation in (Fraction(1, 10**12), Fraction(1, 10), Fraction(3)):
            share, price_of_it = Fraction(100), Fraction(exercise)
            assert time_value(share, price_of_it, deviation) < min(share, price_of_it) * deviation * Fraction(2, 5)
