"""The sidecar: our own package gives back the same ledger, entry for entry, or nothing."""

import json
import sqlite3
from collections.abc import Sequence
from contextlib import closing
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, assume, given, settings
from hypothesis import strategies as st

from ledger.book import Book
from ledger.domain.entries import Company
from ledger.domain.errors import DamagedError, EvidenceError, LedgerError, MalformedError, RefusedError
from ledger.exchange.packages.sidecar import NAME, Sidecar, read, sealed_lines, written
from ledger.exchange.plan import Plan
from ledger.exchange.taking import take
from ledger.opening import open_ledger
from ledger.store.codec import content_of, row_from
from ledger.store.memory import MemoryLog
from tests.exchange.written_packages import EVER, ocf_of
from tests.properties.asking import ask, new_book
from tests.scenario import allotted, company, issue
from tests.strategies import Content, Ledger, ledgers

LATER = datetime(2026, 11, 22, 3, tzinfo=UTC)
BATCHES: list[list[Content]] = [
    [company(), issue()],
    [allotted(24), allotted(1, "director-2")],
    [{"type": "retraction", "retracts": 4}, allotted(2, "director-2")],
    [{"type": "departure", "holder": "director-1", "on": "2018-06-28"}],
]
"""Seven entries in four batches."""


def empty_book(ledger: str = "main") -> Book:
    log = MemoryLog()
    log.create(ledger, "2026-01-01T00:00:00.000000Z")
    return Book(log, ledger, now=lambda: LATER)


def package(batches: Sequence[Sequence[Content]], file: Path) -> dict[str, bytes]:
    return ocf_of(new_book(*batches), file, EVER)[1]


def sealed(batches: Sequence[Sequence[Content]], file: Path) -> Plan:
    """What a reader of the package plans."""
    return Plan(sealed=sealed_lines(package(batches, file)))


def entries(book: Book) -> list[tuple[int, bytes]]:
    """Every entry as it was given, with its batch."""
    return [(row_from(stored).batch, content_of(stored)) for stored in book.export()]


