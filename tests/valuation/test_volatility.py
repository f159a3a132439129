"""Volatility: which closes are used, and that the number is the formula's (item 12)."""

import random
from datetime import timedelta
from decimal import Decimal
from pathlib import Path

import mpmath
import pytest

from ledger.domain.errors import MalformedError, RefusedError
from ledger.valuation.prices import Prices
from ledger.valuation.splits import read_splits
from ledger.valuation.volatility import Frequency, Volatility, half_up, volatility
from tests.valuation.market import daily, day, prices_of

# Four weeks of July 2014; Monday the 21st was a holiday.
WEEKS = (
    *("2014-07-07,90", "2014-07-11,100", "2014-07-14,101", "2014-07-18,125", "2014-07-22,104", "2014-07-25,100"),
    "2014-08-01,125",
)


def of(prices: Prices, since: str, until: str, frequency: Frequency = "weekly", splits: str = "none") -> Volatility:
    return volatility(prices, day(since), day(until), frequency, splits=read_splits(splits))


def used(found: Volatility) -> list[str]:
    return [str(each.day) for each in found.points]


def skipped(found: Volatility) -> list[tuple[str, str]]:
    return [(str(each.first), each.reason) for each in found.skipped]


def test_the_last_closes_of_four_weeks(tmp_path: Path) -> None:
    """Returns L, -L, L with L = ln 1.25: mean L ÷ 3, variance (3 L² - 3 (L ÷ 3)²) ÷ 2 = 4 L² ÷ 3, × 52.

    L √(208 ÷ 3) = 0.223143551314 × 8.326663997865 = 1.858041369…
    """
    found = of(prices_of(tmp_path, *WEEKS), "2014-07-07", "2014-08-01")
    assert used(found) == ["2014-07-11", "2014-07-18", "2014-07-25", "2014-08-01"]
    assert not (found.skipped or found.splits or found.accepted)
    assert [each.log_return for each in found.points] == [
        None, Decimal("0.223143551314"), Decimal("-0.223143551314"), Decimal("0.223143551314")
    ]  # fmt: skip
    assert found.mean == Decimal("0.074381183771")
    with mpmath.workdps(40):
        exact = mpmath.log(mpmath.mpf("1.25")) * mpmath.sqrt(mpmath.mpf(208) / 3)
        assert found.volatility == Decimal(mpmath.nstr(exact, 13))
    assert (found.returns, found.frequency, found.is_adjusted) == (3, "weekly", False)


@pytest.mark.parametrize(("frequency", "per_year"), [("weekly", 52), ("monthly", 12), ("daily", 250)])
def test_it_agrees_with_an_independent_evaluation(tmp_path: Path, frequency: Frequency, per_year: int) -> None:
    chance = random.Random(20140710)
    closes = [round(2000 * (1 + chance.uniform(-0.1, 0.1)), 1) for _ in range(400)]
    found = of(prices_of(tmp_path, *daily("2013-01-04", closes)), "2013-01-04", "2014-06-30", frequency)
    assert found.returns > 10
    with mpmath.workdps(50):
        values = [mpmath.mpf(str(each.close)) for each in found.points]
        returns = [mpmath.log(values[i + 1] / values[i]) for i in range(len(values) - 1)]
        mean = mpmath.fsum(returns) / len(returns)
        squares = mpmath.fsum((each - mean) ** 2 for each in returns)
        exact = mpmath.sqrt(squares / (len(returns) - 1) * per_year)
        assert abs(mpmath.mpf(str(found.volatility)) - exact) <= mpmath.mpf("0.5e-12")
        assert abs(mpmath.mpf(str(found.mean)) - mean) <= mpmath.mpf("0.5e-12")


def test_closes_that_grow_evenly_have_none(tmp_path: Path) -> None:
    found = of(prices_of(tmp_path, *daily("2014-07-07", [100, 110, 121])), "2014-07-07", "2014-07-09", "daily")
    assert format(found.volatility, "f") == "0.000000000000"


def test_half_up() -> None:
    assert half_up(Decimal("0.0000000000005")) == Decimal("0.000000000001")
    assert half_up(Decimal("0.00000000000049")) == 0
    assert str(half_up(Decimal("-0.0000000000004"))) == "0E-12"
    assert half_up(Decimal("1" * 50)) == Decimal("1" * 50)


def calm(*rows: str) -> list[str]:
    """Rows whose closes do not step."""
    return [f"{row},{100 + number}" if "," not in row else row for number, row in enumerate(rows)]


BASE = ("2014-06-20", "2014-06-27", "2014-07-04", "2014-07-11", "2014-07-18")


