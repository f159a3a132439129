"""The directory of people beside the log: who may change what of it, and that no answer or proof rests on it."""

import shutil
import sqlite3
from collections.abc import Iterator
from contextlib import closing
from datetime import date, datetime, timedelta
from pathlib import Path

import psycopg
import pytest

from ledger import Book, DatabaseError, MalformedError, RefusedError, open_ledger
from ledger.people import Changed, Names, Particulars, Person, PersonChange
from ledger.store import migrate, open_log, roles
from ledger.store.authorizer import restrict_to_people
from ledger.store.memory import MemoryLog
from ledger.store.migrate import upgrade
from ledger.store.people import PersonRow
from tests.scenario import allotted, departed, exercised, series_7
from tests.store.people import let_in, url_of
from tests.store.samples import MADE_AT, add, batch_of, raw_connection, say

REPOSITORY = Path(__file__).parents[2]
REFUSALS = (sqlite3.IntegrityError, psycopg.errors.IntegrityError)
NOW = datetime.fromisoformat("2018-07-02T09:00:00+09:00")
AT = "2018-07-02T00:00:00.000000Z"
KOUNO: Particulars = {
    "kanji": "甲野太郎",
    "kana": "コウノ タロウ",
    "address": "東京都千代田区一丁目1番1号",
    "born": date(1960, 1, 2),
}


@pytest.fixture
def book(database: str) -> Iterator[Book]:
    with open_ledger(database, "main", create=True, now=lambda: NOW) as book:
        book.record([*series_7(), allotted(24), departed("2018-06-28"), exercised("2018-07-02", 4)], actor="hr")
        yield book


def person(holder: str, **given: object) -> Person:
    fields = ("kanji", "kana", "roman", "address", "born", "forgotten_at", "forgotten_by")
    return Person(holder, *(given.get(field) for field in fields))  # type: ignore[arg-type]


def test_what_is_set_is_shown_and_noted_without_the_particulars(book: Book) -> None:
    kept = book.people.set("director-1", KOUNO, actor="hr", reason="appointed")
    assert kept == ((Changed("director-1", ("kanji", "kana", "address", "born")),), (), None, ())
    book.people.set("director-1", {"roman": "Tarō Kōno", "kana": None, "kanji": "甲野太郎"}, actor="it")
    assert book.people.show() == [person("director-1", **({**KOUNO, "roman": "Tarō Kōno", "kana": None}))]
    assert book.people.log() == [
        PersonChange(1, "director-1", AT, "hr", "set", ("kanji", "kana", "address", "born"), "appointed"),
        PersonChange(2, "director-1", AT, "it", "set", ("kana", "roman"), None),
    ]


def test_the_same_again_changes_nothing(book: Book) -> None:
    book.people.set("director-1", KOUNO)
    assert book.people.set("director-1", KOUNO).changed == ()
    assert len(book.people.log()) == 1


def test_who_is_in_no_entry_yet_may_be_known(book: Book) -> None:
    assert book.people.set("director-9", {"kanji": "乙野"}).unknown == ("director-9",)
    assert book.people.show("director-9") == [person("director-9", kanji="乙野")]


def test_who_has_no_field_left_is_not_kept(book: Book) -> None:
    book.people.set("director-1", {"kanji": "甲野"})
    book.people.set("director-1", {"kanji": None})
    assert book.people.show("director-1") == []
    assert book.people.forget("director-1", reason="asked for", actor="it").forgotten_by == "it"


def test_a_forgotten_person_is_shown_as_forgotten_and_may_be_set_again(book: Book) -> None:
    book.people.set("director-1", KOUNO, actor="hr")
    done = book.people.forget("director-1", reason="asked for", actor="it")
    assert done == ("director-1", AT, "it", None, False)
    assert book.people.forget("director-1", reason="again") == ("director-1", AT, "it", None, True)
    assert book.people.show() == [person("director-1", forgotten_at=AT, forgotten_by="it")]
    assert book.people.log()[-1] == PersonChange(
        2, "director-1", AT, "it", "forgotten", ("kanji", "kana", "address", "born"), "asked for"
    )
    nobody = book.people.set("director-1", {"kanji": None})
    assert (nobody.changed, nobody.again) == ((), ())
    back = book.people.set("director-1", {"roman": "K."}, actor="hr")
    assert back.again == (("director-1", AT, "it"),)
    assert book.people.show("director-1") == [person("director-1", roman="K.")]


