"""The log in an SQLite file, read by Python's driver alone: for whoever has asked before SQLAlchemy would be loaded.

Opening it looks at the same things as opening it to record does, by the same functions; whoever records here after all
does it by `sql_log`.
"""

import sqlite3
from collections.abc import Generator, Iterator, Sequence
from contextlib import AbstractContextManager, closing, contextmanager
from operator import itemgetter
from pathlib import Path
from typing import Any

from ledger.domain.errors import DamagedError, DatabaseError
from ledger.store import WAIT_SECONDS, open_log
from ledger.store.guards import ASKED_OF_SQLITE, read_found, require_current
from ledger.store.log import NO_END, Head, Log, Row, Writer
from ledger.store.restored import Restored
from ledger.store.sqlite_file import connect, failures_told, look_at
from ledger.store.statements import FETCHED_AT_ONCE_FROM_A_FILE, STATEMENTS, own_rows


class SqliteLog(Log):
    """A log in an SQLite file, as `open_to_ask` opens it.

    name: the path in the URL, as a person knows it. Threads may share the log: each call has a connection of its own.

    Raises what `open_log` raises.
    """

    def __init__(self, name: str, *, wait_seconds: float = WAIT_SECONDS) -> None:
        self.wait_seconds = wait_seconds
        self._name = name
        self._file = Path(name).absolute()
        self._idle: list[sqlite3.Connection] = []
        self._to_write: Log | None = None
        look_at(self._file, name, create=False)
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
        """Make a ledger, by way of SQLAlchemy."""
        return self._writing_log().create(ledger, created_at)

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
            yield from map(itemgetter(0), part)

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

    def writing(self, ledger: str, *, until: float | None = None) -> AbstractContextManager[Writer]:
        """Takes the turn, by way of SQLAlchemy."""
        return self._writing_log().writing(ledger, until=until)

    def close(self) -> None:
        """Close the connections. SQLite then folds its write-ahead log into the file, if nobody else has it open."""
        while self._idle:
            self._idle.pop().close()
        if self._to_write is not None:
            self._to_write.close()

    def _writing_log(self) -> Log:
        if self._to_write is None:
            self._to_write = open_log(f"sqlite:///{self._name}", wait_seconds=self.wait_seconds)
        return self._to_write

    @contextmanager
    def _connected(self) -> Iterator[sqlite3.Connection]:
        with failures_told(self._name):
            try:
                connection = self._idle.pop()
            except IndexError:
                connection = connect(self._file, wait_seconds=self.wait_seconds)
            try:
                yield connection
            finally:
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
