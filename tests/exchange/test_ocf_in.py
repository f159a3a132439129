"""Packages of others in Open Cap Format: their figures, in shares, are those of the ledger after the import."""

from datetime import date
from pathlib import Path

import pytest

from ledger.domain.errors import MalformedError
from ledger.exchange.packages.ocf_package import open_package
from ledger.exchange.packages.ocf_reading import package_plan
from ledger.exchange.taking import take
from tests.exchange.packages_of_others import (
    ONE_COMPANY,
    SHARED,
    Given,
    archive,
    exercise,
    files_of,
    left,
    option,
    planned,
    shares_on,
    split,
    stock_class,
    tx,
)

needs_samples = pytest.mark.skipif(not SHARED.is_dir(), reason="the samples of the format do not lie beside the clone")
TWO_FOR_ONE = split("2", "1", "2023-01-01")


# What the ledger makes of a package.


def test_a_package_is_a_company_a_series_and_its_allotments(given: Given) -> None:
    plan_ = given.plan(option("s1", "a", "2000.00"), option("s2", "b", "500"))
    assert plan_.problems == ()
    assert planned(plan_, "company", "issue", "allotment") == [
        {
            "type": "company",
            "company": "Kabushiki Kaisha Rei",
            "name": "Kabushiki Kaisha Rei",
            "on": "2001-04-01",
            "currency": "JPY",
        },
        {
            "type": "issue",
            "series": "2022 Plan 2022-01-01",
            "on": "2022-01-01",
            "terms": {
                "company": "Kabushiki Kaisha Rei",
                "name": "2022 Plan",
                "max_rights": 2500,
                "shares_per_right": 1,
                "exercise_price": 100,
                "exercise_period": {"from": "2022-01-01", "until": "2031-12-31"},
                "allotment_date": "2022-01-01",
                "payment": "none",
                "conditions": {
                    "while_in_office": True,
                    "after_departure": None,
                    "inheritance": {"window": {"years": 1000}},
                    "transfer": "free",
                },
                "exercise_price_adjustment": "inverse",
            },
        },
        {
            "type": "allotment",
            "series": "2022 Plan 2022-01-01",
            "holder": "a",
            "position": "employee",
            "rights": 2000,
            "on": "2022-01-01",
        },
        {
            "type": "allotment",
            "series": "2022 Plan 2022-01-01",
            "holder": "b",
            "position": "employee",
            "rights": 500,
            "on": "2022-01-01",
        },
    ]
    assert [each.entry["id"] for each in plan_.entries] == [
        "ocf-issuer",
        "ocf-issue-s1/issue",
        "ocf-issue-s1",
        "ocf-issue-s2",
    ]
    assert [each.entry["source"] for each in plan_.entries][2:] == [
        "transactions.ocf.json, TX_EQUITY_COMPENSATION_ISSUANCE issue-s1",
        "transactions.ocf.json, TX_EQUITY_COMPENSATION_ISSUANCE issue-s2",
    ]
    assert [str(each.place) for each in plan_.entries][2:] == [
        "sheet transactions.ocf.json, row 1",
        "sheet transactions.ocf.json, row 2",
    ]


@needs_samples
def test_the_tutorial_of_the_format_has_75000_options_left(given: Given) -> None:
    """100,000 granted on 2022-12-31, 25,000 of them exercised on 2024-01-31; a cliff of a year from 2022-12-31."""
    plan_ = package_plan(SHARED / "options-tutorial")
    assert plan_.problems == ()
    [issue] = planned(plan_, "issue")
    assert issue["terms"]["exercise_price"] == "0.1"
    assert issue["terms"]["exercise_period"] == {"from": "2023-12-31", "until": "2032-12-31"}
    assert issue["terms"]["conditions"]["after_departure"] == {"days": 1}
    jim = "be7d1e2e-0c9c-485b-a27d-a5c982c4e659"
    assert plan_.people == ((jim, {"roman": "Jim Jangles"}),)
    assert shares_on(given.taken(plan_), "2022-12-30", "2022-12-31", "2024-01-30", "2024-01-31", "2024-02-01") == [
        {},
        {jim: 100_000},
        {jim: 100_000},
        {jim: 75_000},
        {jim: 75_000},
    ]


@needs_samples
def test_the_samples_of_the_format_are_read_and_every_object_is_told_of() -> None:
    """They name people and securities that are nowhere: only the company and a split of its shares can be recorded."""
    samples = SHARED / "ocf-samples"
    plan_ = package_plan(samples)
    assert plan_.problems == ()
    assert planned(plan_, "company", "split") == [
        {"type": "company", "company": "ACME Industries", "name": "ACME Industries", "on": "2010-01-01"},
        {"type": "split", "company": "ACME Industries", "ratio": "2", "record_date": "2022-01-31"},
    ]
    assert len(plan_.entries) == 2
    told = "\n".join(left(plan_))
    used = {"STOCK_CLASS", "TX_STOCK_CLASS_SPLIT"}
    untold = [each.id for each in open_package(samples).objects if each.id not in told and each.kind not in used]
    assert untold == []


