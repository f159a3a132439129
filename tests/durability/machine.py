"""A machine whose disk is watched: an SQLite file system (VFS) in Python, which notes or refuses what SQLite does.

Files are real files in a folder, reached through SQLite's own file system for Unix, so that locks and the shared
memory of the write-ahead log are the real ones; syncs are noted and not done. The folder is what the running program
sees; `disk.after_a_cut` says what would be left of it.
"""

from collections.abc import Callable
from itertools import count
from pathlib import Path

import apsw

from tests.durability.disk import Acknowledged, Deleted, Forgot, Made, Operation, Synced, Truncated, Wrote

Refusal = Callable[[Operation], int | None]
"""SQLite's code for the failure of an operation that is about to be done, or None to let it be done."""

_NUMBERS = count(1)
_JOURNALS = apsw.SQLITE_OPEN_MAIN_JOURNAL | apsw.SQLITE_OPEN_SUPER_JOURNAL | apsw.SQLITE_OPEN_WAL


class Machine:
    """A folder on a watched disk.

    folder: with what it holds when the machine starts, all of it safe. found: these files.
    operations: what was done since. refuse: asked before each operation; None lets everything be done.
    """

    def __init__(self, folder: Path, refuse: Refusal | None = None) -> None:
        self.folder = folder
        self.found = {file.name: file.read_bytes() for file in sorted(folder.iterdir())}
        self.operations: list[Operation] = []
        self.refuse = refuse
        self.files = {name: number for number, name in enumerate(self.found)}
        self._file_numbers = count(len(self.found))
        self._system = _FileSystem(self)

    @property
    def file_system(self) -> str:
        """The name that SQLite knows this machine's file system by."""
        return self._system.name

    def acknowledge(self, entries: int) -> None:
        """Note that so many entries have been acknowledged."""
        self.operations.append(Acknowledged(entries))

    def do(self, operation: Operation, act: Callable[[], None]) -> None:
        """Do an operation and note it, or fail with SQLite's error."""
        self.ask(operation)
        act()
        self.operations.append(operation)

    def ask(self, operation: Operation) -> None:
        """Fail with SQLite's error where the operation is refused."""
        code = self.refuse(operation) if self.refuse is not None else None
        if code is not None:
            if isinstance(operation, Synced):
                self.operations.append(Forgot(operation.file))
            raise failure(code)

    def made(self, name: str) -> None:
        """Note a file that has come about; it has the next number."""
        self.files[name] = next(self._file_numbers)
        self.operations.append(Made(self.files[name], name))


def failure(code: int) -> Exception:
    """SQLite's error, with SQLite's words."""
    error = apsw.exception_for(code)
    error.args = (WORDS[code & 0xFF],)
    return error


WORDS = {
    apsw.SQLITE_IOERR: "disk I/O error",
    apsw.SQLITE_FULL: "database or disk is full",
    apsw.SQLITE_CANTOPEN: "unable to open database file",
}


class _FileSystem(apsw.VFS):
    def __init__(self, machine: Machine) -> None:
        self.name = f"watched-{next(_NUMBERS)}"
        self._machine = machine
        super().__init__(self.name, "")

    def xOpen(self, name: str | apsw.URIFilename | None, flags: list[int]) -> apsw.VFSFile:  # noqa: N802 - SQLite's
        path = Path(name.filename() if isinstance(name, apsw.URIFilename) else name or "")
        if path.parent != self._machine.folder:
            return apsw.VFSFile("", name, flags)  # a temporary file, which no power cut need spare
        is_new = not path.exists()
        if is_new:
            self._machine.ask(Made(-1, path.name))
        file = _File(self._machine, name, flags)
        if is_new:
            self._machine.made(path.name)
        file.number = self._machine.files[path.name]
        return file

    def xDelete(self, filename: str, syncdir: bool) -> None:  # noqa: FBT001, N802 - SQLite's
        name = Path(filename).name
        if name in self._machine.files:
            deleted = Deleted(self._machine.files[name], name, syncdir)
            self._machine.do(deleted, lambda: super(_FileSystem, self).xDelete(filename, syncdir))
            del self._machine.files[name]
        else:
            super().xDelete(filename, syncdir)


class _File(apsw.VFSFile):
    """number: by which the disk knows the file."""

    def __init__(self, machine: Machine, name: str | apsw.URIFilename | None, flags: list[int]) -> None:
        self.number = -1
        self._machine = machine
        # As SQLite does on Unix: the first sync of a journal that it may have made is followed by one of the folder.
        self._folder_waits = bool(flags[0] & apsw.SQLITE_OPEN_CREATE and flags[0] & _JOURNALS)
        super().__init__("", name, flags)

    def xWrite(self, data: bytes, offset: int) -> None:  # noqa: N802 - SQLite's
        wrote = Wrote(self.number, offset, bytes(data))
        self._machine.do(wrote, lambda: super(_File, self).xWrite(data, offset))

    def xTruncate(self, newsize: int) -> None:  # noqa: N802 - SQLite's
        self._machine.do(Truncated(self.number, newsize), lambda: super(_File, self).xTruncate(newsize))

    def xSync(self, _flags: int) -> None:  # noqa: N802 - SQLite's
        self._machine.do(Synced(self.number, self._folder_waits), lambda: None)
        self._folder_waits = False
