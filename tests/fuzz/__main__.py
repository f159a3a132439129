"""``make fuzz``: look for inputs that break a promise, led by coverage (atheris, libFuzzer).

Every target runs as a process of its own for so many seconds, begins with the seeds and what was found before, and
may take no more memory than it is told. An input that breaks a promise is kept in build/fuzz, and the command fails.
"""

import argparse
import importlib
import os
import pkgutil
import resource
import subprocess
import sys
import tempfile
from collections.abc import Callable, Iterable, Mapping
from hashlib import sha256
from pathlib import Path
from random import Random
from typing import Final, NamedTuple

FOLDER: Final = Path(__file__).parents[2] / "build" / "fuzz"
MEMORY_MB: Final = 1_024
"""Resident memory that a target may take: the interpreter, the package with its counters, and one input."""

ADDRESS_SPACE_MB: Final = 4 * MEMORY_MB
SECONDS_OF_ONE_INPUT: Final = 20


class Fuzzed(NamedTuple):
    """A target, what it begins with, how its inputs are changed, and how long they may be."""

    makes: Callable[[], Callable[[bytes], None]]
    seeds: Callable[[], Iterable[bytes]]
    changes: Callable[[bytes, Random], bytes]
    longest: int


def fuzzed() -> Mapping[str, Fuzzed]:
    """Every target by its name. Imports the package: inside, where what is imported is watched."""
    from tests.fuzz import mutations, seeds, targets

    return {
        "entry": Fuzzed(lambda: targets.entry, seeds.lines, mutations.changed_entry, 8_192),
        "batch": Fuzzed(lambda: targets.batch, seeds.batches, mutations.changed_lines, 16_384),
        "export": Fuzzed(lambda: targets.export, seeds.exports, mutations.changed_lines, 16_384),
        "receipt": Fuzzed(lambda: targets.receipt, seeds.receipts, mutations.forged_receipt, 16_384),
        "checkpoint": Fuzzed(lambda: targets.checkpoint, seeds.checkpoints, mutations.changed_text, 4_096),
        "note": Fuzzed(lambda: targets.note, seeds.notes, mutations.changed_text, 4_096),
        "calls": Fuzzed(command_line, seeds.calls, mutations.changed_call, 4_096),
    }


NAMES: Final = ("entry", "batch", "export", "receipt", "checkpoint", "note", "calls")


def command_line() -> Callable[[bytes], None]:
    """The command line in a new folder, which this process works in from now on."""
    from tests.fuzz.targets import CommandLine, settings_in

    folder = Path(tempfile.mkdtemp(prefix="rights-fuzz-"))
    os.environ.update(settings_in(folder))
    os.chdir(folder)
    return CommandLine(folder)


def main() -> int:
    """Run the targets one after the other, or one of them in this process."""
    parser = argparse.ArgumentParser(prog="make fuzz", description="Look for inputs that break a promise.")
    parser.add_argument("--seconds", type=int, default=60, help="for each target; default: 60")
    parser.add_argument("--only", choices=NAMES, help="one target")
    parser.add_argument("--here", action="store_true", help="in this process")
    asked = parser.parse_args()
    if asked.here:
        return run_here(asked.only, asked.seconds)
    chosen = [name for name in NAMES if asked.only in {None, name}]
    found = [name for name in chosen if not run_apart(name, asked.seconds)]
    return 1 if found else 0


def run_apart(name: str, seconds: int) -> bool:
    """Run a target as a process of its own, and say how it went; whether it kept every promise."""
    FOLDER.mkdir(parents=True, exist_ok=True)
    told = FOLDER / f"{name}.log"
    command = [sys.executable, "-m", "tests.fuzz", "--here", "--only", name, "--seconds", str(seconds)]
    with told.open("wb") as log:
        ended = subprocess.run(command, check=False, stdout=log, stderr=log, env={**os.environ, "PYTHONHASHSEED": "0"})
    lines = told.read_text(encoding="utf-8", errors="replace").splitlines()
    figures = dict(line.removeprefix("stat::").split(":", 1) for line in lines if line.startswith("stat::"))
    tried, memory = (int(figures.get(each, 0)) for each in ("number_of_executed_units", "peak_rss_mb"))
    print(f"{name:10} {tried:>10,} inputs in {seconds} seconds, at most {memory:,} MB", flush=True)
    if ended.returncode:
        print("\n".join(lines[-30:]))
        print(f"{name}: a promise was broken; the input is beside {told}")
    return ended.returncode == 0


def run_here(name: str, seconds: int) -> int:
    """Run a target in this process, which ends with it."""
    import atheris

    limit = ADDRESS_SPACE_MB * 2**20
    resource.setrlimit(resource.RLIMIT_AS, (limit, limit))
    with atheris.instrument_imports(include=["ledger"]):
        _import_all("ledger")
        chosen = fuzzed()[name]
    corpus = FOLDER / name
    corpus.mkdir(parents=True, exist_ok=True)
    for seed in chosen.seeds():
        (corpus / sha256(seed).hexdigest()).write_bytes(seed)

    def change(data: bytes, longest: int, seed: int) -> bytes:
        dice = Random(seed)
        if dice.random() < 0.25:
            return bytes(atheris.Mutate(data, longest))
        for _ in range(dice.randint(1, 4)):
            data = chosen.changes(data, dice)
        return data[:longest]

    options = [
        f"-max_total_time={seconds}",
        f"-max_len={chosen.longest}",
        f"-rss_limit_mb={MEMORY_MB}",
        f"-timeout={SECONDS_OF_ONE_INPUT}",
        f"-artifact_prefix={corpus}-",
        "-print_final_stats=1",
        "-verbosity=0",
    ]
    atheris.Setup([sys.argv[0], *options, str(corpus)], chosen.makes(), custom_mutator=change)
    atheris.Fuzz()
    return 0


def _import_all(package: str) -> None:
    """Import every module of a package: commands import some of theirs only when they run."""
    for found in pkgutil.walk_packages(importlib.import_module(package).__path__, f"{package}."):
        if not found.name.endswith("__main__"):
            importlib.import_module(found.name)


if __name__ == "__main__":
    sys.exit(main())
