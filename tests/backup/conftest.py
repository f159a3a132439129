"""Databases to back up and to restore."""

from collections.abc import Sequence
from pathlib import Path
from typing import NamedTuple

import pytest

from ledger import open_ledger
from ledger.backup.contents import Held, contents_of
from ledger.store import Row
from tests.cli.conftest import SMALL, record_at
from tests.scenario import Given, company, issue

MORNING = "2021-04-01T09:30:00+09:00"


class Whole(NamedTuple):
    """All that a database holds."""

    ledgers: list[Held]
    rows: dict[str, list[Row]]

    @property
    def content(self) -> list[tuple[str, int, bytes, list[Row]]]:
        """Without what restorations change."""
        return [(each.ledger, each.size, each.root, self.rows[each.ledger]) for each in self.ledgers]


def whole(url: str) -> Whole:
    """Read a database with the program's own log."""
    with contents_of(url) as contents:
        return Whole(list(contents.ledgers), {held.ledger: list(rows) for held, rows in contents.each()})


def fill(url: str, ledger: str, entries: Sequence[Given]) -> None:
    """Record a batch in a ledger, which is made where it is not there."""
    with open_ledger(url, ledger, create=True) as book:
        book.record(list(entries), actor="hr")


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """The working directory: empty."""
    monkeypatch.chdir(tmp_path)
    monkeypatch.delenv("RIGHTS_ACTOR", raising=False)
    return tmp_path


@pytest.fixture
def two_ledgers(folder: Path) -> str:
    """The URL of a database with the ledgers `iij` (three entries), `main` (eleven) and `new` (none)."""
    url = f"sqlite:///{folder / 'rights.db'}"
    record_at(MORNING, SMALL, url)
    fill(url, "iij", [company(), issue(), company("B")])
    open_ledger(url, "new", create=True).close()
    return url
