"""A database that somebody will attack, and what was kept outside of it."""

import json
import shutil
from datetime import datetime
from importlib import resources
from pathlib import Path

import pytest

from ledger import open_ledger
from ledger.proof.checkpoint import Checkpoint, SignedCheckpoint, origin_of
from tests.cli.conftest import SMALL, folder, rights

__all__ = ["folder", "rights"]

FIRST, SECOND = "2021-04-01T09:30:00+09:00", "2022-10-03T09:30:00+09:00"
LINES = (resources.files("ledger") / "demo" / "iij.jsonl").read_text(encoding="utf-8").splitlines()
MARKED = 30
"""Versions of the ledger `iij` when its first checkpoint was made, and its file copied."""


def at(moment: str, url: str, ledger: str, lines: list[str]) -> None:
    """Record lines at an instant, every one a batch of its own."""
    instant = datetime.fromisoformat(moment)
    with open_ledger(url, ledger, create=True, now=lambda: instant) as book:
        outcome = book.record(lines, actor="hr", keep_going=True)
        assert outcome.exit_code == 0


def checkpoint(url: str, file: Path) -> None:
    """Write a checkpoint as it is kept outside."""
    with open_ledger(url, "iij") as book:
        tree = book.tree()
        made = Checkpoint(origin_of("iij"), tree.size, tree.root(tree.size))
        file.write_bytes(SignedCheckpoint(made).rendered())


@pytest.fixture(scope="session")
def scene(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder with `rights.db` (the ledgers `iij` and `acme`), `old.db` (the same when `iij` had 30 entries), and the
    checkpoints `30` and `49` of `iij`."""
    home = tmp_path_factory.mktemp("scene")
    url = f"sqlite:///{home / 'rights.db'}"
    at(FIRST, url, "acme", [json.dumps(each) for each in SMALL])
    at(FIRST, url, "iij", LINES[:MARKED])
    checkpoint(url, home / "30")
    shutil.copy(home / "rights.db", home / "old.db")
    at(SECOND, url, "iij", LINES[MARKED:])
    checkpoint(url, home / "49")
    return home


@pytest.fixture
def attacked(scene: Path, folder: Path) -> Path:
    """A copy of the database in the working folder; the checkpoints lie beside it."""
    for name in ("rights.db", "old.db", "30", "49"):
        shutil.copy(scene / name, folder)
    return folder / "rights.db"
