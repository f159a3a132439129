"""What each database needs: how it is reached, how a transaction begins, how much is written at once.

SQLite is a file. It is opened `mode=rw`, so that a question never makes one; writers take their turn before they read
(`BEGIN IMMEDIATE`: under a deferred BEGIN, reading and then writing fails at once when somebody wrote in between); WAL
with `synchronous=FULL` keeps what was committed through a loss of power. Before that `first_look` and `network` see
that the file may be opened at all; the connection is bound to what an application does (`authorizer`). PostgreSQL is
reached through psycopg 3.
"""

from collections.abc import Callable, Sequence
from functools import partial
from pathlib import Path
from time import monotonic, sleep
from typing import Any, Final, NamedTuple

from sqlalchemy import Connection, Engine, create_engine, event
from sqlalchemy.engine import URL, make_url
from sqlalchemy.exc import ArgumentError, DisconnectionError
from sqlalchemy.pool import QueuePool

from ledger.domain.errors import DatabaseError
from ledger.store import WAIT_SECONDS, sqlite_file
from ledger.store.first_look import APPLICATION_ID
from ledger.store.guards import ASKED_OF_SQLITE, GUARDS, TABLES
from ledger.store.partitions import UNGUARDED
from ledger.store.passwords import is_torn
from ledger.store.sql_failures import failures_told, shown
from ledger.store.statements import HEAD_ONLY, INSERT, MOVE_HEAD_IN_FILE, WRITTEN, require_all_added

_KEEPALIVES: Final = {"keepalives_idle": 10, "keepalives_interval": 5, "keepalives_count": 3}
"""Seconds, seconds, and how many are missed before a connection counts as lost."""

_POSTGRESQL_DRIVERS = frozenset({"postgres", "postgresql", "postgresql+psycopg"})
_SQLITE_DRIVERS = frozenset({"sqlite", "sqlite+pysqlite"})
_COPY = f"COPY entries ({', '.join(WRITTEN)}) FROM STDIN"


class Flavour(NamedTuple):
    """What is said differently to each database.

    placeholder: how a statement marks a parameter.
    lock: reads a ledger's head, and keeps other writers away from it until the transaction ends.
    move: sets a ledger's head.
    guards: query of one row: the revision of the tables or None, the names of the triggers, comma between, and what the
        database was told: SQLite of the tables, their indexes and triggers, PostgreSQL of triggers and their functions.
    add: inserts rows of the columns of `entries`, in their order.
    """

    placeholder: str
    lock: str
    move: str
    guards: str
    add: Callable[[Connection, Sequence[tuple[object, ...]]], None]

    def statement(self, sql: str) -> str:
        """A statement written with question marks, as this database's driver wants it."""
        return sql.replace("?", self.placeholder)


def _add_to_sqlite(connection: Connection, rows: Sequence[tuple[object, ...]]) -> None:
    require_all_added(connection.exec_driver_sql(INSERT, list(rows)).rowcount, len(rows))


def _add_to_postgresql(connection: Connection, rows: Sequence[tuple[object, ...]]) -> None:
    # One row goes in one round trip. Many go by COPY, in one statement, so that the guard looks once, not once a row.
    if len(rows) == 1:
        connection.exec_driver_sql(INSERT.replace("?", "%s"), rows[0])
        return
    driver_connection: Any = connection.connection.driver_connection
    with driver_connection.cursor() as cursor, cursor.copy(_COPY) as copy:
        for row in rows:
            copy.write_row(row)


def wait_less(connection: Connection, wait_seconds: float) -> None:
    """Let a transaction on PostgreSQL wait for others so many seconds, and not as long as its connection would."""
    connection.exec_driver_sql(f"SET LOCAL lock_timeout = {_milliseconds(wait_seconds)}")


def _milliseconds(seconds: float) -> int:
    return max(1, round(seconds * 1000))  # 0 would be for ever on PostgreSQL


