"""A restoration: a ledger that was put back to what a backup holds, as the database remembers it for ever."""

from typing import NamedTuple


class Restored(NamedTuple):
    """One restoration of a ledger.

    number: 1, 2, 3 … in its ledger. restored_at: UTC, as an entry's `recorded_at`. actor: who, as claimed. reason: why.
    size: the last version of what was restored. root: its root, 32 bytes.
    replaced_size, replaced_root: of what was there before; None where nothing was, or nothing that could be read.
    """

    number: int
    restored_at: str
    actor: str
    reason: str
    size: int
    root: bytes
    replaced_size: int | None = None
    replaced_root: bytes | None = None
