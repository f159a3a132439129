"""The log: what was recorded, in the order of recording. Bytes go in at the end, and come out as they went in.

One class serves SQLite and PostgreSQL; what differs is in `engines`. The statements are text that goes straight to the
driver: they are few, every command runs them, and building them anew costs an eighth of an append.
"""

from collections.abc import Generator, Iterator, Sequence
from contextlib import AbstractContextManager, contextmanager
from hashlib import sha256
from itertools import chain
from operator import itemgetter
from pathlib import Path
from time import monotonic
from typing import Any, Final, NamedTuple, Protocol

from sqlalchemy import Connection, Engine

from ledger.domain.errors import DamagedError, DatabaseError
from ledger.store.engines import WAIT_SECONDS, flavour, for_reading, for_writing
from ledger.store.failures import failures_told, shown
from ledger.store.queue import Queue
from ledger.store.restored import Restored

FETCHED_AT_ONCE = 5_000
"""Rows. More is no faster; fewer costs PostgreSQL's round trips."""

FETCHED_AT_ONCE_FROM_A_FILE = 256
"""Rows. SQLite makes no round trips; more would not stay in the processor's cache until they are looked at."""

NOTICEABLE_SECONDS = 0.1
"""Who has waited longer than this waits that much less for what comes next, which takes a statement to say."""


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


class Head(NamedTuple):
    """What the database keeps of a ledger's tree, beside its entries.

    size, peaks: of the tree, as `ledger.proof.tree.Range` packs it. last: the greatest version among the entries.
    """

    size: int
    peaks: bytes
    last: int


class Sent(NamedTuple):
    """What a transaction was to record when COMMIT was sent: enough to know it again.

    after, until: the version before its first entry, and of its last. digest: SHA-256 of their bytes, in a row.
    """

    after: int
    until: int
    digest: bytes


class Writer(Protocol):
    """Inside one transaction, with the ledger locked against other writers."""

    sent: Sent | None
    """None before COMMIT is sent, and where nothing was appended."""

    @property
    def head(self) -> int:
        """The last version, what was appended here included; 0 when the ledger is empty."""

    @property
    def peaks(self) -> bytes:
        """The peaks of the tree over the entries up to the head, packed (`ledger.proof.tree.Range`)."""

    def read(self, *, after: int = 0) -> Generator[bytes, None, None]:
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

    def sizes(self) -> dict[str, int]:
        """How many entries each ledger holds, by its id, sorted: to know how much work there is."""

    def create(self, ledger: str, created_at: str) -> bool:
        """Make a ledger; False when it was there already. `created_at` is a UTC instant as in `Row`."""

    def head(self, ledger: str) -> int:
        """The last version, 0 when the ledger is empty."""

    def head_row(self, ledger: str) -> Head:
        """The head as it is kept, and the last entry at the same moment."""

    def read(self, ledger: str, *, after: int = 0, until: int | None = None) -> Iterator[bytes]:
        """Canonical bytes of the entries with after < version <= until, in version order.

        What others record after the first one was read is not among them.
        """

    def rows(self, ledger: str, *, after: int = 0, until: int | None = None) -> Iterator[Row]:
        """The same entries with all their columns."""

    def database_users(self, ledger: str, *, after: int = 0, until: int | None = None) -> dict[int, str]:
        """Who inserted each of the same entries, by version, where the database itself has written it."""

    def restorations(self, ledger: str) -> list[Restored]:
        """When the ledger was put back to what a backup held, by number; empty where that never happened."""

    wait_seconds: float
    """How long a writer waits for others."""

    def writing(self, ledger: str, *, until: float | None = None) -> AbstractContextManager[Writer]:
        """A transaction that waits for its turn, is committed at the end, and leaves nothing after an exception.

        until: an instant of `monotonic`, after which it waits no longer; default: `wait_seconds` from now.

        A `PassingError` says that it may be tried again (`ledger.store.retry`).
        """

    def close(self) -> None:
        """Let go of the database."""


