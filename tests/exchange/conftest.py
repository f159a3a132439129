"""The ledger that registers are compared with: in memory, and in a file with names."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from ledger import open_ledger
from tests.exchange.registers import ALLOTTED, NAMES
from tests.scenario import (
    Story,
    given,
)


@pytest.fixture
def story() -> Story:
    return given(*ALLOTTED)


@pytest.fixture
def named(tmp_path: Path) -> Iterator[Story]:
    """The same in a file: a directory of people is no part of a log in memory."""
    story = Story()
    with open_ledger(f"sqlite:///{tmp_path / 'rights.db'}", "main", create=True) as story.book:
        story.then(*ALLOTTED).book.people.set_all(NAMES.items(), actor="tests")
        yield story
