"""Receipts: an entry, and the proof that it is in the log of a checkpoint (C2SP tlog-proof 1).

A receipt is checked by itself: without a database, without the rest of the log.
"""

import json
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, Final, NamedTuple, NoReturn, Self

from ledger.domain.characters import shown
from ledger.domain.errors import LedgerError, MalformedError
from ledger.domain.strict_json import LONGEST_WHOLE, MAX_COUNT
from ledger.proof.checkpoint import SignedCheckpoint, count_from, hash_from
from ledger.proof.note import VerifierKey, base64_of, broken, from_base64
from ledger.proof.tree import leaf_hash, root_by_inclusion
from ledger.store.codec import canonical

FIRST_LINE: Final = "c2sp.org/tlog-proof@v1"
MAX_RECEIPT_BYTES: Final = 4_000_000
"""An entry of 1 MB, its envelope, a third more for base64, and the checkpoint; twice over."""

MAX_PATH: Final = 63
MAX_LEVELS: Final = 64
"""Of JSON. An envelope with an entry has half as many."""


class Proved(NamedTuple):
    """What a receipt proves: that an entry is in a ledger of that size and root.

    version: the entry's. entry: its stored bytes. signed_by: the known keys that signed the checkpoint. extensions:
    what else the checkpoint says.
    """

    ledger: str
    version: int
    entry: bytes
    size: int
    root: bytes
    signed_by: tuple[VerifierKey, ...]
    extensions: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Receipt:
    """An entry and its proof.

    entry: its stored bytes. index: its leaf, from 0. path: sibling hashes from the leaf up. signed: the checkpoint.
    """

    entry: bytes
    index: int
    path: tuple[bytes, ...]
    signed: SignedCheckpoint

    def rendered(self) -> bytes:
        """Return the receipt as a file holds it."""
        lines = [FIRST_LINE, f"extra {base64_of(self.entry)}", f"index {self.index}", *map(base64_of, self.path), ""]
        return "".join(f"{line}\n" for line in lines).encode() + self.signed.rendered()

    @classmethod
    def parse(cls, content: bytes) -> Self:
        """Read a file. Raises `MalformedError` where it is no receipt, `DamagedError` where it is broken."""
        if content.partition(b"\n")[0] != FIRST_LINE.encode():
            raise MalformedError("malformed", f"it is no receipt: its first line is not {FIRST_LINE}")
        if len(content) > MAX_RECEIPT_BYTES:
            broken(f"it has more than {MAX_RECEIPT_BYTES:,} bytes")
        head, gap, rest = content.partition(b"\n\n")
        if not gap:
            broken("it ends before the empty line that its checkpoint follows")
        # What is not ASCII becomes what no line may hold.
        _, *lines = head.decode("ascii", errors="replace").split("\n")
        if len(lines) < 2 or not lines[0].startswith("extra ") or not lines[1].startswith("index "):
            broken("its second and third line are not `extra` with the entry and `index` with its place")
        entry, index = from_base64(lines[0].removeprefix("extra ")), count_from(lines[1].removeprefix("index "))
        path = tuple(found for line in lines[2:] if (found := hash_from(line)) is not None)
        if entry is None:
            broken("its entry is not written in base64")
        if index is None:
            broken("its index is no count")
        if len(path) < len(lines) - 2 or len(path) > MAX_PATH:
            broken(f"its path is not at most {MAX_PATH} hashes, each base64 of 32 bytes")
        try:
            signed = SignedCheckpoint.parse(rest)
        except LedgerError as error:
            broken(f"its checkpoint: {error.message}")
        return cls(entry, index, path, signed)

    def check(self, keys: Sequence[VerifierKey] = ()) -> Proved:
        """Check everything, and say what is proved.

        keys: those that may have signed the checkpoint; without any no signature is looked at.

        Raises `DamagedError`, and `MissingLibraryError` where a signature must be checked and cannot.
        """
        checkpoint = self.signed.checkpoint
        signed_by = self.signed.signers(keys)
        found = root_by_inclusion(leaf_hash(self.entry), self.index, checkpoint.size, self.path)
        if found != checkpoint.root:
            broken(
                f"its entry is not entry {self.index + 1} of the log of {checkpoint.size:,} entries with the root"
                f" {base64_of(checkpoint.root)}"
            )
        _check_entry(self.entry, checkpoint.ledger, self.index + 1)
        return Proved(
            checkpoint.ledger,
            self.index + 1,
            self.entry,
            checkpoint.size,
            checkpoint.root,
            signed_by,
            checkpoint.extensions,
        )


def _check_entry(entry: bytes, ledger: str, version: int) -> None:
    """An entry must say of itself what its place in the tree says, in the one form that it can be stored in."""
    envelope: Any = None
    try:
        envelope = _DECODER.decode(entry.decode())
        is_canonical = _is_flat(envelope) and canonical(envelope) == entry
    except (ValueError, RecursionError):
        is_canonical = False
    if not is_canonical or not isinstance(envelope, dict):
        broken("its entry is no canonical JSON (RFC 8785) of integers, strings, booleans and nulls")
    if envelope.get("ledger") != ledger:
        broken(f"its entry is not of ledger {shown(ledger)}, which its checkpoint is of")
    said = envelope.get("version")
    if isinstance(said, bool) or said != version:
        broken(f"its entry does not say that it is version {version}, where it stands")


def _is_flat(value: object, levels: int = MAX_LEVELS) -> bool:
    """Whether a value is not nested too deep."""
    if not isinstance(value, dict | list):
        return True
    inside = value.values() if isinstance(value, dict) else value
    return levels > 0 and all(_is_flat(each, levels - 1) for each in inside)


def _whole(digits: str) -> int:
    """An integer below 2⁵³; one of a million digits would take minutes to read."""
    found = int(digits) if len(digits) <= LONGEST_WHOLE else MAX_COUNT
    if not -MAX_COUNT < found < MAX_COUNT:
        raise ValueError(f"{digits[:LONGEST_WHOLE]} is too large")
    return found


def _not_whole(written: str) -> NoReturn:
    raise ValueError(f"{written} is not whole")


_DECODER: Final = json.JSONDecoder(parse_int=_whole, parse_float=_not_whole, parse_constant=_not_whole)
