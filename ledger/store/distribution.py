"""Ledgers spread over the workers of Citus, which is PostgreSQL: each ledger whole on one of them.

Citus takes no triggers on the tables that it distributes, so other things guard these: the keys and checks, which it
keeps on each worker; the roles, by which a writer may insert and read, and nothing else; and the function that moves a
head, which does what the triggers did for it. Functions run on the worker that has the ledger, as the owner, who does
not log in anywhere. What can be seen of this is asserted whenever such a database is opened.
"""

from collections.abc import Iterator
from typing import Final

from sqlalchemy import Connection

from ledger.domain.errors import DamagedError, DatabaseError
from ledger.store.guards import APPEND_ONLY, GUARDS
from ledger.store.roles import FOR_WRITERS

TABLES: Final = ("ledgers", "entries", "restorations", "people", "people_changes")
"""Those that others refer to come first."""

WAIT_SECONDS: Final = 30
"""How long a writer waits for others on a worker, where nothing arrives of what his connection says about it."""

_OWN: Final = ", ".join(f"to_regclass('{table}')" for table in TABLES)
_ONLY_GROW: Final = ", ".join(f"to_regclass('{table}')" for table in TABLES if table in APPEND_ONLY)
_HAS_CITUS: Final = "SELECT to_regclass('pg_catalog.pg_dist_partition') IS NOT NULL"
_SPREAD: Final = (
    "SELECT count(*), count(DISTINCT colocationid) FROM pg_catalog.pg_dist_partition"  # noqa: S608 - our own names
    f" WHERE logicalrelid IN ({_OWN}) AND partmethod = 'h'"
    " AND pg_catalog.column_to_column_name(logicalrelid, partkey) = 'ledger_id'"
)
_MAY_CHANGE: Final = (
    "SELECT string_agg(each.relname, ', ' ORDER BY each.relname)"  # noqa: S608 - our own names
    f" FROM pg_catalog.pg_class AS each WHERE each.oid IN ({_ONLY_GROW}) AND NOT pg_has_role(each.relowner, 'USAGE')"
    " AND (has_any_column_privilege(each.oid, 'UPDATE') OR has_table_privilege(each.oid, 'DELETE, TRUNCATE'))"
)
"""Of whoever asks. Nothing holds the owner and a superuser, who may."""

_GUARDS: Final = ", ".join(f"'{name}'" for name in sorted(GUARDS["postgresql"]))
_TRIGGERS: Final = (
    "SELECT format('DROP TRIGGER %I ON %s', tgname, tgrelid::regclass) FROM pg_catalog.pg_trigger"  # noqa: S608
    f" WHERE NOT tgisinternal AND tgrelid IN ({_OWN})"
    f" AND tgname IN ({_GUARDS})"
)
_MOVE_HEAD: Final = """
    CREATE OR REPLACE FUNCTION {schema}.move_head(asked text, to_size bigint, to_peaks bytea) RETURNS void
    LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
    DECLARE
        head record;
        added record;
    BEGIN
        SELECT size, peaks INTO head FROM {schema}.ledgers WHERE ledger_id = asked FOR UPDATE;
        SELECT coalesce(max(version), head.size) AS last, count(*) AS many INTO added
        FROM {schema}.entries WHERE ledger_id = asked AND version > head.size;
        IF added.many <> added.last - head.size THEN
            RAISE EXCEPTION 'an entry takes the next version of its ledger'
            USING ERRCODE = 'integrity_constraint_violation';
        END IF;
        IF to_size <> added.last OR to_size = head.size AND to_peaks <> head.peaks THEN
            RAISE EXCEPTION 'a head moves forward, to the last version'
            USING ERRCODE = 'integrity_constraint_violation';
        END IF;
        UPDATE {schema}.ledgers SET size = to_size, peaks = to_peaks WHERE ledger_id = asked;
    END $$
"""
_SAID: Final = {"no_parameters": True}
"""A percent sign is one."""


def has_citus(connection: Connection) -> bool:
    """Whether the database has the extension."""
    return bool(connection.exec_driver_sql(_HAS_CITUS).scalar_one())


def is_distributed(connection: Connection) -> bool:
    """Whether Citus spreads all tables of a ledger by its id, and keeps what is of one together."""
    if not has_citus(connection):
        return False
    return tuple(connection.exec_driver_sql(_SPREAD).one()) == (len(TABLES), 1)


def distribute(connection: Connection, name: str) -> bool:
    """Spread the tables over the workers; False if they were. name: of the database, as a person knows it.

    The functions are looked after in any case, as is needed after an upgrade.

    Raises `DatabaseError` (`missing-extension`).
    """
    if not has_citus(connection):
        raise DatabaseError(
            "missing-extension",
            f"{name} has no Citus: a superuser says CREATE EXTENSION citus in it, and in the database of the same name"
            " on each worker, and then citus_add_node for each",
        )
    is_new = not is_distributed(connection)
    schema = connection.exec_driver_sql("SELECT quote_ident(current_schema())").scalar_one()
    if is_new:
        for said in (*connection.exec_driver_sql(_TRIGGERS, execution_options=_SAID).scalars(), *_spread(schema)):
            connection.exec_driver_sql(said, execution_options=_SAID)
    for said in _functions(schema):
        connection.exec_driver_sql(said, execution_options=_SAID)
    return is_new


def _spread(schema: str) -> Iterator[str]:
    yield "SET LOCAL citus.multi_shard_modify_mode = 'sequential'"  # keys refer from table to table
    yield f"SELECT create_distributed_table('{schema}.ledgers', 'ledger_id', colocate_with => 'none')"
    for table in TABLES[1:]:
        yield (f"SELECT create_distributed_table('{schema}.{table}', 'ledger_id', colocate_with => '{schema}.ledgers')")
    yield f"SELECT truncate_local_data_after_distributing_table('{schema}.ledgers')"


def _functions(schema: str) -> Iterator[str]:
    """Each runs on the worker that has the ledger, and there as the owner, who does not log in anywhere."""
    yield _MOVE_HEAD.format(schema=schema)
    for function in FOR_WRITERS:
        yield f"ALTER FUNCTION {schema}.{function} SET lock_timeout = '{WAIT_SECONDS}s'"
        yield (
            f"SELECT create_distributed_function('{schema}.{function}', '$1', colocate_with => '{schema}.ledgers',"
            " force_delegation => true)"
        )


def require_append_only(connection: Connection, name: str) -> None:
    """See that whoever asks can only add, unless the tables are his own. Raises `DamagedError`."""
    tables = connection.exec_driver_sql(_MAY_CHANGE).scalar_one()
    if tables is not None:
        raise DamagedError(
            "damaged",
            f"{name} no longer refuses changes of what was recorded: it is distributed, so that no trigger does, and"
            f" whoever is logged in may change or remove rows of {tables}; `rights db roles --apply` takes that back",
        )
