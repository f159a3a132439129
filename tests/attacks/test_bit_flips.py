"""One bit is flipped in every byte of a small file: every change of content is seen, and nothing else is an alarm."""

import json
import random
import sqlite3
from contextlib import closing
from pathlib import Path

import pytest

from ledger import LedgerError, open_ledger
from ledger.proof.checkpoint import Checkpoint
from tests.attacks.conftest import FIRST, at
from tests.scenario import allotted, company, issue
from tests.store.samples import ENTRY_COLUMNS

PARTS = 4
"""So that several processes may share the bytes."""

QUESTIONS = (
    "SELECT ledger_id, size, peaks FROM ledgers",
    f"SELECT {', '.join(ENTRY_COLUMNS)} FROM entries",
    "SELECT * FROM restorations",
)


def content_of(file: Path) -> object:
    """All that the tables hold, as another program reads it; None where it cannot.

    Neither when a ledger was made, which is nobody's evidence, nor PostgreSQL's user, whom SQLite does not have.
    """
    try:
        with closing(sqlite3.connect(f"{file.as_uri()}?mode=ro", uri=True)) as connection:
            return [connection.execute(question).fetchall() for question in QUESTIONS]
    except (sqlite3.Error, OverflowError, UnicodeDecodeError):
        return None


def made_small(folder: Path) -> Path:
    """A ledger of three entries in a file of small pages, with nothing beside it."""
    file = folder / "small.db"
    at(FIRST, f"sqlite:///{file}", "main", [json.dumps(each) for each in (company(), issue(), allotted(24))])
    with closing(sqlite3.connect(file)) as connection:
        connection.execute("PRAGMA journal_mode=DELETE")
        connection.execute("PRAGMA page_size=512")
        connection.execute("VACUUM")
    return file


def is_refused(file: Path, outside: Checkpoint) -> bool:
    """Whether this program says that the ledger is damaged, or cannot be used."""
    try:
        with open_ledger(f"sqlite:///{file}", "main") as book:
            book.verify([outside])
    except LedgerError as error:
        assert error.exit_code in {2, 3, 4}
        return True
    return False


@pytest.mark.parametrize("part", range(PARTS))
def test_one_bit_of_every_byte(tmp_path: Path, part: int) -> None:
    file = made_small(tmp_path)
    whole, expected = file.read_bytes(), content_of(file)
    with open_ledger(f"sqlite:///{file}") as book:
        tree = book.tree()
        outside = Checkpoint("rights-ledger/main", tree.size, tree.root(tree.size))
    copy, chance = tmp_path / "flipped.db", random.Random(part)
    changes = 0
    for place in range(part, len(whole), PARTS):
        flipped = bytearray(whole)
        flipped[place] ^= 1 << chance.randrange(8)
        copy.write_bytes(flipped)
        if content_of(copy) != expected:
            changes += 1
            assert is_refused(copy, outside), f"byte {place} is another, and nobody says so"
        for beside in tmp_path.glob("flipped.db-*"):
            beside.unlink()
    assert changes > 500


def test_a_thousand_times_nothing(tmp_path: Path) -> None:
    file = made_small(tmp_path)
    with open_ledger(f"sqlite:///{file}") as book:
        tree = book.tree()
        outside = Checkpoint("rights-ledger/main", tree.size, tree.root(tree.size))
    assert not any(is_refused(file, outside) for _ in range(1_000))
