"""`rights template` and `rights import`: shown before, all or nothing, the same file twice only once."""

import json
import os
import pty
import subprocess
from collections.abc import Iterator
from pathlib import Path

import openpyxl
import pytest

from ledger.cli import importing
from tests.cli.terminal import BIN, Rights, environment, in_process
from tests.exchange.writing import EXERCISES, Rows, csv_file, workbook
from tests.reports.catalogue import Missing

LIFE: dict[str, Rows] = {
    "会社": (("会社", "商号", "設立日"), ("IIJ", "株式会社インターネットイニシアティブ", "平成4年12月3日")),
    "新株予約権": (
        (
            "回号",
            "発行決議日",
            "会社",
            "発行総数",
            "付与株式数",
            "行使価額",
            "行使期間開始日",
            "行使期間終了日",
            "割当日",
        ),
        ("7", "平成29年6月27日", "IIJ", "245個", "200株", "1円", "平成29年7月15日", "2047/7/14", "平成29年7月14日"),
    ),
    "割当": (
        ("回号", "保有者", "地位", "個数", "割当日", "出典"),
        ("7", "director-1", "director", 24, "2017-07-14", "議事録"),
    ),
    "退任": (("保有者", "退任日"), ("director-1", "H30.6.28")),
    "exercises": EXERCISES,
    "保有者": (("保有者", "氏名"), ("director-1", "甲野太郎")),
}
"""The 7th series to its last exercise, without a row of the template."""

PREVIEW = """\
Entries of life.xlsx · ledger main
where              type       on          about                                       state
─────────────────  ─────────  ──────────  ──────────────────────────────────────────  ─────
会社, row 2        company    1992-12-03  IIJ                                         new
新株予約権, row 2  issue      2017-06-27  series 7, at most 245 rights of 200 shares  new
割当, row 2        allotment  2017-07-14  series 7, director-1, director, 24 rights   new
退任, row 2        departure  2018-06-28  director-1                                  new
exercises, row 2   exercise   2018-07-02  series 7, director-1, 4 rights              new
exercises, row 3   exercise   2018-07-08  series 7, director-1, 20 rights             new
"""


@pytest.fixture
def life(new_ledger: Rights, folder: Path) -> Rights:
    workbook(folder / "life.xlsx", LIFE)
    return new_ledger


def test_it_is_shown_and_recorded_and_not_twice(life: Rights) -> None:
    dry = life("import", "life.xlsx", "--dry-run")
    assert (dry.code, dry.err) == (0, "")
    assert dry.out.startswith(PREVIEW)
    assert dry.out.endswith(
        "6 entries would be recorded, 0 already there; the particulars of 1 would be kept; ledger main would be at"
        " version 6.\n"
    )
    assert life("history", "--json").json["rows"] == []
    told = life("import", "life.xlsx")
    assert (told.code, told.err) == (0, "")
    assert told.out.endswith(
        "6 entries recorded, 0 already there; the particulars of 1 kept; ledger main is at version 6.\n"
    )
    again = life("import", "life.xlsx")
    assert again.out.endswith("0 entries recorded, 6 already there; ledger main is at version 6.\n")
    assert life("people", "show", "director-1", "--json").json["rows"][0]["kanji"] == "甲野太郎"
    [holding] = life("holdings", "--as-of", "2018-07-08", "--json").json["rows"]
    assert (holding["allotted"], holding["exercised"], holding["outstanding"]) == (24, 24, 0)
    assert life("verify").code == 0


def test_the_same_in_json(life: Rights) -> None:
    dry = life("import", "life.xlsx", "--dry-run", "--json").json
    assert (dry["dry_run"], dry["version"], dry["people"], dry["left_out"]) == (True, 6, 1, [])
    assert life("history", "--json").json["rows"] == []
    document = life("import", "life.xlsx", "--json").json
    exercise = {"type": "exercise", "series": "7", "holder": "director-1", "rights": 20, "on": "2018-07-08"}
    last = document["entries"][-1]
    assert last.pop("entry").items() >= exercise.items()
    assert last == {"sheet": "exercises", "row": 3, "column": None, "version": 6, "was_there": False, "like": None}
    assert [each["was_there"] for each in life("import", "life.xlsx", "--json").json["entries"]] == [True] * 6


