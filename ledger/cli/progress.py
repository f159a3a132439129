"""How far a long recording has come, for whoever looks on: on standard error, and only in a terminal."""

import sys
from collections import deque
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import timedelta
from time import monotonic
from typing import Any, Final, NamedTuple

import typer

from ledger.intake import InputFile

SHOWN_FROM_BYTES: Final = 250_000
"""What is shorter is done at once."""

LATELY_SECONDS: Final = 5
"""What came in so many seconds tells how fast it goes: it begins slower than it goes on."""


class _Come(NamedTuple):
    """How much had come by an instant of `monotonic`."""

    at: float
    lines: int
    size: int


class Pace:
    """How fast lines come lately. size: of all of them, in bytes."""

    def __init__(self, size: int) -> None:
        self._size = size
        self._come: deque[_Come] = deque()

    def heard(self, size: int, lines: int, now: float) -> None:
        """Take in that so many bytes of so many lines more have come."""
        last = self._come[-1] if self._come else _Come(now, 0, 0)
        self._come.append(_Come(now, last.lines + lines, last.size + size))
        while len(self._come) > 2 and now - self._come[0].at > LATELY_SECONDS:
            self._come.popleft()

    def says(self) -> str:
        """Lines a second and the time left; nothing before there is a pace."""
        if not self._come or self._come[-1].at <= self._come[0].at:
            return ""
        first, last = self._come[0], self._come[-1]
        took = last.at - first.at
        left = timedelta(seconds=round((self._size - last.size) * took / max(1, last.size - first.size)))
        return f"{round((last.lines - first.lines) / took):,} lines a second, {left} left"


@contextmanager
def watched(lines: InputFile) -> Iterator[None]:
    """Show a bar, how many lines a second and the time left, while lines are recorded."""
    if lines.size < SHOWN_FROM_BYTES or sys.stderr is None or not sys.stderr.isatty():
        yield
        return
    pace = Pace(lines.size)
    bar: Any = typer.progressbar(
        length=lines.size, label="Recording", file=sys.stderr, show_eta=False, item_show_func=lambda _: pace.says()
    )
    with bar as shown:

        def heard(size: int, count: int) -> None:
            pace.heard(size, count, monotonic())
            shown.update(size, count)

        lines.heard = heard
        yield
