"""The question why: a holding, a series or an exercise, with the chain behind every figure."""

from collections.abc import Callable, Sequence
from datetime import date
from functools import wraps
from typing import Annotated, Any, cast

import typer

from ledger.answers import Answer
from ledger.book import Book
from ledger.cli import options
from ledger.cli.questions import Knowledge, question
from ledger.cli.tables import Table
from ledger.projections.report_rows import ExplanationRow
from ledger.reports.cells import holder_of
from ledger.reports.language import reworded, text


def add(app: typer.Typer) -> None:
    """Add the question."""
    question(app, explain, ExplanationRow, ("Explanation", sentences_table), ("Steps", steps_table), of_all=False)
    _say_why_once(app)


def _say_why_once(app: typer.Typer) -> None:
    """Let `--why` add nothing to the command that was added last: its steps are the reasons."""
    registered = app.registered_commands[-1]
    command = cast(Callable[..., None], registered.callback)

    @wraps(command)
    def once(**given: Any) -> None:
        command(**{**given, "why": False})

    registered.callback = once


def explain(
    book: Book,
    known: Knowledge,
    *,
    series: Annotated[
        str | None,
        typer.Option(
            "--series", metavar="S", help="The series, or that of the holding.", autocompletion=options.series_names
        ),
    ] = None,
    holder: Annotated[
        str | None,
        typer.Option(
            "--holder",
            metavar="H",
            help="What this holder has in the series; default: the series itself.",
            autocompletion=options.holder_names,
        ),
    ] = None,
    inherited_from: options.InheritedFrom = None,
    transferred_from: options.TransferredFrom = None,
    version: Annotated[
        int | None, typer.Option("--version", metavar="N", help="The exercise recorded at this version.")
    ] = None,
    on: Annotated[
        date | None,
        typer.Option("--on", metavar="DAY", parser=options.read_day, help="On this day; default: today in Japan."),
    ] = None,
) -> Answer[ExplanationRow]:
    """Say why a holding, a series or an exercise is as it is: a sentence, and every step behind it.

    Example: rights explain --series 7 --holder director-1 --on 2018-07-09
    """
    return book.explain(
        on,
        series=series,
        holder=holder,
        inherited_from=inherited_from,
        transferred_from=transferred_from,
        version=version,
        **known,
    )


def sentences_table(answer: Answer[ExplanationRow]) -> Table:
    """The answer in a sentence, of each holding."""
    from ledger.reports.sentences import sentence

    return ("answer",), [(sentence(row),) for row in answer]


def steps_table(answer: Answer[ExplanationRow]) -> Table:
    """What follows from what: the entry, the item, and what they say; of several holdings, of which."""
    several = ["holder"] if len(answer) > 1 else []
    sources = ["source"] if any(step.source for row in answer for step in row.steps) else []
    rows: list[Sequence[object]] = [
        (
            *(holder_of(row) for _ in several),
            step.version,
            text(step.item),
            reworded(step.says),
            *(step.source or "" for _ in sources),
        )
        for row in answer
        for step in row.steps
    ]
    return (*several, "version", "item", "what follows", *sources), rows
