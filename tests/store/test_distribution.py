"""Ledgers distributed over the workers of Citus: what guards them where no trigger can.

Most of it wants a real one, which RIGHTS_TEST_CITUS_URL names; the questions and recordings of other tests are said
to it as well.
"""

import json
from collections.abc import Iterator
from contextlib import closing

import psycopg
import pytest

from ledger import DamagedError, DatabaseError, MalformedError, open_ledger
from ledger.proof.every_ledger import verify_every
from ledger.store import open_log
from ledger.store.migrate import distribute, partition_entries, upgrade
from ledger.store.roles import apply
from ledger.store.statements import STATEMENTS
from tests import citus
from tests.scenario import allotted, departed, exercised, series_7
from tests.store.people import let_in, own_names, url_of
from tests.store.samples import MADE_AT, add, batch_of, insert, row, say
from tests.store.test_plans import BY_LEDGER

LEDGERS = [f"issuer-{number}" for number in range(5)]
on_citus = pytest.mark.skipif(citus.SERVER is None, reason="RIGHTS_TEST_CITUS_URL names no Citus")


def test_a_file_is_on_one_machine() -> None:
    with pytest.raises(MalformedError, match="an SQLite file is on one machine: Citus is a PostgreSQL on several"):
        distribute("sqlite:///rights.db")


def test_a_server_without_citus(postgres_database: str) -> None:
    upgrade(postgres_database)
    with pytest.raises(DatabaseError, match="has no Citus: a superuser says CREATE EXTENSION citus in it") as told:
        distribute(postgres_database)
    assert told.value.code == "missing-extension"
    open_log(postgres_database).close()  # its guards are still there


def test_a_database_without_tables(postgres_database: str) -> None:
    with pytest.raises(DatabaseError) as told:
        distribute(postgres_database)
    assert told.value.code == "no-database"


def test_entries_in_parts_stay_where_they_are(postgres_database: str) -> None:
    upgrade(postgres_database)
    partition_entries(postgres_database, 2)
    with pytest.raises(MalformedError, match="keeps its entries in 2 parts; to spread them over machines, make a new"):
        distribute(postgres_database)


def test_a_table_that_is_named_as_one_of_citus_does_not_mislead(postgres_database: str) -> None:
    upgrade(postgres_database)
    say(postgres_database, "CREATE TABLE pg_dist_partition (logicalrelid regclass, partmethod char, partkey text)")
    for guard in ("entries_never_changed", "entries_never_truncated", "entries_next_version"):
        say(postgres_database, f"DROP TRIGGER {guard} ON entries")
    with pytest.raises(DamagedError, match="no longer refuses changes"):
        open_log(postgres_database)


@pytest.fixture
def filled(citus_database: str) -> str:
    """A distributed database of a few ledgers, each of five entries."""
    log = open_log(citus_database)
    for ledger in LEDGERS:
        log.create(ledger, MADE_AT)
        with log.writing(ledger) as writer:
            add(writer, batch_of(1, 5))
    log.close()
    return citus_database


@pytest.fixture
def prefix() -> Iterator[str]:
    """What the names of roles begin with; they go after the database."""
    assert citus.SERVER is not None
    with own_names(citus.SERVER) as prefix:
        yield prefix


@pytest.fixture
def peopled(prefix: str, filled: str) -> str:
    """The same, with its roles and their people."""
    apply(filled, prefix=prefix)
    let_in(filled, prefix)
    return filled


@on_citus
def test_ledgers_that_are_there_go_along() -> None:
    with citus.empty_database() as url:
        for ledger in LEDGERS:
            with open_ledger(url, ledger, create=True) as book:
                book.record([*series_7(), allotted(24), departed("2018-06-28")], actor="hr")
        with closing(open_log(url)) as log:
            before = {ledger: list(log.rows(ledger)) for ledger in LEDGERS}
        assert [distribute(url), distribute(url)] == [True, False]
        with closing(open_log(url)) as log:
            assert {ledger: list(log.rows(ledger)) for ledger in log.ledgers()} == before
        with open_ledger(url, LEDGERS[0]) as book:
            book.record([exercised("2018-07-02", 4)], actor="hr")
        assert {ledger: getattr(found, "size", None) for ledger, found in verify_every(url)} == {
            ledger: 5 if ledger == LEDGERS[0] else 4 for ledger in LEDGERS
        }


