"""Given these entries, when those are recorded, then this holds: the rules, tried on a ledger in memory.

Entries are written as the input writes them, days as ``YYYY-MM-DD``. Unless told otherwise it is the 7th series
(`seeds`, the notice of 28 June 2017) of IIJ, and ``director-1``.
"""

from collections.abc import Iterable, Mapping
from datetime import UTC, date, datetime
from typing import Any, TypeVar

from ledger.book import Book
from ledger.domain.errors import LedgerError
from ledger.projections.rows import EligibilityRow, ExerciseRow, HoldingRow, SeriesRow
from ledger.store.memory import MemoryLog

Given = dict[str, Any]
"""An entry as JSON holds it."""

T = TypeVar("T")

NOW = datetime(2026, 11, 22, 0, 0, tzinfo=UTC)

COUNTS = (
    "allotted", "received", "outstanding", "exercised", "lapsed", "waived", "acquired", "extinguished", "replaced",
    "passed_on",
)  # fmt: skip


def day(written: str) -> date:
    return date.fromisoformat(written)


def company(name: str = "IIJ", *, on: str = "1992-12-03") -> Given:
    return {"type": "company", "company": name, "name": f"{name} Inc.", "on": on}


def terms(conditions: Mapping[str, Any] | None = None, **changes: Any) -> Given:
    """Terms of the 7th series, with changes; a change to None leaves a field out."""
    written: Given = {
        "company": "IIJ",
        "max_rights": 245,
        "shares_per_right": 200,
        "exercise_price": 1,
        "exercise_period": {"from": "2017-07-15", "until": "2047-07-14"},
        "allotment_date": "2017-07-14",
    }
    written |= changes
    if conditions is not None:
        written["conditions"] = dict(conditions)
    return {key: value for key, value in written.items() if value is not None}


def issue(
    series: str = "7", *, on: str = "2017-06-28", conditions: Mapping[str, Any] | None = None, **changes: Any
) -> Given:
    return {"type": "issue", "series": series, "on": on, "terms": terms(conditions, **changes)}


def series_7(conditions: Mapping[str, Any] | None = None, **changes: Any) -> tuple[Given, Given]:
    """The company and the 7th series: versions 1 and 2."""
    return company(), issue(conditions=conditions, **changes)


def pricing(per_share: int | str = 1_900, *, on: str = "2017-07-14", series: str = "7", **more: Any) -> Given:
    return {"type": "pricing", "series": series, "on": on, "price_per_share": per_share, **more}


def allotted(
    rights: int = 24,
    holder: str = "director-1",
    *,
    on: str = "2017-07-14",
    series: str = "7",
    position: str = "director",
) -> Given:
    return {
        "type": "allotment", "series": series, "holder": holder, "position": position, "rights": rights, "on": on
    }  # fmt: skip


def appointed(on: str, position: str = "executive-officer", holder: str = "director-1") -> Given:
    return {"type": "appointment", "holder": holder, "position": position, "on": on}


def departed(on: str, holder: str = "director-1", **more: Any) -> Given:
    return {"type": "departure", "holder": holder, "on": on, **more}


def died(on: str, holder: str = "director-1") -> Given:
    return {"type": "death", "holder": holder, "on": on}


def inherited(on: str, heir: str = "heir-1", holder: str = "director-1", **more: Any) -> Given:
    return {"type": "inheritance", "holder": holder, "heir": heir, "on": on, **more}


def exercised(on: str, rights: int = 1, holder: str = "director-1", *, series: str = "7", **more: Any) -> Given:
    return {"type": "exercise", "series": series, "holder": holder, "rights": rights, "on": on, **more}


def waived(on: str, rights: int = 1, holder: str = "director-1", *, series: str = "7", **more: Any) -> Given:
    return {"type": "waiver", "series": series, "holder": holder, "rights": rights, "on": on, **more}


def transferred(
    on: str, rights: int = 1, to: str = "buyer-1", holder: str = "director-1", *, series: str = "7", **more: Any
) -> Given:
    return {"type": "transfer", "series": series, "holder": holder, "to": to, "rights": rights, "on": on, **more}


def split(ratio: str, record_date: str, company: str = "IIJ", **more: Any) -> Given:
    return {"type": "split", "company": company, "ratio": ratio, "record_date": record_date, **more}


def consolidated(ratio: str, on: str, company: str = "IIJ") -> Given:
    return {"type": "consolidation", "company": company, "ratio": ratio, "on": on}


def adjusted(shares_per_right: int, on: str, series: str = "7") -> Given:
    return {"type": "adjustment", "series": series, "shares_per_right": shares_per_right, "on": on}


def acquired(
    on: str,
    holders: list[str] | None = None,
    *,
    kind: str = "merger",
    approved_on: str = "2019-06-01",
    series: str = "7",
) -> Given:
    written: Given = {"type": "acquisition", "series": series, "approval": {"kind": kind, "on": approved_on}, "on": on}
    return written if holders is None else written | {"holders": holders}


