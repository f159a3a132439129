"""What the commercial register must be told of, by when: rights that come and go, and what splits do to shares."""

from typing import Any

import pytest

from tests.scenario import (
    Given,
    Story,
    acquired,
    adjusted,
    allotted,
    appointed,
    cancelled,
    consolidated,
    day,
    departed,
    died,
    exercised,
    given,
    inherited,
    restructured,
    retraction,
    series_7,
    split,
    transferred,
    waived,
)

FREE: dict[str, Any] = {"while_in_office": True, "transfer": "free"}
Filed = tuple[str, str, str, int, int]


def filed(story: Story, on: str) -> list[Filed]:
    rows = [row for row in story.book.deadlines(day(on)) if row.kind.startswith("file-")]
    assert all(row.holder is None for row in rows)
    return [(row.kind, row.series, str(row.on), row.rights, row.shares) for row in rows]


def assert_shown(story: Story, first: str, last: str, filing: Filed) -> None:
    """Shown from the day of the change to the last day to file, and on no day beside them."""
    before = day(first).toordinal() - 1
    after = day(last).toordinal() + 1
    assert filing in filed(story, first)
    assert filing in filed(story, last)
    kind, series, *_ = filing
    for ordinal in (before, after):
        on = type(day(first)).fromordinal(ordinal).isoformat()
        assert (kind, series) not in [(each[0], each[1]) for each in filed(story, on)], on


@pytest.mark.parametrize(("happened", "first", "last", "kind", "rights"), [
    ([], "2017-07-14", "2017-07-28", "file-issue", 24),
    ([waived("2018-12-14", 3)], "2018-12-14", "2018-12-28", "file-waiver", 3),
    ([waived("2018-12-15", 3)], "2018-12-15", "2019-01-04", "file-waiver", 3),
    ([acquired("2019-06-20"), cancelled("2019-06-21", 10)], "2019-06-21", "2019-07-05", "file-cancellation", 10),
    ([exercised("2018-07-31", 5)], "2018-07-31", "2018-08-14", "file-exercises", 5),
    ([exercised("2018-08-01", 5)], "2018-08-01", "2018-09-14", "file-exercises", 5),
])  # fmt: skip
def test_a_change_is_shown_until_its_last_day(
    happened: list[Given], first: str, last: str, kind: str, rights: int
) -> None:
    story = given(*series_7(FREE), allotted(24), *happened)
    assert_shown(story, first, last, (kind, "7", last, rights, 200 * rights))


def test_allotments_of_a_day_are_one_filing_and_of_two_days_two() -> None:
    story = given(*series_7(FREE, allotment_date=None), allotted(24), allotted(7, "director-2"),
                  allotted(5, "director-3", on="2017-07-20"))  # fmt: skip
    assert filed(story, "2017-07-20") == [
        ("file-issue", "7", "2017-07-28", 31, 6_200), ("file-issue", "7", "2017-08-03", 5, 1_000)]  # fmt: skip


def test_exercises_of_a_month_are_one_filing_a_series() -> None:
    story = given(*series_7(FREE), allotted(24), allotted(9, "director-2"), exercised("2018-07-01", 2),
                  exercised("2018-07-31", 3, "director-2"), exercised("2018-08-01", 1))  # fmt: skip
    assert filed(story, "2018-08-14") == [
        ("file-exercises", "7", "2018-08-14", 5, 1_000), ("file-exercises", "7", "2018-09-14", 1, 200)]  # fmt: skip
    row = story.book.deadlines(day("2018-08-14"))[0]
    assert [(each.version, each.item, each.says) for each in row.because] == [
        (None, "Companies Act 915(3)(i)",
         "two weeks from the month that ends on 2018-07-31; a last day that is no office day moves to the next"),
        (5, "items 4, 5", "exercised 2 on 2018-07-01"),
        (6, "items 4, 5", "exercised 3 on 2018-07-31"),
    ]  # fmt: skip
    assert str(row.changed_on) == "2018-07-31"


