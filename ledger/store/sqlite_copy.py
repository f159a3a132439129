"""SQLite files copied whole, by SQLite's own copying, and looked at page by page.

Copying the file of a database that others write to gives a file without what is still in the write-ahead log beside it,
or with pages of two moments. SQLite copies inside one transaction that reads: what others had committed when it began.
Connections here are plain ones, of files that `first_look` has passed.
"""

import sqlite3
from collections.abc import Iterator
from contextlib import closing, contextmanager
from pathlib import Path
from typing import Final, Literal
from zlib import crc32

from sqlalchemy.engine import URL, make_url

from ledger.domain.errors import DamagedError, DatabaseError
from ledger.store import WAIT_SECONDS
from ledger.store.queue import ENDING as QUEUE_ENDING
from ledger.store.sql_failures import told

BESIDE: Final = ("-wal", "-shm", "-journal")
"""Endings of the files that SQLite keeps beside a database."""

MAGIC: Final = b"SQLite format 3\x00"
"""What the file of a database begins with."""

_JOURNAL_VERSION: Final = 18  # the byte of the header that is 2 for a write-ahead log
_STAMP: Final = slice(60, 64)  # the header's user version
_NO_STAMP: Final = bytes(4)
_READ_AT_ONCE: Final = 1 << 20
_BUSY: Final = frozenset({sqlite3.SQLITE_BUSY, sqlite3.SQLITE_LOCKED})


def file_of(url: str) -> Path | None:
    """The file of an SQLite database, with symbolic links followed; None for another database.

    url: one that `open_engine` takes.
    """
    parsed = make_url(url)
    return Path(str(parsed.database)).resolve() if parsed.get_backend_name() == "sqlite" else None


def url_of(file: Path) -> str:
    """The URL of a file, whatever characters its name has."""
    return URL.create("sqlite", database=str(file)).render_as_string()


def beside(file: Path) -> Iterator[Path]:
    """The files that SQLite and the writers' queue may keep beside a database."""
    for ending in (*BESIDE, QUEUE_ENDING):
        yield file.with_name(file.name + ending)


def is_live(file: Path) -> bool:
    """Whether a file is a database that keeps a write-ahead log, as all do that are in use; no copy of ours does."""
    if not file.is_file():
        return False
    with file.open("rb") as content:
        header = content.read(_JOURNAL_VERSION + 1)
    return header.startswith(MAGIC) and header[_JOURNAL_VERSION:] == b"\x02"


def connect(file: Path, mode: Literal["ro", "rw", "rwc"]) -> sqlite3.Connection:
    """A plain connection, outside any transaction, that trusts nothing that the file says of itself."""
    connection = sqlite3.connect(
        f"{file.absolute().as_uri()}?mode={mode}", uri=True, timeout=WAIT_SECONDS, isolation_level=None
    )
    connection.execute("PRAGMA trusted_schema=OFF")
    connection.execute("PRAGMA foreign_keys=OFF")
    return connection


@contextmanager
def failures_of(file: Path) -> Iterator[None]:
    """Whatever SQLite raises inside leaves as one of our errors about a file."""
    try:
        yield
    except sqlite3.Error as failure:
        raise told(failure, URL.create("sqlite", database=str(file))) from failure
    except UnicodeDecodeError as failure:  # the driver reads SQLite's sentence, which quotes what is damaged
        raise DamagedError("damaged", f"{file} is damaged: it holds names that are no text") from failure


def copy(source: Path, target: Path, *, mode: Literal["ro", "rw"] = "ro") -> None:
    """Copy a database as it is at one moment, while others may write to it.

    target: a new file, which needs nothing beside it: it keeps no write-ahead log, so that it can be read where nothing
    can be written. mode: `rw` tidies up beside the source as whoever uses it does; `ro` changes nothing.

    Raises `DatabaseError` and `DamagedError`.
    """

    def wait_no_longer(status: int, _remaining: int, _pages: int) -> None:
        # The driver would try again for ever; SQLite has waited already.
        if status in _BUSY:
            raise DatabaseError("database-busy", f"{source} is busy: others keep it locked; try again")

    with failures_of(source), closing(connect(source, mode)) as from_:
        from_.execute("SELECT count(*) FROM sqlite_schema").fetchone()  # what is no database is said to be the source
        with _written(target), closing(connect(target, "rwc")) as to:
            to.execute("PRAGMA synchronous=OFF")  # whoever keeps the file syncs it
            from_.backup(to, progress=wait_no_longer)
            to.execute("PRAGMA journal_mode=DELETE")
            to.execute("PRAGMA user_version=0")  # a stamp of what was copied is not this file's


@contextmanager
def _written(target: Path) -> Iterator[None]:
    try:
        yield
    except sqlite3.Error as failure:
        raise DatabaseError("database", f"the copy {target} cannot be written: {failure}") from failure


def stamp(file: Path) -> None:
    """Write into the header of a copy that is finished what all its other bytes add up to (CRC-32).

    It stands where SQLite keeps a number for the application: so the file stays a database.
    """
    found = _sum_of(file)
    with file.open("r+b") as content:
        content.seek(_STAMP.start)
        content.write(found)


def check_stamp(file: Path) -> None:
    """Refuse a copy that was stamped and changed afterwards, be it in a byte that says nothing.

    Raises `DamagedError`.
    """
    with file.open("rb") as content:
        written = content.read(_STAMP.stop)[_STAMP]
    if written not in {_NO_STAMP, _sum_of(file)}:
        raise DamagedError(
            "damaged",
            f"{file} was changed after it was made: it is damaged, or was used as a database, of which"
            " `rights db backup` makes another",
        )


def _sum_of(file: Path) -> bytes:
    """Of all bytes but those of the stamp itself; never that of a file without one."""
    found = 0
    with file.open("rb") as content:
        begin = content.read(_STAMP.stop)
        found = crc32(begin[: _STAMP.start])
        while part := content.read(_READ_AT_ONCE):
            found = crc32(part, found)
    return (found or 1).to_bytes(_STAMP.stop - _STAMP.start, "big")


def check_pages(file: Path) -> None:
    """See that SQLite finds every page in order: indexes, references, and no page twice. Raises `DamagedError`."""
    with failures_of(file), closing(connect(file, "ro")) as connection:
        [(found,)] = connection.execute("PRAGMA integrity_check(1)").fetchall()
        if found != "ok":
            raise DamagedError("damaged", f"{file} is damaged: {found}")
        if connection.execute("PRAGMA foreign_key_check").fetchone() is not None:
            raise DamagedError("damaged", f"{file} is damaged: it holds entries of a ledger that it does not know")
