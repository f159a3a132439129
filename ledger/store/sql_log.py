"""The log in a database: one class serves SQLite and PostgreSQL; what differs is in `engines`.

The statements are text that goes straight to the driver: they are few, every command runs them, and building them anew
costs an eighth of an append.
"""

from collections.abc import Generator, Iterator, Sequence
from contextlib import contextmanager
from hashlib import sha256
from operator import itemgetter
from pathlib import Path
from time import monotonic
from typing import Any

from sqlalchemy import Connection, Engine

from ledger.domain.errors import DamagedError, DatabaseError
from ledger.store import WAIT_SECONDS
from ledger.store.engines import flavour, for_reading, for_writing
from ledger.store.log import NO_END, Head, Log, Row, Sent, Writer
from ledger.store.queue import Queue
from ledger.store.restored import Restored
from ledger.store.sql_failures import failures_told, shown
from ledger.store.statements import FETCHED_AT_ONCE_FROM_A_FILE, STATEMENTS, Statements, own_rows

FETCHED_AT_ONCE = 5_000
"""Rows. More is no faster; fewer costs PostgreSQL's round trips."""

NOTICEABLE_SECONDS = 0.1
"""Who has waited longer than this waits that much less for what comes next, which takes a statement to say."""


_ONLY_COLUMN = itemgetter(0)
_STREAM = {"stream_results": True, "yield_per": FETCHED_AT_ONCE}


class SqlLog(Log):
    """A log in SQLite or PostgreSQL, which must have the tables already: `open_log` looks, `upgrade` makes them."""

    def __init__(self, engine: Engine, *, wait_seconds: float = WAIT_SECONDS) -> None:
        self.engine = engine
        self.wait_seconds = wait_seconds
        self._is_file = engine.dialect.name == "sqlite"
        self._queue = Queue(Path(engine.url.database or "") if self._is_file else None)
        self._rows_at_once = FETCHED_AT_ONCE_FROM_A_FILE if self._is_file else FETCHED_AT_ONCE
        self._reading = for_reading(engine, rows=self._rows_at_once)
        self._writing = for_writing(engine)
        self._statements = Statements._make(map(flavour(engine).statement, STATEMENTS))

    def ledgers(self) -> list[str]:
        """The ids of the ledgers, sorted by code point whatever the database's language is."""
        with failures_told(self.engine), self.engine.connect() as connection:
            found = connection.exec_driver_sql(self._statements.ledgers).scalars().all()
        if not all(isinstance(each, str) for each in found):  # in a corrupt file of SQLite anything may stand there
            raise DamagedError("damaged", f"{shown(self.engine.url)} is damaged: a ledger's id is no text")
        return sorted(found)

    def sizes(self) -> dict[str, int]:
        """The size in each ledger's row; 0 where that is no number, which whoever reads the ledger will tell."""
        with failures_told(self.engine), self.engine.connect() as connection:
            found = dict(map(tuple, connection.exec_driver_sql(self._statements.sizes)))
        return {ledger: found[ledger] if type(found.get(ledger)) is int else 0 for ledger in self.ledgers()}

    def create(self, ledger: str, created_at: str) -> bool:
        """Make a ledger, in a transaction of its own."""
        with failures_told(self.engine), self._turn() as connection:
            made = connection.exec_driver_sql(self._statements.create, (ledger, created_at, b"", ledger)).rowcount == 1
            connection.commit()
            return made

    def head(self, ledger: str) -> int:
        """The last version, from the ledger's row."""
        with failures_told(self.engine), self.engine.connect() as connection:
            version: int | None = connection.exec_driver_sql(self._statements.head, (ledger,)).scalar()
            if version is None:
                raise self._no_ledger(ledger)
            return version

    def head_row(self, ledger: str) -> Head:
        """The head and the last entry, in one statement: nobody adds in between."""
        with failures_told(self.engine), self.engine.connect() as connection:
            found = connection.exec_driver_sql(self._statements.head_row, (ledger, ledger)).first()
            if found is None:
                raise self._no_ledger(ledger)
            head = Head._make(found)
            # In a corrupt file of SQLite anything may stand there.
            if {type(head.size), type(head.last)} != {int}:
                raise DamagedError("damaged", f"{shown(self.engine.url)} is damaged: a version is no number")
            return head

    def read(self, ledger: str, *, after: int = 0, until: int | None = None) -> Generator[bytes, None, None]:
        """Canonical bytes, streamed; the connection is free again when it has ended or is closed."""
        for part in self._span(self._statements.read, ledger, after, until):
            yield from map(_ONLY_COLUMN, part)

    def rows(self, ledger: str, *, after: int = 0, until: int | None = None) -> Generator[Row, None, None]:
        """All columns, streamed in the same way."""
        for part in self._span(self._statements.rows, ledger, after, until):
            yield from own_rows(ledger, part)

    def database_users(self, ledger: str, *, after: int = 0, until: int | None = None) -> dict[int, str]:
        """What PostgreSQL knows as the session's user; SQLite knows none."""
        span = (ledger, after, NO_END if until is None else until)
        with failures_told(self.engine), self._reading.connect() as connection:
            return dict(map(tuple, connection.exec_driver_sql(self._statements.users, span)))

    def restorations(self, ledger: str) -> list[Restored]:
        """Its rows in `restorations`."""
        with failures_told(self.engine), self.engine.connect() as connection:
            return list(map(Restored._make, connection.exec_driver_sql(self._statements.restorations, (ledger,))))

    @contextmanager
    def writing(self, ledger: str, *, until: float | None = None) -> Iterator[Writer]:
        """Takes the turn: all of an SQLite file, the ledger's row on PostgreSQL."""
        with failures_told(self.engine), self._turn(until) as connection:
            head = connection.exec_driver_sql(flavour(self.engine).lock, (ledger,)).first()
            if head is None:
                raise self._no_ledger(ledger)
            writer = _SqlWriter(connection, self._statements, ledger, *head)
            yield writer
            writer.commit()

    @contextmanager
    def _turn(self, until: float | None = None) -> Iterator[Connection]:
        """A connection in a transaction that may write; it is for the caller to commit."""
        if until is None:
            until = monotonic() + self.wait_seconds
        with self._queue.turn(until), self._writing.connect() as connection:
            left = until - monotonic()
            if left < self.wait_seconds - NOTICEABLE_SECONDS:
                flavour(self.engine).begin(connection, left)
            else:
                connection.begin()
            yield connection

    def close(self) -> None:
        """Close the connections. SQLite then folds its write-ahead log into the file, if nobody else has it open."""
        self.engine.dispose()
        self._queue.close()

    def _span(self, sql: str, ledger: str, after: int, until: int | None) -> Iterator[Sequence[tuple[Any, ...]]]:
        last = NO_END if until is None else until
        with (
            failures_told(self.engine),
            self._reading.connect() as connection,
            connection.exec_driver_sql(sql, (ledger, after, last)) as found,
        ):
            # SQLite's driver is asked itself: to put its tuples into rows takes half as long as reading them. A cursor
            # of PostgreSQL's server has been asked for rows already.
            fetch = found.cursor.fetchmany if self._is_file else found.fetchmany
            part = fetch(self._rows_at_once)
            if not part:
                self._require(connection, ledger)
            while part:
                yield part
                part = fetch(self._rows_at_once)

    def _require(self, connection: Connection, ledger: str) -> None:
        if connection.exec_driver_sql(self._statements.exists, (ledger,)).first() is None:
            raise self._no_ledger(ledger)

    def _no_ledger(self, ledger: str) -> DatabaseError:
        return DatabaseError("no-ledger", f"{shown(self.engine.url)} has no ledger {ledger!r}")


