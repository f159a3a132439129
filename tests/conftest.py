"""What every test may ask for."""

import os
import secrets
from collections.abc import Iterator
from contextlib import contextmanager

import pytest
from hypothesis import settings
from sqlalchemy import NullPool, create_engine, make_url

from tests import citus
from tests.postgres import NoServerError, shared_server

# How long one example takes says nothing on a machine that runs several tests at once.
settings.register_profile("shared-machine", settings(), deadline=None)
settings.load_profile("shared-machine")


# A database, ledger or day that the developer has set for the shell is not the tests'.
for name in ("RIGHTS_DB", "RIGHTS_LEDGER", "RIGHTS_TODAY", "RIGHTS_LANG"):
    os.environ.pop(name, None)

os.environ["RIGHTS_NO_CACHE"] = "1"  # nor is what programs keep for him; tests/properties/test_folds.py has its own


@pytest.fixture(scope="session")
def postgres_url(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """The URL of a real PostgreSQL server: the one of RIGHTS_TEST_PG_URL, else one that is started here.

    Without any the tests are skipped, but fail where CI is set.
    """
    given_url = os.environ.get("RIGHTS_TEST_PG_URL")
    if given_url:
        with scratch_database(given_url) as url:
            yield url
        return
    own_folder = tmp_path_factory.getbasetemp()
    meeting_folder = own_folder.parent if "PYTEST_XDIST_WORKER" in os.environ else own_folder
    try:
        with shared_server(meeting_folder) as url:
            yield url
    except NoServerError as error:
        if os.environ.get("CI"):
            pytest.fail(f"CI is set, and PostgreSQL is not tested: {error}", pytrace=False)
        pytest.skip(f"POSTGRESQL IS NOT TESTED: {error}")


@pytest.fixture
def postgres_database(postgres_url: str) -> Iterator[str]:
    """The URL of a new, empty PostgreSQL database of this test."""
    with scratch_database(postgres_url) as url:
        yield url


@pytest.fixture
def citus_database() -> Iterator[str]:
    """The URL of a database with the tables, distributed by Citus."""
    with citus.distributed_database() as url:
        yield url


@contextmanager
def scratch_database(server_url: str) -> Iterator[str]:
    """A database of its own on the server, dropped afterwards together with whoever is still connected."""
    name = f"rights_test_{secrets.token_hex(6)}"
    engine = create_engine(server_url, isolation_level="AUTOCOMMIT", poolclass=NullPool)
    with engine.connect() as connection:
        connection.exec_driver_sql(f"CREATE DATABASE {name} ENCODING 'UTF8' LOCALE 'C' TEMPLATE template0")
    try:
        yield make_url(server_url).set(database=name).render_as_string(hide_password=False)
    finally:
        with engine.connect() as connection:
            connection.exec_driver_sql(f"DROP DATABASE {name} WITH (FORCE)")
