"""Rows are checked some at once; what is named is what checking them one by one finds first."""

from collections.abc import Iterator, Sequence
from datetime import UTC, datetime, timedelta

import pytest

from ledger import DamagedError
from ledger.book import Book
from ledger.domain.errors import DatabaseError
from ledger.proof import verify as module
from ledger.proof.checkpoint import Checkpoint, origin_of
from ledger.proof.tree import Range
from ledger.proof.verify import verify
from ledger.store.log import Row
from ledger.store.memory import MemoryLog
from tests.proof.test_verify import Rows, appointed, changed, rewritten

ENTRIES = 200


@pytest.fixture(scope="module")
def rows() -> Rows:
    """So many entries, each recorded alone: more than are checked at once."""
    log = MemoryLog()
    log.create("main", "2026-11-22T00:00:00.000000Z")
    instants = (datetime(2026, 11, 22, tzinfo=UTC) + timedelta(minutes=each) for each in range(ENTRIES + 1))
    book = Book(log, "main", now=lambda: next(instants))
    for number in range(ENTRIES):
        book.record([appointed(f"director-{number}", id=f"id-{number}")], actor="hr")
    return list(log.rows("main"))


def unlawful(rows: Rows, version: int) -> Rows:
    """The rows with one entry that is well-formed and breaks a rule: who leaves is not known."""
    nobody = {"type": "departure", "holder": "nobody", "on": "2017-07-15", "id": f"id-{version - 1}"}
    return changed(
        rows,
        version,
        lambda row: rewritten(row, type="departure", effective_on="2017-07-15", entry=nobody),
    )


def spoiled(rows: Rows, version: int) -> Rows:
    """The rows with a column of one of them changed."""
    return changed(rows, version, lambda row: row._replace(actor="x"))


def named(rows: Rows, checkpoints: Sequence[Checkpoint] = ()) -> int | None:
    """The version that is named."""
    with pytest.raises(DamagedError) as found:
        verify("main", rows, checkpoints=checkpoints)
    return found.value.contradicts


def checkpoint(rows: Rows, size: int) -> Checkpoint:
    """A checkpoint of the first rows."""
    root = Range().extended(row.bytes for row in rows[:size]).root()
    return Checkpoint(origin_of("main"), size, root)


@pytest.fixture(autouse=True)
def _small_parts(monkeypatch: pytest.MonkeyPatch) -> None:
    """Parts of 64, whose ends these tests are about."""
    monkeypatch.setattr(module, "CHECKED_AT_ONCE", 64)


@pytest.mark.parametrize("checkpoints", [[], [1], [64], [65, 130], [ENTRIES]])
def test_a_ledger_of_several_parts_is_whole(rows: Rows, checkpoints: list[int]) -> None:
    found = verify("main", rows, checkpoints=[checkpoint(rows, size) for size in checkpoints])
    assert (found.size, found.root) == (ENTRIES, checkpoint(rows, ENTRIES).root)


@pytest.mark.parametrize("version", [1, 2, 63, 64, 65, 66, 128, 129, ENTRIES])
def test_the_bad_one_is_named_wherever_it_stands(rows: Rows, version: int) -> None:
    assert named(spoiled(rows, version)) == version
    assert named(unlawful(rows, version)) == version
    assert named(changed(rows, version, lambda row: row._replace(bytes=row.bytes[:-1]))) == version


@pytest.mark.parametrize("version", [1, 2, 63, 64, 65, 128])
def test_the_first_of_two_bad_ones_is_named(rows: Rows, version: int) -> None:
    """A batch is judged when the next one begins: by then one row more has been looked at."""
    assert named(spoiled(changed(rows, version + 1, lambda row: row._replace(bytes=b"{}")), version)) == version
    assert named(spoiled(unlawful(rows, version), version + 1)) == version + 1
    assert named(spoiled(unlawful(rows, version), version + 2)) == version
    assert named(unlawful(unlawful(rows, version), version + 1)) == version


def test_an_id_given_before_is_named_before_what_comes_after_it(rows: Rows) -> None:
    twice = changed(rows, 40, lambda row: rewritten(row, id="id-3"))
    assert named(twice) == 40
    assert named(spoiled(twice, 41)) == 40
    assert named(spoiled(twice, 39)) == 39


@pytest.mark.parametrize("size", [10, 64, 70])
def test_an_earlier_root_is_compared_before_what_comes_after_it(rows: Rows, size: int) -> None:
    other = Checkpoint(origin_of("main"), size, bytes(32))
    assert named(spoiled(rows, size + 1), checkpoints=[other]) == 1
    assert named(spoiled(rows, size), checkpoints=[other]) == size
    proved = [checkpoint(rows, 5), other]
    assert named(spoiled(rows, size + 1), checkpoints=proved) == 6


@pytest.mark.parametrize("read", [0, 1, 64, 100])
def test_what_was_read_before_reading_fails_is_checked(rows: Rows, read: int) -> None:
    def failing(given: Rows) -> Iterator[Row]:
        yield from given[:read]
        raise DatabaseError("database", "the disk is gone")

    with pytest.raises(DatabaseError, match="the disk is gone"):
        verify("main", failing(rows))
    if read:
        with pytest.raises(DamagedError, match=f"version {read} is bad"):
            verify("main", failing(spoiled(rows, read)))
