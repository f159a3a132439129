"""The risk-free rate from the ministry's table (item 12), worked out by hand from its rows."""

from datetime import date
from pathlib import Path

import pytest

from ledger.domain.errors import LedgerError, MalformedError, RefusedError
from ledger.valuation.rates import Rate, read_rate

SAMPLE = Path(__file__).parent / "samples" / "jgbcm.csv"
"""Rows of the Ministry of Finance's table as published, in UTF-8."""

HEADING = "基準日,1年,5年,10年\n"
JULY_10 = date(2014, 7, 10)


def rate(on: date, term: str, file: Path = SAMPLE) -> str:
    return format(read_rate(file, on, term).rate, "f")


@pytest.mark.parametrize(("on", "term", "expected"), [
    (JULY_10, "15", "0.00978"),  # the notice of 2014
    (date(2017, 7, 14), "15", "0.00324"),  # the notice of 2017
    (JULY_10, "10", "0.00547"),
    (JULY_10, "12.5", "0.007625"),  # half way from 0.547 to 0.978 %
    (JULY_10, "11", "0.006332"),  # 0.547 + 0.431 ÷ 5 = 0.6332 %
    (date(2016, 7, 8), "10", "-0.00293"),
])  # fmt: skip
def test_rates(on: date, term: str, expected: str) -> None:
    assert rate(on, term) == expected


def test_what_it_rests_on_is_told() -> None:
    found = read_rate(SAMPLE, JULY_10, "12.5").to_dict()
    assert len(found.pop("sha256")) == 64
    assert found == {
        "rate": "0.007625",
        "on": "2014-07-10",
        "day": "2014-07-10",
        "maturities": [{"years": 10, "percent": "0.547"}, {"years": 15, "percent": "0.978"}],
        "note": "",
        "file": "jgbcm.csv",
        "row": 6,
    }


def test_a_day_without_yields_has_those_of_the_day_before() -> None:
    """15 to 17 July 2017 were a weekend and a holiday; of 2019, ten days without a market."""
    assert read_rate(SAMPLE, date(2017, 7, 17), "15").day == date(2017, 7, 14)
    assert read_rate(SAMPLE, date(2019, 5, 6), "15").day == date(2019, 4, 26)


def test_ten_days_back_is_near_enough() -> None:
    """From 14 July 2014; the eleventh, 25 July, is among those refused below."""
    found = read_rate(SAMPLE, date(2014, 7, 24), "15")
    assert (found.day, found.note) == (date(2014, 7, 14), "2014-07-24, a business day, has no yields")


@pytest.mark.parametrize("on", [date(1974, 9, 23), date(2014, 7, 25), date(2025, 3, 11), date(2026, 1, 5)])
def test_a_day_too_far_from_any_yield_is_refused(on: date) -> None:
    with pytest.raises(RefusedError) as refusal:
        read_rate(SAMPLE, on, "15")
    assert refusal.value.code == "no-market-data"
    assert f"there is no yield on {on} or in the 10 days before" in refusal.value.message


def test_a_table_that_is_too_old_is_no_holiday() -> None:
    """The last row is of Friday, 28 February 2025: it is good for the weekend, and no longer."""
    for day in (1, 2):
        assert read_rate(SAMPLE, date(2025, 3, day), "15").day == date(2025, 2, 28)
    with pytest.raises(RefusedError, match="its days are 1974-09-24 to 2025-02-28; take a newer table"):
        read_rate(SAMPLE, date(2025, 3, 3), "15")


def test_a_business_day_that_is_not_in_the_table_is_told() -> None:
    """15 July 2014 was a Tuesday; this sample goes on in 2016, ten days later at most is near enough."""
    found = read_rate(SAMPLE, date(2014, 7, 15), "15")
    assert (found.day, found.note) == (date(2014, 7, 14), "2014-07-15, a business day, has no yields")


@pytest.mark.parametrize(("row", "count"), [("H26.7.10,0.1,0.2", 3), ("H26.7.10,0.1,0.2,0.3,0.4", 5), ("H26.7.10", 1)])
def test_a_row_that_was_cut_or_is_too_long(tmp_path: Path, row: str, count: int) -> None:
    with pytest.raises(MalformedError, match=f"row 2: it has {count} cells and the heading has 4: "):
        read_rate(made(tmp_path, f"{row}\n"), JULY_10, "5")


