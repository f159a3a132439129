"""The failures of SQLAlchemy and of the drivers under it, as ours: what each means is in `failures`."""

from collections.abc import Iterator
from contextlib import contextmanager

from sqlalchemy import Engine
from sqlalchemy.engine import URL
from sqlalchemy.exc import DBAPIError, InvalidRequestError, SQLAlchemyError
from sqlalchemy.exc import TimeoutError as NoFreeConnectionError

from ledger.domain.errors import DatabaseError, LedgerError
from ledger.store.failures import LostConnectionError, meaning, unreadable
from ledger.store.passwords import struck


def shown(url: URL) -> str:
    """The database as a person may see it: an SQLite file by its path, a server without password and options."""
    if url.get_backend_name() == "sqlite":
        return url.database or "in memory"
    return url.set(query={}).render_as_string(hide_password=True).replace("+psycopg", "")


@contextmanager
def failures_told(engine: Engine) -> Iterator[None]:
    """Whatever the driver or SQLAlchemy raises inside leaves as one of our errors; others pass through."""
    driver = engine.dialect.loaded_dbapi
    try:
        yield
    except (SQLAlchemyError, driver.Error) as failure:
        says = str(failure)
        # Whoever shows a traceback shows its causes too: not one that repeats a password.
        raise told(failure, engine.url) from (failure if struck(says, engine.url) == says else None)
    except UnicodeDecodeError as failure:
        raise unreadable(shown(engine.url)) from failure


def told(failure: Exception, url: URL) -> LedgerError:
    """Our error for a failure of the driver or of SQLAlchemy."""
    if isinstance(failure, NoFreeConnectionError):
        return DatabaseError("database-busy", f"{shown(url)} is busy: every connection of this program is in use")
    if isinstance(failure, InvalidRequestError) and "connection is closed" in str(failure):
        # The server ended two in a row that waited in the pool; SQLAlchemy looks for no third.
        return LostConnectionError("database", f"{shown(url)}: the server closed the connection")
    cause = failure.orig if isinstance(failure, DBAPIError) and failure.orig is not None else failure
    return meaning(cause, shown(url), lambda text: struck(text, url))
