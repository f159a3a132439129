"""Whether a value is an entry at all (contract.md, entry format): everything called `malformed` or `unknown-type`.

A JSON value comes in, a typed entry goes out. Rules about facts (``judge``) are another matter.
"""

import re
from collections.abc import Callable, Mapping
from datetime import date, datetime
from fractions import Fraction
from typing import Any, Final, Literal, cast, get_args, get_origin, get_type_hints
from unicodedata import is_normalized

import msgspec
from msgspec.structs import astuple

from ledger.domain.characters import is_seen, shown
from ledger.domain.entries import (
    KINDS,
    Allotment,
    AnyEntry,
    Appointment,
    Cancellation,
    Company,
    Death,
    Departure,
    Entry,
    Exercise,
    Inheritance,
    Issue,
    Restructuring,
    Transfer,
    Waiver,
)
from ledger.domain.errors import MalformedError
from ledger.domain.spans import FIRST_DAY, LAST_DAY, Span, day_from, last_day
from ledger.domain.strict_json import MAX_COUNT, MAX_NAME, check_value, malformed, read_line

MAX_ID: Final = 64
MOST_KEPT: Final = 16_384
LONGEST: Final = Span(days=365_242, months=12_000, years=1_000)

AMOUNT: Final = re.compile(r"[0-9]{1,16}(?:\.[0-9]{1,100})?", re.ASCII)
RATIO: Final = re.compile(r"[1-9][0-9]{0,15}(?:/[1-9][0-9]{0,15})?", re.ASCII)


def entry_from_line(line: bytes) -> tuple[dict[str, Any], AnyEntry]:
    """One line of JSON Lines as the JSON value it holds and the entry it means.

    line: UTF-8, without its line feed.

    Raises `MalformedError` (`malformed`, `unknown-type`) with a message that has no line number yet.
    """
    value = read_line(line)
    entry = entry_from(value)
    return cast(dict[str, Any], value), entry  # every entry is an object


def entry_from(value: object) -> AnyEntry:
    """The entry that a JSON value means.

    value: as ``json.loads`` gives it: dicts with string keys, lists, strings, integers, booleans, None.

    Raises `MalformedError` (`malformed`, `unknown-type`).
    """
    if not isinstance(value, dict):
        malformed("an entry is a JSON object, in braces")
    check_value(value)
    content = cast(dict[str, Any], value)
    kind = content.get("type")
    if not isinstance(kind, str):
        malformed("the key `type` is missing" if kind is None else "`type` is not a string")
    if kind not in KINDS:
        known = ", ".join(KINDS)
        raise MalformedError("unknown-type", f"`{shown(kind)}` is not a kind of entry; the kinds are {known}")
    try:
        entry = msgspec.convert(content, KINDS[kind], dec_hook=fraction_from)
    except msgspec.ValidationError as error:
        _check_fields(content)
        malformed(_in_words(kind, str(error)))
    if not is_plain(entry):
        _check_fields(content)
    check_together(entry)
    return entry


def check_content(content: Mapping[str, Any]) -> None:
    """Check every value and every field of an entry's JSON value that was read back from what was stored.

    Raises `MalformedError` as `entry_from` does.
    """
    check_value(content)
    _check_fields(content)


# What the struct library says, and what we say; {at} is the key it is about.
_SAID: Final = (
    (re.compile(r"Object contains unknown field `(.*?)`"), "{at} has no key `{0}`"),
    (re.compile(r"Object missing required field `(.*?)`"), "the key `{0}` of {at} is missing"),
    (re.compile(r"Invalid enum value (.*?)$"), "{at} cannot be {0}; it is {allowed}"),
    (re.compile(r"Expected `(.*?)`, got `(.*?)`"), "{at} is {1}, where {0} is wanted"),
)
_TYPES: Final = {
    "int": "a whole number",
    "str": "text",
    "bool": "true or false",
    "date": "a day",
    "array": "a list",
    "object": "an object",
    "int | str": "an amount",
}


def _in_words(kind: str, said: str) -> str:
    """The struct library's message in the words of the entry format."""
    what, _, path = said.partition(" - at `$.")
    at = f"`{path.rstrip('`')}`" if path else f"an entry of type {kind}"
    for pattern, words in _SAID:
        found = pattern.fullmatch(what)
        if found:
            named = [_TYPES.get(each, shown(each)) for each in found.groups()]
            return words.format(*named, at=at, allowed=" or ".join(_allowed(KINDS[kind], path.rstrip("`"))))
    return f"{at}: {what}"


