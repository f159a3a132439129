"""The database refuses by itself, whoever asks: what was recorded is never changed, deleted, replaced or skipped."""

import sqlite3
from collections.abc import Iterator
from contextlib import closing, contextmanager

import psycopg
import pytest

from ledger.store import Row, open_log
from ledger.store.migrate import upgrade
from tests.store.samples import ENTRY_COLUMNS, MADE_AT, add, batch_of, insert, raw_connection, row, say

REFUSALS = (sqlite3.IntegrityError, psycopg.errors.IntegrityError)
RECORDED = [row(1, entry_id="a"), row(2), row(3, entry_id="c")]
CHANGED = row(2, note="never happened")
NEXT = row(4)


@pytest.fixture
def recorded(database_with_triggers: str) -> Iterator[str]:
    """A database with three entries in the ledger `main` and none in `empty`; they are still there after."""
    with three_entries_that_stay(database_with_triggers):
        yield database_with_triggers


@pytest.fixture
def recorded_on_postgres(postgres_database: str) -> Iterator[str]:
    """The same, for what SQLite does not have."""
    upgrade(postgres_database)
    with three_entries_that_stay(postgres_database):
        yield postgres_database


@contextmanager
def three_entries_that_stay(url: str) -> Iterator[None]:
    log = open_log(url)
    log.create("main", MADE_AT)
    log.create("empty", MADE_AT)
    with log.writing("main") as writer:
        add(writer, RECORDED)
    yield
    assert list(log.rows("main")) == RECORDED
    assert "main" in log.ledgers()
    log.close()


def is_sqlite(url: str) -> bool:
    return url.startswith("sqlite")


@pytest.mark.parametrize(
    "change",
    [
        "UPDATE entries SET actor = 'somebody else'",
        "UPDATE entries SET version = version",
        "UPDATE entries SET version = 4 WHERE version = 3",
        "UPDATE entries SET ledger_id = 'empty'",
        "DELETE FROM entries",
        "DELETE FROM entries WHERE version = 3",
    ],
)
def test_an_entry_is_never_changed_or_deleted(recorded: str, change: str) -> None:
    with pytest.raises(REFUSALS, match="an entry is never"):
        say(recorded, change)


@pytest.mark.parametrize(
    "change",
    ["TRUNCATE entries", "TRUNCATE ledgers CASCADE", "TRUNCATE entries, ledgers, restorations, people, people_changes"],
)
def test_entries_are_never_truncated(recorded: str, change: str) -> None:
    if is_sqlite(recorded):
        with pytest.raises(sqlite3.OperationalError, match="syntax error"):
            say(recorded, change)
    else:
        with pytest.raises(
            REFUSALS, match=r"(an entry|a restoration|what became of a person) is never"
        ):  # whichever it comes to first
            say(recorded, change)


@pytest.mark.parametrize("verb", ["INSERT OR REPLACE", "REPLACE", "INSERT OR IGNORE", "INSERT OR FAIL"])
@pytest.mark.parametrize(
    "entry",
    [
        pytest.param(CHANGED, id="by-version"),
        pytest.param(NEXT._replace(entry_id="a"), id="by-id"),
        pytest.param(CHANGED._replace(entry_id="a"), id="by-both"),
    ],
)
def test_an_insert_never_replaces(recorded: str, verb: str, entry: Row) -> None:
    if not is_sqlite(recorded):
        verb = "INSERT"  # PostgreSQL has no other verb
    sql, parameters = insert(entry, verb=verb)
    with pytest.raises(REFUSALS):
        say(recorded, sql, *parameters)


@pytest.mark.parametrize(
    ("entry", "target"), [(CHANGED, "(ledger_id, version)"), (NEXT._replace(entry_id="a"), "(ledger_id, entry_id)")]
)
def test_an_insert_never_turns_into_an_update(recorded: str, entry: Row, target: str) -> None:
    sql, parameters = insert(entry, clause=f"ON CONFLICT {target} DO UPDATE SET bytes = excluded.bytes")
    with pytest.raises(REFUSALS):
        say(recorded, sql, *parameters)


def test_an_update_never_replaces(recorded: str) -> None:
    verb = "UPDATE OR REPLACE" if is_sqlite(recorded) else "UPDATE"
    with pytest.raises(REFUSALS, match="an entry is never"):
        say(recorded, f"{verb} entries SET entry_id = 'a' WHERE version = 2")


