"""The timeline of a page: every entry as it was recorded, in words."""

from collections.abc import Iterator, Mapping
from datetime import date, datetime
from typing import Any

from ledger.clock import JAPAN
from ledger.domain.spans import next_day
from ledger.projections.rows import HistoryRow
from ledger.reports.cells import LISTED, Yen
from ledger.reports.language import series_name, text
from ledger.reports.page_names import label, shown

COLUMNS = (
    *("version", "type", "on", "recorded_day", "recorded_time", "actor", "about", "source", "note", "retracted_by"),
    "holders",
)


def entry_row(row: HistoryRow) -> list[object]:
    """An entry, by `COLUMNS`. holders: every id of somebody in it, to search by."""
    entry = row.entry
    recorded = datetime.fromisoformat(row.recorded_at).astimezone(JAPAN)
    return [
        row.version,
        row.type,
        effective_on(entry),
        recorded.date().isoformat(),
        recorded.strftime("%H:%M"),
        shown(row.actor),
        text(", ").join(about(entry)),
        shown(entry.get("source", "")),
        shown(entry.get("note", "")),
        row.retracted_by,
        list(holders_of(entry)),
    ]


def effective_on(entry: Mapping[str, Any]) -> str | None:
    """The day an entry takes effect: of a split the day after its record date; None for a retraction."""
    if "record_date" in entry:
        return next_day(date.fromisoformat(entry["record_date"])).isoformat()
    on: str | None = entry.get("on")
    return on


def about(entry: Mapping[str, Any]) -> Iterator[str]:
    """The fields of an entry that tell most, in a few words."""
    if "series" in entry:
        yield series_name(shown(entry["series"]))
    yield from _fields(entry, "company", "kind", "successor")
    if "holder" in entry and ("to" in entry or "heir" in entry):
        yield text("{giver} to {taker}", giver=label(entry["holder"]), taker=label(entry.get("to") or entry["heir"]))
    elif "holder" in entry:
        yield label(entry["holder"])
    yield from _fields(entry, "position", "cause")
    yield from _figures(entry)


def _fields(entry: Mapping[str, Any], *names: str) -> Iterator[str]:
    """Fields as they stand there; in the language spoken where the contract lists what may."""
    for name in names:
        if name in entry:
            yield shown(text(entry[name]) if name in LISTED else entry[name])


def _figures(entry: Mapping[str, Any]) -> Iterator[str]:
    if "terms" in entry:
        terms = entry["terms"]
        rights, shares = f"{terms['max_rights']:,}", f"{terms['shares_per_right']:,}"
        yield text("at most {rights} rights of {shares} shares", rights=rights, shares=shares)
    if "price_per_share" in entry:
        yield text("{price} a share", price=Yen(entry["price_per_share"]))
    if "rights" in entry:
        yield text("{rights} rights", rights=f"{entry['rights']:,}")
    if "shares_per_right" in entry:
        yield text("{shares} shares per right", shares=f"{entry['shares_per_right']:,}")
    if "ratio" in entry:
        yield f"× {entry['ratio']}"
    if "retracts" in entry:
        yield text("version {version}", version=entry["retracts"])


def holders_of(entry: Mapping[str, Any]) -> Iterator[str]:
    """Everybody in an entry, by id."""
    for name in ("holder", "heir", "to", "inherited_from", "transferred_from"):
        if name in entry:
            yield entry[name]
    yield from entry.get("holders", ())
