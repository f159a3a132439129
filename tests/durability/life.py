"""What a program does on a watched machine between two losses of power: it opens a ledger, records, and closes it.

The store and the book are the project's own, with their own statements and settings. A negative control weakens one
setting of the connection, after the store has set it.
"""

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from datetime import UTC, datetime
from pathlib import Path
from random import Random
from typing import Any, NamedTuple
from unittest.mock import patch

from ledger import Book, DatabaseError, open_ledger
from ledger.store import open_log, sqlite_file, sqlite_log
from ledger.store.sqlite_log import SqliteLog
from tests.durability.disk import Acknowledged, Operation
from tests.durability.driver import powered
from tests.durability.machine import Machine

NAME = "rights.db"
LEDGER = "main"
MEMORY = Path("/dev/shm")
"""Where the system has it, files there cost no syncs; what is proved of them here is reckoned, not done."""

NOT_MADE = -1
"""Entries acknowledged before it was acknowledged that there is a ledger."""


class Settings(NamedTuple):
    """Settings of SQLite, by name, that a connection gets after the store's own; None leaves what the store has set.

    synchronous: weakened for a control. wal_autocheckpoint, cache_size: small, so that much happens in a short life.
    """

    synchronous: str | None = None
    wal_autocheckpoint: int | None = None
    cache_size: int | None = None


class Life(NamedTuple):
    """What was done, and what should be there of it.

    found: the files at its beginning. operations: what was done to them, acknowledgements among it.
    entries: stored bytes of every entry by the end. before: how many of them were there at the beginning.
    ends: how many entries there were after each batch, and at the beginning.
    """

    found: Mapping[str, bytes]
    operations: list[Operation]
    entries: list[bytes]
    before: int
    ends: frozenset[int]

    def acknowledged(self, done: int) -> int:
        """How many entries had been acknowledged when so many operations were done."""
        said = (each.entries for each in reversed(self.operations[:done]) if isinstance(each, Acknowledged))
        return next(said, self.before)


def now() -> datetime:
    """An instant: lives of the same chance do the same."""
    return datetime(2026, 11, 22, 0, 12, 31, tzinfo=UTC)


def url(folder: Path) -> str:
    """The database in a folder."""
    return f"sqlite:///{folder / NAME}"


def make(folder: Path) -> None:
    """Make a folder with an empty ledger in a database, closed."""
    folder.mkdir()
    open_ledger(url(folder), LEDGER, create=True, now=now).close()


def appointment(number: int, note: str = "") -> dict[str, Any]:
    """An entry of its own id, which is lawful in any ledger; the note makes it as long as wanted."""
    return {
        "type": "appointment",
        "holder": f"director-{number}",
        "position": "director",
        "on": "2017-06-28",
        "id": f"entry-{number}",
        **({"note": note} if note else {}),
    }


def batch(first: int, chance: Random) -> list[dict[str, Any]]:
    """One to four entries, mostly short ones; some fill pages of the database by themselves."""
    lengths = [chance.choice((0, 0, 40, 400, 6_000)) for _ in range(chance.randint(1, 4))]
    return [appointment(first + number, "x" * length) for number, length in enumerate(lengths)]


@contextmanager
def book_of(folder: Path, settings: Settings) -> Iterator[tuple[SqliteLog, Book]]:
    """The ledger in a folder, opened as the store opens it, on a machine that is powered."""
    more = {name: value for name, value in settings._asdict().items() if value is not None}

    def connected(file: Path, *, wait_seconds: float) -> Any:
        connection: Any = sqlite_file.connect(file, wait_seconds=wait_seconds)
        connection.set_more(more)
        return connection

    with patch.object(sqlite_log, "connect", connected):
        log = open_log(url(folder))
        assert isinstance(log, SqliteLog)
        with Book(log, LEDGER, now=now) as book:
            yield log, book


def live(machine: Machine, chance: Random, settings: Settings, *, batches: int) -> Life:
    """Record so many batches, closing and opening the ledger now and then; batches that the machine fails are left."""
    entries: list[bytes] = []
    ends: set[int] = set()
    before: int | None = None
    with powered(machine):
        while batches > 0:
            with book_of(machine.folder, settings) as (log, book):
                entries.extend(log.read(LEDGER, after=len(entries)))
                before = len(entries) if before is None else before
                ends.add(len(entries))
                # A question that takes its time keeps the write-ahead log from being begun anew meanwhile.
                question = log.read(LEDGER) if chance.random() < 0.25 else iter(())
                next(question, None)
                for _ in range(min(batches, chance.randint(1, 8))):
                    batches -= 1
                    try:
                        book.record(batch(len(entries) + 1, chance), actor="hr")
                    except DatabaseError:
                        if machine.refuse is None:
                            raise
                        continue
                    entries.extend(log.read(LEDGER, after=len(entries)))
                    machine.acknowledge(len(entries))
                    ends.add(len(entries))
                del question
    return Life(machine.found, machine.operations, entries, before or 0, frozenset(ends))


def create(machine: Machine) -> Life:
    """Make the database and an empty ledger, as `rights init` does; then nothing (0 entries) is acknowledged."""
    with powered(machine):
        open_ledger(url(machine.folder), LEDGER, create=True, now=now).close()
    machine.acknowledge(0)
    return Life(machine.found, machine.operations, [], NOT_MADE, frozenset({0}))
