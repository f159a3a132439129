"""What the page says of a day: who lapsed, whose window opened or has closed, and when anything changed before."""

from datetime import date
from pathlib import Path

from playwright.sync_api import Browser, Page

from ledger.reports.language import Language
from tests.pages.browser import needs_chromium
from tests.pages.ledger_pages import book_of, opened, written
from tests.scenario import allotted, departed, exercised, series_7

pytestmark = needs_chromium

LEFT = [*series_7(), allotted(), departed("2018-06-28"), exercised("2018-07-01", 4)]
"""Whoever left may exercise for ten days, the last of them 2018-07-08."""


def rested(page: Page) -> None:
    """Wait until the page shows what it was asked."""
    page.evaluate("() => new Promise((done) => requestAnimationFrame(() => requestAnimationFrame(done)))")


def said_on(page: Page, day: str) -> list[str]:
    page.fill("#day", day)
    rested(page)
    return page.locator("#this-day li, #this-day p").all_inner_texts()


def day_by(page: Page, button: str) -> str:
    page.click(button)
    rested(page)
    return page.input_value("#day")


def test_a_day_without_an_entry_says_who_lapsed_and_whose_window_opens(chromium: Browser, tmp_path: Path) -> None:
    told: dict[Language, list[list[str]]] = {}
    languages: tuple[Language, ...] = ("en", "ja")
    for language in languages:
        with opened(chromium, written(book_of(LEFT), tmp_path, language=language).as_uri()) as page:
            told[language] = [said_on(page, day) for day in ("2018-06-29", "2018-07-09")]
    assert told == {
        "en": [
            ["the window of director-1 opens for 24 rights (series 7)"],
            ["20 rights of director-1 lapse (series 7)", "the window of director-1 has closed (series 7)"],
        ],
        "ja": [
            ["director-1の行使期間が24個につき開始（第7回）"],
            ["director-1の新株予約権20個が失効（第7回）", "director-1の行使期間が満了（第7回）"],
        ],
    }


def test_a_day_on_which_only_deadlines_change_is_no_change(chromium: Browser, tmp_path: Path) -> None:
    book = book_of(LEFT)
    days = {day.isoformat() for day in book.life().through.days}
    only_deadlines = sorted(each for each in days if each > "2018-07-09")[0]
    assert only_deadlines < "2018-08-31"  # the lapse has been filed
    with opened(chromium, written(book, tmp_path, as_of=date(2018, 7, 9)).as_uri()) as page:
        assert said_on(page, only_deadlines) == [
            "Nothing changes on this day. The last change before it was on 2018-07-09."
        ]
        assert day_by(page, "#back") == "2018-07-09"
        assert [day_by(page, "#back") for _ in range(2)] == ["2018-07-01", "2018-06-29"]
        assert [day_by(page, "#forth") for _ in range(2)] == ["2018-07-01", "2018-07-09"]


def test_before_all_series_the_page_says_so(chromium: Browser, tmp_path: Path) -> None:
    with opened(chromium, written(book_of(LEFT), tmp_path).as_uri()) as page:
        page.focus("#slider")
        page.keyboard.press("Home")
        rested(page)
        assert page.locator("#this-day").inner_text() == "No series has been issued by this day."
