"""The queue before an SQLite file: writers take turns in it, and nothing ever depends on it."""

import os
import signal
import sqlite3
import stat
import subprocess
import sys
import tempfile
import threading
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import closing, contextmanager
from pathlib import Path
from time import monotonic

import pytest

from ledger import open_ledger
from ledger.domain.errors import DatabaseError
from ledger.store import Log, open_log
from ledger.store.queue import Queue
from tests.store.samples import MADE_AT, add, row

REPOSITORY = Path(__file__).parents[2]

HOLDER = """
import sys
from pathlib import Path
from time import monotonic
from ledger.store import Log, open_log
from ledger.store.queue import Queue
what, file = sys.argv[1:]
turn = open_log(f"sqlite:///{file}").writing("main") if what == "writing" else Queue(Path(file)).turn(monotonic() + 30)
with turn:
    print("has it", flush=True)
    sys.stdin.readline()
"""

WITHOUT_FLOCK = """
import sys
sys.modules["fcntl"] = None
from ledger import open_ledger
with open_ledger(f"sqlite:///{sys.argv[1]}", "main") as book:
    book.record([{"type": "company", "company": "IIJ", "name": "IIJ", "on": "1992-12-03"}], actor="tests")
"""


@pytest.fixture
def log(sqlite_file: Path) -> Iterator[Log]:
    """A log with the ledger `main`, which waits for nobody for long."""
    log = open_log(f"sqlite:///{sqlite_file}", wait_seconds=0.3)
    log.create("main", MADE_AT)
    yield log
    log.close()


def queue_file(database: Path) -> Path:
    return database.with_name(f"{database.name}-queue")


def write_one(log: Log) -> int:
    """Record an entry, and return its version."""
    with log.writing("main") as writer:
        add(writer, [row(writer.head + 1)])
        return writer.head


def comes(database: Path, seconds: float = 0.05) -> bool:
    """Whether the turn comes to one who waits so long."""
    with Queue(database).turn(monotonic() + seconds) as has_turn:
        return has_turn


@contextmanager
def holder(what: str, database: Path) -> Iterator[subprocess.Popen[bytes]]:
    """Another process that has the turn, and is writing or not even that; it ends when it is told to."""
    command = [sys.executable, "-c", HOLDER, what, str(database)]
    with subprocess.Popen(command, cwd=REPOSITORY, stdin=subprocess.PIPE, stdout=subprocess.PIPE) as process:
        assert process.stdout is not None
        assert process.stdout.readline() == b"has it\n"
        try:
            yield process
        finally:
            process.send_signal(signal.SIGCONT)
            process.communicate(b"go\n")


def test_one_has_the_turn(tmp_path: Path) -> None:
    """Two queues before one file are two processes to the kernel; one queue is for the threads of one."""
    file = tmp_path / "rights.db"
    file.touch()
    queue = Queue(file)
    with queue.turn(monotonic()) as has_turn:
        assert has_turn
        assert not comes(file)
        with queue.turn(monotonic() + 0.05) as is_second:
            assert not is_second
        assert comes(tmp_path / "other.db") is False  # nothing is made beside what is not there
        (tmp_path / "other.db").touch()
        assert comes(tmp_path / "other.db")
    assert comes(file)


@pytest.mark.parametrize("own", [True, False], ids=["one-queue", "queues-of-their-own"])
def test_never_two_at_once(tmp_path: Path, *, own: bool) -> None:
    file = tmp_path / "rights.db"
    file.touch()
    shared = Queue(file)
    inside: list[int] = []
    most: list[int] = []

    def go_in(number: int) -> None:
        queue = shared if own else Queue(file)
        for _ in range(50):
            with queue.turn(monotonic() + 30) as has_turn:
                assert has_turn
                inside.append(number)
                most.append(len(inside))
                inside.remove(number)
        queue.close()

    with ThreadPoolExecutor(8) as threads:
        list(threads.map(go_in, range(8)))
    assert (len(most), max(most)) == (400, 1)


