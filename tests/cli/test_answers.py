"""The JSON answers other programs read: keys, their order, types; nothing else on standard output."""

import json
from collections.abc import Mapping
from typing import Any

import pytest

from tests.cli.conftest import record_at
from tests.cli.terminal import Rights
from tests.scenario import acquired, company, issue, pricing

# Keys of the contract, in its order; after the bar those that we add.
ROWS: Mapping[str, tuple[str, str]] = {
    "holdings": (
        "series holder inherited_from transferred_from allotted received outstanding exercised lapsed waived acquired "
        "extinguished replaced passed_on shares_per_right shares",
        "",
    ),
    "series": (
        "series company name max_rights allotted received outstanding exercised lapsed waived acquired extinguished "
        "replaced shares_per_right shares exercise_price exercise_from exercise_until price_per_share price_per_right",
        "replaces replaced_by company_holds",
    ),
    "eligibility": (
        "series holder inherited_from transferred_from rights shares payment eligible from until reason",
        "",
    ),
    "exercises": (
        "version series holder inherited_from transferred_from on rights shares payment capital capital_reserve",
        "shares_still_due",
    ),
    "history": ("version type recorded_at actor retracted_by entry", "database_user backdated_days"),
}
DAYS = {"holdings": "as_of", "series": "as_of", "eligibility": "on", "exercises": "as_of"}


def answer(rights: Rights, question: str, *options: str) -> dict[str, Any]:
    day = DAYS.get(question)
    asked = () if day is None else (f"--{day.replace('_', '-')}", "2018-07-08")
    told = rights(question, *asked, *options, "--json")
    assert (told.code, told.err) == (0, "")
    document: dict[str, Any] = told.json
    assert told.out == json.dumps(document, ensure_ascii=False, indent=2) + "\n"
    return document


@pytest.mark.parametrize("question", ROWS)
def test_the_keys_and_their_order(small_ledger: Rights, question: str) -> None:
    document = answer(small_ledger, question)
    asked = [DAYS[question]] if question in DAYS else []
    assert list(document) == ["ledger", *asked, "known_version", "size", "root", "backdated", "rows"]
    assert (document["ledger"], document["known_version"]) == ("main", 11)
    contract, ours = ROWS[question]
    assert document["rows"]
    for row in document["rows"]:
        assert list(row) == [*contract.split(), *ours.split()]


@pytest.mark.parametrize("question", ["holdings", "series", "eligibility", "exercises"])
def test_with_why_every_row_has_its_reasons_last(small_ledger: Rights, question: str) -> None:
    for row in answer(small_ledger, question, "--why")["rows"]:
        assert list(row)[-1] == "because"
        assert row["because"]
        assert all(list(reason) == ["version", "item", "says"] for reason in row["because"])


def test_holdings(small_ledger: Rights) -> None:
    rows = answer(small_ledger, "holdings", "--holder", "director-1")["rows"]
    assert rows == [{
        "series": "7", "holder": "director-1", "inherited_from": None, "transferred_from": None, "allotted": 24,
        "received": 0, "outstanding": 20, "exercised": 4, "lapsed": 0, "waived": 0, "acquired": 0, "extinguished": 0,
        "replaced": 0, "passed_on": 0, "shares_per_right": 200, "shares": 4_000,
    }]  # fmt: skip


def test_series(small_ledger: Rights) -> None:
    (row,) = answer(small_ledger, "series")["rows"]
    assert row == {
        "series": "7", "company": "IIJ", "name": "7", "max_rights": 245, "allotted": 41, "received": 0,
        "outstanding": 37, "exercised": 4, "lapsed": 0, "waived": 0, "acquired": 0, "extinguished": 0, "replaced": 0,
        "shares_per_right": 200, "shares": 7_400, "exercise_price": 1, "exercise_from": "2017-07-15",
        "exercise_until": "2047-07-14", "price_per_share": 1_900, "price_per_right": 380_000, "replaces": None,
        "replaced_by": [], "company_holds": 0,
    }  # fmt: skip


def test_amounts_with_decimals_are_strings(rights: Rights) -> None:
    record_at("2021-04-01T09:30:00+09:00", [company(), issue(exercise_price="126.28"), pricing("0.5")])
    (row,) = rights("series", "--as-of", "2018-07-08", "--json").json["rows"]
    assert (row["exercise_price"], row["price_per_share"], row["price_per_right"]) == ("126.28", "0.5", 100)


def test_eligibility(small_ledger: Rights) -> None:
    rows = answer(small_ledger, "eligibility")["rows"]
    assert rows[:2] == [
        {
            "series": "7", "holder": "director-1", "inherited_from": None, "transferred_from": None, "rights": 20,
            "shares": 4_000, "payment": 4_000, "eligible": True, "from": "2018-06-29", "until": "2018-07-08",
            "reason": None,
        },
        {
            "series": "7", "holder": "director-2", "inherited_from": None, "transferred_from": None, "rights": 10,
            "shares": 2_000, "payment": 2_000, "eligible": False, "from": None, "until": None, "reason": "in-office",
        },
    ]  # fmt: skip


