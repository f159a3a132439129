"""Whoever owns the database may change it as they like: a checkpoint kept outside shows that they did."""

import re
import shutil
from pathlib import Path

import pytest

from tests.attacks.attacks import ATTACKS
from tests.attacks.forging import Owner
from tests.cli.terminal import REPOSITORY, Rights, Told

OUTSIDE = ("--checkpoint", "30", "--checkpoint", "49")


def verify(rights: Rights, *options: str) -> Told:
    return rights("verify", "--ledger", "iij", *options)


def test_a_ledger_that_nobody_touched_is_whole(attacked: Path, rights: Rights) -> None:
    assert verify(rights).code == 0
    assert verify(rights, *OUTSIDE).code == 0


def test_opening_and_closing_the_file_is_no_attack(attacked: Path, rights: Rights) -> None:
    """What is seen is the attack, not the tools."""
    with Owner(attacked) as owner:
        owner.put(owner.rows())
    assert verify(rights, *OUTSIDE).code == 0


@pytest.mark.parametrize("name", ATTACKS)
def test_with_a_checkpoint_every_attack_is_seen(attacked: Path, rights: Rights, name: str) -> None:
    with Owner(attacked) as owner:
        ATTACKS[name].act(owner)
    told = verify(rights, *OUTSIDE)
    assert told.code == 3, told
    assert told.sentence.startswith("rights: damaged: ")


@pytest.mark.parametrize("question", [
    ("holdings", "--as-of", "2020-01-01"), ("history",), ("export",), ("export", "copy.jsonl"), ("checkpoint",),
], ids=" ".join)  # fmt: skip
def test_no_question_is_answered_from_a_tail_that_was_cut(
    attacked: Path, rights: Rights, question: tuple[str, ...]
) -> None:
    with Owner(attacked) as owner:
        owner.say("DELETE FROM entries WHERE ledger_id = 'iij' AND version > 40")
    told = rights(*question, "--ledger", "iij")
    assert told.code == 3
    assert "the head of ledger iij is that of other entries than the 40 it holds (it says 49)" in told.err
    assert not Path("copy.jsonl").exists()


@pytest.mark.parametrize("name", ATTACKS)
def test_without_one_some_are_not(attacked: Path, rights: Rights, name: str) -> None:
    with Owner(attacked) as owner:
        ATTACKS[name].act(owner)
    told = verify(rights)
    assert told.code == (3 if ATTACKS[name].is_seen_alone else 0), told


def test_those_that_are_not_seen_alone_are_told_of() -> None:
    page = (REPOSITORY / "docs" / "trust.md").read_text(encoding="utf-8")
    told = re.findall(r"^- \*\*(.+?)\*\*", page.partition("## What only a checkpoint shows")[2], flags=re.MULTILINE)
    files = {"an old file is put back", "the file of another ledger of the same name"}
    assert set(told) == {name for name, attack in ATTACKS.items() if not attack.is_seen_alone} | files


@pytest.mark.parametrize(("what", "statement"), [
    ("a column that is no text", "UPDATE entries SET type = CAST(x'ff' AS TEXT) WHERE version = 7"),
    ("a ledger's name that is no text", "UPDATE ledgers SET ledger_id = CAST(x'ff' AS TEXT) WHERE ledger_id = 'iij'"),
    ("no revision", "DELETE FROM alembic_version"),
    ("an older revision", "UPDATE alembic_version SET version_num = '0001'"),
    ("a revision that is no text", "UPDATE alembic_version SET version_num = CAST(x'ff' AS TEXT)"),
])  # fmt: skip
def test_what_is_no_database_any_more_is_damage(attacked: Path, rights: Rights, what: str, statement: str) -> None:
    with Owner(attacked) as owner:
        owner.say(statement)
    assert verify(rights, *OUTSIDE).code == 3, what


@pytest.mark.parametrize("content", [b"", bytes(8192), b"text"])
def test_a_file_that_is_emptied_or_overwritten(attacked: Path, rights: Rights, content: bytes) -> None:
    attacked.write_bytes(content)
    told = verify(rights, *OUTSIDE)
    assert (told.code, "is a checkpoint of 30 entries of ledger iij; " in told.sentence) == (3, True)
    assert "rights init" not in told.sentence
    attacked.unlink()
    assert verify(rights, *OUTSIDE).code == 4  # a name that is typed wrong is no damage


def test_an_old_file_is_put_back(attacked: Path, rights: Rights) -> None:
    shutil.copy("old.db", attacked)
    assert verify(rights).code == 0
    assert verify(rights, "--checkpoint", "30").code == 0  # it was a true file, once
    told = verify(rights, *OUTSIDE)
    assert (told.code, "version 31 is bad: it is missing" in told.sentence) == (3, True)


def test_the_file_of_another_ledger_of_the_same_name(attacked: Path, rights: Rights) -> None:
    attacked.unlink()
    assert rights("init", "--ledger", "iij").code == 0
    for number in range(60):
        given = ("--holder", f"nobody-{number}", "--position", "director", "--on", "2020-01-01")
        assert rights("appoint", *given).code == 0
    assert verify(rights).code == 0
    assert verify(rights, *OUTSIDE).code == 3


def test_the_ledger_itself_is_gone(attacked: Path, rights: Rights) -> None:
    with Owner(attacked) as owner:
        owner.say("DELETE FROM entries WHERE ledger_id = 'iij'")
        owner.say("DELETE FROM ledgers WHERE ledger_id = 'iij'")
    assert verify(rights).code == 2
    assert verify(rights, *OUTSIDE).code == 3
    assert rights("verify", *OUTSIDE).code == 3


def test_half_a_file(attacked: Path, rights: Rights) -> None:
    content = attacked.read_bytes()
    attacked.write_bytes(content[: len(content) // 2])
    assert verify(rights).code == 3


def test_the_first_bad_version_lies_after_what_a_checkpoint_proved(attacked: Path, rights: Rights) -> None:
    with Owner(attacked) as owner:
        ATTACKS["an entry, and everything hashed anew"].act(owner)
    assert "version 31 or one after it, up to 49, is bad" in verify(rights, *OUTSIDE).sentence
    assert "version 1 or one after it, up to 49, is bad" in verify(rights, "--checkpoint", "49").sentence
    assert verify(rights, "--checkpoint", "30").code == 0


def test_nothing_is_added_to_what_was_changed(attacked: Path, rights: Rights) -> None:
    with Owner(attacked) as owner:
        ATTACKS["an entry, its columns too"].act(owner)
    given = ("--holder", "director-3", "--on", "2026-06-25")
    assert rights("depart", "--ledger", "iij", *given).code == 3
