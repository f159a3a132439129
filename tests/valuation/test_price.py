"""Item 12: the figure of the notice, the limits that are exact, and the three kinds of rounding at their edges."""

import subprocess
import sys
from decimal import Decimal, localcontext
from fractions import Fraction
from math import exp
from typing import Any

import pytest

from ledger.valuation.black_scholes import Valuation, rounded, time_value
from tests.valuation.inputs import price, valued


def answer(option: str, share: str, right: str) -> dict[str, str]:
    return {"option_price": option, "price_per_share": share, "price_per_right": right}


def test_the_notice_of_2014() -> None:
    """2,112.63 yen, hence 2,113 a share and 422,600 a right of 200 shares."""
    assert valued().to_dict() == answer("2112.630722", "2113", "422600")


@pytest.mark.parametrize(
    ("rounding", "expected"),
    [
        ("share", answer("2112.630722", "2113", "422600")),
        ("share-2", answer("2112.630722", "2112.64", "422528")),
        ("right", answer("2112.630722", "2112.630722", "422527")),
    ],
)
def test_each_kind_of_rounding(rounding: str, expected: dict[str, str]) -> None:
    assert valued(rounding).to_dict() == expected


def test_an_answer_is_immutable_and_its_numbers_are_decimals() -> None:
    found = valued()
    assert found == Valuation(Decimal("2112.630722"), Decimal(2113), Decimal(422600))
    with pytest.raises(AttributeError):
        found.price_per_share = Decimal(1)  # type: ignore[misc]


@pytest.mark.parametrize("zero", ["0", "0.000", "-0", 0, Decimal("-0E+999999"), Fraction()])
def test_a_share_for_nothing_is_worth_a_share_without_its_dividends(zero: Any) -> None:
    assert price(exercise_price=zero, dividend=zero) == 2422
    assert price(exercise_price=zero, term=zero) == 2422
    without_dividends = price(exercise_price=zero)
    assert without_dividends != 2422
    assert float(without_dividends) == pytest.approx(2422 * exp(-22 / 2422 * 15), rel=1e-15)


@pytest.mark.parametrize("share_price", ["2113", "0.1", "2112.999999", "9007199254740991", "0.000000000001"])
@pytest.mark.parametrize("volatility", ["0", "0.45", "10"])
def test_without_exercise_price_and_dividend_the_share_price_itself_comes_out(
    share_price: str, volatility: str
) -> None:
    assert price(share_price=share_price, exercise_price=0, dividend=0, volatility=volatility) == Fraction(share_price)


def test_a_whole_price_is_not_raised_to_the_next_yen() -> None:
    whole = valued(share_price="2113", exercise_price="0", dividend="0")
    assert whole.to_dict() == answer("2113.000000", "2113", "422600")
    a_little_more = valued(share_price="2113.000000000001", exercise_price="0", dividend="0")
    assert a_little_more.to_dict() == answer("2113.000000", "2114", "422800")


@pytest.mark.parametrize("at_limit", [{"volatility": 0}, {"term": 0}])
@pytest.mark.parametrize(("exercise_price", "expected"), [("2421.75", Fraction(1, 4)), ("2422", 0), ("2422.25", 0)])
def test_without_time_or_volatility_the_certain_gain_is_the_price(
    at_limit: dict[str, object], exercise_price: str, expected: Fraction
) -> None:
    assert price(exercise_price=exercise_price, rate=0, dividend=0, **at_limit) == expected


def test_without_volatility_both_prices_are_discounted() -> None:
    expected = 2422 * exp(-22 / 2422 * 15) - 1000 * exp(0.02 * 15)
    assert float(price(volatility=0, exercise_price=1000, rate="-0.02")) == pytest.approx(expected, rel=1e-14)
    assert price(volatility=0, exercise_price=1000, rate="-0.1") == 0


@pytest.mark.parametrize(
    ("nearly", "at_limit"),
    [
        ({"volatility": "1e-60"}, {"volatility": 0}),
        ({"term": "1e-60"}, {"term": 0}),
        ({"exercise_price": "1e-60"}, {"exercise_price": 0}),
    ],
)
@pytest.mark.parametrize("share_price", ["2400", "2422", "2500"])
def test_just_before_a_limit_the_price_is_the_limit(
    nearly: dict[str, str], at_limit: dict[str, object], share_price: str
) -> None:
    small = {key: Fraction(number) for key, number in nearly.items()}
    money = {"share_price": share_price, "exercise_price": "2422"}
    assert abs(price(**(money | small)) - price(**(money | at_limit))) < Fraction(1, 10**24)


def test_at_the_money_a_short_time_is_worth_its_root() -> None:
    """S σ √(T ÷ 2π): 0.398942… of a deviation of 1e-20 × 0.45, where d1 and d2 differ by less than a float can show."""
    found = price(share_price=1000, exercise_price=1000, rate=0, dividend=0, term=Fraction(1, 10**40))
    assert float(found) == pytest.approx(1000 * 0.45e-20 * 0.3989422804014327, rel=1e-13)


def test_a_volatility_without_end_makes_the_option_worth_the_share() -> None:
    found = price(volatility=10, term=1000, dividend=0, exercise_price=2422)
    assert abs(found - 2422) < Fraction(1, 10**12)


