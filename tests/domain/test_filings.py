"""Two weeks to tell the register: which day counts first, and what a shut office does to the last."""

from datetime import date

import pytest

from ledger.domain.filings import exercises_due, filing_due, is_office_day
from tests.scenario import day


@pytest.mark.parametrize(("changed_on", "due"), [
    ("2018-07-09", "2018-07-23"),  # a Monday two weeks later
    ("2018-07-06", "2018-07-20"),  # a Friday
    ("2018-07-07", "2018-07-23"),  # a Saturday: to the Monday
    ("2018-07-08", "2018-07-23"),  # a Sunday
    ("2018-12-14", "2018-12-28"),  # the last day of the offices' year
    ("2018-12-15", "2019-01-04"),  # 29 December: to the first day of the next
    ("2018-12-17", "2019-01-04"),  # 31 December, a Monday
    ("2018-12-20", "2019-01-04"),  # 3 January, no public holiday
    ("2018-12-21", "2019-01-04"),
    ("2020-12-14", "2020-12-28"),
    ("2020-12-15", "2021-01-04"),  # 29 December, a Tuesday
    ("2019-04-12", "2019-04-26"),  # the day before ten days on which offices were shut
    ("2019-04-13", "2019-05-07"),
    ("2019-04-22", "2019-05-07"),  # 6 May, a day in lieu
    ("2019-04-23", "2019-05-07"),
])  # fmt: skip
def test_the_day_of_a_change_does_not_count(changed_on: str, due: str) -> None:
    assert filing_due(day(changed_on)) == day(due)


@pytest.mark.parametrize(("changed_on", "due"), [
    ("2018-07-10", "2018-07-23"), ("2018-07-09", "2018-07-23"), ("2018-07-07", "2018-07-20"),
    ("2021-01-01", "2021-01-14"), ("2018-12-15", "2018-12-28"), ("2018-12-16", "2019-01-04"),
])  # fmt: skip
def test_a_day_that_the_change_begins_with_counts(changed_on: str, due: str) -> None:
    assert filing_due(day(changed_on), from_its_beginning=True) == day(due)


@pytest.mark.parametrize(("on", "due"), [
    ("2019-07-01", "2019-08-14"), ("2019-07-31", "2019-08-14"), ("2019-08-01", "2019-09-17"),  # 14 to 16 were shut
    ("2018-12-03", "2019-01-15"),  # 14 January was a public holiday
    ("2020-02-29", "2020-03-16"), ("2019-02-28", "2019-03-14"),
])  # fmt: skip
def test_exercises_are_filed_two_weeks_from_the_end_of_their_month(on: str, due: str) -> None:
    assert exercises_due(day(on)) == day(due)


def test_offices_keep_more_holidays_than_business() -> None:
    shut = [n for n in range(26, 32) if not is_office_day(date(2018, 12, n))]
    assert shut == [29, 30, 31]
    assert [n for n in range(1, 8) if is_office_day(date(2019, 1, n))] == [4, 7]
