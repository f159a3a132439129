"""The program's own connections to SQLite can add and ask, nothing else: each refusal has a control that succeeds."""

import sqlite3
import sys
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path
from time import process_time

import pytest
from sqlalchemy import Engine

from ledger import store
from ledger.domain.errors import DamagedError
from ledger.store import authorizer, open_log
from ledger.store.engines import open_engine
from ledger.store.sql_failures import failures_told
from tests.store.samples import MADE_AT, add, batch_of, contents, row, say

pytestmark = pytest.mark.usefixtures("opened_both_ways")


@pytest.fixture
def three_entries(sqlite_file: Path) -> Path:
    """A database with three entries in the ledger `main`."""
    log = open_log(f"sqlite:///{sqlite_file}")
    log.create("main", MADE_AT)
    with log.writing("main") as writer:
        add(writer, batch_of(1, 3))
    log.close()
    return sqlite_file


@pytest.fixture
def bound(three_entries: Path) -> Iterator[sqlite3.Connection]:
    """A connection as the application has it."""
    yield from connection_of(open_engine(f"sqlite:///{three_entries}"))


@pytest.fixture
def free(three_entries: Path) -> Iterator[sqlite3.Connection]:
    """A connection as a migration has it."""
    yield from connection_of(open_engine(f"sqlite:///{three_entries}", create=True))


def connection_of(engine: Engine) -> Iterator[sqlite3.Connection]:
    with engine.connect() as connection:
        driver_connection = connection.connection.driver_connection
        assert isinstance(driver_connection, sqlite3.Connection)
        yield driver_connection
    engine.dispose()


NEVER = [
    "DELETE FROM entries WHERE version = 99",
    "DELETE FROM ledgers WHERE ledger_id = 'nobody'",
    "DELETE FROM restorations WHERE number = 99",
    "UPDATE entries SET actor = 'somebody else' WHERE version = 99",
    "UPDATE ledgers SET ledger_id = 'renamed' WHERE ledger_id = 'nobody'",
    "UPDATE ledgers SET created_at = '1868' WHERE ledger_id = 'nobody'",
    "UPDATE restorations SET reason = 'none' WHERE number = 99",
    "DELETE FROM people WHERE holder = 'nobody'",
    "UPDATE people SET kanji = NULL WHERE holder = 'nobody'",
    "INSERT INTO people (ledger_id, holder) SELECT 'a', 'b' WHERE 1 = 0",
    "DELETE FROM people_changes WHERE number = 99",
    "UPDATE people_changes SET reason = 'none' WHERE number = 99",
    "UPDATE alembic_version SET version_num = version_num",
    "INSERT INTO alembic_version SELECT 'x' WHERE 1 = 0",
    "INSERT INTO ledgers (ledger_id, created_at, size, peaks) SELECT 'a', 'b', 0, x'' WHERE 1 = 0"
    " ON CONFLICT (ledger_id) DO UPDATE SET created_at = excluded.created_at",
    "DROP TRIGGER entries_never_deleted",
    "DROP TABLE entries",
    "ALTER TABLE entries ADD COLUMN more TEXT",
    "ALTER TABLE entries RENAME TO others",
    "ALTER TABLE ledgers RENAME COLUMN created_at TO made_at",
    "CREATE TABLE more (a)",
    "CREATE TABLE more AS SELECT 1 AS a",
    "CREATE TEMP TABLE entries (a)",
    "CREATE VIEW more AS SELECT 1 AS a",
    "CREATE TEMP VIEW ledgers AS SELECT 1 AS ledger_id",
    "CREATE INDEX more ON entries (actor)",
    "CREATE TRIGGER more BEFORE INSERT ON entries BEGIN SELECT RAISE(IGNORE); END",
    "CREATE TEMP TRIGGER more BEFORE INSERT ON main.entries BEGIN SELECT RAISE(IGNORE); END",
    "CREATE VIRTUAL TABLE more USING fts5(a)",
    "ANALYZE",
    "REINDEX",
    "VACUUM",
    "ATTACH ':memory:' AS other",
    "PRAGMA writable_schema=ON",
    "PRAGMA journal_mode=DELETE",
    "PRAGMA ignore_check_constraints=ON",
    "PRAGMA recursive_triggers=OFF",
    "PRAGMA foreign_keys=OFF",
    "PRAGMA synchronous=OFF",
    "PRAGMA trusted_schema=ON",
    "PRAGMA application_id=0",
    "PRAGMA user_version=7",
    "PRAGMA table_info(entries)",
    "PRAGMA Synchronous(0)",
    "PRAGMA wal_checkpoint(TRUNCATE)",
    "SELECT name FROM pragma_table_info('entries')",
    "SELECT value FROM json_each('[1]')",
    "SELECT randomblob(8)",
    "SELECT hex(bytes) FROM entries",
    "WITH RECURSIVE counted(n) AS (SELECT 1 UNION ALL SELECT n + 1 FROM counted WHERE n < 9) SELECT n FROM counted",
]


