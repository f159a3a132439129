"""The store: an append-only log of entries in SQLite or PostgreSQL."""

from typing import Final

from ledger.store.log import Log, Row, Writer

__all__ = ["WAIT_SECONDS", "Log", "Row", "Writer", "open_log"]

WAIT_SECONDS: Final = 30.0
"""How long a writer waits for others before it says `database-busy`."""


def open_log(url: str, *, wait_seconds: float = WAIT_SECONDS) -> Log:
    """The log in a database: `sqlite:///FILE` or `postgresql://…`; that of an SQLite file without SQLAlchemy.

    wait_seconds: how long a writer waits for others before it says `database-busy`.

    Raises `DatabaseError` (`bad-url`, `missing-driver`, `no-database`, `wrong-revision`, `database-busy`, `database`:
    `failures` says what each means) and `DamagedError` when the database's guards against changes are gone.
    """
    from ledger.store.sqlite_file import plain_file

    name = plain_file(url)
    if name is None:
        from ledger.store.migrate import current_engine
        from ledger.store.sql_log import SqlLog

        engine = current_engine(url, wait_seconds=wait_seconds)
        if engine.dialect.name != "sqlite":
            return SqlLog(engine, wait_seconds=wait_seconds)
        engine.dispose()  # it took SQLAlchemy to read the URL, and nothing more
        name = engine.url.database or ""
    from ledger.store.sqlite_log import SqliteLog

    return SqliteLog(name, wait_seconds=wait_seconds)
