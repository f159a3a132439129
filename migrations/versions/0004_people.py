"""The people behind the ids of holders: their particulars, which may be changed and forgotten, beside the entries.

What became of them is noted beside, append-only as the entries are, without the particulars themselves. Whoever may add
entries may keep the directory; whoever may read the one may read the other: roles that are there already go on.
"""

from alembic import op
from sqlalchemy import (
    BigInteger,
    CheckConstraint,
    Column,
    ForeignKeyConstraint,
    Integer,
    PrimaryKeyConstraint,
    Text,
)

revision = "0004"
down_revision = "0003"
branch_labels = None
depends_on = None

COUNT = BigInteger().with_variant(Integer(), "sqlite")
KEY = Text().with_variant(Text(collation="C"), "postgresql")
AS_IT_IS = {"no_parameters": True}
"""A percent sign is one."""

SQLITE_GUARDS = (
    """
    CREATE TRIGGER people_changes_never_updated BEFORE UPDATE ON people_changes BEGIN
        SELECT RAISE(ABORT, 'what became of a person is never changed');
    END
    """,
    """
    CREATE TRIGGER people_changes_never_deleted BEFORE DELETE ON people_changes BEGIN
        SELECT RAISE(ABORT, 'what became of a person is never deleted');
    END
    """,
    """
    CREATE TRIGGER people_changes_next_number BEFORE INSERT ON people_changes
    WHEN NEW.number <> (SELECT coalesce(max(number), 0) + 1 FROM people_changes WHERE ledger_id = NEW.ledger_id) BEGIN
        SELECT RAISE(ABORT, 'what became of a person takes the next number of its ledger');
    END
    """,
)

# {schema} is written out, as in 0001.
POSTGRESQL_GUARDS = (
    """
    CREATE FUNCTION {schema}.people_changes_never_changed() RETURNS trigger LANGUAGE plpgsql AS $$
    BEGIN
        RAISE EXCEPTION 'what became of a person is never changed or deleted'
        USING ERRCODE = 'integrity_constraint_violation';
    END $$
    """,
    """
    CREATE TRIGGER people_changes_never_changed BEFORE UPDATE OR DELETE ON {schema}.people_changes
    FOR EACH ROW EXECUTE FUNCTION {schema}.people_changes_never_changed()
    """,
    """
    CREATE TRIGGER people_changes_never_truncated BEFORE TRUNCATE ON {schema}.people_changes
    FOR EACH STATEMENT EXECUTE FUNCTION {schema}.people_changes_never_changed()
    """,
    """
    CREATE FUNCTION {schema}.people_changes_next_number() RETURNS trigger LANGUAGE plpgsql
    SET search_path = pg_catalog, pg_temp SET enable_seqscan = off AS $$
    BEGIN
        IF NEW.number <> coalesce((
            SELECT number FROM {schema}.people_changes WHERE ledger_id = NEW.ledger_id ORDER BY number DESC LIMIT 1
        ), 0) + 1 THEN
            RAISE EXCEPTION 'what became of a person takes the next number of its ledger'
            USING ERRCODE = 'integrity_constraint_violation';
        END IF;
        RETURN NEW;
    END $$
    """,
    """
    CREATE TRIGGER people_changes_next_number BEFORE INSERT ON {schema}.people_changes
    FOR EACH ROW EXECUTE FUNCTION {schema}.people_changes_next_number()
    """,
    "ALTER TABLE {schema}.people_changes ENABLE ALWAYS TRIGGER people_changes_never_changed",
    "ALTER TABLE {schema}.people_changes ENABLE ALWAYS TRIGGER people_changes_never_truncated",
    "ALTER TABLE {schema}.people_changes ENABLE ALWAYS TRIGGER people_changes_next_number",
)

