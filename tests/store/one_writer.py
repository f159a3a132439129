"""A process that records entries one by one: `python -m tests.store.one_writer URL NAME COUNT`."""

import sys

from ledger.store import open_log
from tests.store.samples import add, row


def write(url: str, name: str, count: int) -> None:
    """Record `count` batches of two into `main`, ids after the writer's name."""
    log = open_log(url)
    for number in range(count):
        with log.writing("main") as writer:
            first = writer.head + 1
            add(writer, [row(first, entry_id=f"{name}-{number}"), row(first + 1, batch=first)])
    log.close()


if __name__ == "__main__":
    write(sys.argv[1], sys.argv[2], int(sys.argv[3]))
