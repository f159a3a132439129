"""A small ledger and what it proves of itself: entries, a tree, keys, checkpoints, receipts."""

from typing import Any

from ledger.domain.wellformed import entry_from
from ledger.proof.checkpoint import Checkpoint, SignedCheckpoint, origin_of
from ledger.proof.consistency import Consistency
from ledger.proof.note import SigningKey
from ledger.proof.receipt import Receipt
from ledger.proof.tree import Tree
from ledger.store.codec import seal

SIZE = 20
KEY = SigningKey("hr@example.com", bytes(range(32)))
OTHER = SigningKey("audit.example", bytes(32))
RESTORED = 'restored {"number":1,"reason":"バックアップから"}'


def stored(version: int, ledger: str = "main", holder: str = "取締役") -> bytes:
    """The bytes that a ledger would keep of an appointment."""
    content = {"type": "appointment", "holder": f"{holder}-{version}", "position": "director", "on": "2017-07-14"}
    return sealed(content, version, ledger)


def sealed(content: dict[str, Any], version: int, ledger: str = "main") -> bytes:
    """The bytes that a ledger would keep of an entry."""
    instant = f"2026-11-22T00:12:{version:02}.123456Z"
    return seal(
        ledger, content, entry_from(content), version=version, batch=version, recorded_at=instant, actor="hr"
    ).bytes


def tree_of(entries: list[bytes]) -> Tree:
    tree = Tree()
    tree.extend(entries)
    return tree


ENTRIES = [stored(version) for version in range(1, SIZE + 1)]
TREE = tree_of(ENTRIES)


def checkpoint(size: int = SIZE, *, tree: Tree = TREE, ledger: str = "main", notes: tuple[str, ...] = ()) -> Checkpoint:
    return Checkpoint(origin_of(ledger), size, tree.root(size), notes)


def signed(found: Checkpoint | None = None, *keys: SigningKey) -> SignedCheckpoint:
    """A checkpoint, by default that of the whole ledger, signed by keys, by default by `KEY`."""
    found = checkpoint() if found is None else found
    return SignedCheckpoint(found, tuple(key.sign(found.text) for key in keys or (KEY,)))


def receipt(version: int = 7, size: int = SIZE, *keys: SigningKey) -> Receipt:
    path = tuple(TREE.inclusion(version - 1, size))
    return Receipt(ENTRIES[version - 1], version - 1, path, signed(checkpoint(size), *keys))


def forged(entry: bytes, version: int, *, ledger: str = "main") -> Receipt:
    """A receipt of any bytes: the tree, the path and the signature are right, whatever the entry says."""
    tree = tree_of([*ENTRIES[: version - 1], entry])
    path = tuple(tree.inclusion(version - 1, version))
    return Receipt(entry, version - 1, path, signed(checkpoint(version, tree=tree, ledger=ledger)))


def consistency(old: int = 9, size: int = SIZE) -> Consistency:
    return Consistency(old, tuple(TREE.consistency(old, size)), signed(checkpoint(size)))
