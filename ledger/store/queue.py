"""The queue of writers before an SQLite file: who wants to write waits here for his turn, and says BEGIN then.

SQLite has no queue. Who finds the file locked sleeps and looks again, and of many writers some look at the wrong moment
for seconds while the others waste each other's time: eight processes recorded 669 entries a second so, and 3,502 in a
queue. The queue is a lock (flock) on a file beside the database. The kernel wakes those who wait for it, and takes it
away from a process that ends, however it ends.

It is good manners and nothing more: `BEGIN IMMEDIATE` is what keeps writers apart. Whoever cannot queue goes on without
it: where the file cannot be made or read, where there is no flock, or where the time is up because a stopped process
has the turn.

The file is named as SQLite names what it keeps beside a database (`-wal`, `-shm`) and lies where those do: two paths to
one database share a queue. It is not the database itself: a process that closes any descriptor of that file drops all
the locks that SQLite has on it. It is empty, and stays: who waits at a file that was removed waits apart from the rest.
"""

import os
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from queue import SimpleQueue
from threading import Lock, Thread
from time import monotonic
from typing import Final

try:
    import fcntl
except ImportError:  # Windows
    fcntl = None  # type: ignore[assignment]

ENDING: Final = "-queue"
"""Of the file's name, after that of the database."""


class Queue:
    """The queue before one database, for the threads of this process and for all others.

    database: the file; None for a database that needs no queue.
    """

    def __init__(self, database: Path | None) -> None:
        self._database = None if database is None or fcntl is None else database.resolve()
        self._one = Lock()
        self._helper: SimpleQueue[_Place | None] | None = None
        self._process = os.getpid()

    @contextmanager
    def turn(self, until: float) -> Iterator[bool]:
        """Wait for the turn, at the longest until an instant of `monotonic`; then go on, whether it came or not."""
        if self._database is None or not self._one.acquire(timeout=max(0.0, until - monotonic())):
            yield False
            return
        try:
            descriptor = self._taken(self._database, until)
            try:
                yield descriptor is not None
            finally:
                if descriptor is not None:
                    fcntl.flock(descriptor, fcntl.LOCK_UN)  # a child may have inherited the descriptor: say it
                    os.close(descriptor)
        finally:
            self._one.release()

    def close(self) -> None:
        """End the thread that waits, where there is one; the next turn would start another."""
        helper, self._helper = self._helper, None
        if helper is not None:
            helper.put(None)

    def _taken(self, database: Path, until: float) -> int | None:
        """A descriptor that has the lock, or None."""
        descriptor = _opened(database)
        if descriptor is None:
            return None
        try:
            fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            pass
        except OSError:  # a file system without such locks
            os.close(descriptor)
            return None
        else:
            return descriptor
        place = _Place(descriptor)
        try:
            self._waiting().put(place)
            if place.comes_before(until):
                return descriptor
        except BaseException:
            if not place.leave():
                os.close(descriptor)
            raise
        self.close()  # it goes on waiting until it sees that nobody wants the turn; who comes next needs another
        return None

    def _waiting(self) -> "SimpleQueue[_Place | None]":
        """Where a thread takes the next place from: started when first needed, and again in a forked process."""
        if self._helper is None or self._process != os.getpid():
            self._helper, self._process = SimpleQueue(), os.getpid()
            Thread(target=_wait_in_places, args=(self._helper,), name="rights-queue", daemon=True).start()
        return self._helper


class _Place:
    """One writer's place in the queue. Another thread waits in it: flock knows no end of waiting, a thread's lock does.

    descriptor: of the file, open; closed here where the writer has left.
    """

    def __init__(self, descriptor: int) -> None:
        self._descriptor = descriptor
        self._has_come = Lock()
        self._has_come.acquire()
        self._deciding = Lock()
        self._is_left = False

    def wait(self) -> None:
        """Wait for the lock however long it takes, and let it go where the writer has left meanwhile."""
        with suppress(OSError):
            fcntl.flock(self._descriptor, fcntl.LOCK_EX)
        with self._deciding:
            if self._is_left:
                os.close(self._descriptor)
            else:
                self._has_come.release()

    def comes_before(self, until: float) -> bool:
        """Whether the turn comes before an instant of `monotonic`; where it does not, the place is left."""
        if self._has_come.acquire(timeout=max(0.0, until - monotonic())):
            return True
        return not self.leave()

    def leave(self) -> bool:
        """Leave the place; False where the turn has come meanwhile."""
        with self._deciding:
            self._is_left = not self._has_come.acquire(blocking=False)
            return self._is_left


def _wait_in_places(places: "SimpleQueue[_Place | None]") -> None:
    while (place := places.get()) is not None:
        place.wait()


def _opened(database: Path) -> int | None:
    """A descriptor of the queue's file, which is made where it is missing; None where that cannot be done."""
    path = f"{database}{ENDING}"
    # Neither a link that leads elsewhere nor a pipe that nobody writes to holds anybody up.
    flags = os.O_RDONLY | os.O_CLOEXEC | os.O_NOFOLLOW | os.O_NONBLOCK
    with suppress(OSError):
        try:
            return os.open(path, flags)
        except FileNotFoundError:
            return _made(database, path, flags)
    return None


def _made(database: Path, path: str, flags: int) -> int:
    """Who may write the database may queue, and nobody else: who only reads could hold the queue up."""
    of_database = database.stat()
    may_write = of_database.st_mode & 0o222
    descriptor = os.open(path, flags | os.O_CREAT, may_write | may_write << 1)
    with suppress(OSError):  # root writes, too, and must not shut out the owner
        os.fchown(descriptor, of_database.st_uid, of_database.st_gid)
    return descriptor
