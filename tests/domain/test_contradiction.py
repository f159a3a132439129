"""domain.md §3: the ledger is lawful at all times; an entry may not make a recorded one unlawful."""

import pytest

from ledger.domain.decide import History, Proposed
from ledger.domain.errors import RefusedError
from ledger.domain.wellformed import entry_from
from tests.scenario import (
    Given,
    acquired,
    allotted,
    cancelled,
    company,
    departed,
    died,
    exercised,
    given,
    inherited,
    issue,
    pricing,
    restructured,
    retraction,
    series_7,
    split,
    transferred,
    waived,
)

OPEN = series_7({"while_in_office": True, "transfer": "free"})
BASE = (*OPEN, allotted(24))

LATE = [
    ("a waiver before an exercise", (exercised("2019-01-01", 24),), waived("2018-01-01", 1)),
    ("a transfer before an exercise", (exercised("2019-01-01", 24),), transferred("2018-01-01", 1)),
    ("a death before an exercise", (exercised("2019-01-01", 1),), died("2018-12-31")),
    ("a death before a departure", (departed("2019-01-01"),), died("2018-12-31")),
    ("a death before a death", (died("2019-01-01"),), died("2018-12-31")),
    ("a departure whose window closes before an exercise", (exercised("2019-01-01", 1),), departed("2018-12-21")),
    ("a merger before a split", (split("2", "2020-12-31"),), restructured("2020-12-31")),
    ("a merger before an exercise", (exercised("2019-01-01"),), restructured("2019-01-01")),
    ("an earlier company", (company("HD", on="2020-01-01"),), company("HD", on="2019-01-01")),
    ("an earlier price", (pricing(on="2017-07-15"),), pricing(on="2017-07-14")),
    (
        "an exercise before a cancellation of what was acquired",
        (acquired("2019-06-03"), cancelled("2019-06-04", 24)),
        exercised("2019-06-02"),
    ),
]


@pytest.mark.parametrize(("recorded", "late"), [case[1:] for case in LATE], ids=[case[0] for case in LATE])
def test_a_late_entry_contradicts_a_recorded_one(recorded: tuple[Given, ...], late: Given) -> None:
    given(*BASE, *recorded).when(late).contradicts(3 + len(recorded))


@pytest.mark.parametrize(
    ("late", "is_lawful"),
    [(departed("2018-12-22"), True), (departed("2018-12-21"), False), (died("2019-01-01"), True)],
)
def test_a_late_entry_that_leaves_all_lawful_goes_in(late: Given, *, is_lawful: bool) -> None:
    """Ten days after 22 December 2018 are 23 December to 1 January."""
    attempt = given(*BASE, exercised("2019-01-01", 1)).when(late)
    if is_lawful:
        attempt.recorded()
    else:
        attempt.contradicts(4)


@pytest.mark.parametrize(("retracts", "contradicts"), [(1, 2), (2, 3), (3, 4), (4, 5), (5, 6)])
def test_a_retraction_may_contradict(retracts: int, contradicts: int) -> None:
    story = given(*BASE, died("2019-01-01"), inherited("2019-02-01"))
    story.then(exercised("2019-02-01", 1, "heir-1", inherited_from="director-1"))
    story.when(retraction(retracts)).contradicts(contradicts)


def test_the_first_in_timeline_order_is_named_not_the_first_by_version() -> None:
    story = given(*BASE).then(exercised("2019-03-01", 8), exercised("2019-01-01", 8), exercised("2019-02-01", 8))
    error = story.when(waived("2018-01-01", 9)).contradicts(6)
    assert "insufficient-rights" in error.message
    story.when(waived("2018-01-01", 8)).contradicts(4)
    story.when(waived("2018-01-01", 17)).contradicts(5)


def test_an_entry_that_is_unlawful_itself_is_told_by_its_own_rule() -> None:
    story = given(*BASE, exercised("2019-01-01", 24))
    story.when(waived("2018-01-01", 25)).refused_with("insufficient-rights")


def test_of_a_batch_the_first_unlawful_in_timeline_order_is_told() -> None:
    story = given(*BASE)
    story.when(waived("2019-01-01", 25), waived("2018-01-01", 0)).refused_with("not-whole-rights", line=2)
    story.when(waived("2018-01-01", 25), waived("2019-01-01", 0)).refused_with("insufficient-rights", line=1)
    story = given(*BASE, exercised("2018-06-01", 24))
    story.when(waived("2018-01-01", 1), waived("2019-01-01", 99)).contradicts(4)
    story.when(waived("2019-01-01", 99), waived("2018-01-01", 99)).refused_with("insufficient-rights", line=2)


def test_a_batch_is_judged_as_one_timeline_and_goes_in_whole() -> None:
    story = given()
    story.when(
        allotted(24), issue(conditions={"while_in_office": True}), company(), exercised("2017-07-15", 24)
    ).recorded()
    assert story.version == 4
    assert story.rights("2017-07-15") == {"allotted": 24, "exercised": 24}


def test_of_a_batch_that_is_refused_nothing_goes_in() -> None:
    story = given(*BASE)
    story.when(waived("2018-01-01", 20), waived("2018-01-02", 5)).refused_with("insufficient-rights", line=2)
    assert story.version == 3
    story.then(waived("2018-01-03", 24))
    assert story.rights("2018-01-03") == {"allotted": 24, "waived": 24}


def test_each_line_on_its_own_contradicts_what_went_in_before() -> None:
    lines = [*OPEN, allotted(4), exercised("2019-01-01", 4), waived("2018-01-01"), waived("2019-01-01"), retraction(3)]
    outcome = given().book.record(lines, actor="tests", keep_going=True)
    assert [line.version for line in outcome.lines] == [1, 2, 3, 4, None, None, None]
    errors = [line.error for line in outcome.lines[4:]]
    assert [(e.code, e.contradicts) for e in errors if e] == [
        ("contradiction", 4),
        ("insufficient-rights", None),
        ("contradiction", 4),
    ]
    assert outcome.exit_code == 1


def test_a_refusal_leaves_the_ledger_ready_for_more() -> None:
    """The state that a batch was tried on is thrown away, also of a dry run."""
    story = given(*BASE)
    for dry_run in (True, False):
        try:
            story.book.record([waived("2018-01-01", 20), waived("2018-01-02", 5)], actor="tests", dry_run=dry_run)
        except RefusedError as error:
            assert error.line == 2
    outcome = story.book.record([waived("2018-01-01", 24)], actor="tests", dry_run=True)
    assert (outcome.version, outcome.lines[0].version, story.version) == (4, 4, 3)
    assert story.then(waived("2018-01-01", 24)).version == 4


def test_a_history_that_refuses_a_batch_stays_as_it_was() -> None:
    """The first waiver is lawful and may not be left behind by the second, which is not."""
    history = History()
    history.admit([Proposed(line, line, entry_from(entry)) for line, entry in enumerate(BASE, start=1)])
    both = [waived("2018-01-01", 20), waived("2018-01-02", 5)]
    with pytest.raises(RefusedError):
        history.admit([Proposed(line, 3 + line, entry_from(entry)) for line, entry in enumerate(both, start=1)])
    history.admit([Proposed(1, 4, entry_from(waived("2018-01-01", 24)))])
    assert (history.version, len(history.placed)) == (4, 4)
