"""The search of the page: by id and by name in every script, whatever the blanks, the case, the width and the kana."""

from pathlib import Path

import pytest
from playwright.sync_api import Browser

from ledger.reports.cells import called
from ledger.reports.page import page as page_of
from ledger.reports.page_data import Asked
from tests.pages.browser import needs_chromium
from tests.pages.ledger_pages import TODAY, book_of, opened
from tests.pages.test_page_days import rested
from tests.scenario import allotted, died, inherited, series_7

pytestmark = needs_chromium

NAMES = {"director-1": ["甲野 太郎", "コウノ　タロウ", "KONO Taro"]}


@pytest.mark.parametrize(
    "wanted",
    [
        "甲野太郎",
        "甲野\u3000太郎",
        "こうのたろう",
        "ｺｳﾉ ﾀﾛｳ",
        "たろう",
        "kono taro",
        "ＫＯＮＯＴ",
        "Director-1",
        " director - 1 ",
    ],
)
def test_a_holder_is_found(chromium: Browser, tmp_path: Path, wanted: str) -> None:
    book = book_of([*series_7(), allotted(), allotted(3, "director-2"), died("2019-01-01"), inherited("2019-02-01")])
    with called(lambda holder: f"{NAMES[holder][0]} ({holder})" if holder in NAMES else holder):
        made = page_of(book.life(), Asked(TODAY, TODAY, spellings=NAMES))
    file = tmp_path / "page.html"
    file.write_text(made, encoding="utf-8")
    with opened(chromium, file.as_uri()) as page:
        page.fill("#search", wanted)
        rested(page)
        assert page.locator("#holdings-table tbody tr").count() == 2
        assert page.locator("#entries-table tbody tr").count() == 3
        page.fill("#search", "乙野")
        rested(page)
        assert page.locator("#holdings-table").inner_text() == "None for this search."
