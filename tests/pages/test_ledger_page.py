"""The page of a ledger in a browser: by mouse, by keyboard and by ear, on a laptop and on a phone; it asks nobody."""

import re
from collections.abc import Sequence
from datetime import date
from pathlib import Path
from typing import Any, Literal

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Browser, Page, expect

from ledger.reports.language import Language
from tests.benchmarks.ledgers import entries
from tests.benchmarks.lives import lives
from tests.pages.browser import needs_chromium, printed
from tests.pages.ledger_pages import LAPTOP, PHONE, book_of, demo_lines, opened, written
from tests.scenario import allotted, company, departed, issue, series_7

pytestmark = needs_chromium

MOST_BYTES = 2_000_000
LEFT_ON = date(2018, 7, 2)
Width = Literal[375, 1280]
Scheme = Literal["light", "dark"]

FITS = """() => [document.documentElement.scrollWidth, [...document.querySelectorAll('body *')].filter((each) => {
  const place = each.getBoundingClientRect();
  const isScrolled = each.closest('.scroll') !== null && !each.matches('.scroll');
  const isUnseen = each.matches('.unseen, .skip, .when label') || each.closest('.unseen') !== null;
  return !isScrolled && !isUnseen && place.width > 0 && (place.right > innerWidth + 1 || place.left < -1);
}).map((each) => each.outerHTML.slice(0, 80))]"""
OVERLAPS = """() => [...document.querySelectorAll('svg')].flatMap((drawing) => {
  const texts = [...drawing.querySelectorAll('text')].map((each) => [each.textContent, each.getBoundingClientRect()]);
  return texts.flatMap(([a, one], at) => texts.slice(at + 1).filter(([b, two]) => one.left < two.right - 1 &&
    two.left < one.right - 1 && one.top < two.bottom - 4 && two.top < one.bottom - 4).map(([b]) => `${a} and ${b}`));
})"""
BROAD = [
    company(),
    *(
        entry
        for number in range(1, 13)
        for entry in (
            issue(str(number), on=f"{2009 + number}-06-28", max_rights=90_000, allotment_date=None,
                  conditions={"while_in_office": number % 2 == 0}),
            *(allotted(7 + holder, f"officer-{holder}", on="2021-07-14", series=str(number)) for holder in range(60)),
        )
    ),
    *(departed("2026-11-16", f"officer-{holder}") for holder in range(0, 60, 4)),
]  # fmt: skip
"""Sixty holders with twelve series."""

HOSTILE = '<img src=x onerror="document.title=1">'
LEDGERS: dict[str, Sequence[Any]] = {
    "demo": demo_lines(),
    "empty": [],
    "one": [*series_7(), allotted()],
    "broad": BROAD,
    "hostile": [
        company() | {"name": f"{HOSTILE} Inc."}, issue(), allotted(5, "Unbreakable" * 18), allotted(6, HOSTILE),
        allotted(7, "أحمد"), departed("2026-11-20", HOSTILE) | {"note": "</script>\u202etxt" + "x" * 900},
    ],
}  # fmt: skip


def day_of(page: Page) -> str:
    """The day that is shown, once it is."""
    page.evaluate("() => new Promise((done) => requestAnimationFrame(() => requestAnimationFrame(done)))")
    return page.locator("#as-of").inner_text()


@pytest.fixture
def demo(tmp_path: Path) -> str:
    return written(book_of(demo_lines()), tmp_path, as_of=LEFT_ON).as_uri()


def test_it_opens_at_its_day_and_goes_from_change_to_change(chromium: Browser, demo: str) -> None:
    with opened(chromium, demo) as page:
        assert day_of(page) == "As of 2018-07-02"
        assert "exercise series 2014, director-2, 13 rights" in page.locator("#this-day").inner_text()
        for button, then in (("#forth", "2018-07-08"), ("#back", "2018-07-02"), ("#back", "2018-06-29")):
            page.click(button)
            assert day_of(page) == f"As of {then}"
        page.click("#now")
        assert day_of(page) == "As of 2026-11-22"
        page.fill("#day", "2014-07-10")
        assert day_of(page) == "As of 2014-07-10"
        assert page.locator("#tiles dd").first.inner_text() == "128"
        page.fill("#day", "1900-01-01")
        assert page.locator("#this-day").inner_text() == "No series has been issued by this day."


