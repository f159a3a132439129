"""`rights follow`: new entries as they come, a line each, for other programs."""

import select
import sys
from math import isnan
from typing import TYPE_CHECKING, Annotated, Final

import typer

from ledger.cli import options
from ledger.cli.commands import KEEP
from ledger.cli.render import print_stored
from ledger.domain.errors import DatabaseError, MalformedError
from ledger.opening import DEFAULT_URL, open_ledger

if TYPE_CHECKING:
    from ledger.following import Follower

MOST_SECONDS: Final = 3_600.0


def add(app: typer.Typer) -> None:
    """Add the command."""
    app.command("follow", rich_help_panel=KEEP)(follow)


def follow(
    *,
    since_version: Annotated[
        int | None,
        typer.Option(
            "--since-version",
            metavar="N",
            min=0,
            help="Begin after this version; default: with what comes from now on.",
        ),
    ] = None,
    once: Annotated[bool, typer.Option("--once", help="End when everything there is was printed.")] = False,
    every: Annotated[
        float, typer.Option("--every", metavar="SECONDS", min=0.01, max=MOST_SECONDS, help="How often to look.")
    ] = 1.0,
    db: options.Db = DEFAULT_URL,
    ledger: options.LedgerId = None,
    as_json: Annotated[
        bool,
        typer.Option(
            "--json",
            help="Tell a failure as one JSON document; entries are JSON in any case.",
            rich_help_panel="Output",
        ),
    ] = False,
) -> None:
    """Print new entries as they come, as they are stored, a line each, until Ctrl-C.

    No entry is left out and none comes twice, also where one commits late: the version of the last line is where to go
    on, with --since-version. It ends with an error where the ledger was restored meanwhile.

    Example: rights follow --since-version 47 --once
    """
    del as_json  # of failures, which `main` tells
    if isnan(every):
        raise MalformedError("malformed", "--every is a number of seconds, such as 0.5")
    with open_ledger(db, ledger) as book:
        follower = book.follow(since_version)
        try:
            while True:
                _print(follower)
                if once:
                    return
                _wait(every)
        except DatabaseError as error:
            error.message += f" (go on with --since-version {follower.version})"
            raise


def _wait(seconds: float) -> None:
    """Wait, as long as somebody reads. Raises `BrokenPipeError` where nobody does any more."""
    output = select.poll()
    output.register(sys.stdout.fileno(), 0)  # tells of a pipe without a reader, and of nothing else
    if output.poll(int(seconds * 1_000)):
        raise BrokenPipeError


def _print(follower: "Follower") -> None:
    """Print what is new, at once, so that whoever reads need not wait for more."""
    for line in follower.new():
        if sys.stdout.isatty():
            print_stored(line)
        else:
            sys.stdout.buffer.write(line + b"\n")
    sys.stdout.flush()
