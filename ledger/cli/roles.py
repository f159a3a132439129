"""The command that gives a ledger on PostgreSQL an owner, writers, readers and auditors."""

from typing import Annotated

import typer

from ledger.cli import options
from ledger.cli.render import print_json, say, warn
from ledger.opening import DEFAULT_URL

MEMBERS = """\
-- People and programs log in as themselves, and become members:
--   GRANT {writer} TO alice;     -- records, and asks
--   GRANT {reader} TO bob;       -- asks
--   GRANT {auditor} TO carol;    -- asks, and sees the server's settings and statistics
--   GRANT {owner} TO dave;       -- migrates: ALTER ROLE dave SET role = '{owner}';
-- Run this again after each `rights db upgrade`."""

IN_A_SCHEMA = """\
-- Each of them must find the schema: ALTER ROLE alice SET search_path = {schema};"""


def roles(
    *,
    db: options.Db = DEFAULT_URL,
    apply: Annotated[bool, typer.Option("--apply", help="Do it, instead of printing how.")] = False,
    schema: Annotated[
        str, typer.Option("--schema", metavar="NAME", help="Where the tables are: a schema of their own.")
    ] = "public",
    prefix: Annotated[
        str, typer.Option("--prefix", metavar="NAME", help="What the roles' names begin with.")
    ] = "rights",
    as_json: options.Json = False,
) -> None:
    """Print the SQL that gives a PostgreSQL database an owner, writers, readers and auditors, or run it.

    A writer adds entries and cannot change or delete any. Without --apply no server is asked.

    Example: rights db roles --db postgresql://db.example.com/rights
    """
    from ledger.store import roles as store

    store.require_roles(db)
    names = store.role_names(prefix)
    warnings: list[str] = []
    if apply:
        said, warnings = store.apply(db, schema=schema, prefix=prefix)
    else:
        said = store.statements(schema=schema, prefix=prefix)
    if as_json:
        print_json({"applied": apply, "roles": names, "sql": said, "warnings": warnings})
        return
    if apply:
        say(f"The roles are {', '.join(names.values())}.")
    else:
        for line in "\n".join(f"{each};" for each in ("BEGIN", *said, "COMMIT")).split("\n"):
            say(line)
    for line in MEMBERS.format(**names).split("\n"):
        say(line)
    if schema != "public":
        say(IN_A_SCHEMA.format(schema=store.quoted(schema)))
    for each in warnings:
        warn(f"rights: warning: {each}")
