"""`rights`: a ledger of stock acquisition rights, append-only, that answers as of any day and as known at any time.

What is used alone pays for itself alone: each name is imported when it is asked for (PEP 562).
"""

from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from ledger.book import Book
    from ledger.domain.errors import DamagedError, DatabaseError, LedgerError, MalformedError, RefusedError
    from ledger.opening import open_ledger

__all__ = [
    "Book",
    "DamagedError",
    "DatabaseError",
    "LedgerError",
    "MalformedError",
    "RefusedError",
    "open_ledger",
]

_MODULES: Final = {"Book": "ledger.book", "open_ledger": "ledger.opening"}
"""Where a name is that is no error."""


def __getattr__(name: str) -> object:
    """Import a public name."""
    from importlib import import_module

    if name not in __all__:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    found: object = getattr(import_module(_MODULES.get(name, "ledger.domain.errors")), name)
    globals()[name] = found
    return found


def __dir__() -> list[str]:
    return sorted({*globals(), *__all__})
