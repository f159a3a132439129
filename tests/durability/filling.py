"""A process that fills the disk it records on: `python -m tests.durability.filling FOLDER disk|limit`.

disk: the folder is a small disk, most of it taken by something else, which goes away later. limit: no file may grow
beyond what the kernel allows this process, which is raised later. Prints what it saw, one JSON object.
"""

import json
import resource
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any, NamedTuple

from ledger import Book, DatabaseError, open_ledger
from tests.durability.life import LEDGER, appointment, url

ROOM_BYTES = 600_000
REFUSALS = 6


class Seen(NamedTuple):
    """recorded: entries acknowledged until there was no room. there: how many the same book, and another, found then.
    refusals: codes, exit codes and messages. in_the_end: entries, when there was room and the rest was sent again.
    """

    recorded: int
    there: tuple[int, int]
    refusals: list[tuple[str, int, str]]
    in_the_end: int


def batch(number: int) -> list[dict[str, Any]]:
    """Batches of several sizes, so that they meet the end of the room in several places."""
    return [appointment(10 * number + each, "x" * (500 + 300 * number % 4_000)) for each in range(1 + number % 7)]


def fill(folder: Path, make_room: Callable[[], None]) -> Seen:
    """Record until several batches in a row are refused, then make room and send those again."""
    refused: list[list[dict[str, Any]]] = []
    refusals: list[tuple[str, int, str]] = []
    with open_ledger(url(folder), LEDGER) as book:
        number = recorded = 0
        while len(refused) < REFUSALS:
            number += 1
            try:
                book.record(batch(number), actor="hr")
                recorded += len(batch(number))
            except DatabaseError as error:
                refused.append(batch(number))
                refusals.append((error.code, error.exit_code, error.message))
        there = entries_of(book)
        with open_ledger(url(folder), LEDGER) as another:
            there_for_another = entries_of(another)
        make_room()
        for again in refused:
            book.record(again, actor="hr")
        book.verify()
        entries = entries_of(book)
    wanted = {entry["id"] for each in range(1, number + 1) for entry in batch(each)}
    assert sorted(entries) == sorted(wanted), "an entry is missing, or one too many is there"
    return Seen(recorded, (len(there), len(there_for_another)), refusals, len(entries))


def entries_of(book: Book) -> list[str]:
    """Ids of the entries, in their order."""
    return [row.to_dict()["entry"]["id"] for row in book.history()]


def fill_disk(folder: Path) -> Seen:
    """The disk is filled but for some room before the first entry."""
    open_ledger(url(folder), LEDGER, create=True).close()
    ballast = folder / "ballast"
    with ballast.open("wb", buffering=0) as file:
        try:
            while True:
                file.write(bytes(4096))
        except OSError:
            file.truncate(max(0, file.tell() - ROOM_BYTES))
    return fill(folder, ballast.unlink)


def fill_to_limit(folder: Path) -> Seen:
    """Python ignores the signal that comes with the limit; the write then fails."""
    open_ledger(url(folder), LEDGER, create=True).close()
    _, most = resource.getrlimit(resource.RLIMIT_FSIZE)
    resource.setrlimit(resource.RLIMIT_FSIZE, (ROOM_BYTES, most))
    return fill(folder, lambda: resource.setrlimit(resource.RLIMIT_FSIZE, (most, most)))


if __name__ == "__main__":
    filled, kind = Path(sys.argv[1]), sys.argv[2]
    seen = fill_disk(filled) if kind == "disk" else fill_to_limit(filled)
    sys.stdout.write(json.dumps(seen._asdict()))
