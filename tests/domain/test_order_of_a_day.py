"""domain.md §3: entries of one day are read in the order of their kinds, and only then by version."""

import pytest

from tests.scenario import (
    Given,
    acquired,
    adjusted,
    allotted,
    appointed,
    cancelled,
    company,
    consolidated,
    departed,
    died,
    exercised,
    given,
    inherited,
    issue,
    pricing,
    restructured,
    series_7,
    split,
    transferred,
    waived,
)

FREE = {"while_in_office": True, "transfer": "free"}
IN_OFFICE = (*series_7(FREE), allotted(24))
HEIR = (*IN_OFFICE, died("2019-05-01"), inherited("2019-05-02"))

SAME_DAY = [
    ("company, split", (), company(on="2019-06-03"), split("2", "2019-06-02")),
    ("company, consolidation", (), company(on="2019-06-03"), consolidated("1/2", "2019-06-03")),
    ("company, issue", (), company(on="2019-06-03"), issue(on="2019-06-03", allotment_date=None)),
    ("company, restructuring", (), company(on="2019-06-03"), restructured("2019-06-03")),
    ("split, merger", IN_OFFICE, split("2", "2019-06-02"), restructured("2019-06-03")),
    ("consolidation, merger", IN_OFFICE, consolidated("1/2", "2019-06-03"), restructured("2019-06-03")),
    ("adjustment, merger", IN_OFFICE, adjusted(300, "2019-06-03"), restructured("2019-06-03")),
    ("issue, pricing", company(), issue(on="2019-06-03", allotment_date=None), pricing(on="2019-06-03")),
    ("issue, allotment", company(), issue(on="2019-06-03", allotment_date=None), allotted(on="2019-06-03")),
    (
        "issue, acquisition",
        company(),
        issue(on="2019-06-03", allotment_date=None),
        acquired("2019-06-03"),
    ),
    ("allotment, transfer", series_7(FREE, allotment_date=None), allotted(on="2019-06-03"), transferred("2019-06-03")),
    ("allotment, exercise", series_7(FREE, allotment_date=None), allotted(on="2019-06-03"), exercised("2019-06-03")),
    ("allotment, waiver", series_7(FREE, allotment_date=None), allotted(on="2019-06-03"), waived("2019-06-03")),
    ("allotment, death", series_7(FREE, allotment_date=None), allotted(on="2019-06-03"), died("2019-06-03")),
    ("appointment, death", IN_OFFICE, appointed("2019-06-03"), died("2019-06-03")),
    ("departure, death", IN_OFFICE, departed("2019-06-03"), died("2019-06-03")),
    (
        "transfer, exercise",
        IN_OFFICE,
        transferred("2019-06-03", 5),
        exercised("2019-06-03", 5, "buyer-1", transferred_from="director-1"),
    ),
    (
        "transfer, waiver",
        IN_OFFICE,
        transferred("2019-06-03", 5),
        waived("2019-06-03", 5, "buyer-1", transferred_from="director-1"),
    ),
    ("transfer, death", IN_OFFICE, transferred("2019-06-03"), died("2019-06-03")),
    ("exercise, death", IN_OFFICE, exercised("2019-06-03"), died("2019-06-03")),
    ("waiver, death", IN_OFFICE, waived("2019-06-03"), died("2019-06-03")),
    ("exercise, acquisition", IN_OFFICE, exercised("2019-06-03", 24), acquired("2019-06-03")),
    ("waiver, acquisition", IN_OFFICE, waived("2019-06-03", 24), acquired("2019-06-03")),
    ("death, inheritance", IN_OFFICE, died("2019-06-03"), inherited("2019-06-03")),
    (
        "inheritance, exercise of inherited rights",
        (*IN_OFFICE, died("2019-06-01")),
        inherited("2019-06-03"),
        exercised("2019-06-03", 24, "heir-1", inherited_from="director-1"),
    ),
    (
        "inheritance, waiver of inherited rights",
        (*IN_OFFICE, died("2019-06-01")),
        inherited("2019-06-03"),
        waived("2019-06-03", 24, "heir-1", inherited_from="director-1"),
    ),
    (
        "exercise of inherited rights, acquisition",
        HEIR,
        exercised("2019-06-03", 24, "heir-1", inherited_from="director-1"),
        acquired("2019-06-03"),
    ),
    (
        "waiver of inherited rights, acquisition",
        HEIR,
        waived("2019-06-03", 24, "heir-1", inherited_from="director-1"),
        acquired("2019-06-03"),
    ),
    ("acquisition, cancellation", IN_OFFICE, acquired("2019-06-03"), cancelled("2019-06-03", 24)),
]


@pytest.mark.parametrize(
    ("before", "earlier", "later"), [case[1:] for case in SAME_DAY], ids=[case[0] for case in SAME_DAY]
)
def test_what_is_read_earlier_may_be_recorded_later(
    before: Given | tuple[Given, ...], earlier: Given, later: Given
) -> None:
    entries = (before,) if isinstance(before, dict) else before
    together = given(*entries).when(later, earlier).recorded()
    in_turn = given(*entries).when(earlier, later).recorded()
    rows = [row.to_dict() for row in in_turn.holdings("2019-06-03")]
    assert [row.to_dict() for row in together.holdings("2019-06-03")] == rows


