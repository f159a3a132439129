"""A process that records entries in a ledger: `python -m tests.concurrency.recorder URL NAME COUNT HOW [SECONDS]`.

It prints, as JSON, by how many entries of others each of its calls was overtaken while it waited. SECONDS: how long it
waits for others.
"""

import json
import sys
from collections.abc import Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from itertools import cycle
from typing import Any

from ledger.book import Book
from ledger.store import open_log

THREADS = 4
WAIT_SECONDS = 30.0


def main(url: str, name: str, count: int, how: str, wait_seconds: float) -> None:
    entries = [
        {"type": "appointment", "holder": name, "position": f"p{number}", "on": "2020-01-01", "id": f"{name}-{number}"}
        for number in range(count)
    ]
    overtaken: list[int] = []

    def record(book: Book, batches: Sequence[Sequence[dict[str, Any]]]) -> None:
        for batch in batches:
            before = book._log.head("main")
            outcome = book.record(batch, actor=name)
            assert [line.was_there for line in outcome.lines] == [False] * len(batch)
            overtaken.append(outcome.version - before - len(batch))

    def open_book() -> Book:
        return Book(open_log(url, wait_seconds=wait_seconds), "main")

    with open_book() as book:
        say("ready")
        sys.stdin.readline()
        if how == "one-by-one":
            record(book, [[entry] for entry in entries])
        elif how == "batches":
            record(book, list(batches_of(entries)))
        else:
            shares = [[[entry] for entry in entries[first::THREADS]] for first in range(THREADS)]
            books = [book if how == "one-book" else open_book() for _ in range(THREADS)]
            with ThreadPoolExecutor(THREADS) as threads:
                list(threads.map(record, books, shares))
            for each in books:
                each.close()
    say(json.dumps(overtaken))


def say(line: str) -> None:
    sys.stdout.write(f"{line}\n")
    sys.stdout.flush()


def batches_of(entries: Sequence[dict[str, Any]]) -> Iterator[Sequence[dict[str, Any]]]:
    """Batches of one to seven entries, in turn."""
    sizes = cycle(range(1, 8))
    first = 0
    while first < len(entries):
        size = next(sizes)
        yield entries[first : first + size]
        first += size


if __name__ == "__main__":
    _, url, name, count, how, *seconds = sys.argv
    main(url, name, int(count), how, float(seconds[0]) if seconds else WAIT_SECONDS)
