"""`rights db backup`: one file of one moment, which is checked before it has its name."""

import json
import sqlite3
import stat
from base64 import b64encode
from contextlib import closing
from hashlib import sha256
from pathlib import Path

import pytest

from ledger import open_ledger
from ledger.proof.tree import Tree
from tests.cli.terminal import Rights, json_lines, within
from tests.cli.test_verify import changed, meddle
from tests.scenario import appointed, company

NEW = appointed("2020-01-01", holder="director-9")


def entries_of(file: str) -> list[tuple[object, ...]]:
    with closing(sqlite3.connect(f"file:{file}?mode=ro&immutable=1", uri=True)) as connection:
        return connection.execute("SELECT * FROM entries ORDER BY ledger_id, version").fetchall()


def names(folder: Path) -> list[str]:
    """What is in the folder, without what writers and readers leave beside a database."""
    return sorted(path.name for path in folder.iterdir() if not path.name.startswith("rights.db-"))


def test_one_file_for_nobody_else(small_ledger: Rights, folder: Path) -> None:
    root = small_ledger("history", "--json").json["root"]
    assert small_ledger("db", "backup", "copy.db") == (
        0,
        f"Ledger main: 11 entries, root {root}.\n"
        "copy.db holds 1 ledger; every entry was read again, and is in its place and lawful.\n",
        "",
    )
    assert names(folder) == ["copy.db", "rights.db"]
    assert stat.S_IMODE((folder / "copy.db").stat().st_mode) == 0o600
    assert entries_of("copy.db") == entries_of("rights.db")


def test_the_copy_keeps_no_write_ahead_log_and_is_a_database(small_ledger: Rights, folder: Path) -> None:
    """It is read where nothing may be written, and nothing appears beside it."""
    assert small_ledger("db", "backup", "copy.db").code == 0
    assert (folder / "rights.db").read_bytes()[18:20] == b"\x02\x02"
    assert (folder / "copy.db").read_bytes()[18:20] == b"\x01\x01"
    (folder / "copy.db").chmod(0o400)
    holdings = small_ledger("holdings", "--as-of", "2021-04-01", "--json", "--db", "sqlite:///copy.db")
    assert holdings.json == small_ledger("holdings", "--as-of", "2021-04-01", "--json").json
    assert small_ledger("verify", "--db", "sqlite:///copy.db").code == 0
    assert names(folder) == ["copy.db", "rights.db"]


def test_the_answer_for_programs(small_ledger: Rights, postgres_database: str) -> None:
    root = small_ledger("history", "--json").json["root"]
    ledger = {"ledger": "main", "size": 11, "root": root}
    assert small_ledger("db", "backup", "copy.db", "--json").json == {
        "file": "copy.db", "form": "sqlite", "verified": True, "ledgers": [ledger]
    }  # fmt: skip
    assert small_ledger("db", "backup", "copy.jsonl", "--portable", "--json").json == {
        "file": "copy.jsonl", "form": "portable", "verified": True, "ledgers": [ledger]
    }  # fmt: skip
    assert small_ledger("init", "--db", postgres_database).code == 0
    told = small_ledger("db", "backup", "postgres.jsonl", "--json", "--db", postgres_database)
    assert (told.json["form"], told.json["ledgers"][0]["size"]) == ("portable", 0)


@pytest.mark.parametrize("kind", ["sqlite", "postgresql"])
def test_the_portable_form(small_ledger: Rights, folder: Path, request: pytest.FixtureRequest, kind: str) -> None:
    """Header, stored bytes by ledger, end: read here by nothing but JSON and SHA-256."""
    url = "sqlite:///rights.db"
    exported = small_ledger("export").out.encode().splitlines()
    if kind == "postgresql":
        url = request.getfixturevalue("postgres_database")
        assert small_ledger("init", "--db", url).code == 0
        assert small_ledger("record", "-", "--db", url, given=b"\n".join(exported)).code == 0
    with open_ledger(url, "a-company", create=True) as book:
        book.record([company()], actor="hr")
        own = list(book.export())
    assert small_ledger("db", "backup", "copy", "--portable", "--db", url).code == 0
    assert stat.S_IMODE((folder / "copy").stat().st_mode) == 0o600
    content = (folder / "copy").read_bytes()
    first, *entries, last, nothing = content.split(b"\n")
    assert nothing == b""
    assert entries == own + exported
    header, end = json.loads(first), json.loads(last)
    assert end == {"end": "rights-ledger", "entries": 12, "sha256": sha256(content[: -len(last) - 1]).hexdigest()}
    assert (header["backup"], header["format"], header["revision"]) == ("rights-ledger", 1, "0004")
    tree = Tree()
    tree.extend(exported)
    assert [(each["ledger"], each["size"], each["restorations"]) for each in header["ledgers"]] == [
        ("a-company", 1, []), ("main", 11, [])
    ]  # fmt: skip
    assert header["ledgers"][1]["root"] == b64encode(tree.root(11)).decode()


