"""Who may do what in PostgreSQL: four roles, as SQL for whoever looks after the server.

- owner: the schema, the tables and the functions are its own. Migrations are made in its name, and nothing else is.
- writer: adds entries, ledgers and restorations, moves heads by the functions that do only that, keeps and forgets
  particulars of people, and reads.
- reader: reads the tables.
- auditor: reads all there is in the schema, also what later migrations add, the server's settings (whether it is
  durable, what it logs) and its statistics (who is connected, what was updated or deleted).

They are for one schema, which is the ledgers' own. PUBLIC, which is everybody, and all others lose what they were
granted on the schema, its tables and functions, and CREATE and TEMPORARY on the database. Who needs something becomes a
member of a role. It can be said again at any time, and puts right what was changed meanwhile.
"""

import re
from typing import Any, Final, NamedTuple

from ledger.domain.errors import DatabaseError, MalformedError
from ledger.store.engines import open_engine
from ledger.store.guards import HEAD
from ledger.store.schema import metadata
from ledger.store.sql_failures import failures_told, shown

TABLES: Final = (*metadata.tables, "alembic_version")
FUNCTIONS: Final = (
    *("entries_never_changed()", "entries_next_version()", "ledgers_kept()", "ledgers_head_follows()"),
    *("restorations_never_changed()", "restorations_next_number()"),
    *("people_changes_never_changed()", "people_changes_next_number()"),
    *("lock_head(text)", "move_head(text, bigint, bytea)"),
    "append_entry(text, bigint, bytea, bytea, bigint, text, text, bigint, text, text, text, bytea)",
)
"""All that the migrations make, with what they take."""

FOR_WRITERS: Final = FUNCTIONS[-3:]
NAMES: Final = ("owner", "writer", "reader", "auditor")

_PREFIX: Final = re.compile(r"[a-z_][a-z0-9_]{0,49}")
_LONGEST_NAME_BYTES: Final = 63
_AS_IT_IS: Final = {"no_parameters": True}
"""A percent sign is one."""

_MADE: Final = """\
DO $roles$
DECLARE
    wanted text;
    found record;
BEGIN
    FOREACH wanted IN ARRAY ARRAY[{names}] LOOP
        IF NOT EXISTS (SELECT FROM pg_catalog.pg_roles WHERE rolname = wanted) THEN
            EXECUTE format('CREATE ROLE %I NOLOGIN', wanted);
        END IF;
    END LOOP;
    FOR found IN SELECT * FROM pg_catalog.pg_roles WHERE rolname IN ({names}) LOOP
        IF found.rolcanlogin OR found.rolsuper OR found.rolcreaterole OR found.rolcreatedb OR found.rolreplication
        OR found.rolbypassrls THEN
            RAISE EXCEPTION 'role % may log in, or more: it is no role of a ledger', found.rolname;
        END IF;
    END LOOP;
    FOR found IN
        SELECT member.rolname AS member, granted.rolname AS granted FROM pg_catalog.pg_auth_members AS each
        JOIN pg_catalog.pg_roles AS member ON member.oid = each.member
        JOIN pg_catalog.pg_roles AS granted ON granted.oid = each.roleid
        WHERE member.rolname IN ({names}) AND granted.rolname NOT IN ('pg_read_all_settings', 'pg_read_all_stats')
    LOOP
        RAISE EXCEPTION 'role % is a member of %, and must be a member of none', found.member, found.granted;
    END LOOP;
    -- Who is no superuser hands over only to a role that he is a member of.
    IF NOT (SELECT rolsuper FROM pg_catalog.pg_roles WHERE rolname = current_user) THEN
        GRANT {owner} TO CURRENT_USER;
    END IF;
END $roles$"""

