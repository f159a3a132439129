"""What a driver does by itself: the least that anything above it can take."""

import sqlite3
from collections.abc import Iterable, Sequence
from pathlib import Path
from typing import Any

from sqlalchemy import make_url

from ledger.store import open_log
from ledger.store.log import Row

NAMES = ("ledger_id", *Row._fields)
COLUMNS = ", ".join(NAMES)
KINDS = {"version": "INTEGER", "batch": "INTEGER", "type_version": "INTEGER", "bytes": "BLOB"}
BARE = ", ".join(f"{name} {KINDS.get(name, 'TEXT')}" for name in NAMES)
INSERT = f"INSERT INTO bare ({COLUMNS}) VALUES ({', '.join('?' * len(NAMES))})"

RawRow = tuple[Any, ...]


def rows_of(url: str, ledger: str = "main") -> list[RawRow]:
    """All rows of a ledger, as tuples."""
    log = open_log(url)
    rows = [(ledger, *row) for row in log.rows(ledger)]
    log.close()
    return rows


def renumbered(row: RawRow, number: int) -> RawRow:
    """The same row as another version with another id."""
    return (row[0], number, number, f"bare-{number}", *row[4:])


def bare_file(file: Path, *, index: bool) -> sqlite3.Connection:
    """A new SQLite file with a table of the same columns and no guards; WAL, FULL, autocommit."""
    for each in file.parent.glob(f"{file.name}*"):
        each.unlink()
    connection = sqlite3.connect(file, isolation_level=None)
    connection.execute("PRAGMA journal_mode=WAL")
    connection.execute("PRAGMA synchronous=FULL")
    key = ", PRIMARY KEY (ledger_id, version)) WITHOUT ROWID" if index else ")"
    connection.execute(f"CREATE TABLE bare ({BARE}{key}")
    return connection


def executemany(file: Path, rows: Sequence[RawRow]) -> None:
    """Put rows into a bare table in one transaction, and build the index last."""
    connection = bare_file(file, index=False)
    connection.execute("BEGIN IMMEDIATE")
    connection.executemany(INSERT, rows)
    connection.execute("CREATE UNIQUE INDEX bare_key ON bare (ledger_id, version)")
    connection.execute("COMMIT")
    connection.close()


def scan(file: Path) -> list[RawRow]:
    """All tuples of bytes of the one ledger."""
    connection = sqlite3.connect(file)
    found = connection.execute("SELECT bytes FROM entries WHERE ledger_id = 'main' ORDER BY version").fetchall()
    connection.close()
    return found


def file_of(url: str) -> Path:
    """The file of an SQLite database."""
    return Path(url.removeprefix("sqlite:///"))


def connection_string(url: str) -> str:
    """A PostgreSQL URL as psycopg itself reads it."""
    return make_url(url).set(drivername="postgresql").render_as_string(hide_password=False)


def bare_table(connection: Any, *, index: bool) -> None:
    """A new table of the same columns on PostgreSQL."""
    connection.execute("DROP TABLE IF EXISTS bare")
    kinds = BARE.replace("BLOB", "BYTEA")
    connection.execute(f"CREATE TABLE bare ({kinds}{', PRIMARY KEY (ledger_id, version)' if index else ''})")


def copy(connection: Any, rows: Iterable[RawRow]) -> None:
    """Put rows into a bare table of PostgreSQL by COPY, and build the index last."""
    bare_table(connection, index=False)
    with connection.cursor() as cursor, cursor.copy(f"COPY bare ({COLUMNS}) FROM STDIN") as stream:
        for row in rows:
            stream.write_row(row)
    connection.execute("CREATE UNIQUE INDEX bare_key ON bare (ledger_id, version)")
    connection.commit()