def test_terms_outside_of_all_maturities() -> None:
    short = read_rate(SAMPLE, JULY_10, "0.5")
    assert (format(short.rate, "f"), short.note) == (
        "0.00062",
        "the term is shorter than the shortest maturity, 1 year, whose yield is used",
    )
    assert (
        read_rate(SAMPLE, JULY_10, "41").note
        == "the term is longer than the longest maturity, 40 years, whose yield is used"
    )
    # In 1974 there were none above nine years.
    assert (
        read_rate(SAMPLE, date(1974, 9, 24), "10").note
        == "the term is longer than the longest maturity, 9 years, whose yield is used"
    )


@pytest.mark.parametrize("encoding", ["utf-8", "cp932"])
@pytest.mark.parametrize("title", ["", "国債金利情報,,,(単位：%)\n"])
def test_as_published(tmp_path: Path, encoding: str, title: str) -> None:
    """In Shift_JIS, with a title above the heading."""
    file = tmp_path / "jgbcm.csv"
    file.write_bytes((title + SAMPLE.read_text(encoding="utf-8")).encode(encoding))
    assert rate(JULY_10, "15", file) == "0.00978"


def made(tmp_path: Path, rows: str, heading: str = HEADING) -> Path:
    file = tmp_path / "rates.csv"
    file.write_text(heading + rows, encoding="utf-8")
    return file


def test_a_missing_yield_is_spanned(tmp_path: Path) -> None:
    """From 1 to 10 years, 3 years: 0.1 + 0.9 × 2 ÷ 9 = 0.3 %."""
    assert rate(JULY_10, "3", made(tmp_path, "H26.7.10,0.1,-,1.0\n")) == "0.003"


def test_a_row_without_any_yield_is_no_day(tmp_path: Path) -> None:
    found = read_rate(made(tmp_path, "H26.7.9,0.1,0.2,0.3\nH26.7.10,-,-,-\n"), JULY_10, "5")
    assert (found.day, format(found.rate, "f")) == (date(2014, 7, 9), "0.002")


def test_a_third_of_a_hundredth_is_rounded_half_up(tmp_path: Path) -> None:
    """At 2 years 0.1 + 0.1 × 1 ÷ 4 = 0.125 %; at 7 years 0.2 + 0.1 × 2 ÷ 5 = 0.24 %; at 8.5, 0.27 %."""
    file = made(tmp_path, "H26.7.10,0.1,0.2,0.3\n")
    assert [rate(JULY_10, term, file) for term in ("2", "7", "8.5")] == ["0.00125", "0.0024", "0.0027"]
    file = made(tmp_path, "H26.7.10,0,0,0.1\n")
    # 0.1 % × (5 + 1 ÷ 3 − 5) ÷ 5 = 0.0000666… : the third is written as long as it may be.
    assert rate(JULY_10, "5." + "3" * 40, file) == "0.000066666667"
    # Below nothing it is the same number with a sign.
    assert rate(JULY_10, "5." + "3" * 40, made(tmp_path, "H26.7.10,0,0,-0.1\n")) == "-0.000066666667"


@pytest.mark.parametrize(("rows", "says"), [
    ("H26.7.10,0.1,0.2,0.3\nH26.7.10,0.1,0.2,0.3\n", "row 3: 2014-07-10 stands in row 2 already"),
    ("H26.7.10,0.1,x,0.3\n", "row 2: the yield of 5 years is `x`, which is no number"),
    ("H26.7.10,0.1,101,0.3\n", "row 2: the yield of 5 years is 101 percent, which is no yield"),
    ("26.7.10,0.1,0.2,0.3\n", "row 2: `26.7.10` is no day; one is 2014-07-10, 2014/7/10, 2014年7月10日 or H26.7.10"),
])  # fmt: skip
def test_bad_rows(tmp_path: Path, rows: str, says: str) -> None:
    with pytest.raises(MalformedError) as refusal:
        read_rate(made(tmp_path, rows), JULY_10, "5")
    assert refusal.value.message == f"rates.csv: {says}"


@pytest.mark.parametrize("heading", ["基準日,1年,1年\n", "日付,終値\n", "1年,5年\n"])
def test_bad_headings(tmp_path: Path, heading: str) -> None:
    with pytest.raises(MalformedError):
        read_rate(made(tmp_path, "H26.7.10,0.1,0.2\n", heading), JULY_10, "5")


@pytest.mark.parametrize("term", ["0", "-1", "1001", "x", ""])
def test_bad_terms(term: str) -> None:
    with pytest.raises(LedgerError):
        read_rate(SAMPLE, JULY_10, term)


def test_basis() -> None:
    found: Rate = read_rate(SAMPLE, JULY_10, "1")
    assert found.basis == "1 year 0.062 %, yields of 2014-07-10"