_SQLITE = Flavour(
    placeholder="?",
    lock=HEAD_ONLY,  # BEGIN IMMEDIATE has locked all of the file
    move=MOVE_HEAD_IN_FILE,
    guards=ASKED_OF_SQLITE,
    add=_add_to_sqlite,
)
_GUARDED = ", ".join(f"to_regclass('{table}')" for table in sorted(TABLES))
_GUARDS = ", ".join(f"'{name}'" for name in sorted(GUARDS["postgresql"]))
_POSTGRESQL = Flavour(
    placeholder="%s",
    lock="SELECT size, peaks FROM lock_head(%s)",
    move="SELECT move_head(%s, %s, %s)",
    # 'A': enabled always, as the migrations leave them; one that was switched off and on again is 'O'. A function that
    # is not in the tables' schema is none of ours. Who owns a function, and who may call it, is for the roles.
    guards="SELECT (SELECT version_num FROM alembic_version),"  # noqa: S608 - our own names
    " (SELECT string_agg(tgname, ',') FROM pg_catalog.pg_trigger WHERE NOT tgisinternal AND tgenabled IN ('A', 'O')"
    f" AND tgrelid IN ({_GUARDED})),"
    " (SELECT string_agg(concat_ws(' ', tgname, relname, tgtype, tgattr, tgqual IS NULL, proname, lanname, proconfig,"
    " replace(prosrc, 'FROM ' || quote_ident(nspname) || '.', 'FROM ')), ';' ORDER BY tgname COLLATE \"C\")"
    f" || coalesce({UNGUARDED}, '')"
    " FROM pg_catalog.pg_trigger JOIN pg_catalog.pg_class ON pg_class.oid = tgrelid"
    " JOIN pg_catalog.pg_namespace ON pg_namespace.oid = relnamespace"
    " JOIN pg_catalog.pg_proc ON pg_proc.oid = tgfoid AND pronamespace = relnamespace"
    " JOIN pg_catalog.pg_language ON pg_language.oid = prolang"
    f" WHERE tgrelid IN ({_GUARDED}) AND tgname IN ({_GUARDS}))",
    add=_add_to_postgresql,
)


def flavour(engine: Engine) -> Flavour:
    """What is said differently to this engine's database."""
    return _SQLITE if engine.dialect.name == "sqlite" else _POSTGRESQL


def for_writing(engine: Engine) -> Engine:
    """The same engine and connections; its transactions take the turn to write when they begin."""
    return engine.execution_options(writing=True)


def for_reading(engine: Engine, *, rows: int) -> Engine:
    """The same engine and connections; its transactions only read, and fetch this many rows at a time."""
    return engine.execution_options(postgresql_readonly=True, stream_results=True, yield_per=rows)


def open_engine(url: str, *, create: bool = False, wait_seconds: float = WAIT_SECONDS) -> Engine:
    """The engine for a database's URL: `sqlite:///FILE` or `postgresql://…`. Connects to nothing yet.

    create: for migrations: make an SQLite file that is not there, and let the connections to it do everything.
    wait_seconds: how long to wait for other writers, and for a connection when all are in use.

    Raises `DatabaseError`: `bad-url`, `missing-driver`, `no-database`, `foreign-database`, `network-file-system`,
    `database`.
    """
    parsed = _parsed(url)
    if parsed.drivername in _SQLITE_DRIVERS:
        return _sqlite(parsed, create=create, wait_seconds=wait_seconds)
    return _postgresql(parsed, wait_seconds=wait_seconds)


def _parsed(url: str) -> URL:
    # The text itself is never told: a URL that cannot be read may hold a password in an unexpected place.
    try:
        url.encode()  # half a pair of surrogates can reach no server
        parsed = make_url(url)
    except (ArgumentError, ValueError):
        raise DatabaseError("bad-url", "this is not a database's URL: sqlite:///FILE or postgresql://…") from None
    if parsed.drivername not in _SQLITE_DRIVERS | _POSTGRESQL_DRIVERS:
        raise DatabaseError(
            "bad-url", f"no ledger can be in {parsed.drivername}: sqlite:///FILE or postgresql://… name a database"
        )
    if parsed.drivername in _POSTGRESQL_DRIVERS and is_torn(url, parsed.database):
        raise DatabaseError(
            "bad-url",
            "the parts of this URL cannot be told: write %40 for @, %2F for /, %3A for : and %25 for % in a password",
        )
    return parsed


