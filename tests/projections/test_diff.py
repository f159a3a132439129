"""What changed between two days, or two states of knowledge, and the entries that changed it: rows as a whole."""

from datetime import UTC, datetime
from typing import Any

import pytest

from ledger.domain.errors import RefusedError
from ledger.projections.diff import OF_A_HOLDING
from ledger.projections.report_rows import DifferenceRow
from tests.scenario import (
    Story,
    acquired,
    allotted,
    appointed,
    cancelled,
    day,
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

Told = tuple[str | None, dict[str, tuple[Any, Any]], list[tuple[int | None, str, str]]]


def between(story: Story, before: str, after: str, **asked: Any) -> list[Told]:
    return told(story.book.diff((day(before), day(after)), **asked).rows)


def known(story: Story, on: str, before: int, after: int) -> list[Told]:
    return told(story.book.diff((day(on), day(on)), known_version=(before, after)).rows)


def told(rows: tuple[DifferenceRow, ...]) -> list[Told]:
    """Of each row: whose, what from and to what, and what changed it."""
    return [
        (
            row.holder,
            {each.field: (each.before, each.after) for each in row.changes},
            [(each.version, each.type, str(each.on)) for each in row.causes],
        )
        for row in rows
    ]


USED = {"outstanding": (24, 20), "exercised": (0, 4), "shares": (4_800, 4_000)}
LAPSED = {"outstanding": (24, 0), "lapsed": (0, 24), "shares": (4_800, 0)}


def test_an_exercise_in_between() -> None:
    story = given(
        *series_7(), allotted(), allotted(5, "director-2"), departed("2018-06-28"), exercised("2018-07-02", 4)
    )
    assert between(story, "2018-07-01", "2018-07-02") == [("director-1", USED, [(6, "exercise", "2018-07-02")])]
    backwards = {name: (after, before) for name, (before, after) in USED.items()}
    assert between(story, "2018-07-02", "2018-07-01") == [("director-1", backwards, [(6, "exercise", "2018-07-02")])]
    assert between(story, "2018-07-02", "2018-07-03") == []


def test_a_lapse_by_the_passing_of_time_names_the_last_day() -> None:
    story = given(*series_7(), allotted(), departed("2018-06-28"))
    assert between(story, "2018-07-08", "2018-07-09") == [("director-1", LAPSED, [(None, "lapse", "2018-07-08")])]
    assert between(story, "2018-06-27", "2018-07-09") == [
        ("director-1", LAPSED, [(4, "departure", "2018-06-28"), (None, "lapse", "2018-07-08")])
    ]
    assert between(story, "2018-07-09", "2018-07-10") == []
    in_office = given(*series_7(), allotted())
    assert between(in_office, "2047-07-14", "2047-07-15") == [("director-1", LAPSED, [(None, "lapse", "2047-07-14")])]


def test_a_lapse_by_a_departure_that_left_no_day_is_the_departure_s() -> None:
    period = {"from": "2020-07-15", "until": "2047-07-14"}
    story = given(*series_7(exercise_period=period), allotted(), departed("2018-06-28"))
    assert between(story, "2018-06-27", "2018-06-28") == [("director-1", LAPSED, [(4, "departure", "2018-06-28")])]


def test_a_departure_learned_of_later() -> None:
    """The day is the same on both sides: no time has passed, an entry was recorded."""
    story = given(*series_7(), allotted()).then(departed("2018-06-28"))
    assert known(story, "2018-07-09", 3, 4) == [("director-1", LAPSED, [(4, "departure", "2018-06-28")])]


def test_a_retraction_is_the_cause_and_what_replaces_it() -> None:
    story = given(*series_7(), allotted(), departed("2018-06-28")).then(exercised("2018-07-02", 4))
    story.then(retraction(5), exercised("2018-07-02", 1))
    assert known(story, "2018-07-02", 5, 7) == [
        (
            "director-1",
            {"outstanding": (20, 23), "exercised": (4, 1), "shares": (4_000, 4_600)},
            [(6, "retraction", "2018-07-02"), (7, "exercise", "2018-07-02")],
        )
    ]


def test_an_appointment_that_undoes_a_loss() -> None:
    """What kept a holder in office is in no reason of the holding: it is found by whom it names."""
    story = given(*series_7(), allotted(), allotted(5, "director-2"), departed("2018-06-28"))
    story.then(appointed("2018-06-28"), waived("2018-06-29", 1, "director-2"))
    lapse_undone = {name: (after, before) for name, (before, after) in LAPSED.items()}
    assert known(story, "2018-07-09", 5, 7)[0] == ("director-1", lapse_undone, [(6, "appointment", "2018-06-28")])


def test_what_an_heir_received_by_what_the_deceased_had_left() -> None:
    story = given(*series_7(), allotted(), departed("2018-06-28"), died("2018-07-03"), inherited("2018-07-10"))
    story.then(exercised("2018-07-02", 4))
    assert known(story, "2018-07-10", 6, 7) == [
        ("director-1", {"exercised": (0, 4), "passed_on": (24, 20)}, [(7, "exercise", "2018-07-02")]),
        (
            "heir-1",
            {"received": (24, 20), "outstanding": (24, 20), "shares": (4_800, 4_000)},
            [(7, "exercise", "2018-07-02")],
        ),
    ]


def test_an_heir_who_has_acted_and_what_the_deceased_had_left_in_that_series_alone() -> None:
    """The heir's own exercise, and that of the deceased: not the one of another series."""
    story = given(
        *series_7(), issue("8"), allotted(), allotted(9, series="8"), departed("2018-06-28"), died("2018-07-03"),
        inherited("2018-07-10"),
    )  # fmt: skip
    story.then(exercised("2018-07-02", 4), exercised("2018-07-02", 2, series="8"))
    story.then(exercised("2018-07-11", 1, "heir-1", inherited_from="director-1"))
    rows = story.book.diff((day("2018-07-11"),) * 2, known_version=(8, 11), holder="heir-1").rows
    assert [(row.series, [cause.version for cause in row.causes]) for row in rows] == [("7", [9, 11]), ("8", [10])]


def test_an_office_in_between_did_not_change_what_something_else_did() -> None:
    story = given(
        *series_7(), allotted(), departed("2018-06-28"), appointed("2018-07-05"),
        allotted(5, "director-2"), appointed("2017-07-15", holder="director-2"),
    )  # fmt: skip
    assert between(story, "2018-07-01", "2018-07-09") == [("director-1", LAPSED, [(None, "lapse", "2018-07-08")])]
    ((_, _, causes),) = between(story, "2017-07-13", "2017-07-20", holder="director-2")
    assert causes == [(6, "allotment", "2017-07-14")]


def test_a_split_changes_the_series_and_whatever_is_outstanding() -> None:
    story = given(
        *series_7({"transfer": "free"}), allotted(), transferred("2018-01-10", 24), allotted(5, "director-2"),
        split("2", "2020-12-31"),
    )  # fmt: skip
    caused = [(6, "split", "2021-01-01")]
    assert between(story, "2020-12-31", "2021-01-01") == [
        (None, {"shares_per_right": (200, 400)}, caused),
        ("buyer-1", {"shares": (4_800, 9_600)}, caused),
        ("director-2", {"shares": (1_000, 2_000)}, caused),
    ]


def test_a_split_does_not_change_what_was_used_up() -> None:
    story = given(
        *series_7(), allotted(), split("2", "2018-06-30"), departed("2018-06-28"), exercised("2018-07-02", 24)
    )
    rows = between(story, "2018-06-29", "2018-07-02", holder="director-1")
    assert [causes for _, _, causes in rows] == [[(6, "exercise", "2018-07-02")]]


def test_a_conditional_split_is_the_cause_when_its_meeting_has_closed() -> None:
    story = Story().then(
        *series_7(), allotted(), split("2", "2018-03-31", meeting_closed_on="2018-06-28"),
        at=datetime(2018, 3, 1, tzinfo=UTC),
    )  # fmt: skip
    on = (day("2018-04-01"), day("2018-04-01"))
    found = story.book.diff(on, known_at=(day("2018-06-28"), day("2018-06-29")))
    caused = [(4, "split", "2018-04-01")]
    assert told(found.rows) == [
        (None, {"shares_per_right": (200, 400)}, caused),
        ("director-1", {"shares": (4_800, 9_600)}, caused),
    ]


def test_a_holding_appears_and_vanishes() -> None:
    story = given(*series_7({"transfer": "free"}), allotted()).then(transferred("2018-01-10", 3))
    appeared = story.book.diff((day("2018-01-09"), day("2018-01-10")), holder="buyer-1").rows
    assert [row.change for row in appeared] == ["appeared"]
    assert told(appeared) == [
        (
            "buyer-1",
            dict.fromkeys({*OF_A_HOLDING}, (None, 0))
            | {"received": (None, 3), "outstanding": (None, 3), "shares": (None, 600)},
            [(4, "transfer", "2018-01-10")],
        )
    ]
    vanished = story.then(retraction(4)).book.diff(
        (day("2018-01-10"), day("2018-01-10")), known_version=(4, 5), holder="buyer-1"
    )
    assert [(row.change, row.causes[0].version, row.causes[0].type) for row in vanished.rows] == [
        ("vanished", 5, "retraction")
    ]


def test_the_figures_of_a_series() -> None:
    story = given(*series_7(), allotted()).then(pricing(1_900))
    assert known(story, "2018-01-01", 3, 4) == [
        (None, {"price_per_share": (None, 1_900), "price_per_right": (None, 380_000)}, [(4, "pricing", "2017-07-14")])
    ]
    story.then(acquired("2018-02-01", approved_on="2018-01-31"), cancelled("2018-02-03", 4))
    rows = between(story, "2018-01-31", "2018-02-03")
    assert rows[0] == (
        None, {"company_holds": (0, 20)}, [(5, "acquisition", "2018-02-01"), (6, "cancellation", "2018-02-03")]
    )  # fmt: skip
    assert rows[1][2] == [(5, "acquisition", "2018-02-01")]


def test_a_restructuring_that_leaves_a_series_alone_changed_none_of_its_figures() -> None:
    story = given(*series_7(), allotted(), split("2", "2019-06-30"))
    story.then(restructured("2019-07-01", "share-exchange", delivery=False))
    assert between(story, "2019-06-30", "2019-07-01")[0] == (
        None, {"shares_per_right": (200, 400)}, [(4, "split", "2019-07-01")]
    )  # fmt: skip


def test_a_series_that_replaces_another() -> None:
    story = given(*series_7(), allotted(), restructured("2019-07-01", series_map={"7": "7HD"}))
    found = between(story, "2019-06-30", "2019-07-01")
    caused = [(4, "restructuring", "2019-07-01")]
    assert [causes for _, _, causes in found] == [caused] * 4
    assert found[0][1] == {"replaced_by": ([], ["7HD"])}
    assert found[2][1]["replaces"] == (None, "7")


def test_the_number_a_successor_s_series_has_by_an_exercise_before_it() -> None:
    story = given(*series_7(), allotted(), departed("2019-06-28"), restructured("2019-07-01", series_map={"7": "7HD"}))
    story.then(exercised("2019-06-30", 4))
    caused = [(6, "exercise", "2019-06-30")]
    rows = {row.series: row for row in story.book.diff(known_version=(5, 6)).rows if row.holder is None}
    assert told((rows["7HD"],)) == [(None, {"max_rights": (24, 20)}, caused)]


def test_of_one_series_or_holder_that_is_known_on_either_side() -> None:
    story = given(*series_7(), allotted()).then(allotted(5, "director-2"))
    both_days = (day("2018-01-01"), day("2018-01-01"))
    for versions in ((3, 4), (4, 3)):
        rows = story.book.diff(both_days, known_version=versions, holder="director-2").rows
        assert [row.holder for row in rows] == ["director-2"]
    with pytest.raises(RefusedError, match="holder nobody is not known on any day"):
        story.book.diff(both_days, known_version=(3, 4), holder="nobody")
    with pytest.raises(RefusedError, match="series 8 is not known on any day"):
        story.book.diff(both_days, known_version=(3, 4), series="8")


def test_an_empty_ledger_has_no_differences() -> None:
    assert between(given(), "2018-01-01", "2019-01-01") == []
