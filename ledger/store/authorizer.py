"""What this program's own connections to SQLite may do: read, add at the end, move a head. Nothing else is prepared.

The triggers refuse a change of the past whoever asks; this refuses it once more on our side, together with what would
take the triggers away. SQLite asks while it prepares a statement, and a statement that was prepared once is kept: an
append pays nothing for it. Connections that migrate, and those that copy a whole file, are not bound by it.
"""

import sqlite3
from typing import Final

from ledger.store.guards import APPEND_ONLY, GUARDS, TABLES

MOST_BYTES: Final = 4_000_000
"""Of a value or a row. An entry has at most 1 MB; whoever wrote a larger one was not this program."""

_READABLE: Final = TABLES | {"alembic_version", "sqlite_master"}  # the schema's own table has two names, and says this
_HEAD: Final = frozenset({("ledgers", "size"), ("ledgers", "peaks")})
_FUNCTIONS: Final = frozenset({"coalesce", "count", "group_concat", "length", "max", "min", "sum"})
_PRAGMAS: Final = frozenset(
    {
        *("application_id", "busy_timeout", "data_version", "foreign_keys", "freelist_count", "integrity_check"),
        *("journal_mode", "page_count", "page_size", "quick_check", "read_uncommitted", "synchronous"),
        *("trusted_schema", "user_version"),
    }
)
"""Only asked, never set."""

_OF_PEOPLE: Final = frozenset({"people", "people_changes"})
_OF_KEEPERS: Final = frozenset(
    {(sqlite3.SQLITE_INSERT, "people"), (sqlite3.SQLITE_DELETE, "people"), (sqlite3.SQLITE_INSERT, "people_changes")}
)
"""Besides reading, what a connection may do that keeps the directory of people."""

_SPEAKERS: Final = frozenset({None, *GUARDS["sqlite"]})
"""In whose name a statement may speak: the program's, or a guard's. Not a view's, nor another trigger's."""


def restrict(connection: sqlite3.Connection) -> None:
    """Let a connection do only what recording and asking need; what else it is told fails with `SQLITE_AUTH`."""
    connection.setlimit(sqlite3.SQLITE_LIMIT_LENGTH, MOST_BYTES)
    connection.set_authorizer(_decision)


def restrict_to_people(connection: sqlite3.Connection) -> None:
    """Let a connection keep the directory of people, and do nothing else; of what it removes no page holds a byte."""
    connection.set_authorizer(None)
    connection.execute("PRAGMA secure_delete=ON")
    connection.set_authorizer(_keepers_decision)


def _keepers_decision(
    action: int, first: str | None, second: str | None, database: str | None, speaker: str | None
) -> int:
    if action in {sqlite3.SQLITE_INSERT, sqlite3.SQLITE_DELETE, sqlite3.SQLITE_UPDATE}:
        allowed = speaker is None and (action, first) in _OF_KEEPERS
        return sqlite3.SQLITE_OK if allowed else sqlite3.SQLITE_DENY
    return _decision(action, first, second, database, speaker)


def _decision(action: int, first: str | None, second: str | None, _database: str | None, speaker: str | None) -> int:
    """Whether SQLite may prepare an action; what its two particulars mean depends on the action.

    speaker: the innermost trigger or view that wants it, or None. There is no database but main: none can be attached,
    and nothing temporary made.
    """
    if speaker not in _SPEAKERS:
        return sqlite3.SQLITE_DENY
    match action:
        case sqlite3.SQLITE_SELECT | sqlite3.SQLITE_TRANSACTION | sqlite3.SQLITE_SAVEPOINT:
            allowed = True
        case sqlite3.SQLITE_READ:
            allowed = first in _READABLE
        case sqlite3.SQLITE_INSERT:
            allowed = first in APPEND_ONLY - _OF_PEOPLE and speaker is None
        case sqlite3.SQLITE_UPDATE:
            allowed = (first, second) in _HEAD and speaker is None
        case sqlite3.SQLITE_FUNCTION:
            allowed = second in _FUNCTIONS
        case sqlite3.SQLITE_PRAGMA:
            allowed = str(first).lower() in _PRAGMAS and (second is None or first == "busy_timeout")
        case _:
            allowed = False
    return sqlite3.SQLITE_OK if allowed else sqlite3.SQLITE_DENY
