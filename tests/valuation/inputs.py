"""Inputs to begin with: those of the notice of 2014, with what a test changes."""

from fractions import Fraction
from typing import Any

from ledger.valuation.black_scholes import Inputs, Valuation, option_price, read_inputs, value

NOTICE_OF_2014: dict[str, Any] = {
    "share_price": "2422",
    "exercise_price": "1",
    "term": "15",
    "volatility": "0.45",
    "rate": "0.00978",
    "dividend": "22",
}


def inputs(**changed: object) -> Inputs:
    return read_inputs(**(NOTICE_OF_2014 | changed))


def price(**changed: object) -> Fraction:
    return option_price(inputs(**changed))


def valued(rounding: str = "share", shares_per_right: Any = 200, **changed: object) -> Valuation:
    return value(**(NOTICE_OF_2014 | changed), shares_per_right=shares_per_right, rounding=rounding)
