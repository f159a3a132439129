"""`rights db roles`: what is printed is what is applied, and SQLite has none of it."""

from collections.abc import Iterator

import psycopg
import pytest
from sqlalchemy import make_url

from ledger import open_ledger
from tests.cli.terminal import Rights
from tests.conftest import scratch_database
from tests.store.people import acls, own_names, url_of
from tests.store.samples import say


@pytest.fixture
def prefix(postgres_url: str) -> Iterator[str]:
    with own_names(postgres_url) as prefix:
        yield prefix


@pytest.fixture
def database(prefix: str, postgres_url: str) -> Iterator[str]:
    """A database with an empty ledger, that goes before its roles do."""
    with scratch_database(postgres_url) as url:
        open_ledger(url, "main", create=True).close()
        yield url


def test_what_is_printed_is_what_is_applied(rights: Rights, database: str, prefix: str, postgres_url: str) -> None:
    before = acls(database)
    told = rights("db", "roles", "--db", database, "--prefix", prefix)
    assert (told.code, told.err) == (0, "")
    assert acls(database) == before
    run_as_a_script(database, told.out)
    with scratch_database(postgres_url) as other:
        open_ledger(other, "main", create=True).close()
        done = rights("db", "roles", "--apply", "--db", other, "--prefix", prefix)
        assert (done.code, done.err) == (0, "")
        assert acls(other) == acls(database) != before


def run_as_a_script(database: str, script: str) -> None:
    plain = make_url(database).set(drivername="postgresql").render_as_string(hide_password=False)
    with psycopg.connect(plain, autocommit=True) as connection:
        connection.execute(script)


def test_it_says_how_somebody_becomes_a_writer(rights: Rights, database: str, prefix: str) -> None:
    told = rights("db", "roles", "--apply", "--db", database, "--prefix", prefix)
    roles = ", ".join(f"{prefix}_{name}" for name in ("owner", "writer", "reader", "auditor"))
    assert told.out.splitlines()[0] == f"The roles are {roles}."
    (line,) = (line for line in told.out.splitlines() if f"GRANT {prefix}_writer TO" in line)
    say(database, f"CREATE ROLE {prefix}_alice LOGIN")
    say(database, line.removeprefix("--").partition(";")[0].replace("alice", f"{prefix}_alice"))
    alice = url_of("alice", database, prefix)
    told = rights("company", "--company", "IIJ", "--name", "IIJ", "--on", "1992-12-03", "--db", alice)
    assert (told.code, told.err) == (0, "")
    say(database, f"CREATE ROLE {prefix}_bob LOGIN IN ROLE {prefix}_reader")
    bob = url_of("bob", database, prefix)
    assert rights("history", "--db", bob).code == 0
    told = rights("company", "--company", "HD", "--name", "HD", "--on", "1992-12-03", "--db", bob)
    assert (told.code, told.sentence.split(": ")[1]) == (4, "not-permitted")


def test_as_json(rights: Rights, database: str, prefix: str) -> None:
    names = {name: f"{prefix}_{name}" for name in ("owner", "writer", "reader", "auditor")}
    printed = rights("db", "roles", "--json", "--db", database, "--prefix", prefix).json
    assert (printed["applied"], printed["roles"], printed["warnings"]) == (False, names, [])
    applied = rights("db", "roles", "--json", "--apply", "--db", database, "--prefix", prefix).json
    assert applied == printed | {"applied": True}


def test_a_schema_of_its_own(rights: Rights) -> None:
    told = rights("db", "roles", "--db", "postgresql://db.example.com/x", "--schema", "Rights")
    assert 'ALTER SCHEMA "Rights" OWNER TO "rights_owner";\n' in told.out
    assert told.out.splitlines()[-1].endswith('ALTER ROLE alice SET search_path = "Rights";')


@pytest.mark.parametrize("options", [[], ["--apply"], ["--json"]], ids=" ".join)
def test_sqlite_knows_no_roles(small_ledger: Rights, options: list[str]) -> None:
    told = small_ledger("db", "roles", *options)
    assert (told.code, told.out) == (2, "")
    assert "SQLite knows no roles: whoever may write the file may change it" in told.err


@pytest.mark.parametrize("options", [["--prefix", "A b"], ["--schema", ""]])
def test_names_that_are_none(rights: Rights, options: list[str]) -> None:
    told = rights("db", "roles", "--db", "postgresql://db.example.com/x", *options)
    assert (told.code, told.sentence.split(": ")[1]) == (2, "malformed")


def test_who_is_not_allowed_to(rights: Rights, database: str, prefix: str) -> None:
    say(database, f"CREATE ROLE {prefix}_alice LOGIN")
    told = rights("db", "roles", "--apply", "--db", url_of("alice", database, prefix), "--prefix", f"{prefix}_x")
    assert (told.code, told.sentence.split(": ")[1]) == (4, "not-permitted")