def answers(book: Book) -> list[object]:
    day = date(2018, 7, 2)
    found = [book.holdings(day), book.series(day), book.eligibility(day), book.exercises(day), book.deadlines(day)]
    return [*found, book.history(), list(book.export()), book.verify()]


def test_no_answer_and_no_proof_rests_on_the_directory(book: Book) -> None:
    before = answers(book)
    book.people.set("director-1", KOUNO)
    assert answers(book) == before
    book.people.forget("director-1", reason="asked for")
    assert answers(book) == before


def test_each_ledger_has_its_own_people(book: Book, database: str) -> None:
    book.people.set("director-1", KOUNO)
    with open_ledger(database, "other", create=True, now=lambda: NOW) as other:
        assert other.people.show() == []
        assert other.people.log() == []
        other.people.set("director-1", {"kanji": "乙野"})
        assert [each.number for each in other.people.log()] == [1]
    assert [each.kanji for each in book.people.show()] == ["甲野太郎"]


def test_several_are_kept_all_or_none(book: Book) -> None:
    with pytest.raises(MalformedError):
        book.people.set_all([("director-1", {"kanji": "甲野"}), ("director-2", {"kana": "乙野"})])
    with pytest.raises(MalformedError, match="the particulars of a are given twice"):
        book.people.set_all([("a", {"kanji": "甲野"}), ("a", {"kanji": "乙野"})])
    assert book.people.set_all([("a", {"kanji": "甲野"})], dry_run=True).changed == (Changed("a", ("kanji",)),)
    assert book.people.show() == []
    assert book.people.log() == []


@pytest.mark.parametrize(("field", "value", "says"), [
    ("kanji", "", "`kanji` of a is blank"),
    ("kanji", "　", "`kanji` of a is blank"),
    ("kanji", "甲" * 201, "`kanji` of a has 201 characters; at most 200 are allowed"),
    ("address", "甲" * 401, "`address` of a has 401 characters; at most 400 are allowed"),
    ("roman", "K\u202eono", "`roman` of a holds the unseen character U+202E"),
    ("kanji", "甲\n野", "`kanji` of a holds the unseen character U+000A"),
    ("kana", "甲野", "`kana` of a 甲野 is not in kana alone"),
    ("born", "1960-02-30", "`born` of a 1960-02-30 is no day of the calendar; days are written YYYY-MM-DD"),
    ("born", date(2018, 7, 3), "`born` of a 2018-07-03 is not between 1868-01-01 and 2018-07-02, today"),
    ("born", "1867-12-31", "`born` of a 1867-12-31 is not between 1868-01-01 and 2018-07-02, today"),
    ("nickname", "K", "a person has no field nickname: kanji, kana, roman, address, born"),
])  # fmt: skip
def test_what_is_no_particular_is_refused(book: Book, field: str, value: str | date, says: str) -> None:
    with pytest.raises(MalformedError) as refused:
        book.people.set("a", {field: value})
    assert refused.value.message == says


@pytest.mark.parametrize(("field", "value"), [
    ("kanji", "甲" * 200), ("address", "甲" * 400), ("kanji", "\ufa19野"), ("kana", "ｺｳﾉ ﾀﾛｳﾞ"), ("kana", "ぎんが・ー"),
    ("born", date(2018, 7, 2)), ("born", date(1868, 1, 1)),
])  # fmt: skip
def test_what_is_given_is_kept_as_it_is(book: Book, field: str, value: str | date) -> None:
    """A character that Unicode would compose into another is somebody's name."""
    book.people.set("a", {field: value})
    assert getattr(book.people.show("a")[0], field) == value


