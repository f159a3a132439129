"""Item 3, proviso: a split that depends on a meeting has two first days; in between, shares are still due."""

from datetime import UTC, date, datetime
from typing import Any

import pytest

from tests.scenario import allotted, exercised, given, issue, restructured, series_7, split

# Record date 30 September 2022, meeting closed on 5 October: applies from 1 October, relied on from 6 October.
SPLIT = split("2", "2022-09-30", meeting_closed_on="2022-10-05")
STORY = (*series_7({"while_in_office": True}), allotted(24), SPLIT)
BEFORE = datetime(2022, 9, 1, tzinfo=UTC)

# The end of 5 October in Japan is 15:00 UTC.
SHUT = [date(2022, 9, 30), date(2022, 10, 1), date(2022, 10, 5), datetime(2022, 10, 5, 14, 59, 59, 999999, tzinfo=UTC)]
OPEN = [date(2022, 10, 6), datetime(2022, 10, 5, 15, 0, tzinfo=UTC), date(2023, 1, 1)]


@pytest.mark.parametrize("as_of", ["2022-09-30", "2022-10-01", "2022-10-05", "2022-10-06", "2023-06-01"])
@pytest.mark.parametrize("known_at", SHUT, ids=str)
def test_up_to_the_closing_day_the_old_number_is_the_answer(as_of: str, known_at: date) -> None:
    story = given().then(*STORY, at=BEFORE)
    assert story.shares_per_right(as_of, known_at=known_at) == 200
    assert [row.shares for row in story.holdings(as_of, known_at=known_at)] == [4_800]


@pytest.mark.parametrize(("as_of", "number"), [("2022-09-30", 200), ("2022-10-01", 400), ("2022-10-06", 400)])
@pytest.mark.parametrize("known_at", OPEN, ids=str)
def test_afterwards_the_new_number_is_the_answer_from_the_day_after_the_record_date(
    as_of: str, number: int, known_at: date
) -> None:
    story = given().then(*STORY, at=BEFORE)
    assert story.shares_per_right(as_of, known_at=known_at) == number
    assert [row.shares for row in story.eligibility(as_of, known_at=known_at)] == [24 * number]


@pytest.mark.parametrize(("today", "number"), [("2022-10-05", 200), ("2022-10-06", 400)])
def test_without_known_at_today_decides(monkeypatch: pytest.MonkeyPatch, today: str, number: int) -> None:
    story = given().then(*STORY, at=BEFORE)
    monkeypatch.setenv("RIGHTS_TODAY", today)
    assert story.shares_per_right("2022-10-01") == number
    assert story.shares_per_right("2022-10-01", known_version=4) == number


@pytest.mark.parametrize(("hour", "number"), [(14, 200), (15, 400)])
def test_the_clock_decides_by_the_day_in_japan(hour: int, number: int) -> None:
    story = given().then(*STORY, at=BEFORE)
    story.instant = datetime(2022, 10, 5, hour, 59 if hour == 14 else 0, tzinfo=UTC)
    assert story.shares_per_right("2022-10-01") == number


@pytest.mark.parametrize(
    ("on", "shares", "still_due"),
    [
        ("2022-09-30", 600, 0),
        ("2022-10-01", 1_200, 600),
        ("2022-10-05", 1_200, 600),
        ("2022-10-06", 1_200, 0),
    ],
)
def test_an_exercise_in_between_is_entitled_to_the_new_number(on: str, shares: int, still_due: int) -> None:
    story = given(*STORY, exercised(on, 3))
    assert [(row.shares, row.payment, row.shares_still_due) for row in story.exercises()] == [
        (shares, shares, still_due)
    ]


@pytest.mark.parametrize("known_at", [date(2022, 10, 5), date(2022, 10, 6)])
def test_an_exercise_in_between_asked_before_and_after(known_at: date) -> None:
    story = given().then(*STORY, exercised("2022-10-02", 3), at=BEFORE)
    told = [(row.shares, row.shares_still_due) for row in story.exercises(known_at=known_at)]
    assert told == ([(600, 0)] if known_at == date(2022, 10, 5) else [(1_200, 600)])


