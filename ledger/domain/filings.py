"""When the commercial register must be told (Companies Act 911(3)(xii), 915): two weeks, and the offices' holidays."""

from calendar import monthrange
from datetime import date
from typing import Final

from ledger.domain.business_days import is_business_day
from ledger.domain.spans import Span, last_day, next_day
from ledger.domain.terms import RestructuringKind

TWO_WEEKS: Final = Span(days=14)
NEW_YEAR_FROM: Final = (12, 29)
"""Offices are shut from this day to 3 January (Act on Holidays of Administrative Organs, 1)."""

THE_CHANGE: Final = "Companies Act 915(1)"
THE_ISSUE: Final = "Companies Act 911(3)(xii), 915(1)"
THE_EXERCISES: Final = "Companies Act 915(3)(i)"
THE_RESTRUCTURING: Final[dict[RestructuringKind, str]] = {
    "merger": "Companies Act 921",
    "absorption-type-demerger": "Companies Act 923",
    "share-exchange": THE_CHANGE,
}
"""Those that take effect on a day of the agreement. The others do by being registered, the rights with them (924, 925;
Commercial Registration Act 87, 91): nothing is left to file."""


def is_office_day(day: date) -> bool:
    """Whether the registry is open: no Saturday, Sunday or public holiday, nor 29 December to 3 January.

    >>> is_office_day(date(2018, 12, 28)), is_office_day(date(2018, 12, 29)), is_office_day(date(2019, 1, 4))
    (True, False, True)
    """
    return is_business_day(day) and (day.month, day.day) < NEW_YEAR_FROM


def filing_due(changed_on: date, *, from_its_beginning: bool = False) -> date:
    """Last day to file a change of a day: two weeks, the first day not counted (915(1); Civil Code 140).

    from_its_beginning: the change came with the day, at midnight, so that the day counts (Civil Code 140, proviso). A
    last day that is no office day moves to the next (Act on Holidays of Administrative Organs, 2).

    >>> filing_due(date(2018, 7, 10)), filing_due(date(2018, 7, 10), from_its_beginning=True)
    (datetime.date(2018, 7, 24), datetime.date(2018, 7, 23))
    >>> filing_due(date(2018, 12, 17))
    datetime.date(2019, 1, 4)
    """
    due = last_day(changed_on if from_its_beginning else next_day(changed_on), TWO_WEEKS)
    while not is_office_day(due):
        due = next_day(due)
    return due


def month_end(day: date) -> date:
    """Last day of the month of ``day``."""
    return day.replace(day=monthrange(day.year, day.month)[1])


def exercises_due(on: date) -> date:
    """Last day to file the exercises of a day's month, together: two weeks from the month's end (915(3)(i)).

    >>> exercises_due(date(2019, 7, 2))
    datetime.date(2019, 8, 14)
    """
    return filing_due(month_end(on))
