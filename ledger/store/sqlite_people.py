"""Keeping people in an SQLite file, and leaving nothing of those who were removed in it or beside it.

What a statement removes, SQLite overwrites with zeros where it is told to (`secure_delete`). But a page may hold an old
copy of a row that moved to another page when there was no room: so whoever removes a row writes the table anew, and the
pages that it had are zeros before. Pages that were given up without that, as by a restoration, go when the file is
written anew (`VACUUM`). The write-ahead log holds pages as they were: it is folded in and cut to nothing, which SQLite
does only while nobody else reads.
"""

import sqlite3
from collections.abc import Iterator, Sequence
from contextlib import closing, contextmanager
from pathlib import Path
from typing import Any

from ledger.store import people
from ledger.store.authorizer import restrict_to_people
from ledger.store.sqlite_file import connect

_ALL = f"SELECT ledger_id, {', '.join(people.PersonRow._fields)} FROM people ORDER BY ledger_id, holder"  # noqa: S608


def directory_by(connection: sqlite3.Connection, ledger: str) -> people.Directory:
    """The people of a ledger, by a connection."""
    return people.Directory(lambda sql, *given: connection.execute(sql, given).fetchall(), ledger)


class Keeper:
    """Changes the directories of a file inside a transaction."""

    def __init__(self, connection: sqlite3.Connection) -> None:
        self._connection = connection
        self._has_removed = False

    def has(self, ledger: str) -> bool:
        """Whether the ledger is there."""
        found = self._connection.execute("SELECT 1 FROM ledgers WHERE ledger_id = ?", (ledger,))
        return found.fetchone() is not None

    def directory(self, ledger: str) -> people.Directory:
        """The people of a ledger."""
        return people.Directory(self._say, ledger)

    def write_anew(self) -> None:
        """Write the table of people anew where a row was removed."""
        if self._has_removed:
            rows = self._connection.execute(_ALL).fetchall()
            self._connection.execute("DELETE FROM people")  # of all: it gives up every page, and each is zeros then
            self._connection.executemany(people.PUT, rows)

    def _say(self, sql: str, *given: object) -> Sequence[Sequence[Any]]:
        with closing(self._connection.execute(sql, given)) as found:
            self._has_removed |= sql == people.REMOVE and found.rowcount > 0
            return found.fetchall()


@contextmanager
def keeping(file: Path, wait_seconds: float) -> Iterator[Keeper]:
    """A transaction that may change the directories of a file; committed at the end."""
    with closing(connect(file, wait_seconds=wait_seconds)) as connection:
        restrict_to_people(connection)
        connection.execute("BEGIN IMMEDIATE")
        keeper = Keeper(connection)
        yield keeper
        keeper.write_anew()
        connection.execute("COMMIT")


def erase(file: Path, wait_seconds: float, *, thoroughly: bool) -> bool:
    """Take what was removed out of the file and its write-ahead log; whether others keep that log from being cut.

    thoroughly: write the file anew, so that no page holds anything but what is there.
    """
    with closing(connect(file, wait_seconds=wait_seconds)) as connection:
        connection.set_authorizer(None)
        if thoroughly:
            connection.execute("VACUUM")
        connection.execute(f"PRAGMA busy_timeout = {round(people.CHECKPOINT_SECONDS * 1000)}")
        ((is_busy, _, _),) = connection.execute("PRAGMA wal_checkpoint(TRUNCATE)").fetchall()
        return bool(is_busy)
