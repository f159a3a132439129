"""Backups while others record: each is of one moment, whole, and has all that was acknowledged before it was begun."""

import sqlite3
import subprocess
import sys
from collections.abc import Iterator
from contextlib import closing, contextmanager
from pathlib import Path
from threading import Thread

import pytest

from ledger import open_ledger
from ledger.backup.contents import contents_of
from ledger.backup.making import back_up
from ledger.backup.opening import opened
from ledger.backup.restoring import put_back
from ledger.domain.errors import LedgerError
from tests.backup.conftest import whole
from tests.scenario import appointed, company

REPOSITORY = Path(__file__).parents[2]
RECORDERS = 3
BACKUPS = 24


class Recorder:
    """A process that records. acknowledged: the last version it was told."""

    def __init__(self, url: str, name: str) -> None:
        command = [sys.executable, "-m", "tests.backup.recorder", url, name]
        self._process = subprocess.Popen(command, cwd=REPOSITORY, stdout=subprocess.PIPE, stderr=subprocess.PIPE)
        self.acknowledged = 0
        self._reader = Thread(target=self._read)
        self._reader.start()

    def _read(self) -> None:
        assert self._process.stdout is not None
        with self._process.stdout as told:
            for line in told:
                self.acknowledged = int(line)

    def wait(self, version: int) -> None:
        """Until it has recorded that far."""
        while self.acknowledged < version:
            assert self._reader.is_alive(), self.end()
            self._reader.join(0.01)

    def stop(self) -> None:
        """End it."""
        self._process.terminate()
        self.end()

    def end(self) -> str:
        """Wait until it ends by itself, and return what it said on standard error."""
        self._process.wait(timeout=60)
        self._reader.join()
        assert self._process.stderr is not None
        with self._process.stderr as told:
            return told.read().decode()


@contextmanager
def recorders(url: str, *names: str) -> Iterator[list[Recorder]]:
    found = [Recorder(url, name) for name in names]
    try:
        for each in found:
            each.wait(1)
        yield found
    finally:
        for each in found:
            each.stop()


@pytest.fixture(params=["sqlite", "postgresql"])
def database(request: pytest.FixtureRequest, folder: Path) -> str:
    """The URL of a database with the ledger `main`."""
    url = f"sqlite:///{folder / 'rights.db'}"
    if request.param == "postgresql":
        url = request.getfixturevalue("postgres_database")
    with open_ledger(url, "main", create=True) as book:
        book.record([company()], actor="hr")
    return url


def test_every_backup_is_of_one_moment(database: str, folder: Path) -> None:
    sizes = []
    with recorders(database, *map(str, range(RECORDERS))) as running:
        for number in range(BACKUPS):
            acknowledged = max(each.acknowledged for each in running)
            file = folder / f"copy-{number}"
            [made] = back_up(database, file, portable=number % 2 == 1).ledgers
            with open_ledger(database, "main") as book:
                later = book.history().known_version
            assert acknowledged <= made.size <= later
            with opened(file, folder) as contents:
                assert contents.ledgers == [made]
                [batches] = [[row.batch for row in rows] for _, rows in contents.each()]
            # Batches of three after the first entry: none is halved.
            assert batches == [1, *(first for first in range(2, made.size, 3) for _ in range(3))]
            (folder / "copy").unlink(missing_ok=True)
            sizes.append(made.size)
    assert sizes == sorted(sizes)
    assert len({*sizes}) > 1, "nobody recorded meanwhile"


def test_what_is_read_is_of_one_moment(database: str) -> None:
    """All ledgers of a database: none is later than another."""
    with contents_of(database) as contents, open_ledger(database, "main") as book:
        book.record([appointed("2020-01-01")], actor="hr")
        open_ledger(database, "other", create=True).close()
        assert [(held.ledger, held.size, len(list(rows))) for held, rows in contents.each()] == [("main", 1, 1)]
        assert book.history().known_version == 2


def test_copying_the_file_is_not_enough(folder: Path) -> None:
    """The negative control: what was acknowledged is in the log beside the file, or in pages of another moment."""
    url = f"sqlite:///{folder / 'loaded.db'}"
    with open_ledger(url, "main", create=True) as book:
        book.record([company()], actor="hr")
        bad = 0
        with recorders(url, "0", "1") as running:
            for number in range(20):
                acknowledged = max(each.acknowledged for each in running)
                running[0].wait(acknowledged + 1)
                plain = folder / f"plain-{number}"
                # Read by a process of its own: closing the file here would give away the locks of this one.
                subprocess.run(["cp", "loaded.db", plain], check=True, cwd=folder)
                bad += is_bad(plain, acknowledged)
    assert bad > 0


def is_bad(file: Path, acknowledged: int) -> bool:
    """Whether a copy lacks what was acknowledged before it was begun, or is none."""
    try:
        with opened(file, file.parent) as contents:
            return not contents.ledgers or contents.ledgers[0].size < acknowledged
    except LedgerError:
        return True
    finally:
        (file.parent / "copy").unlink(missing_ok=True)


def test_a_restoration_while_others_record(folder: Path) -> None:
    """In one step for them: what they had acknowledged is kept, and who goes on is told that the ledger is another."""
    url = f"sqlite:///{folder / 'rights.db'}"
    with open_ledger(url, "main", create=True) as book:
        book.record([company()], actor="hr")
    back_up(url, folder / "backup.db")
    running = [Recorder(url, str(number)) for number in range(RECORDERS)]
    for each in running:
        each.wait(20)
    done = put_back(url, folder / "backup.db", reason="test")
    told = [each.end() for each in running]
    acknowledged = max(each.acknowledged for each in running)
    assert all("the head of ledger main is that of other entries" in each for each in told), told
    [held] = whole(url).ledgers
    assert held.size == 1
    [noted] = held.restorations
    assert done.kept
    [kept] = whole(f"sqlite:///{done.kept}").ledgers
    assert (noted.replaced_size, noted.replaced_root) == (kept.size, kept.root)
    assert kept.size >= acknowledged
    with open_ledger(url, "main") as book:
        assert book.record([appointed("2020-01-01")], actor="hr").version == 2
    with closing(sqlite3.connect("rights.db")) as connection:
        assert connection.execute("PRAGMA integrity_check").fetchall() == [("ok",)]
