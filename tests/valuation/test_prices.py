"""Closing prices: which columns and cells a file may have, and what is told of a bad one."""

from datetime import timedelta
from decimal import Decimal
from pathlib import Path

import pytest

from ledger.domain.errors import LedgerError, MalformedError, RefusedError
from ledger.valuation.prices import Close, Traded, read_prices
from ledger.valuation.share_price import share_price
from ledger.valuation.splits import read_splits
from tests.valuation.market import day, prices_of


@pytest.mark.parametrize(
    ("heading", "row", "is_adjusted"),
    [
        ("日付,終値", "2014-07-10,2422", False),
        ("年月日,始値,終値(円)", "H26.7.10,1,2422", False),
        ("取引日,調整後終値,終値", "2014年7月10日,1211,2422", False),
        ("Date,Open,Close,Adj Close", "2014/7/10,1,2422,1211", False),
        ("day,closing price", '20140710,"2,422"', False),
        ("基準日,調整後終値", "2014-07-10,2422.0", True),
        ("Date,Adj Close", "2014-07-10,2422", True),
        ("Date,Adjusted Close", "2014-07-10,￥2422", True),
    ],
)
def test_columns_are_found_by_their_names(tmp_path: Path, heading: str, row: str, *, is_adjusted: bool) -> None:
    prices = prices_of(tmp_path, row, heading=heading)
    assert prices.closes == {day("2014-07-10"): Close(day("2014-07-10"), Decimal(2422), None, 2)}
    assert (prices.name, len(prices.sha256), prices.is_adjusted) == ("prices.csv", 64, is_adjusted)


def test_rows_in_any_order_and_days_without_a_trade(tmp_path: Path) -> None:
    prices = prices_of(tmp_path, "2014-07-11,2430", "2014-07-09,2400", "2014-07-10,-", "2014-07-08,N/A")
    assert [f"{each}" for each in prices.closes] == ["2014-07-08", "2014-07-09", "2014-07-10", "2014-07-11"]
    assert prices.traded(day("2014-07-08"), day("2014-07-11")) == [
        Traded(day("2014-07-09"), Decimal(2400), 3),
        Traded(day("2014-07-11"), Decimal(2430), 2),
    ]
    assert prices.traded(day("2014-07-10"), day("2014-07-10")) == []


def test_shift_jis(tmp_path: Path) -> None:
    file = tmp_path / "sjis.csv"
    file.write_bytes("銘柄 3774\n日付,終値,基準値段\n2014年7月10日,2422,2400\n".encode("cp932"))
    assert read_prices(file).closes[day("2014-07-10")] == Close(day("2014-07-10"), Decimal(2422), Decimal(2400), 3)


@pytest.mark.parametrize(
    ("rows", "says"),
    [
        (["2014-07-10,2422", "2014-07-11,0"], "row 3: the closing price is 0; a price is above 0"),
        (["2014-07-10,-2422"], "row 2: the closing price is -2422; a price is above 0"),
        (["2014-07-10,2422", "2014-07-11,-", "2014/7/10,"], "row 4: 2014-07-10 stands in row 2 already"),
        (["2014-07-10,2422", "2014-07-11,about 2400"], "row 3: the closing price is `about 2400`, which is no number"),
        (["2014-07-10,1e3"], "row 2: the closing price is `1e3`, which is no number"),
        (["the end,2422"], "row 2: `the end` is no day"),
        (["1867-12-31,2422"], "row 2: 1867-12-31 is no day of 1868-01-01 to 2999-12-31"),
        (["3000-01-01,2422"], "row 2: 3000-01-01 is no day of 1868-01-01 to 2999-12-31"),
    ],
)
def test_a_bad_row_is_named(tmp_path: Path, rows: list[str], says: str) -> None:
    with pytest.raises(MalformedError) as refused:
        prices_of(tmp_path, *rows)
    assert refused.value.message.startswith(f"prices.csv: {says}")


@pytest.mark.parametrize(
    ("heading", "says"),
    [
        ("日付,始値", "no heading with a day (日付) and a closing price (終値) in the first rows"),
        ("終値,始値", "no heading with a day (日付) and a closing price (終値) in the first rows"),
        ("日付,終値,Close", "the heading has the closing price 2 times"),
        ("日付,Date,Close", "the heading has the day 2 times"),
    ],
)
def test_a_bad_heading(tmp_path: Path, heading: str, says: str) -> None:
    with pytest.raises(MalformedError) as refused:
        prices_of(tmp_path, "2014-07-10,2014-07-10,1", heading=heading)
    assert refused.value.message.startswith(f"prices.csv: {says}")


