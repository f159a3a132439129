"""Published figures, each with its notice and item (domain.md §12).

The notice of 10 July 2014 fixes the terms of the 2014 series (items 1 to 4); the notice of 28 June 2017 resolves the
7th series (items 1 to 16). The splits are those of the company's shares of 2012, 2021 and 2022.
"""

from decimal import Decimal

import pytest

from tests.scenario import Given, Story, allotted, company, counts_of, departed, exercised, given, issue, pricing, split

SPLITS = (split("200", "2012-09-30"), split("2", "2020-12-31"), split("2", "2022-09-30"))

SERIES_2014 = issue(
    "2014",
    on="2014-06-25",
    max_rights=128,
    allotment_date="2014-07-10",
    exercise_period={"from": "2014-07-11", "until": "2044-07-10"},
)
SERIES_7 = issue(payment_date="2017-07-14")

# Seven directors and 88 rights, ten executive officers and 40; seven and 168, eleven and 77. How they are divided among
# the persons is not published.
ALLOTTED_2014 = ([13] * 4 + [12] * 3, [4] * 10)
ALLOTTED_7 = ([24] * 7, [7] * 11)


def allotments(series: str, on: str, counts: tuple[list[int], list[int]]) -> list[Given]:
    directors, officers = counts
    return [
        allotted(rights, f"{role}-{number}", on=on, series=series, position=position)
        for role, position, held in (("director", "director", directors), ("officer", "executive-officer", officers))
        for number, rights in enumerate(held, start=1)
    ]


@pytest.fixture(scope="module")
def story() -> Story:
    return given(
        company(),
        *SPLITS,
        SERIES_2014,
        pricing(2_113, on="2014-07-10", series="2014"),
        *allotments("2014", "2014-07-10", ALLOTTED_2014),
        SERIES_7,
        *allotments("7", "2017-07-14", ALLOTTED_7),
    )


def test_the_2014_series_has_128_rights(story: Story) -> None:
    """Notice of 2014, item 1; item 4: 88 of directors and 40 of executive officers."""
    row = story.series("2014-07-10", "2014")
    assert (row.max_rights, counts_of(row)) == (128, {"allotted": 128, "outstanding": 128})
    held = story.holdings("2014-07-10", series="2014")
    assert [sum(row.allotted for row in held if row.holder.startswith(role)) for role in ("director", "officer")] == [
        88,
        40,
    ]
    assert [sum(row.holder.startswith(role) for row in held) for role in ("director", "officer")] == [7, 10]


def test_the_2014_series_is_25_600_shares_200_a_right(story: Story) -> None:
    """Notice of 2014, item 2; the split of 2012 lies before the allotment."""
    row = story.series("2014-07-10", "2014")
    assert (row.shares_per_right, row.shares) == (200, 25_600)


def test_the_2014_series_costs_422_600_yen_a_right_2_113_a_share(story: Story) -> None:
    """Notice of 2014, item 3; 54,092,800 yen in all."""
    row = story.series("2014-07-10", "2014")
    assert (row.price_per_share, row.price_per_right) == (Decimal(2_113), Decimal(422_600))
    assert row.price_per_right is not None
    assert row.price_per_right * row.allotted == 54_092_800


def test_the_7th_series_has_at_most_245_rights(story: Story) -> None:
    """Notice of 2017, items 2(2), 13, 15: 7 directors with 168, 11 executive officers with 77, on 14 July 2017."""
    row = story.series("2017-07-14")
    assert (row.max_rights, counts_of(row)) == (245, {"allotted": 245, "outstanding": 245})
    held = story.holdings("2017-07-14", series="7")
    assert [sum(row.allotted for row in held if row.holder.startswith(role)) for role in ("director", "officer")] == [
        168,
        77,
    ]
    assert [sum(row.holder.startswith(role) for row in held) for role in ("director", "officer")] == [7, 11]
    assert story.holdings("2017-07-13", series="7") == []
    story.when(allotted(1, "officer-1")).refused_with("over-maximum")


def test_the_7th_series_is_exercisable_15_july_2017_to_14_july_2047(story: Story) -> None:
    """Notice of 2017, item 5."""
    row = story.series("2017-07-14")
    assert (str(row.exercise_from), str(row.exercise_until)) == ("2017-07-15", "2047-07-14")


@pytest.mark.parametrize(
    ("as_of", "number"),
    [
        ("2017-07-14", 200),
        ("2020-12-31", 200),
        ("2021-01-01", 400),
        ("2022-09-30", 400),
        ("2022-10-01", 800),
        ("2044-07-10", 800),
    ],
)
def test_200_shares_per_right_become_400_then_800(story: Story, as_of: str, number: int) -> None:
    """Notice of 2017, item 3: the day after the record dates 31 December 2020 and 30 September 2022."""
    assert [story.shares_per_right(as_of, series) for series in ("2014", "7")] == [number, number]
    assert (story.series(as_of).shares, story.series(as_of, "2014").shares) == (245 * number, 128 * number)


def test_the_split_of_2012_makes_200_of_1() -> None:
    """1:200, record date 30 September 2012: a series allotted before had one share a right."""
    older = issue("1", on="2010-06-25", shares_per_right=1, allotment_date="2010-07-12", max_rights=30_900)
    story = given(company(), older, SPLITS[0])
    assert [story.shares_per_right(day, "1") for day in ("2012-09-30", "2012-10-01")] == [1, 200]


def test_a_series_of_30_900_rights() -> None:
    """Nothing assumes 200 shares: here it is one."""
    later = issue("L", on="2023-06-28", shares_per_right=1, allotment_date="2023-07-14", max_rights=30_900)
    story = given(company(), later, *allotments("L", "2023-07-14", ([30_900], [])))
    assert story.series("2023-07-14", "L").shares == 30_900
    story.when(allotted(1, "x", on="2023-07-14", series="L")).refused_with("over-maximum")


def test_one_right_of_the_2014_series_raises_211_400_yen_of_capital(story: Story) -> None:
    """Notice of 2017, item 6, by the figures of 2014: payment 200, limit 422,800; domain.md §7."""
    own = given(company(), SERIES_2014, pricing(2_113, on="2014-07-10", series="2014"))
    own.then(*allotments("2014", "2014-07-10", ALLOTTED_2014), departed("2015-06-26"))
    own.then(exercised("2015-06-27", series="2014"))
    (row,) = own.exercises()
    assert (row.shares, row.payment, row.capital, row.capital_reserve) == (200, 200, 211_400, 211_400)


@pytest.mark.parametrize(
    ("on", "says"),
    [
        ("2018-06-28", ("not-yet-open", "2018-06-29", "2018-07-08")),
        ("2018-06-29", ("open", "2018-06-29", "2018-07-08")),
        ("2018-07-08", ("open", "2018-06-29", "2018-07-08")),
        ("2018-07-09", "lapsed"),
    ],
)
def test_ten_days_from_the_day_following_the_loss(on: str, says: object) -> None:
    """Notice of 2017, item 11(2)."""
    story = given(company(), SERIES_7, *allotments("7", "2017-07-14", ALLOTTED_7), departed("2018-06-28"))
    assert story.window(on) == says
