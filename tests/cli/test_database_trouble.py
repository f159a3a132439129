"""A database that cannot be used: exit 4, or 2 where the call is wrong; a sentence with a way out, no traceback."""

import os
import shutil
import sqlite3
import stat
import tempfile
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path

import psycopg
import pytest
from sqlalchemy import make_url

from ledger import open_ledger
from tests.cli.conftest import SMALL, record_at
from tests.cli.terminal import Rights, in_process, json_lines
from tests.scenario import company

QUESTIONS = ("holdings", "series", "eligibility", "exercises", "history", "verify")
PASSWORD = "s3cret"


def record(rights: Rights, *options: str) -> tuple[int, str]:
    told = rights("record", "-", *options, given=json_lines(company("ACME")))
    return told.code, told.sentence


@pytest.mark.parametrize("command", QUESTIONS)
def test_no_database(rights: Rights, folder: Path, command: str) -> None:
    told = rights(command)
    assert (told.code, told.sentence) == (
        4, "rights: no-database: there is no database rights.db: `rights init` makes one"
    )  # fmt: skip
    told = rights(command, "--json")
    assert told.error == {
        "code": "no-database", "message": "there is no database rights.db: `rights init` makes one", "line": None
    }  # fmt: skip
    assert list(folder.iterdir()) == []


def test_no_database_to_record_in(rights: Rights, folder: Path) -> None:
    assert record(rights) == (4, "rights: no-database: there is no database rights.db: `rights init` makes one")
    assert rights("depart", "--holder", "h", "--on", "2018-06-28").code == 4
    assert list(folder.iterdir()) == []


def test_the_way_out_works(rights: Rights) -> None:
    assert rights("init") == (0, "Ledger main is ready, at version 0.\n", "")
    assert rights("init") == (0, "Ledger main is ready, at version 0.\n", "")
    assert rights("holdings").code == 0


def test_a_missing_folder(rights: Rights) -> None:
    told = rights("holdings", "--db", "sqlite:///missing/rights.db")
    assert (told.code, told.sentence[:33]) == (4, "rights: no-database: there is no ")
    told = rights("init", "--db", "sqlite:///missing/rights.db")
    assert (told.code, told.sentence) == (
        4, "rights: database: missing/rights.db cannot be made: there is no folder missing"
    )  # fmt: skip


@pytest.mark.parametrize("command", [("holdings",), ("init",), ("db", "upgrade")])
def test_a_folder_as_file(rights: Rights, folder: Path, command: tuple[str, ...]) -> None:
    (folder / "rights.db").mkdir()
    told = rights(*command)
    assert (told.code, told.sentence) == (4, "rights: database: rights.db is a folder, not a database")


@pytest.mark.parametrize("command", [("holdings",), ("verify",), ("init",), ("db", "upgrade")])
def test_a_text_file_as_database(rights: Rights, folder: Path, command: tuple[str, ...]) -> None:
    content = b"holder,rights\ndirector-1,24\n" * 200
    (folder / "rights.db").write_bytes(content)
    told = rights(*command)
    assert (told.code, told.sentence) == (4, "rights: database: rights.db: file is not a database")
    assert (folder / "rights.db").read_bytes() == content


def test_somebody_elses_database(rights: Rights) -> None:
    with closing(sqlite3.connect("rights.db")) as connection:
        connection.execute("CREATE TABLE addresses (name)")
    for command in ("holdings", "init"):
        told = rights(command)
        assert (told.code, told.sentence) == (
            4,
            "rights: foreign-database: rights.db is a database, but another's, with the tables addresses: a ledger"
            " wants a file of its own",
        )


@pytest.fixture
def read_only(small_ledger: Rights) -> Iterator[str]:
    """The URL of a ledger that a process which is not root's may read, and not write."""
    folder = Path(tempfile.mkdtemp(prefix="rights-test-"))
    shutil.copy("rights.db", folder)
    folder.chmod(0o777)
    (folder / "rights.db").chmod(stat.S_IRUSR | stat.S_IRGRP | stat.S_IROTH)
    was_root = os.geteuid() == 0
    if was_root:
        os.seteuid(65_534)
    yield f"sqlite:///{folder}/rights.db"
    if was_root:
        os.seteuid(0)
    shutil.rmtree(folder)


def test_a_file_for_reading_only_answers_and_takes_nothing(rights: Rights, read_only: str) -> None:
    assert rights("holdings", "--as-of", "2021-01-01", "--db", read_only).code == 0
    code, sentence = record(rights, "--db", read_only)
    assert (code, sentence.split(": ")[:2]) == (4, ["rights", "database"])
    assert "readonly" in sentence
    assert rights("history", "--json", "--db", read_only).json["known_version"] == len(SMALL)