@pytest.mark.parametrize(("on", "holder", "reason"), [
    ("2018-06-28", "director-1", "not-yet-open"), ("2018-06-27", "director-1", "in-office"),
    ("2019-02-11", "director-2", "awaiting-heir"), ("2019-03-15", "heir-1", None),
])  # fmt: skip
def test_the_reasons_why_not(small_ledger: Rights, on: str, holder: str, reason: str | None) -> None:
    (row,) = small_ledger("eligibility", "--on", on, "--holder", holder, "--json").json["rows"]
    assert (row["eligible"], row["reason"]) == (reason is None, reason)


def test_exercises(small_ledger: Rights) -> None:
    assert answer(small_ledger, "exercises")["rows"] == [{
        "version": 8, "series": "7", "holder": "director-1", "inherited_from": None, "transferred_from": None,
        "on": "2018-07-02", "rights": 4, "shares": 800, "payment": 800, "capital": 760_400,
        "capital_reserve": 760_400, "shares_still_due": 0,
    }]  # fmt: skip


def test_history(small_ledger: Rights) -> None:
    document = answer(small_ledger, "history", "--since-version", "9")
    proof = {"size": 11, "root": document["root"], "backdated": 11}
    assert document == {"ledger": "main", "known_version": 11, **proof, "rows": [
        {
            "version": 10, "type": "inheritance", "recorded_at": "2021-04-01T00:30:00.000000Z", "actor": "hr",
            "retracted_by": None,
            "entry": {"heir": "heir-1", "holder": "director-2", "on": "2019-03-15", "type": "inheritance"},
            "database_user": None, "backdated_days": 748,
        },
        {
            "version": 11, "type": "split", "recorded_at": "2021-04-01T00:30:00.000000Z", "actor": "hr",
            "retracted_by": None,
            "entry": {"company": "IIJ", "ratio": "2", "record_date": "2020-12-31", "type": "split"},
            "database_user": None, "backdated_days": 90,
        },
    ]}  # fmt: skip


def test_rows_are_sorted_by_series_and_holding(small_ledger: Rights) -> None:
    rows = small_ledger("holdings", "--as-of", "2021-01-01", "--json").json["rows"]
    keys = [(row["series"], row["holder"], row["inherited_from"] or "", row["transferred_from"] or "") for row in rows]
    assert keys == sorted(keys)
    record_at("2021-04-02T09:30:00+09:00", [acquired("2021-03-31", approved_on="2021-03-30", kind="merger")])
    (row,) = small_ledger("series", "--as-of", "2021-03-31", "--json").json["rows"]
    assert (row["acquired"], row["company_holds"]) == (7, 7)


def test_outstanding_leaves_out_the_others(small_ledger: Rights) -> None:
    rows = small_ledger("holdings", "--as-of", "2021-01-01", "--outstanding", "--json").json["rows"]
    assert [row["holder"] for row in rows] == ["officer-1"]


def test_keeping_answers_in_json_too(small_ledger: Rights) -> None:
    assert small_ledger("init", "--json").answer == {"ledger": "main", "version": 11}
    assert small_ledger("db", "upgrade", "--json").json == {"revision": "0004", "changed": False}
    assert small_ledger("verify", "--json").answer == {
        "ledger": "main", "version": 11, "damaged": False, "restorations": [], "checkpoints": [], "receipts": [],
    }  # fmt: skip


def test_an_error_is_one_json_document_on_standard_error(small_ledger: Rights) -> None:
    told = small_ledger("holdings", "--holder", "directer-1", "--json")
    assert told.code == 1
    assert told.err == json.dumps({"error": {
        "code": "unknown-holder",
        "message": "holder directer-1 is not known on any day (did you mean director-1?)",
        "line": None,
    }}) + "\n"  # fmt: skip


def test_the_value_of_a_right(rights: Rights) -> None:
    """The notice of 2014: 422,600 yen a right, 2,113 a share, of an option price of 2,112.63."""
    told = rights(
        *("value", "--share-price", "2422", "--exercise-price", "1", "--term", "15", "--volatility", "0.45"),
        *("--rate", "0.00978", "--dividend", "22", "--shares-per-right", "200", "--json"),
    )
    assert told.code == 0
    assert list(told.json) == ["option_price", "price_per_share", "price_per_right"]
    assert told.json["option_price"].startswith("2112.63")
    assert (told.json["price_per_share"], told.json["price_per_right"]) == ("2113", "422600")
