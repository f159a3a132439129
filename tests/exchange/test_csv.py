"""CSV as it comes: encodings, separators, lines above the headings, totals; and what kind of sheet it is."""

import io
from pathlib import Path

import pytest

from ledger import MalformedError
from ledger.cli.render import write_csv
from ledger.exchange.sheets import csv_reading
from tests.exchange.writing import EXERCISED, EXERCISES, csv_file, entries_of, plan_of, problems_of

BANK = (
    ("新株予約権行使請求一覧表",),
    ("作成日：令和2年1月6日", "○○信託銀行"),
    (),
    ("No.", "新株予約権回号", "権利者番号", "氏名", "行使請求日", "行使個数", "払込金額計"),
    ("1", "第７回", "１００１", "甲野太郎", "平成30年7月2日", "１，０００個", "200,000"),
    ("2", "第７回", "1002", "乙野次郎", "H30.7.8", "24", "4,800"),
    ("合計", "", "", "", "", "1,024", "204,800"),
)
"""An export as a trust bank makes it."""


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "cp932", "utf-16"])
@pytest.mark.parametrize("delimiter", [",", "\t", ";"])
def test_an_export_as_it_comes(tmp_path: Path, encoding: str, delimiter: str) -> None:
    plan = plan_of(csv_file(tmp_path / "export.csv", BANK, encoding, delimiter))
    exercise = {"type": "exercise", "series": "第７回"}
    assert entries_of(plan) == [
        {**exercise, "holder": "１００１", "rights": 1_000, "on": "2018-07-02"},
        {**exercise, "holder": "1002", "rights": 24, "on": "2018-07-08"},
    ]
    assert list(map(str, plan.left_out)) == [
        "row 4, column No.: is no column of exercises, and is not read",
        "row 4, column 氏名: is no column of exercises, and is not read",
        "row 4, column 払込金額計: is no column of exercises, and is not read",
        "row 7: is a total (合計), not a fact",
    ]


@pytest.mark.parametrize(("headings", "kind"), [
    (("回号", "保有者", "地位", "個数", "割当日"), "allotment"),
    (("回号", "保有者", "個数", "行使日"), "exercise"),
    (("series", "holder", "rights", "waived on"), "waiver"),
    (("保有者", "退任日"), "departure"), (("保有者", "死亡日"), "death"),
    (("holder", "position", "appointed on"), "appointment"),
    (("回号", "保有者", "譲受人", "個数", "譲渡日"), "transfer"),
    (("会社", "比率", "基準日"), "split"), (("会社", "比率", "併合日"), "consolidation"),
    (("会社", "商号", "設立日"), "company"), (("回号", "消却個数", "消却日"), "cancellation"),
])  # fmt: skip
def test_the_headings_say_what_the_rows_are(tmp_path: Path, headings: tuple[str, ...], kind: str) -> None:
    cells = {"個数": "4", "rights": "4", "消却個数": "4", "比率": "1/2", "地位": "director", "position": "director"}
    row = [cells.get(each, "2018-07-02" if each.endswith(("日", " on")) else f"a {each}") for each in headings]
    [entry] = entries_of(plan_of(csv_file(tmp_path / "export.csv", (headings, row))))
    assert entry["type"] == kind


NOT_ALL = "they have not all that any kind of sheet requires"


@pytest.mark.parametrize(("headings", "could"), [
    (("series", "holder", "rights", "on"), "they could be exercises or waivers"),
    (("holder", "on"), "they could be departures or deaths"),
    (("holder", "position", "on"), "they could be appointments or departures"),
    (("series", "rights", "on", "who"), f"{NOT_ALL} (nearest: exercises, which also wants holder (保有者))"),
    (("a", "b"), NOT_ALL),
])  # fmt: skip
def test_headings_that_do_not_say_it(tmp_path: Path, headings: tuple[str, ...], could: str) -> None:
    file = csv_file(tmp_path / "export.csv", (headings, ["1"] * len(headings)))
    right = "say so by --sheet, such as --sheet exercises, or by a column type (種別)"
    assert problems_of(plan_of(file)) == [f"the file: the headings do not say what the rows are: {could}; {right}"]


@pytest.mark.parametrize(("name", "sheet"), [
    ("export.csv", "exercises"), ("export.csv", "行使"), ("export.csv", "exercise"), ("exercises.csv", None),
    ("行使.csv", None),
])  # fmt: skip
def test_the_caller_or_the_name_of_the_file_says_it(tmp_path: Path, name: str, sheet: str | None) -> None:
    assert entries_of(plan_of(csv_file(tmp_path / name, EXERCISES), sheet)) == EXERCISED


def test_a_column_says_it_row_by_row(tmp_path: Path) -> None:
    rows = (("種別", "回号", "保有者", "個数", "日付"), ("行使", "7", "director-1", "4", "2018-07-02"),
            ("放棄", "7", "director-1", "3", "2018-07-03"), ("死亡", "", "director-1", "", "2018-07-04"))  # fmt: skip
    assert [(each["type"], each["on"]) for each in entries_of(plan_of(csv_file(tmp_path / "export.csv", rows)))] == [
        ("exercise", "2018-07-02"),
        ("waiver", "2018-07-03"),
        ("death", "2018-07-04"),
    ]


@pytest.mark.parametrize(
    "text", ["=cmd|' /C calc'!A0", "+1+cmd", "-x", "@SUM(A1)", "＝1", " =1", "\t=1", "'=1", "'", "''a"]
)
def test_what_our_own_csv_keeps_from_being_run_comes_back_as_it_was(tmp_path: Path, text: str) -> None:
    stream = io.StringIO(newline="")
    row = {"series": "7", "holder": "a", "rights": 4, "exercised on": "2018-07-02", "note": f"{text}."}
    stream.write(",".join(row) + "\r\n")
    write_csv(stream, [*row], [row])
    (tmp_path / "export.csv").write_text(stream.getvalue(), encoding="utf-8", newline="")
    [entry] = entries_of(plan_of(tmp_path / "export.csv"))
    assert entry["note"] == f"{text}.".strip()


