"""`rights reconcile`: a trust bank's list beside the ledger, in every form; and what is no register."""

import csv
import io
from pathlib import Path

import pytest
from openpyxl import Workbook, load_workbook

from tests.cli.terminal import Rights, Told, in_terminal, width_of
from tests.cli.test_table_layout import RIGHTS
from tests.reports.catalogue import Missing

LIST = """\
新株予約権者名簿,,,
回号,氏名,保有個数,目的である株式の数
第7回,髙橋　一郎,20,"4,000"
第7回,山崎花子,10,"2,000"
第7回,誰か,3,600
,合計,33,"6,600"
"""
DAY = ("--as-of", "2018-07-02")


@pytest.fixture
def named(small_ledger: Rights) -> Rights:
    """The ledger of `SMALL`, with the names of two holders; and a list of a trust bank in bank.csv."""
    assert small_ledger("people", "set", "director-1", "--kanji", "高橋一郎").code == 0
    assert small_ledger("people", "set", "director-2", "--kanji", "山﨑花子").code == 0
    Path("bank.csv").write_bytes(LIST.encode("cp932"))
    return small_ledger


def squeezed(text: str) -> list[str]:
    """Lines without what only fills columns."""
    return [" ".join(line.replace("─", "").split()) for line in text.splitlines()]


TOLD = """\
Differences from the register as of 2018-07-02 · ledger main at version 11
series  holder     figure  here   there  result         row  versions
7       officer-1  rights      7      –  missing there       2, 6
7       誰か       rights      –      3  missing here   5
        total      rights     37     33  different      6    2, 4, 5, 6, 8
        total      shares  7,400  6,600

Assumed of bank.csv:
  row 2: columns: 回号 for the series, 氏名 for the name, 保有個数 for the rights outstanding, \
目的である株式の数 for the shares
  row 3: 第7回 was taken for series 7
  row 3: 髙橋　一郎 was taken for 高橋一郎 (director-1): spaces, 髙 = 高
  row 4: 山崎花子 was taken for 山﨑花子 (director-2): 﨑 = 崎

5 lines: matched 2, different 1, missing here 1, missing there 1."""


def test_a_list_of_a_trust_bank(named: Rights) -> None:
    told = named("reconcile", "bank.csv", *DAY)
    assert (told.code, told.err) == (1, "")
    assert [line for line in squeezed(told.table) if line] == [line for line in squeezed(TOLD) if line]


def test_it_agrees(named: Rights) -> None:
    right = LIST.replace("誰か,3,600", "officer-1,7,1400").replace('33,"6,600"', '37,"7,400"')
    Path("bank.csv").write_text(right, encoding="utf-8")
    told = named("reconcile", "bank.csv", *DAY)
    assert (told.code, told.err) == (0, "")
    assert told.out.startswith("Differences from the register as of 2018-07-02 · ledger main at version 11: none\n")
    assert told.table.endswith("\nAll 4 lines match.\n")
    assert named("reconcile", "bank.csv", "--as-of", "2018-07-01").code == 1


def test_for_programs(named: Rights) -> None:
    told = named("reconcile", "bank.csv", *DAY, "--json")
    assert told.code == 1
    document = told.answer
    rows, assumptions = document.pop("rows"), document.pop("assumptions")
    assert document == {
        "ledger": "main", "as_of": "2018-07-02", "known_version": 11, "register": "bank.csv", "matched": 2,
        "different": 1, "missing_here": 1, "missing_there": 1, "ambiguous": 0,
    }  # fmt: skip
    assert rows[0] == {
        "series": "7", "holder": "director-1", "inherited_from": None, "transferred_from": None, "name": "髙橋　一郎",
        "of": "holding", "verdict": "matched", "rights_here": 20, "rights_there": 20, "shares_here": 4_000,
        "shares_there": 4_000, "shares_per_right_here": 200, "shares_per_right_there": None, "candidates": [],
        "register_rows": [3], "versions": [2, 4, 8],
    }  # fmt: skip
    assert assumptions[2] == {"row": 3, "says": "髙橋　一郎 was taken for director-1: spaces, 髙 = 高"}
    because = named("reconcile", "bank.csv", *DAY, "--json", "--why").json["rows"][0]["because"]
    assert because[0] == {"version": 4, "item": "item 15", "says": "allotted 24 on 2017-07-14"}
    heading, *lines = csv.reader(io.StringIO(named("reconcile", "bank.csv", *DAY, "--csv").out))
    assert [line[heading.index("verdict")] for line in lines] == [row["verdict"] for row in rows]


