"""A package in Open Cap Format or its Japanese variant: a folder, a zip archive or one file, opened within bounds."""

import os
import re
from collections.abc import Iterator, Mapping
from hashlib import md5
from pathlib import Path
from posixpath import dirname, join, normpath
from typing import Any, Final, NamedTuple

from ledger.domain.characters import listed, seen
from ledger.domain.errors import MalformedError
from ledger.domain.strict_json import malformed
from ledger.exchange.packages import sidecar
from ledger.exchange.packages.exact_json import BYTE_ORDER_MARK, read_json
from ledger.exchange.packages.found import Found, quoted
from ledger.exchange.packages.own_names import named_in
from ledger.exchange.plan import Place, Remark
from ledger.exchange.zips import MOST_MEMBERS, MOST_UNPACKED, unpacked
from ledger.people import Particulars

MANIFEST: Final = re.compile(r"J?OCF_MANIFEST_FILE")
READ_VERSIONS: Final = re.compile(r"v?1\.[0-2](\..*)?")
PACKED: Final = (b"PK\x03\x04", b"PK\x05\x06")
OF_A_WORKBOOK: Final = "[Content_Types].xml"
NEEDED: Final = "transactions_files"


class Package(NamedTuple):
    """What a package holds.

    name: of its file or folder. sealed: the entries of a ledger as they were stored, where it holds one, and people
    those who are named beside it; the rest is empty then. issuer: of the manifest. objects: of all other files.
    file_types: as the files name them. problems, remarks: about files and what is in them, not about what objects
    mean.
    """

    name: str
    sealed: tuple[bytes, ...] = ()
    issuer: Found | None = None
    objects: tuple[Found, ...] = ()
    file_types: frozenset[str] = frozenset()
    problems: tuple[Remark, ...] = ()
    remarks: tuple[Remark, ...] = ()
    people: tuple[tuple[str, Particulars], ...] = ()

    @property
    def is_japanese(self) -> bool:
        """Whether it is in the Japanese variant, by what its files say they are, or by their names."""
        if any(each.startswith(("OCF_", "JOCF_")) for each in self.file_types):
            return not any(each.startswith("OCF_") for each in self.file_types)
        names = [self.name, *(each.place.sheet or "" for each in self.objects)]
        return any(".jocf" in each.lower() for each in names)


def is_package(file: Path) -> bool:
    """Whether a file, or a folder, is looked at as a package: by what it begins with, and by its name for a zip."""
    if file.is_dir() or re.search(r"\.j?ocf\b", file.name.lower()):
        return True
    if not file.is_file():  # reading from a pipe would wait for ever
        return False
    try:
        with file.open("rb") as opened:
            start = opened.read(4096)
    except OSError:
        return False
    if start.startswith(PACKED):
        return file.suffix.lower() not in {".xlsx", ".xlsm"} and OF_A_WORKBOOK.encode() not in start
    return start.removeprefix(BYTE_ORDER_MARK).lstrip()[:1] in {b"{", b"["} and file.suffix.lower() == ".json"


def open_package(file: Path) -> Package:
    """Everything in a package, found by its manifest and by what its files say they are.

    Raises `MalformedError` for what cannot be opened, or holds nothing of either format, and `EvidenceError` where
    a sidecar in it does not hold.
    """
    try:
        files = _contents(file)
    except OSError as error:
        malformed(f"{quoted(file)} cannot be read: {error.strerror}")
    for name in files:
        if name.rpartition("/")[2] == sidecar.NAME:
            root = name.removesuffix(sidecar.NAME)
            own = {each.removeprefix(root): content for each, content in files.items() if each.startswith(root)}
            sealed = sidecar.sealed_lines(own)
            return Package(file.name, sealed=sealed, people=named_in(own))
    return _Opening(file.name, files).package()


def _contents(file: Path) -> dict[str, bytes]:
    if file.is_dir():
        return _of_folder(file)
    if not file.is_file():
        malformed(f"there is no file {quoted(file)}")
    with file.open("rb") as opened:
        start = opened.read(4)
    if start.startswith(PACKED):
        return unpacked(file)
    if start.removeprefix(BYTE_ORDER_MARK).lstrip()[:1] not in {b"{", b"["}:
        malformed(f"{quoted(file.name)} is neither a zip archive nor JSON: a package is a folder, a zip or a JSON file")
    if file.stat().st_size > MOST_UNPACKED:
        malformed(f"{quoted(file.name)} has more than {MOST_UNPACKED:,} bytes")
    return {file.name: file.read_bytes()}


def _of_folder(folder: Path) -> dict[str, bytes]:
    """The files under a folder by their paths in it. A symbolic link is never followed: it may lead anywhere."""
    found: dict[str, bytes] = {}
    left = MOST_UNPACKED
    for path in _paths(folder):
        name = path.relative_to(folder).as_posix()
        if path.is_symlink() or not path.is_file():
            malformed(f"{quoted(name)} in {quoted(folder.name)} is a symbolic link or no plain file")
        left -= path.stat().st_size
        if left < 0 or len(found) >= MOST_MEMBERS:
            malformed(
                f"{quoted(folder.name)} holds more than {MOST_MEMBERS:,} files or {MOST_UNPACKED:,} bytes: "
                "name the folder of the package itself"
            )
        found[name] = path.read_bytes()
    return found


