"""kill -9 of a PostgreSQL server, and of everything that belongs to it, while a program records."""

import shutil
import signal
import subprocess
import tempfile
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from os import defpath, environ, kill
from pathlib import Path
from time import sleep
from urllib.parse import quote

import pytest

from ledger import Book, DamagedError, open_ledger
from tests import postgres
from tests.durability.life import LEDGER, MEMORY, appointment

pytestmark = [
    # The driver says of a cursor that its connection died before it could be closed.
    pytest.mark.filterwarnings("ignore:.*was deleted while still open:ResourceWarning"),
    pytest.mark.skipif(not Path("/proc/self/task").is_dir(), reason="Linux says which children a server has"),
]

CRASHES = 3
SOME = 20


class Server:
    """A PostgreSQL server of its own, with syncs, that can be killed and started again."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        self._account = postgres.server_account()
        postgres.hand_over(folder, self._account)
        programs = postgres.first_usable_programs(postgres.program_folders(), folder, self._account)
        if programs is None:
            raise postgres.NoServerError("no PostgreSQL programs that run here")
        self._programs = programs
        self._process = postgres.start_server(programs, folder, self._account, durable=True)
        self.url = f"postgresql://{postgres.SUPERUSER}@/postgres?host={quote(str(folder), safe='')}&port=5432"

    def crash(self) -> None:
        """Kill the server and its children, each by its number."""
        number = self._process.pid
        own = Path(f"/proc/{number}/task/{number}/children")
        self._process.send_signal(signal.SIGSTOP)  # no new children
        children = [int(child) for child in own.read_text().split()]
        self._process.kill()
        self._process.wait()
        for child in children:
            try:
                kill(child, signal.SIGKILL)
            except ProcessLookupError:
                continue
        while any(is_alive(child) for child in children):
            sleep(0.01)

    def start(self) -> None:
        """Start it again; it finds out by itself that it was killed."""
        status = self._folder / "cluster" / "postmaster.pid"
        status.unlink()  # says of the dead one that it is ready
        settings = ["--listen_addresses=", f"--unix_socket_directories={self._folder}", "--port=5432"]
        self._process = subprocess.Popen(
            [self._programs / "postgres", "-D", status.parent, *settings],
            cwd=self._folder,
            env={"PATH": defpath, "LC_ALL": "C", "TZ": "UTC"},
            stdin=subprocess.DEVNULL,
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
            user=self._account.user,
            group=self._account.group,
            extra_groups=self._account.extra_groups,
        )
        postgres.wait_until_ready(self._process, status)


def is_alive(process: int) -> bool:
    status = Path(f"/proc/{process}/stat")
    try:
        return status.read_text().rpartition(")")[2].split()[0] != "Z"
    except (FileNotFoundError, ProcessLookupError):
        return False


@pytest.fixture
def server() -> Iterator[Server]:
    folder = Path(tempfile.mkdtemp(prefix="rights-pg-", dir=MEMORY if MEMORY.is_dir() else postgres.TEMPORARY_FOLDER))
    try:
        server = Server(folder)
    except postgres.NoServerError as error:
        shutil.rmtree(folder)
        if environ.get("CI"):
            pytest.fail(f"CI is set, and PostgreSQL is not tested: {error}", pytrace=False)
        pytest.skip(f"POSTGRESQL IS NOT TESTED: {error}")
    yield server
    server.crash()
    shutil.rmtree(folder, ignore_errors=True)


def acknowledged(server: Server, url: str, crashes: int) -> list[str]:
    """Record entries while the server is killed and started again so often; ids of those that were acknowledged."""
    done: list[str] = []

    def crash_and_start() -> None:
        server.crash()
        server.start()

    with open_ledger(url, LEDGER) as book, ThreadPoolExecutor(1) as other:
        for _ in range(crashes):
            record_some(book, done)
            crash = other.submit(crash_and_start)
            while not crash.done():
                record_some(book, done)
            crash.result()
    return done


def record_some(book: Book, done: list[str]) -> None:
    for _ in range(SOME):
        entry = appointment(len(done) + 1)
        book.record([entry], actor="hr")
        done.append(entry["id"])


def found(server: Server) -> list[str]:
    with open_ledger(server.url, LEDGER) as book:
        book.verify()
        return [row.to_dict()["entry"]["id"] for row in book.history()]


def test_a_server_that_is_killed_keeps_what_was_acknowledged(server: Server) -> None:
    """And nobody who records notices more than that it took a while."""
    open_ledger(server.url, LEDGER, create=True).close()
    done = acknowledged(server, server.url, CRASHES)
    assert len(done) > CRASHES * SOME
    assert found(server) == done


def test_a_server_that_commits_later_is_seen_to_lose(server: Server) -> None:
    open_ledger(server.url, LEDGER, create=True).close()
    with pytest.raises(DamagedError, match="head"):
        acknowledged(server, f"{server.url}&options=-c%20synchronous_commit%3Doff", 1)
