"""What the address of a page asks: the day, what was known, the language."""

from datetime import date, datetime
from typing import Final, cast
from urllib.parse import parse_qsl

from msgspec import Struct

from ledger.domain.spans import day_from
from ledger.domain.strict_json import malformed
from ledger.reports.language import Language

NAMES: Final = ("as_of", "known_at", "known_version", "lang")
LANGUAGES: Final = ("en", "ja")
_LONGEST_VERSION: Final = 16


class Query(Struct, frozen=True):
    """What is asked; None where it is left to the page."""

    as_of: date | None = None
    known_at: date | datetime | None = None
    known_version: int | None = None
    lang: Language | None = None


def query_from(text: str) -> Query:
    """Read the part of an address after its question mark. Raises `MalformedError`."""
    given: dict[str, str] = {}
    try:
        pairs = parse_qsl(text, keep_blank_values=True, strict_parsing=bool(text), max_num_fields=len(NAMES))
    except ValueError:
        malformed(f"?{text} is no question: write {', '.join(f'{name}=…' for name in NAMES)}, joined by &")
    for name, value in pairs:
        if name not in NAMES:
            malformed(f"{name} is not asked here; what may be is {', '.join(NAMES)}")
        if name in given:
            malformed(f"{name} is given twice; give it once")
        given[name] = value
    return Query(
        _day(given["as_of"]) if "as_of" in given else None,
        moment_from(given["known_at"]) if "known_at" in given else None,
        _version(given["known_version"]) if "known_version" in given else None,
        _language(given["lang"]) if "lang" in given else None,
    )


def language_of(text: str) -> Language | None:
    """The language that an address asks for, whatever else is wrong with it."""
    for name, value in parse_qsl(text):
        if name == "lang" and value in LANGUAGES:
            return cast(Language, value)
    return None


def _day(text: str) -> date:
    day = day_from(text)
    if day is None:
        malformed(f"as_of={text} is no day of the calendar; days are written YYYY-MM-DD")
    return day


def moment_from(text: str) -> date | datetime:
    """A day, or an instant with its time zone; a plus sign may have become a space on the way."""
    day = day_from(text)
    if day is not None:
        return day
    try:
        moment = datetime.fromisoformat(text.replace(" ", "+"))
    except ValueError:
        moment = None
    if moment is None or moment.tzinfo is None:
        malformed(f"known_at={text} is neither a day YYYY-MM-DD nor an instant such as 2018-06-28T18:00:00+09:00")
    return moment


def _version(text: str) -> int:
    if not (text.isascii() and text.isdigit() and len(text) <= _LONGEST_VERSION):
        malformed(f"known_version={text} is no version; versions are whole numbers")
    return int(text)


def _language(text: str) -> Language:
    if text not in LANGUAGES:
        malformed(f"lang={text} is not spoken here; what is: {', '.join(LANGUAGES)}")
    return cast(Language, text)
