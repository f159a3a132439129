"""What a page is put together of: nothing is left out, nothing is too long, nothing runs but what it names."""

import hashlib
import re
from base64 import b64encode
from importlib import resources
from pathlib import Path

from ledger.reports.page import SCRIPTS, STYLES, error_page, page, policy
from ledger.reports.page_data import Asked, as_script, page_data
from ledger.reports.page_words import words
from tests.pages.ledger_pages import TODAY, book_of, demo_lines
from tests.scenario import allotted, company, issue

WEB = Path(str(resources.files("ledger.reports") / "web"))
MOST_LINES = 400
SAID = re.compile(r"say\('([a-z_]+)'")


def whole_page() -> str:
    return page(book_of(demo_lines()).life(), Asked(TODAY, TODAY))


def test_every_file_is_in_the_page_and_short() -> None:
    files = {each.name for each in WEB.iterdir()}
    assert files == {*SCRIPTS, *STYLES, "page.html", "error.html"}
    assert {each.name for each in WEB.iterdir() if len(each.read_text("utf-8").splitlines()) > MOST_LINES} == set()


def test_a_browser_runs_the_script_of_the_page_and_no_other() -> None:
    made = whole_page()
    for tag, source in (("style", "style-src"), ("script", "script-src")):
        [content] = re.findall(rf"<{tag}>(.*?)</{tag}>", made, re.DOTALL)
        digest = b64encode(hashlib.sha256(content.encode()).digest()).decode()
        assert f"{source} 'sha256-{digest}'" in policy()
    assert f'content="{policy()}"' in made
    assert policy().startswith("default-src 'none'; ")
    document = re.sub(r"<(style|script)[^>]*>.*?</\1>", "", made, flags=re.DOTALL)
    assert not re.search(r"\s(on\w+|style)=", document)
    assert not re.search(r"(?<!xmlns=')https?://", document)


def test_the_script_makes_no_markup_of_texts_and_asks_nobody() -> None:
    script = "".join((WEB / name).read_text("utf-8") for name in SCRIPTS)
    for way in ("innerHTML", "outerHTML", "insertAdjacent", "document.write", "eval(", "Function(", "fetch(", "XMLHttp",
                "WebSocket", "import(", "localStorage", "sendBeacon"):  # fmt: skip
        assert way not in script, way


def test_every_word_of_the_script_is_given() -> None:
    script = "".join((WEB / name).read_text("utf-8") for name in SCRIPTS)
    assert {*SAID.findall(script)} <= words().keys()


def test_what_was_recorded_ends_no_element() -> None:
    hostile = "</script><!--<script>\u2028"
    book = book_of([company() | {"name": "</script><b>&"}, issue(), allotted(1, "<!--")])
    made = page(book.life(), Asked(TODAY, TODAY))
    [data] = re.findall(r'<script type="application/json" id="data">(.*)</script>\n<script>', made)
    assert not set("<>&") & set(data)
    assert made.count("</script>") == 2
    assert not set("<>&\u2028") & set(as_script({"note": hostile}))


def test_an_error_is_a_page_without_a_script() -> None:
    made = error_page("400 Bad Request", "malformed: <script>alert(1)</script>")
    assert "&lt;script&gt;alert(1)&lt;/script&gt;" in made
    assert "<script" not in made


def test_numbers_that_a_script_would_round_are_texts() -> None:
    book = book_of([company(), issue(shares_per_right=2**53 - 1, max_rights=2**50), allotted(2)])
    [held] = page_data(book.life(), Asked(TODAY, TODAY))["holdings"]
    assert held[4][0][-1] == str(2 * (2**53 - 1))
    assert held[4][0][1] == 2
