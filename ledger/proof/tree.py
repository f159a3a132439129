"""The Merkle tree of RFC 6962 over what a ledger stores: one root proves every entry and the order of all.

A leaf is SHA-256(0x00 ‖ bytes of an entry), a node SHA-256(0x01 ‖ left ‖ right); the tree of n leaves is split at the
largest power of two below n. Every hash is of 32 bytes. Pure functions and values; no database.
"""

from collections.abc import Iterable, Sequence
from hashlib import sha256
from itertools import count
from typing import Final, NamedTuple, Self

HASH_BYTES: Final = 32
_PAIR: Final = 2 * HASH_BYTES
EMPTY_ROOT: Final = sha256().digest()
"""The root of no leaves (RFC 6962, 2.1)."""


def leaf_hash(entry: bytes) -> bytes:
    """Hash of an entry's stored bytes."""
    return sha256(b"\x00" + entry).digest()


def node_hash(left: bytes, right: bytes) -> bytes:
    """Hash of two subtrees of the same parent."""
    return sha256(b"\x01" + left + right).digest()


class Range(NamedTuple):
    """A compact range: what must be kept of n leaves to add more, and to know their root.

    size: how many leaves. peaks: the roots of the full subtrees that n is the sum of, the largest and leftmost first.
    """

    size: int = 0
    peaks: tuple[bytes, ...] = ()

    def extended(self, entries: Iterable[bytes]) -> Self:
        """Return the range with the stored bytes of further entries at its end."""
        found = [sha256(b"\x00" + entry).digest() for entry in entries]
        size, before, peaks = self.size + len(found), list(self.peaks), list[bytes]()
        left = self.size
        while left or found:  # one level after the other: what is paired there stands on the next
            if left & 1:
                found.insert(0, before.pop())
            if len(found) & 1:
                peaks.append(found.pop())
            found = [sha256(b"\x01" + one + other).digest() for one, other in zip(found[::2], found[1::2], strict=True)]
            left >>= 1
        return self._replace(size=size, peaks=tuple(reversed(peaks)))

    def root(self) -> bytes:
        """Return the root of all leaves."""
        if not self.peaks:
            return EMPTY_ROOT
        *rest, found = self.peaks
        for peak in reversed(rest):
            found = node_hash(peak, found)
        return found

    def packed(self) -> bytes:
        """Return the peaks one after the other, as the head of a ledger keeps them."""
        return b"".join(self.peaks)

    @classmethod
    def unpacked(cls, size: int, peaks: bytes) -> Self:
        """Return the range that a head keeps.

        Raises `ValueError` where these are not the peaks of so many leaves.
        """
        if size < 0 or len(peaks) != HASH_BYTES * size.bit_count():
            raise ValueError(f"{len(peaks)} bytes are not the peaks of {size} leaves")
        return cls(size, tuple(peaks[at : at + HASH_BYTES] for at in range(0, len(peaks), HASH_BYTES)))


