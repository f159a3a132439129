"""When the commercial register must be told (Companies Act 911(3)(xii), 915): two weeks, and the offices' holidays."""

from calendar import monthrange
from datetime import date, timedelta

from ledger.domain.business_days import is_business_day
from ledger.domain.spans import next_day

TWO_WEEKS = timedelta(days=14)
NEW_YEAR_FROM = (12, 29)
"""Offices are shut from this day to 3 January (Act on Holidays of Administrative Organs, 1)."""


def is_office_day(day: date) -> bool:
    """Whether the registry is open: no Saturday, Sunday or public holiday, nor 29 December to 3 January.

    >>> is_office_day(date(2018, 12, 28)), is_office_day(date(2018, 12, 29)), is_office_day(date(2019, 1, 4))
    (True, False, True)
    """
    return is_business_day(day) and (day.month, day.day) < NEW_YEAR_FROM


def filing_due(changed_on: date) -> date:
    """Last day to file a change of a day: two weeks, the first day not counted (915(1); Civil Code 140).

    Where that is no office day, the next that is (Act on Holidays of Administrative Organs, 2).

    >>> filing_due(date(2018, 7, 9)), filing_due(date(2018, 12, 17))
    (datetime.date(2018, 7, 23), datetime.date(2019, 1, 4))
    """
    due = changed_on + TWO_WEEKS
    while not is_office_day(due):
        due = next_day(due)
    return due


def exercises_due(on: date) -> date:
    """Last day to file the exercises of a day's month, together: two weeks from the month's end (915(3)(i)).

    >>> exercises_due(date(2019, 7, 2))
    datetime.date(2019, 8, 14)
    """
    return filing_due(on.replace(day=monthrange(on.year, on.month)[1]))
