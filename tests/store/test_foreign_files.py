"""What is not ours, or is damaged, is looked at and refused: not a byte of it changes, nor of what lies beside it."""

import gc
import os
import signal
import sqlite3
import stat
import subprocess
import sys
import zipfile
from collections.abc import Callable
from contextlib import closing
from hashlib import sha256
from pathlib import Path

import pytest

from ledger.cli.main import run
from ledger.domain.errors import DamagedError, DatabaseError, LedgerError
from ledger.store import open_log
from ledger.store.first_look import APPLICATION_ID
from ledger.store.migrate import current_engine, upgrade
from tests.store.samples import say

pytestmark = pytest.mark.usefixtures("opened_both_ways")

Make = Callable[[Path], None]
KILLED = "import os, signal, sqlite3, sys; c = sqlite3.connect(sys.argv[1], isolation_level=None); {}"


def cut_off(file: Path, *statements: str) -> None:
    """Somebody's program writes, and is killed before it has put its work into the file."""
    said = "; ".join(f"c.execute({each!r})" for each in statements)
    program = KILLED.format(f"{said}; os.kill(os.getpid(), signal.SIGKILL)")
    assert subprocess.run([sys.executable, "-c", program, file], check=False).returncode == -signal.SIGKILL


def with_a_table(file: Path) -> None:
    with closing(sqlite3.connect(file)) as connection:
        connection.execute("CREATE TABLE addresses (name)")
        connection.execute("INSERT INTO addresses VALUES ('director-1')")
        connection.commit()


def in_wal_mode(file: Path) -> None:
    with_a_table(file)
    with closing(sqlite3.connect(file)) as connection:
        connection.execute("PRAGMA journal_mode=WAL")


def with_a_hot_log(file: Path) -> None:
    with_a_table(file)
    cut_off(file, "PRAGMA journal_mode=WAL", "INSERT INTO addresses VALUES ('director-2')")


def with_all_in_a_hot_log(file: Path) -> None:
    cut_off(file, "PRAGMA journal_mode=WAL", "CREATE TABLE addresses (name)")


def with_a_log_alone(file: Path) -> None:
    with_all_in_a_hot_log(file)
    file.write_bytes(b"")


def with_a_hot_journal(file: Path) -> None:
    with_a_table(file)
    rows = "WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < 2000)"
    cut_off(
        file,
        "PRAGMA cache_size=5",
        "BEGIN",
        "UPDATE addresses SET name = 'nobody'",
        f"INSERT INTO addresses {rows} SELECT hex(randomblob(500)) FROM n",
    )


def with_the_first_table_in_a_journal(file: Path) -> None:
    rows = "WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < 2000)"
    with closing(sqlite3.connect(file)) as connection:
        connection.execute("PRAGMA user_version=1")
    cut_off(
        file,
        "PRAGMA cache_size=5",
        "BEGIN",
        "CREATE TABLE addresses (name)",
        f"INSERT INTO addresses {rows} SELECT hex(randomblob(500)) FROM n",
    )


def of_another_application(file: Path) -> None:
    with closing(sqlite3.connect(file)) as connection:
        connection.execute("PRAGMA application_id=0x47504B47")
        connection.execute("CREATE TABLE entries (ledger_id)")
        connection.commit()


def of_another_that_alembic_migrates(file: Path) -> None:
    with closing(sqlite3.connect(file)) as connection:
        for table in ("alembic_version (version_num)", "entries (id)", "users (id)"):
            connection.execute(f"CREATE TABLE {table}")
        connection.execute("INSERT INTO alembic_version VALUES ('0004')")
        connection.commit()


def somebodys_books(file: Path) -> None:
    """Tables of the names of ours, and other columns."""
    with closing(sqlite3.connect(file)) as connection:
        for table in ("alembic_version (version_num)", "ledgers (id, name)", "entries (id, ledger_id, amount)"):
            connection.execute(f"CREATE TABLE {table}")
        connection.execute("INSERT INTO alembic_version VALUES ('0004')")
        connection.commit()


def a_text(file: Path) -> None:
    file.write_text("holder,rights\ndirector-1,24\n" * 200)


def a_short_text(file: Path) -> None:
    file.write_text("SQLite format 3\x00")


