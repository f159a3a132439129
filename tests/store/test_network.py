"""A file on a network file system is refused with the reason; a local one is not."""

import subprocess
import sys
from pathlib import Path
from statistics import median
from time import perf_counter

import pytest

from ledger.domain.errors import DatabaseError
from ledger.store import open_log
from ledger.store.migrate import upgrade
from ledger.store.network import MOUNTS, TYPES, mount_of, refuse_network
from tests.store.remote_mount import CANNOT

pytestmark = pytest.mark.usefixtures("opened_both_ways")

REPOSITORY = Path(__file__).parents[2]

MOUNTED = r"""
22 27 0:21 / /proc rw,relatime - proc proc rw
27 1 254:0 / / rw,relatime shared:1 - ext4 /dev/vda rw,discard
28 27 0:25 / /tmp rw,nosuid,nodev shared:8 master:3 - tmpfs tmpfs rw,size=4k
40 27 0:40 /export/people /people rw,relatime shared:100 - nfs4 server:/export/people rw,vers=4.2,sec=krb5
41 40 8:17 / /people/hr/local rw,relatime - ext4 /dev/sdb1 rw
42 27 0:42 / /mnt/my\040share\134x rw,relatime - cifs //server/share rw,vers=3.1.1
43 27 0:43 / /mnt/far rw,nosuid,nodev,relatime - fuse.sshfs keeper@server:/ rw,user_id=1000
44 27 0:44 / /mnt/web rw,nosuid - fuse https://dav.example/ rw,user_id=0
45 27 0:45 / /mnt/own rw,nosuid - fuse.gocryptfs /people/x rw,user_id=0
46 27 0:46 / /mnt/twice rw - nfs server:/twice rw
47 27 254:3 / /mnt/twice rw - xfs /dev/vdc rw
48 27 254:4 / /mnt/over rw - xfs /dev/vdd rw
49 27 0:49 / /mnt/over rw - lustre mgs@tcp:/over rw
50 27 0:50 / /mnt/wsl rw,relatime - 9p drvfs rw,dirsync
51 27 0:51 / /日本 rw - ceph 1.2.3.4:6789:/ rw
"""


@pytest.mark.parametrize(("folder", "type_", "point", "is_remote"), [
    ("/", "ext4", "/", False),
    ("/var/lib/rights", "ext4", "/", False),
    ("/tmp", "tmpfs", "/tmp", False),
    ("/people", "nfs4", "/people", True),
    ("/people/hr/rights", "nfs4", "/people", True),
    ("/peoples", "ext4", "/", False),
    ("/people/hr/local", "ext4", "/people/hr/local", False),
    ("/people/hr/localized", "nfs4", "/people", True),
    ("/mnt/my share\\x/a", "cifs", "/mnt/my share\\x", True),
    ("/mnt/far", "fuse.sshfs", "/mnt/far", True),
    ("/mnt/web/rights", "fuse", "/mnt/web", True),
    ("/mnt/own", "fuse.gocryptfs", "/mnt/own", False),
    ("/mnt/twice", "xfs", "/mnt/twice", False),
    ("/mnt/over/a/b", "lustre", "/mnt/over", True),
    ("/mnt/wsl", "9p", "/mnt/wsl", False),
    ("/日本/権利", "ceph", "/日本", True),
])  # fmt: skip
def test_what_a_folder_is_on(folder: str, type_: str, point: str, is_remote: bool) -> None:  # noqa: FBT001
    assert mount_of(folder, MOUNTED) == (point, type_, is_remote)


@pytest.mark.parametrize("text", ["", "\n", "nonsense", "1 2 3 - x", "1 2 3 4 /\n - nfs s rw"])
def test_what_tells_nothing_refuses_nothing(tmp_path: Path, text: str) -> None:
    mounts = tmp_path / "mounts"
    mounts.write_text(text)
    refuse_network(tmp_path / "rights.db", "rights.db", mounts=mounts)
    refuse_network(tmp_path / "rights.db", "rights.db", mounts=tmp_path / "not there")


