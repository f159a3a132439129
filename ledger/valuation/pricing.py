"""A price with all that it was computed from, so that whoever doubts it computes it again (item 12).

What an entry `pricing` keeps under `inputs` is written and read here. Decimals are texts, as everywhere in entries.
"""

from collections.abc import Iterator, Mapping
from datetime import date
from decimal import Decimal
from fractions import Fraction
from typing import Any, Final, NamedTuple

from ledger.domain.errors import RefusedError
from ledger.domain.strict_json import malformed
from ledger.domain.units import dropped
from ledger.valuation.black_scholes import (
    TRUSTED_DECIMALS,
    Inputs,
    Valuation,
    exact_number,
    option_price,
    read_inputs,
    rounded,
)

METHOD: Final = "black-scholes"
FIGURES: Final = ("share_price", "exercise_price", "term", "volatility", "rate", "dividend")
"""The inputs of the formula, by the names that `rights value` has for them."""

_MOST_DECIMALS: Final = 100


class Pricing(NamedTuple):
    """A price and what it rests on.

    sources: where `share_price`, `volatility` or `rate` come from, as JSON objects; those that were given have none.
    """

    inputs: Inputs
    shares_per_right: int
    rounding: str
    sources: Mapping[str, Mapping[str, Any]]

    @property
    def exact(self) -> str:
        """The price of the option on one share before any rounding up, in yen, to 12 decimals."""
        return to_decimals(option_price(self.inputs), TRUSTED_DECIMALS)

    @property
    def valuation(self) -> Valuation:
        """The price per share and per right."""
        return rounded(option_price(self.inputs), self.shares_per_right, self.rounding)

    def entry(self, series: str, on: date) -> dict[str, Any]:
        """Return the entry `pricing` that records it."""
        told = self.valuation.to_dict()
        figures = {name: written(getattr(self.inputs, name)) for name in FIGURES}
        terms = {"shares_per_right": self.shares_per_right, "rounding": self.rounding}
        inputs = {"method": METHOD, **figures, **terms, "option_price": self.exact}
        if self.sources:
            inputs["sources"] = without_nulls(self.sources)
        prices = {name: told[name] for name in ("price_per_share", "price_per_right")}
        return {"type": "pricing", "series": series, "on": on.isoformat(), **prices, "inputs": inputs}


class Compared(NamedTuple):
    """A figure as it was recorded, and as it is found now."""

    what: str
    recorded: str
    found: str

    @property
    def agrees(self) -> bool:
        """Whether it is the same to the last digit."""
        return self.recorded == self.found


def recorded(version: int, entry: Mapping[str, Any]) -> Pricing:
    """Read what a recorded price was computed from.

    version, entry: of the `pricing`, as its JSON value.

    Raises `RefusedError` (`no-inputs`) for a price that was recorded without what `rights price` writes.
    """
    inputs = entry.get("inputs") or {}
    missing = [name for name in (*FIGURES, "shares_per_right", "rounding", "option_price") if name not in inputs]
    if inputs.get("method") != METHOD or missing:
        what = f"its inputs lack {', '.join(missing)}" if inputs and missing else "it was recorded with the price alone"
        raise RefusedError(
            "no-inputs",
            f"the price of version {version}, series {entry['series']}, cannot be computed again: {what};"
            " `rights price` with --prices, --rates and --dividend records what it computes from (item 12)",
        )
    figures = read_inputs(**{name: inputs[name] for name in FIGURES})
    shares = exact_number("shares_per_right", inputs["shares_per_right"])
    return Pricing(figures, int(shares), str(inputs["rounding"]), inputs.get("sources") or {})


def compared(entry: Mapping[str, Any], again: Pricing) -> Iterator[Compared]:
    """Compare every figure of a recorded price with what is found now. entry: the `pricing`, as its JSON value."""
    was, told = entry["inputs"], again.valuation.to_dict()
    for name in FIGURES:
        found = written(getattr(again.inputs, name))
        yield Compared(name, _plain(was[name]), found)
    yield Compared("option_price", str(was["option_price"]), again.exact)
    for name in ("price_per_share", "price_per_right"):
        if name in entry:
            yield Compared(name, _plain(entry[name]), told[name])


def written(number: Fraction) -> str:
    """A finite decimal in digits, without zeros at its end.

    >>> written(Fraction(978, 100_000))
    '0.00978'
    """
    decimals = 0
    while (number * 10**decimals).denominator != 1:
        decimals += 1
        if decimals > _MOST_DECIMALS:
            malformed(f"{number} is no decimal, and an entry keeps decimals")
    return to_decimals(number, decimals)


def to_decimals(number: Fraction, decimals: int) -> str:
    """A number with so many decimals, half up (away from zero).

    >>> to_decimals(Fraction(-1, 8), 2)
    '-0.13'
    """
    whole, rest = divmod(dropped(abs(number) * 10**decimals + Fraction(1, 2)), 10**decimals)
    digits = f"{whole}.{rest:0{decimals}}" if decimals else str(whole)
    return f"-{digits}" if number < 0 and (whole or rest) else digits


def without_nulls(value: Any) -> Any:
    """A JSON value without what is not known: an entry holds no null."""
    if isinstance(value, Mapping):
        return {key: without_nulls(item) for key, item in value.items() if item is not None and item != ""}
    return [without_nulls(item) for item in value] if isinstance(value, list | tuple) else value


def _plain(given: object) -> str:
    """A figure as it was recorded, in the digits of `written`."""
    return written(Fraction(Decimal(str(given))))
