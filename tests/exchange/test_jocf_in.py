"""Packages in JOCF, the Japanese variant: rights are counted as rights, with the shares of each."""

import json
from datetime import date
from pathlib import Path
from typing import Any

import pytest

from ledger.exchange.packages.ocf_reading import package_plan
from ledger.exchange.plan import Plan
from tests.exchange.packages_of_others import Given, Json, archive, left, planned, shares_on, tx

OPTION: Json = {
    "object_type": "TX_STOCK_OPTION_ISSUANCE",
    "id": "so-1",
    "description": "第1回新株予約権",
    "date": "2015-03-14",
    "unit_price": {"amount": "300", "currency": "JPY"},
    "share_per_unit": {"amount": "100", "currency": "JPY"},
    "quantity": "20",
    "securityholder_id": "yamada",
    "exercise_price": {"amount": "500", "currency": "JPY"},
    "exercise_period": {"from": "2017-03-15", "until": "2025-03-14"},
}
"""With what the schema has no field for: who holds it, and its price and period of exercise."""

HOLDER: Json = {
    "object_type": "SECURITY_HOLDER",
    "id": "yamada",
    "name": {"legal_name": "山田 太郎"},
    "address": "東京都千代田区1-1",
}
COMMON: Json = {"object_type": "STOCK_CLASS", "id": "common", "name": "普通株式", "class_type": "COMMON"}
SPLIT = tx(
    "STOCK_SPLIT", "split", "2016-11-14", stock_class_id="common", split_ratio={"numerator": "3", "denominator": "1"}
)


def written(*objects: Json) -> dict[str, bytes]:
    files = {"STOCK_CLASSES": [COMMON], "SECURITYHOLDERS": [HOLDER], "TRANSACTIONS": list(objects)}
    return {
        f"{name.title()}File.jocf.json": json.dumps({"file_type": f"JOCF_{name}_FILE", "items": items}).encode()
        for name, items in files.items()
    }


def read(where: Path, *objects: Json) -> Plan:
    return package_plan(archive(where, written(*objects), "rei.jocf.zip"))


def used(kind: str, quantity: object, on: str, **more: Any) -> Json:
    return tx(f"STOCK_OPTION_{kind}", kind.lower(), on, quantity=quantity, **more)


