"""The portable form of a backup: JSON Lines that any database kind is filled from, and any program can read.

The first line names the ledgers, with size, root and restorations; then come the stored bytes of each, as they are, in
that order; the last line has the number of entries and the SHA-256 of all lines before it, so that a file that was cut
or changed is never taken for a whole one. The directory of people is not in it.
"""

from base64 import b64encode
from collections.abc import Iterable, Iterator
from contextlib import closing
from hashlib import sha256
from itertools import chain, islice
from pathlib import Path
from typing import Any, BinaryIO, Final, NoReturn

import msgspec

from ledger.backup.contents import Contents, Each, Held
from ledger.domain.errors import EvidenceError, MalformedError
from ledger.domain.wellformed import check_name
from ledger.proof.tree import HASH_BYTES
from ledger.store.codec import canonical, row_from
from ledger.store.people import Filed
from ledger.store.restored import Restored

FORMAT: Final = 1
MARK: Final = b'{"backup":"rights-ledger",'
"""What the first line begins with."""

_MOST_HEADER_BYTES: Final = 64_000_000
_MOST_LINE_BYTES: Final = 4_000_000
_NAME: Final = "rights-ledger"


class _Restored(msgspec.Struct, forbid_unknown_fields=True):
    number: int
    restored_at: str
    actor: str
    reason: str
    size: int
    root: bytes
    replaced_size: int | None
    replaced_root: bytes | None


class _Held(msgspec.Struct, forbid_unknown_fields=True):
    ledger: str
    created_at: str
    size: int
    root: bytes
    restorations: list[_Restored]


class _Header(msgspec.Struct, forbid_unknown_fields=True):
    backup: str
    format: int
    revision: str
    made_at: str
    ledgers: list[_Held]


class _Form(msgspec.Struct):
    format: int


_header_from: Final = msgspec.json.Decoder(_Header).decode
_form_from: Final = msgspec.json.Decoder(_Form).decode


def write(contents: Contents, file: Path, *, revision: str, made_at: str) -> None:
    """Write all that a database holds into a new file.

    revision: of the database's tables. made_at: a UTC instant.
    """
    with file.open("xb") as stream:
        header = _header(contents.ledgers, revision=revision, made_at=made_at)
        stream.write(header)
        digest = sha256(header)
        entries = 0
        with closing(contents.each()) as each:
            for row in chain.from_iterable(rows for _, rows in each):
                line = row.bytes + b"\n"
                stream.write(line)
                digest.update(line)
                entries += 1
        stream.write(_end(entries, digest.hexdigest()))


def _header(ledgers: Iterable[Held], *, revision: str, made_at: str) -> bytes:
    said = {"backup": _NAME, "format": FORMAT, "revision": revision, "made_at": made_at}
    return canonical({**said, "ledgers": [_written(held) for held in ledgers]}) + b"\n"


def _end(entries: int, digest: str) -> bytes:
    return canonical({"end": _NAME, "entries": entries, "sha256": digest}) + b"\n"


def _written(held: Held) -> dict[str, Any]:
    restorations = [
        {name: _written_value(value) for name, value in each._asdict().items()} for each in held.restorations
    ]
    return held._asdict() | {"root": held.written_root, "restorations": restorations}


def _written_value(value: object) -> object:
    return b64encode(value).decode() if isinstance(value, bytes) else value


class Portable:
    """What a portable backup holds, read from its file.

    file: as errors name it. Raises `MalformedError` for a newer form, `DamagedError` for a file that does not hold.
    """

    def __init__(self, file: Path) -> None:
        self._file = file
        with file.open("rb") as stream:
            self.ledgers = self._read_header(stream)[1]

    def each(self) -> Each:
        """Give every ledger with its entries, and see at the end that this was the whole file and nothing else."""
        with self._file.open("rb") as stream:
            line, ledgers = self._read_header(stream)
            lines = _Lines(line, stream)
            for held in ledgers:
                yield held, map(row_from, islice(lines, held.size))
            end = stream.readline(_MOST_LINE_BYTES)
            if end != _end(lines.count, lines.digest.hexdigest()) or stream.read(1):
                self._damaged("it was cut or changed: its last line is not the one that belongs to the others")

    def filed(self, ledger: str) -> Filed:
        """Nobody: names and addresses do not travel with the entries."""
        del ledger
        return Filed()

    def _read_header(self, stream: BinaryIO) -> tuple[bytes, list[Held]]:
        line = stream.readline(_MOST_HEADER_BYTES)
        try:
            said = _form_from(line)
            if said.format > FORMAT:
                raise MalformedError(
                    "malformed", f"{self._file} has the form {said.format}: a newer rights-ledger wrote it"
                )
            header = _header_from(line)
            ledgers = [_held(each) for each in header.ledgers]
            if line != _header(ledgers, revision=header.revision, made_at=header.made_at):
                self._damaged("its first line was changed")
        except (msgspec.MsgspecError, ValueError, RecursionError) as error:
            self._damaged(f"its first line does not say what it holds: {error}")
        return line, ledgers

    def _damaged(self, why: str) -> NoReturn:
        raise EvidenceError("damaged", f"{self._file} is no whole backup: {why}")


class _Lines(Iterator[bytes]):
    """Lines of a file after the first, without their line feeds, counted; and hashed as they are, with the first."""

    def __init__(self, first: bytes, stream: BinaryIO) -> None:
        self._stream = stream
        self.digest = sha256(first)
        self.count = 0

    def __next__(self) -> bytes:
        line = self._stream.readline(_MOST_LINE_BYTES)
        if not line:
            raise StopIteration
        self.digest.update(line)
        self.count += 1
        return line.removesuffix(b"\n")


def _held(said: _Held) -> Held:
    """Raises `ValueError` for what no ledger is."""
    check_name("ledger", said.ledger)
    restorations = [Restored(*msgspec.structs.astuple(each)) for each in said.restorations]
    for number, each in enumerate(restorations, start=1):
        check_name("actor", each.actor)
        check_name("reason", each.reason)
        if each.number != number:
            raise ValueError(f"the restorations of ledger {said.ledger} are not numbered from 1 on")
    roots = [
        said.root,
        *(root for each in restorations for root in (each.root, each.replaced_root) if root is not None),
    ]
    if said.size < 0 or any(len(root) != HASH_BYTES for root in roots):
        raise ValueError(f"the size or a root of ledger {said.ledger} is none")
    return Held(said.ledger, said.created_at, said.size, said.root, tuple(restorations))
