"""What ends or begins soon: windows, periods and heirs awaited, on both sides of each day."""

from datetime import timedelta
from typing import Any

import pytest

from ledger.domain.errors import MalformedError, RefusedError
from tests.scenario import (
    Given,
    Story,
    allotted,
    day,
    departed,
    died,
    given,
    inherited,
    restructured,
    series_7,
    transferred,
)
from tests.test_cases import NAMES, answers_of, lines_of, new_ledger

FREE = {"while_in_office": True, "transfer": "free"}
KEY = ("series", "holder", "inherited_from", "transferred_from")

Found = tuple[str, str, str | None, int]


def found(story: Story, on: str, days: int | None = 40, **asked: Any) -> list[Found]:
    """What falls on which day to whom, without what must be filed."""
    within = None if days is None else timedelta(days)
    rows = story.book.deadlines(day(on), within=within, **asked)
    return [(row.kind, str(row.on), row.holder, row.rights) for row in rows if not row.kind.startswith("file-")]


def left() -> Story:
    return given(*series_7(), allotted(24), departed("2018-06-28"))


CLOSES = ("window-closes", "2018-07-08", "director-1", 24)


def test_a_window_opens_and_closes() -> None:
    """Item 11(2): 28 June is the day L; ten days from 29 June are 29 June to 8 July."""
    story = left()
    assert found(story, "2018-06-27") == []
    assert found(story, "2018-06-28") == [("window-opens", "2018-06-29", "director-1", 24), CLOSES]
    assert found(story, "2018-06-29") == found(story, "2018-07-08") == [CLOSES]
    assert found(story, "2018-07-09") == []


def test_the_days_left_and_the_shares_at_stake() -> None:
    (row,) = (row for row in left().book.deadlines(day("2018-07-01")) if row.kind == "window-closes")
    assert (row.days_left, row.rights, row.shares) == (7, 24, 4_800)
    assert [(each.version, each.item, each.says) for each in row.because] == [
        (4, "item 11(2)", "10 days from the day after the departure of 2018-06-28"),
        (2, "item 5", "the exercise period is 2017-07-15 to 2047-07-14"),
    ]


@pytest.mark.parametrize(("days", "shown"), [(9, []), (10, [CLOSES]), (11, [CLOSES])])
def test_within_includes_its_last_day(days: int, shown: list[Found]) -> None:
    assert [each for each in found(left(), "2018-06-28", days) if each[0] == "window-closes"] == shown


def test_an_exercise_period_begins_and_ends() -> None:
    story = given(*series_7(), allotted(24))
    ends = ("period-ends", "2047-07-14", None, 24)
    assert found(story, "2017-07-14", None) == [("period-begins", "2017-07-15", None, 24), ends]
    assert found(story, "2017-07-15", None) == found(story, "2047-07-14") == [ends]
    assert found(story, "2047-07-15") == []


def test_a_window_before_the_period_opens_with_it() -> None:
    """Left on 10 July 2017: counted from 11 July, ten days are until the 20th; the period begins on the 15th."""
    story = given(*series_7(allotment_date="2017-07-05"), allotted(24, on="2017-07-05"), departed("2017-07-10"))
    opens, closes = ("window-opens", "2017-07-15", "director-1", 24), ("window-closes", "2017-07-20", "director-1", 24)
    assert found(story, "2017-07-14") == [("period-begins", "2017-07-15", None, 24), opens, closes]
    assert found(story, "2017-07-15") == [closes]


def test_rights_wait_for_an_heir_whatever_is_asked_within() -> None:
    story = given(*series_7(), allotted(24), died("2019-02-11"), inherited("2019-03-15"))
    awaited = ("heir-awaited", "2047-07-14", "director-1", 24)
    assert found(story, "2019-02-10") == []
    assert found(story, "2019-02-11") == found(story, "2019-03-14", 0) == [awaited]
    # Inherited on 15 March: six months, until 15 September.
    closes = [("window-closes", "2019-09-15", "heir-1", 24)]
    assert found(story, "2019-03-15", 183) == []
    assert found(story, "2019-03-15", 184) == found(story, "2019-09-15") == closes
    assert found(story, "2019-09-16") == []


@pytest.mark.parametrize(("on", "says"), [
    ("2019-03-15", "an heir who is settled on 2019-03-15 could exercise 2019-03-15 to 2019-09-15"),
    ("2047-01-13", "an heir who is settled on 2047-01-13 could exercise 2047-01-13 to 2047-07-13"),
    ("2047-01-14", "an heir who is settled on 2047-01-14 could exercise 2047-01-14 to 2047-07-14"),
    ("2047-01-15", "an heir who is settled on 2047-01-15 could exercise 2047-01-15 to 2047-07-14"),
    ("2047-07-14", "an heir who is settled on 2047-07-14 could exercise 2047-07-14 to 2047-07-14"),
])  # fmt: skip
def test_what_an_heir_could_still_do(on: str, says: str) -> None:
    story = given(*series_7(), allotted(24), died("2019-02-11"))
    (row,) = (row for row in story.book.deadlines(day(on)) if row.kind == "heir-awaited")
    assert row.because[-1].says == f"{says}; the last day to be settled and to exercise is 2047-07-14"


