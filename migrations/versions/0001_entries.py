"""The ledgers and their entries, append-only.

The guards refuse what would change the past, whoever asks: an entry updated, deleted or replaced, a version that is
not its ledger's next one, a ledger with entries deleted, renamed or replaced. Only dropping a guard gets past it, and
a database without its guards is not opened.
"""

from alembic import op
from sqlalchemy import (
    BigInteger,
    CheckConstraint,
    Column,
    ForeignKeyConstraint,
    Integer,
    LargeBinary,
    PrimaryKeyConstraint,
    Text,
    UniqueConstraint,
)

revision = "0001"
down_revision = None
branch_labels = None
depends_on = None

COUNT = BigInteger().with_variant(Integer(), "sqlite")
KEY = Text().with_variant(Text(collation="C"), "postgresql")
AS_IT_IS = {"no_parameters": True}
"""A percent sign is one."""

SQLITE_GUARDS = (
    """
    CREATE TRIGGER entries_never_updated BEFORE UPDATE ON entries BEGIN
        SELECT RAISE(ABORT, 'an entry is never changed');
    END
    """,
    """
    CREATE TRIGGER entries_never_deleted BEFORE DELETE ON entries BEGIN
        SELECT RAISE(ABORT, 'an entry is never deleted');
    END
    """,
    # An insert that replaces by primary key ends here too: a version that is there already is not the next one.
    """
    CREATE TRIGGER entries_next_version BEFORE INSERT ON entries
    WHEN NEW.version IS NOT (SELECT coalesce(max(version), 0) + 1 FROM entries WHERE ledger_id = NEW.ledger_id) BEGIN
        SELECT RAISE(ABORT, 'an entry takes the next version of its ledger');
    END
    """,
    # INSERT OR REPLACE would delete the entry that has the id, and fire no trigger of deletion.
    """
    CREATE TRIGGER entries_new_id BEFORE INSERT ON entries
    WHEN EXISTS (SELECT 1 FROM entries WHERE ledger_id = NEW.ledger_id AND entry_id = NEW.entry_id) BEGIN
        SELECT RAISE(ABORT, 'an entry''s id is given once in a ledger');
    END
    """,
    """
    CREATE TRIGGER ledgers_kept_on_update BEFORE UPDATE OF ledger_id, created_at ON ledgers
    WHEN EXISTS (SELECT 1 FROM entries WHERE ledger_id = OLD.ledger_id) BEGIN
        SELECT RAISE(ABORT, 'a ledger with entries is never renamed');
    END
    """,
    """
    CREATE TRIGGER ledgers_kept_on_delete BEFORE DELETE ON ledgers
    WHEN EXISTS (SELECT 1 FROM entries WHERE ledger_id = OLD.ledger_id) BEGIN
        SELECT RAISE(ABORT, 'a ledger with entries is never deleted');
    END
    """,
    """
    CREATE TRIGGER ledgers_kept_on_insert BEFORE INSERT ON ledgers
    WHEN EXISTS (SELECT 1 FROM entries WHERE ledger_id = NEW.ledger_id) BEGIN
        SELECT RAISE(ABORT, 'a ledger with entries is never replaced');
    END
    """,
)

