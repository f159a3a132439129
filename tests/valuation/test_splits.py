"""Splits in a file of prices: the ex-day, what the file has evened out, and steps that nobody explains."""

from fractions import Fraction
from pathlib import Path

import pytest

from ledger.domain.errors import MalformedError, RefusedError
from ledger.domain.wellformed import entry_from
from ledger.valuation.prices import Prices
from ledger.valuation.splits import (
    Closes,
    ShareSplit,
    companies_of,
    evened_out,
    ex_day,
    found_splits,
    read_splits,
    splits_of,
    steps_like_splits,
    unexplained,
)
from tests.scenario import company, consolidated, day, restructured, split
from tests.valuation.market import prices_of


@pytest.mark.parametrize(
    ("effective", "expected"),
    [
        # Settled after three business days: the second business day before the record date.
        ("2012-10-01", "2012-09-26"),  # record date Sunday 30, so Friday 28
        ("2013-04-01", "2013-03-27"),  # record date Sunday 31, so Friday 29
        ("2019-07-18", "2019-07-12"),  # record date Wednesday 17; Monday 15 was a holiday
        # After two: the business day before. What is bought on 16 July settles on the 18th.
        ("2019-07-19", "2019-07-17"),
        ("2021-01-01", "2020-12-29"),  # record date 31 December, no business day, so the 30th
        ("2022-10-01", "2022-09-29"),  # record date Friday 30
        ("2020-05-07", "2020-04-30"),  # record date Wednesday 6, a holiday as the 3rd to the 5th, so Friday 1
    ],
)
def test_the_ex_day(effective: str, expected: str) -> None:
    assert ex_day(day(effective)) == day(expected)


def test_reading_splits() -> None:
    assert read_splits(" 2021-01-01=2 ,2012-10-01=200,2015-04-01=3/2,2016-10-01=1/10") == (
        ShareSplit(day("2012-10-01"), Fraction(200)),
        ShareSplit(day("2015-04-01"), Fraction(3, 2)),
        ShareSplit(day("2016-10-01"), Fraction(1, 10)),
        ShareSplit(day("2021-01-01"), Fraction(2)),
    )
    assert read_splits("none") == ()


@pytest.mark.parametrize(
    ("text", "says"),
    [
        ("", "`` is no split; one is 2012-10-01=200 or 2012-10-01=3/2"),
        ("2012-10-01", "`2012-10-01` is no split"),
        ("2012-10-01=2,", "`` is no split"),
        ("2012-02-30=2", "`2012-02-30=2` is no split"),
        ("2012-10-01=0", "`2012-10-01=0` is no split"),
        ("2012-10-01=-2", "`2012-10-01=-2` is no split"),
        ("2012-10-01=1.5", "`2012-10-01=1.5` is no split"),
        ("2012-10-01=3/0", "`2012-10-01=3/0` is no split"),
        ("2012-10-01=1234567890", "`2012-10-01=1234567890` is no split"),
        ("2012-10-01=2/2", "the split of 2012-10-01 has the factor 1, which changes nothing"),
        ("2012-10-01=2,2012-10-01=3", "there are two splits of 2012-10-01"),
        ("0001-01-02=2", "`0001-01-02=2` is no split"),
        (",".join(f"{1900 + each}-01-01=2" for each in range(101)), "there are 101 splits; at most 100 are read"),
    ],
)
def test_what_is_no_split(text: str, says: str) -> None:
    with pytest.raises(MalformedError) as refused:
        read_splits(text)
    assert refused.value.message.startswith(says)


def test_splits_of_a_company_among_entries() -> None:
    entries = [
        entry_from(each)
        for each in (
            company("IIJ"),
            company("Other"),
            split("2", "2020-12-31"),
            split("200", "2012-09-30"),
            consolidated("1/10", "2016-10-01"),
            split("3", "2013-03-31", company="Other"),
            restructured("2023-04-01", successor="New"),
        )
    ]
    assert list(map(str, splits_of(entries, "IIJ"))) == ["2012-10-01=200", "2016-10-01=1/10", "2021-01-01=2"]
    assert list(map(str, splits_of(entries, "Other"))) == ["2013-04-01=3"]
    assert companies_of(entries) == ["IIJ", "New", "Other"]


SPLIT = "2012-10-01=200"