def test_the_same_package_again_records_nothing_also_under_another_name(given: Given, tmp_path: Path) -> None:
    objects = [option("s1", "a", "2000"), TWO_FOR_ONE, exercise("s1", "1600", "2023-06-01")]
    book = given.book(*objects)
    packed = archive(tmp_path, files_of(*ONE_COMPANY, *objects), "export (2).zip", inside="export/")
    again = take(book, package_plan(packed), actor="tests").outcome
    assert (again.there, again.version) == (5, 5)


# Shares there, rights here.


def test_a_split_and_an_exercise_leave_what_the_format_reckons(given: Given) -> None:
    """2,000 options through 2:1 are 4,000 shares; 1,600 of them exercised leave 2,400."""
    book = given.book(option("s1", "a", "2000"), TWO_FOR_ONE, exercise("s1", "1600", "2023-06-01"))
    assert shares_on(book, "2022-12-31", "2023-01-01", "2023-05-31", "2023-06-01") == [
        {"a": 2000},
        {"a": 4000},
        {"a": 4000},
        {"a": 2400},
    ]
    [row] = book.series(as_of=date(2023, 6, 1))
    assert (row.shares_per_right, row.outstanding, f"{row.exercise_price}") == (2, 1200, "50")
    [done] = book.exercises(as_of=date(2023, 6, 1))
    assert (done.rights, done.shares, done.payment) == (800, 1600, 80_000)


def test_options_granted_on_the_day_of_a_split_count_in_new_shares_already(given: Given) -> None:
    book = given.book(option("s1", "a", "10", "2022-12-31"), option("s2", "b", "10", "2023-01-01"), TWO_FOR_ONE)
    assert shares_on(book, "2023-01-01") == [{"a": 20, "b": 10}]


@pytest.mark.parametrize(
    ("steps", "quantity", "per_right", "rights", "after"),
    [
        ([("3", "2")], "1000", 2, 500, 1500),
        ([("1", "10")], "2000", 10, 200, 200),
        ([("3", "2"), ("3", "2")], "800", 4, 200, 1800),
        ([("3", "2"), ("2", "3")], "800", 2, 400, 800),
        ([("2.5", "1")], "800", 2, 400, 2000),
        ([("200", "1")], "7", 1, 7, 1400),
    ],
)
def test_a_right_has_the_fewest_shares_that_every_split_leaves_whole(
    given: Given, steps: list[tuple[str, str]], quantity: str, per_right: int, rights: int, after: int
) -> None:
    splits = [split(new, old, f"2023-0{n}-01", id_=f"split-{n}") for n, (new, old) in enumerate(steps, start=1)]
    plan_ = given.plan(option("s1", "a", quantity), *splits)
    [issue], [allotment] = planned(plan_, "issue"), planned(plan_, "allotment")
    assert (issue["terms"]["shares_per_right"], allotment["rights"]) == (per_right, rights)
    assert shares_on(given.taken(plan_), "2023-12-31") == [{"a": after}]


def test_a_share_that_makes_no_whole_right_is_told(given: Given) -> None:
    """1,001 shares through 3:2 are 1,501.5: rights of two shares leave one over; one share alone makes none at all."""
    plan_ = given.plan(option("s1", "a", "1001"), option("s2", "b", "1"), split("3", "2", "2023-01-01"))
    says = "make no whole right of 2 shares, the fewest that the splits leave whole: the ledger shows so many less"
    assert f"TX_EQUITY_COMPENSATION_ISSUANCE issue-s1: 1 of its 1001 shares {says}" in left(plan_)
    assert f"TX_EQUITY_COMPENSATION_ISSUANCE (issue-s2): 1 of its 1 shares {says}" in left(plan_)
    assert shares_on(given.taken(plan_), "2022-12-31", "2023-01-01") == [{"a": 1000}, {"a": 1500}]


def test_an_exercise_of_half_a_right_waits_for_the_other_half(given: Given) -> None:
    """A right is 2 shares: 1,601 are 800 rights, and 1 share waits; 399 more make 1,000 rights in all."""
    plan_ = given.plan(
        option("s1", "a", "2000"),
        TWO_FOR_ONE,
        exercise("s1", "1601", "2023-06-01", "first"),
        exercise("s1", "399", "2023-07-01", "second"),
    )
    assert [each["rights"] for each in planned(plan_, "exercise")] == [800, 200]
    told = [each for each in left(plan_) if "cannot be divided" in each]
    assert told == [
        "TX_EQUITY_COMPENSATION_EXERCISE first: a right is 2 shares on 2023-06-01 and cannot be divided: 1 of the "
        "shares that went from a stay in the ledger until another act makes the right whole"
    ]
    assert shares_on(given.taken(plan_), "2023-06-01", "2023-07-01") == [{"a": 2400}, {"a": 2000}]


