"""Many entries at once: `rights record`, against what the drivers do with the same rows."""

import json
import sqlite3
import sys
from collections.abc import Sequence
from functools import partial
from itertools import count
from pathlib import Path

from ledger import open_ledger
from ledger.store import open_log
from ledger.store.log import Row
from tests.benchmarks.floors import RawRow, executemany, rows_of
from tests.benchmarks.ledgers import entries, lines_file, lived
from tests.benchmarks.timing import SCALE, Process, compare, ran, seconds, tell_one


def record_file(url: str, file: Path, ledger: str = "main") -> Process:
    """`rights record` of a file of lines, as a whole process, into a new ledger."""
    open_ledger(url, ledger, create=True).close()
    return ran([sys.executable, "-m", "ledger", "record", file, "--db", url, "--ledger", ledger])


def bulk(folder: Path) -> None:
    """`rights record` of lines in order, against a raw executemany of the same rows with the index built last."""
    size = SCALE.size(100_000)
    lines, rows = lines_file(folder, size), rows_of(lived(folder, size))
    numbers, memory = count(), list[int]()

    def ours() -> float:
        file = folder / f"bulk-{next(numbers)}.db"
        took = record_file(f"sqlite:///{file}", lines)
        memory.append(took.megabytes)
        file.unlink()
        return took.seconds

    compare(
        f"raw executemany of {size:,} rows, index built last / rights record of the lines, whole process",
        "at least 0.25",
        partial(seconds, partial(executemany, folder / "bare.db", rows)),
        ours,
        times=3,
    )
    tell_one(f"memory of rights record of {size:,} lines", "", max(memory), "MB")


def recording(folder: Path) -> None:
    """`rights record` of a batch in order, against a raw executemany of the same rows into the same table."""
    for size in SCALE.sizes(2_500, 10_000, 40_000):
        lines = [json.dumps(each) for each in entries(size)]
        with open_ledger(f"sqlite:///{folder / f'rows-{size}.db'}", create=True) as book:
            book.record(lines, actor="bench")
        source = open_log(f"sqlite:///{folder / f'rows-{size}.db'}")
        rows = [("main", *row) for row in source.rows("main")]
        source.close()
        compare(
            f"raw executemany of {size:,} rows / rights record of the same lines as one batch",
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


def raw_insert(folder: Path, rows: Sequence[RawRow]) -> float:
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
