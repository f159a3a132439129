"""What the tests of packages may ask for."""

from collections.abc import Iterator
from contextlib import closing
from pathlib import Path

import pytest

from tests.exchange.packages_of_others import Given


@pytest.fixture
def given(tmp_path: Path) -> Iterator[Given]:
    with closing(Given(tmp_path)) as made:
        yield made
