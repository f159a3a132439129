"""The head of each ledger: the compact range of the Merkle tree over its entries (RFC 6962), moved with each append.

The guards see to it that a head only moves forward, to the last version. Restorations are kept beside, append-only as
the entries are. On PostgreSQL the database itself writes who inserted an entry, and two functions are all that a writer
needs besides SELECT and INSERT.
"""

from hashlib import sha256

from alembic import op
from sqlalchemy import (
    BigInteger,
    CheckConstraint,
    Column,
    Connection,
    ForeignKeyConstraint,
    Integer,
    LargeBinary,
    PrimaryKeyConstraint,
    Text,
    text,
)

revision = "0002"
down_revision = "0001"
branch_labels = None
depends_on = None

COUNT = BigInteger().with_variant(Integer(), "sqlite")
KEY = Text().with_variant(Text(collation="C"), "postgresql")
AS_IT_IS = {"no_parameters": True}
"""A percent sign is one."""

APPLICATION_ID = 0x52474854
"""RGHT, which SQLite keeps in a file's header."""

SQLITE_GUARDS = (
    """
    CREATE TRIGGER ledgers_begin_empty BEFORE INSERT ON ledgers WHEN NEW.size <> 0 OR length(NEW.peaks) <> 0 BEGIN
        SELECT RAISE(ABORT, 'a ledger begins empty');
    END
    """,
    """
    CREATE TRIGGER ledgers_head_follows BEFORE UPDATE OF size, peaks ON ledgers
    WHEN NEW.size < OLD.size OR NEW.size = OLD.size AND NEW.peaks IS NOT OLD.peaks
    OR NEW.size <> (SELECT coalesce(max(version), 0) FROM entries WHERE ledger_id = NEW.ledger_id) BEGIN
        SELECT RAISE(ABORT, 'a head moves forward, to the last version');
    END
    """,
    """
    CREATE TRIGGER restorations_never_updated BEFORE UPDATE ON restorations BEGIN
        SELECT RAISE(ABORT, 'a restoration is never changed');
    END
    """,
    """
    CREATE TRIGGER restorations_never_deleted BEFORE DELETE ON restorations BEGIN
        SELECT RAISE(ABORT, 'a restoration is never deleted');
    END
    """,
    """
    CREATE TRIGGER restorations_next_number BEFORE INSERT ON restorations
    WHEN NEW.number <> (SELECT coalesce(max(number), 0) + 1 FROM restorations WHERE ledger_id = NEW.ledger_id) BEGIN
        SELECT RAISE(ABORT, 'a restoration takes the next number of its ledger');
    END
    """,
)

# {schema} is written out everywhere, as in 0001. A function that runs with its owner's rights looks nothing up on the
# caller's path.
POSTGRESQL_GUARDS = (
    "ALTER TABLE {schema}.entries ALTER COLUMN database_user SET DEFAULT session_user",
    # As in 0001, and nobody inserts in another's name.
    """
    CREATE OR REPLACE FUNCTION {schema}.entries_next_version() RETURNS trigger LANGUAGE plpgsql
    SET search_path = pg_catalog, pg_temp SET plan_cache_mode = force_custom_plan AS $$
    DECLARE
        batch record;
    BEGIN
        FOR batch IN
            SELECT ledger_id, min(version) AS first, max(version) AS last, count(*) AS added,
                bool_and(database_user IS NOT DISTINCT FROM session_user) AS is_own
            FROM added_entries GROUP BY ledger_id
        LOOP
            IF NOT batch.is_own THEN
                RAISE EXCEPTION 'the database itself says who inserted an entry'
                USING ERRCODE = 'integrity_constraint_violation';
            END IF;
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
    CREATE FUNCTION {schema}.ledgers_head_follows() RETURNS trigger LANGUAGE plpgsql
    SET search_path = pg_catalog, pg_temp SET plan_cache_mode = force_custom_plan AS $$
    BEGIN
        IF TG_OP = 'INSERT' AND (NEW.size <> 0 OR length(NEW.peaks) <> 0) THEN
            RAISE EXCEPTION 'a ledger begins empty' USING ERRCODE = 'integrity_constraint_violation';
        END IF;
        IF TG_OP = 'UPDATE' AND (
            NEW.size < OLD.size OR NEW.size = OLD.size AND NEW.peaks <> OLD.peaks OR NEW.size <> (
                SELECT coalesce(max(version), 0) FROM {schema}.entries WHERE ledger_id = NEW.ledger_id
            )
        ) THEN
            RAISE EXCEPTION 'a head moves forward, to the last version'
            USING ERRCODE = 'integrity_constraint_violation';
        END IF;
        RETURN NEW;
    END $$
    """,
    """
    CREATE TRIGGER ledgers_head_follows BEFORE INSERT OR UPDATE OF size, peaks ON {schema}.ledgers
    FOR EACH ROW EXECUTE FUNCTION {schema}.ledgers_head_follows()
    """,
    """
    CREATE FUNCTION {schema}.restorations_never_changed() RETURNS trigger LANGUAGE plpgsql AS $$
    BEGIN
        RAISE EXCEPTION 'a restoration is never changed or deleted' USING ERRCODE = 'integrity_constraint_violation';
    END $$
    """,
    """
    CREATE TRIGGER restorations_never_changed BEFORE UPDATE OR DELETE ON {schema}.restorations
    FOR EACH ROW EXECUTE FUNCTION {schema}.restorations_never_changed()
    """,
    """
    CREATE TRIGGER restorations_never_truncated BEFORE TRUNCATE ON {schema}.restorations
    FOR EACH STATEMENT EXECUTE FUNCTION {schema}.restorations_never_changed()
    """,
    """
    CREATE FUNCTION {schema}.restorations_next_number() RETURNS trigger LANGUAGE plpgsql
    SET search_path = pg_catalog, pg_temp AS $$
    BEGIN
        IF NEW.number <> (
            SELECT coalesce(max(number), 0) + 1 FROM {schema}.restorations WHERE ledger_id = NEW.ledger_id
        ) THEN
            RAISE EXCEPTION 'a restoration takes the next number of its ledger'
            USING ERRCODE = 'integrity_constraint_violation';
        END IF;
        RETURN NEW;
    END $$
    """,
    """
    CREATE TRIGGER restorations_next_number BEFORE INSERT ON {schema}.restorations
    FOR EACH ROW EXECUTE FUNCTION {schema}.restorations_next_number()
    """,
    "ALTER TABLE {schema}.ledgers ENABLE ALWAYS TRIGGER ledgers_head_follows",
    "ALTER TABLE {schema}.restorations ENABLE ALWAYS TRIGGER restorations_never_changed",
    "ALTER TABLE {schema}.restorations ENABLE ALWAYS TRIGGER restorations_never_truncated",
    "ALTER TABLE {schema}.restorations ENABLE ALWAYS TRIGGER restorations_next_number",
    # The lock and the move of a head, for writers that may not update a table. The lock waits, and then sees the head
    # that the other writer left.
    """
    CREATE FUNCTION {schema}.lock_head(asked text) RETURNS TABLE (size bigint, peaks bytea)
    LANGUAGE sql SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
        SELECT head.size, head.peaks FROM {schema}.ledgers AS head WHERE head.ledger_id = asked FOR UPDATE
    $$
    """,
    """
    CREATE FUNCTION {schema}.move_head(asked text, to_size bigint, to_peaks bytea) RETURNS void
    LANGUAGE sql SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
        UPDATE {schema}.ledgers SET size = to_size, peaks = to_peaks WHERE ledger_id = asked
    $$
    """,
)


