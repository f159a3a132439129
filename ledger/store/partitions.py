"""Entries in parts, on PostgreSQL: so many tables, each for the ledgers whose ids have one remainder of a hash.

A question of one ledger touches one part, whose index is smaller, and the server looks after (vacuums, dumps) one part
after the other. Every key begins with `ledger_id`, so each part can keep it by itself. Only a new database is
partitioned: entries that are there never move.

A statement that names a part would fire none of the guards that stand at the whole table, so each part has its own;
whoever opens the database asserts them with the others.
"""

from typing import Final

from sqlalchemy import Connection

MOST: Final = 1_024
"""Partitions. With more, planning a statement takes longer than running it."""

_WHOLE: Final = (
    "CREATE TABLE {schema}.parted (LIKE {schema}.entries INCLUDING DEFAULTS INCLUDING CONSTRAINTS INCLUDING COMMENTS)"
    " PARTITION BY HASH (ledger_id)",
    "DROP TABLE {schema}.entries",
    "ALTER TABLE {schema}.parted RENAME TO entries",
    "ALTER TABLE {schema}.entries ADD CONSTRAINT entries_key PRIMARY KEY (ledger_id, version)",
    "ALTER TABLE {schema}.entries ADD CONSTRAINT entries_entry_id_once UNIQUE (ledger_id, entry_id)",
    "ALTER TABLE {schema}.entries ADD CONSTRAINT entries_ledger FOREIGN KEY (ledger_id) REFERENCES {schema}.ledgers",
)
_PART: Final = (
    "CREATE TABLE {schema}.entries_{number:04} PARTITION OF {schema}.entries"
    " FOR VALUES WITH (MODULUS {count}, REMAINDER {number})"
)
_GUARDS_OF_ALL: Final = """
    CREATE TRIGGER entries_never_truncated BEFORE TRUNCATE ON {schema}.{table}
    FOR EACH STATEMENT EXECUTE FUNCTION {schema}.entries_never_changed();
    CREATE TRIGGER entries_next_version AFTER INSERT ON {schema}.{table} REFERENCING NEW TABLE AS added_entries
    FOR EACH STATEMENT EXECUTE FUNCTION {schema}.entries_next_version();
    """
_GUARD_OF_ROWS: Final = """
    CREATE TRIGGER entries_never_changed BEFORE UPDATE OR DELETE ON {schema}.entries
    FOR EACH ROW EXECUTE FUNCTION {schema}.entries_never_changed()
    """
_ALWAYS: Final = "ALTER TABLE {schema}.{table} ENABLE ALWAYS TRIGGER {guard}"
_OWNER: Final = (
    "SELECT quote_ident(pg_get_userbyid(relowner)) FROM pg_catalog.pg_class WHERE oid = to_regclass('entries')"
)
_GRANTS: Final = (
    "SELECT privilege_type, CASE grantee WHEN 0 THEN 'PUBLIC' ELSE quote_ident(pg_get_userbyid(grantee)) END"
    " FROM pg_catalog.pg_class, aclexplode(relacl) WHERE oid = to_regclass('entries') AND grantee <> relowner"
)
_GUARDS: Final = ("entries_never_changed", "entries_never_truncated", "entries_next_version")

UNGUARDED: Final = (
    # tgtype: before an update or deletion of each row, before TRUNCATE, after an insert.
    "(SELECT string_agg(part.relname, ',') FROM pg_catalog.pg_inherits"
    " JOIN pg_catalog.pg_class AS part ON part.oid = inhrelid"
    " WHERE inhparent = to_regclass('entries') AND 3 <> (SELECT count(*) FROM pg_catalog.pg_trigger AS guard"
    " JOIN pg_catalog.pg_proc AS act ON act.oid = guard.tgfoid AND act.pronamespace = part.relnamespace"
    " WHERE guard.tgrelid = part.oid AND guard.tgenabled IN ('A', 'O') AND guard.tgqual IS NULL"
    " AND (guard.tgname, act.proname, guard.tgtype) IN (('entries_never_changed', 'entries_never_changed', 27),"
    " ('entries_never_truncated', 'entries_never_changed', 34), ('entries_next_version', 'entries_next_version', 4))))"
)
"""A term of SQL: the parts that lack a guard, comma between; NULL where none does."""


def partition(connection: Connection, count: int) -> None:
    """Make the table of entries anew in so many parts, 1 to `MOST`; it is empty, and locked.

    They have its owner, and whoever may do something with it may still.
    """
    owner = connection.exec_driver_sql(_OWNER).scalar_one()
    grants = [tuple(each) for each in connection.exec_driver_sql(_GRANTS)]
    schema = connection.exec_driver_sql("SELECT quote_ident(current_schema())").scalar_one()
    parts = [f"entries_{number:04}" for number in range(count)]
    said = [each.format(schema=schema) for each in _WHOLE]
    said += [_PART.format(schema=schema, number=number, count=count) for number in range(count)]
    said += [_GUARDS_OF_ALL.format(schema=schema, table=table) for table in ("entries", *parts)]
    said += [_GUARD_OF_ROWS.format(schema=schema)]  # each part gets it from the whole
    said += [
        _ALWAYS.format(schema=schema, table=table, guard=guard) for table in ("entries", *parts) for guard in _GUARDS
    ]
    said += [f"GRANT {privilege} ON {schema}.entries TO {who}" for privilege, who in grants]
    said += [f"ALTER TABLE {schema}.{table} OWNER TO {owner}" for table in ("entries", *parts)]
    for each in said:
        connection.exec_driver_sql(each, execution_options={"no_parameters": True})


def parts_of(connection: Connection) -> int:
    """How many parts the table of entries has: 0 where it is whole."""
    asked = "SELECT count(*) FROM pg_catalog.pg_inherits WHERE inhparent = to_regclass('entries')"
    found: int = connection.exec_driver_sql(asked).scalar_one()
    return found
