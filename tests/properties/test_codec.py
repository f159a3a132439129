"""What is kept is exact: bytes come back as the entry that went in, and are canonical by somebody else's encoder."""

import json
from typing import Any

import pytest
import rfc8785
from hypothesis import example, given

from ledger.domain.entries import Recorded
from ledger.domain.errors import DamagedError
from ledger.domain.wellformed import entry_from, entry_from_line
from ledger.store.codec import all_recorded_from, canonical, content_of, json_of, opened, seal
from ledger.store.log import Row
from tests.properties.well_formed import any_entries, json_values, names
from tests.strategies import Content

MADE_AT = "2026-11-22T00:12:31.123456Z"
ASTRAL_FIRST = {"\U00010000": "\U00010000", "\ue000": "\ufffd", "\uffff": "日", "é": "e\u0301", "a": "\u2028"}
MAPPED: Content = {
    "type": "restructuring",
    "company": "A",
    "kind": "merger",
    "on": "2019-04-10",
    "delivery": True,
    "successor": "B",
    "series_map": {"😀": "1", "\ufffd": "2", "𠮷": "3", "\ue000": "4", "z": "5"},
}
PRICED: Content = {
    "type": "pricing",
    "series": "7",
    "on": "2017-07-14",
    "price_per_share": "2113",
    "inputs": {"😀": [{"\ufffd": 1, "\U00010000": {"\ue000": True, "𠮷": "\0\x1f\x7f\b"}}], "\ufffd": 2**53 - 1},
}


def test_two_entries_in_one_place_are_not_read_as_if_each_had_its_own() -> None:
    """Several are read at once, and must be told as one by one."""
    one, other = sealed(MAPPED).bytes, sealed(PRICED).bytes
    assert len(all_recorded_from([one, other])) == 2
    for stored in (
        [one + b" " + other, b""],
        [one + other, b" "],
        [b"", one + b"\n" + other],
        [one, b"[]"],
        [one, other[1:]],
    ):
        with pytest.raises(DamagedError):
            all_recorded_from(stored)


def sealed(content: Content, ledger: str = "main", actor: str = "hr") -> Row:
    entry = entry_from(content)
    return seal(ledger, content, entry, version=8, batch=7, recorded_at=MADE_AT, actor=actor)


@given(any_entries)
@example(MAPPED)
@example(PRICED)
def test_an_entry_comes_back_as_it_went_in(content: Content) -> None:
    row = sealed(content)
    [(stored, recorded)] = opened([row.bytes])
    assert stored == row.bytes
    assert recorded == Recorded(8, 7, MADE_AT, "hr", entry_from(content))
    assert json_of(row.bytes) == content


@given(any_entries, names, names)
@example(MAPPED, "主", "監査役")
@example(PRICED, "😀", "\ufffd")
def test_the_envelope_is_canonical_and_the_columns_copy_it(content: Content, ledger: str, actor: str) -> None:
    row = sealed(content, ledger, actor)
    envelope: dict[str, Any] = {
        "format": 1,
        "ledger": ledger,
        "version": row.version,
        "batch": row.batch,
        "type": row.type,
        "type_version": row.type_version,
        "recorded_at": row.recorded_at,
        "actor": row.actor,
        "entry": content,
    }
    optional = {"id": row.entry_id, "effective_on": row.effective_on}
    envelope |= {key: value for key, value in optional.items() if value is not None}
    assert row.bytes == rfc8785.dumps(envelope)
    assert content_of(row.bytes) == rfc8785.dumps(content)


@given(json_values)
@example(ASTRAL_FIRST)
@example([ASTRAL_FIRST, {"\ud7ff": [ASTRAL_FIRST]}])
def test_canonical_is_what_the_standard_says(value: object) -> None:
    assert canonical(value) == rfc8785.dumps(value)  # type: ignore[arg-type]  # its types leave nesting out


@given(any_entries)
def test_a_line_of_json_means_what_its_value_means(content: Content) -> None:
    for ascii_only in (True, False):
        line = json.dumps(content, ensure_ascii=ascii_only).encode()
        assert entry_from_line(line) == (content, entry_from(content))
