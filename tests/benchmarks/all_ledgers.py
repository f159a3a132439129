"""What is promised about questions over a whole database: `make bench ARGS=all-ledgers`."""

import gc
import os
import resource
import sqlite3
import subprocess
import sys
from functools import partial
from pathlib import Path

from ledger.store.codec import recorded_from
from tests.benchmarks.timing import SCALE, compare, seconds
from tests.benchmarks.trust import LEDGERS, filled_with


def read_and_decode(file: Path) -> None:
    """Read the bytes of all entries of a file and decode them, in this process, with nothing but the driver."""
    gc.disable()  # as the command does
    connection = sqlite3.connect(file)
    for (stored,) in connection.execute("SELECT bytes FROM entries ORDER BY ledger_id, version"):
        recorded_from(stored)
    connection.close()
    gc.enable()


def holdings(folder: Path) -> None:
    """`rights holdings` of a whole database, against reading and decoding all entries on as many processors."""
    each = SCALE.size(1_000)
    ledgers = min(LEDGERS, SCALE.most // each)
    url = filled_with(folder, ledgers, each)
    file = Path(url.removeprefix("sqlite:///"))
    asked = ("holdings", "--all-ledgers", "--as-of", "2018-07-01", "--format", "jsonl", "--db", url)
    processors = os.cpu_count() or 1

    def ask() -> None:
        with (folder / "answers.jsonl").open("wb") as out:
            subprocess.run([sys.executable, "-m", "ledger", *asked], check=True, stdout=out)

    compare(
        f"rights holdings of {ledgers:,} × {each:,} entries, whole process"
        f" / reading and decoding all of them, by {processors} processors",
        "at most 1.5",
        partial(seconds, ask),
        lambda: seconds(partial(read_and_decode, file)) / processors,
        times=3,
    )
    print(f"  the largest process took {resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss // 1024} MB")
