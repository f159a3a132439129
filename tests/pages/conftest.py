"""One browser for all tests of a process; ledgers as pages."""

from collections.abc import Iterator

import pytest
from playwright.sync_api import Browser, sync_playwright

from tests.pages.browser import CHROMIUM, NONE, QUIET


@pytest.fixture(scope="session")
def chromium() -> Iterator[Browser]:
    """A browser without a window. It fails where there is none: `needs_chromium` skips what would want it."""
    assert CHROMIUM is not None, NONE
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=CHROMIUM, args=list(QUIET))
        yield browser
        browser.close()
