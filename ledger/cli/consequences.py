"""What somebody who has just recorded an entry wants to know next."""

from collections.abc import Iterator, Mapping
from datetime import date
from typing import Any

from ledger.book import Book
from ledger.cli.render import yen
from ledger.projections.rows import EligibilityRow


def consequences(book: Book, entry: Mapping[str, Any], version: int | None) -> Iterator[str]:
    """Lines about what follows from an entry that was recorded as ``version``."""
    match entry["type"]:
        case "exercise":
            yield from _of_exercise(book, version)
        case "departure" | "death":
            yield from _of_windows(book, entry["holder"], entry["on"])
        case "inheritance":
            yield from _of_windows(book, entry["heir"], entry["on"])
        case "split" | "consolidation" | "adjustment":
            yield "See the new shares per right with: rights series"
        case _:
            pass


def _of_exercise(book: Book, version: int | None) -> Iterator[str]:
    for row in book.exercises(date.max):
        if row.version == version:
            yield (
                f"{row.shares:,} shares for {yen(row.payment)}; capital rises by {yen(row.capital)}, "
                f"capital reserve by {yen(row.capital_reserve)} (item 6)."
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
