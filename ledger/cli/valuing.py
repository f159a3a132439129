"""What `rights value` answers besides the price: its greeks, the volatility that a price implies, prices of a grid."""

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any, Final

import click

from ledger.cli.render import print_table, say, tell
from ledger.domain.strict_json import malformed
from ledger.reports.cells import Yen

if TYPE_CHECKING:
    from ledger.valuation.black_scholes import Inputs
    from ledger.valuation.greeks import Greeks
    from ledger.valuation.implied import Implied

LINE_END: Final = "\r\n"
"""Of comma-separated values (RFC 4180)."""

FIGURES: Final = ("share_price", "exercise_price", "term", "volatility", "rate", "dividend")

_MEANINGS: Final = {
    "delta": "yen for one yen of share price; the dividend yield stays",
    "gamma": "delta for one yen of share price",
    "vega": "yen for a volatility more by 1, which is 100 %",
    "theta": "yen for one year that passes",
    "rho": "yen for a rate more by 1, which is 100 %",
    "psi": "yen for a dividend yield more by 1, which is 100 %",
}


def needed(given: Mapping[str, Any], *names: str) -> dict[str, Any]:
    """The options of these names. Raises `click.UsageError` for the first that was not given."""
    for name in names:
        if given[name] is None:
            raise click.UsageError(f"Missing option '--{name.replace('_', '-')}'.")
    return {name: given[name] for name in names}


def print_grid(given: Mapping[str, Any]) -> None:
    """Print a grid as comma-separated values, a block after the other: nothing holds all of it."""
    from ledger.valuation.axes import read_grid

    for name in ("price", "greeks", "as_json"):
        if given[name]:
            malformed(f"--grid prints prices as CSV, and nothing else: leave --{name.removeprefix('as_')} out")
    grid = read_grid(given["grid"], {name: given[name] for name in FIGURES})
    print(*(axis.name for axis in grid.axes), "option_price", sep=",", end=LINE_END)
    for block in grid.blocks():
        rows = zip(*block.columns, map("{:.6f}".format, block.prices), strict=True)
        # Numbers need no quoting, and a block written at once takes a third of the time.
        print(LINE_END.join(map(",".join, rows)), end=LINE_END)


def inputs_of(given: Mapping[str, Any]) -> "tuple[Inputs, Implied | None]":
    """What the price is computed from; with --price, the volatility that it implies, and what is told of it."""
    from msgspec.structs import replace

    from ledger.valuation.black_scholes import exact_number, read_inputs
    from ledger.valuation.implied import implied_volatility

    price = given["price"]
    if price is None:
        return read_inputs(**needed(given, *FIGURES)), None
    if given["volatility"] is not None:
        malformed("--price asks for the volatility at which that is the option price: leave --volatility out")
    inputs = read_inputs(volatility=0, **needed(given, *(name for name in FIGURES if name != "volatility")))
    implied = implied_volatility(price, inputs)
    return replace(inputs, volatility=exact_number("volatility", implied.volatility)), implied


def say_implied(price: str, implied: "Implied") -> None:
    """Say the volatility that a price implies."""
    found = implied.to_dict()
    say(f"{found['volatility']} a year is the volatility at which the option price is {Yen(price)} a share (item 12).")
    say(f"The price is the same to six decimals from {found['lowest']} to {found['highest']}.")


def print_greeks(greeks: "Greeks") -> None:
    """Print the greeks, each with what it is."""
    found = greeks.to_dict()
    rows = [(name, found[name] or "does not exist", meaning) for name, meaning in _MEANINGS.items()]
    say()
    print_table("Greeks of the option on one share", ("Greek", "Value", "Meaning"), rows)
    if greeks.note is not None:
        say()
        tell(f"{greeks.note[:1].upper()}{greeks.note[1:]}.")
