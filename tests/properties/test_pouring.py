"""A long file is poured: the same bytes, answers and errors as when its lines are given one by one."""

import io
import json
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from datetime import UTC, datetime
from pathlib import Path
from typing import Any, NamedTuple, get_args
from unittest.mock import patch

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from ledger import book as books
from ledger import open_ledger, pouring
from ledger.answers import LineOutcome
from ledger.book import Book
from ledger.domain.errors import DamagedError, LedgerError
from ledger.domain.wellformed import PLAIN, entry_from_line
from ledger.intake import InputFile, Line, Plain, read, read_canonical
from ledger.pouring import NotPouredError, pour
from ledger.store.codec import Sealer, canonical, seal
from ledger.store.log import Row
from ledger.store.memory import MemoryLog
from tests.scenario import allotted, company, exercised, issue, retraction
from tests.strategies import Content, Ledger, ledgers

NOW = datetime(2020, 4, 1, tzinfo=UTC)


class Found(NamedTuple):
    """What a recording told, and what the ledger then holds."""

    told: object
    stored: list[Row]


def memory(batches: Sequence[Sequence[Content]]) -> MemoryLog:
    log = MemoryLog()
    log.create("main", "2019-01-01T00:00:00.000000Z")
    for batch in batches:
        Book(log, "main", now=lambda: NOW).record(batch, actor="hr")
    return log


def file_of(lines: Sequence[bytes]) -> InputFile:
    return InputFile("lines", io.BytesIO(b"".join(lines)))


@contextmanager
def every_file_is_long() -> Iterator[None]:
    """Every file is poured, in portions of three lines."""
    with (
        patch.object(books, "POURED_FROM_BYTES", 0),
        patch.object(pouring, "PORTION", 3),
        patch.object(pouring, "HASHES_AT_ONCE", 2),
    ):
        yield


def recorded(log: MemoryLog, entries: Any, expect_version: int | None = None) -> Found:
    told: object
    try:
        outcome = Book(log, "main", now=lambda: NOW).record(entries, actor="hr", expect_version=expect_version)
        told = (outcome.head(), list(outcome.lines))
    except LedgerError as error:
        told = (type(error), error.code, error.message, error.line, error.contradicts)
    return Found(told, list(log.rows("main")))


LINES_APART: list[bytes] = [
    b"\n",
    b"x\n",
    b"[]\n",
    b'{"type": "grant"}\n',
    b'{"type": "death", "holder": "director-1", "on": "2019-04-20", "on": "2019-04-21"}\n',
    b'{"type": "death", "holder": "director-1", "on": "2019-04-20", "note": null}\n',
    b'{"type": "death", "holder": "director-1", "on": "9999-12-31"}\n',
    b'{"type": "split", "company": "A", "ratio": "2", "record_date": "9999-12-31"}\n',
    b'{"type": "death", "holder": "director-1", "on": "2019-04-20", "id": "a\\u0000"}\n',
    b'{"type": "death", "holder": "director-1", "on": "2019-04-20", "id": "\\ud800"}\n',
]


@given(ledgers(most=16), st.data())
@settings(max_examples=150)
def test_both_ways_tell_and_keep_the_same(ledger: Ledger, data: st.DataObject) -> None:
    cut = data.draw(st.integers(0, len(ledger.batches)))
    contents = [content for batch in ledger.batches[cut:] for content in batch]
    if data.draw(st.booleans()):
        contents = [each for each in contents if each["type"] != "retraction"]
    ids = data.draw(st.sampled_from(["none", "each", "twice", "there"]))
    if ids != "none":
        contents = [
            each | {"id": f"{number // 2 if ids == 'twice' else number}"} for number, each in enumerate(contents)
        ]
    before = ledger.batches[:cut]
    if ids == "there":
        before = [*before, *([each] for each in contents[:2])]
    lines = [json.dumps(each).encode() + b"\n" for each in contents]
    if data.draw(st.booleans()):
        lines = data.draw(st.permutations(lines))
    if data.draw(st.integers(0, 3)) == 0:
        lines.insert(data.draw(st.integers(0, len(lines))), data.draw(st.sampled_from(LINES_APART)))
    expected = data.draw(st.sampled_from([None, None, cut]))
    try:
        usual_log, poured_log = memory(before), memory(before)
    except LedgerError:
        return  # what was to be there is not lawful by itself
    usual = recorded(usual_log, lines, expected)
    with every_file_is_long():
        assert recorded(poured_log, file_of(lines), expected) == usual
        assert recorded(poured_log, file_of(lines)) == recorded(usual_log, lines)


