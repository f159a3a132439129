"""What fuzzing begins with: lawful entries, receipts that hold, commands from the help; one of each kind at least."""

import json
import re
import shlex
from collections.abc import Iterator, Mapping
from datetime import UTC, datetime
from functools import cache
from pathlib import Path
from typing import Any

import click

from ledger.book import Book
from ledger.proof.checkpoint import Checkpoint, SignedCheckpoint, origin_of
from ledger.proof.note import Signature
from ledger.proof.receipt import Receipt
from ledger.proof.tree import Tree
from ledger.store.memory import MemoryLog
from tests.scenario import (
    acquired,
    adjusted,
    allotted,
    appointed,
    cancelled,
    company,
    consolidated,
    departed,
    died,
    exercised,
    inherited,
    issue,
    pricing,
    restructured,
    retraction,
    series_7,
    split,
    transferred,
    waived,
)

TESTS = Path(__file__).parents[1]
NOW = datetime(2026, 11, 22, tzinfo=UTC)
OPEN = {"while_in_office": True, "after_departure": {"months": 6}, "transfer": "free", "last_day_roll": "none"}


@cache
def opening() -> tuple[tuple[bytes, ...], ...]:
    """The batches that others find recorded: two companies, two series, people in every state, a retraction."""
    first = (
        *series_7(),
        issue("8", conditions=OPEN, exercise_price_adjustment="inverse", exercise_price="126.28"),
        pricing(1_900),
        allotted(24),
        allotted(10, "director-2"),
        allotted(7, "officer-1", position="executive-officer"),
        allotted(5, "officer-1", series="8"),
        appointed("2018-01-10", "auditor", "officer-1"),
        transferred("2018-02-01", 2, "buyer-1", "officer-1", series="8"),
        departed("2018-06-28"),
        exercised("2018-07-02", 4),
        died("2019-02-11", "director-2"),
        inherited("2019-03-15", "heir-1", "director-2"),
        split("2", "2020-12-31"),
        company("B"),
    )
    return tuple(map(_line, first)), (_line(retraction(9)),)


def opened() -> tuple[Book, MemoryLog]:
    """A ledger in memory, with the opening recorded."""
    log = MemoryLog()
    log.create("main", "2026-11-22T00:00:00.000000Z")
    book = Book(log, "main", now=lambda: NOW)
    for recorded in opening():
        book.record(recorded, actor="fuzz")
    return book, log


def exports() -> Iterator[bytes]:
    """The opening as an export: whole, its beginning, and nothing."""
    yield b"\n".join(_stored())
    yield b"\n\n".join(_stored()[:16]) + b"\n"
    yield b"\n"


def samples() -> Iterator[bytes]:
    """One entry of every kind, with every field."""
    for path in sorted((TESTS / "samples").glob("*.json")):
        yield _line(json.loads(path.read_bytes()))


def lines() -> Iterator[bytes]:
    """The samples, and every entry of every case."""
    yield from samples()
    for path in sorted((TESTS / "cases").glob("*/entries.jsonl")):
        yield from path.read_bytes().splitlines()


def batches() -> Iterator[bytes]:
    """Batches that go in after the opening, each by itself; the samples, which do not; and some that are empty."""
    further = (
        exercised("2018-07-03", 20, id="a", treasury_shares=10),
        waived("2019-04-01", 3, "heir-1", inherited_from="director-2"),
        exercised("2018-03-01", 2, "buyer-1", series="8", transferred_from="officer-1"),
        departed("2019-06-27", "officer-1", position="executive-officer", cause="retirement"),
        adjusted(42, "2021-01-01", "8"),
        consolidated("1/10", "2022-10-01"),
        restructured("2023-10-01", "share-exchange", successor="HD", ratio="3/2"),
        restructured("2023-10-01", "merger", successor="B", series_map={"7": "B7"}),
        split("3/2", "2022-03-31", meeting_closed_on="2022-06-28"),
        retraction(15),
        died("2018-07-04", "officer-1"),
    )
    yield from map(_line, further)
    yield b"\n".join(map(_line, further[:6]))
    yield b"\n".join(line for recorded in opening() for line in recorded)
    acquisition = acquired("2019-06-02", ["officer-1"], approved_on="2019-06-01", series="8")
    yield b"\n".join(map(_line, (acquisition, cancelled("2019-06-03", 3, "8"), retraction(13))))
    yield from samples()
    yield b"\n\n"


def receipts() -> Iterator[bytes]:
    """Receipts that hold: of the first entry, of one in the middle and of the last; the last one signed, by nobody."""
    tree, stored = Tree(), _stored()
    tree.extend(stored)
    for index in (0, len(stored) // 2, len(stored) - 1):
        path = tuple(tree.inclusion(index, tree.size))
        yield Receipt(stored[index], index, path, SignedCheckpoint(_checkpoint(tree), _signed(index))).rendered()


def checkpoints() -> Iterator[bytes]:
    """Checkpoints of an empty ledger and of the opening, with and without signatures and further lines."""
    tree = Tree()
    yield SignedCheckpoint(_checkpoint(tree)).rendered()
    tree.extend(_stored())
    yield SignedCheckpoint(_checkpoint(tree), _signed(1)).rendered()
    further = _checkpoint(tree)._replace(extensions=("restored 3 of 17", "— no signature"[2:]))
    yield SignedCheckpoint(further, _signed(2)).rendered()


def notes() -> Iterator[bytes]:
    """Signed notes, and a verifier key of the specification's example."""
    yield from checkpoints()
    yield b"PeterNeumann+c74f20a3+ARpc2QcUPDhMQegwxbzhKqiBfsVkmqq/LDE4izWy10TW"


def calls() -> Iterator[bytes]:
    """The example of every command, with and without --json, and batches on standard input."""
    for words in examples():
        yield b"\0".join(word.encode() for word in words)
        yield b"\0".join(word.encode() for word in [*words, "--json"])
    for given in batches():
        yield b"\0".join([b"record", b"-", b"--json"]) + b"\0\0" + given
    for options in ([b"--keep-going"], [b"--dry-run"], [b"--expect-version", b"17"]):
        yield b"\0".join([b"record", b"-", *options]) + b"\0\0" + _line(retraction(15))


def examples() -> list[list[str]]:
    """The words of every example in a help text, without the command's own name."""
    return [
        shlex.split(found)
        for command in commands().values()
        for found in re.findall(r"Example: rights (.*)", command.help or "")
    ]


@cache
def commands() -> Mapping[str, click.Command]:
    """Every command by its words: ``record``, ``db upgrade``."""
    from ledger.cli.commands import KNOWN, loaded

    found: dict[str, click.Command] = {}

    def visit(words: str, command: click.Command) -> None:
        below = getattr(command, "commands", None)
        if below is None:
            found[words] = command
            return
        for name, each in below.items():
            visit(f"{words} {name}", each)

    for name in KNOWN:
        visit(name, loaded(name))
    return found


def _line(entry: Mapping[str, Any]) -> bytes:
    return json.dumps(entry, ensure_ascii=False).encode()


@cache
def _stored() -> tuple[bytes, ...]:
    """The opening as a ledger keeps it."""
    _, log = opened()
    return tuple(log.read("main"))


def _checkpoint(tree: Tree) -> Checkpoint:
    return Checkpoint(origin_of("main"), tree.size, tree.root(tree.size))


def _signed(count: int) -> tuple[Signature, ...]:
    return tuple(Signature(f"witness-{number}", bytes(4), bytes(64)) for number in range(min(count, 2)))
