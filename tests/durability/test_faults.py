"""A disk that fails or is full at any moment: the call ends in our error, nothing of its batch is left, all goes on."""

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from random import Random
from typing import Any

import apsw
import pytest

from ledger import Book, DatabaseError, open_ledger
from ledger.cli.main import run
from ledger.store import open_log
from tests.durability.cuts import leave
from tests.durability.disk import Deleted, Made, Operation, Synced, Truncated, Wrote
from tests.durability.driver import powered
from tests.durability.life import LEDGER, Settings, appointment, batch, book_of, make, now, url
from tests.durability.machine import Machine

Codes = Mapping[type[Operation], int]
Batch = list[dict[str, Any]]

FAILING: Codes = {
    Made: apsw.SQLITE_CANTOPEN,
    Wrote: apsw.SQLITE_IOERR_WRITE,
    Truncated: apsw.SQLITE_IOERR_TRUNCATE,
    Synced: apsw.SQLITE_IOERR_FSYNC,
    Deleted: apsw.SQLITE_IOERR_DELETE,
}
FULL: Codes = {Made: apsw.SQLITE_CANTOPEN, Wrote: apsw.SQLITE_FULL}
CODES = ("database", "outcome-unknown")
WORDS = ("disk I/O error", "database or disk is full", "unable to open database file")
BATCHES = 3
FEW_PAGES = Settings(wal_autocheckpoint=4)


class Trouble:
    """Refuses one operation, of those that it has a code for, or all from it on. met: what it refused first."""

    def __init__(self, codes: Codes, at: int, *, lasting: bool) -> None:
        self.met: Operation | None = None
        self._codes = codes
        self._left = at
        self._lasting = lasting

    def __call__(self, operation: Operation) -> int | None:
        code = self._codes.get(type(operation))
        if code is None:
            return None
        self._left -= 1
        if self._left > 0 or (self._left < 0 and not self._lasting):
            return None
        self.met = self.met or operation
        return code


@pytest.fixture(scope="module")
def new(tmp_path_factory: pytest.TempPathFactory) -> dict[str, bytes]:
    """The files of an empty ledger."""
    folder = tmp_path_factory.mktemp("made") / "new"
    make(folder)
    return {file.name: file.read_bytes() for file in folder.iterdir()}


def told(error: DatabaseError) -> bool:
    is_told = error.code in CODES and any(words in error.message for words in WORDS)
    return is_told and error.exit_code == 4 and "\n" not in error.message


@contextmanager
def possibly_told() -> Iterator[None]:
    """Our error, if any: a disk may fail while the ledger is opened, too."""
    try:
        yield
    except DatabaseError as error:
        assert told(error)


def record(book: Book, given: Batch, acknowledged: list[Batch], failed: list[Batch]) -> None:
    try:
        book.record(given, actor="hr")
    except DatabaseError as error:
        assert told(error)
        says = "it is not known whether it was recorded" if error.code == "outcome-unknown" else "nothing was recorded"
        assert says in error.message
        failed.append(given)
    else:
        acknowledged.append(given)


def given_batches() -> Iterator[Batch]:
    chance = Random(7)
    return (batch(10 * number + 1, chance) for number in range(BATCHES))


def holders(batches: list[Batch]) -> list[str]:
    return [entry["holder"] for each in batches for entry in each]


def recorded(folder: Path) -> list[str]:
    """What another process finds, with its own driver; the whole ledger is checked."""
    with Book(open_log(url(folder)), LEDGER, now=now) as book:
        book.verify()
        return [row.to_dict()["entry"]["holder"] for row in book.history()]


def troubled(
    folder: Path, new: Mapping[str, bytes], codes: Codes, *, lasting: bool
) -> Iterator[tuple[Machine, Trouble]]:
    """A machine with an empty ledger for each moment at which there may be trouble, until none is met."""
    for at in range(1, 10**6):
        leave(folder, new)
        trouble = Trouble(codes, at, lasting=lasting)
        machine = Machine(folder)
        machine.refuse = trouble
        yield machine, trouble
        if trouble.met is None:
            return


