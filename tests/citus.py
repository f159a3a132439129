"""A database on a real Citus: PostgreSQL on several machines, whose coordinator RIGHTS_TEST_CITUS_URL names.

It is a superuser's URL. Without it nothing here is used.
"""

import os
import secrets
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from typing import Any, Final

from sqlalchemy import URL, NullPool, create_engine, make_url

from ledger.store.migrate import distribute, upgrade

SERVER: Final = os.environ.get("RIGHTS_TEST_CITUS_URL")
KINDS: Final = () if SERVER is None else ("citus",)
"""What a fixture has more of, where there is one."""


@contextmanager
def empty_database() -> Iterator[str]:
    """The URL of a new database on the coordinator, and one of the same name on each worker, where nothing is yet."""
    assert SERVER is not None
    coordinator = make_url(SERVER)
    workers = [coordinator.set(host=host, port=port) for host, port in said(coordinator, NODES)]
    (host_and_port,) = said(coordinator, COORDINATOR) or [(coordinator.host, coordinator.port)]
    name = f"rights_test_{secrets.token_hex(6)}"
    with ExitStack() as made:
        for server in (*workers, coordinator):
            said(server, f"CREATE DATABASE {name} ENCODING 'UTF8' LOCALE 'C' TEMPLATE template0")
            made.callback(said, server, f"DROP DATABASE {name} WITH (FORCE)")
            said(server.set(database=name), "CREATE EXTENSION citus")
        here = coordinator.set(database=name)
        said(here, "SELECT citus_set_coordinator_host('{}', {})".format(*host_and_port))
        for worker in workers:
            said(here, f"SELECT citus_add_node('{worker.host}', {worker.port})")
        yield here.render_as_string(hide_password=False)


NODES: Final = "SELECT nodename, nodeport FROM pg_dist_node WHERE groupid <> 0 AND noderole = 'primary' ORDER BY nodeid"
COORDINATOR: Final = "SELECT nodename, nodeport FROM pg_dist_node WHERE groupid = 0"


@contextmanager
def distributed_database() -> Iterator[str]:
    """The URL of a database with the tables, distributed, and no ledger."""
    with empty_database() as url:
        upgrade(url)
        assert distribute(url)
        yield url


def said(url: URL, sql: str) -> list[tuple[Any, ...]]:
    """Say one statement to a server, outside of a transaction."""
    engine = create_engine(url.set(drivername="postgresql+psycopg"), isolation_level="AUTOCOMMIT", poolclass=NullPool)
    with engine.connect() as connection:
        found = connection.exec_driver_sql(sql, execution_options={"no_parameters": True})
        return list(map(tuple, found)) if found.returns_rows else []
