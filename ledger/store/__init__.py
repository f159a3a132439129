"""The store: an append-only log of entries in SQLite or PostgreSQL."""

from typing import TYPE_CHECKING, Final

from ledger.store.log import Log, Row, Writer

if TYPE_CHECKING:
    from ledger.store.sql_log import SqlLog

__all__ = ["WAIT_SECONDS", "Log", "Row", "Writer", "open_log", "open_to_ask"]

WAIT_SECONDS: Final = 30.0
"""How long a writer waits for others before it says `database-busy`."""


def open_log(url: str, *, wait_seconds: float = WAIT_SECONDS) -> "SqlLog":
    """The log in a database: `sqlite:///FILE` or `postgresql://…`.

    wait_seconds: how long a writer waits for others before it says `database-busy`.

    Raises `DatabaseError` (`bad-url`, `missing-driver`, `no-database`, `wrong-revision`, `database-busy`, `database`:
    `failures` says what each means) and `DamagedError` when the database's guards against changes are gone.
    """
    from ledger.store.engines import open_engine
    from ledger.store.migrate import require_current
    from ledger.store.sql_log import SqlLog

    engine = open_engine(url, wait_seconds=wait_seconds)
    try:
        require_current(engine)
    except BaseException:
        engine.dispose()
        raise
    return SqlLog(engine, wait_seconds=wait_seconds)


def open_to_ask(url: str, *, wait_seconds: float = WAIT_SECONDS) -> Log:
    """The same log for whoever asks, and hardly ever records: of an SQLite file at once, without SQLAlchemy.

    Raises what `open_log` raises.
    """
    from ledger.store.sqlite_file import plain_file

    name = plain_file(url)
    if name is None:
        return open_log(url, wait_seconds=wait_seconds)
    from ledger.store.sqlite_log import SqliteLog

    return SqliteLog(name, wait_seconds=wait_seconds)
