"""Random ledgers: what they hold, written as a register, agrees with them; one figure changed is found."""

import csv
from collections.abc import Sequence
from datetime import date
from io import StringIO
from random import Random
from typing import Any, Literal

import pytest
from hypothesis import assume, given, settings
from hypothesis import strategies as st

from ledger.book import Book
from ledger.cli.render import write_csv
from ledger.exchange.registers.lines import register_in
from ledger.exchange.registers.reconciling import Reconciliation, reconciliation
from ledger.exchange.sheets.csv_reading import grid_of
from ledger.exchange.sheets.grid import Grid
from ledger.projections.report_rows import RegisterRow
from ledger.projections.rows import HoldingRow, Row, names
from tests.properties.asking import new_book
from tests.strategies import FIRST, Ledger, ledgers
from tests.strategies import day as numbered_day

days = st.integers(-5, 80).map(numbered_day).map(date.fromisoformat)
dice = st.integers(0, 2**32 - 1).map(Random)
Question = Literal["holdings", "register"]
FIGURE = {"holdings": "outstanding", "register": "rights"}
"""The column of rights in the CSV of each question."""


def written(rows: Sequence[Sequence[object]]) -> Grid:
    """Rows as a CSV file is read."""
    stream = StringIO()
    csv.writer(stream).writerows(rows)
    return grid_of(stream.getvalue().encode(), "register.csv")


def register_rows(book: Book, day: date, question: Question) -> list[list[Any]]:
    """The answer of a question as its CSV has it, headings first."""
    kinds: dict[str, type[Row]] = {"holdings": HoldingRow, "register": RegisterRow}
    headings, stream = names(kinds[question]), StringIO()
    write_csv(stream, headings, (row.to_dict() for row in getattr(book, question)(day)))
    return [headings, *csv.reader(StringIO(stream.getvalue()))]


def compared(book: Book, day: date, rows: Sequence[Sequence[object]]) -> Reconciliation:
    return reconciliation(book, register_in(written(rows)), day)


@pytest.mark.parametrize("question", ["holdings", "register"])
@settings(max_examples=40)
@given(ledgers(), days, dice)
def test_a_ledger_agrees_with_what_it_says(question: Question, ledger: Ledger, day: date, dice: Random) -> None:
    book = new_book(*ledger.batches)
    headings, *rows = register_rows(book, day, question)
    dice.shuffle(rows)
    found = compared(book, day, [headings, *rows])
    assert [row for row in found.differences if row.of == "holding" or question == "register"] == []
    outstanding = sum(row.outstanding for row in book.holdings(day))
    assert sum(row.rights_there or 0 for row in found.answer if row.of == "holding") == outstanding


@pytest.mark.parametrize("question", ["holdings", "register"])
@settings(max_examples=40)
@given(ledgers(), days, dice)
def test_one_figure_changed_is_found(question: Question, ledger: Ledger, day: date, dice: Random) -> None:
    book = new_book(*ledger.batches)
    headings, *rows = register_rows(book, day, question)
    assume(rows)
    column = headings.index(dice.choice([FIGURE[question], "shares", "shares_per_right"]))
    changed = dice.choice(rows)
    changed[column] = int(changed[column]) + dice.randint(1, 9)
    found = compared(book, day, [headings, *rows]).differences
    (row,) = (row for row in found if row.register_rows)  # no holding is the company's own
    assert row.verdict == "different"
    assert len(row.differing) == 1
    name = {FIGURE[question]: "rights"}.get(headings[column], headings[column])
    assert row.differing[0] == (name, getattr(row, f"{name}_here"), changed[column])


@settings(max_examples=40)
@given(ledgers(), days, dice)
def test_one_row_left_out_is_found(ledger: Ledger, day: date, dice: Random) -> None:
    book = new_book(*ledger.batches)
    headings, *rows = register_rows(book, day, "register")
    assume(rows)
    gone = rows.pop(dice.randrange(len(rows)))
    (row,) = compared(book, day, [headings, *rows]).differences
    assert (row.verdict, row.series, str(row.rights_here)) == ("missing-there", gone[0], str(gone[9]))


@settings(max_examples=40)
@given(ledgers(), days, dice)
def test_widths_spaces_lots_and_totals_make_no_difference(ledger: Ledger, day: date, dice: Random) -> None:
    book = new_book(*ledger.batches)
    held = [row for row in book.holdings(day) if row.outstanding]
    rows: list[list[object]] = []
    for row in held:
        first = dice.randint(0, row.outstanding)
        for rights in {0: [row.outstanding], 1: [first, row.outstanding - first]}[dice.randint(0, 1)]:
            rows.append([disguised(row.series, dice), disguised(row.holder, dice), disguised(str(rights), dice)])
    dice.shuffle(rows)
    rows.append(["", "合　計", sum(row.outstanding for row in held)])
    company = sum(row.rights for row in book.register(day) if row.holder is None)
    assume(not company)
    assert compared(book, day, [["回号", "保有者", "保有個数"], *rows]).differences.rows == ()


def disguised(text: str, dice: Random) -> str:
    """A text in another width, with spaces in it."""
    wide = {ord(each): ord(each) + 0xFEE0 for each in text if "!" <= each <= "~" and dice.random() < 0.5}
    return dice.choice(["", " ", "\u3000"]).join(text.translate(wide))


def test_the_first_of_the_days_lies_before_anything_lapsed() -> None:
    assert numbered_day(0) == FIRST.isoformat()