def test_two_paths_to_one_database_share_a_queue(sqlite_file: Path, tmp_path: Path) -> None:
    folder = tmp_path / "elsewhere"
    folder.mkdir()
    link = folder / "link.db"
    link.symlink_to(sqlite_file)
    (tmp_path / "folder").symlink_to(tmp_path)
    with Queue(link).turn(monotonic()) as has_turn:
        assert has_turn
        assert not comes(sqlite_file)
        assert not comes(tmp_path / "folder" / sqlite_file.name)
    assert comes(sqlite_file)
    assert list(folder.iterdir()) == [link]


def test_a_killed_process_leaves_no_lock(log: Log, sqlite_file: Path) -> None:
    with holder("writing", sqlite_file) as process:
        assert not comes(sqlite_file)
        process.kill()
        process.wait()
        assert comes(sqlite_file)
        assert write_one(log) == 1


@pytest.mark.parametrize("what", ["writing", "queue"])
def test_a_stopped_process_holds_nobody_for_ever(log: Log, sqlite_file: Path, what: str) -> None:
    """Who is writing keeps the database, and it is busy; who only has the turn keeps nothing."""
    with holder(what, sqlite_file) as process:
        process.send_signal(signal.SIGSTOP)
        for version in (1, 2):
            if what == "writing":
                with pytest.raises(DatabaseError) as failure:
                    write_one(log)
                assert failure.value.code == "database-busy"
            else:
                assert write_one(log) == version
    assert comes(sqlite_file)
    assert write_one(log) == (1 if what == "writing" else 3)


def test_the_waits_are_one_wait(log: Log, sqlite_file: Path) -> None:
    """Who waited in the queue waits that much less for the database: here he gives up before the one before him."""
    given_up: list[str] = []

    def write(name: str, seconds: float) -> None:
        waiting = open_log(f"sqlite:///{sqlite_file}", wait_seconds=seconds)
        with pytest.raises(DatabaseError, match="is busy"):
            write_one(waiting)
        given_up.append(name)
        waiting.close()

    with closing(sqlite3.connect(sqlite_file, isolation_level=None)) as other:
        other.execute("BEGIN IMMEDIATE")
        first = threading.Thread(target=write, args=("first", 1.8))
        first.start()
        while comes(sqlite_file, 0):
            pass
        write("second", 1.2)
        assert given_up == ["second"]
        first.join()


def test_a_turn_that_comes_too_late_is_passed_on(tmp_path: Path) -> None:
    file = tmp_path / "rights.db"
    file.touch()
    late = Queue(file)
    for _ in range(20):
        with Queue(file).turn(monotonic() + 30) as has_turn:
            assert has_turn
            with late.turn(monotonic() + 0.002) as is_second:
                assert not is_second
        assert comes(file, 30)


def test_no_thread_is_left(tmp_path: Path) -> None:
    file = tmp_path / "rights.db"
    file.touch()
    queue = Queue(file)
    before = set(threading.enumerate())

    def waiting() -> set[threading.Thread]:
        return {thread for thread in threading.enumerate() if thread.name == "rights-queue"} - before

    with Queue(file).turn(monotonic()), queue.turn(monotonic() + 0.01) as has_turn:
        assert not has_turn
        (left,) = waiting()
    left.join(30)
    assert waiting() == set()
    with ThreadPoolExecutor(2) as threads:

        def wait_a_while(_number: int) -> None:
            for _ in range(50):
                with queue.turn(monotonic() + 30), Queue(file).turn(monotonic()):
                    pass

        list(threads.map(wait_a_while, range(2)))
    queue.close()
    for thread in waiting():
        thread.join(30)
    assert waiting() == set()


