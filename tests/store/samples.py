"""Rows to record, and a way past the store: raw SQL, as somebody with a database client would say it."""

import sqlite3
from collections.abc import Sequence
from contextlib import closing
from typing import Any

import psycopg
from sqlalchemy import make_url

from ledger.proof.tree import Range
from ledger.store import Row, Writer

MADE_AT = "2026-11-22T00:12:31.123456Z"
ENTRY_COLUMNS = ("ledger_id", *Row._fields)


def row(version: int, *, batch: int | None = None, entry_id: str | None = None, note: str = "") -> Row:
    """An entry as stored; what its bytes say is nobody's business here."""
    return Row(
        version=version,
        batch=version if batch is None else batch,
        entry_id=entry_id,
        type="split",
        type_version=1,
        effective_on="2022-10-01",
        recorded_at=MADE_AT,
        actor="hr",
        bytes=f'{{"note":"{note}","version":{version}}}'.encode(),
    )


def batch_of(first: int, last: int) -> list[Row]:
    """One batch of rows."""
    return [row(version, batch=first) for version in range(first, last + 1)]


def add(writer: Writer, rows: Sequence[Row]) -> None:
    """Append rows, and move the head as their bytes have it."""
    tree = Range.unpacked(writer.head, writer.peaks).extended(each.bytes for each in rows)
    writer.append(rows, tree.packed())


def contents(rows: list[Row]) -> list[bytes]:
    """What reading these rows gives."""
    return [each.bytes for each in rows]


def raw_connection(url: str) -> Any:
    """A driver's own connection with none of our settings: SQLite's does not even watch foreign keys."""
    parsed = make_url(url)
    if parsed.get_backend_name() == "sqlite":
        return sqlite3.connect(str(parsed.database))
    return psycopg.connect(parsed.set(drivername="postgresql").render_as_string(hide_password=False))


def say(url: str, sql: str, *parameters: object) -> list[tuple[Any, ...]]:
    """Run one statement past the store, and commit."""
    placeholder = "?" if make_url(url).get_backend_name() == "sqlite" else "%s"
    with closing(raw_connection(url)) as connection:
        cursor = connection.execute(sql.replace("?", placeholder), parameters)
        answer = cursor.fetchall() if cursor.description else []
        connection.commit()
        return answer


def insert(entry: Row, *, ledger: str = "main", verb: str = "INSERT", clause: str = "") -> tuple[str, tuple[Any, ...]]:
    """The statement and parameters that insert an entry."""
    marks = ", ".join("?" * len(ENTRY_COLUMNS))
    return f"{verb} INTO entries ({', '.join(ENTRY_COLUMNS)}) VALUES ({marks}) {clause}", (ledger, *entry)
