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
- `append-only`: a restoration would have to take entries out of PostgreSQL (`ledger.backup`).
- `not-permitted`: PostgreSQL refuses it to this user (`roles`).
- `outcome-unknown`: the connection was lost after COMMIT was sent, and nobody could be asked what became of it; or the
  disk failed to keep it.
- `database`: anything else, in the words of the database.

`DamagedError` (exit 3) has the code `damaged`: the file is corrupt, the guards that refuse changes are gone, or
triggers or views in it would do what this program never does.
"""

import sqlite3
from collections.abc import Callable

from ledger.domain.errors import DamagedError, DatabaseError, LedgerError

_BUSY = frozenset({"SQLITE_BUSY", "SQLITE_LOCKED", "55P03"})
_CONFLICT = frozenset({"40001", "40P01"})
_DAMAGED = frozenset({"SQLITE_CORRUPT", "SQLITE_NOTADB", "SQLITE_TOOBIG", "XX001", "XX002"})
_SHUT = frozenset(
    {"SQLITE_CANTOPEN", "SQLITE_READONLY_DIRECTORY", "SQLITE_READONLY_CANTINIT", "SQLITE_READONLY_RECOVERY"}
)
_UNSYNCED = frozenset({"SQLITE_IOERR_FSYNC", "SQLITE_IOERR_DIR_FSYNC"})
_NO_TABLE = "42P01"
_NO_PRIVILEGE = "42501"
_GOOD_BYE = frozenset({"57P01", "57P02", "57P03", "57P05", "25P03", "25P04"})
"""What PostgreSQL says of a connection before it ends it."""


class PassingError(DatabaseError):
    """A failure that the same transaction need not have when it is tried again: a conflict, a lost connection."""


class LostConnectionError(PassingError):
    """The connection was lost or could not be made. Where COMMIT had been sent, it is not known what became of it."""


class HeadMovedError(PassingError):
    """The ledger is not where it was supposed to be. Nothing was recorded: what came since must be read first."""


class UnsyncedError(DatabaseError):
    """The disk would not say that it keeps what was written. After COMMIT, a loss of power may leave it or not."""


def no_database(name: str, what: str) -> DatabaseError:
    """There is nothing to open; `what` says what was found instead."""
    return DatabaseError("no-database", f"{what} {name}: `rights init` makes one")


def unreadable(name: str) -> DamagedError:
    """The driver cannot even read what SQLite says of a corrupt file."""
    return DamagedError("damaged", f"{name} is damaged: its tables cannot be read")


def meaning(cause: BaseException, name: str, strike: Callable[[str], str] = str) -> LedgerError:
    """Our error for a failure of the driver.

    name: the database as a person may see it. strike: takes passwords out of what the database says.
    """
    names, words = _names(cause), _words(cause, strike)
    if names & _CONFLICT:
        return PassingError("database-busy", f"{name} is busy: others are writing to it; try again")
    if names & _BUSY:
        return DatabaseError("database-busy", f"{name} is busy: others are writing to it; try again")
    if _is_lost(cause, names):
        return LostConnectionError("database", f"{name}: {words}")
    if _NO_PRIVILEGE in names:
        return DatabaseError(
            "not-permitted",
            f"{name} does not permit it: {words}; `rights db roles` says who may record, and who may ask",
        )
    if names & _DAMAGED or str(cause).startswith("Could not decode to UTF-8"):
        return DamagedError("damaged", f"{name} is damaged: {words}")
    if "SQLITE_AUTH" in names or str(cause).startswith("not authorized"):
        # Our own statements pass: what fails is what a trigger or a view in the file makes of them. Of a function
        # SQLite says so in words alone.
        return DamagedError(
            "damaged",
            f"{name} would have this program do what it never does ({words}): it holds a trigger or"
            " a view that is not a ledger's",
        )
    if _NO_TABLE in names or "no such table" in str(cause):
        return no_database(name, "there are no tables of a ledger in")
    if names & _SHUT:
        # Reading it as unchangeable would do, if only one knew that nobody else changes it meanwhile.
        return DatabaseError(
            "database",
            f"{name}: {words}; SQLite keeps a journal beside a file even while reading it:"
            " the file must be readable, and its folder writable, or a copy of it",
        )
    kind = UnsyncedError if names & _UNSYNCED else DatabaseError
    return kind("database", f"{name}: {words}")


def _is_lost(cause: BaseException, names: frozenset[str]) -> bool:
    """Whether the connection is gone, or could not be made: psycopg then knows no SQLSTATE. SQLite has none to lose."""
    if isinstance(cause, sqlite3.Error):
        return False
    is_unexplained = names == {""} and any(each.__name__ == "OperationalError" for each in type(cause).__mro__)
    return is_unexplained or any(name in _GOOD_BYE or name.startswith("08") for name in names)


def _names(cause: BaseException) -> frozenset[str]:
    """PostgreSQL's SQLSTATE, or SQLite's error names, the general one and the particular one."""
    if isinstance(cause, sqlite3.Error):
        particular = getattr(cause, "sqlite_errorname", "")
        return frozenset({particular, "_".join(particular.split("_")[:2])})
    return frozenset({getattr(cause, "sqlstate", None) or ""})


def _words(cause: BaseException, strike: Callable[[str], str]) -> str:
    """What the database says, on one line, without a password."""
    # The details that PostgreSQL adds to its sentence are the row: names of people, which belong in no log.
    sentence = getattr(getattr(cause, "diag", None), "message_primary", None)
    return " ".join(strike(str(sentence or cause)).split()) or type(cause).__name__
