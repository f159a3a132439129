"""The ledger as an SQLite file to look into: its entries, what follows from them as of a day, and readable views.

It is a copy for Datasette, a BI tool or SQL by hand. Nothing reads it back: `rights export --jsonl` is the ledger.
"""

import json
import sqlite3
from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import closing
from datetime import date, datetime
from pathlib import Path
from typing import Any, Final, get_args, get_type_hints

from ledger.answers import Answer
from ledger.book import Book
from ledger.domain.entries import KINDS
from ledger.domain.errors import MalformedError
from ledger.exchange.log_columns import Cell, Logged, columns, fields_of
from ledger.exchange.sqlite_views import VIEWS
from ledger.projections.rows import EligibilityRow, ExerciseRow, HoldingRow, Row, SeriesRow, names, plain

APPLICATION: Final = int.from_bytes(b"RVue")
"""The application id of such a file: a database of ledgers has none, and is never replaced by one."""

_ID_AT: Final = slice(68, 72)
"""Where the application id stands in an SQLite file (file format, 1.3)."""

_TYPES: Final[Mapping[Cell, str]] = {
    "count": "INTEGER", "flag": "INTEGER", "day": "TEXT", "instant": "TEXT", "text": "TEXT", "texts": "TEXT",
    "json": "TEXT",
}  # fmt: skip

_KEYS: Final[Mapping[str, str]] = {
    "series": "PRIMARY KEY (series)",
    "holdings": "FOREIGN KEY (series) REFERENCES series",
    "eligibility": "FOREIGN KEY (series) REFERENCES series",
    "exercises": "PRIMARY KEY (version), FOREIGN KEY (version) REFERENCES entries,"
    " FOREIGN KEY (series) REFERENCES series",
}
"""What links the tables, so that whoever looks at a row is led to the others."""


def write_sqlite(
    book: Book,
    file: Path,
    *,
    as_of: date | None = None,
    known_at: date | datetime | None = None,
    known_version: int | None = None,
) -> Logged:
    """Write a ledger into a new SQLite file; and say what was written.

    as_of: the day of the derived tables, default: today in Japan. known_at, known_version: what they know; the entries
    are there in any case, all of them. Holders stand there by their ids alone.

    Raises `MalformedError` for a number beyond 64 bits, `DamagedError`.
    """
    logged = Logged(book)
    version = logged.size if known_version is None else known_version  # whatever others record meanwhile
    known: Mapping[str, Any] = {"known_at": known_at, "known_version": version, "why": False}
    series = book.series(as_of, **known)
    answers: Sequence[tuple[str, type[Row], Answer[Any]]] = (
        ("series", SeriesRow, series),
        ("holdings", HoldingRow, book.holdings(as_of, **known)),
        ("eligibility", EligibilityRow, book.eligibility(as_of, **known)),
        ("exercises", ExerciseRow, book.exercises(as_of=as_of, **known)),
    )
    with closing(sqlite3.connect(file, isolation_level=None)) as database:
        database.execute(f"PRAGMA application_id = {APPLICATION}")
        database.execute("BEGIN")
        _put_about(database, logged, series)
        _put_entries(database, logged)
        for name, row_type, answer in answers:
            _put_answer(database, name, row_type, answer)
        for view in (*_views_of_kinds(), *VIEWS):
            database.execute(view)
        database.execute("COMMIT")
    return logged


def is_export(file: Path) -> bool:
    """Whether a file is there that was written by this."""
    if not file.is_file():
        return False
    with file.open("rb") as stream:
        return stream.read(_ID_AT.stop)[_ID_AT] == APPLICATION.to_bytes(4)


def _put_about(database: sqlite3.Connection, logged: Logged, answer: Answer[Any]) -> None:
    """What the file is of, and what proves it."""
    said = {**answer.head(), "entries": logged.size, "root": logged.root}
    _put(database, "about", {"word": "TEXT", "says": "ANY"}, "PRIMARY KEY (word)", ([*each] for each in said.items()))


def _put_entries(database: sqlite3.Connection, logged: Logged) -> None:
    types = {name: _TYPES[cell] for name, cell in columns().items()}
    cells = ({name: _cell(value) for name, value in row.items()} for row in logged.rows())
    rows = ([*map(each.get, types)] for each in cells)
    _put(database, "entries", types, "PRIMARY KEY (version), FOREIGN KEY (retracted_by) REFERENCES entries", rows)


def _put_answer(database: sqlite3.Connection, name: str, row_type: type[Row], answer: Answer[Any]) -> None:
    types = dict(zip(names(row_type), map(_type_of, _hints(row_type)), strict=True))
    rows = ([_cell(value) for value in row.to_dict().values()] for row in answer)
    _put(database, name, types, _KEYS[name], rows)


def _hints(row_type: type[Row]) -> Iterator[object]:
    return (hint for name, hint in get_type_hints(row_type).items() if name != "because")


def _type_of(hint: object) -> str:
    """Counts are integers; days, and amounts, which are exact, are text."""
    return "INTEGER" if {int, bool} & {hint, *get_args(hint)} else "TEXT"


def _put(
    database: sqlite3.Connection, table: str, types: Mapping[str, str], keys: str, rows: Iterable[Sequence[object]]
) -> None:
    """Make a table and fill it. Its words are ours: none comes from an entry."""
    named = ", ".join(f'"{name}" {type_}' for name, type_ in types.items())
    database.execute(f"CREATE TABLE {table} ({named}, {keys}) STRICT")
    try:
        database.executemany(f"INSERT INTO {table} VALUES ({', '.join('?' * len(types))})", rows)  # noqa: S608
    except OverflowError as error:
        raise MalformedError(
            "malformed", f"a number of the table {table} is too great for SQLite's 64 bits; --jsonl has it"
        ) from error


def _cell(value: object) -> object:
    match value:
        case bool():
            return int(value)
        case datetime():
            return value.strftime("%Y-%m-%dT%H:%M:%S.%fZ")
        case list():
            return json.dumps(value, ensure_ascii=False)
        case None | int() | str():
            return value
        case _:
            return str(plain(value))


def _views_of_kinds() -> Iterator[str]:
    """A view for each kind of entry, of those that count, with its own fields alone."""
    for kind in KINDS:
        own = ", ".join(f'"{name}"' for name in ("version", *fields_of(kind), "source", "note", "recorded_at", "actor"))
        yield (
            f"CREATE VIEW entry_{kind} AS SELECT {own} FROM entries"  # noqa: S608 - our own words
            f" WHERE type = '{kind}' AND retracted_by IS NULL"
        )