def kinds(prices: Prices, splits: str, closes: Closes | None = None) -> list[Closes | None]:
    found = found_splits(prices, read_splits(splits), min(prices.closes), max(prices.closes), closes)
    return [each.closes for each in found]


@pytest.mark.parametrize(
    ("factor", "before", "after", "kind"),
    [
        ("200", "344500", "1748", "as-traded"),
        ("200", "1722.5", "1748", "adjusted"),
        ("2", "1000", "500", "as-traded"),
        ("2", "1000", "629", "as-traded"),  # ln(1000 ÷ 629) is 0.669 of ln 2
        ("2", "1000", "794", "adjusted"),  # 0.333 of it
        ("3/2", "300", "210", "as-traded"),
        ("3/2", "300", "290", "adjusted"),
        ("1/10", "100", "990", "as-traded"),
        ("1/10", "1000", "990", "adjusted"),
        ("23/20", "115", "100", "as-traded"),
    ],
)
def test_a_split_is_told_by_the_step_of_its_ex_day(
    tmp_path: Path, factor: str, before: str, after: str, kind: str
) -> None:
    prices = prices_of(tmp_path, f"2012-09-25,{before}", f"2012-09-26,{after}")
    assert kinds(prices, f"2012-10-01={factor}") == [kind]


@pytest.mark.parametrize(
    ("factor", "before", "after"),
    [
        ("2", "1000", "631"),  # 0.664 of ln 2: two thirds and more are as traded
        ("2", "1000", "707"),
        ("2", "1000", "792"),  # 0.336
        ("114/100", "114", "100"),
        ("114/100", "100", "100"),
        ("100/114", "100", "114"),
    ],
)
def test_an_unclear_split_is_asked_about(tmp_path: Path, factor: str, before: str, after: str) -> None:
    prices = prices_of(tmp_path, f"2012-09-25,{before}", f"2012-09-26,{after}")
    splits = f"2012-10-01={factor}"
    with pytest.raises(RefusedError) as refused:
        kinds(prices, splits)
    assert refused.value.code == "unclear-split"
    assert refused.value.message == (
        "prices.csv: it is not clear whether the closes before the split of 2012-10-01"
        f" (factor {Fraction(factor)}) are as they were paid or adjusted for it:"
        f" {int(before):,} on 2012-09-25 (row 2), {after} on 2012-09-26 (row 3);"
        " say which with --closes as-traded or --closes adjusted"
    )
    assert kinds(prices, splits, "as-traded") == ["as-traded"]
    assert kinds(prices, splits, "adjusted") == ["adjusted"]


def test_each_split_is_told_by_itself(tmp_path: Path) -> None:
    """A file that somebody evened out for the last split alone, with days without a trade around the ex-day."""
    rows = ("2012-09-25,344500", "2012-09-26,-", "2012-09-27,1748", "2020-12-28,2000", "2020-12-30,2010")
    splits = read_splits("2012-10-01=200,2021-01-01=2,2022-10-01=2")
    prices = prices_of(tmp_path, *rows)
    found = found_splits(prices, splits, day("2012-09-25"), day("2020-12-30"))
    before = "closes before it are"
    assert [(each.closes, each.says) for each in found] == [
        ("as-traded", f"{before} as traded, and are divided by it (344,500 on 2012-09-25, 1,748 on 2012-09-27)"),
        ("adjusted", f"{before} adjusted for it already (2,000 on 2020-12-28, 2,010 on 2020-12-30)"),
        (None, "it does not lie between the closes of 2012-09-25 to 2020-12-30"),
    ]
    assert found[0].to_dict() == {
        "on": "2012-10-01", "factor": "200", "ex_day": "2012-09-26", "closes": "as-traded", "says": found[0].says
    }  # fmt: skip
    closes = prices.traded(day("2012-09-25"), day("2020-12-30"))
    assert evened_out(closes, found) == [Fraction(344500, 200), 1748, 2000, 2010]


def test_splits_between_the_same_two_closes_are_told_together(tmp_path: Path) -> None:
    prices = prices_of(tmp_path, "2020-12-28,4000", "2022-09-29,1010")
    assert kinds(prices, "2021-01-01=2,2022-10-01=2") == ["as-traded", "as-traded"]
    prices = prices_of(tmp_path, "2020-12-28,1000", "2022-09-29,1010")
    assert kinds(prices, "2021-01-01=2,2022-10-01=2") == ["adjusted", "adjusted"]


