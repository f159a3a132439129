"""Migrations: they build what the code declares, all of it or nothing, once however many begin."""

import re
import shutil
import sqlite3
import subprocess
import sys
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import closing, contextmanager
from pathlib import Path
from time import sleep
from typing import Any
from urllib.parse import quote

import pytest
from alembic.autogenerate import compare_metadata
from alembic.runtime.migration import MigrationContext
from alembic.script import ScriptDirectory
from sqlalchemy import Engine, create_engine, inspect

from ledger.domain.errors import DamagedError, DatabaseError
from ledger.proof.tree import Range
from ledger.store import Row, engines, migrate, open_log
from ledger.store.engines import open_engine
from ledger.store.guards import GUARDS, HEAD
from ledger.store.schema import entries, metadata
from tests.store.samples import ENTRY_COLUMNS, MADE_AT, add, batch_of, contents, insert, row, say

REPOSITORY = Path(__file__).parents[2]


@contextmanager
def engine_of(url: str) -> Iterator[Engine]:
    engine = open_engine(url, create=True)  # one that may look at everything
    yield engine
    engine.dispose()


def test_an_empty_database_gets_the_tables_once(empty_database: str) -> None:
    assert migrate.upgrade(empty_database) is True
    assert migrate.upgrade(empty_database) is False
    with engine_of(empty_database) as engine:
        assert migrate.revision_of(engine) == HEAD
    open_log(empty_database).close()


def test_a_database_without_tables_has_no_revision(postgres_database: str, tmp_path: Path) -> None:
    (tmp_path / "rights.db").touch()
    for url in (postgres_database, f"sqlite:///{tmp_path / 'rights.db'}"):
        with engine_of(url) as engine:
            assert migrate.revision_of(engine) is None


def test_a_database_that_cannot_be_asked_has_no_answer(tmp_path: Path) -> None:
    (tmp_path / "rights.db").write_text("not a database" * 100)
    with (
        pytest.raises(DatabaseError, match="not a database"),
        engine_of(f"sqlite:///{tmp_path / 'rights.db'}") as engine,
    ):
        migrate.revision_of(engine)


def test_the_program_wants_the_last_migration() -> None:
    assert ScriptDirectory(str(REPOSITORY / "migrations")).get_heads() == [HEAD]


def test_no_migration_imports_the_package() -> None:
    for script in (REPOSITORY / "migrations").rglob("*.py"):
        assert not re.search(r"^\s*(from|import) ledger\b", script.read_text(), re.MULTILINE), script


def test_a_row_is_an_entry_without_its_ledger() -> None:
    columns = [column.name for column in entries.columns]
    assert columns == [*ENTRY_COLUMNS, "database_user"] == ["ledger_id", *Row._fields, "database_user"]


def test_the_migrations_build_what_the_code_declares(empty_database: str) -> None:
    migrate.upgrade(empty_database)
    with engine_of(empty_database) as engine, engine.connect() as connection:
        assert compare_metadata(MigrationContext.configure(connection, opts={"compare_type": True}), metadata) == []


def test_the_migrations_write_what_the_code_would_write_on_sqlite(sqlite_file: Path, tmp_path: Path) -> None:
    """A column that was added later is written elsewhere in the statement; what it says is the same."""
    declared = create_engine(f"sqlite:///{tmp_path / 'declared.db'}")
    metadata.create_all(declared)
    declared.dispose()
    tables = (
        "SELECT name, wr, strict FROM pragma_table_list WHERE name NOT LIKE 'sqlite_%' AND name <> 'alembic_version'"
    )
    columns = 'SELECT m.name, t.name, t.type, t."notnull", t.pk FROM sqlite_schema m, pragma_table_xinfo(m.name) t'
    clauses = "SELECT name, sql FROM sqlite_schema WHERE type = 'table' AND name <> 'alembic_version'"

    def described(url: str) -> tuple[list[Any], list[Any], list[tuple[str, list[str]]]]:
        written = [(name, sorted(re.findall(r"(CONSTRAINT .*?),? *\n", sql))) for name, sql in say(url, clauses)]
        own = f"{columns} WHERE m.type = 'table' AND m.name <> 'alembic_version' ORDER BY 1, t.cid"
        return sorted(say(url, tables)), say(url, own), sorted(written)

    built = described(f"sqlite:///{sqlite_file}")
    assert [row[1:] for row in built[0]] == [(1, 1)] * len(metadata.tables)
    assert all(constraints for _, constraints in built[2])
    assert built == described(f"sqlite:///{tmp_path / 'declared.db'}")


