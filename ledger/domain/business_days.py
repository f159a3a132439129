"""Business days in Japan, for terms that move a last day to the next one (Civil Code 142)."""

from datetime import date
from functools import cache

from ledger.domain.spans import ONE_DAY, next_day

SATURDAY = 5


@cache
def is_business_day(day: date) -> bool:
    """Whether business is done on ``day``: no Saturday, Sunday, public holiday, nor 31 December to 3 January.

    >>> is_business_day(date(2019, 5, 6)), is_business_day(date(2019, 5, 7))
    (False, True)
    """
    if day.weekday() >= SATURDAY or (day.month, day.day) in {(12, 31), (1, 1), (1, 2), (1, 3)}:
        return False
    # Loaded where first needed: most terms move no day, and the table of holidays costs a start-up.
    import jpholiday

    return not jpholiday.is_holiday(day)


def business_day_from(day: date) -> date:
    """``day`` itself, or the first business day after it.

    >>> business_day_from(date(2019, 4, 27))
    datetime.date(2019, 5, 7)
    """
    while not is_business_day(day):
        day = next_day(day)
    return day


def business_day_in(first: date, last: date) -> date | None:
    """The last business day of some days, both ends included, or None."""
    day = last
    while day >= first:
        if is_business_day(day):
            return day
        day -= ONE_DAY
    return None