@pytest.mark.parametrize("sql", NEVER)
def test_what_an_application_never_does_is_not_prepared(bound: sqlite3.Connection, sql: str) -> None:
    with pytest.raises(sqlite3.DatabaseError, match=r"not authorized|prohibited|authorization denied|vtable"):
        bound.execute(sql)


@pytest.mark.parametrize("sql", NEVER)
def test_the_same_could_be_done_otherwise(free: sqlite3.Connection, sql: str) -> None:
    free.execute(sql)


def test_an_extension_is_not_loaded(bound: sqlite3.Connection) -> None:
    with pytest.raises(sqlite3.DatabaseError, match="not authorized"):
        bound.execute("SELECT load_extension('more')")


def test_what_is_attached_is_detached_by_nobody(bound: sqlite3.Connection) -> None:
    """None can be attached, so that the statement fails either way; it is not prepared."""
    with pytest.raises(sqlite3.DatabaseError, match="not authorized"):
        bound.execute("DETACH other")


@pytest.mark.parametrize("sql", [
    "SELECT count(*), max(version), coalesce(min(batch), 0), sum(length(bytes)) FROM entries",
    "SELECT group_concat(name) FROM sqlite_schema WHERE type = 'trigger'",
    "SELECT version_num FROM alembic_version",
    "SELECT * FROM ledgers JOIN restorations USING (ledger_id)",
    "SAVEPOINT a", "BEGIN IMMEDIATE",
    "PRAGMA journal_mode", "PRAGMA foreign_keys", "PRAGMA quick_check", "PRAGMA integrity_check",
])  # fmt: skip
def test_what_it_may_ask(bound: sqlite3.Connection, sql: str) -> None:
    bound.execute(sql).fetchall()


def test_the_guards_and_the_foreign_keys_hold_as_before(bound: sqlite3.Connection) -> None:
    for sql, words in (
        ("INSERT INTO entries SELECT * FROM entries", "next version"),
        ("INSERT OR REPLACE INTO ledgers SELECT * FROM ledgers", "begins empty|never replaced"),
        ("UPDATE ledgers SET size = 2, peaks = x''", "a head moves forward"),
        (
            "INSERT INTO entries SELECT 'nobody', version, batch, NULL, type, type_version, effective_on, recorded_at,"
            " actor, bytes, NULL FROM entries WHERE version = 1",
            "FOREIGN KEY",
        ),
    ):
        with pytest.raises(sqlite3.IntegrityError, match=words):
            bound.execute(sql)


@pytest.mark.parametrize("trigger", [
    "CREATE TRIGGER swallow BEFORE INSERT ON entries BEGIN SELECT RAISE(IGNORE); END",
    "CREATE TRIGGER copy AFTER INSERT ON entries BEGIN INSERT INTO ledgers SELECT 'copy', '', 0, x''; END",
    "CREATE TRIGGER leak AFTER INSERT ON entries BEGIN INSERT INTO notes VALUES (NEW.bytes); END",
    "CREATE TRIGGER undo AFTER INSERT ON entries BEGIN DELETE FROM entries WHERE version = NEW.version; END",
    "CREATE TRIGGER rewind AFTER UPDATE OF size ON ledgers BEGIN UPDATE ledgers SET size = 0, peaks = x''; END",
])  # fmt: skip
def test_a_trigger_that_is_made_while_the_log_is_open_is_damage(three_entries: Path, trigger: str) -> None:
    """Opening looks at the triggers; what comes later is not obeyed either."""
    url = f"sqlite:///{three_entries}"
    say(url, "CREATE TABLE notes (note)")
    log = store.open_log(url)
    say(url, trigger)
    not_ours = "a trigger or a view that is not a ledger's"
    with pytest.raises(DamagedError, match=not_ours) as refusal, log.writing("main") as writer:
        add(writer, [row(4)])
    assert (refusal.value.code, refusal.value.exit_code) == ("damaged", 3)
    assert list(log.read("main")) == contents(batch_of(1, 3))
    log.close()