def test_share_prices_far_above_and_below_the_exercise_price() -> None:
    assert valued(share_price=10**15, exercise_price="0.000001", dividend=0).price_per_share == 10**15
    assert valued(share_price="0.000001", exercise_price=10**15, dividend=0, volatility="0.1").to_dict() == answer(
        "0.000000", "0", "0"
    )


def test_a_negative_rate_makes_the_exercise_price_dearer() -> None:
    assert price(rate="-0.01", exercise_price=2000) < price(rate="0", exercise_price=2000)
    assert price(rate="-1", term=1000) == pytest.approx(0, abs=1e-12)


@pytest.mark.parametrize(("deviation", "gone"), [(Fraction(1, 10), True), (Fraction(3, 10), False)])
def test_a_time_value_too_small_for_a_float_is_none(deviation: Fraction, gone: bool) -> None:  # noqa: FBT001
    assert (time_value(Fraction(1), Fraction(1000), deviation) == 0) is gone


EPSILON = Fraction(1, 10**12)


@pytest.mark.parametrize(
    ("rounding", "shares", "option", "expected"),
    [
        ("share", 200, Fraction(2112), answer("2112.000000", "2112", "422400")),
        ("share", 200, 2112 + EPSILON, answer("2112.000000", "2113", "422600")),
        ("share", 200, 2112 + EPSILON / 2, answer("2112.000000", "2113", "422600")),
        ("share", 200, 2112 + EPSILON / 2 - EPSILON**2, answer("2112.000000", "2112", "422400")),
        ("share", 200, 2112 - EPSILON**2, answer("2112.000000", "2112", "422400")),
        ("share", 7, Fraction(0), answer("0.000000", "0", "0")),
        ("share", 7, EPSILON, answer("0.000000", "1", "7")),
        ("share-2", 200, Fraction("2112.63"), answer("2112.630000", "2112.63", "422526")),
        ("share-2", 200, Fraction("2112.63") + EPSILON, answer("2112.630000", "2112.64", "422528")),
        ("share-2", 1, Fraction("2112.591"), answer("2112.591000", "2112.6", "2112.6")),
        ("share-2", 3, Fraction("2112.63"), answer("2112.630000", "2112.63", "6337.89")),
        ("share-2", 1, Fraction("2112.991"), answer("2112.991000", "2113", "2113")),
        ("share-2", 1, Fraction("100"), answer("100.000000", "100", "100")),
        ("right", 200, Fraction("2112.63"), answer("2112.630000", "2112.63", "422526")),
        ("right", 200, Fraction("2112.63") + EPSILON, answer("2112.630000", "2112.63", "422527")),
        ("right", 200, Fraction("2112.630001"), answer("2112.630001", "2112.630001", "422527")),
        ("right", 3, Fraction(2, 3), answer("0.666667", "0.666667", "2")),
        ("right", 30_900, Fraction(1, 30_900), answer("0.000032", "0.000032", "1")),
        ("right", 1, Fraction(100), answer("100.000000", "100", "100")),
    ],
)
def test_what_is_rounded_up_and_what_is_not(
    rounding: str, shares: int, option: Fraction, expected: dict[str, str]
) -> None:
    assert rounded(option, shares, rounding).to_dict() == expected


@pytest.mark.parametrize(
    ("option", "shown"),
    [
        (Fraction("0.0000005"), "0.000001"),
        (Fraction("0.0000015"), "0.000002"),
        (Fraction("0.00000049999999999999999"), "0.000000"),
        (Fraction("99.9999995"), "100.000000"),
        (Fraction("9007199254740990.123456"), "9007199254740990.123456"),
    ],
)
def test_the_option_price_is_shown_to_six_decimals_half_up(option: Fraction, shown: str) -> None:
    assert rounded(option, 1, "right").to_dict()["option_price"] == shown


def test_large_numbers_stay_exact_and_without_an_exponent() -> None:
    found = rounded(Fraction("9007199254740990.25"), 2**53 - 1, "share-2").to_dict()
    assert Fraction(found["price_per_right"]) == Fraction("9007199254740990.25") * (2**53 - 1)
    assert valued(share_price=10**15, exercise_price=0, dividend=0).to_dict()["price_per_share"] == "1" + "0" * 15


def test_the_decimal_context_of_the_caller_does_not_matter() -> None:
    expected = price()
    with localcontext() as context:
        context.prec = 3
        assert price() == expected
        assert valued("share-2").to_dict() == answer("2112.630722", "2112.64", "422528")


def test_equal_numbers_are_equal_however_they_are_written() -> None:
    expected = price()
    assert price(share_price=2422, volatility=Decimal("0.450"), rate=Fraction(978, 100_000)) == expected
    assert price(share_price="02422.0", volatility=Decimal("45E-2"), term=Decimal("1.5E+1")) == expected
    assert valued(shares_per_right="200") == valued(shares_per_right=200)


def test_scipy_is_loaded_only_for_a_time_value() -> None:
    program = (
        "import sys\n"
        "from ledger.valuation.black_scholes import value\n"
        "given = dict(share_price=1, exercise_price=1, term=1, rate=0, dividend=0, shares_per_right=1)\n"
        "value(volatility=0, **given)\n"
        "assert 'scipy' not in sys.modules and 'numpy' not in sys.modules\n"
        "value(volatility=1, **given)\n"
        "assert 'scipy' in sys.modules\n"
    )
    assert subprocess.run([sys.executable, "-c", program], check=False).returncode == 0
