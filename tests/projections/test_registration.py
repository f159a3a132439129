"""The exercises of a month as one filing: what was paid, what it raised, what is left to be registered."""

from datetime import date
from typing import Any

import pytest

from ledger.domain.errors import MalformedError, RefusedError
from tests.scenario import (
    acquired,
    allotted,
    cancelled,
    day,
    departed,
    exercised,
    given,
    pricing,
    restructured,
    series_7,
    split,
)
from tests.test_cases import NAMES, lines_of, new_ledger

FREE: dict[str, Any] = {"while_in_office": True, "transfer": "free"}
SUMMED = ("rights", "shares", "payment", "capital", "capital_reserve")
WITHOUT_EXERCISES = {"02", "07", "12"}


def test_the_exercises_of_a_month_and_what_is_left_after_it() -> None:
    """One right at 1,900 yen a share is 380,000; with 200 yen paid, capital and reserve are 190,100 each."""
    story = given(*series_7(FREE), pricing(1_900), allotted(24), exercised("2018-06-30"), exercised("2018-07-01"),
                  exercised("2018-07-31", 2), exercised("2018-08-01"))  # fmt: skip
    (row,) = story.book.registration(day("2018-07-15"))
    assert row.to_dict() == {
        "series": "7", "company": "IIJ", "month": "2018-07", "rights": 3, "shares": 600, "newly_issued": 600,
        "treasury_shares": 0, "shares_still_due": 0, "payment": 600, "capital": 570_300,
        "capital_reserve": 570_300, "rights_left": 20, "shares_left": 4_000, "due_on": "2018-08-14",
    }  # fmt: skip
    assert [(each.version, each.item, each.says) for each in row.because] == [
        (None, "Companies Act 915(3)(i)",
         "the exercises of the month, two weeks from 2018-07-31; a last day that is no office day moves to the next"),
        (6, "items 4, 6", "exercised 1 on 2018-07-01: 200 shares"),
        (7, "items 4, 6", "exercised 2 on 2018-07-31: 400 shares"),
    ]  # fmt: skip


def test_treasury_shares_are_not_newly_issued() -> None:
    story = given(*series_7(FREE), allotted(24), exercised("2018-07-02", 2, treasury_shares=150))
    (row,) = story.book.registration(day("2018-07-01"))
    assert (row.shares, row.newly_issued, row.treasury_shares) == (400, 250, 150)
    assert (row.payment, row.capital, row.capital_reserve) == (400, 125, 125)


@pytest.mark.parametrize(
    ("meeting", "due"), [("2018-07-29", 0), ("2018-07-30", 0), ("2018-07-31", 400), ("2018-08-15", 400)]
)
def test_shares_still_due_at_the_end_of_the_month_are_filed_later(meeting: str, due: int) -> None:
    """Two rights of 200 shares each, twice: those of the split may be relied on from the day after the meeting."""
    story = given(*series_7(FREE), allotted(24), split("2", "2018-06-30", meeting_closed_on=meeting),
                  exercised("2018-07-02", 2))  # fmt: skip
    (row,) = story.book.registration(day("2018-07-01"))
    assert (row.shares, row.shares_still_due) == (800, due)
    assert [each.says for each in row.because if each.item == "item 3, proviso"] == (
        [f"{due} of the 800 shares are not to be relied on yet on 2018-07-31: they are filed later"] if due else []
    )


def test_what_is_left_is_counted_at_the_end_of_the_month() -> None:
    """What a split, a lapse, an acquisition and a cancellation made of it by then; the company's own count."""
    story = given(*series_7(FREE), allotted(24), allotted(9, "director-2"), allotted(5, "director-3"),
                  exercised("2019-06-03"), departed("2019-06-19", "director-3"),
                  acquired("2019-06-20", ["director-2"]), cancelled("2019-06-30", 4), split("2", "2019-06-29"),
                  exercised("2019-07-01"))  # fmt: skip
    (row,) = story.book.registration(day("2019-06-01"))
    # 23 of director-1, 5 of director-3 whose ten days end on 29 June, 5 that the company still holds.
    assert (row.rights_left, row.shares_left) == (28, 11_200)
    (row,) = story.book.registration(day("2019-07-01"))
    assert (row.rights_left, row.shares_left) == (27, 10_800)


def test_a_month_without_exercises_has_none() -> None:
    story = given(*series_7(FREE), allotted(24), exercised("2018-07-02"))
    assert list(story.book.registration(day("2018-06-30"))) == list(story.book.registration(day("2018-08-01"))) == []
    assert list(given().book.registration(day("2018-07-01"))) == []


def test_each_series_is_a_row_also_of_a_successor() -> None:
    story = given(*series_7(FREE), allotted(24), exercised("2019-06-30"), restructured("2019-07-01"),
                  exercised("2019-07-01", 2, series="7@HD"))  # fmt: skip
    assert [(row.series, row.company, row.rights, row.rights_left) for row in story.book.registration(
        day("2019-07-01"))] == [("7@HD", "HD", 2, 21)]  # fmt: skip
    assert [(row.series, row.rights_left) for row in story.book.registration(day("2019-06-01"))] == [("7", 23)]


def test_the_last_month_that_may_be_named() -> None:
    assert list(given(*series_7()).book.registration(day("2999-12-31"))) == []
    with pytest.raises(MalformedError, match="the month is 3000-01-01, not between"):
        given(*series_7()).book.registration(day("3000-01-01"))


def test_a_series_that_nobody_knows() -> None:
    with pytest.raises(RefusedError, match="series 8 is not known on any day"):
        given(*series_7()).book.registration(day("2018-07-01"), series="8")


@pytest.mark.parametrize("name", NAMES)
def test_the_figures_are_those_of_the_exercises(name: str) -> None:
    """Over all cases, month by month, and no exercise is in no month."""
    with new_ledger("", name) as book:
        book.record(lines_of(name), actor="case", keep_going=True)
        exercises = list(book.exercises(date(2999, 12, 31)))
        assert bool(exercises) != (name in WITHOUT_EXERCISES)
        for month in {row.on.replace(day=1) for row in exercises}:
            found = {row.series: row for row in book.registration(month)}
            of_month = [row for row in exercises if row.on.replace(day=1) == month]
            assert found.keys() == {row.series for row in of_month}
            for series, row in found.items():
                for figure in SUMMED:
                    sums = sum(getattr(each, figure) for each in of_month if each.series == series)
                    assert getattr(row, figure) == sums, (month, series, figure)
                assert row.newly_issued + row.treasury_shares == row.shares
