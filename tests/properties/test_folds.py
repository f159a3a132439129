"""What is kept of a large ledger may always be thrown away: no answer is another with it, whatever came since."""

import os
from collections.abc import Generator
from datetime import UTC, date, datetime
from itertools import pairwise
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

import ledger.asking
import ledger.folds
from ledger.book import Book
from ledger.folds import OFF
from ledger.store.log import Row
from ledger.store.memory import MemoryLog
from tests.properties.asking import EVER, new_book, some_of, telling_days
from tests.scenario import allotted, company, day, departed, exercised, issue, retraction, split
from tests.store.samples import add
from tests.strategies import Ledger, ledgers

MADE_AT = "2019-01-01T00:00:00.000000Z"
FEW = 3
"""Entries from which on these tests keep what a ledger came to."""

FIRST = [company(), issue(), allotted(24), departed("2018-06-28"), exercised("2018-07-02", rights=4)]


@pytest.fixture(autouse=True)
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.delenv(OFF, raising=False)
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path))
    monkeypatch.setattr(ledger.asking, "FOLDS_FROM", FEW)
    monkeypatch.setattr(ledger.folds, "FOLDS_FROM", FEW)
    return tmp_path / "rights-ledger" / "folds"


class WatchedLog(MemoryLog):
    """A log that remembers what was read of it."""

    def __init__(self, rows: list[Row]) -> None:
        super().__init__()
        self.was_read: list[int] = []
        self.create("main", MADE_AT)
        with self.writing("main") as writer:
            add(writer, rows)

    def read(self, ledger: str, *, after: int = 0, until: int | None = None) -> Generator[bytes, None, None]:
        for version, content in enumerate(super().read(ledger, after=after, until=until), start=after + 1):
            self.was_read.append(version)
            yield content


def rows_of(*batches: Any) -> list[Row]:
    """What a ledger of these batches stores."""
    log = MemoryLog()
    log.create("main", MADE_AT)
    with Book(log, "main", now=lambda: datetime(2020, 1, 1, tzinfo=UTC)) as book:
        for batch in batches:
            book.record(batch, actor="hr")
    return list(log.rows("main"))


def asked(log: MemoryLog, on: date, now: date = EVER, *, keeps_folds: bool = True) -> list[Any]:
    """What processes answer that have read nothing yet; with the proof of each answer."""
    moment = datetime(now.year, now.month, now.day, 3, tzinfo=UTC)
    found = []
    for question in ("holdings", "series", "eligibility"):
        with Book(log, "main", now=lambda: moment, keeps_folds=keeps_folds) as book:
            found.append(getattr(book, question)(on, why=False).to_dict())
    return found


def read_for(rows: list[Row], on: str, now: date = EVER) -> list[int]:
    """The versions that are read for holdings; the answer is that of reading everything."""
    log = WatchedLog(rows)
    moment = datetime(now.year, now.month, now.day, 3, tzinfo=UTC)
    with Book(log, "main", now=lambda: moment, keeps_folds=True) as book:
        told = book.holdings(day(on), why=False)
    was_read = list(log.was_read)
    assert told == Book(log, "main", now=lambda: moment).holdings(day(on), why=False)
    return was_read


