"""The memo in a browser: it fits a phone and a laptop, follows light and dark, prints on A4, and asks nobody."""

import re
from pathlib import Path
from typing import Any

import pytest

from ledger.valuation.memo import Facts, memo
from tests.pages.browser import measured, needs_chromium, pictured, printed
from tests.valuation.memos import facts, whole

pytestmark = needs_chromium

FITS = """[page.document.documentElement.scrollWidth, page.innerWidth,
  [...page.document.querySelectorAll('main *')].filter(each => {
  const place = each.getBoundingClientRect();
  return place.width > 0 && (place.right > page.innerWidth + 1 || place.left < -1);
}).map(each => each.outerHTML.slice(0, 80))]"""
SMALLEST_TEXT = """Math.min(...[...page.document.querySelectorAll('svg text')].map(each =>
  parseFloat(page.getComputedStyle(each).fontSize) * each.getScreenCTM().a))"""
FETCHED = "page.performance.getEntriesByType('resource').map(each => each.name)"
OVERLAPS = """[...page.document.querySelectorAll('svg')].flatMap(drawing => {
  const texts = [...drawing.querySelectorAll('.tick')].map(each => [each.textContent, each.getBoundingClientRect()]);
  return texts.flatMap(([a, one], at) => texts.slice(at + 1).filter(([b, two]) => one.left < two.right &&
    two.left < one.right && one.top < two.bottom - 3 && two.top < one.bottom - 3).map(([b]) => a + ' and ' + b));
})"""
LONG: dict[str, Any] = {
    "share_price": "9007199254740990.123456",
    "dividend": "0.000000000000000001",
    "volatility": "0.12345678901234567890",
    "shares_per_right": 9_007_199_254_740_991,
    "title": "Unbreakable" * 20,
    "rounding": "share-2",
}


@pytest.fixture
def given(tmp_path: Path) -> Facts:
    return whole(tmp_path)


def written(given: Facts, folder: Path) -> Path:
    file = folder / "memo.html"
    file.write_text(memo(given), encoding="utf-8")
    return file


@pytest.mark.parametrize("width", [320, 390, 1280])
def test_nothing_is_wider_than_the_window(given: Facts, tmp_path: Path, width: int) -> None:
    for each in (given, facts(**LONG), facts(exercise_price=0, volatility=0)):
        page = memo(each)
        full, window, outside = measured(page, tmp_path, width=width, script=FITS)
        assert full <= window == width
        assert outside == []


@pytest.mark.parametrize("width", [390, 1280])
def test_the_charts_can_be_read(given: Facts, tmp_path: Path, width: int) -> None:
    page = memo(given)
    smallest, overlaps = measured(page, tmp_path, width=width, script=f"[{SMALLEST_TEXT}, {OVERLAPS}]")
    assert smallest >= 10
    assert overlaps == []


def test_the_page_asks_nobody(given: Facts, tmp_path: Path) -> None:
    assert measured(memo(given), tmp_path, width=390, script=FETCHED) == []


def test_a_hostile_title_is_no_script(tmp_path: Path) -> None:
    page = memo(facts(title="<img src=x onerror=\"document.title='run'\"><script>document.title='run'</script>"))
    assert measured(page, tmp_path, width=390, script="page.document.title").startswith("<img src=x")
    assert measured(page, tmp_path, width=390, script="page.document.querySelectorAll('img, script').length") == 0


def test_light_and_dark_are_two_pictures(given: Facts, tmp_path: Path) -> None:
    page = written(given, tmp_path)
    light = pictured(page, tmp_path)
    dark = pictured(page, tmp_path, "--blink-settings=preferredColorScheme=0")
    assert light.startswith(b"\x89PNG")
    assert light != dark


@pytest.mark.parametrize(("is_whole", "pages"), [(True, 5), (False, 4)])
def test_it_prints_on_a4(given: Facts, tmp_path: Path, *, is_whole: bool, pages: int) -> None:
    pdf = printed(written(given if is_whole else facts(), tmp_path), tmp_path)
    assert pdf.startswith(b"%PDF")
    boxes = re.findall(rb"/MediaBox \[0 0 ([0-9.]+) ([0-9.]+)\]", pdf)
    assert abs(len(re.findall(rb"/Type /Page\b", pdf)) - pages) <= 1  # fonts differ from machine to machine
    assert {(round(float(width)), round(float(height))) for width, height in boxes} == {(595, 842)}