def test_nobody_is_forgotten_who_was_never_kept(book: Book) -> None:
    for ask in (lambda: book.people.forget("director-1", reason="x"), lambda: book.people.show("director-7")):
        with pytest.raises(RefusedError) as refused:
            ask()
        assert refused.value.code == "unknown-holder"
    assert book.people.show("director-1") == []


NAMING: Particulars = {"kanji": "甲野 太郎", "roman": "Zyxwv2 X", "address": "東京都港区1-2", "kana": "コ"}
TOLD = "holds the `{}` of a: a reason stays for ever and must name nobody"


@pytest.mark.parametrize(("reason", "field"), [
    ("甲野太郎から改名", "kanji"), ("甲野の依頼", "kanji"), ("renamed from ｚｙｘｗｖ２", "roman"),
    ("was ZYXWV2X", "roman"), ("moved from 東京都 港区１－２", "address"),
])  # fmt: skip
def test_a_reason_names_nobody_when_it_is_given(book: Book, reason: str, field: str) -> None:
    """A reason stays when the particulars are forgotten."""
    says = TOLD.format(field)
    for dry_run in (True, False):
        with pytest.raises(MalformedError, match=says):
            book.people.set_all([("a", NAMING)], reason=reason, dry_run=dry_run)
    assert book.people.log() == []
    book.people.set("a", NAMING, reason="appointed, コ")
    with pytest.raises(MalformedError, match=says):
        book.people.set("a", {"kanji": "乙", "roman": "B.", "address": None}, reason=reason)
    with pytest.raises(MalformedError, match=says) as refused:
        book.people.forget("a", reason=reason)
    assert (refused.value.code, len(book.people.log()), book.people.show()[0].kanji) == ("malformed", 1, "甲野 太郎")
    book.people.forget("a", reason="planned, as asked for")


def test_a_reason_may_hold_what_only_looks_like_a_word_of_a_name(book: Book) -> None:
    book.people.set("a", {"roman": "Ann Li", "address": "To"}, reason="planned: listed")
    with pytest.raises(MalformedError, match="holds the `roman` of a"):
        book.people.set("a", {"address": None}, reason="for Li")


def test_a_file_comes_with_a_reason_that_names_nobody(book: Book) -> None:
    with pytest.raises(MalformedError, match="holds the `roman` of b"):
        book.people.take(b"holder,roman\na,Kono\nb,Otsuno\n", "f.csv", reason="otsuno asked")
    assert book.people.show() == []


def test_what_became_of_people_is_only_added_to(database_with_triggers: str) -> None:
    url = database_with_triggers
    with open_ledger(url, "main", create=True) as book:
        book.people.set("a", {"kanji": "甲野"})
    for change in (
        "UPDATE people_changes SET reason = 'none'",
        "DELETE FROM people_changes",
        "INSERT INTO people_changes SELECT ledger_id, 3, holder, changed_at, actor, kind, fields, reason"
        " FROM people_changes",
        "INSERT INTO people_changes SELECT ledger_id, 2, holder, changed_at, actor, 'other', fields, reason"
        " FROM people_changes",
    ):
        with pytest.raises(REFUSALS):
            say(url, change)
    if not url.startswith("sqlite"):
        with pytest.raises(REFUSALS, match="what became of a person is never"):
            say(url, "TRUNCATE people_changes")
    say(url, "DELETE FROM people")


def test_a_connection_that_keeps_people_does_nothing_else(sqlite_file: Path) -> None:
    with closing(raw_connection(f"sqlite:///{sqlite_file}")) as connection:
        restrict_to_people(connection)
        for sql in (
            "INSERT INTO ledgers (ledger_id, created_at, size, peaks) VALUES ('a', 'b', 0, x'')",
            "UPDATE ledgers SET size = 0",
            "UPDATE people SET kanji = NULL",
            "DELETE FROM people_changes",
            "DELETE FROM entries",
            "PRAGMA secure_delete=OFF",
            "VACUUM",
            "DROP TABLE people",
        ):
            with pytest.raises(sqlite3.DatabaseError, match=r"not authorized|authorization denied"):
                connection.execute(sql)


