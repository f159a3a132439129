"""Entries that are checked the quick way: what it finds good is good, and what is written otherwise is still whole."""

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any
from unittest.mock import patch

import msgspec
import pytest
from hypothesis import given
from hypothesis import strategies as st

from ledger import DamagedError
from ledger.book import Book
from ledger.domain import wellformed
from ledger.domain.entries import KINDS, AnyEntry, Entry
from ledger.domain.errors import MalformedError
from ledger.domain.wellformed import PLAIN, check_content, entry_from, is_plain
from ledger.proof.verify import verify
from ledger.store.codec import canonical
from ledger.store.log import Row
from ledger.store.memory import MemoryLog
from tests.scenario import company

NAMES = st.sampled_from(
    ("director-1", "株式会社", "\u00e9", "e\u0301", "", " ", "a\u200bb", "\ud800", "x" * 200, "x" * 201, 7, True)
)
DAYS = st.sampled_from(
    ("2018-06-28", "1867-12-31", "1868-01-01", "2999-12-31", "3000-01-01", "20180628", "2018-W26-4", 1)
)
COUNTS = st.sampled_from((0, 1, -1, 2**53 - 1, 2**53, 2**70, True, "1", None))
ITEMS: dict[str, st.SearchStrategy[Any]] = {
    "id": st.sampled_from(("a", "x" * 64, "x" * 65, "\0", "é", 1)),
    "source": NAMES,
    "note": NAMES,
    "on": DAYS,
    "approved_on": DAYS,
    "rights": COUNTS,
    "treasury_shares": COUNTS,
    "cause": st.sampled_from(("retirement", "other", "whim")),
}
USUAL = {"on": st.just("2018-06-28"), "rights": st.just(1), "treasury_shares": st.just(1), "id": st.just("a")}
EVERY_DAY = {"approved_on": st.just("2018-06-28"), "cause": st.just("other")}


@st.composite
def contents(draw: st.DrawFn) -> dict[str, Any]:
    """A plain kind of entry with a few fields out of the ordinary, most of them at fault."""
    kind = draw(st.sampled_from(sorted(name for name, kind in KINDS.items() if kind in PLAIN)))
    fields = KINDS[kind].__struct_fields__
    given_fields = draw(st.lists(st.sampled_from(fields), unique=True))
    strange = draw(st.sets(st.sampled_from(fields), max_size=2))
    optional = {each.name for each in msgspec.structs.fields(KINDS[kind]) if not each.required}
    content: dict[str, Any] = {"type": kind}
    for name in fields:
        if name in given_fields or name not in optional:
            usual = (USUAL | EVERY_DAY).get(name, st.sampled_from(("director-1", "director-2")))
            content[name] = draw(ITEMS.get(name, NAMES) if name in strange else usual)
    return content


@contextmanager
def nothing_plain() -> Iterator[None]:
    """Every entry is checked field by field."""
    with patch.object(wellformed, "PLAIN", frozenset()):
        yield


def told(content: dict[str, Any]) -> AnyEntry | tuple[str, str]:
    """The entry that a content means, or why it means none."""
    try:
        return entry_from(content)
    except MalformedError as error:
        return error.code, error.message


@given(contents())
def test_the_quick_way_tells_what_the_slow_one_tells(content: dict[str, Any]) -> None:
    found = told(content)
    with nothing_plain():
        assert told(content) == found
    if isinstance(found, Entry) and is_plain(found):
        check_content(content)


def test_most_entries_are_plain() -> None:
    assert is_plain(entry_from(company()))
    exercise = {"type": "exercise", "series": "7", "holder": "director-1", "rights": 1, "on": "2018-07-01"}
    assert is_plain(entry_from(exercise))
    with nothing_plain():
        assert not is_plain(entry_from(exercise))


def test_no_more_is_kept_in_mind_than_a_few_thousand() -> None:
    for number in range(wellformed.MOST_KEPT):
        assert is_plain(entry_from({**company(), "name": f"company {number}"}))
        assert len(wellformed._GOOD) <= wellformed.MOST_KEPT + len(Entry.__struct_fields__) + 4


GIVEN_OTHERWISE: list[dict[str, Any]] = [
    {"type": "split", "company": "IIJ", "ratio": "4/2", "record_date": "2019-05-31"},
    {"type": "split", "company": "IIJ", "ratio": "2", "record_date": "2019-05-31", "note": "𝒳 and Ａ"},
    {"type": "restructuring", "company": "IIJ", "kind": "merger", "on": "2019-04-01", "delivery": False, "ratio": "1"},
    {**company("other"), "name": "\U00020bb7野家", "currency": "JPY"},
]


def rows_with(*contents: dict[str, Any]) -> list[Row]:
    """The rows of a ledger in which these were recorded after its company."""
    log = MemoryLog()
    log.create("main", "2026-11-22T00:00:00.000000Z")
    Book(log, "main").record([company(), *contents], actor="hr")
    return list(log.rows("main"))


@pytest.mark.parametrize("content", GIVEN_OTHERWISE, ids=lambda each: each["type"])
def test_what_was_given_in_another_way_is_whole_as_it_was_given(content: dict[str, Any]) -> None:
    assert verify("main", rows_with(content)).size == 2


CHANGES: dict[str, dict[str, Any]] = {
    "a null": {"id": None},
    "a key that nobody knows": {"why": "x"},
    "another ledger": {"ledger": "other"},
    "another type": {"type": "split"},
    "another format": {"format": 2},
    "another type version": {"type_version": 2},
    "no day": {"effective_on": None},
    "another day": {"effective_on": "2016-01-02"},
    "an id that the entry has not": {"id": "x"},
}


@pytest.mark.parametrize("changes", CHANGES.values(), ids=CHANGES)
def test_an_envelope_that_says_something_else_is_bad(changes: dict[str, Any]) -> None:
    first, second = rows_with(company("other"))
    bad = second._replace(bytes=canonical(msgspec.json.decode(second.bytes) | changes))
    with pytest.raises(DamagedError, match="version 2 is bad: its bytes are not those of format 1") as failure:
        verify("main", [first, bad])
    assert failure.value.contradicts == 2


@pytest.mark.parametrize("name", ["\u200b", "x" * 201, ""])
def test_a_name_that_could_not_have_come_in_is_bad(name: str) -> None:
    first, second = rows_with(company("other"))
    envelope = msgspec.json.decode(second.bytes)
    envelope["entry"]["name"] = name
    with pytest.raises(DamagedError, match="version 2 is bad: it is no entry: `name`"):
        verify("main", [first, second._replace(bytes=canonical(envelope))])
