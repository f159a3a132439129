"""Who took and left which office, and who died, as change events of Open Cap Format.

The format knows these events, but the file of transactions of version 1.2.0 does not list them, and a program that
checks it refuses the file. So they stand in a file of their own, which no manifest names.
"""

from collections.abc import Iterable, Iterator, Sequence
from datetime import date
from itertools import groupby
from operator import attrgetter
from typing import Final

from ledger.domain.entries import Allotment, Appointment, Death, Departure
from ledger.domain.timeline import Placed
from ledger.exchange.packages.ocf_parts import Object, relationship, stakeholder_id

NAME: Final = "ChangeEvents.ocf.json"
"""Of the file, in the form of one of transactions."""

STATUSES: Final = {
    "retirement": "TERMINATION_VOLUNTARY_RETIREMENT",
    "resignation": "TERMINATION_VOLUNTARY_OTHER",
    "dismissal": "TERMINATION_INVOLUNTARY_OTHER",
}
"""By the cause of a departure; without one of these the format's VOLUNTARY_OTHER, and a comment that says so."""

Office = Allotment | Appointment | Departure | Death


def change_events(placed: Sequence[Placed]) -> list[Object]:
    """Every change, by the day; of one day, by the holder. placed: the timeline up to the day of the package.

    What a day ends with counts against what it began with: who left one office and took another that day has left no
    more than the first.
    """
    held: dict[str, frozenset[str]] = {}
    gone: set[str] = set()
    events: list[Object] = []
    for on, same_day in groupby(placed, key=attrgetter("on")):
        acts: dict[str, list[Placed]] = {}
        for each in same_day:
            if isinstance(each.entry, Office):
                acts.setdefault(each.entry.holder, []).append(each)
        for holder in sorted(acts):
            events += _changes(holder, on, acts[holder], held, gone)
    return events


def _changes(
    holder: str, on: date, acts: Sequence[Placed], held: dict[str, frozenset[str]], gone: set[str]
) -> Iterator[Object]:
    """What a day changed for a holder. held: positions by holder, gone: who has none any more; both are brought on."""
    before = held.get(holder, frozenset())
    held[holder] = after = _positions(before, acts)
    version = acts[-1].version
    changes = (("ended", "relationship_ended", before - after), ("began", "relationship_started", after - before))
    for word, field, positions in changes:
        for number, position in enumerate(sorted(positions), start=1):
            yield {
                **_event("CE_STAKEHOLDER_RELATIONSHIP", f"{word}-{version}-{number}", holder, on),
                field: relationship(position),
                "comments": [f"position: {position}"],
            }
    if any(isinstance(each.entry, Death) for each in acts):
        yield _status(f"died-{version}", holder, on, "TERMINATION_INVOLUNTARY_DEATH", f"{holder} died")
    elif before and not after:
        gone.add(holder)
        yield _left(version, holder, on, acts)
    elif after and holder in gone:
        gone.discard(holder)
        yield _status(f"active-{version}", holder, on, "ACTIVE", "holds an office again")


def _positions(held: frozenset[str], acts: Iterable[Placed]) -> frozenset[str]:
    for each in acts:
        entry = each.entry
        if isinstance(entry, Allotment | Appointment):
            held |= {entry.position}
        elif isinstance(entry, Departure):
            held = frozenset() if entry.position is None else held - {entry.position}
    return held


def _left(version: int, holder: str, on: date, acts: Sequence[Placed]) -> Object:
    causes = [each.entry.cause for each in acts if isinstance(each.entry, Departure)]
    cause = causes[-1]
    says = f"cause: {cause}" if cause is not None else "the ledger knows no cause; the format must name one"
    return _status(f"left-{version}", holder, on, STATUSES.get(cause or "", "TERMINATION_VOLUNTARY_OTHER"), says)


def _status(event_id: str, holder: str, on: date, status: str, comment: str) -> Object:
    return {**_event("CE_STAKEHOLDER_STATUS", event_id, holder, on), "new_status": status, "comments": [comment]}


def _event(kind: str, event_id: str, holder: str, on: date) -> Object:
    return {"object_type": kind, "id": event_id, "stakeholder_id": stakeholder_id(holder), "date": on.isoformat()}
