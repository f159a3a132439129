"""A folder of its own for every test, without settings of the shell; and ledgers to ask."""

import gettext
import io
import shutil
from collections.abc import Iterable, Sequence
from datetime import datetime
from pathlib import Path

import pytest

from ledger import open_ledger
from ledger.cli.main import run
from ledger.reports import language
from tests.cli.terminal import SETTINGS, Rights, Told
from tests.reports.catalogue import Missing
from tests.scenario import Given, allotted, departed, died, exercised, inherited, pricing, series_7, split

DEFAULT_URL = "sqlite:///rights.db"


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """The working directory: empty, and every setting of ours is away but who records."""
    monkeypatch.chdir(tmp_path)
    for name in SETTINGS:
        monkeypatch.delenv(name, raising=False)
    monkeypatch.setenv("RIGHTS_ACTOR", "hr")
    monkeypatch.setenv("RIGHTS_STATE", str(tmp_path / "state"))
    return tmp_path


@pytest.fixture
def rights(folder: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch) -> Rights:
    """Run a command line in this process, in the test's folder."""

    def call(*arguments: str, given: bytes | None = None) -> Told:
        if given is not None:
            monkeypatch.setattr("sys.stdin", io.TextIOWrapper(io.BytesIO(given)))
        code = run(arguments)
        captured = capsys.readouterr()
        return Told(code, captured.out, captured.err)

    return call


@pytest.fixture(scope="session")
def made(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder of databases, made once and copied for each test that begins with one of them."""
    folder = tmp_path_factory.mktemp("made")
    record_at("2021-04-01T09:30:00+09:00", [], f"sqlite:///{folder / 'new.db'}")
    record_at("2021-04-01T09:30:00+09:00", SMALL, f"sqlite:///{folder / 'small.db'}")
    assert run(["demo", "--db", f"sqlite:///{folder / 'demo.db'}"]) == 0
    return folder


@pytest.fixture
def new_ledger(rights: Rights, folder: Path, made: Path) -> Rights:
    """The empty ledger `main` in rights.db."""
    shutil.copy(made / "new.db", folder / "rights.db")
    return rights


@pytest.fixture
def small_ledger(rights: Rights, folder: Path, made: Path) -> Rights:
    """The ledger of `SMALL`, recorded in the morning of 1 April 2021 in Japan."""
    shutil.copy(made / "small.db", folder / "rights.db")
    return rights


@pytest.fixture
def keyed(small_ledger: Rights, monkeypatch: pytest.MonkeyPatch) -> Rights:
    """The ledger of `SMALL`, a key, and a checkpoint of the eleven entries."""
    assert small_ledger("key", "new", "--name", "hr@example.com").code == 0
    monkeypatch.setenv("RIGHTS_KEY", "rights.key")
    assert small_ledger("checkpoint", "--out", "11").code == 0
    return small_ledger


@pytest.fixture
def demo_ledger(rights: Rights, folder: Path, made: Path, monkeypatch: pytest.MonkeyPatch) -> Rights:
    """The demo's ledger, chosen by the environment."""
    shutil.copy(made / "demo.db", folder / "rights.db")
    monkeypatch.setenv("RIGHTS_DB", DEFAULT_URL)
    monkeypatch.setenv("RIGHTS_LEDGER", "iij")
    return rights


@pytest.fixture
def missing(monkeypatch: pytest.MonkeyPatch) -> Missing:
    """What is asked of the Japanese catalogue from here on and is not in it."""
    found, whole = Missing(), gettext.translation("rights", language.CATALOGUES, ["ja"])
    whole.add_fallback(found)
    monkeypatch.setattr(language, "_catalogue", lambda _: whole)
    return found


def record_at(moment: str, entries: Iterable[Given], url: str = DEFAULT_URL) -> None:
    """Record a batch in the ledger `main` as if it were that instant, by a clock of our own."""
    instant = datetime.fromisoformat(moment)
    with open_ledger(url, "main", create=True, now=lambda: instant) as book:
        book.record(list(entries), actor="hr")


SMALL: Sequence[Given] = (
    *series_7(),  # versions 1 and 2
    pricing(1_900),
    allotted(24),
    allotted(10, "director-2"),
    allotted(7, "officer-1", position="executive-officer"),
    departed("2018-06-28"),
    exercised("2018-07-02", 4),
    died("2019-02-11", "director-2"),
    inherited("2019-03-15", "heir-1", "director-2"),
    split("2", "2020-12-31"),
)
"""Eleven entries of the 7th series: a window that closes on 8 July 2018, an heir, a split on 1 January 2021."""
