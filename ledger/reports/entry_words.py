"""An entry in a few words, as tables and pages tell of it."""

from collections.abc import Iterator, Mapping
from datetime import date
from typing import Any, Final

from ledger.domain.characters import seen
from ledger.domain.spans import next_day
from ledger.reports.cells import Yen, label_of
from ledger.reports.language import series_name, text

LISTED: Final = frozenset({"kind", "cause"})
"""Fields of which the contract lists what may stand in them: they have words in every language."""


def effective_on(entry: Mapping[str, Any]) -> date | None:
    """The day an entry takes effect: of a split the day after its record date; None for a retraction."""
    if "record_date" in entry:
        return next_day(date.fromisoformat(entry["record_date"]))
    return date.fromisoformat(entry["on"]) if "on" in entry else None


def about(entry: Mapping[str, Any]) -> str:
    """The fields of an entry that tell most, on one line; what nobody sees in them is made visible."""
    return text(", ").join(map(seen, _about(entry)))


def _about(entry: Mapping[str, Any]) -> Iterator[str]:
    if "series" in entry:
        yield series_name(entry["series"])
    yield from _fields(entry, "company", "kind", "successor")
    if "holder" in entry and ("to" in entry or "heir" in entry):
        giver, taker = label_of(entry["holder"]), label_of(entry.get("to") or entry["heir"])
        yield text("{giver} to {taker}", giver=giver, taker=taker)
    elif "holder" in entry:
        yield label_of(entry["holder"])
    yield from map(label_of, entry.get("holders", ()))
    yield from _fields(entry, "position", "cause")
    yield from _figures(entry)


def _fields(entry: Mapping[str, Any], *names: str) -> Iterator[str]:
    """Fields as they stand there; in the language spoken where the contract lists what may."""
    for name in names:
        if name in entry:
            yield text(entry[name]) if name in LISTED else str(entry[name])


def _figures(entry: Mapping[str, Any]) -> Iterator[str]:
    if "terms" in entry:
        terms = entry["terms"]
        rights, shares = terms["max_rights"], terms["shares_per_right"]
        yield text("at most {rights:,} rights of {shares:,} shares", rights=rights, shares=shares)
    if "price_per_share" in entry:
        yield text("{price} a share", price=Yen(entry["price_per_share"]))
    if "rights" in entry:
        yield text("{rights:,} rights", rights=entry["rights"])
    if "shares_per_right" in entry:
        yield text("{shares:,} shares per right", shares=entry["shares_per_right"])
    if "ratio" in entry:
        yield f"× {entry['ratio']}"
    if "retracts" in entry:
        yield text("version {version}", version=entry["retracts"])
