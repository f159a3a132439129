"""Ledgers on several PostgreSQL servers: what the program says reaches one of them, and no key is of two ledgers.

Three real servers. The first has no entry of its own: its tables are partitioned by a hash of `ledger_id`, and each
part is a table of one of the others (postgres_fdw), which the migrations have made there, with its keys and its guards.
The program does not open such a database, because its guards are not to be seen from there; what it would say is said
by a log that is made without asking.
"""

import os
from collections.abc import Callable, Iterator
from contextlib import ExitStack, closing, contextmanager
from datetime import date
from pathlib import Path
from typing import NamedTuple

import psycopg
import pytest
from sqlalchemy import make_url

from ledger import Book, DamagedError, RefusedError
from ledger.store import Row, open_log
from ledger.store.engines import open_engine
from ledger.store.migrate import upgrade
from ledger.store.schema import metadata
from ledger.store.sql_log import SqlLog
from ledger.store.statements import STATEMENTS, Statements
from tests.postgres import LOG_FILE, SUPERUSER, NoServerError, shared_server
from tests.scenario import allotted, departed, exercised, series_7
from tests.store.samples import MADE_AT, add, batch_of, insert, row, say
from tests.store.test_plans import BY_LEDGER, EVERY_LEDGER

LEDGERS = [f"issuer-{number}" for number in range(8)]
WRITTEN = tuple(reversed(metadata.tables))  # those that refer to others first


class Server(NamedTuple):
    url: str
    log: Path

    def heard(self) -> str:
        """All statements that it was told."""
        return self.log.read_text(errors="replace")


class Servers(NamedTuple):
    first: Server
    others: tuple[Server, Server]

    @contextmanager
    def reached(self) -> Iterator[set[int]]:
        """Which of the others were told something meanwhile: their numbers."""
        before = [server.heard() for server in self.others]
        found: set[int] = set()
        yield found
        found |= {number for number, server in enumerate(self.others) if server.heard() != before[number]}


@pytest.fixture(scope="module")
def servers(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Servers]:
    """The three, which tell in their logs what they are told."""
    with ExitStack() as running:
        first, *others = (started(running, tmp_path_factory.mktemp("server")) for _ in range(3))
        for server in (first, *others):
            upgrade(server.url)
        for server in others:
            say_alone(server.url, "ALTER SYSTEM SET log_statement = 'all'")
            say(server.url, "SELECT pg_reload_conf()")
        say(first.url, "CREATE EXTENSION postgres_fdw")
        for number, server in enumerate(others):
            say(first.url, link(number, server.url))
            say(first.url, f"CREATE USER MAPPING FOR CURRENT_USER SERVER other_{number} OPTIONS (user '{SUPERUSER}')")
        for table in WRITTEN:
            spread(first.url, table, len(others))
        yield Servers(first, (others[0], others[1]))


def started(running: ExitStack, folder: Path) -> Server:
    try:
        return Server(running.enter_context(shared_server(folder)), folder / LOG_FILE)
    except NoServerError as error:
        if os.environ.get("CI"):
            pytest.fail(f"CI is set, and several servers are not tested: {error}", pytrace=False)
        pytest.skip(f"SEVERAL SERVERS ARE NOT TESTED: {error}")


def say_alone(url: str, sql: str) -> None:
    """Say what wants no transaction around it."""
    parsed = make_url(url).set(drivername="postgresql")
    with psycopg.connect(parsed.render_as_string(hide_password=False), autocommit=True) as connection:
        connection.execute(sql.encode())


def link(number: int, url: str) -> str:
    there = make_url(url)
    where = {"host": there.query["host"], "port": there.query["port"], "dbname": there.database}
    options = ", ".join(f"{name} '{value}'" for name, value in where.items())
    return f"CREATE SERVER other_{number} FOREIGN DATA WRAPPER postgres_fdw OPTIONS ({options})"


def spread(url: str, table: str, parts: int) -> None:
    """Make the first server's table anew, in parts that are the same table on the others; functions find it by name."""
    say(url, f"CREATE TABLE parted (LIKE {table} INCLUDING DEFAULTS) PARTITION BY HASH (ledger_id)")
    say(url, f"DROP TABLE {table}")
    say(url, f"ALTER TABLE parted RENAME TO {table}")
    for number in range(parts):
        say(
            url,
            f"CREATE FOREIGN TABLE {table}_{number} PARTITION OF {table} FOR VALUES WITH (MODULUS {parts}, REMAINDER"
            f" {number}) SERVER other_{number} OPTIONS (table_name '{table}')",
        )