def test_why(named: Rights) -> None:
    told = named("reconcile", "bank.csv", *DAY, "--why")
    assert "\nSeries 7, officer-1:\n  item 15: allotted 7 on 2017-07-14 (version 6)\n" in told.out
    assert "director-1:" not in told.out


def test_without_names(named: Rights) -> None:
    told = named("reconcile", "bank.csv", *DAY, "--ids-only")
    assert told.code == 1
    assert not {"髙", "高", "山", "誰"} & {*told.out}
    assert "row 3: what is written there was taken for director-1\n" in told.out


def test_as_a_workbook(named: Rights) -> None:
    told = named("reconcile", "bank.csv", *DAY, "--xlsx", "found.xlsx")
    assert (told.code, told.out) == (
        1, "found.xlsx is written.\n5 lines: matched 2, different 1, missing here 1, missing there 1.\n")  # fmt: skip
    sheets = {
        each.title: [[cell.value for cell in row] for row in each.iter_rows()] for each in load_workbook("found.xlsx")
    }
    assert list(sheets) == ["Differences", "Lines", "Assumptions", "About"]
    assert sheets["Differences"][1] == ["7", "officer-1", "rights", 7, None, "missing there", None, "2, 6"]
    assert sheets["Lines"][1] == ["7", "高橋一郎 (director-1)", "holding", 20, 20, 4_000, 4_000, "matched", "3"]
    assert sheets["Assumptions"][2] == [3, "第7回 was taken for series 7"]


def test_it_asks_for_one_form(named: Rights) -> None:
    assert named("reconcile", "bank.csv", "--xlsx", "a.xlsx", "--csv").sentence == (
        "rights: malformed: --csv and --xlsx cannot both be had"
    )


def workbook(**sheets: list[list[object]]) -> None:
    book = Workbook()
    book.remove(book.active)
    for name, rows in sheets.items():
        of = book.create_sheet(name)
        for row in rows:
            of.append(row)
    book.save("bank.xlsx")


OF_7: list[list[object]] = [["氏名", "保有個数"], ["高橋一郎", 20], ["山﨑花子", 10], ["officer-1", 7]]


def test_a_workbook_of_one_sheet(named: Rights) -> None:
    workbook(Sheet1=OF_7)
    told = named("reconcile", "bank.xlsx", *DAY)
    assert (told.code, told.err) == (0, "")
    assert "Assumed of bank.xlsx:\n  the register is of series 7\n" in told.out


def test_of_several_sheets_the_one_with_the_headings(named: Rights) -> None:
    workbook(表紙=[["名簿"]], 第7回=OF_7)
    told = named("reconcile", "bank.xlsx", *DAY)
    assert told.code == 0
    assert "  the sheet 第7回 was read\n" in told.out
    workbook(第7回=OF_7, 前回=[["氏名", "保有個数"], ["高橋一郎", 24]])
    assert named("reconcile", "bank.xlsx", *DAY).sentence == (
        "rights: malformed: bank.xlsx has 2 sheets that may be the register: --sheet says which it is, of 第7回, 前回"
    )
    assert named("reconcile", "bank.xlsx", *DAY, "--sheet", "第７回").code == 0
    assert named("reconcile", "bank.xlsx", *DAY, "--sheet", "前回").code == 1
    assert named("reconcile", "bank.xlsx", *DAY, "--sheet", "表紙").sentence == (
        "rights: malformed: bank.xlsx has no sheet 表紙 with something in it: it has 第7回, 前回"
    )
    workbook(表紙=[["名簿"]], 裏=[["名簿"]])
    assert named("reconcile", "bank.xlsx", *DAY).sentence == (
        "rights: malformed: bank.xlsx has 2 sheets that hold something, and none has the headings of a register:"
        " --sheet says which it is, of 表紙, 裏"
    )


