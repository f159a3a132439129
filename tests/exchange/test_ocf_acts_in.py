"""Packages of others: transfers, inheritances, cancellations and exercises, with what is left under another id."""

from datetime import date, timedelta

import pytest

from ledger.domain.errors import RefusedError
from tests.exchange.packages_of_others import (
    Given,
    Json,
    cancellation,
    exercise,
    left,
    option,
    planned,
    shares_on,
    split,
    stakeholder,
    status,
    transfer,
    tx,
)

TWO_FOR_ONE = split("2", "1", "2023-01-01")


def test_a_transfer_leaves_the_rest_under_another_id(given: Given) -> None:
    """2,000 through 2:1 are 4,000; 1,000 go to b, who exercises 400 of them; a exercises 600 of the 3,000 left."""
    book = given.book(
        option("s1", "a", "2000"),
        TWO_FOR_ONE,
        transfer("s1", "1000", "2023-02-01", ["s2"], balance_security_id="s3"),
        option("s2", "b", "1000", "2023-02-01"),
        option("s3", "a", "3000", "2023-02-01"),
        exercise("s2", "400", "2023-03-01", "of b"),
        exercise("s3", "600", "2023-03-01", "of a"),
    )
    assert shares_on(book, "2023-01-31", "2023-02-01", "2023-03-01") == [
        {"a": 4000},
        {"a": 3000, "b": 1000},
        {"a": 2400, "b": 600},
    ]
    [row] = [row for row in book.holdings(as_of=date(2023, 3, 1)) if row.holder == "b"]
    assert (row.transferred_from, row.received, row.exercised) == ("a", 500, 200)


def test_a_transfer_to_somebody_unknown_is_listed_and_the_giver_keeps_the_rights(given: Given) -> None:
    plan_ = given.plan(option("s1", "a", "2000"), transfer("s1", "500", "2023-02-01", ["nowhere"]))
    assert planned(plan_, "transfer") == []
    says = "who receives the rights is not in the package; a keeps them here"
    assert f"TX_EQUITY_COMPENSATION_TRANSFER (transfer): {says}" in left(plan_)


def test_what_a_transfer_gives_and_what_is_received_must_agree(given: Given) -> None:
    plan_ = given.plan(
        option("s1", "a", "2000"), transfer("s1", "500", "2023-02-01", ["s2"]), option("s2", "b", "400", "2023-02-01")
    )
    [problem] = plan_.problems
    assert problem.says == (
        "TX_EQUITY_COMPENSATION_TRANSFER transfer: 500 shares are passed on, and those who receive them are given 400"
    )


@pytest.mark.parametrize(
    ("windows", "last"),
    [
        ([{"reason": "INVOLUNTARY_DEATH", "period": 6, "period_type": "MONTHS"}], "2023-08-01"),
        ([{"reason": "VOLUNTARY_OTHER", "period": 6, "period_type": "MONTHS"}], "2031-12-31"),
        ([], "2031-12-31"),
    ],
)
def test_what_passes_on_from_the_dead_is_inherited(given: Given, windows: list[Json], last: str) -> None:
    """Six months from the day of inheriting, 1 August included; without a window, to the end of the period."""
    after = f"{date.fromisoformat(last) + timedelta(days=1)}"
    book = given.book(
        option("s1", "a", "2000", termination_exercise_windows=windows),
        status("a", "TERMINATION_INVOLUNTARY_DEATH", "2023-01-10"),
        transfer("s1", "2000", "2023-02-01", ["s2"]),
        option("s2", "b", "2000", "2023-02-01"),
        exercise("s2", "500", "2023-08-01"),
    )
    assert shares_on(book, "2023-01-31", "2023-02-01", last, after) == [{"a": 2000}, {"b": 2000}, {"b": 1500}, {}]


def test_a_cancellation_is_a_waiver_and_its_balance_goes_on(given: Given) -> None:
    plan_ = given.plan(
        option("s1", "a", "2000"),
        cancellation("s1", "500", "2023-02-01", balance_security_id="s2"),
        option("s2", "a", "1500", "2023-02-01"),
        exercise("s2", "100", "2023-03-01"),
    )
    assert planned(plan_, "waiver") == [
        {
            "type": "waiver",
            "series": "2022 Plan 2022-01-01",
            "holder": "a",
            "rights": 500,
            "on": "2023-02-01",
            "note": "cancelled, by the package",
        }
    ]
    assert shares_on(given.taken(plan_), "2023-02-01", "2023-03-01") == [{"a": 1500}, {"a": 1400}]


@pytest.mark.parametrize(("on", "waived"), [("2023-03-31", 2000), ("2023-04-01", 0)])
def test_what_is_cancelled_after_the_window_has_lapsed_already(given: Given, on: str, waived: int) -> None:
    """Left on 2022-12-31, three months: until 2023-03-31."""
    windows = [{"reason": "VOLUNTARY_OTHER", "period": 3, "period_type": "MONTHS"}]
    plan_ = given.plan(
        option("s1", "a", "2000", termination_exercise_windows=windows),
        status("a", "TERMINATION_VOLUNTARY_OTHER", "2022-12-31"),
        cancellation("s1", "2000", on),
    )
    assert sum(each["rights"] for each in planned(plan_, "waiver")) == waived
    lapsed = [each for each in left(plan_) if "the rights have lapsed by themselves" in each]
    assert len(lapsed) == (0 if waived else 1)
    [row] = given.taken(plan_).holdings(as_of=date(2023, 4, 2))
    assert (row.waived, row.lapsed, row.outstanding) == (waived, 2000 - waived, 0)


