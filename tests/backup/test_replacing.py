"""While a database is looked at and replaced, nobody else writes to it; after a failure it is what it was."""

import sqlite3
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path

import pytest

from ledger import open_ledger
from ledger.backup.making import back_up
from ledger.backup.restoring import put_back
from ledger.domain.errors import DatabaseError
from ledger.store.migrate import upgrade
from ledger.store.sqlite_copy import url_of
from ledger.store.sqlite_replace import Noted, replacing
from tests.backup.conftest import fill, whole
from tests.scenario import company


@pytest.fixture
def built(folder: Path) -> Path:
    """Another database, with one ledger."""
    upgrade(url_of(folder / "built"))
    fill(url_of(folder / "built"), "iij", [company()])
    return folder / "built"


@pytest.fixture
def other(two_ledgers: str) -> Iterator[sqlite3.Connection]:
    """Somebody else's connection to the database of `two_ledgers`, who does not wait."""
    with closing(sqlite3.connect("rights.db", timeout=0, isolation_level=None)) as connection:
        connection.execute("SELECT count(*) FROM entries").fetchone()
        yield connection


def test_others_read_what_was_and_cannot_write(folder: Path, built: Path, other: sqlite3.Connection) -> None:
    with replacing(folder / "rights.db", built) as there:
        with pytest.raises(sqlite3.OperationalError, match="locked"):
            other.execute("BEGIN IMMEDIATE")
        there.put([])
        assert other.execute("SELECT count(*) FROM entries").fetchone() == (14,)
    assert other.execute("SELECT ledger_id, size FROM ledgers").fetchall() == [("iij", 1)]
    other.execute("BEGIN IMMEDIATE")
    other.execute("ROLLBACK")


def test_a_failure_leaves_what_was(two_ledgers: str, folder: Path, built: Path) -> None:
    """Here because a ledger's restorations are not numbered from 1 on, which a guard of the new tables refuses."""
    before = whole(two_ledgers)
    put_back(two_ledgers, made(two_ledgers, folder), reason="test")
    restored = whole(two_ledgers)
    assert restored.content == before.content
    [noted] = restored.ledgers[0].restorations
    with pytest.raises(DatabaseError, match="next number"), replacing(folder / "rights.db", built) as there:
        there.put([Noted("iij", noted.restored_at, [noted._replace(number=2)])])
    assert whole(two_ledgers) == restored


def test_whoever_has_read_what_was_reads_anew(two_ledgers: str, folder: Path) -> None:
    """A book that is kept open answers from the ledger that is there, and mixes no two of them."""
    backup = made(two_ledgers, folder)
    with open_ledger(two_ledgers, "iij") as book, open_ledger(two_ledgers, "iij") as longer:
        book.record([company("C")], actor="hr")
        assert longer.history().known_version == book.history().known_version == 4
        put_back(two_ledgers, backup, reason="test")
        assert book.history().known_version == 3
        book.record([company("D"), company("E")], actor="hr")
        # It had read four entries, the fourth of them another, and five are there.
        names = [row.to_dict()["entry"].get("company") for row in longer.history()]
        assert names[-2:] == ["D", "E"]
        assert longer.tree().root(5) == book.tree().root(5) == longer.verify().root


def made(url: str, folder: Path) -> Path:
    back_up(url, folder / "copy")
    return folder / "copy"


def test_who_does_not_get_the_turn(two_ledgers: str, folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    copy = made(two_ledgers, folder)
    before = whole(two_ledgers)
    for module in ("sqlite_copy", "sqlite_replace"):
        monkeypatch.setattr(f"ledger.store.{module}.WAIT_SECONDS", 0.05)
    with closing(sqlite3.connect("rights.db", isolation_level=None)) as writer:
        writer.execute("BEGIN IMMEDIATE")
        with pytest.raises(DatabaseError) as refusal:
            put_back(two_ledgers, copy, reason="test")
    assert refusal.value.code == "database-busy"
    assert whole(two_ledgers) == before
    assert sorted(path.name for path in folder.iterdir() if "-" not in path.name) == ["copy", "rights.db"]
