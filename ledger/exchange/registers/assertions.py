"""Assertions about figures as they are written in a file: a sentence a line, in a grammar that is small and closed.

    # Notice of 28 June 2017
    as of 2017-07-14 series 7 has 245 rights           source: "item 13"
    as of 2018-07-02 series 7 holder director-1 may not exercise

docs/reconcile.md has all of it.
"""

import re
from collections.abc import Mapping
from datetime import date, datetime
from decimal import Decimal
from typing import Final, Literal, NamedTuple

from ledger.domain.characters import shown
from ledger.domain.errors import MalformedError
from ledger.domain.spans import day_from
from ledger.domain.spelling import did_you_mean
from ledger.domain.strict_json import MAX_COUNT

Figure = Literal[
    "outstanding", "allotted", "received", "exercised", "lapsed", "waived", "acquired", "extinguished", "replaced",
    "passed_on", "shares", "shares_per_right", "holders", "max_rights", "price_per_right", "price_per_share",
    "exercise_price", "payment", "capital", "capital_reserve", "may_exercise", "window", "period",
]  # fmt: skip
Value = int | Decimal | bool | tuple[date, date]
"""A count; yen; whether it is so; the first and the last day."""

WAYS: Final[Mapping[str, Figure]] = {
    "outstanding": "outstanding", "allotted": "allotted", "received": "received", "exercised": "exercised",
    "lapsed": "lapsed", "waived": "waived", "acquired": "acquired", "extinguished": "extinguished",
    "replaced": "replaced", "passed on": "passed_on",
}  # fmt: skip
OF_A_SERIES: Final[frozenset[Figure]] = frozenset(
    {"shares_per_right", "max_rights", "price_per_right", "price_per_share", "exercise_price", "period"}
)
"""Figures that want a series."""
OF_A_HOLDER: Final[frozenset[Figure]] = frozenset({"passed_on", "may_exercise", "window"})
"""Figures that want a holder."""
NOT_OF_A_HOLDER: Final[frozenset[Figure]] = frozenset(
    {"holders", "max_rights", "price_per_right", "price_per_share", "exercise_price", "period"}
)

_WORD: Final = re.compile(r'"([^"]*)"|([^\s"]+)')
_COUNT: Final = re.compile(r"(?:[0-9]{1,3}(?:,[0-9]{3})+|[0-9]+)")
_YEN: Final = re.compile(rf"({_COUNT.pattern})(\.[0-9]{{1,30}})?")
LONGEST_LINE: Final = 2_000
"""Characters."""
MOST_TOLD: Final = 20


class Assertion(NamedTuple):
    """A sentence about a figure.

    line: of its file, from 1. says: the sentence as it is written. known_at, known_version: as of which state of
    knowledge; None for all that is known. holder: None of a series; its series is None of all. source: where the figure
    is published, in words.
    """

    line: int
    says: str
    as_of: date
    figure: Figure
    expected: Value
    series: str | None = None
    holder: str | None = None
    inherited_from: str | None = None
    transferred_from: str | None = None
    known_at: date | datetime | None = None
    known_version: int | None = None
    source: str | None = None


class _WrongSentenceError(Exception):
    """A sentence that is none of the grammar. says: what is wrong, and what would be right."""

    def __init__(self, says: str) -> None:
        super().__init__(says)
        self.says = says


def assertions_in(text: str, name: str) -> list[Assertion]:
    """Read the assertions of a file. name: of the file, as a person knows it.

    Empty lines and those that begin with ``#`` say nothing. Raises `MalformedError`, with every problem by its line.
    """
    found, problems = [], []
    for number, line in enumerate(text.split("\n"), start=1):
        if line.strip() and not line.lstrip().startswith("#"):
            try:
                found.append(assertion_of(line, number))
            except _WrongSentenceError as error:
                problems.append(f"line {number}: {error.says}")
    if problems:
        count = "1 problem" if len(problems) == 1 else f"{len(problems):,} problems"
        more = f"; and {len(problems) - MOST_TOLD:,} more" if len(problems) > MOST_TOLD else ""
        raise MalformedError("malformed", f"{name} has {count}: {'; '.join(problems[:MOST_TOLD])}{more}")
    return found


