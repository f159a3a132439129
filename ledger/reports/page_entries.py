"""The timeline of a page: every entry as it was recorded, in words."""

from collections.abc import Iterator, Mapping
from datetime import datetime
from typing import Any

from ledger.clock import JAPAN
from ledger.projections.rows import HistoryRow
from ledger.reports.entry_words import about, effective_on
from ledger.reports.page_names import shown

COLUMNS = (
    *("version", "type", "on", "recorded_day", "recorded_time", "actor", "about", "source", "note", "retracted_by"),
    "holders",
)


def entry_row(row: HistoryRow) -> list[object]:
    """An entry, by `COLUMNS`. holders: every id of somebody in it, to search by."""
    entry = row.entry
    on = effective_on(entry)
    recorded = datetime.fromisoformat(row.recorded_at).astimezone(JAPAN)
    return [
        row.version,
        row.type,
        None if on is None else on.isoformat(),
        recorded.date().isoformat(),
        recorded.strftime("%H:%M"),
        shown(row.actor),
        about(entry),
        shown(entry.get("source", "")),
        shown(entry.get("note", "")),
        row.retracted_by,
        list(holders_of(entry)),
    ]


def holders_of(entry: Mapping[str, Any]) -> Iterator[str]:
    """Everybody in an entry, by id."""
    for name in ("holder", "heir", "to", "inherited_from", "transferred_from"):
        if name in entry:
            yield entry[name]
    yield from entry.get("holders", ())
