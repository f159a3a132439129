"""`rights db restore`: the database is what the backup was, what was there is kept, and what was done is recorded."""

import json
import os
import sqlite3
import stat
from base64 import b64decode
from contextlib import closing
from pathlib import Path
from typing import Any

import pytest

from ledger import open_ledger
from ledger.store.restored import Restored
from ledger.store.sqlite_copy import stamp
from tests.cli.terminal import BIN, Rights, in_process, json_lines, within
from tests.cli.test_backup import entries_of
from tests.cli.test_verify import changed, meddle
from tests.scenario import appointed, company

LATER = appointed("2020-01-01", holder="director-9", position="director")
LATEST = appointed("2020-01-02", holder="director-9", position="director")
WHY = ("--reason", "disk replaced")


def restorations(url: str = "sqlite:///rights.db", ledger: str = "main") -> list[Restored]:
    with open_ledger(url, ledger) as book:
        return book.restorations()


def root_of(rights: Rights, *options: str) -> str:
    root: str = rights("history", "--json", *options).json["root"]
    return root


def kept_in(folder: Path) -> list[Path]:
    """Databases that were kept, without what lies beside them."""
    return sorted(path for path in folder.iterdir() if path.name.endswith("Z"))


def with_backup(rights: Rights, folder: Path, *options: str) -> Rights:
    """The small ledger with a backup `copy`, and one entry more than that."""
    assert rights("db", "backup", "copy", *options).code == 0
    (folder / "root").write_text(root_of(rights))
    assert rights("record", "-", given=json_lines(LATER)).code == 0
    return rights


@pytest.fixture
def backed_up(small_ledger: Rights, folder: Path) -> Rights:
    return with_backup(small_ledger, folder)


@pytest.fixture(params=["sqlite", "portable"])
def either(small_ledger: Rights, folder: Path, request: pytest.FixtureRequest) -> Rights:
    """The backup in either form."""
    return with_backup(small_ledger, folder, *(("--portable",) if request.param == "portable" else ()))


def test_the_ledger_is_what_the_backup_was(either: Rights, folder: Path) -> None:
    before, after = root_of(either), (folder / "root").read_text()
    backup = (folder / "copy").read_bytes()
    told = either("db", "restore", "copy", *WHY)
    assert (told.code, told.err) == (0, "")
    [kept] = kept_in(folder)
    assert told.out == (
        f"Ledger main: 11 entries, in place of 12, root {after}.\n"
        "1 ledger restored from copy, and that noted in the database.\n"
        f"What was there is in {kept}.\n"
    )
    assert root_of(either) == after
    assert either("verify").code == 0
    [noted] = restorations()
    assert noted == Restored(1, noted.restored_at, "hr", "disk replaced", 11, b64decode(after), 12, b64decode(before))
    assert kept.name == f"rights.db.before-restore-{noted.restored_at.replace('-', '').replace(':', '')}"
    assert root_of(either, "--db", f"sqlite:///{kept}") == before
    assert (folder / "copy").read_bytes() == backup
    assert not [path for path in folder.iterdir() if path.name.startswith(".")]
    assert either("record", "-", "--json", given=json_lines(LATEST)).json["version"] == 12


def test_the_answer_for_programs(backed_up: Rights, folder: Path) -> None:
    told = backed_up("db", "restore", "copy", *WHY, "--actor", "operator", "--json")
    assert told.json == {
        "backup": "copy",
        "kept": str(kept_in(folder)[0]),
        "ledgers": [
            {
                "ledger": "main",
                "size": 11,
                "root": (folder / "root").read_text(),
                "restoration": 1,
                "replaced_size": 12,
                "remembered": 0,
            }
        ],
    }
    assert restorations()[0].actor == "operator"


def test_a_database_that_is_not_there(either: Rights, folder: Path) -> None:
    told = either("db", "restore", "copy", *WHY, "--db", "sqlite:///new.db", "--json")
    assert told.json["kept"] is None
    assert entries_of("new.db") == entries_of("rights.db")[:11]
    [noted] = restorations("sqlite:///new.db")
    assert (noted.size, noted.replaced_size, noted.replaced_root) == (11, None, None)
    assert either("verify", "--db", "sqlite:///new.db").code == 0
    assert (folder / "new.db").read_bytes()[18:20] == b"\x02\x02"
    assert stat.S_IMODE((folder / "new.db").stat().st_mode) == stat.S_IMODE((folder / "rights.db").stat().st_mode)


