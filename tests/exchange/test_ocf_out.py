"""A ledger written in Open Cap Format: what another program reads there is what the ledger says."""

import json
from collections import Counter
from datetime import date, timedelta
from importlib import resources
from pathlib import Path
from typing import Any
from zipfile import ZipFile

import pytest
from hypothesis import HealthCheck, assume, given, settings
from hypothesis import strategies as st
from pyocf.captable import Captable
from pyocf.objects.transactions.change_event.stakeholderrelationshipchangeevent import (
    StakeholderRelationshipChangeEvent,
)
from pyocf.objects.transactions.change_event.stakeholderstatuschangeevent import StakeholderStatusChangeEvent

from ledger.book import Book
from ledger.domain.entries import Company
from ledger.domain.errors import RefusedError
from ledger.exchange.packages.ocf_change_events import NAME as CHANGES
from ledger.exchange.packages.ocf_writing import write_ocf
from ledger.exchange.packages.sidecar import NAME as SIDECAR
from ledger.opening import open_ledger
from tests.exchange.written_packages import EVER, GENERATED_AT, held, items, ocf_of, outstanding
from tests.properties.asking import new_book
from tests.scenario import allotted, company, issue
from tests.strategies import FIRST, Ledger, ledgers
from tests.test_cases import NAMES, lines_of, new_ledger

TODAY = date(2026, 11, 22)
TRANSACTIONS = "Transactions.ocf.json"
LISTS = ("Stakeholders.ocf.json", "StockClasses.ocf.json", "StockPlans.ocf.json", TRANSACTIONS)

Content = dict[str, Any]


def case(name: str) -> Book:
    book = new_ledger("", name)
    book.record(lines_of(name), keep_going=True, actor="hr")
    return book


def demo() -> Book:
    lines = (resources.files("ledger.demo") / "iij.jsonl").read_text().splitlines()
    return new_book(*([json.loads(line)] for line in lines))


def told(book: Book, folder: Path, as_of: date = TODAY) -> list[Content]:
    """The transactions of a package."""
    return items(ocf_of(book, folder / "x.ocf.zip", as_of)[1], TRANSACTIONS)


@pytest.mark.parametrize("name", NAMES)
@pytest.mark.parametrize("year", [2013, 2017, 2020, 2023, 2048])
def test_the_transactions_of_a_case_add_up(name: str, year: int, tmp_path: Path) -> None:
    book, as_of = case(name), date(year, 3, 31)
    assert outstanding(told(book, tmp_path, as_of)) == held(book, as_of)


def test_the_transactions_of_the_example_add_up(tmp_path: Path) -> None:
    book = demo()
    assert outstanding(told(book, tmp_path)) == held(book, TODAY)
    assert held(book, TODAY)  # there is something


