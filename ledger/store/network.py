"""Whether a file is on a network file system, where SQLite's write-ahead log does not hold.

Processes that use the log share its index as memory, mapped from the `-shm` file. Two machines share no memory: each
would write by an index of its own, and the file would be lost (https://sqlite.org/wal.html). Linux says in
`/proc/self/mountinfo` what is mounted where (proc(5)); without that file nothing is known, and nothing refused.
"""

import re
from pathlib import Path
from typing import Final, NamedTuple

from ledger.domain.errors import DatabaseError

MOUNTS: Final = Path("/proc/self/mountinfo")

_KERNEL: Final = (
    *("nfs", "nfs4", "cifs", "smb2", "smb3", "smbfs", "ncpfs", "afs", "coda", "ceph", "lustre", "glusterfs"),
    *("gpfs", "beegfs", "pvfs2", "gfs2", "ocfs2", "davfs", "davfs2", "s3fs"),
)
_FUSE: Final = (
    *("sshfs", "s3fs", "davfs", "davfs2", "glusterfs", "ceph", "ceph-fuse", "rclone", "gcsfuse", "goofys", "mfs"),
    *("curlftpfs", "smbnetfs", "juicefs", "seaweedfs", "blobfuse", "blobfuse2", "mount-s3", "mountpoint-s3", "hdfs"),
)
TYPES: Final = frozenset({*_KERNEL, *(f"fuse.{each}" for each in _FUSE)})
"""What several machines may have mounted at once, by the kernel's names."""

_REMOTE: Final = re.compile(rf" - (?:(?:{'|'.join(map(re.escape, sorted(TYPES)))}) |fuse https?://)")
"""A line of such a mount; davfs2 calls itself a fuse of a web address."""

_OCTAL: Final = re.compile(r"\\([0-7]{3})")


class Mount(NamedTuple):
    """Where a file system is mounted. type: the kernel's name of its kind. is_remote: whether other machines use it."""

    point: str
    type: str
    is_remote: bool


def refuse_network(file: Path, name: str, *, mounts: Path = MOUNTS) -> None:
    """Refuse an SQLite file whose folder is on a network file system.

    file: need not be there. name: as a person knows it. mounts: what is mounted where, in the form of proc(5).

    Raises `DatabaseError` (`network-file-system`).
    """
    try:
        mounted = mounts.read_text(encoding="utf-8", errors="surrogateescape")
    except OSError:
        return
    if _REMOTE.search(mounted) is None:  # as on most machines
        return
    mount = mount_of(str(file.resolve().parent), mounted)
    if mount is not None and mount.is_remote:
        raise DatabaseError(
            "network-file-system",
            f"{name} is on {mount.type}, a network file system mounted at {mount.point}: SQLite's write-ahead log"
            " needs memory that all processes share, and two machines share none; keep the file on a local disk,"
            " or the ledger in PostgreSQL",
        )


def mount_of(folder: str, mounted: str) -> Mount | None:
    r"""The file system that a folder is on: the longest mount point above it, and of several there the last.

    folder: absolute, without symbolic links. mounted: lines as in proc(5), with octal escapes.

    >>> mount_of("/mnt/my disk/a", r"32 1 0:6 / /mnt/my\040disk rw - nfs server:/x rw")
    Mount(point='/mnt/my disk', type='nfs', is_remote=True)
    """
    found: Mount | None = None
    for line in mounted.split("\n"):
        fields = line.split(" ", 5)
        if len(fields) < 6:
            continue
        point = fields[4]
        if "\\" in point:
            point = _OCTAL.sub(lambda octal: chr(int(octal[1], 8)), point)
        is_above = point in {"/", folder} or folder.startswith(f"{point}/")
        if is_above and (found is None or len(point) >= len(found.point)):
            system = line.partition(" - ")[2]
            found = Mount(point, system.split(" ")[0], _REMOTE.search(f" - {system}") is not None)
    return found
