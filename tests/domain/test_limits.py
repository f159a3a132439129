"""Limits that are reached by what follows from entries, or by whoever calls from Python."""

from collections.abc import Iterator
from typing import Any

import pytest

from ledger import MalformedError, RefusedError
from ledger.book import Book
from ledger.domain.spelling import MOST_NAMES, did_you_mean
from ledger.proof.verify import verify
from ledger.store.memory import MemoryLog

COMPANY = {"type": "company", "company": "IIJ", "name": "IIJ Inc.", "on": "1992-12-03"}


def issued(series: str, **terms: object) -> dict[str, Any]:
    """A series of 10 rights, exercisable in office."""
    basic: dict[str, object] = {
        "company": "IIJ",
        "max_rights": 10,
        "shares_per_right": 200,
        "exercise_price": 1,
        "exercise_period": {"from": "2017-07-15", "until": "2047-07-14"},
    }
    return {"type": "issue", "series": series, "on": "2017-06-28", "terms": basic | terms}


def allotted(series: str, rights: int = 10) -> dict[str, Any]:
    """Rights to director-1."""
    entry = {"type": "allotment", "series": series, "holder": "director-1", "position": "director"}
    return {**entry, "rights": rights, "on": "2017-07-14"}


def merged(**more: object) -> dict[str, Any]:
    """A merger into HD that delivers rights."""
    entry = {"type": "restructuring", "company": "IIJ", "kind": "merger", "on": "2019-06-03", "delivery": True}
    return {**entry, "successor": "HD", **more}


@pytest.fixture
def book() -> Book:
    log = MemoryLog()
    log.create("main", "2026-11-22T00:00:00.000000Z")
    return Book(log, "main")


@pytest.mark.parametrize(("length", "lawful"), [(197, True), (198, False)])
def test_the_default_id_of_a_successors_series_has_at_most_200_characters(
    book: Book, *, length: int, lawful: bool
) -> None:
    old = "7" * length
    book.record([COMPANY, issued(old), allotted(old)], actor="tests")
    if lawful:
        assert book.record([merged()], actor="tests").version == 4
        return
    with pytest.raises(MalformedError, match="201 characters; give a `series_map`") as refused:
        book.record([merged()], actor="tests")
    assert (refused.value.line, book.history().known_version) == (1, 3)
    assert book.record([merged(series_map={old: "short"})], actor="tests").version == 4


def test_a_long_id_recorded_late_contradicts_the_merger(book: Book) -> None:
    book.record([COMPANY, merged()], actor="tests")
    with pytest.raises(RefusedError) as refused:
        book.record([issued("7" * 198), allotted("7" * 198)], actor="tests")
    assert (refused.value.code, refused.value.contradicts) == ("contradiction", 2)


@pytest.mark.parametrize(("until", "well_formed"), [("2867-12-31", True), ("2868-01-01", False)])
def test_an_exercise_period_is_at_most_1000_years_long(book: Book, *, until: str, well_formed: bool) -> None:
    period = {"exercise_period": {"from": "1868-01-01", "until": until}}
    entries = [COMPANY, issued("7", **period)]
    if well_formed:
        assert book.record(entries, actor="tests").version == 2
    else:
        with pytest.raises(MalformedError, match="longer than 1,000 years"):
            book.record(entries, actor="tests")


@pytest.mark.parametrize(("names", "said"), [(MOST_NAMES, " (did you mean director-1?)"), (MOST_NAMES + 1, "")])
def test_nobody_waits_for_a_suggestion_out_of_too_many(names: int, said: str) -> None:
    known = ["director-1", *(f"{number:020}" for number in range(names - 1))]
    assert did_you_mean("directer-1", known) == said


@pytest.mark.parametrize("given", [None, 1, 1.5, ["type"]])
def test_what_is_neither_an_object_nor_a_line_is_malformed(book: Book, given: Any) -> None:
    with pytest.raises(MalformedError, match="an entry is a JSON object, or a line of JSON Lines"):
        book.record([given], actor="tests")


def test_what_is_recorded_is_what_was_judged_whatever_the_caller_changes_meanwhile(book: Book) -> None:
    def entries() -> Iterator[dict[str, Any]]:
        entry = issued("7", max_rights=10)
        yield COMPANY
        yield entry
        yield allotted("7")
        entry["terms"]["max_rights"] = 5
        yield {**entry, "series": "8"}

    book.record(entries(), actor="tests")
    assert [row.max_rights for row in book.series()] == [10, 5]
    assert book.verify().size == 4
    assert verify("main", []).size == 0
