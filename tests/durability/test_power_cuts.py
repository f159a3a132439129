"""A cut of the power at any moment loses nothing that was acknowledged, and leaves no half of anything."""

from collections.abc import Iterator, Sequence
from pathlib import Path
from random import Random

import apsw
import pytest

from ledger import DatabaseError, open_ledger
from tests.durability.cuts import Figures, chain, cut, every_cut, leave, look
from tests.durability.disk import (
    Acknowledged,
    Forgot,
    Operation,
    Synced,
    Unsynced,
    Wrote,
    nothing,
    pieces,
    some_junk,
    some_sectors,
    the_first,
)
from tests.durability.life import LEDGER, Settings, create, live, make, url
from tests.durability.machine import Machine, Refusal

CUTS_OF_A_CHAIN = 200


CUTS_OF_A_CONTROL = 80


def final(figures: Iterator[Figures]) -> Figures:
    *_, last = figures
    return last


@pytest.mark.parametrize("pages", [4, None])
def test_every_moment_of_a_life_in_every_way(quick_folder: Path, pages: int | None) -> None:
    make(quick_folder / "machine")
    life = live(Machine(quick_folder / "machine"), Random(4), Settings(wal_autocheckpoint=pages), batches=3)
    figures = every_cut(life, quick_folder / "after", seed=1)
    assert (figures.lost, figures.troubles) == (0, ())
    assert figures.cuts == 6 * (len(life.operations) + 1) > 200
    assert figures.cuts_with_more > 0


def test_life_after_life(quick_folder: Path) -> None:
    figures = final(chain(quick_folder, cuts=CUTS_OF_A_CHAIN, seed=1))
    assert (figures.lost, figures.troubles) == (0, ())
    assert figures.cuts == CUTS_OF_A_CHAIN
    assert figures.lives > 2


@pytest.mark.parametrize("synchronous", ["NORMAL", "OFF"])
def test_a_store_that_syncs_less_is_seen_to_lose(quick_folder: Path, synchronous: str) -> None:
    figures = final(chain(quick_folder, cuts=CUTS_OF_A_CONTROL, seed=1, synchronous=synchronous))
    assert figures.cuts_with_loss > CUTS_OF_A_CONTROL / 10


def test_every_moment_of_making_a_ledger(quick_folder: Path) -> None:
    (quick_folder / "machine").mkdir()
    life = create(Machine(quick_folder / "machine"))
    ways = (nothing, the_first, some_sectors, some_junk)
    figures = every_cut(life, quick_folder / "after", seed=0, ways=ways)
    assert figures.troubles == ()
    assert figures.cuts == 4 * (len(life.operations) + 1) > 150


def test_a_making_without_syncs_is_seen_to_be_lost(quick_folder: Path) -> None:
    (quick_folder / "machine").mkdir()
    life = create(Machine(quick_folder / "machine"))
    life = life._replace(operations=[each for each in life.operations if not isinstance(each, Synced)])
    all_of_it = len(life.operations)
    assert life.acknowledged(all_of_it) == 0
    assert look(life, all_of_it, cut(life, all_of_it, nothing, Random()), quick_folder / "after").trouble


def test_a_header_that_arrived_as_nothing_is_mended(quick_folder: Path) -> None:
    def all_but_the_header(unsynced: Sequence[Unsynced], _chance: Random) -> Iterator[Unsynced]:
        return (piece for piece in pieces(unsynced) if not (isinstance(piece, Wrote) and piece[:2] == (0, 0)))

    (quick_folder / "machine").mkdir()
    life = create(Machine(quick_folder / "machine"))
    for done in range(len(life.operations)):
        leave(quick_folder / "after", cut(life, done, all_but_the_header, Random(done)))
        open_ledger(url(quick_folder / "after"), LEDGER, create=True).close()


def test_a_sync_that_failed_once_costs_no_later_entry(quick_folder: Path) -> None:
    """The system may forget what a failed sync was for, and report the next one as done."""
    make(quick_folder / "new")
    new = {file.name: file.read_bytes() for file in (quick_folder / "new").iterdir()}
    failed = 0
    for at in range(1, 20):
        leave(quick_folder / "machine", new)
        machine = Machine(quick_folder / "machine", refuse=the_sync(at))
        try:
            life = live(machine, Random(at), Settings(wal_autocheckpoint=4), batches=6)
        except DatabaseError:
            continue  # while the ledger was being opened
        failed += any(isinstance(each, Forgot) for each in life.operations)
        for done, operation in enumerate(life.operations, start=1):
            if isinstance(operation, Acknowledged):
                verdict = look(life, done, cut(life, done, some_sectors, Random(done)), quick_folder / "after")
                assert (verdict.lost, verdict.trouble) == (0, "")
    assert failed > 5


def the_sync(at: int) -> Refusal:
    counted = iter(range(1, 10**6))

    def refuse(operation: Operation) -> int | None:
        return apsw.SQLITE_IOERR_FSYNC if isinstance(operation, Synced) and next(counted) == at else None

    return refuse