def test_what_was_retracted_was_never_granted(given: Given) -> None:
    taken_back = tx("EQUITY_COMPENSATION_RETRACTION", "oops", "2022-02-01", security_id="s1", reason_text="a mistake")
    plan_ = given.plan(option("s1", "a", "2000"), option("s2", "b", "300"), taken_back)
    assert shares_on(given.taken(plan_), "2022-01-01") == [{"b": 300}]
    assert "TX_EQUITY_COMPENSATION_RETRACTION (oops): the issuance that it takes back is not recorded" in left(plan_)


def test_an_exercise_beyond_what_is_held_is_refused_with_its_place(given: Given) -> None:
    plan_ = given.plan(option("s1", "a", "2000"), exercise("s1", "2001", "2023-06-01"))
    with pytest.raises(RefusedError, match=r"^insufficient-rights: sheet transactions\.ocf\.json, row 2: a cannot"):
        given.taken(plan_)


def test_an_exercise_on_the_day_of_a_split_is_of_new_shares(given: Given) -> None:
    book = given.book(option("s1", "a", "2000"), TWO_FOR_ONE, exercise("s1", "1600", "2023-01-01"))
    assert shares_on(book, "2023-01-01") == [{"a": 2400}]


def test_a_split_on_the_day_of_a_grant_does_not_concern_it(given: Given) -> None:
    """Three options of that day are three rights of one share, though 3:2 would want two in each right."""
    plan_ = given.plan(option("s1", "a", "3"), split("3", "2", "2022-01-01"), exercise("s1", "2", "2022-02-01"))
    assert [each["rights"] for each in planned(plan_, "allotment", "exercise")] == [3, 2]
    assert shares_on(given.taken(plan_), "2022-02-01") == [{"a": 1}]


def test_a_transfer_on_the_day_of_a_death_was_made_by_the_living(given: Given) -> None:
    plan_ = given.plan(
        option("s1", "a", "2000"),
        status("a", "TERMINATION_INVOLUNTARY_DEATH", "2023-02-01"),
        transfer("s1", "2000", "2023-02-01", ["s2"]),
        option("s2", "b", "2000", "2023-02-01"),
    )
    assert [each["type"] for each in planned(plan_, "transfer", "inheritance")] == ["transfer"]
    assert shares_on(given.taken(plan_), "2023-02-01") == [{"b": 2000}]


def test_rights_of_the_dead_that_are_cancelled_wait_for_an_heir_and_that_is_told(given: Given) -> None:
    plan_ = given.plan(
        option("s1", "a", "2000"),
        status("a", "TERMINATION_INVOLUNTARY_DEATH", "2023-02-01"),
        cancellation("s1", "2000", "2023-02-02"),
    )
    assert planned(plan_, "waiver") == []
    assert [each for each in left(plan_) if each.startswith("not recorded as a waiver, its holder has died")] != []
    assert shares_on(given.taken(plan_), "2023-02-02") == [{"a": 2000}]


def test_two_heirs_of_one_series_stop_the_import(given: Given) -> None:
    plan_ = given.plan(
        stakeholder("c"),
        option("s1", "a", "2000"),
        status("a", "TERMINATION_INVOLUNTARY_DEATH", "2023-02-01"),
        transfer("s1", "2000", "2023-02-02", ["s2", "s3"]),
        option("s2", "b", "1500", "2023-02-02"),
        option("s3", "c", "500", "2023-02-02"),
    )
    assert [each.says for each in plan_.problems] == [
        "TX_EQUITY_COMPENSATION_TRANSFER transfer: a has died, and one heir takes all rights of a series: b did"
    ]


def test_a_balance_that_is_not_what_is_left_is_told(given: Given) -> None:
    plan_ = given.plan(
        option("s1", "a", "2000"),
        cancellation("s1", "500", "2023-02-01", balance_security_id="s2"),
        option("s2", "a", "1400", "2023-02-01"),
    )
    assert (
        "TX_EQUITY_COMPENSATION_CANCELLATION cancellation: its balance is issued for 1400 shares, and 1500 are left; "
        "these count" in left(plan_)
    )
    assert shares_on(given.taken(plan_), "2023-02-01") == [{"a": 1500}]


def test_of_rights_that_are_all_gone_no_share_is_said_to_stay(given: Given) -> None:
    """1,001 shares before 3:2 are 500 rights; whoever exercises all 1,501 has none left."""
    plan_ = given.plan(option("s1", "a", "1001"), split("3", "2", "2023-01-01"), exercise("s1", "1501", "2024-01-01"))
    assert shares_on(given.taken(plan_), "2023-12-31", "2024-01-01") == [{"a": 1500}, {}]
    assert [each for each in left(plan_) if "stay in the ledger" in each] == []
