"""`rights export`: the ledger for others, as it is stored or in another form."""

import sys
from pathlib import Path
from typing import Annotated, Any, Final

import typer

from ledger.cli import options
from ledger.cli.commands import KEEP
from ledger.cli.export_forms import Asked, Form, form_of, publish_export, refuse_unsaid, write_lines
from ledger.cli.render import print_json, print_stored, tell
from ledger.domain.errors import MalformedError
from ledger.opening import DEFAULT_URL, open_ledger

SAYS: Final[dict[Form, str]] = {
    "jsonl": "The log as it is stored, an entry a line; the default.",
    "parquet": "The log as a Parquet file of typed columns.",
    "sqlite": "An SQLite file with readable views, to look into; of a day.",
    "ocf": "A package in Open Cap Format 1.2.0; of a day.",
    "jocf": "A package in Japan Open Cap Format; of a day.",
}


def add(app: typer.Typer) -> None:
    """Add the command."""
    app.command("export", rich_help_panel=KEEP)(export)


def _form_option(name: Form) -> Any:
    return typer.Option(f"--{name}", help=SAYS[name], rich_help_panel="Form")


def export(  # noqa: PLR0913 - the options of a command
    file: Annotated[
        Path | None, typer.Argument(metavar="[FILE]", help="A new file; default: standard output.", show_default=False)
    ] = None,
    *,
    jsonl: Annotated[bool, _form_option("jsonl")] = False,
    parquet: Annotated[bool, _form_option("parquet")] = False,
    sqlite: Annotated[bool, _form_option("sqlite")] = False,
    ocf: Annotated[bool, _form_option("ocf")] = False,
    jocf: Annotated[bool, _form_option("jocf")] = False,
    without_log: Annotated[
        bool,
        typer.Option(
            "--without-log",
            help="Leave the ledger itself out of a package: what is in it may be given to anybody.",
            rich_help_panel="Form",
        ),
    ] = False,
    ids_only: options.IdsOnly = False,
    as_of: options.AsOf = None,
    known_at: options.KnownAt = None,
    known_version: options.KnownVersion = None,
    force: Annotated[bool, typer.Option("--force", help="Replace an export that is there.")] = False,
    db: options.Db = DEFAULT_URL,
    ledger: options.LedgerId = None,
    as_json: options.Json = False,
) -> None:
    """Write the ledger for others: as it is stored, for `rights record` elsewhere, or in another form.

    Without an option the name of the file says which: .parquet, .sqlite, .ocf.zip, .jocf.zip; all others are JSON
    Lines. A package is read again by `rights import`, which makes the same ledger of it, entry for entry.

    Example: rights export --ocf ledger.ocf.zip --as-of 2022-10-01
    """
    form = form_of({"jsonl": jsonl, "parquet": parquet, "sqlite": sqlite, "ocf": ocf, "jocf": jocf}, file)
    asked = Asked(as_of, known_at, known_version, ids_only=ids_only, without_log=without_log)
    refuse_unsaid(form, asked)
    if file is None:
        _print_log(form, db, ledger, as_json=as_json)
        return
    with open_ledger(db, ledger) as book:
        told = publish_export(book, form, file, asked, force=force)
    if as_json:
        print_json({"ledger": book.ledger, "file": str(file), **told.document})
    else:
        tell(f"{file} holds ledger {book.ledger}{told.sentence}.")


def _print_log(form: Form, db: str, ledger: str | None, *, as_json: bool) -> None:
    """Write the log to standard output: for people what nobody sees is escaped in a terminal."""
    if form != "jsonl":
        raise MalformedError("malformed", f"--{form} makes a file: name one")
    if as_json:
        raise MalformedError("malformed", "--json tells about a file that was written: name one")
    with open_ledger(db, ledger) as book:
        if sys.stdout.isatty():
            for line in book.export():
                print_stored(line)
        else:
            write_lines(book.export(), sys.stdout.buffer)
