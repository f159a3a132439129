"""The questions: what holds as of a day, as known at any time."""

from datetime import date
from typing import Annotated

import typer

from ledger.answers import Answer
from ledger.book import Book
from ledger.cli import options
from ledger.cli.questions import Knowledge, question
from ledger.cli.tables import (
    eligibility_table,
    exercises_table,
    history_table,
    holdings_table,
    series_table,
    terms_table,
)
from ledger.projections.backdating import BACKDATED_DAYS
from ledger.projections.rows import EligibilityRow, ExerciseRow, HistoryRow, HoldingRow, SeriesRow


def add(app: typer.Typer) -> None:
    """Add the questions."""
    question(app, holdings, HoldingRow, ("Holdings", holdings_table))
    question(app, series, SeriesRow, ("Series", series_table), ("Terms", terms_table))
    question(app, eligibility, EligibilityRow, ("Eligibility", eligibility_table))
    question(app, exercises, ExerciseRow, ("Exercises", exercises_table))
    question(app, history, HistoryRow, ("History", history_table), of_all=False)


def holdings(
    book: Book,
    known: Knowledge,
    *,
    as_of: options.AsOf = None,
    series: options.AnySeries = None,
    holder: options.AnyHolder = None,
    outstanding: Annotated[bool, typer.Option("--outstanding", help="Only holdings with rights outstanding.")] = False,
) -> Answer[HoldingRow]:
    """Show every holding there ever was by a day, and where its rights went.

    Example: rights holdings --as-of 2018-07-01
    """
    answer = book.holdings(as_of, series=series, holder=holder, **known)
    return answer.where(lambda row: row.outstanding > 0) if outstanding else answer


def series(
    book: Book, known: Knowledge, *, as_of: options.AsOf = None, series: options.AnySeries = None
) -> Answer[SeriesRow]:
    """Show the series: what became of their rights, shares per right, prices, exercise period.

    Example: rights series --as-of 2022-10-01
    """
    return book.series(as_of, series=series, **known)


def eligibility(
    book: Book,
    known: Knowledge,
    *,
    on: Annotated[
        date | None,
        typer.Option("--on", metavar="DAY", parser=options.read_day, help="On this day; default: today in Japan."),
    ] = None,
    series: options.AnySeries = None,
    holder: options.AnyHolder = None,
) -> Answer[EligibilityRow]:
    """Show who may exercise on a day, from when until when, and why not.

    Example: rights eligibility --on 2018-07-02
    """
    return book.eligibility(on, series=series, holder=holder, **known)


def exercises(
    book: Book,
    known: Knowledge,
    *,
    since: Annotated[
        date | None,
        typer.Option("--from", metavar="DAY", parser=options.read_day, help="From this day; default: the first."),
    ] = None,
    as_of: options.AsOf = None,
    series: options.AnySeries = None,
    holder: options.AnyHolder = None,
) -> Answer[ExerciseRow]:
    """Show the exercises, with shares, payment, capital and capital reserve.

    Example: rights exercises --from 2018-04-01 --as-of 2019-03-31
    """
    return book.exercises(as_of, since=since, series=series, holder=holder, **known)


def history(
    book: Book,
    known: Knowledge,
    *,
    since_version: Annotated[
        int, typer.Option("--since-version", metavar="N", min=0, help="Only entries after version N.")
    ] = 0,
    backdated: Annotated[
        bool,
        typer.Option("--backdated", help=f"Only entries recorded over {BACKDATED_DAYS} days after their day."),
    ] = False,
) -> Answer[HistoryRow]:
    """Show every entry as it was recorded: when, by whom, and what retracted it.

    Example: rights history --since-version 20
    """
    answer = book.history(since_version=since_version, known_at=known["known_at"], known_version=known["known_version"])
    return answer.where(lambda row: row.backdated_days is not None) if backdated else answer