def test_a_meeting_that_closed_on_the_record_date_delays_nothing() -> None:
    """Effective on 1 October, relied on from 1 October."""
    story = given(*series_7({"while_in_office": True}), allotted(24))
    story.then(split("2", "2022-09-30", meeting_closed_on="2022-09-30"), exercised("2022-10-01"))
    assert [(row.shares, row.shares_still_due) for row in story.exercises()] == [(400, 0)]


def test_a_meeting_that_closed_before_the_record_date_delays_nothing() -> None:
    story = given(*series_7({"while_in_office": True}), allotted(24))
    story.then(split("2", "2022-09-30", meeting_closed_on="2022-09-01"), exercised("2022-10-01"))
    assert [(row.shares, row.shares_still_due) for row in story.exercises()] == [(400, 0)]
    assert story.shares_per_right("2022-09-30") == 200


def test_what_may_be_relied_on_is_floored_at_its_own_steps() -> None:
    """5 shares: × 3 = 15 (conditional), × 1/2 on 2 October = 7. Relied on: 5 × 1/2 = 2. Due: 5 a right."""
    story = given(*series_7({"while_in_office": True}, shares_per_right=5), allotted(24))
    story.then(
        split("3", "2022-09-30", meeting_closed_on="2022-10-05"),
        {"type": "consolidation", "company": "IIJ", "ratio": "1/2", "on": "2022-10-02"},
        exercised("2022-10-03", 2),
    )
    assert [(row.shares, row.shares_still_due) for row in story.exercises()] == [(14, 10)]


def test_an_adjustment_in_between_sets_what_may_be_relied_on() -> None:
    story = given(*STORY, exercised("2022-10-04"))
    story.then({"type": "adjustment", "series": "7", "shares_per_right": 300, "on": "2022-10-03"})
    assert [(row.shares, row.shares_still_due) for row in story.exercises()] == [(300, 0)]


def test_a_successor_s_series_still_owes_the_shares_of_a_split_before() -> None:
    story = given(*STORY, restructured("2022-10-02", ratio="1/2"), exercised("2022-10-03", 2, series="7@HD"))
    assert [(row.shares, row.shares_still_due) for row in story.exercises()] == [(400, 200)]


def test_entries_are_judged_as_if_every_meeting_had_closed() -> None:
    """2 × 200 shares are 400, 800 after the split: 401 treasury shares may be delivered, 801 not."""
    story = given().then(*STORY, at=BEFORE)
    story.when(exercised("2022-10-01", 2, treasury_shares=801)).refused_with("too-many-treasury-shares")
    story.when(exercised("2022-10-01", 2, treasury_shares=800)).recorded()


def test_asked_before_the_meeting_more_treasury_shares_than_shares_raise_nothing() -> None:
    """Known on the closing day: 400 shares, 800 treasury shares: newly issued are never below 0."""
    story = given().then(*STORY, exercised("2022-10-01", 2, treasury_shares=800), at=BEFORE)
    (row,) = story.exercises(known_at=date(2022, 10, 5))
    assert (row.shares, row.payment, row.capital, row.capital_reserve) == (400, 400, 0, 0)


@pytest.mark.parametrize(("known_at", "price"), [(date(2022, 10, 5), 101), (date(2022, 10, 6), 51)])
def test_the_inverse_price_goes_with_the_number(known_at: date, price: int) -> None:
    terms: dict[str, Any] = {"exercise_price": 101, "exercise_price_adjustment": "inverse"}
    story = given().then(*series_7(**terms), SPLIT, at=BEFORE)
    assert story.series("2022-10-01", known_at=known_at).exercise_price == price


def test_a_series_allotted_on_the_effective_day_is_not_adjusted() -> None:
    story = given(*series_7(), SPLIT, issue("8", on="2022-09-01", allotment_date="2022-10-01"))
    assert story.shares_per_right("2022-10-06", "8") == 200