def test_a_formula_is_no_figure(named: Rights) -> None:
    workbook(Sheet1=[["氏名", "保有個数"], ["高橋一郎", "=10+10"]])
    told = named("reconcile", "bank.xlsx", *DAY)
    assert told.code == 2
    assert told.sentence.startswith(
        "rights: malformed: bank.xlsx has 1 problem: sheet Sheet1, row 2, column 保有個数: "
    )


def test_columns_by_hand(named: Rights) -> None:
    Path("bank.csv").write_text("お名前,口数,個数\n高橋一郎,20,1\n山﨑花子,10,1\nofficer-1,7,1\n", encoding="utf-8")
    by_hand = ("--column", "name=お名前", "--column", "rights=口数")
    assert named("reconcile", "bank.csv", *DAY, *by_hand).code == 0
    assert named("reconcile", "bank.csv", *DAY, *by_hand[:2]).code == 1


NO_COLUMN = (
    "names no column (did you mean rights?): write FIELD=HEADING; the fields are series, holder, name, kana, roman,"
    " inherited_from, transferred_from, rights, shares, shares_per_right"
)


@pytest.mark.parametrize(("arguments", "sentence"), [
    (("--column", "right=口数"), f"--column right=口数 {NO_COLUMN}"),
    (("--column", "rights"), f"--column rights {NO_COLUMN}"),
    (("--column", "rights=a", "--column", "rights=b"), "--column rights is given twice: a and b"),
    (("--column", "rights=口数"), "bank.csv: no row has the heading 口数, which --column rights names; the headings "
     "seem to be 回号, 氏名, 保有個数, 目的である株式の数"),
    (("--sheet", "1"), "--sheet is of a workbook, and bank.csv is none"),
    (("--series", "8"), "series 8 is not known on any day"),
    (("--known-version", "12"), "the ledger main is at version 11; there is no version 12"),
])  # fmt: skip
def test_what_cannot_be_compared(named: Rights, arguments: tuple[str, ...], sentence: str) -> None:
    told = named("reconcile", "bank.csv", *DAY, *arguments)
    assert told.code == (1 if "--series" in arguments else 2)
    assert told.sentence.endswith(sentence)


