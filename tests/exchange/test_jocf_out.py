"""A ledger written in JOCF: rights are counted as rights, and every object is one that its schemas allow."""

import json
import re
from datetime import date, timedelta
from fractions import Fraction
from pathlib import Path
from typing import Any, Final

import pytest
from hypothesis import HealthCheck, assume, given, settings
from hypothesis import strategies as st
from jsonschema import Draft7Validator

from ledger.book import Book
from ledger.domain.entries import Company
from ledger.domain.errors import RefusedError
from ledger.exchange.packages.jocf_writing import write_jocf
from ledger.exchange.packages.sidecar import NAME, sealed_lines
from ledger.exchange.packages.source import Written
from tests.exchange.written_packages import EVER, GENERATED_AT, Object, items, opened
from tests.properties.asking import new_book
from tests.scenario import allotted, company, issue, pricing
from tests.strategies import FIRST, Ledger, ledgers
from tests.test_cases import NAMES, lines_of, new_ledger

TODAY = date(2026, 11, 22)
LISTS = ("SecurityHoldersFile.jocf.json", "StockClassesFile.jocf.json", "TransactionsFile.jocf.json")
TRANSACTIONS = LISTS[2]

TEXT: Final[Object] = {"type": "string"}
DAY: Final[Object] = {"type": "string", "format": "date"}
NUMBER: Final[Object] = {"type": "string", "pattern": r"^[+-]?[0-9]+(\.[0-9]{1,10})?$"}


def closed(fields: Object, *optional: str) -> Object:
    """An object with these fields and no other. optional: which of them may be missing."""
    required = [name for name in fields if name not in optional]
    return {"type": "object", "properties": fields, "required": required, "additionalProperties": False}


def act(kind: str, **fields: Object) -> Object:
    return closed(
        {"object_type": {"const": kind}, "id": TEXT, "description": TEXT, "date": DAY, **fields}, "description"
    )


MONEY = closed({"amount": NUMBER, "currency": {"type": "string", "pattern": "^[A-Z]{3}$"}})
RATIO = closed({"numerator": NUMBER, "denominator": NUMBER})
OBJECTS: Final[dict[str, Object]] = {
    "SECURITY_HOLDER": closed(
        {
            "object_type": TEXT,
            "id": TEXT,
            "name": closed({"legal_name": TEXT}),
            "security_holder_type": {"enum": ["INDIVIDUAL", "INSTITUTION"]},
        },
    ),
    "STOCK_CLASS": closed(
        {
            "object_type": TEXT,
            "id": TEXT,
            "name": TEXT,
            "description": TEXT,
            "class_type": {"enum": ["COMMON", "PREFERRED"]},
            "votes_per_share": NUMBER,
            "initial_shares_authorized": {"enum": ["NOT APPLICABLE", "UNLIMITED"]},
        }
    ),
    "TX_STOCK_OPTION_ISSUANCE": act(
        "TX_STOCK_OPTION_ISSUANCE", unit_price=MONEY, share_per_unit=MONEY, quantity=NUMBER
    ),
    "TX_STOCK_OPTION_EXERCISE": act("TX_STOCK_OPTION_EXERCISE", quantity=NUMBER),
    "TX_STOCK_OPTION_CANCELLATION": act("TX_STOCK_OPTION_CANCELLATION", quantity=NUMBER),
    "TX_STOCK_SPLIT": act("TX_STOCK_SPLIT", stock_class_id=TEXT, split_ratio=RATIO),
    "TX_STOCK_MERGER": act("TX_STOCK_MERGER", stock_class_id=TEXT, merger_ratio=RATIO),
}
"""What the format's schemas allow of each object that is written, in our own words."""


def jocf_of(book: Book, file: Path, as_of: date, **given: Any) -> tuple[Written, dict[str, bytes]]:
    """A package of a book, written in place of one that is there, and its files."""
    file.unlink(missing_ok=True)
    written = write_jocf(book, file, as_of=as_of, generated_at=GENERATED_AT, known_at=EVER, **given)
    return written, opened(file)


