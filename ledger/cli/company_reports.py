"""The reports that a company files or publishes: the moves of a span, the exercises of a month, dilution."""

import re
from datetime import date
from fractions import Fraction
from typing import Annotated

import typer

from ledger.answers import Answer
from ledger.book import Book
from ledger.cli import options
from ledger.cli.company_tables import (
    company_shares_table,
    dilution_table,
    registration_table,
    rollforward_rights_table,
    rollforward_shares_table,
)
from ledger.cli.questions import Knowledge, question
from ledger.domain.spans import day_from
from ledger.projections.report_rows import DilutionRow, RegistrationRow, RollforwardRow


def add(app: typer.Typer) -> None:
    """Add the reports."""
    moves = (
        ("Moves of rights", rollforward_rights_table),
        ("In shares, by the shares per right at the end", rollforward_shares_table),
    )
    question(app, rollforward, RollforwardRow, *moves)
    question(app, registration, RegistrationRow, ("Exercises to file", registration_table))
    shares = (("Dilution", dilution_table), ("Shares of the company", company_shares_table))
    question(app, dilution, DilutionRow, *shares, of_all=False)


def rollforward(
    book: Book,
    known: Knowledge,
    *,
    since: Annotated[
        date, typer.Option("--from", metavar="DAY", parser=options.read_day, help="First day of the span.")
    ],
    until: Annotated[
        date, typer.Option("--until", metavar="DAY", parser=options.read_day, help="Last day of the span, included.")
    ],
    series: options.AnySeries = None,
) -> Answer[RollforwardRow]:
    """Show what became of the rights of each series in a span, as an annual report does.

    Example: rights rollforward --from 2018-04-01 --until 2019-03-31
    """
    return book.rollforward(since, until, series=series, **known)


def _read_month(text: str) -> date:
    """The first day of a month as the command line takes it: YYYY-MM, nothing else."""
    first = day_from(f"{text}-01") if re.fullmatch(r"[0-9]{4}-[0-9]{2}", text) else None
    if first is None:
        raise typer.BadParameter(f"{text} is no month of the calendar; months are written YYYY-MM, such as 2019-07")
    return first


def registration(
    book: Book,
    known: Knowledge,
    *,
    month: Annotated[
        date, typer.Option("--month", metavar="MONTH", parser=_read_month, help="The month, such as 2019-07.")
    ],
    series: options.AnySeries = None,
) -> Answer[RegistrationRow]:
    """Show the exercises of a month as they are filed together, and by when.

    Example: rights registration --month 2018-07
    """
    return book.registration(month, series=series, **known)


def _read_price(text: str) -> Fraction:
    """Yen above 0, with decimals after a point."""
    price = Fraction(text) if re.fullmatch(r"[0-9]{1,30}(\.[0-9]{1,30})?", text) else Fraction(0)
    if not price:
        raise typer.BadParameter(f"{text} is no price: write yen above 0, such as 2422 or 126.28")
    return price


def dilution(
    book: Book,
    known: Knowledge,
    *,
    shares_outstanding: Annotated[
        int,
        typer.Option(
            "--shares-outstanding",
            metavar="N",
            min=1,
            help="Shares of the company outstanding, without treasury shares.",
        ),
    ],
    share_price: Annotated[
        Fraction | None,
        typer.Option(
            "--share-price", metavar="YEN", parser=_read_price, help="Average price, for the treasury-stock method."
        ),
    ] = None,
    as_of: options.AsOf = None,
    company: Annotated[
        str | None,
        typer.Option("--company", metavar="C", help="Whose shares; needed where rights are for those of several."),
    ] = None,
    series: options.AnySeries = None,
) -> Answer[DilutionRow]:
    """Show how many shares the rights may become, fully diluted, and by the treasury-stock method.

    Example: rights dilution --shares-outstanding 93800000 --share-price 2650 --as-of 2023-03-31
    """
    return book.dilution(shares_outstanding, as_of, share_price=share_price, company=company, series=series, **known)
