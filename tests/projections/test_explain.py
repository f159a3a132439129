"""Why a holding may be exercised or not: the sentence and every step that counts days, word for word."""

import pytest

from ledger.reports.language import spoken
from ledger.reports.sentences import sentence
from tests.projections.explaining import PERIOD, explained, steps, window
from tests.scenario import (
    Given,
    Story,
    allotted,
    day,
    departed,
    died,
    given,
    inherited,
    one,
    restructured,
    series_7,
    transferred,
    waived,
)

LATE = {"from": "2020-07-15", "until": "2047-07-14"}
"""A period that begins long after the allotment."""


def test_the_window_that_has_closed() -> None:
    story = given(*series_7(), allotted(56), departed("2018-06-28", source="Minutes of 28 June 2018"))
    row = explained(story, "2018-07-09")
    assert row.sentence == (
        "director-1 may not exercise 56 rights of series 7 on 2018-07-09: the window closed on 2018-07-08"
    )
    assert row.to_dict()["steps"] == [
        {"version": 3, "source": None, "item": "item 15", "says": "allotted 56 on 2017-07-14"},
        {
            "version": 4, "source": "Minutes of 28 June 2018", "item": "item 11(2)",
            "says": "director-1 left the last position on 2018-06-28",
        },
        {
            "version": 2, "source": None, "item": "item 11(2)",
            "says": "10 days, counted from the next day: 2018-06-29 to 2018-07-08",
        },
        {
            "version": 2, "source": None, "item": "item 5",
            "says": f"inside the exercise period, {PERIOD}, the window is 2018-06-29 to 2018-07-08",
        },
        {
            "version": 4, "source": "Minutes of 28 June 2018", "item": "Companies Act 287",
            "says": "lapsed 56 on 2018-07-09, no day being left (item 11(2): 10 days from the day after the "
            "departure of 2018-06-28)",
        },
        {"version": None, "source": None, "item": "domain.md 11", "says": "56 allotted − 56 lapsed = 0 outstanding"},
        {"version": 2, "source": None, "item": "item 3", "says": "the terms give 200 shares per right"},
        {"version": None, "source": None, "item": "items 3, 10", "says": "0 rights × 200 = 0 shares"},
        {"version": 2, "source": None, "item": "item 4", "says": "the terms give 1 yen a share to pay"},
    ]  # fmt: skip
    assert row.because == row.steps


def test_the_sentence_is_in_the_language_spoken_and_english_for_programs() -> None:
    story = given(*series_7(), allotted(), departed("2018-06-28"))
    with spoken("ja"):
        row = explained(story, "2018-07-09")
        assert "2018年7月8日" in sentence(row)
        assert "2018年7月9日" in sentence(row)
    assert row.sentence == sentence(row)


@pytest.mark.parametrize(
    ("on", "answer", "sentence"),
    [
        ("2018-06-27", "in-office", "director-1 is in office, and may only after leaving"),
        ("2018-06-28", "not-yet-open", "the window opens on 2018-06-29"),
        ("2018-07-09", "window-closed", "the window closed on 2018-07-08"),
    ],
)
def test_why_not(on: str, answer: str, sentence: str) -> None:
    row = explained(given(*series_7(), allotted(), departed("2018-06-28")), on)
    assert row.answer == answer
    assert row.sentence == f"director-1 may not exercise 24 rights of series 7 on {on}: {sentence}"


@pytest.mark.parametrize("on", ["2018-06-29", "2018-07-08"])
def test_why_so(on: str) -> None:
    row = explained(given(*series_7(), allotted(), departed("2018-06-28")), on)
    assert row.sentence == (
        f"director-1 may exercise 24 rights of series 7 on {on}, for 4,800 shares and 4,800 yen: "
        "the window is 2018-06-29 to 2018-07-08"
    )
    assert steps(row)[-3:] == [
        (None, "items 3, 10", "24 rights × 200 = 4,800 shares"),
        (2, "item 4", "the terms give 1 yen a share to pay"),
        (None, "item 4", "4,800 shares × 1 yen = 4,800 yen"),
    ]