def check(files: dict[str, bytes]) -> None:
    for name in LISTS:
        document = json.loads(files[name])
        assert list(document) == ["file_type", "items"]
        for each in document["items"]:
            Draft7Validator(OBJECTS[each["object_type"]]).validate(each)


def rights_left(transactions: list[Object]) -> int:
    """Rights outstanding in all, added up."""
    sign = {"TX_STOCK_OPTION_ISSUANCE": 1, "TX_STOCK_OPTION_EXERCISE": -1, "TX_STOCK_OPTION_CANCELLATION": -1}
    return sum(sign[each["object_type"]] * int(each["quantity"]) for each in transactions if "quantity" in each)


@pytest.mark.parametrize("name", NAMES)
@pytest.mark.parametrize("year", [2013, 2017, 2020, 2048])
def test_a_case(name: str, year: int, tmp_path: Path) -> None:
    book, as_of = new_ledger("", name), date(year, 3, 31)
    book.record(lines_of(name), keep_going=True, actor="hr")
    written, files = jocf_of(book, tmp_path / "case.jocf.zip", as_of)
    check(files)
    assert rights_left(items(files, TRANSACTIONS)) == sum(
        row.outstanding for row in book.holdings(as_of, known_at=EVER)
    )
    assert written.objects == sum(len(items(files, listed)) for listed in LISTS)
    assert sealed_lines(files) == tuple(book.export())


