"""What stands around the entries may lie as well: an index, a guard of the right name, the function it calls."""

import sqlite3
from contextlib import closing
from pathlib import Path

import pytest

from ledger.domain.errors import DamagedError
from ledger.store import open_log
from ledger.store.codec import canonical
from ledger.store.migrate import upgrade
from ledger.store.roles import FOR_WRITERS, FUNCTIONS
from tests.attacks.forging import opened
from tests.cli.terminal import Rights
from tests.store.samples import say

FORGED = """
    CREATE TABLE forged (ledger_id TEXT NOT NULL, version INTEGER NOT NULL, bytes BLOB NOT NULL,
    PRIMARY KEY (ledger_id, version)) STRICT, WITHOUT ROWID
"""


def with_a_forged_index(file: Path) -> None:
    """An index that covers what reports read, with other bytes than the table that verify reads."""
    with closing(sqlite3.connect(file, isolation_level=None)) as connection:
        connection.execute("BEGIN")
        connection.execute(FORGED)
        for ledger, version, stored in connection.execute("SELECT ledger_id, version, bytes FROM entries").fetchall():
            envelope = opened(stored)
            if envelope["type"] == "allotment":
                envelope["entry"]["rights"] += 1
            connection.execute("INSERT INTO forged VALUES (?, ?, ?)", (ledger, version, canonical(envelope)))
        connection.execute("CREATE INDEX ix ON forged (ledger_id, version, bytes)")
        connection.execute("PRAGMA writable_schema=ON")
        connection.execute(
            "UPDATE sqlite_schema SET tbl_name = 'entries',"
            " sql = 'CREATE INDEX ix ON entries (ledger_id, version, bytes)'"
            " WHERE name = 'ix'"
        )
        connection.execute("COMMIT")


def with_guards_that_throw_away(file: Path) -> None:
    """Guards of the right names: what comes in is ignored, and so is the move of the head."""
    with closing(sqlite3.connect(file)) as connection:
        for name, on in (("entries_new_id", "INSERT ON entries"), ("ledgers_head_follows", "UPDATE ON ledgers")):
            connection.execute(f"DROP TRIGGER {name}")
            connection.execute(f"CREATE TRIGGER {name} BEFORE {on} BEGIN SELECT RAISE(IGNORE); END")
        connection.commit()


def with_one_guard_more(file: Path) -> None:
    with closing(sqlite3.connect(file)) as connection:
        connection.execute("CREATE TRIGGER more BEFORE INSERT ON entries BEGIN SELECT RAISE(IGNORE); END")
        connection.commit()


@pytest.mark.parametrize("attack", [with_a_forged_index, with_guards_that_throw_away, with_one_guard_more])
@pytest.mark.parametrize("command", [("verify",), ("holdings",), ("export",), ("checkpoint",)])
def test_it_is_seen_when_the_file_is_opened(
    attacked: Path, rights: Rights, attack: object, command: tuple[str]
) -> None:
    assert callable(attack)
    attack(attacked)
    told = rights(*command, "--ledger", "iij")
    assert (told.code, "are not those that this program makes" in told.sentence) == (3, True)


def test_tables_of_others_beside_are_no_attack(attacked: Path, rights: Rights) -> None:
    with closing(sqlite3.connect(attacked)) as connection:
        connection.execute("CREATE TABLE notes (text)")
        connection.execute("CREATE INDEX by_text ON notes (text)")
    assert rights("verify", "--ledger", "iij", "--checkpoint", "49").code == 0


def test_the_migrations_make_what_is_looked_for(tmp_path: Path) -> None:
    url = f"sqlite:///{tmp_path / 'rights.db'}"
    assert upgrade(url) is True
    assert upgrade(url) is False


NOTHING = "RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN RETURN NEW; END $$"
OF_TRIGGERS = [each for each in FUNCTIONS if each not in FOR_WRITERS]
ON_POSTGRESQL = [
    *(f"CREATE OR REPLACE FUNCTION {each} {NOTHING}" for each in OF_TRIGGERS),
    *(f"ALTER FUNCTION {each} SET search_path = pg_temp, public" for each in OF_TRIGGERS),
    # The schema's name is no part of what is compared; another's is.
    "CREATE SCHEMA other; CREATE TABLE other.entries (); DO $do$ BEGIN EXECUTE replace(pg_get_functiondef("
    "'ledgers_kept'::regproc), 'FROM public.', 'FROM other.'); END $do$",
    # A trigger of the right name that calls another's function, never fires, or fires too late.
    f"CREATE SCHEMA other; CREATE FUNCTION other.ledgers_kept() {NOTHING}; CREATE OR REPLACE TRIGGER ledgers_kept"
    " BEFORE DELETE OR UPDATE OF ledger_id, created_at ON ledgers FOR EACH ROW EXECUTE FUNCTION other.ledgers_kept()",
    "CREATE OR REPLACE TRIGGER entries_never_changed BEFORE UPDATE OR DELETE ON entries FOR EACH ROW"
    " WHEN (false) EXECUTE FUNCTION entries_never_changed()",
    "CREATE OR REPLACE TRIGGER entries_never_changed BEFORE UPDATE ON entries FOR EACH ROW"
    " EXECUTE FUNCTION entries_never_changed()",
    "CREATE OR REPLACE TRIGGER ledgers_head_follows BEFORE INSERT OR UPDATE OF size ON ledgers FOR EACH ROW"
    " EXECUTE FUNCTION ledgers_head_follows()",
]


@pytest.mark.parametrize("change", ON_POSTGRESQL)
def test_a_guard_on_postgresql_that_does_something_else_is_seen_when_it_is_opened(
    postgres_database: str, change: str
) -> None:
    upgrade(postgres_database)
    open_log(postgres_database).close()
    say(postgres_database, change)
    with pytest.raises(DamagedError, match="has triggers or functions that are not those that this program makes"):
        open_log(postgres_database)


def test_functions_of_others_beside_are_no_attack_on_postgresql(postgres_database: str) -> None:
    upgrade(postgres_database)
    say(postgres_database, f"CREATE SCHEMA other; CREATE FUNCTION other.ledgers_kept() {NOTHING}")
    say(postgres_database, f"CREATE FUNCTION noted() {NOTHING}")
    say(postgres_database, "CREATE TABLE notes (text text)")
    say(postgres_database, "CREATE TRIGGER ledgers_kept BEFORE INSERT ON notes FOR EACH ROW EXECUTE FUNCTION noted()")
    open_log(postgres_database).close()
