"""The memo of a valuation: what stands on the page is what `value` answers, and what 60 digits of mpmath say."""

import re
from datetime import date
from fractions import Fraction
from html import escape
from pathlib import Path
from typing import Any

import mpmath
import pytest

from ledger.domain.errors import MalformedError
from ledger.valuation.memo import FileUsed, memo
from ledger.valuation.memo_charts import bins, days, numbers
from ledger.valuation.steps import below, steps
from tests.valuation.inputs import inputs, valued
from tests.valuation.memos import facts, number_in, page, rows_of, steps_of, text_of, whole

CASES: list[dict[str, Any]] = [
    {},
    {"exercise_price": "2422"},
    {"rate": "-0.001", "dividend": "0", "exercise_price": "2000.5"},
    {"share_price": "126.28", "exercise_price": "9000", "dividend": "1.5", "term": "0.25"},
    {"share_price": "9007199254740991", "exercise_price": "1", "volatility": "0.0001"},
    {"share_price": "0.01", "exercise_price": "100000", "dividend": "0"},
]
HOSTILE = '<script>alert("x")</script>\'};}</style>\u202e\x00\n$body'


def mpf(number: Fraction) -> mpmath.mpf:
    return mpmath.mpf(number.numerator) / number.denominator


def reckoned(**changed: Any) -> list[mpmath.mpf]:
    """The steps of the formula by mpmath, from nothing but the inputs."""
    given = inputs(**changed)
    share, exercise, term = mpf(given.share_price), mpf(given.exercise_price), mpf(given.term)
    dividends = mpf(given.dividend) / share
    f, k = share * mpmath.exp(-dividends * term), exercise * mpmath.exp(-mpf(given.rate) * term)
    s = mpf(given.volatility) * mpmath.sqrt(term)
    d1 = mpmath.log(f / k) / s + s / 2
    d2 = d1 - s
    n1, n2 = mpmath.ncdf(d1), mpmath.ncdf(d2)
    return [dividends, f, k, s, d1, d2, n1, n2, f * n1, k * n2, f * n1 - k * n2]


@pytest.mark.parametrize("changed", CASES)
def test_every_step_is_right_to_the_last_digit_shown(changed: dict[str, Any]) -> None:
    with mpmath.workdps(80):
        expected = reckoned(**changed)
        shown = [number_in(makes) for _, makes in steps_of(page(**changed))[: len(expected)]]
        for at, (mine, theirs) in enumerate(zip(shown, expected, strict=True)):
            assert abs(mpf(mine) - theirs) <= mpmath.mpf(10) ** -12 / 2, at


@pytest.mark.parametrize("place", ["0", "0.3", "-3", "8", "-11.999", "12", "-12.001", "30", "-300"])
def test_the_normal_distribution_has_sixty_digits(place: str) -> None:
    with mpmath.workdps(400):
        expected = mpmath.ncdf(mpmath.mpf(place))
        assert abs(mpf(below(Fraction(place))) / expected - 1) < mpmath.mpf(10) ** -60


def test_far_out_nothing_is_left() -> None:
    assert below(Fraction(-(10**30))) == 0
    assert below(Fraction(10**30)) == 1


@pytest.mark.parametrize("changed", CASES)
def test_the_two_ways_to_the_price_agree(changed: dict[str, Any]) -> None:
    found = steps(inputs(**changed))
    assert found.difference <= Fraction(1, 10**10) * max(found.price - found.certain, Fraction(1, 10**300))
    assert "The two differ by" in page(**changed)


@pytest.mark.parametrize("changed", [{"volatility": 0}, {"term": 0}, {"exercise_price": 0}])
def test_without_uncertainty_the_price_is_the_difference(changed: dict[str, Any]) -> None:
    found = steps_of(page(**changed))
    way, makes = found[4]
    assert "without uncertainty" in way
    difference = number_in(found[1][1]) - number_in(found[2][1])
    assert abs(number_in(makes) - difference) <= Fraction(1, 10**12)
    assert "Checked" not in page(**changed)