@given(ledgers(most=24), st.integers(-5, 90))
@settings(max_examples=100, suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_the_transactions_of_any_ledger_add_up(tmp_path: Path, ledger: Ledger, days: int) -> None:
    assume(any(isinstance(each.entry, Company) for each in ledger.history.placed))
    book, as_of = new_book(*ledger.batches), FIRST + timedelta(days)
    file = tmp_path / "any.ocf.zip"
    _, files = ocf_of(book, file, as_of)
    assert outstanding(items(files, TRANSACTIONS)) == held(book, as_of)
    Captable.load(file)
    ids = Counter(each["id"] for name in (*LISTS, CHANGES) for each in items(files, name))
    assert set(ids.values()) == {1}
    assert all(each["date"] <= as_of.isoformat() for each in items(files, TRANSACTIONS))
    _check_changes(items(files, CHANGES))


@given(ledgers(most=12), st.data())
@settings(max_examples=40, suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_what_was_not_known_is_not_in_it(tmp_path: Path, ledger: Ledger, data: st.DataObject) -> None:
    book = new_book(*ledger.batches)
    version = data.draw(st.integers(0, len(ledger.contents)))
    known = new_book(*ledger.batches).known(known_version=version)
    assume(any(isinstance(each.entry, Company) for each in known.placed))
    written, files = ocf_of(book, tmp_path / "then.ocf.zip", EVER, known_version=version)
    assert written.entries == known.version
    assert outstanding(items(files, TRANSACTIONS)) == held(book, EVER, known_version=version)


@pytest.mark.parametrize("name", NAMES)
def test_a_case_loads_in_pyocf(name: str, tmp_path: Path) -> None:
    file = tmp_path / "case.ocf.zip"
    written, files = ocf_of(case(name), file, TODAY)
    table = Captable.load(file)
    assert [len(each) for each in (table.stakeholders, table.stock_classes, table.stock_plans, table.transactions)] == [
        len(items(files, name)) for name in LISTS
    ]
    assert written.objects == sum(len(items(files, name)) for name in LISTS)
    _check_changes(items(files, CHANGES))


def _check_changes(changes: list[Content]) -> None:
    """They are events of the format, although its file of transactions does not list them."""
    models = {
        "CE_STAKEHOLDER_RELATIONSHIP": StakeholderRelationshipChangeEvent,
        "CE_STAKEHOLDER_STATUS": StakeholderStatusChangeEvent,
    }
    for each in changes:
        read = models[each["object_type"]](**each).model_dump(mode="json", exclude_none=True)
        assert read == each


def test_the_example_loads_in_pyocf(tmp_path: Path) -> None:
    file = tmp_path / "demo.ocf.zip"
    ocf_of(demo(), file, TODAY)
    table = Captable.load(file)
    assert table.manifest.as_of == TODAY
    assert table.manifest.issuer.legal_name == "Internet Initiative Japan Inc."
    assert len(table.stock_plans) == 2


def test_numbers_are_strings(tmp_path: Path) -> None:
    """But the length of a window after a termination, which the format has as an integer."""
    for name in ("02", "09"):
        _, files = ocf_of(case(name), tmp_path / "case.ocf.zip", TODAY)
        for listed in (*LISTS, "Manifest.ocf.json", CHANGES):
            assert _numbers(json.loads(files[listed])) <= {"period"}


def _numbers(value: object, key: str = "") -> set[str]:
    """The keys under which a JSON number stands."""
    if isinstance(value, dict):
        return set[str]().union(*(_numbers(each, name) for name, each in value.items()))
    if isinstance(value, list):
        return set[str]().union(*(_numbers(each, key) for each in value))
    return {key} if isinstance(value, int | float) and not isinstance(value, bool) else set()


def test_the_same_ledger_gives_the_same_bytes(tmp_path: Path) -> None:
    found = []
    for name in ("one", "other"):
        file = tmp_path / f"{name}.ocf.zip"
        ocf_of(case("04"), file, TODAY)
        found.append(file.read_bytes())
        with ZipFile(file) as package:
            assert {each.date_time for each in package.infolist()} == {(1980, 1, 1, 0, 0, 0)}
    assert found[0] == found[1]


def test_names_come_from_the_directory_and_stay_out_of_it(tmp_path: Path) -> None:
    book = open_ledger(f"sqlite:///{tmp_path / 'people.db'}", create=True)
    book.record([company(), issue(), allotted(24, "director-1"), allotted(1, "director-2")])
    book.people.set_all([("director-1", {"kanji": "山田太郎", "address": "東京都千代田区"})], actor="hr")
    _, with_names = ocf_of(book, tmp_path / "x.ocf.zip", TODAY)
    assert [each["name"] for each in items(with_names, "Stakeholders.ocf.json")] == [
        {"legal_name": "山田太郎"},
        {"legal_name": "director-2"},
    ]
    _, without = ocf_of(book, tmp_path / "x.ocf.zip", TODAY, ids_only=True)
    assert not any("山田".encode() in content for content in without.values())
    assert not any("東京".encode() in content for content in (*with_names.values(), *without.values()))


def test_a_package_without_the_ledger(tmp_path: Path) -> None:
    written, files = ocf_of(case("02"), tmp_path / "x.ocf.zip", TODAY, sidecar=False)
    assert sorted(files) == sorted([*LISTS, CHANGES, "Manifest.ocf.json"])
    assert written.entries == 0
    assert SIDECAR not in files["Manifest.ocf.json"].decode()


def test_a_day_on_which_no_company_is_known(tmp_path: Path) -> None:
    book = new_book([company()])
    ocf_of(book, tmp_path / "x.ocf.zip", date(1992, 12, 3))
    with pytest.raises(RefusedError, match="no company is known on 1992-12-02 in ledger main") as refused:
        ocf_of(book, tmp_path / "x.ocf.zip", date(1992, 12, 2))
    assert refused.value.code == "unknown-company"


def test_a_file_that_is_there_is_not_written_over(tmp_path: Path) -> None:
    file = tmp_path / "x.ocf.zip"
    file.write_bytes(b"something else")
    with pytest.raises(FileExistsError):
        write_ocf(new_book([company()]), file, as_of=TODAY, generated_at=GENERATED_AT)
    assert file.read_bytes() == b"something else"
