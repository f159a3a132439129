"""The checker that shares no code with the package says the same of everything, good and bad."""

import io
import json
import sys
from collections.abc import Sequence
from contextlib import redirect_stderr, redirect_stdout
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from ledger.domain.errors import LedgerError, MalformedError
from ledger.keyfile import read_keys
from ledger.proof.checkpoint import Checkpoint, SignedCheckpoint, check_agreement
from ledger.proof.consistency import Consistency
from ledger.proof.note import Signature, VerifierKey
from ledger.proof.receipt import Receipt
from ledger.store.codec import canonical
from tests.proof import test_checkpoint, test_receipt
from tests.proof.checker import MODULE
from tests.proof.papers import (
    ENTRIES,
    KEY,
    OTHER,
    RESTORED,
    SIZE,
    checkpoint,
    consistency,
    forged,
    receipt,
    signed,
    stored,
    tree_of,
)


class Verdict:
    """Runs the checker in this process on files of these contents, and gives its exit code.

    Many vectors would take too long with a process for each. out: what it said last.
    """

    def __init__(self, folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
        self.folder = folder
        self.out = ""
        self._monkeypatch = monkeypatch

    def __call__(self, *contents: bytes, keys: Sequence[str] = ()) -> int:
        files = [self.folder / f"{number}" for number in range(len(contents))]
        for file, content in zip(files, contents, strict=True):
            file.write_bytes(content)
        options = [each for key in keys for each in ("--key", key)]
        self._monkeypatch.setattr(sys, "argv", ["standalone.py", *map(str, files), *options])
        with io.TextIOWrapper(io.BytesIO(), "utf-8") as said, redirect_stdout(said), redirect_stderr(said):
            try:
                code = int(MODULE.main())
            except SystemExit as ended:
                code = int(ended.code or 0)
            said.seek(0)
            self.out = said.read()
        assert code in {0, 2, 3}
        return code


@pytest.fixture
def verdict(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Verdict:
    return Verdict(tmp_path, monkeypatch)


def of_the_package(*contents: bytes, keys: Sequence[str] = ()) -> int:
    """The exit code that the package would end with."""
    try:
        known = read_keys(keys)
        found = [read(content, known) for content in contents]
        checkpoints = [checkpoint for checkpoint, _ in found]
        check_agreement(checkpoints)
        for new, proof in found:
            if proof is not None:
                before = [old for old in checkpoints if (old.origin, old.size) == (new.origin, proof.old)]
                if not before:
                    return 2
                proof.check(before[0], known)
    except LedgerError as refused:
        return refused.exit_code
    return 0


def read(content: bytes, keys: Sequence[VerifierKey]) -> tuple[Checkpoint, Consistency | None]:
    """Check a file of any kind by itself, and give its checkpoint."""
    try:
        receipt = Receipt.parse(content)
        receipt.check(keys)
        return receipt.signed.checkpoint, None
    except MalformedError:
        pass
    try:
        signed = SignedCheckpoint.parse(content)
        signed.signers(keys)
        return signed.checkpoint, None
    except MalformedError:
        pass
    proof = Consistency.parse(content)
    proof.signed.signers(keys)
    return proof.signed.checkpoint, proof


def same(verdict: Verdict, *contents: bytes, keys: Sequence[str] = ()) -> int:
    """The exit code that both end with."""
    code = verdict(*contents, keys=keys)
    assert code == of_the_package(*contents, keys=keys), contents
    return code


KEYS = (KEY.verifier.text,)
LOG = b"".join(entry + b"\n" for entry in ENTRIES)


def test_what_holds_holds_for_both(verdict: Verdict) -> None:
    for size in (1, 2, 3, 7, 8, 9, SIZE):
        assert same(verdict, signed(checkpoint(size)).rendered(), keys=KEYS) == 0
        for version in range(1, size + 1):
            assert same(verdict, receipt(version, size).rendered(), keys=KEYS if version == size else ()) == 0
        for old in range(size + 1):
            both = consistency(old, size).rendered(), signed(checkpoint(old)).rendered()
            assert same(verdict, *both) == 0


@pytest.mark.parametrize("name", test_receipt.FALSE)
def test_what_a_receipt_does_not_prove(verdict: Verdict, name: str) -> None:
    assert same(verdict, test_receipt.FALSE[name].rendered()) == 3


@pytest.mark.parametrize("number", range(len(test_receipt.CANONICAL)))
def test_entries_that_are_canonical(verdict: Verdict, number: int) -> None:
    assert same(verdict, forged(test_receipt.CANONICAL[number], 7).rendered()) == 0


@pytest.mark.parametrize("number", range(len(test_receipt.NOT_CANONICAL)))
def test_entries_that_are_not(verdict: Verdict, number: int) -> None:
    assert same(verdict, forged(test_receipt.NOT_CANONICAL[number], 7).rendered()) == 3


@pytest.mark.parametrize("entry", test_receipt.NO_ENVELOPES)
def test_entries_without_the_keys_of_one(verdict: Verdict, entry: bytes) -> None:
    assert same(verdict, forged(entry, 7).rendered()) == 3
    assert verdict(entry.replace(b'"version":7', b'"version":1')) == 3


@pytest.mark.parametrize("entry", test_receipt.NO_ENTRIES)
def test_what_is_inside_of_an_entry_only_the_package_knows(verdict: Verdict, entry: bytes) -> None:
    assert verdict(forged(entry, 7).rendered()) == 0
    assert of_the_package(forged(entry, 7).rendered()) == 3


def test_a_ledger_is_named_by_a_text(verdict: Verdict) -> None:
    assert same(verdict, forged(stored(7, "7").replace(b'"ledger":"7"', b'"ledger":7'), 7, ledger="7").rendered()) == 3


def test_true_is_not_version_1(verdict: Verdict) -> None:
    assert same(verdict, forged(stored(1).replace(b'"version":1', b'"version":true'), 1).rendered()) == 3


@pytest.mark.parametrize("name", ["a receipt", "a checkpoint", "a proof"])
def test_what_mail_and_windows_make_of_a_file(verdict: Verdict, name: str) -> None:
    for start in (b"", b"\xef\xbb\xbf"):
        assert same(verdict, start + TRUE[name].replace(b"\n", b"\r\n"), OLD) == 3
        assert "line ends" in verdict.out
    assert same(verdict, b"\xef\xbb\xbf" + TRUE[name], OLD) == 3
    assert "byte-order mark" in verdict.out


OLD = signed(checkpoint(8)).rendered()
TRUE = {
    "a receipt": receipt(7, 9).rendered(),
    "a checkpoint": signed(checkpoint(notes=(RESTORED,))).rendered(),
    "a proof": consistency(8, 9).rendered(),
}
"""Short ones: every bit of them is changed."""


@pytest.mark.parametrize("name", TRUE)
@pytest.mark.parametrize("bit", range(8))
def test_no_bit_may_be_another(verdict: Verdict, name: str, bit: int) -> None:
    """What only a key can tell, such as a changed signature, a key tells to both (one bit a byte: it takes longer)."""
    content, others = TRUE[name], (OLD,) if name == "a proof" else ()
    for at in range(len(content)):
        changed = bytearray(content)
        changed[at] ^= 1 << bit
        if same(verdict, bytes(changed), *others) == 0 and at % 8 == bit:
            assert same(verdict, bytes(changed), *others, keys=KEYS) == 3


@pytest.mark.parametrize("name", TRUE)
def test_nothing_may_be_cut(verdict: Verdict, name: str) -> None:
    content, others = TRUE[name], (OLD,) if name == "a proof" else ()
    for end in range(len(content)):
        if same(verdict, content[:end], *others) == 0:
            assert same(verdict, content[:end], *others, keys=KEYS) == 3


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture], max_examples=150)
@given(st.sampled_from(sorted(TRUE)), st.data())
def test_what_is_nearly_one(verdict: Verdict, name: str, data: st.DataObject) -> None:
    """Lines left out, doubled, swapped, exchanged with those of another; bytes put in and taken out."""
    lines = TRUE[name].split(b"\n")
    for _ in range(data.draw(st.integers(1, 3))):
        at, to = data.draw(st.integers(0, len(lines) - 1)), data.draw(st.integers(0, len(lines) - 1))
        other = TRUE[data.draw(st.sampled_from(sorted(TRUE)))].split(b"\n")
        change = data.draw(st.integers(0, 4))
        if change == 0:
            lines[at], lines[to] = lines[to], lines[at]
        elif change == 1:
            lines[at:at] = [lines[to]]
        elif change == 2:
            lines[at] = data.draw(st.sampled_from(other))
        elif change == 3:
            lines[at] = data.draw(st.binary(max_size=50) | st.text(max_size=50).map(str.encode))
        else:
            del lines[at:to]
        lines = lines or [b""]
    content = b"\n".join(lines)
    if not content.startswith(b"{"):
        same(verdict, content, keys=data.draw(st.sampled_from([(), KEYS])))


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(
    st.sampled_from([b"", b"c2sp.org/tlog-proof@v1\n", b"rights-ledger/main\n17\n", b"old 9\n"]),
    st.binary() | st.text().map(str.encode),
)
def test_anything_at_all(verdict: Verdict, start: bytes, content: bytes) -> None:
    if not (start + content).startswith(b"{"):
        same(verdict, start + content)