@pytest.mark.parametrize("width", [LAPTOP, PHONE])
def test_the_slider_moves_by_mouse(chromium: Browser, demo: str, width: Width) -> None:
    with opened(chromium, demo, width=width) as page:
        place = page.locator("#slider").bounding_box()
        assert place is not None
        page.mouse.click(place["x"] + place["width"] * 0.9, place["y"] + place["height"] / 2)
        later = day_of(page)
        assert later > "As of 2024"
        page.mouse.down()
        page.mouse.move(place["x"] + place["width"] * 0.2, place["y"] + place["height"] / 2, steps=4)
        page.mouse.up()
        assert "As of 2015" < day_of(page) < "As of 2018"


def test_all_of_it_is_used_by_keyboard_and_heard(chromium: Browser, demo: str) -> None:
    with opened(chromium, demo) as page:
        page.keyboard.press("Tab")
        assert page.evaluate("document.activeElement.className") == "skip"
        page.keyboard.press("Enter")
        assert page.evaluate("document.activeElement.id") == "answers"
        page.focus("#slider")
        page.keyboard.press("ArrowRight")
        assert day_of(page) == "As of 2018-07-03"
        page.keyboard.press("ArrowLeft")
        page.keyboard.press("ArrowLeft")
        assert day_of(page) == "As of 2018-07-01"
        assert page.get_attribute("#slider", "aria-valuetext") == "2018-07-01"
        expect(page.locator("#said")).to_contain_text("As of 2018-07-01: 373 rights outstanding for 74,600 shares")
        page.keyboard.press("Home")
        assert day_of(page) < "As of 2015"
        page.focus("#forth")
        page.keyboard.press("Space")
        assert page.evaluate("document.activeElement.id") == "forth"
        page.focus("#whole-life")
        page.keyboard.press("Enter")
        expect(page.locator("#whole-life")).to_have_attribute("aria-pressed", "true")
        page.focus("#slider")
        page.keyboard.press("End")
        assert day_of(page) > "As of 2047"


def test_the_search_finds_a_holder_in_every_table(chromium: Browser, demo: str) -> None:
    with opened(chromium, demo) as page:
        page.fill("#search", " ＤIRECTOR-2")
        day_of(page)
        for table, rows in {"holdings": 2, "eligibility": 1, "exercises": 1, "entries": 5}.items():
            found = page.locator(f"#{table}-table tbody tr").all_inner_texts()
            assert len(found) == rows, table
            assert all("director-2" in each for each in found)
        page.fill("#search", "nobody")
        day_of(page)
        assert page.locator("#holdings-table").inner_text() == "None for this search."
        page.fill("#search", "")
        day_of(page)
        page.check("#only-outstanding")
        day_of(page)
        everybody = page.locator("#holdings-table tbody tr").all_inner_texts()
        assert everybody
        assert not any(re.search(r"^2014\tdirector-2\t", each) for each in everybody)


def test_long_tables_show_all_when_asked(chromium: Browser, tmp_path: Path) -> None:
    with opened(chromium, written(book_of(BROAD), tmp_path).as_uri()) as page:
        rows = page.locator("#holdings-table tbody tr")
        assert rows.count() == 40
        page.click("#holdings-table button")
        assert rows.count() == 720
        assert page.evaluate("document.activeElement.className") == "scroll"
        bars = page.locator("#windows-chart rect")
        assert bars.count() == 40
        page.click("#windows-chart button")
        assert (
            bars.count() == 15 * 12 + 45 * 6
        )  # who left, all series; who did not, those that may be exercised in office


@pytest.mark.parametrize("language", ["en", "ja"])
@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("name", ["demo", "empty", "broad"])
def test_axe_finds_nothing_serious(
    chromium: Browser, tmp_path: Path, name: str, scheme: Scheme, language: Language
) -> None:
    page_file = written(book_of(LEDGERS[name]), tmp_path, as_of=LEFT_ON, language=language)
    for width in (LAPTOP, PHONE):
        with opened(chromium, page_file.as_uri(), width=width, scheme=scheme, is_quiet=False) as page:
            found = Axe().run(page).response["violations"]
            assert page.get_attribute("html", "lang") == language
        grave = [
            f"{each['id']}: {each['nodes'][0]['html']}" for each in found if each["impact"] in {"serious", "critical"}
        ]
        assert grave == []


