"""Workbooks read into entries: sheets by their names, headings in two languages, every problem with its place."""

from base64 import b32encode
from collections.abc import Mapping
from datetime import date, datetime, time
from hashlib import sha256
from pathlib import Path
from typing import Any

import openpyxl
import pytest
from openpyxl.utils.datetime import CALENDAR_MAC_1904

from ledger import MalformedError
from tests.exchange.writing import (
    EXERCISED,
    EXERCISES,
    MAIN,
    RELATIONS,
    Rows,
    entries_of,
    packed,
    parts_of,
    plan_of,
    problems_of,
    workbook,
)

BOOK = "register.xlsx"


def read(folder: Path, sheets: Mapping[str, Rows], sheet: str | None = None) -> list[dict[str, Any]]:
    return entries_of(plan_of(workbook(folder / BOOK, sheets), sheet))


def problems(folder: Path, sheets: Mapping[str, Rows]) -> list[str]:
    return problems_of(plan_of(workbook(folder / BOOK, sheets)))


def test_a_sheet_is_read(tmp_path: Path) -> None:
    assert read(tmp_path, {"exercises": EXERCISES}) == EXERCISED


def test_japanese_sheets_and_headings(tmp_path: Path) -> None:
    rows = (
        ("新株予約権 行使一覧",),
        (),
        ("回号（必須）", "保有者コード", "行使個数(個)", "行使日*", "備考"),
        ("7", "director-1", "４個", "平成30年7月2日", "窓口"),
        ("合計", None, 4),
    )
    plan = plan_of(workbook(tmp_path / BOOK, {"行使": rows}))
    assert entries_of(plan) == [{**EXERCISED[0], "note": "窓口"}]
    assert list(map(str, plan.left_out)) == ["sheet 行使, row 5: is a total (合計), not a fact"]


def test_entries_are_in_the_order_of_their_days_and_of_a_day(tmp_path: Path) -> None:
    sheets = {
        "exercises": (EXERCISES[0], EXERCISES[2], EXERCISES[1]),
        "splits": (("company", "ratio", "record date"), ("IIJ", "2", "2018-07-01")),
        "departures": (("holder", "departed on", "cause"), ("director-1", "2018-07-02", "辞任")),
    }
    assert read(tmp_path, sheets) == [
        {"type": "split", "company": "IIJ", "ratio": "2", "record_date": "2018-07-01"},
        {"type": "departure", "holder": "director-1", "on": "2018-07-02", "cause": "resignation"},
        *EXERCISED,
    ]


def test_terms_are_flattened_and_what_goes_without_saying_is_left_out(tmp_path: Path) -> None:
    rows = (
        ("series", "resolved on", "company", "max rights", "shares per right", "exercise price", "exercise from",
         "exercise until", "payment", "after departure", "heir may exercise", "positions", "transfer"),
        ("7", date(2017, 6, 27), "IIJ", 245, 200, 1, "2017-07-15", "2047-07-14", "相殺", "none", "相続不可",
         "director、executive-officer", "取締役会承認"),
        ("8", date(2017, 6, 27), "IIJ", 245, 200, 1, "2017-07-15", "2047-07-14", "", "10日", "6か月", None,
         "prohibited"),
    )  # fmt: skip
    terms = {
        "company": "IIJ",
        "max_rights": 245,
        "shares_per_right": 200,
        "exercise_price": 1,
        "exercise_period": {"from": "2017-07-15", "until": "2047-07-14"},
    }
    conditions = {
        "after_departure": None,
        "inheritance": None,
        "positions": ["director", "executive-officer"],
        "transfer": "board-approval",
    }
    assert read(tmp_path, {"series": rows}) == [
        {"type": "issue", "series": "7", "on": "2017-06-27", "terms": {**terms, "conditions": conditions}},
        {"type": "issue", "series": "8", "on": "2017-06-27", "terms": terms},
    ]


def test_holders_are_kept_beside_the_entries(tmp_path: Path) -> None:
    rows = (("holder", "氏名", "住所", "生年月日"), ("director-1", "甲野太郎", None, "昭和35年1月2日"))
    plan = plan_of(workbook(tmp_path / BOOK, {"保有者": rows}))
    assert entries_of(plan) == []
    assert plan.people == (("director-1", {"kanji": "甲野太郎", "born": "1960-01-02"}),)


