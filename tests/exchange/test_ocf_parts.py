"""The parts of a package: its manifest, its plans in words and windows, numbers, and the order of knowledge."""

import hashlib
import json
from datetime import date, datetime, timedelta, timezone
from fractions import Fraction
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ledger.domain.terms import Conditions
from ledger.domain.wellformed import entry_from
from ledger.exchange.packages.ocf_parts import currency_of, is_exact, number, termination_windows
from ledger.exchange.packages.ocf_writing import write_ocf
from tests.exchange.written_packages import items, ocf_of, opened, outstanding
from tests.properties.asking import new_book
from tests.scenario import allotted, company, issue

TODAY = date(2026, 11, 22)
JAPAN = timezone(timedelta(hours=9))


@given(st.fractions(min_value=0, max_value=10**15))
def test_a_number_is_written_to_ten_decimals_and_never_more_than_it_is(value: Fraction) -> None:
    written = Fraction(number(value))
    assert 0 <= value - written < Fraction(1, 10**10)
    assert (value == written) is is_exact(value)


@pytest.mark.parametrize(("value", "written"), [
    (0, "0"), (10**15, "1000000000000000"), (Fraction(1, 10**10), "0.0000000001"), (Fraction(1, 10**11), "0"),
    (Fraction("126.28"), "126.28"), (Fraction(1, 3), "0.3333333333"), (Fraction(10), "10"),
])  # fmt: skip
def test_numbers(value: Fraction | int, written: str) -> None:
    assert number(value) == written


@pytest.mark.parametrize(("given_as", "code"), [(None, "JPY"), ("USD", "USD"), ("yen", "JPY"), ("JPYX", "JPY")])
def test_currencies(given_as: str | None, code: str) -> None:
    assert currency_of(given_as) == code


def conditions(**given: Any) -> Conditions:
    entry: Any = entry_from(issue(conditions=given))
    read: Conditions = entry.terms.conditions
    return read


@pytest.mark.parametrize(("given_as", "period", "unit"), [
    ({"days": 10}, 10, "DAYS"), ({"months": 6}, 6, "MONTHS"), ({"years": 2}, 2, "YEARS"),
])  # fmt: skip
def test_windows_after_a_departure(given_as: dict[str, int], period: int, unit: str) -> None:
    """The same for every reason but death, of which the heir's time does not begin with the death."""
    windows = termination_windows(conditions(after_departure=given_as))
    assert {(each["period"], each["period_type"]) for each in windows} == {(period, unit)}
    assert [each["reason"] for each in windows] == [
        "VOLUNTARY_OTHER", "VOLUNTARY_GOOD_CAUSE", "VOLUNTARY_RETIREMENT",
        "INVOLUNTARY_OTHER", "INVOLUNTARY_DISABILITY", "INVOLUNTARY_WITH_CAUSE",
    ]  # fmt: skip


def test_windows_that_the_format_cannot_say_and_rights_that_lapse_with_a_death() -> None:
    assert termination_windows(conditions(after_departure=None)) == []
    assert termination_windows(conditions(after_departure=None, inheritance=None)) == [
        {"reason": "INVOLUNTARY_DEATH", "period": 0, "period_type": "DAYS"}
    ]


def test_a_manifest(tmp_path: Path) -> None:
    book = new_book([company(), issue()])
    file = tmp_path / "x.ocf.zip"
    write_ocf(book, file, as_of=TODAY, generated_at=datetime(2026, 11, 22, 12, 30, tzinfo=JAPAN))
    files = opened(file)
    manifest = json.loads(files["Manifest.ocf.json"])
    listed = {
        "stakeholders_files": "Stakeholders.ocf.json",
        "stock_classes_files": "StockClasses.ocf.json",
        "stock_plans_files": "StockPlans.ocf.json",
        "transactions_files": "Transactions.ocf.json",
    }
    assert manifest == {
        "ocf_version": "1.2.0",
        "file_type": "OCF_MANIFEST_FILE",
        "issuer": {
            "object_type": "ISSUER",
            "id": "company-IIJ",
            "legal_name": "IIJ Inc.",
            "formation_date": "1992-12-03",
            "country_of_formation": "JP",
            "comments": [
                "formation_date is the day from which the ledger knows the company; it keeps no day of formation"
            ],
        },
        "as_of": "2026-11-22",
        "generated_at": "2026-11-22T03:30:00.000000Z",
        "comments": [
            f"written by rights-ledger from ledger main as known at version 2, root {book.history().root}",
            "stock acquisition rights: quantities are shares, the rights × the shares per right of the day",
            "transactions are in the order in which they took effect; a split of a stock class multiplies the quantity"
            " of every security of the class that stands before it",
            "changes of office and deaths are in ChangeEvents.ocf.json: version 1.2.0 lists no such events",
            "rights-ledger.jsonl holds the entries of the ledger, and what the format has no field for",
        ],
        **{
            field: [{"filepath": name, "md5": hashlib.md5(files[name], usedforsecurity=False).hexdigest()}]
            for field, name in listed.items()
        },
        "stock_legend_templates_files": [],
        "vesting_terms_files": [],
        "valuations_files": [],
    }


