"""JSON as entries are written in it: no floats, no counts of 2⁵³ and more, no key twice, no null but where it is shown.

What comes out can be written as RFC 8785 canonical JSON, and read back as the same value by any program.
"""

import json
from collections.abc import Mapping
from typing import Any, Final, NoReturn

from ledger.domain.characters import LONGEST_SHOWN, shown
from ledger.domain.errors import MalformedError

MAX_COUNT: Final = 2**53
MAX_LINE_BYTES: Final = 1_000_000
MAX_NESTING: Final = 32
LONGEST_WHOLE: Final = 20
MAX_NAME: Final = 200

NULLABLE: Final = frozenset(
    {"terms.conditions.after_departure", "terms.conditions.positions", "terms.conditions.inheritance"}
)
"""Where contract.md shows null; everywhere else a null is refused."""


class NotWhole(str):
    """A number that is not whole, as it was written."""

    __slots__ = ()


JSON_TYPES: Final = frozenset({str, bool, int, type(None), dict, list, tuple})


def malformed(message: str) -> NoReturn:
    """Refuse the input as `malformed`."""
    raise MalformedError("malformed", message)


def read_line(line: bytes) -> object:
    """The JSON value of one line, which is UTF-8, at most 1 MB, without its line feed.

    Numbers that are not whole come out as `NotWhole`, for `check_value` to say where they stand.

    Raises `MalformedError`.
    """
    if len(line) > MAX_LINE_BYTES:
        malformed(f"the line has more than {MAX_LINE_BYTES:,} bytes")
    if line.startswith(b"\xef\xbb\xbf"):
        malformed("the line begins with a byte-order mark; write plain UTF-8")
    try:
        return _DECODER.decode(line.decode())
    except UnicodeDecodeError as error:
        malformed(f"byte {error.start + 1} is not UTF-8")
    except json.JSONDecodeError as error:
        malformed(f"not JSON: {error.msg} at column {error.colno}")
    except RecursionError:
        malformed(f"nested deeper than {MAX_NESTING} levels")


def _object(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    found = dict(pairs)
    if len(found) < len(pairs):
        first = dict[str, int]()
        twice = [key for at, (key, _) in enumerate(pairs) if first.setdefault(key, at) != at]
        malformed(f"the key `{shown(twice[0])}` stands there twice")
    return found


def _whole(digits: str) -> int:
    """A whole number; one of thousands of digits takes seconds to read, and is too large anyhow."""
    return int(digits) if len(digits) <= LONGEST_WHOLE else MAX_COUNT


_DECODER: Final = json.JSONDecoder(
    object_pairs_hook=_object, parse_int=_whole, parse_float=NotWhole, parse_constant=NotWhole
)


def check_value(value: object, at: str = "", levels: int = MAX_NESTING) -> None:
    """Refuse what no entry may hold anywhere.

    at: the keys that lead to the value, with points between. levels: how deep it may still go.

    Raises `MalformedError`.
    """
    if type(value) not in JSON_TYPES:
        if isinstance(value, NotWhole | float):
            malformed(f"`{shown(at)}` is {shown(value)}, not a whole number; write amounts with decimals as strings")
        # What only behaves like one could not be written.
        malformed(f"`{shown(at)}` is a {type(value).__name__}, which JSON does not have")
    if isinstance(value, str):
        if not value.isascii():
            _check_encodable(value)
    elif isinstance(value, int):
        if not -MAX_COUNT < value < MAX_COUNT:
            malformed(f"`{shown(at)}` is too large; counts stay below 2^53, {MAX_COUNT:,}")
    elif isinstance(value, dict):
        _check_object(value, at, _one_less(levels))
    elif isinstance(value, list | tuple):
        levels = _one_less(levels)
        inside = _below(at, "[]")
        for item in value:
            check_value(item, inside, levels)
    elif at not in NULLABLE:
        malformed(f"`{shown(at)}` is null; leave it out")


def _one_less(levels: int) -> int:
    if not levels:
        malformed(f"nested deeper than {MAX_NESTING} levels")
    return levels - 1


def _check_object(value: Mapping[object, object], at: str, levels: int) -> None:
    for key, item in value.items():
        if not isinstance(key, str):
            malformed(f"the key {shown(key)} is not a string")
        if not key.isascii():
            _check_encodable(key)
        if (type(item) is str and item.isascii()) or (type(item) is int and -MAX_COUNT < item < MAX_COUNT):
            continue  # most of them
        check_value(item, _below(at, f".{key}") if at else key, levels)


def _below(at: str, key: str) -> str:
    """Where a value inside another stands; no longer than is shown of it, or a long key would be copied for each."""
    return at if len(at) > LONGEST_SHOWN else at + key


def _check_encodable(text: str) -> None:
    try:
        text.encode()
    except UnicodeEncodeError:
        malformed("a string holds half of a surrogate pair")
