"""Serialization failures and deadlocks on PostgreSQL: the whole batch is begun anew; real ones, of a real server."""

from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import closing
from time import sleep

import pytest

from ledger import open_ledger
from ledger.book import Book
from ledger.domain.errors import DatabaseError
from ledger.store import open_log
from tests.scenario import appointed, company
from tests.store.samples import raw_connection, say

BATCH = [company(), appointed("2020-01-01")]

FAILS = """
CREATE FUNCTION fails() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF nextval('public.tries') <= {times} THEN
        RAISE EXCEPTION 'it conflicts with another transaction' USING ERRCODE = '{state}';
    END IF;
    RETURN NULL;
END $$
"""
AT_ENTRIES = "CREATE TRIGGER fails AFTER INSERT ON entries FOR EACH STATEMENT EXECUTE FUNCTION fails()"
AT_COMMIT = (
    "CREATE CONSTRAINT TRIGGER fails AFTER INSERT ON entries DEFERRABLE INITIALLY DEFERRED"
    " FOR EACH ROW WHEN (NEW.version = 1) EXECUTE FUNCTION fails()"
)


@pytest.fixture
def database(postgres_database: str) -> Iterator[str]:
    """A database with an empty ledger; what is recorded in it is whole."""
    open_ledger(postgres_database, "main", create=True).close()
    yield postgres_database
    with open_ledger(postgres_database, "main") as book:
        book.verify()


def let_fail(url: str, where: str, *, times: int, state: str = "40001") -> None:
    """Let so many transactions fail; a sequence counts them also where they are undone."""
    for sql in ("CREATE SEQUENCE tries", FAILS.format(times=times, state=state), where):
        say(url, sql)


def tries(url: str) -> int:
    ((count,),) = say(url, "SELECT last_value FROM tries")
    return int(count)


@pytest.mark.parametrize("where", [AT_ENTRIES, AT_COMMIT], ids=["at-entries", "at-commit"])
@pytest.mark.parametrize("state", ["40001", "40P01"])
def test_a_batch_is_begun_anew_until_it_is_recorded(database: str, where: str, state: str) -> None:
    let_fail(database, where, times=3, state=state)
    with open_ledger(database, "main") as book:
        assert [line.version for line in book.record(BATCH, actor="tests").lines] == [1, 2]
        assert book.record([appointed("2020-01-02")], actor="tests").version == 3
        assert book.history().known_version == 3
    assert tries(database) >= 4


@pytest.mark.parametrize("where", [AT_ENTRIES, AT_COMMIT], ids=["at-entries", "at-commit"])
def test_until_the_time_is_up(database: str, where: str) -> None:
    let_fail(database, where, times=1_000_000)
    with Book(open_log(database, wait_seconds=0.3), "main") as book:
        with pytest.raises(DatabaseError) as failure:
            book.record(BATCH, actor="tests")
        assert failure.value.code == "database-busy"
        assert book.history().known_version == 0
        assert tries(database) > 1
        say(database, "DROP TRIGGER fails ON entries")
        assert book.record(BATCH, actor="tests").version == 2


def test_another_failure_is_no_conflict(database: str) -> None:
    let_fail(database, AT_ENTRIES, times=1_000_000, state="23514")
    with open_ledger(database, "main") as book, pytest.raises(DatabaseError) as failure:
        book.record(BATCH, actor="tests")
    assert failure.value.code == "database"
    assert tries(database) == 1


def test_a_deadlock(database: str) -> None:
    """The other session has the entries and wants the head; the recorder has the head and wants the entries."""
    with closing(raw_connection(database)) as other, ThreadPoolExecutor(1) as thread:
        other.execute("SET deadlock_timeout = '1h'")  # the recorder looks for one after a second, finds it, and ends
        other.execute("LOCK TABLE entries IN SHARE ROW EXCLUSIVE MODE")
        with open_ledger(database, "main") as book:
            recorded = thread.submit(book.record, BATCH, actor="tests")
            wait_until_somebody_waits(database)
            other.execute("SELECT lock_head('main')")
            other.rollback()
            assert recorded.result().version == 2
    ((deadlocks,),) = say(database, "SELECT deadlocks FROM pg_stat_database WHERE datname = current_database()")
    assert deadlocks == 1


def wait_until_somebody_waits(url: str) -> None:
    while say(url, "SELECT count(*) FROM pg_locks WHERE NOT granted") == [(0,)]:
        sleep(0.005)