json_values = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(),
    lambda inside: st.lists(inside, max_size=3) | st.dictionaries(st.text(), inside, max_size=3),
    max_leaves=8,
)


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture], max_examples=150)
@given(st.dictionaries(st.text(), json_values, max_size=4), st.sampled_from([1, 7, "7", True, None]), st.booleans())
def test_any_json_in_a_tree(verdict: Verdict, more: dict[str, object], version: object, is_ascii: bool) -> None:  # noqa: FBT001
    """The checker knows what is canonical, whatever an entry says inside."""
    value = {**json.loads(stored(7)), "version": version, "entry": more}
    entry = json.dumps(value, ensure_ascii=is_ascii, separators=(",", ":"), sort_keys=True).encode(errors="replace")
    is_one = version == 7 and is_whole(more) and canonical(json.loads(entry)) == entry
    assert verdict(forged(entry, 7).rendered()) == (0 if is_one else 3)


def is_whole(value: object) -> bool:
    """Whether all numbers in it are whole, and below 2⁵³."""
    if isinstance(value, dict | list):
        return all(map(is_whole, value.values() if isinstance(value, dict) else value))
    return not isinstance(value, float) and (not isinstance(value, int) or abs(value) < 2**53)


def test_checkpoints_must_agree(verdict: Verdict) -> None:
    ours, later = signed(checkpoint(9)).rendered(), signed().rendered()
    theirs = signed(checkpoint(9, tree=tree_of([stored(each, holder="偽") for each in range(1, 10)]))).rendered()
    elsewhere = signed(checkpoint(9, ledger="mine")).rendered()
    assert same(verdict, ours, later, ours, elsewhere, keys=KEYS) == 0
    assert same(verdict, ours, theirs, keys=KEYS) == 3
    assert same(verdict, consistency(9).rendered(), theirs, keys=KEYS) == 3
    assert same(verdict, consistency(9).rendered(), later) == 2


