"""The rows of answers: immutable, typed, with the contract's fields in its order."""

from datetime import date
from decimal import Decimal
from fractions import Fraction
from functools import cache
from typing import Any

from msgspec import Struct, field
from msgspec.structs import fields

from ledger.domain.reasons import Reasons
from ledger.domain.state import HoldingKey


class Row(Struct, frozen=True, omit_defaults=True):
    """A row of an answer. Written by msgspec it is what `to_dict` says, where it has no decimals and no reasons."""

    def to_dict(self) -> dict[str, Any]:
        """Return the row as JSON values, by the contract's names: days as YYYY-MM-DD, decimals as strings.

        What the row rests on is left out; ask `because` for it.
        """
        return {written: plain(getattr(self, name)) for name, written in _names(type(self))}

    def reasons(self) -> list[dict[str, object]]:
        """Return what the row rests on, as JSON values."""
        return [reason.to_dict() for reason in getattr(self, "because", ())]


class HoldingRow(Row, frozen=True):
    """One holding as of a day: counts in whole rights, ``shares`` those of the rights outstanding."""

    series: str
    holder: str
    inherited_from: str | None
    transferred_from: str | None
    allotted: int
    received: int
    outstanding: int
    exercised: int
    lapsed: int
    waived: int
    acquired: int
    extinguished: int
    replaced: int
    passed_on: int
    shares_per_right: int
    shares: int
    because: Reasons = ()


class SeriesRow(Row, frozen=True):
    """One series as of a day; prices in yen, ``exercise_price`` per share."""

    series: str
    company: str
    name: str
    max_rights: int
    allotted: int
    received: int
    outstanding: int
    exercised: int
    lapsed: int
    waived: int
    acquired: int
    extinguished: int
    replaced: int
    shares_per_right: int
    shares: int
    exercise_price: Decimal
    exercise_from: date
    exercise_until: date
    price_per_share: Decimal | None
    price_per_right: Decimal | None
    replaces: str | None
    replaced_by: tuple[str, ...]
    company_holds: int
    because: Reasons = ()


class EligibilityRow(Row, frozen=True):
    """Whether a holding may be exercised on a day; ``payment`` in yen for all of it."""

    series: str
    holder: str
    inherited_from: str | None
    transferred_from: str | None
    rights: int
    shares: int
    payment: int
    eligible: bool
    from_: date | None = field(name="from")
    until: date | None
    reason: str | None
    because: Reasons = ()


class ExerciseRow(Row, frozen=True):
    """One exercise; ``payment``, ``capital`` and ``capital_reserve`` in yen.

    shares_still_due: of the shares, those not yet to be relied on that day (item 3, proviso).
    """

    version: int
    series: str
    holder: str
    inherited_from: str | None
    transferred_from: str | None
    on: date
    rights: int
    shares: int
    payment: int
    capital: int
    capital_reserve: int
    shares_still_due: int
    because: Reasons = ()


class HistoryRow(Row, frozen=True):
    """One entry as it was recorded. entry: its own fields, as JSON values.

    actor: who recorded it, a claim. database_user: who was logged in, as PostgreSQL itself wrote it; else None.
    backdated_days: days from its effect to its recording, where these are many; else None.
    """

    version: int
    type: str
    recorded_at: str
    actor: str
    retracted_by: int | None
    entry: dict[str, Any]
    database_user: str | None
    backdated_days: int | None


@cache
def _names(row_type: type[Row]) -> list[tuple[str, str]]:
    """Every field, and its name in the contract; without what the row rests on."""
    return [(each.name, each.encode_name) for each in fields(row_type) if each.name != "because"]


def names(row_type: type[Row]) -> list[str]:
    """Return the contract's names of the fields of a row, in its order."""
    return [written for _, written in _names(row_type)]


def plain(value: object) -> object:
    """A value of a row as a JSON value."""
    match value:
        case date():
            return value.isoformat()
        case Decimal():
            return int(value) if value == value.to_integral_value() else format(value, "f")
        case tuple():
            return [plain(each) for each in value]
        case _:
            return value


def decimal(yen: Fraction) -> Decimal:
    """Yen as a decimal number, exact: amounts come from decimals, or were rounded to the yen.

    >>> decimal(Fraction("126.28"))
    Decimal('126.28')
    """
    places = 0
    while 10**places % yen.denominator:
        places += 1
    digits = tuple(map(int, str(yen.numerator * 10**places // yen.denominator)))
    return Decimal((0, digits, -places))


def key_order(key: HoldingKey) -> tuple[str, str, str, str]:
    """Order of rows: series, holder, inherited_from, transferred_from, null first."""
    return key.series, key.holder, key.inherited_from or "", key.transferred_from or ""
