"""Putting one SQLite database in the place of another, while other processes may have that open.

A file must not simply be moved there: who has the old one open goes on writing to it, and the old write-ahead log would
be played into the new file. SQLite's copying could write into a database that is in use, but it cannot hold the lock
before it begins: what others record after one has looked would be lost without a trace. So one transaction locks,
looks, keeps what is there, and puts the new tables in the place of the old; whoever reads or writes afterwards finds
them.

A file too damaged for that is replaced as a file, when nobody has it open.
"""

import fcntl
import os
import shutil
import sqlite3
from collections.abc import Iterator, Mapping, Sequence
from contextlib import closing, contextmanager, suppress
from pathlib import Path
from time import monotonic
from typing import Any, BinaryIO, Final, NamedTuple

from ledger.domain.errors import DamagedError, DatabaseError
from ledger.store import WAIT_SECONDS
from ledger.store.first_look import APPLICATION_ID
from ledger.store.people import Filed
from ledger.store.queue import Queue
from ledger.store.restored import Restored
from ledger.store.sqlite_copy import BESIDE, connect, failures_of
from ledger.store.sqlite_people import directory_by

_LOCK_BYTES: Final = (512, 0x40000000)
"""How many, and where: SQLite's locks of a file. While a connection uses a write-ahead log, it keeps one of them."""

_RESTORED: Final = ", ".join(Restored._fields)


class Noted(NamedTuple):
    """All restorations that a ledger has from now on. created_at: of the ledger, where it has to be made."""

    ledger: str
    created_at: str
    restorations: Sequence[Restored]


class There:
    """What an SQLite database holds, as far as it can be read; no schema is taken for granted.

    Raises `DatabaseError`, `DamagedError`.
    """

    def __init__(self, connection: sqlite3.Connection, file: Path) -> None:
        self._connection = connection
        self._file = file

    def ledgers(self) -> dict[str, str]:
        """When each ledger was made, by id."""
        return dict(self._said("SELECT ledger_id, created_at FROM main.ledgers"))

    def entries(self, ledger: str) -> Iterator[tuple[int, bytes]]:
        """Version and stored bytes of every entry, by version."""
        sql = "SELECT version, bytes FROM main.entries WHERE ledger_id = ? ORDER BY version"
        return ((version, bytes(content)) for version, content in self._said(sql, ledger))

    def restorations(self, ledger: str) -> list[Restored]:
        """Those recorded so far; none in a database of a revision that knew none."""
        if not list(self._said("SELECT 1 FROM main.sqlite_schema WHERE name = 'restorations'")):
            return []
        sql = f"SELECT {_RESTORED} FROM main.restorations WHERE ledger_id = ? ORDER BY number"  # noqa: S608
        return [Restored._make(row) for row in self._said(sql, ledger)]

    def revision(self) -> str | None:
        """Of its tables; None where it has none."""
        if not list(self._said("SELECT 1 FROM main.sqlite_schema WHERE name = 'alembic_version'")):
            return None
        return next((str(found) for (found,) in self._said("SELECT version_num FROM main.alembic_version")), None)

    def _said(self, sql: str, *parameters: object) -> Iterator[tuple[Any, ...]]:
        with failures_of(self._file):
            yield from self._connection.execute(sql, parameters)


class Replacing(There):
    """A database that is locked against other writers until the transaction ends."""

    def put(self, ledgers: Sequence[Noted]) -> None:
        """Put the tables of the attached database in the place of all there are, and add restorations."""
        say = self._connection.execute
        with failures_of(self._file):
            filed = self._filed()
            kinds = "SELECT type, name FROM main.sqlite_schema WHERE type IN ('trigger', 'view', 'table')"
            found = say(f"{kinds} AND name NOT LIKE 'sqlite\\_%' ESCAPE '\\' ORDER BY type DESC").fetchall()
            for kind, name in found:  # triggers, then views and tables by the letters of their kinds
                if kind != "table":
                    say(f"DROP {kind} main.{_quoted(name)}")
            for kind, name in found:
                if kind == "table":
                    say(f"DROP TABLE main.{_quoted(name)}")
            schema = "SELECT name, sql FROM restored.sqlite_schema WHERE sql IS NOT NULL AND type"
            for name, sql in say(f"{schema} = 'table'").fetchall():
                say(sql)
                say(f"INSERT INTO main.{_quoted(name)} SELECT * FROM restored.{_quoted(name)}")  # noqa: S608
            self._file_again(filed)
            for _, sql in say(f"{schema} <> 'table'").fetchall():
                say(sql)
            say(f"PRAGMA main.application_id = {APPLICATION_ID}")
            say("PRAGMA main.user_version = 0")  # where it was a backup that was put to use, it is none any more
            _note(self._connection, ledgers)

    def _filed(self) -> dict[str, Filed]:
        """The directories of people that are there, by ledger: they are not put back with the entries."""
        if not list(self._said("SELECT 1 FROM main.sqlite_schema WHERE name = 'people_changes'")):
            return {}
        ledgers = [ledger for (ledger,) in self._said("SELECT DISTINCT ledger_id FROM main.people_changes")]
        return {ledger: directory_by(self._connection, ledger).filed() for ledger in ledgers}

    def _file_again(self, filed: Mapping[str, Filed]) -> None:
        """Put directories in the place of those of the backup, before the guards are there."""
        for ledger, each in filed.items():
            for table in ("people", "people_changes"):
                self._connection.execute(f"DELETE FROM main.{table} WHERE ledger_id = ?", (ledger,))  # noqa: S608
            directory_by(self._connection, ledger).file(each)