@pytest.mark.parametrize("old", [1, 8, 9, 16, 19])
def test_proofs_that_prove_nothing(verdict: Verdict, old: int) -> None:
    true, before = consistency(old), signed(checkpoint(old)).rendered()
    for false in (
        *(true._replace(proof=(*true.proof[:at], bytes(32), *true.proof[at + 1 :])) for at in range(len(true.proof))),
        true._replace(proof=true.proof[1:]),
        true._replace(proof=(*true.proof, bytes(32))),
        true._replace(signed=signed(checkpoint(21, tree=tree_of([*ENTRIES, stored(21)])))),
        true._replace(signed=signed(checkpoint()._replace(root=bytes(32)))),
        true._replace(old=old + 1),
    ):
        others = (before, signed(checkpoint(old + 1)).rendered())
        assert same(verdict, false.rendered(), *(others if old < 19 else others[:1]), keys=KEYS) in {2, 3}


@pytest.mark.parametrize("content", test_checkpoint.BROKEN)
def test_a_broken_checkpoint(verdict: Verdict, content: str) -> None:
    assert same(verdict, content.encode()) == 3


def test_a_log_must_extend_every_checkpoint(verdict: Verdict) -> None:
    papers = [signed(checkpoint(size)).rendered() for size in (0, 1, 7, 8, SIZE)]
    assert verdict(LOG, *papers, keys=KEYS) == 0
    assert verdict(*papers, LOG + stored(SIZE + 1) + b"\n", keys=KEYS) == 0
    assert verdict(LOG[:-1], *papers, receipt().rendered()) == 0


def test_a_log_that_was_compared_with_nothing_was_not_checked(verdict: Verdict) -> None:
    elsewhere = signed(checkpoint(9, ledger="mine")).rendered()
    assert verdict(LOG, elsewhere) == 2
    assert "NOT CHECKED: it is of rights-ledger/main, and no checkpoint that was given is" in verdict.out
    assert verdict(LOG, elsewhere, signed(checkpoint(9)).rendered()) == 0
    assert verdict(LOG) == 0


