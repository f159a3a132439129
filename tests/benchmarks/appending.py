"""One durable entry more: SQLite, and many writers of one file."""

import json
import statistics
import subprocess
import sys
from collections.abc import Callable, Iterator
from itertools import count
from pathlib import Path
from time import perf_counter

from ledger import open_ledger
from ledger.book import Book
from tests.benchmarks import peers
from tests.benchmarks.floors import INSERT, bare_file, renumbered, rows_of
from tests.benchmarks.ledgers import filled, lived, next_one
from tests.benchmarks.timing import SCALE, Timed, compare, ran, seconds, tell_one

AT_ONCE = 50
"""Appends in one timing: one alone is as long as the disk's whim."""

WRITERS = 8
REPOSITORY = Path(__file__).parents[2]


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


def writers(folder: Path) -> None:
    """Eight processes on one file, one entry a commit, against one process that records as many."""
    each = SCALE.size(100)
    url = f"sqlite:///{folder / 'writers.db'}"
    open_ledger(url, create=True).close()
    waits: list[float] = []
    names = count(1)

    def at_once(processes: int, entries: int) -> float:
        took, waited = recorded_at_once(url, [next(names) for _ in range(processes)], entries)
        if processes == WRITERS:
            waits.extend(waited)
        return took

    compare(
        f"{WRITERS} writers of one SQLite file: one writer / {WRITERS} for as many entries",
        "at least 0.5",
        lambda: at_once(1, WRITERS * each),
        lambda: at_once(WRITERS, each),
        times=5,
    )
    percentiles = statistics.quantiles(waits, n=100)
    print(f"  p50 {percentiles[49] * 1000:.2f} ms, p99 {percentiles[98] * 1000:.2f} ms of {len(waits):,} waits")
    tell_one(f"{WRITERS} writers: p99 of the waits / p50", "at most 20", percentiles[98] / percentiles[49], "×")


def recorded_at_once(url: str, names: list[int], entries: int) -> tuple[float, list[float]]:
    """Let a process a name record so many entries: how long all took together, and how long each entry."""
    command = [sys.executable, "-m", "tests.benchmarks.writer", url]
    processes = [
        subprocess.Popen(
            [*command, str(name), str(entries)],
            cwd=REPOSITORY, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True,
        )
        for name in names
    ]  # fmt: skip
    for process in processes:
        assert process.stdout is not None
        assert process.stdout.readline() == "ready\n"
    began = perf_counter()
    for process in processes:
        assert process.stdin is not None
        process.stdin.write("go\n")
        process.stdin.flush()
    lines = [process.stdout.readline() for process in processes if process.stdout is not None]
    took = perf_counter() - began
    for process in processes:
        process.communicate()
        assert process.returncode == 0
    return took, [wait for line in lines for wait in json.loads(line)]