def test_an_empty_file(backed_up: Rights, folder: Path) -> None:
    (folder / "new.db").touch()
    assert backed_up("db", "restore", "copy", *WHY, "--db", "sqlite:///new.db").code == 0
    assert entries_of("new.db") == entries_of("rights.db")[:11]


def test_a_log_left_beside_a_database_that_is_gone_is_never_played_into_the_new_one(
    backed_up: Rights, folder: Path
) -> None:
    with closing(sqlite3.connect("rights.db")) as reader, reader:
        reader.execute("SELECT * FROM entries").fetchone()  # keeps the log from being folded into the file
        assert backed_up("record", "-", given=json_lines(LATEST)).code == 0
        log = (folder / "rights.db-wal").read_bytes()
    assert len(log) > 4_096
    (folder / "rights.db").unlink()
    (folder / "rights.db-wal").write_bytes(log)
    told = backed_up("db", "restore", "copy", *WHY, "--json")
    assert told.code == 0
    assert (folder / f"{told.json['kept']}-wal").read_bytes() == log
    with closing(sqlite3.connect("rights.db")) as connection:
        assert connection.execute("PRAGMA integrity_check").fetchall() == [("ok",)]
        assert connection.execute("SELECT count(*) FROM entries").fetchall() == [(11,)]
    assert root_of(backed_up) == (folder / "root").read_text()


def test_each_restoration_is_noted_and_none_is_lost(backed_up: Rights, folder: Path) -> None:
    assert backed_up("db", "restore", "copy", "--reason", "one").code == 0
    assert backed_up("db", "backup", "second", "--portable").code == 0
    assert backed_up("db", "restore", "second", "--reason", "two").code == 0
    # An older backup knows neither; the database that it replaces does.
    assert backed_up("db", "restore", "copy", "--reason", "three").code == 0
    assert [(each.number, each.reason) for each in restorations()] == [(1, "one"), (2, "two"), (3, "three")]
    # A new database has only those that the backup knows.
    assert backed_up("db", "restore", "second", "--reason", "new", "--db", "sqlite:///new.db").code == 0
    assert [each.reason for each in restorations("sqlite:///new.db")] == ["one", "new"]
    # Histories that went apart: those of the database that is replaced come first, whoever watches it has seen them.
    assert backed_up("db", "backup", "third").code == 0
    assert backed_up("db", "restore", "third", "--reason", "last", "--db", "sqlite:///new.db").code == 0
    found = restorations("sqlite:///new.db")
    assert [(each.number, each.reason) for each in found] == [
        (1, "one"), (2, "new"), (3, "two"), (4, "three"), (5, "last")
    ]  # fmt: skip
    assert [each.replaced_size for each in found] == [12, None, 11, 11, 11]


def test_a_ledger_that_the_backup_does_not_know_is_empty(backed_up: Rights) -> None:
    with open_ledger("sqlite:///rights.db", "second", create=True) as book:
        book.record([company()], actor="hr")
        root = book.history().root
    assert backed_up("db", "restore", "copy", *WHY).code == 0
    assert backed_up("verify", "--ledger", "second").code == 0
    with open_ledger("sqlite:///rights.db", "second") as book:
        assert book.history().known_version == 0
        [noted] = book.restorations()
        assert (noted.size, noted.replaced_size, noted.replaced_root) == (0, 1, b64decode(root))


def test_the_backups_own_restorations_are_in_its_portable_form(backed_up: Rights, folder: Path) -> None:
    assert backed_up("db", "restore", "copy", *WHY).code == 0
    assert backed_up("db", "backup", "next", "--portable").code == 0
    header: dict[str, Any] = json.loads((folder / "next").read_bytes().split(b"\n")[0])
    [noted] = header["ledgers"][0]["restorations"]
    [stored] = restorations()
    assert noted["root"] == (folder / "root").read_text()
    assert (noted["reason"], noted["restored_at"], noted["replaced_size"]) == ("disk replaced", stored.restored_at, 12)