@pytest.mark.parametrize(("content", "says"), [
    (b"", "bank.csv is empty"), (b"{}", "bank.csv holds JSON"), (b"%PDF-1.4", "bank.csv is a PDF"),
    (b"PK\x03\x04", "bank.csv"), (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1", "bank.csv is a workbook of the old kind"),
    (b'"', "bank.csv is no CSV"), (b"\xff\xff", "bank.csv"), (b"a\0b", "U+0000"), (b"<html>", "page of the web"),
    (b"rights,name\n=1+1,x\n", "row 2, column rights"),
    ("氏名,個数\n甲,".encode() + b"9" * 10_000, "counts stay below"),
], ids=str)  # fmt: skip
def test_files_that_are_no_register(named: Rights, content: bytes, says: str) -> None:
    Path("bank.csv").write_bytes(content)
    told = named("reconcile", "bank.csv", *DAY)
    assert told.code == 2
    assert says in told.sentence


def test_a_file_that_is_not_there(named: Rights) -> None:
    assert named("reconcile", "none.csv").sentence == "rights: malformed: none.csv: No such file or directory"
    assert named("reconcile", ".").sentence == "rights: malformed: .: Is a directory"


def test_what_a_register_says_moves_no_terminal(named: Rights) -> None:
    Path("bank.csv").write_text("氏名,個数\n\x1b[2J\u202e=1,3\n", encoding="utf-8")
    for form in ((), ("--csv",), ("--json",)):
        told = named("reconcile", "bank.csv", *DAY, *form)
        assert told.code == 1
        assert not {"\x1b", "\u202e"} & {*told.out}


def test_in_a_terminal_of_80_columns(named: Rights, folder: Path) -> None:
    told = in_terminal([*RIGHTS, "reconcile", "bank.csv", *DAY], folder, columns=80)
    table, _, _ = told.out.partition("\n\n")
    assert told.code == 1
    assert max(map(width_of, table.splitlines())) <= 80


def test_the_ledger_s_own_register_agrees(demo_ledger: Rights, folder: Path) -> None:
    for question in ("register", "holdings"):
        for day in ("2018-07-02", "2020-10-01", "2022-10-01"):
            (folder / "own.csv").write_text(demo_ledger(question, "--csv", "--as-of", day).out, encoding="utf-8")
            told = demo_ledger("reconcile", "own.csv", "--as-of", day)
            assert (told.code, "lines match." in told.out) == (0, True)


def test_the_ledger_s_own_register_agrees_by_names_alone(demo_ledger: Rights, folder: Path) -> None:
    holders = sorted({row["holder"] for row in demo_ledger("holdings", "--json").json["rows"]})
    people = "".join(f"{holder},髙﨑　{number}\n" for number, holder in enumerate(holders))
    (folder / "people.csv").write_text(f"holder,kanji\n{people}", encoding="utf-8")
    assert demo_ledger("people", "import", "people.csv").code == 0
    _, *rows = csv.reader(io.StringIO(demo_ledger("register", "--csv", "--as-of", "2020-10-01").out))
    lines = "".join(f"第{row[0]}回,{row[7].replace('髙﨑　', '高崎')},{row[9]},{row[11]}\n" for row in rows)
    (folder / "own.csv").write_bytes(f"回号,氏名,個数,株数\n{lines}".encode("cp932"))
    told = demo_ledger("reconcile", "own.csv", "--as-of", "2020-10-01")
    assert (told.code, f"All {len(rows)} lines match." in told.out) == (0, True)
    assert "高崎0 was taken for 髙﨑　0 (director-1): spaces, 髙 = 高, 﨑 = 崎\n" in told.out


def test_of_very_many_assumptions_two_hundred_are_told(small_ledger: Rights) -> None:
    Path("bank.csv").write_text("series,holder,rights\n7,director-1,1\n" + ",director-1,0\n" * 204, encoding="utf-8")
    told = small_ledger("reconcile", "bank.csv", "--as-of", "2017-07-14")
    assumed = told.out.partition("Assumed of bank.csv:\n")[2].partition("\n\n")[0].splitlines()
    assert (len(assumed), assumed[-1]) == (201, "  … and 5 more")


def test_an_empty_ledger(new_ledger: Rights) -> None:
    Path("bank.csv").write_text("series,holder,rights\n", encoding="utf-8")
    told: Told = new_ledger("reconcile", "bank.csv")
    assert (told.code, "There is nothing on either side.\n" in told.out) == (0, True)


def test_whom_a_name_may_mean_is_shown_and_not_guessed(named: Rights) -> None:
    assert named("people", "set", "director-2", "--kanji", "髙橋 一郎").code == 0
    Path("bank.csv").write_text("回号,氏名,個数\n7,髙橋一郎,24\n7,officer-1,7\n", encoding="utf-8")
    told = named("reconcile", "bank.csv", "--as-of", "2017-07-14")
    assert told.code == 1
    assert squeezed(told.table)[3:6] == [
        "7 高橋一郎 (director-1) rights 24 – ambiguous 2, 4", "7 髙橋 一郎 (director-2) rights 10 – ambiguous 2, 5",
        "7 髙橋一郎: 高橋一郎 (director-1), 髙橋 一郎 (director-2)? rights – 24 ambiguous 2",
    ]  # fmt: skip
    hidden = named("reconcile", "bank.csv", "--as-of", "2017-07-14", "--ids-only")
    assert "–: director-1, director-2?" in hidden.out
    assert "橋" not in hidden.out


@pytest.mark.parametrize("options", [(), ("--why",), ("--ids-only",), ("--xlsx", "found.xlsx")], ids=str)
def test_nothing_is_left_in_english(named: Rights, missing: Missing, options: tuple[str, ...]) -> None:
    told = named("reconcile", "bank.csv", *DAY, "--lang", "ja", *options)
    assert (told.code, missing.asked) == (1, set())
