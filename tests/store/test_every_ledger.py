"""One thing is done with every ledger of a database: in order, by as many processes as are wanted."""

import os
import signal
from contextlib import closing
from itertools import islice

import pytest

from ledger.domain.errors import DatabaseError
from ledger.opening import chosen
from ledger.store import Log, every_ledger, open_log
from ledger.store.every_ledger import with_every_ledger
from ledger.store.memory import MemoryLog
from tests.store.samples import MADE_AT, add, batch_of

LEDGERS = [f"issuer-{number}" for number in range(9)]


@pytest.fixture
def several(database: str, monkeypatch: pytest.MonkeyPatch) -> str:
    """Nine ledgers of 0 to 8 entries, of which a process is given two or so at once."""
    monkeypatch.setattr(every_ledger, "PORTION", 10)
    with closing(open_log(database)) as log:
        for number, ledger in enumerate(LEDGERS):
            log.create(ledger, MADE_AT)
            if number:
                with log.writing(ledger) as writer:
                    add(writer, batch_of(1, number))
    return database


def counted(log: Log, ledger: str) -> tuple[str, int, int]:
    return ledger, len(list(log.read(ledger))), os.getpid()


def killed(_log: Log, ledger: str) -> str:
    if ledger == LEDGERS[4]:
        os.kill(os.getpid(), signal.SIGKILL)
    return ledger


def failing(_log: Log, ledger: str) -> str:
    if ledger == LEDGERS[4]:
        raise DatabaseError("database", "gone")
    return ledger


@pytest.mark.parametrize("jobs", [None, 1, 2, 3, 20])
def test_each_ledger_once_and_in_order(several: str, jobs: int | None) -> None:
    found = list(with_every_ledger(several, counted, jobs=jobs))
    assert [ledger for ledger, _ in found] == LEDGERS
    assert [each[:2] for _, each in found] == [(ledger, number) for number, ledger in enumerate(LEDGERS)]
    processes = {process for _, (_, _, process) in found}
    assert (os.getpid() in processes) == (jobs in {None, 1})


def test_so_many_processes(several: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(every_ledger, "WORTH_A_PROCESS", 18)
    monkeypatch.setattr(os, "cpu_count", lambda: 8)
    found = [process for _, (_, _, process) in with_every_ledger(several, counted)]  # 36 entries, worth two
    assert os.getpid() not in found


def test_a_database_without_ledgers(database: str) -> None:
    assert list(with_every_ledger(database, counted, jobs=2)) == []


def test_whoever_stops_asking_waits_for_nobody(several: str) -> None:
    with closing(with_every_ledger(several, counted, jobs=2)) as found:
        assert [ledger for ledger, _ in islice(found, 2)] == LEDGERS[:2]


@pytest.mark.parametrize("jobs", [1, 2])
def test_what_an_act_raises_ends_it(several: str, jobs: int) -> None:
    with pytest.raises(DatabaseError, match="gone"):
        list(with_every_ledger(several, failing, jobs=jobs))


def test_a_process_that_is_killed_is_told(several: str) -> None:
    with pytest.raises(DatabaseError, match="ended from outside") as told:
        list(with_every_ledger(several, killed, jobs=2))
    assert told.value.code == "database"


def test_sizes(log: Log) -> None:
    log.create("a", MADE_AT)
    with log.writing("main") as writer:
        add(writer, batch_of(1, 3))
    assert list(log.sizes().items()) == [("a", 0), ("main", 3)]


class UnlistedLog(MemoryLog):
    """A log of so many ledgers that nobody should list them for one."""

    def ledgers(self) -> list[str]:
        raise AssertionError("all ledgers were listed")


def test_a_ledger_that_is_named_is_found_without_listing_all() -> None:
    log = UnlistedLog()
    log.create("main", MADE_AT)
    assert chosen(log, "main") == "main"
    for other in ("other", "no\0name", "\udcff"):
        with pytest.raises(AssertionError, match="listed"):  # to say which there are
            chosen(log, other)
