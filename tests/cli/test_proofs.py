"""Keys, checkpoints, receipts and what is proved by them, from the command line."""

import os
import shutil
import sqlite3
import subprocess
import sys
from base64 import b64decode
from contextlib import closing
from pathlib import Path

import pytest

from ledger import open_ledger
from ledger.proof.checkpoint import SignedCheckpoint
from ledger.proof.note import VerifierKey
from ledger.proof.receipt import Receipt
from tests.cli.conftest import DEFAULT_URL, SMALL, record_at
from tests.cli.terminal import REPOSITORY, Rights, Told
from tests.cli.test_verify import changed, meddle
from tests.scenario import departed

STANDALONE = REPOSITORY / "ledger" / "proof" / "standalone.py"


def grown() -> None:
    """One entry more."""
    record_at("2021-05-01T09:30:00+09:00", [departed("2018-06-28", "officer-1")])


def standalone(folder: Path, *arguments: str) -> Told:
    """Check files without our program."""
    done = subprocess.run(
        [sys.executable, "-I", "-S", str(STANDALONE), *arguments], cwd=folder, capture_output=True, check=False
    )
    return Told(done.returncode, done.stdout.decode(), done.stderr.decode())


def root_of_the_ledger() -> bytes:
    with open_ledger(DEFAULT_URL) as book:
        tree = book.tree()
        return tree.root(tree.size)


def test_a_checkpoint_is_all_that_is_printed(small_ledger: Rights) -> None:
    told = small_ledger("checkpoint")
    assert (told.code, told.err) == (0, "")
    found = SignedCheckpoint.parse(told.out.encode())
    assert (found.checkpoint.origin, found.checkpoint.size) == ("rights-ledger/main", len(SMALL))
    assert found.checkpoint.root == root_of_the_ledger()
    assert found.signatures == ()


def test_a_signed_checkpoint(keyed: Rights, folder: Path) -> None:
    told = keyed("checkpoint")
    assert told.out.encode() == Path("11").read_bytes()
    found = SignedCheckpoint.parse(told.out.encode())
    key = VerifierKey.parse(keyed("key", "show").out.strip())
    assert found.signers([key]) == (key,)
    told = keyed("checkpoint", "--json")
    root = told.json["root"]
    assert told.json == {
        "ledger": "main", "size": 11, "root": root, "signed_by": ["hr@example.com"], "file": None,
        "checkpoint": Path("11").read_text(encoding="utf-8"),
    }  # fmt: skip
    assert b64decode(root) == root_of_the_ledger()
    assert keyed("checkpoint", "--out", "again").out == (
        f"again is of ledger main, signed by hr@example.com.\n11 entries, root {root}\n"
    )


def test_an_empty_ledger_has_a_checkpoint(new_ledger: Rights) -> None:
    told = new_ledger("checkpoint", "--out", "0")
    assert told.out.startswith("0 is of ledger main, signed by nobody.\n0 entries, root 47DEQpj8HBSa+/TImW+5")
    assert new_ledger("verify", "--checkpoint", "0").code == 0


def test_no_file_is_overwritten(keyed: Rights, folder: Path) -> None:
    for command in (("checkpoint",), ("receipt", "3"), ("checker",)):
        for name in ("rights.db", "rights.key", "11"):
            before = Path(name).read_bytes()
            told = keyed(*command, "--out", name)
            assert (told.code, told.sentence) == (
                2, f"rights: malformed: {name} is there already; name a new file"
            )  # fmt: skip
            assert Path(name).read_bytes() == before
        assert keyed(*command, "--out", "no/folder").code == 2
    assert not list(Path().glob(".rights-*"))


def test_a_receipt_proves_its_entry_without_the_database(keyed: Rights, folder: Path) -> None:
    for version in range(1, 12):
        assert keyed("receipt", str(version), "--out", f"r{version}").code == 0
    Path("rights.db").unlink()
    for version in range(1, 12):
        told = keyed("verify", "--receipt", f"r{version}", "--key", "rights.key.pub", "--json")
        (found,) = told.json["receipts"]
        assert (found["ledger"], found["version"], found["size"]) == ("main", version, 11)
        assert found["signed_by"] == ["hr@example.com"]
        assert (found["stored"]["version"], found["stored"]["actor"]) == (version, "hr")
        assert told.json["ledger"] is None
        assert standalone(folder, f"r{version}", "--key", "rights.key.pub").code == 0