def line(point: Path, type_: str) -> str:
    escaped = "".join(rf"\{ord(each):03o}" if each in " \t\n\\" else each for each in str(point))
    return f"27 1 254:0 / / rw - ext4 /dev/vda rw\n99 27 0:99 / {escaped} rw,relatime shared:7 - {type_} there rw\n"


@pytest.mark.parametrize("type_", sorted(TYPES))
def test_each_type_is_refused_with_the_reason(tmp_path: Path, type_: str) -> None:
    mounts = tmp_path / "mounts"
    mounts.write_text(line(tmp_path / "far away", type_))
    file = tmp_path / "far away" / "rights.db"
    with pytest.raises(DatabaseError) as refusal:
        refuse_network(file, "rights.db", mounts=mounts)
    assert (refusal.value.code, refusal.value.exit_code) == ("network-file-system", 4)
    assert refusal.value.message == (
        f"rights.db is on {type_}, a network file system mounted at {tmp_path}/far away: SQLite's write-ahead log"
        " needs memory that all processes share, and two machines share none; keep the file on a local disk,"
        " or the ledger in PostgreSQL"
    )
    refuse_network(tmp_path / "rights.db", "rights.db", mounts=mounts)


def test_a_link_is_followed_to_where_the_file_is(tmp_path: Path) -> None:
    mounts = tmp_path / "mounts"
    (tmp_path / "far").mkdir()
    (tmp_path / "near").mkdir()
    mounts.write_text(line(tmp_path / "far", "nfs"))
    (tmp_path / "near" / "rights.db").symlink_to(tmp_path / "far" / "rights.db")
    (tmp_path / "far" / "home.db").symlink_to(tmp_path / "near" / "home.db")
    (tmp_path / "also").symlink_to(tmp_path / "far")
    for name in ("near/rights.db", "also/rights.db", "near/../far/rights.db"):
        with pytest.raises(DatabaseError):
            refuse_network(tmp_path / name, name, mounts=mounts)
    refuse_network(tmp_path / "far" / "home.db", "home.db", mounts=mounts)


def test_a_local_file_is_opened(tmp_path: Path) -> None:
    url = f"sqlite:///{tmp_path / 'rights.db'}"
    upgrade(url)
    open_log(url).close()


@pytest.mark.skipif(sys.platform != "linux", reason="only Linux says what is mounted where")
@pytest.mark.parametrize(("type_", "words"), [
    ("fuse.sshfs", "network-file-system"), ("fuse.local", "unable to open database file"),
])  # fmt: skip
def test_a_mounted_folder(tmp_path: Path, type_: str, words: str) -> None:
    """The kernel's own word for it, from a file system that is mounted for this test alone."""
    program = [sys.executable, "-m", "ledger", "init", "--db", f"sqlite:///{tmp_path / 'rights.db'}"]
    done = subprocess.run(
        [sys.executable, "-m", "tests.store.remote_mount", tmp_path, type_, *program],
        cwd=REPOSITORY, check=False, capture_output=True, text=True, timeout=60,
    )  # fmt: skip
    if done.returncode == CANNOT:
        pytest.skip("nobody may mount here")
    assert (done.returncode, done.stdout) == (4, "")
    assert words in done.stderr
    assert done.stderr.startswith("rights: ")
    assert done.stderr.count("\n") == 1


def test_what_it_costs(tmp_path: Path) -> None:
    """Printed, not asserted."""
    many = tmp_path / "mounts"
    many.write_text(MOUNTED * 20)
    for name, mounts in (("here", MOUNTS), ("among 300 mounts", many)):
        took = []
        for _ in range(50):
            began = perf_counter()
            refuse_network(tmp_path / "rights.db", "rights.db", mounts=mounts)
            took.append(perf_counter() - began)
        sys.stdout.write(f"a look at the mounts {name} takes {median(took) * 1_000_000:.0f} microseconds\n")
        assert took
