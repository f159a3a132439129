"""One durable entry more: SQLite, and many writers of one file."""

import sys
from collections.abc import Callable, Iterator
from itertools import count
from pathlib import Path

from ledger import open_ledger
from ledger.book import Book
from tests.benchmarks import peers
from tests.benchmarks.floors import INSERT, bare_file, renumbered, rows_of
from tests.benchmarks.ledgers import filled, lived, next_one
from tests.benchmarks.timing import SCALE, Timed, compare, ran, seconds

AT_ONCE = 50
"""Appends in one timing: one alone is as long as the disk's whim."""


def repeated(act: Callable[[int], object], numbers: Iterator[int] | None = None) -> Timed:
    """Time a number of appends, each with a number of its own."""
    numbers = count(1) if numbers is None else numbers

    def several() -> None:
        for _ in range(AT_ONCE):
            act(next(numbers))

    return lambda: seconds(several)


def one_by_one(book: Book) -> Timed:
    """Time appends of ours, an entry with an id a call."""
    return repeated(lambda number: book.record([next_one(number)], actor="bench"))


def appending(folder: Path) -> None:
    """One durable append in a warm process, against raw sqlite3 and against eventsourcing."""
    size = SCALE.size(1_000)
    url = lived(folder, size)
    rows = rows_of(url)
    bare = bare_file(folder / "bare.db", index=True)
    bare.executemany(INSERT, rows)
    with open_ledger(url) as book:
        ours = one_by_one(book)
        compare(
            f"append to {size:,} entries, SQLite: raw INSERT / ours",
            "at least 0.55",
            repeated(lambda number: bare.execute(INSERT, renumbered(rows[-1], number)), count(size + 1)),
            ours,
            times=15,
        )
        if peers.HAS_EVENTSOURCING:
            recorder = peers.sqlite_recorder(folder / "peer.db")
            append = peers.appending(recorder)
            theirs = repeated(lambda _number: append(rows[-1][-1]))
            compare("append, SQLite: eventsourcing / ours", "at least 1", theirs, ours, times=15)
            recorder.datastore.close()
        else:
            peers.skip_eventsourcing("append, SQLite: eventsourcing")
    bare.close()


def one_more(folder: Path) -> None:
    """Recording one entry into a ledger of 10,000, against one of 100: in an open book, and as a whole process."""
    numbers = iter(range(10**6))

    def entry(number: int) -> dict[str, object]:
        return {"type": "appointment", "holder": f"new-{number}", "position": "director", "on": "2150-01-01"}

    large, small = filled(folder, 10_001), filled(folder, 101)
    with open_ledger(large) as in_large, open_ledger(small) as in_small:
        compare(
            "one entry more, open book: ledger of 10,000 / ledger of 100",
            "at most 2",
            lambda: seconds(lambda: in_large.record([entry(next(numbers))], actor="bench")),
            lambda: seconds(lambda: in_small.record([entry(next(numbers))], actor="bench")),
            times=51,
        )

    def appoint(url: str) -> Timed:
        given = ["--holder", "new", "--position", "director", "--on", "2150-01-01", "--db", url]
        return lambda: ran([sys.executable, "-m", "ledger", "appoint", *given]).seconds

    compare(
        "one entry more, whole process: ledger of 10,000 / ledger of 100", "at most 2", appoint(large), appoint(small)
    )
