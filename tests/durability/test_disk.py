"""The model of a disk: what is synced stays, the rest may, and the machine's own folder is what the model says."""

from pathlib import Path
from random import Random

import pytest

from tests.durability.cuts import leave
from tests.durability.disk import (
    WAYS,
    Deleted,
    Forgot,
    Made,
    Operation,
    Synced,
    Truncated,
    Way,
    Wrote,
    after_a_cut,
    everything,
    nothing,
    some_junk,
    some_sectors,
    the_first,
    the_last,
)
from tests.durability.driver import powered
from tests.durability.life import LEDGER, Settings, book_of, create, live, make
from tests.durability.machine import Machine

FOUND = {"a": b"old"}
NEW = b"n" * 2_000


def left(*operations: Operation, way: Way = nothing, seed: int = 1) -> dict[str, bytes]:
    return after_a_cut(FOUND, operations, way, Random(seed))


def all_that_may_be_left(*operations: Operation, way: Way) -> set[tuple[tuple[str, bytes], ...]]:
    return {tuple(sorted(left(*operations, way=way, seed=seed).items())) for seed in range(200)}


def test_what_was_not_synced_may_be_lost_or_kept() -> None:
    assert left(Wrote(0, 0, b"new")) == {"a": b"old"}
    assert left(Wrote(0, 0, b"new"), way=everything) == {"a": b"new"}
    assert left(Truncated(0, 1)) == {"a": b"old"}
    assert left(Truncated(0, 1), way=everything) == {"a": b"o"}
    assert left(Truncated(0, 5), way=everything) == {"a": b"old\0\0"}
    assert left(Wrote(0, 5, b"x"), way=everything) == {"a": b"old\0\0x"}


@pytest.mark.parametrize("way", WAYS)
def test_what_was_synced_is_kept_in_every_way(way: Way) -> None:
    done: list[Operation] = [Wrote(0, 0, NEW), Truncated(0, 1_999), Synced(0, with_folder=False)]
    assert all_that_may_be_left(*done, way=way) == {(("a", NEW[:1_999]),)}


@pytest.mark.parametrize("way", WAYS)
def test_a_sync_is_of_one_file(way: Way) -> None:
    made: list[Operation] = [
        Made(1, "b"),
        Made(2, "c"),
        Wrote(1, 0, b"b"),
        Wrote(2, 0, b"c"),
        Synced(1, with_folder=True),
    ]
    for names in all_that_may_be_left(*made, way=way):
        assert dict(names)["a"] == b"old"
        assert dict(names)["b"] == b"b"
        assert len(dict(names)["c"]) <= 1
    assert left(*made) == {"a": b"old", "b": b"b", "c": b""}


def test_a_name_is_safe_when_the_folder_was_synced() -> None:
    made: list[Operation] = [Made(1, "b"), Wrote(1, 0, b"b"), Synced(1, with_folder=False)]
    assert left(*made) == {"a": b"old"}
    assert left(*made, way=everything) == {"a": b"old", "b": b"b"}
    assert left(*made, Synced(0, with_folder=True)) == {"a": b"old", "b": b"b"}
    assert left(Deleted(0, "a", with_folder=False)) == {"a": b"old"}
    assert left(Deleted(0, "a", with_folder=True)) == {}


def test_a_file_made_under_a_name_that_was_deleted_is_another_file() -> None:
    again: list[Operation] = [
        Deleted(0, "a", with_folder=False),
        Made(1, "a"),
        Wrote(1, 0, b"new"),
        Synced(1, with_folder=False),
    ]
    assert left(*again) == {"a": b"old"}
    assert left(*again, way=everything) == {"a": b"new"}
    assert left(*again, Deleted(1, "a", with_folder=True)) == {}


def test_the_first_may_be_torn_at_any_byte() -> None:
    may_be = all_that_may_be_left(Wrote(0, 0, b"new"), Wrote(0, 3, b"er"), way=the_first)
    assert may_be == {(("a", content),) for content in (b"old", b"nld", b"ned", b"new", b"newe", b"newer")}


def test_the_last_may_be_there_without_the_first() -> None:
    may_be = all_that_may_be_left(Wrote(0, 0, b"n"), Truncated(0, 2), way=the_last)
    assert may_be == {(("a", b"old"),), (("a", b"ol"),), (("a", b"nl"),)}


def test_sectors_come_one_by_one() -> None:
    for ((_, content),) in all_that_may_be_left(Wrote(0, 500, NEW), way=some_sectors):
        assert content.startswith(b"old")
        assert {content[at : at + 512].strip(b"\0") for at in (512, 1_024, 1_536)} <= {b"", b"n" * 512}
    assert len(all_that_may_be_left(Wrote(0, 500, NEW), way=some_sectors)) > 2**4


def test_junk_stays_where_something_was_written() -> None:
    (junk,) = {content[1:2] for ((_, content),) in all_that_may_be_left(Wrote(0, 0, b"n"), way=some_junk)}
    assert junk == b"l"
    assert len(all_that_may_be_left(Wrote(0, 0, b"n"), way=some_junk)) > 10


def test_a_sync_that_failed_may_have_given_up_what_it_was_for() -> None:
    done: list[Operation] = [Wrote(0, 0, b"n"), Forgot(0), Wrote(0, 1, b"e"), Synced(0, with_folder=False)]
    assert left(*done) == left(*done, way=everything) == {"a": b"oed"}


@pytest.mark.parametrize("pages", [4, None])
def test_the_model_and_the_folder_agree_while_the_power_is_on(quick_folder: Path, pages: int | None) -> None:
    make(quick_folder / "machine")
    machine = Machine(quick_folder / "machine")
    life = live(machine, Random(1), Settings(wal_autocheckpoint=pages), batches=12)
    assert after_a_cut(life.found, life.operations, everything, Random()) == files_of(machine)
    assert {type(operation) for operation in life.operations} >= {Made, Wrote, Truncated, Deleted, Synced}


def test_the_model_and_the_folder_agree_in_the_middle_of_a_life(quick_folder: Path) -> None:
    (quick_folder / "machine").mkdir()
    machine = Machine(quick_folder / "machine")
    create(machine)
    with powered(machine), book_of(machine.folder, Settings()) as (log, _):
        log.create("another", "2026-11-22T00:12:31.123456Z")
        assert after_a_cut({}, machine.operations, everything, Random()) == files_of(machine)


def files_of(machine: Machine) -> dict[str, bytes]:
    """Those that SQLite keeps there by the machine's file system: neither shared memory nor what is our own."""
    return {name: (machine.folder / name).read_bytes() for name in machine.files}


def test_the_store_speaks_to_the_machine_with_its_own_settings(quick_folder: Path) -> None:
    make(quick_folder / "machine")
    machine = Machine(quick_folder / "machine")
    with powered(machine), book_of(machine.folder, Settings()) as (log, _):
        full = 2
        with log._connected() as connection:
            settings = [
                connection.execute(f"PRAGMA {name}").fetchone()[0]
                for name in ("synchronous", "journal_mode", "foreign_keys")
            ]
        assert settings == [full, "wal", 1]
        with log.writing(LEDGER):
            pass
    leave(machine.folder, {})
