"""Proofs that a log is still what it was: a new checkpoint, and the way from an old one to it.

Written as the body of a request to a witness (C2SP tlog-witness, add-checkpoint). Nobody needs the entries to check it.
"""

from collections.abc import Sequence
from typing import Final, NamedTuple, Self

from ledger.domain.characters import shown
from ledger.domain.errors import LedgerError
from ledger.proof.checkpoint import Checkpoint, SignedCheckpoint, count_from, hash_from
from ledger.proof.note import VerifierKey, base64_of, broken, check_line_ends, check_start
from ledger.proof.tree import Tree, is_consistent

OLD: Final = "old "
MAX_HASHES: Final = 63


class Consistency(NamedTuple):
    """A proof that the log of a checkpoint begins with its first ``old`` entries. proof: hashes (RFC 6962, 2.1.2)."""

    old: int
    proof: tuple[bytes, ...]
    signed: SignedCheckpoint

    def rendered(self) -> bytes:
        """Return the proof as a file holds it."""
        lines = [f"{OLD}{self.old}", *map(base64_of, self.proof), ""]
        return "".join(f"{line}\n" for line in lines).encode() + self.signed.rendered()

    @classmethod
    def parse(cls, content: bytes) -> Self:
        """Read a file. Raises `MalformedError` where it is no such proof, `DamagedError` where it is broken."""
        check_start(content, OLD, f"it is no proof of consistency: it does not begin with {OLD.strip()}")
        check_line_ends(content)
        head, gap, rest = content.partition(b"\n\n")
        first, *lines = head.decode("ascii", errors="replace").split("\n")
        if not gap or len(lines) > MAX_HASHES:
            broken(f"it has no empty line before its checkpoint, or more than {MAX_HASHES} lines before that")
        old = count_from(first.removeprefix(OLD))
        proof = tuple(found for line in lines if (found := hash_from(line)) is not None)
        if old is None or len(proof) < len(lines):
            broken("its first line is no size, or a line after it no hash, base64 of 32 bytes")
        try:
            signed = SignedCheckpoint.parse(rest)
        except LedgerError as error:
            broken(f"its checkpoint: {error.message}")
        if old > signed.checkpoint.size:
            broken(f"it is about {old:,} entries, more than the {signed.checkpoint.size:,} of its checkpoint")
        return cls(old, proof, signed)

    @classmethod
    def proving(cls, before: Checkpoint, tree: Tree, signed: SignedCheckpoint) -> Self:
        """Prove that a log begins with what an older checkpoint had. Raises `DamagedError` where it does not.

        tree: of the log. signed: its checkpoint.
        """
        proof = tree.consistency(before.size, tree.size) if before.size <= tree.size else ()
        found = cls(before.size, tuple(proof), signed)
        found.check(before)
        return found

    def check(self, before: Checkpoint, keys: Sequence[VerifierKey] = ()) -> tuple[VerifierKey, ...]:
        """Check that the log extends an old checkpoint, and return who signed the new one.

        before: the old checkpoint. keys: as `Receipt.check` takes them.

        Raises `DamagedError`.
        """
        new = self.signed.checkpoint
        signed_by = self.signed.signers(keys)
        if (before.origin, before.size) != (new.origin, self.old):
            broken(
                f"it is about ledger {shown(new.ledger)} at {self.old:,} entries, not about ledger"
                f" {shown(before.ledger)} at {before.size:,}"
            )
        if not is_consistent(before.size, before.root, new.size, new.root, self.proof):
            broken(
                f"it does not prove that ledger {shown(new.ledger)} with {new.size:,} entries and the root"
                f" {base64_of(new.root)} begins with the {before.size:,} entries of the root {base64_of(before.root)}"
            )
        return signed_by
