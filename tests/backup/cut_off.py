"""A command killed before its first step, before its fifth, and so on: `python -m tests.backup.cut_off BEGIN ENDS …`.

The command line runs each time in a copy of the folder BEGIN, in a process of its own that kills itself with SIGKILL
before it takes the step; ENDS gets a folder for each, named after the step, and at last `whole` for a run that comes to
its end. A step is what touches a file of that folder, as the interpreter's audit events tell. Within a step SQLite
works alone: so there are kills after a time, too, named `time-1` and so on.
"""

import os
import shutil
import signal
import subprocess
import sys
import time
from collections.abc import Sequence
from itertools import count
from pathlib import Path

STEPS = frozenset(
    {
        *("open", "os.chmod", "os.chown", "os.link", "os.mkdir", "os.remove", "os.rename", "os.rmdir", "os.truncate"),
        *("fcntl.lockf", "shutil.copyfile", "sqlite3.connect", "sqlite3.connect/handle"),
    }
)
EVERY = 4
TIMES = 6
REPOSITORY = Path(__file__).parents[2]


def killed_at_each_step(begin: Path, ends: Path, *command: str) -> list[Path]:
    """The folders that the kills left, and at last the one of the run that came to its end."""
    ends.mkdir()
    arguments = [sys.executable, "-m", "tests.backup.cut_off", str(begin), str(ends), *command]
    subprocess.run(arguments, check=True, cwd=REPOSITORY)
    whole = ends / "whole"
    return [*sorted(path for path in ends.iterdir() if path != whole), whole]


def run_all(begin: Path, ends: Path, command: Sequence[str]) -> None:
    # What the command would import is here already, for all processes to come.
    import alembic.command
    import alembic.config

    import ledger.backup.making
    import ledger.backup.restoring

    del alembic, ledger
    for step in count(1, EVERY):
        folder = ends / f"{step:03}"
        if wait(started(begin, folder, command, step=step)) >= 0:
            shutil.rmtree(folder)  # there are fewer steps
            break
    began = time.monotonic()
    assert wait(started(begin, ends / "whole", command)) == 0
    seconds = time.monotonic() - began
    for part in range(1, TIMES + 1):
        process = started(begin, ends / f"time-{part:02}", command)
        time.sleep(seconds * part / TIMES)
        os.kill(process, signal.SIGKILL)
        wait(process)


def started(begin: Path, folder: Path, command: Sequence[str], *, step: int = 0) -> int:
    """A process that runs the command in a copy of a folder, and is killed before a step; none where that is 0."""
    shutil.copytree(begin, folder)
    process = os.fork()
    if process:
        return process
    from ledger.cli.main import run

    os.chdir(folder)
    os.dup2(os.open(os.devnull, os.O_WRONLY), 1)
    if step:
        kill_before(step, str(folder))
    os._exit(run(command))


def kill_before(step: int, folder: str) -> None:
    steps = count(1)

    def on_event(event: str, arguments: tuple[object, ...]) -> None:
        if event in STEPS and folder in str(arguments) and next(steps) == step:
            os.kill(os.getpid(), signal.SIGKILL)

    sys.addaudithook(on_event)


def wait(process: int) -> int:
    """The exit code of a process; below 0 where it was killed."""
    return os.waitstatus_to_exitcode(os.waitpid(process, 0)[1])


if __name__ == "__main__":
    run_all(Path(sys.argv[1]), Path(sys.argv[2]), sys.argv[3:])
