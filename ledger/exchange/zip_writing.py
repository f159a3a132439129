"""A package as one file: the same files give the same bytes."""

import json
from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import Any, Final
from zipfile import ZIP_DEFLATED, ZipFile, ZipInfo

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
    return (json.dumps(value, ensure_ascii=False, indent=1) + "\n").encode()


def item_file(file_type: str, items: Iterable[Mapping[str, Any]]) -> bytes:
    """A file of objects, each on a line of its own."""
    lines = ",\n".join(json.dumps(each, ensure_ascii=False) for each in items)
    return f'{{"file_type": {json.dumps(file_type)}, "items": [\n{lines}\n]}}\n'.encode()
