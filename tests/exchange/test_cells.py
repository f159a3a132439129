"""What a cell says: days, counts, amounts, ratios, choices, spans, as people in Japan write them."""

from collections.abc import Callable
from datetime import date, datetime, time
from decimal import Decimal
from typing import Any

import pytest

from ledger.exchange.sheets import cells
from ledger.exchange.sheets.cells import WrongCellError
from ledger.exchange.sheets.grid import Cell
from ledger.exchange.sheets.kinds import CAUSES

MIDNIGHT = datetime.combine(date(2018, 7, 2), time())
AT_HALF_PAST_NINE = datetime.combine(date(2018, 7, 2), time(9, 30))


def refusal(read: Callable[..., object], *given: Any) -> str:
    with pytest.raises(WrongCellError) as refused:
        read(*given)
    return refused.value.says


@pytest.mark.parametrize("written", [
    "2018-07-02", "2018/7/2", "2018.7.2", "2018年7月2日", " ２０１８年　７月２日 ", "20180702", "平成30年7月2日",
    "平成30年07月02日", "H30.7.2", "h30/7/2", "Ｈ３０．７．２", "㍻30年7月2日", "2018/7/2 0:00", "2018/07/02 00:00:00",
    "2018年7月2日(月)", "2018-07-02T00:00:00", date(2018, 7, 2), MIDNIGHT, 20180702,
])  # fmt: skip
def test_a_day_is_read_however_it_is_written(written: Cell) -> None:
    assert cells.day(written) == "2018-07-02"


@pytest.mark.parametrize(("written", "day"), [
    ("令和元年5月1日", "2019-05-01"), ("平成31年4月30日", "2019-04-30"), ("平成元年1月8日", "1989-01-08"),
    ("昭和64年1月7日", "1989-01-07"), ("S1.12.25", "1926-12-25"), ("大正15年12月24日", "1926-12-24"),
    ("明治45年7月29日", "1912-07-29"), ("明治6年1月1日", "1873-01-01"), ("R8.11.22", "2026-11-22"),
    ("1868-01-01", "1868-01-01"), ("2999-12-31", "2999-12-31"),
])  # fmt: skip
def test_the_first_and_the_last_day_of_an_era(written: str, day: str) -> None:
    assert cells.day(written) == day


@pytest.mark.parametrize(("written", "says"), [
    ("平成32年7月2日", "which ended on 2019-04-30: if 2020-07-02 is meant, it is 令和2年7月2日"),
    ("平成31年5月1日", "which ended on 2019-04-30: if 2019-05-01 is meant, it is 令和元年5月1日"),
    ("令和元年4月30日", "which began on 2019-05-01: if 2019-04-30 is meant, it is 平成31年4月30日"),
    ("昭和64年1月8日", "which ended on 1989-01-07: if 1989-01-08 is meant, it is 平成元年1月8日"),
    ("明治5年12月31日", "which began on 1873-01-01"),
    ("平成0年7月2日", "which began on 1989-01-08"),
    ("2018-02-29", "is no day of the calendar: 2018-02-29 does not exist"),
    ("令和3年2月29日", "is no day of the calendar: 2021-02-29 does not exist"),
    ("18/7/2", "does not say its year in full"), ("7/2/2018", "does not say its year in full"),
    ("2018/7-2", "is no day"), ("2018年7月", "is no day"), ("soon", "is no day"), ("2018-07-02 09:00", "is no day"),
    ("1867-12-31", "is out of range"), ("3000-01-01", "is out of range"),
    (43283, "a number and no day: format the cell as a date"), (Decimal("43283.5"), "a number and no day"),
    (True, "a number and no day"), (AT_HALF_PAST_NINE, "2018-07-02 09:30, which has a time of day"),
    (date(1867, 12, 31), "is 1867-12-31, out of range"),
])  # fmt: skip
def test_what_is_no_day_is_told_with_what_would_be_right(written: Cell, says: str) -> None:
    assert says in refusal(cells.day, written)


@pytest.mark.parametrize(("written", "count"), [
    ("24", 24), ("２４", 24), ("1,000", 1000), ("１，０００個", 1000), ("30,900 個", 30_900), ("24 rights", 24),
    ("200株", 200), (200, 200), (Decimal("200.0"), 200), ("0", 0), ("007", 7), ("9007199254740991", 2**53 - 1),
    ("1,234,567", 1_234_567),
])  # fmt: skip
def test_a_count(written: Cell, count: int) -> None:
    assert cells.count(written) == count


@pytest.mark.parametrize(("written", "says"), [
    (Decimal("0.1"), "is 0.1, not whole"), ("2.0", "not whole"), ("1.000", "not whole"), ("1,00", "not whole"),
    ("12,34,567", "not whole"), ("-3", "negative"), (-3, "negative"), ("△3", "negative"), ("many", "no number"),
    ("9007199254740992", "counts stay below 2^53"), ("9" * 4_000, "counts stay below"), (True, "is yes: write a whole"),
    (date(2018, 7, 2), "is the day 2018-07-02"), ("1e3", "not whole"),
])  # fmt: skip
def test_what_is_no_count(written: Cell, says: str) -> None:
    assert says in refusal(cells.count, written)


