"""Doing one thing with every ledger of a database, on as many processors as there are, in the order of their ids."""

import os
import sys
from collections import deque
from collections.abc import Callable, Generator, Iterator, Mapping
from concurrent.futures import Future, ProcessPoolExecutor
from concurrent.futures.process import BrokenProcessPool
from contextlib import closing
from multiprocessing import get_context
from typing import Any, Final, TypeVar

from ledger.domain.errors import DatabaseError
from ledger.store import open_log
from ledger.store.log import Log

T = TypeVar("T")

WORTH_A_PROCESS: Final = 20_000
"""Entries. To start a process and let it load the program costs as much as checking so many."""

PORTION: Final = 4_000
"""Entries that a process is given at once: small portions keep every process busy to the end, and little in memory."""

AHEAD: Final = 2
"""Portions for each process that are worked on, or wait to be taken."""

Act = Callable[[Log, str], T]
"""What is done with one ledger. A process must be able to find it by its name: a function of a module, or a part of it
with arguments."""


def with_every_ledger(
    url: str, act: Act[T], *, jobs: int | None = None, scheduler: str | None = None
) -> Generator[tuple[str, T], None, None]:
    """Do one thing with all ledgers of a database, by their ids; each with what came of it.

    jobs: how many processes, by default as many as there are processors and work for.
    scheduler: the address of a Dask cluster whose workers do it instead.

    Raises `DatabaseError`, and what the act raises.
    """
    with closing(open_log(url)) as log:
        sizes = log.sizes()
        if jobs is None:
            jobs = min(os.cpu_count() or 1, sum(sizes.values()) // WORTH_A_PROCESS)
        if scheduler is None and min(jobs, len(sizes)) <= 1:
            yield from ((ledger, act(log, ledger)) for ledger in sizes)
            return
    if scheduler is None:
        yield from _in_processes(url, act, list(portions(sizes)), jobs)
    else:
        from ledger.store.cluster import on_cluster

        yield from on_cluster(scheduler, url, act, list(portions(sizes)))


def portions(sizes: Mapping[str, int]) -> Iterator[list[str]]:
    """Neighbours together that hold `PORTION` entries, or a single ledger that holds more.

    sizes: entries of each ledger.

    >>> list(portions({"a": 1, "b": 2, "c": 9_000, "d": 0, "e": 1}))
    [['a', 'b'], ['c'], ['d', 'e']]
    """
    portion: list[str] = []
    entries = 0
    for ledger, size in sizes.items():
        if portion and entries + size > PORTION:
            yield portion
            portion, entries = [], 0
        portion.append(ledger)
        entries += size
    if portion:
        yield portion


def _in_processes(url: str, act: Act[T], given: list[list[str]], jobs: int) -> Generator[tuple[str, T], None, None]:
    # A copy of this process has the program loaded. Linux may make one: no thread runs, and no database is open here.
    how = get_context("fork" if sys.platform == "linux" else "spawn")
    pool = ProcessPoolExecutor(jobs, mp_context=how, initializer=_begin, initargs=(url, act))
    waiting: deque[Future[list[tuple[str, T]]]] = deque()
    try:
        for portion in given:
            if len(waiting) == AHEAD * jobs:
                yield from waiting.popleft().result()
            waiting.append(pool.submit(_done_here, portion))
        while waiting:
            yield from waiting.popleft().result()
    except BrokenProcessPool:
        raise DatabaseError(
            "database", "a process that read ledgers was ended from outside, as for want of memory; --jobs 1 takes less"
        ) from None
    finally:
        pool.shutdown(cancel_futures=True)


_here: list[tuple[Log, Act[Any]]] = []
"""The log that a process of the pool has open, for all its ledgers, and what it does with them."""


def _begin(url: str, act: Act[Any]) -> None:
    import gc
    import signal

    signal.signal(signal.SIGINT, signal.SIG_IGN)  # whoever interrupts the command reaches the process that began it
    gc.disable()  # as the command does: reading leaves no cycles worth looking for
    _here.append((open_log(url), act))


def _done_here(portion: list[str]) -> list[tuple[str, Any]]:
    ((log, act),) = _here
    return [(ledger, act(log, ledger)) for ledger in portion]
