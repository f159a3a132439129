"""`rights export`: the ledger for others, as it is stored or in another form."""

import sys
from base64 import b64encode
from collections.abc import Callable, Iterable, Mapping
from datetime import date, datetime
from pathlib import Path
from typing import Annotated, Any, BinaryIO, Final, Literal, NamedTuple

import typer

from ledger.book import Book
from ledger.cli import options
from ledger.cli.commands import KEEP
from ledger.cli.render import print_json, print_stored, tell
from ledger.domain.errors import MalformedError
from ledger.opening import DEFAULT_URL, open_ledger
from ledger.proof.tree import Range

HASHED_AT_ONCE: Final = 256

Form = Literal["jsonl", "parquet", "sqlite"]

BY_ENDING: Final[Mapping[str, Form]] = {".parquet": "parquet", ".sqlite": "sqlite", ".sqlite3": "sqlite"}
"""What a file is by its name, where no option says so; every other name is one of JSON Lines."""

AS_OF_A_DAY: Final[frozenset[Form]] = frozenset({"sqlite"})
"""Forms that hold what follows from the entries; the others are the log alone, which is of no day."""


class Written(NamedTuple):
    """How many entries a file holds, and what proves them (base64)."""

    size: int
    root: str


def add(app: typer.Typer) -> None:
    """Add the command."""
    app.command("export", rich_help_panel=KEEP)(export)


def _form_option(name: Form, says: str) -> Any:
    return typer.Option(f"--{name}", help=says, rich_help_panel="Form")


def export(
    file: Annotated[
        Path | None, typer.Argument(metavar="[FILE]", help="A new file; default: standard output.", show_default=False)
    ] = None,
    *,
    jsonl: Annotated[bool, _form_option("jsonl", "The log as it is stored, an entry a line; the default.")] = False,
    parquet: Annotated[bool, _form_option("parquet", "The log as a Parquet file of typed columns.")] = False,
    sqlite: Annotated[
        bool, _form_option("sqlite", "An SQLite file with readable views, to look into; of a day.")
    ] = False,
    as_of: options.AsOf = None,
    known_at: options.KnownAt = None,
    known_version: options.KnownVersion = None,
    force: Annotated[bool, typer.Option("--force", help="Replace an export that is there.")] = False,
    db: options.Db = DEFAULT_URL,
    ledger: options.LedgerId = None,
    as_json: options.Json = False,
) -> None:
    """Write the ledger for others: as it is stored, for `rights record` elsewhere, or in another form.

    Without an option the name of the file says which: .parquet, .sqlite; all others are JSON Lines.

    Example: rights export ledger.jsonl
    """
    form = _form({"jsonl": jsonl, "parquet": parquet, "sqlite": sqlite}, file)
    of_day = {"as_of": as_of, "known_at": known_at, "known_version": known_version}
    _refuse_day(form, of_day)
    if file is None:
        _print_log(form, db, ledger, as_json=as_json)
        return
    with open_ledger(db, ledger) as book:
        written = _publish(book, form, file, of_day, force=force)
    if as_json:
        print_json({"ledger": book.ledger, "file": str(file), "size": written.size, "root": written.root})
    else:
        tell(f"{file} holds ledger {book.ledger}: {written.size:,} entries, root {written.root}.")


def _form(wanted: Mapping[Form, bool], file: Path | None) -> Form:
    asked = [form for form, is_wanted in wanted.items() if is_wanted]
    if len(asked) > 1:
        raise MalformedError("malformed", f"a file has one form: --{' or --'.join(asked)}")
    if asked:
        return asked[0]
    return "jsonl" if file is None else BY_ENDING.get(file.suffix.lower(), "jsonl")


def _refuse_day(form: Form, of_day: Mapping[str, object]) -> None:
    given = [name for name, value in of_day.items() if value is not None]
    if given and form not in AS_OF_A_DAY:
        raise MalformedError(
            "malformed",
            f"--{given[0].replace('_', '-')} says nothing of --{form}: it holds all entries, of every day; --sqlite"
            " holds what follows from them as of a day",
        )


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
            _write(book.export(), sys.stdout.buffer)


def _publish(book: Book, form: Form, file: Path, of_day: Mapping[str, Any], *, force: bool) -> Written:
    """Make a file beside, and give it its name when it is whole."""
    from ledger.backup.whole_file import folder_beside, publish, refuse_taken

    refuse_taken(file, replace=force, way_out="--force replaces it")
    _refuse_other(form, file)
    with folder_beside(file) as folder:
        made = folder / "export"
        written = _WRITERS[form](book, made, of_day)
        publish(made, file, replace=force)
    return written


def _refuse_other(form: Form, file: Path) -> None:
    """Refuse to replace what is no export of this form: a database of ledgers is an SQLite file, too."""
    from ledger.backup.whole_file import refuse_other

    if form == "sqlite":
        from ledger.exchange.sqlite_writing import is_export

        if not is_export(file):
            refuse_other(file, (b"an SQLite file that is no export",), "export")
        return
    refuse_other(file, (b"PAR1",) if form == "parquet" else (b'{"actor":',), "export")


def _write_jsonl(book: Book, file: Path, of_day: Mapping[str, Any]) -> Written:
    del of_day
    with file.open("xb") as stream:
        tree = _write(book.export(), stream)
    return Written(tree.size, b64encode(tree.root()).decode())


def _write_parquet(book: Book, file: Path, of_day: Mapping[str, Any]) -> Written:
    from ledger.exchange.parquet_writing import write_parquet

    del of_day
    logged = write_parquet(book, file)
    return Written(logged.size, logged.root)


def _write_sqlite(book: Book, file: Path, of_day: Mapping[str, date | datetime | int | None]) -> Written:
    from ledger.exchange.sqlite_writing import write_sqlite

    logged = write_sqlite(book, file, **of_day)  # type: ignore[arg-type]  # each under its own name
    return Written(logged.size, logged.root)


_WRITERS: Final[Mapping[Form, Callable[[Book, Path, Mapping[str, Any]], Written]]] = {
    "jsonl": _write_jsonl,
    "parquet": _write_parquet,
    "sqlite": _write_sqlite,
}


def _write(lines: Iterable[bytes], stream: BinaryIO) -> Range:
    """Write lines, and return the tree over them."""
    from ledger.exchange.log_columns import groups

    tree = Range()
    for part in groups(lines, HASHED_AT_ONCE):
        stream.writelines(line + b"\n" for line in part)
        tree = tree.extended(part)
    return tree