@pytest.mark.parametrize(("written", "amount"), [
    ("422,600", 422_600), ("¥422,600", 422_600), ("￥４２２，６００", 422_600), ("1円", 1), ("126.28", "126.28"),
    (Decimal("126.28"), "126.28"), ("126.280", "126.28"), ("1.00", 1), (1, 1), (Decimal("1E+2"), 100), ("0.5円", "0.5"),
    (Decimal("0.1"), "0.1"),
])  # fmt: skip
def test_an_amount(written: Cell, amount: object) -> None:
    assert cells.amount(written) == amount


@pytest.mark.parametrize(
    "written", ["-1", "1e3", "1,00", "one", "1.2.3", "$5", True, date(2018, 7, 2), "9007199254740992"]
)
def test_what_is_no_amount(written: Cell) -> None:
    assert refusal(cells.amount, written)


@pytest.mark.parametrize(("written", "of", "ratio"), [
    ("2", "split", "2"), ("3/2", "split", "3/2"), ("4/2", "split", "2"), ("1.5", "split", "3/2"), (2, "split", "2"),
    (Decimal("1.5"), "split", "3/2"), ("２倍", "split", "2"), ("1:2", "split", "2"), ("1：2", "split", "2"),
    ("1株を2株に分割", "split", "2"), ("1株につき3株の割合で分割", "split", "3"), ("2株を3株に", "split", "3/2"),
    ("1/10", "consolidation", "1/10"), ("10:1", "consolidation", "1/10"), ("10株を1株に併合", "consolidation", "1/10"),
    ("0.1", "consolidation", "1/10"), ("1/2", "split", "1/2"), ("3/2", "restructuring", "3/2"),
    ("1株につき2株", "restructuring", "2"),
])  # fmt: skip
def test_a_ratio_is_the_new_shares_per_old_share(written: Cell, of: str, ratio: str) -> None:
    assert cells.ratio(written, of) == ratio


@pytest.mark.parametrize(("written", "says"), [
    ("1:2", "which does not say which of them are the new shares: write the new shares per old share"),
    (date(2026, 3, 2), "is the day 2026-03-02: format the cell as text"), ("0", "neither number of a ratio is 0"),
    ("2/0", "neither number"), ("-2", "write the new"), ("0.3333333", "write the new shares"), ("two", "write the new"),
])  # fmt: skip
def test_what_is_no_ratio(written: Cell, says: str) -> None:
    assert says in refusal(cells.ratio, written, "restructuring")


@pytest.mark.parametrize(("written", "said"), [
    ("yes", True), ("Ｙｅｓ", True), ("はい", True), ("○", True), (True, True), ("no", False), ("いいえ", False),
    ("×", False), (False, False), ("なし", False),
])  # fmt: skip
def test_yes_and_no(written: Cell, *, said: bool) -> None:
    assert cells.yes_no(written) is said


def test_a_choice_is_in_english_or_japanese() -> None:
    assert [cells.choice(each, CAUSES) for each in ("Retirement", "辞任", " 解任 ", "その他")] == [
        *("retirement", "resignation", "dismissal", "other")
    ]
    assert refusal(cells.choice, "retirment", CAUSES) == (
        "is retirment (did you mean retirement?): write one of retirement (退任), resignation (辞任), dismissal (解任),"
        " other (その他)"
    )
    assert "write yes or no" in refusal(cells.yes_no, "perhaps")


@pytest.mark.parametrize(("written", "span"), [
    ("10 days", {"days": 10}), ("１０日間", {"days": 10}), ("6 months", {"months": 6}), ("6か月", {"months": 6}),
    ("6ヶ月", {"months": 6}), ("6カ月間", {"months": 6}), ("六", None), ("1年", {"years": 1}), ("なし", "none"),
    ("no limit", "none"), ("0日", None), ("ten days", None),
])  # fmt: skip
def test_a_span(written: str, span: object) -> None:
    if span is None:
        assert "write 10 days (10日), 6 months (6か月)" in refusal(cells.span, written)
    else:
        assert cells.span(written) == (None if span == "none" else span)


def test_names_and_pairs() -> None:
    assert cells.names("director、executive-officer , auditor") == ["director", "executive-officer", "auditor"]
    assert cells.names('["a, b", "c"]') == ["a, b", "c"]
    assert cells.pairs("7=B7, 8→B8") == {"7": "B7", "8": "B8"}
    assert cells.pairs('{"7": "B=7"}') == {"7": "B=7"}
    assert "write each old series once" in refusal(cells.pairs, "7=B7, 7=B8")
    assert "write each old series once" in refusal(cells.pairs, "7")
    assert refusal(cells.names, ", ,") == "is , ,: write names, with commas between them"
    assert "not JSON" in refusal(cells.json_value, '{"a": ')
    assert "a JSON object is wanted" in refusal(cells.json_value, "[1]")


def test_a_name_is_text() -> None:
    assert cells.name(1001) == "1001"
    assert cells.name("\u3000\u304b\u3099 ") == "\u304c"  # composed, as entries want it
    assert "write the name or id as text" in refusal(cells.name, date(2018, 7, 2))
