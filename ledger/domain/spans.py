"""Spans of days, closed at both ends, counted as the Civil Code counts (140, 141, 143)."""

import re
from calendar import monthrange
from datetime import date, timedelta
from functools import lru_cache
from typing import Final

from msgspec import Struct, field

FIRST_DAY = date(1868, 1, 1)
LAST_DAY = date(2999, 12, 31)
"""The days an entry may name (contract.md, entry format)."""

ONE_DAY = timedelta(days=1)
WRITTEN_DAY: Final = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}")


class Span(Struct, frozen=True, gc=False, forbid_unknown_fields=True, omit_defaults=True):
    """A length of time as terms write it: exactly one of days, months and years is set, at least 1."""

    days: int = 0
    months: int = 0
    years: int = 0

    def __str__(self) -> str:
        counts = ((self.days, "day"), (self.months, "month"), (self.years, "year"))
        count, unit = next(each for each in counts if each[0])
        return f"{count} {unit}" if count == 1 else f"{count} {unit}s"


class Period(Struct, frozen=True, gc=False, forbid_unknown_fields=True):
    """Days from ``from_`` to ``until``, both included; never empty."""

    from_: date = field(name="from")
    until: date

    def __contains__(self, day: date) -> bool:
        return self.from_ <= day <= self.until

    def __str__(self) -> str:
        return f"{self.from_} to {self.until}"


def day_from(text: str) -> date | None:
    """The day that a text writes as YYYY-MM-DD, or None where it writes none.

    >>> day_from("2018-06-28"), day_from("20180628"), day_from("2018-02-30")
    (datetime.date(2018, 6, 28), None, None)
    """
    try:
        # fromisoformat reads weeks (2018-W26-4) and other forms too.
        return date.fromisoformat(text) if WRITTEN_DAY.fullmatch(text) else None
    except ValueError:
        return None


@lru_cache(4_096)  # not for speed: many holdings lapse on one day, and then hold one
def next_day(day: date) -> date:
    """Day after ``day``."""
    return day + ONE_DAY


def last_day(first_day: date, span: Span) -> date:
    """Last day of a span counted from ``first_day`` as its first day.

    Months and years are counted by the calendar and end on the day before the corresponding day; without such a day,
    on the month's last (Civil Code 143). A span that starts on the 1st ends with a month.

    >>> last_day(date(2018, 3, 1), Span(months=6))
    datetime.date(2018, 8, 31)
    >>> last_day(date(2017, 8, 31), Span(months=6))
    datetime.date(2018, 2, 28)
    >>> last_day(date(2018, 6, 29), Span(days=10))
    datetime.date(2018, 7, 8)
    """
    if span.days:
        return first_day + timedelta(days=span.days - 1)
    year, month = divmod(first_day.year * 12 + first_day.month - 1 + span.months + 12 * span.years, 12)
    month += 1
    last_of_month = monthrange(year, month)[1]
    if first_day.day > last_of_month:
        return date(year, month, last_of_month)
    return date(year, month, first_day.day) - ONE_DAY
