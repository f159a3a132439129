"""People who log in to a real PostgreSQL server, each a member of one of a ledger's roles, or of none."""

import secrets
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from sqlalchemy import make_url

from tests.store.samples import say

PEOPLE = {"wendy": "writer", "rita": "reader", "alice": "auditor", "olga": "owner", "nobody": None}
"""Who is what."""


@contextmanager
def own_names(server: str) -> Iterator[str]:
    """What the names of a test's roles begin with, for a server has one set of roles for all its databases.

    The roles go at the end; their databases must have gone before.
    """
    prefix = f"t{secrets.token_hex(6)}"
    yield prefix
    for (name,) in say(server, f"SELECT rolname FROM pg_roles WHERE rolname ~ '^{prefix}_'"):
        say(server, f"DROP ROLE {name}")


def let_in(database: str, prefix: str) -> None:
    """Let everybody log in as a member of his role."""
    for person, role in PEOPLE.items():
        say(database, f"CREATE ROLE {prefix}_{person} LOGIN")
        if role is not None:
            say(database, f"GRANT {prefix}_{role} TO {prefix}_{person}")


def url_of(person: str, database: str, prefix: str) -> str:
    return make_url(database).set(username=f"{prefix}_{person}").render_as_string(hide_password=False)


def acls(url: str) -> list[tuple[Any, ...]]:
    return say(
        url,
        "SELECT relname::text, relacl::text, relowner::regrole::text FROM pg_class"
        " WHERE relnamespace = 'public'::regnamespace AND relkind = 'r'"
        " UNION ALL SELECT attrelid::regclass::text, attname || attacl::text, '' FROM pg_attribute"
        " WHERE attrelid = 'entries'::regclass AND attacl IS NOT NULL"
        " UNION ALL SELECT proname, proacl::text, proowner::regrole::text FROM pg_proc"
        " WHERE pronamespace = 'public'::regnamespace UNION ALL SELECT nspname, nspacl::text, nspowner::regrole::text"
        " FROM pg_namespace WHERE nspname = 'public' UNION ALL SELECT '', datacl::text, '' FROM pg_database"
        " WHERE datname = current_database() ORDER BY 1",
    )
