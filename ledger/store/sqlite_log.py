"""The log in an SQLite file, by Python's driver alone: SQLAlchemy would be half of the time of a question or an append.

Only migrations and backups come to the same file in another way (`engines`), after the same looks.
"""

import os
import sqlite3
from collections.abc import Generator, Iterator, Sequence
from contextlib import closing, contextmanager
from hashlib import sha256
from operator import itemgetter
from pathlib import Path
from time import monotonic
from typing import TYPE_CHECKING, Any, Final

from ledger.domain.errors import DamagedError, DatabaseError
from ledger.store import WAIT_SECONDS
from ledger.store.guards import ASKED_OF_SQLITE, read_found, require_current
from ledger.store.log import NO_END, NOTICEABLE_SECONDS, Head, Log, Row, Sent, Tip, Writer
from ledger.store.restored import Restored
from ledger.store.sqlite_file import connect, failures_told, look_at
from ledger.store.statements import (
    FETCHED_AT_ONCE_FROM_A_FILE,
    HEAD_ONLY,
    INSERT,
    MOVE_HEAD_IN_FILE,
    STATEMENTS,
    own_rows,
    require_all_added,
)

if TYPE_CHECKING:
    from ledger.store.people import Directory
    from ledger.store.queue import Queue

_ONLY_COLUMN: Final = itemgetter(0)
_LEFT_TO_THE_PARENT: Final[list[sqlite3.Connection]] = []
"""Connections of before a fork. They are kept, for to close one would give up locks of this process, too."""

# Asked with IN, it would read all of the ledger: it knows of no ledger with more than a few entries.
IDS_THERE = (
    "SELECT entry_id, version, bytes FROM (VALUES (?)) AS asked CROSS JOIN entries"
    " WHERE ledger_id = ? AND entry_id = asked.column1"
)


