"""The log in PostgreSQL.

The statements are text that goes straight to the driver: they are few, every command runs them, and building them anew
costs an eighth of an append.

Who has read all there is sends the entry that follows, and where it is to follow, in one call of the server's
function `append_entry`, which is a transaction by itself: one round trip. Whoever finds others there takes the ledger's
row, reads, judges, appends and commits, which takes seven.
"""

import re
from collections.abc import Generator, Iterator, Sequence
from contextlib import contextmanager
from hashlib import sha256
from operator import itemgetter
from time import monotonic, sleep
from typing import TYPE_CHECKING, Any

from sqlalchemy import Connection, Engine

from ledger.domain.errors import DatabaseError, LedgerError
from ledger.store import WAIT_SECONDS
from ledger.store.engines import flavour, for_reading, wait_less
from ledger.store.failures import HeadMovedError
from ledger.store.log import NO_END, NOTICEABLE_SECONDS, Head, Log, Row, Sent, Tip, Writer
from ledger.store.restored import Restored
from ledger.store.sql_failures import failures_told, shown
from ledger.store.statements import HEAD_ONLY, STATEMENTS, Statements, own_rows

if TYPE_CHECKING:
    from ledger.store.people import Directory

FETCHED_AT_ONCE = 5_000
"""Rows. More is no faster; fewer costs PostgreSQL's round trips."""

APPEND = f"SELECT append_entry(%s, %s, %s, %s, {', '.join(['%s'] * (len(Row._fields) - 1))})"
"""One call of the function of 0003, with all columns of the entry but the version."""

VACUUMED_AT_MOST = 10
SECONDS_BETWEEN = 0.2
KEPT_BY_OTHERS = "somebody has been reading this database since before, and PostgreSQL keeps what he might see"
MAY_VACUUM = "SELECT pg_has_role(relowner, 'USAGE') FROM pg_catalog.pg_class WHERE oid = to_regclass('people')"

IDS_THERE = "SELECT entry_id, version, bytes FROM entries WHERE ledger_id = %s AND entry_id = ANY (%s)"

_ONLY_COLUMN = itemgetter(0)
_STREAM = {"stream_results": True, "yield_per": FETCHED_AT_ONCE}