def test_what_a_receipt_proves_is_said(keyed: Rights) -> None:
    keyed("receipt", "7", "--out", "r7")
    entry = Receipt.parse(Path("r7").read_bytes()).entry.decode()
    root = keyed("checkpoint", "--json").json["root"]
    assert keyed("verify", "--receipt", "r7") == (
        0,
        f"r7: version 7 of ledger main is one of 11 entries, root {root}; who signed it was not checked: no --key.\n"
        f"{entry}\n",
        "",
    )
    Path("unsigned").write_bytes(Path("r7").read_bytes().rpartition(b"\n\n")[0] + b"\n")
    told = keyed("verify", "--receipt", "unsigned")
    assert f"root {root}; signed by nobody: anybody can have made it.\n" in told.out
    told = keyed("verify", "--receipt", "r7", "--key", keyed("key", "show").out.strip())
    assert "; signed by hr@example.com.\n" in told.out


@pytest.mark.parametrize("version", ["0", "-1", "12", "x", "9" * 30])
def test_a_version_that_is_not_there_has_no_receipt(keyed: Rights, version: str) -> None:
    assert keyed("receipt", "--", version).code == 2


def test_verify_says_what_was_proved_and_what_was_not(keyed: Rights) -> None:
    grown()
    root = keyed("checkpoint", "--out", "12", "--json").json["root"]
    whole = "Ledger main is whole: 12 entries, each in its place, unchanged in itself, and lawful.\n"
    told = keyed("verify", "--checkpoint", "11", "--checkpoint", "12", "--key", "rights.key.pub")
    assert told.out.startswith(f"{whole}It begins with the 11 entries of 11, root ")
    assert told.out.endswith(
        f"It begins with the 12 entries of 12, root {root}; signed by hr@example.com.\n12 entries, root {root}\n"
    )
    assert keyed("verify", "--checkpoint", "12").out == (
        f"{whole}It begins with the 12 entries of 12, root {root}; who signed it was not checked: no --key.\n"
        f"12 entries, root {root}\n"
    )
    assert keyed("verify").out == (
        f"{whole}Not proved without --checkpoint: that its owner did not write all of it anew, in a lawful way.\n"
        f"12 entries, root {root}\n"
    )
    told = keyed("verify", "--checkpoint", "12", "--key", "rights.key.pub", "--json")
    checkpoint = {
        "file": "12", "ledger": "main", "size": 12, "root": root, "signed_by": ["hr@example.com"], "extensions": []
    }  # fmt: skip
    assert told.json == {
        "ledger": "main", "version": 12, "size": 12, "root": root, "damaged": False, "restorations": [],
        "checkpoints": [checkpoint], "receipts": [],
    }  # fmt: skip


def rewrite() -> None:
    """Write the whole ledger anew, lawfully, with one thing changed."""
    Path("rights.db").unlink()
    record_at("2021-04-01T09:30:00+09:00", [*SMALL[:-1], {**SMALL[-1], "ratio": "3"}])


def test_what_cannot_be_seen_without_a_checkpoint_is_seen_with_one(keyed: Rights) -> None:
    rewrite()
    assert keyed("verify").code == 0
    told = keyed("verify", "--checkpoint", "11")
    assert told.code == 3
    assert told.sentence.startswith("rights: damaged: ")


def test_a_changed_entry_is_named_with_a_checkpoint_too(keyed: Rights) -> None:
    changed(8, b"2018-07-02", b"2018-07-03")
    assert keyed("verify", "--checkpoint", "11").sentence.startswith("rights: damaged: version 8 is bad: ")


def test_the_signer_refuses_an_old_file(keyed: Rights, folder: Path) -> None:
    shutil.copy("rights.db", "old.db")
    grown()
    assert keyed("checkpoint").code == 0
    shutil.copy("old.db", "rights.db")
    for command in (("checkpoint",), ("receipt", "1"), ("checkpoint", "--key", "rights.key", "--out", "new")):
        told = keyed(*command)
        assert told.code == 3
        assert told.sentence.startswith("rights: damaged: ledger main has 11 entries and the root ")
        assert f"{folder / 'state' / 'main-'}" in told.sentence
        assert told.sentence.endswith(
            ". Where another ledger of this name was issued for from here, give this one a --state of its own; else"
            " `rights db restore` puts back a backup and records that it did"
        )
    assert not Path("new").exists()
    assert keyed("verify").code == 0  # nothing inside of it tells
    assert keyed("checkpoint", "--state", "elsewhere").code == 0


def test_the_signer_refuses_a_rewritten_ledger(keyed: Rights) -> None:
    rewrite()
    assert "its first 11 entries are others" in keyed("checkpoint").sentence


