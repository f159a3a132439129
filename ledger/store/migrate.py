"""The tables' revision: which one a database has, which one this program wants, and the way from one to the other.

Opening a database asks once, without Alembic, which costs more to import than the question itself.
"""

from hashlib import sha256
from pathlib import Path
from typing import Final

from sqlalchemy import Connection, Engine

from ledger.domain.errors import DamagedError, DatabaseError
from ledger.store.engines import flavour, for_writing, keep_write_ahead_log, open_engine
from ledger.store.failures import no_database
from ledger.store.first_look import tables_named
from ledger.store.schema import GUARDS, TOLD
from ledger.store.sql_failures import failures_told, shown

_SECOND_GUARD: Final = "ledgers_head_follows"
"""Came with revision 0002."""

HEAD: Final = "0002"
"""The revision that this program reads and writes; revisions are numbered plainly, so that they can be compared."""


def revision_of(engine: Engine) -> str | None:
    """The revision of a database's tables, None where there are none. Raises `DatabaseError`, `DamagedError`."""
    try:
        revision, _, _ = _revision_and_guards(engine)
    except DatabaseError as failure:
        if failure.code == "no-database":
            return None
        raise
    return revision


def require_current(engine: Engine) -> None:
    """See that the database has this program's tables and that its guards against changes are all there.

    Raises `DatabaseError` (`no-database`, `wrong-revision`, `database-busy`, `database`) and `DamagedError`.
    """
    revision, guards, told = _revision_and_guards(engine)
    if revision is None:
        raise no_database(shown(engine.url), "there are no tables of a ledger in")
    if revision != HEAD:
        raise _wrong_revision(engine, revision)
    gone = GUARDS[engine.dialect.name] - guards
    if gone:
        raise DamagedError(
            "damaged",
            f"{shown(engine.url)} no longer refuses changes of what was recorded:"
            f" its triggers {', '.join(sorted(gone))} are gone or switched off",
        )
    # An index may hold other bytes than its table, and a trigger of the right name may throw away what comes in.
    if sha256(told.encode()).hexdigest() != TOLD[engine.dialect.name]:
        what = "tables, indexes or triggers" if engine.dialect.name == "sqlite" else "triggers or functions"
        raise DamagedError(
            "damaged",
            f"{shown(engine.url)} has {what} that are not those that this program makes: somebody changed what stands"
            " around the entries",
        )


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
        if revision is not None and not _is_older(revision):
            raise _wrong_revision(engine, revision)
        if engine.dialect.name == "sqlite":
            keep_write_ahead_log(engine)
        elif revision is None:
            _refuse_others_tables(engine)
        with failures_told(engine), for_writing(engine).begin() as connection:
            _run_migrations(connection)
        return True
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


def _revision_and_guards(engine: Engine) -> tuple[str | None, frozenset[str], str]:
    with failures_told(engine), engine.connect() as connection:
        revision, guards, told = connection.exec_driver_sql(flavour(engine).guards).one()
    found = frozenset((guards or "").split(","))
    if (revision is None and found & GUARDS[engine.dialect.name]) or (revision == "0001" and _SECOND_GUARD in found):
        raise DamagedError(
            "damaged",
            f"{shown(engine.url)} has a ledger's tables, and somebody changed the row that says their revision: it says"
            f" {'nothing' if revision is None else revision}",
        )
    return revision, found, told or ""


def _wrong_revision(engine: Engine, found: str) -> DatabaseError:
    if not found.isdecimal():
        way_out = "these are not a ledger's"
    elif _is_older(found):
        way_out = "`rights db upgrade` brings them up"
    else:
        way_out = "a newer rights-ledger is needed to use them"
    return DatabaseError(
        "wrong-revision",
        f"{shown(engine.url)} has tables of revision {found}, and this program wants {HEAD}: {way_out}",
    )


def _is_older(revision: str) -> bool:
    return revision.isdecimal() and 0 < int(revision) < int(HEAD)


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
