"""`rights value`: the price of a right from the figures of item 12."""

from typing import Annotated, Literal

import typer

from ledger.cli import options
from ledger.cli.render import print_json, say, yen

PANEL = "Ask"

Rounding = Literal["share", "share-2", "right"]


def add_value(app: typer.Typer) -> None:
    """Add the command."""
    app.command("value", rich_help_panel=PANEL)(value)


def value(
    *,
    share_price: Annotated[str, typer.Option("--share-price", metavar="YEN", help="S, yen a share.")],
    exercise_price: Annotated[str, typer.Option("--exercise-price", metavar="YEN", help="X, yen a share.")],
    term: Annotated[str, typer.Option("--term", metavar="YEARS", help="T, the expected remaining period.")],
    volatility: Annotated[str, typer.Option("--volatility", metavar="σ", help="Per year, of one: 0.45 is 45 %.")],
    rate: Annotated[str, typer.Option("--rate", metavar="r", help="Per year, of one: 0.00978 is 0.978 %.")],
    dividend: Annotated[str, typer.Option("--dividend", metavar="YEN", help="Yen a share and year.")],
    shares_per_right: Annotated[int, typer.Option("--shares-per-right", metavar="N", help="Shares for one right.")],
    rounding: Annotated[Rounding, typer.Option("--rounding", help="Which figure is rounded up.")] = "share",
    as_json: options.Json = False,
) -> None:
    """Value a right by Black-Scholes with a continuous dividend yield (item 12).

    Example:
    rights value --share-price 2422 --exercise-price 1 --term 15 --volatility 0.45 --rate 0.00978 --dividend 22
    --shares-per-right 200
    """
    from ledger.valuation.black_scholes import value as black_scholes

    worth = black_scholes(
        share_price=share_price,
        exercise_price=exercise_price,
        term=term,
        volatility=volatility,
        rate=rate,
        dividend=dividend,
        shares_per_right=shares_per_right,
        rounding=rounding,
    ).to_dict()
    if as_json:
        print_json(worth)
        return
    say(f"{yen(worth['option_price'])} a share by Black-Scholes (item 12), rounded by `{rounding}`:")
    per_right = f"{yen(worth['price_per_right'])} a right of {shares_per_right:,} shares"
    say(f"{yen(worth['price_per_share'])} a share, {per_right}.")