def assertion_of(line: str, number: int) -> Assertion:
    """One sentence. Raises `_WrongSentenceError`."""
    if len(line) > LONGEST_LINE:
        raise _WrongSentenceError(f"it has {len(line):,} characters; a sentence has at most {LONGEST_LINE:,}")
    words = _Words(line)
    words.phrase("as of")
    as_of = words.day()
    known_at, known_version = _knowledge(words)
    series = words.name("a series") if words.has("series") else None
    holder = words.name("a holder") if words.has("holder") else None
    if series is None and holder is None:
        words.wrong("series", "holder")
    origins: dict[str, str] = {}
    for phrase in ("inherited from", "transferred from") if holder is not None else ():
        if words.has(phrase):
            origins[phrase] = words.name("a holder")
    figure, expected = _claim(words)
    _refuse_subject(figure, series, holder)
    source = words.name("where the figure is published") if words.has("source:") else None
    words.end()
    return Assertion(
        number,
        words.said,
        as_of,
        figure,
        expected,
        series,
        holder,
        origins.get("inherited from"),
        origins.get("transferred from"),
        known_at,
        known_version,
        source,
    )


class _Words:
    """The words of a sentence, taken one after the other; a phrase may be of several, and a name in quotation marks."""

    def __init__(self, line: str) -> None:
        if line.count('"') % 2:
            raise _WrongSentenceError('a quotation mark is open: names with spaces are written "like this"')
        parts = [*_WORD.finditer(line)]
        self._words = [part[1] if part[1] is not None else part[2] for part in parts]
        self._quoted = [part[1] is not None for part in parts]
        self._starts = [part.start() for part in parts]
        self._line = line
        self._at = 0
        self._source_at: int | None = None

    @property
    def said(self) -> str:
        """The sentence but for its source."""
        return self._line[: self._source_at].strip()

    def has(self, phrase: str) -> bool:
        """Take a phrase, if it comes next."""
        wanted = phrase.split(" ")
        until = self._at + len(wanted)
        if any(self._quoted[self._at : until]) or [each.lower() for each in self._words[self._at : until]] != wanted:
            return False
        if phrase == "source:":
            self._source_at = self._starts[self._at]
        self._at = until
        return True

    def one_of(self, *phrases: str) -> str:
        """Take one of several phrases; a longer one before what it begins with."""
        for phrase in sorted(phrases, key=len, reverse=True):
            if self.has(phrase):
                return phrase
        return self.wrong(*phrases)

    def phrase(self, phrase: str) -> None:
        """Take a phrase that has to come."""
        self.one_of(phrase)

    def name(self, what: str) -> str:
        """Take an id, or a text in quotation marks."""
        word = self._next(what)
        if not word:
            raise _WrongSentenceError(f"{what} is empty")
        return word

    def day(self) -> date:
        """Take a day."""
        word = self._next("a day")
        found = day_from(word)
        if found is None:
            raise _WrongSentenceError(f"{shown(word)} is no day of the calendar; days are written YYYY-MM-DD")
        return found

    def count(self) -> int:
        """Take a count."""
        word = self._next("a count")
        digits = word.replace(",", "") if _COUNT.fullmatch(word) else ""
        if not digits or len(digits) > 16 or int(digits) >= MAX_COUNT:
            raise _WrongSentenceError(f"{shown(word)} is no count; write a whole number, such as 245 or 19,200")
        return int(digits)

    def yen(self) -> Decimal:
        """Take an amount in yen, and the word."""
        word = self._next("an amount")
        found = _YEN.fullmatch(word)
        digits = found[1].replace(",", "") if found else ""
        if found is None or len(digits) > 30:
            raise _WrongSentenceError(f"{shown(word)} is no amount; write yen in digits, such as 422,600 or 126.28")
        self.phrase("yen")
        return Decimal(digits + (found[2] or ""))

    def known_at(self) -> date | datetime:
        """Take a day, or an instant with its time zone."""
        word = self._next("a day or an instant")
        day = day_from(word)
        if day is not None:
            return day
        try:
            moment = datetime.fromisoformat(word)
        except ValueError:
            moment = None
        if moment is None or moment.tzinfo is None:
            raise _WrongSentenceError(
                f"{shown(word)} is neither a day YYYY-MM-DD nor an instant such as 2018-06-28T18:00:00+09:00"
            )
        return moment

    def end(self) -> None:
        """See that nothing is left."""
        if self._at < len(self._words):
            left = " ".join(self._words[self._at :])
            raise _WrongSentenceError(f'{shown(left)} is too much; the sentence ends here, or with source: "…"')

    def wrong(self, *wanted: str) -> str:
        """Say what should come next."""
        listed = ", ".join(wanted[:-1]) + (f" or {wanted[-1]}" if len(wanted) > 1 else wanted[-1])
        if self._at >= len(self._words):
            raise _WrongSentenceError(f"the sentence ends too early: {listed} comes next")
        word = self._words[self._at]
        before = " ".join(self._words[: self._at])
        after = f" after {shown(before)}" if before else ""
        hint = did_you_mean(word.lower(), dict.fromkeys(each.split(" ")[0] for each in wanted))
        raise _WrongSentenceError(f"{shown(word)} does not fit{after}{hint}: {listed} comes next")

    def _next(self, what: str) -> str:
        if self._at >= len(self._words):
            raise _WrongSentenceError(f"the sentence ends too early: {what} comes next")
        self._at += 1
        return self._words[self._at - 1]