@pytest.mark.parametrize(("on", "says"), [
    ("2017-05-14", "an heir who is settled on 2017-05-14 would have no day: the rights would lapse"),
    ("2017-06-15", "an heir who is settled on 2017-06-15 could exercise 2017-07-15 to 2017-07-15"),
])  # fmt: skip
def test_an_heir_who_is_settled_too_early_would_have_no_day(on: str, says: str) -> None:
    """One month from 15 June is until 15 July, the first day of the period; from 14 May until 14 June."""
    conditions = {"inheritance": {"window": {"months": 1}}}
    terms = series_7(conditions, allotment_date="2017-05-01")
    early: list[Given] = [{**each, "on": "2017-04-01"} if each["type"] == "issue" else each for each in terms]
    story = given(*early, allotted(24, on="2017-05-01"), died("2017-05-10"))
    (row,) = (row for row in story.book.deadlines(day(on)) if row.kind == "heir-awaited")
    assert row.because[-1].says.startswith(says)


def test_windows_of_the_whole_period_are_told_where_they_are_wanted() -> None:
    story = given(*series_7(FREE), allotted(24), transferred("2018-01-10", 4))
    ends = ("period-ends", "2047-07-14", None, 24)
    each = [("window-closes", "2047-07-14", "buyer-1", 4), ("window-closes", "2047-07-14", "director-1", 20)]
    assert found(story, "2018-01-10", None) == [ends]
    assert found(story, "2018-01-10", None, every_window=True) == [ends, *each]
    assert found(story, "2018-01-10", None, holder="buyer-1") == each[:1]
    begins = ("window-opens", "2017-07-15", "director-1", 24)
    assert begins in found(story, "2017-07-14", None, every_window=True)
    assert begins not in found(story, "2017-07-14", None)


def test_a_window_without_a_limit_ends_with_the_period() -> None:
    story = given(*series_7({"after_departure": None}), allotted(24), departed("2018-06-28"))
    opens, ends = ("window-opens", "2018-06-29", "director-1", 24), ("period-ends", "2047-07-14", None, 24)
    assert found(story, "2018-06-28", None) == [opens, ends]
    assert found(story, "2018-06-29", None) == [ends]
    closes = ("window-closes", "2047-07-14", "director-1", 24)
    assert found(story, "2018-06-28", None, every_window=True) == [opens, ends, closes]


def test_a_window_goes_on_in_the_series_that_replaces_another() -> None:
    story = given(*series_7(), allotted(24), departed("2018-06-28"), restructured("2018-07-02", ratio="1/10"))
    (row,) = (row for row in story.book.deadlines(day("2018-07-02")) if row.kind == "window-closes")
    assert (row.series, str(row.on), row.rights, row.shares) == ("7@HD", "2018-07-08", 24, 480)


def test_a_ledger_without_entries_has_none() -> None:
    assert list(given().book.deadlines(day("2018-06-28"))) == []


def test_who_is_not_known_is_told() -> None:
    unknown: list[dict[str, Any]] = [{"series": "8"}, {"holder": "nobody"}]
    for asked in unknown:
        with pytest.raises(RefusedError, match="is not known on any day"):
            left().book.deadlines(day("2018-06-28"), **asked)


@pytest.mark.parametrize("on", ["1867-12-31", "3000-01-01"])
def test_a_day_that_no_entry_may_name_is_refused(on: str) -> None:
    with pytest.raises(MalformedError, match="not between 1868-01-01 and 2999-12-31"):
        left().book.deadlines(day(on))


def test_the_last_day_that_may_be_named_is_answered() -> None:
    assert found(left(), "2999-12-31", 9999 * 7) == []
    assert list(left().book.deadlines(day("2999-12-31"), within=timedelta.max)) == []


@pytest.mark.parametrize("name", NAMES)
def test_windows_close_as_the_cases_say(name: str) -> None:
    """Every window of every case, with the rights in it, on every day that a case asks about."""
    queries = [query for query in answers_of(name)["queries"] if query["command"] == "eligibility"]
    assert queries
    with new_ledger("", name) as book:
        book.record(lines_of(name), actor="case", keep_going=True)
        for query in queries:
            rows = book.deadlines(day(query["on"]), every_window=True, known_version=query["known_version"])
            closes = {
                (row.series, row.holder, row.inherited_from, row.transferred_from): (
                    str(row.on),
                    row.rights,
                    row.shares,
                )
                for row in rows
                if row.kind == "window-closes"
            }
            assert closes == {
                tuple(row[key] for key in KEY): (row["until"], row["rights"], row["shares"])
                for row in query["rows"]
                if row["until"] is not None
            }
            awaited = {(row.series, row.holder, row.rights) for row in rows if row.kind == "heir-awaited"}
            assert awaited == {
                (row["series"], row["holder"], row["rights"])
                for row in query["rows"]
                if row["reason"] == "awaiting-heir"
            }
