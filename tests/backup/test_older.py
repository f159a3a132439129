"""A database of an older revision: it is backed up before it is brought up, and its backups stay good for ever."""

import shutil
import sqlite3
from contextlib import closing
from pathlib import Path

import pytest

from ledger.backup.making import back_up
from ledger.backup.restoring import put_back
from ledger.domain.errors import DamagedError, DatabaseError
from ledger.store import migrate, open_log
from tests.backup.conftest import whole
from tests.store.samples import insert, say

REPOSITORY = Path(__file__).parents[2]


@pytest.fixture
def older(two_ledgers: str, folder: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """The ledgers of `two_ledgers` in a database of the first revision."""
    home = folder / "home"
    shutil.copytree(REPOSITORY / "migrations", home / "migrations")
    shutil.copy(REPOSITORY / "alembic.ini", home)
    for later in (home / "migrations" / "versions").glob("000[2-9]_*.py"):
        later.unlink()
    file = folder / "older.db"
    url = f"sqlite:///{file}"
    with monkeypatch.context() as patch:
        patch.setattr(migrate, "_home", lambda: home)
        migrate.upgrade(url)
    found = whole(two_ledgers)
    for held in found.ledgers:
        say(url, "INSERT INTO ledgers (ledger_id, created_at) VALUES (?, ?)", held.ledger, held.created_at)
        for row in found.rows[held.ledger]:
            sql, parameters = insert(row, ledger=held.ledger)
            say(url, sql, *parameters)
    with pytest.raises(DatabaseError, match="has tables of revision 0001"):
        open_log(url)
    return file


@pytest.mark.parametrize("portable", [False, True])
def test_there_and_back(older: Path, two_ledgers: str, folder: Path, *, portable: bool) -> None:
    expected = whole(two_ledgers)
    made = back_up(f"sqlite:///{older}", folder / "copy", portable=portable)
    assert list(made.ledgers) == expected.ledgers
    new = f"sqlite:///{folder / 'new.db'}"
    for url in (new, f"sqlite:///{older}", two_ledgers):
        put_back(url, folder / "copy", reason="test")
        assert whole(url).content == expected.content


def test_the_copy_is_of_the_same_revision(older: Path, folder: Path) -> None:
    """What was copied is what is kept: the way up is gone when it is needed, not before."""
    back_up(f"sqlite:///{older}", folder / "copy")
    with closing(sqlite3.connect("copy")) as connection:
        assert connection.execute("SELECT version_num FROM alembic_version").fetchall() == [("0001",)]
    with pytest.raises(DatabaseError, match="has tables of revision 0001"):
        open_log(f"sqlite:///{older}")


def test_one_that_does_not_hold(older: Path, folder: Path) -> None:
    with closing(sqlite3.connect(older)) as connection, connection:
        [(trigger,)] = connection.execute("SELECT sql FROM sqlite_schema WHERE name = 'entries_never_updated'")
        connection.execute("DROP TRIGGER entries_never_updated")
        connection.execute("UPDATE entries SET actor = 'it' WHERE ledger_id = 'main' AND version = 4")
        connection.execute(trigger)
    with pytest.raises(DamagedError, match="ledger main: version 4 is bad"):
        back_up(f"sqlite:///{older}", folder / "copy")
    assert not (folder / "copy").exists()
