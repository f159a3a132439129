"""Which entries count, and in which order they are read (domain.md §3)."""

from bisect import bisect_right
from collections.abc import Iterable, Iterator, Sequence
from datetime import date
from operator import attrgetter
from typing import Final, cast

from msgspec import Struct

from ledger.domain.entries import (
    Acquisition,
    Adjustment,
    Allotment,
    Appointment,
    Cancellation,
    Company,
    Consolidation,
    Death,
    Departure,
    Entry,
    Exercise,
    Fact,
    Inheritance,
    Issue,
    Pricing,
    Recorded,
    Restructuring,
    Retraction,
    Split,
    Transfer,
    Waiver,
    is_fact,
)

ACTING_RANK: Final = 9
INHERITED_RANK: Final = 12
"""Exercise and waiver: of inherited rights after the inheritance."""

RANKS: Final[dict[type[Entry], int]] = {
    Company: 0,  # nothing is known before its company
    Split: 1,  # shares first: everything else of the day counts in the new ones
    Consolidation: 1,
    Adjustment: 2,
    Restructuring: 3,  # takes effect at the start of the day
    Issue: 4,
    Pricing: 5,
    Departure: 6,  # before appointments: who changes office on one day has lost nothing
    Allotment: 7,
    Appointment: 7,
    Transfer: 8,
    Exercise: ACTING_RANK,
    Waiver: ACTING_RANK,
    Death: 10,  # whoever dies may have acted that day
    Inheritance: 11,
    Acquisition: 13,
    Cancellation: 14,  # of what was acquired before
}


class Placed(Struct, frozen=True, gc=False, order=True):
    """An entry that counts, in its place of the timeline: they are read in ascending order.

    No two have the same version, so entries themselves are never compared.
    """

    on: date
    rank: int
    version: int
    entry: Fact


def placed_as(entry: Fact, version: int) -> Placed:
    """An entry in its place of the timeline."""
    return Placed(entry.on, rank_of(entry), version, entry)


def rank_of(entry: Fact) -> int:
    """Where an entry stands among those of its day."""
    rank = RANKS[type(entry)]
    if rank == ACTING_RANK and cast(Exercise | Waiver, entry).inherited_from is not None:
        return INHERITED_RANK
    return rank


def timeline(recorded: Iterable[Recorded]) -> list[Placed]:
    """The entries that count, in the order in which they are read: no retraction, nothing retracted."""
    retracted: set[int] = set()
    placed: list[Placed] = []
    for each in recorded:
        if is_fact(each.entry):
            placed.append(placed_as(each.entry, each.version))
        else:
            retracted.add(cast(Retraction, each.entry).retracts)
    if retracted:
        placed = [each for each in placed if each.version not in retracted]
    placed.sort()
    return placed


def relied_on(placed: Iterable[Placed], day: date) -> Iterator[Placed]:
    """The timeline as it may be relied on that day: no split whose meeting has not closed before (item 3, proviso)."""
    for each in placed:
        if type(each.entry) is Split and not may_be_relied_on(each.entry, day):
            continue
        yield each


def may_be_relied_on(split: Split, day: date) -> bool:
    """Whether a split counts in what is said on ``day``: from the day after the meeting closes (item 3, proviso)."""
    return split.meeting_closed_on is None or split.meeting_closed_on < day


def up_to(placed: Sequence[Placed], day: date) -> Sequence[Placed]:
    """The part of a timeline that is effective by the end of ``day``."""
    return placed[: bisect_right(placed, day, key=attrgetter("on"))]
