"""The new SQLite database takes the place of the one that is there, which is kept under another name."""

from collections.abc import Sequence
from contextlib import ExitStack, suppress
from pathlib import Path
from shutil import copymode
from typing import NamedTuple

from ledger.backup.contents import Held
from ledger.backup.filling import Occasion
from ledger.backup.whole_file import publish
from ledger.domain.errors import DamagedError, DatabaseError, LedgerError
from ledger.proof.tree import EMPTY_ROOT, Range
from ledger.store.guards import HEAD
from ledger.store.restored import Restored
from ledger.store.sqlite_copy import BESIDE, copy
from ledger.store.sqlite_replace import (
    Noted,
    There,
    copy_raw,
    is_readable,
    like,
    looking,
    nobody_else,
    note,
    remove_beside,
    replacing,
)


class Replaced(NamedTuple):
    """What was done. kept: where that lies now which was there, if anything was. ledgers: as they are now."""

    kept: Path | None
    ledgers: Sequence[Held]


def replace(target: Path, built: Path, ledgers: Sequence[Held], occasion: Occasion, *, is_damaged: bool) -> Replaced:
    """Replace a database, in one step, and note the restoration in the same.

    target: need not be there. built: the new one, in a folder of its own beside, without restorations; gone afterwards.
    ledgers: what it holds, with the restorations of the backup. is_damaged: SQLite cannot open the one that is there.

    Raises `DatabaseError` (`database-busy`, `wrong-revision` for a database of a newer program).
    """
    instant = occasion.restored_at.replace("-", "").replace(":", "")
    kept = target.with_name(f"{target.name}.before-restore-{instant}")
    if not is_damaged and target.exists() and is_readable(target):
        with suppress(DamagedError):  # too damaged for SQLite to change it
            return Replaced(kept, _replaced_tables(target, built, kept, ledgers, occasion))
    return _replaced_file(target, built, kept, ledgers, occasion)


def _replaced_tables(
    target: Path, built: Path, kept: Path, ledgers: Sequence[Held], occasion: Occasion
) -> Sequence[Held]:
    """Replace the tables of a database that others may have open, in one transaction."""
    is_done = False
    try:
        with replacing(target, built) as there:
            _refuse_newer(there, target)
            copied = built.with_name("kept")
            copy(target, copied)
            copymode(target, copied)
            publish(copied, kept, replace=False)
            noted = _noted(ledgers, there, occasion)
            there.put(_for_store(noted))
        is_done = True
    finally:
        if not is_done:
            kept.unlink(missing_ok=True)
    return noted


def _replaced_file(target: Path, built: Path, kept: Path, ledgers: Sequence[Held], occasion: Occasion) -> Replaced:
    """Replace a file that is too damaged, or not there, together with what lies beside it.

    A process that is killed just before the end leaves a damaged database without what lay beside it; that is kept.
    """
    with ExitStack() as stack:
        old = stack.enter_context(nobody_else(target)) if target.exists() else None
        copied = built.with_name("kept-raw")
        copy_raw(target, old, copied)
        is_kept = False
        for ending in (*BESIDE, ""):
            part = copied.with_name(copied.name + ending)
            if part.exists():
                publish(part, kept.with_name(kept.name + ending), replace=False)
                is_kept = True
        noted = _noted(ledgers, stack.enter_context(looking(kept)) if old is not None else None, occasion)
        note(built, _for_store(noted))
        if old is not None:
            like(built, target)
        remove_beside(target)
        publish(built, target, replace=old is not None)
    return Replaced(kept if is_kept else None, noted)


def _for_store(ledgers: Sequence[Held]) -> list[Noted]:
    return [Noted(held.ledger, held.created_at, held.restorations) for held in ledgers]


def _noted(ledgers: Sequence[Held], there: There | None, occasion: Occasion) -> list[Held]:
    """The ledgers that there are from now on, each with all its restorations, this one the last.

    A ledger that the backup does not know is one with nothing in it, so that nobody takes it for forgotten.
    """
    made = _made(there)
    known = {held.ledger for held in ledgers}
    emptied = [Held(ledger, at, 0, EMPTY_ROOT) for ledger, at in made.items() if ledger not in known]
    found = []
    for held in sorted([*ledgers, *emptied]):
        before = _before(there, held.ledger) if held.ledger in made else None
        found.append(occasion.noted(held, before, _earlier(there, held.ledger)))
    return found


def _made(there: There | None) -> dict[str, str]:
    """When each ledger of the replaced database was made; of none where that cannot be read."""
    try:
        return {} if there is None else there.ledgers()
    except LedgerError:
        return {}


def _before(there: There | None, ledger: str) -> Range | None:
    """What a ledger of the replaced database held, None where that cannot be read as far as its end."""
    tree, stored = Range(), list[bytes]()
    try:
        for version, content in () if there is None else there.entries(ledger):
            stored.append(content)
            if version != tree.size + len(stored):
                return None
            if len(stored) == 256:
                tree = tree.extended(stored)
                stored.clear()
    except LedgerError:
        return None
    return tree.extended(stored)


def _earlier(there: There | None, ledger: str) -> list[Restored]:
    """The restorations of a ledger of the replaced database, as far as they can be read."""
    try:
        return [] if there is None else there.restorations(ledger)
    except LedgerError:
        return []


def _refuse_newer(there: There, target: Path) -> None:
    """See that nothing is replaced that this program does not know."""
    try:
        revision = there.revision()
    except LedgerError:
        return
    if revision is not None and (not revision.isdecimal() or int(revision) > int(HEAD)):
        raise DatabaseError(
            "wrong-revision",
            f"{target} has tables of revision {revision}, and this program knows them up to {HEAD}: a newer"
            " rights-ledger is needed to replace them",
        )