REFUSED = [
    ("merger, issue", IN_OFFICE, restructured("2019-06-03"), issue("8", on="2019-06-03"), "unknown-company"),
    (
        "merger, allotment",
        series_7(allotment_date=None),
        restructured("2019-06-03"),
        allotted(on="2019-06-03"),
        "unknown-company",
    ),
    ("merger, exercise", IN_OFFICE, restructured("2019-06-03"), exercised("2019-06-03"), "insufficient-rights"),
    (
        "split, restructuring that makes the company known",
        IN_OFFICE,
        restructured("2019-06-03"),
        split("2", "2019-06-02", "HD"),
        "unknown-company",
    ),
    (
        "adjustment, issue",
        company(),
        issue(on="2019-06-03", allotment_date=None),
        adjusted(3, "2019-06-03"),
        "unknown-series",
    ),
    (
        "restructuring, issue",
        company(),
        issue(on="2019-06-03", allotment_date=None),
        restructured("2019-06-03", "share-exchange", series_map={"7": "H7"}),
        "unknown-series",
    ),
    (
        "death of the heir, inheritance",
        (*IN_OFFICE, appointed("2018-01-01", holder="heir-1"), died("2019-06-01")),
        died("2019-06-03", "heir-1"),
        inherited("2019-06-03"),
        "heir-deceased",
    ),
    (
        "death of the heir, exercise of inherited rights",
        HEIR,
        died("2019-06-03", "heir-1"),
        exercised("2019-06-03", 1, "heir-1", inherited_from="director-1"),
        "already-deceased",
    ),
    (
        "death of the heir, waiver of inherited rights",
        HEIR,
        died("2019-06-03", "heir-1"),
        waived("2019-06-03", 1, "heir-1", inherited_from="director-1"),
        "already-deceased",
    ),
]


@pytest.mark.parametrize(
    ("before", "other", "refused", "code"), [case[1:] for case in REFUSED], ids=[case[0] for case in REFUSED]
)
def test_an_entry_finds_only_what_was_read_earlier(
    before: Given | tuple[Given, ...], other: Given, refused: Given, code: str
) -> None:
    entries = (before,) if isinstance(before, dict) else before
    given(*entries).when(other, refused).refused_with(code, line=2)
    given(*entries).when(refused, other).refused_with(code, line=1)


def test_an_adjustment_is_read_after_a_split_of_the_day() -> None:
    story = given(*series_7(), adjusted(300, "2021-01-01"), split("2", "2020-12-31"))
    assert story.shares_per_right("2020-12-31") == 200
    assert story.shares_per_right("2021-01-01") == 300


def test_a_restructuring_counts_in_the_shares_of_the_day() -> None:
    """200 × 2, then × 3/2: 600; the other way round it would be the same, 201 × 1/2 × 3 would not: 100 × 3 = 300."""
    story = given(
        *series_7(shares_per_right=201),
        allotted(24),
        restructured("2021-01-01", ratio="3"),
        consolidated("1/2", "2021-01-01"),
    )
    assert story.shares_per_right("2021-01-01", "7@HD") == 300


def test_an_adjustment_of_the_day_is_replaced_too() -> None:
    story = given(*series_7(), allotted(24), restructured("2021-01-01", ratio="2"), adjusted(5, "2021-01-01"))
    assert story.shares_per_right("2021-01-01", "7@HD") == 10


@pytest.mark.parametrize(("first", "number"), [("split", 200), ("consolidation", 198)])
def test_a_split_and_a_consolidation_of_one_day_are_read_by_version(first: str, number: int) -> None:
    """200 × 3 = 600, × 1/3 = 200; 200 × 1/3 = 66, × 3 = 198."""
    both = [split("3", "2020-12-31"), consolidated("1/3", "2021-01-01")]
    story = given(*series_7(), *(both if first == "split" else both[::-1]))
    assert story.shares_per_right("2021-01-01") == number


@pytest.mark.parametrize("order", [1, -1])
def test_who_changes_office_on_one_day_has_lost_nothing(order: int) -> None:
    change = [departed("2018-06-28"), appointed("2018-06-28")]
    assert given(*series_7(), allotted(24), *change[::order]).window("2018-06-29") == "in-office"


def test_a_departure_on_the_allotment_day_is_read_before_the_allotment() -> None:
    story = given(*series_7(), appointed("2016-01-01"), allotted(24), departed("2017-07-14"))
    assert story.window("2017-07-15") == "in-office"


def test_a_split_is_read_before_an_exercise_of_the_day() -> None:
    story = given(*IN_OFFICE, exercised("2020-12-31"), exercised("2021-01-01"), split("2", "2020-12-31"))
    assert [row.shares for row in story.exercises()] == [200, 400]


def test_a_series_resolved_on_the_day_of_a_merger_is_not_its_company_s_any_more() -> None:
    given(*IN_OFFICE, issue("8", on="2019-06-02", allotment_date="2019-07-01")).when(
        restructured("2019-06-03")
    ).recorded()


def test_acquired_rights_are_those_left_by_the_end_of_the_day() -> None:
    story = given(*IN_OFFICE, acquired("2019-06-03"), exercised("2019-06-03", 4), transferred("2019-06-03", 5))
    assert story.rights("2019-06-03") == {"allotted": 24, "exercised": 4, "passed_on": 5, "acquired": 15}
    assert story.rights("2019-06-03", "buyer-1", transferred_from="director-1") == {"received": 5, "acquired": 5}


def test_entries_of_different_days_are_read_by_day_whatever_their_kinds() -> None:
    given(*IN_OFFICE).when(died("2019-06-02"), exercised("2019-06-03")).refused_with("already-deceased", line=2)
    given(*IN_OFFICE).when(died("2019-06-03"), exercised("2019-06-02")).recorded()


def test_a_split_takes_its_place_on_the_day_after_its_record_date() -> None:
    """On the record date itself a successor is known; the split is effective one day later."""
    story = given(*IN_OFFICE, restructured("2019-06-03"), split("2", "2019-06-03", "HD"))
    assert story.shares_per_right("2019-06-03", "7@HD") == 200
    assert story.shares_per_right("2019-06-04", "7@HD") == 400