_COLUMNS = ", ".join(Row._fields)
_ONLY_COLUMN = itemgetter(0)
NO_END: Final = 2**63 - 1
"""No version is greater."""
_STREAM = {"stream_results": True, "yield_per": FETCHED_AT_ONCE}
_SPAN = "FROM entries WHERE ledger_id = ? AND version > ? AND version <= ? ORDER BY version"


class _Statements(NamedTuple):
    """What is said to the driver, with its own mark for a parameter."""

    ledgers: str
    sizes: str
    exists: str
    create: str
    head: str
    head_row: str
    read: str
    rows: str
    users: str
    restorations: str


def _statements(engine: Engine) -> _Statements:
    written = _Statements(
        ledgers="SELECT ledger_id FROM ledgers",
        sizes="SELECT ledger_id, size FROM ledgers",
        exists="SELECT 1 FROM ledgers WHERE ledger_id = ?",
        # The condition spares SQLite its guard against replacement; the clause is for two makers on PostgreSQL.
        create="INSERT INTO ledgers (ledger_id, created_at, size, peaks) SELECT ?, ?, 0, ?"
        " WHERE NOT EXISTS (SELECT 1 FROM ledgers WHERE ledger_id = ?) ON CONFLICT DO NOTHING",
        head="SELECT size FROM ledgers WHERE ledger_id = ?",
        head_row="SELECT size, peaks,"
        " (SELECT coalesce(max(version), 0) FROM entries WHERE ledger_id = ledgers.ledger_id)"
        " FROM ledgers WHERE ledger_id = ?",
        read=f"SELECT bytes {_SPAN}",
        rows=f"SELECT {_COLUMNS}, ledger_id {_SPAN}",
        users="SELECT version, database_user FROM entries"
        " WHERE ledger_id = ? AND version > ? AND version <= ? AND database_user IS NOT NULL",
        restorations=f"SELECT {', '.join(Restored._fields)} FROM restorations"  # noqa: S608 - our own names
        " WHERE ledger_id = ? ORDER BY number",
    )
    return _Statements._make(map(flavour(engine).statement, written))


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
        self._statements = _statements(engine)

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
            found = connection.exec_driver_sql(self._statements.head_row, (ledger,)).first()
            if found is None:
                raise self._no_ledger(ledger)
            head = Head._make(found)
            # In a corrupt file of SQLite anything may stand there.
            if {type(head.size), type(head.last)} != {int}:
                raise DamagedError("damaged", f"{shown(self.engine.url)} is damaged: a version is no number")
            return head

    def read(self, ledger: str, *, after: int = 0, until: int | None = None) -> Iterator[bytes]:
        """Canonical bytes, streamed; the connection is free again when the iterator has ended or is dropped."""
        return map(_ONLY_COLUMN, chain.from_iterable(self._span(self._statements.read, ledger, after, until)))

    def rows(self, ledger: str, *, after: int = 0, until: int | None = None) -> Iterator[Row]:
        """All columns, streamed in the same way."""
        parts = self._span(self._statements.rows, ledger, after, until)
        return chain.from_iterable(_own_rows(ledger, part) for part in parts)

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


def _own_rows(ledger: str, part: Sequence[tuple[Any, ...]]) -> Iterator[Row]:
    """The rows of a part of a ledger; column by column, which is faster than one by one."""
    *columns, found_in = zip(*part, strict=True)
    if found_in.count(ledger) == len(part):
        return map(Row._make, zip(*columns, strict=True))
    return _own_rows_before_others(ledger, part)


def _own_rows_before_others(ledger: str, part: Sequence[tuple[Any, ...]]) -> Iterator[Row]:
    """An index of SQLite may lead to an entry whose own column says something else."""
    for found in part:
        row, found_in = Row._make(found[:-1]), found[-1]
        if found_in != ledger:
            raise DamagedError(
                "damaged",
                f"version {row.version} is bad: the column ledger_id says {found_in!r}, not {ledger!r}",
                contradicts=row.version,
            )
        yield row


class _SqlWriter:
    def __init__(self, connection: Connection, statements: _Statements, ledger: str, head: int, peaks: bytes) -> None:
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
        with self._connection.exec_driver_sql(sql, span, execution_options=_STREAM) as found:
            yield from map(_ONLY_COLUMN, found)

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