@given(ledgers(most=16), st.data())
@settings(max_examples=60)
def test_what_goes_in_whole_is_poured(ledger: Ledger, data: st.DataObject) -> None:
    """In any order of the lines, into any ledger; only a retraction goes the usual way."""
    cut = data.draw(st.integers(0, len(ledger.batches)))
    contents = [content for batch in ledger.batches[cut:] for content in batch]
    lines = [json.dumps(each).encode() for each in contents if each["type"] != "retraction"]
    lines = [line + b"\n" for line in data.draw(st.permutations(lines))]
    usual_log, poured_log = memory(ledger.batches[:cut]), memory(ledger.batches[:cut])
    usual = recorded(usual_log, lines)
    is_lawful = isinstance(usual.told, tuple) and isinstance(usual.told[0], dict)
    with every_file_is_long():
        try:
            outcome = pour(poured_log, "main", file_of(lines), now=lambda: NOW, actor="hr")
        except NotPouredError:
            assert not is_lawful
            assert list(poured_log.rows("main")) == list(memory(ledger.batches[:cut]).rows("main"))
        else:
            assert Found((outcome.head(), list(outcome.lines)), list(poured_log.rows("main"))) == usual


@given(ledgers(most=16), st.sampled_from(["main", '株式"会社\\', "\U00020bb7"]), st.integers(1, 2**40))
@settings(max_examples=60)
def test_what_is_spliced_is_what_is_sealed(ledger: Ledger, name: str, first: int) -> None:
    said: dict[str, Any] = {"recorded_at": "2026-11-22T00:12:31.123456Z", "actor": name[::-1]}
    sealer = Sealer(name, **said)
    for version, content in enumerate(ledger.contents, first):
        for given_content in (content, content | {"id": f"{name}{version}"}):
            for line in read([json.dumps(given_content, ensure_ascii="id" in given_content), given_content]):
                assert isinstance(line, Line)
                assert line.content == canonical(given_content)
                sealed = seal(name, given_content, line.entry, version=version, batch=first, **said)
                assert sealer.row(line.entry, line.content, version, first) == sealed


CHANGES: list[tuple[bytes, bytes]] = [
    (b'"rights": 1', b'"rights": 1.0'),
    (b'"rights": 1', b'"rights": 1e0'),
    (b'"rights": 1', b'"rights": -0'),
    (b'"rights": 1', b'"rights": 01'),
    (b'"rights": 1', b'"rights": true'),
    (b'"rights": 1', b'"rights": "1"'),
    (b'"rights": 1', b'"rights": null'),
    (b'"rights": 1', b'"rights": 100, "rights": 1'),
    (b'"rights": 1', b'"rights":\t1'),
    (b'"rights": 1', b'"rights": 9007199254740992'),
    (b'"rights": 1', b'"rights": 1, "treasury_shares": 0'),
    (b'"rights": 1', b'"rights": 1, "note": null'),
    (b'"rights": 1', b'"rights": 1, "note": ""'),
    (b'"rights": 1', b'"rights": 1, "note": "  \xe6\xa8\xa9  "'),
    (b'"rights": 1', b'"rights": 1, "note": "\xff"'),
    (b'"rights": 1', b'"rights": 1, "note": "a", "note": "b"'),
    (b'"rights": 1', b'"rights": 1, "\\u006eote": "a"'),
    (b'"rights": 1', b'"rights": 1, "notes": "a"'),
    (b"director-1", b"e\xcc\x81"),
    (b"director-1", b"\\ud800"),
    (b"director-1", b"a\xe2\x80\x8bb"),
    (b"2018-07-02", b"2018-7-2"),
    (b"2018-07-02", b"3000-01-01"),
    (b"2018-07-02", b"2018-07-02T00:00:00"),
    (b'{"type"', b'\xef\xbb\xbf{"type"'),
    (b'{"type": "exercise", ', b"{"),
    (b"}", b"} {}"),
    (b"}", b"}  "),
]


@pytest.mark.parametrize(("before", "after"), CHANGES)
def test_a_line_is_read_the_quick_way_as_the_slow_way_reads_it(before: bytes, after: bytes) -> None:
    line = json.dumps(exercised("2018-07-02", 1)).encode()
    assert before in line
    for changed in (line.replace(before, after), line.replace(before, after).replace(b" ", b"")):
        try:
            value, entry = entry_from_line(changed)
        except LedgerError as slow:
            with pytest.raises(LedgerError) as refusal:
                read_canonical(changed + b"\r\n")
            assert (refusal.value.code, refusal.value.message) == (slow.code, slow.message)
        else:
            assert read_canonical(changed + b"\r\n") == (entry, canonical(value))


