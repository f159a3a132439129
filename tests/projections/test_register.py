"""The register (Companies Act 249(iii)): whose the rights outstanding are, since when, and what they are."""

from datetime import date
from typing import Any

import pytest

from ledger import RefusedError
from ledger.projections.report_rows import RegisterRow
from tests.scenario import (
    Story,
    acquired,
    allotted,
    cancelled,
    company,
    day,
    departed,
    died,
    exercised,
    given,
    inherited,
    issue,
    restructured,
    retraction,
    series_7,
    split,
    transferred,
)

FREE = {"while_in_office": True, "transfer": "free"}


def entered(story: Story, as_of: str, **asked: Any) -> list[tuple[Any, ...]]:
    """What tells one row from another."""
    return [
        (row.series, row.holder, row.rights, [str(each) for each in row.acquired_on], row.acquired_by, row.versions)
        for row in story.book.register(day(as_of), **asked)
    ]


def test_a_row_whole() -> None:
    story = given(
        *series_7(), allotted(24), departed("2018-06-28"), exercised("2018-07-02", 4), split("2", "2018-07-03")
    )
    (row,) = story.book.register(day("2018-07-04"))
    assert row.to_dict() == {
        "series": "7", "series_name": "7", "company": "IIJ", "company_name": "IIJ Inc.", "holder": "director-1",
        "inherited_from": None, "transferred_from": None, "name": None, "address": None, "rights": 20,
        "shares_per_right": 400, "shares": 8_000, "acquired_on": ["2017-07-14"], "acquired_by": "allotment",
        "certificates": "not-issued", "exercise_price": 1, "exercise_from": "2017-07-15",
        "exercise_until": "2047-07-14", "transfer": "prohibited",
        "while_in_office": False, "after_departure": "10 days", "heir_within": "6 months", "lump_sum": False,
        "versions": [2, 3, 5, 6],
    }  # fmt: skip
    assert [each.says for each in row.because] == [
        "allotted 24 on 2017-07-14", "exercised 4 on 2018-07-02", "the terms",
        "issue on 2017-06-28: 200 shares per right", "split × 2 on 2018-07-04: 400 shares per right",
    ]  # fmt: skip


def test_an_empty_ledger_has_an_empty_register() -> None:
    assert list(given().book.register(day("2018-07-02"))) == []


def test_only_what_is_outstanding_that_day_is_entered() -> None:
    story = given(*series_7(), allotted(24), departed("2018-06-28"))
    assert entered(story, "2017-07-13") == []
    assert entered(story, "2017-07-14") == [("7", "director-1", 24, ["2017-07-14"], "allotment", (2, 3))]
    assert entered(story, "2018-07-08") == [("7", "director-1", 24, ["2017-07-14"], "allotment", (2, 3))]
    assert entered(story, "2018-07-09") == []


def test_an_heir_holds_from_the_day_of_inheriting() -> None:
    story = given(*series_7(), allotted(24), died("2018-06-28"), inherited("2018-09-01"))
    assert entered(story, "2018-08-31") == [("7", "director-1", 24, ["2017-07-14"], "allotment", (2, 3))]
    assert entered(story, "2018-09-01") == [("7", "heir-1", 24, ["2018-09-01"], "inheritance", (2, 5))]


def test_a_transfer_enters_each_of_its_days() -> None:
    story = given(
        *series_7(FREE), allotted(24), transferred("2018-01-01", 4), transferred("2018-01-01", 1),
        transferred("2018-02-01", 2),
    )  # fmt: skip
    assert entered(story, "2018-02-01") == [
        ("7", "buyer-1", 7, ["2018-01-01", "2018-02-01"], "transfer", (2, 4, 5, 6)),
        ("7", "director-1", 17, ["2017-07-14"], "allotment", (2, 3, 4, 5, 6)),
    ]


def test_a_successors_series_is_entered_from_the_replacement_on() -> None:
    story = given(*series_7(), allotted(24), restructured("2019-01-01", "share-exchange"))
    assert entered(story, "2018-12-31") == [("7", "director-1", 24, ["2017-07-14"], "allotment", (2, 3))]
    ((series, holder, rights, *rest),) = entered(story, "2019-01-01")
    assert (series, holder, rights, rest[:2]) == ("7@HD", "director-1", 24, [["2019-01-01"], "replacement"])


def test_what_the_company_holds_itself_is_entered_last_of_its_series() -> None:
    story = given(
        *series_7(), issue("8"), allotted(24), allotted(10, "zz"), allotted(2, series="8"),
        acquired("2019-06-02", ["director-1"]), cancelled("2019-07-01", 4),
    )  # fmt: skip
    assert entered(story, "2019-06-02") == [
        ("7", "zz", 10, ["2017-07-14"], "allotment", (2, 5)),
        ("7", None, 24, ["2019-06-02"], "acquisition", (2, 7)),
        ("8", "director-1", 2, ["2017-07-14"], "allotment", (3, 6)),
    ]
    by_holder = entered(story, "2019-07-01", by="holder")
    assert [row[1] for row in by_holder] == ["director-1", "zz", None]
    assert by_holder[-1] == ("7", None, 20, ["2019-06-02"], "acquisition", (2, 7, 8))
    own = story.book.register(day("2019-07-01"))[1]
    assert (own.name, own.address, own.holder) == ("IIJ Inc.", None, None)
    assert [each.says for each in own.because][:2] == ["acquired 24 on 2019-06-02", "cancelled 4 on 2019-07-01"]
    assert entered(story, "2019-07-01", holder="zz") == [("7", "zz", 10, ["2017-07-14"], "allotment", (2, 5))]
    assert all(row[1] is not None for row in entered(story, "2047-07-15"))


def test_a_dissolved_company_holds_nothing() -> None:
    story = given(*series_7(), allotted(24), acquired("2019-06-02"), restructured("2019-07-01", "merger"))
    assert [row[1] for row in entered(story, "2019-06-30")] == [None]
    assert entered(story, "2019-07-01") == []


def test_one_series_or_one_holder_is_asked() -> None:
    story = given(*series_7(), issue("8"), allotted(24), allotted(3, series="8"), allotted(5, "director-2"))
    assert [row[:2] for row in entered(story, "2018-01-01", series="7")] == [("7", "director-1"), ("7", "director-2")]
    assert [row[:2] for row in entered(story, "2018-01-01", holder="director-1")] == [
        ("7", "director-1"), ("8", "director-1"),
    ]  # fmt: skip
    for asked, code in (({"series": "9"}, "unknown-series"), ({"holder": "nobody"}, "unknown-holder")):
        with pytest.raises(RefusedError) as refused:
            entered(story, "2018-01-01", **asked)
        assert refused.value.code == code


def test_what_was_known_then_is_answered_again() -> None:
    story = given(company(), issue(), allotted(24)).then(retraction(3))
    assert entered(story, "2018-01-01") == []
    assert [row[:3] for row in entered(story, "2018-01-01", known_version=3)] == [("7", "director-1", 24)]


def test_the_terms_are_told_as_they_are() -> None:
    conditions = {
        "while_in_office": True, "after_departure": None, "inheritance": None, "lump_sum": True,
        "transfer": "board-approval",
    }  # fmt: skip
    (row,) = given(*series_7(conditions, name="七"), allotted(24)).book.register(date(2018, 1, 1), why=False)
    found = (row.series_name, row.while_in_office, row.after_departure, row.heir_within, row.lump_sum, row.transfer)
    assert found == ("七", True, None, None, True, "board-approval")
    assert isinstance(row, RegisterRow)
    assert row.because == ()
