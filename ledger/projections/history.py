"""Every entry as it was recorded, and what retracted it."""

from collections.abc import Mapping, Sequence
from typing import Any

from ledger.domain.entries import Recorded, Retraction
from ledger.projections.backdating import backdated_by
from ledger.projections.rows import HistoryRow


def history(
    recorded: Sequence[tuple[Recorded, dict[str, Any]]],
    since_version: int = 0,
    *,
    database_users: Mapping[int, str] | None = None,
) -> list[HistoryRow]:
    """A row for every entry after ``since_version``, by version.

    recorded: all entries, each with its JSON value as it was given. database_users: by version, where they are known.
    """
    users = database_users or {}
    retracted_by = {each.entry.retracts: each.version for each, _ in recorded if isinstance(each.entry, Retraction)}
    return [
        HistoryRow(
            version=each.version,
            type=content["type"],
            recorded_at=each.recorded_at,
            actor=each.actor,
            retracted_by=retracted_by.get(each.version),
            entry=content,
            database_user=users.get(each.version),
            backdated_days=backdated_by(each),
        )
        for each, content in recorded
        if each.version > since_version
    ]