def test_a_child_that_inherits_the_turn_does_not_keep_it(tmp_path: Path) -> None:
    file = tmp_path / "rights.db"
    file.touch()
    reading, writing = os.pipe()
    with Queue(file).turn(monotonic()):
        child = os.fork()
        if child == 0:
            os.read(reading, 1)
            os._exit(0)
    try:
        assert comes(file)
    finally:
        os.write(writing, b".")
        os.waitpid(child, 0)
        os.close(reading)
        os.close(writing)


@pytest.mark.parametrize(("mode", "queue_mode"), [(0o600, 0o600), (0o644, 0o600), (0o664, 0o660), (0o666, 0o666)])
def test_who_may_write_may_queue(tmp_path: Path, mode: int, queue_mode: int) -> None:
    file = tmp_path / "rights.db"
    file.touch()
    file.chmod(mode)
    before = os.umask(0)
    try:
        assert comes(file)
    finally:
        os.umask(before)
    assert stat.S_IMODE(queue_file(file).stat().st_mode) == queue_mode
    assert queue_file(file).stat().st_size == 0


def test_a_question_makes_no_file(log: Log, sqlite_file: Path) -> None:
    queue_file(sqlite_file).unlink()
    with open_ledger(f"sqlite:///{sqlite_file}") as book:
        assert book.history().known_version == 0
        book.verify()
        assert not queue_file(sqlite_file).exists()
        book.record([], actor="tests")
        assert queue_file(sqlite_file).exists()


# Where there can be no queue, writing goes on without one.


def test_no_flock(log: Log, sqlite_file: Path) -> None:
    queue_file(sqlite_file).unlink()
    subprocess.run([sys.executable, "-c", WITHOUT_FLOCK, str(sqlite_file)], cwd=REPOSITORY, check=True)
    assert log.head("main") == 1
    assert not queue_file(sqlite_file).exists()


def test_a_link_that_leads_elsewhere_is_not_followed(log: Log, sqlite_file: Path, tmp_path: Path) -> None:
    queue_file(sqlite_file).unlink()
    queue_file(sqlite_file).symlink_to(tmp_path / "nothing")
    assert not comes(sqlite_file)
    assert write_one(log) == 1
    assert not (tmp_path / "nothing").exists()


def test_a_pipe_holds_nobody_up(log: Log, sqlite_file: Path) -> None:
    queue_file(sqlite_file).unlink()
    os.mkfifo(queue_file(sqlite_file))
    assert write_one(log) == 1


@pytest.mark.skipif(os.geteuid() != 0, reason="only root can be somebody else for a while")
def test_a_folder_that_takes_no_file() -> None:
    """SQLite can write there as long as its own files are there already."""
    with (
        tempfile.TemporaryDirectory() as folder,
        open_ledger(f"sqlite:///{folder}/rights.db", "main", create=True) as book,
    ):
        book.record([], actor="tests")
        queue_file(Path(folder) / "rights.db").unlink()
        for file in Path(folder).iterdir():
            file.chmod(0o666)
        Path(folder).chmod(0o555)
        os.seteuid(65_534)
        try:
            log = open_log(f"sqlite:///{folder}/rights.db")
            assert write_one(log) == 1
            log.close()
        finally:
            os.seteuid(0)
        assert not queue_file(Path(folder) / "rights.db").exists()


# Why it is a file of its own.


def locks_on(file: Path) -> int:
    """How many locks this process has on a file, as SQLite takes them (fcntl)."""
    inode = str(file.stat().st_ino)
    found = (line.split() for line in Path("/proc/locks").read_text().splitlines())
    return sum(
        fields[1] == "POSIX" and fields[4] == str(os.getpid()) and fields[5].endswith(f":{inode}") for fields in found
    )


@pytest.mark.skipif(not Path("/proc/locks").exists(), reason="only Linux tells who has which lock")
def test_the_locks_on_the_database_stay(log: Log, sqlite_file: Path) -> None:
    """Opening the database itself and closing it, as a lock on it would, drops what SQLite relies on."""
    write_one(log)
    assert locks_on(sqlite_file) == 1
    sqlite_file.open("rb").close()
    assert locks_on(sqlite_file) == 0
