"""Timing two things in turn, and telling the ratio."""

import gc
import json
import re
import statistics
import subprocess
import sys
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path
from time import perf_counter
from typing import Final, NamedTuple

Timed = Callable[[], float]

PROMISE: Final = re.compile(r"(at most|at least|under) ([\d.,]+)")
LAUNCHER: Final = Path(__file__).with_name("launcher.py")


@dataclass
class Scale:
    """How much is measured.

    most: entries of any ledger or database. times: how often two things are compared; None is as each benchmark says.
    """

    most: int = 1_000_000
    times: int | None = None

    def sizes(self, *wanted: int) -> list[int]:
        """The sizes, each cut to the most, and none twice."""
        return sorted({self.size(each) for each in wanted})

    def size(self, wanted: int) -> int:
        """A size, cut to the most."""
        return min(wanted, self.most)


class Figure(NamedTuple):
    """What was measured. figure, least, greatest: in the unit, of ratios ×. promise: "" where nothing is promised."""

    name: str
    promise: str
    figure: float
    least: float
    greatest: float
    unit: str = "×"

    @property
    def is_met(self) -> bool | None:
        """Whether the figure keeps the promise; None where there is none."""
        found = PROMISE.match(self.promise)
        if found is None:
            return None
        bound = float(found[2].replace(",", ""))
        return self.figure >= bound if found[1] == "at least" else self.figure <= bound

    @property
    def kept(self) -> str:
        """The same in words."""
        return {True: "met", False: "not met", None: "nothing promised"}[self.is_met]


class Point(NamedTuple):
    """What an entry costs in a ledger of a size, in microseconds."""

    name: str
    size: int
    microseconds: float


class Process(NamedTuple):
    """What a whole process took."""

    seconds: float
    megabytes: int


SCALE: Final = Scale()
FIGURES: Final[list[Figure]] = []
POINTS: Final[list[Point]] = []
SKIPPED: Final[list[str]] = []


def seconds(act: Callable[[], object]) -> float:
    """How long an act takes; the collector of cycles is off meanwhile, as it is in the command."""
    gc.collect()
    gc.disable()
    try:
        began = perf_counter()
        act()
        return perf_counter() - began
    finally:
        gc.enable()


def ran(command: Sequence[str | Path], environment: dict[str, str] | None = None) -> Process:
    """Run a command to its end, and say how long it took and how much memory at most.

    A small process starts it: the kernel counts what the starting process had in memory to the one that it starts.
    """
    launch = [sys.executable, "-I", "-S", str(LAUNCHER), *map(str, command)]
    done = subprocess.run(launch, env=environment, stdout=subprocess.PIPE, check=True)
    return Process(*json.loads(done.stdout))


def compare(name: str, promise: str, ours: Timed, theirs: Timed, *, times: int = 7) -> None:
    """Tell the ratio of two timings, taken in turn: the first by the second, as the name says."""
    ours(), theirs()
    pairs = [(ours(), theirs()) for _ in range(SCALE.times or times)]
    ratios = sorted(mine / other for mine, other in pairs)
    tell(Figure(name, promise, statistics.median(ratios), ratios[0], ratios[-1]))
    milliseconds = [statistics.median(column) * 1000 for column in zip(*pairs, strict=True)]
    print(f"  {milliseconds[0]:,.1f} ms against {milliseconds[1]:,.1f} ms")


def tell(figure: Figure) -> None:
    """Print a figure, and keep it for the table."""
    FIGURES.append(figure)
    spread = "" if figure.least == figure.greatest else f" ({shown(figure.least)}–{shown(figure.greatest)})"
    promised = f"; promised: {figure.promise}: {figure.kept}" if figure.promise else ""
    print(f"{figure.name}\n  {shown(figure.figure)} {figure.unit}{spread}{promised}")


def tell_one(name: str, promise: str, figure: float, unit: str) -> None:
    """Print a figure that was measured once."""
    tell(Figure(name, promise, figure, figure, figure, unit))


def tell_point(name: str, size: int, took: float) -> None:
    """Print what an entry costs in a ledger of a size, and keep it for the chart."""
    POINTS.append(Point(name, size, took / size * 1e6))
    print(f"{name}, {size:,} entries: {POINTS[-1].microseconds:.2f} µs an entry")


def skip(what: str, why: str) -> None:
    """Say that something was not measured."""
    SKIPPED.append(f"{what}: {why}")
    print(f"not measured: {SKIPPED[-1]}")


def shown(figure: float) -> str:
    """A figure with three digits or all before the point."""
    return f"{figure:,.0f}" if figure >= 100 else f"{figure:.3g}" if figure < 0.1 else f"{figure:.2f}"