@pytest.mark.parametrize("damage", ["bytes", "guards", "head", "revision 1"])
def test_a_database_that_was_meddled_with(backed_up: Rights, folder: Path, damage: str) -> None:
    """What other commands refuse to use is put back like any other."""
    if damage == "bytes":
        changed(4, b'"rights":24', b'"rights":25')
    elif damage == "head":
        meddle("UPDATE ledgers SET peaks = zeroblob(96), size = 11")
    else:
        with closing(sqlite3.connect("rights.db")) as connection:
            if damage == "guards":
                connection.execute("DROP TRIGGER entries_never_updated")
            else:
                connection.execute("DROP TABLE restorations")
                connection.execute("UPDATE alembic_version SET version_num = '0001'")
            connection.commit()
    assert backed_up("db", "restore", "copy", *WHY).code == 0
    assert backed_up("verify").code == 0
    assert root_of(backed_up) == (folder / "root").read_text()
    assert restorations()[0].replaced_size == 12


def test_tables_and_views_of_others_do_not_stay(backed_up: Rights) -> None:
    with closing(sqlite3.connect("rights.db")) as connection:
        connection.execute('CREATE TABLE "their ""table" (a)')
        connection.execute("CREATE VIEW their_view AS SELECT * FROM entries")
        connection.execute("CREATE TRIGGER theirs AFTER INSERT ON entries BEGIN DELETE FROM alembic_version; END")
    assert backed_up("db", "restore", "copy", *WHY).code == 0
    assert backed_up("db", "restore", "copy", *WHY, "--db", "sqlite:///new.db").code == 0
    schemas = []
    for file in ("rights.db", "new.db"):
        with closing(sqlite3.connect(file)) as connection:
            schemas.append(connection.execute("SELECT type, name, tbl_name, sql FROM sqlite_schema").fetchall())
            assert connection.execute("PRAGMA integrity_check").fetchall() == [("ok",)]
    assert sorted(schemas[0], key=str) == sorted(schemas[1], key=str)


