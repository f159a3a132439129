"""Putting a database back to what a backup holds, in a way that records itself.

The backup is checked. A database is made anew from its entries, through the guards, beside the one that is there; that
one is kept, and the new one takes its place. What was replaced by what is noted in `restorations`: by that, whoever
remembers a larger ledger can tell a restoration from a forgery.

PostgreSQL's ledgers only grow: there a backup goes where its ledgers are not, or hold the beginning of what it holds.
"""

from collections.abc import Iterator, Sequence
from contextlib import closing, contextmanager
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any, NamedTuple

from ledger import clock
from ledger.actor import claimed_actor
from ledger.backup.contents import Contents, Held, check, contents_of
from ledger.backup.filling import Occasion, fill
from ledger.backup.opening import opened
from ledger.backup.replacing import replace
from ledger.backup.whole_file import folder_beside
from ledger.domain.errors import DatabaseError, MalformedError
from ledger.domain.wellformed import check_name
from ledger.store import open_log
from ledger.store.engines import open_engine
from ledger.store.everything import changing_everything
from ledger.store.migrate import upgrade
from ledger.store.sqlite_copy import file_of, url_of
from ledger.store.sqlite_replace import was_a_ledger


class Restoration(NamedTuple):
    """What was restored. kept: where that lies now which was there before, or None. ledgers: as they are now."""

    backup: Path
    kept: Path | None
    ledgers: Sequence[Held]

    def to_dict(self) -> dict[str, Any]:
        """Return what was restored as a JSON document."""
        ledgers = [
            {
                "ledger": each.ledger,
                "size": each.size,
                "root": each.written_root,
                "restoration": each.restorations[-1].number,
                "replaced_size": each.restorations[-1].replaced_size,
            }
            for each in self.ledgers
        ]
        kept = None if self.kept is None else str(self.kept)
        return {"backup": str(self.backup), "kept": kept, "ledgers": ledgers}


def put_back(
    url: str, backup: Path, *, reason: str, actor: str | None = None, now: clock.Clock = clock.now
) -> Restoration:
    """Put a database back to what a backup holds, of either form.

    url: of the database; it need not be there, and an SQLite file may be damaged. reason: why, for the record. actor:
    who, by default as this machine claims.

    An SQLite database holds the backup's ledgers afterwards; one that the backup does not know is empty. In PostgreSQL
    other ledgers stay as they are.

    Raises `MalformedError` for what is no backup, `DamagedError` for one that does not hold, and `DatabaseError`:
    `append-only` where PostgreSQL's ledgers would have to shrink, `database-busy`, and those of `open_engine`.
    """
    check_name("reason", reason)
    actor = claimed_actor() if actor is None else actor
    check_name("actor", actor)
    occasion = Occasion(clock.instant(now()), actor, reason)
    is_damaged = _look_at(url)
    target = file_of(url)
    if target is None:
        with TemporaryDirectory(prefix="rights-") as scratch, opened(backup, Path(scratch)) as contents:
            return Restoration(backup, None, _grown(url, contents, occasion))
    if backup.resolve() == target:
        raise MalformedError("malformed", f"{backup} is the database itself")
    with _failures_of(target), folder_beside(target) as folder, opened(backup, folder) as contents:
        built = folder / "built"
        _build(built, contents)
        done = replace(target, built, contents.ledgers, occasion, is_damaged=is_damaged)
        return Restoration(backup, *done)


def _look_at(url: str) -> bool:
    """Whether an SQLite file is there that is no database any more. Raises `DatabaseError` for what was no ledger's."""
    try:
        open_engine(url, create=True).dispose()
    except DatabaseError as failure:
        target = file_of(url) if failure.code == "database" else None
        if target is None or not target.is_file() or not was_a_ledger(target):
            raise
        return True
    return False


def _grown(url: str, contents: Contents, occasion: Occasion) -> Sequence[Held]:
    """Add to PostgreSQL what is not there yet, all in one transaction."""
    upgrade(url)
    with closing(open_log(url)) as log, changing_everything(log) as everything:
        earlier = {each.ledger: everything.restorations(each.ledger) for each in contents.ledgers}
        found = fill(everything, contents)
        ledgers = []
        for held in contents.ledgers:
            there = earlier[held.ledger]
            noted = occasion.noted(held, found[held.ledger], there, held.restorations)
            for restored in noted[len(there) :]:
                everything.note(held.ledger, restored)
            ledgers.append(held._replace(restorations=tuple(noted)))
        return ledgers


def _build(built: Path, contents: Contents) -> None:
    """Make a new database with the ledgers of a backup, and check it; their restorations are still to be noted."""
    url = url_of(built)
    upgrade(url)
    with closing(open_log(url)) as log:
        with changing_everything(log) as everything:
            fill(everything, contents)
        with contents_of(log) as again:
            check(again)


@contextmanager
def _failures_of(target: Path) -> Iterator[None]:
    """Say of which database it is that something beside it cannot be written."""
    try:
        yield
    except OSError as error:
        raise DatabaseError("database", f"{target} cannot be replaced: {error.strerror}") from None
