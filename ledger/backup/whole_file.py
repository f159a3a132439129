"""Files that are there whole or not at all: written in a folder of their own beside, synced, then given their name."""

import fcntl
import os
import re
import shutil
import stat
from collections.abc import Iterator, Sequence
from contextlib import contextmanager, suppress
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Final

from ledger.domain.errors import LedgerError, MalformedError

PRIVATE = 0o600
_PREFIX: Final = ".rights-"
_IN_USE: Final = "in-use"
"""A file in such a folder, locked by the process that uses it."""


@contextmanager
def folder_beside(file: Path) -> Iterator[Path]:
    """A folder on the same disk as a file, for nobody else, gone afterwards.

    A process that is killed leaves it; the next that makes one there removes it. Errors about what is in it speak of
    the file.
    """
    beside = file.absolute().parent
    _remove_left(beside)
    with TemporaryDirectory(prefix=_PREFIX, dir=beside, ignore_cleanup_errors=True) as folder, _used(Path(folder)):
        try:
            yield Path(folder)
        except LedgerError as error:
            error.message = re.sub(rf"{re.escape(folder)}/[\w-]*", lambda _: str(file), error.message)
            raise


@contextmanager
def _used(folder: Path) -> Iterator[None]:
    """Show others that a folder is in use as long as this process lives."""
    making = folder / f"{_IN_USE}-soon"
    with making.open("xb") as held:
        with suppress(OSError):  # where nothing can be locked, nobody removes it
            fcntl.flock(held, fcntl.LOCK_EX)
        making.rename(folder / _IN_USE)  # nobody finds it without its lock
        yield


def _remove_left(beside: Path) -> None:
    """Remove the folders of processes of this user that were killed; somebody's folder of such a name is let be."""
    for folder in beside.glob(f"{_PREFIX}*"):
        with suppress(OSError):
            opened = os.open(folder / _IN_USE, os.O_RDONLY | os.O_NOFOLLOW | os.O_NONBLOCK)
            try:
                is_own = stat.S_ISREG(os.fstat(opened).st_mode) and folder.lstat().st_uid == os.geteuid()
                fcntl.flock(opened, fcntl.LOCK_EX | fcntl.LOCK_NB)
                if is_own and not folder.is_symlink():
                    shutil.rmtree(folder, ignore_errors=True)
            finally:
                os.close(opened)


def refuse_taken(file: Path, *, replace: bool, way_out: str) -> None:
    """Refuse a name that is taken, or that is in no folder.

    replace: a file may be there. way_out: what to do otherwise, after a semicolon.

    Raises `MalformedError`.
    """
    if not file.absolute().parent.is_dir():
        raise MalformedError("malformed", f"{file} cannot be made: there is no folder {file.parent}")
    if file.exists() and not file.is_file():
        raise MalformedError("malformed", f"{file} is there already, and is no file")
    if not replace and (file.exists() or file.is_symlink()):
        raise MalformedError("malformed", f"{file} is there already; {way_out}")


def refuse_other(file: Path, beginnings: Sequence[bytes], what: str) -> None:
    """Refuse to replace a file that is not what it is to be replaced by: a database, a key, somebody's letter.

    beginnings: how such a file may begin; an empty one may be replaced, too. what: what it would have to be.

    Raises `MalformedError`.
    """
    if not file.is_file():
        return
    with file.open("rb") as stream:
        start = stream.read(max(map(len, beginnings)))
    if start and not start.startswith(tuple(beginnings)):
        raise MalformedError("malformed", f"{file} is no {what}, and is not replaced: name another file")


def publish(made: Path, file: Path, *, replace: bool) -> None:
    """Give a file that was written its name, once all of it is on the disk.

    made: on the same disk, and gone afterwards. replace: take the place of a file of that name.

    Raises `FileExistsError` where there is one all the same, `OSError`.
    """
    sync(made)
    if replace:
        made.replace(file)
    else:
        _rename_to_new(made, file)
    sync(file.absolute().parent)


def sync(path: Path) -> None:
    """See that a file, or the names in a folder, are on the disk."""
    opened = os.open(path, os.O_RDONLY)
    try:
        os.fsync(opened)
    finally:
        os.close(opened)


def _rename_to_new(made: Path, file: Path) -> None:
    try:
        file.hardlink_to(made)
    except FileExistsError:
        raise FileExistsError(None, "it is there already", str(file)) from None
    except OSError:  # a file system without links, where two may at worst give the same name at once
        if file.exists():
            raise FileExistsError(None, "it is there already", str(file)) from None
        made.rename(file)
    else:
        made.unlink()
