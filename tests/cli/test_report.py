"""`rights report`: a page as a file, new and whole, and the same on paper."""

import re
from pathlib import Path

import pytest

from ledger.reports import printing
from tests.cli.terminal import Rights, json_lines
from tests.pages.browser import needs_chromium
from tests.scenario import appointed, retraction

TODAY = "2026-11-22"


@pytest.fixture(autouse=True)
def fixed_today(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("RIGHTS_TODAY", TODAY)


def data_of(file: Path) -> str:
    found = re.search(r'<script type="application/json" id="data">(.*)</script>\n<script>', file.read_text("utf-8"))
    assert found is not None
    return found[1]


def test_the_page_is_written_and_said(demo_ledger: Rights, folder: Path) -> None:
    told = demo_ledger("report", "--html", "page.html")
    assert (told.code, told.out, told.err) == (0, "page.html holds the page.\n", "")
    page = (folder / "page.html").read_text(encoding="utf-8")
    assert page.startswith('<!doctype html>\n<html lang="en">')
    root = demo_ledger("history", "--json").json["root"]
    for part in (f'"today":"{TODAY}"', f'"as_of":"{TODAY}"', f'"root":"{root}"', '"version":49', '"ledger":"iij"'):
        assert part in data_of(folder / "page.html"), part


def test_the_page_can_be_made_again(demo_ledger: Rights, folder: Path) -> None:
    assert demo_ledger("report", "--html", "one.html").code == 0
    assert demo_ledger("report", "--html", "other.html").code == 0
    assert (folder / "one.html").read_bytes() == (folder / "other.html").read_bytes()


def test_it_opens_at_a_day_as_it_was_known(demo_ledger: Rights, folder: Path) -> None:
    assert demo_ledger("appoint", "--holder", "new-1", "--position", "director", "--on", "2018-07-01").code == 0
    known = ("--as-of", "2018-07-09", "--known-version", "49")
    assert demo_ledger("report", "--html", "page.html", *known).code == 0
    data = data_of(folder / "page.html")
    assert '"as_of":"2018-07-09"' in data
    assert "director-1" in data
    assert "new-1" not in data
    told = demo_ledger("report", "--html", "page.html", "--force", "--known-at", "2018-06-28T18:00:00+09:00")
    assert told.code == 0
    assert "known at 2018-06-28 18:00:00 JST" in data_of(folder / "page.html")


def test_a_page_is_replaced_only_when_asked(demo_ledger: Rights, folder: Path) -> None:
    (folder / "page.html").write_text("<!doctype html>old")
    told = demo_ledger("report", "--html", "page.html")
    assert (told.code, told.sentence) == (
        2, "rights: malformed: page.html is there already; --force replaces it"
    )  # fmt: skip
    assert demo_ledger("report", "--html", "page.html", "--force", "--json").json == {"html": "page.html", "pdf": None}
    assert "old" not in (folder / "page.html").read_text(encoding="utf-8")[:20]


@pytest.mark.parametrize(
    ("words", "says"),
    [
        ((), "nothing is to be written: name a file with --html, with --pdf, or with both"),
        (("--html", "a.html", "--pdf", "a.html"), "--html and --pdf name one file"),
        (("--html", "a.html", "--pdf", "nowhere/../a.html"), "--html and --pdf name one file"),
        (("--html", "nowhere/page.html"), "there is no folder nowhere"),
        (("--html", "letter.txt", "--force"), "letter.txt is no page, and is not replaced"),
        (("--html", "page.html", "--as-of", "1867-12-31"), "as of 1867-12-31 is not between 1868-01-01 and 2999-12-31"),
        (("--html", "page.html", "--known-version", "99"), "there is no version 99"),
    ],
)
def test_a_call_that_makes_no_page(demo_ledger: Rights, folder: Path, words: tuple[str, ...], says: str) -> None:
    (folder / "letter.txt").write_text("Dear shareholder")
    before = sorted(folder.iterdir())
    told = demo_ledger("report", *words)
    assert told.code == 2
    assert says in told.sentence
    assert sorted(folder.iterdir()) == before


def test_without_a_browser_nothing_is_printed_or_written(
    demo_ledger: Rights, folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(printing, "BROWSERS", ("no-browser-of-this-name",))
    told = demo_ledger("report", "--html", "page.html", "--pdf", "page.pdf")
    assert told.code == 2
    assert "none is on the PATH: install one (`apt-get install chromium`)" in told.sentence
    assert not (folder / "page.html").exists()


def test_a_browser_that_fails_is_told_of(demo_ledger: Rights, folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    broken = folder / "broken-browser"
    broken.write_text("#!/bin/sh\necho it is broken >&2\nexit 3\n")
    broken.chmod(0o755)
    monkeypatch.setattr(printing, "BROWSERS", (str(broken),))
    told = demo_ledger("report", "--html", "page.html", "--pdf", "page.pdf")
    assert told.code == 2
    assert "did not print the page: it is broken" in told.sentence
    assert not [each for each in ("page.html", "page.pdf") if (folder / each).exists()]


@needs_chromium
def test_both_are_written_at_once(demo_ledger: Rights, folder: Path) -> None:
    told = demo_ledger("report", "--html", "page.html", "--pdf", "page.pdf")
    assert (told.code, told.out) == (0, "page.html holds the page.\npage.pdf holds the PDF.\n")
    assert (folder / "page.pdf").read_bytes().startswith(b"%PDF-")
    assert (folder / "page.html").read_bytes().startswith(b"<!doctype html>")
    assert demo_ledger("report", "--pdf", "only.pdf").code == 0
    assert sorted(each.name for each in folder.glob("*.pdf")) == ["only.pdf", "page.pdf"]


def test_an_empty_ledger_has_a_page(new_ledger: Rights, folder: Path) -> None:
    assert new_ledger("report", "--html", "page.html").code == 0
    assert '"days":[]' in data_of(folder / "page.html")


def test_what_was_retracted_is_told_and_ends_nothing(small_ledger: Rights, folder: Path) -> None:
    more = appointed("2021-04-02", holder="auditor-1"), retraction(12)
    assert small_ledger("record", "-", given=json_lines(more[0])).code == 0
    assert small_ledger("record", "-", given=json_lines(more[1])).code == 0
    assert small_ledger("report", "--html", "page.html").code == 0
    data = data_of(folder / "page.html")
    assert re.search(r'\[12,"appointment","2021-04-02",[^\]]*,13,\["auditor-1"\]\]', data)
