"""What is written into sheets comes out of them: any ledger's entries, by a workbook or by CSV, and twice the same."""

from collections.abc import Iterable
from pathlib import Path
from random import Random

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from ledger.domain.entries import AnyEntry
from ledger.domain.wellformed import entry_from
from tests.exchange.writing import csv_file, entries_of, plan_of, problems_of, rows_of, workbook, worth
from tests.strategies import Content, Ledger, ledgers


def meant(contents: Iterable[Content]) -> list[AnyEntry]:
    """What entries mean, in an order of their own."""
    return sorted((entry_from(worth(content)) for content in contents), key=str)


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp("sheets")


@settings(max_examples=40)
@given(ledgers(most=25), st.randoms(use_true_random=False))
def test_any_ledger_goes_through_a_workbook(folder: Path, ledger: Ledger, chance: Random) -> None:
    contents = [each for each in ledger.contents if each["type"] != "retraction"]
    plan = plan_of(workbook(folder / "a.xlsx", rows_of(contents)))
    assert problems_of(plan) == []
    assert meant(entries_of(plan)) == meant(contents)
    chance.shuffle(contents)
    moved = plan_of(workbook(folder / "b.xlsx", rows_of(contents)))
    assert {each.entry["id"]: each.entry for each in moved.entries} == {
        each.entry["id"]: each.entry for each in plan.entries
    }
    assert len({each.entry["id"] for each in plan.entries}) == len(contents)


@settings(max_examples=25)
@given(ledgers(most=25), st.sampled_from(["utf-8-sig", "cp932", "utf-16"]))
def test_any_ledger_goes_through_csv(folder: Path, ledger: Ledger, encoding: str) -> None:
    contents = [each for each in ledger.contents if each["type"] != "retraction"]
    found: list[Content] = []
    for name, rows in rows_of(contents).items():
        found += entries_of(plan_of(csv_file(folder / "export.csv", rows, encoding), name))
    assert meant(found) == meant(contents)