def test_a_window_that_has_passed_lapses_with_the_next_day_which_counts() -> None:
    """Lapsed on Monday 9 July: 14 days with it are until Sunday the 22nd, and so until the 23rd."""
    story = given(*series_7(), allotted(24), departed("2018-06-28"))
    assert_shown(story, "2018-07-09", "2018-07-23", ("file-lapse", "7", "2018-07-23", 24, 4_800))
    later = given(*series_7(), allotted(24), departed("2018-06-29"))
    assert_shown(later, "2018-07-10", "2018-07-23", ("file-lapse", "7", "2018-07-23", 24, 4_800))
    latest = given(*series_7(), allotted(24), departed("2018-06-30"))
    assert_shown(latest, "2018-07-11", "2018-07-24", ("file-lapse", "7", "2018-07-24", 24, 4_800))


def test_a_death_after_which_nothing_passes_on_does_not_count_itself() -> None:
    story = given(*series_7({"inheritance": None}), allotted(24), died("2018-07-10"))
    assert_shown(story, "2018-07-10", "2018-07-24", ("file-lapse", "7", "2018-07-24", 24, 4_800))


def test_a_departure_that_leaves_no_day_does_not_count_itself() -> None:
    """Left months before the period: ten days are over before it begins."""
    story = given(*series_7(allotment_date="2017-07-01"), allotted(24, on="2017-07-01"), departed("2017-07-03"))
    assert_shown(story, "2017-07-03", "2017-07-18", ("file-lapse", "7", "2017-07-18", 24, 4_800))  # 17 July was shut


def test_what_lapses_on_one_day_is_one_filing() -> None:
    """At the end of the period, 14 July 2047: 28 July is a Sunday."""
    story = given(*series_7(FREE), allotted(24), allotted(9, "director-2"))
    assert_shown(story, "2047-07-15", "2047-07-29", ("file-lapse", "7", "2047-07-29", 33, 6_600))


def test_an_heirs_six_months_lapse_with_the_next_day() -> None:
    """Until 16 September 2019; from the 17th, 14 days are until Monday the 30th."""
    story = given(*series_7(), allotted(24), died("2019-02-11"), inherited("2019-03-16"))
    assert_shown(story, "2019-09-17", "2019-09-30", ("file-lapse", "7", "2019-09-30", 24, 4_800))


def test_a_split_changes_the_shares_that_are_registered() -> None:
    story = given(*series_7(FREE), allotted(24), split("2", "2020-12-31"))
    assert_shown(story, "2021-01-01", "2021-01-14", ("file-shares", "7", "2021-01-14", 24, 9_600))
    row = story.book.deadlines(day("2021-01-01"))[0]
    assert row.because[-1].says == "split on 2021-01-01: 200 → 400 shares per right"


def test_a_split_that_depends_on_a_meeting_counts_from_the_day_it_may_be_relied_on() -> None:
    """The meeting closes on 15 January: from the 16th, 14 days are until the 29th."""
    story = given(*series_7(FREE), allotted(24), split("2", "2020-12-31", meeting_closed_on="2021-01-15"))
    assert ("file-shares", "7", "2021-01-29", 24, 9_600) in filed(story, "2021-01-29")
    assert filed(story, "2021-01-30") == []


@pytest.mark.parametrize("happened", [
    consolidated("1/2", "2021-01-01"), adjusted(100, "2021-01-01"),
])  # fmt: skip
def test_so_do_a_consolidation_and_an_adjustment(happened: Given) -> None:
    story = given(*series_7(FREE), allotted(24), happened)
    assert_shown(story, "2021-01-01", "2021-01-14", ("file-shares", "7", "2021-01-14", 24, 2_400))


