"""What happens to rights, as transactions of Open Cap Format: whole objects, with numbers worked out by hand."""

import json
from datetime import date
from pathlib import Path
from typing import Any

import pytest

from ledger.book import Book
from ledger.exchange.packages.ocf_change_events import NAME as CHANGES
from tests.exchange.written_packages import items, ocf_of, outstanding
from tests.properties.asking import new_book
from tests.scenario import allotted, company, issue, pricing

TODAY = date(2026, 11, 22)
TRANSACTIONS = "Transactions.ocf.json"

Content = dict[str, Any]


def told(book: Book, folder: Path, as_of: date = TODAY) -> list[Content]:
    """The transactions of a package."""
    return items(ocf_of(book, folder / "x.ocf.zip", as_of)[1], TRANSACTIONS)


def kinds(transactions: list[Content]) -> list[str]:
    return [each["object_type"].removeprefix("TX_") for each in transactions]


def test_an_allotment_as_it_is_written(tmp_path: Path) -> None:
    book = new_book([company(), issue(), pricing(1_831), allotted(24, "director-1")])
    windows = [
        {"reason": reason, "period": 10, "period_type": "DAYS"}
        for reason in (
            "VOLUNTARY_OTHER", "VOLUNTARY_GOOD_CAUSE", "VOLUNTARY_RETIREMENT",
            "INVOLUNTARY_OTHER", "INVOLUNTARY_DISABILITY", "INVOLUNTARY_WITH_CAUSE",
        )
    ]  # fmt: skip
    assert told(book, tmp_path) == [
        {
            "object_type": "TX_EQUITY_COMPENSATION_ISSUANCE",
            "id": "issuance-rights-4-1",
            "security_id": "rights-4-1",
            "date": "2017-07-14",
            "custom_id": "7/rights-4-1",
            "stakeholder_id": "holder-director-1",
            "stock_plan_id": "series-7",
            "stock_class_id": "common-stock-IIJ",
            "security_law_exemptions": [],
            "compensation_type": "OPTION",
            "quantity": "4800",
            "exercise_price": {"amount": "1", "currency": "JPY"},
            "expiration_date": "2047-07-14",
            "termination_exercise_windows": windows,
            "board_approval_date": "2017-06-28",
            "comments": ["24 rights of 200 shares; allotted"],
            "consideration_text": "366200 JPY a right",
        }
    ]


def test_an_exercise_after_two_splits(tmp_path: Path) -> None:
    """24 rights of 200 shares; doubled twice; 3 exercised between: 1,200 shares, and 21 × 800 are left."""
    book = new_book(
        [company(), issue(), allotted(24, "director-1")],
        [{"type": "split", "company": "IIJ", "ratio": "2", "record_date": "2020-12-31"}],
        [{"type": "departure", "holder": "director-1", "on": "2021-06-28", "cause": "retirement"}],
        [{"type": "exercise", "series": "7", "holder": "director-1", "rights": 3, "on": "2021-06-29"}],
        [{"type": "split", "company": "IIJ", "ratio": "2", "record_date": "2021-07-01"}],
    )
    transactions = told(book, tmp_path, date(2021, 7, 8))
    assert [(each["object_type"], each.get("quantity"), each["date"]) for each in transactions] == [
        ("TX_EQUITY_COMPENSATION_ISSUANCE", "4800", "2017-07-14"),
        ("TX_STOCK_CLASS_SPLIT", None, "2021-01-01"),
        ("TX_EQUITY_COMPENSATION_EXERCISE", "1200", "2021-06-29"),
        ("TX_STOCK_ISSUANCE", "1200", "2021-06-29"),
        ("TX_STOCK_CLASS_SPLIT", None, "2021-07-02"),
    ]
    assert outstanding(transactions) == {("7", "director-1"): 16_800}
    _, _, exercise, shares, _ = transactions
    assert exercise["resulting_security_ids"] == [shares["security_id"]] == ["shares-6-1"]
    assert exercise["consideration_text"] == "1200 JPY for 3 rights in all"
    lapsed = told(book, tmp_path, date(2021, 7, 9))
    assert lapsed[:-1] == transactions
    assert [lapsed[-1][key] for key in ("object_type", "date", "quantity", "reason_text")] == [
        "TX_EQUITY_COMPENSATION_CANCELLATION",
        "2021-07-09",
        "16800",
        "lapsed: no day of exercise was left (Companies Act 287)",
    ]


def test_a_consolidation_that_drops_fractions(tmp_path: Path) -> None:
    """10 rights of 200 shares at 1/7 are 280 shares: of 285 and 5/7 the 5 and 5/7 end, and another security goes on."""
    consolidated = {"type": "consolidation", "company": "IIJ", "ratio": "1/7", "on": "2018-04-01"}
    book = new_book([company(), issue(), allotted(10, "director-1"), consolidated])
    _, split, cut, rest = told(book, tmp_path)
    assert split["split_ratio"] == {"numerator": "1", "denominator": "7"}
    assert [cut[key] for key in ("security_id", "quantity", "balance_security_id", "reason_text", "comments")] == [
        "rights-3-1",
        "5.7142857142",
        "rights-4-1",
        "the fraction of a share of each right is dropped (item 3)",
        ["no right ends: only the number of shares changes", "the quantity is 40/7 shares, exactly"],
    ]
    assert [rest[key] for key in ("security_id", "quantity", "date")] == ["rights-4-1", "280", "2018-04-01"]


