"""The clock, in the one place where it is read: instants are UTC, days are Japan's."""

import os
from collections.abc import Callable
from datetime import UTC, date, datetime, timedelta, timezone

from ledger.domain.errors import MalformedError
from ledger.domain.spans import FIRST_DAY, LAST_DAY, day_from, next_day

JAPAN = timezone(timedelta(hours=9), "JST")
"""Japan keeps no summer time, and kept none in the days that this ledger can record."""

TODAY_VARIABLE = "RIGHTS_TODAY"

Clock = Callable[[], datetime]
"""Gives the present instant, aware."""


def now() -> datetime:
    """The present instant, UTC."""
    return datetime.now(UTC)


def today(clock: Clock = now) -> date:
    """Today in Japan, or the day of RIGHTS_TODAY, so that an old report can be made again."""
    fixed = os.environ.get(TODAY_VARIABLE)
    if fixed:
        day = day_from(fixed)
        if day is None:
            raise MalformedError("malformed", f"{TODAY_VARIABLE} is {fixed}, not a day YYYY-MM-DD")
        return day
    return clock().astimezone(JAPAN).date()


def instant(moment: datetime) -> str:
    """An aware instant as the ledger writes it: UTC, microseconds, fixed width, so that text sorts as time.

    >>> instant(datetime(2026, 11, 22, 9, 0, tzinfo=JAPAN))
    '2026-11-22T00:00:00.000000Z'
    """
    return moment.astimezone(UTC).replace(tzinfo=None).isoformat(timespec="microseconds") + "Z"


def last_instant(known_at: date | datetime) -> str:
    """The last instant that counts: the moment itself, or the end of a day in Japan."""
    day = known_at.date() if isinstance(known_at, datetime) else known_at
    if not FIRST_DAY <= day <= LAST_DAY:
        raise MalformedError("malformed", f"known at {known_at} is not between {FIRST_DAY} and {LAST_DAY}")
    if isinstance(known_at, datetime):
        if known_at.tzinfo is None:
            raise MalformedError("malformed", f"known at {known_at} has no time zone: write …Z or …+09:00")
        return instant(known_at)
    midnight = datetime.combine(next_day(known_at), datetime.min.time(), tzinfo=JAPAN)
    return instant(midnight - timedelta(microseconds=1))


def day_in_japan(moment: date | datetime) -> date:
    """The day in Japan of an instant; a day is itself."""
    return moment.astimezone(JAPAN).date() if isinstance(moment, datetime) else moment
