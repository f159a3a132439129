"""Receipts, checkpoints and proofs that somebody passed on: edited, through mail, or with options that say nothing."""

import os
from pathlib import Path
from threading import Thread

import pytest

from tests.cli.terminal import Rights
from tests.cli.test_proofs import grown


def test_a_proof_is_held_against_the_ledger(keyed: Rights) -> None:
    """Its first line is not signed: whoever passes it on can say another size."""
    grown()
    assert keyed("checkpoint", "--extends", "11", "--out", "proof").code == 0
    for size, why in (
        ("13", "it is about 13 entries, more than the 12 of its checkpoint"),
        *((size, "it does not prove that ledger main with 12 entries ") for size in ("0", "8", "10", "12")),
    ):
        Path("false").write_bytes(Path("proof").read_bytes().replace(b"old 11\n", f"old {size}\n".encode()))
        told = keyed("verify", "--checkpoint", "false", "--key", "rights.key.pub")
        assert told.code == 3
        assert told.sentence.startswith(f"rights: damaged: false: {why}")


def test_what_is_left_unread_is_refused(keyed: Rights, monkeypatch: pytest.MonkeyPatch) -> None:
    """A receipt is checked without the ledger; what says where that is would be passed over in silence."""
    keyed("receipt", "7", "--out", "r7")
    for option in (("--ledger", "main"), ("--db", "sqlite:///other.db")):
        told = keyed("verify", "--receipt", "r7", *option)
        assert (told.code, told.sentence) == (
            2,
            f"rights: malformed: {option[0]} says where a ledger is, and a receipt is checked without it: leave it out,"
            " or add --checkpoint",
        )
    assert keyed("verify", "--receipt", "r7", "--checkpoint", "11", "--ledger", "main").code == 0
    monkeypatch.setenv("RIGHTS_LEDGER", "main")
    assert keyed("verify", "--receipt", "r7").code == 0


@pytest.mark.parametrize("name", ["r7", "11", "proof"])
def test_what_mail_and_windows_make_of_a_file(keyed: Rights, name: str) -> None:
    keyed("receipt", "7", "--out", "r7")
    keyed("checkpoint", "--extends", "11", "--out", "proof")
    option = "--receipt" if name == "r7" else "--checkpoint"
    content = Path(name).read_bytes()
    Path("crlf").write_bytes(content.replace(b"\n", b"\r\n"))
    Path("marked").write_bytes(b"\xef\xbb\xbf" + content)
    for file, why in (
        ("crlf", "its line ends were changed, as mail and Windows do"),
        ("marked", "a byte-order mark was put before its first line, as programs of Windows do"),
    ):
        told = keyed("verify", option, file)
        assert (told.code, told.sentence) == (3, f"rights: damaged: {file}: {why}")


def test_a_pipe_is_read_when_somebody_writes_to_it(keyed: Rights) -> None:
    keyed("receipt", "7", "--out", "r7")
    os.mkfifo("pipe")
    for option, name in (("--receipt", "r7"), ("--checkpoint", "11")):
        writer = Thread(target=Path("pipe").write_bytes, args=(Path(name).read_bytes(),))
        writer.start()
        told = keyed("verify", option, "pipe", "--key", "rights.key.pub")
        writer.join()
        assert told.code == 0
