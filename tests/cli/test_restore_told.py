"""Restorations that a file lost and a checkpoint told of: the next restoration notes them again."""

from pathlib import Path

import pytest

from tests.cli.terminal import Rights
from tests.cli.test_restore import WHY, kept_in, restorations, with_backup


@pytest.fixture
def backed_up(small_ledger: Rights, folder: Path) -> Rights:
    return with_backup(small_ledger, folder)


def told_of_two(rights: Rights) -> None:
    """Two restorations that a checkpoint tells of, and a file that nobody can read any more."""
    for reason in ("one", "two"):
        assert rights("db", "restore", "copy", "--reason", reason).code == 0
    assert rights("checkpoint", "--out", "told").code == 0
    with Path("rights.db").open("r+b") as file:
        file.write(bytes(4_096))


def test_restorations_that_a_file_lost_are_noted_again_as_a_checkpoint_told_of_them(
    backed_up: Rights, folder: Path
) -> None:
    told_of_two(backed_up)
    done = backed_up("db", "restore", "copy", "--reason", "three")
    assert (done.code, done.err) == (0, "")
    [memory] = (folder / "state").iterdir()
    assert done.out.splitlines()[1] == f"2 restorations of it that the database lost noted again, from {memory}."
    assert [(each.number, each.reason) for each in restorations()] == [(1, "one"), (2, "two"), (3, "three")]
    assert [each.replaced_size for each in restorations()] == [12, 11, None]
    assert backed_up("verify", "--checkpoint", "told").code == 0
    assert backed_up("checkpoint").code == 0
    # From now on the database has them all, whatever is remembered.
    done = backed_up("db", "restore", "copy", "--reason", "four", "--json")
    assert done.json["ledgers"][0]["remembered"] == 0
    assert backed_up("checkpoint").code == 0
    assert [each.reason for each in restorations()] == ["one", "two", "three", "four"]


def test_what_is_remembered_comes_before_what_the_database_and_the_backup_have(backed_up: Rights, folder: Path) -> None:
    assert backed_up("db", "restore", "copy", "--reason", "of the backup").code == 0
    assert backed_up("db", "backup", "later").code == 0
    (folder / "rights.db").unlink()
    told_of_two(backed_up)
    elsewhere = ("--state", str(folder / "elsewhere"))
    assert backed_up("db", "restore", "later", "--reason", "forgetful", *elsewhere, "--json").json["ledgers"] == [
        {**backed_up("db", "restore", "later", *WHY, *elsewhere, "--json").json["ledgers"][0], "restoration": 2,
         "replaced_size": None}
    ]  # fmt: skip
    assert backed_up("checkpoint").code == 3
    (folder / "rights.db").unlink()
    done = backed_up("db", "restore", "later", "--reason", "again", "--json")
    assert done.json["ledgers"][0]["remembered"] == 2
    assert [each.reason for each in restorations()] == ["one", "two", "of the backup", "again"]
    assert backed_up("checkpoint").code == 0


def test_what_is_remembered_and_damaged_is_said_before_anything_changes(backed_up: Rights, folder: Path) -> None:
    told_of_two(backed_up)
    content = (folder / "rights.db").read_bytes()
    [memory] = (folder / "state").iterdir()
    whole = memory.read_text(encoding="utf-8")
    for old, new in (
        ("restored {", "restored ["),
        ('"size":', '"sizes":'),
        ('"root":"', '"root":"x'),
        ("main\n", "x\n"),
    ):
        memory.write_text(whole.replace(old, new), encoding="utf-8")
        told = backed_up("db", "restore", "copy", *WHY)
        assert (told.code, told.sentence.startswith(f"rights: damaged: {memory}, which remembers")) == (3, True)
        assert told.sentence.endswith("; or name a --state without it")
    memory.unlink()
    memory.symlink_to(memory)
    told = backed_up("db", "restore", "copy", *WHY)
    assert (told.code, "issued checkpoints cannot be remembered in" in told.sentence) == (2, True)
    assert (folder / "rights.db").read_bytes() == content
    assert len(kept_in(folder)) == 2
