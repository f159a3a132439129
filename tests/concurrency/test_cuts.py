"""A connection cut at any moment: the batch is sent again, and is recorded once, whether its entries have ids or not.

Every batch is of exercises that are alike to the letter: nothing but their number tells a double or a loss.
"""

import json
import os
import signal
import subprocess
import sys
from collections.abc import Iterator
from contextlib import suppress
from datetime import date
from pathlib import Path
from typing import Any

import pytest

from ledger import open_ledger
from ledger.book import Book
from ledger.domain.errors import DatabaseError, LedgerError
from ledger.store import open_log, retry
from tests.concurrency.proxy import Cut, Proxy, proxy_before
from tests.scenario import allotted, departed, exercised, series_7

REPOSITORY = Path(__file__).parents[2]
EVERYWHERE = [cut for cut in Cut if cut is not Cut.STUCK]
AFTER_COMMIT = [Cut.AFTER_COMMIT, Cut.AFTER_ANSWER, Cut.IN_ANSWER]
CUTS = 34
"""Of each kind: 204 in all."""

RIGHTS = 240


@pytest.fixture
def database(postgres_database: str) -> str:
    """A database with a ledger in which `RIGHTS` rights are outstanding."""
    with open_ledger(postgres_database, "main", create=True) as book:
        book.record([*series_7(), allotted(RIGHTS), departed("2018-06-28")], actor="tests")
    return postgres_database


@pytest.fixture
def proxy(database: str) -> Iterator[Proxy]:
    with proxy_before(database) as proxy:
        yield proxy


def book_through(proxy: Proxy, *, wait_seconds: float = 30) -> Book:
    return Book(open_log(proxy.url, wait_seconds=wait_seconds), "main")


def outstanding(url: str) -> int:
    """What is left of the rights, in a ledger that is whole."""
    with open_ledger(url, "main") as book:
        book.verify()
        return sum(row.outstanding for row in book.holdings(date(2018, 7, 2), why=False))


def batch(number: int, *, ids: bool) -> list[dict[str, Any]]:
    """One exercise, or three: they go in by INSERT, or by COPY."""
    count = 1 if number % 2 else 3
    return [exercised("2018-07-02") | ({"id": f"{number}-{each}"} if ids else {}) for each in range(count)]


def record_through_cuts(proxy: Proxy, cut: Cut, *, ids: bool, cuts: int = CUTS) -> int:
    """Record a batch a cut, and return how many rights were exercised as far as its recorder knows."""
    known = 0
    with book_through(proxy) as book:
        for number in range(cuts):
            entries = batch(number, ids=ids)
            proxy.arm(cut, resets=number % 4 < 2)
            before = proxy.cuts
            outcome = None
            with suppress(DatabaseError):
                outcome = book.record(entries, actor="tests")
            assert proxy.cuts == before + 1, "nothing was cut"
            if outcome is None:
                continue
            assert [line.version for line in outcome.lines] == list(
                range(outcome.version - len(entries) + 1, outcome.version + 1)
            )
            known += len(entries)
    return known


@pytest.mark.parametrize("cut", EVERYWHERE, ids=lambda cut: cut.name)
def test_a_batch_is_recorded_once(proxy: Proxy, database: str, cut: Cut) -> None:
    assert record_through_cuts(proxy, cut, ids=cut is Cut.AFTER_ANSWER) == 2 * CUTS
    assert outstanding(database) == RIGHTS - 2 * CUTS
    assert proxy.cuts == CUTS


# What follows breaks the program on purpose: the same cuts then show.


