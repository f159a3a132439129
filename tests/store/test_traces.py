"""Of particulars that were changed or forgotten nothing is left in the files of the database, whoever has it open."""

import random
import sqlite3
from collections.abc import Iterable, Iterator
from contextlib import closing
from pathlib import Path

import psycopg
import pytest

from ledger import Book, open_ledger
from ledger.people import FIELDS
from ledger.store.sql_log import KEPT_BY_OTHERS
from tests.scenario import allotted, series_7
from tests.store.samples import raw_connection, say

HOLDERS = 60


@pytest.fixture
def file(tmp_path: Path) -> Path:
    return tmp_path / "rights.db"


@pytest.fixture
def book(file: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Book]:
    monkeypatch.setattr("ledger.store.people.CHECKPOINT_SECONDS", 0.05)
    with open_ledger(f"sqlite:///{file}", "main", create=True) as book:
        book.record([*series_7(), allotted(24)], actor="hr")
        yield book


def particulars(chance: random.Random) -> dict[str, str | None]:
    """Of a person whom nobody has met: each text is there once in the world."""
    name = "".join(chance.choice("甲乙丙丁戊己庚辛壬癸") for _ in range(chance.randint(12, 40)))
    kana = "".join(chance.choice("アイウエオカキクケコ") for _ in range(30))
    roman = "".join(chance.choice("abcdefgh") for _ in range(chance.randint(20, 200)))
    return {"kanji": name, "kana": kana, "roman": roman, "address": f"{name[::-1]}{chance.randrange(10**6)}番地"}


def found_in(folder: Path, texts: Iterable[str]) -> set[str]:
    """The texts that any file of a folder still holds."""
    contents = [each.read_bytes() for each in folder.iterdir() if each.is_file()]
    return {
        text
        for text in texts
        for form in ("utf-8", "utf-16-le", "utf-16-be", "cp932")
        for content in contents
        if text.encode(form) in content
    }


def values(given: dict[str, str | None]) -> list[str]:
    return [value for value in given.values() if value is not None]


@pytest.mark.parametrize("forgetting", [0.0, 0.1], ids=["changed-only", "also-forgotten"])
def test_what_is_overwritten_and_forgotten_leaves_no_trace(book: Book, file: Path, forgetting: float) -> None:
    chance = random.Random(7)
    there: dict[str, dict[str, str | None]] = {}
    gone: list[str] = []
    with closing(sqlite3.connect(file)) as other:
        other.execute("SELECT count(*) FROM entries").fetchone()
        for turn in range(4 * HOLDERS):
            holder = f"holder-{chance.randrange(HOLDERS)}"
            if chance.random() < forgetting and holder in there:
                assert book.people.forget(holder, reason="asked for").traces is None
                gone += values(there.pop(holder))
            else:
                new = particulars(chance)
                assert book.people.set(holder, new).traces is None
                gone += values(there.get(holder, {}))
                there[holder] = new
            if turn % 50 == 0:
                book.record([allotted(1, f"director-{turn + 2}")], actor="hr")
        assert found_in(file.parent, gone) == set()
    kept = [value for each in there.values() for value in values(each)]
    assert found_in(file.parent, kept) == set(kept)
    assert len(gone) > HOLDERS
    everybody = {
        each.holder: {field: getattr(each, field) for field in FIELDS[:-1]}
        for each in book.people.show()
        if each.forgotten_at is None
    }
    assert everybody == there


def test_many_at_once_leave_no_trace(book: Book, file: Path) -> None:
    """Rows that move to other pages leave copies behind, which nothing overwrites when the row itself changes."""
    chance = random.Random(3)
    before = {f"holder-{number}": particulars(chance) for number in range(800)}
    book.people.set_all(list(before.items()))
    for holder in before:
        before[holder] |= {"address": particulars(chance)["address"]}
    assert book.people.set_all([(holder, {"address": value["address"]}) for holder, value in before.items()]).changed
    contents = b"".join(each.read_bytes() for each in file.parent.iterdir())
    gone = book.people.set_all([(holder, particulars(chance)) for holder in before])
    assert len(gone.changed) == len(before)
    after = b"".join(each.read_bytes() for each in file.parent.iterdir())
    texts = [text.encode() for value in before.values() for text in values(value)]
    assert all(text in contents for text in texts)
    assert not [text for text in texts if text in after]


def test_what_others_left_in_free_pages_goes_too(book: Book, file: Path) -> None:
    """A restoration drops tables, and somebody's program may remove rows: neither overwrites anything."""
    given = particulars(random.Random(1))
    book.people.set("director-1", given)
    with closing(raw_connection(f"sqlite:///{file}")) as other:
        other.execute("PRAGMA secure_delete=OFF")
        other.execute("DELETE FROM people")
        other.commit()
        other.execute("PRAGMA wal_checkpoint(TRUNCATE)")
    assert found_in(file.parent, values(given))
    assert book.people.forget("director-1", reason="asked for").traces is None
    assert found_in(file.parent, values(given)) == set()


