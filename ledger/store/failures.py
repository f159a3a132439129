"""What a database's failure means to the person who asked: one of our errors, in one sentence, without a password.

Codes of `DatabaseError` (exit 4):

- `bad-url`: not the URL of a database that a ledger can be in.
- `missing-driver`: the URL is PostgreSQL's and its driver is not installed.
- `no-database`: there is no database there, or none with the tables of a ledger.
- `foreign-database`: it is another program's.
- `network-file-system`: it is a file where SQLite would lose it.
- `wrong-revision`: its tables are those of an older or a newer program.
- `no-ledger`: it has no ledger of that name.
- `database-busy`: others kept it locked for longer than we wait.
- `database`: anything else, in the words of the database.

`DamagedError` (exit 3) has the code `damaged`: the file is corrupt, the guards that refuse changes are gone, or it holds
triggers or views that would do what this program never does.
"""

import sqlite3
from collections.abc import Iterator
from contextlib import contextmanager

from sqlalchemy import Engine
from sqlalchemy.engine import URL
from sqlalchemy.exc import DBAPIError, SQLAlchemyError
from sqlalchemy.exc import TimeoutError as NoFreeConnectionError

from ledger.domain.errors import DamagedError, DatabaseError, LedgerError

_SECRETS = frozenset({"password", "sslpassword", "passfile"})
_BUSY = frozenset({"SQLITE_BUSY", "SQLITE_LOCKED", "55P03", "40001", "40P01"})
_DAMAGED = frozenset({"SQLITE_CORRUPT", "SQLITE_NOTADB", "XX001", "XX002"})
_UNLIKE_US = "SQLITE_AUTH"
_SHUT = frozenset(
    {"SQLITE_CANTOPEN", "SQLITE_READONLY_DIRECTORY", "SQLITE_READONLY_CANTINIT", "SQLITE_READONLY_RECOVERY"}
)
_NO_TABLE = "42P01"


def shown(url: URL) -> str:
    """The database as a person may see it: an SQLite file by its path, a server without password and options."""
    if url.get_backend_name() == "sqlite":
        return url.database or "in memory"
    return url.set(query={}).render_as_string(hide_password=True).replace("+psycopg", "")


def no_database(url: URL, what: str) -> DatabaseError:
    """There is nothing to open; `what` says what was found instead."""
    return DatabaseError("no-database", f"{what} {shown(url)}: `rights init` makes one")


@contextmanager
def failures_told(engine: Engine) -> Iterator[None]:
    """Whatever the driver or SQLAlchemy raises inside leaves as one of our errors; others pass through."""
    driver = engine.dialect.loaded_dbapi
    try:
        yield
    except (SQLAlchemyError, driver.Error) as failure:
        raise told(failure, engine.url) from failure


def told(failure: Exception, url: URL) -> LedgerError:
    """Our error for a failure of the driver or of SQLAlchemy."""
    if isinstance(failure, NoFreeConnectionError):
        return DatabaseError("database-busy", f"{shown(url)} is busy: every connection of this program is in use")
    cause = failure.orig if isinstance(failure, DBAPIError) and failure.orig is not None else failure
    names = _names(cause)
    if names & _BUSY:
        return DatabaseError("database-busy", f"{shown(url)} is busy: others are writing to it; try again")
    if names & _DAMAGED:
        return DamagedError("damaged", f"{shown(url)} is damaged: {_words(cause, url)}")
    if _UNLIKE_US in names:
        # Our own statements pass: what fails is what a trigger or a view in the file makes of them.
        return DamagedError(
            "damaged",
            f"{shown(url)} would have this program do what it never does ({_words(cause, url)}): it holds a trigger or"
            " a view that is not a ledger's",
        )
    if _NO_TABLE in names or "no such table" in str(cause):
        return no_database(url, "there are no tables of a ledger in")
    if names & _SHUT:
        # Reading it as unchangeable would do, if only one knew that nobody else changes it meanwhile.
        return DatabaseError(
            "database",
            f"{shown(url)}: {_words(cause, url)}; SQLite keeps a journal beside a file even while reading it:"
            " the file must be readable, and its folder writable, or a copy of it",
        )
    return DatabaseError("database", f"{shown(url)}: {_words(cause, url)}")


def _names(cause: BaseException) -> frozenset[str]:
    """PostgreSQL's SQLSTATE, or SQLite's error names, the general one and the particular one."""
    if isinstance(cause, sqlite3.Error):
        particular = getattr(cause, "sqlite_errorname", "")
        return frozenset({particular, "_".join(particular.split("_")[:2])})
    return frozenset({getattr(cause, "sqlstate", None) or ""})


def _words(cause: BaseException, url: URL) -> str:
    """What the database says, on one line. Drivers do not repeat a password; if one should, it is struck out."""
    # The details that PostgreSQL adds to its sentence are the row: names of people, which belong in no log.
    sentence = getattr(getattr(cause, "diag", None), "message_primary", None)
    words = " ".join(str(sentence or cause).split()) or type(cause).__name__
    secrets = [url.password, *(value for key, value in url.query.items() if key in _SECRETS)]
    for secret in secrets:
        if secret:
            words = words.replace(str(secret), "***")
    return words
