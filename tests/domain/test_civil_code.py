"""Civil Code 140, 141, 143: the first day does not count; months end before the corresponding day."""

from datetime import date

import pytest

from ledger.domain.spans import Span, last_day, next_day
from tests.scenario import allotted, day, died, given, inherited, series_7

INHERITED = [
    ("2019-03-15", {"months": 6}, "2019-09-15"),  # counted from 16 March
    ("2018-08-30", {"months": 6}, "2019-02-28"),  # counted from 31 August; February has no 31st
    ("2018-08-29", {"months": 6}, "2019-02-28"),  # counted from 30 August; February has no 30th
    ("2018-08-28", {"months": 6}, "2019-02-28"),  # counted from 29 August; 2019 has no 29th of February
    ("2018-08-27", {"months": 6}, "2019-02-27"),  # counted from 28 August: the day before the 28th
    ("2019-08-30", {"months": 6}, "2020-02-29"),  # a leap year
    ("2019-08-28", {"months": 6}, "2020-02-28"),  # counted from 29 August: the day before 29 February
    ("2018-08-31", {"months": 6}, "2019-02-28"),  # counted from 1 September: ends with a month
    ("2018-02-28", {"months": 6}, "2018-08-31"),  # counted from 1 March
    ("2020-02-28", {"months": 6}, "2020-08-28"),  # counted from 29 February
    ("2020-02-29", {"months": 6}, "2020-08-31"),
    ("2018-06-30", {"months": 6}, "2018-12-31"),  # across the end of a year
    ("2018-07-01", {"months": 6}, "2019-01-01"),
    ("2018-12-31", {"months": 12}, "2019-12-31"),
    ("2020-02-28", {"years": 1}, "2021-02-28"),  # counted from 29 February 2020; 2021 has none
    ("2020-02-28", {"years": 4}, "2024-02-28"),  # 2024 has one: the day before it
    ("2019-03-15", {"years": 1}, "2020-03-15"),
    ("2019-03-15", {"months": 1}, "2019-04-15"),
    ("2019-01-30", {"months": 1}, "2019-02-28"),  # counted from 31 January
    ("2019-01-31", {"months": 1}, "2019-02-28"),  # counted from 1 February
    ("2019-03-15", {"days": 1}, "2019-03-16"),
    ("2019-03-15", {"days": 10}, "2019-03-25"),
]


@pytest.mark.parametrize(("on", "span", "until"), INHERITED)
def test_the_last_day_of_an_heir(on: str, span: dict[str, int], until: str) -> None:
    assert last_day(next_day(day(on)), Span(**span)) == day(until)
    story = given(*series_7({"inheritance": {"window": span}}), allotted(), died(on), inherited(on))
    assert story.window(until, "heir-1") == ("open", on, until)
    assert story.window(str(next_day(day(until))), "heir-1") == "lapsed"


@pytest.mark.parametrize(
    ("first", "span", "last"),
    [
        ("2018-03-01", Span(months=6), "2018-08-31"),
        ("2018-06-29", Span(days=10), "2018-07-08"),
        ("2018-06-29", Span(days=1), "2018-06-29"),
        ("2018-12-31", Span(months=1), "2019-01-30"),
        ("2018-12-01", Span(months=1), "2018-12-31"),
        ("2018-12-01", Span(months=13), "2019-12-31"),
        ("2999-12-31", Span(years=1_000), "3999-12-30"),
    ],
    ids=str,
)
def test_a_span_counted_from_its_first_day(first: str, span: Span, last: str) -> None:
    assert last_day(day(first), span) == day(last)


@pytest.mark.parametrize(
    ("span", "words"),
    [
        (Span(days=1), "1 day"),
        (Span(days=10), "10 days"),
        (Span(months=1), "1 month"),
        (Span(months=6), "6 months"),
        (Span(years=1), "1 year"),
        (Span(years=2), "2 years"),
    ],
)
def test_a_span_in_words(span: Span, words: str) -> None:
    assert str(span) == words


def test_every_month_counted_from_its_first_ends_with_a_month() -> None:
    for month in range(1, 13):
        last = last_day(date(2019, month, 1), Span(months=6))
        assert next_day(last).day == 1, last
