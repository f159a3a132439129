"""The calendar of deadlines: what calendar programs read by RFC 5545, and what stays when it is made anew."""

import re
from datetime import date, timedelta
from typing import Any

import pytest
from icalendar import Calendar, Component
from msgspec.structs import replace

from ledger.domain.characters import seen
from ledger.domain.reasons import Reason
from ledger.projections.report_rows import DeadlineRow
from ledger.reports.calendar import REMINDERS, calendar, uid_of
from ledger.reports.deadline_words import what_of
from ledger.reports.language import spoken

ROW = DeadlineRow(
    date(2018, 7, 8), 10, "window-closes", "7", "director-1", None, None, rights=24, shares=4_800, changed_on=None,
    because=(Reason(4, "item 11(2)", "10 days from the day after the departure of 2018-06-28"),),
)  # fmt: skip
FILING = replace(
    ROW, on=date(2018, 8, 14), kind="file-exercises", holder=None, changed_on=date(2018, 7, 31), because=()
)
KINDS = (
    "window-closes", "window-opens", "heir-awaited", "period-begins", "period-ends", "file-issue", "file-exercises",
    "file-lapse", "file-waiver", "file-cancellation", "file-replacement", "file-shares",
)  # fmt: skip
RECORDED_AT = "2018-06-29T01:02:03.456789Z"


def made(*rows: DeadlineRow, **changes: Any) -> bytes:
    given: dict[str, Any] = {"ledger": "main", "version": 5, "recorded_at": RECORDED_AT, **changes}
    return calendar(rows, **given)


def events(content: bytes) -> list[Component]:
    return list(Calendar.from_ical(content).walk("VEVENT"))


def check_form(content: bytes) -> None:
    """RFC 5545, 3.1: lines of at most 75 octets that end with CR LF, each of whole characters, none of control."""
    assert content.endswith(b"\r\n")
    for line in content.split(b"\r\n")[:-1]:
        assert len(line) <= 75, line
        text = line.decode()
        assert not any(ord(each) < 0x20 or 0x7F <= ord(each) < 0xA0 for each in text), line
    assert content.startswith(b"BEGIN:VCALENDAR\r\n")


def property_of(content: bytes, name: str) -> str:
    """The text of the first property of a name, read by the rules alone (RFC 5545, 3.1 and 3.3.11)."""
    (line, *_) = (each for each in content.decode().replace("\r\n ", "").split("\r\n") if each.startswith(f"{name}:"))
    return re.sub(r"\\(.)", lambda found: "\n" if found[1] in "nN" else found[1], line.partition(":")[2])


def test_an_event_is_a_whole_day_with_reminders_and_what_is_at_stake() -> None:
    content = made(ROW)
    check_form(content)
    (event,) = events(content)
    assert (event.decoded("DTSTART"), event.decoded("DTEND")) == (date(2018, 7, 8), date(2018, 7, 9))
    assert event["DTSTART"].params["VALUE"] == "DATE"
    assert str(event["SUMMARY"]) == "last day to exercise: series 7, director-1"
    assert str(event["DESCRIPTION"]).split("\n") == [
        "rights: 24, shares: 4,800", "item 11(2): 10 days from the day after the departure of 2018-06-28",
        "ledger main at version 5",
    ]  # fmt: skip
    assert [alarm.decoded("TRIGGER") for alarm in event.walk("VALARM")] == [timedelta(days=-7), timedelta(days=-1)]
    assert {str(alarm["ACTION"]) for alarm in event.walk("VALARM")} == {"DISPLAY"}
    assert event.decoded("DTSTAMP").isoformat() == "2018-06-29T01:02:03+00:00"
    assert event.decoded("SEQUENCE") == 5


def test_the_calendar_says_who_made_it() -> None:
    found = Calendar.from_ical(made(ROW))
    assert (str(found["PRODID"]), str(found["VERSION"])) == ("-//rights-ledger//deadlines//EN", "2.0")


