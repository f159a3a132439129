"""Items 5 and 11(2): everything lies inside the period; in office not at all; after departure for ten days."""

from typing import Any

import pytest

from tests.scenario import allotted, appointed, departed, exercised, given, issue, series_7

BASE = (*series_7(), allotted(24))
OUTSIDE = "outside-exercise-window"


def opens(conditions: dict[str, Any] | None, left_on: str, on: str, **terms: Any) -> None:
    given(*series_7(conditions, **terms), allotted(24), departed(left_on)).when(exercised(on)).recorded()


def is_shut(conditions: dict[str, Any] | None, left_on: str, on: str, **terms: Any) -> None:
    given(*series_7(conditions, **terms), allotted(24), departed(left_on)).when(exercised(on)).refused_with(OUTSIDE)


@pytest.mark.parametrize("on", ["2017-07-15", "2018-06-28", "2047-07-14"])
def test_in_office_not_at_all(on: str) -> None:
    story = given(*BASE)
    story.when(exercised(on)).refused_with(OUTSIDE)
    assert story.window(on) == "in-office"


@pytest.mark.parametrize("on", ["2018-06-29", "2018-07-08"])
def test_the_first_and_the_tenth_day_are_open(on: str) -> None:
    opens(None, "2018-06-28", on)


@pytest.mark.parametrize("on", ["2018-06-28", "2018-07-09"])
def test_the_day_of_departure_and_the_eleventh_are_shut(on: str) -> None:
    is_shut(None, "2018-06-28", on)


def test_the_coming_window_is_known_on_the_day_of_departure() -> None:
    story = given(*BASE, departed("2018-06-28"))
    days = ["2018-06-27", "2018-06-28", "2018-06-29", "2018-07-08", "2018-07-09"]
    window = ("2018-06-29", "2018-07-08")
    assert [story.window(day) for day in days] == [
        "in-office",
        ("not-yet-open", *window),
        ("open", *window),
        ("open", *window),
        "lapsed",
    ]


@pytest.mark.parametrize(
    ("span", "first", "last"),
    [
        ({"days": 1}, "2018-06-29", "2018-06-29"),
        ({"days": 10}, "2018-06-29", "2018-07-08"),
        ({"months": 1}, "2018-06-29", "2018-07-28"),
        ({"months": 3}, "2018-06-29", "2018-09-28"),
        ({"years": 1}, "2018-06-29", "2019-06-28"),
        ({"years": 29}, "2018-06-29", "2047-06-28"),
        ({"years": 30}, "2018-06-29", "2047-07-14"),
        (None, "2018-06-29", "2047-07-14"),
    ],
    ids=str,
)
def test_the_span_of_the_terms_is_counted_from_the_day_after(
    span: dict[str, int] | None, first: str, last: str
) -> None:
    story = given(*series_7({"after_departure": span}), allotted(24), departed("2018-06-28"))
    assert story.window(first) == story.window(last) == ("open", first, last)
    assert story.window("2047-07-15") == "lapsed"


@pytest.mark.parametrize(
    ("left_on", "first", "last"),
    [
        ("2017-07-14", "2017-07-15", "2017-07-24"),
        ("2017-07-20", "2017-07-21", "2017-07-30"),
        ("2047-07-04", "2047-07-05", "2047-07-14"),
        ("2047-07-05", "2047-07-06", "2047-07-14"),
        ("2047-07-13", "2047-07-14", "2047-07-14"),
    ],
)
def test_the_window_is_cut_at_the_period(left_on: str, first: str, last: str) -> None:
    """The period is 15 July 2017 to 14 July 2047; allotted on 30 June so that a departure may come before it."""
    story = given(*series_7(allotment_date="2017-06-30"), allotted(24, on="2017-06-30"), departed(left_on))
    assert story.window(last) == ("open", first, last)


@pytest.mark.parametrize(
    ("left_on", "says"),
    [
        ("2017-07-04", "lapsed"),  # 5 to 14 July: no day inside the period
        ("2017-07-05", ("not-yet-open", "2017-07-15", "2017-07-15")),  # 6 to 15 July: one day
    ],
)
def test_a_departure_that_leaves_no_possible_day_lapses_the_rights_that_day(left_on: str, says: object) -> None:
    story = given(*series_7(allotment_date="2017-06-30"), allotted(24, on="2017-06-30"), departed(left_on))
    assert story.window(left_on) == says
    assert story.window("2017-07-03") == "in-office"
    lapsed_or_not = {"lapsed": 24} if says == "lapsed" else {"outstanding": 24}
    assert story.rights(left_on) == {"allotted": 24} | lapsed_or_not
    if says == "lapsed":
        story.when(exercised("2017-07-15")).refused_with(OUTSIDE)
        story.when(exercised(left_on)).refused_with(OUTSIDE)
    else:
        story.when(exercised("2017-07-14")).refused_with(OUTSIDE)
        story.when(exercised("2017-07-16")).refused_with(OUTSIDE)
        story.when(exercised("2017-07-15")).recorded()


