"""Zip archives of strangers, unpacked in memory and within bounds: what an archive says of itself is not believed."""

import stat
import struct
import zlib
from pathlib import Path, PurePosixPath, PureWindowsPath
from typing import IO, Final, NoReturn
from zipfile import ZIP_DEFLATED, ZIP_STORED, BadZipFile, ZipFile, ZipInfo

from ledger.domain.characters import is_seen, shown
from ledger.domain.strict_json import malformed

MOST_PACKED: Final = 100_000_000
MOST_UNPACKED: Final = 400_000_000
"""Bytes, of all files together."""
MOST_MEMBERS: Final = 2_000
LONGEST_NAME: Final = 500
MOST_AT_ONCE: Final = 1 << 20
ENCRYPTED: Final = 0x1
BESIDES: Final = ("__MACOSX", ".DS_Store")
"""What some systems put beside the files that were packed."""


def unpacked(
    archive: Path | IO[bytes], *, most_unpacked: int = MOST_UNPACKED, most_members: int = MOST_MEMBERS
) -> dict[str, bytes]:
    """The files of an archive by their names in it; folders are left out.

    most_unpacked: bytes of all files together, counted while they are unpacked. most_members: files and folders.

    Raises `MalformedError` for what is no archive, is damaged, encrypted or larger, and for names that are absolute,
    lead outside, stand there twice, or are symbolic links.
    """
    if isinstance(archive, Path) and archive.stat().st_size > MOST_PACKED:
        malformed(f"the archive has more than {MOST_PACKED:,} bytes")
    try:
        with ZipFile(archive) as opened:
            return _files(opened, most_unpacked, most_members)
    except BadZipFile as error:
        malformed(f"it is no zip archive, or a damaged one: {error}")
    except (EOFError, OSError, struct.error, zlib.error, NotImplementedError, RuntimeError, ValueError) as error:
        malformed(f"the zip archive cannot be unpacked: {error}")


def _files(archive: ZipFile, most_unpacked: int, most_members: int) -> dict[str, bytes]:
    members = archive.infolist()
    if len(members) > most_members:
        malformed(f"the archive holds {len(members):,} files; at most {most_members:,} are read")
    found: dict[str, bytes] = {}
    left = most_unpacked
    for member in members:
        _check(member)
        if member.is_dir() or _is_beside(member.filename):
            continue
        name = str(PurePosixPath(member.filename))
        if name in found:
            _bad_name(name, "stands in the archive twice")
        found[name] = _content(archive, member, left, most_unpacked)
        left -= len(found[name])
    return found


def _is_beside(name: str) -> bool:
    """Whether a file holds only what a system keeps of another, such as `._Manifest.ocf.json`."""
    parts = PurePosixPath(name).parts
    return any(part in BESIDES for part in parts) or (bool(parts) and parts[-1].startswith("._"))


def _check(member: ZipInfo) -> None:
    """Refuse a member that is no plain file or folder inside the archive."""
    name = member.orig_filename
    if len(name) > LONGEST_NAME:
        _bad_name(name, f"has {len(name):,} characters; at most {LONGEST_NAME} are allowed")
    if not name or not all(map(is_seen, name)):
        _bad_name(name, "holds characters that nobody sees")
    windows = PureWindowsPath(name)
    if name.startswith(("/", "\\")) or windows.drive or "\\" in name:
        _bad_name(name, "is not a plain path inside the archive")
    if ".." in windows.parts:
        _bad_name(name, "leads outside the archive")
    kind = stat.S_IFMT(member.external_attr >> 16)
    if kind not in {0, stat.S_IFREG, stat.S_IFDIR}:
        _bad_name(name, "is a symbolic link or no plain file")
    if member.flag_bits & ENCRYPTED:
        _bad_name(name, "is encrypted: pack it without a password")
    if member.compress_type not in {ZIP_STORED, ZIP_DEFLATED}:
        _bad_name(name, "is packed in an uncommon way: use deflate, as zip programs do by default")


def _content(archive: ZipFile, member: ZipInfo, left: int, most: int) -> bytes:
    parts = list[bytes]()
    with archive.open(member) as packed:
        while part := packed.read(MOST_AT_ONCE):
            left -= len(part)
            if left < 0:
                malformed(f"the archive unpacks to more than {most:,} bytes")
            parts.append(part)
    return b"".join(parts)


def _bad_name(name: str, why: str) -> NoReturn:
    malformed(f"the file {shown(name)} in the archive {why}")