# As with the restorations: who owns those owns these, who may add or read those may do so here.
POSTGRESQL_GRANTS = """
    DO $grants$
    DECLARE
        there pg_catalog.pg_class;
        made record;
        granted record;
    BEGIN
        SELECT * INTO there FROM pg_catalog.pg_class WHERE oid = to_regclass('restorations');
        FOR made IN SELECT oid::regprocedure AS function FROM pg_catalog.pg_proc
            WHERE pronamespace = there.relnamespace
            AND proname IN ('people_changes_never_changed', 'people_changes_next_number')
        LOOP
            EXECUTE format('REVOKE ALL ON FUNCTION %s FROM PUBLIC', made.function);
            EXECUTE format('ALTER FUNCTION %s OWNER TO %I', made.function, pg_get_userbyid(there.relowner));
        END LOOP;
        FOR made IN SELECT oid::regclass AS relation, relname FROM pg_catalog.pg_class
            WHERE relnamespace = there.relnamespace AND relname IN ('people', 'people_changes')
        LOOP
            FOR granted IN
                SELECT privilege_type AS privilege,
                    CASE grantee WHEN 0 THEN 'PUBLIC' ELSE quote_ident(pg_get_userbyid(grantee)) END AS who
                FROM aclexplode(there.relacl) WHERE grantee <> there.relowner
                AND privilege_type IN ('SELECT', 'INSERT')
            LOOP
                EXECUTE format('GRANT %s ON %s TO %s', granted.privilege, made.relation, granted.who);
                IF granted.privilege = 'INSERT' AND made.relname = 'people' THEN
                    EXECUTE format('GRANT DELETE ON %s TO %s', made.relation, granted.who);
                END IF;
            END LOOP;
            EXECUTE format('ALTER TABLE %s OWNER TO %I', made.relation, pg_get_userbyid(there.relowner));
        END LOOP;
    END $grants$
"""

# Citus takes no triggers, and keeps with each ledger what is of it.
IS_DISTRIBUTED = (
    "SELECT EXISTS (SELECT FROM pg_catalog.pg_dist_partition WHERE logicalrelid = to_regclass('restorations'))"
)
DISTRIBUTED = (
    "SET LOCAL citus.multi_shard_modify_mode = 'sequential'",
    "SELECT create_distributed_table('people', 'ledger_id', colocate_with => 'ledgers')",
    "SELECT create_distributed_table('people_changes', 'ledger_id', colocate_with => 'ledgers')",
)


def upgrade() -> None:
    connection = op.get_bind()
    make_tables()
    if connection.dialect.name == "sqlite":
        for guard in SQLITE_GUARDS:
            connection.exec_driver_sql(guard)
        return
    schema = connection.exec_driver_sql("SELECT quote_ident(current_schema())").scalar_one()
    said: list[str] = [*POSTGRESQL_GUARDS, POSTGRESQL_GRANTS]
    has_citus = "SELECT to_regclass('pg_catalog.pg_dist_partition') IS NOT NULL"
    if connection.exec_driver_sql(has_citus).scalar_one():
        is_distributed = connection.exec_driver_sql(IS_DISTRIBUTED).scalar_one()
        if is_distributed:
            functions = [each for each in POSTGRESQL_GUARDS if "CREATE FUNCTION" in each]
            said = [*functions, POSTGRESQL_GRANTS, *DISTRIBUTED]
    for each in said:
        connection.exec_driver_sql(each.format(schema=schema), execution_options=AS_IT_IS)


def make_tables() -> None:
    op.create_table(
        "people",
        Column("ledger_id", KEY, nullable=False),
        Column("holder", KEY, nullable=False, comment="the id in the entries"),
        Column("kanji", Text, nullable=True),
        Column("kana", Text, nullable=True),
        Column("roman", Text, nullable=True),
        Column("address", Text, nullable=True),
        Column("born", Text, nullable=True, comment="YYYY-MM-DD"),
        PrimaryKeyConstraint("ledger_id", "holder", name="people_key"),
        ForeignKeyConstraint(["ledger_id"], ["ledgers.ledger_id"], name="people_ledger"),
        CheckConstraint("length(holder) BETWEEN 1 AND 200", name="people_holder_length"),
        CheckConstraint("length(born) = 10", name="people_born_is_a_day"),
        sqlite_strict=True,
        sqlite_with_rowid=False,
    )
    op.create_table(
        "people_changes",
        Column("ledger_id", KEY, nullable=False),
        Column("number", COUNT, nullable=False, comment="1, 2, 3 … in its ledger"),
        Column("holder", Text, nullable=False),
        Column("changed_at", Text, nullable=False, comment="UTC instant"),
        Column("actor", Text, nullable=False),
        Column("kind", Text, nullable=False, comment="set or forgotten"),
        Column("fields", Text, nullable=False, comment="names of the fields that changed, comma between"),
        Column("reason", Text, nullable=True),
        PrimaryKeyConstraint("ledger_id", "number", name="people_changes_key"),
        ForeignKeyConstraint(["ledger_id"], ["ledgers.ledger_id"], name="people_changes_ledger"),
        CheckConstraint("kind IN ('set', 'forgotten')", name="people_changes_kind"),
        sqlite_strict=True,
        sqlite_with_rowid=False,
    )


def downgrade() -> None:
    raise NotImplementedError("a ledger only goes forward: restore a backup instead")
