"""Deadlines as an iCalendar (RFC 5545) that calendar programs import, and update when they import it again.

The library is loaded where a calendar is written, so that its types are not named here.
"""

import json
from collections import Counter
from collections.abc import Iterable, Iterator
from datetime import datetime, timedelta
from typing import Any, Final
from uuid import NAMESPACE_URL, UUID, uuid5

from ledger.domain.characters import seen
from ledger.domain.spans import next_day
from ledger.projections.report_rows import DeadlineRow
from ledger.reports.cells import holder_of
from ledger.reports.deadline_words import what_of
from ledger.reports.language import day, language, reworded, series_name, text

PRODID: Final = "-//rights-ledger//deadlines//{language}"
NAMES: Final[UUID] = uuid5(NAMESPACE_URL, "urn:rights-ledger:deadline")
REMINDERS: Final = (timedelta(days=7), timedelta(days=1))
"""So long before the day begins."""


def calendar(rows: Iterable[DeadlineRow], *, ledger: str, version: int, recorded_at: str | None) -> bytes:
    """The deadlines of a ledger, each an event of a whole day, in the language spoken.

    version: the last that counted; it is the sequence number of each event, so that a later calendar is the newer.
    recorded_at: when that entry was recorded; the same ledger makes the same bytes, whenever it is asked.
    """
    from icalendar import Calendar

    made = Calendar()
    made.add("PRODID", PRODID.format(language=language().upper()))
    made.add("VERSION", "2.0")
    made.add("CALSCALE", "GREGORIAN")
    made.add("METHOD", "PUBLISH")
    made.add("X-WR-CALNAME", _words(seen(text("Deadlines · ledger {ledger}", ledger=ledger))))
    known: Counter[str] = Counter()
    for row in rows:
        uid = uid_of(row, ledger)
        made.add_component(_event(row, uid_of(row, ledger, known[uid]), ledger, version, recorded_at))
        known[uid] += 1
    if not made.subcomponents:
        made.add_component(_timezone())
    return bytes(made.to_ical())


def _words(words: str) -> Any:
    """A property that is text, to be written as it is."""
    from icalendar.prop import vInline

    return vInline(escaped(words))


def escaped(words: str) -> str:
    r"""Text as a property holds it (RFC 5545, 3.3.11). The library takes ``\N`` in a name for an end of line.

    >>> print(escaped("a,b;\\N\nc"))
    a\,b\;\\N\nc
    """
    for each, written in (("\\", "\\\\"), (";", "\\;"), (",", "\\,"), ("\n", "\\n")):
        words = words.replace(each, written)
    return words


def uid_of(row: DeadlineRow, ledger: str, number: int = 0) -> str:
    """What a calendar knows an event by: whose deadline it is, whatever day it has moved to.

    A holding has one window, a series one period; filings are told apart by the day or the month that they are of, and
    those of one day by their number: rights that lapse as a day begins are filed a day before those that an event ends.
    """
    of = [ledger, row.kind, row.series, row.holder, row.inherited_from, row.transferred_from]
    changed_on = None if row.changed_on is None else row.changed_on.isoformat()
    return str(uuid5(NAMES, json.dumps([*of, changed_on, *([number] if number else [])])))


def _event(row: DeadlineRow, uid: str, ledger: str, version: int, recorded_at: str | None) -> Any:
    from icalendar import Event

    made = Event()
    made.add("UID", uid)
    if recorded_at is not None:
        stamp = datetime.fromisoformat(recorded_at).replace(microsecond=0)
        made.add("DTSTAMP", stamp)
        made.add("LAST-MODIFIED", stamp)
    made.add("SEQUENCE", version)
    made.add("DTSTART", row.on)
    made.add("DTEND", next_day(row.on))
    made.add("TRANSP", "TRANSPARENT")
    made.add("CATEGORIES", [row.kind])
    made.add("SUMMARY", _words(_summary(row)))
    made.add("DESCRIPTION", _words("\n".join(_description(row, ledger, version))))
    for before in REMINDERS:
        made.add_component(_alarm(row, before))
    return made


def _alarm(row: DeadlineRow, before: timedelta) -> Any:
    from icalendar import Alarm

    made = Alarm()
    made.add("ACTION", "DISPLAY")
    made.add("DESCRIPTION", _words(_summary(row)))
    made.add("TRIGGER", -before)
    return made


def _timezone() -> Any:
    """A calendar must hold something (RFC 5545, 3.6): without events it holds the time of Japan."""
    from icalendar import Timezone, TimezoneStandard

    japan, standard = Timezone(), TimezoneStandard()
    japan.add("TZID", "Asia/Tokyo")
    standard.add("DTSTART", datetime(1970, 1, 1))  # noqa: DTZ001  # local, as the standard wants it
    standard.add("TZOFFSETFROM", timedelta(hours=9))
    standard.add("TZOFFSETTO", timedelta(hours=9))
    standard.add("TZNAME", "JST")
    japan.add_component(standard)
    return japan


def _summary(row: DeadlineRow) -> str:
    what, holder = what_of(row.kind), holder_of(row)
    if holder:
        return seen(text("{what}: {series}, {holder}", what=what, series=series_name(row.series), holder=holder))
    return seen(text("{what}: {series}", what=what, series=series_name(row.series)))


def _description(row: DeadlineRow, ledger: str, version: int) -> Iterator[str]:
    """What is at stake and why, each on its line; nothing in it that nobody sees."""
    yield text("rights: {rights}, shares: {shares}", rights=f"{row.rights:,}", shares=f"{row.shares:,}")
    if row.changed_on is not None:
        yield text("of {changed_on}", changed_on=day(row.changed_on))
    for reason in row.because:
        yield seen(text("{item}: {says}", item=text(reason.item), says=reworded(reason.says)))
    yield seen(text("ledger {ledger} at version {version}", ledger=ledger, version=f"{version:,}"))
