"""What must stand around the entries when a database is opened: the tables' revision, their guards, and their wording.

Opening a database asks once, in one statement, whoever asks it; what the answer must be is here. `docs/trust.md` says
against whom.
"""

from collections.abc import Sequence
from hashlib import sha256
from typing import Final, NamedTuple

from ledger.domain.errors import DamagedError, DatabaseError
from ledger.store.failures import no_database

APPEND_ONLY: Final = frozenset({"entries", "ledgers", "restorations", "people_changes"})
"""Tables that only grow; of a ledger's own row the head moves."""

TABLES: Final = APPEND_ONLY | {"people"}
"""Of a ledger, as `schema` declares them."""

_SECOND_GUARD: Final = "ledgers_head_follows"
"""Came with revision 0002."""

HEAD: Final = "0004"
"""The revision that this program reads and writes; revisions are numbered plainly, so that they can be compared."""

GUARDS: Final = {
    "sqlite": frozenset(
        {
            "entries_never_updated",
            "entries_never_deleted",
            "entries_next_version",
            "entries_new_id",
            "ledgers_kept_on_update",
            "ledgers_kept_on_delete",
            "ledgers_kept_on_insert",
            "ledgers_begin_empty",
            "ledgers_head_follows",
            "restorations_never_updated",
            "restorations_never_deleted",
            "restorations_next_number",
            "people_changes_never_updated",
            "people_changes_never_deleted",
            "people_changes_next_number",
        }
    ),
    "postgresql": frozenset(
        {
            "entries_never_changed",
            "entries_never_truncated",
            "entries_next_version",
            "ledgers_kept",
            "ledgers_head_follows",
            "restorations_never_changed",
            "restorations_never_truncated",
            "restorations_next_number",
            "people_changes_never_changed",
            "people_changes_never_truncated",
            "people_changes_next_number",
        }
    ),
}
"""The triggers that must be there and enabled, by dialect."""

TOLD: Final = {
    "sqlite": "2d24c0c0235354d27c730853e3bde5fdeea86aee681c02f9aa99935d034bd611",
    "postgresql": "a658b6ca18c6a89c1e4222814dd7aed353dea4a8976e79a1d75a454753ac8126",
}
"""SHA-256 of what a database was told, as the migrations say it: SQLite of these tables, their indexes and triggers,
PostgreSQL of its triggers and their functions."""

_OWN: Final = ", ".join(f"'{name}'" for name in sorted(TABLES))

ASKED_OF_SQLITE: Final = (
    "SELECT (SELECT version_num FROM alembic_version),"  # noqa: S608 - our own names
    " (SELECT group_concat(name) FROM sqlite_schema"
    f" WHERE type = 'trigger' AND tbl_name IN ({_OWN})),"
    " (SELECT group_concat(type || ' ' || name || ' ' || tbl_name || ' ' || coalesce(sql, '-'), ';') FROM"
    f" (SELECT * FROM sqlite_schema WHERE tbl_name IN ({_OWN}) ORDER BY type, name))"
)
"""Gives a row of what `Found` reads."""


class Found(NamedTuple):
    """What a database says of itself.

    revision: of its tables, None where there are none. guards: the names of its triggers. told: what it was told
    around its entries, whole.
    """

    revision: str | None
    guards: frozenset[str]
    told: str


def read_found(row: Sequence[str | None], name: str, dialect: str) -> Found:
    """Read what a database says of itself. name: as a person knows it.

    Raises `DamagedError` where its revision is not that of its guards.
    """
    revision, guards, told = row
    found = frozenset((guards or "").split(","))
    if (revision is None and found & GUARDS[dialect]) or (revision == "0001" and _SECOND_GUARD in found):
        raise changed_revision(name, revision)
    return Found(revision, found, told or "")


def changed_revision(name: str, revision: str | None) -> DamagedError:
    """The tables are not those of the revision that their database says."""
    return DamagedError(
        "damaged",
        f"{name} has a ledger's tables, and somebody changed the row that says their revision: it says"
        f" {'nothing' if revision is None else revision}",
    )


def require_current(found: Found, name: str, dialect: str) -> None:
    """See that a database has this program's tables, and that its guards against changes are all there.

    Raises `DatabaseError` (`no-database`, `wrong-revision`), `DamagedError`.
    """
    _, guards, told = found
    require_revision(found, name)
    gone = GUARDS[dialect] - guards
    if gone:
        raise DamagedError(
            "damaged",
            f"{name} no longer refuses changes of what was recorded:"
            f" its triggers {', '.join(sorted(gone))} are gone or switched off",
        )
    # An index may hold other bytes than its table, and a trigger of the right name may throw away what comes in.
    if sha256(told.encode()).hexdigest() != TOLD[dialect]:
        what = "tables, indexes or triggers" if dialect == "sqlite" else "triggers or functions"
        raise DamagedError(
            "damaged",
            f"{name} has {what} that are not those that this program makes: somebody changed what stands"
            " around the entries",
        )


def require_revision(found: Found, name: str) -> None:
    """See that a database has this program's tables. Raises `DatabaseError` (`no-database`, `wrong-revision`)."""
    if found.revision is None:
        raise no_database(name, "there are no tables of a ledger in")
    if found.revision != HEAD:
        raise wrong_revision(name, found.revision)


def wrong_revision(name: str, found: str) -> DatabaseError:
    """The tables are those of another program than this, an older or a newer one."""
    if not found.isdecimal():
        way_out = "these are not a ledger's"
    elif is_older(found):
        way_out = "`rights db upgrade` brings them up"
    else:
        way_out = "a newer rights-ledger is needed to use them"
    return DatabaseError(
        "wrong-revision",
        f"{name} has tables of revision {found}, and this program wants {HEAD}: {way_out}",
    )


def is_older(revision: str) -> bool:
    """Whether this program can bring tables of a revision up to its own."""
    return revision.isdecimal() and 0 < int(revision) < int(HEAD)
