"""The sidecar: the ledger itself beside the files of a package, so that our own package comes back entry for entry.

JSON Lines. The first line says what follows: how many entries, then how many objects. An entry is a line of
`Book.export`, byte for byte. An object says of one of the package what its format cannot say. No manifest names the
file: programs that know only the format do not see it.
"""

from collections.abc import Mapping
from hashlib import sha256
from itertools import chain
from typing import Any, Final, NamedTuple, NoReturn

import msgspec

from ledger.domain.characters import shown
from ledger.domain.errors import EvidenceError
from ledger.domain.strict_json import malformed
from ledger.intake import sealed
from ledger.proof.tree import Range

NAME: Final = "rights-ledger.jsonl"
"""Of the file, beside the manifest of a package."""

FORMAT: Final = 1

BESIDE: Final = (
    f"take {NAME} out of the package to read it as one that another program wrote, or ask whoever made it for another"
)


class Sidecar(NamedTuple):
    """A ledger, and what the files of a package are of.

    ledger: its id. entries: as stored, by version. as_of: day of the package, as it is written. objects: each a JSON
    object with the `id` of one of the package, and what the format has no field for.
    """

    ledger: str
    entries: tuple[bytes, ...]
    as_of: str
    objects: tuple[Mapping[str, Any], ...] = ()


class _Head(msgspec.Struct, forbid_unknown_fields=True):
    """The first line. root: of the tree over the entries, hexadecimal. files: SHA-256 of every other file, by name."""

    format: int
    ledger: str
    as_of: str
    entries: int
    root: str
    objects: int
    files: dict[str, str]


def written(sidecar: Sidecar, files: Mapping[str, bytes]) -> bytes:
    """The file of a sidecar. files: every other file of the package, by its name in it."""
    head = {
        "format": FORMAT,
        "ledger": sidecar.ledger,
        "as_of": sidecar.as_of,
        "entries": len(sidecar.entries),
        "root": _root(sidecar.entries),
        "objects": len(sidecar.objects),
        "files": {name: _hash(files[name]) for name in sorted(files)},
    }
    return b"".join(line + b"\n" for line in chain([_line(head)], sidecar.entries, map(_line, sidecar.objects)))


def read(content: bytes) -> Sidecar:
    """Read the file of a sidecar back.

    Raises `MalformedError` for what is no sidecar, `EvidenceError` (`damaged`) where it does not hold what its first
    line says.
    """
    return _parts(content)[1]


def sealed_lines(files: Mapping[str, bytes]) -> tuple[bytes, ...]:
    """The entries in a package that has a sidecar, as they were stored, by version.

    files: of the package, by name, the sidecar and the manifest among them; others than were written with it may be
    there. Raises as `read` does, and `EvidenceError` where another file is not what it was when both were written:
    what was changed there would be lost without a word.
    """
    head, sidecar = _parts(files[NAME])
    for name, found in head.files.items():
        if name not in files:
            _broken(f"it was written with {shown(name)}, which is missing")
        if _hash(files[name]) != found:
            _broken(f"{shown(name)} was changed after both were written")
    return sidecar.entries


def _parts(content: bytes) -> tuple[_Head, Sidecar]:
    lines = content.split(b"\n")
    try:
        head = msgspec.json.decode(lines[0], type=_Head)
    except (msgspec.MsgspecError, ValueError, RecursionError) as error:
        malformed(f"{NAME} does not begin with the line of a sidecar: {error}")
    if head.format != FORMAT:
        malformed(f"{NAME} is of format {head.format}; this version of rights reads format {FORMAT}")
    if min(head.entries, head.objects) < 0 or lines.pop() or len(lines) != 1 + head.entries + head.objects:
        _broken(f"its first line says that {head.entries:,} entries and {head.objects:,} objects follow")
    entries = tuple(lines[1 : 1 + head.entries])
    if _root(entries) != head.root:
        _broken("its entries are not those of the root in its first line")
    if not entries or any((found := sealed(line)) is None or found.ledger != head.ledger for line in entries):
        _broken(f"what follows its first line are not entries as ledger {shown(head.ledger)} keeps them")
    objects = tuple(map(_object, lines[1 + head.entries :]))
    return head, Sidecar(head.ledger, entries, head.as_of, objects)


def _object(line: bytes) -> Mapping[str, Any]:
    try:
        return msgspec.json.decode(line, type=dict[str, Any])
    except (msgspec.MsgspecError, ValueError, RecursionError) as error:
        _broken(f"one of its objects is none: {error}")


def _broken(why: str) -> NoReturn:
    raise EvidenceError("damaged", f"{NAME} does not hold: {why}; {BESIDE}")


def _root(entries: tuple[bytes, ...]) -> str:
    return Range().extended(entries).root().hex()


def _hash(content: bytes) -> str:
    return sha256(content).hexdigest()


def _line(value: Mapping[str, Any]) -> bytes:
    return msgspec.json.encode(value, order="sorted")
