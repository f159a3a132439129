"""What is no input: each with its exact message, and with the edge that is still one."""

from decimal import Decimal
from fractions import Fraction
from typing import Any

import pytest

from ledger.domain.errors import MalformedError
from ledger.valuation.black_scholes import exact_number
from tests.valuation.inputs import inputs, price, valued


def refusal(**changed: object) -> str:
    with pytest.raises(MalformedError) as refused:
        valued(**changed)  # type: ignore[arg-type]
    assert refused.value.code == "malformed"
    assert refused.value.exit_code == 2
    return refused.value.message


@pytest.mark.parametrize(
    ("name", "given", "expected"),
    [
        ("share_price", "0", "`share_price` is 0; it is above 0 yen and below 2^53"),
        ("share_price", "-1", "`share_price` is -1; it is above 0 yen and below 2^53"),
        ("share_price", 2**53, "`share_price` is 9007199254740992; it is above 0 yen and below 2^53"),
        ("exercise_price", "-0.01", "`exercise_price` is -0.01; it is 0 yen or more and below 2^53"),
        ("exercise_price", 2**53, "`exercise_price` is 9007199254740992; it is 0 yen or more and below 2^53"),
        ("term", "-1", "`term` is -1; it is 0 to 1,000 years"),
        ("term", "1000.5", "`term` is 1000.5; it is 0 to 1,000 years"),
        ("volatility", "-0.45", "`volatility` is -0.45; it is a fraction of one, 0 to 10 (45 % is 0.45)"),
        ("volatility", "45", "`volatility` is 45; it is a fraction of one, 0 to 10 (45 % is 0.45)"),
        ("rate", "1.5", "`rate` is 1.5; it is a fraction of one, -1 to 1 (0.978 % is 0.00978)"),
        ("rate", "-1.5", "`rate` is -1.5; it is a fraction of one, -1 to 1 (0.978 % is 0.00978)"),
        ("dividend", "-22", "`dividend` is -22; it is 0 yen per share or more and at most the share price, 2422"),
        ("dividend", "2422.1", "`dividend` is 2422.1; it is 0 yen per share or more and at most the share price, 2422"),
        ("shares_per_right", "0", "`shares_per_right` is 0; it is a whole number, from 1 to below 2^53"),
        ("shares_per_right", "-200", "`shares_per_right` is -200; it is a whole number, from 1 to below 2^53"),
        ("shares_per_right", "1.5", "`shares_per_right` is 1.5; it is a whole number, from 1 to below 2^53"),
        (
            "shares_per_right",
            2**53,
            "`shares_per_right` is 9007199254740992; it is a whole number, from 1 to below 2^53",
        ),
        ("rounding", "yen", "`rounding` is 'yen'; it is one of share, share-2, right"),
        ("rounding", "", "`rounding` is ''; it is one of share, share-2, right"),
    ],
)
def test_a_number_outside_its_bounds(name: str, given: object, expected: str) -> None:
    assert refusal(**{name: given}) == expected


@pytest.mark.parametrize(
    "edge",
    [
        {"share_price": 2**53 - 1},
        {"share_price": "0." + "0" * 99 + "1", "dividend": 0},
        {"exercise_price": 2**53 - 1},
        {"term": 1000},
        {"volatility": 10},
        {"rate": 1},
        {"rate": -1},
        {"dividend": 2422},
        {"term": 1000, "rate": -1, "exercise_price": 2**53 - 1},
    ],
)
def test_the_bounds_themselves_are_computed(edge: dict[str, object]) -> None:
    assert 0 <= price(**edge) <= inputs(**edge).share_price


@pytest.mark.parametrize(
    "text",
    [
        *("", " ", "nan", "NaN", "inf", "-Infinity", "1e3", "1E-3", "+1", "--1", "1.", ".5", "1.2.3", "1,000", "1_000"),
        *(" 1", "1\n", "\uff12\uff14", "\u22121", "1/2", "0x10", "¥1", "\u202e1", "\0", "\ud800"),
    ],
)
def test_text_that_is_no_number(text: str) -> None:
    how = 'it is written with digits and at most one point: "126.28"'
    for name in ("share_price", "exercise_price", "term", "volatility", "rate", "dividend", "shares_per_right"):
        message = refusal(**{name: text})
        assert message == f"`{name}` is {text!r}; {how}"
        assert message.encode().decode().isprintable()


def test_a_message_shows_only_the_beginning_of_a_long_text() -> None:
    assert refusal(term="x" * 10_000_000).startswith(f"`term` is '{'x' * 40}'; it is written with digits")
    assert refusal(rounding="x" * 10_000_000).startswith(f"`rounding` is '{'x' * 40}'; it is one of")


LONG = "`rate` is too long or too large: at most 16 digits before the point and 100 after it are read"


@pytest.mark.parametrize(
    "given",
    [
        "1" * 17,
        "1" * 10_000_000,
        "0." + "0" * 100 + "1",
        10**16,
        -(10**16),
        10**10_000,
        Decimal("1E+16"),
        Decimal("1E+999999999999999999"),
        Decimal("-1E-101"),
        Decimal("1E-999999999999999999"),
        Fraction(10**16),
        Fraction(1, 10**100 + 1),
    ],
    ids=range(12),
)
def test_numbers_that_are_too_long(given: Any) -> None:
    assert refusal(rate=given) == LONG


@pytest.mark.parametrize(
    ("given", "expected"),
    [
        ("9" * 16, 10**16 - 1),
        ("-" + "0" * 15 + "1." + "0" * 99 + "1", -1 - Fraction(1, 10**100)),
        (Decimal("1E+15"), 10**15),
        (Decimal("1E-100"), Fraction(1, 10**100)),
        (Fraction(1, 10**100), Fraction(1, 10**100)),
        (10**16 - 1, 10**16 - 1),
    ],
)
def test_the_longest_numbers_are_read_exactly(given: object, expected: Fraction) -> None:
    assert exact_number("rate", given) == expected


@pytest.mark.parametrize(
    ("given", "expected"),
    [
        (0.5, "`rate` is the float 0.5, which is not exact; give it as a string"),
        (float("nan"), "`rate` is the float nan, which is not exact; give it as a string"),
        (Decimal("NaN"), "`rate` is NaN; it is a finite number"),
        (Decimal("sNaN"), "`rate` is sNaN; it is a finite number"),
        (Decimal("-Infinity"), "`rate` is -Infinity; it is a finite number"),
        (True, "`rate` is of type bool; give it as a string"),
        (None, "`rate` is of type NoneType; give it as a string"),
        (b"1", "`rate` is of type bytes; give it as a string"),
        (1j, "`rate` is of type complex; give it as a string"),
    ],
)
def test_what_is_not_an_exact_number(given: object, expected: str) -> None:
    assert refusal(rate=given) == expected


def test_sizes_at_which_six_decimals_would_not_be_known() -> None:
    at_the_money = {"dividend": 0, "rate": 0, "term": 1, "volatility": "0.3"}
    expected = (
        "the present values of the share and of its exercise price are both above 1,000,000,000 yen: "
        "the price is not known to six decimals"
    )
    assert refusal(share_price=10**9 + 1, exercise_price=10**9 + 1, **at_the_money) == expected
    assert price(share_price=10**9, exercise_price=10**9 + 1, **at_the_money) > 0
    assert price(share_price=10**9 + 1, exercise_price=10**9, **at_the_money) > 0
    assert price(share_price=10**12, exercise_price=10**12 - 1, **(at_the_money | {"volatility": 0})) == 1
