"""Timing two things in turn, and telling the ratio."""

import gc
import statistics
from collections.abc import Callable
from time import perf_counter

Timed = Callable[[], float]


def seconds(act: Callable[[], object]) -> float:
    """How long an act takes."""
    gc.collect()
    began = perf_counter()
    act()
    return perf_counter() - began


def compare(name: str, promise: str, ours: Timed, theirs: Timed, *, times: int = 7) -> None:
    """Print the ratio of two timings, taken in turn."""
    ours(), theirs()
    pairs = [(ours(), theirs()) for _ in range(times)]
    ratios = sorted(mine / other for mine, other in pairs)
    median = statistics.median(ratios)
    milliseconds = [statistics.median(column) * 1000 for column in zip(*pairs, strict=True)]
    print(f"{name}\n  {median:.2f} × ({ratios[0]:.2f}–{ratios[-1]:.2f}); promised: {promise}")
    print(f"  {milliseconds[0]:,.1f} ms against {milliseconds[1]:,.1f} ms")
