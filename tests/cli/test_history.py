"""`rights history`: since a version, late entries alone, as known before, and all of these together."""

from datetime import UTC, datetime

import pytest

from ledger import open_ledger
from tests.cli.conftest import DEFAULT_URL, record_at
from tests.cli.terminal import Rights
from tests.scenario import departed, exercised, retraction


@pytest.fixture
def late_and_in_time(small_ledger: Rights) -> Rights:
    """After the eleven of long ago: one a day late (12), two 30 and 29 days (13, 14), and a retraction (15)."""
    record_at("2021-06-25T09:00:00+09:00", [departed("2021-06-24", "officer-1")])
    record_at("2021-07-25T09:00:00+09:00", [exercised("2021-06-25", 1, "officer-1")])
    record_at("2021-07-25T09:00:00+09:00", [exercised("2021-06-26", 1, "officer-1"), retraction(13)])
    return small_ledger


def versions(rights: Rights, *arguments: str) -> list[int]:
    return [row["version"] for row in rights("history", *arguments, "--json").json["rows"]]


def test_backdated_alone(late_and_in_time: Rights) -> None:
    late = versions(late_and_in_time, "--backdated")
    assert late == [version for version in versions(late_and_in_time) if version not in {12, 13, 14, 15}]
    assert late[-1] == 11


def test_backdated_since_a_version_and_as_known_before(late_and_in_time: Rights) -> None:
    assert versions(late_and_in_time, "--backdated", "--since-version", "9") == [10, 11]
    assert versions(late_and_in_time, "--backdated", "--since-version", "11") == []
    assert versions(late_and_in_time, "--since-version", "10", "--known-version", "12") == [11, 12]
    assert versions(late_and_in_time, "--since-version", "10", "--known-at", "2021-06-25") == [11, 12]
    assert versions(late_and_in_time, "--since-version", "15") == []


def test_more_than_thirty_days_are_late(small_ledger: Rights) -> None:
    record_at("2021-07-24T09:00:00+09:00", [departed("2021-06-24", "officer-1")])  # 30 days
    record_at("2021-07-26T09:00:00+09:00", [exercised("2021-06-25", 1, "officer-1")])  # 31 days
    assert versions(small_ledger, "--backdated", "--since-version", "11") == [13]
    (row,) = small_ledger("history", "--backdated", "--since-version", "11", "--json").json["rows"]
    assert row["backdated_days"] == 31


def test_backdated_as_values_and_as_a_table(small_ledger: Rights) -> None:
    heading, *rows = small_ledger("history", "--backdated", "--since-version", "10", "--csv").out.splitlines()
    assert heading.endswith(",backdated_days")
    assert [(row.split(",")[0], row.rsplit(",", 1)[1]) for row in rows] == [("11", "90")]
    assert "days late" in small_ledger("history", "--backdated").out.splitlines()[1]


def test_nothing_is_backdated_where_all_was_recorded_in_time(new_ledger: Rights) -> None:
    instant = datetime(2026, 11, 22, tzinfo=UTC)
    with open_ledger(DEFAULT_URL, "main", now=lambda: instant) as book:
        book.record([{"type": "company", "company": "A", "name": "A", "on": "2026-11-21"}], actor="hr")
    assert new_ledger("history", "--backdated").table == "History · ledger main at version 1: none\n"


def test_every_entry_that_the_reports_count_as_late_is_shown(late_and_in_time: Rights) -> None:
    counted = late_and_in_time("holdings", "--as-of", "2999-12-31", "--json").json["backdated"]
    assert len(versions(late_and_in_time, "--backdated")) == counted
