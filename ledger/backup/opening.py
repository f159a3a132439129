"""Opening a backup: which form it has, and whether it holds together. Nothing is read from one that does not."""

import stat
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Literal

from ledger.backup import portable
from ledger.backup.contents import Contents, check, contents_of
from ledger.domain.errors import DatabaseError, LedgerError, MalformedError
from ledger.store.first_look import refuse_foreign
from ledger.store.migrate import current_engine, upgrade
from ledger.store.sqlite_copy import MAGIC, check_pages, check_stamp, copy, url_of

Form = Literal["sqlite", "portable"]


def form_of(file: Path) -> Form:
    """The form of a backup, by its first bytes. Raises `MalformedError` for what is none."""
    try:
        if not stat.S_ISREG(file.stat().st_mode):
            raise _no_backup(file, "it is no file")
        with file.open("rb") as content:
            begin = content.read(max(len(MAGIC), len(portable.MARK)))
    except OSError as error:
        raise MalformedError("malformed", f"{file}: {error.strerror}") from None
    if begin.startswith(MAGIC):
        return "sqlite"
    if begin.startswith(portable.MARK):
        return "portable"
    if begin.startswith(b'{"actor":'):
        raise _no_backup(file, "it is an export of one ledger, which `rights record` takes over")
    raise _no_backup(file, "it begins like neither form of one" if begin else "it is empty")


def _no_backup(file: Path, why: str) -> MalformedError:
    return MalformedError("malformed", f"{file} is no backup: {why}")


@contextmanager
def opened(file: Path, folder: Path) -> Iterator[Contents]:
    """What a backup holds, once all of it is checked.

    folder: where a copy may be made; an SQLite file is not opened itself, which might change it.

    Raises `MalformedError` for what is no backup, `DatabaseError` (`foreign-database`, `wrong-revision` for one that is
    newer) and `DamagedError`.
    """
    if form_of(file) == "portable":
        found = portable.Portable(file)
        check(found)
        yield found
        return
    refuse_foreign(file, str(file))
    check_stamp(file)
    copied = folder / "copy"
    copy(file, copied)
    with checked_copy(copied, str(file)) as contents:
        yield contents


@contextmanager
def checked_copy(copied: Path, name: str) -> Iterator[Contents]:
    """What the copy of an SQLite database holds, once its pages, guards, entries and heads are checked.

    copied: stays as it is; one of an older revision is brought up beside it. name: what it is a copy of.

    Raises `DatabaseError` (`wrong-revision`), `DamagedError`.
    """
    with _spoken_of(copied, name):
        check_pages(copied)
        with contents_of(url_of(_of_today(copied))) as contents:
            check(contents)
            yield contents


def _of_today(copied: Path) -> Path:
    """A copy of this program's revision: this one, or another, which is brought up."""
    try:
        current_engine(url_of(copied)).dispose()
    except DatabaseError as failure:
        if failure.code != "wrong-revision":
            raise
    else:
        return copied
    newer = copied.with_name(f"{copied.name}-of-today")
    copy(copied, newer)
    with _spoken_of(newer, str(copied)):
        upgrade(url_of(newer))
    return newer


@contextmanager
def _spoken_of(file: Path, name: str) -> Iterator[None]:
    """Let errors name what the user knows."""
    try:
        yield
    except LedgerError as error:
        error.message = error.message.replace(str(file), name)
        raise
