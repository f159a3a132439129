"""The roles on a real server: what each can do as a person who logs in, and that they stay what they are."""

from collections.abc import Iterator
from contextlib import closing

import psycopg
import pytest
from sqlalchemy import make_url

from ledger import open_ledger
from ledger.domain.errors import DamagedError, DatabaseError, LedgerError
from ledger.store import migrate, open_log, roles
from ledger.store.migrate import upgrade
from ledger.store.schema import metadata
from tests.conftest import scratch_database
from tests.scenario import appointed, company
from tests.store.people import acls, let_in, url_of
from tests.store.samples import add, batch_of, insert, raw_connection, row, say

NOT_PERMITTED = psycopg.errors.InsufficientPrivilege


@pytest.fixture
def bare(prefix: str, postgres_url: str) -> Iterator[str]:
    """A database with the ledger `main` of one entry, and no roles; it goes before its roles do."""
    with scratch_database(postgres_url) as url:
        with open_ledger(url, "main", create=True) as book:
            book.record([company()], actor="tests")
        yield url


@pytest.fixture
def database(bare: str, prefix: str) -> str:
    """The same with the roles, and a person who logs in for each, and one for none."""
    roles.apply(bare, prefix=prefix)
    let_in(bare, prefix)
    return bare


@pytest.fixture
def writer(database: str, prefix: str) -> str:
    return url_of("wendy", database, prefix)


@pytest.fixture
def reader(database: str, prefix: str) -> str:
    return url_of("rita", database, prefix)


@pytest.fixture
def auditor(database: str, prefix: str) -> str:
    return url_of("alice", database, prefix)


# What each can do.


def test_a_writer_can_do_all_that_recording_and_asking_need(writer: str, prefix: str) -> None:
    with open_ledger(writer, "second", create=True) as book:
        assert book.record([company(), appointed("2020-01-01")], actor="hr").version == 2
        assert book.record([appointed("2020-01-02")], actor="hr").version == 3
        assert book.record([{"type": "retraction", "retracts": 3}], actor="hr", dry_run=True).version == 4
        assert [entry.database_user for entry in book.history()] == [f"{prefix}_wendy"] * 3
        book.holdings()
        book.verify()
    with open_ledger(writer, "main") as book:
        assert book.record([{**company("ACME"), "id": "a"}], actor="hr").version == 2
        assert book.restorations() == []
    assert migrate.upgrade(writer) is False


def test_a_reader_can_ask(reader: str) -> None:
    with open_ledger(reader) as book:
        assert book.history().known_version == 1
        book.holdings()
        assert book.verify().size == 1
        assert book.restorations() == []
        assert book.record([appointed("2020-01-01")], actor="rita", dry_run=True).version == 2


def test_a_reader_cannot_record(reader: str) -> None:
    with open_ledger(reader) as book, pytest.raises(DatabaseError) as refusal:
        book.record([appointed("2020-01-01")], actor="rita")
    assert refusal.value.code == "not-permitted"
    assert "permission denied for function lock_head; `rights db roles` says who may record" in refusal.value.message
    with pytest.raises(DatabaseError) as refusal:
        open_ledger(reader, "second", create=True)
    assert refusal.value.code == "not-permitted"


def test_an_auditor_sees_what_a_reader_does_not(auditor: str, reader: str, database: str, prefix: str) -> None:
    with open_ledger(auditor) as book:
        assert book.verify().size == 1
    say(database, f"SET ROLE {prefix}_owner; CREATE TABLE later (a int)")
    assert say(auditor, "SELECT count(*) FROM later") == [(0,)]
    with pytest.raises(NOT_PERMITTED):
        say(reader, "SELECT count(*) FROM later")
    hidden = "SELECT count(*) FROM pg_settings WHERE name = 'shared_preload_libraries'"
    assert (say(auditor, hidden), say(reader, hidden)) == ([(1,)], [(0,)])
    others = (
        "SELECT bool_and(query <> '<insufficient privilege>') FROM pg_stat_activity"
        " WHERE datname = current_database() AND usename <> current_user"
    )
    with closing(raw_connection(database)) as owner:
        owner.execute("SELECT 1")
        assert (say(auditor, others), say(reader, others)) == ([(True,)], [(False,)])
    privileges = "SELECT relname, relacl FROM pg_class WHERE relname = 'entries'"
    assert say(auditor, privileges) == say(reader, privileges)  # who may do what is no secret


