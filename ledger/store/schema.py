"""The tables: which ledgers there are, and what was recorded in them, append-only.

`ledger_id` comes first in every key, so that the entries can be partitioned, or distributed over machines, by ledger.
What each table refuses by itself is in its guards: triggers that the migrations make and that are asserted whenever a
database is opened. The migrations build these tables without importing this file; a test compares the two.
"""

from typing import Final

from sqlalchemy import (
    BigInteger,
    CheckConstraint,
    Column,
    ForeignKeyConstraint,
    Integer,
    LargeBinary,
    MetaData,
    PrimaryKeyConstraint,
    Table,
    Text,
    UniqueConstraint,
)

metadata: Final = MetaData()

# A STRICT table of SQLite knows INTEGER and TEXT only. PostgreSQL's keys are compared byte by byte: an index in a
# language's order breaks without a word when the operating system's collation changes.
_COUNT = BigInteger().with_variant(Integer(), "sqlite")
_KEY = Text().with_variant(Text(collation="C"), "postgresql")

ledgers: Final = Table(
    "ledgers",
    metadata,
    Column("ledger_id", _KEY, nullable=False, comment="the ledger's name"),
    Column("created_at", Text, nullable=False, comment="UTC instant of its making"),
    Column("size", _COUNT, nullable=False, comment="its last version"),
    Column(
        "peaks",
        LargeBinary,
        nullable=False,
        comment="roots of the full subtrees over its entries, the largest first",
    ),
    PrimaryKeyConstraint("ledger_id", name="ledgers_key"),
    CheckConstraint("length(ledger_id) BETWEEN 1 AND 200", name="ledgers_ledger_id_length"),
    sqlite_strict=True,
    sqlite_with_rowid=False,
)
"""The ledgers of this database, each with its head: the compact range of the tree over its entries, moved in the
transaction of each append. PostgreSQL's writers lock this row."""

entries: Final = Table(
    "entries",
    metadata,
    Column("ledger_id", _KEY, nullable=False),
    Column("version", _COUNT, nullable=False, comment="1, 2, 3 … in its ledger, without gaps"),
    Column("batch", _COUNT, nullable=False, comment="first version of the batch it was recorded in"),
    Column("entry_id", _KEY, nullable=True, comment="the caller's id"),
    Column("type", Text, nullable=False),
    Column("type_version", _COUNT, nullable=False, comment="schema version of the type"),
    Column("effective_on", Text, nullable=True, comment="YYYY-MM-DD; none for a retraction"),
    Column("recorded_at", Text, nullable=False, comment="UTC, YYYY-MM-DDTHH:MM:SS.ffffffZ"),
    Column("actor", Text, nullable=False),
    Column("bytes", LargeBinary, nullable=False, comment="RFC 8785 canonical JSON; every other column copies from it"),
    Column("database_user", Text, nullable=True, comment="who inserted it, of PostgreSQL"),
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
"""What was recorded, one entry a row. WITHOUT ROWID keeps a ledger's entries together and leaves none to replace by."""

restorations: Final = Table(
    "restorations",
    metadata,
    Column("ledger_id", _KEY, nullable=False),
    Column("number", _COUNT, nullable=False, comment="1, 2, 3 … in its ledger"),
    Column("restored_at", Text, nullable=False, comment="UTC instant"),
    Column("actor", Text, nullable=False),
    Column("reason", Text, nullable=False),
    Column("size", _COUNT, nullable=False, comment="last version that was restored"),
    Column("root", LargeBinary, nullable=False, comment="root of what was restored"),
    Column("replaced_size", _COUNT, nullable=True, comment="last version of what was there before, if known"),
    Column("replaced_root", LargeBinary, nullable=True, comment="its root"),
    PrimaryKeyConstraint("ledger_id", "number", name="restorations_key"),
    ForeignKeyConstraint(["ledger_id"], ["ledgers.ledger_id"], name="restorations_ledger"),
    CheckConstraint("length(root) = 32", name="restorations_root_is_a_hash"),
    sqlite_strict=True,
    sqlite_with_rowid=False,
)
"""When a ledger was restored from a backup: what was restored, and what it replaced. Append-only too."""

people: Final = Table(
    "people",
    metadata,
    Column("ledger_id", _KEY, nullable=False),
    Column("holder", _KEY, nullable=False, comment="the id in the entries"),
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
"""Names, addresses and dates of birth of holders: the one table of which rows are changed and removed."""

people_changes: Final = Table(
    "people_changes",
    metadata,
    Column("ledger_id", _KEY, nullable=False),
    Column("number", _COUNT, nullable=False, comment="1, 2, 3 … in its ledger"),
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
"""Who changed which fields of a person, and when; never what stood or stands in them. Append-only as the entries."""
