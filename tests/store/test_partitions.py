"""Entries in parts on PostgreSQL: the same guards, whichever table a statement names; each ledger in one part."""

from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor

import psycopg
import pytest

from ledger import DamagedError, MalformedError, open_ledger
from ledger.store import Log, open_log
from ledger.store.migrate import partition_entries, upgrade
from ledger.store.roles import apply
from tests.conftest import scratch_database
from tests.scenario import company
from tests.store.samples import ENTRY_COLUMNS, MADE_AT, add, batch_of, row, say

PARTS = 3
PARTS_OF = "SELECT count(*) FROM pg_inherits WHERE inhparent = 'entries'::regclass"
IN_PART = "SELECT DISTINCT tableoid::regclass::text FROM entries WHERE ledger_id = ?"


@pytest.fixture
def parted(postgres_database: str) -> str:
    """A database whose entries are in parts, with no ledger."""
    upgrade(postgres_database)
    assert partition_entries(postgres_database, PARTS)
    return postgres_database


@pytest.fixture
def log(parted: str) -> Iterator[Log]:
    """The log in it, with a few ledgers of five entries."""
    log = open_log(parted)
    for ledger in ("main", "a", "b", "c", "d", "e"):
        log.create(ledger, MADE_AT)
        with log.writing(ledger) as writer:
            add(writer, batch_of(1, 5))
    yield log
    log.close()


def part_of(url: str, ledger: str) -> str:
    ((found,),) = say(url, IN_PART, ledger)
    return str(found)


def test_each_ledger_is_in_one_part_and_is_read_whole(parted: str, log: Log) -> None:
    assert say(parted, PARTS_OF) == [(PARTS,)]
    assert len({part_of(parted, ledger) for ledger in log.ledgers()}) > 1
    for ledger in log.ledgers():
        assert list(log.rows(ledger)) == batch_of(1, 5)


def test_it_is_the_same_table(postgres_url: str, parted: str) -> None:
    """Columns, defaults, keys and checks are those that the migrations make."""
    columns = (
        "SELECT column_name, data_type, collation_name, is_nullable, column_default FROM information_schema.columns"
        " WHERE table_name = 'entries' ORDER BY ordinal_position"
    )
    rules = (
        "SELECT conname, contype::text, pg_get_constraintdef(oid) FROM pg_constraint"
        " WHERE conrelid = 'entries'::regclass AND contype <> 'n' ORDER BY conname"
    )
    with scratch_database(postgres_url) as whole:
        upgrade(whole)
        assert say(parted, columns) == say(whole, columns)
        assert say(parted, rules) == say(whole, rules)


@pytest.mark.parametrize(
    "change",
    [
        "UPDATE {table} SET actor = 'somebody else'",
        "DELETE FROM {table}",
        "TRUNCATE {table}",
        "TRUNCATE {table} CASCADE",
        "INSERT INTO {table} SELECT * FROM {table} WHERE version = 5 ON CONFLICT DO NOTHING",
    ],
)
@pytest.mark.parametrize("by_name", [False, True], ids=["the-whole", "a-part"])
def test_nothing_is_changed_by_either_name(parted: str, log: Log, change: str, *, by_name: bool) -> None:
    table = part_of(parted, "main") if by_name else "entries"
    if change.startswith("INSERT"):
        say(parted, change.format(table=table))  # takes nothing in
    else:
        with pytest.raises(psycopg.errors.IntegrityError, match="an entry is never changed or deleted"):
            say(parted, change.format(table=table))
    assert [list(log.rows(ledger)) for ledger in log.ledgers()] == [batch_of(1, 5)] * 6


@pytest.mark.parametrize("by_name", [False, True], ids=["the-whole", "a-part"])
def test_no_version_is_left_out_by_either_name(parted: str, log: Log, *, by_name: bool) -> None:
    table = part_of(parted, "main") if by_name else "entries"
    marks = ", ".join("?" * len(ENTRY_COLUMNS))
    insert = f"INSERT INTO {table} ({', '.join(ENTRY_COLUMNS)}) VALUES ({marks})"
    with pytest.raises(psycopg.errors.IntegrityError, match="an entry takes the next version of its ledger"):
        say(parted, insert, "main", *row(7))
    say(parted, insert, "main", *row(6))
    assert list(log.rows("main"))[-1] == row(6)