def test_what_the_owner_makes_later_is_nobodys(database: str, writer: str, prefix: str) -> None:
    say(database, f"SET ROLE {prefix}_owner; CREATE FUNCTION later() RETURNS int LANGUAGE sql AS 'SELECT 1'")
    assert say(url_of("olga", database, prefix), "SELECT later()") == [(1,)]
    with pytest.raises(NOT_PERMITTED):
        say(writer, "SELECT later()")


def test_who_is_no_member_can_do_nothing(database: str, prefix: str) -> None:
    nobody = url_of("nobody", database, prefix)
    with pytest.raises(NOT_PERMITTED):
        say(nobody, "SELECT * FROM public.entries")
    with pytest.raises(LedgerError) as refusal:
        open_ledger(nobody)
    assert refusal.value.exit_code == 4


def test_the_owner_migrates(prefix: str, postgres_url: str) -> None:
    """From the first revision to the last, as somebody who logs in; what is made then is the owner's."""
    with scratch_database(postgres_url) as database:
        say(database, f"CREATE ROLE {prefix}_owner")
        say(database, f"CREATE ROLE {prefix}_olga LOGIN IN ROLE {prefix}_owner")
        say(database, f"ALTER ROLE {prefix}_olga SET role = '{prefix}_owner'")
        say(database, f"ALTER SCHEMA public OWNER TO {prefix}_owner")
        assert migrate.upgrade(url_of("olga", database, prefix)) is True
        owners = say(database, "SELECT DISTINCT relowner::regrole::text FROM pg_class WHERE relname ~ '^(entr|ledg)'")
        assert owners == [(f"{prefix}_owner",)]
        roles.apply(database, prefix=prefix)
        with open_ledger(url_of("olga", database, prefix), "main", create=True) as book:
            assert book.record([company()], actor="olga").version == 1
            assert book.history()[0].database_user == f"{prefix}_olga"
        say(url_of("olga", database, prefix), "ALTER TABLE entries ADD COLUMN more text")


def test_a_head_that_lies_is_found_and_its_author_named(writer: str, database: str, prefix: str) -> None:
    """A writer can move a head to a last entry of his own with peaks that are not its tree's: the entry names him."""
    with closing(raw_connection(writer)) as connection:
        sql, parameters = insert(row(2))
        connection.execute(sql.replace("?", "%s"), parameters)
        connection.execute("SELECT move_head('main', 2, %s)", (b"\0" * 32,))
        connection.commit()
    with open_ledger(database, "main") as book:
        with pytest.raises(DamagedError):
            book.verify()
        with pytest.raises(DamagedError):
            book.record([appointed("2020-01-01")], actor="hr")
    log = open_log(database)
    assert log.database_users("main", after=1) == {2: f"{prefix}_wendy"}
    log.close()


# The roles themselves.


def test_all_that_the_migrations_make_has_its_owner(database: str, prefix: str) -> None:
    made = say(
        database,
        "SELECT relname::text FROM pg_class WHERE relnamespace = 'public'::regnamespace AND relkind IN ('r', 'v', 'S')"
        " UNION ALL SELECT oid::regprocedure::text FROM pg_proc WHERE pronamespace = 'public'::regnamespace",
    )
    written = {*roles.TABLES, *(name.replace(", ", ",") for name in roles.FUNCTIONS)}
    assert {name for (name,) in made} == written
    owners = say(
        database,
        "SELECT relowner::regrole::text FROM pg_class WHERE relnamespace = 'public'::regnamespace"
        " UNION SELECT proowner::regrole::text FROM pg_proc WHERE pronamespace = 'public'::regnamespace"
        " UNION SELECT nspowner::regrole::text FROM pg_namespace WHERE nspname = 'public'",
    )
    assert owners == [(f"{prefix}_owner",)]


