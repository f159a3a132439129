"""What is said of damage: what to do about a ledger, once, and which of several files does not hold."""

import shutil
from pathlib import Path

import pytest

from tests.cli.conftest import record_at
from tests.cli.terminal import Rights
from tests.cli.test_proofs import grown, rewrite
from tests.cli.test_verify import meddle
from tests.scenario import departed

HINT = "; `rights db restore FILE --reason TEXT` puts back a backup and records that it did"


def test_what_to_do_is_said_once_where_the_ledger_is_damaged_and_not_where_a_file_is(keyed: Rights) -> None:
    assert keyed("receipt", "7", "--out", "r7").code == 0
    Path("cut").write_bytes(Path("11").read_bytes()[:-1])
    Path("bad-index").write_bytes(Path("r7").read_bytes().replace(b"index 6", b"index 5"))
    Path("other-ledger").write_bytes(Path("11").read_bytes().replace(b"/main\n", b"/mine\n"))
    assert keyed("db", "backup", "whole.db").code == 0
    Path("bad.db").write_bytes(Path("whole.db").read_bytes().replace(b'"rights":24', b'"rights":25'))
    for arguments in (
        ("verify", "--checkpoint", "cut"),
        ("verify", "--receipt", "bad-index"),
        ("verify", "--checkpoint", "other-ledger", "--ledger", "main"),
        ("db", "restore", "bad.db", "--reason", "x"),
    ):
        told = keyed(*arguments)
        assert (told.code, "rights db restore" in told.sentence) == (3, False)
    meddle("UPDATE entries SET actor = 'x' WHERE version = 7")
    for command in (("verify",), ("verify", "--all-ledgers"), ("db", "backup", "next.db")):
        told = keyed(*command)
        assert (told.code, told.sentence.endswith(HINT), told.sentence.count("`")) == (3, True, 2), told
    assert keyed("verify", "--json").error["message"].endswith(HINT)
    rewrite()
    assert keyed("verify", "--checkpoint", "11").sentence.endswith(HINT)
    assert keyed("checkpoint").sentence.count("rights db restore") == 1


@pytest.mark.parametrize("overwritten", [slice(0, 16), slice(16, 40), slice(0, 100), slice(0, 4_096)])
def test_a_database_whose_first_bytes_were_overwritten(small_ledger: Rights, overwritten: slice) -> None:
    content = bytearray(Path("rights.db").read_bytes())
    content[overwritten] = b"\xff" * (overwritten.stop - overwritten.start)
    Path("rights.db").write_bytes(content)
    for command in (
        ("verify",),
        ("holdings",),
        ("init",),
        ("checkpoint",),
        ("db", "backup", "copy"),
        ("db", "upgrade"),
    ):
        told = small_ledger(*command)
        assert (told.code, told.sentence[:16], told.sentence.endswith(HINT)) == (3, "rights: damaged:", True), told
    assert Path("rights.db").read_bytes() == content
    if overwritten.start == 0:
        assert "rights.db was a ledger's database, and cannot be read any more; " in small_ledger("verify").sentence


def test_of_several_checkpoints_the_one_that_does_not_hold_is_named(keyed: Rights) -> None:
    shutil.copy("rights.db", "old.db")
    grown()
    assert keyed("checkpoint", "--out", "12").code == 0
    asked = ("verify", "--checkpoint", "11", "--checkpoint", "12")
    assert keyed(*asked).code == 0
    shutil.copy("old.db", "rights.db")
    assert "there were 12 entries when the checkpoint in 12 was made, and" in keyed(*asked).sentence
    record_at("2021-05-01T09:30:00+09:00", [departed("2018-06-29", "officer-1")])
    assert keyed(*asked).sentence.startswith(
        "rights: damaged: version 12 is bad: the 12 entries are not what they were when the checkpoint in 12 was made:"
    )