def a_zip(file: Path) -> None:
    with zipfile.ZipFile(file, "w") as archive:
        archive.writestr("rights.csv", "holder,rights\n" * 500)


def a_header_and_rubbish(file: Path) -> None:
    with_a_table(file)
    file.write_bytes(file.read_bytes()[:100] + b"\xa5" * 8000)


FOREIGN = {
    with_a_table: ("foreign-database", "is a database, but another's, with the tables addresses:"),
    in_wal_mode: ("foreign-database", "with the tables addresses"),
    with_a_hot_log: ("foreign-database", "with the tables addresses"),
    with_all_in_a_hot_log: ("foreign-database", "another program's work is still in"),
    with_a_log_alone: ("foreign-database", "another program's work is still in"),
    with_a_hot_journal: ("foreign-database", "with the tables addresses"),
    with_the_first_table_in_a_journal: ("foreign-database", ""),
    of_another_application: ("foreign-database", "another application's, marked 0x47504b47 (GPKG)"),
    of_another_that_alembic_migrates: ("foreign-database", "with the tables alembic_version, entries, users:"),
    somebodys_books: ("foreign-database", "with the tables alembic_version, ledgers, entries:"),
    a_text: ("database", "file is not a database"),
    a_short_text: ("database", "file is not a database"),
    a_zip: ("database", "file is not a database"),
    a_header_and_rubbish: ("database", "bears no mark of a ledger, and cannot be read"),
    Path.mkdir: ("database", "is a folder, not a database"),
    os.mkfifo: ("database", "is a pipe, not a database"),
    lambda file: file.symlink_to(os.devnull): ("database", "is a device, not a database"),
}


def seen(folder: Path) -> dict[str, tuple[int, int, str]]:
    """Every file of a folder, with its kind, when it changed and what is in it."""
    found = {}
    for path in sorted(folder.iterdir()):
        told = path.lstat()
        content = sha256(path.read_bytes()).hexdigest() if stat.S_ISREG(told.st_mode) else ""
        found[path.name] = (told.st_mode, told.st_mtime_ns, content)
    return found


@pytest.mark.parametrize(("make", "code", "words"), [(make, *told) for make, told in FOREIGN.items()])
@pytest.mark.parametrize("use", [open_log, current_engine, upgrade])
@pytest.mark.parametrize("through", ["itself", "a link"])
def test_what_is_somebody_elses_is_refused_untouched(
    tmp_path: Path, make: Make, code: str, words: str, use: Callable[[str], object], through: str
) -> None:
    folder = tmp_path / "theirs"
    folder.mkdir()
    make(folder / "rights.db")
    file = folder / "rights.db"
    if through == "a link":
        file = tmp_path / "rights.db"
        file.symlink_to(folder / "rights.db")
    before = seen(folder)
    with pytest.raises(DatabaseError) as refusal:
        use(f"sqlite:///{file}")
    assert (refusal.value.code, refusal.value.exit_code) == (code, 4)
    assert words in refusal.value.message
    assert seen(folder) == before


@pytest.mark.parametrize("make", [with_a_hot_log, with_all_in_a_hot_log, with_a_hot_journal])
def test_sqlite_alone_would_change_them(tmp_path: Path, make: Make) -> None:
    make(tmp_path / "rights.db")
    before = seen(tmp_path)
    with closing(sqlite3.connect(tmp_path / "rights.db")) as connection:
        connection.execute("SELECT name FROM sqlite_master").fetchall()
    assert seen(tmp_path) != before


@pytest.mark.parametrize("arguments", [
    ["holdings"], ["verify"], ["history", "--csv"], ["init"], ["db", "upgrade"],
    ["depart", "--holder", "director-1", "--on", "2018-06-28"],
], ids=" ".join)  # fmt: skip
@pytest.mark.parametrize("make", [with_a_hot_log, a_zip])
def test_every_command_refuses_with_exit_4(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], arguments: list[str], make: Make
) -> None:
    make(tmp_path / "rights.db")
    before = seen(tmp_path)
    assert run([*arguments, "--db", f"sqlite:///{tmp_path / 'rights.db'}"]) == 4
    assert capsys.readouterr().err.startswith("rights: ")
    assert seen(tmp_path) == before