@on_citus
@pytest.mark.parametrize("name", BY_LEDGER)
def test_a_question_of_one_ledger_is_one_task(filled: str, name: str) -> None:
    asked = tuple(LEDGERS[1] if each == "ledger-7" else each for each in BY_LEDGER[name])
    ((plan,),) = say(filled, f"EXPLAIN (FORMAT JSON) {getattr(STATEMENTS, name)}", *asked)
    assert '"Task Count": 1' in json.dumps(plan)


@on_citus
def test_a_writer_only_adds(peopled: str, prefix: str) -> None:
    wendy = url_of("wendy", peopled, prefix)
    with closing(open_log(wendy)) as log:
        log.create("hers", MADE_AT)
        for ledger, first in (("hers", 1), (LEDGERS[0], 6)):
            for last in (first, first + 3):
                with log.writing(ledger) as writer:
                    add(writer, batch_of(writer.head + 1, last))
            assert {*log.database_users(ledger, after=first - 1).values()} == {f"{prefix}_wendy"}
    for change in (
        "UPDATE entries SET actor = 'somebody else'",
        "DELETE FROM entries WHERE ledger_id = 'issuer-0'",
        "TRUNCATE entries",
        "UPDATE ledgers SET size = 0",
        "DELETE FROM restorations",
        "UPDATE ledgers SET size = 0 WHERE ledger_id = 'issuer-0'",
    ):
        with pytest.raises(psycopg.errors.InsufficientPrivilege):
            say(wendy, change)


@on_citus
@pytest.mark.parametrize("version", [5, 0, 7, 9])
def test_no_version_is_left_out_or_taken_twice(peopled: str, prefix: str, version: int) -> None:
    """Who inserts past the program cannot move the head to it."""
    wendy = url_of("wendy", peopled, prefix)
    sql, given = insert(row(version, batch=1) if version else row(0), ledger=LEDGERS[0])
    if version in {0, 5}:
        with pytest.raises(psycopg.errors.IntegrityError):
            say(wendy, sql, *given)
        return
    say(wendy, sql, *given)
    with pytest.raises(psycopg.errors.IntegrityError, match="an entry takes the next version of its ledger"):
        say(wendy, "SELECT move_head(?, ?, ?)", LEDGERS[0], version, b"")


@on_citus
@pytest.mark.parametrize(("size", "peaks"), [(4, b""), (0, b""), (6, b""), (5, b"others")])
def test_a_head_follows_the_entries(peopled: str, prefix: str, size: int, peaks: bytes) -> None:
    with pytest.raises(psycopg.errors.IntegrityError, match="a head moves forward, to the last version"):
        say(url_of("wendy", peopled, prefix), "SELECT move_head(?, ?, ?)", LEDGERS[0], size, peaks)


@on_citus
@pytest.mark.parametrize("may", ["UPDATE", "UPDATE (actor)", "DELETE", "TRUNCATE"])
def test_who_could_change_something_does_not_open_it(peopled: str, prefix: str, may: str) -> None:
    wendy = url_of("wendy", peopled, prefix)
    say(peopled, f"GRANT {may} ON entries TO {prefix}_writer")
    with pytest.raises(DamagedError, match="may change or remove rows of entries; `rights db roles --apply`"):
        open_log(wendy)
    apply(peopled, prefix=prefix)
    open_log(wendy).close()


@on_citus
def test_a_table_that_was_taken_back_is_missed(filled: str) -> None:
    say(filled, "ALTER TABLE restorations DROP CONSTRAINT restorations_ledger")
    say(filled, "SELECT undistribute_table('restorations')")
    with pytest.raises(DamagedError, match="no longer refuses changes of what was recorded"):
        open_log(filled)