class SqlLog(Log):
    """A log in PostgreSQL, which must have the tables already: `open_log` looks, `upgrade` makes them."""

    def __init__(self, engine: Engine, *, wait_seconds: float = WAIT_SECONDS) -> None:
        self.engine = engine
        self.wait_seconds = wait_seconds
        self._reading = for_reading(engine, rows=FETCHED_AT_ONCE)
        said = flavour(engine)
        self._statements = Statements._make(map(said.statement, STATEMENTS))
        self._head_only = said.statement(HEAD_ONLY)

    def ledgers(self) -> list[str]:
        """The ids of the ledgers, sorted by code point whatever the database's language is."""
        with failures_told(self.engine), self.engine.connect() as connection:
            return sorted(connection.exec_driver_sql(self._statements.ledgers).scalars())

    def sizes(self) -> dict[str, int]:
        """The size in each ledger's row."""
        with failures_told(self.engine), self.engine.connect() as connection:
            return dict(sorted(map(tuple, connection.exec_driver_sql(self._statements.sizes))))

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
            return Head._make(found)

    def read(self, ledger: str, *, after: int = 0, until: int | None = None) -> Generator[bytes, None, None]:
        """Canonical bytes, streamed; the connection is free again when it has ended or is closed."""
        for part in self._span(self._statements.read, ledger, after, until):
            yield from map(_ONLY_COLUMN, part)

    def rows(self, ledger: str, *, after: int = 0, until: int | None = None) -> Generator[Row, None, None]:
        """All columns, streamed in the same way."""
        for part in self._span(self._statements.rows, ledger, after, until):
            yield from own_rows(ledger, part)

    def database_users(self, ledger: str, *, after: int = 0, until: int | None = None) -> dict[int, str]:
        """What PostgreSQL knows as the session's user."""
        span = (ledger, after, NO_END if until is None else until)
        with failures_told(self.engine), self._reading.connect() as connection:
            return dict(map(tuple, connection.exec_driver_sql(self._statements.users, span)))

    def restorations(self, ledger: str) -> list[Restored]:
        """Its rows in `restorations`."""
        with failures_told(self.engine), self.engine.connect() as connection:
            return list(map(Restored._make, connection.exec_driver_sql(self._statements.restorations, (ledger,))))

    @contextmanager
    def directory(self, ledger: str, *, writing: bool = False) -> Iterator["Directory"]:
        """To be changed while nobody else adds to the ledger."""
        from ledger.store.people import Directory

        statement = flavour(self.engine).statement
        with failures_told(self.engine), self._turn() as connection:

            def say(sql: str, *given: object) -> list[Any]:
                with connection.exec_driver_sql(statement(sql), given) as answer:
                    return list(map(tuple, answer)) if answer.returns_rows else []

            if writing and not say(flavour(self.engine).lock, ledger):
                raise self._no_ledger(ledger)
            yield Directory(say, ledger)
            if writing:
                connection.commit()

    def erase_traces(self, *, thoroughly: bool) -> str | None:
        """Dead rows, by writing the table anew: only its owner may."""
        if not thoroughly:
            return None
        with failures_told(self.engine), self.engine.connect() as connection:
            alone = connection.execution_options(isolation_level="AUTOCOMMIT")
            if not alone.exec_driver_sql(MAY_VACUUM).scalar_one():
                return "only the owner of the table of people may vacuum it (VACUUM FULL people)"
            raw: Any = connection.connection.driver_connection
            said: list[str] = []
            raw.add_notice_handler(lambda notice: said.append(notice.message_detail or ""))
            for _ in range(VACUUMED_AT_MOST):  # the server's own workers read now and then, for a moment
                said.clear()
                alone.exec_driver_sql("VACUUM (FULL, VERBOSE) people")
                if not any(map(_tells_of_dead_rows, said)):
                    break
                sleep(SECONDS_BETWEEN)
            connection.invalidate()  # with its handler
        return KEPT_BY_OTHERS if any(map(_tells_of_dead_rows, said)) else None

    @contextmanager
    def writing(self, ledger: str, *, until: float | None = None, supposed: Tip | None = None) -> Iterator[Writer]:
        """Takes the turn, which is the ledger's row; where something is supposed, only for the moment of appending."""
        with failures_told(self.engine):
            if supposed is not None:
                with self._supposing(ledger, supposed) as supposing:
                    yield supposing
                return
            with self._turn(until) as connection:
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
        with self.engine.connect() as connection:
            connection.begin()
            left = until - monotonic()
            if left < self.wait_seconds - NOTICEABLE_SECONDS:
                wait_less(connection, left)
            yield connection

    @contextmanager
    def _supposing(self, ledger: str, supposed: Tip) -> Iterator["_SupposingWriter"]:
        """What is judged on a supposition, and refused or found to be there already, holds only if that is true."""
        writer = _SupposingWriter(ledger, supposed)
        try:
            yield writer
        except LedgerError:
            self._require_at(ledger, supposed)
            raise
        if writer.row is None:
            self._require_at(ledger, supposed)
            return
        with self._lent() as connection:
            if not writer.send(connection, writer.row):
                raise _moved(ledger)

    def _require_at(self, ledger: str, supposed: Tip) -> None:
        with self._lent() as connection:
            if connection.execute(self._head_only, (ledger,)).fetchone() != supposed:
                raise _moved(ledger)

    @contextmanager
    def _lent(self) -> Iterator[Any]:
        """The driver's connection, on which every statement is a transaction by itself: no round trip before or after.

        Where anything fails on it, it is given up: nobody need know in what state it is.
        """
        lent = self.engine.raw_connection()
        connection: Any = lent.driver_connection
        try:
            connection.autocommit = True
            yield connection
            connection.autocommit = False
        except BaseException:
            lent.invalidate()
            raise
        lent.close()

    def close(self) -> None:
        """Close the connections."""
        self.engine.dispose()

    def _span(self, sql: str, ledger: str, after: int, until: int | None) -> Iterator[Sequence[tuple[Any, ...]]]:
        last = NO_END if until is None else until
        with (
            failures_told(self.engine),
            self._reading.connect() as connection,
            connection.exec_driver_sql(sql, (ledger, after, last)) as found,
        ):
            part = found.fetchmany(FETCHED_AT_ONCE)
            if not part:
                self._require(connection, ledger)
            while part:
                yield part
                part = found.fetchmany(FETCHED_AT_ONCE)

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
        found = self._connection.exec_driver_sql(IDS_THERE, (self._ledger, list(ids)))
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


class _SupposingWriter:
    """Has the head that is supposed, and keeps the entry that is appended until it is sent."""

    def __init__(self, ledger: str, supposed: Tip) -> None:
        self.head, self.peaks = supposed
        self.row: Row | None = None
        self.sent: Sent | None = None
        self._ledger = ledger
        self._supposed = supposed

    def read(self, *, after: int = 0) -> Generator[bytes, None, None]:
        """Nothing: the caller has read up to the head."""
        del after
        yield from ()

    def ids_there(self, ids: Sequence[str]) -> dict[str, tuple[int, bytes]]:
        """Unknown: whoever asks must have the ledger locked, and begins anew."""
        del ids
        raise _moved(self._ledger)

    def append(self, rows: Sequence[Row], peaks: bytes) -> None:
        if rows:
            (self.row,) = rows
            self.head, self.peaks = self.row.version, peaks

    def send(self, connection: Any, row: Row) -> bool:
        """Append and commit in one call; False where the head was another. Remembers what is to be made true."""
        self.sent = Sent(self._supposed.size, row.version, sha256(row.bytes).digest())
        found = connection.execute(APPEND, (self._ledger, *self._supposed, self.peaks, *row[1:])).fetchone()
        return bool(found[0])


def _moved(ledger: str) -> HeadMovedError:
    return HeadMovedError("database-busy", f"others have recorded in ledger {ledger}")


def _tells_of_dead_rows(detail: str) -> bool:
    """Whether a line of VACUUM says that dead rows stayed; their number comes first, in every language.

    >>> _tells_of_dead_rows("1 dead row versions cannot be removed yet."), _tells_of_dead_rows("0 dead row versions")
    (True, False)
    """
    number = re.search("[0-9]+", detail)
    return number is not None and int(number[0]) > 0
