"""Putting a database back to what a backup holds, in a way that records itself.

The backup is checked. A database is made anew from its entries, through the guards, beside the one that is there; that
one is kept, and the new one takes its place. What was replaced by what is noted in `restorations`: by that, whoever
remembers a larger ledger can tell a restoration from a forgery.

PostgreSQL's ledgers only grow: there a backup goes where its ledgers are not, or hold the beginning of what it holds.
"""

from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from functools import partial
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any, NamedTuple

from ledger import clock
from ledger.actor import claimed_actor
from ledger.backup.contents import Contents, Held, check, contents_of
from ledger.backup.filling import Occasion, fill, fill_directories
from ledger.backup.opening import opened
from ledger.backup.replacing import replace
from ledger.backup.whole_file import folder_beside
from ledger.domain.errors import DamagedError, DatabaseError, MalformedError
from ledger.domain.wellformed import check_name
from ledger.signer import told_of
from ledger.store import WAIT_SECONDS
from ledger.store.engines import open_engine
from ledger.store.everything import changing_everything
from ledger.store.migrate import upgrade
from ledger.store.restored import Restored
from ledger.store.sqlite_copy import file_of, url_of
from ledger.store.sqlite_people import keeping


class Restoration(NamedTuple):
    """What was restored.

    kept: where that lies now which was there before, or None. ledgers: as they are now. remembered: how many earlier
    restorations of each the database had lost and a checkpoint told of.
    """

    backup: Path
    kept: Path | None
    ledgers: Sequence[Held]
    remembered: Mapping[str, int]

    def to_dict(self) -> dict[str, Any]:
        """Return what was restored as a JSON document."""
        ledgers = [
            {
                "ledger": each.ledger,
                "size": each.size,
                "root": each.written_root,
                "restoration": each.restorations[-1].number,
                "replaced_size": each.restorations[-1].replaced_size,
                "remembered": self.remembered[each.ledger],
            }
            for each in self.ledgers
        ]
        kept = None if self.kept is None else str(self.kept)
        return {"backup": str(self.backup), "kept": kept, "ledgers": ledgers}


def put_back(
    url: str,
    backup: Path,
    *,
    reason: str,
    actor: str | None = None,
    state: Path | None = None,
    now: clock.Clock = clock.now,
) -> Restoration:
    """Put a database back to what a backup holds, of either form.

    url: of the database; it need not be there, and an SQLite file may be damaged. reason: why, for the record. actor:
    who, by default as this machine claims. state: where issued checkpoints are remembered, or None for nowhere: the
    restorations they tell of are carried on where the database lost them.

    An SQLite database holds the backup's ledgers afterwards; one that the backup does not know is empty. In PostgreSQL
    other ledgers stay as they are.

    Raises `MalformedError` for what is no backup, `DamagedError` for one that does not hold or what is remembered does
    not, and `DatabaseError`: `append-only` where PostgreSQL's ledgers would have to shrink, `database-busy`, and those
    of `open_engine`.
    """
    check_name("reason", reason)
    actor = claimed_actor() if actor is None else actor
    check_name("actor", actor)
    occasion = Occasion(clock.instant(now()), actor, reason, partial(_told, state), {})
    is_damaged = _look_at(url)
    target = file_of(url)
    if target is None:
        with TemporaryDirectory(prefix="rights-") as scratch, opened(backup, Path(scratch)) as contents:
            _check_told(contents, occasion)
            return Restoration(backup, None, _grown(url, contents, occasion), occasion.remembered)
    if backup.resolve() == target:
        raise MalformedError("malformed", f"{backup} is the database itself")
    with _failures_of(target), folder_beside(target) as folder, opened(backup, folder) as contents:
        _check_told(contents, occasion)
        built = folder / "built"
        _build(built, contents)
        done = replace(target, built, contents.ledgers, occasion, is_damaged=is_damaged)
        return Restoration(backup, *done, occasion.remembered)


def _look_at(url: str) -> bool:
    """Whether an SQLite file is there that is no database any more. Raises `DatabaseError` for what was no ledger's."""
    try:
        open_engine(url, create=True).dispose()
    except DamagedError:
        return True
    return False


def _grown(url: str, contents: Contents, occasion: Occasion) -> Sequence[Held]:
    """Add to PostgreSQL what is not there yet, all in one transaction."""
    upgrade(url)
    with changing_everything(url) as everything:
        earlier = {each.ledger: everything.restorations(each.ledger) for each in contents.ledgers}
        found = fill(everything, contents)
        fill_directories(everything.directory, contents)
        ledgers = []
        for held in contents.ledgers:
            there = earlier[held.ledger]
            noted = occasion.noted(held, found[held.ledger], there, only_grows=True)
            for restored in noted.restorations[len(there) :]:
                everything.note(held.ledger, restored)
            ledgers.append(noted)
        return ledgers


def _build(built: Path, contents: Contents) -> None:
    """Make a new database with the ledgers of a backup, and check it; their restorations are still to be noted."""
    url = url_of(built)
    upgrade(url)
    with changing_everything(url) as everything:
        fill(everything, contents)
    with keeping(built, WAIT_SECONDS) as keeper:
        fill_directories(keeper.directory, contents)
    with contents_of(url) as again:
        check(again)


def _check_told(contents: Contents, occasion: Occasion) -> None:
    """See that what is remembered can be read, before anything is changed."""
    for held in contents.ledgers:
        occasion.told(held.ledger)


def _told(state: Path | None, ledger: str) -> list[Restored]:
    """The restorations that the last checkpoint of a ledger told of."""
    try:
        return [] if state is None else told_of(state, ledger)
    except DamagedError as error:
        error.message += "; or name a --state without it"
        raise


@contextmanager
def _failures_of(target: Path) -> Iterator[None]:
    """Say of which database it is that something beside it cannot be written."""
    try:
        yield
    except OSError as error:
        raise DatabaseError("database", f"{target} cannot be replaced: {error.strerror}") from None