@pytest.mark.parametrize("version", [0, -1, 5, 2**62])
def test_a_version_that_is_not_the_next_is_refused(recorded: str, version: int) -> None:
    sql, parameters = insert(row(version, batch=1))
    with pytest.raises(REFUSALS):
        say(recorded, sql, *parameters)


def test_a_ledger_begins_with_version_one(recorded: str) -> None:
    sql, parameters = insert(row(2, batch=1), ledger="empty")
    with pytest.raises(REFUSALS):
        say(recorded, sql, *parameters)


def test_several_versions_in_one_statement_leave_no_gap(recorded: str) -> None:
    into = f"INSERT INTO entries ({', '.join(ENTRY_COLUMNS)}) SELECT ledger_id"
    rest = "batch, NULL, type, type_version, effective_on, recorded_at, actor, bytes"
    with pytest.raises(REFUSALS, match="next version"):
        say(recorded, f"{into}, version + 4, {rest} FROM entries")
    with pytest.raises(REFUSALS, match="next version"):
        say(recorded, f"{into}, version * 2 + 2, {rest} FROM entries")


def test_one_statement_may_add_to_several_ledgers(database_with_triggers: str) -> None:
    log = open_log(database_with_triggers)
    for ledger in ("a", "b"):
        log.create(ledger, MADE_AT)
        with log.writing(ledger) as writer:
            add(writer, batch_of(1, 3))
    say(
        database_with_triggers,
        f"INSERT INTO entries ({', '.join(ENTRY_COLUMNS)}) SELECT ledger_id, version + 3, batch + 3, entry_id, type,"
        " type_version, effective_on, recorded_at, actor, bytes FROM entries ORDER BY ledger_id, version",
    )
    assert [len(list(log.read(ledger))) for ledger in log.ledgers()] == [6, 6]
    log.close()


@pytest.mark.parametrize(
    "entry",
    [
        NEXT._replace(batch=5),
        NEXT._replace(batch=0),
        NEXT._replace(type_version=0),
        NEXT._replace(entry_id="x" * 65),
        NEXT._replace(effective_on="today"),
        NEXT._replace(recorded_at="2026-11-22T00:12:31Z"),
    ],
)
def test_a_column_that_cannot_be_true_is_refused(recorded: str, entry: Row) -> None:
    sql, parameters = insert(entry)
    with pytest.raises(REFUSALS):
        say(recorded, sql, *parameters)


@pytest.mark.parametrize("column", ["batch", "type", "type_version", "recorded_at", "actor", "bytes"])
def test_a_column_that_every_entry_has_is_never_left_out(recorded: str, column: str) -> None:
    sql, parameters = insert(NEXT)
    parameters = tuple(None if name == column else value for name, value in zip(ENTRY_COLUMNS, parameters, strict=True))
    with pytest.raises(REFUSALS):
        say(recorded, sql, *parameters)


def test_an_entry_of_no_ledger_is_refused(recorded: str) -> None:
    sql, parameters = insert(row(1), ledger="nobody's")
    with pytest.raises(REFUSALS), closing(raw_connection(recorded)) as connection:
        if is_sqlite(recorded):
            connection.execute("PRAGMA foreign_keys=ON")  # as the store's connections have it
        connection.execute(sql if is_sqlite(recorded) else sql.replace("?", "%s"), parameters)
        connection.commit()


@pytest.mark.parametrize(
    "change",
    [
        "DELETE FROM ledgers WHERE ledger_id = 'main'",
        "UPDATE ledgers SET ledger_id = 'renamed' WHERE ledger_id = 'main'",
        "UPDATE ledgers SET created_at = '1868-01-01T00:00:00.000000Z' WHERE ledger_id = 'main'",
        "INSERT INTO ledgers (ledger_id, created_at) VALUES ('main', '1868')"
        " ON CONFLICT (ledger_id) DO UPDATE SET created_at = '1868'",
    ],
)
def test_a_ledger_with_entries_is_kept(recorded: str, change: str) -> None:
    with pytest.raises(REFUSALS, match="a ledger with entries is never"):
        say(recorded, change)


