"""contract.md, entry format: UTF-8 JSON Lines, and what comes instead."""

import json
from typing import Any

import pytest

from ledger.domain.errors import MalformedError
from ledger.domain.wellformed import entry_from, entry_from_line
from tests.domain.well_formed import DAY, is_as, is_malformed, line_is_malformed, plain
from tests.scenario import acquired, allotted, died, pricing

LINE = json.dumps(died(DAY))


@pytest.mark.parametrize(
    "line",
    [
        "{", "}", "nul", "{'type': 'death'}", LINE + LINE, LINE + " x", LINE[:-1] + ",}", "[" + LINE + "]",
        LINE[:-1] + ', "holder": "b"}',
        LINE[:-1] + ', "note": 1.5}', LINE[:-1] + ', "note": 1e3}', LINE[:-1] + ', "note": NaN}',
        LINE[:-1] + ', "note": -Infinity}', LINE[:-1] + ', "note": Infinity}',
        LINE[:-1] + ', "note": "\\ud800"}', LINE[:-1] + ', "\\ud800": 1}', LINE[:-1] + ', "note": "\n"}',
        LINE[:-1] + ', "note": 1' + "0" * 5_000 + "}",
        "[" * 100_000, '{"a":' * 100_000, "\ufeff" + LINE, "\0", LINE + "\0", "//" + LINE,
    ],
    ids=lambda line: plain(line[-24:]),
)  # fmt: skip
def test_hostile_lines(line: str) -> None:
    line_is_malformed(line)


@pytest.mark.parametrize(
    "line",
    [
        LINE.encode("utf-16"),
        LINE.encode() + b"\xff",
        b"\xef\xbb\xbf" + LINE.encode(),
        b"\xc0\xaf",
        b'{"\xed\xa0\x80": 1}',
    ],
    ids=plain,
)
def test_lines_that_are_not_plain_utf_8(line: bytes) -> None:
    line_is_malformed(line)


@pytest.mark.parametrize(
    "inside", ['{"a": 1, "a": 1}', '[{"a": 1, "b": 2, "a": 3}]', '{"a": [[NaN]]}', '{"a": {"b": 0.1}}']
)
def test_what_is_hidden_deep_inside(inside: str) -> None:
    line_is_malformed(json.dumps(pricing())[:-1] + f', "inputs": {{"x": {inside}}}}}')


@pytest.mark.parametrize(("levels", "good"), [(32, True), (33, False)])
def test_nesting_is_at_most_32(levels: int, *, good: bool) -> None:
    """The entry is the first level, `inputs` the second."""
    inside: Any = 1
    for _ in range(levels - 2):
        inside = [inside]
    entry = pricing(inputs={"x": inside})
    is_as(entry, good=good)


@pytest.mark.parametrize(("size", "good"), [(1_000_000, True), (1_048_577, False)])
def test_a_line_is_at_most_1_mb(size: int, *, good: bool) -> None:
    line = LINE[:-1] + ', "note": "'
    line += "x" * (size - len(line) - 2) + '"}'
    assert len(line) == size
    _ = entry_from_line(line.encode()) if good else line_is_malformed(line)


def test_a_number_of_a_million_digits_is_told_in_few_words() -> None:
    assert len(line_is_malformed(LINE[:-1] + ', "note": 1' + "0" * 900_000 + "}")) < 300
    assert len(is_malformed(allotted(10**4_000))) < 300


def test_from_python_a_list_may_be_a_tuple() -> None:
    assert entry_from(acquired(DAY) | {"holders": ("a", "b")}) == entry_from(acquired(DAY, ["a", "b"]))
    is_malformed(pricing(inputs={"x": {1, 2}}))
    is_malformed(pricing(inputs={"x": b"bytes"}))


@pytest.mark.parametrize(
    ("line", "says"),
    [
        (b"\xef\xbb\xbf" + LINE.encode(), "the line begins with a byte-order mark; write plain UTF-8"),
        (b"\xef\xbb" + LINE.encode(), "byte 1 is not UTF-8"),
        (b'{"note": "\xff"}', "byte 11 is not UTF-8"),
        (b'{"note": "\\ud800"}', "a string holds half of a surrogate pair"),
        (b'{"\\ud800": 1}', "a string holds half of a surrogate pair"),
        (b"[" * 100_000, "nested deeper than 32 levels"),
        (b"x" * 1_000_001, "the line has more than 1,000,000 bytes"),
    ],
    ids=lambda each: plain(each[:24]),
)
def test_what_is_wrong_with_the_bytes_is_said(line: bytes, says: str) -> None:
    with pytest.raises(MalformedError) as refused:
        entry_from_line(line)
    assert refused.value.message == says
