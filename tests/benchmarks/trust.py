"""What is promised about proofs, as ratios measured in one run: `make bench ARGS='--only trust'`."""

import gc
import os
import resource
import sqlite3
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from functools import partial
from hashlib import sha256
from pathlib import Path
from unittest.mock import patch

from ledger import open_ledger
from ledger.proof import tree
from ledger.proof.checkpoint import Checkpoint, SignedCheckpoint, origin_of
from ledger.proof.receipt import Receipt
from tests.benchmarks.ledgers import entries
from tests.benchmarks.timing import SCALE, compare, seconds, tell_one

LEDGERS = int(os.environ.get("LEDGERS", "1000"))


def filled_with(folder: Path, ledgers: int, count: int) -> str:
    """The URL of a new database with so many ledgers of so many entries each."""
    url = f"sqlite:///{folder / f'{ledgers}x{count}.db'}"
    lines = list(entries(count))
    for number in range(ledgers):
        with open_ledger(url, f"issuer-{number}", create=True) as book:
            book.record(lines, actor="bench")
    return url


def read_and_hash(file: Path) -> None:
    """Read all rows of a file and hash their bytes, with nothing but the driver."""
    connection = sqlite3.connect(file)
    rows = connection.execute("SELECT * FROM entries ORDER BY ledger_id, version")
    column = [each[0] for each in rows.description].index("bytes")
    for row in rows:
        sha256(row[column]).digest()
    connection.close()


def verifying(folder: Path) -> None:
    """`rights verify` of a whole database, and of one large ledger, against reading all rows and hashing them."""
    each = SCALE.size(1_000)
    ledgers = min(LEDGERS, SCALE.most // each)
    for number, count in ((ledgers, each), (1, SCALE.size(100_000))):
        url = filled_with(folder, number, count)
        file = Path(url.removeprefix("sqlite:///"))
        command = [sys.executable, "-m", "ledger", "verify", "--all-ledgers", "--db", url]
        compare(
            f"rights verify of {number:,} × {count:,} entries, whole process / reading all rows and hashing them",
            "at most 3",
            partial(seconds, partial(subprocess.run, command, check=True, capture_output=True)),
            partial(seconds, partial(read_and_hash, file)),
            times=3,
        )
        print(f"  the largest process took {resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss // 1024} MB")
        file.unlink()


def checking_a_receipt(folder: Path) -> None:
    """A receipt of a ledger of 10,000 entries is read and checked in process."""
    size = SCALE.size(10_000)
    with open_ledger(filled_with(folder, 1, size)) as book:
        whole, stored = book.tree(), book.stored(size // 2)
        checkpoint = SignedCheckpoint(Checkpoint(origin_of(book.ledger), whole.size, whole.root(whole.size)))
        content = Receipt(
            stored, size // 2 - 1, tuple(whole.inclusion(size // 2 - 1, whole.size)), checkpoint
        ).rendered()
    gc.collect()
    took = [seconds(lambda: Receipt.parse(content).check(())) for _ in range(size // 10)]
    tell_one("a receipt's check", "under 1 ms", sorted(took)[len(took) // 2] * 1000, "ms")


@contextmanager
def without_a_tree() -> Iterator[None]:
    """The same program, but nothing is hashed."""
    with (
        patch.object(tree.Tree, "extend", lambda self, added: setattr(self, "size", self.size + len(list(added)))),
        patch.object(tree.Tree, "range_at", lambda _self, size: tree.Range(size, (bytes(32),) * size.bit_count())),
    ):
        yield


def growing(folder: Path) -> None:
    """What the tree adds to an append and to a bulk import."""
    numbers = iter(range(10**9))

    def bulk() -> float:
        with open_ledger(f"sqlite:///{folder / f'{next(numbers)}.db'}", create=True) as book:
            return seconds(lambda: book.record(lines, actor="bench"))

    def unproved(act: partial[float]) -> float:
        with without_a_tree():
            return act()

    lines = list(entries(SCALE.size(20_000)))
    compare(
        f"{len(lines):,} entries with their tree / without",
        "at most 1.2",
        bulk,
        partial(unproved, partial(bulk)),
        times=7,
    )

    def one() -> float:
        entry = {"type": "appointment", "holder": f"new-{next(numbers)}", "position": "director", "on": "2150-01-01"}
        return seconds(lambda: book.record([entry], actor="bench"))

    def another() -> float:
        entry = {"type": "appointment", "holder": f"new-{next(numbers)}", "position": "director", "on": "2150-01-01"}
        with without_a_tree():
            return seconds(lambda: unhashed.record([entry], actor="bench"))

    with open_ledger(filled_with(folder, 1, 1_000)) as book, without_a_tree():
        unhashed = open_ledger(f"sqlite:///{folder / 'unhashed.db'}", create=True)
        unhashed.record(list(entries(1_000)), actor="bench")
    with open_ledger(f"sqlite:///{folder / '1x1000.db'}") as book:
        compare("one entry more with the tree / without", "at most 1.2", one, another, times=101)
    unhashed.close()