@pytest.mark.parametrize(("ratio", "expected"), [("1/8", ["SPLIT"]), ("1/201", ["SPLIT", "CANCELLATION", "ISSUANCE"])])
def test_a_consolidation_that_drops_none_and_one_that_leaves_nothing(
    ratio: str, expected: list[str], tmp_path: Path
) -> None:
    consolidated = {"type": "consolidation", "company": "IIJ", "ratio": ratio, "on": "2018-04-01"}
    book = new_book([company(), issue(), allotted(10, "director-1"), consolidated])
    transactions = told(book, tmp_path)[1:]
    assert [kind.split("_")[-1] for kind in kinds(transactions)] == expected
    assert [each["quantity"] for each in transactions[2:]] == ["0"] * (len(expected) > 1)


@pytest.mark.parametrize(("shares", "rest"), [(50, {"balance_security_id": "rights-4-1"}), (500, {})])
def test_the_company_sets_the_shares_per_right(shares: int, rest: Content, tmp_path: Path) -> None:
    """Fewer: a part ends. More: all of it ends, for nothing can end that is not there, and another begins."""
    adjusted = {"type": "adjustment", "series": "7", "shares_per_right": shares, "on": "2018-04-01"}
    _, end, begin = told(new_book([company(), issue(), allotted(10, "director-1"), adjusted]), tmp_path)
    assert end["quantity"] == ("1500" if rest else "2000")
    assert {key: end[key] for key in end if key.startswith("balance")} == rest
    assert (begin["security_id"], begin["quantity"]) == ("rights-4-1", str(10 * shares))


def test_a_transfer_of_part_and_an_inheritance_of_the_rest(tmp_path: Path) -> None:
    book = new_book(
        [company(), issue(conditions={"transfer": "free"}), allotted(10, "director-1")],
        [
            {
                "type": "transfer",
                "series": "7",
                "holder": "director-1",
                "to": "officer-1",
                "rights": 4,
                "on": "2018-01-05",
            }
        ],
        [{"type": "death", "holder": "director-1", "on": "2018-02-01"}],
        [{"type": "inheritance", "holder": "director-1", "heir": "heir-1", "on": "2018-03-15"}],
    )
    _, passed, received, left, inherited, heirs = told(book, tmp_path, date(2018, 3, 15))
    assert [passed[key] for key in ("quantity", "resulting_security_ids", "balance_security_id")] == [
        "800", [received["security_id"]], left["security_id"],
    ]  # fmt: skip
    assert [(each["stakeholder_id"], each["quantity"]) for each in (received, left, heirs)] == [
        ("holder-officer-1", "800"), ("holder-director-1", "1200"), ("holder-heir-1", "1200"),
    ]  # fmt: skip
    assert inherited["security_id"] == left["security_id"]
    assert inherited["comments"] == ["6 rights inherited by heir-1"]
    assert "balance_security_id" not in inherited


def test_a_share_exchange_and_rights_that_the_company_takes_back(tmp_path: Path) -> None:
    """30 rights of 200 at 1/3 become 30 of 66. What was acquired before is gone, and its cancellation says nothing."""
    approval = {"kind": "share-exchange", "on": "2018-03-01"}
    taken = {"type": "acquisition", "series": "7", "approval": approval, "on": "2018-03-02", "holders": ["director-2"]}
    exchange: Content = {"type": "restructuring", "company": "IIJ", "kind": "share-exchange", "on": "2018-04-01"}
    exchange |= {"delivery": True, "successor": "Parent", "successor_name": "Parent Inc.", "ratio": "1/3"}
    book = new_book(
        [company(), issue(), allotted(30, "director-1"), allotted(5, "director-2")],
        [taken, {"type": "cancellation", "series": "7", "rights": 5, "on": "2018-03-03"}, exchange],
    )
    _, files = ocf_of(book, tmp_path / "x.ocf.zip", TODAY)
    *_, acquired, replaced, new = items(files, TRANSACTIONS)
    assert (acquired["security_id"], acquired["quantity"]) == ("rights-4-1", "1000")
    assert acquired["reason_text"] == "acquired by the company without payment (item 8)"
    assert (replaced["security_id"], replaced["quantity"]) == ("rights-3-1", "6000")
    assert [new[key] for key in ("stock_plan_id", "stock_class_id", "quantity", "comments")] == [
        "series-7@Parent",
        "common-stock-Parent",
        "1980",
        ["30 rights of 66 shares; replaces security rights-3-1 of the dissolved or former company (item 9)"],
    ]
    assert [each["name"] for each in items(files, "StockClasses.ocf.json")] == [
        "Common stock of IIJ Inc.",
        "Common stock of Parent Inc.",
    ]
    assert json.loads(files["Manifest.ocf.json"])["issuer"]["legal_name"] == "IIJ Inc."