@pytest.mark.parametrize(
    ("until", "rows", "last", "why"),
    [
        ("2014-07-18", (), "2014-07-18", None),
        ("2014-07-20", (), "2014-07-18", None),
        # The file has later closes in the week, whatever the calendar says of a Saturday.
        ("2014-07-18", ("2014-07-19",), "2014-07-11", "2014-07-18"),
        ("2014-07-19", ("2014-07-19",), "2014-07-19", None),
        # By the calendar the week's Friday is still to come, though the file ends.
        ("2014-07-17", ("2014-07-17",), "2014-07-11", "2014-07-17"),
        ("2014-07-10", (), "2014-07-04", "2014-07-10"),
        # Nothing of the week is in the file.
        ("2014-07-24", (), "2014-07-18", "2014-07-24"),
    ],
)
def test_a_week_whose_last_trading_day_is_after_the_span(
    tmp_path: Path, until: str, rows: tuple[str, ...], last: str, why: str | None
) -> None:
    found = of(prices_of(tmp_path, *calm(*BASE, *rows)), "2014-06-16", until)
    assert used(found)[-1] == last
    assert [reason for _, reason in skipped(found)] == ([f"its last trading day is after {why}"] if why else [])


def test_a_week_that_ends_in_holidays_ends_with_its_last_business_day(tmp_path: Path) -> None:
    """29 and 30 December 2010 end the year's trading: the 31st is no business day."""
    prices = prices_of(tmp_path, *calm("2010-12-10", "2010-12-17", "2010-12-24", "2010-12-30", "2011-01-07"))
    assert used(of(prices, "2010-12-06", "2010-12-30"))[-1] == "2010-12-30"
    assert skipped(of(prices, "2010-12-06", "2010-12-29")) == [
        ("2010-12-27", "its last trading day is after 2010-12-29")
    ]


def test_the_week_in_which_the_span_begins(tmp_path: Path) -> None:
    prices = prices_of(tmp_path, *calm(*BASE))
    assert used(of(prices, "2014-06-20", "2014-07-18"))[0] == "2014-06-20"
    found = of(prices, "2014-06-21", "2014-07-18")
    assert used(found)[0] == "2014-06-27"
    assert skipped(found) == [("2014-06-16", "its last close, of 2014-06-20, is before 2014-06-21")]


def test_weeks_without_a_close(tmp_path: Path) -> None:
    """27 April to 6 May 2019 were holidays all."""
    rows = calm("2019-04-12", "2019-04-19", "2019-04-26", "2019-05-10", "2019-05-24", "2019-05-17,-")
    found = of(prices_of(tmp_path, *rows), "2019-04-08", "2019-05-24")
    assert used(found) == ["2019-04-12", "2019-04-19", "2019-04-26", "2019-05-10", "2019-05-24"]
    assert skipped(found) == [("2019-04-29", "public holidays all week"), ("2019-05-13", "no close in the file")]
    assert found.to_dict()["skipped"][0] == {
        "from": "2019-04-29", "until": "2019-05-05", "reason": "public holidays all week"
    }  # fmt: skip


def test_a_last_row_without_a_close_leaves_the_one_before_and_says_so(tmp_path: Path) -> None:
    rows = calm(*BASE[:3], "2014-07-09", "2014-07-10,-", "2014-07-11,-", "2014-07-17")
    notes = [each.note for each in of(prices_of(tmp_path, *rows), "2014-06-16", "2014-07-18").points]
    assert notes == [
        *("", "", ""),
        "2014-07-11 has no close (row 7); 2014-07-09 counts",
        "2014-07-18, a business day, is not in the file; 2014-07-17 counts",
    ]


def test_months(tmp_path: Path) -> None:
    rows = calm("2013-12-30", "2014-01-06", "2014-01-31", "2014-02-28", "2014-03-28", "2014-04-30", "2014-05-29")
    found = of(prices_of(tmp_path, *rows), "2013-12-31", "2014-05-29", "monthly")
    assert used(found) == ["2014-01-31", "2014-02-28", "2014-03-28", "2014-04-30"]
    assert skipped(found) == [
        ("2013-12-01", "its last close, of 2013-12-30, is before 2013-12-31"),
        ("2014-05-01", "its last trading day is after 2014-05-29"),
    ]
    assert found.points[2].note == "2014-03-31, a business day, is not in the file; 2014-03-28 counts"


def test_every_close_of_the_span(tmp_path: Path) -> None:
    prices = prices_of(tmp_path, *calm(*BASE, "2014-07-17,-"))
    found = of(prices, "2014-06-27", "2014-07-17", "daily")
    assert (used(found), found.skipped) == (["2014-06-27", "2014-07-04", "2014-07-11"], ())


@pytest.mark.parametrize("rows", [(), BASE[:2]])
def test_fewer_than_three_closes(tmp_path: Path, rows: tuple[str, ...]) -> None:
    with pytest.raises(RefusedError) as refused:
        of(prices_of(tmp_path, *calm(*rows)), "2014-06-16", "2014-07-18")
    days = "its days are 2014-06-20 to 2014-06-27" if rows else "it has no days"
    assert refused.value.code == "no-market-data"
    assert refused.value.message == (
        f"prices.csv: there are {len(rows)} closes of a week from 2014-06-16 to 2014-07-18, and a volatility needs 3 or"
        f" more: {days} (item 12)"
    )


