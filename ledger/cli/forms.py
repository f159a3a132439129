"""One form a kind of entry: the decorator that turns a function of fields into a command that records them."""

import inspect
from collections.abc import Callable, Mapping
from datetime import date
from typing import Any

import typer

from ledger.cli import options
from ledger.cli.consequences import consequences
from ledger.cli.render import print_json, say
from ledger.domain.errors import LedgerError
from ledger.opening import DEFAULT_URL, open_ledger

Fields = dict[str, Any]


def common(
    *,
    entry_id: options.EntryId = None,
    source: options.Source = None,
    note: options.Note = None,
    actor: options.Actor = None,
    dry_run: options.DryRun = False,
    expect_version: options.ExpectVersion = None,
    db: options.Db = DEFAULT_URL,
    ledger: options.LedgerId = None,
    as_json: options.Json = False,
) -> None:
    """Carry the options that every form has besides its own."""


COMMON = inspect.signature(common).parameters


def form(app: typer.Typer, name: str, kind: str, panel: str) -> Callable[[Callable[..., Fields]], Callable[..., None]]:
    """Make a command of a function that takes an entry's own fields and returns them by their stored names.

    The command takes the common options too, leaves out what was not given, records one entry and says what follows.
    """

    def decorate(fill: Callable[..., Fields]) -> Callable[..., None]:
        def command(**given: Any) -> None:
            of_all = {key: given.pop(key) for key in COMMON}
            record_one({"type": kind, **fill(**given)}, **of_all)

        command.__name__ = fill.__name__
        command.__doc__ = fill.__doc__
        app.command(name, rich_help_panel=panel)(taking(command, fill, common))
        return command

    return decorate


def taking(command: Callable[..., None], *carriers: Callable[..., Any]) -> Callable[..., None]:
    """Let a command, which takes options by their names, take those of some functions."""
    of_each = [inspect.signature(each).parameters for each in carriers]
    return options.declared(command, [option for each in of_each for option in each.values()])


def record_one(
    fields: Fields,
    *,
    entry_id: str | None,
    source: str | None,
    note: str | None,
    actor: str | None,
    dry_run: bool,
    expect_version: int | None,
    db: str,
    ledger: str | None,
    as_json: bool,
    shown: Mapping[str, Any] | None = None,
) -> None:
    """Record one entry and say which version it has, and what follows from it.

    shown: what the answer in JSON shows of it besides, under its type.
    """
    given = [*fields.items(), ("id", entry_id), ("source", source), ("note", note)]
    entry = {key: _plain(value) for key, value in given if value is not None}
    with open_ledger(db, ledger) as book:
        try:
            outcome = book.record([entry], actor=actor, dry_run=dry_run, expect_version=expect_version)
        except LedgerError as error:
            error.line = None  # a form has no lines
            raise
        if as_json:
            print_json(outcome.to_dict() | ({} if shown is None else {shown["type"]: dict(shown)}))
            return
        version = outcome.lines[0].version or outcome.version
        if dry_run:
            say(f"Lawful: it would be version {version} of ledger {book.ledger}. Nothing was recorded.")
            return
        if outcome.lines[0].was_there:
            say(f"Already there as version {version} of ledger {book.ledger}; nothing was recorded anew.")
            return
        say(f"Recorded as version {version} of ledger {book.ledger}.")
        for line in consequences(book, entry, version):
            say(line)


def _plain(value: object) -> object:
    """An option's value as an entry writes it."""
    if isinstance(value, date):
        return value.isoformat()
    return list(value) if isinstance(value, tuple) else value
