"""`rights`: a ledger of stock acquisition rights, append-only, that answers as of any day and as known at any time."""

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
