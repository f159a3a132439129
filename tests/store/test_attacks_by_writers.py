"""What somebody who may record would try on a real server, and cannot.

The superuser can do all of it, or meets a guard: the statements are right, the roles are why not.
"""

from collections.abc import Iterator
from contextlib import closing, suppress

import psycopg
import pytest
from sqlalchemy import make_url

from ledger import open_ledger
from ledger.store import roles
from tests.conftest import scratch_database
from tests.scenario import company
from tests.store.people import acls, let_in, own_names, url_of
from tests.store.samples import insert, raw_connection, row, say

NOT_PERMITTED = psycopg.errors.InsufficientPrivilege
GUARDED = psycopg.errors.IntegrityError

ATTACKS = [
    "UPDATE entries SET actor = 'somebody else'",
    "DELETE FROM entries",
    "TRUNCATE entries",
    "TRUNCATE restorations",
    "DROP TABLE entries CASCADE",
    "DROP TABLE alembic_version",
    "UPDATE ledgers SET size = 0",
    "UPDATE ledgers SET ledger_id = 'other'",
    "DELETE FROM ledgers",
    "UPDATE restorations SET reason = 'none'",
    "DELETE FROM restorations",
    "TRUNCATE people_changes",
    "UPDATE people_changes SET reason = 'none'",
    "DELETE FROM people_changes",
    "TRUNCATE people",
    "UPDATE people SET kanji = NULL",
    "UPDATE alembic_version SET version_num = '0001'",
    "INSERT INTO alembic_version VALUES ('0004')",
    "DELETE FROM alembic_version",
    "INSERT INTO ledgers (ledger_id, created_at) VALUES ('main', 'now') ON CONFLICT (ledger_id)"
    " DO UPDATE SET created_at = 'then'",
    "SELECT * FROM entries FOR UPDATE",
    "LOCK TABLE entries IN ACCESS EXCLUSIVE MODE",
    "ALTER TABLE entries DISABLE TRIGGER ALL",
    "ALTER TABLE entries DISABLE TRIGGER entries_never_changed",
    "ALTER TABLE entries ADD COLUMN more text",
    "ALTER TABLE entries ALTER COLUMN database_user SET DEFAULT 'somebody else'",
    "ALTER TABLE entries DROP CONSTRAINT entries_key",
    "ALTER TABLE entries RENAME TO others",
    "ALTER TABLE entries OWNER TO CURRENT_USER",
    "ALTER TABLE entries ENABLE ROW LEVEL SECURITY",
    "ALTER TABLE entries SET UNLOGGED",
    "CREATE POLICY hidden ON entries USING (false)",
    "CREATE INDEX more ON entries (actor)",
    "CREATE RULE nothing AS ON INSERT TO entries DO INSTEAD NOTHING",
    "CREATE TRIGGER more AFTER INSERT ON entries EXECUTE FUNCTION entries_never_changed()",
    "DROP TRIGGER entries_never_changed ON entries",
    "DROP FUNCTION entries_next_version() CASCADE",
    "ALTER FUNCTION lock_head(text) SECURITY INVOKER",
    "ALTER FUNCTION move_head(text, bigint, bytea) RESET search_path",
    "ALTER FUNCTION append_entry RESET search_path",
    "CREATE OR REPLACE FUNCTION entries_never_changed() RETURNS trigger LANGUAGE plpgsql AS 'BEGIN RETURN OLD; END'",
    "CREATE FUNCTION more() RETURNS int LANGUAGE sql AS 'SELECT 1'",
    "CREATE FUNCTION pg_temp.more() RETURNS int LANGUAGE sql AS 'SELECT 1'",
    "CREATE TEMP TABLE entries (version int)",
    "CREATE TEMP VIEW ledgers AS SELECT 1 AS ledger_id",
    "CREATE TEMP SEQUENCE more",
    "CREATE TABLE more (a int)",
    "CREATE TABLE more (a text REFERENCES ledgers)",
    "CREATE VIEW more AS SELECT 1",
    "CREATE SCHEMA more",
    "CREATE SCHEMA AUTHORIZATION CURRENT_USER",
    "GRANT EXECUTE ON FUNCTION entries_next_version() TO PUBLIC",
    "COMMENT ON TABLE entries IS 'mine'",
    "SET session_replication_role = replica",
    "SET SESSION AUTHORIZATION {prefix}_olga",
    "SET ROLE {prefix}_owner",
    "GRANT {prefix}_owner TO CURRENT_USER",
    "ALTER ROLE {prefix}_writer SUPERUSER",
    "ALTER ROLE {prefix}_owner LOGIN",
    "ALTER DATABASE {database} SET session_replication_role = replica",
    "ALTER SCHEMA public RENAME TO private",
    "COPY entries TO PROGRAM 'cat'",
    "SELECT pg_read_file('postgresql.conf')",
    "DO $$ BEGIN EXECUTE 'TRUNCATE entries'; END $$",
]