def test_a_long_waiting_period_lapses_the_rights_on_the_day_of_departure() -> None:
    """Exercisable from 2020 only; ten days after a departure of 2018 no day is left."""
    period = {"from": "2020-07-15", "until": "2047-07-14"}
    story = given(*series_7(exercise_period=period), allotted(24), departed("2018-06-28"))
    assert story.rights("2018-06-27") == {"allotted": 24, "outstanding": 24}
    assert story.rights("2018-06-28") == {"allotted": 24, "lapsed": 24}
    story = given(*series_7({"after_departure": None}, exercise_period=period), allotted(24), departed("2018-06-28"))
    assert story.window("2018-06-28") == ("not-yet-open", "2020-07-15", "2047-07-14")
    assert story.window("2020-07-15") == ("open", "2020-07-15", "2047-07-14")


@pytest.mark.parametrize("on", ["2017-07-14", "2047-07-15"])
def test_outside_the_period_nothing_is_open_while_in_office(on: str) -> None:
    given(*series_7({"while_in_office": True}), allotted(24)).when(exercised(on)).refused_with(OUTSIDE)


@pytest.mark.parametrize("on", ["2017-07-15", "2047-07-14"])
def test_while_in_office_the_whole_period_is_open(on: str) -> None:
    story = given(*series_7({"while_in_office": True}), allotted(24))
    assert story.window(on) == ("open", "2017-07-15", "2047-07-14")
    assert story.window("2017-07-14") == ("not-yet-open", "2017-07-15", "2047-07-14")
    story.when(exercised(on)).recorded()


@pytest.mark.parametrize("on", ["2017-07-15", "2018-06-28", "2018-06-29", "2018-07-08"])
def test_while_in_office_the_loss_sets_the_last_day_only(on: str) -> None:
    opens({"while_in_office": True}, "2018-06-28", on)
    story = given(*series_7({"while_in_office": True}), allotted(24), departed("2018-06-28"))
    assert story.window("2018-06-28") == ("open", "2017-07-15", "2018-07-08")
    story.when(exercised("2018-07-09")).refused_with(OUTSIDE)


def test_while_in_office_and_no_limit_a_departure_changes_nothing() -> None:
    conditions = {"while_in_office": True, "after_departure": None}
    story = given(*series_7(conditions), allotted(24), departed("2018-06-28"))
    assert story.window("2018-06-28") == ("open", "2017-07-15", "2047-07-14")


# `all`: L is the first day at whose end no position is left.


def test_all_one_position_of_two_gone_loses_nothing() -> None:
    story = given(*BASE, appointed("2018-01-01"), departed("2018-06-28", position="director"))
    assert story.window("2018-06-29") == "in-office"
    story.then(departed("2019-06-28", position="executive-officer"))
    assert story.window("2019-06-29") == ("open", "2019-06-29", "2019-07-08")


def test_all_a_departure_without_a_position_is_from_all_of_them() -> None:
    story = given(*BASE, appointed("2018-01-01"), departed("2018-06-28"))
    assert story.window("2018-06-29") == ("open", "2018-06-29", "2018-07-08")


def test_all_two_positions_lost_one_by_one_on_one_day() -> None:
    story = given(*BASE, appointed("2018-01-01"), departed("2018-06-28", position="executive-officer"))
    story.then(departed("2018-06-28", position="director"))
    assert story.window("2018-06-29") == ("open", "2018-06-29", "2018-07-08")


@pytest.mark.parametrize(("appointed_on", "says"), [("2018-06-28", "in-office"), ("2018-06-29", "open")])
def test_all_a_later_appointment_does_not_undo_a_loss(appointed_on: str, says: str) -> None:
    story = given(*BASE, departed("2018-06-28"), appointed(appointed_on))
    found = story.window("2018-06-29")
    assert (found if isinstance(found, str) else found[0]) == says


def test_all_a_second_departure_after_a_loss_opens_nothing_again() -> None:
    story = given(*BASE, departed("2018-06-28"), appointed("2018-07-01"), departed("2019-06-28"))
    assert story.window("2018-07-08") == ("open", "2018-06-29", "2018-07-08")
    assert story.window("2019-06-29") == "lapsed"


def test_all_leaving_and_coming_back_on_one_day_then_leaving_for_good() -> None:
    story = given(*BASE, departed("2018-06-28"), appointed("2018-06-28", "director"), departed("2019-06-28"))
    assert story.window("2018-06-29") == "in-office"
    assert story.window("2019-06-29") == ("open", "2019-06-29", "2019-07-08")


