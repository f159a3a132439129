"""Item 3: splits, consolidations and adjustments multiply the shares per right, and drop the fraction at every step."""

import pytest

from tests.scenario import (
    Given,
    adjusted,
    allotted,
    company,
    consolidated,
    exercised,
    given,
    issue,
    series_7,
    split,
)

IN_OFFICE = {"while_in_office": True}


@pytest.mark.parametrize(
    ("ratios", "numbers"),
    [
        (["3/2", "1/7", "7"], [300, 42, 294]),
        (["1/7"], [28]),
        (["1/7", "7"], [28, 196]),
        (["1/201", "201"], [0, 0]),
        (["1/200", "200"], [1, 200]),
        (["1/10", "3/2", "3/2", "3/2"], [20, 30, 45, 67]),
        (["2", "2"], [400, 800]),
    ],
    ids=str,
)
def test_the_fraction_is_dropped_at_every_step(ratios: list[str], numbers: list[int]) -> None:
    """200 × 3/2 = 300; 300 × 1/7 = 42.86; 42 × 7 = 294. 200 × 1/7 = 28.57. 45 × 3/2 = 67.5."""
    steps: list[Given] = []
    for number, ratio in enumerate(ratios):
        is_split = not ratio.startswith("1/")
        steps.append(
            split(ratio, f"20{20 + number}-03-31") if is_split else consolidated(ratio, f"20{20 + number}-04-01")
        )
    story = given(*series_7(), *steps)
    assert [story.shares_per_right(f"20{20 + number}-04-01") for number in range(len(ratios))] == numbers
    assert [story.shares_per_right(f"20{20 + number}-03-31") for number in range(len(ratios))] == [200, *numbers[:-1]]


def test_ten_rights_of_200_at_a_seventh_are_280_shares() -> None:
    story = given(*series_7(IN_OFFICE), allotted(10), consolidated("1/7", "2020-04-01"))
    assert story.holding("2020-04-01").shares == 280
    assert [row.shares for row in story.then(exercised("2020-04-01", 10)).exercises()] == [280]


def test_a_right_of_0_shares_delivers_nothing_and_is_still_exercised() -> None:
    story = given(*series_7(IN_OFFICE), allotted(10), consolidated("1/300", "2020-04-01"), exercised("2020-04-01", 10))
    (row,) = story.exercises()
    assert (row.shares, row.payment, row.capital, row.capital_reserve, row.shares_still_due) == (0, 0, 0, 0, 0)
    assert story.rights("2020-04-01") == {"allotted": 10, "exercised": 10}


@pytest.mark.parametrize(("record_date", "number"), [("2017-07-12", 200), ("2017-07-13", 200), ("2017-07-14", 400)])
def test_a_split_counts_if_effective_later_than_the_allotment_date(record_date: str, number: int) -> None:
    """Allotted on 14 July 2017: a split is effective on the 13th, the 14th, the 15th."""
    story = given(*series_7(), split("2", record_date))
    assert story.shares_per_right("2020-01-01") == number


@pytest.mark.parametrize(("on", "number"), [("2017-07-13", 200), ("2017-07-14", 200), ("2017-07-15", 100)])
def test_a_consolidation_counts_if_later_than_the_allotment_date(on: str, number: int) -> None:
    assert given(*series_7(), consolidated("1/2", on)).shares_per_right("2020-01-01") == number


@pytest.mark.parametrize(("record_date", "number"), [("2017-06-26", 200), ("2017-06-27", 200), ("2017-06-28", 400)])
def test_without_an_allotment_date_the_day_resolved_stands_for_it(record_date: str, number: int) -> None:
    """Resolved on 28 June 2017; a split of that day is read before the series is known, too."""
    story = given(*series_7(allotment_date=None), split("2", record_date), allotted(4, on="2020-01-01"))
    assert story.shares_per_right("2020-01-01") == number


def test_a_split_acts_on_the_series_of_its_company_only() -> None:
    story = given(*series_7(), company("HD"), issue("H", company="HD"), split("2", "2020-03-31"))
    assert [story.shares_per_right("2020-04-01", series) for series in ("7", "H")] == [400, 200]
    story.then(split("3", "2020-04-30", "HD"))
    assert [story.shares_per_right("2020-05-01", series) for series in ("7", "H")] == [400, 600]


@pytest.mark.parametrize(("day", "numbers"), [("2020-03-31", (200, 30)), ("2020-04-01", (400, 60))])
def test_a_split_acts_on_every_series_of_its_company(day: str, numbers: tuple[int, int]) -> None:
    story = given(*series_7(), issue("8", shares_per_right=30), split("2", "2020-03-31"))
    assert (story.shares_per_right(day), story.shares_per_right(day, "8")) == numbers


@pytest.mark.parametrize(("day", "number"), [("2020-03-31", 200), ("2020-04-01", 7), ("2020-05-01", 14)])
def test_an_adjustment_sets_the_number_and_later_splits_go_on_from_there(day: str, number: int) -> None:
    story = given(*series_7(), adjusted(7, "2020-04-01"), split("2", "2020-04-30"))
    assert story.shares_per_right(day) == number


def test_an_adjustment_sets_one_series_and_no_price() -> None:
    story = given(
        *series_7(exercise_price=100, exercise_price_adjustment="inverse"), issue("8"), adjusted(7, "2020-04-01")
    )
    assert [story.shares_per_right("2020-04-01", series) for series in ("7", "8")] == [7, 200]
    assert story.series("2020-04-01").exercise_price == 100


def test_an_adjustment_counts_before_the_allotment_date_too() -> None:
    assert given(*series_7(), adjusted(7, "2017-07-01")).shares_per_right("2017-07-01") == 7


@pytest.mark.parametrize("ratio", ["1", "1/2", "2/2", "3/4"])
def test_a_split_makes_more_shares(ratio: str) -> None:
    given(*series_7()).when(split(ratio, "2020-03-31")).refused_with("bad-ratio")


@pytest.mark.parametrize("ratio", ["1", "2", "3/2", "2/2"])
def test_a_consolidation_makes_fewer_shares(ratio: str) -> None:
    given(*series_7()).when(consolidated(ratio, "2020-04-01")).refused_with("bad-ratio")


@pytest.mark.parametrize(
    "entry", [split("1000001/1000000", "2020-03-31"), consolidated("999999/1000000", "2020-04-01")]
)
def test_a_ratio_just_beside_one_is_good(entry: Given) -> None:
    given(*series_7()).when(entry).recorded()


@pytest.mark.parametrize("entry", [split("2", "2020-03-31", "X"), consolidated("1/2", "2020-04-01", "X")])
def test_the_company_is_known(entry: Given) -> None:
    given(*series_7()).when(entry).refused_with("unknown-company")


@pytest.mark.parametrize(
    ("record_date", "code"), [("1992-12-01", "unknown-company"), ("1992-12-02", None), ("1992-12-03", None)]
)
def test_the_company_is_known_from_its_day(record_date: str, code: str | None) -> None:
    attempt = given(company()).when(split("2", record_date))
    _ = attempt.recorded() if code is None else attempt.refused_with(code)


@pytest.mark.parametrize(("on", "code"), [("2017-06-27", "unknown-series"), ("2017-06-29", None)])
def test_a_series_is_adjusted_once_it_is_known(on: str, code: str | None) -> None:
    attempt = given(*series_7()).when(adjusted(7, on))
    _ = attempt.recorded() if code is None else attempt.refused_with(code)
