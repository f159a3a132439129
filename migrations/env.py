"""Runs the migrations in one transaction: all of them or none, and one process at a time.

`rights` hands over a connection that is in a transaction already. Called by `alembic`, the database is the one that
`RIGHTS_DB` names. Nothing here imports the package: a migration must mean tomorrow what it meant when it was written.
"""

import os
import sqlite3

from alembic import context
from sqlalchemy import Connection, create_engine, event
from sqlalchemy.pool import ConnectionPoolEntry

LOCK = 7_218_530_964_177_205_331
"""An arbitrary number that names the right to migrate among PostgreSQL's advisory locks."""


def migrate(connection: Connection) -> None:
    """Run the migrations on a connection that is in a transaction."""
    if connection.dialect.name == "postgresql":
        # Two processes may both have found an empty database: the second waits here and then finds nothing to do.
        connection.exec_driver_sql(f"SELECT pg_advisory_xact_lock({LOCK})")
    context.configure(connection=connection, target_metadata=context.config.attributes.get("metadata"))
    with context.begin_transaction():
        context.run_migrations()


def migrate_named_database(url: str) -> None:
    """Run the migrations on the database of an SQLAlchemy URL."""
    engine = create_engine(url)
    if engine.dialect.name == "sqlite":
        # The driver by itself would open no transaction before DDL, and a failed migration would leave half a table.
        @event.listens_for(engine, "connect")
        def leave_transactions_to_us(connection: sqlite3.Connection, _record: ConnectionPoolEntry) -> None:
            connection.isolation_level = None
            connection.execute("PRAGMA journal_mode=WAL")

        @event.listens_for(engine, "begin")
        def begin(connection: Connection) -> None:
            connection.exec_driver_sql("BEGIN IMMEDIATE")

    with engine.begin() as connection:
        migrate(connection)
    engine.dispose()


if context.is_offline_mode():
    raise SystemExit("these migrations look at the database they change; run them online")
handed_over: Connection | None = context.config.attributes.get("connection")
if handed_over is not None:
    migrate(handed_over)
else:
    migrate_named_database(os.environ.get("RIGHTS_DB", "sqlite:///rights.db"))
