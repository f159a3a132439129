"""Files that commands read, by name or from standard input."""

import sys
from contextlib import AbstractContextManager, nullcontext
from pathlib import Path
from typing import BinaryIO

from ledger.domain.errors import MalformedError


def opened(file: Path) -> AbstractContextManager[BinaryIO]:
    """A file for reading bytes; ``-`` is standard input, which stays open. Raises `OSError`, `MalformedError`."""
    return nullcontext(standard_input()) if str(file) == "-" else file.open("rb")


def standard_input() -> BinaryIO:
    """Standard input, which may be closed. Raises `MalformedError`."""
    if sys.stdin is None:
        raise MalformedError("malformed", "standard input is closed; name a file")
    return sys.stdin.buffer
