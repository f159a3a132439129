"""JSON of others, read exactly: a number stays the text it was written as, and nothing that could mislead is read."""

import json
from collections import Counter
from typing import Any, Final

from ledger.domain.characters import shown
from ledger.domain.strict_json import malformed

MOST_BYTES: Final = 64_000_000
MOST_VALUES: Final = 4_000_000
"""Commas and brackets of one file: an empty object takes three bytes there, and some hundred in memory."""

MOST_NESTING: Final = 64
BYTE_ORDER_MARK: Final = b"\xef\xbb\xbf"


class Number(str):
    """A number as it was written, never reckoned with before it is known to be a sensible one."""

    __slots__ = ()


def read_json(content: bytes) -> Any:
    """The value of a file: UTF-8, with a byte-order mark or without. Numbers come out as `Number`.

    Raises `MalformedError` for what is no JSON, too large or nested too deep, for NaN and infinities, and for a key
    that stands twice in one object.
    """
    if len(content) > MOST_BYTES:
        malformed(f"it has {len(content):,} bytes; at most {MOST_BYTES:,} are read")
    if sum(content.count(sign) for sign in (b",", b"[", b"{")) > MOST_VALUES:
        malformed(f"it has more than {MOST_VALUES:,} values: split it")
    try:
        value = _DECODER.decode(content.removeprefix(BYTE_ORDER_MARK).decode())
    except UnicodeDecodeError as error:
        malformed(f"byte {error.start + 1} is not UTF-8")
    except json.JSONDecodeError as error:
        malformed(f"it is not JSON: {error.msg} at line {error.lineno}, column {error.colno}")
    except RecursionError:
        malformed(f"it is nested deeper than {MOST_NESTING} levels")
    _check(value)
    return value


def _check(value: object) -> None:
    """Refuse what is nested too deep, and texts that no program could write again."""
    waiting: list[tuple[object, int]] = [(value, 0)]
    while waiting:
        each, depth = waiting.pop()
        if depth > MOST_NESTING:
            malformed(f"it is nested deeper than {MOST_NESTING} levels")
        if isinstance(each, dict):
            waiting += ((item, depth + 1) for pair in each.items() for item in pair)
        elif isinstance(each, list):
            waiting += ((item, depth + 1) for item in each)
        elif isinstance(each, str) and not each.isascii():
            _check_encodable(each)


def _check_encodable(text: str) -> None:
    try:
        text.encode()
    except UnicodeEncodeError:
        malformed("a text in it holds half of a surrogate pair")


def _object(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    found = dict(pairs)
    if len(found) < len(pairs):
        twice = next(key for key, times in Counter(key for key, _ in pairs).items() if times > 1)
        malformed(f"the key `{shown(twice)}` stands twice in one object; which counts is not known")
    return found


def _no_number(name: str) -> Any:
    malformed(f"{name} is no number that JSON knows")


_DECODER: Final = json.JSONDecoder(
    object_pairs_hook=_object, parse_int=Number, parse_float=Number, parse_constant=_no_number
)