def test_a_ledger_with_entries_is_never_replaced_on_sqlite(recorded: str) -> None:
    verb = "INSERT OR REPLACE" if is_sqlite(recorded) else "INSERT"
    with pytest.raises(REFUSALS):
        say(recorded, f"{verb} INTO ledgers (ledger_id, created_at) VALUES ('main', '1868-01-01T00:00:00.000000Z')")


def test_an_empty_ledger_may_be_taken_back(recorded: str) -> None:
    say(recorded, "UPDATE ledgers SET ledger_id = 'mistyped' WHERE ledger_id = 'empty'")
    say(recorded, "DELETE FROM ledgers WHERE ledger_id = 'mistyped'")
    assert say(recorded, "SELECT ledger_id FROM ledgers") == [("main",)]


def test_a_table_of_the_same_name_does_not_mislead_a_guard(recorded_on_postgres: str) -> None:
    sql, parameters = insert(row(9))
    with closing(raw_connection(recorded_on_postgres)) as connection:
        connection.execute("CREATE TEMP TABLE entries AS SELECT 'main' AS ledger_id, 8 AS version")
        with pytest.raises(REFUSALS, match="next version"):
            connection.execute(sql.replace("INTO entries", "INTO public.entries").replace("?", "%s"), parameters)


def test_a_session_that_plays_a_replica_is_refused_too(recorded_on_postgres: str) -> None:
    with closing(raw_connection(recorded_on_postgres)) as connection:
        connection.execute("SET session_replication_role = replica")
        with pytest.raises(REFUSALS, match="an entry is never"):
            connection.execute("DELETE FROM entries")


def test_a_ledger_begins_empty(recorded: str) -> None:
    into = "INSERT INTO ledgers (ledger_id, created_at, size, peaks) VALUES ('another', '2026', ?, ?)"
    for size, peaks in ((1, b""), (0, bytes(32))):
        with pytest.raises(REFUSALS, match="begins empty"):
            say(recorded, into, size, peaks)


@pytest.mark.parametrize(("size", "peaks"), [(2, bytes(32)), (4, bytes(32)), (3, bytes(64)), (0, b"")])
def test_a_head_moves_to_the_last_version_only(recorded: str, size: int, peaks: bytes) -> None:
    with pytest.raises(REFUSALS, match="a head moves forward"):
        say(recorded, "UPDATE ledgers SET size = ?, peaks = ? WHERE ledger_id = 'main'", size, peaks)


def test_a_head_moves_with_an_entry(recorded: str) -> None:
    log = open_log(recorded)
    log.create("another", MADE_AT)
    sql, parameters = insert(row(1), ledger="another")
    say(recorded, sql, *parameters)
    say(recorded, "UPDATE ledgers SET size = 1, peaks = ? WHERE ledger_id = 'another'", bytes(32))
    assert log.head("another") == 1
    log.close()


RESTORATION = (
    "INSERT INTO restorations (ledger_id, number, restored_at, actor, reason, size, root)"
    " VALUES ('empty', ?, '2026', 'it', 'the disk broke', 0, ?)"
)


def test_restorations_are_kept_in_their_order(recorded: str) -> None:
    with pytest.raises(REFUSALS, match="next number"):
        say(recorded, RESTORATION, 2, bytes(32))
    say(recorded, RESTORATION, 1, bytes(32))
    for number, root in ((1, bytes(32)), (2, bytes(31))):
        with pytest.raises(REFUSALS):
            say(recorded, RESTORATION, number, root)
    for change in ("UPDATE restorations SET reason = 'none'", "DELETE FROM restorations"):
        with pytest.raises(REFUSALS, match="a restoration is never"):
            say(recorded, change)
    if not is_sqlite(recorded):
        with pytest.raises(REFUSALS, match="a restoration is never"):
            say(recorded, "TRUNCATE restorations")


def test_nobody_inserts_in_the_name_of_another(recorded_on_postgres: str) -> None:
    sql, parameters = insert(NEXT)
    sql = sql.replace("ledger_id,", "database_user, ledger_id,").replace("(?,", "('somebody', ?,")
    with pytest.raises(REFUSALS, match="the database itself says who"):
        say(recorded_on_postgres, sql, *parameters)
    users = say(recorded_on_postgres, "SELECT DISTINCT database_user = session_user FROM entries")
    assert users == [(True,)]
