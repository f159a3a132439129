"""`rights value --memo`: a file that is new, or replaces a memo, and has what the command answers."""

import hashlib
import shutil
from pathlib import Path

import pytest

from tests.cli.terminal import REPOSITORY, Rights
from tests.cli.test_price import CLOSES, COMPUTED, FRIDAYS

FIGURES = ("--share-price", "2422", "--exercise-price", "1", "--term", "15", "--rate", "0.00978", "--dividend", "22")
VALUE = ("value", *FIGURES, "--volatility", "0.45", "--shares-per-right", "200")


@pytest.fixture
def priced(demo_ledger: Rights, folder: Path) -> Rights:
    """The demo's ledger, with a price of series 7 from files."""
    rows = [f"{day},{close}" for day, close in zip(FRIDAYS, CLOSES, strict=True)]
    (folder / "prices.csv").write_text("\n".join(["日付,終値", *rows, ""]), encoding="utf-8")
    shutil.copy(REPOSITORY / "tests" / "valuation" / "samples" / "jgbcm.csv", folder)
    assert demo_ledger(*COMPUTED).code == 0
    return demo_ledger


def test_the_memo_is_written_and_said(rights: Rights, folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("RIGHTS_TODAY", "2026-11-22")
    told = rights(*VALUE, "--memo", "memo.html")
    assert told.out.splitlines()[0] == "memo.html holds the memo."
    assert told.out.splitlines()[1:] == rights(*VALUE).out.splitlines()
    page = (folder / "memo.html").read_text(encoding="utf-8")
    assert "<!doctype html>" in page
    assert "¥422,600" in page
    assert "Written on 2026-11-22" in page


def test_json_is_the_answer_alone(rights: Rights, folder: Path) -> None:
    assert rights(*VALUE, "--memo", "memo.html", "--json").json == rights(*VALUE, "--json").json
    assert (folder / "memo.html").exists()


def test_a_memo_is_replaced_by_force_alone(rights: Rights, folder: Path) -> None:
    file = folder / "memo.html"
    assert rights(*VALUE, "--memo", "memo.html").code == 0
    before = file.read_bytes()
    other = [word.replace("2422", "2500") for word in VALUE]
    refused = rights(*other, "--memo", "memo.html")
    assert (refused.code, refused.sentence) == (
        2, "rights: malformed: memo.html is there already; --force replaces it")  # fmt: skip
    assert file.read_bytes() == before
    assert rights(*other, "--memo", "memo.html", "--force").code == 0
    assert file.read_bytes() != before
    assert [each.name for each in folder.iterdir() if each.name.startswith(".rights-")] == []


def test_what_is_no_memo_is_not_replaced(rights: Rights, folder: Path) -> None:
    (folder / "letter.txt").write_text("Dear Sir", encoding="utf-8")
    told = rights(*VALUE, "--memo", "letter.txt", "--force")
    assert (told.code, told.sentence) == (
        2, "rights: malformed: letter.txt is no memo, and is not replaced: name another file")  # fmt: skip
    assert (folder / "letter.txt").read_text(encoding="utf-8") == "Dear Sir"


@pytest.mark.parametrize(
    ("words", "says"),
    [
        ((*VALUE, "--force"), "--force replaces a memo: name it with --memo"),
        ((*VALUE, "--memo", "nowhere/memo.html"), "nowhere/memo.html cannot be made: there is no folder nowhere"),
        (("value", *FIGURES, "--grid", "volatility=0.2:0.6:5", "--memo", "memo.html"), "leave --memo out"),
        ((*VALUE[:-2], "--shares-per-right", "0", "--memo", "memo.html"), "it is a whole number"),
    ],
)
def test_a_call_that_makes_no_memo(rights: Rights, folder: Path, words: tuple[str, ...], says: str) -> None:
    told = rights(*words)
    assert told.code == 2
    assert says in told.sentence
    assert not (folder / "memo.html").exists()


def test_the_memo_of_an_implied_volatility_says_so(rights: Rights, folder: Path) -> None:
    assert rights("value", *FIGURES, "--price", "2112.7", "--shares-per-right", "200", "--memo", "memo.html").code == 0
    page = (folder / "memo.html").read_text(encoding="utf-8")
    assert "implied by an option price of ¥2,112.7 a share" in page


def test_the_memo_of_a_recorded_price_has_its_sources_and_closes(priced: Rights, folder: Path) -> None:
    files = ("--prices", "prices.csv", "--rates", "jgbcm.csv")
    told = priced("value", "--of-series", "7", *files, "--memo", "memo.html")
    assert (told.code, told.err) == (0, "")
    assert told.out.startswith("memo.html holds the memo.\n")
    page = (folder / "memo.html").read_text(encoding="utf-8")
    for text in ("series 7", "Valued as of 2017-07-14", "yields of 2017-07-14: 15 years 0.324 %",
                 "105 weekly closes from 2015-07-17 to 2017-07-14 (prices.csv)", "the close of the day (prices.csv",
                 "the terms of the series",
                 "105 closes, the last of each week, from 2015-07-17 to 2017-07-14"):  # fmt: skip
        assert text in page, text
    assert hashlib.sha256((folder / "prices.csv").read_bytes()).hexdigest() in page
    assert page.count("<svg") == 6


def test_without_the_files_its_memo_has_no_closes(priced: Rights, folder: Path) -> None:
    assert priced("value", "--of-series", "7", "--memo", "memo.html", "--json").json["agrees"]
    page = (folder / "memo.html").read_text(encoding="utf-8")
    assert "105 weekly closes from 2015-07-17" in page
    assert page.count("<svg") == 4
