"""Keeping people in an SQLite file, and leaving nothing of those who were removed in it or beside it.

What a statement removes, SQLite overwrites with zeros where it is told to (`secure_delete`). But a page may hold an old
copy of a row that moved to another page, and the write-ahead log holds pages as they were: so the file is written anew
(`VACUUM`), and the log is folded in and cut to nothing, which SQLite does only while nobody else reads.
"""

import sqlite3
from collections.abc import Iterator
from contextlib import closing, contextmanager
from pathlib import Path

from ledger.store import people
from ledger.store.authorizer import restrict_to_people
from ledger.store.sqlite_file import connect


def directory_by(connection: sqlite3.Connection, ledger: str) -> people.Directory:
    """The people of a ledger, by a connection."""
    return people.Directory(lambda sql, *given: connection.execute(sql, given).fetchall(), ledger)


@contextmanager
def keeping(file: Path, wait_seconds: float) -> Iterator[sqlite3.Connection]:
    """A connection in a transaction that may change the directory; committed at the end."""
    with closing(connect(file, wait_seconds=wait_seconds)) as connection:
        restrict_to_people(connection)
        connection.execute("BEGIN IMMEDIATE")
        yield connection
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
