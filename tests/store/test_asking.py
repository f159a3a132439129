"""A log that is opened to ask is the log that is opened to record, without SQLAlchemy: what only it does itself."""

import sqlite3
import subprocess
import sys
from concurrent.futures import ThreadPoolExecutor
from contextlib import closing
from pathlib import Path

import pytest
from sqlalchemy import make_url

from ledger.domain.errors import LedgerError
from ledger.store import open_log, open_to_ask
from ledger.store.guards import TABLES
from ledger.store.schema import ledgers, metadata
from ledger.store.sql_log import SqlLog
from ledger.store.sqlite_file import plain_file
from ledger.store.sqlite_log import SqliteLog
from tests.store.samples import batch_of, contents

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
    assert said_by_opening_to_ask(url) == said_by_opening_to_record(url)


def said_by_opening_to_ask(url: str) -> tuple[str, str, int]:
    with pytest.raises(LedgerError) as refusal:
        open_to_ask(url)
    return refusal.value.code, refusal.value.message, refusal.value.exit_code


def said_by_opening_to_record(url: str) -> tuple[str, str, int]:
    with pytest.raises(LedgerError) as refusal:
        open_log(url)
    return refusal.value.code, refusal.value.message, refusal.value.exit_code


@pytest.mark.parametrize("statement", [
    "DROP TRIGGER entries_never_updated", "UPDATE alembic_version SET version_num = '0001'",
    "UPDATE alembic_version SET version_num = '0003'", "DELETE FROM alembic_version", "DROP TABLE alembic_version",
    "DROP TABLE restorations", "CREATE INDEX entries_by_type ON entries (type)", "PRAGMA application_id = 7",
    "UPDATE alembic_version SET version_num = 'abc'",
    "CREATE TRIGGER entries_own BEFORE INSERT ON entries BEGIN SELECT RAISE(IGNORE); END",
    "ALTER TABLE alembic_version RENAME TO before; CREATE VIEW alembic_version AS SELECT '0002' AS version_num",
])  # fmt: skip
def test_what_was_changed_around_the_entries_is_told_in_the_same_words(ledger_file: Path, statement: str) -> None:
    with closing(sqlite3.connect(ledger_file)) as connection:
        connection.executescript(statement)
    url = f"sqlite:///{ledger_file}"
    assert said_by_opening_to_ask(url) == said_by_opening_to_record(url)


@pytest.mark.parametrize("offset", range(0, 4096 * 3, 1021))
def test_a_damaged_file_is_told_in_the_same_words(ledger_file: Path, offset: int) -> None:
    """Whatever can be read of it, too."""
    content = bytearray(ledger_file.read_bytes())
    content[offset : offset + 24] = b"\xff" * 24
    ledger_file.write_bytes(content)
    assert all_of(f"sqlite:///{ledger_file}", to_ask=True) == all_of(f"sqlite:///{ledger_file}", to_ask=False)


def all_of(url: str, *, to_ask: bool) -> object:
    """What a log says of everything in it, or how it fails."""
    try:
        log = open_to_ask(url) if to_ask else open_log(url)
        assert isinstance(log, SqliteLog if to_ask else SqlLog)
        with closing(log):
            names = log.ledgers()
            heads = [(log.head(each), log.head_row(each), log.restorations(each)) for each in names]
            return names, heads, [list(log.rows(each)) for each in names], [list(log.read(each)) for each in names]
    except LedgerError as error:
        return type(error), error.code, error.message, error.contradicts


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
    with closing(open_to_ask(f"sqlite:///{ledger_file}")) as log, ThreadPoolExecutor(8) as threads:
        read = list(threads.map(lambda _: list(log.read("main")), range(40)))
    assert read == [contents(batch_of(1, 500))] * 40


def test_a_reading_that_was_begun_sees_no_more(ledger_file: Path) -> None:
    with (
        closing(open_to_ask(f"sqlite:///{ledger_file}")) as log,
        closing(open_log(f"sqlite:///{ledger_file}")) as other,
    ):
        reading = log.read("main")
        first = next(reading)
        with other.writing("main") as writer:
            writer.append(batch_of(501, 503), b"later")
        assert log.head("main") == 503
        assert [first, *reading] == contents(batch_of(1, 500))


def test_it_is_opened_and_read_without_sqlalchemy(ledger_file: Path) -> None:
    program = (
        "import sys\n"
        "from ledger.store import open_to_ask\n"
        "print(len(list(open_to_ask(sys.argv[1]).rows('main'))), 'sqlalchemy' in sys.modules)\n"
    )
    told = subprocess.run(
        [sys.executable, "-c", program, f"sqlite:///{ledger_file}"], check=True, capture_output=True, text=True
    )
    assert told.stdout == "500 False\n"
