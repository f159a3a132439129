"""Putting what a backup holds into a database, entry by entry, through its guards; and what is noted about it."""

from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import closing
from itertools import islice
from typing import Final, NamedTuple

from ledger.backup.contents import Contents, Held
from ledger.domain.errors import DamagedError, DatabaseError
from ledger.proof.tree import Range
from ledger.store.everything import Everything
from ledger.store.log import Row
from ledger.store.people import Directory
from ledger.store.restored import Restored

_ADDED_AT_ONCE: Final = 5_000


class Occasion(NamedTuple):
    """Of one restoration: when (UTC), who, as claimed, and why.

    told: the restorations of a ledger that its last checkpoint tells of. remembered: by ledger, how many of its
    restorations were known from that alone; filled as ledgers are noted.
    """

    restored_at: str
    actor: str
    reason: str
    told: Callable[[str], list[Restored]]
    remembered: dict[str, int]

    def noted(self, held: Held, before: Range | None, earlier: list[Restored], *, only_grows: bool = False) -> Held:
        """A ledger with all restorations that it has from now on, this one the last.

        held: what is restored, with the restorations of the backup. before: what was there, or None. earlier: the
        restorations of what was there. only_grows: those cannot be given other numbers.

        Those of the database come first: whoever watches it has seen them. Where it lost some, those that checkpoints
        told of come before. Of the backup's, which mostly are the first of the same, what is still missing follows.
        None is ever left out.
        """
        told = self.told(held.ledger)
        is_lost = len(told) > len(earlier) and not (only_grows and told[: len(earlier)] != earlier)
        found = [*told, *_missing(earlier, told)] if is_lost else [*earlier]
        this = Restored(
            0,
            self.restored_at,
            self.actor,
            self.reason,
            size=held.size,
            root=held.root,
            replaced_size=None if before is None else before.size,
            replaced_root=None if before is None else before.root(),
        )
        noted = [*found, *_missing(held.restorations, found), this]
        self.remembered[held.ledger] = len(_missing(found, [*earlier, *held.restorations]))
        return held._replace(
            restorations=tuple(each._replace(number=number) for number, each in enumerate(noted, start=1))
        )


def _missing(restorations: Sequence[Restored], there: Sequence[Restored]) -> list[Restored]:
    """The restorations that are not there, whatever their numbers are."""
    known = {each._replace(number=0) for each in there}
    return [each for each in restorations if each._replace(number=0) not in known]


def fill(everything: Everything, contents: Contents) -> Mapping[str, Range | None]:
    """Make the ledgers and add the entries that are not there yet; what each ledger held before, None where it was not.

    Raises `DatabaseError` (`append-only`) where a ledger holds what the backup does not, `DamagedError` where its head
    is not that of its entries.
    """
    there = {row.ledger for row in everything.ledgers()}
    found: dict[str, Range | None] = {}
    with closing(contents.each()) as each:
        for held, rows in each:
            before = _fill_ledger(everything, held, rows)
            found[held.ledger] = before if held.ledger in there else None
    return found


def fill_directories(directory_of: Callable[[str], Directory], contents: Contents) -> None:
    """Put the people of a backup where no ledger has any: who was forgotten there is not brought back."""
    for held in contents.ledgers:
        directory = directory_of(held.ledger)
        if not directory.changes():
            directory.file(contents.filed(held.ledger))


def _fill_ledger(everything: Everything, held: Held, rows: Iterator[Row]) -> Range:
    """Fill one ledger, and return what it held before."""
    everything.make(held.ledger, held.created_at)
    head = everything.lock(held.ledger)
    with everything.stored(held.ledger) as stored:
        before = Range().extended(_beginning(held, stored, rows))
    if head != (before.size, before.packed()):
        raise DamagedError("damaged", f"the head of ledger {held.ledger} is not that of its entries")
    tree = before
    while part := list(islice(rows, _ADDED_AT_ONCE)):
        tree = tree.extended(row.bytes for row in part)
        everything.add(held.ledger, part, tree.packed())
    if (tree.size, tree.root()) != (held.size, held.root):
        raise DamagedError("damaged", f"ledger {held.ledger} changed in the backup while it was read")
    return before


def _beginning(held: Held, there: Iterator[bytes], rows: Iterator[Row]) -> Iterator[bytes]:
    """Pass on what a ledger holds, as long as it is what the backup begins with."""
    for version, content in enumerate(there, start=1):
        row = next(rows, None)
        if row is None or row.bytes != content:
            holds = "ends before it" if row is None else "has another entry there"
            raise DatabaseError(
                "append-only",
                f"ledger {held.ledger} holds version {version}, and the backup {holds}: in PostgreSQL a ledger is never"
                " put back, it only grows; restore the backup into a new database",
            )
        yield content
