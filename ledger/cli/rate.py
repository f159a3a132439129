"""`rights rate`: the risk-free rate of item 12, from the Ministry of Finance's table."""

from datetime import date
from pathlib import Path
from typing import Annotated

import typer

from ledger.cli import options
from ledger.cli.commands import ASK
from ledger.cli.render import print_json, say


def add(app: typer.Typer) -> None:
    """Add the command."""
    app.command("rate", rich_help_panel=ASK)(rate)


def rate(
    file: Annotated[Path, typer.Argument(metavar="JGB.csv", help="The ministry's table of yields, as published.")],
    *,
    on: Annotated[date, typer.Option("--on", metavar="DAY", parser=options.read_day, help="The day of valuation.")],
    term: Annotated[str, typer.Option("--term", metavar="YEARS", help="T, the expected remaining period.")],
    as_json: options.Json = False,
) -> None:
    """Read the risk-free rate for a term from the yields of Japanese government bonds (item 12).

    Between two maturities it lies on the straight line through them; a day without yields has those of the day before.

    Example: rights rate jgbcm.csv --on 2014-07-10 --term 15
    """
    from ledger.valuation.rates import read_rate

    found = read_rate(file, on, term)
    if as_json:
        print_json(found.to_dict())
        return
    say(f"{found.rate:f} for {term} years on {on}: {found.basis}.")
    if found.note:
        say(f"Note: {found.note}.")
    say(f"{found.file}, row {found.row:,}, SHA-256 {found.sha256}")
