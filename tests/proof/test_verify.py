"""A ledger is checked against itself: every way in which a row may be bad is found, and the first is named."""

from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from typing import Any

import msgspec
import pytest

from ledger import DamagedError
from ledger.book import Book
from ledger.proof.verify import verify
from ledger.store.codec import canonical
from ledger.store.log import Row
from ledger.store.memory import MemoryLog

Rows = list[Row]


def appointed(holder: str, **more: str) -> dict[str, str]:
    """An entry that is lawful by itself."""
    return {"type": "appointment", "holder": holder, "position": "director", "on": "2017-07-14", **more}


@pytest.fixture
def rows() -> Rows:
    """Five entries: one alone, a batch of two, one alone, a retraction."""
    log = MemoryLog()
    log.create("main", "2026-11-22T00:00:00.000000Z")
    instants = (datetime(2026, 11, 22, tzinfo=UTC) + timedelta(minutes=each) for each in range(9))
    book = Book(log, "main", now=lambda: next(instants))
    book.record([appointed("director-1", id="a")], actor="hr")
    book.record([appointed("director-2", id="b"), appointed("director-3")], actor="hr")
    book.record([appointed("director-4", id="c")], actor="hr")
    book.record([{"type": "retraction", "retracts": 4}], actor="hr")
    return list(log.rows("main"))


def rewritten(row: Row, **changes: Any) -> Row:
    """A row whose bytes and columns say something else, in agreement and in canonical form."""
    envelope = msgspec.json.decode(row.bytes) | changes
    if "id" in changes:
        envelope["entry"]["id"] = changes["id"]
    columns = {name: envelope[name] for name in Row._fields if name in envelope}
    return row._replace(**columns, entry_id=envelope.get("id"), bytes=canonical(envelope))


def test_a_whole_ledger_has_so_many_entries(rows: Rows) -> None:
    assert verify("main", rows).size == 5


BAD: dict[str, tuple[int, str, Callable[[Rows], Rows]]] = {
    "an entry is missing": (3, "it is missing", lambda rows: [*rows[:2], *rows[3:]]),
    "the first is missing": (1, "it is missing", lambda rows: rows[1:]),
    "bytes are cut": (
        2,
        "stored bytes are no entry",
        lambda rows: changed(rows, 2, lambda r: r._replace(bytes=r.bytes[:-1])),
    ),
    "bytes have a space": (
        2,
        "not those of format 1",
        lambda rows: changed(rows, 2, lambda r: r._replace(bytes=r.bytes.replace(b":", b": ", 1))),
    ),
    "another ledger": (2, "of ledger main", lambda rows: changed(rows, 2, lambda r: rewritten(r, ledger="other"))),
    "no entry": (
        2,
        "it is no entry",
        lambda rows: changed(rows, 2, lambda r: rewritten(r, entry={**appointed(""), "id": "b"})),
    ),
    "a column differs": (4, "the column actor says", lambda rows: changed(rows, 4, lambda r: r._replace(actor="x"))),
    "an id twice": (4, "its id a was given before", lambda rows: changed(rows, 4, lambda r: rewritten(r, id="a"))),
    "a batch before the first": (
        1,
        "its batch begins at version 0",
        lambda rows: changed(rows, 1, lambda r: rewritten(r, batch=0)),
    ),
    "another batch": (
        3,
        "its batch begins at version 1",
        lambda rows: changed(rows, 3, lambda r: rewritten(r, batch=1)),
    ),
    "time goes back": (
        4,
        "before version 3",
        lambda rows: changed(rows, 4, lambda r: rewritten(r, recorded_at="2020-01-01T00:00:00.000000Z")),
    ),
    "a batch at two instants": (
        3,
        "at another instant than its batch",
        lambda rows: changed(rows, 3, lambda r: rewritten(r, recorded_at="2027-01-01T00:00:00.000000Z")),
    ),
    "an instant that is none": (
        2,
        "it was recorded at 2026-11-22 00:01:00.000000Z, which is no instant",
        lambda rows: changed(rows, 2, lambda r: rewritten(r, recorded_at="2026-11-22 00:01:00.000000Z")),
    ),
    "an instant of another zone": (
        4,
        "which is no instant",
        lambda rows: changed(rows, 4, lambda r: rewritten(r, recorded_at="2026-11-22T09:02:00.00+09:00")),
    ),
    "a day that is none": (
        5,
        "which is no instant",
        lambda rows: changed(rows, 5, lambda r: rewritten(r, recorded_at="2027-02-29T00:00:00.000000Z")),
    ),
    "an actor whom nobody sees": (
        3,
        r"`actor` holds the unseen character U\+202E",
        lambda rows: changed(rows, 3, lambda r: rewritten(r, actor="hr\u202e")),
    ),
    "no actor": (4, "`actor` has 0 characters", lambda rows: changed(rows, 4, lambda r: rewritten(r, actor=""))),
    "a long actor": (1, "`actor` has 201", lambda rows: changed(rows, 1, lambda r: rewritten(r, actor="x" * 201))),
    "an actor that is not composed": (
        5,
        "`actor` is not in Unicode's composed form",
        lambda rows: changed(rows, 5, lambda r: rewritten(r, actor="e\u0301")),
    ),
    "retracted twice": (
        5,
        "unlawful: nothing-to-retract",
        lambda rows: changed(rows, 5, lambda r: rewritten(r, entry={"type": "retraction", "retracts": 5})),
    ),
}


def changed(rows: Rows, version: int, change: Callable[[Row], Row]) -> Rows:
    """The rows with one of them changed."""
    return [change(row) if row.version == version else row for row in rows]


@pytest.mark.parametrize("name", BAD)
def test_the_first_bad_version_is_named(rows: Rows, name: str) -> None:
    version, why, damage = BAD[name]
    with pytest.raises(DamagedError, match=why) as found:
        verify("main", damage(rows))
    assert found.value.message.startswith(f"version {version} is bad: ")
    assert (found.value.exit_code, found.value.contradicts) == (3, version)


@pytest.mark.parametrize("ledger", ["", "x" * 201, "main\n", "ma\u200bin", "e\u0301"])
def test_a_ledger_that_could_not_have_been_made_is_bad_from_its_first_version(rows: Rows, ledger: str) -> None:
    with pytest.raises(DamagedError, match="version 1 is bad: `ledger` ") as found:
        verify(ledger, [rewritten(row, ledger=ledger) for row in rows])
    assert (found.value.exit_code, found.value.contradicts) == (3, 1)