def appended(at_peaks: str, *, at_size: int = 1, batch: str = "2") -> str:
    """The call that appends an entry to a ledger that is where it is supposed to be."""
    return (
        f"SELECT append_entry('main', {at_size}, {at_peaks}, '\\x00', {batch}, 'new', 'company', 1,"
        " '2020-01-01', '2026-11-22T00:12:31.123456Z', 'wendy', '\\x00')"
    )


def attempt(url: str, sql: str) -> None:
    """Say something in a transaction that comes to nothing."""
    with closing(raw_connection(url)) as connection:
        connection.execute(sql)
        connection.rollback()


@pytest.fixture(scope="module")
def attacked(postgres_url: str) -> Iterator[tuple[str, str]]:
    """A database with its roles and people, that no attack changes, and the prefix of their names."""
    with own_names(postgres_url) as prefix, scratch_database(postgres_url) as url:
        with open_ledger(url, "main", create=True) as book:
            book.record([company()], actor="tests")
            before = [*book.export()]
        roles.apply(url, prefix=prefix)
        let_in(url, prefix)
        yield url, prefix
        with open_ledger(url, "main") as book:
            assert [*book.export()] == before
            book.verify()


@pytest.mark.parametrize("sql", ATTACKS)
def test_a_writer_cannot(attacked: tuple[str, str], sql: str) -> None:
    database, prefix = attacked
    with pytest.raises(NOT_PERMITTED):
        attempt(url_of("wendy", database, prefix), sql.format(prefix=prefix, database=make_url(database).database))


@pytest.mark.parametrize("sql", ATTACKS)
def test_a_superuser_can_or_meets_a_guard(attacked: tuple[str, str], sql: str) -> None:
    database, prefix = attacked
    with suppress(GUARDED):
        attempt(database, sql.format(prefix=prefix, database=make_url(database).database))


@pytest.mark.parametrize(
    ("sql", "says"),
    [
        ("INSERT INTO ledgers (ledger_id, created_at, size) VALUES ('new', 'now', 5)", "a ledger begins empty"),
        ("SELECT move_head('main', 0, '')", "a head moves forward"),
        ("SELECT move_head('main', 2, '')", "a head moves forward"),
        ("SELECT move_head('main', 1, '\\x00')", "a head moves forward"),
        (appended("(SELECT peaks FROM ledgers)", batch="7"), "entries_batch_not_after_version"),
    ],
)
def test_what_a_writer_may_do_is_guarded(attacked: tuple[str, str], sql: str, says: str) -> None:
    database, prefix = attacked
    with pytest.raises(GUARDED, match=says):
        attempt(url_of("wendy", database, prefix), sql)


@pytest.mark.parametrize("sql", ["GRANT ALL ON entries TO PUBLIC", "REVOKE ALL ON entries FROM {prefix}_reader"])
def test_who_may_do_something_does_not_say_who_else_may(attacked: tuple[str, str], sql: str) -> None:
    """PostgreSQL warns, and does nothing."""
    database, prefix = attacked
    before = acls(database)
    say(url_of("wendy", database, prefix), sql.format(prefix=prefix))
    assert acls(database) == before


def test_an_append_of_one_call_is_in_the_name_of_who_is_logged_in(attacked: tuple[str, str]) -> None:
    """And comes to nothing where the ledger is elsewhere. A reader may not call it."""
    database, prefix = attacked
    right = "(SELECT peaks FROM ledgers)"
    for sql in (appended(right, at_size=0), appended("'\\x00'"), appended(right).replace("main", "mian")):
        assert say(url_of("wendy", database, prefix), sql) == [(False,)]
    with closing(raw_connection(url_of("wendy", database, prefix))) as connection:
        assert connection.execute(appended(right)).fetchall() == [(True,)]
        users = "SELECT version, database_user FROM entries WHERE version = 2"
        assert connection.execute(users).fetchall() == [(2, f"{prefix}_wendy")]
        connection.rollback()
    with pytest.raises(NOT_PERMITTED):
        attempt(url_of("rita", database, prefix), appended(right))


def test_nobody_inserts_in_anothers_name(attacked: tuple[str, str]) -> None:
    database, prefix = attacked
    sql, parameters = insert(row(2))
    named = sql.replace("(ledger_id,", "(database_user, ledger_id,").replace("VALUES (", "VALUES (?, ")
    with closing(raw_connection(url_of("wendy", database, prefix))) as connection:
        connection.execute(named.replace("?", "%s"), (f"{prefix}_wendy", *parameters))
        connection.rollback()
        with pytest.raises(GUARDED, match="the database itself says who"):
            connection.execute(named.replace("?", "%s"), (f"{prefix}_olga", *parameters))