def upgrade() -> None:
    connection = op.get_bind()
    op.add_column(
        "ledgers", Column("size", COUNT, nullable=False, server_default=text("0"), comment="its last version")
    )
    empty = text("x''" if connection.dialect.name == "sqlite" else "''")
    op.add_column(
        "ledgers",
        Column(
            "peaks",
            LargeBinary,
            nullable=False,
            server_default=empty,
            comment="roots of the full subtrees over its entries, the largest first",
        ),
    )
    op.add_column("entries", Column("database_user", Text, nullable=True, comment="who inserted it, of PostgreSQL"))
    make_restorations()
    for ledger_id, size, peaks in heads(connection):
        connection.execute(
            text("UPDATE ledgers SET size = :size, peaks = :peaks WHERE ledger_id = :ledger_id"),
            {"ledger_id": ledger_id, "size": size, "peaks": peaks},
        )
    if connection.dialect.name == "sqlite":
        for guard in SQLITE_GUARDS:
            connection.exec_driver_sql(guard)
        connection.exec_driver_sql(f"PRAGMA application_id = {APPLICATION_ID}")
    else:
        schema = connection.exec_driver_sql("SELECT quote_ident(current_schema())").scalar_one()
        for guard in POSTGRESQL_GUARDS:
            connection.exec_driver_sql(guard.format(schema=schema), execution_options=AS_IT_IS)


def make_restorations() -> None:
    op.create_table(
        "restorations",
        Column("ledger_id", KEY, nullable=False),
        Column("number", COUNT, nullable=False, comment="1, 2, 3 … in its ledger"),
        Column("restored_at", Text, nullable=False, comment="UTC instant"),
        Column("actor", Text, nullable=False),
        Column("reason", Text, nullable=False),
        Column("size", COUNT, nullable=False, comment="last version that was restored"),
        Column("root", LargeBinary, nullable=False, comment="root of what was restored"),
        Column("replaced_size", COUNT, nullable=True, comment="last version of what was there before, if known"),
        Column("replaced_root", LargeBinary, nullable=True, comment="its root"),
        PrimaryKeyConstraint("ledger_id", "number", name="restorations_key"),
        ForeignKeyConstraint(["ledger_id"], ["ledgers.ledger_id"], name="restorations_ledger"),
        CheckConstraint("length(root) = 32", name="restorations_root_is_a_hash"),
        sqlite_strict=True,
        sqlite_with_rowid=False,
    )


def heads(connection: Connection) -> list[tuple[str, int, bytes]]:
    """The size and the peaks of every ledger's tree, from the bytes of its entries."""
    found = []
    for ledger_id in connection.exec_driver_sql("SELECT ledger_id FROM ledgers").scalars().all():
        stored = connection.execute(
            text("SELECT bytes FROM entries WHERE ledger_id = :ledger_id ORDER BY version"),
            {"ledger_id": ledger_id},
            execution_options={"yield_per": 5_000},
        )
        size, peaks = 0, list[bytes]()
        for entry in stored.scalars():
            peaks.append(sha256(b"\x00" + entry).digest())
            merging = size
            while merging & 1:
                right, left = peaks.pop(), peaks.pop()
                peaks.append(sha256(b"\x01" + left + right).digest())
                merging >>= 1
            size += 1
        found.append((ledger_id, size, b"".join(peaks)))
    return found


def downgrade() -> None:
    raise NotImplementedError("a ledger only goes forward: restore a backup instead")
