"""The reports: what falls due, and what became of rights in a span of days."""

import re
from datetime import date, timedelta
from typing import Annotated

import typer

from ledger.answers import Answer
from ledger.book import Book
from ledger.cli import calendar_file, options
from ledger.cli.calendar_file import with_calendar, write_calendar
from ledger.cli.questions import Knowledge, question
from ledger.cli.report_tables import deadlines_table
from ledger.domain.errors import MalformedError
from ledger.projections.report_rows import DeadlineRow


def add(app: typer.Typer) -> None:
    """Add the reports."""
    question(app, deadlines, DeadlineRow, ("Deadlines", deadlines_table))
    with_calendar(app)


def deadlines(
    book: Book,
    known: Knowledge,
    *,
    on: Annotated[
        date | None,
        typer.Option("--on", metavar="DAY", parser=options.read_day, help="From this day; default: today in Japan."),
    ] = None,
    within: Annotated[
        str | None,
        typer.Option(
            "--within",
            metavar="SPAN",
            help="At most so much later, 30d or 6w, but for heirs, who are awaited today; default: all.",
        ),
    ] = None,
    series: options.AnySeries = None,
    holder: options.AnyHolder = None,
    every_window: Annotated[
        bool,
        typer.Option(
            "--every-window", help="Also each window that ends with the exercise period, as is told with --holder."
        ),
    ] = False,
    ics: calendar_file.Ics = None,
    force: options.Force = False,
) -> Answer[DeadlineRow]:
    """Show what ends, begins or must be filed soon: windows, periods, heirs awaited, the register.

    Example: rights deadlines --on 2018-07-02 --within 30d
    """
    span = _span(within)
    asked = Knowledge(**{**known, "why": known["why"] or ics is not None})
    answer = book.deadlines(on, within=span, every_window=every_window, series=series, holder=holder, **asked)
    if ics is not None:
        write_calendar(ics, book, answer, force=force)
    return answer


def _span(text: str | None) -> timedelta | None:
    """Days or weeks as a person writes them."""
    if text is None:
        return None
    found = re.fullmatch(r"([0-9]{1,4})([dw])", text)
    if found is None:
        raise MalformedError("malformed", f"--within {text} is no span: write days or weeks, such as 30d or 6w")
    return timedelta(days=int(found[1]) * (7 if found[2] == "w" else 1))
