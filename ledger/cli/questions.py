"""The decorator that turns a function that asks a book into a command that shows the answer."""

import inspect
from collections.abc import Callable, Iterable
from datetime import date, datetime
from typing import Any, TypedDict

import typer
from msgspec.structs import fields

from ledger.answers import Answer
from ledger.cli import options
from ledger.cli.commands import ASK
from ledger.cli.render import print_csv, print_json, print_table, say
from ledger.cli.tables import Table, holder_of
from ledger.domain.errors import MalformedError
from ledger.opening import DEFAULT_URL, ask_ledger
from ledger.projections.backdating import BACKDATED_DAYS
from ledger.projections.rows import Row

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


COMMON = inspect.signature(_common).parameters


def question(
    app: typer.Typer, name: str, row_type: type[Row], *tables: tuple[str, ToTable]
) -> Callable[[Ask], Callable[..., None]]:
    """Make a command of a function that takes a book, a state of knowledge and options of its own.

    tables: the title of each table of the answer for people, and how it is made; the first title says what, as of when
    and at which version.
    """

    def decorate(ask: Ask) -> Callable[..., None]:
        _, _, *own = inspect.signature(ask).parameters.values()

        def command(**given: Any) -> None:
            common = {key: given.pop(key) for key in COMMON}
            if common["as_json"] and common["as_csv"]:
                raise MalformedError("malformed", "--json and --csv cannot both be had")
            known = Knowledge(known_at=common["known_at"], known_version=common["known_version"], why=common["why"])
            with ask_ledger(common["db"], common["ledger"]) as book:
                answer = ask(book, known, **given)
            if common["as_json"]:
                print_json(answer.to_dict(why=common["why"]))
            elif common["as_csv"]:
                names = [each.encode_name for each in fields(row_type) if each.name != "because"]
                print_csv(names, (row.to_dict() for row in answer))
            else:
                _show(answer, tables, known)

        command.__name__ = name
        command.__doc__ = ask.__doc__
        app.command(name, rich_help_panel=ASK)(options.declared(command, (*own, *COMMON.values())))
        return command

    return decorate


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