class Tree:
    """All full subtrees of a growing log: its root at any size, and proofs, in steps as many as it has levels.

    64 bytes an entry. A level is one string of hashes, the leaves the first.
    """

    def __init__(self) -> None:
        self._levels: list[bytearray] = []
        self._last_asked = Range()
        self.size = 0

    def extend(self, entries: Iterable[bytes]) -> None:
        """Add the stored bytes of further entries: one level after the other, which is faster than one by one."""
        found = [sha256(b"\x00" + entry).digest() for entry in entries]
        self.size += len(found)
        for level in count():
            if not found:
                break
            if level == len(self._levels):
                self._levels.append(bytearray())
            self._levels[level] += b"".join(found)
            above = len(self._levels[level + 1]) if level + 1 < len(self._levels) else 0
            pairs = bytes(self._levels[level][2 * above : 2 * HASH_BYTES * (self.size >> (level + 1))])
            found = [sha256(b"\x01" + pairs[at : at + _PAIR]).digest() for at in range(0, len(pairs), _PAIR)]

    def cut(self, size: int) -> None:
        """Forget the entries after the first ``size``."""
        self._check(size)
        self.size = size
        self._last_asked = Range()
        for level, hashes in enumerate(self._levels):
            del hashes[HASH_BYTES * (size >> level) :]

    def range_at(self, size: int) -> Range:
        """Return the compact range of the first ``size`` entries."""
        if self._last_asked.size != size:
            self._check(size)
            self._last_asked = Range(size, tuple(self._peaks(0, size)))
        return self._last_asked

    def leaf(self, index: int) -> bytes:
        """Return the hash of an entry. index: from 0."""
        return bytes(self._levels[0][HASH_BYTES * index : HASH_BYTES * (index + 1)])

    def root(self, size: int) -> bytes:
        """Return the root of the first ``size`` entries."""
        return self.range_at(size).root()

    def inclusion(self, index: int, size: int) -> list[bytes]:
        """Return the audit path of a leaf among the first ``size``: sibling hashes from the leaf up (2.1.1).

        index: from 0.
        """
        self._check(size)
        if not 0 <= index < size:
            raise ValueError(f"there is no leaf {index} among {size}")
        return self._path(index, 0, size)

    def consistency(self, old: int, size: int) -> list[bytes]:
        """Return the proof that the first ``size`` entries begin with the first ``old`` ones (2.1.2)."""
        self._check(size)
        if not 0 <= old <= size:
            raise ValueError(f"{size} entries do not begin with {old}")
        return [] if old in {0, size} else self._subproof(old, 0, size, is_known=True)

    def _check(self, size: int) -> None:
        if not 0 <= size <= self.size:
            raise ValueError(f"there are {self.size} leaves, not {size}")

    def _peaks(self, start: int, end: int) -> Iterable[bytes]:
        """The roots of the full subtrees from leaf ``start``, which begins one as large as the span, to ``end``."""
        while start < end:
            level = (end - start).bit_length() - 1
            at = HASH_BYTES * (start >> level)
            yield bytes(self._levels[level][at : at + HASH_BYTES])
            start += 1 << level

    def _root(self, start: int, end: int) -> bytes:
        return Range(end - start, tuple(self._peaks(start, end))).root()

    def _path(self, index: int, start: int, end: int) -> list[bytes]:
        path: list[bytes] = []
        while end - start > 1:
            middle = start + _split(end - start)
            if index < middle:
                path.append(self._root(middle, end))
                end = middle
            else:
                path.append(self._root(start, middle))
                start = middle
        return path[::-1]

    def _subproof(self, old: int, start: int, end: int, *, is_known: bool) -> list[bytes]:
        """Prove the first ``old`` leaves of a span; a subtree is known where the old root is its own."""
        if old == end - start:
            return [] if is_known else [self._root(start, end)]
        half = _split(end - start)
        if old <= half:
            return [*self._subproof(old, start, start + half, is_known=is_known), self._root(start + half, end)]
        return [*self._subproof(old - half, start + half, end, is_known=False), self._root(start, start + half)]


def _split(size: int) -> int:
    """The largest power of two below a size above 1."""
    return 1 << ((size - 1).bit_length() - 1)


def root_by_inclusion(leaf: bytes, index: int, size: int, path: Sequence[bytes]) -> bytes | None:
    """Root that an audit path leads to from a leaf hash; None where the path is not as long as such a leaf's.

    The way of RFC 9162, 2.1.3.2, which reads RFC 6962's proofs.
    """
    if not 0 <= index < size:
        return None
    node, last, found = index, size - 1, leaf
    for sibling in path:
        if last == 0:
            return None
        if node & 1 or node == last:
            found = node_hash(sibling, found)
            while not node & 1 and node:
                node, last = node >> 1, last >> 1
        else:
            found = node_hash(found, sibling)
        node, last = node >> 1, last >> 1
    return found if last == 0 else None


def is_consistent(old: int, old_root: bytes, size: int, root: bytes, proof: Sequence[bytes]) -> bool:
    """Whether a proof shows that the tree of ``size`` leaves begins with the tree of ``old`` (RFC 9162, 2.1.4.2)."""
    if not 0 <= old <= size:
        return False
    if old in {0, size}:
        return not proof and old_root == (EMPTY_ROOT if old == 0 else root)
    path = [old_root, *proof] if old & (old - 1) == 0 else list(proof)
    if not path:
        return False
    node, last = old - 1, size - 1
    while node & 1:
        node, last = node >> 1, last >> 1
    found_old = found = path[0]
    for sibling in path[1:]:
        if last == 0:
            return False
        if node & 1 or node == last:
            found_old, found = node_hash(sibling, found_old), node_hash(sibling, found)
            while not node & 1 and node:
                node, last = node >> 1, last >> 1
        else:
            found = node_hash(found, sibling)
        node, last = node >> 1, last >> 1
    return last == 0 and (found_old, found) == (old_root, root)
