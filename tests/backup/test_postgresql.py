"""Backups of PostgreSQL, and restorations into it: ledgers there only grow."""

from collections.abc import Callable
from pathlib import Path

import pytest

from ledger import open_ledger
from ledger.backup.making import back_up
from ledger.backup.restoring import put_back
from ledger.domain.errors import DamagedError, DatabaseError
from ledger.signer import Log, issue
from tests.backup.conftest import fill, whole
from tests.scenario import appointed, company
from tests.store.samples import say


@pytest.fixture(params=[False, True], ids=["sqlite", "portable"])
def backup(request: pytest.FixtureRequest, two_ledgers: str, folder: Path) -> Path:
    """A backup of `two_ledgers`, in either form."""
    file = folder / "copy"
    back_up(two_ledgers, file, portable=request.param)
    return file


def test_into_a_new_database_and_back(backup: Path, two_ledgers: str, postgres_database: str, folder: Path) -> None:
    expected = whole(two_ledgers)
    done = put_back(postgres_database, backup, reason="moved", actor="hr")
    assert done.kept is None
    found = whole(postgres_database)
    assert found.content == expected.content
    assert [held.created_at for held in found.ledgers] == [held.created_at for held in expected.ledgers]
    assert found.ledgers == list(done.ledgers)
    for held in found.ledgers:
        [noted] = held.restorations
        assert (noted.number, noted.actor, noted.reason, noted.size, noted.root) == (
            1, "hr", "moved", held.size, held.root
        )  # fmt: skip
        assert (noted.replaced_size, noted.replaced_root) == (None, None)
        with open_ledger(postgres_database, held.ledger) as book:
            assert book.verify().size == held.size
            assert book.restorations() == [noted]
    again = back_up(postgres_database, folder / "again")
    assert (again.form, list(again.ledgers)) == ("portable", found.ledgers)
    put_back(two_ledgers, folder / "again", reason="moved back", actor="hr")
    last = whole(two_ledgers)
    assert last.content == expected.content
    assert [[noted.reason for noted in held.restorations] for held in last.ledgers] == [["moved", "moved back"]] * 3


def test_where_the_ledgers_hold_the_beginning(backup: Path, two_ledgers: str, postgres_database: str) -> None:
    """What is there stays, what came later in the backup is added, and other ledgers stay as they are."""
    put_back(postgres_database, backup, reason="one")
    fill(two_ledgers, "main", [appointed("2020-01-01")])
    fill(postgres_database, "other", [company()])
    backup.unlink()
    back_up(two_ledgers, backup)
    put_back(postgres_database, backup, reason="two")
    found = {held.ledger: held for held in whole(postgres_database).ledgers}
    assert {ledger: held.size for ledger, held in found.items()} == {"iij": 3, "main": 12, "new": 0, "other": 1}
    assert [held.root for ledger, held in found.items() if ledger != "other"] == [
        held.root for held in whole(two_ledgers).ledgers
    ]
    assert [(each.number, each.reason, each.size, each.replaced_size) for each in found["main"].restorations] == [
        (1, "one", 11, None), (2, "two", 12, 11)
    ]  # fmt: skip
    assert found["other"].restorations == ()


def test_restorations_that_another_server_lost_are_noted_again(
    backup: Path, two_ledgers: str, postgres_database: str, folder: Path
) -> None:
    """Where they go on from what is noted there: what is noted keeps its number."""
    put_back(two_ledgers, backup, reason="one")
    put_back(two_ledgers, backup, reason="two")
    with open_ledger(two_ledgers, "main") as book:
        told = book.restorations()
        issue(folder / "state", "main", lambda: Log(book.tree(), told))
    done = put_back(postgres_database, backup, reason="three", state=folder / "state")
    assert done.remembered == {"iij": 0, "main": 2, "new": 0}
    found = {held.ledger: held.restorations for held in whole(postgres_database).ledgers}
    assert found["main"][:2] == tuple(told)
    assert [(each.number, each.reason) for each in found["main"]] == [(1, "one"), (2, "two"), (3, "three")]
    assert [each.reason for each in found["iij"]] == ["three"]
    put_back(two_ledgers, backup, reason="four")
    with open_ledger(two_ledgers, "main") as book:
        restored = book.restorations()
        issue(folder / "other", "main", lambda: Log(book.tree(), [*restored, restored[-1]._replace(number=4)]))
    done = put_back(postgres_database, backup, reason="five", state=folder / "other")
    assert done.remembered["main"] == 0
    assert [each.reason for each in done.ledgers[1].restorations] == ["one", "two", "three", "five"]


@pytest.mark.parametrize(("ledger", "says"), [
    ("main", "ledger main holds version 12, and the backup ends before it: in PostgreSQL a ledger is never put back"),
    ("new", "ledger new holds version 1, and the backup ends before it"),
])  # fmt: skip
def test_a_ledger_never_shrinks(backup: Path, postgres_database: str, ledger: str, says: str) -> None:
    """All or none: what could be added to others is not added either."""
    put_back(postgres_database, backup, reason="one")
    fill(postgres_database, ledger, [appointed("2020-01-01") if ledger == "main" else company()])
    before = whole(postgres_database)
    with pytest.raises(DatabaseError, match=says) as refusal:
        put_back(postgres_database, backup, reason="two")
    assert (refusal.value.code, refusal.value.exit_code) == ("append-only", 4)
    assert refusal.value.message.endswith("restore the backup into a new database")
    assert whole(postgres_database) == before


def test_another_history(backup: Path, postgres_database: str) -> None:
    fill(postgres_database, "main", [company("B")])
    before = whole(postgres_database)
    with pytest.raises(DatabaseError, match="holds version 1, and the backup has another entry there") as refusal:
        put_back(postgres_database, backup, reason="two")
    assert refusal.value.code == "append-only"
    assert whole(postgres_database) == before


def tamper_with_an_entry(url: str) -> None:
    say(url, "ALTER TABLE entries DISABLE TRIGGER entries_never_changed")
    say(url, "UPDATE entries SET actor = 'it' WHERE ledger_id = 'main' AND version = 4")
    say(url, "ALTER TABLE entries ENABLE ALWAYS TRIGGER entries_never_changed")


def tamper_with_a_head(url: str) -> None:
    say(url, "ALTER TABLE ledgers DISABLE TRIGGER ledgers_head_follows")
    say(url, "UPDATE ledgers SET peaks = decode(repeat('00', 96), 'hex') WHERE ledger_id = 'main'")
    say(url, "ALTER TABLE ledgers ENABLE ALWAYS TRIGGER ledgers_head_follows")


@pytest.mark.parametrize("tamper", [tamper_with_an_entry, tamper_with_a_head])
def test_what_does_not_hold_is_not_called_a_backup(
    backup: Path, postgres_database: str, folder: Path, tamper: Callable[[str], None]
) -> None:
    put_back(postgres_database, backup, reason="one")
    tamper(postgres_database)
    with pytest.raises(DamagedError, match="ledger main: "):
        back_up(postgres_database, folder / "again")
    assert not (folder / "again").exists()


def test_a_server_that_is_not_there(folder: Path) -> None:
    with pytest.raises(DatabaseError) as refusal:
        back_up("postgresql://nobody:secret@127.0.0.1:1/none", folder / "copy")
    assert "secret" not in refusal.value.message
    assert not (folder / "copy").exists()
