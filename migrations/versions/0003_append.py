"""One call for an append on PostgreSQL: the ledger's row locked, an entry inserted and the head moved, or nothing.

A writer could do each of these before, and the guards see them as before. They refuse what they refused, by plans that
are kept. SQLite makes no round trips, and gets nothing.
"""

from alembic import op

revision = "0003"
down_revision = "0002"
branch_labels = None
depends_on = None

AS_IT_IS = {"no_parameters": True}
"""A percent sign is one."""

# {schema} is written out, as in 0001. A plan that is kept may have been made while a table was empty; but each search
# here is by a key, or for the end of one, and goes by no other way. To plan anew each time was half of an append.
POSTGRESQL = (
    """
    CREATE OR REPLACE FUNCTION {schema}.entries_next_version() RETURNS trigger LANGUAGE plpgsql
    SET search_path = pg_catalog, pg_temp SET enable_seqscan = off AS $$
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
            IF batch.last - batch.first + 1 <> batch.added OR batch.first <> 1 AND batch.first - 1 IS DISTINCT FROM (
                SELECT version FROM {schema}.entries WHERE ledger_id = batch.ledger_id AND version < batch.first
                ORDER BY version DESC LIMIT 1
            ) THEN
                RAISE EXCEPTION 'an entry takes the next version of its ledger'
                USING ERRCODE = 'integrity_constraint_violation';
            END IF;
        END LOOP;
        RETURN NULL;
    END $$
    """,
    """
    CREATE OR REPLACE FUNCTION {schema}.ledgers_head_follows() RETURNS trigger LANGUAGE plpgsql
    SET search_path = pg_catalog, pg_temp SET enable_seqscan = off AS $$
    BEGIN
        IF TG_OP = 'INSERT' AND (NEW.size <> 0 OR length(NEW.peaks) <> 0) THEN
            RAISE EXCEPTION 'a ledger begins empty' USING ERRCODE = 'integrity_constraint_violation';
        END IF;
        IF TG_OP = 'UPDATE' AND (
            NEW.size < OLD.size OR NEW.size = OLD.size AND NEW.peaks <> OLD.peaks OR NEW.size <> coalesce((
                SELECT version FROM {schema}.entries WHERE ledger_id = NEW.ledger_id ORDER BY version DESC LIMIT 1
            ), 0)
        ) THEN
            RAISE EXCEPTION 'a head moves forward, to the last version'
            USING ERRCODE = 'integrity_constraint_violation';
        END IF;
        RETURN NEW;
    END $$
    """,
    # The lock waits, and then finds no row where another writer has moved the head.
    """
    CREATE OR REPLACE FUNCTION {schema}.append_entry(
        asked text, at_size bigint, at_peaks bytea, to_peaks bytea, its_batch bigint, its_id text, its_type text,
        its_type_version bigint, its_effective_on text, its_recorded_at text, its_actor text, its_bytes bytea
    ) RETURNS boolean LANGUAGE plpgsql SECURITY DEFINER
    SET search_path = pg_catalog, pg_temp SET enable_seqscan = off AS $$
    BEGIN
        PERFORM FROM {schema}.ledgers AS head
        WHERE head.ledger_id = asked AND head.size = at_size AND head.peaks = at_peaks FOR UPDATE;
        IF NOT FOUND THEN
            RETURN false;
        END IF;
        INSERT INTO {schema}.entries (
            ledger_id, version, batch, entry_id, type, type_version, effective_on, recorded_at, actor, bytes
        ) VALUES (
            asked, at_size + 1, its_batch, its_id, its_type, its_type_version, its_effective_on, its_recorded_at,
            its_actor, its_bytes
        );
        UPDATE {schema}.ledgers AS head SET size = at_size + 1, peaks = to_peaks WHERE head.ledger_id = asked;
        RETURN true;
    END $$
    """,
    # Whoever may move a head may append, and nobody else: roles that are there already go on.
    """
    DO $grants$
    DECLARE
        found record;
    BEGIN
        FOR found IN
            SELECT own.oid::regprocedure AS append, pg_get_userbyid(other.proowner) AS owner, ARRAY(
                SELECT CASE grantee WHEN 0 THEN 'PUBLIC' ELSE quote_ident(pg_get_userbyid(grantee)) END
                FROM aclexplode(coalesce(other.proacl, acldefault('f', other.proowner)))
            ) AS granted
            FROM pg_catalog.pg_proc AS own JOIN pg_catalog.pg_proc AS other USING (pronamespace)
            WHERE own.proname = 'append_entry' AND other.proname = 'move_head'
            AND pronamespace = quote_ident(current_schema())::regnamespace
        LOOP
            EXECUTE format('REVOKE ALL ON FUNCTION %s FROM PUBLIC', found.append);
            EXECUTE format('GRANT EXECUTE ON FUNCTION %s TO %s', found.append, array_to_string(found.granted, ', '));
            EXECUTE format('ALTER FUNCTION %s OWNER TO %I', found.append, found.owner);
        END LOOP;
    END $grants$
    """,
)


def upgrade() -> None:
    connection = op.get_bind()
    if connection.dialect.name == "postgresql":
        schema = connection.exec_driver_sql("SELECT quote_ident(current_schema())").scalar_one()
        for each in POSTGRESQL:
            connection.exec_driver_sql(each.format(schema=schema), execution_options=AS_IT_IS)


def downgrade() -> None:
    raise NotImplementedError("a ledger only goes forward: restore a backup instead")