def _sqlite(url: URL, *, create: bool, wait_seconds: float) -> Engine:
    if url.database is None or url.database in ("", ":memory:") or url.database.startswith("file:"):
        raise DatabaseError("bad-url", "a ledger is kept in a file, not in memory: sqlite:///FILE names one")
    if url.query or url.host:
        raise DatabaseError("bad-url", "sqlite:///FILE takes neither a host nor options; an absolute path has four /")
    file = Path(url.database).absolute()
    sqlite_file.look_at(file, shown(url), create=create)
    connect = partial(sqlite_file.connect, file, create=create, wait_seconds=wait_seconds)
    engine = create_engine(url, creator=connect, poolclass=QueuePool, pool_timeout=wait_seconds, hide_parameters=True)

    @event.listens_for(engine, "begin")
    def begin(connection: Connection) -> None:
        writing = connection.get_execution_options().get("writing", False)
        connection.exec_driver_sql("BEGIN IMMEDIATE" if writing else "BEGIN")

    return engine


def keep_write_ahead_log(engine: Engine) -> None:
    """Mark an SQLite file as a ledger's, and set its journal to WAL: readers and a writer then do not wait for another.

    Raises `DatabaseError`: `database-busy`, `database` where the file system has no shared memory for it.
    """
    until = monotonic() + WAIT_SECONDS
    while True:
        try:
            mode = _journal_set_to_wal(engine)
            break
        except DatabaseError as failure:
            # Two processes that turn the same new file can be in each other's way; SQLite says busy without waiting.
            if failure.code != "database-busy" or monotonic() > until:
                raise
            sleep(0.01)
    if mode != "wal":
        raise DatabaseError("database", f"{shown(engine.url)} cannot keep a write-ahead log where it is")


def _journal_set_to_wal(engine: Engine) -> str:
    with failures_told(engine), engine.connect() as connection:
        cursor = connection.connection.cursor()  # outside the transaction that SQLAlchemy would begin
        cursor.execute(f"PRAGMA application_id={APPLICATION_ID}")  # first: from then on what is beside it is ours too
        cursor.execute("PRAGMA journal_mode=WAL")
        (mode,) = cursor.fetchone() or ("",)
        return str(mode)


def _postgresql(url: URL, *, wait_seconds: float) -> Engine:
    # A long question may take its time; a writer does not wait for ever. Options of the URL come last, and win.
    # Nothing is prepared by itself: a plan made while a ledger was empty would read all of it for every append.
    # A peer that is gone without a word is noticed before a writer has waited in vain: by the server, too, which keeps
    # a ledger locked for it until then.
    # What was acknowledged is on the server's disk, whatever the server's, the role's or the database's default is.
    settings: dict[str, object] = {"statement_timeout": 0, "lock_timeout": _milliseconds(wait_seconds)}
    settings |= {"synchronous_commit": "on"}
    settings |= {f"tcp_{name}": value for name, value in _KEEPALIVES.items()}
    options = " ".join(f"-c {name}={value}" for name, value in settings.items())
    usual = {"connect_timeout": max(2, round(wait_seconds)), **_KEEPALIVES}
    try:
        engine = create_engine(
            url.set(drivername="postgresql+psycopg"),
            isolation_level="READ COMMITTED",
            pool_timeout=wait_seconds,
            connect_args={
                **{name: value for name, value in usual.items() if name not in url.query},
                "fallback_application_name": "rights",
                "options": f"{options} {url.query.get('options', '')}".strip(),
                "prepare_threshold": None,
            },
            use_native_hstore=False,  # saves a question at every first connection
            hide_parameters=True,
        )
    except ImportError:
        raise DatabaseError(
            "missing-driver", "PostgreSQL needs a driver: pip install 'rights-ledger[postgres]' installs it"
        ) from None
    except (ArgumentError, TypeError):  # of a parameter that SQLAlchemy keeps for itself
        raise DatabaseError("bad-url", f"{shown(url)}: one of the parameters of this URL cannot be used") from None
    event.listen(engine, "checkout", _refuse_dead)
    return engine


def _refuse_dead(driver_connection: Any, _record: object, _proxy: object) -> None:
    """See that the server has not ended a connection that waited in the pool; a new one is then made.

    What it said at the end, and that it is gone, is there to be read: asking it would cost a round trip every time.
    """
    try:
        driver_connection.pgconn.consume_input()
        driver_connection.pgconn.consume_input()  # the first may only read the server's good-bye
    except type(driver_connection).OperationalError as gone:
        raise DisconnectionError(str(gone)) from gone
