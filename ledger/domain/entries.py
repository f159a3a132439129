"""The kinds of entry: facts that documents show. One frozen type a kind; nothing derived, no clock.

The stored names (``"split"``) are written out: renaming a class must not orphan what is stored. Every kind has its
place in the order of a day (domain.md §3) in ``timeline``, and its fields in contract.md.
"""

from collections.abc import Mapping
from datetime import date
from fractions import Fraction
from typing import Any, Literal, TypeGuard

from msgspec import Struct

from ledger.domain.spans import next_day
from ledger.domain.terms import RestructuringKind, Terms
from ledger.domain.units import Amount


class Entry(
    Struct, frozen=True, gc=False, kw_only=True, tag_field="type", forbid_unknown_fields=True, omit_defaults=True
):
    """What every entry may carry: the caller's id, the document that shows the fact, a note."""

    id: str | None = None
    source: str | None = None
    note: str | None = None


class Company(Entry, frozen=True, gc=False, kw_only=True, tag="company"):
    """A company whose rights this ledger keeps."""

    company: str
    name: str
    on: date
    currency: str | None = None


class Issue(Entry, frozen=True, gc=False, kw_only=True, tag="issue"):
    """A series was resolved, with its terms."""

    series: str
    on: date
    terms: Terms


class Pricing(Entry, frozen=True, gc=False, kw_only=True, tag="pricing"):
    """The amount paid for a right was fixed (item 12).

    price_per_share: yen, may have decimals. price_per_right: yen; without it, the price per share × the shares per
    right of the terms, rounded up. inputs: what the price was computed from, kept as given.
    """

    series: str
    on: date
    price_per_share: Amount
    price_per_right: Amount | None = None
    inputs: Mapping[str, Any] | None = None


class Allotment(Entry, frozen=True, gc=False, kw_only=True, tag="allotment"):
    """Rights were allotted to a holder, who holds the stated position from that day."""

    series: str
    holder: str
    position: str
    rights: int
    on: date


class Appointment(Entry, frozen=True, gc=False, kw_only=True, tag="appointment"):
    """A holder took a position."""

    holder: str
    position: str
    on: date


class Departure(Entry, frozen=True, gc=False, kw_only=True, tag="departure"):
    """A holder lost a position, or all of them, other than by death. ``on``: the last day in it."""

    holder: str
    on: date
    position: str | None = None
    cause: Literal["retirement", "resignation", "dismissal", "other"] | None = None


class Death(Entry, frozen=True, gc=False, kw_only=True, tag="death"):
    """A holder died."""

    holder: str
    on: date


class Inheritance(Entry, frozen=True, gc=False, kw_only=True, tag="inheritance"):
    """The one heir was settled, for one series or for all (item 11(3))."""

    holder: str
    heir: str
    on: date
    series: str | None = None


class Exercise(Entry, frozen=True, gc=False, kw_only=True, tag="exercise"):
    """Rights of a holding were exercised and paid for. ``treasury_shares``: of the shares delivered, not issued."""

    series: str
    holder: str
    rights: int
    on: date
    inherited_from: str | None = None
    transferred_from: str | None = None
    treasury_shares: int = 0


class Waiver(Entry, frozen=True, gc=False, kw_only=True, tag="waiver"):
    """A holder gave up rights."""

    series: str
    holder: str
    rights: int
    on: date
    inherited_from: str | None = None
    transferred_from: str | None = None


class Transfer(Entry, frozen=True, gc=False, kw_only=True, tag="transfer"):
    """A holder passed rights on to another (item 7). ``approved_on``: day of the board's approval."""

    series: str
    holder: str
    to: str
    rights: int
    on: date
    approved_on: date | None = None
    transferred_from: str | None = None