_TAKEN_BACK: Final = """\
DO $roles$
DECLARE
    found record;
BEGIN
    FOR found IN
        SELECT DISTINCT 'TABLE ' || each.oid::regclass AS what, granted.grantee
        FROM pg_catalog.pg_class AS each, LATERAL (
            SELECT grantee FROM aclexplode(each.relacl)
            UNION SELECT (aclexplode(attacl)).grantee FROM pg_catalog.pg_attribute WHERE attrelid = each.oid
        ) AS granted
        WHERE (each.oid IN ({tables}) OR each.oid IN ({parts})) AND granted.grantee <> each.relowner
        UNION SELECT 'FUNCTION ' || each.oid::regprocedure, granted.grantee
        FROM pg_catalog.pg_proc AS each, aclexplode(coalesce(each.proacl, acldefault('f', each.proowner))) AS granted
        WHERE each.oid IN ({functions}) AND granted.grantee <> each.proowner
        UNION SELECT 'SCHEMA ' || each.oid::regnamespace, granted.grantee
        FROM pg_catalog.pg_namespace AS each, aclexplode(each.nspacl) AS granted
        WHERE each.oid = {schema_literal}::regnamespace AND granted.grantee <> each.nspowner
    LOOP
        EXECUTE format('REVOKE ALL ON %s FROM %s CASCADE', found.what,
            CASE found.grantee WHEN 0 THEN 'PUBLIC' ELSE quote_ident(pg_get_userbyid(found.grantee)) END);
    END LOOP;
    -- A temporary table of the same name would come first on a session's path.
    FOR found IN
        SELECT DISTINCT granted.grantee FROM pg_catalog.pg_database AS each,
            aclexplode(coalesce(each.datacl, acldefault('d', each.datdba))) AS granted
        WHERE each.datname = current_database() AND granted.grantee <> each.datdba
        AND granted.privilege_type IN ('CREATE', 'TEMPORARY')
    LOOP
        EXECUTE format('REVOKE CREATE, TEMPORARY ON DATABASE %I FROM %s CASCADE', current_database(),
            CASE found.grantee WHEN 0 THEN 'PUBLIC' ELSE quote_ident(pg_get_userbyid(found.grantee)) END);
    END LOOP;
    EXECUTE format('GRANT CONNECT ON DATABASE %I TO {all_roles}', current_database());
END $roles$"""

_PARTS: Final = "SELECT inhrelid FROM pg_catalog.pg_inherits WHERE inhparent = {entries}::regclass"
"""Of the table of entries; they belong to the owner, and nobody else may do anything with them but through it."""

_PARTS_HANDED_OVER: Final = """\
DO $roles$
DECLARE
    part record;
BEGIN
    FOR part IN {parts} LOOP
        EXECUTE format('ALTER TABLE %s OWNER TO {owner}', part.inhrelid::regclass);
    END LOOP;
END $roles$"""

_FOR_AUDITORS: Final = """\
DO $roles$
DECLARE
    sight text;
BEGIN
    FOREACH sight IN ARRAY ARRAY['pg_read_all_settings', 'pg_read_all_stats'] LOOP
        IF pg_has_role(current_user, sight, 'MEMBER WITH ADMIN OPTION') THEN
            EXECUTE format('GRANT %I TO {auditor}', sight);
        ELSE
            RAISE WARNING 'only a superuser lets {auditor} see what % sees', sight;
        END IF;
    END LOOP;
END $roles$"""


class Applied(NamedTuple):
    """What was done. statements: as they were said. warnings: the server's."""

    statements: list[str]
    warnings: list[str]


def role_names(prefix: str) -> dict[str, str]:
    """The roles' names in PostgreSQL. Raises `MalformedError` for a prefix that no role's name begins with."""
    if _PREFIX.fullmatch(prefix) is None:
        raise MalformedError(
            "malformed",
            f"{prefix!r} begins no role's name: 1 to 50 lower-case letters, digits and underlines, no digit first",
        )
    return {name: f"{prefix}_{name}" for name in NAMES}


