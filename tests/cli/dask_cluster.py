"""A real Dask cluster for tests: a scheduler and its workers, processes of their own on this machine."""

import json
import subprocess
import sys
import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import ExitStack, contextmanager
from pathlib import Path

from tests.cli.terminal import environment

START_SECONDS = 60
ORPHANED = {"scheduler": ("--idle-timeout", "10 minutes"), "worker": ("--death-timeout", "60 s")}
"""How long they outlive tests that were killed."""

SPARING = {"DASK_DISTRIBUTED__WORKER__PROFILE__ENABLED": "False"}


class Cluster:
    """What runs in a folder, until it is closed. log: what all of them have said."""

    def __init__(self, folder: Path, running: ExitStack) -> None:
        self.folder = folder
        self.log = folder / "log"
        self._running = running
        self.scheduler = self._start("scheduler", "--port", "0", "--no-dashboard", "--no-show", *ORPHANED["scheduler"])
        self._wait_until(lambda: self._told.exists() and bool(self._told.read_text().strip()))
        self.address: str = json.loads(self._told.read_text())["address"]

    def work(self, *, python: Sequence[str] = (), settings: Mapping[str, str] | None = None) -> subprocess.Popen[bytes]:
        """Start a worker of one thread, and wait until the scheduler knows it."""
        before = self.log.read_text().count("Register worker")
        worker = self._start(
            "worker",
            "--nthreads",
            "1",
            "--no-dashboard",
            "--no-nanny",
            *ORPHANED["worker"],
            python=python,
            settings=settings,
        )
        self._wait_until(lambda: self.log.read_text().count("Register worker") > before)
        return worker

    @property
    def _told(self) -> Path:
        return self.folder / "scheduler.json"

    def _start(
        self, *command: str, python: Sequence[str] = (), settings: Mapping[str, str] | None = None
    ) -> subprocess.Popen[bytes]:
        with self.log.open("ab") as log:
            process = subprocess.Popen(
                [
                    sys.executable,
                    *python,
                    "-m",
                    "dask",
                    *command,
                    "--scheduler-file",
                    str(self._told),
                    "--host",
                    "127.0.0.1",
                ],
                cwd=self.folder,
                env={**environment(SPARING), **(settings or {})},
                stdin=subprocess.DEVNULL,
                stdout=log,
                stderr=log,
            )
        self._running.callback(end, process)
        return process

    def _wait_until(self, is_so: Callable[[], bool]) -> None:
        given_up_at = time.monotonic() + START_SECONDS
        while not is_so():
            assert time.monotonic() < given_up_at, self.log.read_text()
            time.sleep(0.02)


def end(process: subprocess.Popen[bytes]) -> None:
    process.kill()
    process.wait()


@contextmanager
def cluster(folder: Path, *, workers: int) -> Iterator[Cluster]:
    """A cluster of so many workers, gone afterwards."""
    with ExitStack() as running:
        made = Cluster(folder, running)
        for _ in range(workers):
            made.work()
        yield made
