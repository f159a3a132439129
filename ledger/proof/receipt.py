"""Receipts: an entry, and the proof that it is in the log of a checkpoint (C2SP tlog-proof 1).

A receipt is checked by itself: without a database, without the rest of the log.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final, NamedTuple, Self

from ledger.domain.characters import shown
from ledger.domain.errors import DamagedError, LedgerError
from ledger.proof.checkpoint import SignedCheckpoint, count_from, hash_from
from ledger.proof.note import VerifierKey, base64_of, broken, check_line_ends, check_start, from_base64
from ledger.proof.tree import leaf_hash, root_by_inclusion
from ledger.proof.verify import check_stored
from ledger.store.codec import row_from

FIRST_LINE: Final = "c2sp.org/tlog-proof@v1"
MAX_RECEIPT_BYTES: Final = 4_000_000
"""An entry of 1 MB, its envelope, a third more for base64, and the checkpoint; twice over."""

MAX_PATH: Final = 63


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
        check_start(content, FIRST_LINE, f"it is no receipt: its first line is not {FIRST_LINE}", is_whole_line=True)
        check_line_ends(content)
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
    """An entry must be one of the ledger, and stand where it says; the rules are for whoever has the others."""
    try:
        row = row_from(entry)
        if row.version == version:
            check_stored(ledger, row, version)
    except (DamagedError, RecursionError) as error:
        why = error.message if isinstance(error, DamagedError) else "it is nested too deep"
        broken(f"its entry is none that ledger {shown(ledger)} would hold: {why}")
    if row.version != version:
        broken(f"its entry says that it is version {row.version}, and stands as version {version}")
