"""All ledgers of a database in one transaction: as they are at one moment, for a backup; put in, for a restoration.

Everything goes through the guards. What is put into a database begins empty or goes on from what is there.
"""

from collections.abc import Iterable, Iterator, Sequence
from contextlib import AbstractContextManager, contextmanager
from operator import itemgetter
from typing import Any, Final, NamedTuple

from sqlalchemy import Connection

from ledger.store.engines import flavour, for_reading, for_writing
from ledger.store.log import Row
from ledger.store.migrate import engine_of
from ledger.store.people import Directory
from ledger.store.restored import Restored
from ledger.store.sql_failures import failures_told
from ledger.store.sql_log import FETCHED_AT_ONCE

_STREAM: Final = {"stream_results": True, "yield_per": FETCHED_AT_ONCE}
_COLUMNS: Final = ", ".join(Row._fields)
_RESTORED: Final = ", ".join(Restored._fields)


class LedgerRow(NamedTuple):
    """What a ledger's own row says. size: its last version. peaks: of the tree over its entries, packed."""

    ledger: str
    created_at: str
    size: int
    peaks: bytes


class Everything:
    """The ledgers of a database, inside a transaction."""

    def __init__(self, connection: Connection) -> None:
        self._connection = connection
        self._flavour = flavour(connection.engine)

    def ledgers(self) -> list[LedgerRow]:
        """Every ledger's row, by id."""
        return sorted(map(LedgerRow._make, self._said("SELECT ledger_id, created_at, size, peaks FROM ledgers")))

    def restorations(self, ledger: str) -> list[Restored]:
        """When a ledger was restored, by number."""
        sql = f"SELECT {_RESTORED} FROM restorations WHERE ledger_id = ? ORDER BY number"  # noqa: S608 - our own names
        return list(map(Restored._make, self._said(sql, ledger)))

    def directory(self, ledger: str) -> Directory:
        """The people of a ledger."""
        return Directory(self._said, ledger)

    @contextmanager
    def rows(self, ledger: str) -> Iterator[Iterator[Row]]:
        """All entries of a ledger with their columns, streamed."""
        sql = f"SELECT {_COLUMNS} FROM entries WHERE ledger_id = ? ORDER BY version"  # noqa: S608 - our own names
        with self._streamed(sql, ledger) as found:
            yield map(Row._make, found)

    @contextmanager
    def stored(self, ledger: str) -> Iterator[Iterator[bytes]]:
        """Stored bytes of all entries of a ledger, streamed."""
        sql = "SELECT bytes FROM entries WHERE ledger_id = ? ORDER BY version"
        with self._streamed(sql, ledger) as found:
            yield map(itemgetter(0), found)

    def make(self, ledger: str, created_at: str) -> None:
        """Make a ledger where it is not there."""
        sql = "INSERT INTO ledgers (ledger_id, created_at, size, peaks) VALUES (?, ?, 0, ?) ON CONFLICT DO NOTHING"
        self._said(sql, ledger, created_at, b"")

    def lock(self, ledger: str) -> tuple[int, bytes]:
        """Keep other writers away from a ledger until the transaction ends; its size and peaks."""
        size, peaks = self._connection.exec_driver_sql(self._flavour.lock, (ledger,)).one()
        return size, bytes(peaks)

    def add(self, ledger: str, rows: Sequence[Row], peaks: bytes) -> None:
        """Add entries that follow a ledger's last one, and move its head: the peaks with these entries."""
        self._flavour.add(self._connection, [(ledger, *row) for row in rows])
        self._connection.exec_driver_sql(self._flavour.move, (ledger, rows[-1].version, peaks))

    def note(self, ledger: str, restored: Restored) -> None:
        """Add a restoration to a ledger's."""
        marks = ", ".join("?" * len(restored))
        sql = f"INSERT INTO restorations (ledger_id, {_RESTORED}) VALUES (?, {marks})"  # noqa: S608 - our own names
        self._said(sql, ledger, *restored)

    def _said(self, sql: str, *parameters: object) -> list[Any]:
        with self._connection.exec_driver_sql(self._flavour.statement(sql), parameters) as answer:
            return list(answer) if answer.returns_rows else []

    def _streamed(self, sql: str, *parameters: object) -> AbstractContextManager[Iterable[Any]]:
        return self._connection.exec_driver_sql(self._flavour.statement(sql), parameters, execution_options=_STREAM)


@contextmanager
def everything_at_once(url: str) -> Iterator[Everything]:
    """All ledgers as they are at one moment, whatever others record meanwhile."""
    with engine_of(url) as engine:
        reading = for_reading(engine, rows=FETCHED_AT_ONCE)
        if engine.dialect.name == "postgresql":
            reading = reading.execution_options(isolation_level="REPEATABLE READ")
        with failures_told(engine), reading.connect() as connection:
            yield Everything(connection)


@contextmanager
def changing_everything(url: str) -> Iterator[Everything]:
    """A transaction over all ledgers: it is committed at the end, and leaves nothing after an exception."""
    with engine_of(url) as engine, failures_told(engine), for_writing(engine).begin() as connection:
        yield Everything(connection)