@pytest.mark.parametrize(
    ("rounding", "expected"),
    [
        ("share", ["2,112.630721887638", "¥2,113", "¥422,600"]),
        ("share-2", ["2,112.630721887638", "¥2,112.64", "¥422,528"]),
        ("right", ["2,112.630721887638", "422,526.144377527646", "¥422,527"]),
    ],
)
def test_the_rounding_is_told_step_by_step(rounding: str, expected: list[str]) -> None:
    written = page(rounding=rounding)
    assert [makes for _, makes in steps_of(written)[-3:]] == expected
    assert f"<dd>{expected[-1]}<small>for 200 shares" in written
    assert number_in(expected[-1]) == Fraction(valued(rounding).price_per_right)


@pytest.mark.parametrize("rounding", ["share", "share-2", "right"])
def test_each_row_of_the_sensitivity_is_a_price_of_its_own(rounding: str) -> None:
    found = rows_of(page(rounding=rounding, dividend="20", exercise_price="2000"))
    given = {
        "share_price": ["1937.6", "2179.8", "2422", "2664.2", "2906.4"],
        "volatility": ["0.35", "0.40", "0.45", "0.50", "0.55"],
        "rate": ["-0.00022", "0.00478", "0.00978", "0.01478", "0.01978"],
        "dividend": ["10", "15", "20", "25", "30"],
    }
    changes = [{"dividend": "20", "exercise_price": "2000", name: each} for name in given for each in given[name]]
    assert len(found) == len(changes)
    chosen = Fraction(valued(rounding, **changes[2]).price_per_right)
    for row, changed in zip(found, changes, strict=True):
        worth = valued(rounding, **changed)
        told = [number_in(cell) for cell in row.cells[:3]]
        assert told == [worth.option_price, worth.price_per_share, worth.price_per_right], changed
        if row.change != "as chosen":
            assert abs(number_in(row.cells[3]) - (Fraction(worth.price_per_right) / chosen - 1) * 100) <= Fraction(
                1, 200
            )
    assert [row.change for row in found[:5]] == ["−20 %", "−10 %", "as chosen", "+10 %", "+20 %"]
    assert [row.given for row in found[5:10]] == ["35 %", "40 %", "45 %", "50 %", "55 %"]
    assert found[10].given == "−0.022 %"


def test_where_no_price_is_answered_for_there_is_none() -> None:
    written = page(volatility="0.05", dividend="2422")
    none = [(row.change, row.given) for row in rows_of(written) if row.cells == ["–"] * 4]
    assert none == [("−20 %", "¥1,937.6"), ("−10 %", "¥2,179.8"), ("−10 points", "−5 %"),
                    ("+25 %", "¥3,027.5"), ("+50 %", "¥3,633")]  # fmt: skip
    assert "outside of what a price is answered for" in text_of(written)
    assert "outside of what" not in page()


def test_without_a_dividend_some_are_tried() -> None:
    found = rows_of(page(dividend="0"))[-5:]
    assert [(row.change, row.given) for row in found[2:]] == [
        ("as chosen", "¥0"), ("+0.5 % of S", "¥12.11"), ("+1 % of S", "¥24.22")]  # fmt: skip
    assert number_in(found[4].cells[0]) == valued(dividend="24.22").option_price


def test_the_page_says_what_it_was_told(tmp_path: Path) -> None:
    given = whole(tmp_path)
    written = memo(given)
    for text in ("Stock acquisition right, 4th series", "Valued as of 2014-07-10", "Written on 2026-11-22",
                 "15 years 0.978 %, yields of 2014-07-10", "as given", given.files[0].sha256, "0.978 %", "¥422,600",
                 "782 closes, the last of each week, from 1999-07-16 to 2014-07-04, and 781 logarithms",
                 "2012-10-01, 2 new shares per old share", "its last trading day is after 2014-07-10"):  # fmt: skip
        assert text in text_of(written), text
    assert written.count("<svg") == 6
    assert written.count("<desc id=") == written.count("<title id=") == 6
    assert 'class="split"' in written