class Rewritten(io.BytesIO):
    """A file into which somebody else writes other lines once it has been read."""

    def __init__(self, *readings: bytes) -> None:
        super().__init__(readings[0])
        self._next = list(readings[1:])

    def seek(self, offset: int, whence: int = 0) -> int:
        if offset == whence == 0 and self.tell() and self._next:
            self.truncate(0)
            super().seek(0)
            self.write(self._next.pop(0))
        return super().seek(offset, whence)


@pytest.mark.parametrize("other", [
    company(on="2001-01-01"), company(on="1990-01-01"), allotted(5), exercised("2018-07-02", 1), retraction(1)
], ids=lambda each: f"{each['type']}-{each.get('on')}")  # fmt: skip
def test_a_file_that_changes_while_it_is_read_is_not_poured(other: dict[str, Any]) -> None:
    first, then = (
        b"".join(json.dumps(each).encode() + b"\n" for each in lines)
        for lines in ([company(), issue(), allotted(3)], [company(), issue(), other])
    )
    log = memory([])
    file = InputFile("lines", Rewritten(first, first, then))  # measured, looked at, poured
    with pytest.raises(NotPouredError):
        pour(log, "main", file, now=lambda: NOW, actor="hr")
    assert list(log.rows("main")) == []


@pytest.fixture(params=["sqlite", "postgresql"])
def url(request: pytest.FixtureRequest, tmp_path: Path) -> str:
    if request.param == "sqlite":
        return f"sqlite:///{tmp_path / 'rights.db'}"
    found: str = request.getfixturevalue("postgres_database")
    return found


def test_in_a_database(url: str) -> None:
    """Poured into an empty ledger, again with half of the lines there already, and after a line at fault."""
    people = [f"director-{number}" for number in range(40)]
    contents = [company(), issue(max_rights=400), *(allotted(10, each) for each in people)]
    lines = [json.dumps(each | {"id": f"権利 {at}"}).encode() + b"\n" for at, each in enumerate(contents)]
    with open_ledger(url, create=True, now=lambda: NOW) as book:
        log = book._log
        with patch.object(pouring, "PORTION", 7):
            half = pour(log, "main", file_of(lines[:20]), now=lambda: NOW, actor="hr")
            assert half.version == 20
            whole = pour(log, "main", file_of(lines[::-1]), now=lambda: NOW, actor="hr")
            twice = [*lines, b"\n", lines[3].replace(b"director-1", b"director-x").replace(b" 3", b" x"), lines[3][:-9]]
            strange = [lines[3].replace(b"\\u6a29", each) for each in (b"\\u0000", b"\\ud800", b"x" * 65)]
            assert len({*strange, lines[3]}) == 4
            for bad in (twice, [*lines, lines[3].replace(b"10", b"9")], *([*lines, each] for each in strange)):
                with pytest.raises(NotPouredError):
                    pour(log, "main", file_of(bad), now=lambda: NOW, actor="hr")
        assert list(whole.lines) == [
            *(LineOutcome(at, 20 + at) for at in range(1, 23)),
            *(LineOutcome(at, 43 - at, was_there=True) for at in range(23, 43)),
        ]
        assert book.verify().size == whole.size == book.history().known_version == 42
        assert book.history().root == whole.root
        again = pour(log, "main", file_of(lines), now=lambda: NOW, actor="hr", expect_version=1)
        assert (again.version, again.root, all(line.was_there for line in again.lines)) == (42, whole.root, True)


def test_nothing_is_poured_onto_what_was_changed() -> None:
    log = memory([[company()]])
    log._peaks["main"] = bytes(32)
    with pytest.raises(NotPouredError):
        pour(log, "main", file_of(lines_of(issue())), now=lambda: NOW, actor="hr")
    with every_file_is_long(), pytest.raises(DamagedError, match="is that of other entries"):
        Book(log, "main").record(file_of(lines_of(issue())), actor="hr")


def test_the_first_new_day_is_judged() -> None:
    log = memory([[company(), issue()]])
    with pytest.raises(NotPouredError, match="over-maximum"):
        pour(log, "main", file_of(lines_of(allotted(246))), now=lambda: NOW, actor="hr")


def test_the_kinds_that_are_read_the_quick_way() -> None:
    assert set(get_args(Plain)) == PLAIN


def test_what_became_of_poured_lines_is_a_sequence() -> None:
    outcome = pour(memory([[company()]]), "main", file_of([b"\n", *lines_of(issue(), allotted(3))]), now=lambda: NOW,
                   actor="hr")  # fmt: skip
    lines = outcome.lines
    assert (len(lines), lines[0], lines[-1]) == (2, LineOutcome(2, 2), LineOutcome(3, 3))
    assert list(lines[1:]) == [LineOutcome(3, 3)]
    assert outcome.exit_code == 0


def lines_of(*contents: dict[str, Any]) -> list[bytes]:
    return [json.dumps(each).encode() + b"\n" for each in contents]