class SqliteLog(Log):
    """A log in an SQLite file, which must have the tables already: `upgrade` makes them.

    name: the path in the URL, as a person knows it. Threads may share the log: each call has a connection of its own.

    Raises what `open_log` raises.
    """

    def __init__(self, name: str, *, wait_seconds: float = WAIT_SECONDS) -> None:
        self.wait_seconds = wait_seconds
        self._name = name
        self._file = Path(name).absolute()
        self._idle: list[sqlite3.Connection] = []
        self._process = os.getpid()
        look_at(self._file, name, create=False)
        self._queue: list[Queue] = []  # one, once somebody records: who only asks does not load it
        try:
            with self._connected() as connection:
                (row,) = connection.execute(ASKED_OF_SQLITE).fetchall()
            require_current(read_found(row, name, "sqlite"), name, "sqlite")
        except BaseException:
            self.close()
            raise

    def ledgers(self) -> list[str]:
        """The ids of the ledgers, sorted by code point."""
        with self._connected() as connection:
            found = [each for (each,) in connection.execute(STATEMENTS.ledgers)]
        if not all(isinstance(each, str) for each in found):  # in a corrupt file anything may stand there
            raise DamagedError("damaged", f"{self._name} is damaged: a ledger's id is no text")
        return sorted(found)

    def sizes(self) -> dict[str, int]:
        """The size in each ledger's row; 0 where that is no number, which whoever reads the ledger will tell."""
        with self._connected() as connection:
            found = dict(connection.execute(STATEMENTS.sizes))
        return {ledger: found[ledger] if type(found.get(ledger)) is int else 0 for ledger in self.ledgers()}

    def create(self, ledger: str, created_at: str) -> bool:
        """Make a ledger, in a transaction of its own."""
        with self._turn() as connection:
            made = connection.execute(STATEMENTS.create, (ledger, created_at, b"", ledger)).rowcount == 1
            connection.commit()
            return made

    def head(self, ledger: str) -> int:
        """The last version, from the ledger's row."""
        version: int = self._one_row(STATEMENTS.head, ledger)[0]
        return version

    def head_row(self, ledger: str) -> Head:
        """The head and the last entry, in one statement: nobody adds in between."""
        head = Head._make(self._one_row(STATEMENTS.head_row, ledger, ledger))
        if {type(head.size), type(head.last)} != {int}:  # in a corrupt file anything may stand there
            raise DamagedError("damaged", f"{self._name} is damaged: a version is no number")
        return head

    def read(self, ledger: str, *, after: int = 0, until: int | None = None) -> Generator[bytes, None, None]:
        """Canonical bytes, streamed; the connection is free again when it has ended or is closed."""
        for part in self._span(STATEMENTS.read, ledger, after, until):
            yield from map(_ONLY_COLUMN, part)

    def rows(self, ledger: str, *, after: int = 0, until: int | None = None) -> Generator[Row, None, None]:
        """All columns, streamed in the same way."""
        for part in self._span(STATEMENTS.rows, ledger, after, until):
            yield from own_rows(ledger, part)

    def database_users(self, ledger: str, *, after: int = 0, until: int | None = None) -> dict[int, str]:
        """Nobody, as a rule: SQLite knows no users."""
        span = (ledger, after, NO_END if until is None else until)
        with self._connected() as connection:
            return dict(connection.execute(STATEMENTS.users, span))

    def restorations(self, ledger: str) -> list[Restored]:
        """Its rows in `restorations`."""
        with self._connected() as connection:
            return list(map(Restored._make, connection.execute(STATEMENTS.restorations, (ledger,))))

    @contextmanager
    def directory(self, ledger: str, *, writing: bool = False) -> Iterator["Directory"]:
        """To be changed by a connection that does nothing else, and leaves nothing of what it removes in a page."""
        from ledger.store.sqlite_people import directory_by, keeping

        if not writing:
            with self._connected() as connection:
                yield directory_by(connection, ledger)
            return

        turn = self._own_queue().turn(monotonic() + self.wait_seconds)
        with turn, failures_told(self._name), keeping(self._file, self.wait_seconds) as keeper:
            if not keeper.has(ledger):
                raise self._no_ledger(ledger)
            yield keeper.directory(ledger)

    def has_people(self, ledger: str) -> bool:
        """Without what knows how to read them: a question loads as little as it can."""
        with self._connected() as connection:
            return bool(connection.execute(STATEMENTS.has_people, (ledger,)).fetchall())

    def erase_traces(self, *, thoroughly: bool) -> str | None:
        """Out of the write-ahead log, and out of free pages by writing the file anew."""
        from ledger.store.sqlite_people import erase

        with self._own_queue().turn(monotonic() + self.wait_seconds), failures_told(self._name):
            is_left = erase(self._file, self.wait_seconds, thoroughly=thoroughly)
        return f"others are reading {self._name}, and its write-ahead log is kept for them" if is_left else None

    @contextmanager
    def writing(self, ledger: str, *, until: float | None = None, supposed: Tip | None = None) -> Iterator[Writer]:
        """Takes the turn for all of the file; to read the head costs nothing here, so nothing need be supposed."""
        del supposed
        with self._turn(until) as connection:
            head: tuple[int, bytes] | None = connection.execute(HEAD_ONLY, (ledger,)).fetchone()
            if head is None:
                raise self._no_ledger(ledger)
            writer = _SqliteWriter(connection, ledger, *head)
            yield writer
            writer.commit()

    @contextmanager
    def _turn(self, until: float | None = None) -> Iterator[sqlite3.Connection]:
        """A connection in a transaction that may write; it is for the caller to commit."""
        if until is None:
            until = monotonic() + self.wait_seconds
        with self._own_queue().turn(until), self._connected() as connection:
            _begin(connection, until - monotonic(), self.wait_seconds)
            try:
                yield connection
            finally:
                connection.rollback()  # what was not committed; it says nothing where all was

    def close(self) -> None:
        """Close the connections. SQLite then folds its write-ahead log into the file, if nobody else has it open."""
        self._leave_to_parent()
        while self._idle:
            self._idle.pop().close()
        for queue in self._queue:
            queue.close()

    def _own_queue(self) -> "Queue":
        if not self._queue:
            from ledger.store.queue import Queue

            self._queue.append(Queue(self._file))
        return self._queue[0]

    def _leave_to_parent(self) -> None:
        """In a forked process begin without connections: their locks are the parent's own."""
        if self._process != os.getpid():
            _LEFT_TO_THE_PARENT.extend(self._idle)
            self._idle, self._process = [], os.getpid()

    @contextmanager
    def _connected(self) -> Iterator[sqlite3.Connection]:
        with failures_told(self._name):
            self._leave_to_parent()
            try:
                connection = self._idle.pop()
            except IndexError:
                connection = connect(self._file, wait_seconds=self.wait_seconds)
            try:
                yield connection
            finally:
                if connection.in_transaction:  # it could not even be rolled back
                    connection.close()
                else:
                    self._idle.append(connection)

    def _one_row(self, sql: str, ledger: str, *more: str) -> tuple[Any, ...]:
        with self._connected() as connection:
            found: list[tuple[Any, ...]] = connection.execute(sql, (ledger, *more)).fetchall()
        if not found:
            raise self._no_ledger(ledger)
        return found[0]

    def _span(self, sql: str, ledger: str, after: int, until: int | None) -> Iterator[Sequence[tuple[Any, ...]]]:
        span = (ledger, after, NO_END if until is None else until)
        with self._connected() as connection, closing(connection.execute(sql, span)) as found:
            part = found.fetchmany(FETCHED_AT_ONCE_FROM_A_FILE)
            if not part and not connection.execute(STATEMENTS.exists, (ledger,)).fetchall():
                raise self._no_ledger(ledger)
            while part:
                yield part
                part = found.fetchmany(FETCHED_AT_ONCE_FROM_A_FILE)

    def _no_ledger(self, ledger: str) -> DatabaseError:
        return DatabaseError("no-ledger", f"{self._name} has no ledger {ledger!r}")


