"""Lines on their way in: read, numbered, well-formed; and those whose id is there already found again."""

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from io import SEEK_END
from itertools import chain
from typing import Any, BinaryIO, Final, NamedTuple

import msgspec

from ledger.domain.entries import (
    Allotment,
    AnyEntry,
    Appointment,
    Cancellation,
    Company,
    Death,
    Departure,
    Exercise,
    Inheritance,
    Transfer,
    Waiver,
)
from ledger.domain.errors import LedgerError, MalformedError
from ledger.domain.strict_json import MAX_LINE_BYTES, check_value, malformed
from ledger.domain.wellformed import check_together, entry_from_line, is_plain
from ledger.store.codec import canonical, canonical_of_plain

Input = Mapping[str, Any] | str | bytes
"""One entry: a JSON object, or a line of JSON Lines that holds one."""

MAX_SEALED_BYTES: Final = MAX_LINE_BYTES + 4_096
"""Of a line of an export: an entry, and what the ledger writes about it."""

POURED_FROM_BYTES: Final = 250_000
"""A shorter file is recorded in the usual way, which reads it once (`ledger.pouring`)."""

MAX_LINES: Final = 10_000_000
MAX_INPUT_BYTES: Final = 1_000_000_000
"""Of one input, so that one that never ends is not read for ever."""


class Line(NamedTuple):
    """A well-formed entry of the input. entry: what it means. content: the canonical bytes of its JSON value."""

    number: int
    entry: AnyEntry
    content: bytes


class BadLine(NamedTuple):
    """A line that is no entry."""

    number: int
    error: LedgerError


Plain = (
    Allotment | Appointment | Cancellation | Company | Death | Departure | Exercise | Inheritance | Transfer | Waiver
)
"""The kinds of `wellformed.PLAIN`."""


class Sealed(msgspec.Struct):
    """What tells an entry as a ledger keeps it from one to be recorded, which has none of these keys."""

    format: int
    ledger: str
    recorded_at: str
    entry: msgspec.Raw


_decode_sealed: Final = msgspec.json.Decoder(Sealed).decode
_decode_plain: Final = msgspec.json.Decoder(Plain).decode


class InputFile:
    """The lines of a file that can be read more than once, so that they need not be kept.

    name: as a person knows it. stream: of the file. heard: told, as recording goes on, of how many bytes and how many
    lines more it has come past. Raises `MalformedError` where it cannot be read.
    """

    def __init__(self, name: str, stream: BinaryIO, heard: Callable[[int, int], None] | None = None) -> None:
        self._name = name
        self._stream = stream
        self._first = stream.tell()
        self.heard = heard
        self.size = stream.seek(0, SEEK_END) - self._first

    def __iter__(self) -> Iterator[bytes]:
        try:
            self._stream.seek(self._first)
            yield from lines_of(self._stream)
        except OSError as error:
            malformed(f"{self._name} cannot be read: {error.strerror}")

    def check_size(self) -> None:
        """See that it is not too long. Raises `MalformedError`."""
        for _ in self:
            pass

    def tell(self, lines: Sequence[Input]) -> None:
        """Tell whoever listens of lines that were come past."""
        if self.heard is not None:
            self.heard(sum(map(len, lines)), len(lines))


def lines_of(stream: BinaryIO) -> Iterator[bytes]:
    """Lines of a stream; of one that is too long only enough to see that it is.

    Raises `MalformedError` where there are more than `MAX_LINES`, or more than `MAX_INPUT_BYTES` in all.
    """
    lines = size = 0
    while line := stream.readline(MAX_SEALED_BYTES + 2):
        rest = line
        lines, size = lines + 1, size + len(line)
        while not rest.endswith(b"\n") and len(rest) > MAX_SEALED_BYTES and size <= MAX_INPUT_BYTES:
            rest = stream.readline(MAX_SEALED_BYTES + 2)
            size += len(rest)
        if lines > MAX_LINES or size > MAX_INPUT_BYTES:
            malformed(f"the input has more than {MAX_LINES:,} lines or {MAX_INPUT_BYTES:,} bytes; record it in parts")
        yield line


def is_empty(given: Input) -> bool:
    """Whether a line holds nothing, which counts as a line all the same."""
    return isinstance(given, str | bytes) and not given.strip()


def sealed(given: object) -> Sealed | None:
    """What a line says of itself that holds an entry as a ledger keeps it, from an export; None for any other."""
    if not isinstance(given, str | bytes):
        return None
    try:
        return _decode_sealed(given)
    except (msgspec.MsgspecError, ValueError, RecursionError):
        return None


def is_export(entries: Iterable[Input]) -> tuple[bool, Iterator[Input]]:
    """Whether the first line that is not empty is an entry as a ledger keeps it; and all the lines again."""
    rest = iter(entries)
    read: list[Input] = []
    for given in rest:
        read.append(given)
        if not is_empty(given):
            return sealed(given) is not None, chain(read, rest)
    return False, iter(read)


def read(entries: Iterable[Input], first: int = 1) -> Iterator[Line | BadLine]:
    """Number entries and see whether each is well-formed; empty lines are counted and skipped."""
    for number, given in enumerate(entries, start=first):
        if is_empty(given):
            continue
        try:
            yield _read(number, given)
        except MalformedError as error:
            if sealed(given) is not None:
                error.message = (
                    "it is an entry as a ledger keeps it, and the lines before are not: a file is an export or holds"
                    " entries to record, not both"
                )
            error.line = number
            yield BadLine(number, error)


def _read(number: int, given: object) -> Line:
    if isinstance(given, str):
        given = given.encode(errors="surrogatepass")
    if isinstance(given, bytes):
        return Line(number, *read_canonical(given))
    if not isinstance(given, Mapping):
        malformed("an entry is a JSON object, or a line of JSON Lines that holds one")
    check_value(dict(given))
    # A copy of all of it: what is judged must be what is recorded, whatever the caller does with theirs meanwhile.
    written = msgspec.json.encode(dict(given))
    if len(written) > MAX_LINE_BYTES:
        malformed(f"the entry would be a line of more than {MAX_LINE_BYTES:,} bytes")
    return Line(number, *read_canonical(written))


def read_canonical(given: bytes) -> tuple[AnyEntry, bytes]:
    """The entry that a line means, and the canonical bytes of its JSON value. Raises `MalformedError`.

    Most lines are read once, as what they mean, and what that is written as tells what they held. Where it is as long
    as the line, but for spaces, nothing of the line is missing in it: no key stood there twice, was null or said what
    goes without saying, and no number was written longer. Without a backslash strings are what they look like.
    """
    line = given.rstrip(b"\r\n")
    try:
        entry = _decode_plain(line)
    except (msgspec.MsgspecError, ValueError, RecursionError):
        entry = None
    if entry is not None and b"\\" not in line and len(line) <= MAX_LINE_BYTES and is_plain(entry):
        content = canonical_of_plain(entry)
        spaces = line.count(b" ") - content.count(b" ")
        if len(line) - len(content) == spaces:
            check_together(entry)
            return entry, content
    value, read = entry_from_line(line)
    return read, canonical(value)
