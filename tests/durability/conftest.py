"""A folder that costs no syncs, where there is one."""

import shutil
import tempfile
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.durability.life import MEMORY


@pytest.fixture
def quick_folder(tmp_path: Path) -> Iterator[Path]:
    """An empty folder of this test, in memory where the system has such a place."""
    if not MEMORY.is_dir():
        yield tmp_path
        return
    folder = Path(tempfile.mkdtemp(prefix="rights-test-", dir=MEMORY))
    yield folder
    shutil.rmtree(folder)
