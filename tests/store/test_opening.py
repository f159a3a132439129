"""What is not a ledger's database, or cannot be used, is told in one sentence: never a traceback, never a password."""

import os
import shutil
import sqlite3
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from contextlib import closing, contextmanager
from pathlib import Path

import pytest
from sqlalchemy import make_url

from ledger import store
from ledger.domain.errors import DamagedError, DatabaseError
from ledger.store import open_log
from ledger.store.guards import GUARDS, TABLES
from ledger.store.migrate import engine_of, upgrade
from ledger.store.sql_log import SqlLog
from ledger.store.sqlite_log import SqliteLog
from tests.store.samples import MADE_AT, add, batch_of, contents, row, say

pytestmark = pytest.mark.usefixtures("opened_both_ways")

REPOSITORY = Path(__file__).parents[2]
NOBODY = 65534


def refused(url: str) -> DatabaseError:
    with pytest.raises(DatabaseError) as refusal:
        open_log(url)
    assert refusal.value.exit_code == 4
    assert "\n" not in refusal.value.message
    return refusal.value


def record_three(url: str) -> None:
    log = open_log(url)
    log.create("main", MADE_AT)
    with log.writing("main") as writer:
        add(writer, batch_of(1, 3))
    log.close()


@pytest.mark.parametrize(
    "url",
    [
        "",
        "rights.db",
        "sqlite:rights.db",
        "mysql://user:secret@host/rights",
        "postgresql+psycopg2://user:secret@host/rights",
        "postgresql://user:secret@host:port/rights",
        "sqlite://",
        "sqlite:///:memory:",
        "sqlite:///file:rights.db?uri=true",
        "sqlite:///rights.db?mode=ro",
        "sqlite://user:secret@host/rights.db",
    ],
)
def test_what_is_not_a_url_of_a_ledger(url: str) -> None:
    refusal = refused(url)
    assert refusal.code == "bad-url"
    assert "secret" not in refusal.message


def test_a_question_never_makes_a_file(tmp_path: Path) -> None:
    file = tmp_path / "rights.db"
    refusal = refused(f"sqlite:///{file}")
    assert refusal.code == "no-database"
    assert refusal.message == f"there is no database {file}: `rights init` makes one"
    assert list(tmp_path.iterdir()) == []


def test_a_file_that_goes_away_is_not_made_anew(sqlite_file: Path) -> None:
    log = open_log(f"sqlite:///{sqlite_file}")
    log.close()
    sqlite_file.unlink()
    with pytest.raises(DatabaseError, match="unable to open"):
        log.ledgers()
    assert not sqlite_file.exists()