def test_the_migrations_write_what_the_code_would_write_on_postgres(postgres_database: str) -> None:
    migrate.upgrade(postgres_database)
    say(postgres_database, "CREATE SCHEMA declared")
    declared = create_engine(postgres_database, connect_args={"options": "-c search_path=declared"})
    metadata.create_all(declared)
    declared.dispose()

    def described(schema: str) -> list[tuple[Any, ...]]:
        columns = say(
            postgres_database,
            "SELECT relname, attname, format_type(atttypid, atttypmod), attnotnull, collname"
            " FROM pg_attribute JOIN pg_class ON pg_class.oid = attrelid"
            " LEFT JOIN pg_collation ON pg_collation.oid = attcollation"
            " WHERE relnamespace = to_regnamespace(?) AND attnum > 0"
            " AND relname IN ('ledgers', 'entries', 'restorations', 'people', 'people_changes')"
            " ORDER BY relname, attnum",
            schema,
        )
        constraints = say(
            postgres_database,
            "SELECT conname, replace(pg_get_constraintdef(oid), 'declared.', '') FROM pg_constraint"
            " WHERE connamespace = to_regnamespace(?) AND NOT starts_with(conname, 'alembic') ORDER BY conname",
            schema,
        )
        return columns + constraints

    built = described("public")
    assert len(built) > len(ENTRY_COLUMNS)
    assert built == described("declared")