def statements(*, schema: str = "public", prefix: str = "rights") -> list[str]:
    """The SQL that makes the roles and gives each what it may do, for one transaction.

    schema: where the tables are; it must be the ledgers' own.

    Raises `MalformedError`.
    """
    if not 1 <= len(schema.encode()) <= _LONGEST_NAME_BYTES or "\0" in schema:
        raise MalformedError("malformed", f"{schema!r} is no schema's name: 1 to {_LONGEST_NAME_BYTES} bytes")
    roles = {name: f'"{role}"' for name, role in role_names(prefix).items()}
    owner, writer, reader, auditor = roles.values()
    home = quoted(schema)
    tables = [f"{home}.{name}" for name in TABLES]
    functions = [f"{home}.{name}" for name in FUNCTIONS]
    kept = ", ".join(f"{home}.{name}" for name in metadata.tables)
    taken_back = _TAKEN_BACK.format(
        tables=", ".join(f"{_literal(name)}::regclass" for name in tables),
        parts=_PARTS.format(entries=_literal(f"{home}.entries")),
        functions=", ".join(f"{_literal(name)}::regprocedure" for name in functions),
        schema_literal=_literal(home),
        all_roles=", ".join(roles.values()),
    )
    return [
        # Whoever runs it is a superuser, for whom nobody else's function may stand in.
        "SET LOCAL search_path = pg_catalog, pg_temp",
        _MADE.format(names=", ".join(map(_literal, role_names(prefix).values())), owner=owner),
        f"ALTER SCHEMA {home} OWNER TO {owner}",
        *(f"ALTER TABLE {name} OWNER TO {owner}" for name in tables),
        _PARTS_HANDED_OVER.format(parts=_PARTS.format(entries=_literal(f"{home}.entries")), owner=owner),
        *(f"ALTER FUNCTION {name} OWNER TO {owner}" for name in functions),
        taken_back,
        f"GRANT USAGE ON SCHEMA {home} TO {writer}, {reader}, {auditor}",
        f"GRANT SELECT ON {', '.join(tables)} TO {writer}, {reader}, {auditor}",
        f"GRANT INSERT ON {kept} TO {writer}",
        f"GRANT DELETE ON {home}.people TO {writer}",
        f"GRANT EXECUTE ON FUNCTION {', '.join(f'{home}.{name}' for name in FOR_WRITERS)} TO {writer}",
        f"GRANT SELECT ON ALL TABLES IN SCHEMA {home} TO {auditor}",
        f"ALTER DEFAULT PRIVILEGES FOR ROLE {owner} IN SCHEMA {home} GRANT SELECT ON TABLES TO {auditor}",
        f"ALTER DEFAULT PRIVILEGES FOR ROLE {owner} REVOKE ALL ON FUNCTIONS FROM PUBLIC",
        _FOR_AUDITORS.format(auditor=auditor),
    ]


def apply(url: str, *, schema: str = "public", prefix: str = "rights") -> Applied:
    """Make the roles in a database's server and give each what it may do, all or nothing.

    Raises `MalformedError` for SQLite and for names that are none, `DatabaseError` (`no-database` where the schema has
    no tables of a ledger, `wrong-revision`, `not-permitted`, and the codes of `open_engine`).
    """
    said = statements(schema=schema, prefix=prefix)
    require_roles(url)
    engine = open_engine(url)
    warnings: list[str] = []

    def hear(notice: Any) -> None:
        if notice.severity_nonlocalized == "WARNING":
            warnings.append(str(notice.message_primary))

    try:
        with failures_told(engine), engine.begin() as connection:
            driver_connection: Any = connection.connection.driver_connection
            driver_connection.add_notice_handler(hear)
            ask = f"SELECT version_num FROM {quoted(schema)}.alembic_version"  # noqa: S608 - quoted
            revision = connection.exec_driver_sql(ask, execution_options=_AS_IT_IS).scalar()
            if revision != HEAD:
                raise DatabaseError(
                    "wrong-revision",
                    f"{shown(engine.url)} has tables of revision {revision}, and the roles are for {HEAD}:"
                    " `rights db upgrade` brings them up",
                )
            for each in said:
                connection.exec_driver_sql(each, execution_options=_AS_IT_IS)
    finally:
        engine.dispose()
    return Applied(said, warnings)


def require_roles(url: str) -> None:
    """Refuse a database that knows no roles. Raises `MalformedError`."""
    if url.startswith("sqlite"):
        raise MalformedError(
            "malformed",
            "SQLite knows no roles: whoever may write the file may change it; a server keeps owner and writers apart"
            " (--db postgresql://…)",
        )


def quoted(name: str) -> str:
    """Return an identifier as SQL has it where it may be any text."""
    return '"' + name.replace('"', '""') + '"'


def _literal(text: str) -> str:
    return "'" + text.replace("'", "''") + "'"
