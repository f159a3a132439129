"""An SQLite file: whether it may be opened, how a connection to it is made, and what its failures mean.

Whoever opens one comes by here, with SQLAlchemy (`engines`) or without it (`sqlite_log`).
"""

import sqlite3
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from ledger.domain.errors import DamagedError, DatabaseError
from ledger.store.authorizer import restrict
from ledger.store.failures import meaning, no_database, unreadable
from ledger.store.first_look import refuse_foreign
from ledger.store.network import refuse_network
from ledger.store.remains import was_a_ledger


def plain_file(url: str) -> str | None:
    """The path in the URL of an SQLite file, as it stands there; None where it takes SQLAlchemy to read or refuse it.

    >>> plain_file("sqlite:///rights.db"), plain_file("sqlite:////srv/rights.db"), plain_file("sqlite:///a%20b")
    ('rights.db', '/srv/rights.db', None)
    """
    start, _, path = url.partition(":///")
    is_plain = start in {"sqlite", "sqlite+pysqlite"} and url.isprintable() and not {"?", "%"} & {*path}
    return path if is_plain and path not in {"", ":memory:"} and not path.startswith("file:") else None


def connect(file: Path, *, create: bool = False, wait_seconds: float) -> sqlite3.Connection:
    """Connect to a file that was looked at.

    create: make it where it is not there, and let the connection do everything.
    """
    connection = sqlite3.connect(
        f"{file.as_uri()}?mode={'rwc' if create else 'rw'}",
        uri=True,
        timeout=wait_seconds,
        isolation_level=None,  # we say BEGIN; the driver would say it too late, and not before DDL
        check_same_thread=False,  # the pool lends a connection to one thread at a time
    )
    connection.execute("PRAGMA foreign_keys=ON")
    connection.execute("PRAGMA synchronous=FULL")
    connection.execute("PRAGMA trusted_schema=OFF")
    connection.execute("PRAGMA cell_size_check=ON")  # a damaged page is told, not read past its end
    if not create:
        restrict(connection)
    return connection


def look_at(file: Path, name: str, *, create: bool) -> None:
    """See that a file may be opened, or made.

    name: as a person knows it. SQLite says "unable to open" to much of this, or opens it; a person can do something
    about each.

    Raises `DatabaseError` (`no-database`, `foreign-database`, `network-file-system`, `database`), `DamagedError`.
    """
    try:
        file.stat()
    except (FileNotFoundError, NotADirectoryError):
        if not create:
            raise no_database(name, "there is no database") from None
        if not file.parent.is_dir():
            raise DatabaseError("database", f"{name} cannot be made: there is no folder {Path(name).parent}") from None
        refuse_network(file, name)
    except OSError as error:
        raise DatabaseError("database", f"{name} cannot be opened: {error.strerror}") from None
    else:
        refuse_network(file, name)
        _refuse_foreign(file, name)


def _refuse_foreign(file: Path, name: str) -> None:
    try:
        refuse_foreign(file, name)
    except DatabaseError as failure:
        if failure.code != "database" or not file.is_file() or not was_a_ledger(file):
            raise
        raise DamagedError("damaged", f"{name} was a ledger's database, and cannot be read any more") from None


@contextmanager
def failures_told(name: str) -> Iterator[None]:
    """Whatever SQLite's driver raises inside leaves as one of our errors; others pass through."""
    try:
        yield
    except sqlite3.Error as failure:
        raise meaning(failure, name) from failure
    except UnicodeDecodeError as failure:
        raise unreadable(name) from failure