def _knowledge(words: _Words) -> tuple[date | datetime | None, int | None]:
    if words.has("known at version"):
        return None, words.count()
    return (words.known_at() if words.has("known at") else None), None


def _claim(words: _Words) -> tuple[Figure, Value]:
    """What is said: which figure, and what it is."""
    match words.one_of("has", "raised", "paid", "may", "is exercisable"):
        case "has":
            return _has(words)
        case "raised":
            yen = words.yen()
            is_reserve = words.one_of("of capital", "of capital reserve") == "of capital reserve"
            return ("capital_reserve" if is_reserve else "capital"), yen
        case "paid":
            return "payment", words.yen()
        case "may":
            if words.one_of("exercise", "not exercise") == "not exercise":
                return "may_exercise", False
            return ("window", _days(words)) if words.has("from") else ("may_exercise", True)
        case _:
            words.phrase("from")
            return "period", _days(words)


def _has(words: _Words) -> tuple[Figure, Value]:
    if words.has("at most"):
        count = words.count()
        words.one_of("right", "rights")
        return "max_rights", count
    if words.has("an exercise price of"):
        return "exercise_price", words.yen()
    if words.has("a price of"):
        yen = words.yen()
        return ("price_per_right" if words.one_of("per right", "per share") == "per right" else "price_per_share"), yen
    for way, figure in WAYS.items():
        if words.has(way):
            count = words.count()
            words.one_of("right", "rights")
            return figure, count
    count = words.count()
    match words.one_of(
        "right", "rights", "share", "shares", "shares per right", "share per right", "holder", "holders"
    ):
        case "right" | "rights":
            return next((figure for way, figure in WAYS.items() if words.has(way)), "outstanding"), count
        case "share" | "shares":
            return "shares", count
        case "holder" | "holders":
            return "holders", count
        case _:
            return "shares_per_right", count


def _days(words: _Words) -> tuple[date, date]:
    first = words.day()
    words.phrase("until")
    return first, words.day()


def _refuse_subject(figure: Figure, series: str | None, holder: str | None) -> None:
    word = figure.replace("_", " ")
    if figure in OF_A_SERIES and series is None:
        raise _WrongSentenceError(f"{word} is of a series: write series S before the holder")
    if figure in OF_A_HOLDER and holder is None:
        raise _WrongSentenceError(f"{word} is of a holder: write holder H after the series")
    if figure in NOT_OF_A_HOLDER and holder is not None:
        raise _WrongSentenceError(f"{word} is of a series, not of a holder: leave out holder {shown(holder)}")