def test_a_database_without_ledgers(rights: Rights) -> None:
    assert rights("db", "upgrade").code == 0
    for options in ((), ("--portable",)):
        told = rights("db", "backup", f"copy{len(options)}", *options)
        assert told == (0, f"copy{len(options)} holds 0 ledgers; every entry was read again, and is in its place and"
                        " lawful.\n", "")  # fmt: skip


@pytest.mark.parametrize("name", ["a b.db", "what?.db", "100%25.db", "#1.db", "日本.db", "-", "a'b\".db"])
def test_any_name(small_ledger: Rights, folder: Path, name: str) -> None:
    assert small_ledger("db", "backup", "--", name).code == 0
    assert entries_of(str((folder / name).as_uri()).removeprefix("file:")) == entries_of("rights.db")


def test_a_good_backup_is_never_replaced_by_a_bad_one(small_ledger: Rights, folder: Path) -> None:
    assert small_ledger("db", "backup", "copy.db").code == 0
    good = (folder / "copy.db").read_bytes()
    told = small_ledger("db", "backup", "copy.db")
    assert (told.code, told.sentence) == (
        2, "rights: malformed: copy.db is there already; --force replaces it, once the new backup is checked"
    )  # fmt: skip
    assert small_ledger("record", "-", given=json_lines(NEW)).code == 0
    assert small_ledger("db", "backup", "copy.db", "--force").code == 0
    better = (folder / "copy.db").read_bytes()
    assert better != good
    changed(4, b'"rights":24', b'"rights":25')
    told = small_ledger("db", "backup", "copy.db", "--force")
    assert told.code == 3
    assert (folder / "copy.db").read_bytes() == better
    assert names(folder) == ["copy.db", "rights.db"]


@pytest.mark.parametrize("portable", [(), ("--portable",)])
def test_what_does_not_hold_is_not_called_a_backup(
    small_ledger: Rights, folder: Path, portable: tuple[str, ...]
) -> None:
    changed(7, b"2018-06-28", b"2018-06-27")
    told = small_ledger("db", "backup", "copy", *portable)
    assert told.code == 3
    assert told.sentence.startswith("rights: damaged: ledger main: version 7 is bad: ")
    assert names(folder) == ["rights.db"]


@pytest.mark.parametrize(("statement", "says"), [
    ("UPDATE ledgers SET size = 10, peaks = substr(peaks, 1, 64)", "it says that it has 10 entries"),
    ("UPDATE ledgers SET peaks = zeroblob(96)", "it says that it has 11 entries with the root"),
    ("UPDATE ledgers SET peaks = x'00'", "its head is none"),
    ("DELETE FROM entries WHERE version = 11", "there are 10"),
    ("DELETE FROM entries WHERE version = 7", "version 7 is bad: it is missing"),
    ("UPDATE entries SET ledger_id = 'x'", "of a ledger that it does not know"),
])  # fmt: skip
def test_a_head_that_is_another_trees(small_ledger: Rights, statement: str, says: str) -> None:
    meddle(statement)
    told = small_ledger("db", "backup", "copy.db")
    assert (told.code, says in told.sentence) == (3, True), told.sentence