@given(ledgers(most=24), st.integers(-5, 90))
@settings(max_examples=80, suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_any_ledger(tmp_path: Path, ledger: Ledger, days: int) -> None:
    assume(any(isinstance(each.entry, Company) for each in ledger.history.placed))
    book, as_of = new_book(*ledger.batches), FIRST + timedelta(days)
    _, files = jocf_of(book, tmp_path / "any.jocf.zip", as_of)
    check(files)
    transactions = items(files, TRANSACTIONS)
    assert rights_left(transactions) == sum(row.outstanding for row in book.holdings(as_of, known_at=EVER))
    assert len({each["id"] for each in transactions}) == len(transactions)
    assert sealed_lines(files) == tuple(book.export())


def test_a_story(tmp_path: Path) -> None:
    """24 rights of 200 shares for 1,831 yen a share: 366,200 a right. Doubled; 3 exercised: 1,200 shares; 21 lapse."""
    book = new_book(
        [company(), issue(name="第7回"), pricing(1_831), allotted(24)],
        [{"type": "split", "company": "IIJ", "ratio": "2", "record_date": "2020-12-31"}],
        [{"type": "departure", "holder": "director-1", "on": "2021-06-28"}],
        [{"type": "exercise", "series": "7", "holder": "director-1", "rights": 3, "on": "2021-06-29"}],
    )
    _, files = jocf_of(book, tmp_path / "x.jocf.zip", TODAY)
    assert items(files, TRANSACTIONS) == [
        {
            "object_type": "TX_STOCK_OPTION_ISSUANCE",
            "id": "issuance-rights-4-1",
            "unit_price": {"amount": "366200", "currency": "JPY"},
            "share_per_unit": {"amount": "200", "currency": "JPY"},
            "quantity": "24",
            "description": "series 7; holder director-1; allotted; named 第7回",
            "date": "2017-07-14",
        },
        {
            "object_type": "TX_STOCK_SPLIT",
            "id": "split-5",
            "stock_class_id": "common-stock-IIJ",
            "split_ratio": {"numerator": "2", "denominator": "1"},
            "date": "2021-01-01",
        },
        {
            "object_type": "TX_STOCK_OPTION_EXERCISE",
            "id": "exercise-7-1",
            "quantity": "3",
            "description": "series 7; holder director-1; 1,200 shares; 1,200 yen paid for 3 rights in all",
            "date": "2021-06-29",
        },
        {
            "object_type": "TX_STOCK_OPTION_CANCELLATION",
            "id": "end-rights-4-1",
            "quantity": "21",
            "description": "series 7; holder director-1; lapsed: no day of exercise was left (Companies Act 287)",
            "date": "2021-07-09",
        },
    ]
    notes = [json.loads(line) for line in files[NAME].splitlines()[8:]]
    assert [(note["id"], note["version"], note.get("shares_per_right")) for note in notes] == [
        ("issuance-rights-4-1", 4, 200), ("split-5", 5, None), ("exercise-7-1", 7, 400), ("end-rights-4-1", None, 400),
    ]  # fmt: skip


@pytest.mark.parametrize(("ratio", "written"), [
    ("1/7", {"numerator": "7", "denominator": "1"}),
    ("2/3", {"numerator": "3", "denominator": "2"}),
])  # fmt: skip
def test_a_consolidation_says_old_shares_per_new(ratio: str, written: Object, tmp_path: Path) -> None:
    """And no right ends with the fractions that it drops."""
    consolidated = {"type": "consolidation", "company": "IIJ", "ratio": ratio, "on": "2018-04-01"}
    book = new_book([company(), issue(), allotted(24), consolidated])
    _, files = jocf_of(book, tmp_path / "x.jocf.zip", TODAY)
    _, merger = items(files, TRANSACTIONS)
    assert (merger["object_type"], merger["merger_ratio"]) == ("TX_STOCK_MERGER", written)
    assert Fraction(merger["merger_ratio"]["numerator"]) / Fraction(merger["merger_ratio"]["denominator"]) > 1


def test_rights_that_replace_others_were_paid_for_before(tmp_path: Path) -> None:
    exchange: Object = {"type": "restructuring", "company": "IIJ", "kind": "share-exchange", "on": "2018-04-01"}
    exchange |= {"delivery": True, "successor": "Parent", "ratio": "1/3"}
    book = new_book([company(), issue(), pricing(1_831), allotted(24), exchange])
    _, files = jocf_of(book, tmp_path / "x.jocf.zip", TODAY)
    first, end, new = items(files, TRANSACTIONS)
    assert [each["quantity"] for each in (first, end, new)] == ["24", "24", "24"]
    assert [each["unit_price"]["amount"] for each in (first, new)] == ["366200", "0"]
    assert new["share_per_unit"]["amount"] == "66"


def test_rights_that_pass_on_are_no_transaction(tmp_path: Path) -> None:
    passed = {
        "type": "transfer",
        "series": "7",
        "holder": "director-1",
        "to": "officer-1",
        "rights": 4,
        "on": "2018-01-05",
    }
    book = new_book([company(), issue(conditions={"transfer": "free"}), allotted(24), passed])
    _, files = jocf_of(book, tmp_path / "x.jocf.zip", TODAY)
    assert [each["quantity"] for each in items(files, TRANSACTIONS)] == ["24"]
    assert [each["id"] for each in items(files, LISTS[0])] == ["holder-director-1", "holder-officer-1"]


def test_the_same_ledger_gives_the_same_bytes_and_without_a_sidecar_only_the_files(tmp_path: Path) -> None:
    book = new_book([company(), issue(), allotted(24)])
    files = [tmp_path / "one.jocf.zip", tmp_path / "other.jocf.zip"]
    for file in files:
        jocf_of(book, file, TODAY)
    assert files[0].read_bytes() == files[1].read_bytes()
    written, plain = jocf_of(book, tmp_path / "plain.jocf.zip", TODAY, sidecar=False)
    assert written == Written(LISTS, 3, 0)
    assert sorted(plain) == sorted(LISTS)
    assert not re.search(b"generated|2026", b"".join(plain.values()))


def test_a_day_on_which_no_company_is_known(tmp_path: Path) -> None:
    with pytest.raises(RefusedError, match="no company is known on 1992-12-02"):
        jocf_of(new_book([company()]), tmp_path / "x.jocf.zip", date(1992, 12, 2))