def _allowed(wanted: object, path: str) -> list[str]:
    """Enumerated values that the field at a path of a struct may have; none where it is not enumerated."""
    name, _, rest = path.partition(".")
    if name and isinstance(wanted, type):
        return _allowed(get_type_hints(wanted).get(name.partition("[")[0]), rest)
    if get_origin(wanted) is Literal:
        return [str(each) for each in get_args(wanted)]
    return [value for each in get_args(wanted) for value in _allowed(each, path)]


def fraction_from(_wanted: type, value: object) -> Fraction:
    """Read a ratio: one positive integer or two with a slash; the only type that the struct library does not know."""
    if not isinstance(value, str) or not RATIO.fullmatch(value):
        raise ValueError('a ratio is a string, one positive integer or two with a slash: "2", "3/2", "1/10"')
    return Fraction(value)


def _check_fields(value: Mapping[str, Any]) -> None:
    """Check every field by its name: one name means one thing in all kinds of entry."""
    for key, item in value.items():
        check = CHECKS.get(key)
        if check is not None:
            check(key, item)


def check_name(key: str, value: object) -> None:
    """Refuse a name or an id that is not 1 to 200 characters, composed (NFC), all of them seen."""
    if not isinstance(value, str):
        malformed(f"`{key}` is not a string")
    if not 1 <= len(value) <= MAX_NAME:
        malformed(f"`{key}` has {len(value)} characters; 1 to {MAX_NAME} are allowed")
    if value.isascii() and value.isprintable():
        return
    if not is_normalized("NFC", value):
        malformed(f"`{key}` is not in Unicode's composed form (NFC)")
    for character in value:
        if not is_seen(character):
            malformed(f"`{key}` holds the unseen character U+{ord(character):04X}")


def check_instant(text: str) -> None:
    """Refuse what is no instant as a ledger writes it: UTC, microseconds, fixed width."""
    try:
        is_one = datetime.fromisoformat(text).isoformat(timespec="microseconds") == f"{text[:-1]}+00:00"
    except ValueError:
        is_one = False
    if not (is_one and text.endswith("Z")):
        malformed(f"it was recorded at {shown(text)}, which is no instant YYYY-MM-DDTHH:MM:SS.ffffffZ")


def _check_names(key: str, value: object) -> None:
    if isinstance(value, list | tuple):
        if not value:
            malformed(f"`{key}` is an empty list; leave it out")
        for item in value:
            check_name(key, item)


def _check_positions(key: str, value: object) -> None:
    if value is not None:
        _check_names(key, value)


def _check_series_map(key: str, value: object) -> None:
    if isinstance(value, dict):
        for old, new in value.items():
            check_name(key, old)
            check_name(key, new)


def _check_id(key: str, value: object) -> None:
    if isinstance(value, str):
        if len(value) > MAX_ID:
            malformed(f"`{key}` has {len(value)} characters; at most {MAX_ID} are allowed")
        if "\0" in value:
            malformed(f"`{key}` holds the character U+0000, which no database keeps")


def _check_day(key: str, value: object) -> None:
    if isinstance(value, str):
        day = day_from(value)
        if day is None or not FIRST_DAY <= day <= LAST_DAY:
            what = "no day of the calendar" if day is None else "out of range"
            malformed(f"`{key}` is {shown(value)}, {what}; days are YYYY-MM-DD, from {FIRST_DAY} to {LAST_DAY}")


def _check_amount(key: str, value: object) -> None:
    if isinstance(value, str) and not AMOUNT.fullmatch(value):
        malformed(f'`{key}` is not an amount: digits, at most one point, no sign or exponent: "126.28"')
    if isinstance(value, int | str) and not 0 <= Fraction(value) < MAX_COUNT:
        malformed(f"`{key}` is {value}; amounts are not negative and stay below 2^53")


def _check_positive(key: str, value: object) -> None:
    if isinstance(value, int) and value < 1:
        malformed(f"`{key}` is {value}; it is 1 or more")


def _check_not_negative(key: str, value: object) -> None:
    if isinstance(value, int) and value < 0:
        malformed(f"`{key}` is {value}; it is 0 or more")


def _check_nested(_key: str, value: object) -> None:
    if isinstance(value, dict):
        _check_fields(value)


def _check_triggers(key: str, value: object) -> None:
    if isinstance(value, list | tuple) and not value:
        malformed(f"`{key}` is an empty list; leave it out")


