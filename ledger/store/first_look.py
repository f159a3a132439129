"""The first look at an SQLite file: whether it is a ledger's at all, before SQLite may touch anything.

SQLite repairs what it opens: it rolls a journal back, folds a write-ahead log in, makes and removes files beside. That
is right for a ledger and wrong for what belongs to somebody else, whom a mistyped path must not cost a byte. So SQLite
reads the header, and where it bears no mark, as in ledgers of the first revision, the schema, as of a file that nothing
changes (`immutable=1`): without locks, without journals, without a file beside. Nobody else may open the file in this
process: closing it would drop all the locks that SQLite has on it (POSIX), and another process that then closes the
database would take itself for the last, and remove the log that holds what was acknowledged.
"""

import os
import sqlite3
import stat
from collections.abc import Iterator, Sequence
from contextlib import closing, suppress
from pathlib import Path
from typing import Final

from ledger.domain.characters import listed
from ledger.domain.errors import DatabaseError

APPLICATION_ID: Final = 0x52474854
"""RGHT: the mark of our files, in the header where SQLite keeps what an application writes there."""

_MAGIC: Final = b"SQLite format 3\x00"
_JOURNAL_MAGIC: Final = bytes.fromhex("d9d505f920a163d7")
_LOG_MAGIC: Final = frozenset({bytes.fromhex("377f0682"), bytes.fromhex("377f0683")})
_FIRST_PAGE: Final = (1).to_bytes(4, "big")
_HEADER_BYTES: Final = 100
_FRESH_BYTES: Final = _HEADER_BYTES + 8
"""The header, and that of a page without a table; zeros follow."""

_APPLICATION_ID: Final = slice(68, 72)
_OURS: Final = {
    "alembic_version": {"version_num"},
    "ledgers": {"ledger_id", "created_at"},
    "entries": {"ledger_id", "version", "batch", "entry_id", "type", "type_version", "effective_on", "recorded_at"}
    | {"actor", "bytes"},
}
"""The tables of the first revision, and their columns."""

_PAGE_BYTES: Final = range(512, 65_537)
_NEW_PAGE_BYTES: Final = 4096
_SECTOR_BYTES: Final = 512
_KINDS: Final = (
    (stat.S_ISDIR, "folder"),
    (stat.S_ISFIFO, "pipe"),
    (stat.S_ISSOCK, "socket"),
    (stat.S_ISCHR, "device"),
    (stat.S_ISBLK, "device"),
)


def refuse_foreign(file: Path, name: str) -> None:
    """Refuse a path whose content is not a ledger's, or not an empty database, without changing a byte.

    file: is there. name: as a person knows it.

    Raises `DatabaseError`: `foreign-database` for another program's database, `database` for what is none.
    """
    mode = file.stat().st_mode
    if not stat.S_ISREG(mode):
        raise DatabaseError("database", f"{name} is a {kind_of(mode)}, not a database")
    size = file.stat().st_size
    if not size:
        _refuse_left_behind(file, name, "-wal")  # SQLite would throw it away; a journal of an empty file is stale
        return
    if size < _HEADER_BYTES and not _is_ours_when_mended(file):
        raise DatabaseError("database", f"{name}: file is not a database")
    try:
        with closing(sqlite3.connect(f"{file.resolve().as_uri()}?mode=ro&immutable=1", uri=True)) as connection:
            ((application_id,),) = connection.execute("PRAGMA application_id")
    except sqlite3.Error as error:
        # Whoever opens it says what else may be wrong with it.
        if error.sqlite_errorname == "SQLITE_NOTADB" and not (_bears_our_mark(file) or _is_ours_when_mended(file)):
            raise DatabaseError("database", f"{name}: file is not a database") from None
    else:
        _refuse_unmarked(file, name, application_id % 2**32)
        _refuse_anothers_log(file, name, application_id % 2**32)


def kind_of(mode: int) -> str:
    """What a path is that is no file, in a word."""
    return next((words for is_kind, words in _KINDS if is_kind(mode)), "special file")


def _bears_our_mark(file: Path) -> bool:
    """Whether what SQLite cannot read at all, so that nobody has a lock on it, was one of our files once."""
    with file.open("rb") as content:
        header = content.read(_HEADER_BYTES)
    return header.startswith(_MAGIC) and header[_APPLICATION_ID] == APPLICATION_ID.to_bytes(4, "big")


def _is_ours_when_mended(file: Path) -> bool:
    """Whether SQLite will find our mark, or nothing at all, once it has mended a header that a loss of power tore."""
    with suppress(OSError):
        whole = file.resolve()
        for read, ending in ((_in_journal, "-journal"), (_in_log, "-wal")):
            beside = whole.with_name(f"{whole.name}{ending}")
            header = read(beside) if beside.is_file() else None
            if header is not None:
                return _mark_of(header) == APPLICATION_ID if header else _is_a_first_page(whole)
    return False


def _mark_of(header: bytes) -> int:
    return int.from_bytes(header[_APPLICATION_ID], "big")