def cancelled(on: str, rights: int, series: str = "7") -> Given:
    return {"type": "cancellation", "series": series, "rights": rights, "on": on}


def restructured(
    on: str,
    kind: str = "merger",
    *,
    successor: str | None = "HD",
    delivery: bool = True,
    company: str = "IIJ",
    **more: Any,
) -> Given:
    written: Given = {"type": "restructuring", "company": company, "kind": kind, "on": on, "delivery": delivery}
    return written | more if successor is None else written | {"successor": successor} | more


def retraction(version: int) -> Given:
    return {"type": "retraction", "retracts": version}


class Story:
    """A ledger in memory, and what has happened in it."""

    def __init__(self) -> None:
        self.instant = NOW
        log = MemoryLog()
        log.create("main", "")
        self.book = Book(log, "main", now=lambda: self.instant)

    def then(self, *entries: Given, at: datetime | None = None) -> "Story":
        """Record a batch, at an instant where that matters."""
        self.instant = at or self.instant
        self.book.record(entries, actor="tests")
        return self

    def when(self, *entries: Given) -> "Attempt":
        """Try to record a batch."""
        return Attempt(self, entries)

    @property
    def version(self) -> int:
        return self.book.history().known_version

    def holdings(self, as_of: str, **asked: Any) -> list[HoldingRow]:
        return list(self.book.holdings(day(as_of), **asked))

    def holding(
        self,
        as_of: str,
        holder: str = "director-1",
        series: str = "7",
        *,
        inherited_from: str | None = None,
        transferred_from: str | None = None,
        **asked: Any,
    ) -> HoldingRow:
        key = (series, holder, inherited_from, transferred_from)
        return one(row for row in self.holdings(as_of, **asked) if key_of(row) == key)

    def rights(self, as_of: str, holder: str = "director-1", series: str = "7", **more: Any) -> dict[str, int]:
        """Where the rights of a holding are at the end of a day: every count of the row that is not 0."""
        return counts_of(self.holding(as_of, holder, series, **more))

    def shares_per_right(self, as_of: str, series: str = "7", **asked: Any) -> int:
        return self.series(as_of, series, **asked).shares_per_right

    def series(self, as_of: str, series: str = "7", **asked: Any) -> SeriesRow:
        return one(row for row in self.book.series(day(as_of), **asked) if row.series == series)

    def eligibility(self, on: str, holder: str = "director-1", series: str = "7", **asked: Any) -> list[EligibilityRow]:
        rows = self.book.eligibility(day(on), **asked)
        return [row for row in rows if (row.series, row.holder) == (series, holder)]

    def window(self, on: str, holder: str = "director-1", series: str = "7", **asked: Any) -> tuple[str, ...] | str:
        """First and last day of the window, and whether it is open on a day; ``lapsed`` without rights outstanding."""
        rows = self.eligibility(on, holder, series, **asked)
        if not rows:
            return "lapsed"
        row = one(rows)
        says = "open" if row.eligible else str(row.reason)
        return says if row.from_ is None or row.until is None else (says, str(row.from_), str(row.until))

    def exercises(self, as_of: str = "2060-01-01", **asked: Any) -> list[ExerciseRow]:
        return list(self.book.exercises(day(as_of), **asked))


class Attempt:
    """Entries that somebody tried to record, and what became of them."""

    def __init__(self, story: Story, entries: Iterable[Given]) -> None:
        self.story = story
        self.error: LedgerError | None = None
        before = story.book.history()
        try:
            story.book.record(list(entries), actor="tests")
        except LedgerError as error:
            self.error = error
            assert story.book.history() == before, "something was recorded on a refusal"

    def recorded(self) -> Story:
        assert self.error is None, f"refused: {self.error}"
        return self.story

    def refused_with(self, code: str, *, line: int | None = 1, contradicts: int | None = None) -> LedgerError:
        """Refused by this rule, in this line of the batch."""
        error = self.error
        assert error is not None, f"recorded, and not refused with {code}"
        assert (error.code, error.line, error.contradicts) == (code, line, contradicts), error.message
        return error

    def contradicts(self, version: int) -> LedgerError:
        """Refused because the entry recorded at this version would become unlawful."""
        return self.refused_with("contradiction", line=None, contradicts=version)


def given(*entries: Given) -> Story:
    """A ledger in which these entries were recorded together: versions 1, 2, 3 …"""
    return Story().then(*entries) if entries else Story()


def key_of(row: HoldingRow | EligibilityRow | ExerciseRow) -> tuple[str, str, str | None, str | None]:
    return row.series, row.holder, row.inherited_from, row.transferred_from


def counts_of(row: HoldingRow | SeriesRow) -> dict[str, int]:
    found = {name: getattr(row, name, 0) for name in COUNTS}
    return {name: count for name, count in found.items() if count}


def one(rows: Iterable[T]) -> T:
    found = list(rows)
    assert len(found) == 1, f"{len(found)} rows: {found}"
    return found[0]