def test_problems_are_told_each_with_its_place_and_nothing_is_recorded(life: Rights, folder: Path) -> None:
    workbook(folder / "bad.xlsx", {**LIFE, "exercises": (EXERCISES[0], ("7", None, "-4", "18/7/2"))})
    told = life("import", "bad.xlsx")
    assert (told.code, told.out) == (2, "")
    assert told.err == (
        "rights: sheet exercises, row 2, column holder: is empty, and required\n"
        "rights: sheet exercises, row 2, column rights: is -4, negative: write a whole number, such as 24 or 1,000\n"
        "rights: sheet exercises, row 2, column on: is 18/7/2, which does not say its year in full: write it as"
        " 2018-07-02, 2018/7/2, 2018年7月2日 or 平成30年7月2日\n"
        "rights: malformed: bad.xlsx: there are 3 problems, and nothing was recorded\n"
    )
    error = life("import", "bad.xlsx", "--json")
    assert (error.code, error.error["code"], error.error["line"]) == (2, "malformed", None)
    for line in told.err.splitlines()[:-1]:
        assert line.removeprefix("rights: ") in error.error["message"]
    assert life("history", "--json").json["rows"] == []
    assert life("people", "show", "--json").json["rows"] == []


def test_more_than_a_hundred_problems_are_counted(new_ledger: Rights, folder: Path) -> None:
    csv_file(folder / "exercises.csv", (EXERCISES[0], *[("7", "a", "x", "2018-07-02")] * 101))
    told = new_ledger("import", "exercises.csv")
    assert told.err.splitlines()[99:] == [
        "rights: row 101, column rights: is x, no number: write a whole number, such as 24 or 1,000",
        "rights: … and 1 more",
        "rights: malformed: exercises.csv: there are 101 problems, and nothing was recorded",
    ]


def test_what_a_rule_refuses_is_told_with_its_place(life: Rights, folder: Path) -> None:
    late = (EXERCISES[0], ("7", "director-1", 4, "2018-07-09"))
    workbook(folder / "late.xlsx", {**LIFE, "exercises": late})
    told = life("import", "late.xlsx")
    assert told.code == 1
    assert told.sentence.startswith(
        "rights: outside-exercise-window: sheet exercises, row 2: director-1 cannot exercise series 7 on 2018-07-09"
    )
    assert life("history", "--json").json["rows"] == []


def test_another_source_of_the_same_fact_is_told_with_what_to_do(life: Rights, folder: Path) -> None:
    assert life("import", "life.xlsx").code == 0
    allotments = (LIFE["割当"][0], (*LIFE["割当"][1][:-1], "another"))
    workbook(folder / "other.xlsx", {**LIFE, "割当": allotments})
    told = life("import", "other.xlsx")
    assert told.code == 1
    assert told.sentence.startswith("rights: id-reused: sheet 割当, row 2: the id sheet-")
    assert (
        "the row states the same fact with another source or note, and what was recorded is never changed" in told.err
    )


