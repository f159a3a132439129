"""Keeping the database: making it, bringing it up to date."""

from typing import Annotated

import typer

from ledger.cli import options
from ledger.cli.backup import backup, restore
from ledger.cli.commands import KEEP
from ledger.cli.render import print_json, say
from ledger.cli.roles import roles
from ledger.domain.errors import MalformedError
from ledger.opening import DEFAULT_LEDGER, DEFAULT_URL, open_ledger

NewLedgerId = Annotated[
    str | None,
    typer.Option(
        "--ledger",
        metavar="ID",
        envvar="RIGHTS_LEDGER",
        help=f"The ledger; default: {DEFAULT_LEDGER}.",
        rich_help_panel=options.DATABASE,
    ),
]


def add(app: typer.Typer) -> None:
    """Add the commands."""
    app.command("init", rich_help_panel=KEEP)(init)
    database = typer.Typer(help="Look after the database.", no_args_is_help=True)
    database.command("init")(make_tables)
    database.command("upgrade")(upgrade)
    database.command("roles")(roles)
    database.command("distribute")(distribute)
    database.command("backup")(backup)
    database.command("restore")(restore)
    app.add_typer(database, name="db", rich_help_panel=KEEP)


def init(*, db: options.Db = DEFAULT_URL, ledger: NewLedgerId = None, as_json: options.Json = False) -> None:
    """Make the database and the ledger, where they are not there yet.

    Example: rights init --ledger iij
    """
    with open_ledger(db, ledger, create=True) as book:
        history = book.history()
    version = history.known_version
    if as_json:
        print_json({"ledger": book.ledger, "version": version, "size": version, "root": history.root})
    else:
        say(f"Ledger {book.ledger} is ready, at version {version}.")


def make_tables(
    *,
    partitions: Annotated[
        int | None,
        typer.Option(
            "--partitions",
            metavar="N",
            help="PostgreSQL: keep the entries in N tables, each ledger's in one; default: one table.",
        ),
    ] = None,
    db: options.Db = DEFAULT_URL,
    as_json: options.Json = False,
) -> None:
    """Make the database and its tables, with no ledger yet.

    Example: rights db init
    """
    from ledger.store.guards import HEAD
    from ledger.store.migrate import partition_entries
    from ledger.store.migrate import upgrade as bring_up

    if partitions is not None and db.startswith("sqlite"):
        raise MalformedError(
            "malformed", "--partitions is for PostgreSQL: an SQLite file keeps all entries in one table"
        )
    changed = bring_up(db)
    if partitions is not None:
        changed = partition_entries(db, partitions) or changed
    if as_json:
        print_json({"revision": HEAD, "changed": changed, "partitions": partitions})
    else:
        parts = "" if partitions is None else f", the entries in {partitions:,} parts"
        say(f"The database {'is ready' if changed else 'was there'}, at revision {HEAD}{parts}.")


def upgrade(*, db: options.Db = DEFAULT_URL, as_json: options.Json = False) -> None:
    """Bring the database to the revision that this program reads and writes.

    Example: rights db upgrade
    """
    from ledger.store.guards import HEAD
    from ledger.store.migrate import upgrade as bring_up

    changed = bring_up(db)
    if as_json:
        print_json({"revision": HEAD, "changed": changed})
    else:
        say(f"The database is at revision {HEAD}{'' if changed else ' already'}.")


def distribute(*, db: options.Db = DEFAULT_URL, as_json: options.Json = False) -> None:
    """Spread the ledgers of a PostgreSQL database with Citus over its workers, each ledger on one of them.

    No trigger guards them there, so the roles must: `rights db roles` comes after, and this again after an upgrade.

    Example: rights db distribute --db postgresql://db.example.com/rights
    """
    from ledger.store.migrate import distribute as spread

    changed = spread(db)
    if as_json:
        print_json({"changed": changed})
        return
    say(f"The ledgers {'are' if changed else 'were'} distributed over the workers, each whole on one of them.")
    say("No trigger guards them there: who logs in must be no more than a writer (`rights db roles --apply`).")
