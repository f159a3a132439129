"""Receipts: what one proves, and that nothing else passes for one."""

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ledger.domain.errors import DamagedError, LedgerError, MalformedError
from ledger.proof.checkpoint import SignedCheckpoint
from ledger.proof.receipt import MAX_RECEIPT_BYTES, Receipt
from tests.proof.papers import (
    ENTRIES,
    KEY,
    OTHER,
    RESTORED,
    SIZE,
    TREE,
    checkpoint,
    forged,
    receipt,
    sealed,
    signed,
    stored,
)


@pytest.mark.parametrize("size", [1, 2, 7, 8, 9, SIZE])
def test_every_entry_has_a_receipt(size: int) -> None:
    for version in range(1, size + 1):
        written = receipt(version, size).rendered()
        found = Receipt.parse(written)
        assert found.rendered() == written
        proved = found.check([KEY.verifier])
        assert (proved.ledger, proved.version, proved.size) == ("main", version, size)
        assert (proved.entry, proved.root) == (ENTRIES[version - 1], TREE.root(size))
        assert (proved.signed_by, proved.extensions) == ((KEY.verifier,), ())


def test_how_it_is_written() -> None:
    lines = receipt(3, 3).rendered().decode().split("\n")
    assert lines[0] == "c2sp.org/tlog-proof@v1"
    assert lines[1].startswith("extra eyJhY3RvciI6Imhy")
    assert lines[2] == "index 2"
    assert [len(line) for line in lines[3:5]] == [44, 0]
    assert lines[5:7] == ["rights-ledger/main", "3"]
    assert lines[9].startswith("— hr@example.com ")
    assert lines[10] == ""


def test_without_keys_nothing_is_said_of_signatures() -> None:
    bare = Receipt(ENTRIES[6], 6, tuple(TREE.inclusion(6, SIZE)), SignedCheckpoint(checkpoint(notes=(RESTORED,))))
    proved = Receipt.parse(bare.rendered()).check()
    assert (proved.signed_by, proved.extensions) == ((), (RESTORED,))
    with pytest.raises(DamagedError, match="none of the keys that were given signed it"):
        bare.check([KEY.verifier])
    with pytest.raises(DamagedError, match="none of the keys that were given signed it"):
        receipt().check([OTHER.verifier])


def replaced(found: Receipt, **changes: Any) -> Receipt:
    fields = {name: getattr(found, name) for name in ("entry", "index", "path", "signed")}
    return Receipt(**{**fields, **changes})


TRUE = receipt()
FALSE = {
    "another entry": replaced(TRUE, entry=ENTRIES[7]),
    "an entry that says it is another": replaced(TRUE, entry=stored(7, holder="監査役")),
    "another place": replaced(TRUE, index=7),
    "a place past the end": replaced(TRUE, index=SIZE),
    "a path cut": replaced(TRUE, path=TRUE.path[:-1]),
    "a path with one hash more": replaced(TRUE, path=(*TRUE.path, bytes(32))),
    "a path backwards": replaced(TRUE, path=TRUE.path[::-1]),
    "no path": replaced(TRUE, path=()),
    "another root": replaced(TRUE, signed=signed(checkpoint()._replace(root=bytes(32)))),
    "another size": replaced(TRUE, signed=signed(checkpoint(19))),
    "another ledger's checkpoint": replaced(TRUE, signed=signed(checkpoint(ledger="mine"))),
    "another ledger's entry, with the tree around it": forged(stored(7, "mine"), 7),
    "another version's entry, with the tree around it": forged(stored(8), 7),
}


@pytest.mark.parametrize("name", FALSE)
def test_what_a_receipt_does_not_prove(name: str) -> None:
    written = FALSE[name].rendered()
    with pytest.raises(DamagedError):
        Receipt.parse(written).check()


def test_a_signature_of_another_checkpoint_does_not_help() -> None:
    found = SignedCheckpoint(TRUE.signed.checkpoint, signed(checkpoint(19)).signatures)
    replaced(TRUE, signed=found).check()
    with pytest.raises(DamagedError, match=r"the signature of hr@example\.com does not hold"):
        replaced(TRUE, signed=found).check([KEY.verifier])


HD = {"type": "restructuring", "company": "IIJ", "kind": "share-transfer", "on": "2024-10-01", "delivery": True}


