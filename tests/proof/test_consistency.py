"""Proofs that a log is still what it was, for whoever may not see its entries."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ledger.domain.errors import DamagedError, LedgerError, MalformedError
from ledger.proof.consistency import Consistency
from tests.proof.papers import KEY, OTHER, SIZE, TREE, checkpoint, consistency, signed, stored, tree_of


@pytest.mark.parametrize("old", range(SIZE + 1))
def test_a_log_extends_what_it_was(old: int) -> None:
    written = consistency(old).rendered()
    found = Consistency.parse(written)
    assert found.rendered() == written
    assert written.startswith(f"old {old}\n".encode())
    assert found.check(checkpoint(old)) == ()
    assert found.check(checkpoint(old), [OTHER.verifier, KEY.verifier]) == (KEY.verifier,)


REWRITTEN = tree_of([stored(version, holder="偽") for version in range(1, 10)])


@pytest.mark.parametrize("before", [
    checkpoint(8), checkpoint(10), checkpoint(9, ledger="mine"), checkpoint(9, tree=REWRITTEN),
    checkpoint(9)._replace(root=bytes(32)),
])  # fmt: skip
def test_it_is_no_proof_of_another_past(before: object) -> None:
    with pytest.raises(DamagedError):
        consistency(9).check(before)  # type: ignore[arg-type]


def test_a_proof_that_was_tampered_with() -> None:
    true = consistency(9)
    for false in (
        true._replace(proof=true.proof[1:]),
        true._replace(proof=(*true.proof, bytes(32))),
        true._replace(proof=true.proof[::-1]),
        true._replace(proof=(bytes(32), *true.proof[1:])),
        true._replace(signed=signed(checkpoint(19))),
        true._replace(signed=signed(checkpoint()._replace(root=TREE.root(19)))),
    ):
        with pytest.raises(DamagedError, match="it does not prove that ledger main"):
            Consistency.parse(false.rendered()).check(checkpoint(9))
    with pytest.raises(DamagedError, match="none of the keys"):
        true.check(checkpoint(9), [OTHER.verifier])


@pytest.mark.parametrize("content", [b"", b"old", b"old\n", b"Old 9\n", b"rights-ledger/main\n"])
def test_what_is_no_proof_of_consistency(content: bytes) -> None:
    with pytest.raises(MalformedError, match="it is no proof of consistency"):
        Consistency.parse(content)


WRITTEN = consistency(9).rendered()


@pytest.mark.parametrize("content", [
    b"old ", b"old 9", WRITTEN.replace(b"old 9", b"old 09"), WRITTEN.replace(b"old 9", b"old -9"),
    WRITTEN.replace(b"\n\n", b"\n", 1), WRITTEN.replace(b"\n\n", b"\n\n\n", 1), WRITTEN[:-1],
    WRITTEN.replace(b"=\n", b"\n", 1), WRITTEN.replace(b"=\n", b"= \n", 1), WRITTEN.replace(b"/main", b"/", 1),
    b"old 9\n" + b"AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA=\n" * 64 + WRITTEN[WRITTEN.index(b"\n\n") + 1 :],
])  # fmt: skip
def test_a_broken_proof(content: bytes) -> None:
    with pytest.raises(DamagedError):
        Consistency.parse(content)


@given(st.binary(max_size=200) | st.text(max_size=200).map(str.encode))
def test_any_bytes_are_one_proof_or_none(content: bytes) -> None:
    for written in (content, b"old " + content, WRITTEN[:60] + content, WRITTEN + content):
        try:
            found = Consistency.parse(written)
            found.check(checkpoint(9))
        except LedgerError as refused:
            assert refused.exit_code in {2, 3}
        else:
            assert found.rendered() == written