def test_rows_of_several_kinds_in_one_sheet(tmp_path: Path) -> None:
    rows = (
        ("type", "series", "holder", "rights", "on", "cause"),
        ("行使", "7", "director-1", 4, "2018-07-02", None),
        ("departure", None, "director-1", None, "2018-06-28", "退任"),
        ("departure", "7", "director-2", None, "2018-06-28", None),
        ("retraction", None, None, None, None, None),
        ("departur", None, "director-1", None, "2018-06-28", None),
    )
    plan = plan_of(workbook(tmp_path / BOOK, {"entries": rows}))
    assert [dict(each.entry, id="") for each in plan.entries] == [
        {"type": "departure", "holder": "director-1", "on": "2018-06-28", "cause": "retirement", "id": ""},
        {**EXERCISED[0], "id": ""},
    ]
    first, second, third = problems_of(plan)
    assert first == "sheet entries, row 4, column series: has a value, and of departures there is no such column"
    assert second.startswith("sheet entries, row 5, column type: is retraction, which is no kind")
    assert second.endswith(": `rights retract` records a retraction")
    assert third.startswith(
        "sheet entries, row 6, column type: is departur, which is no kind (did you mean departure?)"
    )


def test_every_problem_has_its_place_and_what_would_be_right(tmp_path: Path) -> None:
    rows = (
        ("series", "holder", "rights", "exercised on", "treasury shares"),
        (None, "director-1", "-3", "平成32年7月2日", "x"),
        ("7", "", 1.5, "18/7/2", None),
    )
    assert problems(tmp_path, {"exercises": rows}) == [
        "sheet exercises, row 2, column series: is empty, and required",
        "sheet exercises, row 2, column rights: is -3, negative: write a whole number, such as 24 or 1,000",
        "sheet exercises, row 2, column exercised on: is 平成32年7月2日, which is no day of 平成, which ended on"
        " 2019-04-30: if 2020-07-02 is meant, it is 令和2年7月2日",
        "sheet exercises, row 2, column treasury shares: is x, no number: write a whole number, such as 24 or 1,000",
        "sheet exercises, row 3, column holder: is empty, and required",
        "sheet exercises, row 3, column rights: is 1.5, not whole: write a whole number, such as 24 or 1,000",
        "sheet exercises, row 3, column exercised on: is 18/7/2, which does not say its year in full: write it as"
        " 2018-07-02, 2018/7/2, 2018年7月2日 or 平成30年7月2日",
    ]


def test_headings_that_are_missing_unknown_or_twice(tmp_path: Path) -> None:
    assert problems(tmp_path, {"exercises": (("series", "holder", "on"), ("7", "director-1", "2018-07-02"))}) == [
        "sheet exercises, row 1: there is no column rights (個数), which is required"
    ]
    rows = (("series", "holder", "rights", "on", "行使日", "inherited form"), ("7", "a", 1, "2018-07-02", None, "b"))
    assert problems(tmp_path, {"exercises": rows}) == [
        "sheet exercises, row 1, column inherited form: is no heading of exercises (did you mean inherited from?):"
        " rename the column, or take it out",
        "sheet exercises, row 1, column on: means exercised on, which another heading means too: keep one of them",
        "sheet exercises, row 1, column 行使日: means exercised on, which another heading means too: keep one of them",
    ]
    assert problems(tmp_path, {"exercises": (("a", "b"), (1, 2))}) == [
        "sheet exercises: there are no headings of exercises in the first 20 rows: series (回号), holder (保有者),"
        " rights (個数), exercised on (行使日) are wanted"
    ]


def test_a_column_of_somebody_else_is_told_and_not_read(tmp_path: Path) -> None:
    rows = ((*EXERCISES[0], "部署"), (*EXERCISES[1], "経理部"), (*EXERCISES[2], None))
    plan = plan_of(workbook(tmp_path / BOOK, {"exercises": rows}))
    assert entries_of(plan) == EXERCISED
    assert list(map(str, plan.left_out)) == [
        "sheet exercises, row 1, column 部署: is no column of exercises, and is not read"
    ]


def test_a_cell_without_a_heading(tmp_path: Path) -> None:
    rows = (EXERCISES[0], EXERCISES[1], (*EXERCISES[2], "by hand"))
    assert problems(tmp_path, {"exercises": rows}) == [
        "sheet exercises, row 1: column E has cells with something in them, and no heading"
    ]


