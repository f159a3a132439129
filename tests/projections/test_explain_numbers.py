"""Every number in an explanation is that of the questions, in all cases, on all their days; and every sum comes out."""

import json
import re
from collections.abc import Iterator
from datetime import date, timedelta
from fractions import Fraction
from typing import Any

import pytest

from ledger.book import Book
from ledger.domain.reasons import rights_said
from ledger.projections.report_rows import ExplanationRow
from ledger.projections.rows import ExerciseRow, Row
from tests.scenario import one
from tests.test_cases import NAMES, answers_of, lines_of, new_ledger

WAYS_IN = ("allotted", "received")
WAYS_OUT = ("exercised", "lapsed", "waived", "acquired", "extinguished", "replaced", "passed_on")


def figures_of(row: Row, but: tuple[str, ...] = ()) -> dict[str, Any]:
    return {name: getattr(row, name) for name in row.__struct_fields__ if name not in {"because", *but}}


def sums(row: ExplanationRow) -> Iterator[None]:
    """Every product and every sum that a step writes comes out."""
    number = r"[0-9][0-9,./ ]*?"
    for step in row.steps:
        for a, sign, b, product in re.findall(
            rf"({number})(?: rights| shares)? ([×÷]) ({number})(?: yen)? = ({number})(?= [a-z]|[,;:] |$)", step.says
        ):
            left, right = exactly(a), exactly(b)
            expected = left * right if sign == "×" else left / right
            assert expected == exactly(product), step.says
            yield
        if step.item == "domain.md 11":
            before, _, after = step.says.partition(" = ")
            counts = [int(each.replace(",", "")) for each in re.findall(r"[0-9,]+", before)]
            signs = [1, *(1 if sign == "+" else -1 for sign in re.findall(r"[+−]", before))]
            assert sum(map(int.__mul__, counts, signs)) == int(after.split()[0].replace(",", "")), step.says
            yield


def exactly(written: str) -> Fraction:
    """A number as a step writes it: with separators, decimals, or a whole and a fraction."""
    whole, _, part = written.replace(",", "").strip().rpartition(" ")
    return (Fraction(whole) if whole else Fraction(0)) + Fraction(part)


def assert_holding(book: Book, row: Any, on: date, known: int) -> None:
    found = one(
        each
        for each in book.explain(
            on, series=row.series, holder=row.holder, inherited_from=row.inherited_from,
            transferred_from=row.transferred_from, known_version=known,
        )
        if (each.inherited_from, each.transferred_from) == (row.inherited_from, row.transferred_from)
    )  # fmt: skip
    figures = {**figures_of(found), **found.figures}
    assert {name: figures[name] for name in figures_of(row)} == figures_of(row)
    asked = [
        each
        for each in book.eligibility(on, known_version=known, series=row.series, holder=row.holder)
        if (each.inherited_from, each.transferred_from) == (row.inherited_from, row.transferred_from)
    ]
    assert bool(asked) == (row.outstanding > 0)
    for each in asked:
        told = {name: figures[name] for name in ("shares", "payment", "eligible", "reason")}
        assert told == {name: getattr(each, name) for name in told}
        assert (figures["from"], figures["until"]) == (each.from_, each.until)
        assert found.answer == (each.reason or "may-exercise")
        if each.from_ is not None:
            assert any(f"{each.from_} to {each.until}" in step.says for step in found.steps)
    assert list(sums(found))
    assert f"{rights_said(row.outstanding)} × {row.shares_per_right:,} = {row.shares:,} shares" in [
        x.says for x in found.steps
    ]
    for way in (*WAYS_IN, *WAYS_OUT):
        parts = [step.says for step in found.steps if re.match(rf"{way.replace('_', ' ')} [0-9]", step.says)]
        assert sum(
            int(says.removeprefix(way.replace("_", " ")).split()[0].replace(",", "")) for says in parts
        ) == getattr(row, way)
    assert found.sentence
    json.dumps(found.to_dict())


def assert_series(book: Book, row: Any, on: date, known: int) -> None:
    found = one(book.explain(on, series=row.series, known_version=known))
    figures = {**figures_of(found), **found.figures}
    assert {name: figures[name] for name in figures_of(row)} == figures_of(row)
    assert list(sums(found))
    for way in (*WAYS_IN, *WAYS_OUT[:-1]):
        parts = re.findall(rf"(?:^|: ){way} ([0-9,]+)\b", "\n".join(x.says for x in found.steps), flags=re.MULTILINE)
        assert sum(int(each.replace(",", "")) for each in parts) == getattr(row, way), way


def assert_exercise(book: Book, row: ExerciseRow, known: int) -> None:
    found = one(book.explain(version=row.version, known_version=known))
    figures = {**figures_of(found), **found.figures}
    assert {name: figures[name] for name in figures_of(row)} == figures_of(row)
    assert list(sums(found))
    assert f"{rights_said(row.rights)} × {figures['shares_per_right']:,} = {row.shares:,} shares" in [
        step.says for step in found.steps
    ]


def days_of(name: str) -> set[date]:
    """The days that the lines of a case name, and those after them."""
    found = {
        date.fromisoformat(each) for each in re.findall(r'"on": ?"([0-9-]{10})"', b"".join(lines_of(name)).decode())
    }
    return found | {day + timedelta(days=1) for day in found}


@pytest.mark.parametrize("name", NAMES)
def test_every_number_is_that_of_the_questions(name: str) -> None:
    with new_ledger("", name) as book:
        book.record(lines_of(name), actor="case", keep_going=True)
        asked = {
            (date.fromisoformat(query.get("as_of") or query["on"]), query["known_version"])
            for query in answers_of(name)["queries"]
        }
        last = max(known for _, known in asked)
        asked |= {(row_day, last) for row_day in days_of(name)}
        for on, known in sorted(asked):
            for holding in book.holdings(on, known_version=known):
                assert_holding(book, holding, on, known)
            for series in book.series(on, known_version=known):
                assert_series(book, series, on, known)
        for on, known in sorted(asked)[-1:]:
            for exercise in book.exercises(on, known_version=known):
                assert_exercise(book, exercise, known)