def test_ten_million_rows_have_a_day_twice(tmp_path: Path) -> None:
    """No more days are read than there are from 1868 to 2999, whatever the size of the file."""
    file = tmp_path / "large.csv"
    first = day("1868-01-01")
    days = (day("2999-12-31") - first).days + 1
    block = "".join(f"{first + timedelta(days=each)},2422\n" for each in range(days))
    with file.open("w", encoding="utf-8") as stream:
        stream.write("date,close\n")
        for _ in range(10_000_000 // days + 1):
            stream.write(block)
    with pytest.raises(MalformedError) as refused:
        read_prices(file)
    assert refused.value.message == f"large.csv: row {days + 2:,}: 1868-01-01 stands in row 2 already"


WEEK = ("2014-07-09,2400", "2014-07-10,2422", "2014-07-11,-", "2014-07-14,2450")


def told(folder: Path, on: str, *rows: str, splits: str = "none", heading: str = "date,close") -> tuple[str, str, str]:
    found = share_price(prices_of(folder, *rows, heading=heading), day(on), splits=read_splits(splits)).to_dict()
    assert (found["on"], found["file"], len(found["sha256"])) == (on, "prices.csv", 64)
    return found["price"], found["day"], found["how"]


def test_the_share_price_is_the_close_of_the_day(tmp_path: Path) -> None:
    assert told(tmp_path, "2014-07-10", *WEEK) == ("2422", "2014-07-10", "the close of the day")


@pytest.mark.parametrize("on", ["2014-07-11", "2014-07-13"])
def test_without_a_close_it_is_the_last_before(tmp_path: Path, on: str) -> None:
    says = f"the last close before, of 2014-07-10, which is the base price of the next trading day: {on} has none"
    assert told(tmp_path, on, *WEEK) == ("2422", "2014-07-10", says)


def test_or_the_base_price_of_the_next_trading_day_where_the_file_has_it(tmp_path: Path) -> None:
    rows = ("2014-07-10,2422,2400", "2014-07-11,-,-", "2014-07-14,-,2421.5", "2014-07-15,2450,2422")
    says = "the base price of the next trading day, 2014-07-14: 2014-07-11 has no close"
    found = told(tmp_path, "2014-07-11", *rows, heading="date,close,基準値段")
    assert found == ("2421.5", "2014-07-14", says)


@pytest.mark.parametrize(("next_day", "price"), [("2014-07-21", "2421.5"), ("2014-07-22", "2422")])
def test_a_base_price_is_of_the_next_ten_days(tmp_path: Path, next_day: str, price: str) -> None:
    rows = ("2014-07-10,2422,2400", f"{next_day},2450,2421.5")
    assert told(tmp_path, "2014-07-11", *rows, heading="date,close,base price")[0] == price


def test_a_base_price_is_that_of_the_new_shares_on_an_ex_day(tmp_path: Path) -> None:
    """Prices fall on 26 September for the split of 1 October. The 25th has no close: that of the 24th is divided."""
    rows = ("2012-09-24,343000", "2012-09-25,-", "2012-09-26,1748")
    price, of, how = told(tmp_path, "2012-09-25", *rows, splits="2012-10-01=200")
    assert (price, of) == ("1715", "2012-09-24")
    assert how.endswith("; ÷ 200: the ex-day of the split of 2012-10-01 is 2012-09-26")
    # Without a later row the next business day is the next trading day.
    assert told(tmp_path, "2012-09-25", *rows[:2], splits="2012-10-01=200")[0] == "1715"
    assert told(tmp_path, "2012-09-24", *rows, splits="2012-10-01=200")[0] == "343000"
    assert told(tmp_path, "2012-09-26", *rows, splits="2012-10-01=200")[0] == "1748"


def test_what_a_file_evened_out_for_a_later_split_was_not_paid(tmp_path: Path) -> None:
    rows = ("2014-07-10,605.5", "2020-12-28,1000", "2020-12-29,1010", "2022-09-28,1200", "2022-09-29,1210")
    price, _, how = told(tmp_path, "2014-07-10", *rows, splits="2021-01-01=2,2022-10-01=2")
    assert price == "2422"
    assert how == (
        "the close of the day; × 2: the file is adjusted for the split of 2021-01-01;"
        " × 2: the file is adjusted for the split of 2022-10-01"
    )
    assert told(tmp_path, "2020-12-29", *rows, splits="2021-01-01=2,2022-10-01=2")[0] == "2020"
    assert told(tmp_path, "2022-09-29", *rows, splits="2021-01-01=2,2022-10-01=2")[0] == "1210"


def test_an_adjusted_close_says_so(tmp_path: Path) -> None:
    how = told(tmp_path, "2014-07-10", "2014-07-10,2422", heading="date,adj close")[2]
    assert how == "the close of the day; it is an adjusted close: the file has no other"


def test_a_price_that_cannot_be_written_out_has_twelve_decimals(tmp_path: Path) -> None:
    rows = ("2012-09-24,1000", "2012-09-26,330")
    assert told(tmp_path, "2012-09-25", *rows, splits="2012-10-01=3")[0] == "333.333333333333"


@pytest.mark.parametrize(("on", "price"), [("2014-07-20", "2422"), ("2014-07-21", None), ("2014-07-09", None)])
def test_nothing_within_ten_days(tmp_path: Path, on: str, price: str | None) -> None:
    prices = prices_of(tmp_path, "2014-07-10,2422", "2014-08-20,2500")
    try:
        found = format(share_price(prices, day(on)).price, "f")
    except LedgerError as error:
        assert isinstance(error, RefusedError)
        assert (error.code, price) == ("no-market-data", None)
        assert error.message.startswith(f"prices.csv: there is no price on {on} or within 10 days of it: its days are")
    else:
        assert found == price
