"""domain.md §3: a retracted entry is read as if it had never been made; a retraction cannot be retracted."""

import pytest

from tests.scenario import (
    acquired,
    allotted,
    appointed,
    company,
    departed,
    died,
    exercised,
    given,
    inherited,
    pricing,
    restructured,
    retraction,
    series_7,
    split,
    waived,
)

BASE = (*series_7({"while_in_office": True}), allotted(24))


@pytest.mark.parametrize(
    "entry",
    [
        company("HD", on="2020-01-01"),
        pricing(),
        allotted(4, "director-2"),
        appointed("2018-01-01"),
        departed("2018-06-28"),
        died("2018-06-28"),
        exercised("2018-01-01"),
        waived("2018-01-01"),
        split("2", "2020-12-31"),
        split("2", "2020-12-31", meeting_closed_on="2021-01-05"),
        acquired("2019-06-03"),
        restructured("2019-06-03"),
    ],
    ids=lambda entry: entry["type"],
)
def test_retracting_an_entry_restores_every_answer(entry: dict[str, object]) -> None:
    story = given(*BASE)
    days = ("2018-06-28", "2018-06-29", "2018-07-09", "2021-01-01", "2047-07-15")
    answers = [(story.holdings(day), story.series(day), story.eligibility(day)) for day in days]
    story.then(entry).then(retraction(4))
    assert [(story.holdings(day), story.series(day), story.eligibility(day)) for day in days] == answers
    assert story.exercises() == []


def test_a_retraction_counts_only_once_known() -> None:
    story = given(*BASE).then(waived("2018-01-01", 4)).then(retraction(4))
    assert [story.holding("2020-01-01", known_version=version).outstanding for version in (3, 4, 5)] == [24, 20, 24]


def test_the_history_keeps_both() -> None:
    story = given(*BASE).then(waived("2018-01-01", 4)).then(retraction(4))
    assert [(row.version, row.retracted_by) for row in story.book.history(since_version=3)] == [(4, 5), (5, None)]


@pytest.mark.parametrize(
    ("retracts", "why"),
    [
        (5, "version 4"),
        (4, "retraction itself"),
        (3, "retracted it already"),
        (9_007_199_254_740_991, "version 4"),
    ],
)
def test_there_is_nothing_to_retract(retracts: int, why: str) -> None:
    story = given(*BASE).then(retraction(3))
    error = story.when(retraction(retracts)).refused_with("nothing-to-retract")
    assert why in error.message


def test_a_retraction_names_a_version_recorded_before_its_batch() -> None:
    story = given(*BASE)
    story.when(waived("2018-01-01"), retraction(4)).refused_with("nothing-to-retract", line=2)
    story.when(retraction(3), retraction(3)).refused_with("nothing-to-retract", line=2)
    story.when(retraction(3)).recorded()


def test_the_fact_may_be_recorded_again() -> None:
    story = given(*BASE).then(retraction(3)).then(allotted(24))
    assert story.rights("2020-01-01") == {"allotted": 24, "outstanding": 24}
    story.then(retraction(5))
    assert story.holdings("2020-01-01") == []


def test_a_retraction_and_its_replacement_are_one_batch() -> None:
    """24 of 245 are allotted, 20 of them exercised: the allotment cannot go without its replacement."""
    story = given(*BASE, exercised("2018-01-01", 20))
    story.when(retraction(3)).contradicts(4)
    story.when(retraction(3), allotted(19)).contradicts(4)
    story.then(retraction(3), allotted(20))
    assert story.rights("2020-01-01") == {"allotted": 20, "exercised": 20}


def test_of_a_retracted_inheritance_another_heir_may_take_the_rights() -> None:
    story = given(*BASE, died("2019-05-01"), inherited("2019-06-03"))
    story.when(inherited("2019-06-03", "heir-2")).refused_with("already-inherited")
    story.then(retraction(5)).then(inherited("2019-06-03", "heir-2"))
    assert [row.holder for row in story.eligibility("2019-06-03", "heir-2")] == ["heir-2"]