def noted(note: bytes) -> bytes:
    """An entry with these bytes where its note would stand."""
    content = {"type": "departure", "holder": "director-1", "on": "2018-06-28", "note": "?"}
    return sealed(content, 7).replace(b'"?"', note)


CANONICAL = [
    stored(7),
    noted('"取締役\u2028\x7f\\u001f\\n/"'.encode()),
    sealed({**HD, "successor": "HD", "series_map": {"\U0001f600": "1", "\uff21": "2"}}, 7),
    sealed({"type": "cancellation", "series": "7", "rights": 9_007_199_254_740_991, "on": "2018-06-28"}, 7),
    sealed({"type": "retraction", "retracts": 6}, 7),
]
NOT_CANONICAL = [
    b"", b"7", b"[]", b"null", b'"main"', b"{", b"\xff", b"{}", b'{"ledger":"main","version":7}',
    stored(7) + b"\n", b" " + stored(7), stored(7).replace(b":", b": ", 1), stored(7)[::-1],
    b'{"version":7,' + stored(7)[1:].replace(b',"version":7', b""), stored(7).replace(b"}", b"}}", 1),
    *(stored(7).replace(b'"ledger":"main"', ledger) for ledger in (
        b'"ledger":"main","ledger":"main"', b'"ledger":"m\\u0061in"', b'"ledger":"mine"', b'"ledger":["main"]',
        b'"ledger":null', b'"a":1',
    )),
    *(stored(7).replace(b'"version":7', version) for version in (
        b'"version":"7"', b'"version":7.0', b'"version":true', b'"version":8', b'"version":null', b'"z":1',
    )),
    *map(noted, (
        b'"\\/"', b'"\\u001F"', b'"\\ud800"', b'"\x01"', b'"\xff"', b"1.5", b"1.0", b"1e2", b"NaN", b"-0", b"Infinity",
        b"9007199254740992", b"1" * 5_000, b"[" * 100_000, b"[" * 64 + b"]" * 64, b'{"a":1,"a":2}',
    )),
    sealed({**HD, "successor": "HD", "series_map": {"\U0001f600": "1", "\uff21": "2"}}, 7)
    .replace('"\U0001f600":"1","\uff21":"2"'.encode(), '"\uff21":"2","\U0001f600":"1"'.encode()),
    b'{"a":' * 100_000, b"[" * 100_000,
]  # fmt: skip
NO_ENVELOPES = [
    stored(7).replace(b'"format":1,', b""), stored(7).replace(b'"actor":"hr",', b""),
    stored(7).replace(b'"batch":7,', b'"batch":7,"batches":7,'), stored(7).replace(b'"entry":', b'"entries":'),
]  # fmt: skip
NO_ENTRIES = [
    noted(b"7"), noted(b'{"a":[[],{},null,true,false,-1]}'), noted(b'"?"').replace(b'"note"', b'"notes"'),
    stored(7).replace(b'"type":"appointment"', b'"type":"departure"', 1), stored(7).replace(b'"on":"2017', b'"on":"18'),
    stored(7).replace("取締役".encode(), "取\u202e役".encode()), stored(7).replace(b'"actor":"hr"', b'"actor":""'),
    stored(7).replace(b".123456Z", b".123Z"), stored(7).replace(b'"format":1', b'"format":2'),
]  # fmt: skip
"""Canonical, with the keys of an envelope; what is wrong is inside."""


@pytest.mark.parametrize("entry", CANONICAL)
def test_an_entry_is_canonical_and_says_what_it_is(entry: bytes) -> None:
    assert forged(entry, 7).check([KEY.verifier]).entry == entry


@pytest.mark.parametrize(
    "entry", [*NOT_CANONICAL, *NO_ENVELOPES, *NO_ENTRIES],
    ids=lambda entry: entry[:40].decode(errors="replace"),
)  # fmt: skip
def test_whatever_a_tree_holds_it_is_no_entry(entry: bytes) -> None:
    with pytest.raises(DamagedError, match="its entry"):
        forged(entry, 7).check()


def test_true_is_not_version_1() -> None:
    with pytest.raises(DamagedError, match="its entry is none that ledger main would hold"):
        forged(stored(1).replace(b'"version":1', b'"version":true'), 1).check()


def test_an_entry_of_another_place_says_so() -> None:
    with pytest.raises(DamagedError, match="its entry says that it is version 8, and stands as version 7"):
        forged(stored(8), 7).check()