@settings(max_examples=60, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(ledgers(most=14), st.data())
def test_no_answer_is_another(ledger: Ledger, data: st.DataObject) -> None:
    """Entries come meanwhile, late ones and retractions among them, and days on which a meeting has not closed."""
    rows = list(new_book(*ledger.batches)._log.rows("main"))
    days = telling_days(ledger.contents, ledger.history.state)
    ends = [before.version for before, row in pairwise(rows) if row.batch == row.version]
    for end in sorted({data.draw(st.sampled_from([*ends, len(rows)])) for _ in range(4)}):
        log = WatchedLog(rows[:end])
        for now in {EVER, data.draw(st.sampled_from(days))}:
            for on in [days[-1], *some_of(days, 3)]:
                assert asked(log, on, now) == asked(log, on, now, keeps_folds=False)


def everything(entries: int, *since: int, is_kept: bool = True) -> list[int]:
    """The first entry names the file; what came since is looked at, then all; and the first again, to keep it."""
    return [1, *since, *range(1, entries + 1), *([1] if is_kept else [])]


def test_a_second_process_reads_one_entry_and_those_that_came_since() -> None:
    rows = rows_of(FIRST, [exercised("2018-07-03", rights=1)], [exercised("2018-07-04", rights=1)])
    assert read_for(rows[:5], "2018-08-01") == everything(5)
    assert read_for(rows[:5], "2018-08-01") == [1]
    assert read_for(rows, "2018-08-01") == [1, 6, 7]
    assert read_for(rows, "2018-07-04") == [1, 6, 7]


@pytest.mark.parametrize(
    ("more", "on", "is_kept"),
    [
        ([exercised("2018-06-30", rights=2)], "2018-08-01", True),
        ([retraction(5)], "2018-08-01", True),
        ([exercised("2018-07-03", rights=2)], "2018-07-02", False),
        ([exercised("2018-07-03", rights=1)] * 3, "2018-08-01", True),
    ],
    ids=["an entry before the last", "a retraction", "a day before the last entry", "as many as are worth keeping"],
)
def test_otherwise_it_reads_everything(more: list[dict[str, Any]], on: str, *, is_kept: bool) -> None:
    rows = rows_of(FIRST, more)
    assert read_for(rows[:5], "2018-08-01") == everything(5)
    since = range(6, len(rows) + 1) if len(more) < FEW else ()
    assert read_for(rows, on) == everything(len(rows), *since, is_kept=is_kept)


def test_a_split_that_may_not_be_relied_on_yet_is_not_in_what_is_kept() -> None:
    """Item 3, proviso: from the day after the meeting closes, 2018-07-20."""
    rows = rows_of([*FIRST, split("2", record_date="2018-07-09", meeting_closed_on="2018-07-20")])
    for _ in range(2):
        assert read_for(rows, "2018-08-01", day("2018-07-20")) == everything(6, is_kept=False)
    assert read_for(rows, "2018-08-01", day("2018-07-21")) == everything(6)
    assert read_for(rows, "2018-08-01", day("2018-07-21")) == [1]
    assert read_for(rows, "2018-08-01", day("2018-07-20")) == everything(6, is_kept=False)


@pytest.mark.parametrize("harm", ["changed", "shortened", "emptied", "open to others", "a pipe", "of another program"])
def test_what_is_not_as_it_was_kept_does_not_count(harm: str, folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    rows = rows_of(FIRST)
    assert read_for(rows, "2018-08-01") == everything(5)
    (file,) = folder.iterdir()
    assert file.stat().st_mode & 0o777 == 0o600
    kept = file.read_bytes()
    match harm:
        case "changed":
            file.write_bytes(kept.replace(b"director-1", b"director-2"))
        case "shortened":
            file.write_bytes(kept[:-1])
        case "emptied":
            file.write_bytes(b"")
        case "open to others":
            file.chmod(0o622)
        case "a pipe":
            file.unlink()
            os.mkfifo(file)
        case _:
            monkeypatch.setattr(ledger.folds, "program", lambda: b"another")
    assert read_for(rows, "2018-08-01") == everything(5)
    assert read_for(rows, "2018-08-01") == [1]


def test_other_holidays_are_another_program(monkeypatch: pytest.MonkeyPatch) -> None:
    """Last days move to business days (Civil Code 142), and holidays change by law."""
    rows = rows_of(FIRST)
    read_for(rows, "2018-08-01")
    monkeypatch.setattr("importlib.metadata.version", lambda _name: "0")
    ledger.folds.program.cache_clear()
    assert read_for(rows, "2018-08-01") == everything(5)
    monkeypatch.undo()
    ledger.folds.program.cache_clear()


def test_numbers_that_are_too_large_to_keep_are_not_kept(folder: Path) -> None:
    """Shares per right have no bound; three splits make more than 2⁶⁴ of 200."""
    splits = [split(str(2**53 - 1), record_date=f"2018-07-0{number}") for number in (5, 6, 7)]
    rows = rows_of(FIRST, splits)
    for _ in range(2):
        assert read_for(rows, "2018-08-01") == everything(8, is_kept=False)
    assert not folder.exists()


def test_of_other_entries_it_does_not_count() -> None:
    """The same first entry, and as many; the head is theirs."""
    others = [*FIRST[:4], exercised("2018-07-02", rights=5)]
    read_for(rows_of(FIRST), "2018-08-01")
    assert read_for(rows_of(others), "2018-08-01") == everything(5)


def test_nothing_is_kept_where_that_is_not_wanted_or_cannot_be(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    rows = rows_of(FIRST)
    monkeypatch.setenv(OFF, "1")
    assert read_for(rows, "2018-08-01") == [1, 2, 3, 4, 5]
    assert not folder.parent.exists()
    monkeypatch.delenv(OFF)
    folder.parent.write_text("no folder")
    for _ in range(2):
        assert read_for(rows, "2018-08-01") == everything(5)


def test_small_ledgers_are_just_read(folder: Path) -> None:
    assert read_for(rows_of(FIRST[:2]), "2018-08-01") == [1, 2]
    assert not folder.exists()
