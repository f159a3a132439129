"""A process that records batch after batch until it is stopped, and says each version that was acknowledged.

`python -m tests.backup.recorder URL NAME`
"""

import sys
from itertools import count
from time import sleep

from ledger import open_ledger
from tests.scenario import appointed

PAUSE = 0.03
"""Seconds after each batch: without one the ledger outgrows the backups of it, that take longer with every entry."""


def main(url: str, name: str) -> None:
    with open_ledger(url, "main") as book:
        for number in count():
            batch = [appointed("2020-01-01", holder=f"{name}-{number}-{each}") for each in range(3)]
            sys.stdout.write(f"{book.record(batch, actor=name).version}\n")
            sys.stdout.flush()
            sleep(PAUSE)


if __name__ == "__main__":
    main(*sys.argv[1:])
