"""A disk that is really full, or a limit that the kernel sets: nothing of what was refused is left."""

import json
import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from tests.durability.filling import REFUSALS, Seen

REPOSITORY = Path(__file__).parents[2]
MOUNT = 'mount -t tmpfs -o size=3m rights "$1" && shift && exec "$@"'


def seen_of(stdout: str) -> Seen:
    seen = json.loads(stdout)
    return Seen(**seen | {"there": tuple(seen["there"])})


def check(seen: Seen, words: str) -> None:
    assert seen.recorded > 20
    assert seen.there == (seen.recorded, seen.recorded)
    assert seen.in_the_end > seen.recorded
    assert len(seen.refusals) == REFUSALS
    for code, exit_code, message in seen.refusals:
        assert (code, exit_code) == ("database", 4)
        assert words in message


def test_a_limit_of_the_kernel(quick_folder: Path) -> None:
    done = subprocess.run(
        [sys.executable, "-m", "tests.durability.filling", quick_folder, "limit"],
        cwd=REPOSITORY,
        stdout=subprocess.PIPE,
        check=True,
        text=True,
    )
    check(seen_of(done.stdout), "disk I/O error")


def test_a_full_disk(tmp_path: Path) -> None:
    """In a mount namespace of its own, so that the disk is gone with the process; no right is needed where users may
    have namespaces."""
    if shutil.which("unshare") is None:
        pytest.skip("no small disk: there is no unshare here; the limit of the kernel was tried instead")
    unshare = ["unshare", "--mount"] if os.geteuid() == 0 else ["unshare", "--map-root-user", "--mount"]
    allowed = subprocess.run(
        [*unshare, "sh", "-c", MOUNT, "sh", tmp_path, "true"], capture_output=True, check=False, text=True
    )
    if allowed.returncode != 0:
        why = " ".join(allowed.stderr.split())
        pytest.skip(f"no small disk may be mounted ({why}); the limit of the kernel was tried instead")
    filling: list[str | Path] = [sys.executable, "-m", "tests.durability.filling", tmp_path, "disk"]
    done = subprocess.run(
        [*unshare, "sh", "-c", MOUNT, "sh", tmp_path, *filling],
        cwd=REPOSITORY,
        stdout=subprocess.PIPE,
        check=True,
        text=True,
    )
    check(seen_of(done.stdout), "database or disk is full")
    assert list(tmp_path.iterdir()) == []
