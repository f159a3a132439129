"""`last_day_roll` (Civil Code 142): a last day that is no business day moves, only where terms say so."""

from typing import Any

import pytest

from ledger.domain.business_days import business_day_from, is_business_day
from tests.scenario import allotted, day, departed, died, exercised, given, inherited, series_7

ROLL = {"last_day_roll": "next-business-day"}


@pytest.mark.parametrize(
    ("on", "is_one"),
    [
        ("2018-07-06", True),  # Friday
        ("2018-07-07", False),  # Saturday
        ("2018-07-08", False),  # Sunday
        ("2018-07-09", True),
        ("2018-12-28", True),
        ("2020-12-30", True),
        ("2020-12-31", False),
        ("2021-01-01", False),
        ("2019-01-02", False),  # Wednesday
        ("2019-01-03", False),
        ("2019-01-04", True),
        ("2019-04-30", False),  # between two holidays
        ("2019-05-01", False),  # accession
        ("2019-05-06", False),  # substitute
        ("2019-05-07", True),
        ("2020-07-23", False),  # Marine Day, moved for the Games
        ("2020-07-20", True),
    ],
)
def test_business_days_in_japan(on: str, *, is_one: bool) -> None:
    assert is_business_day(day(on)) is is_one


@pytest.mark.parametrize(
    ("on", "moved"),
    [
        ("2018-07-06", "2018-07-06"),
        ("2018-07-07", "2018-07-09"),
        ("2018-07-08", "2018-07-09"),
        ("2018-12-29", "2019-01-04"),
        ("2019-04-27", "2019-05-07"),
        ("2999-12-31", "3000-01-06"),
    ],
)
def test_the_next_business_day(on: str, moved: str) -> None:
    assert business_day_from(day(on)) == day(moved)


# Ten days after the departure: its own day + 10.
@pytest.mark.parametrize(
    ("left_on", "conditions", "until"),
    [
        ("2018-06-28", None, "2018-07-08"),  # a Sunday
        ("2018-06-28", {"last_day_roll": "none"}, "2018-07-08"),
        ("2018-06-28", ROLL, "2018-07-09"),
        ("2018-06-26", ROLL, "2018-07-06"),  # a Friday stays
        ("2018-12-20", ROLL, "2019-01-04"),  # a Sunday, then the turn of the year: 30, 31 December to 3 January
        ("2019-04-17", ROLL, "2019-05-07"),  # 27 April 2019: ten days of holidays
        ("2018-06-28", ROLL | {"while_in_office": True}, "2018-07-09"),
    ],
)
def test_the_last_day_after_a_departure(left_on: str, conditions: dict[str, Any] | None, until: str) -> None:
    story = given(*series_7(conditions), allotted(), departed(left_on))
    window = story.window(until)
    assert (window[0], window[2]) == ("open", until)
    story.when(exercised(str(day(until).replace(day=day(until).day + 1)))).refused_with("outside-exercise-window")
    story.when(exercised(until)).recorded()


@pytest.mark.parametrize(("conditions", "until"), [(None, "2019-09-15"), (ROLL, "2019-09-17")])
def test_the_last_day_of_an_heir(conditions: dict[str, Any] | None, until: str) -> None:
    """15 September 2019 is a Sunday, the 16th Respect for the Aged Day."""
    story = given(*series_7(conditions), allotted(), died("2019-03-01"), inherited("2019-03-15"))
    assert story.window(until, "heir-1") == ("open", "2019-03-15", until)


def test_the_moved_day_is_cut_at_the_period_s_end_which_never_moves() -> None:
    """The period ends on Sunday 8 July 2018."""
    terms = {"exercise_period": {"from": "2017-07-15", "until": "2018-07-08"}}
    story = given(*series_7(ROLL, **terms), allotted(), departed("2018-06-27"))
    assert story.window("2018-07-08") == ("open", "2018-06-28", "2018-07-08")
    assert story.window("2018-07-09") == "lapsed"
    story = given(*series_7(ROLL | {"after_departure": None}, **terms), allotted(), departed("2018-06-27"))
    assert story.window("2018-07-08") == ("open", "2018-06-28", "2018-07-08")


def test_a_day_moved_into_the_period_is_a_possible_day() -> None:
    """Ten days after 28 June end on Sunday 8 July, moved to the 9th, on which the period begins."""
    terms = {"exercise_period": {"from": "2018-07-09", "until": "2047-07-14"}}
    story = given(*series_7(ROLL, **terms), allotted(), departed("2018-06-28"))
    assert story.window("2018-06-28") == ("not-yet-open", "2018-07-09", "2018-07-09")
    assert given(*series_7(**terms), allotted(), departed("2018-06-28")).window("2018-06-28") == "lapsed"


def test_a_death_on_the_moved_last_day_is_in_time() -> None:
    story = given(*series_7(ROLL), allotted(), departed("2018-06-28"), died("2018-07-09"))
    assert story.window("2018-07-09") == "awaiting-heir"
    assert given(*series_7(), allotted(), departed("2018-06-28"), died("2018-07-09")).window("2018-07-09") == "lapsed"


def test_a_last_day_a_thousand_years_off_is_found() -> None:
    conditions = ROLL | {"after_departure": {"years": 1_000}}
    story = given(*series_7(conditions, exercise_period={"from": "2017-07-15", "until": "2999-12-31"}), allotted())
    story.then(departed("2998-06-28"))
    assert story.window("2999-12-31") == ("open", "2998-06-29", "2999-12-31")