@pytest.mark.parametrize(("first", "last"), [("2012-09-26", "2012-09-28"), ("2012-09-20", "2012-09-25")])
def test_a_split_at_the_edge_of_the_closes_is_outside(tmp_path: Path, first: str, last: str) -> None:
    assert kinds(prices_of(tmp_path, f"{first},1000", f"{last},1000"), SPLIT) == [None]


def test_adjusted_closes_alone_are_adjusted(tmp_path: Path) -> None:
    prices = prices_of(tmp_path, "2012-09-25,1000", "2012-09-26,700", heading="date,adj close")
    assert kinds(prices, "2012-10-01=2") == ["adjusted"]


def steps(prices: Prices, splits: str = "none") -> list[tuple[str, Fraction]]:
    first, last = min(prices.closes), max(prices.closes)
    closes = prices.traded(first, last)
    found = found_splits(prices, read_splits(splits), first, last)
    return [(str(each.after.day), each.factor) for each in steps_like_splits(closes, evened_out(closes, found))]


@pytest.mark.parametrize(
    ("before", "after", "factor"),
    [
        ("1000", "500", 2),
        ("1840", "1000", 2),  # 8 % from 2
        ("2160", "1000", 2),
        ("1000", "1840", Fraction(1, 2)),
        ("1000", "10200", Fraction(1, 10)),
        ("344500", "1748", 197),
        ("1839", "1000", Fraction(11, 6)),  # no whole factor, and more than a day's limit leaves
        ("2161", "1000", Fraction(13, 6)),
        ("2500", "1000", Fraction(5, 2)),
        ("1300", "1000", Fraction(13, 10)),
        ("1000", "1300", Fraction(10, 13)),
        ("1299", "1000", None),
        ("1000", "1299", None),
        ("1000", "1000", None),
        ("1000", "1080", None),
    ],
)
def test_a_step_like_a_split(tmp_path: Path, before: str, after: str, factor: Fraction | None) -> None:
    prices = prices_of(tmp_path, f"2012-09-25,{before}", f"2012-09-26,{after}")
    assert steps(prices) == ([] if factor is None else [("2012-09-26", factor)])


def test_a_split_explains_its_step_and_no_other(tmp_path: Path) -> None:
    prices = prices_of(tmp_path, "2012-09-25,344500", "2012-09-26,1748", "2012-09-27,870")
    assert steps(prices, SPLIT) == [("2012-09-27", Fraction(2))]


def test_the_sentence_about_a_step(tmp_path: Path) -> None:
    prices = prices_of(tmp_path, "2012-09-25,344500", "2012-09-26,1748", "2020-12-28,2000", "2020-12-29,1001")
    first, last = min(prices.closes), max(prices.closes)
    closes = prices.traded(first, last)
    found = found_splits(prices, read_splits(SPLIT), first, last)
    (step,) = steps_like_splits(closes, evened_out(closes, found))
    error = unexplained(prices, step, found)
    assert (error.code, error.exit_code) == ("unexplained-step", 1)
    assert error.message == (
        "prices.csv: from 2,000 on 2020-12-28 (row 4) to 1,001 on 2020-12-29 (row 5) is like a split with a factor of"
        " about 2, and none explains it; say so with --splits 2012-10-01=200,2021-01-01=N, by the effective day, N new"
        " shares for one, or --accept-step 2020-12-29 if it was the market"
    )


def test_the_sentence_about_a_split_that_does_not_explain_its_step(tmp_path: Path) -> None:
    prices = prices_of(tmp_path, "2020-12-28,2000", "2020-12-29,1001")
    first, last = min(prices.closes), max(prices.closes)
    found = found_splits(prices, read_splits("2021-01-01=2"), first, last, "adjusted")
    closes = prices.traded(first, last)
    (step,) = steps_like_splits(closes, evened_out(closes, found))
    assert unexplained(prices, step, found).message.endswith(
        "and that of 2021-01-01 (factor 2), with closes adjusted, does not explain it; try --closes as-traded or"
        " another factor, or --accept-step 2020-12-29 if it was the market"
    )