class _SqlWriter:
    def __init__(self, connection: Connection, statements: Statements, ledger: str, head: int, peaks: bytes) -> None:
        self.head = self._before = head
        self.peaks = peaks
        self.sent: Sent | None = None
        self._digest = sha256()
        self._connection = connection
        self._statements = statements
        self._ledger = ledger

    def read(self, *, after: int = 0) -> Generator[bytes, None, None]:
        span = (self._ledger, after, NO_END)
        sql = self._statements.read
        # A cursor of PostgreSQL's server is four round trips, and most writers have nothing to read.
        how = _STREAM if self.head - after > FETCHED_AT_ONCE else {}
        with self._connection.exec_driver_sql(sql, span, execution_options=how) as found:
            yield from map(_ONLY_COLUMN, found)

    def ids_there(self, ids: Sequence[str]) -> dict[str, tuple[int, bytes]]:
        if not ids:
            return {}
        found = flavour(self._connection.engine).ids_there(self._connection, self._ledger, ids)
        return {entry_id: (version, content) for entry_id, version, content in found}

    def append(self, rows: Sequence[Row], peaks: bytes) -> None:
        if rows:
            said = flavour(self._connection.engine)
            said.add(self._connection, [(self._ledger, *row) for row in rows])
            for row in rows:
                self._digest.update(row.bytes)
            self.head, self.peaks = rows[-1].version, peaks
            self._connection.exec_driver_sql(said.move, (self._ledger, self.head, peaks))

    def commit(self) -> None:
        """Send COMMIT, and remember what it is to make true, for the case that no answer comes."""
        if self.head > self._before:
            self.sent = Sent(self._before, self.head, self._digest.digest())
        self._connection.commit()