def test_other_sheets_are_told(tmp_path: Path) -> None:
    plan = plan_of(
        workbook(tmp_path / BOOK, {"exercises": EXERCISES, "exercise s": (("a",),), "取消": ((1,),), "e": ()})
    )
    assert entries_of(plan) == EXERCISED
    assert list(map(str, plan.left_out)) == [
        "sheet exercise s: is not read: no kind of sheet is called so (did you mean exercises?)",
        "sheet 取消: is not read: `rights retract` records a retraction",
    ]


def test_a_workbook_without_a_sheet_to_read(tmp_path: Path) -> None:
    file = workbook(tmp_path / BOOK, {"Sheet1": EXERCISES})
    with pytest.raises(MalformedError) as refused:
        plan_of(file)
    assert refused.value.message == (
        f"{file} has no sheet to read: sheet Sheet1: is not read: no kind of sheet is called so. `rights template`"
        " writes a workbook of all of them"
    )
    assert entries_of(plan_of(file, "exercises")) == EXERCISED
    with pytest.raises(MalformedError, match="2 sheets with something in them"):
        plan_of(workbook(tmp_path / BOOK, {"Sheet1": EXERCISES, "Sheet2": EXERCISES}), "exercises")
    with pytest.raises(MalformedError, match=r"no kind of sheet exercize \(did you mean exercises\?\)"):
        plan_of(file, "exercize")
    with pytest.raises(MalformedError, match="all its sheets are empty"):
        plan_of(workbook(tmp_path / BOOK, {"exercises": ()}))


def test_a_fact_that_is_none(tmp_path: Path) -> None:
    rows = (("from holder", "series", "to holder", "rights", "on"), ("a", "7", "a", 1, "2018-07-02"))
    assert problems(tmp_path, {"transfers": rows}) == ["sheet transfers, row 2: a cannot transfer to themselves"]


@pytest.mark.parametrize("is_1904", [False, True])
def test_days_are_counted_from_1900_or_1904(tmp_path: Path, *, is_1904: bool) -> None:
    book = openpyxl.Workbook()
    if is_1904:
        book.epoch = CALENDAR_MAC_1904
    sheet = book.active
    sheet.title = "exercises"
    sheet.append(EXERCISES[0])
    for day in (date(2018, 7, 2), date(1904, 1, 2), datetime.combine(date(2024, 2, 29), time())):
        sheet.append(("7", "director-1", 4, day))
    book.save(tmp_path / BOOK)
    plan = plan_of(tmp_path / BOOK)
    assert [each.entry["on"] for each in plan.entries] == ["1904-01-02", "2018-07-02", "2024-02-29"]


@pytest.mark.parametrize(
    ("number", "on"), [(1, "1900-01-01"), (59, "1900-02-28"), (61, "1900-03-01"), (43283, "2018-07-02")]
)
def test_the_day_that_never_was(tmp_path: Path, number: int, on: str) -> None:
    book = openpyxl.Workbook()
    sheet = book.active
    sheet.title = "exercises"
    sheet.append(EXERCISES[0])
    for value in (number, 60, 0):
        sheet.append(("7", "director-1", 4, value))
        sheet.cell(sheet.max_row, 4).number_format = "yyyy/mm/dd"
    book.save(tmp_path / BOOK)
    plan = plan_of(tmp_path / BOOK)
    assert [each.entry["on"] for each in plan.entries] == [on]
    assert problems_of(plan) == [
        f"sheet exercises, row {row}, column on: is the number {value} shown as a day, and no day: write the day as 2018-07-02"
        for row, value in ((3, 60), (4, 0))
    ]


def test_japanese_formats_of_days(tmp_path: Path) -> None:
    book = openpyxl.Workbook()
    sheet = book.active
    sheet.title = "exercises"
    sheet.append(EXERCISES[0])
    for form in ('[$-411]ggge"年"m"月"d"日"', 'yyyy"年"m"月"d"日"', "m/d/yy"):
        sheet.append(("7", "director-1", 4, 43283))
        sheet.cell(sheet.max_row, 4).number_format = form
    book.save(tmp_path / BOOK)
    assert [each.entry["on"] for each in plan_of(tmp_path / BOOK).entries] == ["2018-07-02"] * 3