def test_functions_that_act_for_the_owner_look_nothing_up_elsewhere(database: str) -> None:
    found = say(
        database,
        "SELECT proname::text, proconfig FROM pg_proc"
        " WHERE pronamespace = 'public'::regnamespace AND prosecdef ORDER BY 1",
    )
    path = "search_path=pg_catalog, pg_temp"
    assert found == [
        ("append_entry", [path, "enable_seqscan=off"]), ("lock_head", [path]), ("move_head", [path])
    ]  # fmt: skip


def test_roles_that_are_there_when_functions_and_tables_come_go_on(database: str) -> None:
    """Who may move a head may append, who may add may keep the directory, and nobody else, whoever brings it up."""
    before = acls(database)
    say(database, "DROP FUNCTION append_entry")
    say(database, "DROP TABLE people, people_changes")
    say(database, "DROP FUNCTION people_changes_never_changed, people_changes_next_number")
    say(database, "UPDATE alembic_version SET version_num = '0002'")
    assert upgrade(database) is True
    assert sorted(acls(database), key=str) == sorted(before, key=str)


def test_applied_again_it_changes_nothing(database: str, prefix: str) -> None:
    before = acls(database)
    assert roles.apply(database, prefix=prefix).warnings == []
    assert acls(database) == before


@pytest.mark.parametrize(
    "change",
    [
        "GRANT UPDATE ON entries TO {prefix}_writer",
        "GRANT UPDATE (actor) ON entries TO {prefix}_nobody",
        "GRANT ALL ON ledgers TO PUBLIC",
        "GRANT SELECT ON restorations TO {prefix}_nobody WITH GRANT OPTION",
        "GRANT EXECUTE ON FUNCTION move_head(text, bigint, bytea) TO {prefix}_reader",
        "GRANT CREATE ON SCHEMA public TO {prefix}_writer",
        "GRANT USAGE ON SCHEMA public TO PUBLIC",
        "GRANT TEMPORARY ON DATABASE {database} TO PUBLIC",
        "GRANT CREATE ON DATABASE {database} TO {prefix}_wendy",
        "ALTER TABLE entries OWNER TO {prefix}_wendy",
        "ALTER FUNCTION lock_head(text) OWNER TO {prefix}_nobody",
        "REVOKE INSERT ON entries FROM {prefix}_writer",
    ],
)
def test_applied_again_it_puts_right_what_was_changed(database: str, prefix: str, change: str) -> None:
    before = acls(database)
    say(database, change.format(prefix=prefix, database=make_url(database).database))
    assert acls(database) != before
    roles.apply(database, prefix=prefix)
    assert acls(database) == before


@pytest.mark.parametrize(
    ("change", "says"),
    [
        ("ALTER ROLE {prefix}_writer LOGIN", "role {prefix}_writer may log in, or more"),
        ("ALTER ROLE {prefix}_reader BYPASSRLS", "role {prefix}_reader may log in, or more"),
        ("GRANT {prefix}_owner TO {prefix}_writer", "role {prefix}_writer is a member of {prefix}_owner"),
        ("GRANT pg_write_all_data TO {prefix}_reader", "role {prefix}_reader is a member of pg_write_all_data"),
    ],
)
def test_roles_that_are_more_than_that_are_refused(database: str, prefix: str, change: str, says: str) -> None:
    before = acls(database)
    say(database, change.format(prefix=prefix))
    with pytest.raises(DatabaseError, match=says.format(prefix=prefix)):
        roles.apply(database, prefix=prefix)
    assert acls(database) == before


def test_the_owner_of_a_database_can_apply_them_without_being_a_superuser(postgres_url: str, prefix: str) -> None:
    say(postgres_url, f"CREATE ROLE {prefix}_dave LOGIN CREATEROLE")
    with scratch_database(postgres_url) as database:
        name = make_url(database).database
        say(database, f"ALTER DATABASE {name} OWNER TO {prefix}_dave")
        dave = url_of("dave", database, prefix)
        open_ledger(dave, "main", create=True).close()
        for _ in range(2):
            assert roles.apply(dave, prefix=prefix).warnings == [
                f'only a superuser lets "{prefix}_auditor" see what {sight} sees'
                for sight in ("pg_read_all_settings", "pg_read_all_stats")
            ]
        say(database, f"CREATE ROLE {prefix}_wendy LOGIN IN ROLE {prefix}_writer")
        with open_ledger(url_of("wendy", database, prefix)) as book:
            assert book.record([company()], actor="hr").version == 1
        with pytest.raises(NOT_PERMITTED):
            say(url_of("wendy", database, prefix), "TRUNCATE entries")