def _is_a_first_page(file: Path) -> bool:
    """Whether a file may be what a loss of power left of the first page of a new ledger: SQLite then empties it.

    Where it is anything else, somebody put the journal there. Sectors that were not yet on the disk may hold anything,
    but hardly a text.
    """
    if file.stat().st_size > _NEW_PAGE_BYTES:
        return False
    content = file.read_bytes()
    header, rest = content[:_FRESH_BYTES], content[_FRESH_BYTES:]
    is_fresh = header.startswith(_MAGIC) and _mark_of(header) in {0, APPLICATION_ID}
    if (is_fresh or not any(header)) and not any(rest):
        return True
    return len(content) % _SECTOR_BYTES == 0 and not _is_text(content)


def _is_text(content: bytes) -> bool:
    try:
        content.decode()
    except UnicodeDecodeError:
        return False
    return True


def _in_journal(journal: Path) -> bytes | None:
    """The header as it was, empty where no page was there yet (https://sqlite.org/fileformat2.html, 3)."""
    with journal.open("rb") as content:
        start = content.read(28)
        if not start.startswith(_JOURNAL_MAGIC) or len(start) < 28:
            return None
        pages, sector_bytes, page_bytes = (int.from_bytes(start[at : at + 4], "big") for at in (16, 20, 24))
        content.seek(sector_bytes)
        while pages and len(record := content.read(4 + page_bytes + 4)) == 4 + page_bytes + 4:
            if record.startswith(_FIRST_PAGE):
                return record[4 : 4 + _HEADER_BYTES]
    return None if pages else b""


def _in_log(log: Path) -> bytes | None:
    """The header as it is to be."""
    return next(_headers_in_log(log), None)


def _headers_in_log(log: Path) -> Iterator[bytes]:
    """The headers in a write-ahead log, of its frames since it was last begun anew (4 there).

    Others may write meanwhile: what does not look like a header is a page that is not yet there.
    """
    with log.open("rb", buffering=0) as content:
        start = content.read(32)
        page_bytes, salts = int.from_bytes(start[8:12], "big"), start[16:24]
        if start[:4] not in _LOG_MAGIC or len(start) < 32 or page_bytes not in _PAGE_BYTES:
            return
        at = len(start)
        while len(frame := os.pread(content.fileno(), 24, at)) == 24 and frame[8:16] == salts:
            if frame.startswith(_FIRST_PAGE):
                header = os.pread(content.fileno(), _HEADER_BYTES, at + 24)
                if header.startswith(_MAGIC) and len(header) == _HEADER_BYTES:
                    yield header
            at += 24 + page_bytes


def _refuse_unmarked(file: Path, name: str, application_id: int) -> None:
    if application_id == APPLICATION_ID:
        return
    if application_id:
        letters = application_id.to_bytes(4, "big").decode("latin-1")
        spelled = f" ({letters})" if letters.isascii() and letters.isprintable() else ""
        raise _foreign(name, f"another application's, marked 0x{application_id:08x}{spelled}")
    tables = _tables(file, name)
    if all(columns <= tables.get(table, set()) for table, columns in _OURS.items()):
        return
    if tables:
        raise _foreign(name, f"another's, with {tables_named([*tables])}")
    _refuse_left_behind(file, name, "-wal", "-journal")


def tables_named(tables: Sequence[str]) -> str:
    """Somebody's tables in a few words, by which they know them."""
    return f"the tables {listed(tables)}"


def _tables(file: Path, name: str) -> dict[str, set[str]]:
    """The tables and views in the file as it stands, in the order in which they were made; of ours, their columns."""
    found: dict[str, set[str]] = {}
    try:
        with closing(sqlite3.connect(f"{file.resolve().as_uri()}?mode=ro&immutable=1", uri=True)) as connection:
            for kind, table in connection.execute(
                "SELECT type, name FROM sqlite_master WHERE type IN ('table', 'view')"
            ).fetchall():
                asked = kind == "table" and table in _OURS
                columns = connection.execute(f"PRAGMA table_info({table})").fetchall() if asked else ()
                found[str(table)] = {str(each[1]) for each in columns}
    except sqlite3.Error as error:
        raise DatabaseError("database", f"{name} bears no mark of a ledger, and cannot be read: {error}") from None
    return found


def _refuse_anothers_log(file: Path, name: str, application_id: int) -> None:
    """Refuse a ledger beside which the write-ahead log of another database lies: its pages would take the place of all.

    SQLite knows one by its name alone. It has the first page in it as soon as the database grew. A ledger of the first
    revision, without a mark, gets it by way of its log.
    """
    log = file.resolve()
    log = log.with_name(f"{log.name}-wal")
    marks: set[int] = set()
    with suppress(OSError):
        for header in _headers_in_log(log) if log.is_file() else ():
            marks.add(_mark_of(header))
            if marks & {application_id, APPLICATION_ID}:
                return
    if marks:
        raise DatabaseError(
            "foreign-database",
            f"{name} is a ledger, but {name}-wal beside it is the log of another database, and would take its place:"
            " move that away",
        )


def _refuse_left_behind(file: Path, name: str, *endings: str) -> None:
    """A database without tables may be one whose tables are still in what a program that was cut off left beside it."""
    whole = file.resolve()
    for ending in endings:
        beside = whole.with_name(f"{whole.name}{ending}")
        if beside.is_file() and beside.stat().st_size:
            raise _foreign(name, f"without a ledger's mark, and another program's work is still in {name}{ending}")


def _foreign(name: str, what: str) -> DatabaseError:
    return DatabaseError("foreign-database", f"{name} is a database, but {what}: a ledger wants a file of its own")
