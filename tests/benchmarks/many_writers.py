"""Many writers at once: of one SQLite file, and each of a ledger of its own on PostgreSQL."""

import json
import statistics
import subprocess
import sys
import tempfile
from collections.abc import Sequence
from itertools import count
from pathlib import Path
from time import perf_counter

from ledger import open_ledger
from tests.benchmarks.floors import bare_table, connection_string
from tests.benchmarks.timing import SCALE, compare, skip, tell_one
from tests.benchmarks.writer import BARE
from tests.postgres import NoServerError, shared_server

WRITERS = 8
LEDGERS = 16
REPOSITORY = Path(__file__).parents[2]


def writers(wanted: int) -> int:
    """How many processes: fewer where little is measured, as in a test of this."""
    return min(wanted, max(2, SCALE.most // 100))


def of_one_file(folder: Path) -> None:
    """Eight processes on one file, one entry a commit, against one process that records as many."""
    each, many = SCALE.size(100), writers(WRITERS)
    url = f"sqlite:///{folder / 'writers.db'}"
    open_ledger(url, create=True).close()
    waits: list[float] = []
    names = count(1)

    def at_once(processes: int, entries: int) -> float:
        took, waited = recorded_at_once(url, [(next(names), "main") for _ in range(processes)], entries)
        if processes == many:
            waits.extend(waited)
        return took

    compare(
        f"{many} writers of one SQLite file: one writer / {many} for as many entries",
        "at least 0.5",
        lambda: at_once(1, many * each),
        lambda: at_once(many, each),
        times=5,
    )
    percentiles = statistics.quantiles(waits, n=100)
    print(f"  p50 {percentiles[49] * 1000:.2f} ms, p99 {percentiles[98] * 1000:.2f} ms of {len(waits):,} waits")
    tell_one(f"{many} writers: p99 of the waits / p50", "at most 20", percentiles[98] / percentiles[49], "×")


def of_many_ledgers(folder: Path) -> None:
    """Sixteen processes, each with a ledger of its own on PostgreSQL, against one; and the same by the bare driver."""
    del folder
    try:
        with tempfile.TemporaryDirectory() as meeting, shared_server(Path(meeting), durable=True) as url:
            _of_many_ledgers(url)
    except NoServerError as error:
        skip(f"{LEDGERS} writers on PostgreSQL", str(error))


def _of_many_ledgers(url: str) -> None:
    import psycopg

    each, many = SCALE.size(200), writers(LEDGERS)
    ledgers = [f"issuer-{number}" for number in range(many)]
    for ledger in ledgers:
        open_ledger(url, ledger, create=True).close()
    with psycopg.connect(connection_string(url)) as connection:
        bare_table(connection, index=True)
        connection.commit()
    names = count(1)

    def at_once(of: Sequence[str], entries: int) -> float:
        return recorded_at_once(url, [(next(names), ledger) for ledger in of], entries)[0]

    for who, those in (("ours", ledgers), ("bare psycopg INSERT and commit", [BARE] * many)):
        compare(
            f"{many} writers of {many} ledgers on PostgreSQL, {who}: one writer / {many} for as many entries",
            "",
            lambda those=those: at_once(those[:1], many * each),  # type: ignore[misc]
            lambda those=those: at_once(those, each),  # type: ignore[misc]
            times=3,
        )


def recorded_at_once(url: str, writers: Sequence[tuple[int, str]], entries: int) -> tuple[float, list[float]]:
    """Let processes record so many entries each: how long all took together, and how long each entry.

    writers: the name and the ledger of each.
    """
    command = [sys.executable, "-m", "tests.benchmarks.writer", url]
    processes = [
        subprocess.Popen(
            [*command, str(name), str(entries), ledger],
            cwd=REPOSITORY, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True,
        )
        for name, ledger in writers
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