@pytest.fixture
def log(servers: Servers) -> Iterator[SqlLog]:
    """The log on the first server, with ledgers of five entries."""
    with closing(SqlLog(open_engine(servers.first.url))) as log:
        for ledger in LEDGERS:
            if log.create(ledger, MADE_AT):
                with log.writing(ledger) as writer:
                    add(writer, batch_of(1, 5))
        yield log


def home_of(servers: Servers, ledger: str) -> int:
    """The number of the server that has a ledger's row."""
    has = "SELECT 1 FROM ledgers WHERE ledger_id = ?"
    (found,) = (number for number, server in enumerate(servers.others) if say(server.url, has, ledger))
    return found


def test_each_ledger_is_whole_on_one_server(servers: Servers, log: SqlLog) -> None:
    homes = {ledger: home_of(servers, ledger) for ledger in LEDGERS}
    assert {*homes.values()} == {0, 1}
    for number, server in enumerate(servers.others):
        for table in ("ledgers", "entries"):
            found = {ledger for (ledger,) in say(server.url, f"SELECT DISTINCT ledger_id FROM {table}")}
            assert found & {*LEDGERS} == {ledger for ledger in LEDGERS if homes[ledger] == number}
    assert say(servers.first.url, "SELECT sum(pg_relation_size(relid)) FROM pg_partition_tree('entries')") == [(0,)]
    for ledger in LEDGERS:
        assert list(log.rows(ledger)) == batch_of(1, 5)


def test_every_statement_is_looked_at_here() -> None:
    assert {*BY_LEDGER, *EVERY_LEDGER} == {*Statements._fields}


@pytest.mark.parametrize("name", BY_LEDGER)
def test_a_question_of_one_ledger_reaches_one_server(servers: Servers, log: SqlLog, name: str) -> None:
    for ledger in LEDGERS:
        asked = tuple(ledger if each == "ledger-7" else each for each in BY_LEDGER[name])
        with servers.reached() as reached:
            say(servers.first.url, getattr(STATEMENTS, name), *asked)
        assert reached == {home_of(servers, ledger)}


def people_of(log: SqlLog, ledger: str) -> object:
    with log.directory(ledger) as directory:
        return directory.filed()


ASKED: dict[str, Callable[[SqlLog, str], object]] = {
    "head": lambda log, ledger: log.head(ledger),
    "head_row": lambda log, ledger: log.head_row(ledger),
    "read": lambda log, ledger: list(log.read(ledger, after=2)),
    "rows": lambda log, ledger: list(log.rows(ledger, until=3)),
    "database_users": lambda log, ledger: log.database_users(ledger),
    "restorations": lambda log, ledger: log.restorations(ledger),
    "directory": people_of,
}


@pytest.mark.parametrize("question", ASKED)
def test_the_log_asks_one_server(servers: Servers, log: SqlLog, question: str) -> None:
    for ledger in LEDGERS:
        with servers.reached() as reached:
            found = ASKED[question](log, ledger)
        assert reached == {home_of(servers, ledger)}
        here = SqlLog(open_engine(servers.others[home_of(servers, ledger)].url))
        assert ASKED[question](here, ledger) == found
        here.close()


def test_all_ledgers_are_found(servers: Servers, log: SqlLog) -> None:
    with servers.reached() as reached:
        assert {*LEDGERS} <= {*log.ledgers()}
    assert reached == {0, 1}
    assert {ledger: log.sizes()[ledger] for ledger in LEDGERS} == dict.fromkeys(LEDGERS, 5)


@pytest.mark.parametrize("count", [1, 2, 300])
def test_a_writer_reaches_one_server(servers: Servers, log: SqlLog, count: int) -> None:
    for ledger in (f"written-{count}-{number}" for number in range(4)):
        with servers.reached() as made:
            assert log.create(ledger, MADE_AT)
            assert not log.create(ledger, MADE_AT)
        with servers.reached() as reached, log.writing(ledger) as writer:
            add(writer, batch_of(1, count))
        assert made == reached == {home_of(servers, ledger)}
        assert list(log.rows(ledger)) == batch_of(1, count)
        assert log.head(ledger) == count
        assert set(log.database_users(ledger).values()) == {"rights"}


