"""Turning a function that asks a book into a command that shows the answer, of one ledger or of all."""

import inspect
from collections.abc import Callable, Iterable, Mapping
from datetime import date, datetime
from functools import partial
from typing import Any, TypedDict

import click
import typer
from click.core import ParameterSource

from ledger.answers import Answer
from ledger.cli import options
from ledger.cli.commands import ASK
from ledger.cli.render import print_csv, print_json, print_table, say
from ledger.cli.tables import Table, holder_of
from ledger.domain.errors import MalformedError
from ledger.opening import DEFAULT_URL, open_ledger
from ledger.projections.backdating import BACKDATED_DAYS
from ledger.projections.rows import Row, names

Ask = Callable[..., Answer[Any]]
"""Takes a book, a `Knowledge` and the command's own options by name."""

ToTable = Callable[[Answer[Any]], Table]


class Knowledge(TypedDict):
    """As of which state of knowledge a question is asked, and whether reasons are wanted."""

    known_at: date | datetime | None
    known_version: int | None
    why: bool


def _common(
    *,
    known_at: options.KnownAt = None,
    known_version: options.KnownVersion = None,
    db: options.Db = DEFAULT_URL,
    ledger: options.LedgerId = None,
    why: options.Why = False,
    as_json: options.Json = False,
    as_csv: options.Csv = False,
) -> None:
    """Carry the options that every question has besides its own."""


def _every(
    *,
    all_ledgers: options.AllLedgers = False,
    jobs: options.Jobs = None,
    scheduler: options.Scheduler = None,
    form: options.Form = None,
    out: options.OutWhole = None,
) -> None:
    """Carry the options of a question that is asked of all ledgers."""


COMMON = inspect.signature(_common).parameters
EVERY = inspect.signature(_every).parameters


def question(
    app: typer.Typer, ask: Ask, row_type: type[Row], *tables: tuple[str, ToTable], of_all: bool = True
) -> None:
    """Make a command of a function that takes a book, a state of knowledge and options of its own; it has its name.

    tables: the title of each table of the answer for people, and how it is made; the first title says what, as of when
    and at which version. of_all: whether it may be asked of all ledgers of a database.
    """
    _, _, *own = inspect.signature(ask).parameters.values()
    every = EVERY if of_all else {}

    def command(**given: Any) -> None:
        common = {key: given.pop(key) for key in COMMON}
        over = {key: given.pop(key) for key in every}
        if common["as_json"] and common["as_csv"]:
            raise MalformedError("malformed", "--json and --csv cannot both be had")
        known = Knowledge(known_at=common["known_at"], known_version=common["known_version"], why=common["why"])
        refuse_out_of_place(over)
        if over.get("all_ledgers"):
            from ledger.cli.every import answer_every, question_of

            asked = question_of(ask, row_type, given, known, form_of(over["form"], common))
            answer_every(
                common["db"],
                asked,
                partial(_show, tables=tables, known=known),
                jobs=over["jobs"],
                scheduler=over["scheduler"],
                out=over["out"],
                as_json=common["as_json"],
            )
            return
        with open_ledger(common["db"], common["ledger"]) as book:
            answer = ask(book, known, **given)
        if common["as_json"]:
            print_json(answer.to_dict(why=common["why"]))
        elif common["as_csv"]:
            print_csv(names(row_type), (row.to_dict() for row in answer))
        else:
            _show(answer, tables, known)

    command.__name__ = ask.__name__
    command.__doc__ = ask.__doc__
    app.command(ask.__name__, rich_help_panel=ASK)(options.declared(command, (*own, *COMMON.values(), *every.values())))


def refuse_out_of_place(over: Mapping[str, Any]) -> None:
    """Refuse options of all ledgers where one is asked, and of one ledger where all are."""
    if not over.get("all_ledgers"):
        named = {"jobs": "--jobs", "scheduler": "--scheduler", "form": "--format", "out": "--out"}
        for key, option in named.items():
            if over.get(key) is not None:
                raise MalformedError("malformed", f"{option} is for --all-ledgers, and one ledger is asked")
        return
    for key in ("ledger", "known_version"):
        if click.get_current_context().get_parameter_source(key) is ParameterSource.COMMANDLINE:
            option = f"--{key.replace('_', '-')}"
            instead = "leave out the one or the other" if key == "ledger" else "--known-at is of all"
            raise MalformedError("malformed", f"--all-ledgers asks every ledger, and {option} is of one: {instead}")
    if over["jobs"] is not None and over["scheduler"] is not None:
        raise MalformedError(
            "malformed", "--jobs says how many processes ask here, and --scheduler has others ask: give one of them"
        )


def form_of(form: str | None, common: Mapping[str, Any]) -> str | None:
    """The form that was asked for; None for tables."""
    flags = [name for name, is_given in {"jsonl": common["as_json"], "csv": common["as_csv"]}.items() if is_given]
    if form is not None and flags:
        raise MalformedError("malformed", "--format says the form, as --json and --csv do: give one of them")
    return form or next(iter(flags), None)


def _show(answer: Answer[Any], tables: Iterable[tuple[str, ToTable]], known: Knowledge) -> None:
    """Print the tables of an answer; the first says what it is of, so that no two that differ look the same."""
    day = "" if answer.as_of is None else f" {answer.preposition} {answer.as_of}"
    known_at = "" if known["known_at"] is None else f", known at {known['known_at']}"
    of = f"{day}{known_at} · ledger {answer.ledger} at version {answer.known_version}"
    for title, to_table in tables:
        if not answer:
            say(f"{title}{of}: none")
            break
        if not of:
            say()
        print_table(f"{title}{of}", *to_table(answer))
        of = ""
    if known["why"]:
        _print_reasons(answer)
    _print_proof(answer)


def _print_proof(answer: Answer[Any]) -> None:
    """Say what the answer rests on as a whole: whoever holds a checkpoint can compare."""
    say()
    say(f"{answer.known_version:,} {'entry' if answer.known_version == 1 else 'entries'}, root {answer.root}")
    if answer.backdated:
        say(f"recorded more than {BACKDATED_DAYS} days late: {answer.backdated:,} (rights history --backdated)")


def _print_reasons(answer: Iterable[Any]) -> None:
    for row in answer:
        say()
        say(f"Series {row.series}{', ' + holder_of(row) if hasattr(row, 'holder') else ''}:")
        for reason in row.because:
            version = "" if reason.version is None else f" (version {reason.version})"
            say(f"  {reason.item}: {reason.says}{version}")
