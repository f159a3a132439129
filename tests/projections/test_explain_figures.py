"""Why shares, prices, sums and capital are what they are, word for word; and what cannot be explained."""

from typing import Any

import pytest

from ledger.domain.errors import LedgerError
from tests.projections.explaining import PERIOD, explained, steps
from tests.scenario import (
    Story,
    acquired,
    adjusted,
    allotted,
    appointed,
    cancelled,
    company,
    consolidated,
    day,
    departed,
    died,
    exercised,
    given,
    inherited,
    issue,
    one,
    pricing,
    restructured,
    retraction,
    series_7,
    split,
    transferred,
)

SHARES = [
    (2, "item 3", "the terms give 667 shares per right"),
    (
        6,
        "item 3",
        "consolidation effective on 2018-05-01: 667 × 1/2 = 333.5, the fraction dropped: 333 shares per right",
    ),
    (7, "item 3", "split, record date 2018-05-31, effective on 2018-06-01: 333 × 3 = 999 shares per right"),
    (
        8,
        "item 3",
        "consolidation effective on 2018-06-02: 999 × 1/7 = 142 5/7, the fraction dropped: 142 shares per right",
    ),
    (9, "item 3", "adjustment effective on 2018-06-15: set to 143 shares per right"),
]
REPLACED = (
    12,
    "item 9",
    "restructuring effective on 2019-07-01: 143 × 1/3 = 47 2/3, the fraction dropped: 47 shares per right",
)


@pytest.fixture(scope="module")
def story() -> Story:
    return given(
        company(),
        issue(shares_per_right=667, exercise_price=100, exercise_price_adjustment="inverse"),
        pricing("2113.5"),
        allotted(24),
        allotted(10, "director-2"),
        consolidated("1/2", "2018-05-01"),
        split("3", "2018-05-31"),
        consolidated("1/7", "2018-06-02"),
        adjusted(143, "2018-06-15"),
        acquired("2018-06-20", ["director-2"], approved_on="2018-06-19"),
        cancelled("2018-06-21", 4),
        restructured("2019-07-01", ratio="1/3", series_map={"7": "7HD"}),
        departed("2019-07-02"),
        exercised("2019-07-03", 4, series="7HD"),
    )


def test_the_shares_per_right_with_every_fraction(story: Story) -> None:
    assert [step for step in steps(explained(story, "2018-07-01")) if step[1] == "item 3"] == SHARES
    assert [step for step in steps(explained(story, "2019-07-02", series="7HD")) if "shares per right" in step[2]] == [
        *SHARES, REPLACED
    ]  # fmt: skip


def test_the_exercise_price_with_every_fraction(story: Story) -> None:
    row = explained(story, "2019-07-03", series="7HD")
    assert [step for step in steps(row) if step[1] == "item 4"] == [
        (2, "item 4", "the terms give 100 yen a share to pay"),
        (6, "item 4", "consolidation of 2018-05-01: 100 ÷ 1/2 = 200 yen"),
        (7, "item 4", "split of 2018-06-01: 200 ÷ 3 = 66 2/3, rounded up: 67 yen"),
        (8, "item 4", "consolidation of 2018-06-02: 67 ÷ 1/7 = 469 yen"),
        (12, "item 4", "restructuring of 2019-07-01: 469 ÷ 1/3 = 1,407 yen"),
        (None, "item 4", "940 shares × 1,407 yen = 1,322,580 yen"),
    ]


def test_a_payment_that_is_rounded() -> None:
    story = given(*series_7(exercise_price="1.3", shares_per_right=1), allotted(3), departed("2018-06-28"))
    last = steps(explained(story, "2018-07-01"))[-1]
    assert last == (None, "item 4", "3 shares × 1.3 yen = 3.9, rounded up: 4 yen")


