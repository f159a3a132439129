"""The log: what was recorded, in the order of recording. Bytes go in at the end, and come out as they went in.

One class serves SQLite and PostgreSQL; what differs is in `engines`. The statements are text that goes straight to the
driver: they are few, every command runs them, and building them anew costs an eighth of an append.
"""

from collections.abc import Iterator, Sequence
from contextlib import AbstractContextManager, contextmanager
from operator import itemgetter
from typing import Any, NamedTuple, Protocol

from sqlalchemy import Connection, Engine
from sqlalchemy import Row as SqlRow

from ledger.domain.errors import DatabaseError
from ledger.store.engines import flavour, for_reading, for_writing
from ledger.store.failures import failures_told, shown

FETCHED_AT_ONCE = 5_000
"""Rows. More is no faster; fewer costs PostgreSQL's round trips."""


class Row(NamedTuple):
    """One entry as stored; every column but `bytes` copies something out of `bytes`.

    version: 1, 2, 3 … in its ledger, without gaps.
    batch: first version of the batch it was recorded in.
    entry_id: the caller's id, unique in the ledger, or None.
    type: the stored name of the kind of entry.
    type_version: schema version of the type.
    effective_on: YYYY-MM-DD, None for a retraction.
    recorded_at: UTC, fixed width, "2026-11-22T00:12:31.123456Z".
    actor: who recorded it.
    bytes: RFC 8785 canonical JSON of the envelope.
    """

    version: int
    batch: int
    entry_id: str | None
    type: str
    type_version: int
    effective_on: str | None
    recorded_at: str
    actor: str
    bytes: bytes


class Writer(Protocol):
    """Inside one transaction, with the ledger locked against other writers."""

    @property
    def head(self) -> int:
        """The last version, what was appended here included; 0 when the ledger is empty."""

    @property
    def peaks(self) -> bytes:
        """The peaks of the tree over the entries up to the head, packed (`ledger.proof.tree.Range`)."""

    def read(self, *, after: int = 0) -> Iterator[bytes]:
        """Canonical bytes of the entries after a version, in version order."""

    def append(self, rows: Sequence[Row], peaks: bytes) -> None:
        """Add entries whose versions follow the head, and move the head: the peaks of the tree with these entries.

        Nothing is recorded before the transaction ends.
        """


class Log(Protocol):
    """Ledgers of entries, append-only.

    Raises `DatabaseError` (`no-ledger` for a ledger that is not there, `database-busy`, `database`), `DamagedError`.
    """

    def ledgers(self) -> list[str]:
        """The ids of the ledgers, sorted."""

    def create(self, ledger: str, created_at: str) -> bool:
        """Make a ledger; False when it was there already. `created_at` is a UTC instant as in `Row`."""

    def head(self, ledger: str) -> int:
        """The last version, 0 when the ledger is empty."""

    def read(self, ledger: str, *, after: int = 0, until: int | None = None) -> Iterator[bytes]:
        """Canonical bytes of the entries with after < version <= until, in version order.

        What others record after the first one was read is not among them.
        """

    def rows(self, ledger: str, *, after: int = 0, until: int | None = None) -> Iterator[Row]:
        """The same entries with all their columns."""

    def database_users(self, ledger: str, *, after: int = 0, until: int | None = None) -> dict[int, str]:
        """Who inserted each of the same entries, by version, where the database itself has written it."""

    def writing(self, ledger: str) -> AbstractContextManager[Writer]:
        """A transaction that waits for its turn, is committed at the end, and leaves nothing after an exception."""

    def close(self) -> None:
        """Let go of the database."""


_COLUMNS = ", ".join(Row._fields)
_ONLY_COLUMN = itemgetter(0)
_NO_END = 2**63 - 1
_STREAM = {"stream_results": True, "yield_per": FETCHED_AT_ONCE}
_SPAN = "FROM entries WHERE ledger_id = ? AND version > ? AND version <= ? ORDER BY version"


class _Statements(NamedTuple):
    """What is said to the driver, with its own mark for a parameter."""

    ledgers: str
    exists: str
    create: str
    head: str
    read: str
    rows: str
    users: str


def _statements(engine: Engine) -> _Statements:
    written = _Statements(
        ledgers="SELECT ledger_id FROM ledgers",
        exists="SELECT 1 FROM ledgers WHERE ledger_id = ?",
        # The condition spares SQLite its guard against replacement; the clause is for two makers on PostgreSQL.
        create="INSERT INTO ledgers (ledger_id, created_at, size, peaks) SELECT ?, ?, 0, ?"
        " WHERE NOT EXISTS (SELECT 1 FROM ledgers WHERE ledger_id = ?) ON CONFLICT DO NOTHING",
        head="SELECT size FROM ledgers WHERE ledger_id = ?",
        read=f"SELECT bytes {_SPAN}",
        rows=f"SELECT {_COLUMNS} {_SPAN}",
        users="SELECT version, database_user FROM entries"
        " WHERE ledger_id = ? AND version > ? AND version <= ? AND database_user IS NOT NULL",
    )
    return _Statements._make(map(flavour(engine).statement, written))


