"""A register kept elsewhere: its headings, its lines, its totals, and what is wrong in it."""

from datetime import datetime
from decimal import Decimal

import pytest

from ledger.domain.errors import MalformedError
from ledger.exchange.registers.lines import WORDS, Register, RegisterLine, register_in
from ledger.exchange.sheets.grid import Cell, Unread
from tests.exchange.sheets import Written, sheet

JAPANESE = ("回号", "氏名又は名称", "フリガナ", "保有個数（個）", "目的である株式の数（株）")


def told(register: Register) -> list[tuple[int | None, str]]:
    return [(each.row, str(each.says)) for each in register.assumptions]


def test_a_list_in_japanese_below_its_title() -> None:
    register = register_in(
        sheet(
            ("新株予約権者名簿",),
            ("2018年7月2日現在",),
            JAPANESE,
            ("第7回", "高橋　一郎", "ﾀｶﾊｼ", "２４個", "4,800株"),
            ("第7回", "合計", None, 24, Decimal("4800.0")),
            ("以上",),
        )
    )
    assert register.columns == {
        "series": "回号", "name": "氏名又は名称", "kana": "フリガナ", "rights": "保有個数（個）",
        "shares": "目的である株式の数（株）",
    }  # fmt: skip
    assert register.lines == (
        RegisterLine(4, "第7回", name="高橋　一郎", kana="ﾀｶﾊｼ", rights=24, shares=4_800),
        RegisterLine(5, "第7回", rights=24, shares=4_800, total="series"),
    )
    assert told(register) == [
        (3, "columns: 回号 for the series, 氏名又は名称 for the name, フリガナ for the name as it is read, "
            "保有個数（個） for the rights outstanding, 目的である株式の数（株） for the shares"),
        (6, "neither a holder nor a figure: taken for a note"),
    ]  # fmt: skip


def test_our_own_headings_are_no_assumption() -> None:
    headings = (
        "series",
        "holder",
        "inherited_from",
        "transferred_from",
        "name",
        "rights",
        "shares_per_right",
        "shares",
    )
    register = register_in(sheet(headings, ("7", "heir-1", "director-2", "", "甲野花子", "10", "200", "2000")))
    assert register.lines == (
        RegisterLine(2, "7", "heir-1", "甲野花子", None, None, "director-2", None, 10, 2_000, 200),
    )  # fmt: skip
    assert register.assumptions == ()


@pytest.mark.parametrize(("field", "heading"), [(field, each) for field, words in WORDS.items() for each in words])
def test_every_word_for_a_column_is_recognised(field: str, heading: str) -> None:
    beside = {other: words[0] for other, words in (("rights", ["残存個数"]), ("kana", ["フリガナ"])) if other != field}
    register = register_in(sheet((f" {heading.upper()} ", *beside.values())))
    assert register.columns[field] == heading.upper()


def test_of_several_columns_for_one_field_the_first_word_counts() -> None:
    register = register_in(sheet(("残存", "氏名", "保有個数", "新株予約権の数"), (1, "甲", 2, 3)))
    assert (register.columns["rights"], register.lines[0].rights) == ("保有個数", 2)


def test_a_column_is_named_by_hand() -> None:
    grid = sheet(("お名前", "氏名", "口数", "個数"), ("甲", "乙", 24, 7))
    register = register_in(grid, columns={"name": "お名前", "rights": "口数"})
    assert register.lines == (RegisterLine(2, name="甲", rights=24),)


@pytest.mark.parametrize(("last", "total"), [
    (("", "合計", 31), RegisterLine(4, None, rights=31, total="all")),
    (("", "合　計", 31), RegisterLine(4, None, rights=31, total="all")),
    (("合計", "", 31), RegisterLine(4, None, rights=31, total="all")),
    (("", "Total", 31), RegisterLine(4, None, rights=31, total="all")),
    (("第8回", "計", 7), RegisterLine(4, "第8回", rights=7, total="series")),
    (("", "小計", 7), RegisterLine(4, "第8回", rights=7, total="series")),
    (("", "第8回 合計", 7), RegisterLine(4, "第8回", rights=7, total="series")),
    (("第8回小計", "", 7), RegisterLine(4, "第8回", rights=7, total="series")),
    (("", "木村主計", 7), RegisterLine(4, "第8回", name="木村主計", rights=7)),
    (("合計", "木村", 7), RegisterLine(4, "合計", name="木村", rights=7)),
])  # fmt: skip
def test_totals(last: Written, total: RegisterLine) -> None:
    register = register_in(sheet(("回号", "氏名", "個数"), ("第7回", "甲", 24), ("第8回", "乙", 7), last))
    assert register.lines[2] == total


