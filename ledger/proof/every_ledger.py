"""Checking every ledger of a database, on as many processors as there are."""

import os
import sys
from collections.abc import Iterator, Sequence
from concurrent.futures import ProcessPoolExecutor
from contextlib import closing
from multiprocessing import get_context

from ledger.domain.errors import DamagedError
from ledger.proof.verify import Verified, verify
from ledger.store import open_log
from ledger.store.log import Log

WORTH_A_PROCESS = 20_000
"""Entries. To start a process and let it load the program costs as much as checking so many."""


def verified(log: Log, ledger: str) -> Verified:
    """Check one ledger as `verify` does, with its head. Raises `DamagedError`."""
    head = log.head_row(ledger)
    rows = log.rows(ledger, until=max(head.size, head.last))
    return verify(ledger, rows, head=head, restored=log.restorations(ledger))


def verify_every(url: str, *, jobs: int | None = None) -> Iterator[tuple[str, Verified | DamagedError]]:
    """Check all ledgers of a database, by their ids; each with what was found of it.

    jobs: how many processes, by default as many as there are processors and work for.

    Raises `DatabaseError`.
    """
    with closing(open_log(url)) as log:
        ledgers = log.ledgers()
        if jobs is None:
            jobs = min(os.cpu_count() or 1, sum(map(log.head, ledgers)) // WORTH_A_PROCESS)
        if min(jobs, len(ledgers)) <= 1:
            yield from ((ledger, _found(log, ledger)) for ledger in ledgers)
            return
    yield from _in_processes(url, ledgers, jobs)


def _found(log: Log, ledger: str) -> Verified | DamagedError:
    try:
        return verified(log, ledger)
    except DamagedError as error:
        return error


def _in_processes(url: str, ledgers: Sequence[str], jobs: int) -> Iterator[tuple[str, Verified | DamagedError]]:
    # A copy of this process has the program loaded. Linux may make one: no thread runs, and no database is open here.
    how = get_context("fork" if sys.platform == "linux" else "spawn")
    with ProcessPoolExecutor(jobs, mp_context=how, initializer=_open, initargs=(url,)) as pool:
        # Ledgers differ in size: small portions keep every process busy to the end.
        yield from zip(ledgers, pool.map(_found_here, ledgers), strict=True)


_here: list[Log] = []
"""The log that a process of the pool has open, for all the ledgers it checks."""


def _open(url: str) -> None:
    import gc

    gc.disable()  # as the command does: reading leaves no cycles worth looking for
    _here.append(open_log(url))


def _found_here(ledger: str) -> Verified | DamagedError:
    return _found(_here[0], ledger)