@pytest.mark.parametrize("lasting", [False, True])
@pytest.mark.parametrize("codes", [FAILING, FULL], ids=["failing", "full"])
def test_nothing_of_a_failed_batch_is_left_and_the_same_book_goes_on(
    quick_folder: Path, new: dict[str, bytes], codes: Codes, *, lasting: bool
) -> None:
    refusals = 0
    for machine, _ in troubled(quick_folder, new, codes, lasting=lasting):
        acknowledged: list[Batch] = []
        failed: list[Batch] = []
        with powered(machine), possibly_told(), book_of(machine.folder, FEW_PAGES) as (_, book):
            for each in given_batches():
                record(book, each, acknowledged, failed)
            machine.refuse = None
            assert [row.to_dict()["entry"]["holder"] for row in book.history()] == holders(acknowledged)
            for again in [[appointment(99)], *failed, *acknowledged]:
                book.record(again, actor="hr")
            acknowledged += [[appointment(99)], *failed]
        refusals += len(failed)
        assert recorded(machine.folder) == holders(acknowledged)
    assert refusals > 20


@pytest.mark.parametrize("codes", [FAILING, FULL], ids=["failing", "full"])
def test_a_disk_that_fails_to_the_end_leaves_all_that_was_acknowledged(
    quick_folder: Path, new: dict[str, bytes], codes: Codes
) -> None:
    """Where the sync of a commit fails and no one can take the commit back any more, its batch may be there, whole."""
    more = 0
    for machine, trouble in troubled(quick_folder, new, codes, lasting=True):
        acknowledged: list[Batch] = []
        failed: list[Batch] = []
        with powered(machine), possibly_told(), book_of(machine.folder, FEW_PAGES) as (_, book):
            for each in given_batches():
                record(book, each, acknowledged, failed)
        found = recorded(machine.folder)
        if isinstance(trouble.met, Synced) and found != holders(acknowledged):
            assert found == holders([*acknowledged, failed[0]])
            more += 1
        else:
            assert found == holders(acknowledged)
    assert (more > 0) == (Synced in codes)


@pytest.mark.parametrize(("codes", "step"), [(FAILING, 1), (FULL, 3)], ids=["failing", "full"])
def test_a_ledger_whose_making_failed_can_be_made(quick_folder: Path, codes: Codes, step: int) -> None:
    at, met = 1 - step, True
    while met:
        at += step
        leave(quick_folder, {})
        trouble = Trouble(codes, at, lasting=at % 2 == 0)
        machine = Machine(quick_folder)
        machine.refuse = trouble
        with powered(machine), possibly_told():
            open_ledger(url(quick_folder), LEDGER, create=True, now=now).close()
        met = trouble.met is not None
        with open_ledger(url(quick_folder), LEDGER, create=True, now=now) as book:
            assert book.record([appointment(1)], actor="hr").version == 1
        assert recorded(quick_folder) == ["director-1"]
    assert at > 20


@pytest.mark.parametrize("codes", [FAILING, FULL], ids=["failing", "full"])
def test_the_command_ends_with_4_and_one_sentence(
    quick_folder: Path, new: dict[str, bytes], codes: Codes, capsys: pytest.CaptureFixture[str]
) -> None:
    appoint = ["appoint", "--holder", "director-1", "--position", "director", "--on", "2017-06-28"]
    refusals = 0
    for machine, trouble in troubled(quick_folder, new, codes, lasting=True):
        with powered(machine):
            code = run([*appoint, "--db", url(machine.folder)])
        out, err = capsys.readouterr()
        if code:
            refusals += 1
            assert (code, out, err.count("\n")) == (4, "", 1)
            assert err.startswith(tuple(f"rights: {each}: " for each in CODES))
            found = recorded(machine.folder)
            assert found == [] or (len(found) == 1 and isinstance(trouble.met, Synced))
            assert found == [] or err.startswith("rights: outcome-unknown: ")
        else:
            assert len(recorded(machine.folder)) == 1
    assert refusals > 5
