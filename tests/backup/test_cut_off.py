"""A restoration killed at any moment leaves the old state or the new one; a backup is whole or not there."""

import shutil
from pathlib import Path

import pytest

from ledger.backup.making import back_up
from ledger.backup.opening import opened
from tests.backup.conftest import fill, whole
from tests.backup.cut_off import killed_at_each_step
from tests.scenario import company


@pytest.fixture
def begin(two_ledgers: str, folder: Path) -> Path:
    """A folder with a database, and two backups of what it was before its last entry."""
    begin = folder / "begin"
    begin.mkdir()
    back_up(two_ledgers, begin / "copy.db")
    back_up(two_ledgers, begin / "copy.jsonl", portable=True)
    fill(two_ledgers, "iij", [company("C")])
    shutil.copy("rights.db", begin)
    return begin


@pytest.mark.parametrize("options", [(), ("--portable",)])
def test_a_backup(begin: Path, folder: Path, options: tuple[str, ...]) -> None:
    ends = killed_at_each_step(begin, folder / "ends", "db", "backup", "copy", *options)
    expected = whole(f"sqlite:///{begin / 'rights.db'}")
    made = []
    for end in ends:
        assert whole(f"sqlite:///{end / 'rights.db'}") == expected
        if (end / "copy").exists():
            made.append(end.name)
            with opened(end / "copy", folder) as contents:
                assert list(contents.ledgers) == expected.ledgers
            (folder / "copy").unlink(missing_ok=True)
    assert made
    assert made[-1] == "whole"
    assert len(made) < len(ends) - 5


def test_a_backup_in_place_of_another(begin: Path, folder: Path) -> None:
    old = (begin / "copy.db").read_bytes()
    ends = killed_at_each_step(begin, folder / "ends", "db", "backup", "copy.db", "--force")
    new = (ends[-1] / "copy.db").read_bytes()
    assert {(end / "copy.db").read_bytes() for end in ends} == {old, new}


@pytest.mark.parametrize("backup", ["copy.db", "copy.jsonl"])
def test_a_restoration(begin: Path, folder: Path, backup: str) -> None:
    before = whole(f"sqlite:///{begin / 'rights.db'}")
    ends = killed_at_each_step(begin, folder / "ends", "db", "restore", backup, "--reason", "test")
    after = whole(f"sqlite:///{ends[-1] / 'rights.db'}")
    assert before.content != after.content
    restored = 0
    for end in ends:
        found = whole(f"sqlite:///{end / 'rights.db'}")
        if found.content == after.content:
            # It has recorded itself, and what it replaced is kept.
            assert [len(held.restorations) for held in found.ledgers] == [1, 1, 1]
            [kept] = [path for path in end.iterdir() if path.name.endswith("Z")]
            assert whole(f"sqlite:///{kept}") == before
            restored += 1
        else:
            assert found == before
    assert 1 <= restored < len(ends) - 5


def test_a_restoration_to_where_nothing_is(begin: Path, folder: Path) -> None:
    (begin / "rights.db").unlink()
    ends = killed_at_each_step(begin, folder / "ends", "db", "restore", "copy.db", "--reason", "test")
    after = whole(f"sqlite:///{ends[-1] / 'rights.db'}")
    made = [end for end in ends if (end / "rights.db").exists()]
    assert 1 <= len(made) < len(ends) - 5
    for end in made:
        found = whole(f"sqlite:///{end / 'rights.db'}")
        assert found.content == after.content
        assert [len(held.restorations) for held in found.ledgers] == [1, 1, 1]


def test_a_restoration_of_a_damaged_file(begin: Path, folder: Path) -> None:
    file = begin / "rights.db"
    damaged = file.read_bytes()[:20_000]
    file.write_bytes(damaged)
    ends = killed_at_each_step(begin, folder / "ends", "db", "restore", "copy.db", "--reason", "test")
    after = whole(f"sqlite:///{ends[-1] / 'rights.db'}")
    restored = 0
    for end in ends:
        if (end / "rights.db").read_bytes() == damaged:
            continue
        assert whole(f"sqlite:///{end / 'rights.db'}").content == after.content
        [kept] = [path for path in end.iterdir() if path.name.endswith("Z")]
        assert kept.read_bytes() == damaged
        restored += 1
    assert 1 <= restored < len(ends) - 5