def test_a_series(story: Story) -> None:
    row = explained(story, "2018-07-01", None)
    assert (row.answer, row.sentence) == (
        "series", "24 rights of series 7 are outstanding on 2018-07-01, for 3,432 shares: 143 a right"
    )  # fmt: skip
    assert steps(row) == [
        (2, "item 2", "at most 245 rights"),
        (2, "item 5", f"the exercise period is {PERIOD}"),
        (4, "item 15", "allotted 24 to director-1 on 2017-07-14"),
        (5, "item 15", "allotted 10 to director-2 on 2017-07-14"),
        (10, "item 8", "acquired 10 on 2018-06-20"),
        (None, "domain.md 11", "34 allotted − 10 acquired = 24 outstanding"),
        (11, "item 8", "cancelled 4 on 2018-06-21"),
        (None, "item 8", "10 acquired − 4 cancelled = 6 held by the company"),
        *SHARES,
        (None, "items 3, 10", "24 rights × 143 = 3,432 shares"),
        (2, "item 4", "the terms give 100 yen a share to pay"),
        (6, "item 4", "consolidation of 2018-05-01: 100 ÷ 1/2 = 200 yen"),
        (7, "item 4", "split of 2018-06-01: 200 ÷ 3 = 66 2/3, rounded up: 67 yen"),
        (8, "item 4", "consolidation of 2018-06-02: 67 ÷ 1/7 = 469 yen"),
        (3, "item 12", "2,113.5 yen a share fixed on 2017-07-14; 1,409,705 a right "
         "(× the shares per right of the terms, rounded up)"),
    ]  # fmt: skip


def test_what_the_company_holds_by_several_cancellations() -> None:
    story = given(
        *series_7(), issue("8"), allotted(), allotted(9, series="8"), acquired("2018-06-20", approved_on="2018-06-19"),
        acquired("2018-06-20", approved_on="2018-06-19", series="8"), cancelled("2018-06-21", 4),
        cancelled("2018-06-22", 3), cancelled("2018-06-22", 2, "8"),
    )  # fmt: skip
    assert [step for step in steps(explained(story, "2018-07-01", None)) if "cancelled" in step[2]] == [
        (8, "item 8", "cancelled 4 on 2018-06-21"),
        (9, "item 8", "cancelled 3 on 2018-06-22"),
        (None, "item 8", "24 acquired − 7 cancelled = 17 held by the company"),
    ]


def test_only_the_splits_that_could_not_be_relied_on_that_day_are_told() -> None:
    story = given(
        *series_7(), allotted(24), departed("2018-06-28"), exercised("2018-06-29", 4),
        split("2", "2018-03-31", meeting_closed_on="2018-06-28"),
        split("3", "2018-04-30", meeting_closed_on="2018-06-29"),
    )  # fmt: skip
    assert [step for step in steps(one(story.book.explain(version=5))) if step[1] == "item 3, proviso"] == [
        (7, "item 3, proviso", "the split of 2018-05-01 could be relied on from 2018-06-30, the day after its meeting "
         "closed"),
        (5, "item 3, proviso", "on 2018-06-29 4 rights × 400 = 1,600 shares could be had; 3,200 of 4,800 were still "
         "due"),
    ]  # fmt: skip


def test_a_series_that_replaces_another_and_one_that_lapsed(story: Story) -> None:
    assert steps(explained(story, "2019-07-12", None, "7"))[-1][1] == "item 12"
    row = explained(story, "2019-07-13", None, "7HD")
    assert steps(row)[:6] == [
        (12, "item 9", "24 rights replace as many of series 7"),
        (12, "item 5", "the exercise period is 2019-07-01 to 2047-07-14"),
        (12, "item 9", "received 24 on 2019-07-01"),
        (14, "items 4, 5", "exercised 4 by director-1 on 2019-07-03"),
        (13, "Companies Act 287", "director-1: lapsed 20 on 2019-07-13, no day being left "
         "(item 11(2): 10 days from the day after the departure of 2019-07-02)"),
        (None, "domain.md 11", "24 received − 4 exercised − 20 lapsed = 0 outstanding"),
    ]  # fmt: skip


def test_a_series_in_which_rights_only_change_hands() -> None:
    story = given(*series_7({"transfer": "free"}), allotted(), transferred("2018-01-10", 3), died("2018-02-01"))
    story.then(inherited("2018-02-02"))
    assert [step[2] for step in steps(explained(story, "2018-02-02", None))][2:4] == [
        "allotted 24 to director-1 on 2017-07-14", "24 allotted = 24 outstanding"
    ]  # fmt: skip


def test_a_series_without_rights() -> None:
    row = explained(given(*series_7()), "2017-07-01", None)
    assert (None, "domain.md 11", "0 allotted = 0 outstanding") in steps(row)


