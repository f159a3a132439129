"""What the owner of a database can do to it: everything, with all the knowledge that this program has."""

import sqlite3
from collections.abc import Callable, Iterable
from pathlib import Path
from types import TracebackType
from typing import Any, Self

import msgspec

from ledger.proof.tree import Range
from ledger.store.codec import canonical, row_from
from ledger.store.log import Row

COLUMNS = ("ledger_id", *Row._fields)
Envelope = dict[str, Any]


def opened(stored: bytes) -> Envelope:
    """What stored bytes say."""
    found: Envelope = msgspec.json.decode(stored)
    return found


def sealed(envelope: Envelope) -> Row:
    """The row of an envelope: bytes in canonical form, and every column as they say."""
    return row_from(canonical(envelope))


def rewritten(row: Row, **changes: Any) -> Row:
    """A row whose envelope says something else, in agreement and in canonical form."""
    return sealed(opened(row.bytes) | changes)


def with_entry(row: Row, **fields: Any) -> Row:
    """A row whose entry says something else, in agreement and in canonical form."""
    return rewritten(row, entry=opened(row.bytes)["entry"] | fields)


def renumbered(rows: Iterable[Row]) -> list[Row]:
    """Rows with the versions 1, 2, 3 …, every one a batch of its own."""
    return [rewritten(row, version=number, batch=number) for number, row in enumerate(rows, start=1)]


class Owner:
    """Opens a file past this program, takes its guards away, and puts them back in the end as if nothing had been."""

    def __init__(self, file: Path) -> None:
        self.file = file
        self._connection = sqlite3.connect(file, isolation_level=None)
        self._connection.execute("PRAGMA foreign_keys=OFF")

    def __enter__(self) -> Self:
        found = self._connection.execute("SELECT name, sql FROM sqlite_schema WHERE type = 'trigger'").fetchall()
        self._guards = [sql for _, sql in found]
        for name, _ in found:
            self.say(f"DROP TRIGGER {name}")
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, at: TracebackType | None) -> None:
        for guard in self._guards:
            self.say(guard)
        self.say("PRAGMA wal_checkpoint(TRUNCATE)")
        self._connection.close()

    def keep_no_guard(self, name: str) -> None:
        """Leave a guard away for good."""
        self._guards = [sql for sql in self._guards if f"TRIGGER {name} " not in sql]

    def say(self, sql: str, *parameters: object) -> list[tuple[Any, ...]]:
        """Run a statement."""
        return self._connection.execute(sql, parameters).fetchall()

    def rows(self, ledger: str = "iij") -> list[Row]:
        """The entries as they are stored."""
        names = ", ".join(Row._fields)
        found = self.say(f"SELECT {names} FROM entries WHERE ledger_id = ? ORDER BY version", ledger)
        return list(map(Row._make, found))

    def put(self, rows: Iterable[Row], ledger: str = "iij", *, moves_head: bool = True) -> None:
        """Store other entries in the place of all, and move the head as this program would."""
        kept = list(rows)
        self.say("DELETE FROM entries WHERE ledger_id = ?", ledger)
        marks = ", ".join("?" * len(COLUMNS))
        for row in kept:
            self.say(f"INSERT INTO entries ({', '.join(COLUMNS)}) VALUES ({marks})", ledger, *row)
        if moves_head:
            tree = Range().extended(row.bytes for row in kept)
            self.say("UPDATE ledgers SET size = ?, peaks = ? WHERE ledger_id = ?", tree.size, tree.packed(), ledger)

    def change(self, version: int, change: Callable[[Row], Row], *, moves_head: bool = True) -> None:
        """Store something else in the place of one entry."""
        rows = self.rows()
        rows[version - 1] = change(rows[version - 1])
        self.put(rows, moves_head=moves_head)

    def column(self, name: str, value: object, version: int = 12) -> None:
        """Write a column of one entry, and nothing else."""
        self.say(f"UPDATE entries SET {name} = ? WHERE ledger_id = 'iij' AND version = ?", value, version)