def test_who_reads_keeps_the_traces_until_he_has_ended(book: Book, file: Path) -> None:
    given = particulars(random.Random(2))
    book.people.set("director-1", given)
    with closing(sqlite3.connect(file)) as other:
        other.execute("BEGIN")
        other.execute("SELECT count(*) FROM entries").fetchone()
        done = book.people.forget("director-1", reason="asked for", actor="it")
        assert done.traces == f"others are reading {file}, and its write-ahead log is kept for them"
        assert found_in(file.parent, values(given))
        other.execute("COMMIT")
        again = book.people.forget("director-1", reason="asked for", actor="somebody else")
    assert again == done._replace(traces=None, was_before=True)
    assert found_in(file.parent, values(given)) == set()
    assert [each.kind for each in book.people.log()] == ["set", "forgotten"]


def test_a_value_that_is_overwritten_while_others_read_is_told(book: Book, file: Path) -> None:
    book.people.set("director-1", {"kanji": "甲野太郎之助左衛門"})
    with closing(sqlite3.connect(file)) as other:
        other.execute("BEGIN")
        other.execute("SELECT count(*) FROM entries").fetchone()
        assert book.people.set("director-1", {"kana": "コウノ"}).traces is None  # nothing was there
        kept = book.people.set("director-1", {"kanji": "乙野"})
    assert kept.traces == f"others are reading {file}, and its write-ahead log is kept for them"


def test_the_same_call_again_removes_what_others_kept(book: Book, file: Path) -> None:
    name = "甲野太郎之助左衛門"
    book.people.set("director-1", {"kanji": name})
    with closing(sqlite3.connect(file)) as other:
        other.execute("BEGIN")
        other.execute("SELECT count(*) FROM entries").fetchone()
        assert book.people.set("director-1", {"kanji": "乙野"}).traces is not None
        assert found_in(file.parent, [name])
        other.execute("COMMIT")
        again = book.people.set("director-1", {"kanji": "乙野"})
    assert (again.changed, again.traces) == ((), None)
    assert found_in(file.parent, [name]) == set()


def test_forgetting_leaves_the_file_a_ledger(book: Book, file: Path) -> None:
    with closing(sqlite3.connect(file)) as other:
        before = [other.execute(f"PRAGMA {name}").fetchall() for name in ("application_id", "journal_mode")]
    book.people.set("director-1", {"kanji": "甲野"})
    book.people.forget("director-1", reason="asked for")
    with closing(sqlite3.connect(file)) as other:
        assert [other.execute(f"PRAGMA {name}").fetchall() for name in ("application_id", "journal_mode")] == before
    with open_ledger(f"sqlite:///{file}") as again:
        assert again.verify().size == 3
        again.record([allotted(1, "director-2")], actor="hr")


def test_no_file_beside_the_database_is_left(book: Book, file: Path) -> None:
    book.people.set("director-1", {"kanji": "甲野"})
    book.people.forget("director-1", reason="asked for")
    book.close()
    assert sorted(each.name for each in file.parent.iterdir()) == ["rights.db", "rights.db-queue"]


def test_postgresql_writes_its_table_anew(postgres_database: str) -> None:
    with open_ledger(postgres_database, "main", create=True) as book:
        book.people.set("director-1", {"kanji": "甲野"})
        book.people.set("director-1", {"kanji": "乙野"})
        before = say(postgres_database, "SELECT pg_relation_filenode('people')")
        forgotten = book.people.forget("director-1", reason="asked for")
        assert say(postgres_database, "SELECT pg_relation_filenode('people')") != before
        assert forgotten.traces is None
        assert say(postgres_database, "SELECT pg_relation_size('people')") == [(0,)]


def test_postgresql_tells_of_what_a_reader_keeps(postgres_database: str) -> None:
    """A transaction that began before might see the row still; once it has ended, the same call removes it."""
    with open_ledger(postgres_database, "main", create=True) as book:
        book.people.set("director-1", {"kanji": "甲野"})
        with psycopg.connect(postgres_database.replace("+psycopg", "")) as reader:
            reader.isolation_level = psycopg.IsolationLevel.REPEATABLE_READ
            reader.execute("SELECT 1")
            assert book.people.forget("director-1", reason="asked for").traces == KEPT_BY_OTHERS
        again = book.people.forget("director-1", reason="asked for")
        assert (again.was_before, again.traces) == (True, None)
        assert say(postgres_database, "SELECT pg_relation_size('people')") == [(0,)]