@given(ledgers(most=16))
@settings(max_examples=60, suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_the_same_ledger_again(tmp_path: Path, ledger: Ledger) -> None:
    """In a ledger of the same id: the same bytes, so the same root."""
    assume(any(isinstance(each.entry, Company) for each in ledger.history.placed))
    original, book = new_book(*ledger.batches), empty_book()
    outcome = take(book, sealed(ledger.batches, tmp_path / "x.ocf.zip"), actor="somebody").outcome
    assert list(book.export()) == list(original.export())
    assert (outcome.version, outcome.root) == (len(ledger.contents), original.history().root)


@given(ledgers(most=16), st.data())
@settings(max_examples=60, suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_the_same_entries_in_a_ledger_of_another_id(tmp_path: Path, ledger: Ledger, data: st.DataObject) -> None:
    """The same entries, versions and batches, retractions among them, and the same answers at every version."""
    assume(any(isinstance(each.entry, Company) for each in ledger.history.placed))
    original, book = new_book(*ledger.batches), empty_book("other")
    plan = sealed(ledger.batches, tmp_path / "x.ocf.zip")
    supposed = take(book, plan, actor="importer", dry_run=True).outcome
    assert (supposed.version, supposed.size, book.size()) == (len(ledger.contents), 0, 0)
    outcome = take(book, plan, actor="importer").outcome
    assert (outcome.version, outcome.size, outcome.there) == (len(ledger.contents), len(ledger.contents), 0)
    assert outcome.root == book.history().root
    assert entries(book) == entries(original)
    assert {(row.actor, row.recorded_at) for row in book.history()} == {("importer", "2026-11-22T03:00:00.000000Z")}
    assert book.verify().size == len(ledger.contents)
    version = data.draw(st.integers(0, len(ledger.contents)))
    day = date(2019, 5, 20)
    assert ask(book, day, known_version=version) == ask(original, day, known_version=version)
    again = take(book, plan, actor="importer").outcome
    assert (again.version, again.there) == (outcome.version, len(ledger.contents))


def beginning(there: int) -> Book:
    """A book of another id that holds so many of the entries."""
    book = empty_book("other")
    for each in [each for batch in BATCHES for each in batch][:there]:
        book.record([each], actor="hr")
    return book


@pytest.mark.parametrize("there", [0, 2, 4, 6, 7])
def test_a_ledger_that_holds_the_first_batches_goes_on(there: int, tmp_path: Path) -> None:
    book = beginning(there)
    outcome = take(book, sealed(BATCHES, tmp_path / "x.ocf.zip"), actor="importer").outcome
    assert (outcome.version, outcome.there) == (7, there)
    assert [content for _, content in entries(book)] == [content for _, content in entries(new_book(*BATCHES))]


@pytest.mark.parametrize("there", [1, 3, 5])
def test_a_ledger_that_ends_inside_a_batch_does_not(there: int, tmp_path: Path) -> None:
    book = beginning(there)
    with pytest.raises(RefusedError, match=f"ends with version {there}, inside a batch") as refused:
        take(book, sealed(BATCHES, tmp_path / "x.ocf.zip"))
    assert (refused.value.code, book.size()) == ("stale-version", there)


def test_a_ledger_that_holds_something_else(tmp_path: Path) -> None:
    plan = sealed(BATCHES, tmp_path / "x.ocf.zip")
    for name in ("main", "other"):
        book = empty_book(name)
        book.record([company(), issue(on="2017-06-29")], actor="hr")
        before = list(book.export())
        for dry_run in (True, False):
            with pytest.raises(RefusedError, match="is another entry") as refused:
                take(book, plan, dry_run=dry_run)
            assert refused.value.code == "stale-version"
        assert list(book.export()) == before


def test_where_a_refused_entry_stands_in_the_file(tmp_path: Path) -> None:
    """The second entry is on the third line."""
    book = empty_book("other")
    book.record([company(), issue(on="2017-06-29")], actor="hr")
    with pytest.raises(RefusedError) as refused:
        take(book, sealed(BATCHES, tmp_path / "x.ocf.zip"))
    assert str(refused.value) == (
        "stale-version: sheet rights-ledger.jsonl, row 3: version 2 of ledger other is another entry; the entries of"
        " ledger main are copied where a ledger is empty or holds the beginning of them"
    )
    assert refused.value.contradicts == 2


def test_longer_ledgers_keep_what_they_hold(tmp_path: Path) -> None:
    plan = sealed(BATCHES[:2], tmp_path / "x.ocf.zip")
    book = empty_book("other")
    for batch in BATCHES:
        book.record(batch, actor="hr")
    before = list(book.export())
    outcome = take(book, plan).outcome
    assert (outcome.version, outcome.size, outcome.there) == (7, 7, 4)
    assert list(book.export()) == before


def test_the_version_that_is_expected(tmp_path: Path) -> None:
    plan = sealed(BATCHES, tmp_path / "x.ocf.zip")
    book = empty_book("other")
    with pytest.raises(RefusedError, match="the ledger other is at version 0, not at 1"):
        take(book, plan, expect_version=1)
    assert take(book, plan, expect_version=0).outcome.version == 7
    assert take(book, plan, expect_version=0).outcome.there == 7  # nothing new goes in


def check_a_copy_in(url: str, folder: Path) -> None:
    with open_ledger(url, "other", create=True) as book:
        assert take(book, sealed(BATCHES, folder / "x.ocf.zip"), actor="importer").outcome.version == 7
        assert entries(book) == entries(new_book(*BATCHES))
        assert book.record([{"type": "death", "holder": "director-1", "on": "2018-06-30"}]).version == 8
        assert book.verify().size == 8


def test_a_copy_in_sqlite(tmp_path: Path) -> None:
    check_a_copy_in(f"sqlite:///{tmp_path / 'copy.db'}", tmp_path)


def test_a_copy_in_postgresql(postgres_database: str, tmp_path: Path) -> None:
    check_a_copy_in(postgres_database, tmp_path)


def test_an_unlawful_ledger_is_not_copied(tmp_path: Path) -> None:
    """More rights than the series has: whoever made the file wrote a root that fits."""
    stored = list(new_book(*BATCHES).export())
    stored[2] = stored[2].replace(b'"rights":24', b'"rights":246')
    beside = Sidecar("main", tuple(stored), "2999-12-31")
    book = empty_book("other")
    with pytest.raises(DamagedError) as refused:
        take(book, Plan(sealed=sealed_lines({NAME: written(beside, {})})))
    assert refused.value.message.startswith("sheet rights-ledger.jsonl, row 4: the export does not hold: version 3")
    assert book.size() == 0


def test_a_clock_that_was_set_back(tmp_path: Path) -> None:
    """What is copied is not known before what was recorded there before."""
    original = new_book(*BATCHES)
    log = MemoryLog()
    log.create("other", "2018-01-01T00:00:00.000000Z")
    ahead = LATER + timedelta(days=1)
    Book(log, "other", now=lambda: ahead).record(BATCHES[0], actor="hr")
    book = Book(log, "other", now=lambda: LATER)
    book.copy("main", list(original.export()), actor="importer")
    assert {row.recorded_at for row in book.history()} == {"2026-11-23T03:00:00.000000Z"}
    assert book.verify().size == 7


def test_nothing_is_copied_into_a_ledger_that_was_changed(tmp_path: Path) -> None:
    """Past the program: its head is not that of its entries."""
    file = tmp_path / "changed.db"
    with open_ledger(f"sqlite:///{file}", "other", create=True) as book:
        for batch in BATCHES[:2]:
            book.record(batch)
    with closing(sqlite3.connect(file)) as database, database:
        guard = "FROM sqlite_master WHERE name = 'entries_never_deleted'"
        [[trigger]] = database.execute(f"SELECT sql {guard}").fetchall()
        database.execute("DROP TRIGGER entries_never_deleted")
        database.execute("DELETE FROM entries WHERE version > 2")
        database.execute(trigger)
    with open_ledger(f"sqlite:///{file}", "other") as book, pytest.raises(DamagedError) as refused:
        take(book, sealed(BATCHES, tmp_path / "x.ocf.zip"))
    assert "the head of ledger other is that of other entries than the 2 it holds" in refused.value.message


def test_what_is_in_it(tmp_path: Path) -> None:
    files = package(BATCHES, tmp_path / "x.ocf.zip")
    first, *rest = files[NAME].splitlines()
    head = json.loads(first)
    assert rest[:7] == list(new_book(*BATCHES).export())
    assert {key: head[key] for key in ("format", "ledger", "as_of", "entries", "objects")} == {
        "format": 1, "ledger": "main", "as_of": "2999-12-31", "entries": 7, "objects": 5,
    }  # fmt: skip
    assert sorted(head["files"]) == sorted(set(files) - {NAME})
    notes = {note["id"]: note for note in map(json.loads, rest[7:])}
    assert sorted(notes) == [
        "end-rights-3-1", "end-rights-6-1", "issuance-rights-3-1", "issuance-rights-6-1", "series-7",
    ]  # fmt: skip
    assert notes["issuance-rights-3-1"] == {
        "id": "issuance-rights-3-1",
        "version": 3,
        "recorded_at": "2019-04-11T03:00:00.000000Z",
        "series": "7",
        "holder": "director-1",
        "inherited_from": None,
        "transferred_from": None,
        "shares_per_right": 200,
        "rights": 24,
        "window": {"from": "2018-06-29", "until": "2018-07-08"},
    }
    assert notes["series-7"]["terms"]["conditions"]["after_departure"] == {"days": 10}
    assert notes["end-rights-3-1"]["why"] == "lapsed"


def test_a_sidecar_is_read_as_it_was_written() -> None:
    entry = next(new_book(BATCHES[0]).export())
    beside = Sidecar("main", (entry,), "2018-06-28", ({"id": "a", "says": "第7回"}, {"id": "b"}))
    assert read(written(beside, {})) == beside


@pytest.mark.parametrize(("name", "says"), [
    ("Transactions.ocf.json", "`Transactions.ocf.json` was changed after both were written"),
    ("Manifest.ocf.json", "`Manifest.ocf.json` was changed after both were written"),
])  # fmt: skip
def test_a_package_that_was_changed_beside_it(name: str, says: str, tmp_path: Path) -> None:
    """What was changed there would be lost without a word: the entries are what is taken over."""
    files = package(BATCHES, tmp_path / "x.ocf.zip")
    with pytest.raises(EvidenceError) as changed:
        sealed_lines({**files, name: files[name] + b" "})
    assert says.replace("`", "") in changed.value.message.replace("`", "")
    del files[name]
    with pytest.raises(EvidenceError, match="which is missing"):
        sealed_lines(files)


def test_files_that_were_added_do_no_harm(tmp_path: Path) -> None:
    files = package(BATCHES, tmp_path / "x.ocf.zip")
    assert sealed_lines({**files, "letter.txt": b"Dear Sir"}) == sealed_lines(files)


@given(st.data())
@settings(max_examples=150, suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_no_changed_sidecar_gives_another_ledger(tmp_path: Path, data: st.DataObject) -> None:
    """One bit flipped, or a line left out, doubled or moved: an error with a code, or the same entries."""
    files = package(BATCHES, tmp_path / "x.ocf.zip")
    content = files[NAME]
    lines = content.splitlines(keepends=True)
    at, other = (data.draw(st.integers(0, len(lines) - 1)) for _ in range(2))
    position = data.draw(st.integers(0, len(content) - 1))
    flipped = bytearray(content)
    flipped[position] ^= 1 << data.draw(st.integers(0, 7))
    changed = data.draw(
        st.sampled_from(
            [
                bytes(flipped),
                b"".join([*lines[:at], *lines[at + 1 :]]),
                b"".join([*lines[:at], lines[other], *lines[at:]]),
                b"".join([*lines[:at], lines[other], *lines[at + 1 :]]),
                content[:position],
            ]
        )
    )
    try:
        found = sealed_lines({**files, NAME: changed})
    except (EvidenceError, MalformedError) as error:
        assert error.code in {"damaged", "malformed"}
    else:
        assert found == sealed_lines(files)


@pytest.mark.parametrize(("head", "says"), [
    ({"format": 2}, "rights-ledger.jsonl is of format 2; this version of rights reads format 1"),
    ({"entries": -1}, "its first line says that -1 entries and 5 objects follow"),
    ({"entries": 8}, "its first line says that 8 entries and 5 objects follow"),
    ({"root": "00" * 32}, "its entries are not those of the root in its first line"),
    ({"more": 1}, "does not begin with the line of a sidecar"),
])  # fmt: skip
def test_a_first_line_that_does_not_hold(head: dict[str, Any], says: str, tmp_path: Path) -> None:
    files = package(BATCHES, tmp_path / "x.ocf.zip")
    first, rest = files[NAME].split(b"\n", 1)
    changed = json.dumps(json.loads(first) | head).encode() + b"\n" + rest
    with pytest.raises(LedgerError) as refused:
        sealed_lines({**files, NAME: changed})
    assert says in refused.value.message


@pytest.mark.parametrize("entries", [(), (b'{"type":"company"}',)])
def test_entries_that_no_ledger_keeps(entries: tuple[bytes, ...]) -> None:
    """None at all, or such as are to be recorded: whoever wrote them, it was not a ledger."""
    with pytest.raises(EvidenceError, match="are not entries as ledger main keeps them"):
        read(written(Sidecar("main", entries, "2018-06-28"), {}))


def test_entries_of_another_ledger() -> None:
    entry = next(new_book(BATCHES[0]).export())
    with pytest.raises(EvidenceError, match="are not entries as ledger other keeps them"):
        read(written(Sidecar("other", (entry,), "2018-06-28"), {}))


@pytest.mark.parametrize("content", [b"", b"\n", b"{}", b"[" * 100_000, b"\xff\xfe", b"null\n"])
def test_what_is_no_sidecar(content: bytes) -> None:
    with pytest.raises(MalformedError, match="does not begin with the line of a sidecar"):
        read(content)