def test_an_exercise_before_its_split_could_be_relied_on() -> None:
    story = given(
        *series_7(), pricing("1900"), allotted(24), departed("2018-03-30"),
        exercised("2018-04-02", 4, treasury_shares=100), split("2", "2018-03-31", meeting_closed_on="2018-06-28"),
    )  # fmt: skip
    row = one(story.book.explain(version=6))
    assert (row.version, str(row.on), row.answer) == (6, "2018-04-02", "exercise")
    assert row.sentence == (
        "director-1 exercised 4 rights of series 7 on 2018-04-02: 1,600 shares for 1,600 yen paid; with the "
        "price of the rights, capital rises by 713,250 yen and capital reserve by 713,250 yen"
    )
    assert steps(row) == [
        (6, "items 4, 5", "exercised 4 on 2018-04-02"),
        (2, "item 3", "the terms give 200 shares per right"),
        (7, "item 3", "split, record date 2018-03-31, effective on 2018-04-01: 200 × 2 = 400 shares per right; "
         "to be relied on from 2018-06-29 (proviso)"),
        (None, "items 3, 10", "4 rights × 400 = 1,600 shares"),
        (7, "item 3, proviso", "the split of 2018-04-01 could be relied on from 2018-06-29, the day after its meeting "
         "closed"),
        (6, "item 3, proviso", "on 2018-04-02 4 rights × 200 = 800 shares could be had; 800 of 1,600 were still due"),
        (2, "item 4", "the terms give 1 yen a share to pay"),
        (3, "item 12", "1,900 yen a share fixed on 2017-07-14; 380,000 a right (× the shares per right of the terms, "
         "rounded up)"),
        (6, "item 4", "payment: 1,600 shares × 1 yen = 1,600 yen, rounded up"),
        (6, "item 6", "limit: (1,600 + 380,000 × 4 rights) × 1,500 new of 1,600 shares = 1,426,500 yen, the fraction "
         "dropped (Ordinance on Company Accounting 17)"),
        (6, "item 6", "capital: half of 1,426,500, rounded up, is 713,250; the rest, 713,250, is reserve"),
    ]  # fmt: skip


@pytest.mark.parametrize(
    ("asked", "code", "message"),
    [
        ({}, "malformed", "a series is to be named, or the version of an exercise"),
        ({"version": 3, "series": "7"}, "malformed",
         "a version says which exercise; a series, a holder or a day is none"),
        ({"series": "7", "inherited_from": "x"}, "malformed", "a holder is to be named with whom the rights came from"),
        ({"version": 3}, "malformed", "version 3 is an entry of the kind allotment; `--version` explains an exercise"),
        ({"version": 5}, "malformed",
         "version 5 was retracted by version 6: nothing follows from it; `--version` explains an exercise"),
        ({"version": 7}, "malformed",
         "the ledger main is at version 6; there is no version 7; `--version` explains an exercise"),
        ({"version": 0}, "malformed",
         "the ledger main is at version 6; there is no version 0; `--version` explains an exercise"),
        ({"series": "8"}, "unknown-series",
         "series 8 is not known on 2018-07-09; it must be resolved by then (domain.md 3)"),
        ({"series": "7", "holder": "nobody"}, "unknown-holder",
         "nobody is not known on 2018-07-09; a holder is known by an allotment, an appointment, an inheritance or a "
         "transfer effective by that day"),
        ({"series": "7", "holder": "clerk"}, "unknown-holding",
         "a holding of clerk in series 7 is not known on 2018-07-09; clerk has none in any series (domain.md 6)"),
        ({"series": "7", "holder": "director-1", "inherited_from": "x"}, "unknown-holding",
         "a holding of director-1 in series 7 inherited from x is not known on 2018-07-09; known: a holding of "
         "director-1 in series 7; name it by series, `inherited_from` and `transferred_from` (contract.md)"),
    ],
)  # fmt: skip
def test_what_cannot_be_explained(asked: dict[str, Any], code: str, message: str) -> None:
    story = given(*series_7(), allotted(), departed("2018-06-28"), exercised("2018-07-01", 1)).then(retraction(5))
    story.then(appointed("2018-01-01", holder="clerk")) if asked.get("holder") == "clerk" else None
    on = None if "version" in asked else day("2018-07-09")
    with pytest.raises(LedgerError) as refused:
        story.book.explain(on, **asked)
    assert (refused.value.code, refused.value.message) == (code, message)


def test_of_an_empty_ledger_nothing_is_explained() -> None:
    with pytest.raises(LedgerError, match="series 7 is not known on 2018-07-09"):
        given().book.explain(day("2018-07-09"), series="7")


def test_as_known_before() -> None:
    story = given(*series_7(), allotted()).then(departed("2018-06-28"))
    assert explained(story, "2018-07-09", known_version=3).answer == "in-office"