def test_the_same_deadline_is_the_same_event_whatever_becomes_of_it() -> None:
    moved = replace(ROW, on=date(2018, 7, 9), rights=20, shares=4_000, days_left=3, because=())
    assert uid_of(moved, "main") == uid_of(ROW, "main") == "310ee2c6-40f2-5c62-b1c2-217394c8e1c1"
    assert uid_of(replace(FILING, on=date(2018, 8, 15)), "main") == uid_of(FILING, "main")


@pytest.mark.parametrize("other", [
    {"kind": "window-opens"}, {"series": "8"}, {"holder": "director-2"}, {"inherited_from": "director-2"},
    {"transferred_from": "director-2"}, {"changed_on": date(2018, 7, 31)},
])  # fmt: skip
def test_another_deadline_is_another_event(other: dict[str, Any]) -> None:
    assert uid_of(replace(ROW, **other), "main") != uid_of(ROW, "main")


def test_two_filings_of_one_day_are_two_events() -> None:
    """Rights that lapse as a day begins are filed a day before those that an event of the day ends."""
    later = replace(FILING, on=date(2018, 8, 15))
    found = Calendar.from_ical(made(FILING, later))
    assert len({str(event["UID"]) for event in found.walk("VEVENT")}) == 2


def test_another_ledger_has_other_events() -> None:
    assert uid_of(ROW, "main") != uid_of(ROW, "other")


def test_the_same_ledger_makes_the_same_bytes() -> None:
    assert made(ROW, FILING) == made(ROW, FILING)


@pytest.mark.parametrize("text", [
    "取締役、一;二,三\\四", "a\r\nBEGIN:VEVENT\r\nUID:x", "\x1b]0;x\x07", "\u202e\u2028\x85\x00", '"quoted":;,\\n\\N',
    "役" * 200,    "👩‍👩‍👧" * 40, "\ttab", "=1+1", "é" * 73, "a" * 200,
])  # fmt: skip
def test_hostile_text_stays_in_its_place(text: str) -> None:
    row = replace(ROW, holder=text, series=text, because=(Reason(1, text, text),))
    content = made(row, ledger=text)
    check_form(content)
    (event,) = events(content)
    assert len(event.walk("VALARM")) == len(REMINDERS)
    shown = seen(text)
    assert property_of(content, "SUMMARY") == f"last day to exercise: series {shown}, {shown}"
    assert property_of(content, "X-WR-CALNAME") == f"Deadlines · ledger {shown}"
    assert property_of(content, "DESCRIPTION").split("\n") == [
        "rights: 24, shares: 4,800", f"{shown}: {shown}", f"ledger {shown} at version 5"]  # fmt: skip
    if "\\" not in shown:  # the library reads those otherwise
        assert str(event["SUMMARY"]) == property_of(content, "SUMMARY")


def test_an_heir_and_who_received_by_transfer_are_named_so() -> None:
    (event,) = events(made(replace(ROW, holder="heir-1", inherited_from="director-1")))
    assert str(event["SUMMARY"]).endswith(", heir-1 (heir of director-1)")
    (event,) = events(made(replace(ROW, holder="buyer-1", transferred_from="director-1")))
    assert str(event["SUMMARY"]).endswith(", buyer-1 (from director-1)")


def test_a_filing_is_of_a_series_and_of_a_day() -> None:
    (event,) = events(made(FILING))
    assert str(event["SUMMARY"]) == "file the month's exercises: series 7"
    assert str(event["DESCRIPTION"]).split("\n")[1] == "of 2018-07-31"
    with spoken("ja"):
        (event,) = events(made(FILING))
    assert "2018年7月31日" in str(event["DESCRIPTION"])


def test_a_calendar_without_events_holds_the_time_of_japan() -> None:
    content = made(version=0, recorded_at=None)
    check_form(content)
    (zone,) = Calendar.from_ical(content).walk("VTIMEZONE")
    assert str(zone["TZID"]) == "Asia/Tokyo"
    assert events(content) == []


def test_the_last_day_that_an_entry_may_name() -> None:
    (event,) = events(made(replace(ROW, on=date(2999, 12, 31))))
    assert event.decoded("DTEND") == date(3000, 1, 1)


def test_every_kind_has_its_words() -> None:
    assert len({what_of(kind) for kind in KINDS}) == len(KINDS)
