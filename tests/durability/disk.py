"""What a loss of power leaves of a folder: the model, pure functions of what a program did to its files.

A running program sees its own writes at once. A disk keeps for certain only what was synced: writes and truncations by
a sync of their file, names that were made and deleted by a sync of the folder. Of the rest it may keep anything: each
way below keeps something else.
"""

from collections.abc import Callable, Iterable, Mapping, Sequence
from random import Random
from typing import NamedTuple

SECTOR_BYTES = 512


class Made(NamedTuple):
    """A file that was not there before, empty."""

    file: int
    name: str


class Wrote(NamedTuple):
    """Bytes written from an offset on."""

    file: int
    offset: int
    content: bytes


class Truncated(NamedTuple):
    """A file made shorter, or longer with zeros."""

    file: int
    size: int


class Deleted(NamedTuple):
    """A file's name taken away. with_folder: the folder was synced after it."""

    file: int
    name: str
    with_folder: bool


class Synced(NamedTuple):
    """A file synced. with_folder: and then the folder it is in."""

    file: int
    with_folder: bool


class Forgot(NamedTuple):
    """A sync of a file that failed. The system may have given up what it should have written, and not try again."""

    file: int


class Acknowledged(NamedTuple):
    """Nothing done to the disk: the program said that so many entries, of all its life, are recorded."""

    entries: int


Unsynced = Made | Wrote | Truncated | Deleted
Operation = Unsynced | Synced | Forgot | Acknowledged

Way = Callable[[Sequence[Unsynced], Random], Iterable[Unsynced]]
"""What survives of the operations that were not synced, in their order."""


def nothing(_unsynced: Sequence[Unsynced], _chance: Random) -> Iterable[Unsynced]:
    """None of it reached the disk."""
    return ()


def everything(unsynced: Sequence[Unsynced], _chance: Random) -> Iterable[Unsynced]:
    """All of it, as after a kill of the program."""
    return unsynced


def the_first(unsynced: Sequence[Unsynced], chance: Random) -> Iterable[Unsynced]:
    """The first of them, in order; the one after is torn at any byte."""
    if not unsynced:
        return
    whole = chance.randrange(len(unsynced))
    yield from unsynced[:whole]
    torn = unsynced[whole]
    if isinstance(torn, Wrote):
        yield torn._replace(content=torn.content[: chance.randrange(len(torn.content) + 1)])


def the_last(unsynced: Sequence[Unsynced], chance: Random) -> Iterable[Unsynced]:
    """The last of them, without the ones before."""
    return unsynced[chance.randrange(len(unsynced) + 1) :]


def some_sectors(unsynced: Sequence[Unsynced], chance: Random) -> Iterable[Unsynced]:
    """Each sector by itself, and each other operation: some do, in no order."""
    share = chance.choice((0.1, 0.5, 0.9))
    for piece in pieces(unsynced):
        if chance.random() < share:
            yield piece


def some_junk(unsynced: Sequence[Unsynced], chance: Random) -> Iterable[Unsynced]:
    """Some sectors arrive, some do not, and some hold junk in place of what was written to them."""
    for piece in pieces(unsynced):
        match chance.randrange(3), piece:
            case 0, Wrote():
                yield piece._replace(content=chance.randbytes(len(piece.content)))
            case 1, _:
                yield piece
            case _:
                pass


WAYS: Sequence[Way] = (nothing, everything, the_first, the_last, some_sectors, some_junk)


def pieces(unsynced: Iterable[Unsynced]) -> Iterable[Unsynced]:
    """The same operations, each write cut where sectors of its file end."""
    for operation in unsynced:
        if not isinstance(operation, Wrote):
            yield operation
            continue
        begin, end = operation.offset, operation.offset + len(operation.content)
        while begin < end:
            until = min(end, (begin // SECTOR_BYTES + 1) * SECTOR_BYTES)
            content = operation.content[begin - operation.offset : until - operation.offset]
            yield Wrote(operation.file, begin, content)
            begin = until


def after_a_cut(
    found: Mapping[str, bytes], operations: Iterable[Operation], way: Way, chance: Random
) -> dict[str, bytes]:
    """Files that are there when the power is back: names and contents.

    found: the files when the program began, all of them safe, numbered from 0. operations: what the program did until
    the power was cut; each file that it makes has the next number, so that two files of one name are two.
    """
    disk = _Disk(found)
    for operation in operations:
        disk.take(operation)
    for kept in way(disk.unsynced, chance):
        disk.keep(kept)
    return {name: bytes(disk.contents[file]) for name, file in disk.names.items()}


class _Disk:
    """What is safe, contents by number of the file and numbers by name; and what is not, in order."""

    def __init__(self, found: Mapping[str, bytes]) -> None:
        self.contents = [bytearray(content) for content in found.values()]
        self.names = {name: file for file, name in enumerate(found)}
        self.unsynced: list[Unsynced] = []

    def take(self, operation: Operation) -> None:
        match operation:
            case Made() | Wrote() | Truncated():
                self.unsynced.append(operation)
            case Deleted():
                self.unsynced.append(operation)
                if operation.with_folder:
                    self._sync_names()
            case Synced():
                self._sync_content(operation.file)
                if operation.with_folder:
                    self._sync_names()
            case Forgot(file):
                self.unsynced = [each for each in self.unsynced if not _is_content_of(file, each)]
            case Acknowledged():
                pass

    def keep(self, operation: Unsynced) -> None:
        match operation:
            case Made(file, name):
                self._have(file)
                self.names[name] = file
            case Deleted(file, name):
                if self.names.get(name) == file:
                    del self.names[name]
            case Wrote(file, offset, written):
                content = self._have(file)
                content.extend(bytes(max(0, offset - len(content))))
                content[offset : offset + len(written)] = written
            case Truncated(file, size):
                content = self._have(file)
                content.extend(bytes(max(0, size - len(content))))
                del content[size:]

    def _have(self, file: int) -> bytearray:
        self.contents.extend(bytearray() for _ in range(file + 1 - len(self.contents)))
        return self.contents[file]

    def _sync_content(self, file: int) -> None:
        self._sync(lambda each: _is_content_of(file, each))

    def _sync_names(self) -> None:
        self._sync(lambda each: isinstance(each, Made | Deleted))

    def _sync(self, is_meant: Callable[[Unsynced], bool]) -> None:
        for operation in filter(is_meant, self.unsynced):
            self.keep(operation)
        self.unsynced = [each for each in self.unsynced if not is_meant(each)]


def _is_content_of(file: int, operation: Unsynced) -> bool:
    return isinstance(operation, Wrote | Truncated) and operation.file == file