def test_a_total_outside_of_the_columns_of_holders() -> None:
    register = register_in(sheet(("No.", "氏名", "個数"), ("1", "甲", 24), ("計", "", 24)))
    assert [line.total for line in register.lines] == ["", "all"]


def test_a_series_is_that_of_the_row_above_and_said_so() -> None:
    register = register_in(sheet(("回号", "氏名", "個数"), ("第7回", "甲", 24), ("", "乙", 7)))
    assert [line.series for line in register.lines] == ["第7回", "第7回"]
    assert (3, "its series is empty: that of the row above, 第7回") in told(register)


def test_a_hidden_row_counts_and_is_told() -> None:
    register = register_in(sheet(("氏名", "個数"), ("甲", 24), ("乙", 7), hidden=(3,)))
    assert [line.rights for line in register.lines] == [24, 7]
    assert (3, "the row is hidden, and counts") in told(register)


def test_a_hidden_column_and_a_hidden_sheet_count_and_are_told() -> None:
    grid = sheet(("氏名", "住所", "個数"), ("甲", "東京都", 24))._replace(is_hidden=True, hidden_columns=[range(2, 4)])
    register = register_in(grid)
    assert register.lines[0].rights == 24
    assert told(register)[1:] == [
        (None, "the sheet is hidden, and counts"), (1, "the column 個数 is hidden, and counts"),
    ]  # fmt: skip


@pytest.mark.parametrize(("cells", "says"), [
    (("甲", "二十四"), "row 3, column 個数: is 二十四, no number: write a whole number, such as 24 or 1,000"),
    (("甲", -1), "row 3, column 個数: is -1, negative: write a whole number, such as 24 or 1,000"),
    (("甲", Decimal("0.5")), "row 3, column 個数: is 0.5, not whole: write a whole number, such as 24 or 1,000"),
    (("甲", Unread("is a formula: paste its value")), "row 3, column 個数: is a formula: paste its value"),
    (("甲", "9" * 30), f"row 3, column 個数: is {'9' * 30}: counts stay below 2^53, 9,007,199,254,740,992"),
    (("甲", ""), "row 3: names a holder and no figure: write one under 個数"),
    (("", 7), "row 3: has a figure and names no holder: name one under 氏名"),
])  # fmt: skip
def test_what_is_wrong_in_a_line(cells: tuple[Cell, Cell], says: str) -> None:
    with pytest.raises(MalformedError) as refused:
        register_in(sheet(("氏名", "個数"), ("甲", 24), cells))
    assert refused.value.message == f"the register has 1 problem: {says}"


def test_all_that_is_wrong_is_told_at_once() -> None:
    rows: list[Written] = [("甲", "x")] * 22
    with pytest.raises(MalformedError, match=r"^malformed: the register has 22 problems: row 2, .*; and 2 more$"):
        register_in(sheet(("氏名", "個数"), *rows))


@pytest.mark.parametrize("rows", [
    (), (("氏名", "住所"), ("甲", "東京都")), (("個数", "株数"), (1, 2)), ((datetime(2018, 7, 2), 24),),  # noqa: DTZ001
    (*[("表題",)] * 50, ("氏名", "個数"), ("甲", 24)),
], ids=str)  # fmt: skip
def test_what_is_no_register(rows: tuple[Written, ...]) -> None:
    with pytest.raises(MalformedError) as refused:
        register_in(sheet(*rows, name="一覧"))
    assert (
        "the register: no row of sheet 一覧 has headings of a register: one column says who holds (氏名, holder)"
        in str(refused.value)
    )


def test_headings_may_stand_in_the_fiftieth_row() -> None:
    register = register_in(sheet(*[("表題",)] * 49, ("氏名", "個数"), ("甲", 24)))
    assert register.lines == (RegisterLine(51, name="甲", rights=24),)


def test_a_column_named_by_hand_that_is_not_there() -> None:
    with pytest.raises(MalformedError) as refused:
        register_in(sheet(("氏名", "保有個数"), ("甲", 24)), columns={"rights": "保有個教"})
    assert refused.value.message == (
        "the register: no row has the heading 保有個教, which --column rights names (did you mean 保有個数?); the"
        " headings seem to be 氏名, 保有個数"
    )


def test_empty_rows_and_texts_do_not_end_a_register() -> None:
    register = register_in(sheet(("氏名", "個数"), ("甲", 24), (None, ""), ("乙", 7)))
    assert [line.row for line in register.lines] == [2, 4]
