"""The same work by others, where they are installed: `eventsourcing` (the extra `bench`), ledger and hledger."""

import importlib.util
from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any
from uuid import UUID, uuid4

from sqlalchemy import make_url

from tests.benchmarks.timing import skip

HAS_EVENTSOURCING = importlib.util.find_spec("eventsourcing") is not None
HAS_EVENTSOURCING_ON_POSTGRES = HAS_EVENTSOURCING and importlib.util.find_spec("psycopg_pool") is not None
WHY_NOT = "eventsourcing is not installed (the extra `bench`)"


def skip_eventsourcing(what: str) -> None:
    """Say that it was not compared with."""
    skip(what, WHY_NOT)


Append = Callable[[bytes], object]


def appending(recorder: Any) -> Append:
    """One event a commit, by one of its recorders."""
    from eventsourcing.persistence import StoredEvent

    aggregate, versions = uuid4(), iter(range(1, 10**9))
    return lambda state: recorder.insert_events([StoredEvent(aggregate, next(versions), "appointment", state)])


def sqlite_recorder(file: Path) -> Any:
    """Its recorder in a new SQLite file. It chooses WAL itself, and leaves `synchronous` at SQLite's FULL."""
    from eventsourcing.sqlite import SQLiteApplicationRecorder, SQLiteDatastore

    recorder = SQLiteApplicationRecorder(SQLiteDatastore(str(file)))
    recorder.create_table()
    return recorder


def postgres_recorder(url: str) -> Any:
    """Its recorder in a PostgreSQL database."""
    from eventsourcing.postgres import PostgresApplicationRecorder, PostgresDatastore

    at = make_url(url)
    host, port = at.host or str(at.query["host"]), at.port or int(str(at.query.get("port", 5432)))
    store = PostgresDatastore(str(at.database), host, port, at.username or "", at.password or "")
    recorder = PostgresApplicationRecorder(store)
    recorder.create_table()
    return recorder


@contextmanager
def aggregate(file: Path, count: int) -> Iterator[Callable[[], object]]:
    """What loads an aggregate of so many events from a new SQLite file."""
    from eventsourcing.application import Application
    from eventsourcing.domain import Aggregate, event

    class Holding(Aggregate):
        def __init__(self) -> None:
            self.rights = 0

        @event("Exercised")
        def exercise(self, holder: str, rights: int, on: str) -> None:
            self.rights += rights

    class Holdings(Application[UUID]):
        pass

    application = Holdings({"PERSISTENCE_MODULE": "eventsourcing.sqlite", "SQLITE_DBNAME": str(file)})
    holding = Holding()
    for number in range(count - 1):
        holding.exercise(f"officer-{number % 40}", 1, "2020-07-14")
    application.save(holding)
    try:
        yield lambda: application.repository.get(holding.id)
    finally:
        application.close()


def journal(entries: Iterable[dict[str, Any]], *, under: str = "") -> Iterator[str]:
    """The same facts for ledger and hledger: a transaction each, in the order of days, an account a holding.

    under: what the names of its accounts begin with.

    What moves no rights moves 0, so that it is a transaction all the same.
    """
    held: dict[tuple[str, str], int] = defaultdict(int)
    for entry in sorted(entries, key=lambda each: str(each.get("on") or each["record_date"])):
        on = str(entry.get("on") or entry["record_date"]).replace("-", "/")
        yield f"{on} {entry['type']} {entry['id']}\n"
        moves = list(_moves(entry, held)) or [("ledger", "facts", 0)]
        for account, to, rights in moves:
            yield f"    {under}{account}  {rights}\n    {under}{to}  {-rights}\n"
        yield "\n"


def _moves(entry: dict[str, Any], held: dict[tuple[str, str], int]) -> Iterator[tuple[str, str, int]]:
    """Account, other account and rights of each movement of an entry."""
    match entry["type"]:
        case "allotment":
            yield _move(held, entry["series"], entry["holder"], entry["rights"], "issued")
        case "exercise" | "waiver":
            yield _move(held, entry["series"], entry["holder"], -entry["rights"], entry["type"])
        case "inheritance":
            deceased = entry["holder"]
            for series, rights in [(each, left) for (each, who), left in held.items() if who == deceased and left]:
                yield _move(held, series, deceased, -rights, "inherited")
                yield _move(held, series, entry["heir"], rights, "inherited")
        case _:
            pass


def _move(held: dict[tuple[str, str], int], series: str, holder: str, rights: int, other: str) -> tuple[str, str, int]:
    held[series, holder] += rights
    return f"{series}:{holder}", other, rights
