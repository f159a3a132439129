"""One of several writers: opens a ledger, says `ready`, waits for a line, records, and prints how long each took."""

import json
import sys
from time import perf_counter

from ledger import open_ledger
from tests.benchmarks.ledgers import next_one


def main(url: str, name: int, entries: int) -> None:
    """Record so many entries, one a commit, with ids that no other name has."""
    first = name * 1_000_000
    with open_ledger(url) as book:
        book.record([next_one(first)], actor="bench")
        print("ready", flush=True)
        sys.stdin.readline()
        waits = []
        for number in range(1, entries + 1):
            began = perf_counter()
            book.record([next_one(first + number)], actor="bench")
            waits.append(perf_counter() - began)
        print(json.dumps(waits), flush=True)


if __name__ == "__main__":
    main(sys.argv[1], *map(int, sys.argv[2:]))
