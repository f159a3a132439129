"""Lines on their way in: read, numbered, well-formed; and those whose id is there already found again."""

from collections.abc import Iterable, Iterator, Mapping
from typing import Any, BinaryIO, NamedTuple

import msgspec

from ledger.domain.entries import AnyEntry
from ledger.domain.errors import LedgerError, MalformedError
from ledger.domain.strict_json import MAX_LINE_BYTES, check_value, malformed
from ledger.domain.wellformed import entry_from, entry_from_line

Input = Mapping[str, Any] | str | bytes
"""One entry: a JSON object, or a line of JSON Lines that holds one."""


class Line(NamedTuple):
    """A well-formed entry of the input. content: its JSON value as given. entry: the same, typed."""

    number: int
    content: dict[str, Any]
    entry: AnyEntry


class BadLine(NamedTuple):
    """A line that is no entry."""

    number: int
    error: LedgerError


def lines_of(stream: BinaryIO) -> Iterator[bytes]:
    """Lines of a stream without their line feeds; of one that is too long only enough to see that it is."""
    while line := stream.readline(MAX_LINE_BYTES + 2):
        rest = line
        while not rest.endswith(b"\n") and len(rest) > MAX_LINE_BYTES:
            rest = stream.readline(MAX_LINE_BYTES + 2)
        yield line


def read(entries: Iterable[Input]) -> Iterator[Line | BadLine]:
    """Number entries from 1 and see whether each is well-formed; empty lines are counted and skipped."""
    for number, given in enumerate(entries, start=1):
        if isinstance(given, str | bytes) and not given.strip():
            continue
        try:
            yield _read(number, given)
        except MalformedError as error:
            error.line = number
            yield BadLine(number, error)


def _read(number: int, given: object) -> Line:
    if isinstance(given, str):
        given = given.encode(errors="surrogatepass")
    if isinstance(given, bytes):
        return Line(number, *entry_from_line(given.rstrip(b"\r\n")))
    if not isinstance(given, Mapping):
        malformed("an entry is a JSON object, or a line of JSON Lines that holds one")
    check_value(dict(given))
    # A copy of all of it: what is judged must be what is recorded, whatever the caller does with theirs meanwhile.
    content = msgspec.json.decode(msgspec.json.encode(dict(given)))
    return Line(number, content, entry_from(content))