@pytest.mark.parametrize("width", [320, PHONE, 768, LAPTOP])
@pytest.mark.parametrize("name", LEDGERS)
def test_nothing_is_wider_than_the_window_and_nothing_collides(
    chromium: Browser, tmp_path: Path, name: str, width: int
) -> None:
    for language in ("en", "ja"):
        with opened(
            chromium, written(book_of(LEDGERS[name]), tmp_path, language=language).as_uri(), width=width
        ) as page:
            wide, outside = page.evaluate(FITS)
            assert (wide, outside) == (width, [])
            assert page.evaluate(OVERLAPS) == []


def test_hostile_names_are_text(chromium: Browser, tmp_path: Path) -> None:
    with opened(chromium, written(book_of(LEDGERS["hostile"]), tmp_path).as_uri()) as page:
        assert page.locator("h1").inner_text() == f"{HOSTILE} Inc."
        assert page.locator("img").count() == 0
        assert page.locator("script").count() == 2
        said = page.locator("#entries-table").inner_text()
        assert "</script>\\u202etxt" in said
        assert HOSTILE in page.locator("#holdings-table").inner_text()


def test_days_and_numbers_are_written_as_the_language_does(chromium: Browser, tmp_path: Path) -> None:
    page_file = written(book_of(demo_lines()), tmp_path, as_of=date(2018, 7, 9), language="ja")
    with opened(chromium, page_file.as_uri()) as page:
        assert "2018年7月9日" in page.locator("#as-of").inner_text()
        assert page.locator("#tiles dd").nth(1).inner_text() == "67,200"
        assert "2044年7月10日" in page.locator("#terms-table").inner_text()


@pytest.mark.parametrize("make", [lives, entries])
def test_a_thousand_entries_are_a_small_page(chromium: Browser, tmp_path: Path, make: Any) -> None:
    file = written(book_of(list(make(1_000))), tmp_path, language="ja")
    assert file.stat().st_size < MOST_BYTES
    with opened(chromium, file.as_uri()) as page:
        assert page.locator("#holdings-table tbody tr").count() == 40


def test_on_paper_every_row_is_there(tmp_path: Path) -> None:
    few, many = tmp_path / "few", tmp_path / "many"
    sheets = []
    for folder, lines in ((few, LEDGERS["one"]), (many, BROAD)):
        folder.mkdir()
        pdf = printed(written(book_of(lines), folder), folder)
        boxes = {
            (round(float(a)), round(float(b))) for a, b in re.findall(rb"/MediaBox \[0 0 ([0-9.]+) ([0-9.]+)\]", pdf)
        }
        assert boxes == {(842, 595)}
        sheets.append(len(re.findall(rb"/Type /Page\b", pdf)))
    assert sheets[0] <= 4
    assert sheets[1] >= 60  # 720 holdings twice, and 747 entries


def test_on_paper_a_chart_is_parted_between_sheets(chromium: Browser, tmp_path: Path) -> None:
    """What is drawn in one piece is never taller than a sheet, nor than what the summary leaves of the first."""
    tall = "(chart) => [...document.querySelectorAll(`${chart} svg`)].map((each) => each.height.baseVal.value)"
    with opened(chromium, written(book_of(BROAD), tmp_path).as_uri()) as page:
        page.evaluate("() => dispatchEvent(new Event('beforeprint'))")
        rights, windows = page.evaluate(tall, "#rights-chart"), page.evaluate(tall, "#windows-chart")
        assert (len(rights), len(windows)) == (3, 450 // 20 + 1)
        assert max(rights) < 320
        assert max(windows) < 600
        assert page.locator("#rights-chart .label").count() == 12
        page.evaluate("() => dispatchEvent(new Event('afterprint'))")
        assert page.locator("#rights-chart svg").count() == 1
