"""What a log in a database says to it, and how what comes back becomes rows, whichever driver carries it."""

from collections.abc import Iterator, Sequence
from typing import Any, Final, NamedTuple

from ledger.domain.errors import DamagedError
from ledger.store.log import Row
from ledger.store.restored import Restored

FETCHED_AT_ONCE_FROM_A_FILE = 256
"""Rows. SQLite makes no round trips; more would not stay in the processor's cache until they are looked at."""

_COLUMNS: Final = ", ".join(Row._fields)
_SPAN: Final = "FROM entries WHERE ledger_id = ? AND version > ? AND version <= ? ORDER BY version"


class Statements(NamedTuple):
    """What a log says to the driver, with its mark for a parameter."""

    ledgers: str
    sizes: str
    exists: str
    create: str
    head: str
    head_row: str
    read: str
    rows: str
    users: str
    restorations: str
    has_people: str


STATEMENTS: Final = Statements(
    ledgers="SELECT ledger_id FROM ledgers",
    sizes="SELECT ledger_id, size FROM ledgers",
    exists="SELECT 1 FROM ledgers WHERE ledger_id = ?",
    # The condition spares SQLite its guard against replacement; the clause is for two makers on PostgreSQL.
    create="INSERT INTO ledgers (ledger_id, created_at, size, peaks) SELECT ?, ?, 0, ?"
    " WHERE NOT EXISTS (SELECT 1 FROM ledgers WHERE ledger_id = ?) ON CONFLICT DO NOTHING",
    head="SELECT size FROM ledgers WHERE ledger_id = ?",
    head_row="SELECT size, peaks,"
    " (SELECT coalesce(max(version), 0) FROM entries WHERE ledger_id = ?)"
    " FROM ledgers WHERE ledger_id = ?",
    read=f"SELECT bytes {_SPAN}",
    rows=f"SELECT {_COLUMNS}, ledger_id {_SPAN}",
    users="SELECT version, database_user FROM entries"
    " WHERE ledger_id = ? AND version > ? AND version <= ? AND database_user IS NOT NULL ORDER BY version",
    restorations=f"SELECT {', '.join(Restored._fields)} FROM restorations"  # noqa: S608 - our own names
    " WHERE ledger_id = ? ORDER BY number",
    has_people="SELECT 1 FROM people WHERE ledger_id = ? LIMIT 1",
)
"""With question marks, as SQLite's driver wants them."""

WRITTEN: Final = ("ledger_id", *Row._fields)
"""The columns of an entry that are written when it is inserted."""

INSERT: Final = f"INSERT INTO entries ({', '.join(WRITTEN)}) VALUES ({', '.join('?' * len(WRITTEN))})"  # noqa: S608
HEAD_ONLY: Final = "SELECT size, peaks FROM ledgers WHERE ledger_id = ?"
MOVE_HEAD_IN_FILE: Final = "UPDATE ledgers SET size = ?2, peaks = ?3 WHERE ledger_id = ?1"


def require_all_added(added: int, rows: int) -> None:
    """See that no trigger of SQLite has ignored a row, which says nothing. Raises `DamagedError`."""
    if added != rows:
        raise DamagedError("damaged", f"the database took in {added} of {rows} entries: its guards were changed")


def own_rows(ledger: str, part: Sequence[tuple[Any, ...]]) -> Iterator[Row]:
    """The rows of a part of a ledger; column by column, which is faster than one by one."""
    *columns, found_in = zip(*part, strict=True)
    if found_in.count(ledger) == len(part):
        return map(Row._make, zip(*columns, strict=True))
    return _own_rows_before_others(ledger, part)


def _own_rows_before_others(ledger: str, part: Sequence[tuple[Any, ...]]) -> Iterator[Row]:
    """An index of SQLite may lead to an entry whose own column says something else."""
    for found in part:
        row, found_in = Row._make(found[:-1]), found[-1]
        if found_in != ledger:
            raise DamagedError(
                "damaged",
                f"version {row.version} is bad: the column ledger_id says {found_in!r}, not {ledger!r}",
                contradicts=row.version,
            )
        yield row
