"""A ledger of several companies on the page: names, sums and restructurings, each company's its own."""

from pathlib import Path

from playwright.sync_api import Browser, expect

from ledger.reports.language import Language
from tests.pages.browser import needs_chromium
from tests.pages.ledger_pages import PHONE, book_of, opened, written
from tests.pages.test_page_days import rested
from tests.scenario import allotted, company, consolidated, issue, restructured, split

pytestmark = needs_chromium

TWO = [
    company(),
    company("ACME"),
    issue(conditions={"while_in_office": True}),
    issue("A-1", company="ACME", conditions={"while_in_office": True}),
    allotted(24),
    allotted(10, series="A-1"),
]
MERGED = [
    *TWO,
    split("3/2", "2018-03-31"),
    consolidated("1/7", "2018-04-10"),
    restructured("2019-04-01", successor="HD", successor_name="Holdings Inc."),
]


def test_rights_and_shares_of_two_companies_are_told_apart(chromium: Browser, tmp_path: Path) -> None:
    with opened(chromium, written(book_of(TWO), tmp_path).as_uri()) as page:
        assert [each.splitlines() for each in page.locator("#tiles dd").all_inner_texts()] == [
            ["IIJ Inc.: 24", "ACME Inc.: 10"],
            ["IIJ Inc.: 4,800", "ACME Inc.: 2,000"],
            ["1"],
            ["IIJ Inc.: 24", "ACME Inc.: 10"],
            ["0"],
        ]
        expect(page.locator("#said")).to_have_text(
            "As of 2026-11-22: IIJ Inc.: 24 rights for 4,800 shares (24 may be exercised), "
            "ACME Inc.: 10 rights for 2,000 shares (10 may be exercised)."
        )
        page.fill("#day", "2017-06-30")
        rested(page)
        assert page.locator("#tiles dd").first.inner_text() == "0"


def test_the_terms_name_the_company(chromium: Browser, tmp_path: Path) -> None:
    with opened(chromium, written(book_of(TWO), tmp_path).as_uri()) as page:
        rows = page.locator("#terms-table tbody tr").all_inner_texts()
        assert ["IIJ Inc." in rows[0], "ACME Inc." in rows[1]] == [True, True]


def test_a_dissolved_company_comes_last_with_the_day(chromium: Browser, tmp_path: Path) -> None:
    said: dict[Language, str] = {
        "en": "ACME Inc., Holdings Inc., IIJ Inc. (dissolved 2019-04-01)",
        "ja": "ACME Inc.、Holdings Inc.、IIJ Inc.（2019年4月1日消滅）",
    }
    for language, title in said.items():
        with opened(chromium, written(book_of(MERGED), tmp_path, language=language).as_uri()) as page:
            assert page.locator("h1").inner_text() == title


def test_the_chart_marks_each_split_and_a_restructuring(chromium: Browser, tmp_path: Path) -> None:
    restructurings: dict[Language, str] = {"en": "restructured", "ja": "再編"}
    for language, word in restructurings.items():
        for width in (PHONE, 1280):
            file = written(book_of(MERGED), tmp_path, language=language)
            with opened(chromium, file.as_uri(), width=width) as page:
                rested(page)
                labels = page.locator("#rights-chart .split-label").all_text_contents()
                assert labels == ["× 3/2", "× 1/7", word]
                assert page.locator("#rights-chart .split").count() == 3


def test_a_long_name_leaves_the_series_in_the_windows(chromium: Browser, tmp_path: Path) -> None:
    holder = "a-holder-whose-id-is-very-much-longer-than-its-place-is-wide-" * 2
    book = book_of([*TWO, allotted(1, holder), allotted(1, holder, series="A-1")])
    for width in (PHONE, 1280):
        with opened(chromium, written(book, tmp_path).as_uri(), width=width) as page:
            rested(page)
            labels = [each for each in page.locator("#windows-chart .label").all_text_contents() if "a-holder" in each]
            assert [each[: each.index(" ·")] for each in labels] == ["series 7", "series A-1"]
            assert all(each.endswith("…") for each in labels)


def test_on_a_phone_the_line_of_the_day_runs_through_no_label(chromium: Browser, tmp_path: Path) -> None:
    through = """() => [...document.querySelectorAll('#windows-chart .label')].filter((each) => {
      const text = each.getBoundingClientRect();
      return [...document.querySelectorAll('#windows-chart line.chosen')].map((line) => line.getBoundingClientRect())
        .some((line) => line.left > text.left && line.left < text.right
          && line.top < text.bottom - 4 && line.bottom > text.top + 4);
    }).length"""
    with opened(chromium, written(book_of(TWO), tmp_path).as_uri(), width=PHONE) as page:
        rested(page)
        assert page.locator("#windows-chart line.chosen").count() == 2
        assert page.evaluate(through) == 0