@pytest.mark.parametrize("cut", AFTER_COMMIT, ids=lambda cut: cut.name)
def test_without_a_look_at_the_ledger_every_batch_would_be_recorded_twice(
    proxy: Proxy, database: str, cut: Cut, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(retry, "_stands", lambda _writer, _sent: False)
    assert record_through_cuts(proxy, cut, ids=False, cuts=6) == 12
    assert outstanding(database) == RIGHTS - 24


def test_without_that_look_ids_would_save_it(proxy: Proxy, database: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(retry, "_stands", lambda _writer, _sent: False)
    with book_through(proxy) as book:
        proxy.arm(Cut.AFTER_COMMIT)
        outcome = book.record(batch(1, ids=True), actor="tests")
    assert [line.was_there for line in outcome.lines] == [True]
    assert outstanding(database) == RIGHTS - 1


def test_whoever_takes_a_lost_batch_for_recorded_would_lose_it(
    proxy: Proxy, database: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(retry, "_stands", lambda _writer, _sent: True)
    assert record_through_cuts(proxy, Cut.BEFORE_COMMIT, ids=False, cuts=1) == 3
    assert outstanding(database) == RIGHTS


@pytest.mark.parametrize("cut", EVERYWHERE, ids=lambda cut: cut.name)
def test_without_another_try_no_batch_would_be_known_to_be_recorded(
    proxy: Proxy, database: str, cut: Cut, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(retry, "FIRST_PAUSE_SECONDS", 60.0)  # longer than it may take
    assert record_through_cuts(proxy, cut, ids=False, cuts=4) == 0
    assert outstanding(database) == RIGHTS - (8 if cut in AFTER_COMMIT else 0)


# What others do meanwhile.


def test_what_another_recorded_meanwhile_is_not_taken_for_ours(proxy: Proxy, database: str) -> None:
    """The same exercise, at the version at which ours was sent: it has another instant of recording."""
    with book_through(proxy) as book, open_ledger(database, "main") as other:
        book.history()
        proxy.arm(Cut.BEFORE_COMMIT)
        was_sent = retry.FIRST_PAUSE_SECONDS

        def record_in_the_pause(seconds: float) -> None:
            assert seconds == was_sent
            other.record(batch(1, ids=False), actor="tests")

        with pytest.MonkeyPatch.context() as patched:
            patched.setattr(retry, "sleep", record_in_the_pause)
            outcome = book.record(batch(1, ids=False), actor="tests")
    assert outcome.version == 6
    assert outstanding(database) == RIGHTS - 2


def test_what_another_recorded_after_it_does_not_hide_it(proxy: Proxy, database: str) -> None:
    with book_through(proxy) as book, open_ledger(database, "main") as other:
        proxy.arm(Cut.AFTER_ANSWER)
        with pytest.MonkeyPatch.context() as patched:
            patched.setattr(retry, "sleep", lambda _seconds: other.record(batch(0, ids=False), actor="tests"))
            outcome = book.record(batch(0, ids=False), actor="tests")
        assert [line.version for line in outcome.lines] == [5, 6, 7]
        assert book.history().known_version == 10
        assert book.record(batch(1, ids=False), actor="tests").version == 11
    assert outstanding(database) == RIGHTS - 7


def test_line_by_line_too(proxy: Proxy, database: str) -> None:
    with book_through(proxy) as book:
        for cut in EVERYWHERE:
            proxy.arm(cut)
            lines = [exercised("2018-07-02"), {"type": "nothing"}, exercised("2018-07-02", 0), exercised("2018-07-02")]
            outcome = book.record(lines, actor="tests", keep_going=True)
            assert [line.error and line.error.code for line in outcome.lines] == [
                None, "unknown-type", "not-whole-rights", None
            ]  # fmt: skip
    assert outstanding(database) == RIGHTS - 2 * len(EVERYWHERE)


def test_a_batch_that_is_refused_after_a_cut_is_refused(proxy: Proxy, database: str) -> None:
    with book_through(proxy) as book:
        proxy.arm(Cut.IN_LOCK)
        with pytest.raises(LedgerError) as refusal:
            book.record([exercised("2018-07-02", RIGHTS + 1)], actor="tests")
        assert (refusal.value.code, proxy.cuts) == ("insufficient-rights", 1)
        proxy.arm(Cut.AFTER_COMMIT)
        assert book.record([exercised("2018-07-02")], actor="tests", expect_version=4).version == 5
    assert outstanding(database) == RIGHTS - 1


# Where the server stays away.


@pytest.mark.parametrize("cut", EVERYWHERE, ids=lambda cut: cut.name)
def test_what_is_not_known_is_said(proxy: Proxy, database: str, cut: Cut, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(retry, "sleep", lambda _seconds: proxy.close())
    with book_through(proxy, wait_seconds=0.5) as book:
        proxy.arm(cut)
        with pytest.raises(DatabaseError) as failure:
            book.record(batch(0, ids=False), actor="tests")
    message = failure.value.message
    if cut in {Cut.IN_LOCK, Cut.IN_ENTRIES}:
        assert failure.value.code == "database"
        assert message.endswith("; nothing was recorded")
    else:
        assert failure.value.code == "outcome-unknown"
        assert "it is not known whether it was recorded" in message
        assert message.endswith("send it again, which is safe for entries that have an id")
    assert outstanding(database) == RIGHTS - (3 if cut in AFTER_COMMIT else 0)


# Where the process itself dies after COMMIT was sent: only ids can tell its entries.

RECORDER = """
import json, sys
from ledger import open_ledger
with open_ledger(sys.argv[1], "main") as book:
    print("ready", flush=True)
    book.record(json.loads(sys.stdin.readline()), actor="tests")
    print("recorded", flush=True)
"""


@pytest.mark.parametrize(("ids", "exercised_rights"), [(True, 3), (False, 6)])
def test_sending_again_after_a_process_died(proxy: Proxy, database: str, *, ids: bool, exercised_rights: int) -> None:
    """With ids it is recorded once; without, nobody knows of the first, and it is recorded twice."""
    entries = batch(0, ids=ids)
    proxy.arm(Cut.STUCK)
    with subprocess.Popen(
        [sys.executable, "-c", RECORDER, proxy.url], cwd=REPOSITORY, stdin=subprocess.PIPE, stdout=subprocess.PIPE
    ) as process:
        assert process.stdin is not None
        assert process.stdout is not None
        process.stdin.write(json.dumps(entries).encode() + b"\n")
        process.stdin.flush()
        assert process.stdout.readline() == b"ready\n"
        assert proxy.has_cut.wait(30)
        os.kill(process.pid, signal.SIGKILL)
        assert process.stdout.read() == b""
    with open_ledger(database, "main") as book:
        book.record(entries, actor="tests")
    assert outstanding(database) == RIGHTS - exercised_rights
