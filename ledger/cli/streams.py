"""Files that commands read, by name or from standard input."""

import sys
from collections.abc import Iterator
from contextlib import AbstractContextManager, contextmanager, nullcontext
from io import SEEK_END
from pathlib import Path
from tempfile import SpooledTemporaryFile
from typing import BinaryIO, Final, cast

from ledger.domain.errors import MalformedError
from ledger.intake import MAX_INPUT_BYTES, InputFile

COPIED_AT_ONCE: Final = 1_000_000
"""Bytes; more than these go to the disk."""


def opened(file: Path) -> AbstractContextManager[BinaryIO]:
    """A file for reading bytes; ``-`` is standard input, which stays open. Raises `OSError`, `MalformedError`."""
    return nullcontext(standard_input()) if str(file) == "-" else file.open("rb")


def standard_input() -> BinaryIO:
    """Standard input, which may be closed. Raises `MalformedError`."""
    if sys.stdin is None:
        raise MalformedError("malformed", "standard input is closed; name a file")
    return sys.stdin.buffer


@contextmanager
def input_file(file: Path) -> Iterator[InputFile]:
    """The lines of a file or of standard input, to be read as often as they are wanted.

    What can be read only once is copied first, into a file that is gone at the end. Raises `OSError`, `MalformedError`.
    """
    with opened(file) as stream:
        if _is_read_again(stream):
            yield InputFile(str(file), stream)
            return
        with SpooledTemporaryFile(COPIED_AT_ONCE) as copy:
            size = 0
            while size <= MAX_INPUT_BYTES and (part := _read(stream, file)):
                size += copy.write(part)
            copy.seek(0)
            yield InputFile(str(file), cast(BinaryIO, copy))


def _is_read_again(stream: BinaryIO) -> bool:
    """Whether a stream can go back to where it is; some files say so and cannot."""
    try:
        at = stream.tell()
        stream.seek(0, SEEK_END)
        return stream.seek(at) == at
    except OSError:
        return False


def _read(stream: BinaryIO, file: Path) -> bytes:
    try:
        return stream.read(COPIED_AT_ONCE)
    except OSError as error:
        raise MalformedError("malformed", f"{file} cannot be read: {error.strerror}") from None
