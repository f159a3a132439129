"""What became of rights in a span of days: each move in its column, nothing for what only changes hands."""

from typing import Any

import pytest

from ledger.domain.errors import MalformedError, RefusedError
from ledger.projections.report_rows import RollforwardRow
from ledger.projections.rollforward import COUNTS
from tests.scenario import (
    Story,
    acquired,
    allotted,
    cancelled,
    day,
    departed,
    died,
    exercised,
    given,
    inherited,
    one,
    restructured,
    series_7,
    split,
    transferred,
    waived,
)

FREE: dict[str, Any] = {"while_in_office": True, "transfer": "free"}


def moves(story: Story, since: str, until: str, series: str = "7") -> dict[str, int]:
    row = of(story, since, until, series)
    return {name: count for name in COUNTS if (count := getattr(row, name))}


def of(story: Story, since: str, until: str, series: str = "7") -> RollforwardRow:
    return one(row for row in story.book.rollforward(day(since), day(until)) if row.series == series)


def test_both_days_of_a_span_are_in_it() -> None:
    story = given(*series_7(FREE), allotted(24), exercised("2018-04-01", 2), exercised("2019-03-31", 3))
    assert moves(story, "2018-04-01", "2019-03-31") == {"opening": 24, "exercised": 5, "closing": 19}
    assert moves(story, "2018-04-02", "2019-03-31") == {"opening": 22, "exercised": 3, "closing": 19}
    assert moves(story, "2018-04-01", "2019-03-30") == {"opening": 24, "exercised": 2, "closing": 22}
    assert moves(story, "2018-04-01", "2018-04-01") == {"opening": 24, "exercised": 2, "closing": 22}


def test_what_was_granted_in_the_span() -> None:
    story = given(*series_7(), allotted(24))
    assert moves(story, "2017-07-14", "2017-07-14") == {"granted": 24, "closing": 24}
    assert moves(story, "2017-07-15", "2017-07-15") == {"opening": 24, "closing": 24}
    assert moves(story, "2017-07-13", "2017-07-13") == {}


def test_rights_lapse_on_the_day_after_the_window() -> None:
    story = given(*series_7(), allotted(24), departed("2018-06-28"))
    assert moves(story, "2018-07-01", "2018-07-08") == {"opening": 24, "closing": 24}
    assert moves(story, "2018-07-09", "2018-07-31") == {"opening": 24, "lapsed": 24}


def test_each_move_has_its_column() -> None:
    story = given(*series_7(FREE), allotted(24), allotted(9, "director-2"), exercised("2018-07-02", 5),
                  waived("2018-07-03", 4), acquired("2019-06-20", ["director-2"]), cancelled("2019-06-21", 9),
                  restructured("2019-07-01", "share-exchange"))  # fmt: skip
    assert moves(story, "2017-07-15", "2019-07-01") == {
        "opening": 33, "exercised": 5, "waived": 4, "acquired": 9, "replaced": 15}  # fmt: skip
    assert moves(story, "2017-07-15", "2019-07-01", "7@HD") == {"received": 15, "closing": 15}
    gone = given(*series_7(FREE), allotted(24), restructured("2019-07-01", delivery=False, successor=None))
    assert moves(gone, "2019-07-01", "2019-07-01") == {"opening": 24, "extinguished": 24}


def test_what_passes_from_hand_to_hand_is_no_move() -> None:
    story = given(*series_7(FREE), allotted(24), transferred("2018-01-10", 4), died("2018-02-01"),
                  inherited("2018-02-02"))  # fmt: skip
    assert moves(story, "2018-01-01", "2018-12-31") == {"opening": 24, "lapsed": 20, "closing": 4}
    assert moves(story, "2018-01-01", "2018-08-02") == {"opening": 24, "closing": 24}


def test_shares_are_those_of_the_end_in_all_columns() -> None:
    story = given(*series_7(FREE), allotted(24), exercised("2020-06-01", 4), split("2", "2020-12-31"))
    row = of(story, "2020-04-01", "2021-03-31")
    assert (row.shares_per_right, row.opening_shares, row.exercised_shares, row.closing_shares) == (
        400, 9_600, 1_600, 8_000)  # fmt: skip
    row = of(story, "2020-04-01", "2020-12-31")
    assert (row.shares_per_right, row.opening_shares, row.exercised_shares, row.closing_shares) == (
        200, 4_800, 800, 4_000)  # fmt: skip


def test_what_a_row_rests_on() -> None:
    story = given(*series_7(), allotted(24), departed("2018-06-28"), exercised("2018-07-02", 4))
    assert [(each.version, each.item, each.says) for each in of(story, "2018-07-01", "2018-07-31").because] == [
        (5, "items 4, 5", "exercised 4 of director-1 on 2018-07-02"),
        (None, "Companies Act 287", "lapsed 20 of director-1 on 2018-07-09, no day being left"),
        (2, "item 3", "issue on 2017-06-28: 200 shares per right"),
    ]


def test_a_holding_with_nothing_left_has_not_lapsed() -> None:
    story = given(*series_7(), allotted(24), departed("2018-06-28"), exercised("2018-07-02", 24))
    assert [each.item for each in of(story, "2018-07-01", "2018-07-31").because] == ["items 4, 5", "item 3"]


def test_a_ledger_without_entries_has_no_series() -> None:
    assert list(given().book.rollforward(day("2018-04-01"), day("2019-03-31"))) == []


@pytest.mark.parametrize(("since", "until", "says"), [
    ("2019-04-01", "2019-03-31", "the span from 2019-04-01 until 2019-03-31 ends before it begins"),
    ("1867-12-31", "2019-03-31", "the first day is 1867-12-31, not between 1868-01-01 and 2999-12-31"),
    ("2019-04-01", "3000-01-01", "the last day is 3000-01-01, not between"),
])  # fmt: skip
def test_a_span_that_is_none(since: str, until: str, says: str) -> None:
    with pytest.raises(MalformedError, match=says):
        given(*series_7()).book.rollforward(day(since), day(until))


def test_a_series_that_nobody_knows() -> None:
    with pytest.raises(RefusedError, match="series 8 is not known on any day"):
        given(*series_7()).book.rollforward(day("2018-04-01"), day("2019-03-31"), series="8")
