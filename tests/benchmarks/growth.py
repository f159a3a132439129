"""What an entry costs as a ledger grows, and balances as of a day beside ledger and hledger."""

import shutil
import sys
from collections.abc import Callable
from functools import partial
from pathlib import Path

from ledger import open_ledger
from ledger.store import open_log
from tests.benchmarks.all_ledgers import ask, scan_all
from tests.benchmarks.floors import executemany, file_of, rows_of, scan
from tests.benchmarks.ledgers import issuers, lines_file, lived
from tests.benchmarks.lives import lives
from tests.benchmarks.peers import journal
from tests.benchmarks.reading import folded
from tests.benchmarks.timing import SCALE, Process, compare, ran, seconds, skip, tell_one, tell_point

AT_ONCE = 1_000_000
"""Lines of one `rights record`: it takes no larger input."""

RIGHTS = (sys.executable, "-m", "ledger")


def growing(folder: Path) -> None:
    """One ledger of 10,000, 100,000 … entries: microseconds an entry of everything that reads or writes all of it."""
    for size in SCALE.sizes(10_000, 100_000, 1_000_000):
        url = f"sqlite:///{folder / f'grown-{size}.db'}"
        recorded = in_parts(folder, url, size)
        tell_point("rights record", size, recorded.seconds)
        promise = "at most 150" if size == AT_ONCE else ""
        tell_one(f"memory of rights record, {size:,} entries", promise, recorded.megabytes, "MB")
        verified = ran([*RIGHTS, "verify", "--db", url])
        tell_point("rights verify", size, verified.seconds)
        tell_one(f"memory of rights verify, {size:,} entries", "", verified.megabytes, "MB")
        held = ran([*RIGHTS, "holdings", "--as-of", "2100-01-01", "--json", "--db", url])
        tell_point("rights holdings", size, held.seconds)
        tell_one(f"memory of rights holdings, {size:,} entries", "", held.megabytes, "MB")
        log = open_log(url)
        tell_point("read, decoded and folded", size, seconds(partial(folded, log)))
        log.close()
        tell_point("bare scan", size, seconds(partial(scan, file_of(url))))
        rows = rows_of(url)
        tell_point("raw executemany", size, seconds(partial(executemany, folder / "bare.db", rows)))
        file_of(url).unlink()


def growing_database(folder: Path) -> None:
    """Databases of 10,000, 100,000 … entries in ledgers of 1,000: what an entry costs, and one ledger's question."""
    for size in SCALE.sizes(10_000, 100_000, 1_000_000, 10_000_000):
        url = issuers(folder, size)
        tell_point("all ledgers: bare scan", size, seconds(partial(scan_all, file_of(url))))
        asked = ask(url, folder / "answers.jsonl")
        tell_point("all ledgers: holdings", size, asked.seconds)
        tell_one(f"memory of rights holdings --all-ledgers, {size:,} entries", "", asked.megabytes, "MB")
        verified = ran([*RIGHTS, "verify", "--all-ledgers", "--db", url])
        tell_point("all ledgers: verify", size, verified.seconds)
        tell_one(f"memory of rights verify --all-ledgers, {size:,} entries", "", verified.megabytes, "MB")


def in_parts(folder: Path, url: str, size: int) -> Process:
    """`rights record` of so many lines, a process for each million: how long all took, and the largest."""
    open_ledger(url, create=True).close()
    took, largest = 0.0, 0
    for first in range(0, size, AT_ONCE):
        lines = lines_file(folder, size, first=first, until=first + AT_ONCE)
        part = ran([*RIGHTS, "record", lines, "--db", url])
        took, largest = took + part.seconds, max(largest, part.megabytes)
        lines.unlink()
    return Process(took, largest)


def balances(folder: Path) -> None:
    """Every balance as of a day, against ledger and hledger on a journal of the same facts."""
    for size in SCALE.sizes(10_000, 100_000):
        url = lived(folder, size)
        file = folder / f"{size}.journal"
        with file.open("w", encoding="utf-8") as stream:
            stream.writelines(journal(lives(size)))
        ours = partial(ran, [*RIGHTS, "holdings", "--as-of", "2030-12-31", "--json", "--db", url])
        tell_one(f"memory of rights holdings of {size:,} entries", "", ours().megabytes, "MB")
        for peer, span in (("ledger", ["--end", "2031/01/01"]), ("hledger", ["--end", "2031-01-01"])):
            if shutil.which(peer) is None:
                skip(f"balances by {peer}", "it is not installed")
                continue
            theirs = partial(ran, [peer, "-f", file, "balance", *span])
            tell_one(f"memory of {peer} balance of {size:,} transactions", "", theirs().megabytes, "MB")
            compare(
                f"{peer} balance of {size:,} transactions as of a day / rights holdings of the same entries",
                "",
                partial(seconds_of, theirs),
                partial(seconds_of, ours),
                times=3,
            )


def seconds_of(process: Callable[[], Process]) -> float:
    """How long a process takes."""
    return process().seconds
