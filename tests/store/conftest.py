"""The same questions to every store: SQLite, PostgreSQL, and the log in memory where it can answer."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from ledger.store import WAIT_SECONDS, Log, open_log
from ledger.store.memory import MemoryLog
from ledger.store.migrate import current_engine, partition_entries, upgrade
from tests import citus
from tests.store.people import own_names
from tests.store.samples import MADE_AT, add, batch_of


@pytest.fixture(params=["sqlite", "postgresql"])
def empty_database(request: pytest.FixtureRequest, tmp_path: Path) -> str:
    """The URL of a database without tables; SQLite's file is not there yet."""
    if request.param == "sqlite":
        return f"sqlite:///{tmp_path / 'rights.db'}"
    url: str = request.getfixturevalue("postgres_database")
    return url


@pytest.fixture
def prefix(postgres_url: str) -> Iterator[str]:
    """What the names of this test's roles begin with."""
    with own_names(postgres_url) as prefix:
        yield prefix


@pytest.fixture(params=["sqlite", "postgresql", "postgresql-in-parts", *citus.KINDS])
def database(request: pytest.FixtureRequest, tmp_path: Path) -> str:
    """The URL of a database with the tables, and no ledger."""
    return with_tables(request, tmp_path)


@pytest.fixture(params=["sqlite", "postgresql", "postgresql-in-parts"])
def database_with_triggers(request: pytest.FixtureRequest, tmp_path: Path) -> str:
    """The same, where triggers guard it."""
    return with_tables(request, tmp_path)


def with_tables(request: pytest.FixtureRequest, folder: Path) -> str:
    if request.param == "sqlite":
        file = folder / "rights.db"
        upgrade(f"sqlite:///{file}")
        return f"sqlite:///{file}"
    if request.param == "citus":
        distributed: str = request.getfixturevalue("citus_database")
        return distributed
    url: str = request.getfixturevalue("postgres_database")
    upgrade(url)
    if request.param == "postgresql-in-parts":
        partition_entries(url, 3)
    return url


@pytest.fixture
def sqlite_file(tmp_path: Path) -> Path:
    """An SQLite database with the tables, and no ledger."""
    file = tmp_path / "rights.db"
    upgrade(f"sqlite:///{file}")
    return file


@pytest.fixture
def ledger_file(sqlite_file: Path) -> Path:
    """A ledger of a few hundred entries, alone in its folder."""
    log = open_log(f"sqlite:///{sqlite_file}")
    log.create("main", MADE_AT)
    with log.writing("main") as writer:
        add(writer, batch_of(1, 500))
    log.close()
    return sqlite_file


@pytest.fixture
def sql_log(database: str) -> Iterator[Log]:
    """The log in a database that holds the ledger `main`."""
    log = open_log(database)
    log.create("main", MADE_AT)
    yield log
    log.close()


def engine_and_log(url: str, *, wait_seconds: float = WAIT_SECONDS) -> Log:
    """The log, after the database was opened as a backup opens it."""
    current_engine(url, wait_seconds=wait_seconds).dispose()
    return open_log(url, wait_seconds=wait_seconds)


@pytest.fixture(params=[open_log, engine_and_log], ids=["by-the-driver", "by-sqlalchemy-first"])
def opened_both_ways(request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch) -> None:
    """Let a test module's `open_log` open in each way in turn: both see the same, and say the same.

    A backup opens an SQLite file by SQLAlchemy; whoever asks or records, by the driver alone.
    """
    monkeypatch.setattr(request.module, "open_log", request.param)


@pytest.fixture(params=["sqlite", "postgresql", "memory", *citus.KINDS])
def log(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Log]:
    """A log of each kind that holds the ledger `main`."""
    if request.param == "memory":
        log: Log = MemoryLog()
    else:
        fixture = {"postgresql": "postgres_database", "citus": "citus_database"}.get(request.param)
        url = request.getfixturevalue(fixture) if fixture else ""
        url = url or f"sqlite:///{tmp_path / 'rights.db'}"
        upgrade(url)
        log = open_log(url)
    log.create("main", MADE_AT)
    yield log
    log.close()