def _check_span(key: str, value: object) -> None:
    if not isinstance(value, dict):
        return
    if len(value) != 1:
        malformed(f"`{key}` is one of days, months, years with a number")
    for unit, count in value.items():
        if isinstance(count, int) and not 1 <= count <= getattr(LONGEST, unit, count):
            malformed(f"`{key}` is {count} {unit}; spans are 1 day to 1,000 years")


Check = Callable[[str, object], None]


def _checks(names: str, check: Check) -> dict[str, Check]:
    return dict.fromkeys(names.split(), check)


CHECKS: Final[Mapping[str, Check]] = (
    _checks("company name currency series holder heir to position successor successor_name", check_name)
    | _checks("inherited_from transferred_from", check_name)
    | _checks("on record_date meeting_closed_on approved_on allotment_date payment_date from until", _check_day)
    | _checks("price_per_share price_per_right exercise_price", _check_amount)
    | _checks("max_rights shares_per_right retracts", _check_positive)
    | _checks("terms exercise_period conditions approval inheritance", _check_nested)
    | _checks("after_departure window", _check_span)
    | {
        "id": _check_id,
        "treasury_shares": _check_not_negative,
        "holders": _check_names,
        "positions": _check_positions,
        "series_map": _check_series_map,
        "acquisition_triggers": _check_triggers,
    }
)


PLAIN: Final = frozenset(
    {Allotment, Appointment, Cancellation, Company, Death, Departure, Exercise, Inheritance, Transfer, Waiver}
)
"""Kinds whose fields are names, days, and counts of which none need be 1 or more."""

_UNCHECKED: Final = len(Entry.__struct_fields__)
"""The id, which is looked at by itself, the source and the note come first in every entry."""


def is_plain(entry: AnyEntry) -> bool:
    """Whether an entry is of the most usual kinds, and no field of it is at fault.

    For speed only: of others nothing is said, and in what this finds good `check_content` finds no fault either, unless
    the JSON value holds something that the typed entry does not show.
    """
    if type(entry) not in PLAIN or (entry.id is not None and (len(entry.id) > MAX_ID or "\0" in entry.id)):
        return False
    items = astuple(entry)[_UNCHECKED:]
    if _GOOD.issuperset(items):
        return True
    try:
        for item in items:
            _check_item(item)
    except MalformedError:
        return False
    if len(_GOOD) > MOST_KEPT:
        _GOOD.clear()
    _GOOD.update(items)
    return True


_GOOD: Final[set[object]] = set()
"""Names, days and counts that were found good: the same few stand in many entries. None of them is long."""


def _check_item(item: object) -> None:
    if isinstance(item, str):
        check_name("", item)
    elif isinstance(item, date) and not FIRST_DAY <= item <= LAST_DAY:
        malformed(f"{item} is out of range")
    elif isinstance(item, int) and not 0 <= item < MAX_COUNT:
        malformed(f"{item} is no count")


def check_together(entry: AnyEntry) -> None:
    """Check what two fields of an entry say together. Raises `MalformedError`."""
    check = TOGETHER.get(type(entry))
    if check is not None:
        check(entry)


def _check_issue(entry: Issue) -> None:
    period = entry.terms.exercise_period
    if period.until < period.from_:
        malformed(f"the exercise period ends on {period.until}, before it starts on {period.from_}")
    if period.until > last_day(period.from_, Span(years=LONGEST.years)):
        malformed(f"the exercise period {period} is longer than {LONGEST.years:,} years")


def _check_inheritance(entry: Inheritance) -> None:
    if entry.holder == entry.heir:
        malformed(f"{entry.holder} cannot inherit from themselves")


def _check_transfer(entry: Transfer) -> None:
    if entry.holder == entry.to:
        malformed(f"{entry.holder} cannot transfer to themselves")


def _check_restructuring(entry: Restructuring) -> None:
    if entry.delivery and entry.successor is None:
        malformed("a restructuring with `delivery` names its `successor`")
    if entry.successor == entry.company:
        malformed(f"{entry.company} cannot be its own successor")
    if entry.series_map is not None and not entry.delivery:
        malformed("a `series_map` needs `delivery`: without it nothing is replaced")


TOGETHER: Final[Mapping[type[AnyEntry], Callable[[Any], None]]] = {
    Issue: _check_issue,
    Inheritance: _check_inheritance,
    Transfer: _check_transfer,
    Restructuring: _check_restructuring,
}