def _quoted(name: str) -> str:
    return '"' + name.replace('"', '""') + '"'


def _note(connection: sqlite3.Connection, ledgers: Sequence[Noted]) -> None:
    for each in ledgers:
        connection.execute(
            "INSERT INTO main.ledgers (ledger_id, created_at, size, peaks) SELECT ?1, ?2, 0, x''"
            " WHERE NOT EXISTS (SELECT 1 FROM main.ledgers WHERE ledger_id = ?1)",
            (each.ledger, each.created_at),
        )
        marks = ", ".join("?" * len(Restored._fields))
        connection.executemany(
            f"INSERT INTO main.restorations (ledger_id, {_RESTORED}) VALUES (?, {marks})",  # noqa: S608
            [(each.ledger, *restored) for restored in each.restorations],
        )


def note(file: Path, ledgers: Sequence[Noted]) -> None:
    """Add restorations to a database that nobody else has open yet."""
    with failures_of(file), closing(connect(file, "rw")) as connection:
        connection.execute("BEGIN IMMEDIATE")
        _note(connection, ledgers)
        connection.execute("COMMIT")


@contextmanager
def replacing(file: Path, by: Path) -> Iterator[Replacing]:
    """Lock a database, to look at it and to put another in its place; nothing has changed after an exception.

    by: the other one, whose restorations are still to be added.

    Raises `DatabaseError` (`database-busy`), and `DamagedError` where the database is too damaged to be changed.
    """
    turn = Queue(file).turn(monotonic() + WAIT_SECONDS)
    with turn, failures_of(file), closing(connect(file, "rw")) as connection:
        connection.execute("ATTACH ? AS restored", (f"{by.as_uri()}?mode=ro",))
        connection.execute("BEGIN IMMEDIATE")
        try:
            yield Replacing(connection, file)
            connection.execute("COMMIT")
        except BaseException:
            if connection.in_transaction:
                connection.execute("ROLLBACK")
            raise
        with suppress(sqlite3.OperationalError):  # not while others have it open; it is as safe without
            connection.execute("PRAGMA journal_mode=WAL")


@contextmanager
def looking(file: Path) -> Iterator[There]:
    """Look at a database that nobody changes."""
    with failures_of(file), closing(connect(file, "ro")) as connection:
        yield There(connection, file)


def is_readable(file: Path) -> bool:
    """Whether SQLite finds tables in a file; nothing is changed in it or beside it, as a damaged one is to be kept."""
    try:
        with looking(file) as there:
            there.revision()
    except DamagedError:
        return False
    return True


@contextmanager
def nobody_else(file: Path) -> Iterator[BinaryIO]:
    """Keep everybody else away from a damaged database, whose file is open to be read here, and only here.

    Inside, a file of the same name is put in its place. Whoever opened the old one meanwhile waits, and finds nothing.

    Raises `DatabaseError` (`database-busy`) where others have it open.
    """
    with file.open("r+b") as old:
        try:
            fcntl.lockf(old, fcntl.LOCK_EX | fcntl.LOCK_NB, *_LOCK_BYTES)
        except OSError:
            raise DatabaseError(
                "database-busy", f"{file} is too damaged to be changed while others have it open: stop them first"
            ) from None
        yield old
        if not os.path.samestat(file.stat(), os.fstat(old.fileno())):
            old.truncate(0)


def copy_raw(file: Path, opened: BinaryIO | None, to: Path) -> None:
    """Copy the files of a database, byte for byte, under another name; only where nobody writes to them.

    opened: the file itself where it is there. Closing it a second time would give the lock away.
    """
    if opened is not None:
        with to.open("xb") as copied:
            shutil.copyfileobj(opened, copied)
        like(to, file)
    for ending in BESIDE:
        part = file.with_name(file.name + ending)
        if part.exists():
            shutil.copy(part, to.with_name(to.name + ending))


def remove_beside(file: Path) -> None:
    """Remove what SQLite keeps beside a database; only where nobody has it open, and it was kept elsewhere."""
    for ending in BESIDE:
        file.with_name(file.name + ending).unlink(missing_ok=True)


def like(file: Path, other: Path) -> None:
    """Let a file be read and written by who may do so with another."""
    shutil.copymode(other, file)
    owned = other.stat()
    with suppress(PermissionError):
        os.chown(file, owned.st_uid, owned.st_gid)
