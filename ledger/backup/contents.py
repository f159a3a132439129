"""What a database or a backup holds, in one shape, and whether it holds together."""

from base64 import b64encode
from collections.abc import Generator, Iterator, Sequence
from contextlib import closing, contextmanager
from typing import NamedTuple, Protocol

from ledger.domain.errors import DamagedError
from ledger.proof.tree import Range
from ledger.proof.verify import verify
from ledger.store.everything import Everything, LedgerRow, everything_at_once
from ledger.store.log import Row
from ledger.store.people import Filed
from ledger.store.restored import Restored


class Held(NamedTuple):
    """One ledger. created_at: UTC. size: its last version. root: of the tree over its entries, 32 bytes."""

    ledger: str
    created_at: str
    size: int
    root: bytes
    restorations: tuple[Restored, ...] = ()

    @property
    def written_root(self) -> str:
        """The root in base64."""
        return b64encode(self.root).decode()


Each = Generator[tuple[Held, Iterator[Row]], None, None]
"""Ledgers with their entries, read from a database or a file: whoever does not go on to the end closes it."""


class Contents(Protocol):
    """All ledgers, as they were at one moment."""

    @property
    def ledgers(self) -> Sequence[Held]:
        """By id."""

    def each(self) -> Each:
        """Give every ledger with its entries, which are read to their end before the next ledger is asked for."""

    def filed(self, ledger: str) -> Filed:
        """The directory of people of a ledger, empty in a form that holds none."""


class DatabaseContents:
    """What a database holds, inside a transaction that only reads."""

    def __init__(self, everything: Everything) -> None:
        self._everything = everything
        self.ledgers = [self._held(row) for row in everything.ledgers()]

    def each(self) -> Each:
        """Give every ledger with its entries."""
        for held in self.ledgers:
            with self._everything.rows(held.ledger) as rows:
                yield held, rows

    def filed(self, ledger: str) -> Filed:
        """The directory of people of a ledger."""
        return self._everything.directory(ledger).filed()

    def _held(self, row: LedgerRow) -> Held:
        try:
            root = Range.unpacked(row.size, row.peaks).root()
        except ValueError as error:
            raise DamagedError("damaged", f"ledger {row.ledger}: its head is none: {error}") from None
        return Held(row.ledger, row.created_at, row.size, root, tuple(self._everything.restorations(row.ledger)))


@contextmanager
def contents_of(url: str) -> Iterator[DatabaseContents]:
    """What a database holds at one moment, whatever others record meanwhile."""
    with everything_at_once(url) as everything:
        yield DatabaseContents(everything)


def check(contents: Contents) -> None:
    """See that every ledger is whole and lawful, and has the size and root that are said of it.

    Raises `DamagedError`, which names the ledger and its first bad version.
    """
    with closing(contents.each()) as each:
        for held, rows in each:
            _check_ledger(held, rows)


def _check_ledger(held: Held, rows: Iterator[Row]) -> None:
    try:
        found = verify(held.ledger, rows)
    except DamagedError as error:
        error.message = f"ledger {held.ledger}: {error.message}"
        raise
    if (found.size, found.root) != (held.size, held.root):
        raise DamagedError(
            "damaged",
            f"ledger {held.ledger}: it says that it has {held.size:,} entries with the root {held.written_root};"
            f" there are {found.size:,}, with the root {b64encode(found.root).decode()}",
        )
