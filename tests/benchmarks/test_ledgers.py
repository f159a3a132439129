"""The ledgers that are measured: lawful, the same each time, and of the shape that is said."""

from collections import Counter
from datetime import date
from itertools import pairwise
from pathlib import Path

import pytest

from ledger import open_ledger
from tests.benchmarks.ledgers import issuers, lines_file, middle_of
from tests.benchmarks.lives import lives
from tests.benchmarks.peers import journal


@pytest.mark.parametrize("count", [1, 100, 1_000, 5_000])
def test_lives_are_lawful(tmp_path: Path, count: int) -> None:
    with open_ledger(f"sqlite:///{tmp_path / 'rights.db'}", create=True) as book:
        assert book.record(lives(count), actor="bench").version == count


def test_each_line_is_lawful_where_it_stands(tmp_path: Path) -> None:
    with open_ledger(f"sqlite:///{tmp_path / 'rights.db'}", create=True) as book:
        outcome = book.record(lives(1_500, seed=3), actor="bench", keep_going=True)
    assert [line.error for line in outcome.lines if line.error] == []


def test_every_seed_is_lawful(tmp_path: Path) -> None:
    for seed in range(30):
        with open_ledger(f"sqlite:///{tmp_path / 'rights.db'}", f"issuer-{seed}", create=True) as book:
            assert book.record(lives(1_000, seed=seed), actor="bench").version == 1_000


def test_they_are_the_same_each_time() -> None:
    assert list(lives(2_000, seed=7)) == list(lives(2_000, seed=7))
    assert list(lives(2_000, seed=7)) != list(lives(2_000, seed=8))


def test_they_are_as_kept() -> None:
    """Every kind of fact of the notices, thousands of holders, tens of series, and some entries after their time."""
    entries = list(lives(100_000))
    kinds = Counter(entry["type"] for entry in entries)
    assert set(kinds) == {
        *("company", "issue", "pricing", "allotment", "appointment", "departure", "exercise", "waiver"),
        *("death", "inheritance", "split"),
    }
    assert 3_500 <= len({entry["holder"] for entry in entries if "holder" in entry}) <= 4_500
    assert 10 <= kinds["issue"] <= 70
    days = [date.fromisoformat(entry.get("on") or entry["record_date"]) for entry in entries]
    late = sum(after < before for before, after in pairwise(days))
    assert 100 <= late <= 2_000
    assert len({entry["id"] for entry in entries}) == len(entries)


def test_a_file_of_lines_may_be_a_part(tmp_path: Path) -> None:
    whole = lines_file(tmp_path, 300).read_bytes()
    parts = [lines_file(tmp_path, 300, first=first, until=first + 100) for first in (100, 200)]
    assert whole.splitlines()[100:] == b"".join(part.read_bytes() for part in parts).splitlines()


def test_a_database_of_several_issuers(tmp_path: Path) -> None:
    url = issuers(tmp_path, 2_000)
    for issuer in ("issuer-0", "issuer-1"):
        with open_ledger(url, issuer) as book:
            assert len(book.tree().root(1_000)) == 32


def test_the_middle_is_a_day() -> None:
    assert date.fromisoformat(middle_of(1_000)).year in range(2005, 2040)


def test_a_journal_has_a_transaction_a_fact_and_the_same_balances(tmp_path: Path) -> None:
    entries = sorted(lives(1_000), key=lambda entry: str(entry.get("on") or entry["record_date"]))
    written = "".join(journal(entries))
    assert len([line for line in written.splitlines() if line[:1].isdigit()]) == 1_000
    balances: Counter[str] = Counter()
    for line in written.splitlines():
        if line.startswith(" "):
            account, amount = line.split()
            balances[account] += int(amount)
    with open_ledger(f"sqlite:///{tmp_path / 'rights.db'}", create=True) as book:
        book.record(entries, actor="bench")
        held: Counter[str] = Counter()
        for row in book.holdings(date(2100, 1, 1), why=False):
            held[f"{row.series}:{row.holder}"] += row.outstanding + row.lapsed
    assert {account: left for account, left in balances.items() if ":" in account} == dict(held)