@pytest.mark.parametrize("formula", ["=1+3", "=cmd|' /C calc'!A0", '="0012"'])
def test_a_formula_is_not_worked_out(tmp_path: Path, formula: str) -> None:
    rows = (("series", "holder", "rights", "exercised on"), ("7", formula, "4", "2018-07-02"))
    assert problems_of(plan_of(csv_file(tmp_path / "export.csv", rows))) == [
        "row 2, column holder: begins with =, as a formula does, and is not worked out: write its value"
    ]


def test_rows_are_counted_as_a_spreadsheet_counts_them(tmp_path: Path) -> None:
    file = tmp_path / "exercises.csv"
    file.write_bytes(b'series,holder,rights,on,note\n\n7,a,4,2018-07-02,"two\nlines"\n7,a,x,2018-07-02,\n')
    plan = plan_of(file)
    assert problems_of(plan) == ["row 4, column rights: is x, no number: write a whole number, such as 24 or 1,000"]
    assert [each.entry["note"] for each in plan.entries] == ["two\nlines"]


@pytest.mark.parametrize(("content", "says"), [
    (b'series,holder\n"7,a', "is no CSV: line 2: unexpected end of data"),
    (b"\xff\xfes", "begins as UTF-16 and goes on as something else: line 1 is no text"),
    (b"a\n\x81\x00\xfd", "is neither UTF-8 nor CP932: line 2 is no text"),
])  # fmt: skip
def test_what_is_no_csv(tmp_path: Path, content: bytes, says: str) -> None:
    file = tmp_path / "export.csv"
    file.write_bytes(content)
    with pytest.raises(MalformedError) as refused:
        plan_of(file)
    assert refused.value.message == f"{file} {says}"


def test_limits(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    file = csv_file(tmp_path / "exercises.csv", EXERCISES)
    for limit, there in (("MOST_ROWS", 3), ("MOST_CELLS", 12)):
        with monkeypatch.context() as patch:
            patch.setattr(csv_reading, limit, there)
            assert entries_of(plan_of(file)) == EXERCISED
            patch.setattr(csv_reading, limit, there - 1)
            with pytest.raises(MalformedError, match="split it"):
                plan_of(file)


def test_problems_without_end_are_not_told_without_end(tmp_path: Path) -> None:
    rows = (("series", "holder", "rights", "exercised on"), *[("7", "a", "x", "y")] * 5_000)
    told = problems_of(plan_of(csv_file(tmp_path / "export.csv", rows)))
    assert len(told) == 1_001
    assert told[-1] == "the file: there are too many problems; it was read no further"


@pytest.mark.parametrize(
    "note", ["※上記は7月3日現在", "注) 上記", "（注）上記", "＊上記", "以上", "備考：なし", "Note: as above"]
)
@pytest.mark.parametrize("column", [0, 2])
def test_a_note_below_the_table_is_told_and_not_read(tmp_path: Path, note: str, column: int) -> None:
    plan = plan_of(csv_file(tmp_path / "exercises.csv", (*EXERCISES, [*[""] * column, note])))
    assert (len(plan.entries), plan.problems) == (2, ())
    assert list(map(str, plan.left_out)) == [f"row 4: is a note ({note}), not a fact"]


def test_a_row_that_begins_like_a_note_and_says_more_is_read(tmp_path: Path) -> None:
    row = ["注1", "director-1", 4, "2018-07-02"]
    assert len(plan_of(csv_file(tmp_path / "exercises.csv", (*EXERCISES, row))).entries) == 3


@pytest.mark.parametrize("same", ["同上", "〃", "″", "々", '"', "Same as above", "ditto"])
@pytest.mark.parametrize("column", range(4))
def test_a_mark_for_the_row_above_is_no_value(tmp_path: Path, same: str, column: int) -> None:
    row = [same if number == column else cell for number, cell in enumerate(EXERCISES[1])]
    plan = plan_of(csv_file(tmp_path / "exercises.csv", (*EXERCISES, row)))
    assert list(map(str, plan.problems)) == [
        f"row 4, column {EXERCISES[0][column]}: is {same}: write the value again in each row"
    ]


def test_headings_of_no_kind_are_told_the_nearest(tmp_path: Path) -> None:
    [problem] = plan_of(
        csv_file(tmp_path / "a.csv", (("回号", "氏名", "個数", "行使日"), ("7", "甲野", "4", "2018-07-02")))
    ).problems
    assert "(nearest: exercises, which also wants holder (保有者)); say so by --sheet" in str(problem)


def test_a_heading_of_two_lines_is_told_in_one(tmp_path: Path) -> None:
    rows = (("series", "holder", "rights", "on", "my\nown"), ("7", "director-1", "4", "2018-07-02", "x"))
    [remark] = plan_of(csv_file(tmp_path / "exercises.csv", rows)).left_out
    assert str(remark) == "row 1, column my own: is no column of exercises, and is not read"


def test_a_heading_for_names_is_told_that_ids_are_wanted(tmp_path: Path) -> None:
    rows = (("回号", "新株予約権者\n氏名", "個数", "行使日"), ("7", "甲野", "4", "2018-07-02"))
    told = problems_of(plan_of(csv_file(tmp_path / "exercises.csv", rows)))
    assert "(ids are wanted there: the holder's id, as in `rights holdings`)" in told[0]