def _begin(connection: sqlite3.Connection, left: float, usual: float) -> None:
    """Begin a transaction that may write, and wait for others no longer than is left of the usual seconds."""
    if left >= usual - NOTICEABLE_SECONDS:
        connection.execute("BEGIN IMMEDIATE")
        return
    connection.execute(f"PRAGMA busy_timeout = {max(1, round(left * 1000))}")
    try:
        connection.execute("BEGIN IMMEDIATE")
    finally:
        connection.execute(f"PRAGMA busy_timeout = {round(usual * 1000)}")


class _SqliteWriter:
    def __init__(self, connection: sqlite3.Connection, ledger: str, head: int, peaks: bytes) -> None:
        self.head = self._before = head
        self.peaks = peaks
        self.sent: Sent | None = None
        self._digest = sha256()
        self._connection = connection
        self._ledger = ledger

    def read(self, *, after: int = 0) -> Generator[bytes, None, None]:
        with closing(self._connection.execute(STATEMENTS.read, (self._ledger, after, NO_END))) as found:
            yield from map(_ONLY_COLUMN, found)

    def ids_there(self, ids: Sequence[str]) -> dict[str, tuple[int, bytes]]:
        if not ids:
            return {}
        asked = ", ".join(["(?)"] * len(ids))
        found = self._connection.execute(IDS_THERE.replace("(?)", asked, 1), (*ids, self._ledger)).fetchall()
        return {entry_id: (version, content) for entry_id, version, content in found}

    def append(self, rows: Sequence[Row], peaks: bytes) -> None:
        if rows:
            added = self._connection.executemany(INSERT, [(self._ledger, *row) for row in rows])
            require_all_added(added.rowcount, len(rows))
            for row in rows:
                self._digest.update(row.bytes)
            self.head, self.peaks = rows[-1].version, peaks
            self._connection.execute(MOVE_HEAD_IN_FILE, (self._ledger, self.head, peaks))

    def commit(self) -> None:
        """Say COMMIT, and remember what it is to make true, for the case that the disk does not answer."""
        if self.head > self._before:
            self.sent = Sent(self._before, self.head, self._digest.digest())
        self._connection.commit()
