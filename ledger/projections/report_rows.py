"""The rows of reports: what is at stake soon, what became of rights in a span of days, what they may dilute."""

from datetime import date
from decimal import Decimal

from ledger.domain.reasons import Reasons
from ledger.projections.rows import Row


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


class RegisterRow(Row, frozen=True):
    """Rights outstanding in one hand, as the register has them (Companies Act 249(iii)); versions: what it rests on.

    holder: null for rights that the company itself holds. name, address: of the holder, where the directory of people
    has them; the company's name. acquired_by: `allotment`, `inheritance`, `transfer`, `replacement` or `acquisition`.
    after_departure, heir_within: spans, null where there is no limit but the period, or nothing passes on.
    """

    series: str
    series_name: str
    company: str
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