@pytest.mark.parametrize(
    ("since", "until", "says"),
    [
        ("2014-07-10", "2014-07-10", "it begins before it ends, from 1868-01-01 to 2999-12-31"),
        ("2014-07-10", "2014-07-09", "it begins before it ends, from 1868-01-01 to 2999-12-31"),
        ("1867-12-31", "1868-02-01", "it begins before it ends, from 1868-01-01 to 2999-12-31"),
        ("2999-12-01", "3000-01-01", "it begins before it ends, from 1868-01-01 to 2999-12-31"),
        ("1900-01-01", "2001-01-01", "it is at most 100 years"),
    ],
)
def test_a_span_that_is_none(tmp_path: Path, since: str, until: str, says: str) -> None:
    with pytest.raises(MalformedError) as refused:
        of(prices_of(tmp_path, *calm(*BASE)), since, until)
    assert refused.value.message == f"the span is {since} to {until}; {says}"


SPLIT = ("2012-09-14,344000", "2012-09-21,344500", "2012-09-25,345000", "2012-09-26,1728", "2012-09-28,1726")


def test_a_split_is_no_crash(tmp_path: Path) -> None:
    """The same closes as those of a file that is adjusted already: 344,000 ÷ 200 = 1,720."""
    traded = of(prices_of(tmp_path, *SPLIT), "2012-09-10", "2012-09-28", splits="2012-10-01=200")
    evened = ("2012-09-14,1720", "2012-09-21,1722.5", "2012-09-25,1725", *SPLIT[3:])
    already = of(prices_of(tmp_path, *evened), "2012-09-10", "2012-09-28", splits="2012-10-01=200")
    assert traded.volatility == already.volatility < Decimal("0.01")
    assert [each.closes for each in (*traded.splits, *already.splits)] == ["as-traded", "adjusted"]
    assert [each.close for each in traded.points] == [344000, 344500, 1726]
    assert [format(each.adjusted, "f") for each in traded.points] == ["1720", "1722.5", "1726"]


def test_an_unexplained_step_is_refused(tmp_path: Path) -> None:
    with pytest.raises(RefusedError) as refused:
        of(prices_of(tmp_path, *SPLIT), "2012-09-10", "2012-09-28")
    assert refused.value.code == "unexplained-step"
    assert "from 345,000 on 2012-09-25 (row 4) to 1,728 on 2012-09-26 (row 5)" in refused.value.message


def test_a_step_between_two_closes_that_are_used_is_refused_too(tmp_path: Path) -> None:
    rows = [row.replace("2014-07-14,101", "2014-07-14,50.5") for row in WEEKS]
    with pytest.raises(RefusedError, match=r"from 100 on 2014-07-11 \(row 3\) to 50\.5 on 2014-07-14 \(row 4\)"):
        of(prices_of(tmp_path, *rows), "2014-07-07", "2014-08-01")


def test_a_step_that_was_the_markets(tmp_path: Path) -> None:
    rows = (*BASE[:3], "2014-07-11,51", "2014-07-18,52")
    prices = prices_of(tmp_path, *calm(*rows))
    found = volatility(prices, day("2014-06-16"), day("2014-07-18"), accepted=[day("2014-07-11")])
    assert [str(each.after.day) for each in found.accepted] == ["2014-07-11"]
    assert found.to_dict()["accepted_steps"] == ["2014-07-11"]
    with pytest.raises(RefusedError, match="unexplained-step"):
        volatility(prices, day("2014-06-16"), day("2014-07-18"), accepted=[day("2014-07-12")])


def test_steps_outside_of_the_closes_used_are_nobodys_concern(tmp_path: Path) -> None:
    rows = ("2014-06-13,1000", *calm(*BASE), "2014-07-22,10")
    assert used(of(prices_of(tmp_path, *rows), "2014-06-16", "2014-07-22")) == list(BASE)


def test_what_it_rests_on_is_told(tmp_path: Path) -> None:
    found = of(prices_of(tmp_path, *SPLIT), "2012-09-10", "2012-09-28", splits="2012-10-01=200").to_dict()
    assert (found["closes"], found["returns"], found["file"], len(found["sha256"])) == (3, 2, "prices.csv", 64)
    assert found["points"][1] == {
        "day": "2012-09-21", "close": "344500", "adjusted": "1722.5", "return": "0.001452433080", "row": 3, "note": ""
    }  # fmt: skip
    assert found["points"][0]["return"] is None
    assert [type(found[name]) for name in ("volatility", "mean", "from", "until", "frequency")] == [str] * 5


def test_a_hundred_years_of_days(tmp_path: Path) -> None:
    first = day("1920-01-05")
    rows = [f"{first + timedelta(days=each)},{100 + each % 7}" for each in range(36_500)]
    found = of(prices_of(tmp_path, *rows), "1920-01-05", "2020-01-05", "daily")
    assert len(found.points) == 36_500
