"""Keys: made for one, shown to all, and what is no key."""

import shutil
import sys
from pathlib import Path

import pytest

from ledger.keyfile import MAX_KEY_BYTES
from ledger.proof.note import VerifierKey
from tests.cli.terminal import Rights
from tests.cli.test_proofs import standalone


def test_a_key_is_made_for_nobody_else(rights: Rights, folder: Path) -> None:
    told = rights("key", "new", "--name", "hr@example.com")
    assert (told.code, told.err) == (0, "")
    assert Path("rights.key").stat().st_mode & 0o777 == 0o600
    assert Path("rights.key").read_bytes().startswith(b"-----BEGIN PRIVATE KEY-----\n")
    public = Path("rights.key.pub").read_text(encoding="utf-8")
    assert public == told.out.splitlines()[-1] + "\n"
    assert VerifierKey.parse(public.strip()).name == "hr@example.com"
    assert rights("key", "show") == (0, public, "")
    assert rights("key", "show", "--key", "rights.key.pub") == (0, public, "")
    assert rights("key", "show", "--json").json == {
        "name": "hr@example.com", "id": public.split("+")[1], "key": public.strip()
    }  # fmt: skip


def test_no_two_keys_are_the_same_and_none_is_replaced(rights: Rights, folder: Path) -> None:
    assert rights("key", "new").code == 0
    first = Path("rights.key").read_bytes()
    told = rights("key", "new")
    assert (told.code, told.sentence) == (
        2, "rights: malformed: rights.key is there already: a key is never replaced, name another file"
    )  # fmt: skip
    Path("rights.key").unlink()
    assert "rights.key.pub is there already" in rights("key", "new").sentence
    assert rights("key", "new", "--out", "second.key").code == 0
    assert Path("second.key").read_bytes() != first


@pytest.mark.parametrize(("actor", "name"), [("hr", "hr"), ("人事 部", "人事-部"), ("a+b", "a-b"), ("\t", "-")])
def test_a_key_is_named_after_who_records(
    rights: Rights, monkeypatch: pytest.MonkeyPatch, actor: str, name: str
) -> None:
    monkeypatch.setenv("RIGHTS_ACTOR", actor)
    assert rights("key", "new", "--json").json["name"] == name


@pytest.mark.parametrize("name", ["", "h r", "a+b", "a\nb", "a\u3000b"])
def test_a_name_that_no_signature_could_have(rights: Rights, folder: Path, name: str) -> None:
    told = rights("key", "new", "--name", name)
    assert (told.code, told.sentence[:37]) == (2, "rights: malformed: a key's name is no")
    assert not Path("rights.key").exists()


