"""What is left of a ledger in a file that SQLite cannot read any more."""

from pathlib import Path
from typing import Final

from ledger.store.guards import GUARDS

_READ_AT_ONCE: Final = 1 << 20


def was_a_ledger(file: Path) -> bool:
    """Whether a file that SQLite cannot read any more bears the names of a ledger's guards somewhere."""
    names = [name.encode() for name in GUARDS["sqlite"]]
    longest = max(map(len, names))
    tail = b""
    with file.open("rb") as content:
        while part := content.read(_READ_AT_ONCE):
            if any(name in tail + part for name in names):
                return True
            tail = part[-longest:]
    return False
