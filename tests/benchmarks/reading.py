"""Reading and folding: one ledger, against the bare scan of it; one of many; an entry that comes late."""

from datetime import date
from functools import partial
from itertools import count
from pathlib import Path

from ledger import open_ledger
from ledger.domain.evolve import fold
from ledger.domain.state import State
from ledger.domain.timeline import timeline
from ledger.store import open_log
from ledger.store.codec import opened
from ledger.store.log import Log
from tests.benchmarks import peers
from tests.benchmarks.floors import file_of, scan
from tests.benchmarks.ledgers import PER_ISSUER, filled, issuers, late_on, lived, middle_of
from tests.benchmarks.timing import SCALE, compare, seconds

LATER = date(2100, 1, 1)


def folded(log: Log) -> State:
    """Read, decode and fold the one ledger."""
    return fold(timeline(each for _, each in opened(log.read("main"))))


def decoded(log: Log) -> None:
    """Read and decode it."""
    for _ in opened(log.read("main")):
        pass


def scanning(folder: Path) -> None:
    """A ledger read, decoded and folded, against the bare scan of its tuples and an aggregate of eventsourcing."""
    for size in SCALE.sizes(1_000, 100_000):
        url = lived(folder, size)
        log = open_log(url)
        compare(
            f"bare scan of {size:,} entries / reading, decoding and folding them",
            "at least 0.35",
            partial(seconds, partial(scan, file_of(url))),
            partial(seconds, partial(folded, log)),
            times=7 if size > PER_ISSUER else 31,
        )
        log.close()
    against_eventsourcing(folder)


def against_eventsourcing(folder: Path) -> None:
    """A ledger of 1,000 read, decoded and folded, against an aggregate of as many events."""
    if not peers.HAS_EVENTSOURCING:
        peers.skip_eventsourcing("an aggregate loaded by eventsourcing")
        return
    size = SCALE.size(PER_ISSUER)
    log = open_log(lived(folder, size))
    with peers.aggregate(folder / "peer.db", size) as load:
        compare(
            f"aggregate of {size:,} events loaded by eventsourcing / our fold of as many, read and decoded",
            "at least 8",
            partial(seconds, load),
            partial(seconds, partial(folded, log)),
            times=15,
        )
    log.close()


def folding(folder: Path) -> None:
    """The fold of 100,000 entries of one ledger, against reading and decoding them."""
    size = SCALE.size(100_000)
    log = open_log(filled(folder, size))
    recorded = [each for _, each in opened(log.read("main"))]
    compare(
        f"fold of {size:,} entries / reading and decoding them",
        "at most 3",
        lambda: seconds(lambda: fold(timeline(recorded))),
        lambda: seconds(lambda: [each for _, each in opened(log.read("main"))]),
        times=5,
    )
    log.close()


def as_of(folder: Path) -> None:
    """Holdings of one ledger of 1,000 entries, in a small database and in a large one, opened anew each time."""
    small, large = SCALE.size(10_000), SCALE.most

    def asked(url: str) -> None:
        with open_ledger(url, "issuer-0") as book:
            book.holdings(LATER)

    compare(
        f"holdings of a ledger of {min(PER_ISSUER, large):,} in a database of {large:,} entries / of {small:,}",
        "at most 1.2",
        partial(seconds, partial(asked, issuers(folder, large))),
        partial(seconds, partial(asked, issuers(folder, small))),
        times=21,
    )


def one_large(folder: Path) -> None:
    """One ledger of 100,000 entries: its holdings against reading it, a late entry against one fold."""
    size = SCALE.size(100_000)
    url = lived(folder, size)
    log = open_log(url)

    def asked() -> None:
        with open_ledger(url) as book:
            book.holdings(LATER, why=False)

    compare(
        f"holdings of a ledger of {size:,} / reading and decoding it",
        "at most 2",
        partial(seconds, asked),
        partial(seconds, partial(decoded, log)),
        times=5,
    )
    recorded = [each for _, each in opened(log.read("main"))]
    numbers, middle = count(), middle_of(size)

    def late() -> float:
        return seconds(lambda: book.record([late_on(middle, next(numbers))], actor="bench"))

    with open_ledger(url) as book:
        compare(
            f"a late entry in the middle of {size:,} recorded / one fold",
            "at most 2",
            late,
            lambda: seconds(lambda: fold(timeline(recorded))),
            times=5,
        )
    log.close()
