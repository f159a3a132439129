"""Making a backup: a copy of one moment, checked before it gets the name of a backup."""

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import Any, NamedTuple

from ledger import clock
from ledger.backup import portable as portable_form
from ledger.backup.contents import Contents, Held, check, contents_of
from ledger.backup.opening import Form, checked_copy
from ledger.backup.whole_file import PRIVATE, folder_beside, publish, refuse_other, refuse_taken
from ledger.domain.errors import DatabaseError, EvidenceError, MalformedError
from ledger.store.engines import open_engine
from ledger.store.guards import HEAD
from ledger.store.sqlite_copy import MAGIC, beside, copy, file_of, is_live, stamp


class Backup(NamedTuple):
    """A backup that was made and found good. ledgers: what it holds."""

    file: Path
    form: Form
    ledgers: Sequence[Held]

    def to_dict(self) -> dict[str, Any]:
        """Return what was made as a JSON document."""
        ledgers = [{"ledger": each.ledger, "size": each.size, "root": each.written_root} for each in self.ledgers]
        return {"file": str(self.file), "form": self.form, "verified": True, "ledgers": ledgers}


def back_up(
    url: str, file: Path, *, portable: bool = False, force: bool = False, now: clock.Clock = clock.now
) -> Backup:
    """Keep what a database holds at one moment in a file, while others go on recording.

    file: gets its name when all of it was written, read again and checked. portable: in the portable form, which a
    backup of PostgreSQL has always. force: a backup that has the name is replaced.

    Raises `DatabaseError`, `DamagedError` where what was copied does not hold, `MalformedError` for a name that is
    taken.
    """
    open_engine(url).dispose()  # looks at what is there before anything is copied
    source = file_of(url)
    _refuse_taken(file, source, force=force)
    with _failures_of(file), folder_beside(file) as folder:
        made = folder / "backup"
        if source is None:
            with contents_of(url) as contents:
                check(contents)
                ledgers = _write(contents, made, now)
        else:
            copied = folder / "copy"
            copy(source, copied, mode="rw")
            with checked_copy(copied, str(source)) as contents:
                ledgers = _write(contents, made, now) if portable else contents.ledgers
            if not portable:
                stamp(copied)
                copied.rename(made)
        made.chmod(PRIVATE)
        publish(made, file, replace=force)
    return Backup(file, "sqlite" if source is not None and not portable else "portable", ledgers)


def _write(contents: Contents, made: Path, now: clock.Clock) -> Sequence[Held]:
    """Write the portable form, and read it again."""
    portable_form.write(contents, made, revision=HEAD, made_at=clock.instant(now()))
    again = portable_form.Portable(made)
    check(again)
    if list(again.ledgers) != list(contents.ledgers):
        raise EvidenceError("damaged", f"{made} does not say what was written")
    return again.ledgers


def _refuse_taken(file: Path, source: Path | None, *, force: bool) -> None:
    refuse_taken(file, replace=force, way_out="--force replaces it, once the new backup is checked")
    if source is not None and file.resolve() in {source, *beside(source)}:
        raise MalformedError("malformed", f"{file} is the database itself, or belongs to it: name another file")
    refuse_other(file, (MAGIC, b'{"backup"'), "backup")
    if is_live(file):
        raise MalformedError("malformed", f"{file} is a database in use, and no backup: it is not replaced")


@contextmanager
def _failures_of(file: Path) -> Iterator[None]:
    """Say of which file it is that it cannot be written."""
    try:
        yield
    except FileExistsError:
        raise MalformedError("malformed", f"{file} is there now: somebody else made it meanwhile") from None
    except OSError as error:
        raise DatabaseError("database", f"the backup {file} cannot be written: {error.strerror}") from None
