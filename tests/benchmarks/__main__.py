"""What is promised about speed, as ratios measured in one run: `make bench`.

The disk and the neighbours drift from minute to minute, so each figure is measured in turn with what it is compared
to, several times, and the median of the ratios is told, with the least and the greatest.
"""

import json
import os
import sqlite3
import subprocess
import sys
import tempfile
from collections.abc import Sequence
from functools import partial
from pathlib import Path

from ledger import open_ledger
from ledger.domain.evolve import fold
from ledger.domain.timeline import timeline
from ledger.store import open_log
from ledger.store.codec import opened
from ledger.store.log import Row
from tests.benchmarks import all_ledgers, price, trust
from tests.benchmarks.ledgers import entries
from tests.benchmarks.timing import Timed, compare, seconds


def process(arguments: Sequence[str], environment: dict[str, str]) -> Timed:
    """Time a whole process."""
    return lambda: seconds(lambda: subprocess.run(arguments, env=environment, capture_output=True, check=True))


def filled(folder: Path, count: int) -> str:
    """The URL of a new database with one ledger of so many entries."""
    url = f"sqlite:///{folder / f'{count}.db'}"
    with open_ledger(url, create=True) as book:
        book.record(entries(count), actor="bench")
    return url


def start_up(folder: Path) -> None:
    """`rights holdings` on a ledger of 1,000 entries, and the help of all commands, as whole processes."""
    environment = {**os.environ, "RIGHTS_DB": filled(folder, 1_000)}
    nothing = process([sys.executable, "-c", "pass"], environment)
    for words, promise in (("holdings", "at most 12"), ("--help", "at most 15")):
        ours = process([sys.executable, "-m", "ledger", words], environment)
        compare(f"rights {words}, whole process / python -c pass", promise, ours, nothing)


def folding(folder: Path) -> None:
    """The fold of 100,000 entries of one ledger, against reading and decoding them."""
    log = open_log(filled(folder, 100_000))
    recorded = [each for _, each in opened(log.read("main"))]
    compare(
        "fold of 100,000 entries / reading and decoding them",
        "at most 3",
        lambda: seconds(lambda: fold(timeline(recorded))),
        lambda: seconds(lambda: [each for _, each in opened(log.read("main"))]),
        times=5,
    )
    log.close()


def recording(folder: Path) -> None:
    """`rights record` of a batch in order, against a raw executemany of the same rows into the same table."""
    for count in (2_500, 10_000, 40_000):
        lines = [json.dumps(each) for each in entries(count)]
        with open_ledger(f"sqlite:///{folder / f'rows-{count}.db'}", create=True) as book:
            book.record(lines, actor="bench")
        source = open_log(f"sqlite:///{folder / f'rows-{count}.db'}")
        rows = [("main", *row) for row in source.rows("main")]
        source.close()
        compare(
            f"raw executemany of {count:,} rows / rights record of the same lines as one batch",
            "at least 0.15, and the same at every size",
            partial(raw_insert, folder, rows),
            partial(record_all, folder, lines),
            times=5,
        )


def fresh(folder: Path) -> Path:
    """A new database with an empty ledger."""
    file = folder / "fresh.db"
    for each in folder.glob("fresh.db*"):
        each.unlink()
    open_ledger(f"sqlite:///{file}", create=True).close()
    return file


def raw_insert(folder: Path, rows: Sequence[tuple[str, *tuple[object, ...]]]) -> float:
    """Time one executemany, committed durably, into the very table."""
    connection = sqlite3.connect(fresh(folder), isolation_level=None)
    connection.execute("PRAGMA synchronous=FULL")
    names = ", ".join(("ledger_id", *Row._fields))
    marks = ", ".join("?" * (len(Row._fields) + 1))

    def insert() -> None:
        connection.execute("BEGIN IMMEDIATE")
        connection.executemany(f"INSERT INTO entries ({names}) VALUES ({marks})", rows)
        connection.execute("COMMIT")

    took = seconds(insert)
    connection.close()
    return took


def record_all(folder: Path, lines: Sequence[str]) -> float:
    """Time recording lines as one batch in a new ledger, from opening the database to closing it."""
    url = f"sqlite:///{fresh(folder)}"

    def record() -> None:
        with open_ledger(url) as book:
            book.record(lines, actor="bench")

    return seconds(record)


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
        return process([sys.executable, "-m", "ledger", "appoint", *given], dict(os.environ))

    compare(
        "one entry more, whole process: ledger of 10,000 / ledger of 100", "at most 2", appoint(large), appoint(small)
    )


BENCHMARKS = {
    "speed": (start_up, folding, recording, one_more),
    "trust": (trust.growing, trust.checking_a_receipt, trust.verifying),
    "price": (price.grids,),
    "all-ledgers": (all_ledgers.holdings,),
}


def main(chosen: Sequence[str]) -> None:
    """Measure everything, or what is named."""
    for name in chosen or BENCHMARKS:
        for benchmark in BENCHMARKS[name]:
            with tempfile.TemporaryDirectory() as folder:
                benchmark(Path(folder))


if __name__ == "__main__":
    main(sys.argv[1:])