def test_a_view_that_takes_a_tables_place_is_damage(three_entries: Path) -> None:
    """With its own triggers of the guards' names a view looks guarded; it shows what it likes."""
    log = open_log(f"sqlite:///{three_entries}")
    with closing(sqlite3.connect(three_entries, isolation_level=None)) as connection:
        connection.execute("PRAGMA legacy_alter_table=ON")
        connection.execute("PRAGMA writable_schema=ON")
        triggers = connection.execute("SELECT name, sql FROM sqlite_master WHERE type = 'trigger'").fetchall()
        for name, _ in triggers:
            connection.execute(f"DROP TRIGGER {name}")
        connection.execute("ALTER TABLE entries RENAME TO kept")
        connection.execute("CREATE VIEW entries AS SELECT * FROM kept WHERE version < 3")
        for name, sql in triggers:
            on_a_view = sql.replace("BEFORE", "INSTEAD OF") if name.startswith("entries_") else sql
            connection.execute(on_a_view)
    with pytest.raises(DamagedError, match="a view that is not a ledger's"):
        list(log.read("main"))
    log.close()


def test_further_tables_and_their_triggers_are_no_business_of_ours(three_entries: Path) -> None:
    url = f"sqlite:///{three_entries}"
    say(url, "CREATE TABLE notes (note)")
    say(url, "CREATE TRIGGER once BEFORE INSERT ON notes BEGIN SELECT RAISE(IGNORE); END")
    say(url, "CREATE VIEW latest AS SELECT max(version) FROM entries")
    log = open_log(url)
    with log.writing("main") as writer:
        add(writer, [row(4)])
    assert log.head("main") == 4
    log.close()


@pytest.mark.parametrize("sql", ["DELETE FROM entries", "SELECT hex(bytes) FROM entries", "SELECT note FROM notes"])
def test_the_refusal_is_one_of_our_errors(three_entries: Path, sql: str) -> None:
    say(f"sqlite:///{three_entries}", "CREATE TABLE notes (note)")
    engine = open_engine(f"sqlite:///{three_entries}")
    with pytest.raises(DamagedError), failures_told(engine), engine.connect() as connection:
        connection.exec_driver_sql(sql)
    engine.dispose()


def test_a_whole_file_can_be_copied_all_the_same(three_entries: Path, bound: sqlite3.Connection) -> None:
    """The backup API prepares nothing in either file; whoever needs more opens a connection for themselves."""
    copy = three_entries.with_name("copy.db")
    with closing(sqlite3.connect(copy)) as target:
        bound.backup(target)
    log = open_log(f"sqlite:///{copy}")
    assert list(log.read("main")) == contents(batch_of(1, 3))
    log.close()


def test_a_value_larger_than_any_entry_is_not_read(three_entries: Path) -> None:
    say(
        f"sqlite:///{three_entries}",
        "INSERT INTO entries SELECT ledger_id, 4, 4, NULL, type, type_version, effective_on, recorded_at, actor,"
        f" zeroblob({authorizer.MOST_BYTES + 1}), NULL FROM entries WHERE version = 1",
    )
    log = open_log(f"sqlite:///{three_entries}")
    with pytest.raises(DamagedError, match="too big"):
        list(log.read("main"))
    log.close()


def test_what_it_costs(three_entries: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Printed, not asserted: what is prepared once is kept, so that an append pays nothing."""
    url = f"sqlite:///{three_entries}"
    took: dict[str, list[float]] = {"bound": [], "free": []}
    for _ in range(5):
        for name, restrict in (("bound", authorizer.restrict), ("free", lambda connection: None)):
            monkeypatch.setattr("ledger.store.sqlite_file.restrict", restrict)
            log = store.open_log(url)
            with log.writing("main") as writer:
                add(writer, [row(writer.head + 1)])  # prepares what the others find prepared
            began = process_time()
            for _ in range(50):
                with log.writing("main") as writer:
                    add(writer, [row(writer.head + 1)])
            took[name].append(process_time() - began)
            log.close()
    ratio = min(took["bound"]) / min(took["free"])
    sys.stdout.write(f"an append with the authorizer takes {ratio:.2f} of the processor time of one without\n")
    assert ratio > 0
