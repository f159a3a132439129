"""kill -9 of whoever records, at any moment: what was acknowledged is there, and at most one whole batch more."""

import json
import subprocess
import sys
from pathlib import Path

import pytest

from tests.durability.kills import Figures

REPOSITORY = Path(__file__).parents[2]


def killed(url: str, kills: int, *mode: str) -> Figures:
    """In a process of its own, which has no threads and may fork."""
    done = subprocess.run(
        [sys.executable, "-m", "tests.durability.kills", url, str(kills), "1", *mode],
        cwd=REPOSITORY,
        stdout=subprocess.PIPE,
        check=True,
        text=True,
    )
    figures = json.loads(done.stdout)
    return Figures(**figures | {"troubles": tuple(figures["troubles"])})


@pytest.fixture
def database(request: pytest.FixtureRequest, quick_folder: Path) -> str:
    """The URL of a database of this test; a killed process takes nothing of the system's memory with it."""
    if request.param == "sqlite":
        return f"sqlite:///{quick_folder / 'rights.db'}"
    url: str = request.getfixturevalue("postgres_database")
    return url


@pytest.mark.parametrize(("database", "kills"), [("sqlite", 200), ("postgresql", 40)], indirect=["database"])
def test_nothing_acknowledged_is_lost(database: str, kills: int) -> None:
    figures = killed(database, kills)
    assert (figures.kills, figures.lost, figures.troubles) == (kills, 0, ())
    assert figures.acknowledged > kills


@pytest.mark.parametrize("database", ["sqlite", "postgresql"], indirect=True)
def test_a_program_that_acknowledges_too_early_is_seen_to_lose(database: str) -> None:
    assert killed(database, 20, "too-early").lost > 0
