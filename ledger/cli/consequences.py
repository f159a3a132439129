"""What somebody who has just recorded an entry wants to know next."""

from collections.abc import Iterator, Mapping
from datetime import date
from typing import Any

from ledger.book import Book
from ledger.domain.spans import LAST_DAY, ONE_DAY, next_day
from ledger.projections.rows import EligibilityRow
from ledger.reports.cells import Yen

CHANGES_EXERCISES = frozenset({"split", "consolidation", "adjustment", "restructuring", "pricing", "retraction"})
"""Kinds that may make an exercise recorded before worth something else: by its shares, or by its price at issue."""


def consequences(book: Book, entry: Mapping[str, Any], version: int) -> Iterator[str]:
    """Lines about what follows from an entry that was recorded as ``version``."""
    match entry["type"]:
        case "exercise":
            yield from _of_exercise(book, version)
        case "departure" | "death":
            yield from _of_windows(book, entry["holder"], entry["on"])
        case "inheritance":
            yield from _of_windows(book, entry["heir"], entry["on"])
        case "split":
            closed_on = entry.get("meeting_closed_on")
            relied_from = None if closed_on is None else next_day(date.fromisoformat(closed_on))
            yield from _of_shares(book, next_day(date.fromisoformat(entry["record_date"])), relied_from)
        case "consolidation" | "adjustment" | "restructuring":
            yield from _of_shares(book, date.fromisoformat(entry["on"]))
        case _:
            pass
    if entry["type"] in CHANGES_EXERCISES:
        yield from _changed_exercises(book, version)


def _of_shares(book: Book, on: date, relied_from: date | None = None) -> Iterator[str]:
    """Series whose number changes on a day, as it will be relied on when every meeting has closed.

    relied_from: the day after the meeting on which the change depends (item 3, proviso), or None.
    """
    answered = {row.series: row.shares_per_right for row in book.series(on, why=False)}
    before = {row.series: row.shares_per_right for row in book.series(on - ONE_DAY, known_at=LAST_DAY, why=False)}
    for row in book.series(on, known_at=LAST_DAY, why=False):
        was = before.get(row.series, row.shares_per_right)
        if row.series not in before and row.replaces is not None:
            yield f"Series {row.series}, replacing {row.replaces}: {row.shares_per_right:,} shares per right from {on}."
        elif was != row.shares_per_right:
            until_then = answered.get(row.series, was)
            is_waiting = relied_from is not None and relied_from > on and until_then != row.shares_per_right
            waits = f", to be relied on from {relied_from}; until then {until_then:,}" if is_waiting else ""
            yield f"Series {row.series}: {was:,} → {row.shares_per_right:,} shares per right from {on}{waits}."


def _changed_exercises(book: Book, version: int) -> Iterator[str]:
    """Exercises recorded before that are worth something else now."""
    before = {row.version: row for row in book.exercises(LAST_DAY, known_version=version - 1, why=False)}
    for row in book.exercises(LAST_DAY, why=False):
        was = before.get(row.version, row)
        if was != row:
            yield (
                f"Exercise of version {row.version}: {was.shares:,} → {row.shares:,} shares, capital "
                f"{Yen(was.capital)} → {Yen(row.capital)}, reserve {Yen(was.capital_reserve)} → "
                f"{Yen(row.capital_reserve)}."
            )


def _of_exercise(book: Book, version: int) -> Iterator[str]:
    for row in book.exercises(LAST_DAY):
        if row.version == version:
            yield (
                f"{row.shares:,} shares for {Yen(row.payment)}; capital rises by {Yen(row.capital)}, "
                f"capital reserve by {Yen(row.capital_reserve)} (item 6)."
            )


def _of_windows(book: Book, holder: str, on: str) -> Iterator[str]:
    rows = [row for row in book.eligibility(date.fromisoformat(on)) if row.holder == holder]
    if not rows:
        yield f"{holder} has nothing outstanding on {on}."
    for row in rows:
        yield _window(row)


def _window(row: EligibilityRow) -> str:
    what = f"Series {row.series}: {row.rights:,} rights, {row.shares:,} shares"
    if row.from_ is not None:
        return f"{what}, exercisable {row.from_} to {row.until}."
    return f"{what}: {'wait for an heir' if row.reason == 'awaiting-heir' else 'still in office, not exercisable'}."