ENDED = [entry + b"\n" for entry in ENTRIES]
FALSE_LOGS: dict[str, list[bytes]] = {
    "cut": ENDED[:-1],
    "cut in the last line": [*ENDED[:-1], ENDED[-1][:-9]],
    "an entry left out": [*ENDED[:4], *ENDED[5:]],
    "two entries swapped": [*ENDED[:4], ENDED[5], ENDED[4], *ENDED[6:]],
    "an entry rewritten": [*ENDED[:4], stored(5, holder="偽") + b"\n", *ENDED[5:]],
    "an entry of another ledger": [*ENDED[:4], stored(5, "mine") + b"\n", *ENDED[5:]],
    "a space": [*ENDED[:4], ENDED[4].replace(b":", b": ", 1), *ENDED[5:]],
    "an empty line": [*ENDED[:4], b"\n", *ENDED[4:]],
    "carriage returns": [each.replace(b"\n", b"\r\n") for each in ENDED],
    "a line without end": [*ENDED[:4], b'{"a":"' + b"x" * 9_000_000],
}


@pytest.mark.parametrize("name", FALSE_LOGS)
def test_a_false_log(verdict: Verdict, name: str) -> None:
    assert verdict(b"".join(FALSE_LOGS[name]), signed().rendered()) == 3


def test_a_log_rewritten_from_the_first_entry_holds_without_a_checkpoint(verdict: Verdict) -> None:
    """And it is said that nothing is proved."""
    rewritten = b"".join(stored(each, holder="偽") + b"\n" for each in range(1, SIZE + 1))
    assert verdict(rewritten) == 0
    assert "no checkpoint of it was given" in verdict.out
    assert verdict(rewritten, signed(checkpoint(1)).rendered()) == 3


def test_signatures_of_strangers_and_of_known_keys(verdict: Verdict) -> None:
    found = checkpoint(notes=(RESTORED,))
    stranger = Signature(KEY.name, b"\0\0\0\0", bytes(64))
    false = Signature(OTHER.name, OTHER.verifier.key_id, KEY.sign(found.text).value)
    both = (KEY.verifier.text, OTHER.verifier.text)
    for signatures, keys, code in (
        ((), (), 0), ((), KEYS, 3), ((stranger,), (), 0), ((stranger,), KEYS, 3),
        ((stranger, KEY.sign(found.text)), KEYS, 0), ((KEY.sign(found.text),), both, 0),
        ((KEY.sign(found.text), false), KEYS, 0), ((KEY.sign(found.text), false), both, 3),
        ((KEY.sign(found.text),), (OTHER.verifier.text,), 3),
    ):  # fmt: skip
        assert same(verdict, SignedCheckpoint(found, signatures).rendered(), keys=keys) == code


@pytest.mark.parametrize("written", [
    "{} ", "{}\t", "{}\n", "{}\r\n", "{}\u00a0", "{}\u3000", " {}", "\u3000{}", "{}=", "{}A", "{}\0", "", "+", "hr+0+A",
])  # fmt: skip
def test_a_key_is_written_as_it_is_shown(verdict: Verdict, written: str) -> None:
    """Nobody has to guess what else would be the same key."""
    assert same(verdict, signed(checkpoint()).rendered(), keys=[written.format(KEY.verifier.text)]) == 2


@pytest.mark.parametrize(("written", "code"), [
    ("{0}", 0), ("{0}\n", 0), (" {0}\t\r\n\n", 0), ("{1}\n{0}\n", 0), ("{1}\n", 3), ("\u3000{0}\u00a0\n", 0),
    ("{0}\r{1}\n", 2), ("{0}\r", 0), ("\ufeff{0}\n", 2), ("{0} {1}\n", 2), ("{0}\nno key\n", 2), ("\n\r\n", 2), ("", 2),
])  # fmt: skip
def test_a_file_of_keys_has_one_a_line(verdict: Verdict, tmp_path: Path, written: str, code: int) -> None:
    file = tmp_path / "keys.pub"
    file.write_bytes(written.format(KEY.verifier.text, OTHER.verifier.text).encode())
    assert same(verdict, signed(checkpoint()).rendered(), keys=[str(file)]) == code