# {schema} is written out, and nothing is looked up on the caller's path: a temporary table named entries would come
# first there. ALWAYS: the guards fire in a session that plays a replica, too.
POSTGRESQL_GUARDS = (
    """
    CREATE FUNCTION {schema}.entries_never_changed() RETURNS trigger LANGUAGE plpgsql AS $$
    BEGIN
        RAISE EXCEPTION 'an entry is never changed or deleted' USING ERRCODE = 'integrity_constraint_violation';
    END $$
    """,
    """
    CREATE TRIGGER entries_never_changed BEFORE UPDATE OR DELETE ON {schema}.entries
    FOR EACH ROW EXECUTE FUNCTION {schema}.entries_never_changed()
    """,
    """
    CREATE TRIGGER entries_never_truncated BEFORE TRUNCATE ON {schema}.entries
    FOR EACH STATEMENT EXECUTE FUNCTION {schema}.entries_never_changed()
    """,
    # Once a statement, so that a bulk load stays one. The primary key has seen to it that no version comes twice.
    # A writer that did not wait for another's commit finds no entry before its own first one. A plan that is kept may
    # have been made while the table was empty, and read a whole ledger ever after (12 ms an append, measured).
    """
    CREATE FUNCTION {schema}.entries_next_version() RETURNS trigger LANGUAGE plpgsql
    SET search_path = pg_catalog, pg_temp SET plan_cache_mode = force_custom_plan AS $$
    DECLARE
        batch record;
    BEGIN
        FOR batch IN
            SELECT ledger_id, min(version) AS first, max(version) AS last, count(*) AS added
            FROM added_entries GROUP BY ledger_id
        LOOP
            IF batch.last - batch.first + 1 <> batch.added OR batch.first <> 1 AND NOT EXISTS (
                SELECT FROM {schema}.entries WHERE ledger_id = batch.ledger_id AND version = batch.first - 1
            ) THEN
                RAISE EXCEPTION 'an entry takes the next version of its ledger'
                USING ERRCODE = 'integrity_constraint_violation';
            END IF;
        END LOOP;
        RETURN NULL;
    END $$
    """,
    """
    CREATE TRIGGER entries_next_version AFTER INSERT ON {schema}.entries REFERENCING NEW TABLE AS added_entries
    FOR EACH STATEMENT EXECUTE FUNCTION {schema}.entries_next_version()
    """,
    """
    CREATE FUNCTION {schema}.ledgers_kept() RETURNS trigger LANGUAGE plpgsql
    SET search_path = pg_catalog, pg_temp SET plan_cache_mode = force_custom_plan AS $$
    BEGIN
        IF EXISTS (SELECT FROM {schema}.entries WHERE ledger_id = OLD.ledger_id) THEN
            RAISE EXCEPTION 'a ledger with entries is never deleted or renamed'
            USING ERRCODE = 'integrity_constraint_violation';
        END IF;
        RETURN CASE TG_OP WHEN 'DELETE' THEN OLD ELSE NEW END;
    END $$
    """,
    """
    CREATE TRIGGER ledgers_kept BEFORE DELETE OR UPDATE OF ledger_id, created_at ON {schema}.ledgers
    FOR EACH ROW EXECUTE FUNCTION {schema}.ledgers_kept()
    """,
    "ALTER TABLE {schema}.entries ENABLE ALWAYS TRIGGER entries_never_changed",
    "ALTER TABLE {schema}.entries ENABLE ALWAYS TRIGGER entries_never_truncated",
    "ALTER TABLE {schema}.entries ENABLE ALWAYS TRIGGER entries_next_version",
    "ALTER TABLE {schema}.ledgers ENABLE ALWAYS TRIGGER ledgers_kept",
)


def upgrade() -> None:
    make_tables()
    connection = op.get_bind()
    if connection.dialect.name == "sqlite":
        for guard in SQLITE_GUARDS:
            connection.exec_driver_sql(guard)
    else:
        schema = connection.exec_driver_sql("SELECT quote_ident(current_schema())").scalar_one()
        for guard in POSTGRESQL_GUARDS:
            connection.exec_driver_sql(guard.format(schema=schema), execution_options=AS_IT_IS)


def make_tables() -> None:
    op.create_table(
        "ledgers",
        Column("ledger_id", KEY, nullable=False, comment="the ledger's name"),
        Column("created_at", Text, nullable=False, comment="UTC instant of its making"),
        PrimaryKeyConstraint("ledger_id", name="ledgers_key"),
        CheckConstraint("length(ledger_id) BETWEEN 1 AND 200", name="ledgers_ledger_id_length"),
        sqlite_strict=True,
        sqlite_with_rowid=False,
    )
    op.create_table(
        "entries",
        Column("ledger_id", KEY, nullable=False),
        Column("version", COUNT, nullable=False, comment="1, 2, 3 … in its ledger, without gaps"),
        Column("batch", COUNT, nullable=False, comment="first version of the batch it was recorded in"),
        Column("entry_id", KEY, nullable=True, comment="the caller's id"),
        Column("type", Text, nullable=False),
        Column("type_version", COUNT, nullable=False, comment="schema version of the type"),
        Column("effective_on", Text, nullable=True, comment="YYYY-MM-DD; none for a retraction"),
        Column("recorded_at", Text, nullable=False, comment="UTC, YYYY-MM-DDTHH:MM:SS.ffffffZ"),
        Column("actor", Text, nullable=False),
        Column(
            "bytes",
            LargeBinary,
            nullable=False,
            comment="RFC 8785 canonical JSON; every other column copies from it",
        ),
        PrimaryKeyConstraint("ledger_id", "version", name="entries_key"),
        UniqueConstraint("ledger_id", "entry_id", name="entries_entry_id_once"),
        ForeignKeyConstraint(["ledger_id"], ["ledgers.ledger_id"], name="entries_ledger"),
        CheckConstraint("version >= 1", name="entries_version_from_one"),
        CheckConstraint("batch BETWEEN 1 AND version", name="entries_batch_not_after_version"),
        CheckConstraint("type_version >= 1", name="entries_type_version_from_one"),
        CheckConstraint("length(entry_id) <= 64", name="entries_entry_id_length"),
        CheckConstraint("length(effective_on) = 10", name="entries_effective_on_is_a_day"),
        CheckConstraint("length(recorded_at) = 27", name="entries_recorded_at_is_an_instant"),
        sqlite_strict=True,
        sqlite_with_rowid=False,
    )


def downgrade() -> None:
    raise NotImplementedError("a ledger only goes forward: restore a backup instead")
