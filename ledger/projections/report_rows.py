"""The rows of reports: what is at stake soon, what became of rights in a span of days, what they may dilute."""

from datetime import date
from decimal import Decimal
from typing import Any

from msgspec import Struct

from ledger.domain.reasons import Reason, Reasons
from ledger.projections.rows import Row, plain


class RollforwardRow(Row, frozen=True):
    """What became of a series in a span of days: counts in whole rights, and in shares by the number at the end."""

    series: str
    company: str
    opening: int
    granted: int
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
    exercised_shares: int
    lapsed_shares: int
    waived_shares: int
    acquired_shares: int
    extinguished_shares: int
    replaced_shares: int
    closing_shares: int


class DilutionRow(Row, frozen=True):
    """How many shares the rights outstanding of a series may become; ``payment`` in yen for all.

    dilutive_shares: by the treasury-stock method, where a share price was given.
    """

    series: str
    rights: int
    shares_per_right: int
    shares: int
    exercise_price: Decimal
    payment: int
    dilutive_shares: int | None


class DeadlineRow(Row, frozen=True):
    """Something that ends, begins or is due on a day; rights and shares are those at stake.

    kind: `window-closes`, `window-opens`, `heir-awaited`, `period-ends`, `file-exercises` or `file-lapse`. holder and
    what follows it are null where it is of a whole series.
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


class Cause(Struct, frozen=True):
    """An entry that changed a figure; of a lapse, which nobody records, the last day on which rights could be used.

    type: of the entry, or `lapse`. on: the day it takes effect; of a retraction, that of the entry it retracts.
    """

    on: date
    version: int | None
    type: str

    def to_dict(self) -> dict[str, object]:
        """As the answers of the command line show it."""
        return {"version": self.version, "type": self.type, "on": self.on.isoformat()}


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
