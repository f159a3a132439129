"""The directory of people is in a backup that is a whole file, and no restoration brings back who was forgotten."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from ledger import Book, open_ledger
from ledger.backup.making import back_up
from ledger.backup.restoring import put_back
from tests.scenario import allotted, series_7


@pytest.fixture
def url(tmp_path: Path) -> str:
    return f"sqlite:///{tmp_path / 'rights.db'}"


@pytest.fixture
def book(url: str) -> Iterator[Book]:
    """A ledger with two people in its directory."""
    with open_ledger(url, "main", create=True) as book:
        book.record([*series_7(), allotted(24)], actor="hr")
        book.people.set_all([("director-1", {"kanji": "甲野"}), ("director-2", {"kanji": "乙野"})])
        yield book


def known(url: str) -> dict[str, str | None]:
    with open_ledger(url, "main") as book:
        return {each.holder: each.kanji for each in book.people.show()}


BOTH = {"director-1": "甲野", "director-2": "乙野"}


def test_a_new_database_has_the_people_of_the_backup(book: Book, url: str, tmp_path: Path) -> None:
    back_up(url, tmp_path / "backup")
    new = f"sqlite:///{tmp_path / 'new.db'}"
    put_back(new, tmp_path / "backup", reason="moved")
    assert known(new) == BOTH
    with open_ledger(new) as again:
        assert again.people.log() == book.people.log()
        again.people.forget("director-1", reason="asked for")


def test_a_database_keeps_the_people_that_it_has(book: Book, url: str, tmp_path: Path) -> None:
    back_up(url, tmp_path / "backup")
    book.people.forget("director-1", reason="asked for")
    book.people.set("director-3", {"kanji": "丙野"})
    changes = book.people.log()
    put_back(url, tmp_path / "backup", reason="tried out")
    assert known(url) == {"director-1": None, "director-2": "乙野", "director-3": "丙野"}
    assert book.people.log() == changes
    book.people.set("director-1", {"kanji": "甲野"})
    assert [each.number for each in book.people.log()] == [1, 2, 3, 4, 5]


def test_who_was_forgotten_while_the_ledger_lost_its_entries_stays_forgotten(
    book: Book, url: str, tmp_path: Path
) -> None:
    """Of a ledger that the backup does not know, too."""
    with open_ledger(url, "other", create=True) as other:
        back_up(url, tmp_path / "backup")
        other.people.set("director-1", {"kanji": "丁野"})
        put_back(url, tmp_path / "backup", reason="tried out")
        assert [each.kanji for each in other.people.show()] == ["丁野"]
    assert known(url) == BOTH


def test_the_portable_form_holds_nobody(book: Book, url: str, tmp_path: Path) -> None:
    back_up(url, tmp_path / "backup", portable=True)
    assert "甲野".encode() not in (tmp_path / "backup").read_bytes()
    put_back(f"sqlite:///{tmp_path / 'new.db'}", tmp_path / "backup", reason="moved")
    assert known(f"sqlite:///{tmp_path / 'new.db'}") == {}
    assert b"director-1" in b"\n".join(book.export())
    assert "甲野".encode() not in b"\n".join(book.export())


def test_a_server_gets_the_people_of_a_file_where_it_has_none(
    book: Book, url: str, tmp_path: Path, postgres_database: str
) -> None:
    back_up(url, tmp_path / "backup")
    put_back(postgres_database, tmp_path / "backup", reason="moved")
    assert known(postgres_database) == BOTH
    with open_ledger(postgres_database) as there:
        there.people.forget("director-1", reason="asked for")
    put_back(postgres_database, tmp_path / "backup", reason="again")
    assert known(postgres_database) == {"director-1": None, "director-2": "乙野"}