def test_a_restoration_is_in_every_checkpoint(keyed: Rights) -> None:
    assert keyed("db", "backup", "backup.db").code == 0
    grown()
    assert keyed("checkpoint", "--out", "12").code == 0
    assert keyed("db", "restore", "backup.db", "--reason", "disk replaced").code == 0
    told = keyed("checkpoint", "--out", "restored")
    assert told.code == 0, told
    (line,) = SignedCheckpoint.parse(Path("restored").read_bytes()).checkpoint.extensions
    assert line.startswith('restored {"actor":"hr","number":1,"reason":"disk replaced","replaced_root":"')
    assert keyed("verify", "--checkpoint", "11", "--checkpoint", "restored").code == 0
    assert "It was restored at " in keyed("verify").out
    assert keyed("verify", "--json").json["restorations"][0]["reason"] == "disk replaced"
    told = keyed("verify", "--checkpoint", "12")
    assert told.code == 3
    assert "it extends no checkpoint of what was lost then" in told.sentence
    assert keyed("checkpoint", "--extends", "11").code == 0
    told = keyed("checkpoint", "--extends", "12")
    assert (told.code, told.sentence) == (
        3,
        "rights: damaged: 12: ledger main was restored since, to fewer or other entries than the 12 entries of this"
        " checkpoint, and cannot extend it",
    )


def test_a_restoration_that_was_told_of_stays_told(keyed: Rights) -> None:
    assert keyed("db", "backup", "backup.db").code == 0
    assert keyed("db", "restore", "backup.db", "--reason", "disk replaced").code == 0
    assert keyed("checkpoint", "--out", "told").code == 0
    with closing(sqlite3.connect("rights.db")) as connection:
        (guard,) = connection.execute(
            "SELECT sql FROM sqlite_schema WHERE name = 'restorations_never_deleted'"
        ).fetchone()
        connection.execute("DROP TRIGGER restorations_never_deleted")
        connection.execute("DELETE FROM restorations")
        connection.execute(guard)
        connection.commit()
    assert keyed("verify").code == 0
    told = keyed("verify", "--checkpoint", "told")
    assert (told.code, "told tells of 1 restorations" in told.sentence) == (3, True)


def test_a_second_restoration_to_less_than_the_first(keyed: Rights) -> None:
    """What was restored first need not be in what was restored last."""
    assert keyed("db", "backup", "11.db").code == 0
    grown()
    assert keyed("db", "backup", "12.db").code == 0
    for backup in ("12.db", "11.db"):
        assert keyed("db", "restore", backup, "--reason", "test").code == 0
        assert keyed("checkpoint").code == 0
    assert keyed("verify").code == 0


def test_a_proof_for_whoever_may_not_see_the_entries(keyed: Rights, folder: Path) -> None:
    grown()
    told = keyed("checkpoint", "--extends", "11", "--out", "proof")
    assert told.code == 0
    assert Path("proof").read_bytes().startswith(b"old 11\n")
    told = standalone(folder, "11", "proof", "--key", "rights.key.pub")
    assert (told.code, told.err) == (0, "")
    assert "proof: rights-ledger/main with 12 entries begins with those of 11." in told.out
    Path("other").write_bytes(Path("11").read_bytes().replace(b"/main\n", b"/mine\n"))
    assert keyed("verify", "--checkpoint", "proof", "--key", "rights.key.pub").code == 0
    assert keyed("checkpoint", "--extends", "proof", "--out", "next").code == 0
    told = keyed("checkpoint", "--extends", "other")
    assert (told.code, told.sentence) == (
        3, "rights: damaged: other is of ledger mine, and this is ledger main"
    )  # fmt: skip
    told = keyed("checkpoint", "--extends", "nothing")
    assert told.code == 2
    assert told.sentence.split(": ")[2].startswith("nothing")


def test_the_checker_checks_what_we_issue(keyed: Rights, folder: Path) -> None:
    assert keyed("checker", "--out", "check.py").out.startswith("check.py is the checker")
    assert Path("check.py").read_bytes() == STANDALONE.read_bytes()
    assert keyed("checker").out.encode() == STANDALONE.read_bytes()
    assert keyed("checker", "--json").json == {"file": None, "checker": STANDALONE.read_text(encoding="utf-8")}
    keyed("receipt", "7", "--out", "r7")
    assert keyed("export", "log").code == 0
    done = subprocess.run(
        [sys.executable, "-I", "-S", "check.py", "11", "r7", "log", "--key", "rights.key.pub"],
        cwd=folder, capture_output=True, check=False,
    )  # fmt: skip
    assert (done.returncode, done.stderr) == (0, b"")
    assert b"log: rights-ledger/main with 11 entries begins with those of 11." in done.stdout


@pytest.fixture
def papers(keyed: Rights, folder: Path) -> Rights:
    """Besides, files that do not hold and files that are something else."""
    keyed("receipt", "7", "--out", "r7")
    content, receipt = Path("11").read_bytes(), Path("r7").read_bytes()
    Path("bad-size").write_bytes(content.replace(b"\n11\n", b"\n10\n"))
    Path("bad-root").write_bytes(content.replace(b"\n11\n", b"\n11\nAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA=\n", 1))
    Path("other-ledger").write_bytes(content.replace(b"/main\n", b"/mine\n"))
    Path("cut").write_bytes(content[:-1])
    Path("unsigned").write_bytes(content.split(b"\n\n")[0] + b"\n")
    Path("bad-index").write_bytes(receipt.replace(b"index 6", b"index 5"))
    Path("entries.jsonl").write_bytes(b"{}\n")
    Path("binary").write_bytes(b"\xff" * 100)
    Path("huge").write_bytes(content + b"x" * 70_000)
    Path("empty").touch()
    return keyed


