"""Whatever stands in a line, it is an entry or refused in words; a batch goes in whole or leaves nothing."""

import tracemalloc
from random import Random

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from ledger.domain.strict_json import MAX_LINE_BYTES
from tests.fuzz import mutations, seeds, targets
from tests.properties.well_formed import json_values

dice = st.integers(0, 2**32 - 1).map(Random)
LINES = tuple(seeds.lines())
BATCHES = tuple(seeds.batches())
EXPORTS = tuple(seeds.exports())
MOST_MEMORY = 64 * MAX_LINE_BYTES
"""Bytes that reading one line may take: JSON's smallest values take about fifty times as much as they are long."""


def changed(seeds: tuple[bytes, ...], change: mutations.Mutation, dice: Random) -> bytes:
    """One of the seeds, with a few changes."""
    found = dice.choice(seeds)
    for _ in range(dice.randint(1, 5)):
        found = change(found, dice)
    return found


@settings(max_examples=500)
@given(dice)
def test_a_line_that_is_nearly_an_entry(dice: Random) -> None:
    targets.entry(changed(LINES, mutations.changed_entry, dice))


@given(st.binary(max_size=200) | st.text().map(str.encode) | json_values.map(mutations.written))
def test_a_line_of_anything(line: bytes) -> None:
    targets.entry(line)


@settings(max_examples=150)
@given(dice)
def test_a_batch_of_what_are_nearly_entries(dice: Random) -> None:
    targets.batch(changed(BATCHES, mutations.changed_lines, dice))


@settings(max_examples=100)
@given(dice)
def test_a_file_that_is_nearly_an_export(dice: Random) -> None:
    targets.export(changed(EXPORTS, mutations.changed_lines, dice))


@pytest.mark.parametrize("export", EXPORTS)
def test_the_exports_of_the_seeds(export: bytes) -> None:
    targets.export(export)


@pytest.mark.parametrize("line", [*LINES[:18], b"", b"\xff", b"{}"])
def test_the_seeds(line: bytes) -> None:
    targets.entry(line)


@pytest.mark.parametrize("batch", BATCHES)
def test_the_batches_of_the_seeds(batch: bytes) -> None:
    targets.batch(batch)


LARGE = {
    "deep": b"[" * 2_000_000,
    "deep objects": b'{"a":' * 400_000,
    "wide": b"[" + b"[]," * 300_000 + b"[]]",
    "zeros": b"[" + b"0," * 450_000 + b"0]",
    "digits": b'{"type":"death","holder":' + b"9" * 1_000_000 + b"}",
    "digits after a point": b'{"type":"death","holder":0.' + b"9" * 1_000_000 + b"}",
    "keys": b"{" + b",".join(b'"%d":0' % number for number in range(90_000)) + b"}",
    "one key": b"{" + b",".join([b'"a":0'] * 150_000) + b"}",
    "text": b'{"type":"' + b"x" * 1_000_000 + b'"}',
    "escapes": b'{"type":"' + rb"\u3042" * 160_000 + b'"}',
    "longer than a line may be": b" " * 30_000_000,
}


@pytest.mark.parametrize("line", LARGE.values(), ids=LARGE.keys())
def test_a_line_takes_memory_in_proportion(line: bytes) -> None:
    tracemalloc.start()
    try:
        targets.entry(line)
        _, most = tracemalloc.get_traced_memory()
    finally:
        tracemalloc.stop()
    assert most < MOST_MEMORY, f"{most:,} bytes for a line of {len(line):,}"


def test_what_was_refused_is_not_kept() -> None:
    """Nobody fills the memory of a process that goes on by sending it what it refuses."""
    line = b'{"type":"death","holder":"%d","on":"%s"}'
    targets.entry(line % (0, b"x"))
    tracemalloc.start()
    try:
        for number in range(50):
            targets.entry(line % (number, b"%d" % number * 400_000))
        kept, _ = tracemalloc.get_traced_memory()
    finally:
        tracemalloc.stop()
    assert kept < MAX_LINE_BYTES, f"{kept:,} bytes are kept"
