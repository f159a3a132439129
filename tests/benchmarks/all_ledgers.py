"""What is promised about questions over a whole database: `make bench ARGS='--only all-ledgers'`."""

import os
import shutil
import sqlite3
import sys
from collections.abc import Iterator
from functools import partial
from heapq import merge
from itertools import groupby
from pathlib import Path

from ledger.store.codec import all_recorded_from
from tests.benchmarks.floors import file_of
from tests.benchmarks.ledgers import PER_ISSUER, issuers
from tests.benchmarks.lives import lives
from tests.benchmarks.peers import journal
from tests.benchmarks.timing import SCALE, Process, compare, ran, seconds, skip, tell_one

LATER = "2100-01-01"
PEERS = (("ledger", "at least 5", ["--end", "2100/01/02"]), ("hledger", "at least 25", ["--end", "2100-01-02"]))
ROWS_AT_ONCE = 256


def read(file: Path) -> Iterator[list[bytes]]:
    """The bytes of all entries of a file, some rows at once, with nothing but the driver."""
    connection = sqlite3.connect(file)
    found = connection.execute("SELECT bytes FROM entries ORDER BY ledger_id, version")
    while part := found.fetchmany(ROWS_AT_ONCE):
        yield [stored for (stored,) in part]
    connection.close()


def scan_all(file: Path) -> int:
    """Read all entries of a file; how many."""
    return sum(map(len, read(file)))


def read_and_decode(file: Path) -> None:
    """Read and decode all entries of a file in this process."""
    for part in read(file):
        all_recorded_from(part)


def ask(url: str, answers: Path) -> Process:
    """`rights holdings` of every ledger of a database, as a whole process."""
    answers.unlink(missing_ok=True)
    asked = ("holdings", "--all-ledgers", "--as-of", LATER, "--format", "jsonl", "--out", answers, "--db", url)
    return ran([sys.executable, "-m", "ledger", *asked])


def holdings(folder: Path) -> None:
    """`rights holdings` of a whole database, against reading and decoding it, and against ledger and hledger."""
    count = SCALE.size(1_000_000)
    url = issuers(folder, count)
    processors = os.cpu_count() or 1
    memory: list[int] = []

    def ours() -> float:
        took = ask(url, folder / "answers.jsonl")
        memory.append(took.megabytes)
        return took.seconds

    compare(
        f"rights holdings of {count:,} entries in ledgers of {PER_ISSUER:,}, whole process"
        f" / reading and decoding all of them, by {processors} processors",
        "at most 1.5",
        ours,
        lambda: seconds(partial(read_and_decode, file_of(url))) / processors,
        times=3,
    )
    tell_one("memory of the largest of its processes", "", max(memory), "MB")
    file = folder / "all.journal"
    with file.open("w", encoding="utf-8") as stream:
        stream.writelines(together(max(1, count // PER_ISSUER), min(count, PER_ISSUER)))
    for peer, promise, span in PEERS:
        if shutil.which(peer) is None:
            skip(f"balances of {count:,} transactions by {peer}", "it is not installed")
            continue
        theirs = partial(ran, [peer, "-f", file, "balance", *span])
        needed: list[int] = []

        def balance(theirs: partial[Process] = theirs, needed: list[int] = needed) -> float:
            took = theirs()
            needed.append(took.megabytes)
            return took.seconds

        compare(
            f"{peer} balance of {count:,} transactions / rights holdings of the same", promise, balance, ours, times=1
        )
        tell_one(f"memory of rights / of {peer}", "at most 0.1", max(memory) / max(needed), "×")


def together(ledgers: int, entries: int) -> Iterator[str]:
    """A journal of all ledgers' facts in the order of their days; each ledger has accounts of its own."""
    journals = (_days_of(f"issuer-{number}", entries, number) for number in range(ledgers))
    for _, transaction in merge(*journals, key=lambda each: each[0]):
        yield transaction


def _days_of(issuer: str, entries: int, seed: int) -> Iterator[tuple[str, str]]:
    """Each transaction of one ledger with its day."""
    lines = journal(lives(entries, seed=seed), under=f"{issuer}:")
    for is_end, transaction in groupby(lines, key=lambda line: line == "\n"):
        if not is_end:
            text = "".join(transaction)
            yield text[:10], f"{text}\n"