def test_a_departure_from_a_position_not_held_loses_nothing() -> None:
    story = given(*BASE, departed("2018-06-28", position="executive-officer"))
    assert story.window("2018-06-29") == "in-office"


def test_a_departure_before_the_first_allotment_is_no_loss() -> None:
    story = given(*series_7(), appointed("2016-01-01", "director"), departed("2017-07-13"), allotted(24))
    assert story.window("2017-07-15") == "in-office"


# `any`: L is the first day at whose end a position that was held when the day began is gone.

ANY = {"departure": "any"}


def test_any_one_position_of_two_gone_is_a_loss() -> None:
    story = given(*series_7(ANY), allotted(24), appointed("2018-01-01"), departed("2018-06-28", position="director"))
    assert story.window("2018-06-29") == ("open", "2018-06-29", "2018-07-08")


@pytest.mark.parametrize(("position", "says"), [("executive-officer", "open"), ("director", "in-office")])
def test_any_who_takes_another_office_that_day_has_lost_the_first(position: str, says: str) -> None:
    """Back in the same position at the end of the day: it is not gone."""
    story = given(*series_7(ANY), allotted(24), departed("2018-06-28"), appointed("2018-06-28", position))
    found = story.window("2018-06-29")
    assert (found if isinstance(found, str) else found[0]) == says


def test_any_the_first_loss_counts() -> None:
    story = given(*series_7(ANY), allotted(24), appointed("2018-01-01"), departed("2018-06-28", position="director"))
    story.then(departed("2018-07-02"))
    assert story.window("2018-07-02") == ("open", "2018-06-29", "2018-07-08")


def test_any_a_position_gone_on_the_allotment_day_is_a_loss() -> None:
    """Held when 14 July began, and gone at its end."""
    story = given(
        *series_7(ANY), appointed("2016-01-01"), allotted(24), departed("2017-07-14", position="executive-officer")
    )
    assert story.window("2017-07-15") == ("open", "2017-07-15", "2017-07-24")


def test_any_a_position_taken_and_lost_later_counts_too() -> None:
    story = given(*series_7(ANY), allotted(24), appointed("2018-01-01"))
    story.then(departed("2018-01-01", position="executive-officer"))
    assert story.window("2018-01-02") == "in-office"  # the appointment is read after the departure
    story.then(departed("2018-01-02", position="executive-officer"))
    assert story.window("2018-01-03") == ("open", "2018-01-03", "2018-01-12")


# `positions`: only positions that the terms name count.

NAMED = {"positions": ["director", "executive-officer"]}


@pytest.mark.parametrize("departure", ["all", "any"])
def test_a_position_that_the_terms_do_not_name_saves_and_loses_nothing(departure: str) -> None:
    conditions = NAMED | {"departure": departure}
    story = given(*series_7(conditions), allotted(24), appointed("2018-01-01", "adviser"))
    story.then(departed("2018-03-01", position="adviser"))
    assert story.window("2018-03-02") == "in-office"
    story.then(appointed("2018-04-01", "adviser"), departed("2018-06-28", position="director"))
    assert story.window("2018-06-29") == ("open", "2018-06-29", "2018-07-08")


@pytest.mark.parametrize(("positions", "says"), [(None, "in-office"), (["director"], "open")])
def test_where_none_is_named_any_position_counts(positions: list[str] | None, says: str) -> None:
    story = given(*series_7({"positions": positions}), allotted(24), appointed("2018-06-28", "adviser"))
    story.then(departed("2018-06-28", position="director"))
    found = story.window("2018-06-29")
    assert (found if isinstance(found, str) else found[0]) == says


def test_two_series_with_different_terms_lose_on_different_days() -> None:
    story = given(*series_7(ANY), issue("8"), allotted(24), allotted(3, series="8"), appointed("2018-01-01"))
    story.then(departed("2018-06-28", position="director"), departed("2018-09-30"))
    assert story.window("2018-06-29") == ("open", "2018-06-29", "2018-07-08")
    assert story.window("2018-06-29", series="8") == "in-office"
    assert story.window("2018-10-01", series="8") == ("open", "2018-10-01", "2018-10-10")


def test_the_window_decides_even_if_nothing_is_left() -> None:
    story = given(*BASE, departed("2018-06-28"), exercised("2018-06-29", 24))
    story.when(exercised("2018-07-08")).refused_with("insufficient-rights")
    story.when(exercised("2018-07-09")).refused_with(OUTSIDE)


@pytest.mark.parametrize("rights", [24, 25])
def test_no_more_than_are_outstanding(rights: int) -> None:
    attempt = given(*BASE, departed("2018-06-28")).when(exercised("2018-06-29", rights))
    _ = attempt.recorded() if rights == 24 else attempt.refused_with("insufficient-rights")
