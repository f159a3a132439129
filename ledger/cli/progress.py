"""How far a long recording has come, for whoever looks on: on standard error, and only in a terminal."""

import sys
from collections.abc import Iterator
from contextlib import contextmanager
from time import monotonic
from typing import Final

import typer

from ledger.intake import InputFile

SHOWN_FROM_BYTES: Final = 250_000
"""What is shorter is done at once."""


@contextmanager
def watched(lines: InputFile) -> Iterator[None]:
    """Show a bar, how many lines a second and the time left, while lines are recorded."""
    if lines.size < SHOWN_FROM_BYTES or sys.stderr is None or not sys.stderr.isatty():
        yield
        return
    began, passed = monotonic(), 0

    def rate(_: object) -> str:
        return f"{round(passed / max(monotonic() - began, 0.001)):,} lines a second"

    with typer.progressbar(length=lines.size, label="Recording", file=sys.stderr, item_show_func=rate) as bar:

        def heard(size: int, count: int) -> None:
            nonlocal passed
            passed += count
            bar.update(size, count)

        lines.heard = heard
        yield