def test_what_is_left_out_is_all_in_json(new_ledger: Rights, folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(importing, "MOST_LEFT", 2)
    columns = [f"x{number}" for number in range(5)]
    csv_file(folder / "company.csv", (("会社", "商号", "設立日", *columns), ("A", "A", "2001-04-02", *"abcde")))
    told = new_ledger("import", "company.csv", "--dry-run", "--sheet", "companies")
    left = told.out[told.out.index("Not taken over:") :].splitlines()
    assert [line[:22] for line in left[:4]] == [
        "Not taken over:", "  row 1, column x0: is", "  row 1, column x1: is", "  … and 3 more"
    ]  # fmt: skip
    given = new_ledger("import", "company.csv", "--dry-run", "--sheet", "companies", "--json").json
    assert [each["column"] for each in given["left_out"]] == columns


def test_what_was_recorded_by_hand_is_told(small_ledger: Rights, folder: Path) -> None:
    """Version 8 is the exercise of 4 rights on 2 July 2018; that of 3 rights is new."""
    rows = (("7", "director-1", 4, "2018-07-02"), ("7", "director-1", 3, "2018-07-02"))
    csv_file(folder / "exercises.csv", (EXERCISES[0], *rows))
    first, second = small_ledger("import", "exercises.csv", "--dry-run").out.splitlines()[3:5]
    assert first.endswith("  series 7, director-1, 4 rights  new, but says what version 8 says")
    assert second.endswith("  series 7, director-1, 3 rights  new")
    assert [each["like"] for each in small_ledger("import", "exercises.csv", "--json").json["entries"]] == [8, None]
    again = small_ledger("import", "exercises.csv", "--json").json["entries"]
    assert [(each["was_there"], each["version"]) for each in again] == [(True, 12), (True, 13)]


def test_what_was_taken_back_is_not_told(small_ledger: Rights, folder: Path) -> None:
    csv_file(folder / "exercises.csv", (EXERCISES[0], ("7", "director-1", 4, "2018-07-02")))
    assert small_ledger("retract", "8").code == 0
    assert [each["like"] for each in small_ledger("import", "exercises.csv", "--json").json["entries"]] == [None]


def test_an_untouched_template_records_nothing(new_ledger: Rights, folder: Path) -> None:
    assert new_ledger("template", "new.xlsx").out == "new.xlsx is written.\n"
    told = new_ledger("import", "new.xlsx", "--yes")
    assert told == (0, "0 entries recorded, 0 already there; ledger main is at version 0.\n", "")


def test_a_template_is_not_written_over_what_is_there(rights: Rights, folder: Path) -> None:
    assert rights("template", "new.xlsx", "--sheet", "exercises", "--json").json == {
        "file": "new.xlsx",
        "sheets": ["exercises"],
    }
    assert openpyxl.load_workbook(folder / "new.xlsx").sheetnames == ["README", "exercises"]
    assert rights("template", "new.xlsx").sentence == (
        "rights: malformed: new.xlsx is there already; --force replaces it"
    )
    assert rights("template", "new.xlsx", "--force").code == 0
    assert len(openpyxl.load_workbook(folder / "new.xlsx").sheetnames) == 19
    (folder / "letter.xlsx").write_text("Dear Sir", encoding="utf-8")
    assert "is no workbook" in rights("template", "letter.xlsx", "--force").sentence
    assert "name it .xlsx or .csv" in rights("template", "new.ods").sentence
    assert "there is no kind of sheet exercize (did you mean exercises?)" in (
        rights("template", "new.csv", "--sheet", "exercize").sentence
    )
    assert rights("template", "new.csv", "--lang", "ja").code == 0
    assert (folder / "new.csv").read_text(encoding="utf-8-sig").startswith("例,回号 *,保有者 *,地位 *,個数 *,割当日 *,")
    assert sorted(each.name for each in folder.iterdir()) == ["letter.xlsx", "new.csv", "new.xlsx"]


def test_entries_given_by_mistake(new_ledger: Rights, folder: Path) -> None:
    (folder / "entries.jsonl").write_text(json.dumps({"type": "death"}), encoding="utf-8")
    assert new_ledger("import", "entries.jsonl").sentence == (
        "rights: malformed: entries.jsonl holds JSON: `rights record entries.jsonl` records entries in JSON Lines"
    )


def test_a_csv_whose_kind_the_caller_says(small_ledger: Rights, folder: Path) -> None:
    csv_file(folder / "a.csv", (EXERCISES[0], ("7", "director-1", "2", "2018-07-03")), "cp932")
    assert "say so by --sheet" in small_ledger("import", "a.csv").err
    told = small_ledger("import", "a.csv", "--sheet", "exercises", "--expect-version", "11")
    assert told.out.endswith("1 entry recorded, 0 already there; ledger main is at version 12.\n")
    assert small_ledger("import", "a.csv", "--sheet", "waivers", "--expect-version", "11").code == 1


def at_a_terminal(folder: Path, answer: bytes) -> tuple[int, str]:
    """Run an import at a terminal, where somebody answers."""
    keeper, terminal = pty.openpty()
    arguments = [str(BIN / "rights"), "import", "life.xlsx"]
    with subprocess.Popen(
        arguments, cwd=folder, env=environment(), stdin=terminal, stdout=terminal, stderr=terminal
    ) as process:
        os.close(terminal)
        os.write(keeper, answer)
        shown = b"".join(_read(keeper))
        os.close(keeper)
    return process.returncode, shown.decode().replace("\r\n", "\n")


def _read(keeper: int) -> Iterator[bytes]:
    while True:
        try:
            part = os.read(keeper, 65_536)
        except OSError:  # when the other side is closed
            return
        if not part:
            return
        yield part


@pytest.mark.parametrize(("answer", "code", "version"), [(b"y\n", 0, 6), (b"n\n", 0, 0), (b"\x04", 130, 0)])
def test_at_a_terminal_it_asks(life: Rights, folder: Path, answer: bytes, code: int, version: int) -> None:
    found, shown = at_a_terminal(folder, answer)
    assert found == code, shown
    assert "Record these entries? [y/N]:" in shown
    assert len(life("history", "--json").json["rows"]) == version


def test_at_a_terminal_nothing_is_asked_where_nothing_is_new(life: Rights, folder: Path) -> None:
    assert life("import", "life.xlsx").code == 0
    found, shown = at_a_terminal(folder, b"")
    assert found == 0
    assert "Record these entries?" not in shown


def test_a_process_without_a_terminal_is_not_asked(life: Rights, folder: Path) -> None:
    told = in_process([str(BIN / "rights"), "import", "life.xlsx"], folder)
    assert (told.code, told.err) == (0, "")
    assert len(life("history", "--json").json["rows"]) == 6


def test_nothing_is_left_in_english(life: Rights, missing: Missing) -> None:
    assert life("template", "new.xlsx", "--lang", "ja").code == 0
    assert life("import", "life.xlsx", "--lang", "ja").code == 0
    assert not missing.asked