def test_whoever_owns_nothing_cannot_apply_them(database: str, prefix: str) -> None:
    for person in ("wendy", "olga"):
        with pytest.raises(DatabaseError) as refusal:
            roles.apply(url_of(person, database, prefix), prefix=f"{prefix}_x")
        assert refusal.value.code == "not-permitted"
    assert say(database, f"SELECT count(*) FROM pg_roles WHERE rolname ~ '^{prefix}_x'") == [(0,)]


def test_a_schema_of_another_name(postgres_url: str, prefix: str) -> None:
    with scratch_database(postgres_url) as database:
        schema = 'rights\'s "own"'
        quoted = roles.quoted(schema)
        say(database, f"CREATE SCHEMA {quoted}")
        say(database, f"ALTER DATABASE {make_url(database).database} SET search_path = {quoted}")
        open_ledger(database, "main", create=True).close()
        with pytest.raises(DatabaseError, match="no tables of a ledger") as refusal:
            roles.apply(database, prefix=prefix)
        assert refusal.value.code == "no-database"
        roles.apply(database, schema=schema, prefix=prefix)
        say(database, f"CREATE ROLE {prefix}_wendy LOGIN IN ROLE {prefix}_writer")
        with open_ledger(url_of("wendy", database, prefix)) as book:
            assert book.record([company()], actor="hr").version == 1


HIJACK = """
CREATE FUNCTION public.quote_ident(name) RETURNS text LANGUAGE plpgsql AS $$
BEGIN
    RAISE EXCEPTION 'somebody else acts as the superuser';
END $$
"""


def test_whoever_applies_them_calls_nobody_elses_function(bare: str, prefix: str) -> None:
    """A better match on the path would come before PostgreSQL's own."""
    say(bare, HIJACK)
    say(bare, f"CREATE ROLE {prefix}_nobody")
    say(bare, f"GRANT SELECT ON entries TO {prefix}_nobody")
    first, *rest = roles.statements(prefix=prefix)
    assert first == "SET LOCAL search_path = pg_catalog, pg_temp"
    with (
        closing(raw_connection(bare)) as connection,
        pytest.raises(psycopg.errors.RaiseException, match="somebody else acts"),
    ):
        connection.execute("; ".join(rest))
    roles.apply(bare, prefix=prefix)
    assert say(bare, f"SELECT has_table_privilege('{prefix}_nobody', 'entries', 'SELECT')") == [(False,)]


def test_tables_of_another_revision(bare: str, prefix: str) -> None:
    say(bare, "UPDATE alembic_version SET version_num = '0001'")
    with pytest.raises(DatabaseError) as refusal:
        roles.apply(bare, prefix=prefix)
    assert refusal.value.code == "wrong-revision"


@pytest.mark.parametrize("prefix_of_roles", ["", "Rights", "1", "a-b", 'a"', "a" * 51, "ü"])
def test_a_prefix_that_is_no_name(prefix_of_roles: str) -> None:
    with pytest.raises(LedgerError) as refusal:
        roles.statements(prefix=prefix_of_roles)
    assert refusal.value.exit_code == 2


@pytest.mark.parametrize("schema", ["", "a" * 64, "a\0"])
def test_a_schema_that_is_no_name(schema: str) -> None:
    with pytest.raises(LedgerError) as refusal:
        roles.statements(schema=schema)
    assert refusal.value.exit_code == 2


def test_the_tables_are_the_programs() -> None:
    assert {*metadata.tables} < {*roles.TABLES}


def test_a_batch_goes_in_by_copy_too(writer: str) -> None:
    log = open_log(writer)
    log.create("many", "2026-11-22T00:12:31.123456Z")
    with log.writing("many") as writing:
        add(writing, batch_of(1, 100))
    assert log.head("many") == 100
    log.close()
