"""A package as one file: the same files give the same bytes."""

from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import Any, Final
from zipfile import ZIP_DEFLATED, ZipFile, ZipInfo

import msgspec

FIRST_MOMENT: Final = (1980, 1, 1, 0, 0, 0)
"""The earliest that the form can say: when a package was made stands in its manifest, if anywhere."""

UNIX: Final = 3
READABLE: Final = 0o644 << 16


def write_zip(file: Path, files: Mapping[str, bytes]) -> None:
    """Write a new file that holds others, by name. Raises `OSError`, also where there is one of that name."""
    with ZipFile(file, "x") as package:
        for name in sorted(files):
            about = ZipInfo(name, FIRST_MOMENT)
            about.compress_type, about.create_system, about.external_attr = ZIP_DEFLATED, UNIX, READABLE
            package.writestr(about, files[name])


def document(value: Mapping[str, Any]) -> bytes:
    """A JSON document, on lines."""
    return msgspec.json.format(msgspec.json.encode(value), indent=1) + b"\n"


def item_file(file_type: str, items: Iterable[Mapping[str, Any]]) -> bytes:
    """A file of objects, each on a line of its own."""
    lines = b",\n".join(map(msgspec.json.encode, items))
    return b'{"file_type": %b, "items": [\n%b\n]}\n' % (msgspec.json.encode(file_type), lines)
