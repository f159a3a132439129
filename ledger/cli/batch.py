"""`rights record`: entries as JSON Lines, one batch or line by line."""

from pathlib import Path
from typing import Annotated

import typer

from ledger.answers import Outcome
from ledger.cli import options
from ledger.cli.commands import RECORD
from ledger.cli.progress import watched
from ledger.cli.render import print_outcome, say, warn
from ledger.cli.streams import input_file
from ledger.opening import DEFAULT_URL, open_ledger


def add(app: typer.Typer) -> None:
    """Add the command."""
    app.command("record", rich_help_panel=RECORD)(record)


def record(
    file: Annotated[Path, typer.Argument(metavar="FILE", help="JSON Lines, an entry a line; `-` for standard input.")],
    *,
    keep_going: Annotated[
        bool, typer.Option("--keep-going", help="Record line by line, and carry on past refusals.")
    ] = False,
    dry_run: options.DryRun = False,
    expect_version: options.ExpectVersion = None,
    actor: options.Actor = None,
    db: options.Db = DEFAULT_URL,
    ledger: options.LedgerId = None,
    as_json: options.Json = False,
) -> None:
    """Record entries from a file of JSON Lines: together, all or none.

    Interrupted, it has recorded nothing. With --keep-going some thousand lines at a time stay recorded; call it again,
    and lines whose `id` is there already are passed over.

    At most 10,000,000 lines and 1 GB. A file in which something is refused takes about twenty times its size in memory,
    and so do --keep-going, --dry-run and a file with retractions.

    A file of `rights export` is taken over as it is, with the versions, instants and actors that it names.

    Example: rights record entries.jsonl
    """
    with open_ledger(db, ledger) as book:
        before = book.size()
        try:
            with input_file(file) as lines, watched(lines):
                outcome = book.record(
                    lines,
                    actor=actor,
                    keep_going=keep_going,
                    dry_run=dry_run,
                    expect_version=expect_version,
                )
        except KeyboardInterrupt:
            warn(f"rights: interrupted: {_since(before, book.size())}")
            raise
    if as_json:
        print_outcome(outcome)
    else:
        _say(outcome, dry_run=dry_run)
    raise typer.Exit(outcome.exit_code)


def _since(before: int, size: int) -> str:
    """What an interruption left, which may have come just after the end."""
    if size == before:
        return "nothing was recorded"
    return (
        f"the ledger went from version {before} to {size} meanwhile; the same file again passes over what is"
        " there already"
    )


def _say(outcome: Outcome, *, dry_run: bool) -> None:
    for line in outcome.refused:
        if line.error is not None:
            warn(f"rights: {line.error.code}: line {line.line}: {line.error.message}")
    refused, there = len(outcome.refused), outcome.there
    new = len(outcome.lines) - refused - there
    entries = "entry" if new == 1 else "entries"
    say(
        f"{new:,} {entries} {'would be recorded' if dry_run else 'recorded'}, {there:,} already there, "
        f"{refused:,} refused; ledger {outcome.ledger} {'would be' if dry_run else 'is'} at version {outcome.version}."
    )
