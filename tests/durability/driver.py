"""The driver `sqlite3`, spoken by apsw: so that the store runs, as it is, on a machine whose disk is watched.

While `powered(machine)` lasts, `sqlite3.connect` gives connections to the machine's file system. Everything else is
the store's own: its engine, pragmas, statements, the way its transactions begin, and how it tells failures.
"""

import sqlite3
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from itertools import islice
from typing import Any
from unittest.mock import patch

import apsw

from tests.durability.machine import Machine

_OPERATIONAL = (
    *(apsw.SQLITE_ERROR, apsw.SQLITE_PERM, apsw.SQLITE_ABORT, apsw.SQLITE_BUSY, apsw.SQLITE_LOCKED, apsw.SQLITE_IOERR),
    *(apsw.SQLITE_READONLY, apsw.SQLITE_INTERRUPT, apsw.SQLITE_FULL, apsw.SQLITE_CANTOPEN, apsw.SQLITE_PROTOCOL),
    apsw.SQLITE_SCHEMA,
)
_CLASSES: dict[int, type[sqlite3.Error]] = {
    **dict.fromkeys(_OPERATIONAL, sqlite3.OperationalError),
    apsw.SQLITE_CONSTRAINT: sqlite3.IntegrityError,
    apsw.SQLITE_MISMATCH: sqlite3.IntegrityError,
    apsw.SQLITE_TOOBIG: sqlite3.DataError,
    apsw.SQLITE_MISUSE: sqlite3.InterfaceError,
    apsw.SQLITE_RANGE: sqlite3.InterfaceError,
}
"""As `sqlite3` sorts SQLite's codes; every other is a `DatabaseError`."""


@contextmanager
def powered(machine: Machine) -> Iterator[None]:
    """Whoever connects to SQLite meanwhile does so on this machine."""

    def connect(database: str, *, timeout: float = 5.0, **_options: object) -> "Connection":
        return Connection(database, machine, timeout)

    with patch.object(sqlite3, "connect", connect):
        yield


def translated(error: Exception) -> sqlite3.Error:
    """The error that the driver `sqlite3` would raise."""
    code = getattr(error, "extendedresult", 0) or getattr(error, "result", 0)
    raised = _CLASSES.get(code & 0xFF, sqlite3.DatabaseError)(str(error).removeprefix(type(error).__name__ + ": "))
    raised.sqlite_errorcode = code
    raised.sqlite_errorname = str(apsw.mapping_extended_result_codes.get(code) or apsw.mapping_result_codes.get(code))
    return raised


class Connection:
    """What the store and SQLAlchemy ask of a connection of `sqlite3`."""

    isolation_level = None

    def __init__(self, database: str, machine: Machine, timeout: float) -> None:
        flags = apsw.SQLITE_OPEN_URI | apsw.SQLITE_OPEN_READWRITE | apsw.SQLITE_OPEN_CREATE
        self.rolled_back = False
        try:
            self.own = apsw.Connection(database, flags=flags, vfs=machine.file_system)
        except apsw.Error as error:
            raise translated(error) from error
        self.own.set_busy_timeout(round(timeout * 1000))
        self.own.set_rollback_hook(self._note_rollback)

    def _note_rollback(self) -> None:
        self.rolled_back = True

    @property
    def in_transaction(self) -> bool:
        return self.own.in_transaction

    def cursor(self) -> "Cursor":
        return Cursor(self)

    def execute(self, sql: str, parameters: Sequence[Any] = ()) -> "Cursor":
        return self.cursor().execute(sql, parameters)

    def executemany(self, sql: str, parameters: Sequence[Sequence[Any]]) -> "Cursor":
        return self.cursor().executemany(sql, parameters)

    def commit(self) -> None:
        if self.in_transaction:
            self.execute("COMMIT")

    def rollback(self) -> None:
        if self.in_transaction:
            self.execute("ROLLBACK")

    def create_function(self, name: str, arguments: int, function: Any, *, deterministic: bool = False) -> None:
        self.own.create_scalar_function(name, function, arguments, deterministic=deterministic)

    def set_authorizer(self, authorizer: Callable[..., int] | None) -> None:
        self.own.set_authorizer(authorizer)

    def setlimit(self, category: int, limit: int) -> int:
        return self.own.limit(category, limit)

    def set_more(self, settings: Mapping[str, object]) -> None:
        """Set pragmas that the store's own authorizer would refuse."""
        authorizer, self.own.authorizer = self.own.authorizer, None
        for name, value in settings.items():
            self.own.execute(f"PRAGMA {name}={value}").fetchall()
        self.own.authorizer = authorizer

    def close(self) -> None:
        # The driver does not hear of a failure to fold the write-ahead log into the file: the log stays.
        try:
            self.own.close()
        except apsw.Error:
            self.own.close()


class Cursor:
    """The same of a cursor. Answers are read to their end at once, so that no statement stays in progress."""

    arraysize = 1
    lastrowid = None

    def __init__(self, connection: Connection) -> None:
        self.connection = connection
        self.description: Sequence[Sequence[Any]] | None = None
        self.rowcount = -1
        self._rows: Iterator[Any] = iter(())

    def execute(self, sql: str, parameters: Sequence[Any] = ()) -> "Cursor":
        return self._say(sql, lambda own: own.execute(sql, tuple(parameters)))

    def executemany(self, sql: str, parameters: Sequence[Sequence[Any]]) -> "Cursor":
        return self._say(sql, lambda own: own.executemany(sql, parameters))

    def _say(self, sql: str, say: Callable[[apsw.Cursor], apsw.Cursor]) -> "Cursor":
        self.description, self.rowcount, self.connection.rolled_back = None, -1, False
        before = self.connection.own.total_changes()
        own = self.connection.own.cursor()
        own.exec_trace = self._describe
        try:
            self._rows = iter(say(own).fetchall())
        except apsw.Error as error:
            # apsw raises what the file system did, also where SQLite made nothing of it: a commit is good although
            # the checkpoint after it failed.
            is_committed = sql == "COMMIT" and not self.connection.in_transaction and not self.connection.rolled_back
            if not is_committed:
                raise translated(error) from error
        finally:
            own.close(force=True)
        if self.description is None:
            self.rowcount = self.connection.own.total_changes() - before
        return self

    def _describe(self, cursor: apsw.Cursor, _sql: str, _parameters: object) -> bool:
        # apsw forgets the columns of an answer without rows; this is asked before the first one.
        self.description = [(name, *(None,) * 6) for name, *_ in cursor.get_description()] or None
        return True

    def __iter__(self) -> Iterator[Any]:
        return self._rows

    def fetchone(self) -> Any:
        return next(self._rows, None)

    def fetchmany(self, size: int | None = None) -> list[Any]:
        return list(islice(self._rows, size or self.arraysize))

    def fetchall(self) -> list[Any]:
        return list(self._rows)

    def close(self) -> None:
        self._rows = iter(())
