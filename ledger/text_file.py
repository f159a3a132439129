"""Text as spreadsheets of Japan write it into a file: UTF-8 with or without its mark, UTF-16 with it, CP932."""

import os
from pathlib import Path
from typing import Final

from ledger.domain.errors import MalformedError

_MARKED: Final = ((b"\xff\xfe", "utf-16"), (b"\xfe\xff", "utf-16"))
_UNMARKED: Final = ("utf-8-sig", "cp932")


def bytes_up_to(file: Path, most: int) -> bytes:
    """What is in a file: of a longer one a byte more than ``most``, so that whoever asks can tell.

    A pipe without a writer is not waited for: it is empty. Raises `MalformedError` where it cannot be read.
    """
    try:
        with open(file, "rb", opener=_at_once) as stream:
            os.set_blocking(stream.fileno(), True)
            return stream.read(most + 1)
    except OSError as error:
        raise MalformedError("malformed", f"{file}: {error.strerror}") from None


def _at_once(name: str, flags: int) -> int:
    return os.open(name, flags | os.O_NONBLOCK)


def text_of(content: bytes, name: str) -> str:
    """The text of a file. name: of the file, as a person knows it.

    Raises `MalformedError` where it is in none of these encodings.
    """
    encodings = tuple(encoding for mark, encoding in _MARKED if content.startswith(mark)) or _UNMARKED
    for encoding in encodings:
        try:
            return content.decode(encoding)
        except UnicodeDecodeError as error:
            where = error.start
    line = content.count(b"\n", 0, where) + 1
    what = "begins as UTF-16 and goes on as something else" if encodings != _UNMARKED else "is neither UTF-8 nor CP932"
    raise MalformedError("malformed", f"{name} {what}: line {line} is no text")