def test_missing_guards(small_ledger: Rights, folder: Path) -> None:
    with closing(sqlite3.connect("rights.db")) as connection:
        connection.execute("DROP TRIGGER entries_never_updated")
    told = small_ledger("db", "backup", "copy.db")
    assert told.code == 3
    assert "rights.db no longer refuses changes of what was recorded" in told.sentence
    assert names(folder) == ["rights.db"]


def test_pages_that_are_out_of_order(small_ledger: Rights) -> None:
    """An index that does not say what its table says: no entry is wrong, and no id is found."""
    with closing(sqlite3.connect("rights.db")) as connection:
        connection.execute("PRAGMA journal_mode=DELETE")
        [(page,)] = connection.execute("SELECT rootpage FROM sqlite_schema WHERE name = 'sqlite_autoindex_entries_2'")
        [(size,)] = connection.execute("PRAGMA page_size")
    with Path("rights.db").open("r+b") as file:
        file.seek((page - 1) * size + 3)
        file.write(b"\x00\x00")  # the page holds no cells
    told = small_ledger("db", "backup", "copy.db")
    assert (told.code, told.sentence.startswith(f"rights: damaged: {Path.cwd()}/rights.db is damaged: ")) == (3, True)


@pytest.mark.parametrize("name", ["rights.db", "./rights.db", "rights.db-wal", "rights.db-queue", "link.db", "live.db"])
def test_a_database_is_never_replaced(small_ledger: Rights, folder: Path, name: str) -> None:
    """Whatever --force says: whoever has it open would go on writing to a file without a name."""
    (folder / "link.db").symlink_to("rights.db")
    assert small_ledger("init", "--db", "sqlite:///live.db").code == 0
    for ending in ("-wal", "-queue"):
        (folder / f"rights.db{ending}").touch()
    told = small_ledger("db", "backup", name, "--force")
    assert (told.code, told.sentence.startswith(f"rights: malformed: {name.removeprefix('./')} is ")) == (2, True)
    assert small_ledger("verify").code == 0
    assert small_ledger("verify", "--db", "sqlite:///live.db").code == 0


@pytest.mark.parametrize(("arguments", "code", "says"), [
    (("copy.db", "--db", "sqlite:///none.db"), 4, "rights: no-database: "),
    (("copy.db", "--db", "sqlite:///text"), 4, "rights: database: text: file is not a database"),
    (("copy.db", "--db", "sqlite:///foreign.db"), 4, "rights: foreign-database: "),
    (("copy.db", "--db", "mysql://x/y"), 4, "rights: bad-url: "),
    (("none/copy.db",), 2, "rights: malformed: none/copy.db cannot be made: there is no folder none"),
    ((".",), 2, "rights: malformed: . is there already, and is no file"),
    (("text",), 2, "rights: malformed: text is there already"),
    (("nowhere",), 2, "rights: malformed: nowhere is there already"),
])  # fmt: skip
def test_calls_that_are_none(
    small_ledger: Rights, folder: Path, arguments: tuple[str, ...], code: int, says: str
) -> None:
    (folder / "text").write_text("text")
    (folder / "nowhere").symlink_to("no-file")
    with closing(sqlite3.connect("foreign.db")) as connection:
        connection.execute("CREATE TABLE theirs (a)")
    told = small_ledger("db", "backup", *arguments)
    assert (told.code, told.sentence[: len(says)]) == (code, says)
    assert not (folder / "copy.db").exists()


@pytest.mark.parametrize("portable", ["", "--portable"])
def test_a_full_disk_leaves_no_file(small_ledger: Rights, folder: Path, portable: str) -> None:
    """Files may have 40 KB, as on a disk that is full then; and a backup that is there stays as it is."""
    assert small_ledger("record", "-", given=json_lines(NEW | {"note": "x" * 60_000})).code == 0
    before = [*names(folder), "old"]
    (folder / "old").write_text('{"backup"')
    for name, force in (("copy", ""), ("old", "--force")):
        told = within("ulimit -f 40", f"rights db backup {name} {portable} {force}", folder)
        assert told.code == 4
        assert f"{name} cannot be written: " in told.sentence
        assert ".rights-" not in told.sentence
        assert names(folder) == sorted(before)
    assert (folder / "old").read_text() == '{"backup"'
    assert small_ledger("verify").code == 0