@pytest.mark.parametrize(
    "change",
    [
        "ALTER TABLE {part} DISABLE TRIGGER entries_never_truncated",
        "ALTER TABLE {part} DISABLE TRIGGER entries_never_changed",
        "DROP TRIGGER entries_next_version ON {part}",
        "CREATE OR REPLACE TRIGGER entries_never_truncated AFTER TRUNCATE ON {part}"
        " FOR EACH STATEMENT EXECUTE FUNCTION entries_never_changed()",
    ],
)
def test_a_part_without_a_guard_is_not_opened(parted: str, change: str) -> None:
    say(parted, change.format(part="entries_0001"))
    with pytest.raises(DamagedError, match="has triggers or functions that are not those that this program makes"):
        open_log(parted)


def test_a_part_that_was_taken_out_is_missed(parted: str) -> None:
    with open_ledger(parted, "main", create=True) as book:
        book.record([company()], actor="tests")
    say(parted, f"ALTER TABLE entries DETACH PARTITION {part_of(parted, 'main')}")
    with open_ledger(parted, "main") as book, pytest.raises(DamagedError, match="of other entries than the 0 it holds"):
        book.history()


def test_as_often_as_one_likes(parted: str) -> None:
    assert not partition_entries(parted, PARTS)
    with pytest.raises(
        MalformedError, match="keeps its entries in 3 parts already; to have them in 4 parts, make a new"
    ):
        partition_entries(parted, 4)


def test_two_at_once_agree(postgres_database: str) -> None:
    upgrade(postgres_database)
    with ThreadPoolExecutor(4) as threads:
        made = list(threads.map(lambda _: partition_entries(postgres_database, PARTS), range(4)))
    assert sorted(made) == [False, False, False, True]


def test_entries_that_are_there_never_move(postgres_database: str) -> None:
    with open_ledger(postgres_database, "main", create=True) as book:
        book.record([company()], actor="tests")
        with pytest.raises(MalformedError, match="keeps its entries in one table already"):
            partition_entries(postgres_database, PARTS)
        assert book.history().known_version == 1


@pytest.mark.parametrize("count", [0, -1, 1_025])
def test_no_other_number_of_parts(postgres_database: str, count: int) -> None:
    with pytest.raises(MalformedError, match="the entries are kept in 1 to 1,024 parts"):
        partition_entries(postgres_database, count)


def test_a_file_has_none() -> None:
    with pytest.raises(MalformedError, match="an SQLite file keeps its entries in one table"):
        partition_entries("sqlite:///rights.db", 2)


def test_the_parts_are_the_owners_alone(prefix: str, parted: str) -> None:
    say(parted, "GRANT ALL ON entries_0001 TO PUBLIC")
    apply(parted, prefix=prefix)
    owners = "SELECT DISTINCT pg_get_userbyid(relowner) FROM pg_class WHERE relname LIKE 'entries_00__'"
    assert say(parted, owners) == [(f"{prefix}_owner",)]
    allowed = "SELECT has_table_privilege(?, 'entries_0001', 'INSERT'), has_table_privilege(?, 'entries', 'INSERT')"
    assert say(parted, allowed, f"{prefix}_writer", f"{prefix}_writer") == [(False, True)]


def test_roles_that_were_there_before_go_on(prefix: str, postgres_database: str) -> None:
    upgrade(postgres_database)
    apply(postgres_database, prefix=prefix)
    assert partition_entries(postgres_database, PARTS)
    owners = (
        "SELECT DISTINCT pg_get_userbyid(relowner) FROM pg_class WHERE relname ~ '^entries'  AND relkind IN ('r', 'p')"
    )
    assert say(postgres_database, owners) == [(f"{prefix}_owner",)]
    allowed = "SELECT has_table_privilege(?, 'entries', 'SELECT'), has_table_privilege(?, 'entries', 'INSERT')"
    for role, may_insert in (("writer", True), ("reader", False), ("auditor", False)):
        assert say(postgres_database, allowed, *[f"{prefix}_{role}"] * 2) == [(True, may_insert)]