def set_revision(revision: str) -> None:
    with closing(sqlite3.connect("rights.db")) as connection:
        connection.execute("UPDATE alembic_version SET version_num = ?", (revision,))
        connection.commit()


@pytest.mark.parametrize("command", QUESTIONS)
def test_a_database_of_an_older_program(small_ledger: Rights, monkeypatch: pytest.MonkeyPatch, command: str) -> None:
    monkeypatch.setattr("ledger.store.guards.HEAD", "0005")
    told = small_ledger(command)
    assert (told.code, told.sentence) == (
        4,
        "rights: wrong-revision: rights.db has tables of revision 0004, and this program wants 0005: "
        "`rights db upgrade` brings them up",
    )


@pytest.mark.parametrize("command", [("holdings",), ("verify",), ("init",), ("db", "upgrade")])
@pytest.mark.parametrize(("revision", "way_out"), [
    ("0005", "a newer rights-ledger is needed to use them"), ("ae1027a6acf", "these are not a ledger's"),
])  # fmt: skip
def test_a_database_of_a_newer_program(
    small_ledger: Rights, command: tuple[str, ...], revision: str, way_out: str
) -> None:
    set_revision(revision)
    told = small_ledger(*command)
    assert (told.code, told.sentence) == (
        4,
        f"rights: wrong-revision: rights.db has tables of revision {revision}, and this program wants 0004: {way_out}",
    )


@pytest.fixture
def three_ledgers(rights: Rights) -> Rights:
    for name in ("iij", "acme", "main-2"):
        assert rights("init", "--ledger", name).code == 0
    return rights


@pytest.mark.parametrize("command", QUESTIONS)
def test_several_ledgers_and_none_named(three_ledgers: Rights, command: str) -> None:
    told = three_ledgers(command)
    assert (told.code, told.sentence) == (
        2, "rights: malformed: the database holds acme, iij, main-2; say which with --ledger"
    )  # fmt: skip


def test_a_ledger_chosen_by_option_or_environment(three_ledgers: Rights, monkeypatch: pytest.MonkeyPatch) -> None:
    assert three_ledgers("history", "--ledger", "acme").table == "History · ledger acme at version 0: none\n"
    monkeypatch.setenv("RIGHTS_LEDGER", "iij")
    assert three_ledgers("history").table == "History · ledger iij at version 0: none\n"
    assert three_ledgers("history", "--ledger", "acme").table == "History · ledger acme at version 0: none\n"
    monkeypatch.setenv("RIGHTS_DB", "sqlite:///elsewhere.db")
    assert three_ledgers("history").code == 4
    assert three_ledgers("history", "--db", "sqlite:///rights.db").code == 0


@pytest.mark.parametrize("command", QUESTIONS)
def test_an_unknown_ledger_with_a_suggestion(three_ledgers: Rights, command: str) -> None:
    told = three_ledgers(command, "--ledger", "main2")
    assert (told.code, told.sentence) == (
        2,
        "rights: malformed: the database has no ledger main2 (did you mean main-2?); it holds acme, iij, main-2; "
        "`rights init --ledger main2` makes it",
    )


def test_of_many_ledgers_a_few_are_named(rights: Rights) -> None:
    with open_ledger("sqlite:///rights.db", "a" * 200, create=True):
        pass
    for number in range(12):
        with open_ledger("sqlite:///rights.db", f"ledger-{number:02}", create=True):
            pass
    held = f"{'a' * 80}…, ledger-00, ledger-01, ledger-02, ledger-03 and 8 more"
    assert rights("holdings").sentence == f"rights: malformed: the database holds {held}; say which with --ledger"
    assert rights("holdings", "--ledger", "x").sentence == (
        f"rights: malformed: the database has no ledger x; it holds {held}; `rights init --ledger x` makes it"
    )
    assert rights("holdings", "--ledger", "a" * 200).code == 0


def test_a_database_without_a_ledger(rights: Rights) -> None:
    assert rights("db", "upgrade").out == "The database is at revision 0004.\n"
    assert rights("db", "upgrade").out == "The database is at revision 0004 already.\n"
    told = rights("holdings")
    assert (told.code, told.sentence) == (
        2, "rights: malformed: the database holds no ledger yet; `rights init` makes one"
    )  # fmt: skip