def test_an_exercise_draws_on_the_oldest_first(tmp_path: Path) -> None:
    exercise = {"type": "exercise", "series": "7", "holder": "director-1", "rights": 5, "on": "2018-01-05"}
    two = [allotted(3, "director-1"), allotted(4, "director-1")]
    transactions = told(new_book([company(), issue(conditions={"while_in_office": True}), *two, exercise]), tmp_path)
    drawn = [each for each in transactions if each["object_type"] == "TX_EQUITY_COMPENSATION_EXERCISE"]
    assert [(each["security_id"], each["quantity"], each["resulting_security_ids"]) for each in drawn] == [
        ("rights-3-1", "600", ["shares-5-1"]),
        ("rights-4-1", "400", ["shares-5-2"]),
    ]
    assert outstanding(transactions) == {("7", "director-1"): 400}


def test_departures_and_deaths(tmp_path: Path) -> None:
    """Who changes office on one day has left none; who left all comes back as active."""
    acts: list[Content] = [
        {"type": "departure", "holder": "director-1", "on": "2018-06-28", "position": "director"},
        {"type": "appointment", "holder": "director-1", "position": "executive-officer", "on": "2018-06-28"},
        {"type": "departure", "holder": "director-1", "on": "2019-06-28", "cause": "retirement"},
        {"type": "appointment", "holder": "director-1", "position": "auditor", "on": "2020-06-28"},
        {"type": "appointment", "holder": "director-1", "position": "director", "on": "2020-06-29"},
        {"type": "death", "holder": "director-1", "on": "2021-06-28"},
    ]
    book = new_book([company(), issue(), allotted(1, "director-1")], acts)
    _, files = ocf_of(book, tmp_path / "x.ocf.zip", TODAY)
    changes = [
        (
            each["date"],
            *(each[key] for key in ("relationship_ended", "relationship_started", "new_status") if key in each),
        )
        for each in items(files, CHANGES)
    ]
    assert changes == [
        ("2017-07-14", "BOARD_MEMBER"),
        ("2018-06-28", "BOARD_MEMBER"),
        ("2018-06-28", "EXECUTIVE"),
        ("2019-06-28", "EXECUTIVE"),
        ("2019-06-28", "TERMINATION_VOLUNTARY_RETIREMENT"),
        ("2020-06-28", "OTHER"),
        ("2020-06-28", "ACTIVE"),
        ("2020-06-29", "BOARD_MEMBER"),
        ("2021-06-28", "TERMINATION_INVOLUNTARY_DEATH"),
    ]
    [holder] = items(files, "Stakeholders.ocf.json")
    assert holder["comments"] == ["died on 2021-06-28"]
    assert "current_relationship" not in holder


def test_what_is_left_of_a_security_is_drawn_on_next(tmp_path: Path) -> None:
    """Of 10 and 5 rights 4 are waived, then 6: all of the first, and the second is whole."""
    waived = [
        {"type": "waiver", "series": "7", "holder": "director-1", "rights": rights, "on": "2018-01-05"}
        for rights in (4, 6)
    ]
    transactions = told(new_book([company(), issue(), allotted(10), allotted(5), *waived]), tmp_path)
    ends = [each for each in transactions if each["object_type"] == "TX_EQUITY_COMPENSATION_CANCELLATION"]
    assert [(each["security_id"], each["quantity"], each.get("balance_security_id")) for each in ends] == [
        ("rights-3-1", "800", "rights-5-1"),
        ("rights-5-1", "1200", None),
    ]


def test_rights_that_lapse_the_day_they_are_allotted(tmp_path: Path) -> None:
    """The window after the departure was over: not before the allotment, whose rights had not begun."""
    departure = {"type": "departure", "holder": "director-1", "on": "2018-06-28"}
    book = new_book([company(), issue(allotment_date=None), allotted(10), departure, allotted(5, on="2018-08-01")])
    transactions = told(book, tmp_path)
    assert [(each["date"], each["quantity"]) for each in transactions] == [
        ("2017-07-14", "2000"), ("2018-07-09", "2000"), ("2018-08-01", "1000"), ("2018-08-01", "1000"),
    ]  # fmt: skip


def test_a_series_of_which_rights_are_replaced_twice(tmp_path: Path) -> None:
    exchanges: list[Content] = [
        {"type": "restructuring", "company": "IIJ", "kind": "share-exchange", "on": on, "delivery": True,
         "successor": successor}
        for on, successor in (("2018-04-01", "P"), ("2019-04-01", "Q"))
    ]  # fmt: skip
    terms = issue(allotment_date=None)
    book = new_book([company(), terms, allotted(10), exchanges[0], allotted(5, on="2018-08-01"), exchanges[1]])
    assert outstanding(told(book, tmp_path)) == {("7@P", "director-1"): 2_000, ("7@Q", "director-1"): 1_000}
