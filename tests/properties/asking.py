"""All four questions at once, and the days on which their answers can change."""

from collections.abc import Iterable, Sequence
from datetime import UTC, date, datetime, timedelta
from typing import Any

from ledger.book import Book
from ledger.domain.decide import History
from ledger.domain.entries import Recorded, Retraction
from ledger.domain.state import State
from ledger.domain.wellformed import entry_from
from ledger.domain.windows import window_of
from ledger.projections.rows import HistoryRow, Row
from ledger.store.memory import MemoryLog
from tests.strategies import FIRST, Content

ONE_DAY = timedelta(days=1)
EVER = date(2999, 12, 31)
"""A day by which every meeting has closed and everything recorded is known."""

Answers = dict[str, list[dict[str, Any]]]


class Ticking:
    """A clock that goes on by half a day whenever it is read, from the first of the days on."""

    def __init__(self, begins_on: date = FIRST) -> None:
        self.moment = datetime(begins_on.year, begins_on.month, begins_on.day, 3, tzinfo=UTC)

    def __call__(self) -> datetime:
        self.moment += timedelta(hours=12)
        return self.moment


def new_book(*batches: Sequence[Content]) -> Book:
    """A book of its own, in memory, with these batches recorded."""
    log = MemoryLog()
    log.create("main", "2019-01-01T00:00:00.000000Z")
    book = Book(log, "main", now=Ticking())
    for batch in batches:
        book.record(batch, actor="hr")
    return book


def ask(book: Book, day: date, *, known_at: date | datetime | None = EVER, known_version: int | None = None) -> Answers:
    """What a book answers to all four questions about a day."""
    known: dict[str, Any] = {"known_at": known_at, "known_version": known_version}
    found: dict[str, Iterable[Row]] = {
        "holdings": book.holdings(day, **known),
        "series": book.series(day, **known),
        "eligibility": book.eligibility(day, **known),
        "exercises": book.exercises(day, **known),
    }
    return {question: [_whole(row) for row in rows] for question, rows in found.items()}


def _whole(row: Row) -> dict[str, Any]:
    """A row with all that it rests on."""
    return {**row.to_dict(), "because": [reason.to_dict() for reason in getattr(row, "because", ())]}


def ask_all(book: Book, days: Iterable[date], **known: Any) -> dict[date, Answers]:
    return {day: ask(book, day, **known) for day in days}


def by_note(answers: dict[date, Answers], history: Iterable[HistoryRow]) -> dict[date, Answers]:
    """Answers with the note of an entry in place of its version, for ledgers that number the same entries otherwise."""
    notes = {row.version: row.entry["note"] for row in history}
    return {day: {name: _noted(rows, notes) for name, rows in each.items()} for day, each in answers.items()}


def _noted(rows: list[dict[str, Any]], notes: dict[int, str]) -> list[dict[str, Any]]:
    found = []
    for row in rows:
        because = [{**reason, "version": notes.get(reason["version"])} for reason in row["because"]]
        numbered = {"version": notes[row["version"]]} if "version" in row else {}
        found.append({**row, **numbered, "because": because})
    # Rows of one holding are in the order of their versions.
    if found and "version" in found[0]:
        keys = ("series", "holder", "inherited_from", "transferred_from", "on", "version")
        found.sort(key=lambda row: [row[key] or "" for key in keys])
    return found


def telling_days(contents: Iterable[Content], state: State) -> list[date]:
    """Days on which anything changes, and those beside them: of entries, of windows and of lapses."""
    entries = map(entry_from, contents)
    found = {entry.on for entry in entries if not isinstance(entry, Retraction)}
    for name, held in state.holdings.items():
        series = state.series[name]
        found |= {series.period.from_, series.period.until + ONE_DAY}
        for holding in held.values():
            window = window_of(series, holding)
            found |= {holding.lapses_on} | ({window.from_, window.until} if window else set())
    return sorted(found | {day + ONE_DAY for day in found} | {day - ONE_DAY for day in found})


def some_of(days: Sequence[date], most: int = 12) -> list[date]:
    """At most so many of the days, spread evenly, the last among them."""
    step = max(1, -(-len(days) // most))
    return sorted({*days[::step], *days[-1:]})


def recorded(batches: Iterable[Sequence[Content]]) -> list[Recorded]:
    """Batches as they are read back from a log."""
    found: list[Recorded] = []
    for batch in batches:
        first = len(found) + 1
        for version, content in enumerate(batch, start=first):
            found.append(Recorded(version, first, "2026-11-22T00:12:31.123456Z", "hr", entry_from(content)))
    return found


def everything(state: State) -> dict[str, Any]:
    """All that a state knows, to compare."""
    return {name: getattr(state, name) for name in State.__slots__}


def assert_same(history: History, other: History) -> None:
    """Two histories know the same and will judge alike."""
    assert history.version == other.version
    assert history.placed == other.placed
    assert history.retractions == other.retractions
    assert everything(history.state) == everything(other.state)