class SqlLog(Log):
    """A log in SQLite or PostgreSQL, which must have the tables already: `open_log` looks, `upgrade` makes them."""

    def __init__(self, engine: Engine) -> None:
        self.engine = engine
        self._reading = for_reading(engine, rows=FETCHED_AT_ONCE)
        self._writing = for_writing(engine)
        self._statements = _statements(engine)

    def ledgers(self) -> list[str]:
        """The ids of the ledgers, sorted by code point whatever the database's language is."""
        with failures_told(self.engine), self.engine.connect() as connection:
            return sorted(connection.exec_driver_sql(self._statements.ledgers).scalars())

    def create(self, ledger: str, created_at: str) -> bool:
        """Make a ledger, in a transaction of its own."""
        with failures_told(self.engine), self._writing.begin() as connection:
            return connection.exec_driver_sql(self._statements.create, (ledger, created_at, b"", ledger)).rowcount == 1

    def head(self, ledger: str) -> int:
        """The last version, from the ledger's row."""
        with failures_told(self.engine), self.engine.connect() as connection:
            version: int | None = connection.exec_driver_sql(self._statements.head, (ledger,)).scalar()
            if version is None:
                raise self._no_ledger(ledger)
            return version

    def read(self, ledger: str, *, after: int = 0, until: int | None = None) -> Iterator[bytes]:
        """Canonical bytes, streamed; the connection is free again when the iterator has ended or is dropped."""
        return map(_ONLY_COLUMN, self._span(self._statements.read, ledger, after, until))

    def rows(self, ledger: str, *, after: int = 0, until: int | None = None) -> Iterator[Row]:
        """All columns, streamed in the same way."""
        return map(Row._make, self._span(self._statements.rows, ledger, after, until))

    def database_users(self, ledger: str, *, after: int = 0, until: int | None = None) -> dict[int, str]:
        """What PostgreSQL knows as the session's user; SQLite knows none."""
        span = (ledger, after, _NO_END if until is None else until)
        with failures_told(self.engine), self._reading.connect() as connection:
            return dict(map(tuple, connection.exec_driver_sql(self._statements.users, span)))

    @contextmanager
    def writing(self, ledger: str) -> Iterator[Writer]:
        """Takes the turn: all of an SQLite file, the ledger's row on PostgreSQL."""
        with failures_told(self.engine), self._writing.begin() as connection:
            head = connection.exec_driver_sql(flavour(self.engine).lock, (ledger,)).first()
            if head is None:
                raise self._no_ledger(ledger)
            yield _SqlWriter(connection, self._statements, ledger, *head)

    def close(self) -> None:
        """Close the connections. SQLite then folds its write-ahead log into the file, if nobody else has it open."""
        self.engine.dispose()

    def _span(self, sql: str, ledger: str, after: int, until: int | None) -> Iterator[SqlRow[Any]]:
        last = _NO_END if until is None else until
        with (
            failures_told(self.engine),
            self._reading.connect() as connection,
            connection.exec_driver_sql(sql, (ledger, after, last)) as found,
        ):
            first = found.fetchone()
            if first is None:
                self._require(connection, ledger)
            else:
                yield first
                yield from found

    def _require(self, connection: Connection, ledger: str) -> None:
        if connection.exec_driver_sql(self._statements.exists, (ledger,)).first() is None:
            raise self._no_ledger(ledger)

    def _no_ledger(self, ledger: str) -> DatabaseError:
        return DatabaseError("no-ledger", f"{shown(self.engine.url)} has no ledger {ledger!r}")


class _SqlWriter:
    def __init__(self, connection: Connection, statements: _Statements, ledger: str, head: int, peaks: bytes) -> None:
        self.head = head
        self.peaks = peaks
        self._connection = connection
        self._statements = statements
        self._ledger = ledger

    def read(self, *, after: int = 0) -> Iterator[bytes]:
        span = (self._ledger, after, _NO_END)
        sql = self._statements.read
        with self._connection.exec_driver_sql(sql, span, execution_options=_STREAM) as found:
            yield from map(_ONLY_COLUMN, found)

    def append(self, rows: Sequence[Row], peaks: bytes) -> None:
        if rows:
            said = flavour(self._connection.engine)
            said.add(self._connection, [(self._ledger, *row) for row in rows])
            self.head, self.peaks = rows[-1].version, peaks
            self._connection.exec_driver_sql(said.move, (self._ledger, self.head, peaks))