@pytest.mark.parametrize("url", [
    "rights.db", "nonsense", f"mysql://keeper:{PASSWORD}@host/rights", "sqlite://", "sqlite:///:memory:",
    f"postgresql://keeper:{PASSWORD}@host:port/rights",
])  # fmt: skip
def test_what_is_no_url_of_a_database(rights: Rights, url: str) -> None:
    for command in ("holdings", "init"):
        told = rights(command, "--db", url)
        assert (told.code, told.sentence[:17]) == (4, "rights: bad-url: ")
        assert "sqlite:///FILE" in told.sentence
        assert PASSWORD not in told.sentence


def test_a_hint_is_of_the_database_that_was_named(small_ledger: Rights, monkeypatch: pytest.MonkeyPatch) -> None:
    for named in (("--db", "sqlite:///other.db"), ("--db=sqlite:///other.db",)):
        assert small_ledger("holdings", *named).sentence.endswith(": `rights init` with the same --db makes one")
    asked = ("holdings", "--ledger", "acme", "--db", "sqlite:///rights.db")
    assert small_ledger(*asked).sentence.endswith("; `rights init --ledger acme` with the same --db makes it")
    monkeypatch.setenv("RIGHTS_DB", "sqlite:///other.db")
    assert small_ledger("holdings").sentence.endswith(": `rights init` makes one")


def test_init_says_which_ledger_it_makes(rights: Rights) -> None:
    assert "default: main." in " ".join(rights("init", "--help").out.split())


@pytest.mark.parametrize("url", [
    f"postgresql://keeper:{PASSWORD}@127.0.0.1:1/rights",
    f"postgresql://keeper:{PASSWORD}@/rights?host=/nowhere",
    f"postgresql://keeper@127.0.0.1:1/rights?password={PASSWORD}",
])  # fmt: skip
@pytest.mark.parametrize("command", [("holdings",), ("record", "-"), ("init",), ("db", "upgrade")])
def test_a_server_that_is_not_there(rights: Rights, url: str, command: tuple[str, ...]) -> None:
    told = rights(*command, "--db", url, given=b"")
    assert told.code == 4
    assert told.sentence.startswith("rights: database: postgresql://keeper")
    assert PASSWORD not in told.sentence
    told = rights(*command, "--json", "--db", url, given=b"")
    assert (told.code, told.error["code"], told.error["line"]) == (4, "database", None)
    assert PASSWORD not in told.err


def test_a_role_or_a_database_that_the_server_does_not_have(rights: Rights, postgres_database: str) -> None:
    there = make_url(postgres_database)
    stranger = there.set(username="stranger", password=PASSWORD).render_as_string(hide_password=False)
    elsewhere = there.set(database="rights_of_nobody", password=PASSWORD).render_as_string(hide_password=False)
    for url, name in ((stranger, "stranger"), (elsewhere, "rights_of_nobody")):
        told = rights("holdings", "--db", url)
        assert (told.code, told.sentence[:18]) == (4, "rights: database: ")
        assert name in told.sentence
        assert PASSWORD not in told.sentence


def test_an_empty_postgresql_database(rights: Rights, postgres_database: str) -> None:
    told = rights("holdings", "--db", postgres_database)
    assert told.code == 4
    assert told.sentence.startswith("rights: no-database: there are no tables of a ledger in postgresql://")
    assert told.sentence.endswith(": `rights init` with the same --db makes one")


def test_the_same_answers_from_postgresql(rights: Rights, postgres_database: str) -> None:
    record_at("2021-04-01T09:30:00+09:00", SMALL)
    record_at("2021-04-01T09:30:00+09:00", SMALL, postgres_database)
    for command in QUESTIONS:
        there = rights(command, "--db", postgres_database)
        here = rights(command)
        assert (there.code, there.out) == (0, here.out) or command == "history"
    there = rights("depart", "--db", postgres_database, "--holder", "officer-1", "--on", "2021-06-24")
    assert there == rights("depart", "--holder", "officer-1", "--on", "2021-06-24")


def test_a_postgresql_database_of_a_newer_program(rights: Rights, postgres_database: str, folder: Path) -> None:
    record_at("2021-04-01T09:30:00+09:00", SMALL, postgres_database)
    plain = make_url(postgres_database).set(drivername="postgresql").render_as_string(hide_password=False)
    with psycopg.connect(plain) as connection:
        connection.execute("UPDATE alembic_version SET version_num = '0005'")
    told = rights("holdings", "--db", postgres_database)
    assert (told.code, told.sentence[:23]) == (4, "rights: wrong-revision:")
    as_process = in_process(["rights", "holdings"], folder, settings={"RIGHTS_DB": postgres_database})
    assert (as_process.code, as_process.sentence) == (4, told.sentence)