def _paths(folder: Path) -> Iterator[Path]:
    for at, folders, names in os.walk(folder):
        folders[:] = sorted(each for each in folders if not each.startswith((".", "__")))
        for name in sorted([*names, *(each for each in folders if (Path(at) / each).is_symlink())]):
            if not name.startswith("."):
                yield Path(at) / name


class _Opening:
    """Reads the files of a package."""

    def __init__(self, name: str, files: Mapping[str, bytes]) -> None:
        self._name = name
        self._files = files
        self._values = dict[str, Any]()
        self._objects = list[Found]()
        self._problems = list[Remark]()
        self._remarks = list[Remark]()

    def package(self) -> Package:
        others = [name for name in self._files if not name.lower().endswith(".json")]
        for name in self._files:
            if name not in others:
                self._read(name)
        if not self._values and not self._problems:
            malformed(f"{quoted(self._name)} holds no JSON file: a package in an open cap format has at least one")
        manifests = [name for name in self._values if MANIFEST.fullmatch(self._type_of(name))]
        manifests.sort(key=lambda name: (name.count("/"), name))
        named = self._named_by(manifests[0]) if manifests else {}
        if not manifests:
            self._remark(None, "the package has no manifest: its files are told by their `file_type`")
        for name in manifests[1:]:
            self._remark(name, f"a second manifest is not read: {quoted(manifests[0])} is nearer the top")
        for name in self._values:
            if name not in manifests:
                self._take(name, is_named=name in named or not manifests)
        if others:
            self._remark(None, f"files that are no JSON are not read: {listed([quoted(each) for each in others])}")
        self._refuse_nothing()
        return Package(
            self._name,
            (),
            self._issuer(manifests[0]) if manifests else None,
            tuple(self._objects),
            frozenset(map(self._type_of, self._values)),
            tuple(self._problems),
            tuple(self._remarks),
        )

    def _read(self, name: str) -> None:
        try:
            self._values[name] = read_json(self._files[name])
        except MalformedError as error:
            self._problems.append(Remark(Place(seen(name)), error.message))

    def _type_of(self, name: str) -> str:
        value = self._values[name]
        kind = value.get("file_type") if isinstance(value, dict) else None
        return kind if isinstance(kind, str) else ""

    def _named_by(self, manifest: str) -> dict[str, str]:
        """The files that the manifest names, with what it calls them; what it says of them is checked."""
        value = self._values[manifest]
        version = value.get("ocf_version")
        if isinstance(version, str) and not READ_VERSIONS.fullmatch(version):
            self._remark(
                manifest, f"it is written in version {quoted(version)}; it is read as version 1.2.0", "ocf_version"
            )
        found = dict[str, str]()
        for field, files in value.items():
            if field.endswith("_files") and isinstance(files, list):
                for each in files:
                    self._check_named(manifest, field, each, found)
        return found

    def _check_named(self, manifest: str, field: str, named: object, found: dict[str, str]) -> None:
        path = named.get("filepath") if isinstance(named, dict) else None
        if not isinstance(named, dict) or not isinstance(path, str):
            self._remark(manifest, "it names a file without a `filepath`", field)
            return
        wanted = normpath(join(dirname(manifest), path.replace("\\", "/")))
        name = next((each for each in self._files if each.lower() == wanted.lower()), None)
        if name is None:
            says = f"it names {quoted(path)}, which the package does not hold"
            if field == NEEDED:
                self._problems.append(Remark(Place(seen(manifest), None, field), says))
            else:
                self._remark(manifest, says, field)
            return
        found[name] = field
        said = named.get("md5")
        if isinstance(said, str) and said.lower() != md5(self._files[name], usedforsecurity=False).hexdigest():
            self._remark(
                manifest, f"{quoted(path)} is not what it was when the manifest was written: its MD5 differs", field
            )

    def _take(self, name: str, *, is_named: bool) -> None:
        value = self._values[name]
        items = value.get("items") if isinstance(value, dict) else value
        if not isinstance(items, list):
            if self._type_of(name):
                self._problems.append(Remark(Place(seen(name), None, "items"), "is no list of objects"))
            elif isinstance(value, dict) and isinstance(value.get("object_type"), str):
                self._objects.append(Found(Place(seen(name), 1), value))
            else:
                self._remark(name, "it says no `file_type` and holds no `items`: it is not read")
            return
        if not is_named:
            self._remark(name, "the manifest does not name it; it is read all the same")
        for row, item in enumerate(items, start=1):
            place = Place(seen(name), row)
            if isinstance(item, dict):
                self._objects.append(Found(place, item))
            else:
                self._problems.append(Remark(place, f"{quoted(item)} is no object"))

    def _issuer(self, manifest: str) -> Found | None:
        issuer = self._values[manifest].get("issuer")
        if isinstance(issuer, dict):
            return Found(Place(seen(manifest), None, "issuer"), {"object_type": "ISSUER", **issuer})
        self._remark(manifest, "it names no issuer", "issuer")
        return None

    def _refuse_nothing(self) -> None:
        """A folder of anything else is no package, whatever JSON lies in it."""
        is_one = any(re.match("J?OCF_", self._type_of(name)) for name in self._values)
        if not is_one and not self._problems and not any(each.kind for each in self._objects):
            malformed(
                f"{quoted(self._name)} is no package in an open cap format: no file in it has a `file_type` of one"
            )

    def _remark(self, name: str | None, says: str, field: str | None = None) -> None:
        self._remarks.append(Remark(Place(None if name is None else seen(name), None, field), says))
