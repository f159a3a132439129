"""Putting what a backup holds into a database, entry by entry, through its guards; and what is noted about it."""

from collections.abc import Iterator, Mapping, Sequence
from contextlib import closing
from itertools import islice
from typing import Final, NamedTuple

from ledger.backup.contents import Contents, Held
from ledger.domain.errors import DamagedError, DatabaseError
from ledger.proof.tree import Range
from ledger.store.everything import Everything
from ledger.store.log import Row
from ledger.store.restored import Restored

_ADDED_AT_ONCE: Final = 5_000


class Occasion(NamedTuple):
    """Of one restoration: when (UTC), who, as claimed, and why."""

    restored_at: str
    actor: str
    reason: str

    def noted(
        self, held: Held, before: Range | None, earlier: Sequence[Restored], in_backup: Sequence[Restored]
    ) -> list[Restored]:
        """All restorations that a ledger has from now on, this one the last.

        held: what is restored. before: what was there, or None. earlier: the restorations of what was there.
        in_backup: of the backup.

        Those of the database come first: whoever watches it has seen them. Of the backup's, which mostly are the first
        of the same, what the database does not have follows. None is ever left out.
        """
        known = {each._replace(number=0) for each in earlier}
        more = [each for each in in_backup if each._replace(number=0) not in known]
        this = Restored(
            0,
            *self,
            size=held.size,
            root=held.root,
            replaced_size=None if before is None else before.size,
            replaced_root=None if before is None else before.root(),
        )
        return [each._replace(number=number) for number, each in enumerate([*earlier, *more, this], start=1)]


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
