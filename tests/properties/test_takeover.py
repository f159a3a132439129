"""An export makes the same ledger elsewhere: bytes, batches, instants, actors and root."""

from datetime import UTC, datetime
from itertools import accumulate

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from ledger.book import Book
from ledger.domain.errors import DamagedError, LedgerError, MalformedError, RefusedError
from ledger.store.memory import MemoryLog
from tests.properties.asking import new_book
from tests.strategies import Ledger, ledgers

LATER = datetime(2026, 11, 22, tzinfo=UTC)


def empty_book(*, now: datetime = LATER) -> Book:
    log = MemoryLog()
    log.create("main", "2026-01-01T00:00:00.000000Z")
    return Book(log, "main", now=lambda: now)


def exported(ledger: Ledger) -> tuple[list[bytes], str]:
    """The lines of a ledger that was recorded batch by batch, and its root."""
    book = new_book(*ledger.batches)
    return list(book.export()), book.history(known_at=None).root


@given(ledgers(most=16))
@settings(max_examples=60)
def test_the_same_ledger_elsewhere(ledger: Ledger) -> None:
    lines, root = exported(ledger)
    book = empty_book()
    outcome = book.record(lines, actor="somebody else")
    assert (outcome.version, outcome.size, outcome.root) == (len(lines), len(lines), root)
    assert list(book.export()) == lines
    assert book.verify().size == len(lines)
    assert [row.to_dict() for row in book.history()] == [row.to_dict() for row in new_book(*ledger.batches).history()]


@given(ledgers(most=8), st.data())
@settings(max_examples=60)
def test_in_two_parts_between_any_batches_and_again(ledger: Ledger, data: st.DataObject) -> None:
    """What was taken over before is there already, and is not told to be new.

    Half a batch may be unlawful by itself: what it rests on may stand in the other half.
    """
    lines, root = exported(ledger)
    ends = list(accumulate(map(len, ledger.batches)))
    cut = data.draw(st.sampled_from([0, *ends]))
    book = empty_book()
    book.record(lines[:cut])
    dry = book.record(lines, dry_run=True)
    assert (dry.version, dry.size) == (len(lines), cut)
    assert book.history().known_version == cut
    outcome = book.record(lines)
    assert [line.was_there for line in outcome.lines] == [version <= cut for version in range(1, len(lines) + 1)]
    assert outcome.root == root
    again = book.record(lines[: data.draw(st.sampled_from(ends))])
    assert again.version == len(lines)
    assert again.root == root
    assert all(line.was_there for line in again.lines)
    assert list(book.export()) == lines


@given(ledgers(most=8))
@settings(max_examples=20)
def test_the_ledger_goes_on_where_it_was_taken_over(ledger: Ledger) -> None:
    lines, _ = exported(ledger)
    book = empty_book()
    book.record(lines)
    added = book.record([{"type": "company", "company": "new", "name": "New", "on": "2026-01-01"}], actor="hr")
    assert added.version == len(lines) + 1
    assert book.verify().size == len(lines) + 1


@given(ledgers(most=8), st.data())
@settings(max_examples=200)
def test_no_changed_line_is_taken_over(ledger: Ledger, data: st.DataObject) -> None:
    """One bit flipped, a line left out, doubled or moved: refused, and nothing is recorded."""
    lines, _ = exported(ledger)
    at = data.draw(st.integers(0, len(lines) - 1))
    line = lines[at]
    position = data.draw(st.integers(0, len(line) - 1))
    flipped = bytearray(line)
    flipped[position] ^= 1 << data.draw(st.integers(0, 7))
    other = data.draw(st.integers(0, len(lines) - 1))
    changed = data.draw(
        st.sampled_from(
            [
                [*lines[:at], bytes(flipped), *lines[at + 1 :]],
                [*lines[:at], line, *lines[at:]],
                [*lines[:at], lines[other], *lines[at + 1 :]],
                [*lines[:at], *lines[at + 1 :], b""],
            ]
        )
    )
    kept = [each for each in changed if each.strip()]
    book = empty_book()
    try:
        book.record(changed)
    except LedgerError as error:
        assert error.exit_code in {2, 3}
        assert book.history().known_version == 0
    else:
        # What nobody can see without a checkpoint: other words in a place that no rule looks at, or a tail that is cut.
        assert list(book.export()) == kept
        assert book.verify().size == len(kept)


def test_an_entry_in_the_future_is_refused() -> None:
    lines = list(new_book([{"type": "company", "company": "A", "name": "A", "on": "2019-01-01"}]).export())
    [stored] = lines
    assert b'"recorded_at":"2019-04-10T15:00:00.000000Z"' in stored
    empty_book(now=datetime(2019, 4, 10, 15, tzinfo=UTC)).record(lines)
    with pytest.raises(MalformedError, match="nothing is recorded in the future"):
        empty_book(now=datetime(2019, 4, 10, 14, 59, 59, 999_999, tzinfo=UTC)).record(lines)


@pytest.mark.parametrize("instant", [
    "2019-04-10T15:00:00.00000Z", "2019-04-10 15:00:00.000000Z", "2019-02-29T15:00:00.000000Z", "", "yesterday",
    "2019-04-10T24:00:00.000000Z", "0000-04-10T15:00:00.000000Z", "2019-04-10T15:00:00.000000+",
])  # fmt: skip
def test_what_is_no_instant_is_refused(instant: str) -> None:
    [stored] = new_book([{"type": "company", "company": "A", "name": "A", "on": "2019-01-01"}]).export()
    with pytest.raises(MalformedError, match="which is no instant"):
        empty_book().record([stored.replace(b"2019-04-10T15:00:00.000000Z", instant.encode())])


def test_a_name_with_an_escape_is_refused() -> None:
    [stored] = new_book([{"type": "company", "company": "A", "name": "A", "on": "2019-01-01"}]).export()
    with pytest.raises(MalformedError, match="unseen character"):
        empty_book().record([stored.replace(b'"actor":"hr"', rb'"actor":"\u001b[2J"')])


@pytest.mark.parametrize("broken", [
    b'{"entry":' + b"[" * 500_000 + b"]" * 500_000 + b',"format":1,"ledger":"main","recorded_at":""}',
    b'{"entry":{},"format":1,"ledger":"main","recorded_at":"2019-04-10T15:00:00.000000Z"}',
    b'{"actor":"hr","batch":1,"entry":{},"format":1,"ledger":"main",'
    b'"recorded_at":"2019-04-10T15:00:00.000000Z","type":"x","type_version":1,"version":1}',
])  # fmt: skip
def test_what_only_looks_like_a_line_of_an_export(broken: bytes) -> None:
    with pytest.raises((MalformedError, DamagedError)) as refusal:
        empty_book().record([broken])
    assert refusal.value.line == 1


def test_two_ledgers_that_went_on_apart() -> None:
    company = {"type": "company", "company": "A", "name": "A", "on": "2019-01-01"}
    one, other = new_book([company]), new_book([company])
    lines = [*one.export()]
    one.record([company | {"company": "B"}], actor="hr")
    other.record([company | {"company": "C"}], actor="hr")
    with pytest.raises(RefusedError) as refusal:
        other.record(["", *one.export()])
    assert (refusal.value.code, refusal.value.line, refusal.value.contradicts) == ("stale-version", 3, 2)
    assert other.record(lines).version == 2  # the beginning is there already