def test_a_split_that_changes_no_number_is_not_filed_unless_it_changes_the_price() -> None:
    one = series_7(FREE, shares_per_right=1)
    assert filed(given(*one, allotted(24), split("3/2", "2020-12-31")), "2021-01-01") == []
    inverse = series_7(FREE, shares_per_right=1, exercise_price=100, exercise_price_adjustment="inverse")
    assert len(filed(given(*inverse, allotted(24), split("3/2", "2020-12-31")), "2021-01-01")) == 1


def test_a_split_is_not_filed_for_rights_that_are_gone() -> None:
    story = given(*series_7(FREE), allotted(24), exercised("2018-07-01", 24), split("2", "2020-12-31"))
    assert filed(story, "2021-01-01") == []


def test_rights_that_the_company_holds_are_registered_until_they_are_cancelled() -> None:
    story = given(*series_7(FREE), allotted(24), acquired("2019-06-20"), split("2", "2020-12-31"))
    assert filed(story, "2019-06-20") == []
    assert filed(story, "2021-01-01") == [("file-shares", "7", "2021-01-14", 24, 9_600)]


def test_who_holds_rights_is_not_registered() -> None:
    story = given(*series_7(FREE), allotted(24), transferred("2018-01-10", 4), appointed("2018-01-10"),
                  departed("2018-01-11", position="director"), died("2018-01-12"), inherited("2018-01-13"))  # fmt: skip
    assert filed(story, "2018-01-13") == []


@pytest.mark.parametrize(("kind", "law", "filings"), [
    ("share-exchange", "Companies Act 915(1)", ["file-issue 7@HD", "file-replacement 7"]),
    ("absorption-type-demerger", "Companies Act 923", ["file-issue 7@HD", "file-replacement 7"]),
    ("merger", "Companies Act 921", ["file-issue 7@HD"]),
])  # fmt: skip
def test_a_restructuring_is_filed_by_both_but_a_company_that_is_gone(kind: str, law: str, filings: list[str]) -> None:
    """From 1 July 2019, which counts, until Sunday the 14th; the 15th was a public holiday."""
    story = given(*series_7(FREE), allotted(24), transferred("2019-06-30", 4), restructured("2019-07-01", kind))
    rows = [row for row in story.book.deadlines(day("2019-07-01")) if row.kind.startswith("file-")]
    assert [f"{row.kind} {row.series}" for row in rows] == filings
    assert {(str(row.on), row.rights, row.because[0].item) for row in rows} == {("2019-07-16", 24, law)}


@pytest.mark.parametrize("kind", ["share-transfer", "incorporation-type-demerger"])
def test_one_that_takes_effect_by_being_registered_leaves_nothing_to_file(kind: str) -> None:
    story = given(*series_7(FREE), allotted(24), restructured("2019-07-01", kind))
    assert filed(story, "2019-07-01") == []


def test_a_split_before_a_restructuring_is_not_filed_for_the_new_series() -> None:
    story = given(*series_7(FREE), allotted(24), split("2", "2019-06-29"), restructured("2019-07-01", "share-exchange"))
    assert [each[0] for each in filed(story, "2019-07-01")] == ["file-issue", "file-replacement"]
    after = story.then(split("3", "2019-07-04", company="HD"))
    assert ("file-shares", "7@HD", "2019-07-18", 24, 24 * 1_200) in filed(after, "2019-07-05")


def test_what_was_retracted_is_not_filed() -> None:
    story = given(*series_7(FREE), allotted(24), exercised("2018-07-02", 5))
    assert len(filed(story, "2018-07-02")) == 1
    assert filed(story.then(retraction(4)), "2018-07-02") == []
    assert len(list(story.book.deadlines(day("2018-07-02"), known_version=4))) == 2


def test_what_must_be_filed_does_not_depend_on_whether_reasons_are_wanted() -> None:
    story = given(*series_7(FREE), allotted(24), exercised("2018-07-02", 5))
    on = day("2018-07-02")
    without, whole = story.book.deadlines(on, why=False), story.book.deadlines(on, why=True)
    assert [row.to_dict() for row in without] == [row.to_dict() for row in whole]
    assert [row.because for row in without] == [(), ()]
