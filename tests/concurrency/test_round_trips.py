"""An append to PostgreSQL is one round trip for who is alone, and is judged by what is there whoever else records."""

from collections.abc import Iterator
from time import monotonic, sleep
from typing import Any

import pytest

from ledger import open_ledger
from ledger.book import Book
from ledger.domain.errors import DamagedError, DatabaseError, RefusedError
from tests.benchmarks.postgres import counted
from tests.scenario import allotted, appointed, departed, exercised, series_7
from tests.store.samples import say

RIGHTS = 3


@pytest.fixture
def database(postgres_database: str) -> str:
    """A database with a ledger in which `RIGHTS` rights are outstanding."""
    with open_ledger(postgres_database, "main", create=True) as book:
        book.record([*series_7(), allotted(RIGHTS), departed("2018-06-28")], actor="tests")
    return postgres_database


@pytest.fixture
def warm(database: str) -> Iterator[tuple[Book, list[int]]]:
    """A book that has recorded and found nobody else, and a list that grows by one a round trip."""
    with counted(database) as (url, trips), open_ledger(url, "main") as book:
        for number in range(2):
            book.record([appointed("2020-01-01", holder=f"warm-{number}")], actor="tests")
        yield book, trips


def appointment(number: int) -> dict[str, Any]:
    return appointed("2020-01-01", holder=f"holder-{number}") | {"id": f"id-{number}"}


def test_an_append_is_one_round_trip(warm: tuple[Book, list[int]]) -> None:
    book, trips = warm
    for number in range(5):
        before = len(trips)
        assert book.record([appointment(number)], actor="tests").version == 7 + number
        assert len(trips) - before == 1
    assert book.verify().size == 11


def test_so_is_a_refusal_and_so_is_what_is_there_already(warm: tuple[Book, list[int]]) -> None:
    book, trips = warm
    book.record([appointment(1)], actor="tests")
    before = len(trips)
    with pytest.raises(RefusedError) as refusal:
        book.record([exercised("2018-07-02", RIGHTS + 1)], actor="tests")
    assert (refusal.value.code, len(trips) - before) == ("insufficient-rights", 1)
    before = len(trips)
    assert [line.was_there for line in book.record([appointment(1)], actor="tests").lines] == [True]
    assert len(trips) - before == 1


def test_what_another_has_made_unlawful_is_refused(warm: tuple[Book, list[int]], database: str) -> None:
    book, _ = warm
    with open_ledger(database, "main") as other:
        other.record([exercised("2018-07-02", RIGHTS)], actor="other")
    with pytest.raises(RefusedError) as refusal:
        book.record([exercised("2018-07-02")], actor="tests")
    assert refusal.value.code == "insufficient-rights"
    assert book.verify().size == 7


def test_what_another_has_made_lawful_is_recorded(warm: tuple[Book, list[int]], database: str) -> None:
    """What was judged by less than there is would be refused."""
    book, trips = warm
    with open_ledger(database, "main") as other:
        other.record([allotted(1, holder="another")], actor="other")
    assert book.record([departed("2018-06-28", holder="another")], actor="tests").version == 8
    with open_ledger(database, "main") as other:
        other.record([appointment(1)], actor="other")
    assert [line.was_there for line in book.record([appointment(1)], actor="tests").lines] == [True]
    for expected in (10, 11):
        before = len(trips)
        assert book.record([appointment(expected)], actor="tests").version == expected
    assert len(trips) - before == 1  # nobody came any more
    assert book.verify().size == 11


def test_two_who_take_turns(database: str) -> None:
    with open_ledger(database, "main") as first, open_ledger(database, "main") as second:
        for number in range(0, 12, 2):
            assert first.record([appointment(number)], actor="tests").version == 5 + number
            assert second.record([appointment(number + 1)], actor="tests").version == 6 + number
        assert first.verify().size == 16


def test_a_head_of_other_entries_is_told(warm: tuple[Book, list[int]], database: str) -> None:
    book, _ = warm
    say(database, "ALTER TABLE ledgers DISABLE TRIGGER ALL")
    say(database, "UPDATE ledgers SET peaks = sha256(peaks) || sha256(peaks)")
    with pytest.raises(DamagedError, match="the head of ledger main is that of other entries"):
        book.record([appointment(1)], actor="tests")


def test_a_ledger_that_is_locked_is_busy(database: str) -> None:
    impatient = f"{database}&options=-c%20lock_timeout%3D50"
    with open_ledger(impatient, "main") as book, open_ledger(database, "main") as other:
        for number in range(2):
            book.record([appointment(number)], actor="tests")
        with other._log.writing("main"), pytest.raises(DatabaseError) as failure:
            book.record([appointment(2)], actor="tests")
        assert failure.value.code == "database-busy"
        assert book.record([appointment(2)], actor="tests").version == 7


def test_plans_that_were_made_while_there_was_nothing_go_by_the_key(postgres_database: str) -> None:
    """One session appends from the first entry on: it never reads the ledger again."""
    count = 60
    with open_ledger(postgres_database, "main", create=True) as book:
        for number in range(count):
            book.record([appointment(number)], actor="tests")
    asked = "SELECT n_tup_ins, seq_tup_read + idx_tup_fetch FROM pg_stat_user_tables WHERE relname = 'entries'"
    until = monotonic() + 10
    while (found := say(postgres_database, asked)[0])[0] < count and monotonic() < until:
        sleep(0.05)
    inserted, read = found
    assert inserted == count
    assert read <= 4 * count  # half of its square otherwise
