"""A log in memory, with the same behaviour as the one in SQL: for tests, and for trying things out."""

from collections.abc import Generator, Iterator, Sequence
from contextlib import contextmanager
from threading import Lock

from ledger.domain.errors import DatabaseError
from ledger.store.log import Head, Log, Row, Sent, Tip, Writer
from ledger.store.people import Directory
from ledger.store.restored import Restored


class MemoryLog(Log):
    """A log that is gone when the program ends."""

    def __init__(self) -> None:
        self._rows: dict[str, list[Row]] = {}
        self._peaks: dict[str, bytes] = {}
        self._turn = Lock()
        self.wait_seconds = 0.0

    def ledgers(self) -> list[str]:
        """The ids of the ledgers, sorted."""
        return sorted(self._rows)

    def sizes(self) -> dict[str, int]:
        """How many entries each ledger holds, by its id, sorted."""
        return {ledger: self.head(ledger) for ledger in self.ledgers()}

    def create(self, ledger: str, created_at: str) -> bool:
        """Make a ledger, False when it was there already."""
        del created_at  # nobody can ask for it
        with self._turn:
            made = ledger not in self._rows
            self._rows.setdefault(ledger, [])
            return made

    def head(self, ledger: str) -> int:
        """The last version, 0 when the ledger is empty."""
        return len(self._of(ledger))

    def head_row(self, ledger: str) -> Head:
        """The head, which is always that of the entries."""
        return Head(self.head(ledger), self._peaks.get(ledger, b""), self.head(ledger))

    def read(self, ledger: str, *, after: int = 0, until: int | None = None) -> Generator[bytes, None, None]:
        """Canonical bytes in version order."""
        for row in self.rows(ledger, after=after, until=until):
            yield row.bytes

    def rows(self, ledger: str, *, after: int = 0, until: int | None = None) -> Generator[Row, None, None]:
        """The same entries with all their columns."""
        yield from self._of(ledger)[after:until]

    def database_users(self, ledger: str, *, after: int = 0, until: int | None = None) -> dict[int, str]:
        """Nobody is logged in here."""
        del ledger, after, until
        return {}

    def restorations(self, ledger: str) -> list[Restored]:
        """Nothing can be put back here."""
        del ledger
        return []

    @contextmanager
    def directory(self, ledger: str, *, writing: bool = False) -> Iterator[Directory]:
        """Nobody is known by name here."""
        if writing:
            raise DatabaseError("database", f"the log in memory keeps no directory of people for ledger {ledger}")
        yield Directory(lambda _sql, *_given: [], ledger)

    def erase_traces(self, *, thoroughly: bool) -> str | None:
        """Nothing was ever kept."""
        del thoroughly
        return None

    @contextmanager
    def writing(self, ledger: str, *, until: float | None = None, supposed: Tip | None = None) -> Iterator[Writer]:
        """One writer at a time, of any ledger; a thread that writes must not begin to write another."""
        del until, supposed
        with self._turn:
            writer = _MemoryWriter(self._of(ledger), self._peaks.get(ledger, b""))
            yield writer
            self._rows[ledger] = writer.rows  # a new list: a reader keeps the one it has
            self._peaks[ledger] = writer.peaks

    def close(self) -> None:
        """Nothing to let go of."""

    def _of(self, ledger: str) -> list[Row]:
        try:
            return self._rows[ledger]
        except KeyError:
            raise DatabaseError("no-ledger", f"the log in memory has no ledger {ledger!r}") from None


class _MemoryWriter:
    def __init__(self, rows: Sequence[Row], peaks: bytes) -> None:
        self.rows = list(rows)
        self.peaks = peaks
        self.sent: Sent | None = None
        self._ids = {row.entry_id for row in rows} - {None}

    @property
    def head(self) -> int:
        return len(self.rows)

    def read(self, *, after: int = 0) -> Generator[bytes, None, None]:
        for row in self.rows[after:]:
            yield row.bytes

    def ids_there(self, ids: Sequence[str]) -> dict[str, tuple[int, bytes]]:
        asked = self._ids.intersection(ids)
        there = {row.entry_id: (row.version, row.bytes) for row in self.rows} if asked else {}
        return {entry_id: there[entry_id] for entry_id in ids if entry_id in asked}

    def append(self, rows: Sequence[Row], peaks: bytes) -> None:
        for row in rows:
            if row.version != len(self.rows) + 1:
                raise DatabaseError("database", "the log in memory: an entry takes the next version of its ledger")
            if row.entry_id in self._ids:
                raise DatabaseError("database", "the log in memory: an entry's id is given once in a ledger")
            if row.entry_id is not None:
                self._ids.add(row.entry_id)
            self.rows.append(row)
        self.peaks = peaks