def test_ledgers_of_the_first_revision_get_their_heads(
    empty_database: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    home = tmp_path / "home"
    shutil.copytree(REPOSITORY / "migrations", home / "migrations")
    shutil.copy(REPOSITORY / "alembic.ini", home)
    for later in (home / "migrations" / "versions").glob("000[2-9]_*.py"):
        later.unlink()
    with monkeypatch.context() as patch:
        patch.setattr(migrate, "_home", lambda: home)
        migrate.upgrade(empty_database)
    recorded = {"a": [], "b": batch_of(1, 7), "c": batch_of(1, 1)}
    for ledger, rows in recorded.items():
        say(empty_database, "INSERT INTO ledgers (ledger_id, created_at) VALUES (?, ?)", ledger, MADE_AT)
        for each in rows:
            sql, parameters = insert(each, ledger=ledger)
            say(empty_database, sql, *parameters)
    assert migrate.upgrade(empty_database) is True
    log = open_log(empty_database)
    for ledger, rows in recorded.items():
        expected = Range().extended(contents(rows))
        with log.writing(ledger) as writer:
            assert (writer.head, writer.peaks) == (len(rows), expected.packed())
            add(writer, [row(len(rows) + 1)])
        assert log.head(ledger) == len(rows) + 1
    log.close()


def test_ledger_id_comes_first_in_every_key(database: str) -> None:
    with engine_of(database) as engine:
        tables = inspect(engine)
        for table in metadata.tables:
            firsts = [tables.get_pk_constraint(table)["constrained_columns"][0]]
            firsts += [unique["column_names"][0] for unique in tables.get_unique_constraints(table)]
            firsts += [foreign["constrained_columns"][0] for foreign in tables.get_foreign_keys(table)]
            firsts += [index["column_names"][0] or "" for index in tables.get_indexes(table)]
            assert set(firsts) == {"ledger_id"}


def test_the_guards_are_those_that_are_asserted(sqlite_file: Path, postgres_database: str) -> None:
    migrate.upgrade(postgres_database)
    on_sqlite = say(f"sqlite:///{sqlite_file}", "SELECT name FROM sqlite_schema WHERE type = 'trigger'")
    on_postgres = say(postgres_database, "SELECT tgname, tgenabled FROM pg_trigger WHERE NOT tgisinternal")
    assert {name for (name,) in on_sqlite} == GUARDS["sqlite"]
    assert dict(on_postgres) == dict.fromkeys(GUARDS["postgresql"], "A")


def test_a_database_of_an_older_revision(database: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("ledger.store.guards.HEAD", "0005")
    with pytest.raises(DatabaseError) as refusal:
        open_log(database)
    assert refusal.value.code == "wrong-revision"
    assert refusal.value.message.endswith(
        "has tables of revision 0004, and this program wants 0005: `rights db upgrade` brings them up"
    )


@pytest.mark.parametrize(
    ("revision", "way_out"),
    [("9999", "a newer rights-ledger is needed to use them"), ("1f3a", "these are not a ledger's")],
)
def test_a_database_of_a_newer_or_foreign_revision(database: str, revision: str, way_out: str) -> None:
    say(database, "UPDATE alembic_version SET version_num = ?", revision)
    for use in (open_log, migrate.upgrade):
        with pytest.raises(DatabaseError) as refusal:
            use(database)
        assert refusal.value.code == "wrong-revision"
        assert refusal.value.message.endswith(f"of revision {revision}, and this program wants 0004: {way_out}")


@pytest.mark.parametrize(("statement", "says"), [
    ("DELETE FROM alembic_version", "nothing"), ("UPDATE alembic_version SET version_num = '0001'", "0001"),
])  # fmt: skip
def test_a_ledger_whose_revision_was_changed(database: str, statement: str, says: str) -> None:
    """Neither making it nor upgrading it would mend it, and so neither is the advice."""
    say(database, statement)
    for use in (open_log, migrate.upgrade):
        with pytest.raises(DamagedError) as refusal:
            use(database)
        assert refusal.value.message.endswith(
            f"has a ledger's tables, and somebody changed the row that says their revision: it says {says}"
        )


def test_a_migration_that_fails_leaves_nothing(
    empty_database: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    home = tmp_path / "home"
    shutil.copytree(REPOSITORY / "migrations", home / "migrations")
    shutil.copy(REPOSITORY / "alembic.ini", home)
    (home / "migrations" / "versions" / "0005_broken.py").write_text(
        "from alembic import op\n"
        "revision = '0005'\n"
        "down_revision = '0004'\n"
        "def upgrade():\n"
        "    op.execute('CREATE TABLE half (a TEXT)')\n"
        "    op.execute('INSERT INTO nowhere VALUES (1)')\n"
    )
    with monkeypatch.context() as patch:
        patch.setattr(migrate, "_home", lambda: home)
        with pytest.raises(DatabaseError):
            migrate.upgrade(empty_database)
    with engine_of(empty_database) as engine:
        assert inspect(engine).get_table_names() == []
    assert migrate.upgrade(empty_database) is True


def test_several_that_begin_at_once_make_one_database(empty_database: str) -> None:
    with ThreadPoolExecutor(4) as threads:
        program = "import sys; from ledger.store.migrate import upgrade; upgrade(sys.argv[1])"
        command = [sys.executable, "-c", program, empty_database]
        done = list(threads.map(lambda _: subprocess.run(command, cwd=REPOSITORY, check=False), range(4)))
    assert [each.returncode for each in done] == [0] * 4
    open_log(empty_database).close()


def test_who_comes_while_another_migrates_waits_and_finds_it_done(postgres_database: str) -> None:
    waiting = "SELECT count(*) FROM pg_stat_activity WHERE datname = current_database() AND wait_event_type = 'Lock'"
    with engine_of(postgres_database) as engine, ThreadPoolExecutor(1) as thread:
        with engine.begin() as connection:
            migrate._run_migrations(connection)
            second = thread.submit(migrate.upgrade, postgres_database)
            while not second.done() and say(postgres_database, waiting) == [(0,)]:
                pass
        second.result()
    open_log(postgres_database).close()


def test_a_new_file_that_another_is_writing_is_waited_for(tmp_path: Path) -> None:
    file = tmp_path / "rights.db"
    with closing(sqlite3.connect(file, isolation_level=None)) as other, ThreadPoolExecutor(1) as thread:
        other.execute("PRAGMA user_version = 0")  # writes the file's first page, and no table
        other.execute("BEGIN IMMEDIATE")  # SQLite then refuses to change the journal, without waiting
        upgraded = thread.submit(migrate.upgrade, f"sqlite:///{file}")
        sleep(0.2)
        other.execute("COMMIT")
        assert upgraded.result() is True


def test_a_new_file_that_another_writes_for_too_long_is_busy(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(engines, "WAIT_SECONDS", 0.05)
    file = tmp_path / "rights.db"
    with closing(sqlite3.connect(file, isolation_level=None)) as other:
        other.execute("PRAGMA user_version = 0")  # writes the file's first page, and no table
        other.execute("BEGIN IMMEDIATE")
        with pytest.raises(DatabaseError) as refusal:
            migrate.upgrade(f"sqlite:///{file}")
    assert refusal.value.code == "database-busy"


@pytest.mark.parametrize("schema", ["100%", "%s", "%(here)s", "a%%b", "{schema}", "batch", "NEW", 'a "b" c', "株"])
def test_a_schema_of_any_name_on_postgresql(postgres_database: str, schema: str) -> None:
    """A guard's function names its schema, and is what this program makes all the same."""
    named = '"' + schema.replace('"', '""') + '"'
    said = named.replace("%", "%%")
    say(postgres_database, f"CREATE SCHEMA {said}")
    url = f"{postgres_database}&options={quote('-c search_path=' + named.replace(' ', chr(92) + ' '))}"
    assert migrate.upgrade(url) is True
    log = open_log(url)
    log.create("main", MADE_AT)
    with log.writing("main") as writer:
        add(writer, [row(1)])
    log.close()
    assert say(postgres_database, f"SELECT version FROM {said}.entries") == [(1,)]


def test_a_place_without_a_write_ahead_log_is_refused() -> None:
    engine = create_engine("sqlite://")  # memory is such a place
    with pytest.raises(DatabaseError, match="cannot keep a write-ahead log") as refusal:
        engines.keep_write_ahead_log(engine)
    assert refusal.value.code == "database"
    engine.dispose()


def test_alembic_itself_finds_the_database_by_its_variable(empty_database: str) -> None:
    def alembic(*arguments: str) -> subprocess.CompletedProcess[str]:
        return subprocess.run(
            [sys.executable, "-m", "alembic", *arguments],
            cwd=REPOSITORY,
            env={"RIGHTS_DB": empty_database, "PATH": "/usr/bin:/bin"},
            capture_output=True,
            text=True,
            check=False,
        )

    assert alembic("upgrade", "head").returncode == 0
    open_log(empty_database).close()
    assert alembic("downgrade", "base").returncode != 0
    assert alembic("upgrade", "head", "--sql").returncode != 0
    open_log(empty_database).close()


def test_a_program_without_its_migrations_says_so(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    installed = tmp_path / "ledger" / "store" / "migrate.py"
    monkeypatch.setattr(migrate, "__file__", str(installed))
    with pytest.raises(DatabaseError, match="incomplete"):
        migrate.upgrade(f"sqlite:///{tmp_path / 'rights.db'}")


def test_the_migrations_of_an_installed_package(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    package = tmp_path / "ledger"
    shutil.copytree(REPOSITORY / "migrations", package / "_migrations" / "migrations")
    shutil.copy(REPOSITORY / "alembic.ini", package / "_migrations")
    monkeypatch.setattr(migrate, "__file__", str(package / "store" / "migrate.py"))
    assert migrate.upgrade(f"sqlite:///{tmp_path / 'rights.db'}") is True


def test_opening_a_database_does_not_import_alembic(sqlite_file: Path) -> None:
    program = (
        "import sys\n"
        "from ledger.store import open_log\n"
        "open_log(sys.argv[1]).close()\n"
        "assert not {name.partition('.')[0] for name in sys.modules} & {'alembic', 'mako', 'psycopg'}\n"
    )
    subprocess.run([sys.executable, "-c", program, f"sqlite:///{sqlite_file}"], cwd=REPOSITORY, check=True)
