"""`rights value`: the price of a right from the figures of item 12."""

from pathlib import Path
from typing import Annotated, Any, Literal

import typer

from ledger.cli import options
from ledger.cli.again import compute_again, refuse_figures
from ledger.cli.commands import ASK
from ledger.cli.forms import taking
from ledger.cli.memo import facts_given, memo_options, refuse_no_memo, write_memo
from ledger.cli.render import print_json, say
from ledger.cli.valuing import inputs_of, needed, print_greeks, print_grid, say_implied
from ledger.domain.strict_json import malformed
from ledger.opening import DEFAULT_URL
from ledger.reports.cells import Yen

OTHERWISE = "Besides, or instead"
RECORDED = "A price that was recorded"

Rounding = Literal["share", "share-2", "right"]


def add(app: typer.Typer) -> None:
    """Add the command."""
    app.command("value", rich_help_panel=ASK)(taking(value, _figures, _otherwise, _recorded, memo_options, _form))


def _figures(
    *,
    share_price: Annotated[str | None, typer.Option("--share-price", metavar="YEN", help="S, yen a share.")] = None,
    exercise_price: Annotated[
        str | None, typer.Option("--exercise-price", metavar="YEN", help="X, yen a share.")
    ] = None,
    term: Annotated[
        str | None, typer.Option("--term", metavar="YEARS", help="T, the expected remaining period.")
    ] = None,
    volatility: Annotated[
        str | None, typer.Option("--volatility", metavar="σ", help="Per year, of one: 0.45 is 45 %.")
    ] = None,
    rate: Annotated[
        str | None, typer.Option("--rate", metavar="r", help="Per year, of one: 0.00978 is 0.978 %.")
    ] = None,
    dividend: Annotated[str | None, typer.Option("--dividend", metavar="YEN", help="Yen a share and year.")] = None,
    shares_per_right: Annotated[
        int | None, typer.Option("--shares-per-right", metavar="N", help="Shares for one right.")
    ] = None,
    rounding: Annotated[Rounding, typer.Option("--rounding", help="Which figure is rounded up.")] = "share",
) -> None:
    """Carry the options of the figures."""


def _otherwise(
    *,
    greeks: Annotated[
        bool,
        typer.Option(
            "--greeks",
            help="Delta and gamma by yen of S, vega by σ, rho by r, psi by the yield (each by 1.00), theta by year.",
            rich_help_panel=OTHERWISE,
        ),
    ] = False,
    price: Annotated[
        str | None,
        typer.Option(
            "--price",
            metavar="YEN",
            help="An option price a share, instead of --volatility: answers the volatility that it implies.",
            rich_help_panel=OTHERWISE,
        ),
    ] = None,
    grid: Annotated[
        str | None,
        typer.Option(
            "--grid",
            metavar="GRID",
            help="Option prices as CSV: share-price=1000:5000:1000,volatility=0.2:0.6:5 (from, to, how many points).",
            rich_help_panel=OTHERWISE,
        ),
    ] = None,
) -> None:
    """Carry the options that ask for more than the price, or for something else."""


def _recorded(
    *,
    of_series: Annotated[
        str | None,
        typer.Option(
            "--of-series",
            metavar="S",
            help="Compute the recorded price of a series again, and say whether it agrees to the last digit.",
            rich_help_panel=RECORDED,
            autocompletion=options.series_names,
        ),
    ] = None,
    prices: Annotated[
        Path | None,
        typer.Option("--prices", metavar="FILE", help="From the same closing prices.", rich_help_panel=RECORDED),
    ] = None,
    rates: Annotated[
        Path | None,
        typer.Option("--rates", metavar="FILE", help="From the same table of yields.", rich_help_panel=RECORDED),
    ] = None,
    db: options.Db = DEFAULT_URL,
    ledger: options.LedgerId = None,
) -> None:
    """Carry the options of a price that was recorded."""


def _form(*, as_json: options.Json = False) -> None:
    """Carry the options of the answer's form."""


def value(**given: Any) -> None:
    """Value a right by Black-Scholes with a continuous dividend yield (item 12).

    Example:
    rights value --share-price 2422 --exercise-price 1 --term 15 --volatility 0.45 --rate 0.00978 --dividend 22
    --shares-per-right 200
    """
    from ledger.valuation.black_scholes import option_price, rounded
    from ledger.valuation.greeks import greeks

    recorded = {name: given.pop(name) for name in ("prices", "rates", "db", "ledger")}
    kept = {name: given.pop(name) for name in ("memo", "force")}
    refuse_no_memo(kept["memo"], force=kept["force"])
    series = given.pop("of_series")
    if series is not None:
        refuse_figures(given)
        compute_again(series, **recorded, **kept, as_json=given["as_json"])
        return
    if recorded["prices"] is not None or recorded["rates"] is not None:
        malformed("--prices and --rates are for --of-series; `rights price` computes a new price from files")
    if given["grid"] is not None:
        if kept["memo"] is not None:
            malformed("--grid asks for many prices, and a memo is about one: leave --memo out")
        print_grid(given)
        return
    inputs, implied = inputs_of(given)
    if implied is None:
        shares_per_right = needed(given, "shares_per_right")["shares_per_right"]
        worth = rounded(option_price(inputs), shares_per_right, given["rounding"]).to_dict()
    else:
        worth = implied.to_dict()
    if kept["memo"] is not None:
        write_memo(kept["memo"], facts_given(inputs, given), force=kept["force"], as_json=given["as_json"])
    found = greeks(inputs) if given["greeks"] else None
    if given["as_json"]:
        print_json(worth if found is None else {**worth, "greeks": found.to_dict()})
        return
    if implied is None:
        say(f"{Yen(worth['option_price'])} a share by Black-Scholes (item 12), rounded by `{given['rounding']}`:")
        per_right = f"{Yen(worth['price_per_right'])} a right of {shares_per_right:,} shares"
        say(f"{Yen(worth['price_per_share'])} a share, {per_right}.")
    else:
        say_implied(given["price"], implied)
    if found is not None:
        print_greeks(found)