def test_a_key_under_a_passphrase(small_ledger: Rights, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("RIGHTS_KEY_PASSPHRASE", "正しい馬")
    assert small_ledger("key", "new").code == 0
    assert Path("rights.key").read_bytes().startswith(b"-----BEGIN ENCRYPTED PRIVATE KEY-----\n")
    assert small_ledger("checkpoint", "--key", "rights.key").code == 0
    for wrong, why in (("違う", "or the passphrase is another (it is taken from "), ("", "is encrypted: ")):
        monkeypatch.setenv("RIGHTS_KEY_PASSPHRASE", wrong)
        told = small_ledger("checkpoint", "--key", "rights.key")
        assert told.code == 2
        assert why in told.sentence
        assert "RIGHTS_KEY_PASSPHRASE" in told.sentence
        assert wrong == "" or wrong not in told.sentence


def test_a_passphrase_is_asked_for_where_a_key_is_encrypted_and_only_there(
    keyed: Rights, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("RIGHTS_KEY_PASSPHRASE", "of another key")
    assert keyed("checkpoint").code == 0
    monkeypatch.delenv("RIGHTS_KEY_PASSPHRASE")
    Path("rights.key").write_text("-----BEGIN PRIVATE KEY-----\nAAAA\n-----END PRIVATE KEY-----\n", encoding="utf-8")
    assert keyed("checkpoint").sentence == "rights: malformed: rights.key: it is no private key in PEM (PKCS #8)"


def test_a_key_to_show_is_named_either_way(keyed: Rights, monkeypatch: pytest.MonkeyPatch) -> None:
    assert keyed("key", "new", "--out", "other.key").code == 0
    other = Path("other.key.pub").read_text(encoding="utf-8")
    for named in (("other.key",), ("other.key.pub",), ("--key", "other.key")):
        assert keyed("key", "show", *named) == (0, other, "")
    assert keyed("key", "show", "third.key").sentence == (
        "rights: malformed: there is no key third.key; `rights key new` makes one"
    )


@pytest.mark.parametrize("named", [".", "/", ""])
def test_a_key_that_has_no_name(keyed: Rights, named: str) -> None:
    """The last is what a script says whose variable is not set."""
    for call in (("key", "show"), ("checkpoint", "--key"), ("receipt", "3", "--key"), ("key", "new", "--out")):
        told = keyed(*call, named)
        assert (told.code, told.sentence[:18]) == (2, "rights: malformed:")


@pytest.mark.parametrize("asked", ["garbage", "", ".", "a+b", "hr+0123456+AAAA", "missing.pub"])
def test_what_a_key_looks_like(keyed: Rights, asked: str) -> None:
    told = keyed("verify", "--checkpoint", "11", "--key", asked)
    assert (told.code, told.sentence.startswith(f"rights: malformed: {asked} is no key: ")) == (2, True)
    assert "name+id+key, as `rights key show` prints it" in told.sentence


@pytest.mark.parametrize(("content", "why"), [
    (None, "rights.key: No such file or directory"), (b"", "no private key in PEM"),
    (b"x" * (MAX_KEY_BYTES + 1), "it has more than 65,536 bytes"),
])  # fmt: skip
def test_a_private_key_that_is_none(keyed: Rights, content: bytes | None, why: str) -> None:
    Path("rights.key").unlink()
    if content is not None:
        Path("rights.key").write_bytes(content)
    told = keyed("checkpoint")
    assert told.code == 2
    assert why in told.sentence


def test_the_two_halves_must_be_of_one_key(keyed: Rights) -> None:
    assert keyed("key", "new", "--out", "other.key").code == 0
    shutil.copy("other.key.pub", "rights.key.pub")
    assert keyed("checkpoint").sentence == "rights: malformed: rights.key.pub is not the public half of rights.key"
    Path("rights.key.pub").write_bytes(Path("other.key.pub").read_bytes() * 2)
    assert "holds 2 keys; it should be one" in keyed("checkpoint").sentence
    Path("rights.key.pub").unlink()
    assert keyed("checkpoint").sentence == (
        "rights: malformed: rights.key.pub is not there: the public half of rights.key must lie beside it"
    )


def test_several_keys_in_one_file(keyed: Rights) -> None:
    assert keyed("key", "new", "--out", "other.key", "--name", "audit").code == 0
    both = Path("rights.key.pub").read_bytes() + b"\n" + Path("other.key.pub").read_bytes()
    Path("both").write_bytes(both)
    assert keyed("verify", "--checkpoint", "11", "--key", "both").code == 0
    assert keyed("verify", "--checkpoint", "11", "--key", "other.key.pub", "--key", "rights.key.pub").code == 0
    told = keyed("verify", "--checkpoint", "11", "--key", "other.key.pub")
    assert (told.code, told.sentence[:50]) == (3, "rights: damaged: 11: none of the keys that were gi")


def test_without_the_library_everything_but_signatures_works(
    keyed: Rights, monkeypatch: pytest.MonkeyPatch, folder: Path
) -> None:
    keyed("receipt", "7", "--out", "r7")
    monkeypatch.setitem(sys.modules, "cryptography.hazmat.primitives.asymmetric", None)
    checks = ("verify", "--receipt", "r7", "--key", "rights.key.pub")
    for arguments in (("checkpoint",), ("key", "new", "--out", "new"), checks):
        told = keyed(*arguments)
        assert (told.code, told.sentence[:25]) == (2, "rights: missing-library: ")
        assert "pip install 'rights-ledger[sign]'" in told.sentence
        assert not Path("new").exists()
    assert standalone(folder, "r7", "--key", "rights.key.pub").code == 0
    monkeypatch.delenv("RIGHTS_KEY")
    assert keyed("checkpoint").code == 0
    assert keyed("verify", "--receipt", "r7", "--checkpoint", "11").code == 0
    assert keyed("key", "show").code == 0
