"""The numbers of the page are exactly those of the command line's tables, on every day of change."""

from datetime import date, timedelta
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Browser

from ledger.book import Book
from ledger.cli.report_tables import deadlines_table
from ledger.cli.tables import eligibility_table, exercises_table, holdings_table, series_table, terms_table
from ledger.reports.cells import shown
from tests.pages.browser import needs_chromium
from tests.pages.ledger_pages import READ, book_of, demo_lines, opened, written
from tests.scenario import allotted, exercised, series_7
from tests.test_cases import lines_of

pytestmark = needs_chromium

Table = tuple[list[str], list[list[str]]]
NO_CHAIN = ("replaces", "replaced by")
"""Columns that say nothing where no series was replaced."""


def asked(book: Book, day: date) -> dict[str, Any]:
    """The tables of the command line as of a day."""
    held, issued, eligible = book.holdings(day), book.series(day), book.eligibility(day)
    return {
        "holdings": holdings_table(held),
        "series": series_table(issued),
        "terms": named(book, terms_table(issued)),
        "eligibility": eligibility_table(eligible),
        "deadlines": deadlines_table(book.deadlines(day)),
        "exercises": exercises_table(book.exercises(day)),
    }


def named(book: Book, table: Any) -> Any:
    """A table with the companies by name, as the page shows them."""
    headings, lines = table
    names, at = book.life().companies, headings.index("company")
    return headings, [[*line[:at], names[line[at]], *line[at + 1 :]] for line in lines]


def assert_agree(page: Table, expected: Table, where: str) -> None:
    """Every column of the command line is on the page; further ones say nothing that day."""
    (headings, rows), (wanted, lines) = page, expected
    assert len(rows) == len(lines), where
    if not lines:
        return
    assert [each for each in headings if each in wanted] == list(wanted), where
    for row, line in zip(rows, lines, strict=True):
        by_heading = dict(zip(headings, row, strict=True))
        assert [by_heading[each] for each in wanted] == [shown(cell) for cell in line], where
        for heading in set(headings) - set(wanted):
            assert by_heading[heading] in {"0", ""}, f"{where}: {heading}"


def all_days(book: Book) -> list[date]:
    """Every day of change, the day before it, and one before all."""
    changed = set(book.life().through.days)
    return sorted(changed | {day - timedelta(days=1) for day in changed})


@pytest.mark.parametrize("name", ["demo", "01", "04", "07", "09", "12"])
def test_every_table_is_that_of_the_command_line(chromium: Browser, tmp_path: Path, name: str) -> None:
    book = book_of(demo_lines() if name == "demo" else lines_of(name))
    days = all_days(book)
    with opened(chromium, written(book, tmp_path).as_uri()) as page:
        read = page.evaluate(READ, [day.isoformat() for day in days])
    assert [each["day"] for each in read] == [day.isoformat() for day in days]
    for day, each in zip(days, read, strict=True):
        for table, expected in asked(book, day).items():
            assert_agree(each["tables"][table], expected, f"{table} of {name} on {day}")


def test_counts_that_no_script_can_hold_are_shown_exactly(chromium: Browser, tmp_path: Path) -> None:
    """Shares of 2⁵³ and more: ten rights of nine quadrillion shares, which a number of a script would round."""
    most = 2**53 - 1
    book = book_of([*series_7({"while_in_office": True}, shares_per_right=most, exercise_price=1),
                    allotted(10), exercised("2018-01-01", 3)])  # fmt: skip
    with opened(chromium, written(book, tmp_path).as_uri()) as page:
        [read] = page.evaluate(READ, ["2018-07-09"])
        tiles = page.locator("#tiles dd").all_inner_texts()
    assert read["tables"]["holdings"][1][0][-1] == f"{7 * most:,}"
    assert read["tables"]["exercises"][1][0][-3] == f"¥{3 * most:,}"
    assert tiles == ["7", f"{7 * most:,}", "1", "7", "3"]


def test_the_page_of_an_empty_ledger_says_so(chromium: Browser, tmp_path: Path) -> None:
    with opened(chromium, written(book_of([]), tmp_path).as_uri()) as page:
        assert page.locator("#this-day").inner_text() == "The ledger has no entries yet."
        assert page.locator("table").count() == 0
        assert page.locator("#tiles dd").all_inner_texts() == ["0"] * 5