@pytest.mark.parametrize(
    ("story", "on", "answer", "says"),
    [
        (
            given(*series_7(), allotted(), died("2019-02-11")),
            "2019-03-01",
            "awaiting-heir",
            "director-1 may not exercise 24 rights of series 7 on 2019-03-01: director-1 died on 2019-02-11, and the "
            "heir is awaited",
        ),
        (
            given(*series_7({"inheritance": None}), allotted(), died("2019-02-11")),
            "2019-02-11",
            "nothing-passes-on",
            "director-1 may not exercise 24 rights of series 7 on 2019-02-11: director-1 died on 2019-02-11, and they "
            "do not pass on",
        ),
        (
            given(*series_7(), allotted()),
            "2047-07-15",
            "period-ended",
            "director-1 may not exercise 24 rights of series 7 on 2047-07-15: the exercise period is over, and they "
            "lapsed on 2047-07-15",
        ),
        (
            given(*series_7(exercise_period=LATE), allotted(), departed("2018-06-28")),
            "2018-06-28",
            "no-day-left",
            "director-1 may not exercise 24 rights of series 7 on 2018-06-28: no day was left to exercise, and they "
            "lapsed on 2018-06-28",
        ),
        (
            given(*series_7(), allotted(), departed("2018-06-28"), died("2018-07-09")),
            "2018-07-09",
            "window-closed",
            "director-1 may not exercise 24 rights of series 7 on 2018-07-09: the window closed on 2018-07-08",
        ),
        (
            given(*series_7({"transfer": "free"}), allotted(), transferred("2018-01-10", 3), waived("2018-02-01", 21)),
            "2018-02-01",
            "nothing-left",
            "director-1 has none of 24 rights of series 7 left on 2018-02-01: 21 waived, 3 passed on",
        ),
    ],
)  # fmt: skip
def test_every_other_answer(story: Story, on: str, answer: str, says: str) -> None:
    row = explained(story, on)
    assert (row.answer, row.sentence) == (answer, says)


def test_the_heir_and_the_corresponding_day() -> None:
    story = given(*series_7(), allotted(), died("2019-02-11"), inherited("2019-03-15"))
    row = explained(story, "2019-09-15", "heir-1")
    assert row.sentence == (
        "heir-1 (heir of director-1) may exercise 24 rights of series 7 on 2019-09-15, for 4,800 shares and 4,800 yen: "
        "the window is 2019-03-15 to 2019-09-15"
    )
    assert steps(row)[:6] == [
        (5, "item 11(3)", "received 24 on 2019-03-15 by inheritance from director-1"),
        (4, "item 11(3)", "director-1 died on 2019-02-11"),
        (5, "item 11(3)", "heir-1 is the one heir since 2019-03-15, and may exercise from that day on"),
        (2, "item 11(3)", "6 months, counted from the next day: 2019-03-16 to 2019-09-15"),
        (None, "Civil Code 143", "the day before the day that corresponds to 2019-03-16, 2019-09-16, is 2019-09-15"),
        (2, "item 5", f"inside the exercise period, {PERIOD}, the window is 2019-03-15 to 2019-09-15"),
    ]


def test_a_month_without_the_corresponding_day() -> None:
    story = given(*series_7(), allotted(), died("2018-08-01"), inherited("2018-08-30"))
    says = "no day of the last month corresponds to 2018-08-31: its last day is 2019-02-28"
    assert (None, "Civil Code 143", says) in steps(explained(story, "2018-09-01", "heir-1"))


def test_a_span_that_begins_with_a_month_ends_with_one() -> None:
    story = given(*series_7(), allotted(), died("2018-02-01"), inherited("2018-02-28"))
    says = "the day before the day that corresponds to 2018-03-01, 2018-09-01, is 2018-08-31"
    assert (None, "Civil Code 143", says) in steps(explained(story, "2018-09-01", "heir-1"))


def test_an_heir_who_dies() -> None:
    story = given(*series_7(), allotted(), died("2019-02-11"), inherited("2019-03-15"), died("2019-04-01", "heir-1"))
    row = explained(story, "2019-04-01", "heir-1")
    assert row.answer == "nothing-passes-on"
    assert (None, "item 11(3)", "what was inherited does not pass on again") in steps(row)


@pytest.mark.parametrize(
    ("left_on", "says", "until"),
    [
        ("2018-06-27", "2018-07-07 is no business day: it moves to 2018-07-09", "2018-07-09"),  # a Saturday
        ("2018-06-29", "2018-07-09 is a business day", "2018-07-09"),
    ],
)
def test_a_last_day_that_moves(left_on: str, says: str, until: str) -> None:
    story = given(*series_7({"last_day_roll": "next-business-day"}), allotted(), departed(left_on))
    row = explained(story, left_on)
    assert (2, "terms: last_day_roll", says) in steps(row)
    assert str(row.figures["until"]) == until


@pytest.mark.parametrize(
    ("conditions", "expected"),
    [
        (
            {"after_departure": None, "departure": "any", "positions": ["director"]},
            [
                (4, "item 11(2)", "director-1 left a position that the terms name on 2018-06-28"),
                (2, "item 11(2)", "from 2018-06-29 on, with no limit but the period"),
                (2, "item 5", f"inside the exercise period, {PERIOD}, the window is 2018-06-29 to 2047-07-14"),
            ],
        ),
        (
            {"while_in_office": True, "after_departure": {"years": 1}},
            [
                (4, "item 11(2)", "director-1 left the last position on 2018-06-28"),
                (2, "terms", "the terms let it be exercised in office: a departure sets only the last day"),
                (2, "item 11(2)", "1 year, counted from the next day: 2018-06-29 to 2019-06-28"),
                (
                    None, "Civil Code 143",
                    "the day before the day that corresponds to 2018-06-29, 2019-06-29, is 2019-06-28",
                ),
                (2, "item 5", f"inside the exercise period, {PERIOD}, the window is 2017-07-15 to 2019-06-28"),
            ],
        ),
    ],
)  # fmt: skip
def test_other_terms_of_departure(conditions: Given, expected: list[tuple[int | None, str, str]]) -> None:
    assert window(explained(given(*series_7(conditions), allotted(), departed("2018-06-28")), "2018-07-01")) == expected


