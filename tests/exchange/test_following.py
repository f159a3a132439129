"""Entries as they come: none missed, none twice, also where one commits late."""

import json
from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path
from threading import Event, Thread

import pytest

from ledger import open_ledger
from ledger.backup.making import back_up
from ledger.backup.restoring import put_back
from ledger.domain.errors import RefusedError
from ledger.store import open_log
from tests.properties.asking import new_book
from tests.scenario import allotted, appointed, company, issue


def versions(lines: list[bytes]) -> list[int]:
    return [json.loads(line)["version"] for line in lines]


def test_what_comes_after_a_version() -> None:
    book = new_book([company(), issue(), allotted(24)])
    follower = book.follow(1)
    assert list(follower.new()) == list(book.export())[1:]
    assert list(follower.new()) == []
    book.record([appointed("2018-01-01")])
    book.record([appointed("2018-01-02")])
    assert versions(list(follower.new())) == [4, 5]
    assert follower.version == 5


def test_without_a_version_from_now_on() -> None:
    book = new_book([company()])
    follower = book.follow()
    assert list(follower.new()) == []
    book.record([issue()])
    assert versions(list(follower.new())) == [2]


def test_a_reader_that_stops_in_the_middle_goes_on_there() -> None:
    book = new_book([company(), issue(), allotted(24)])
    follower = book.follow(0)
    assert versions([next(follower.new())]) == [1]
    assert versions(list(follower.new())) == [2, 3]


def test_a_ledger_that_is_not_as_far() -> None:
    book = new_book([company()])
    assert list(book.follow(1).new()) == []
    with pytest.raises(RefusedError, match="from version 2 on: it is at version 1") as told:
        book.follow(2)
    assert told.value.code == "stale-version"


@pytest.fixture(params=["sqlite", "postgresql"])
def url(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> str:
    if request.param == "sqlite":
        return f"sqlite:///{tmp_path_factory.mktemp('following') / 'rights.db'}"
    found: str = request.getfixturevalue("postgres_database")
    return found


def test_an_entry_that_commits_late_is_neither_missed_nor_passed(url: str) -> None:
    """One writer has its versions and has not committed; the next waits for it, so that nobody reads past the gap."""
    with open_ledger(url, create=True) as book, open_ledger(url) as late, open_ledger(url) as next_one:
        book.record([company(), issue()])
        follower = book.follow(2)
        is_appended, may_commit = Event(), Event()
        first = Thread(target=_record_late, args=(url, is_appended, may_commit))
        first.start()
        assert is_appended.wait(30)
        second = Thread(target=lambda: next_one.record([appointed("2018-02-02")]))
        second.start()
        second.join(0.3)
        assert second.is_alive(), "it waits for the first"
        assert list(follower.new()) == []
        may_commit.set()
        first.join(30)
        second.join(30)
        assert versions(list(follower.new())) == [3, 4]
        assert [row.entry["on"] for row in late.history().rows][2:] == ["2018-01-01", "2018-02-02"]
        assert list(follower.new()) == []


def _record_late(url: str, is_appended: Event, may_commit: Event) -> None:
    """Record an entry in a transaction that stays open until it may end."""
    with open_ledger(url) as book:
        book.history()
        waiting = _waiting(may_commit, is_appended)
        book._now = waiting  # the clock is read inside the transaction, once the ledger is locked
        book.record([appointed("2018-01-01")])


def _waiting(may_commit: Event, is_appended: Event) -> Callable[[], datetime]:
    def now() -> datetime:
        is_appended.set()
        assert may_commit.wait(30)
        return datetime(2026, 11, 22, 3, tzinfo=UTC)

    return now


def test_a_restoration_ends_it(tmp_path: Path) -> None:
    """What was known may not be what stands there now: an entry that nobody followed took the place of another."""
    url = f"sqlite:///{tmp_path / 'rights.db'}"
    with open_ledger(url, create=True) as book:
        book.record([company(), issue()])
        back_up(url, tmp_path / "backup")
        book.record([appointed("2018-01-01")])
        follower = book.follow(0)
        assert versions(list(follower.new())) == [1, 2, 3]
        put_back(url, tmp_path / "backup", reason="the disk was replaced")
        with open_ledger(url) as restored:
            restored.record([appointed("2018-01-02")])
        with pytest.raises(RefusedError, match=r"it was restored at .* and may hold other entries now") as told:
            list(follower.new())
        assert told.value.code == "stale-version"
        assert list(book.follow(3).new()) == []  # whoever begins anew has been told


def test_the_log_itself_gives_versions_without_gaps(url: str) -> None:
    with open_ledger(url, create=True) as book:
        book.record([company(), issue(), allotted(24)])
    log = open_log(url)
    try:
        assert versions(list(log.read("main"))) == [1, 2, 3]
    finally:
        log.close()