@pytest.mark.parametrize("damage", ["cut", "header", "first page", "page size", "middle"])
def test_a_file_too_damaged_to_be_changed(backed_up: Rights, folder: Path, damage: str) -> None:
    file = folder / "rights.db"
    file.chmod(0o640)
    content = bytearray(file.read_bytes())
    match damage:
        case "cut":
            del content[len(content) // 2 + 100 :]
        case "header":
            content[:16] = b"\xff" * 16
        case "first page":
            content[:4_096] = bytes(4_096)
        case "page size":
            content[16:18] = b"\x00\x03"
        case _:
            content[8_192:20_480] = b"\xee" * 12_288
    file.write_bytes(content)
    assert in_process([str(BIN / "rights"), "verify"], folder).code in {3, 4}
    (folder / "rights.db-wal").write_bytes(b"what was beside it")
    told = in_process([str(BIN / "rights"), "db", "restore", "copy", *WHY, "--json"], folder)
    assert (told.code, told.err) == (0, "")
    assert root_of(backed_up) == (folder / "root").read_text()
    assert backed_up("verify").code == 0
    assert stat.S_IMODE(file.stat().st_mode) == 0o640
    kept = Path(told.json["kept"])
    if damage != "middle":  # SQLite may still be able to replace that one
        assert kept.read_bytes() == content
        assert Path(f"{kept}-wal").read_bytes() == b"what was beside it"
        assert stat.S_IMODE(kept.stat().st_mode) == 0o640


def test_a_damaged_file_that_others_have_open_is_left_alone(backed_up: Rights, folder: Path) -> None:
    content = (folder / "rights.db").read_bytes()
    with closing(sqlite3.connect("rights.db")) as other:
        assert other.execute("SELECT count(*) FROM entries").fetchone() == (12,)
        os.truncate("rights.db", 30_000)  # by its name: opening and closing it here would give the other's lock away
        told = in_process([str(BIN / "rights"), "db", "restore", "copy", *WHY], folder)
        assert (told.code, told.sentence[:22]) == (4, "rights: database-busy:")
        assert "stop them first" in told.sentence
    assert (folder / "rights.db").read_bytes() == content[:30_000]
    assert not kept_in(folder)
    assert backed_up("db", "restore", "copy", *WHY).code == 0


@pytest.mark.parametrize(("name", "code", "says"), [
    ("none", 2, "rights: malformed: none: No such file or directory"),
    (".", 2, "rights: malformed: . is no backup: it is no file"),
    ("empty", 2, "rights: malformed: empty is no backup: it is empty"),
    ("text", 2, "rights: malformed: text is no backup: it begins like neither form of one"),
    ("export", 2, "rights: malformed: export is no backup: it is an export of one ledger, which `rights record` takes"),
    ("foreign.db", 4, "rights: foreign-database: foreign.db is a database, but another's"),
    ("rights.db", 2, "rights: malformed: rights.db is the database itself"),
    ("newer.db", 4, "rights: wrong-revision: "),
    ("newer", 2, "rights: malformed: newer has the form 2: a newer rights-ledger wrote it"),
])  # fmt: skip
def test_what_is_no_backup(backed_up: Rights, folder: Path, name: str, code: int, says: str) -> None:
    (folder / "empty").touch()
    (folder / "text").write_text("text")
    assert backed_up("export", "export").code == 0
    assert backed_up("db", "backup", "newer.db").code == 0
    assert backed_up("db", "backup", "portable", "--portable").code == 0
    portable = (folder / "portable").read_bytes()
    (folder / "newer").write_bytes(portable.replace(b'"format":1', b'"format":2', 1))
    with closing(sqlite3.connect("newer.db")) as connection, connection:
        connection.execute("UPDATE alembic_version SET version_num = '0999'")
    stamp(folder / "newer.db")
    with closing(sqlite3.connect("foreign.db")) as connection:
        connection.execute("CREATE TABLE theirs (a)")
    before = entries_of("rights.db")
    told = backed_up("db", "restore", name, *WHY)
    assert (told.code, told.sentence[: len(says)]) == (code, says)
    assert entries_of("rights.db") == before
    assert not kept_in(folder)
    assert not restorations()


@pytest.mark.parametrize(("target", "says"), [
    ("text", "rights: database: text: file is not a database"),
    ("foreign.db", "rights: foreign-database: "),
    (".", "rights: database: "),
    ("none/x.db", "rights: database: none/x.db cannot be made: there is no folder none"),
    ("newer.db", "rights: wrong-revision: "),
])  # fmt: skip
def test_nothing_else_is_replaced(backed_up: Rights, folder: Path, target: str, says: str) -> None:
    (folder / "text").write_text("text")
    with closing(sqlite3.connect("foreign.db")) as connection:
        connection.execute("CREATE TABLE theirs (a)")
    assert backed_up("db", "backup", "newer.db").code == 0
    with closing(sqlite3.connect("newer.db")) as connection, connection:
        connection.execute("UPDATE alembic_version SET version_num = '0999'")
    before = {path.name: path.read_bytes() for path in folder.iterdir() if path.is_file()}
    told = backed_up("db", "restore", "copy", *WHY, "--db", f"sqlite:///{target}")
    assert (told.code, told.sentence[: len(says)]) == (4, says)
    after = {path.name: path.read_bytes() for path in folder.iterdir() if path.is_file()}
    assert {name: content for name, content in after.items() if not name.startswith("newer.db-")} == before


@pytest.mark.parametrize("reason", ["", "x" * 201, "a\x1b[2J", "a\nb"])
def test_a_reason_is_words(backed_up: Rights, reason: str) -> None:
    told = backed_up("db", "restore", "copy", "--reason", reason)
    assert (told.code, told.sentence[:28]) == (2, "rights: malformed: `reason` ")
    assert not restorations()


def test_without_a_reason(backed_up: Rights) -> None:
    assert backed_up("db", "restore", "copy").code == 2


def test_a_full_disk_leaves_the_old_database(either: Rights, folder: Path) -> None:
    """Files may have 40 KB, as on a disk that is full then."""
    before = entries_of("rights.db")
    told = within("ulimit -f 40", "rights db restore copy --reason x", folder)
    assert told.code == 4
    assert told.sentence.startswith("rights: database: ")
    assert entries_of("rights.db") == before
    assert not kept_in(folder)
    assert not [path for path in folder.iterdir() if path.name.startswith(".")]
    assert either("verify").code == 0
    assert not restorations()
