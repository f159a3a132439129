"""Many at once: writers take turns, without a gap, a double or a lost entry; readers wait for nobody."""

import subprocess
import sys
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest

from ledger.domain.errors import DatabaseError
from ledger.store import Log, open_log
from tests.store.one_writer import write
from tests.store.samples import MADE_AT, add, batch_of, contents, row

REPOSITORY = Path(__file__).parents[2]
WRITERS = 4
BATCHES = 25


@pytest.fixture
def shared(database: str) -> str:
    """The URL of a database that holds the ledger `main`."""
    log = open_log(database)
    log.create("main", MADE_AT)
    log.close()
    return database


def in_threads(url: str) -> None:
    with ThreadPoolExecutor(WRITERS) as threads:
        list(threads.map(lambda name: write(url, str(name), BATCHES), range(WRITERS)))


def in_threads_of_one_log(url: str) -> None:
    log = open_log(url)

    def write_some(name: int) -> None:
        for number in range(BATCHES):
            with log.writing("main") as writer:
                first = writer.head + 1
                add(writer, [row(first, entry_id=f"{name}-{number}"), row(first + 1, batch=first)])

    with ThreadPoolExecutor(WRITERS) as threads:
        list(threads.map(write_some, range(WRITERS)))
    log.close()


def in_processes(url: str) -> None:
    command = [sys.executable, "-m", "tests.store.one_writer", url]
    writers = [subprocess.Popen([*command, str(name), str(BATCHES)], cwd=REPOSITORY) for name in range(WRITERS)]
    assert [writer.wait() for writer in writers] == [0] * WRITERS


@pytest.mark.parametrize("writers", [in_threads, in_threads_of_one_log, in_processes])
def test_writers_take_turns(shared: str, writers: Callable[[str], None]) -> None:
    writers(shared)
    log = open_log(shared)
    recorded = list(log.rows("main"))
    log.close()
    assert [each.version for each in recorded] == list(range(1, 2 * WRITERS * BATCHES + 1))
    # A batch of one writer is never split by another's.
    assert [each.batch for each in recorded] == [first for first in range(1, len(recorded), 2) for _ in range(2)]
    assert {each.entry_id for each in recorded} - {None} == {
        f"{name}-{number}" for name in range(WRITERS) for number in range(BATCHES)
    }


def test_who_waited_sees_what_the_other_added(shared: str) -> None:
    first, second = open_log(shared), open_log(shared)
    with ThreadPoolExecutor(1) as thread:

        def add_after_the_others() -> int:
            with second.writing("main") as writer:
                add(writer, [row(writer.head + 1, note="second")])
                return writer.head

        with first.writing("main") as writer:
            waiting = thread.submit(add_after_the_others)
            add(writer, batch_of(1, 3))
        assert waiting.result() == 4
    assert list(first.read("main")) == [*contents(batch_of(1, 3)), row(4, note="second").bytes]
    first.close()
    second.close()


def test_who_waits_too_long_is_told_that_it_is_busy(shared: str) -> None:
    log, impatient = open_log(shared), open_log(shared, wait_seconds=0.05)
    with log.writing("main") as writer:
        add(writer, [row(1)])
        with pytest.raises(DatabaseError) as refusal, impatient.writing("main"):
            pytest.fail("two writers at once")
    assert refusal.value.code == "database-busy"
    with impatient.writing("main") as writer:
        assert writer.head == 1
    log.close()
    impatient.close()


def test_a_question_during_a_write_is_answered_without_it(sql_log: Log) -> None:
    with sql_log.writing("main") as writer:
        add(writer, [row(1)])
    with sql_log.writing("main") as writer:
        add(writer, batch_of(2, 3))
        assert sql_log.head("main") == 1
        assert list(sql_log.read("main")) == [row(1).bytes]
        assert sql_log.ledgers() == ["main"]
    assert sql_log.head("main") == 3


def test_a_question_that_began_before_a_write_ends_without_it(sql_log: Log) -> None:
    with sql_log.writing("main") as writer:
        add(writer, batch_of(1, 12_000))
    entries = sql_log.read("main")
    next(entries)
    with sql_log.writing("main") as writer:
        add(writer, [row(12_001)])
    assert len(list(entries)) == 11_999
    assert sql_log.head("main") == 12_001


def test_two_make_the_same_ledger(database: str) -> None:
    logs = [open_log(database) for _ in range(WRITERS)]
    with ThreadPoolExecutor(WRITERS) as threads:
        made = list(threads.map(lambda log: log.create("main", MADE_AT), logs))
    assert sorted(made) == [False] * (WRITERS - 1) + [True]
    for log in logs:
        log.close()