def test_an_empty_file_is_left_as_it_is_until_it_is_made_one(tmp_path: Path) -> None:
    file = tmp_path / "rights.db"
    for make in (Path.touch, lambda file: say(f"sqlite:///{file}", "PRAGMA user_version=0")):
        file.unlink(missing_ok=True)
        make(file)
        before = seen(tmp_path)
        with pytest.raises(DatabaseError) as refusal:
            open_log(f"sqlite:///{file}")
        assert refusal.value.code == "no-database"
        assert seen(tmp_path) == before
        assert upgrade(f"sqlite:///{file}") is True


def truncated(file: Path) -> None:
    file.write_bytes(file.read_bytes()[:-4096])


def cut_after_the_header(file: Path) -> None:
    file.write_bytes(file.read_bytes()[:1000])


def with_a_damaged_schema(file: Path) -> None:
    pages = bytearray(file.read_bytes())
    pages[200:4096] = b"\xa5" * 3896
    file.write_bytes(pages)


def with_a_size_of_page_that_is_none(file: Path) -> None:
    pages = bytearray(file.read_bytes())
    pages[16:18] = b"\x12\x34"
    file.write_bytes(pages)


def with_damaged_pages(file: Path) -> None:
    pages = bytearray(file.read_bytes())
    pages[4096:] = b"\xa5" * (len(pages) - 4096)
    file.write_bytes(pages)


def read_all(url: str) -> None:
    log = open_log(url)
    try:
        for ledger in log.ledgers():
            list(log.rows(ledger))
    finally:
        log.close()


def answer_of(url: str) -> tuple[str, int]:
    """What reading all of it comes to; nobody holds the failure any more, whose frames hold the file open."""
    try:
        read_all(url)
    except LedgerError as error:
        told = error.code, error.exit_code
    else:
        told = "", 0
    gc.collect()
    return told


DAMAGE = [
    truncated, cut_after_the_header, with_a_damaged_schema, with_a_size_of_page_that_is_none, with_damaged_pages,
]  # fmt: skip


@pytest.mark.parametrize("damage", DAMAGE)
def test_a_damaged_ledger_is_refused_untouched(ledger_file: Path, damage: Make) -> None:
    damage(ledger_file)
    before = seen(ledger_file.parent)
    assert answer_of(f"sqlite:///{ledger_file}") == ("damaged", 3)
    assert seen(ledger_file.parent) == before


def test_a_file_too_short_for_a_header_is_no_database(ledger_file: Path) -> None:
    ledger_file.write_bytes(ledger_file.read_bytes()[:80])
    before = seen(ledger_file.parent)
    assert answer_of(f"sqlite:///{ledger_file}") == ("database", 4)
    assert seen(ledger_file.parent) == before


def test_every_file_of_ours_bears_the_mark(sqlite_file: Path) -> None:
    assert int.from_bytes(sqlite_file.read_bytes()[68:72], "big") == APPLICATION_ID


def test_a_ledger_without_the_mark_is_known_by_its_tables(ledger_file: Path) -> None:
    say(f"sqlite:///{ledger_file}", "PRAGMA application_id=0")
    read_all(f"sqlite:///{ledger_file}")
    assert upgrade(f"sqlite:///{ledger_file}") is False


def test_a_ledger_beside_others_tables_is_a_ledger(ledger_file: Path) -> None:
    say(f"sqlite:///{ledger_file}", "CREATE TABLE addresses (name)")
    read_all(f"sqlite:///{ledger_file}")


def test_a_ledger_that_was_cut_off_is_opened_and_mended(ledger_file: Path) -> None:
    """A hot log of our own is ours to fold in."""
    cut_off(ledger_file, "PRAGMA wal_autocheckpoint=0", "INSERT INTO ledgers VALUES ('more', '', 0, x'')")
    assert (ledger_file.parent / "rights.db-wal").stat().st_size > 0
    log = open_log(f"sqlite:///{ledger_file}")
    assert log.ledgers() == ["main", "more"]
    log.close()
    assert {each.name for each in ledger_file.parent.iterdir()} == {"rights.db", "rights.db-queue"}


