"""Checkpoints: written in one way, read in no other; and two of one size that differ."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ledger.domain.errors import DamagedError, LedgerError, MalformedError
from ledger.proof.checkpoint import MAX_SIZE, Checkpoint, SignedCheckpoint, check_agreement, origin_of
from ledger.proof.tree import EMPTY_ROOT
from tests.proof.papers import KEY, OTHER, RESTORED, checkpoint, signed

ROOT = "CsUYapGGPo4dkMgIAUqom/Xajj7h2fB2MPA3j2jxq2I="
TEXT = f"rights-ledger/main\n20852163\n{ROOT}\n"


def test_a_checkpoint_is_three_lines() -> None:
    found = SignedCheckpoint.parse(TEXT.encode())
    assert found.checkpoint.text == TEXT
    assert (found.checkpoint.origin, found.checkpoint.ledger) == ("rights-ledger/main", "main")
    assert found.checkpoint.size == 20_852_163
    assert found.checkpoint.root.hex() == "0ac5186a91863e8e1d90c808014aa89bf5da8e3ee1d9f07630f0378f68f1ab62"
    assert (found.checkpoint.extensions, found.signatures) == ((), ())
    assert found.rendered() == TEXT.encode()
    assert found.signers([]) == ()


def test_a_signed_one_has_its_signatures_after_an_empty_line() -> None:
    found = signed(checkpoint(notes=(RESTORED,)), KEY, OTHER)
    written = found.rendered()
    assert written.decode().split("\n")[3:5] == [RESTORED, ""]
    assert SignedCheckpoint.parse(written) == found
    assert found.signers([OTHER.verifier, KEY.verifier]) == (KEY.verifier, OTHER.verifier)
    with pytest.raises(DamagedError, match="signed by nobody"):
        SignedCheckpoint(found.checkpoint).signers([KEY.verifier])


def test_the_signature_is_of_every_line() -> None:
    found = signed(checkpoint(notes=(RESTORED,)))
    for changed in (
        found.checkpoint._replace(origin=origin_of("mine")),
        found.checkpoint._replace(size=19),
        found.checkpoint._replace(root=EMPTY_ROOT),
        found.checkpoint._replace(extensions=()),
        found.checkpoint._replace(extensions=(RESTORED, RESTORED)),
    ):
        with pytest.raises(DamagedError, match="does not hold"):
            SignedCheckpoint(changed, found.signatures).signers([KEY.verifier])


@pytest.mark.parametrize("ledger", ["main", "IIJ 第7回", "a/b", "+", "—", "x" * 200])
def test_any_ledger_has_checkpoints(ledger: str) -> None:
    found = signed(checkpoint(ledger=ledger))
    assert SignedCheckpoint.parse(found.rendered()).checkpoint.ledger == ledger


@pytest.mark.parametrize("content", [
    b"", b"\n", b"rights-ledge", b"example.com/log\n5\n", b"{}", b"\xff", f" {TEXT}".encode(),
])  # fmt: skip
def test_what_is_no_checkpoint_of_a_ledger(content: bytes) -> None:
    with pytest.raises(MalformedError, match="it is no checkpoint of a ledger"):
        SignedCheckpoint.parse(content)


BROKEN: list[str] = [
    f"\ufeff{TEXT}", TEXT.replace("\n", "\r\n"),
    "rights-ledger/", "rights-ledger/\n", "rights-ledger/main", "rights-ledger/main\n", "rights-ledger/main\n5\n",
    f"rights-ledger/\n5\n{ROOT}\n", f"rights-ledger/main\n5\n{ROOT}", f"rights-ledger/main\n5\n{ROOT}\n\n",
    *(f"rights-ledger/main\n{size}\n{ROOT}\n" for size in (
        "", "-1", "+5", "05", "5 ", " 5", "5.0", "0x5", "٥", "5_0", "five", MAX_SIZE + 1, 10**16, 10**40,
    )),
    *(f"rights-ledger/main\n5\n{root}\n" for root in (
        "", ROOT[:-1], f"{ROOT} ", f"{ROOT}=", ROOT.replace("/", "_"), ROOT[:-2] + "J=", ROOT[4:], f"AAAA{ROOT}",
    )),
    f"rights-ledger/main\n0\n{ROOT}\n",
    f"rights-ledger/main\n5\n{ROOT}\n— a AAAAAAA=\n",
    f"rights-ledger/main\r\n5\r\n{ROOT}\r\n",
    f"rights-ledger/main\n5\n{ROOT}\n\nmore\n\n— a AAAAAAA=\n",
]  # fmt: skip


@pytest.mark.parametrize("content", BROKEN)
def test_a_broken_checkpoint(content: str) -> None:
    with pytest.raises(DamagedError) as refused:
        SignedCheckpoint.parse(content.encode())
    assert refused.value.code == "damaged"


@pytest.mark.parametrize("size", [1, 9, 10, MAX_SIZE])
def test_a_size_may_be_any_count(size: int) -> None:
    assert SignedCheckpoint.parse(f"rights-ledger/main\n{size}\n{ROOT}\n".encode()).checkpoint.size == size


def test_a_ledger_without_entries_has_a_checkpoint() -> None:
    found = checkpoint(0)
    assert found.root == EMPTY_ROOT
    assert SignedCheckpoint.parse(found.text.encode()).checkpoint == found


def test_two_roots_of_one_size_are_two_logs() -> None:
    ours = [checkpoint(size) for size in (5, 9, 5)]
    check_agreement([*ours, checkpoint(9, ledger="other")._replace(root=EMPTY_ROOT)])
    with pytest.raises(DamagedError, match="ledger main had two roots with 9 entries"):
        check_agreement([*ours, checkpoint(9)._replace(root=EMPTY_ROOT)])


lines = st.text(st.characters(codec="utf-8", min_codepoint=32), min_size=1).filter(lambda line: line[:2] != "— ")


@given(lines, st.integers(1, MAX_SIZE), st.binary(min_size=32, max_size=32), st.lists(lines, max_size=3).map(tuple))
def test_what_is_written_is_read(ledger: str, size: int, root: bytes, notes: tuple[str, ...]) -> None:
    found = SignedCheckpoint(Checkpoint(origin_of(ledger), size, root, notes))
    assert SignedCheckpoint.parse(found.rendered()) == found


@given(st.binary() | st.text().map(str.encode))
def test_any_bytes_are_one_checkpoint_or_none(content: bytes) -> None:
    for written in (content, b"rights-ledger/" + content, TEXT.encode() + content):
        try:
            found = SignedCheckpoint.parse(written)
        except LedgerError as refused:
            assert refused.exit_code in {2, 3}
        else:
            assert found.rendered() == written
