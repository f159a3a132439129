"""What every number says it rests on, word for word: each kind of act, each kind of window, price and shares."""

from collections.abc import Iterable
from typing import Any

import pytest

from ledger.projections.rows import EligibilityRow, HoldingRow, SeriesRow
from tests.scenario import (
    Story,
    acquired,
    adjusted,
    allotted,
    consolidated,
    day,
    departed,
    died,
    exercised,
    given,
    inherited,
    one,
    pricing,
    restructured,
    series_7,
    split,
    transferred,
    waived,
)

FREE = {"while_in_office": True, "transfer": "free"}

STEPS = [
    (2, "item 3", "issue on 2017-06-28: 200 shares per right"),
    (13, "item 3", "consolidation × 1/7 on 2018-05-01: 28 shares per right"),
    (14, "item 3", "split × 3/2 on 2018-06-01: 42 shares per right"),
    (15, "item 3", "adjustment on 2018-06-15: 43 shares per right"),
]
REPLACED = (17, "item 9", "restructuring × 1/3 on 2019-07-01: 14 shares per right")


@pytest.fixture(scope="module")
def story() -> Story:
    return given(
        *series_7(FREE),
        pricing("2113.5"),
        allotted(24),
        allotted(10, "director-2"),
        allotted(1, "director-2"),  # version 6
        transferred("2018-01-10", 3),
        transferred("2018-01-11", 2),
        waived("2018-02-01", 4),
        exercised("2018-03-01", 5),
        died("2018-04-01", "director-2"),
        inherited("2018-04-20", holder="director-2"),  # version 12
        consolidated("1/7", "2018-05-01"),
        split("3/2", "2018-05-31"),
        adjusted(43, "2018-06-15"),
        acquired("2018-06-20", ["heir-1"], approved_on="2018-06-19"),
        restructured("2019-07-01", ratio="1/3", series_map={"7": "7HD"}),
        departed("2019-08-01"),  # version 18
    )


def because(rows: Iterable[HoldingRow | EligibilityRow | SeriesRow], **asked: str) -> list[tuple[Any, ...]]:
    """What one row says it rests on, chosen by its fields."""
    row = one(row for row in rows if all(getattr(row, name) == value for name, value in asked.items()))
    return [(reason.version, reason.item, reason.says) for reason in row.because]


@pytest.mark.parametrize(
    ("series", "holder", "acts"),
    [
        (
            "7",
            "director-1",
            [
                (4, "item 15", "allotted 24 on 2017-07-14"),
                (7, "item 7", "passed on 3 on 2018-01-10"),
                (8, "item 7", "passed on 2 on 2018-01-11"),
                (9, "domain.md 8", "waived 4 on 2018-02-01"),
                (10, "items 4, 5", "exercised 5 on 2018-03-01"),
                (17, "item 9", "replaced 10 on 2019-07-01"),
            ],
        ),
        (
            "7",
            "director-2",
            [
                (5, "item 15", "allotted 10 on 2017-07-14"),
                (6, "item 15", "allotted 1 on 2017-07-14"),
                (12, "item 11(3)", "passed on 11 on 2018-04-20"),
            ],
        ),
        (
            "7",
            "buyer-1",
            [
                (7, "item 7", "received 3 on 2018-01-10"),
                (8, "item 7", "received 2 on 2018-01-11"),
                (17, "item 9", "replaced 5 on 2019-07-01"),
            ],
        ),
        (
            "7",
            "heir-1",
            [
                (12, "item 11(3)", "received 11 on 2018-04-20"),
                (16, "item 8", "acquired 11 on 2018-06-20"),
            ],
        ),
        ("7HD", "buyer-1", [(17, "item 9", "received 5 on 2019-07-01")]),
        (
            "7HD",
            "director-1",
            [
                (17, "item 9", "received 10 on 2019-07-01"),
                (
                    18,
                    "Companies Act 287",
                    "lapsed 10 on 2019-08-12, no day being left (item 11(2): 10 days from the day after the departure "
                    "of 2019-08-01)",
                ),
            ],
        ),
    ],
)
def test_a_holding_rests_on_every_act(story: Story, series: str, holder: str, acts: list[tuple[Any, ...]]) -> None:
    steps = [*STEPS, REPLACED] if series == "7HD" else STEPS
    assert because(story.holdings("2020-01-01"), series=series, holder=holder) == [*acts, *steps]


def test_the_period_of_a_series_in_replacement_rests_on_the_restructuring(story: Story) -> None:
    rows = story.book.eligibility(day("2019-08-02"))
    assert because(rows, series="7HD", holder="buyer-1") == [
        (None, "item 7", "received by transfer from director-1: exercisable throughout the period"),
        (17, "item 5", "the exercise period is 2019-07-01 to 2047-07-14"),
        *STEPS,
        REPLACED,
    ]


