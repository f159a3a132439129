"""Checkpoints: which log, how many entries, which root (C2SP tlog-checkpoint), signed or not.

Whoever keeps a checkpoint outside can prove later that the log still begins with what it had then.
"""

import re
from collections.abc import Iterable, Sequence
from typing import Final, NamedTuple, Self

from ledger.domain.characters import shown
from ledger.proof.note import (
    DASH,
    Note,
    Signature,
    VerifierKey,
    base64_of,
    broken,
    check_start,
    from_base64,
    signers,
)
from ledger.proof.tree import EMPTY_ROOT, HASH_BYTES

ORIGIN: Final = "rights-ledger/"
"""What the origin of every ledger of ours begins with; its id follows."""

MAX_SIZE: Final = 2**53 - 1
"""Versions are counts of JSON, which stay below 2⁵³."""

_COUNT: Final = re.compile(r"0|[1-9][0-9]{0,15}")


def origin_of(ledger: str) -> str:
    """Who a ledger is in its checkpoints: the first of their lines."""
    return ORIGIN + ledger


def count_from(text: str) -> int | None:
    """A count as the formats write it: digits, no zero in front, below 2⁵³; None for anything else."""
    if not _COUNT.fullmatch(text):
        return None
    found = int(text)
    return found if found <= MAX_SIZE else None


def hash_from(text: str) -> bytes | None:
    """A hash as the formats write it, base64 of 32 bytes; None for anything else."""
    found = from_base64(text)
    return found if found is not None and len(found) == HASH_BYTES else None


class Checkpoint(NamedTuple):
    """What a log was.

    origin: which log. size: how many entries. root: of the tree over them, 32 bytes. extensions: further lines that
    are signed with these; ours tell of restorations.
    """

    origin: str
    size: int
    root: bytes
    extensions: tuple[str, ...] = ()

    @property
    def ledger(self) -> str:
        """The id of the ledger."""
        return self.origin.removeprefix(ORIGIN)

    @property
    def text(self) -> str:
        """The lines, which are what is signed."""
        return "".join(f"{line}\n" for line in (self.origin, self.size, base64_of(self.root), *self.extensions))

    @classmethod
    def parse(cls, text: str) -> Self:
        """Read the lines. Raises `DamagedError`."""
        origin, *lines = text.split("\n")[:-1]
        if not origin.startswith(ORIGIN) or origin == ORIGIN:
            broken(f"its first line names no ledger: it would begin with {ORIGIN}")
        if len(lines) < 2:
            broken("it ends before its size and its root")
        size, root, extensions = count_from(lines[0]), hash_from(lines[1]), tuple(lines[2:])
        if size is None:
            broken("its second line is no size")
        if root is None:
            broken("its third line is no root: base64 of 32 bytes")
        if size == 0 and root != EMPTY_ROOT:
            broken("its root is not that of a log without entries")
        if any(line == "" or line.startswith(f"{DASH} ") for line in extensions):
            broken("a line after its root is empty, or a signature without the empty line before it")
        return cls(origin, size, root, extensions)


class SignedCheckpoint(NamedTuple):
    """A checkpoint as it is passed on, with as many signatures as it has, perhaps none."""

    checkpoint: Checkpoint
    signatures: tuple[Signature, ...] = ()

    @property
    def note(self) -> Note:
        """The note that it is."""
        return Note(self.checkpoint.text, self.signatures)

    def signers(self, keys: Sequence[VerifierKey]) -> tuple[VerifierKey, ...]:
        """Return who of those known signed it; nobody where no key is known. Raises as `note.signers` does."""
        return signers(self.note, keys) if keys else ()

    def rendered(self) -> bytes:
        """Return the checkpoint as a file holds it."""
        return self.note.rendered()

    @classmethod
    def parse(cls, content: bytes) -> Self:
        """Read a file.

        Raises `MalformedError` where it is no checkpoint of a ledger, `DamagedError` where it is broken.
        """
        check_start(content, ORIGIN, f"it is no checkpoint of a ledger: it does not begin with {ORIGIN}")
        note = Note.parse(content)
        return cls(Checkpoint.parse(note.text), note.signatures)


def check_agreement(checkpoints: Iterable[Checkpoint]) -> None:
    """Refuse checkpoints of one log that have the same size and different roots: the log was shown in two versions.

    Raises `DamagedError`.
    """
    roots: dict[tuple[str, int], bytes] = {}
    for each in checkpoints:
        root = roots.setdefault((each.origin, each.size), each.root)
        if root != each.root:
            broken(
                f"ledger {shown(each.ledger)} had two roots with {each.size:,} entries, {base64_of(root)} and"
                f" {base64_of(each.root)}: it was shown in two versions"
            )
