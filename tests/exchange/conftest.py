"""What the tests of packages and of registers may ask for."""

from collections.abc import Iterator
from contextlib import closing
from pathlib import Path

import pytest

from ledger import open_ledger
from tests.exchange.packages_of_others import Given
from tests.exchange.registers import ALLOTTED, NAMES
from tests.scenario import Story
from tests.scenario import given as given_entries


@pytest.fixture
def given(tmp_path: Path) -> Iterator[Given]:
    """A package of others, and the ledger that it makes."""
    with closing(Given(tmp_path)) as made:
        yield made


@pytest.fixture
def story() -> Story:
    """The ledger that registers are compared with, in memory."""
    return given_entries(*ALLOTTED)


@pytest.fixture
def named(tmp_path: Path) -> Iterator[Story]:
    """The same in a file: a directory of people is no part of a log in memory."""
    story = Story()
    with open_ledger(f"sqlite:///{tmp_path / 'rights.db'}", "main", create=True) as story.book:
        story.then(*ALLOTTED).book.people.set_all(NAMES.items(), actor="tests")
        yield story