WRITTEN = TRUE.rendered()


@pytest.mark.parametrize("content", [
    b"", b"c2sp.org/tlog-proof@v2\n", b"c2sp.org/tlog-proof@v1 \n", WRITTEN[1:],
    b"\n" + WRITTEN, checkpoint().text.encode(), b"\xff\xfe",
])  # fmt: skip
def test_what_is_no_receipt(content: bytes) -> None:
    with pytest.raises(MalformedError, match="it is no receipt"):
        Receipt.parse(content)


@pytest.mark.parametrize(("content", "why"), [
    (WRITTEN.replace(b"\n", b"\r\n"), "its line ends were changed, as mail and Windows do"),
    (WRITTEN.replace(b"\n", b"\r\n").replace(b"\r\n", b"\n", 1), "its line ends were changed"),
    (WRITTEN[:-1] + b"\r\n", "its line ends were changed"),
    (b"\xef\xbb\xbf" + WRITTEN, "a byte-order mark was put before its first line"),
    (b"\xef\xbb\xbf" + WRITTEN.replace(b"\n", b"\r\n"), "a byte-order mark was put before its first line"),
])  # fmt: skip
def test_what_mail_and_windows_make_of_a_receipt(content: bytes, why: str) -> None:
    with pytest.raises(DamagedError, match=why):
        Receipt.parse(content)


LINES = WRITTEN.decode().split("\n")


@pytest.mark.parametrize("lines", [
    LINES[:1], LINES[:2], LINES[:3], LINES[:-4], [*LINES[:1], *LINES[2:]], [*LINES[:2], *LINES[3:]],
    [LINES[0], LINES[2], LINES[1], *LINES[3:]], [*LINES[:2], LINES[1], *LINES[2:]],
    [LINES[0], "extra", *LINES[2:]], [LINES[0], f"{LINES[1]} ", *LINES[2:]], [LINES[0], f"{LINES[1]}=", *LINES[2:]],
    *([*LINES[:2], f"index {index}", *LINES[3:]] for index in ("", "06", "-6", "6 ", "٦", 2**53, "1" * 40)),
    [*LINES[:3], LINES[3][:-1], *LINES[4:]], [*LINES[:3], LINES[3][4:], *LINES[4:]],
    [*LINES[:3], f"{LINES[3]} ", *LINES[4:]], [*LINES[:3], "é" * 44, *LINES[4:]], [*LINES[:3], "", *LINES[3:]],
    [*LINES[:3], *LINES[3:4] * 64, *LINES[-6:]], [*LINES[:-6], *LINES[-5:]],
    [line.replace("rights-ledger/main", "example.com/log") for line in LINES], [*LINES, ""],
])  # fmt: skip
def test_a_broken_receipt(lines: list[str]) -> None:
    with pytest.raises(DamagedError):
        Receipt.parse("\n".join(lines).encode())


def test_a_receipt_of_an_endless_entry_is_not_read() -> None:
    with pytest.raises(DamagedError, match="it has more than 4,000,000 bytes"):
        Receipt.parse(WRITTEN + b"\n" * MAX_RECEIPT_BYTES)


def test_a_receipt_of_the_longest_entry_is() -> None:
    entry = noted(b'"' + b"x" * 1_200_000 + b'"')
    assert Receipt.parse(forged(entry, 7).rendered()).check().entry == entry


@pytest.mark.parametrize("bit", range(8))
def test_no_bit_may_be_another(bit: int) -> None:
    """In no byte of a receipt, where the key is known."""
    for at in range(len(WRITTEN)):
        changed = bytearray(WRITTEN)
        changed[at] ^= 1 << bit
        with pytest.raises(LedgerError) as refused:
            Receipt.parse(bytes(changed)).check([KEY.verifier])
        assert refused.value.exit_code == (2 if at < 23 else 3)


@given(st.binary(max_size=400) | st.text(max_size=400).map(str.encode))
def test_any_bytes_are_one_receipt_or_none(content: bytes) -> None:
    for written in (content, WRITTEN[:23] + content, WRITTEN[:-300] + content, WRITTEN + content):
        try:
            found = Receipt.parse(written)
            found.check()
        except LedgerError as refused:
            assert refused.exit_code in {2, 3}
        else:
            assert found.rendered() == written
