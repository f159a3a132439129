"""The log in an SQLite file, without SQLAlchemy: what it says is what a backup says, which opens the file with it."""

import sqlite3
import subprocess
import sys
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from contextlib import closing
from pathlib import Path

import pytest
from sqlalchemy import make_url

from ledger.domain.errors import DamagedError, LedgerError
from ledger.store import open_log
from ledger.store.guards import TABLES
from ledger.store.migrate import current_engine, upgrade
from ledger.store.schema import ledgers, metadata
from ledger.store.sqlite_file import plain_file
from ledger.store.sqlite_log import SqliteLog
from tests.store.samples import MADE_AT, batch_of, contents

PLAIN = (
    "sqlite:///rights.db", "sqlite:////srv/rights.db", "sqlite:///./a b/c.db", "sqlite:///user@host:5432/rights.db",
    "sqlite:///[::1]/a", "sqlite:///a:b@c", "sqlite:///新株予約権.db", "sqlite:///a#b;c&d=e", "sqlite:///a:///b",
    "sqlite+pysqlite:///a.db", "sqlite://///two", "sqlite:///C:\\rights.db", "sqlite:///a+b",
)  # fmt: skip


@pytest.mark.parametrize("url", PLAIN)
def test_a_plain_url_is_read_as_sqlalchemy_reads_it(url: str) -> None:
    read = make_url(url)
    assert plain_file(url) == read.database
    assert read.get_backend_name() == "sqlite"
    assert (read.host, read.port, read.username, read.password, dict(read.query)) == (None, None, None, None, {})


@pytest.mark.parametrize("url", [
    "", "sqlite://", "sqlite:///", "sqlite:///:memory:", "sqlite:///file:a?mode=rw", "sqlite:///file:a", "rights.db",
    "sqlite:///a?b", "sqlite:///a%20b", "sqlite:///a\nb", "sqlite:///\udc80", "SQLITE:///a", "postgresql:///a",
    "sqlite://host/a", "sqlite+aiosqlite:///a", "sqlite:/a", " sqlite:///a", "sqlite://h:///a",
])  # fmt: skip
def test_what_is_not_plain_is_left_to_sqlalchemy(url: str) -> None:
    assert plain_file(url) is None
    assert said_by_the_log(url) == said_by_sqlalchemy(url)


def test_a_url_that_takes_reading_leads_to_the_same_log(tmp_path: Path) -> None:
    url = f"sqlite:///{tmp_path}/a%20b.db"
    assert plain_file(url) is None
    upgrade(url)
    with closing(open_log(url)) as log:
        assert isinstance(log, SqliteLog)
        assert log.create("main", MADE_AT)
    assert (tmp_path / "a b.db").exists()


def said_by_the_log(url: str) -> tuple[str, str, int]:
    with pytest.raises(LedgerError) as refusal:
        open_log(url)
    return refusal.value.code, refusal.value.message, refusal.value.exit_code


def said_by_sqlalchemy(url: str) -> tuple[str, str, int]:
    with pytest.raises(LedgerError) as refusal:
        current_engine(url)
    return refusal.value.code, refusal.value.message, refusal.value.exit_code


@pytest.mark.parametrize("statement", [
    "DROP TRIGGER entries_never_updated", "UPDATE alembic_version SET version_num = '0001'",
    "UPDATE alembic_version SET version_num = '0005'", "DELETE FROM alembic_version", "DROP TABLE alembic_version",
    "DROP TABLE restorations", "CREATE INDEX entries_by_type ON entries (type)", "PRAGMA application_id = 7",
    "UPDATE alembic_version SET version_num = 'abc'",
    "CREATE TRIGGER entries_own BEFORE INSERT ON entries BEGIN SELECT RAISE(IGNORE); END",
    "ALTER TABLE alembic_version RENAME TO before; CREATE VIEW alembic_version AS SELECT '0004' AS version_num",
])  # fmt: skip
def test_what_was_changed_around_the_entries_is_told_in_the_same_words(ledger_file: Path, statement: str) -> None:
    with closing(sqlite3.connect(ledger_file)) as connection:
        connection.executescript(statement)
    url = f"sqlite:///{ledger_file}"
    assert said_by_the_log(url) == said_by_sqlalchemy(url)


@pytest.mark.parametrize("offset", range(0, 4096 * 3, 1021))
def test_a_damaged_file_is_told_in_the_same_words(ledger_file: Path, offset: int) -> None:
    """Whatever can be read of it is read, or the damage told: nothing else happens."""
    content = bytearray(ledger_file.read_bytes())
    content[offset : offset + 24] = b"\xff" * 24
    ledger_file.write_bytes(content)
    url = f"sqlite:///{ledger_file}"
    found = failure(lambda: open_log(url).close())
    assert found == failure(lambda: current_engine(url).dispose())
    if found is None:
        found = failure(lambda: read_all(url))
    assert found is None or found[0] is DamagedError


def failure(act: Callable[[], object]) -> tuple[object, ...] | None:
    """How an act fails, if it does."""
    try:
        act()
    except LedgerError as error:
        return type(error), error.code, error.message, error.contradicts
    return None


def read_all(url: str) -> None:
    with closing(open_log(url)) as log:
        for name in log.ledgers():
            log.head(name), log.head_row(name), log.restorations(name), [*log.rows(name)], [*log.read(name)]


def test_the_tables_that_it_may_read_are_those_of_the_schema() -> None:
    assert frozenset(metadata.tables) == TABLES
    assert {"size", "peaks"} <= set(ledgers.columns.keys())


def test_the_settings_of_a_connection(ledger_file: Path) -> None:
    with closing(SqliteLog(str(ledger_file))) as log, log._connected() as connection:
        settings = {
            name: connection.execute(f"PRAGMA {name}").fetchall()[0][0]
            for name in ("journal_mode", "synchronous", "foreign_keys", "trusted_schema", "busy_timeout")
        }
        with pytest.raises(sqlite3.DatabaseError, match="not authorized"):
            connection.execute("DELETE FROM entries")
    full = 2
    assert settings == {
        "journal_mode": "wal", "synchronous": full, "foreign_keys": 1, "trusted_schema": 0, "busy_timeout": 30_000
    }  # fmt: skip


def test_threads_share_it(ledger_file: Path) -> None:
    with closing(open_log(f"sqlite:///{ledger_file}")) as log, ThreadPoolExecutor(8) as threads:
        read = list(threads.map(lambda _: list(log.read("main")), range(40)))
    assert read == [contents(batch_of(1, 500))] * 40


def test_a_reading_that_was_begun_sees_no_more(ledger_file: Path) -> None:
    with (
        closing(open_log(f"sqlite:///{ledger_file}")) as log,
        closing(open_log(f"sqlite:///{ledger_file}")) as other,
    ):
        reading = log.read("main")
        first = next(reading)
        with other.writing("main") as writer:
            writer.append(batch_of(501, 503), b"later")
        assert log.head("main") == 503
        assert [first, *reading] == contents(batch_of(1, 500))


def test_it_is_opened_read_and_written_without_sqlalchemy(ledger_file: Path) -> None:
    program = (
        "import sys\n"
        "from ledger.store import open_log\n"
        "log = open_log(sys.argv[1])\n"
        "with log.writing('main') as writer:\n"
        "    writer.append([], b'')\n"
        "print(len(list(log.rows('main'))), 'sqlalchemy' in sys.modules)\n"
    )
    told = subprocess.run(
        [sys.executable, "-c", program, f"sqlite:///{ledger_file}"], check=True, capture_output=True, text=True
    )
    assert told.stdout == "500 False\n"