def test_the_same_rows_have_the_same_ids_however_they_are_written_and_wherever_they_stand(tmp_path: Path) -> None:
    first = plan_of(workbook(tmp_path / BOOK, {"exercises": EXERCISES}))
    rows = (
        ("行使日", "個数", "回号", "保有者"),
        ("平成30年7月8日", "２０個", 7, " director-1 "),
        ("H30.7.2", 4.0, "7", "director-1"),
    )
    second = plan_of(workbook(tmp_path / BOOK, {"行使": rows}))
    assert [each.entry for each in first.entries] == [each.entry for each in second.entries]
    assert len({each.entry["id"] for each in first.entries}) == 2
    fact = b'{"holder":"director-1","on":"2018-07-02","rights":4,"series":"7","type":"exercise"}'
    letters = b32encode(sha256(fact).digest()).decode().lower()
    assert first.entries[0].entry["id"] == f"sheet-{letters[:22]}" == "sheet-d2ndzkxgkkpridaoa5nlxm"


def test_facts_that_stand_there_twice_are_two(tmp_path: Path) -> None:
    headings = (*EXERCISES[0], "note")
    first, second = (*EXERCISES[1], "first"), (*EXERCISES[1], "second")
    ids = [
        {
            each.entry["note"]: each.entry["id"]
            for each in plan_of(workbook(tmp_path / BOOK, {"exercises": rows})).entries
        }
        for rows in ((headings, first, second), (headings, second, first))
    ]
    assert ids[0] == ids[1] == {"first": ids[0]["first"], "second": f"{ids[0]['first']}-2"}


def test_an_id_of_ones_own(tmp_path: Path) -> None:
    rows = ((*EXERCISES[0], "id"), (*EXERCISES[1], "2018-001"), (*EXERCISES[2], "2018-001"))
    plan = plan_of(workbook(tmp_path / BOOK, {"exercises": rows}))
    assert [each.entry["id"] for each in plan.entries] == ["2018-001", "2018-001"]
    assert problems_of(plan) == ["sheet exercises, row 3: the id 2018-001 is given in sheet exercises, row 2 already"]


def test_a_holder_twice(tmp_path: Path) -> None:
    rows = (
        ("holder", "kanji", "kana", "born"),
        ("a", "甲", None, None),
        ("a", "乙", "漢字", "2030-01-01"),
        ("a", None, None, None),
    )
    assert problems(tmp_path, {"holders": rows}) == [
        "sheet holders, row 3, column kana: 漢字 is not in kana alone",
        "sheet holders, row 3, column born: 2030-01-01 is not between 1868-01-01 and 2026-11-22, today",
        "sheet holders, row 4: the holder a is given in sheet holders, row 2 already",
    ]


def test_texts_are_shared_in_pieces_and_are_read_without_what_stands_above_them(tmp_path: Path) -> None:
    """A text of two fonts is one; the kana that Excel keeps beside kanji are none of it."""
    texts = (
        "<si><r><t>甲野</t></r><r><t>太郎</t></r><rPh sb='0' eb='2'><t>コウノ</t></rPh><phoneticPr fontId='1'/></si>"
        "<si><t>holder</t></si><si><t>kanji</t></si><si><t>a</t></si>"
    )
    rows = (
        '<row r="1"><c r="A1" t="s"><v>1</v></c><c r="B1" t="s"><v>2</v></c></row>'
        '<row r="2"><c r="A2" t="s"><v>3</v></c><c r="B2" t="s"><v>0</v></c></row>'
    )
    parts = parts_of(f"<sheetData>{rows}</sheetData>", name="holders")
    parts["xl/sharedStrings.xml"] = f'<sst xmlns="{MAIN}">{texts}</sst>'.encode()
    parts["xl/_rels/workbook.xml.rels"] = parts["xl/_rels/workbook.xml.rels"].replace(
        b"</Relationships>",
        f'<Relationship Id="r2" Type="{RELATIONS}/sharedStrings" Target="sharedStrings.xml"/></Relationships>'.encode(),
    )
    assert plan_of(packed(tmp_path / BOOK, parts)).people == (("a", {"kanji": "甲野太郎"}),)


def test_a_workbook_with_macros_is_read_without_them(tmp_path: Path) -> None:
    file = packed(tmp_path / "register.xlsm", {**parts_of(), "xl/vbaProject.bin": b"\xd0\xcf\x11\xe0"})
    assert entries_of(plan_of(file)) == EXERCISED[:1]