def test_a_relative_path_is_the_working_directorys(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    upgrade("sqlite:///rights of company #1.db")
    assert (tmp_path / "rights of company #1.db").is_file()
    log = open_log("sqlite:///rights of company #1.db")
    monkeypatch.chdir("/")
    assert log.ledgers() == []
    log.close()


def test_a_path_in_a_missing_folder(tmp_path: Path) -> None:
    url = f"sqlite:///{tmp_path}/missing/rights.db"
    assert refused(url).code == "no-database"
    with pytest.raises(DatabaseError, match="there is no folder") as refusal:
        upgrade(url)
    assert refusal.value.code == "database"


def test_a_folder_is_not_a_database(tmp_path: Path) -> None:
    assert "is a folder" in refused(f"sqlite:///{tmp_path}").message
    with pytest.raises(DatabaseError, match="is a folder"):
        upgrade(f"sqlite:///{tmp_path}")


@pytest.mark.parametrize("content", [b"holder,rights\ndirector-1,24\n" * 200, b"\x00" * 4096])
def test_a_file_that_is_not_a_database(tmp_path: Path, content: bytes) -> None:
    file = tmp_path / "rights.db"
    file.write_bytes(content)
    refusal = refused(f"sqlite:///{file}")
    assert refusal.code == "database"
    assert "file is not a database" in refusal.message
    with pytest.raises(DatabaseError, match="file is not a database"):
        upgrade(f"sqlite:///{file}")
    assert file.read_bytes() == content


def test_an_empty_file_and_somebody_elses_database(tmp_path: Path) -> None:
    file = tmp_path / "rights.db"
    file.touch()
    assert refused(f"sqlite:///{file}").code == "no-database"
    say(f"sqlite:///{file}", "CREATE TABLE entries (version)")
    assert refused(f"sqlite:///{file}").code == "foreign-database"


def test_a_damaged_file(sqlite_file: Path) -> None:
    url = f"sqlite:///{sqlite_file}"
    record_three(url)
    pages = bytearray(sqlite_file.read_bytes())
    pages[4096:] = b"\xa5" * (len(pages) - 4096)
    sqlite_file.write_bytes(pages)
    with pytest.raises(DamagedError, match="malformed") as refusal:
        open_log(url)
    assert (refusal.value.code, refusal.value.exit_code) == ("damaged", 3)


@contextmanager
def somebody_without_rights() -> Iterator[None]:
    """What follows is done by a user who is not root, whoever runs the tests."""
    if os.geteuid() != 0:
        yield
        return
    os.seteuid(NOBODY)
    try:
        yield
    finally:
        os.seteuid(0)


@pytest.fixture
def file_of_another() -> Iterator[Path]:
    """A ledger of three entries in a folder of its own, both for reading only; all folders above it let one through."""
    folder = Path(tempfile.mkdtemp(prefix="rights-test-"))
    file = folder / "rights.db"
    upgrade(f"sqlite:///{file}")
    record_three(f"sqlite:///{file}")
    file.chmod(0o444)
    folder.chmod(0o555)
    yield file
    folder.chmod(0o755)
    shutil.rmtree(folder)


def test_a_file_for_reading_only_answers_and_takes_nothing(file_of_another: Path) -> None:
    file_of_another.parent.chmod(0o777)
    with somebody_without_rights():
        log = open_log(f"sqlite:///{file_of_another}")
        assert list(log.read("main")) == contents(batch_of(1, 3))
        with pytest.raises(DatabaseError, match="readonly") as refusal, log.writing("main") as writer:
            add(writer, [row(4)])
        log.close()
    assert refusal.value.code == "database"


def test_a_folder_for_reading_only_needs_a_copy(file_of_another: Path) -> None:
    with somebody_without_rights():
        refusal = refused(f"sqlite:///{file_of_another}")
        with pytest.raises(DatabaseError, match="unable to open"):
            upgrade(f"sqlite:///{file_of_another.parent / 'new.db'}")
    assert refusal.code == "database"
    assert "copy" in refusal.message


def test_a_file_that_cannot_be_read(file_of_another: Path) -> None:
    file_of_another.chmod(0)
    with somebody_without_rights():
        assert refused(f"sqlite:///{file_of_another}").code == "database"


def test_a_full_disk_leaves_nothing(sqlite_file: Path) -> None:
    url = f"sqlite:///{sqlite_file}"
    record_three(url)
    log = SqliteLog(str(sqlite_file))
    with log._connected() as connection:  # the one that will write
        connection.set_authorizer(None)
        connection.execute("PRAGMA max_page_count = 30").fetchall()

    with pytest.raises(DatabaseError, match="disk is full") as refusal, log.writing("main") as writer:
        add(writer, batch_of(4, 5_000))
    assert refusal.value.code == "database"
    assert list(log.read("main")) == contents(batch_of(1, 3))
    log.close()


def test_a_disk_that_fails_while_writing_leaves_nothing(sqlite_file: Path) -> None:
    url = f"sqlite:///{sqlite_file}"
    record_three(url)
    program = (
        "import resource, sys\n"
        "from ledger.domain.errors import DatabaseError\n"
        "from ledger.store import open_log\n"
        "from tests.store.samples import add, batch_of\n"
        "log = open_log(sys.argv[1])\n"
        "usual = resource.getrlimit(resource.RLIMIT_FSIZE)\n"
        "resource.setrlimit(resource.RLIMIT_FSIZE, (100_000, usual[1]))\n"
        "try:\n"
        "    with log.writing('main') as writer:\n"
        "        add(writer, batch_of(4, 20_000))\n"
        "except DatabaseError as error:\n"
        "    resource.setrlimit(resource.RLIMIT_FSIZE, usual)\n"
        "    sys.exit(error.exit_code)\n"
    )
    done = subprocess.run([sys.executable, "-c", program, url], cwd=REPOSITORY, check=False)
    assert done.returncode == 4
    log = open_log(url)
    assert list(log.read("main")) == contents(batch_of(1, 3))
    with log.writing("main") as writer:
        add(writer, [row(4)])
    log.close()


def test_the_settings_of_a_connection(sqlite_file: Path) -> None:
    with engine_of(f"sqlite:///{sqlite_file}") as engine, engine.connect() as connection:
        settings = {
            name: connection.exec_driver_sql(f"PRAGMA {name}").scalar()
            for name in ("journal_mode", "synchronous", "foreign_keys", "trusted_schema", "busy_timeout")
        }
    full = 2
    assert settings == {
        "journal_mode": "wal",
        "synchronous": full,
        "foreign_keys": 1,
        "trusted_schema": 0,
        "busy_timeout": 30_000,
    }


def test_postgres_may_be_called_by_each_of_its_names(postgres_database: str) -> None:
    upgrade(postgres_database)
    record_three(postgres_database)
    for name in ("postgres", "postgresql", "postgresql+psycopg"):
        url = make_url(postgres_database).set(drivername=name).render_as_string(hide_password=False)
        log = open_log(url)
        assert log.head("main") == 3
        log.close()


def test_the_settings_of_a_session(postgres_database: str) -> None:
    upgrade(postgres_database)
    log = open_log(f"{postgres_database}&options=-c%20lock_timeout%3D1234")
    assert isinstance(log, SqlLog)
    with log.engine.connect() as connection:
        settings = {
            name: connection.exec_driver_sql(f"SHOW {name}").scalar()
            for name in ("application_name", "statement_timeout", "lock_timeout", "transaction_isolation")
        }
    log.close()
    assert settings == {
        "application_name": "rights",
        "statement_timeout": "0",
        "lock_timeout": "1234ms",
        "transaction_isolation": "read committed",
    }


def test_a_server_that_is_not_there(tmp_path: Path) -> None:
    refusal = refused(f"postgresql://keeper:secret@/rights?host={tmp_path}&sslpassword=secret")
    assert refusal.code == "database"
    assert refusal.message.startswith("postgresql://keeper:***@/rights: ")
    assert "secret" not in refusal.message


def test_a_database_that_the_server_does_not_have(postgres_database: str) -> None:
    url = make_url(postgres_database).set(database="rights_of_nobody").render_as_string(hide_password=False)
    refusal = refused(url)
    assert refusal.code == "database"
    assert "rights_of_nobody" in refusal.message


def test_a_postgres_database_without_tables(postgres_database: str) -> None:
    assert refused(postgres_database).code == "no-database"


def test_the_driver_of_postgres_is_not_installed() -> None:
    program = (
        "import sys\n"
        "sys.modules['psycopg'] = None\n"
        "from ledger.domain.errors import DatabaseError\n"
        "from ledger.store import open_log\n"
        "try:\n"
        "    open_log('postgresql://keeper:secret@localhost/rights')\n"
        "except DatabaseError as error:\n"
        "    print(error)\n"
    )
    done = subprocess.run([sys.executable, "-c", program], cwd=REPOSITORY, capture_output=True, text=True, check=True)
    assert done.stdout == (
        "missing-driver: PostgreSQL needs a driver: pip install 'rights-ledger[postgres]' installs it\n"
    )


@pytest.mark.parametrize("guard", sorted(GUARDS["sqlite"]))
def test_a_file_without_one_of_its_guards(sqlite_file: Path, guard: str) -> None:
    say(f"sqlite:///{sqlite_file}", f"DROP TRIGGER {guard}")
    with pytest.raises(DamagedError, match=guard) as refusal:
        open_log(f"sqlite:///{sqlite_file}")
    assert (refusal.value.code, refusal.value.exit_code) == ("damaged", 3)


@pytest.mark.parametrize("guard", sorted(GUARDS["postgresql"]))
@pytest.mark.parametrize("change", ["DROP TRIGGER {guard} ON {table}", "ALTER TABLE {table} DISABLE TRIGGER {guard}"])
def test_a_postgres_database_without_one_of_its_guards(postgres_database: str, guard: str, change: str) -> None:
    upgrade(postgres_database)
    table = max((name for name in TABLES if guard.startswith(f"{name}_")), key=len)
    say(postgres_database, change.format(guard=guard, table=table))
    with pytest.raises(DamagedError, match=guard):
        open_log(postgres_database)


def test_a_lost_connection_is_told(postgres_database: str) -> None:
    upgrade(postgres_database)
    record_three(postgres_database)
    log = open_log(postgres_database)
    with pytest.raises(DatabaseError) as refusal, log.writing("main") as writer:
        add(writer, [row(4)])
        say(
            postgres_database,
            "SELECT pg_terminate_backend(pid) FROM pg_stat_activity"
            " WHERE datname = current_database() AND pid <> pg_backend_pid()",
        )
        add(writer, [row(5)])
    assert refusal.value.code == "database"
    assert log.head("main") == 3
    log.close()


def test_a_table_that_is_dropped_while_the_log_is_open(database: str) -> None:
    log = open_log(database)
    say(database, "DROP TABLE entries")
    with pytest.raises(DatabaseError) as refusal:
        list(log.read("main"))
    assert refusal.value.code == "no-database"
    log.close()


def test_a_locked_file_is_busy(sqlite_file: Path) -> None:
    with closing(sqlite3.connect(sqlite_file, isolation_level=None)) as other:
        other.execute("PRAGMA locking_mode=EXCLUSIVE")
        other.execute("BEGIN EXCLUSIVE")
        with pytest.raises(DatabaseError) as refusal:
            open_log(f"sqlite:///{sqlite_file}", wait_seconds=0.05)
    assert refusal.value.code == "database-busy"


def test_more_readers_than_connections_are_busy(postgres_database: str) -> None:
    upgrade(postgres_database)
    record_three(postgres_database)
    log = store.open_log(postgres_database, wait_seconds=0.05)
    readers = [log.read("main") for _ in range(15)]
    for reader in readers:
        next(reader)
    with pytest.raises(DatabaseError, match="every connection") as refusal:
        log.head("main")
    assert refusal.value.code == "database-busy"
    readers.clear()
    del reader
    assert log.head("main") == 3
    log.close()