def test_a_consolidation_of_securities_is_no_consolidation_of_shares(given: Given) -> None:
    merged = tx("STOCK_CONSOLIDATION", "merged", "2023-01-01", security_ids=["x", "y"], resulting_security_id="z")
    plan_ = given.plan(option("s1", "a", "2000"), merged)
    assert planned(plan_, "split", "consolidation") == []
    assert [each for each in left(plan_) if "TX_STOCK_CONSOLIDATION (merged)" in each] == [
        "TX_STOCK_CONSOLIDATION (merged): it puts holdings of shares together; the number of shares per old share "
        "stays as it was"
    ]


def test_a_split_of_other_shares_changes_no_right(given: Given) -> None:
    preferred = stock_class("preferred", "PREFERRED", "Series A")
    plan_ = given.plan(preferred, option("s1", "a", "2000"), split("2", "1", "2023-01-01", "preferred"))
    assert "TX_STOCK_CLASS_SPLIT (split): no rights over shares of its class are taken over" in left(plan_)
    assert shares_on(given.taken(plan_), "2023-01-01") == [{"a": 2000}]


def test_rights_over_two_classes_stand_under_two_companies(given: Given) -> None:
    """A split here is of all shares of a company; there it is of one class."""
    book = given.book(
        stock_class("preferred", "PREFERRED", "Series A"),
        option("s1", "a", "2000"),
        option("s2", "b", "300", stock_class_id="preferred"),
        TWO_FOR_ONE,
        split("5", "1", "2024-01-01", "preferred", "second"),
    )
    assert shares_on(book, "2022-12-31", "2023-01-01", "2024-01-01") == [
        {"a": 2000, "b": 300},
        {"a": 4000, "b": 300},
        {"a": 4000, "b": 1500},
    ]
    assert {row.company for row in book.series(as_of=date(2024, 1, 1))} == {
        "Kabushiki Kaisha Rei",
        "Kabushiki Kaisha Rei (Series A)",
    }


def test_prices_in_two_currencies_stand_under_two_companies(given: Given) -> None:
    dollars = {"amount": "0.25", "currency": "USD"}
    plan_ = given.plan(option("s1", "a", "2000"), option("s2", "b", "300", exercise_price=dollars))
    assert [(each["company"], each["currency"]) for each in planned(plan_, "company")] == [
        ("Kabushiki Kaisha Rei", "JPY"),
        ("Kabushiki Kaisha Rei (USD)", "USD"),
    ]


@pytest.mark.parametrize(
    ("amount", "currency", "adjustment", "kept"),
    [
        ("100", "USD", "inverse", None),  # 50: whole
        ("0.10", "USD", "fixed", "0.1"),  # 0.05, and rounded up it would be 1
        ("12.50", "USD", "fixed", "12.5"),  # 6.25, and 7
        ("25", "USD", "inverse", "13"),  # 12.50
        ("1", "JPY", "inverse", None),  # yen are rounded up by the rule
    ],
)
def test_a_split_divides_the_exercise_price_as_far_as_the_ledger_can(
    given: Given, amount: str, currency: str, adjustment: str, kept: str | None
) -> None:
    price = {"amount": amount, "currency": currency}
    plan_ = given.plan(option("s1", "a", "2000", exercise_price=price), TWO_FOR_ONE)
    [issue] = planned(plan_, "issue")
    assert issue["terms"]["exercise_price_adjustment"] == adjustment
    told = [each.rpartition(" ")[2] for each in left(plan_) if "its exercise price is" in each]
    assert told == ([] if kept is None else [kept])


@pytest.mark.parametrize("ratio", [{"numerator": "0", "denominator": "1"}, {"numerator": "2"}, "2:1", None])
def test_a_split_that_cannot_be_read_stops_the_import(given: Given, ratio: object) -> None:
    broken = tx("STOCK_CLASS_SPLIT", "split", "2023-01-01", stock_class_id="common", split_ratio=ratio)
    plan_ = given.plan(option("s1", "a", "2000"), broken)
    [problem] = plan_.problems
    assert problem.place == ("transactions.ocf.json", 2, "split_ratio")
    with pytest.raises(MalformedError, match=r"there is 1 problem, and nothing was recorded: sheet transactions\.ocf"):
        given.taken(plan_)
