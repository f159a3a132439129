"""The live page in a browser: its address holds the day, and a reload shows what came since."""

from pathlib import Path

from playwright.sync_api import Browser

from ledger import open_ledger
from tests.pages.browser import needs_chromium
from tests.pages.ledger_pages import demo_lines, opened
from tests.pages.serving import served
from tests.scenario import appointed

pytestmark = needs_chromium


def test_the_slider_keeps_the_address_and_a_reload_shows_what_came_since(chromium: Browser, tmp_path: Path) -> None:
    url = f"sqlite:///{tmp_path / 'rights.db'}"
    with open_ledger(url, "iij", create=True) as book:
        book.record(demo_lines(), actor="hr")
    with served(url, "iij") as live, opened(chromium, f"{live.url}?as_of=2018-07-02&lang=en") as page:
        page.focus("#slider")
        page.keyboard.press("ArrowRight")
        page.wait_for_url("**/?as_of=2018-07-03&lang=en")
        with open_ledger(url, "iij") as book:
            book.record([appointed("2018-07-03", holder="new-1")], actor="hr")
        page.reload()
        page.wait_for_selector("html[data-ready]", state="attached")
        assert page.locator("#as-of").inner_text() == "As of 2018-07-03"
        assert "new-1" in page.locator("#this-day").inner_text()


def test_what_was_known_stays_in_the_address(chromium: Browser, tmp_path: Path) -> None:
    url = f"sqlite:///{tmp_path / 'rights.db'}"
    with open_ledger(url, "iij", create=True) as book:
        book.record(demo_lines(), actor="hr")
    with served(url, "iij") as live, opened(chromium, f"{live.url}?known_version=49&as_of=2018-07-02") as page:
        page.click("#forth")
        page.wait_for_url("**/?known_version=49&as_of=2018-07-08")
