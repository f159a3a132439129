"""The rows of reports: what is at stake soon, what became of rights in a span of days, what they may dilute."""

from datetime import date
from decimal import Decimal
from typing import Any

from msgspec import Struct, field

from ledger.domain.reasons import Reason, Reasons
from ledger.projections.rows import Row, plain


class RollforwardRow(Row, frozen=True):
    """What became of a series in a span of days: counts in whole rights, and in shares by the number at the end.

    since, until: first and last day. received: in replacement of other rights. What opened, was granted and received is
    what went and what closed.
    """

    series: str
    company: str
    since: date = field(name="from")
    until: date
    opening: int
    granted: int
    received: int
    exercised: int
    lapsed: int
    waived: int
    acquired: int
    extinguished: int
    replaced: int
    closing: int
    shares_per_right: int
    opening_shares: int
    granted_shares: int
    received_shares: int
    exercised_shares: int
    lapsed_shares: int
    waived_shares: int
    acquired_shares: int
    extinguished_shares: int
    replaced_shares: int
    closing_shares: int
    because: Reasons = ()


class RegistrationRow(Row, frozen=True):
    """The exercises of a series in a month, as they are filed together; amounts in yen.

    newly_issued, treasury_shares: of the shares delivered. shares_still_due: of the shares, those not yet to be relied
    on at the month's end (item 3, proviso), which are filed when they are delivered. rights_left, shares_left: after
    the month, those that the company holds included: what is registered anew. due_on: the last day to file.
    """

    series: str
    company: str
    month: str
    rights: int
    shares: int
    newly_issued: int
    treasury_shares: int
    shares_still_due: int
    payment: int
    capital: int
    capital_reserve: int
    rights_left: int
    shares_left: int
    due_on: date
    because: Reasons = ()


class DilutionRow(Row, frozen=True):
    """How many shares the rights outstanding of a series may become; ``payment`` in yen for all.

    percent_of_outstanding, percent_of_fully_diluted: of the shares named, to four decimals, half up.
    dilutive_shares: by the treasury-stock method, where a share price was given. shares_outstanding,
    fully_diluted_shares, diluted_shares: of the company, the same in all rows.
    """

    series: str
    company: str
    rights: int
    shares_per_right: int
    shares: int
    exercise_price: Decimal
    payment: int
    percent_of_outstanding: str
    percent_of_fully_diluted: str
    dilutive_shares: int | None
    shares_outstanding: int
    fully_diluted_shares: int
    diluted_shares: int | None
    because: Reasons = ()


class DeadlineRow(Row, frozen=True):
    """Something that ends, begins or is due on a day; rights and shares are those at stake.

    kind: `window-closes`, `window-opens`, `heir-awaited`, `period-begins`, `period-ends`; and what must be filed:
    `file-issue`, `file-exercises`, `file-lapse`, `file-waiver`, `file-cancellation`, `file-replacement`, `file-shares`.
    holder and what follows it are null where it is of a whole series. changed_on: the day or the end of the month that
    a filing is of, else null.
    """

    on: date
    days_left: int
    kind: str
    series: str
    holder: str | None
    inherited_from: str | None
    transferred_from: str | None
    rights: int
    shares: int
    changed_on: date | None
    because: Reasons = ()


class SourcedReason(Reason, frozen=True):
    """A link in the chain behind a number, and the document that shows its entry."""

    source: str | None = None

    def to_dict(self) -> dict[str, object]:
        """As the answers of the command line show it."""
        return {"version": self.version, "source": self.source, "item": self.item, "says": self.says}


class ExplanationRow(Row, frozen=True):
    """Why something is as it is: a holding or a series on a day, or an exercise by its version.

    answer: the sentence in a word: `may-exercise`, `in-office`, `awaiting-heir`, `not-yet-open`, `window-closed`,
    `period-ended`, `no-day-left`, `nothing-passes-on`, `nothing-left`, `series` or `exercise`. figures: what the
    questions answer about it. steps: what each of them follows from, in order. holder is null of a series, version null
    but of an exercise.
    """

    series: str
    holder: str | None
    inherited_from: str | None
    transferred_from: str | None
    version: int | None
    on: date
    answer: str
    sentence: str
    figures: dict[str, Any]
    steps: tuple[SourcedReason, ...]

    @property
    def because(self) -> Reasons:
        """The steps, as every other answer gives what it rests on."""
        return self.steps

    def to_dict(self) -> dict[str, Any]:
        """Return the row as JSON values."""
        figures = {name: plain(value) for name, value in self.figures.items()}
        return {**super().to_dict(), "figures": figures, "steps": [step.to_dict() for step in self.steps]}


class Change(Struct, frozen=True):
    """A figure before and after, as JSON values; null where its row was not there."""

    field: str
    before: object
    after: object

    def to_dict(self) -> dict[str, object]:
        """As the answers of the command line show it."""
        return {"field": self.field, "before": self.before, "after": self.after}


class Retracted(Struct, frozen=True):
    """The entry that a retraction retracts."""

    version: int
    type: str

    def to_dict(self) -> dict[str, object]:
        """As the answers of the command line show it."""
        return {"version": self.version, "type": self.type}


class Cause(Struct, frozen=True):
    """An entry that changed a figure; of a lapse, which nobody records, the last day on which rights could be used.

    type: of the entry, or `lapse`. on: the day it takes effect; of a retraction, that of the entry it retracts.
    retracts: what a retraction retracts, else None.
    """

    on: date
    version: int | None
    type: str
    retracts: Retracted | None = None

    def to_dict(self) -> dict[str, object]:
        """As the answers of the command line show it."""
        retracts = None if self.retracts is None else self.retracts.to_dict()
        return {"version": self.version, "type": self.type, "on": self.on.isoformat(), "retracts": retracts}


class DifferenceRow(Row, frozen=True):
    """What changed of a holding, or of a series where holder is null.

    change: `appeared`, `vanished` or `changed`. changes: the figures that differ. causes: by day.
    """

    series: str
    holder: str | None
    inherited_from: str | None
    transferred_from: str | None
    change: str
    changes: tuple[Change, ...]
    causes: tuple[Cause, ...]

    def to_dict(self) -> dict[str, Any]:
        """Return the row as JSON values."""
        changes = [each.to_dict() for each in self.changes]
        return {**super().to_dict(), "changes": changes, "causes": [each.to_dict() for each in self.causes]}


class RegisterRow(Row, frozen=True):
    """Rights outstanding in one hand, as the register has them (Companies Act 249(iii)); versions: what it rests on.

    company_name: as the company is registered. holder: null for rights that the company itself holds. name, address:
    of the holder, where the directory of people has them; the company's name. acquired_by: `allotment`, `inheritance`,
    `transfer`, `replacement` or `acquisition`.
    after_departure, heir_within: spans, null where there is no limit but the period, or nothing passes on.
    """

    series: str
    series_name: str
    company: str
    company_name: str
    holder: str | None
    inherited_from: str | None
    transferred_from: str | None
    name: str | None
    address: str | None
    rights: int
    shares_per_right: int
    shares: int
    acquired_on: tuple[date, ...]
    acquired_by: str
    certificates: str
    exercise_price: Decimal
    exercise_from: date
    exercise_until: date
    transfer: str
    while_in_office: bool
    after_departure: str | None
    heir_within: str | None
    lump_sum: bool
    versions: tuple[int, ...]
    because: Reasons = ()
