"""Doing one thing with every ledger of a database on a Dask cluster, whose workers are given portions of them.

Results come in the order of the ids. A worker opens the database by its URL itself, and a portion whose worker is lost
goes to another one. Nothing of a URL, which may hold a password, stands in the name of a task or in what Dask logs.
"""

import logging
import pickle
import sys
import warnings
from asyncio import CancelledError
from collections import deque
from collections.abc import Callable, Generator, Iterator
from concurrent.futures import Future
from contextlib import closing, contextmanager
from dataclasses import dataclass
from functools import partial
from importlib.metadata import version
from pathlib import Path
from platform import node
from threading import Thread
from typing import Any, Final, TypeVar

from ledger.domain.errors import DatabaseError, LedgerError
from ledger.store import open_log
from ledger.store.every_ledger import AHEAD, Act
from ledger.store.sqlite_file import plain_file

T = TypeVar("T")

PROGRAM: Final = "rights-ledger"

ANSWER_SECONDS: Final = 10
"""How long a scheduler may take to answer."""

WORKER_SECONDS: Final = 10
"""How long a worker may take to come where there is none."""

LOOK_SECONDS: Final = 5
"""How often it is looked whether there is still a worker."""


@dataclass(frozen=True, repr=False)
class Sealed:
    """What a worker is to do with its ledgers; shown, it says nothing of it.

    version: of this program. content: the database's URL and the act, pickled; to be read by the same version only.
    """

    version: str
    content: bytes


def on_cluster(scheduler: str, url: str, act: Act[T], given: list[list[str]]) -> Generator[tuple[str, T], None, None]:
    """Do one thing with the ledgers of all portions, in their order; each with what came of it.

    scheduler: its address, as ``tcp://dask.example.com:8786``.

    Raises `DatabaseError` (`cluster` where it cannot be reached or used), and what the act raises of our errors.
    """
    sealed = Sealed(version(PROGRAM), pickle.dumps((_for_everyone(url), act)))
    with _unheard(), _failures_told(scheduler), _connected(scheduler) as client:
        _threads(client, scheduler)
        _require_same_version(client, scheduler)
        waiting: deque[Any] = deque()
        for portion in given:
            while len(waiting) >= AHEAD * _threads(client, scheduler):
                yield from _result(client, scheduler, waiting.popleft())
            waiting.append(client.submit(done_there, sealed, portion, pure=False))
        while waiting:
            yield from _result(client, scheduler, waiting.popleft())


def done_there(sealed: Sealed, portion: list[str]) -> list[tuple[str, Any]] | LedgerError:
    """What a worker does with a portion. An error of ours is returned: Dask logs what is raised, and shows it whole."""
    here = version(PROGRAM)
    if here != sealed.version:  # of a worker that came later
        return _other_version(f"a worker on {node()}", here, sealed.version)
    sys.set_int_max_str_digits(0)  # as the command does
    url, act = pickle.loads(sealed.content)  # noqa: S301 - of the scheduler, which may do anything here anyway
    try:
        with closing(open_log(url)) as log:
            return [(ledger, act(log, ledger)) for ledger in portion]
    except LedgerError as error:
        return type(error)(error.code, f"a worker on {node()}: {error.message}")


def _for_everyone(url: str) -> str:
    """The URL as a worker must have it, whose working directory is another."""
    name = plain_file(url)
    return url if name is None else f"sqlite:///{Path(name).absolute()}"


@contextmanager
def _connected(scheduler: str) -> Iterator[Any]:
    from distributed import Client

    connect: Callable[..., Any] = Client
    try:
        client = _within(ANSWER_SECONDS, partial(connect, scheduler, timeout=ANSWER_SECONDS, set_as_default=False))
    except (OSError, ValueError) as failure:
        raise DatabaseError(
            "cluster", f"no Dask scheduler answers at {scheduler}: `dask scheduler` starts one, and says its address"
        ) from failure
    with client:
        yield client


def _require_same_version(client: Any, scheduler: str) -> None:
    """See that the scheduler, which passes questions on, and the workers that are there have this program."""
    found = _within(ANSWER_SECONDS, partial(client.get_versions, packages=[PROGRAM]))
    for address, told in {scheduler: found["scheduler"], **found["workers"]}.items():
        there = told["packages"][PROGRAM]
        if there != version(PROGRAM):
            raise _other_version(address, there, version(PROGRAM))


def _other_version(where: str, there: str | None, wanted: str) -> DatabaseError:
    has = f"no {PROGRAM}" if there is None else f"{PROGRAM} {there}"
    return DatabaseError(
        "cluster", f"{where} has {has}, and who asks has {wanted}: a Dask scheduler and all its workers need the same"
    )


def _within(seconds: float, act: Callable[[], T]) -> T:
    """What is done in that time; Dask waits for ever where somebody takes a connection and then says nothing.

    Raises `TimeoutError`, and what the act raises.
    """
    done: Future[T] = Future()

    def do() -> None:
        try:
            done.set_result(act())
        except Exception as failure:
            done.set_exception(failure)

    Thread(target=do, daemon=True).start()
    return done.result(seconds)


def _threads(client: Any, scheduler: str) -> int:
    """How many threads the workers have; waits for a worker where there is none."""
    found: int = sum(client.nthreads().values())
    if found:
        return found
    try:
        client.wait_for_workers(1, timeout=WORKER_SECONDS)
    except TimeoutError as failure:
        raise DatabaseError(
            "cluster", f"the Dask scheduler at {scheduler} has no worker: `dask worker {scheduler}` starts one"
        ) from failure
    return 1


def _result(client: Any, scheduler: str, future: Any) -> list[tuple[str, Any]]:
    while True:
        try:
            found: list[tuple[str, Any]] | LedgerError = future.result(timeout=LOOK_SECONDS)
        except TimeoutError:
            _threads(client, scheduler)
            continue
        if isinstance(found, LedgerError):
            raise found
        return found


@contextmanager
def _failures_told(scheduler: str) -> Iterator[None]:
    """Whatever Dask raises inside leaves as our error; it raises anything, its workers' failures among it."""
    from distributed import KilledWorker

    try:
        yield
    except LedgerError:
        raise
    except KilledWorker as failure:
        raise DatabaseError(
            "cluster",
            f"the Dask scheduler at {scheduler} lost {failure.allowed_failures + 1} workers over the same ledgers, as"
            " for want of memory; --jobs 1 takes less",
        ) from failure
    except (OSError, CancelledError) as failure:
        raise DatabaseError(
            "cluster", f"the Dask scheduler at {scheduler} was lost before all ledgers had answered; ask again"
        ) from failure
    except Exception as failure:
        raise DatabaseError(
            "cluster",
            f"the Dask scheduler at {scheduler} or a worker of it failed ({type(failure).__name__}): all of them must"
            f" have rights-ledger {version(PROGRAM)} with the extra dask, as here",
        ) from failure


@contextmanager
def _unheard() -> Iterator[None]:
    """Dask tells of its troubles by its log, which the command would print; what matters is raised, too."""
    before = logging.root.manager.disable
    logging.disable(logging.CRITICAL)
    try:
        with warnings.catch_warnings(action="ignore"):
            yield
    finally:
        logging.disable(before)