def test_a_series_in_words(tmp_path: Path) -> None:
    terms = {"while_in_office": True, "after_departure": None, "departure": "any", "positions": ["director"]}
    other = {"inheritance": None, "transfer": "board-approval", "lump_sum": True}
    book = new_book(
        [company(), issue(name="第7回"), issue("8", conditions=terms | other, exercise_price_adjustment="inverse")]
    )
    _, files = ocf_of(book, tmp_path / "x.ocf.zip", TODAY)
    seventh, eighth = items(files, "StockPlans.ocf.json")
    assert seventh == {
        "object_type": "STOCK_PLAN",
        "id": "series-7",
        "plan_name": "第7回",
        "board_approval_date": "2017-06-28",
        "initial_shares_reserved": "49000",
        "default_cancellation_behavior": "RETIRE",
        "stock_class_ids": ["common-stock-IIJ"],
        "comments": [
            "series 7: at most 245 rights of 200 shares",
            "exercise period: 2017-07-15 to 2047-07-14",
            "exercisable only after a departure, within 10 days, not in office",
            "a departure: no such position is left (any position counts)",
            "one heir may exercise within 6 months of inheriting, which is after the death",
            "transfer: prohibited",
            "the exercise price per share stays as it is when shares are split or consolidated",
        ],
    }
    assert eighth["comments"] == [
        "series 8: at most 245 rights of 200 shares",
        "exercise period: 2017-07-15 to 2047-07-14",
        "exercisable in office, and after a departure until the period ends",
        "a departure: one such position is gone (director counts)",
        "transfer: board-approval; all rights of a holding at once",
        "the exercise price is divided by the ratio of a split or consolidation, and rounded up to the yen",
    ]


def test_a_price_that_ten_decimals_cannot_write(tmp_path: Path) -> None:
    book = new_book([company(), issue(exercise_price="0.00000000015"), allotted(1)])
    _, files = ocf_of(book, tmp_path / "x.ocf.zip", TODAY)
    [allotment] = items(files, "Transactions.ocf.json")
    assert allotment["exercise_price"] == {"amount": "0.0000000001", "currency": "JPY"}
    assert allotment["comments"][1:] == ["the exercise price is 3/20000000000 per share, exactly"]


def test_the_currency_of_the_company(tmp_path: Path) -> None:
    book = new_book([company() | {"currency": "USD"}, issue(), allotted(1)])
    _, files = ocf_of(book, tmp_path / "x.ocf.zip", TODAY)
    assert items(files, "Transactions.ocf.json")[0]["exercise_price"] == {"amount": "1", "currency": "USD"}


@pytest.mark.parametrize(("known_at", "shares"), [(date(2021, 3, 30), 4_800), (date(2021, 3, 31), 9_600)])
def test_a_split_that_depends_on_a_meeting(known_at: date, shares: int, tmp_path: Path) -> None:
    """It may be relied on from the day after the meeting closes, on 30 March."""
    split = {"type": "split", "company": "IIJ", "ratio": "2", "record_date": "2020-12-31"}
    book = new_book([company(), issue(), allotted(24), split | {"meeting_closed_on": "2021-03-30"}])
    _, files = ocf_of(book, tmp_path / "x.ocf.zip", date(2021, 3, 1), known_at=known_at)
    assert outstanding(items(files, "Transactions.ocf.json")) == {("7", "director-1"): shares}


def test_an_entry_that_was_retracted_is_in_the_sidecar_alone(tmp_path: Path) -> None:
    """Its id stays taken: nothing else is written by it."""
    book = new_book([company(), issue(), allotted(24)], [{"type": "retraction", "retracts": 3}, allotted(23)])
    _, files = ocf_of(book, tmp_path / "x.ocf.zip", TODAY)
    assert [(each["security_id"], each["quantity"]) for each in items(files, "Transactions.ocf.json")] == [
        ("rights-5-1", "4600")
    ]
    assert files["rights-ledger.jsonl"].count(b'"type":"allotment"') == 4  # of each entry, in it and around it