class Split(Entry, frozen=True, gc=False, kw_only=True, tag="split"):
    """The company split its shares.

    ratio: new shares per old share, exact; two for one is Fraction(2).
    record_date: shareholders of this day receive the new shares; effective on the next day.
    meeting_closed_on: closing day of the meeting that the split depended on (item 3, proviso), else None.
    """

    company: str
    ratio: Fraction
    record_date: date
    meeting_closed_on: date | None = None

    @property
    def on(self) -> date:
        """Day on which it takes effect in law: the day after its record date (item 3)."""
        return next_day(self.record_date)


class Consolidation(Entry, frozen=True, gc=False, kw_only=True, tag="consolidation"):
    """The company consolidated its shares. ratio: new shares per old share, below 1."""

    company: str
    ratio: Fraction
    on: date


class Adjustment(Entry, frozen=True, gc=False, kw_only=True, tag="adjustment"):
    """The company set the shares per right of one series for another reason (item 3, last paragraph)."""

    series: str
    shares_per_right: int
    on: date
    reason: str | None = None


class Approval(Struct, frozen=True, gc=False, forbid_unknown_fields=True):
    """A meeting approved a restructuring, on this day."""

    kind: RestructuringKind
    on: date


class Acquisition(Entry, frozen=True, gc=False, kw_only=True, tag="acquisition"):
    """The company took rights back without payment (item 8): of the holders named, or all of the series."""

    series: str
    approval: Approval
    on: date
    holders: tuple[str, ...] | None = None


class Cancellation(Entry, frozen=True, gc=False, kw_only=True, tag="cancellation"):
    """The company cancelled rights that it had taken back."""

    series: str
    rights: int
    on: date


class Restructuring(Entry, frozen=True, gc=False, kw_only=True, tag="restructuring"):
    """The company merged, split off or came under a parent (item 9).

    delivery: whether the agreement provides for replacement by rights of the successor.
    ratio: the successor's shares per share of the company.
    series_map: old series → new series; None for all series, named ``<old>@<successor>``.
    """

    company: str
    kind: RestructuringKind
    on: date
    delivery: bool
    successor: str | None = None
    successor_name: str | None = None
    ratio: Fraction = Fraction(1)
    series_map: Mapping[str, str] | None = None


class Retraction(Entry, frozen=True, gc=False, kw_only=True, tag="retraction"):
    """An entry recorded before was wrong: it is read as if it had never been made."""

    retracts: int


Fact = (
    Company
    | Issue
    | Pricing
    | Allotment
    | Appointment
    | Departure
    | Death
    | Inheritance
    | Exercise
    | Waiver
    | Transfer
    | Split
    | Consolidation
    | Adjustment
    | Acquisition
    | Cancellation
    | Restructuring
)
"""What has a place in the timeline; ``on`` is the day on which it takes effect in law."""

AnyEntry = Fact | Retraction
"""What may be recorded. A retraction is not read itself: it stops another entry from being read."""


def is_fact(entry: AnyEntry) -> TypeGuard[Fact]:
    """Whether an entry has a place in the timeline: every one but a retraction."""
    return type(entry) is not Retraction  # quicker than isinstance, and asked of every entry


KINDS: Mapping[str, type[AnyEntry]] = {
    "company": Company,
    "issue": Issue,
    "pricing": Pricing,
    "allotment": Allotment,
    "appointment": Appointment,
    "departure": Departure,
    "death": Death,
    "inheritance": Inheritance,
    "exercise": Exercise,
    "waiver": Waiver,
    "transfer": Transfer,
    "split": Split,
    "consolidation": Consolidation,
    "adjustment": Adjustment,
    "acquisition": Acquisition,
    "cancellation": Cancellation,
    "restructuring": Restructuring,
    "retraction": Retraction,
}
"""Every kind by its stored name."""


class Recorded(Struct, frozen=True, gc=False):
    """An entry with what the ledger added when it recorded it.

    version: its place in the ledger, from 1. batch: the first version of what was recorded together with it.
    recorded_at: instant, UTC, RFC 3339 with microseconds. actor: who recorded it, as claimed.
    """

    version: int
    batch: int
    recorded_at: str
    actor: str
    entry: AnyEntry
