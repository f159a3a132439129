"""A recorded price says what it was computed from, and is computed again from that."""

from datetime import date
from fractions import Fraction

import pytest

from ledger.domain.errors import MalformedError, RefusedError
from ledger.valuation.black_scholes import read_inputs
from ledger.valuation.pricing import Pricing, compared, recorded, to_decimals, written

JULY_10 = date(2014, 7, 10)
NOTICE = Pricing(
    read_inputs(
        share_price="2422", exercise_price=1, term=15, volatility="0.45", rate="0.00978", dividend="22"
    ),
    200,
    "share",
    {"rate": {"file": "jgbcm.csv", "note": "", "row": 6, "day": None}},
)  # fmt: skip


def test_the_entry_holds_every_input() -> None:
    """The figures of the 2014 notice: 2,113 yen a share, 422,600 a right."""
    assert NOTICE.entry("7", JULY_10) == {
        "type": "pricing",
        "series": "7",
        "on": "2014-07-10",
        "price_per_share": "2113",
        "price_per_right": "422600",
        "inputs": {
            "method": "black-scholes",
            "share_price": "2422",
            "exercise_price": "1",
            "term": "15",
            "volatility": "0.45",
            "rate": "0.00978",
            "dividend": "22",
            "shares_per_right": 200,
            "rounding": "share",
            "option_price": "2112.630721887638",
            "sources": {"rate": {"file": "jgbcm.csv", "row": 6}},
        },
    }


def test_computed_again_it_agrees_to_the_last_digit() -> None:
    entry = NOTICE.entry("7", JULY_10)
    again = recorded(3, entry)
    assert all(each.agrees for each in compared(entry, again))
    assert [each.what for each in compared(entry, again)] == [
        "share_price", "exercise_price", "term", "volatility", "rate", "dividend",
        "option_price", "price_per_share", "price_per_right",
    ]  # fmt: skip


@pytest.mark.parametrize(("where", "name", "value"), [
    ("inputs", "option_price", "2112.630721887639"), ("entry", "price_per_share", "2114"),
    ("entry", "price_per_right", "422601"),
])  # fmt: skip
def test_one_digit_is_seen(where: str, name: str, value: str) -> None:
    entry = NOTICE.entry("7", JULY_10)
    (entry if where == "entry" else entry["inputs"])[name] = value
    assert [each.what for each in compared(entry, recorded(3, entry)) if not each.agrees] == [name]


def test_another_input_is_another_price() -> None:
    entry = NOTICE.entry("7", JULY_10)
    entry["inputs"]["volatility"] = "0.451"
    assert [each.what for each in compared(entry, recorded(3, entry)) if not each.agrees] == ["option_price"]


@pytest.mark.parametrize("inputs", [None, {}, {"method": "binomial"}, {"method": "black-scholes", "share_price": "1"}])
def test_a_price_without_inputs(inputs: dict[str, str] | None) -> None:
    entry = NOTICE.entry("7", JULY_10) | ({} if inputs is None else {"inputs": inputs})
    if inputs is None:
        del entry["inputs"]
    with pytest.raises(RefusedError) as refusal:
        recorded(3, entry)
    assert refusal.value.code == "no-inputs"
    assert refusal.value.message.startswith("the price of version 3, series 7, cannot be computed again: ")


def test_inputs_that_are_none() -> None:
    entry = NOTICE.entry("7", JULY_10)
    entry["inputs"]["term"] = "long"
    with pytest.raises(MalformedError):
        recorded(3, entry)


def test_digits() -> None:
    assert [written(Fraction(each)) for each in ("0", "-1/8", "200", "1/3200000")] == [
        "0", "-0.125", "200", "0.0000003125",
    ]  # fmt: skip
    assert [to_decimals(Fraction(each), 2) for each in ("1/200", "-1/200", "0", "-1/300", "2/3")] == [
        "0.01", "-0.01", "0.00", "0.00", "0.67",
    ]  # fmt: skip
    with pytest.raises(MalformedError):
        written(Fraction(1, 3))
