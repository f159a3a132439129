"""A cut of the power while a ledger of an older revision is brought up: it is of the one or of the other, and whole."""

import shutil
from pathlib import Path

import pytest

from ledger.domain.wellformed import entry_from
from ledger.store import Row, migrate
from ledger.store.codec import seal
from tests.durability.cuts import every_cut
from tests.durability.disk import nothing, some_sectors
from tests.durability.driver import powered
from tests.durability.life import LEDGER, Life, appointment, url
from tests.durability.machine import Machine
from tests.store.samples import MADE_AT, insert, say

REPOSITORY = Path(__file__).parents[2]
ENTRIES = 12


def recorded(number: int) -> Row:
    content = appointment(number, "x" * 700)
    entry = entry_from(content)
    return seal(LEDGER, content, entry, version=number, batch=number, recorded_at=MADE_AT, actor="hr")


@pytest.fixture
def old_ledger(quick_folder: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A folder with a database of the first revision, and entries in it."""
    home, folder = quick_folder / "home", quick_folder / "machine"
    folder.mkdir()
    shutil.copytree(REPOSITORY / "migrations", home / "migrations", ignore=shutil.ignore_patterns("000[2-9]_*.py"))
    shutil.copy(REPOSITORY / "alembic.ini", home)
    with monkeypatch.context() as patch:
        patch.setattr(migrate, "_home", lambda: home)
        migrate.upgrade(url(folder))
    say(url(folder), "INSERT INTO ledgers (ledger_id, created_at) VALUES (?, ?)", LEDGER, MADE_AT)
    for number in range(1, ENTRIES + 1):
        sql, parameters = insert(recorded(number))
        say(url(folder), sql, *parameters)
    return folder


def test_every_moment_of_an_upgrade(old_ledger: Path, quick_folder: Path) -> None:
    machine = Machine(old_ledger)
    with powered(machine):
        assert migrate.upgrade(url(old_ledger)) is True
    entries = [recorded(number).bytes for number in range(1, ENTRIES + 1)]
    life = Life(machine.found, machine.operations, entries, ENTRIES, frozenset({ENTRIES}))
    figures = every_cut(life, quick_folder / "after", seed=0, ways=(nothing, some_sectors))
    assert (figures.lost, figures.troubles) == (0, ())
    assert figures.cuts > 40