def test_options_are_rights_with_the_shares_of_each(tmp_path: Path, given: Given) -> None:
    """20 rights of 100 shares, 300 after the split of 1:3; 8 exercised and 2 cancelled leave 10."""
    plan = read(tmp_path, OPTION, SPLIT, used("EXERCISE", "8", "2019-06-10"), used("CANCELLATION", "2", "2019-08-02"))
    assert plan.problems == ()
    assert planned(plan, "company", "split", "issue", "pricing", "allotment") == [
        {"type": "company", "company": "rei", "name": "rei", "on": "2015-03-14", "currency": "JPY"},
        {"type": "split", "company": "rei", "ratio": "3", "record_date": "2016-11-13"},
        {
            "type": "issue",
            "series": "第1回新株予約権",
            "on": "2015-03-14",
            "terms": {
                "company": "rei",
                "name": "第1回新株予約権",
                "max_rights": 20,
                "shares_per_right": 100,
                "exercise_price": 500,
                "exercise_period": {"from": "2017-03-15", "until": "2025-03-14"},
                "allotment_date": "2015-03-14",
                "payment": "cash",
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
            "type": "pricing",
            "series": "第1回新株予約権",
            "on": "2015-03-14",
            "price_per_share": 3,
            "price_per_right": 300,
        },
        {
            "type": "allotment",
            "series": "第1回新株予約権",
            "holder": "yamada",
            "position": "holder",
            "rights": 20,
            "on": "2015-03-14",
        },
    ]
    assert plan.people == (("yamada", {"kanji": "山田 太郎", "address": "東京都千代田区1-1"}),)
    book = given.taken(plan)
    assert shares_on(book, "2016-11-13", "2016-11-14", "2019-06-10", "2019-08-02") == [
        {"yamada": 2000},
        {"yamada": 6000},
        {"yamada": 3600},
        {"yamada": 3000},
    ]
    [done] = book.exercises(as_of=date(2019, 6, 10))
    assert (done.rights, done.shares, done.payment) == (8, 2400, 2400 * 167)  # 500 ÷ 3, rounded up to the yen


@pytest.mark.parametrize("share_per_unit", ["100", 100, {"ammount": "100", "cuurency_code": "JPY"}, "100.0"])
def test_the_shares_of_a_right_are_read_however_they_are_written(tmp_path: Path, share_per_unit: object) -> None:
    plan = read(tmp_path, {**OPTION, "share_per_unit": share_per_unit})
    [issue] = planned(plan, "issue")
    assert (plan.problems, issue["terms"]["shares_per_right"]) == ((), 100)


@pytest.mark.parametrize(
    "respelled",
    [
        {"object_type": "TX_STOCK_OPTOIN_ISSUANCE"},
        {"object_type": "StockOptionIssuance"},
        {"object_type": "tx-stock-option-issuance"},
    ],
)
def test_names_are_read_however_they_are_spelled(tmp_path: Path, respelled: Json) -> None:
    camel = {
        "unitPrice": OPTION["unit_price"],
        "share-per-unit": "100",
        "securityHolderId": "yamada",
        "exercisePrice": "500",
        "expirationDate": "2025-03-14",
        "exerciseFrom": "2017-03-15",
    }
    plain = {key: OPTION[key] for key in ("id", "description", "date", "quantity")}
    odd = read(tmp_path, {**plain, **camel, **respelled})
    assert odd.problems == ()
    assert planned(odd, "issue", "pricing", "allotment") == planned(
        read(tmp_path, OPTION), "issue", "pricing", "allotment"
    )


@pytest.mark.parametrize(
    ("without", "named"),
    [
        (["securityholder_id"], "`securityholder_id`"),
        (["exercise_price"], "`exercise_price`"),
        (["exercise_price", "securityholder_id", "exercise_period"], "`exercise_price` and `securityholder_id`"),
    ],
)
def test_an_option_that_lacks_what_no_right_can_is_listed_with_the_field(
    tmp_path: Path, without: list[str], named: str
) -> None:
    """The last is what the schema of the format itself allows."""
    bare = {key: value for key, value in OPTION.items() if key not in without}
    plan = read(tmp_path, bare, SPLIT, used("EXERCISE", "8", "2019-06-10"))
    assert [each.entry["type"] for each in plan.entries] == ["company", "split"]
    told = [each for each in left(plan) if each.startswith("TX_STOCK_OPTION")]
    assert told == [
        f"TX_STOCK_OPTION_ISSUANCE (so-1): no right can be without {named}, and the package does not say: add it to "
        "the object",
        "TX_STOCK_OPTION_EXERCISE (exercise): it does not say of which option that is taken over: `security_id` would",
    ]


def test_of_several_options_an_act_says_which(tmp_path: Path, given: Given) -> None:
    second = {**OPTION, "id": "so-2", "description": "第2回新株予約権", "security_id": "second"}
    plan = read(
        tmp_path,
        OPTION,
        second,
        used("EXERCISE", "8", "2019-06-10"),
        used("CANCELLATION", "5", "2019-06-10", security_id="second"),
        used("CANCELLATION", "6", "2019-06-11", security_id="so-1", id="third"),
    )
    assert plan.problems == ()
    assert [(each["series"], each["rights"], each["note"]) for each in planned(plan, "waiver")] == [
        ("第2回新株予約権", 5, "cancelled, by the package"),
        ("第1回新株予約権", 6, "cancelled, by the package"),
    ]
    assert len([each for each in left(plan) if "it does not say of which option" in each]) == 1
    assert shares_on(given.taken(plan), "2019-06-11") == [{"yamada": 1400 + 1500}]


@pytest.mark.parametrize("ratio", [("10", "1"), ("1", "10")])
def test_a_merger_of_shares_is_a_consolidation_whichever_way_round(tmp_path: Path, ratio: tuple[str, str]) -> None:
    """The schema has old shares per new share: ten to one."""
    both = {"numerator": ratio[0], "denominator": ratio[1]}
    merged = tx("STOCK_MERGER", "merger", "2017-02-06", stock_class_id="common", merger_ratio=both)
    assert planned(read(tmp_path, OPTION, merged), "consolidation") == [
        {"type": "consolidation", "company": "rei", "ratio": "1/10", "on": "2017-02-06"}
    ]


@pytest.mark.parametrize(
    ("more", "field"),
    [
        ({"quantity": "1.5"}, "quantity"),
        ({"quantity": "0"}, "quantity"),
        ({"share_per_unit": None}, "share_per_unit"),
        ({"exercise_price": "a lot"}, "exercise_price"),
        ({"date": "平成27年3月14日"}, "date"),
        ({"exercise_period": {"from": "2025-03-15", "until": "2025-03-14"}}, "expiration_date"),
    ],
)
def test_a_field_that_cannot_be_read_stops_the_import(tmp_path: Path, more: Json, field: str) -> None:
    plan = read(tmp_path, {**OPTION, **more})
    assert [each.place for each in plan.problems] == [("TransactionsFile.jocf.json", 1, field)]


def test_files_are_known_by_their_names_too(tmp_path: Path) -> None:
    (tmp_path / "rei.jocf.json").write_text(json.dumps([OPTION, HOLDER]), encoding="utf-8")
    plan = package_plan(tmp_path / "rei.jocf.json")
    assert [(each["holder"], each["rights"]) for each in planned(plan, "allotment")] == [("yamada", 20)]