def test_no_day_inside_the_period() -> None:
    row = explained(given(*series_7(exercise_period=LATE), allotted(), departed("2018-06-28")), "2018-06-28")
    assert window(row)[-1] == (2, "item 5", "inside the exercise period, 2020-07-15 to 2047-07-14, no day is left")


def test_what_a_death_does() -> None:
    """In office; after the window; where nothing passes on."""
    for died_on in ("2018-07-09", "2018-08-01"):
        died_late = given(*series_7(), allotted(), departed("2018-06-28"), died(died_on))
        assert window(explained(died_late, died_on))[-2:] == [
            (5, "item 11(3)", f"director-1 died on {died_on}"),
            (None, "item 11(3)", "what was left had lapsed on 2018-07-09"),
        ]
    in_time = given(*series_7(), allotted(), departed("2018-06-28"), died("2018-07-08"))
    assert window(explained(in_time, "2018-07-08"))[-1] == (
        2, "item 11(3)", "what is outstanding waits for one heir, until 2047-07-14 at most"
    )  # fmt: skip
    in_office = given(*series_7(), allotted(), died("2018-08-01"))
    assert window(explained(in_office, "2018-08-01")) == [
        (2, "item 5", f"the exercise period is {PERIOD}"),
        (4, "item 11(3)", "director-1 died on 2018-08-01"),
        (2, "item 11(3)", "what is outstanding waits for one heir, until 2047-07-14 at most"),
    ]
    barred = given(*series_7({"inheritance": None}), allotted(), died("2018-08-01"))
    assert window(explained(barred, "2018-08-01"))[-1] == (2, "item 11(3)", "the terms let nothing pass on")


def test_who_holds_rights_of_two_kinds_is_told_of_both_or_of_the_one_named() -> None:
    story = given(
        *series_7({"transfer": "free"}), allotted(), allotted(10, "director-2"),
        transferred("2018-01-10", 3, to="director-2"), died("2018-02-01"), inherited("2018-02-02", "director-2"),
    )  # fmt: skip
    rows = story.book.explain(day("2018-02-02"), series="7", holder="director-2")
    assert [(row.inherited_from, row.transferred_from) for row in rows] == [
        (None, None), (None, "director-1"), ("director-1", None)
    ]  # fmt: skip
    assert explained(story, "2018-02-02", "director-2", inherited_from="director-1") == rows[2]
    named = explained(story, "2018-02-02", "director-2", transferred_from="director-1")
    assert named == rows[1]
    assert (None, "item 7", "received by transfer from director-1: exercisable throughout the period") in steps(named)


def test_where_rights_came_from_and_went_to_is_said() -> None:
    story = given(*series_7({"transfer": "free"}), allotted(), transferred("2018-01-10", 1), restructured("2019-07-01"))
    came_and_went = [
        ("director-1", "7", "passed on 1 on 2018-01-10 by transfer to buyer-1"),
        ("director-1", "7", "replaced 23 on 2019-07-01 by series 7@HD"),
        ("director-1", "7@HD", "received 23 on 2019-07-01 in replacement of series 7"),
    ]
    for holder, series, says in came_and_went:
        row = one(story.book.explain(day("2019-07-01"), series=series, holder=holder))
        assert says in [step.says for step in row.steps]
    row = one(story.book.explain(day("2018-01-10"), series="7", holder="buyer-1", transferred_from="director-1"))
    assert row.steps[0].says == "received 1 on 2018-01-10 by transfer from director-1"
    story = given(*series_7(), allotted(), died("2019-02-11"), inherited("2019-03-15"))
    row = explained(story, "2019-03-15")
    assert row.steps[1].says == "passed on 24 on 2019-03-15 by inheritance to heir-1"


def test_one_right_is_a_right() -> None:
    story = given(*series_7(), allotted(1), departed("2018-06-28"))
    row = explained(story, "2018-06-29")
    assert row.sentence.startswith("director-1 may exercise 1 right of series 7 on 2018-06-29, for 200 shares")
    assert "1 right × 200 = 200 shares" in [step.says for step in row.steps]
    row = explained(story, "2018-06-29", None)
    assert row.sentence == "1 right of series 7 is outstanding on 2018-06-29, for 200 shares: 200 a right"