@pytest.mark.parametrize("at", [*range(5, 15, 2), *range(16, 40, 6)])
def test_making_one_that_was_cut_off_can_be_done_again(tmp_path: Path, at: int) -> None:
    """Whatever the statement at which it was killed: what is there is ours, and the next attempt goes on from it."""
    program = (
        "import os, signal, sqlite3, sys\n"
        "from ledger.store import migrate\n"
        "left = int(sys.argv[2])\n"
        "def said(statement):\n"
        "    global left\n"
        "    left -= 1\n"
        "    if not left:\n"
        "        os.kill(os.getpid(), signal.SIGKILL)\n"
        "def connect(*given, **named):\n"
        "    connection = usual(*given, **named)\n"
        "    connection.set_trace_callback(said)\n"
        "    return connection\n"
        "usual, sqlite3.connect = sqlite3.connect, connect\n"
        "migrate.upgrade(sys.argv[1])\n"
    )
    url = f"sqlite:///{tmp_path / 'rights.db'}"
    killed = subprocess.run([sys.executable, "-c", program, url, str(at)], check=False)
    assert killed.returncode == -signal.SIGKILL
    assert upgrade(url) is True
    open_log(url).close()


def test_one_that_was_cut_off_when_it_was_just_made_is_ours(tmp_path: Path) -> None:
    """All its tables are still in the log beside it; the mark is in the file."""
    program = (
        "import os, signal, sys, sqlalchemy\n"
        "from ledger.store import migrate\n"
        "sqlalchemy.Engine.dispose = lambda engine: os.kill(os.getpid(), signal.SIGKILL)\n"
        "migrate.upgrade(sys.argv[1])\n"
    )
    url = f"sqlite:///{tmp_path / 'rights.db'}"
    killed = subprocess.run([sys.executable, "-c", program, url], check=False)
    assert killed.returncode == -signal.SIGKILL
    with closing(sqlite3.connect(f"file:{tmp_path / 'rights.db'}?immutable=1", uri=True)) as connection:
        assert connection.execute("SELECT name FROM sqlite_schema").fetchall() == []
    open_log(url).close()


def test_names_from_somebody_elses_schema_stay_on_one_line(tmp_path: Path) -> None:
    file = tmp_path / "rights.db"
    say(f"sqlite:///{file}", 'CREATE TABLE "a\nrights: done \x1b[31m\u202e" (b)')
    for number in range(8):
        say(f"sqlite:///{file}", f'CREATE TABLE "{number}{"x" * 5000}" (b)')
    with pytest.raises(LedgerError) as refusal:
        open_log(f"sqlite:///{file}")
    assert refusal.value.message.isprintable()
    assert len(refusal.value.message) < 1_000
    assert "and 4 more" in refusal.value.message


def test_a_postgres_database_with_others_tables_is_not_made_a_ledgers(postgres_database: str) -> None:
    say(postgres_database, "CREATE TABLE addresses (name text)")
    tables = "SELECT nspname, relname FROM pg_class JOIN pg_namespace ON pg_namespace.oid = relnamespace"
    before = say(postgres_database, f"{tables} ORDER BY 1, 2")
    with pytest.raises(DatabaseError) as refusal:
        open_log(postgres_database)
    assert refusal.value.code == "no-database"
    with pytest.raises(DatabaseError) as refusal:
        upgrade(postgres_database)
    assert (refusal.value.code, refusal.value.exit_code) == ("foreign-database", 4)
    assert "with the tables addresses: a ledger wants a database or a schema of its own" in refusal.value.message
    assert say(postgres_database, f"{tables} ORDER BY 1, 2") == before


def test_a_schema_of_its_own_beside_others_tables_is_enough(postgres_database: str) -> None:
    say(postgres_database, "CREATE TABLE addresses (name text)")
    say(postgres_database, "CREATE SCHEMA rights")
    url = f"{postgres_database}&options=-c%20search_path%3Drights"
    assert upgrade(url) is True
    say(postgres_database, "CREATE TABLE rights.addresses (name text)")
    open_log(url).close()
    assert upgrade(url) is False


def test_a_postgres_ledger_whose_revision_is_gone_is_not_made_again(postgres_database: str) -> None:
    upgrade(postgres_database)
    say(postgres_database, "DELETE FROM alembic_version")
    with pytest.raises(DamagedError, match="somebody changed the row that says their revision: it says nothing"):
        upgrade(postgres_database)
