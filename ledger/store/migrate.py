"""The tables' revision: which one a database has, which one this program wants, and the way from one to the other.

Opening a database asks once, without Alembic, which costs more to import than the question itself.
"""

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from sqlalchemy import Connection, Engine

from ledger.domain.errors import DatabaseError
from ledger.domain.strict_json import malformed
from ledger.store import WAIT_SECONDS, distribution, guards
from ledger.store.engines import flavour, for_writing, keep_write_ahead_log, open_engine
from ledger.store.first_look import tables_named
from ledger.store.guards import GUARDS, HEAD, Found
from ledger.store.partitions import MOST, partition, parts_of
from ledger.store.sql_failures import failures_told, shown


def revision_of(engine: Engine) -> str | None:
    """The revision of a database's tables, None where there are none. Raises `DatabaseError`, `DamagedError`."""
    try:
        return _found(engine).revision
    except DatabaseError as failure:
        if failure.code == "no-database":
            return None
        raise


def require_current(engine: Engine) -> None:
    """See that the database has this program's tables and that its guards against changes are all there.

    Raises `DatabaseError` (`no-database`, `wrong-revision`, `database-busy`, `database`) and `DamagedError`.
    """
    name = shown(engine.url)
    found = _found(engine)
    if _is_distributed(engine, found):
        guards.require_revision(found, name)
        with failures_told(engine), engine.connect() as connection:
            distribution.require_append_only(connection, name)
        return
    guards.require_current(found, name, engine.dialect.name)


def current_engine(url: str, *, wait_seconds: float = WAIT_SECONDS) -> Engine:
    """The engine for a database that has this program's tables. Raises what `open_engine` and `require_current` do."""
    engine = open_engine(url, wait_seconds=wait_seconds)
    try:
        require_current(engine)
    except BaseException:
        engine.dispose()
        raise
    return engine


@contextmanager
def engine_of(url: str) -> Iterator[Engine]:
    """The same engine, and its connections closed at the end."""
    engine = current_engine(url)
    try:
        yield engine
    finally:
        engine.dispose()


def upgrade(url: str) -> bool:
    """Bring a database to this program's revision, making an SQLite file that is not there; False if it was there.

    All in one transaction: a migration that fails leaves nothing. Of two processes that do this at once, one waits.

    Raises `DatabaseError` (`wrong-revision` for a newer database, `foreign-database` for one with others' tables, and
    the codes of `open_engine`), `DamagedError`.
    """
    engine = open_engine(url, create=True)
    try:
        revision = revision_of(engine)
        if revision == HEAD:
            return False
        if revision is not None and not guards.is_older(revision):
            raise guards.wrong_revision(shown(engine.url), revision)
        if engine.dialect.name == "sqlite":
            keep_write_ahead_log(engine)
        elif revision is None:
            _refuse_others_tables(engine)
        with failures_told(engine), for_writing(engine).begin() as connection:
            _run_migrations(connection)
        return True
    finally:
        engine.dispose()


def partition_entries(url: str, count: int) -> bool:
    """Keep the entries of a PostgreSQL database that has none yet in so many parts; False if they were in so many.

    count: 1 to `partitions.MOST`.

    Raises `MalformedError` for SQLite, another count, and entries that are there, and what `upgrade` raises.
    """
    if url.startswith("sqlite"):
        malformed("an SQLite file keeps its entries in one table: --partitions is for PostgreSQL")
    if not 1 <= count <= MOST:
        malformed(f"the entries are kept in 1 to {MOST:,} parts, not in {count:,}")
    engine = open_engine(url)
    try:
        with failures_told(engine), engine.begin() as connection:
            connection.exec_driver_sql("LOCK TABLE entries")
            found = parts_of(connection)
            if found == count:
                return False
            if found or connection.exec_driver_sql("SELECT EXISTS (SELECT FROM entries)").scalar_one():
                there = f"{found:,} parts" if found else "one table"
                malformed(
                    f"{shown(engine.url)} keeps its entries in {there} already; to have them in {count:,} parts, make a"
                    " new database with --partitions and restore a backup of this one in it"
                )
            partition(connection, count)
        return True
    finally:
        engine.dispose()


def distribute(url: str) -> bool:
    """Spread the ledgers of a PostgreSQL database over the workers of its Citus; False if they were.

    Raises `MalformedError` for SQLite and for entries in parts, `DatabaseError` (`missing-extension`), and what
    `require_current` raises.
    """
    if url.startswith("sqlite"):
        malformed("an SQLite file is on one machine: Citus is a PostgreSQL on several (--db postgresql://…)")
    engine = open_engine(url)
    try:
        require_current(engine)
        with failures_told(engine), engine.begin() as connection:
            found = parts_of(connection)
            if found:
                malformed(
                    f"{shown(engine.url)} keeps its entries in {found:,} parts; to spread them over machines, make a"
                    " new database without --partitions and restore a backup of this one in it"
                )
            return distribution.distribute(connection, shown(engine.url))
    finally:
        engine.dispose()


def _refuse_others_tables(engine: Engine) -> None:
    """Refuse to make tables among those of others; an SQLite file was looked at when it was opened."""
    # Not those of an extension, which come with the database.
    asked = (
        "SELECT relname FROM pg_catalog.pg_class WHERE relnamespace = to_regnamespace(quote_ident(current_schema()))"
        " AND relkind IN ('r', 'p', 'v', 'm', 'f') AND NOT EXISTS (SELECT FROM pg_catalog.pg_depend"
        " WHERE classid = 'pg_catalog.pg_class'::regclass AND objid = pg_class.oid AND deptype = 'e') ORDER BY relname"
    )
    with failures_told(engine), engine.connect() as connection:
        tables = connection.exec_driver_sql(asked).scalars().all()
    if tables and revision_of(engine) is None:  # or another process has made ours in this moment
        raise DatabaseError(
            "foreign-database",
            f"{shown(engine.url)} is a database, but another's, with {tables_named(tables)}: a ledger wants a database"
            " or a schema of its own",
        )


def _found(engine: Engine) -> Found:
    with failures_told(engine), engine.connect() as connection:
        row = connection.exec_driver_sql(flavour(engine).guards).one()
    name = shown(engine.url)
    found = guards.read_found(row, name, engine.dialect.name)
    # Nothing was distributed before 0002.
    if found.revision in {None, "0001"} and _is_distributed(engine, found):
        raise guards.changed_revision(name, found.revision)
    return found


def _is_distributed(engine: Engine, found: Found) -> bool:
    """Whether the tables are without any trigger because Citus spreads them."""
    if engine.dialect.name != "postgresql" or found.guards & GUARDS["postgresql"]:
        return False
    with failures_told(engine), engine.connect() as connection:
        return distribution.is_distributed(connection)


def _run_migrations(connection: Connection) -> None:
    from alembic import command
    from alembic.config import Config

    config = Config(_home() / "alembic.ini")
    config.attributes["connection"] = connection
    command.upgrade(config, "head")


def _home() -> Path:
    """Where alembic.ini and migrations/ are: inside the installed package, or at the top of a working copy."""
    package = Path(__file__).resolve().parent.parent
    for home in (package / "_migrations", package.parent):
        if (home / "alembic.ini").is_file():
            return home
    raise DatabaseError("database", "this installation of rights-ledger is incomplete: it has no migrations")