def test_a_book_on_it(servers: Servers, log: SqlLog) -> None:
    """Recorded, refused and asked through the seam."""
    series = series_7()
    log.create("book", MADE_AT)
    with servers.reached() as reached:
        book = Book(log, "book")
        book.record([*series, allotted(24), departed("2018-06-28")], actor="hr")
        book.record([exercised("2018-07-02", 4)], actor="hr")
        with pytest.raises(RefusedError, match="insufficient-rights"):
            book.record([exercised("2018-07-02", 21)], actor="hr")
        (held,) = book.holdings(as_of=date(2018, 7, 2))
        assert (held.outstanding, held.exercised, book.history().known_version) == (20, 4, 5)
    assert reached == {home_of(servers, "book")}


def test_an_id_is_of_its_ledger_and_kept_where_that_is(servers: Servers, log: SqlLog) -> None:
    ledgers = ["id-1", "id-2", "id-3", "id-4"]
    for ledger in ledgers:
        log.create(ledger, MADE_AT)
        with log.writing(ledger) as writer:
            add(writer, [row(1, entry_id="same")])
    for ledger in ledgers:
        with pytest.raises(psycopg.errors.UniqueViolation, match="entries_entry_id_once"):
            put(servers, ledger, row(2, entry_id="same"))
        with pytest.raises(psycopg.errors.IntegrityError, match="an entry takes the next version of its ledger"):
            put(servers, ledger, row(3))
        with pytest.raises(psycopg.errors.UniqueViolation, match="entries_key"):
            put(servers, ledger, row(1))
    with pytest.raises(psycopg.errors.ForeignKeyViolation, match="entries_ledger"):
        put(servers, "nowhere", row(1))


def put(servers: Servers, ledger: str, entry: Row) -> None:
    """Insert an entry past the log."""
    sql, parameters = insert(entry, ledger=ledger)
    say(servers.first.url, sql, *parameters)


def test_no_key_is_of_two_ledgers(servers: Servers) -> None:
    """The first server has none at all; on the others each begins with the ledger's id."""
    keys = (
        "SELECT pg_get_indexdef(indexrelid, 1, true) FROM pg_index WHERE indisunique AND indrelid::regclass::text IN"
        f" ({', '.join(repr(name) for name in metadata.tables)})"
    )
    assert say(servers.first.url, keys) == []
    for server in servers.others:
        found = say(server.url, keys)
        assert {*found} == {("ledger_id",)}
        assert len(found) == 6


@pytest.mark.parametrize(
    "change",
    [
        "UPDATE entries SET actor = 'somebody else' WHERE ledger_id = 'issuer-0'",
        "UPDATE entries SET actor = 'somebody else'",
        "DELETE FROM entries WHERE ledger_id = 'issuer-0' AND version = 5",
        "DELETE FROM ledgers WHERE ledger_id = 'issuer-0'",
        "UPDATE ledgers SET size = 4 WHERE ledger_id = 'issuer-0'",
        "TRUNCATE entries",
        "TRUNCATE entries_0",
    ],
)
def test_the_guards_of_the_others_refuse_from_here(servers: Servers, log: SqlLog, change: str) -> None:
    with pytest.raises(psycopg.errors.IntegrityError):
        say(servers.first.url, change)
    for ledger in LEDGERS:
        assert list(log.rows(ledger)) == batch_of(1, 5)
        assert log.head(ledger) == 5


def test_it_is_not_opened_but_each_of_the_others_is(servers: Servers, log: SqlLog) -> None:
    with pytest.raises(DamagedError, match="no longer refuses changes of what was recorded"):
        open_log(servers.first.url)
    for number, server in enumerate(servers.others):
        own = open_log(server.url)
        assert {ledger for ledger in own.ledgers() if ledger in LEDGERS} == {
            ledger for ledger in LEDGERS if home_of(servers, ledger) == number
        }
        own.close()
