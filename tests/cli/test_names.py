"""Names in what people see: where the directory has one, and nowhere where only ids are wanted."""

import re
from collections.abc import Sequence
from pathlib import Path

import pytest
from openpyxl import load_workbook

from tests.cli.terminal import Rights

NAME = "甲野太郎"
DAY = "2018-07-02"
SHOWN = (
    ("holdings", "--as-of", DAY), ("eligibility", "--on", DAY), ("exercises",), ("deadlines", "--on", "2018-06-29"),
    ("register", "--as-of", "2018-06-29"), ("explain", "--series", "7", "--holder", "director-2", "--on", DAY),
    ("diff", "--as-of", "2018-07-01", "--as-of", "2018-07-09"),
)  # fmt: skip


@pytest.fixture
def named(demo_ledger: Rights) -> Rights:
    """The demo's ledger, in which director-2, who left, and director-4, who died, have names."""
    for holder in ("director-2", "director-4"):
        assert demo_ledger("people", "set", holder, "--kanji", NAME, "--address", "東京都千代田区").code == 0
    return demo_ledger


@pytest.mark.parametrize("question", SHOWN, ids=" ".join)
def test_a_table_shows_the_name_with_the_id(named: Rights, question: Sequence[str]) -> None:
    assert f"{NAME} (director-2)" in named(*question).out


@pytest.mark.parametrize("question", SHOWN, ids=" ".join)
def test_ids_alone_where_they_are_wanted(named: Rights, question: Sequence[str]) -> None:
    told = named(*question, "--ids-only")
    assert "director-2" in told.out
    assert NAME not in told.out
    assert "千代田" not in told.out


@pytest.mark.parametrize("form", ["--json", "--csv"])
@pytest.mark.parametrize("question", [each for each in SHOWN if each[0] != "register"], ids=" ".join)
def test_programs_are_given_ids(named: Rights, question: Sequence[str], form: str) -> None:
    assert NAME not in named(*question, form).out


@pytest.mark.parametrize(
    ("question", "says"),
    [
        (("explain", "--series", "7", "--holder", "director-2", "--on", DAY), "left "),
        (("explain", "--series", "7", "--holder", "director-2", "--on", "2018-06-01"), "is in office, and may only"),
        (("eligibility", "--on", "2018-06-01", "--why"), "is in office; exercisable only after leaving"),
        (("eligibility", "--on", "2018-06-01", "--why", "--lang", "ja"), "は在任中"),
    ],
)
def test_a_sentence_names_the_holder_as_the_table_does(named: Rights, question: Sequence[str], says: str) -> None:
    told = named(*question).out
    assert re.search(rf"{NAME} \(director-2\) ?{says}", told)
    assert not re.search(rf"(?<!\()director-2 ?{says}", told)
    assert re.search(rf"director-2 ?{says}", named(*question, "--ids-only").out)


def test_where_rights_came_from_is_a_name_too(named: Rights) -> None:
    told = named("holdings", "--as-of", "2020-09-15", "--lang", "ja")
    assert f"heir-1（{NAME} (director-4)の相続人）" in told.out


def test_a_workbook(named: Rights) -> None:
    named("exercises", "--xlsx", "named.xlsx")
    named("exercises", "--xlsx", "bare.xlsx", "--ids-only")
    assert load_workbook("named.xlsx").worksheets[0]["C2"].value == f"{NAME} (director-2)"
    assert load_workbook("bare.xlsx").worksheets[0]["C2"].value == "director-2"


def test_a_page(named: Rights) -> None:
    assert named("report", "--html", "named.html").code == 0
    assert named("report", "--html", "bare.html", "--ids-only").code == 0
    assert f"{NAME} (director-2)" in Path("named.html").read_text(encoding="utf-8")
    assert NAME not in Path("bare.html").read_text(encoding="utf-8")


def test_a_calendar_keeps_its_ids_for_another_name(named: Rights) -> None:
    named("deadlines", "--on", "2018-06-29", "--ics", "named.ics")
    named("deadlines", "--on", "2018-06-29", "--ics", "bare.ics", "--ids-only")
    uids = [
        [line for line in Path(name).read_text(encoding="utf-8").splitlines() if line.startswith("UID")]
        for name in ("named.ics", "bare.ics")
    ]
    assert uids[0] == uids[1]
    assert NAME in Path("named.ics").read_text(encoding="utf-8").replace("\n ", "")
    assert NAME not in Path("bare.ics").read_text(encoding="utf-8").replace("\n ", "")


def test_who_is_forgotten_is_an_id_again(named: Rights) -> None:
    for holder in ("director-2", "director-4"):
        assert named("people", "forget", holder, "--reason", "asked for it").code == 0
    for question in SHOWN:
        assert NAME not in named(*question).out


def test_a_statement_in_japanese_and_as_a_workbook(named: Rights) -> None:
    told = named("extract", "--holder", "director-2", "--as-of", "2018-06-29", "--lang", "ja")
    assert told.out.startswith(
        "Internet Initiative Japan Inc. 新株予約権原簿記載事項証明書（会社法250条）\n\n"
        f"新株予約権者：{NAME} (director-2)\n住所：東京都千代田区\n"
        "対象：台帳「iij」、2018年6月29日終了時、第49版までの記録による\n\n"
        "記載された新株予約権\n"
    )
    assert "代表者（記名押印）：____" in told.out
    named("extract", "--holder", "director-2", "--as-of", "2018-06-29", "--xlsx", "statement.xlsx")
    book = load_workbook("statement.xlsx")
    assert book.sheetnames == ["Rights entered", "Content of the rights", "About"]
    assert book.worksheets[0]["A3"].value == f"Holder: {NAME} (director-2)"


def test_the_directory_in_japanese(named: Rights) -> None:
    assert named("people", "show", "--lang", "ja").out == (
        "新株予約権者名簿・台帳「iij」\n"
        "保有者      氏名      住所\n"
        "──────────  ────────  ──────────────\n"
        f"director-2  {NAME}  東京都千代田区\n"
        f"director-4  {NAME}  東京都千代田区\n"
    )


def test_a_page_is_searched_in_every_script_and_tells_none_where_ids_alone_are_wanted(named: Rights) -> None:
    assert named("people", "set", "director-2", "--kana", "コウノ タロウ", "--roman", "Taro KONO").code == 0
    named("report", "--html", "named.html")
    named("report", "--html", "bare.html", "--ids-only")
    assert f'"spellings":{{"director-2":["{NAME}","コウノ タロウ","Taro KONO"]' in Path("named.html").read_text("utf-8")
    bare = Path("bare.html").read_text("utf-8")
    assert '"spellings":{}' in bare
    assert [each for each in (NAME, "コウノ", "KONO") if each in bare] == []