@pytest.mark.parametrize(("arguments", "code"), [
    (("--checkpoint", "bad-size"), 3), (("--checkpoint", "bad-root"), 3), (("--checkpoint", "other-ledger"), 3),
    (("--checkpoint", "other-ledger", "--ledger", "main"), 3),
    (("--checkpoint", "11", "--checkpoint", "other-ledger"), 3),
    (("--checkpoint", "cut"), 3), (("--checkpoint", "huge"), 3), (("--receipt", "bad-index"), 3),
    (("--checkpoint", "11", "--checkpoint", "bad-size", "--key", "rights.key.pub"), 3),
    (("--checkpoint", "unsigned", "--key", "rights.key.pub"), 3), (("--checkpoint", "unsigned"), 0),
    (("--checkpoint", "11", "--receipt", "bad-index"), 3), (("--checkpoint", "11", "--receipt", "r7"), 0),
    (("--checkpoint", "r7"), 2), (("--receipt", "11"), 2), (("--checkpoint", "entries.jsonl"), 2),
    (("--checkpoint", "binary"), 2), (("--receipt", "binary"), 2), (("--receipt", "empty"), 2),
    (("--receipt", "nothing-there"), 2), (("--checkpoint", "."), 2), (("--checkpoint", "rights.db"), 2),
    (("--key", "rights.key.pub"), 2), (("--receipt", "r7", "--key", "rights.key"), 2),
    (("--receipt", "r7", "--key", "empty"), 2), (("--receipt", "r7", "--key", "binary"), 2),
    (("--receipt", "r7", "--key", "11"), 2), (("--receipt", "r7", "--key", "nothing-there"), 2),
    (("--receipt", "r7", "--key", "a+00000000+AAAA"), 2), (("--receipt", "r7", "--key", ""), 2),
])  # fmt: skip
def test_files_that_do_not_hold_and_files_that_are_something_else(
    papers: Rights, arguments: tuple[str, ...], code: int
) -> None:
    told = papers("verify", *arguments)
    assert told.code == code
    if code:
        assert told.sentence.startswith(f"rights: {'damaged' if code == 3 else 'malformed'}: ")
        assert papers("verify", *arguments, "--json").error["code"] == ("damaged" if code == 3 else "malformed")


def test_the_file_is_named(papers: Rights) -> None:
    for arguments, said in (
        (("--checkpoint", "11", "--checkpoint", "cut"), "cut: its last line does not end"),
        (("--receipt", "r7", "--receipt", "bad-index"), "bad-index: its entry is not entry 6"),
        (("--receipt", "r7", "--key", "rights.key"), "the public half is in rights.key.pub"),
        (("--receipt", "r7", "--key", "state"), "state is no key: it is a folder"),
        (("--receipt", "r7", "--key", "no/key"), "no/key is no key: there is no such file"),
        (("--receipt", "r7", "--key", "rights.pub"), "rights.pub is no key: there is no such file"),
        (("--receipt", "r7", "--key", "nothing"), "nothing is no key: "),
    ):
        assert said in papers("verify", *arguments).sentence


def test_two_checkpoints_of_one_size_that_differ(papers: Rights) -> None:
    """Whoever was shown another ledger than others were can prove it."""
    rewrite()
    assert papers("checkpoint", "--state", "elsewhere", "--out", "11-again").code == 0
    assert papers("receipt", "7", "--state", "elsewhere", "--out", "r7-again").code == 0
    for arguments in (
        ("--checkpoint", "11", "--checkpoint", "11-again"),
        ("--receipt", "r7", "--receipt", "r7-again", "--key", "rights.key.pub"),
    ):
        told = papers("verify", *arguments)
        assert told.code == 3
        assert "ledger main had two roots with 11 entries" in told.sentence


def test_a_state_folder_that_cannot_be_used(keyed: Rights, monkeypatch: pytest.MonkeyPatch) -> None:
    told = keyed("checkpoint", "--state", "rights.key")
    assert (told.code, told.sentence) == (
        2,
        "rights: malformed: issued checkpoints cannot be remembered in rights.key: File exists; say with --state in"
        " which folder they are",
    )
    assert os.environ["RIGHTS_STATE"].endswith("state")
    meddle("UPDATE entries SET actor = 'x' WHERE version = 1")
    assert keyed("checkpoint").code == 0  # its bytes are what they were
    assert keyed("verify", "--checkpoint", "11").code == 3
