"""One of several writers: gets ready, says so, waits for a line, records, and prints how long each entry took."""

import json
import sys
from collections.abc import Callable
from time import perf_counter

from ledger import open_ledger
from tests.benchmarks.floors import COLUMNS, NAMES, connection_string
from tests.benchmarks.ledgers import next_one
from tests.store.samples import row

BARE = "--bare"
"""In place of a ledger's id: the bare driver inserts into the table `bare`."""


def timed(append: Callable[[int], object], entries: int) -> None:
    """Say `ready`, and append so many entries once a line comes."""
    print("ready", flush=True)
    sys.stdin.readline()
    waits = []
    for number in range(1, entries + 1):
        began = perf_counter()
        append(number)
        waits.append(perf_counter() - began)
    print(json.dumps(waits), flush=True)


def record(url: str, name: int, entries: int, ledger: str) -> None:
    """Record entries of a ledger, one a commit, with ids that no other name has."""
    first = name * 1_000_000
    with open_ledger(url, ledger) as book:
        book.record([next_one(first)], actor="bench")
        timed(lambda number: book.record([next_one(first + number)], actor="bench"), entries)


def insert(url: str, name: int, entries: int) -> None:
    """Insert rows by psycopg, one a commit."""
    import psycopg

    said = f"INSERT INTO bare ({COLUMNS}) VALUES ({', '.join(['%s'] * len(NAMES))})"
    with psycopg.connect(connection_string(url), autocommit=True) as connection:
        timed(lambda number: connection.execute(said, (f"bare-{name}", *row(number))), entries)


if __name__ == "__main__":
    url, name, entries, ledger = sys.argv[1:]
    if ledger == BARE:
        insert(url, int(name), int(entries))
    else:
        record(url, int(name), int(entries), ledger)