def test_what_a_merger_extinguishes_rests_on_it() -> None:
    story = given(*series_7(), allotted(24), restructured("2019-01-01", delivery=False, successor=None))
    assert because(story.holdings("2019-01-01"))[:2] == [
        (3, "item 15", "allotted 24 on 2017-07-14"),
        (4, "item 9", "extinguished 24 on 2019-01-01"),
    ]


@pytest.mark.parametrize(("given_price", "says"), [(None, "422,700 a right ("), (400_000, "400,000 a right (given)")])
def test_a_price_says_whether_it_was_given_per_right(given_price: int | None, says: str) -> None:
    more: dict[str, Any] = {} if given_price is None else {"price_per_right": given_price}
    version, item, said = because(given(*series_7(), pricing("2113.5", **more)).book.series(day("2018-01-01")))[-1]
    assert (version, item) == (3, "item 12")
    assert said.startswith(f"2,113.5 yen a share fixed on 2017-07-14; {says}")


ROLLED = ", a last day that is no business day moved to the next"
PERIOD = (2, "item 5", "the exercise period is 2017-07-15 to 2047-07-14")


@pytest.mark.parametrize(
    ("conditions", "happened", "on", "first"),
    [
        ({}, [], "2018-07-01", (2, "item 11(2)", "director-1 is in office; exercisable only after leaving")),
        (FREE, [], "2018-07-01", (2, "terms", "exercisable in office, before any departure")),
        (
            {},
            [departed("2018-06-28")],
            "2018-07-01",
            (4, "item 11(2)", "10 days from the day after the departure of 2018-06-28"),
        ),
        (
            {"after_departure": {"months": 1}, "last_day_roll": "next-business-day"},
            [departed("2018-06-28")],
            "2018-07-01",
            (4, "item 11(2)", f"1 month from the day after the departure of 2018-06-28{ROLLED}"),
        ),
        (
            {"after_departure": None},
            [departed("2018-06-28")],
            "2018-07-01",
            (4, "item 11(2)", "no limit but the period from the day after the departure of 2018-06-28"),
        ),
        (
            {},
            [died("2018-06-28")],
            "2018-07-01",
            (4, "item 11(3)", "director-1 died on 2018-06-28; the rights wait for an heir"),
        ),
        (
            {},
            [died("2018-06-28"), inherited("2018-07-01")],
            "2018-07-01",
            (5, "item 11(3)", "6 months after the inheritance of 2018-07-01"),
        ),
        (
            {"inheritance": {"window": {"years": 1}}, "last_day_roll": "next-business-day"},
            [died("2018-06-28"), inherited("2018-07-01")],
            "2018-07-01",
            (5, "item 11(3)", f"1 year after the inheritance of 2018-07-01{ROLLED}"),
        ),
        (
            FREE,
            [transferred("2018-06-28", 24)],
            "2018-07-01",
            (None, "item 7", "received by transfer from director-1: exercisable throughout the period"),
        ),
    ],
)
def test_a_window_says_what_opened_it(
    conditions: dict[str, Any], happened: list[Any], on: str, first: tuple[Any, ...]
) -> None:
    story = given(*series_7(conditions), allotted(24), *happened)
    assert because(story.book.eligibility(day(on))) == [first, PERIOD, STEPS[0]]


@pytest.mark.parametrize(
    ("happened", "first"),
    [
        ([departed("2018-06-28")], (4, "item 11(2)", "10 days from the day after the departure of 2018-06-28")),
        ([died("2018-06-28")], (4, "item 11(3)", "director-1 died on 2018-06-28; the rights wait for an heir")),
        (
            [died("2018-06-28"), inherited("2018-06-29")],
            (5, "item 11(3)", "6 months after the inheritance of 2018-06-29"),
        ),
    ],
)
def test_a_window_that_runs_on_after_a_replacement_rests_on_what_opened_it(
    happened: list[Any], first: tuple[Any, ...]
) -> None:
    story = given(*series_7(), allotted(24), *happened, restructured("2018-07-01", "share-exchange"))
    assert because(story.book.eligibility(day("2018-07-02")), series="7@HD")[0] == first


def test_what_lapsed_at_a_death_says_that_nothing_passes_on() -> None:
    story = given(*series_7({"inheritance": None}), allotted(24), died("2018-07-01"))
    assert because(story.holdings("2018-07-01"))[1] == (
        4,
        "Companies Act 287",
        "lapsed 24 on 2018-07-01, no day being left (item 11(3): director-1 died on 2018-07-01; nothing passes on)",
    )


def test_what_had_lapsed_before_an_heir_died_goes_on_having_lapsed_then() -> None:
    story = given(*series_7(), allotted(24), died("2018-06-28"), inherited("2018-07-01"))
    (heirs,) = [row for row in story.then(died("2019-02-01", "heir-1")).holdings("2019-03-01") if row.inherited_from]
    assert heirs.because[1].says.startswith("lapsed 24 on 2019-01-02, ")