def test_a_writer_keeps_people_and_only_the_owner_writes_the_table_anew(prefix: str, postgres_database: str) -> None:
    with open_ledger(postgres_database, "main", create=True):
        roles.apply(postgres_database, prefix=prefix)
    let_in(postgres_database, prefix)
    with open_ledger(url_of("wendy", postgres_database, prefix)) as book:
        book.people.set("a", {"kanji": "甲野"})
        done = book.people.forget("a", reason="asked for")
    assert done.traces == "only the owner of the table of people may vacuum it (VACUUM FULL people)"
    with open_ledger(url_of("rita", postgres_database, prefix)) as book:
        assert [each.holder for each in book.people.show()] == ["a"]
        with pytest.raises(DatabaseError):
            book.people.set("a", {"kanji": "甲野"})
    with open_ledger(url_of("olga", postgres_database, prefix)) as book:
        assert book.people.forget("a", reason="asked for").traces is None


def test_a_ledger_of_the_revision_before_keeps_all(
    empty_database: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    home = tmp_path / "home"
    shutil.copytree(REPOSITORY / "migrations", home / "migrations")
    shutil.copy(REPOSITORY / "alembic.ini", home)
    for later in (home / "migrations" / "versions").glob("000[4-9]_*.py"):
        later.unlink()
    with monkeypatch.context() as patch:
        patch.setattr(migrate, "_home", lambda: home)
        upgrade(empty_database)
    head = "INSERT INTO ledgers (ledger_id, created_at, size, peaks) VALUES (?, ?, 0, ?)"
    say(empty_database, head, "main", MADE_AT, b"")
    with pytest.raises(DatabaseError, match="of revision 0003, and this program wants 0004"):
        open_log(empty_database)
    assert upgrade(empty_database) is True
    log = open_log(empty_database)
    with log.writing("main") as writer:
        add(writer, batch_of(1, 3))
    with log.directory("main", writing=True) as directory:
        directory.put(PersonRow("a", "甲野"))
    with log.directory("main") as directory:
        assert directory.people() == {"a": PersonRow("a", "甲野")}
    log.close()


def test_a_ledger_that_is_not_there_has_no_people(database: str) -> None:
    log = open_log(database)
    with pytest.raises(DatabaseError) as refused, log.directory("nobody", writing=True):
        pass
    assert refused.value.code == "no-ledger"
    log.close()


def test_nothing_stays_of_a_change_that_fails(book: Book, database: str) -> None:
    log = open_log(database)
    with pytest.raises(ZeroDivisionError), log.directory("main", writing=True) as directory:
        directory.put(PersonRow("a", "甲野"))
        1 / 0  # noqa: B018
    with log.directory("main") as directory:
        assert directory.people() == {}
    log.close()


def test_the_log_in_memory_keeps_nobody() -> None:
    log = MemoryLog()
    log.create("main", MADE_AT)
    book = Book(log, "main")
    assert book.people.show() == []
    with pytest.raises(DatabaseError, match="keeps no directory"):
        book.people.set("a", {"kanji": "甲野"})


def test_a_name_is_told_with_its_id() -> None:
    names = Names(
        {
            "a": person("a", kanji="甲野", roman="Kono", address="東京"),
            "b": person("b", roman="Otsuno", kana="オツノ"),
            "c": person("c", address="大阪"),
        }
    )
    assert [names.label(each) for each in "abcd"] == ["甲野 (a)", "Otsuno (b)", "c", "d"]
    assert [names.address(each) for each in "abcd"] == ["東京", None, "大阪", None]


def test_the_clock_set_back_does_not_hide_what_was_forgotten(database: str) -> None:
    """Changes are numbered: which one was last does not depend on a clock."""
    times = iter([NOW, NOW - timedelta(days=1), *[NOW] * 9])
    with open_ledger(database, "main", create=True, now=lambda: next(times)) as book:
        book.people.set("a", {"kanji": "甲野"})
        book.people.forget("a", reason="asked for", actor="it")
        assert book.people.show()[0].forgotten_by == "it"