def test_the_volatility_of_the_page_follows_from_its_closes(tmp_path: Path) -> None:
    given = whole(tmp_path)
    assert given.closes is not None
    way, makes = steps_of(memo(given))[-1]
    assert number_in(makes) == Fraction(given.closes.volatility) * 100
    deviation = re.search(r"([0-9.]+) % × √52", way)
    assert deviation is not None
    assert float(deviation[1]) * 52**0.5 == pytest.approx(float(given.closes.volatility) * 100, abs=1e-6)


def test_the_command_of_the_page_gives_the_same_price() -> None:
    command = text_of(page(rounding="share-2").split("<pre>")[1].split("</pre>")[0])
    assert command.split() == [
        *("rights", "value", "--share-price", "2422", "--exercise-price", "1", "--term", "15", "--volatility", "0.45"),
        *("--rate", "0.00978", "--dividend", "22", "--shares-per-right", "200", "--rounding", "share-2"),
    ]


def test_a_hostile_name_is_text_everywhere() -> None:
    written = page(
        title=HOSTILE, sources={"rate": HOSTILE}, files=(FileUsed(HOSTILE, HOSTILE, HOSTILE),)
    )  # fmt: skip
    assert "<script" not in written
    assert escape('<script>alert("x")</script>') in written
    assert written.count("</style>") == 1
    assert "$body" in written
    assert [each for each in written if not each.isprintable() and each != "\n" and each not in "⁢\u3000"] == []
    footer = re.search(r'@bottom-left \{ content: "(.*)"; font', written)
    assert footer is not None
    assert not set(footer[1]) & set("\"'<>{};$\n")


def test_the_page_needs_nothing_beside_it(tmp_path: Path) -> None:
    written = memo(whole(tmp_path))
    assert "http:" not in written
    assert "https:" not in written
    assert not re.findall(r"<script|<link|<img|<iframe|\ssrc=|\shref=|url\(|@import", written)
    assert "default-src 'none'" in written


def test_a_price_that_nobody_answers_for_has_no_memo() -> None:
    with pytest.raises(MalformedError):
        memo(facts(share_price=10**15, exercise_price=10**15))


def test_long_numbers_stay_exact_where_they_are_money() -> None:
    written = page(share_price="9007199254740991", dividend="0", shares_per_right=9_007_199_254_740_991)
    exact = valued(shares_per_right=9_007_199_254_740_991, share_price="9007199254740991", dividend="0")
    assert f"<dd>¥{int(exact.price_per_right):,}<small>" in written


def test_the_ticks_of_an_axis_are_round() -> None:
    assert [text for _, text in numbers("", 1478.8, 2746.4).ticks] == ["1,500", "2,000", "2,500"]
    assert [text for _, text in numbers("", -0.52, 2.48).ticks] == ["0", "1", "2"]
    assert [text for _, text in numbers("", 0.1, 0.31).ticks] == ["0.10", "0.15", "0.20", "0.25", "0.30"]
    assert numbers("", 5.0, 5.0).low < 5.0 < numbers("", 5.0, 5.0).high


@pytest.mark.parametrize(
    ("first", "last", "expected"),
    [
        ("1999-07-16", "2014-07-11", ["2000", "2005", "2010"]),
        ("2012-12-15", "2015-02-01", ["2013-01", "2013-07", "2014-01", "2014-07", "2015-01"]),
        ("2013-11-15", "2014-02-15", ["2013-12", "2014-01", "2014-02"]),
        ("2014-07-04", "2014-07-18", ["2014-07-04", "2014-07-18"]),
    ],
)
def test_the_ticks_of_an_axis_of_days_begin_years_or_months(first: str, last: str, expected: list[str]) -> None:
    axis = days("", date.fromisoformat(first), date.fromisoformat(last))
    assert [text for _, text in axis.ticks] == expected
    assert all(axis.low <= tick <= axis.high for tick, _ in axis.ticks)


def test_every_return_is_in_a_bin() -> None:
    found = [-0.2, -0.1, 0.0, 0.0, 0.05, 0.3]
    counted = bins(found)
    assert sum(count for _, _, count in counted) == len(found)
    assert counted[0][0] <= -0.2
    assert counted[-1][1] >= 0.3
    assert sum(count for _, _, count in bins([0.0, 0.0])) == 2
