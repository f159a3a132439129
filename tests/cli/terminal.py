"""The command line as it is used: in this process, as a process of its own, in a terminal."""

import fcntl
import json
import os
import pty
import re
import struct
import subprocess
import sys
import termios
import unicodedata
from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import Any, NamedTuple, Protocol

REPOSITORY = Path(__file__).parents[2]
BIN = Path(sys.executable).parent
SETTINGS = (
    *(
        "RIGHTS_DB",
        "RIGHTS_LEDGER",
        "RIGHTS_TODAY",
        "RIGHTS_ACTOR",
        "RIGHTS_KEY",
        "RIGHTS_KEY_PASSPHRASE",
        "RIGHTS_STATE",
        "RIGHTS_LANG",
    ),
    *("COLUMNS", "LINES", "PYTHONUNBUFFERED"),
)

ROOT = re.compile(r"[A-Za-z0-9+/]{43}=")
PROOF = re.compile(
    rf"\n[0-9,]+ entr(y|ies), root {ROOT.pattern}\n"
    r"(recorded more than 30 days late: [0-9,]+ \(rights history --backdated\)\n)?$"
)


class Told(NamedTuple):
    """What a command said, and the code it ended with."""

    code: int
    out: str
    err: str

    @property
    def json(self) -> Any:
        """The one JSON document on standard output."""
        return json.loads(self.out)

    @property
    def answer(self) -> Any:
        """The same without what proves it: how many entries, their root, and how many came late."""
        document = self.json
        assert document.pop("size") == document.get("known_version", document.get("version"))
        assert ROOT.fullmatch(document.pop("root"))
        document.pop("backdated", None)
        return document

    @property
    def table(self) -> str:
        """Standard output without the lines at its end that prove it."""
        found = PROOF.search(self.out)
        assert found is not None, self.out
        return self.out[: found.start()]

    @property
    def error(self) -> Any:
        """The error in the one JSON document on standard error; nothing is on standard output."""
        assert self.out == ""
        document = json.loads(self.err)
        assert list(document) == ["error"]
        assert list(document["error"]) == ["code", "message", "line"]
        return document["error"]

    @property
    def sentence(self) -> str:
        """The one sentence on standard error; nothing is on standard output."""
        assert self.out == ""
        assert self.err.endswith("\n")
        assert self.err.count("\n") == 1, self.err
        assert self.err.startswith("rights: ")
        return self.err.removesuffix("\n")


class Rights(Protocol):
    """Runs one command line of ours in this process; `given` is what stands on standard input."""

    def __call__(self, *arguments: str, given: bytes | None = None) -> Told: ...


def environment(settings: Mapping[str, str] | None = None) -> dict[str, str]:
    """This process's environment with `rights` on the PATH and no setting of ours but these."""
    kept = {name: value for name, value in os.environ.items() if name not in SETTINGS}
    kept["PATH"] = f"{BIN}{os.pathsep}{kept.get('PATH', os.defpath)}"
    return {**kept, "RIGHTS_ACTOR": "hr", "RIGHTS_STATE": "state", **(settings or {})}


def in_process(
    arguments: Sequence[str], folder: Path, *, given: bytes = b"", settings: Mapping[str, str] | None = None
) -> Told:
    """Run a command line as a process of its own."""
    done = subprocess.run(
        arguments, cwd=folder, env=environment(settings), input=given, capture_output=True, check=False
    )
    return Told(done.returncode, done.stdout.decode(), done.stderr.decode())


def within(limits: str, command: str, folder: Path) -> Told:
    """Run a line of the shell as a process that the shell's `limits` hold, and nothing measures what it uses."""
    unmeasured = "unset COVERAGE_PROCESS_START COVERAGE_PROCESS_CONFIG"
    return in_process(["bash", "-c", f"{unmeasured}; {limits}; {command}"], folder)


@contextmanager
def to_be_interrupted(arguments: Sequence[str], folder: Path) -> Iterator["subprocess.Popen[str]"]:
    """A command line as a process of its own that can be interrupted; whatever it does, it is gone afterwards.

    What a shell starts behind itself, as a run of all tests may be, ignores interruptions, and so do its children. It
    is not measured: an interruption may come while coverage.py holds its lock, which it then waits for without end.
    """
    launched = [sys.executable, "-c", HEARS_INTERRUPTIONS, *arguments]
    kept = {name: value for name, value in environment().items() if not name.startswith("COVERAGE_PROCESS")}
    with subprocess.Popen(
        launched, cwd=folder, env=kept, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True
    ) as process:
        try:
            yield process
        finally:
            process.kill()


HEARS_INTERRUPTIONS = (
    "import os, signal, sys; signal.signal(signal.SIGINT, signal.SIG_DFL); os.execvp(sys.argv[1], sys.argv[1:])"
)


def in_terminal(
    arguments: Sequence[str], folder: Path, *, columns: int, settings: Mapping[str, str] | None = None
) -> Told:
    """Run a command line in a terminal of that many columns; it shows both outputs."""
    keeper, terminal = pty.openpty()
    fcntl.ioctl(terminal, termios.TIOCSWINSZ, struct.pack("HHHH", 24, columns, 0, 0))
    with subprocess.Popen(
        arguments, cwd=folder, env=environment(settings), stdin=terminal, stdout=terminal, stderr=terminal
    ) as process:
        os.close(terminal)
        shown = b"".join(_read(keeper))
        os.close(keeper)
    return Told(process.returncode, shown.decode().replace("\r\n", "\n"), "")


def _read(keeper: int) -> Iterable[bytes]:
    while True:
        try:
            part = os.read(keeper, 65_536)
        except OSError:  # Linux says so when the other side is closed
            return
        if not part:
            return
        yield part


def width_of(line: str) -> int:
    """Columns that a line takes in a terminal."""
    return sum(
        0 if unicodedata.combining(each) else 2 if unicodedata.east_asian_width(each) in "WF" else 1 for each in line
    )


def json_lines(*entries: Mapping[str, Any]) -> bytes:
    """Entries as JSON Lines."""
    return b"".join(json.dumps(entry, ensure_ascii=False).encode() + b"\n" for entry in entries)
