"""`rights deadlines`: the table, what may be asked, and the calendar that is new or replaces another."""

import json
from pathlib import Path

import pytest
from icalendar import Calendar

from tests.cli.conftest import SMALL, record_at
from tests.cli.terminal import REPOSITORY, Rights, json_lines
from tests.scenario import allotted, company, departed, issue

ASKED = ("deadlines", "--on", "2018-07-02")


def test_the_table(small_ledger: Rights) -> None:
    """director-1 left on 28 June and exercised 4 of 24 on 2 July; all hold until 14 July 2047."""
    assert small_ledger(*ASKED).table == (
        "Deadlines on 2018-07-02 · ledger main at version 11\n"
        "day         days left  what                        series  holder      rights  shares\n"
        "──────────  ─────────  ──────────────────────────  ──────  ──────────  ──────  ──────\n"
        "2018-07-08          6  last day to exercise        7       director-1      20   4,000\n"
        "2018-08-14         43  file the month's exercises  7                        4     800\n"
        "2047-07-14     10,604  exercise period ends        7                       37   7,400\n"
    )


@pytest.mark.parametrize(("within", "days"), [
    ("5d", []), ("6d", ["2018-07-08"]), ("1w", ["2018-07-08"]), ("42d", ["2018-07-08"]),
    ("43d", ["2018-07-08", "2018-08-14"]), ("0d", []), ("9999w", ["2018-07-08", "2018-08-14", "2047-07-14"]),
])  # fmt: skip
def test_within_so_many_days_or_weeks(small_ledger: Rights, within: str, days: list[str]) -> None:
    assert [row["on"] for row in small_ledger(*ASKED, "--within", within, "--json").json["rows"]] == days


@pytest.mark.parametrize("within", ["30", "d", "1m", "-1d", "1.5d", "10000d", ""])
def test_what_is_no_span(small_ledger: Rights, within: str) -> None:
    told = small_ledger(*ASKED, f"--within={within}")
    assert (told.code, told.sentence) == (
        2, f"rights: malformed: --within {within} is no span: write days or weeks, such as 30d or 6w")  # fmt: skip


def test_the_document(small_ledger: Rights) -> None:
    document = small_ledger(*ASKED, "--json").answer
    assert {key: document[key] for key in ("ledger", "on", "known_version")} == {
        "ledger": "main", "on": "2018-07-02", "known_version": 11}  # fmt: skip
    assert document["rows"][1] == {
        "on": "2018-08-14", "days_left": 43, "kind": "file-exercises", "series": "7", "holder": None,
        "inherited_from": None, "transferred_from": None, "rights": 4, "shares": 800, "changed_on": "2018-07-31",
    }  # fmt: skip
    assert small_ledger(*ASKED, "--csv").out.splitlines()[0] == ",".join(document["rows"][1])


def test_of_one_holder_the_windows_that_end_with_the_period_too(small_ledger: Rights) -> None:
    told = small_ledger("deadlines", "--on", "2019-03-15", "--holder", "heir-1", "--why")
    assert "2019-09-15        184  last day to exercise  7       heir-1 (heir of director-2)" in told.table
    assert "6 months after the inheritance of 2019-03-15 (version 10)" in told.table
    assert "--every-window" in small_ledger("deadlines", "--help").out


def test_a_ledger_without_entries(new_ledger: Rights, folder: Path) -> None:
    told = new_ledger(*ASKED, "--ics", "none.ics")
    assert told.out.startswith("Deadlines on 2018-07-02 · ledger main at version 0: none\n")
    assert told.out.endswith("none.ics holds the calendar.\n")
    assert len(Calendar.from_ical((folder / "none.ics").read_bytes()).walk("VTIMEZONE")) == 1


def test_a_calendar_of_what_is_answered(small_ledger: Rights, folder: Path) -> None:
    told = small_ledger(*ASKED, "--within", "60d", "--ics", "rights.ics")
    assert (told.code, told.err) == (0, "")
    assert told.out == small_ledger(*ASKED, "--within", "60d").out + "rights.ics holds the calendar.\n"
    events = Calendar.from_ical((folder / "rights.ics").read_bytes()).walk("VEVENT")
    assert [str(event["SUMMARY"]) for event in events] == [
        "last day to exercise: series 7, director-1", "file the month's exercises: series 7"]  # fmt: skip
    assert "item 11(2): 10 days from the day after the departure of 2018-06-28" in str(events[0]["DESCRIPTION"])
    # Recorded in the morning of 1 April 2021 in Japan.
    assert {event.decoded("DTSTAMP").isoformat() for event in events} == {"2021-04-01T00:30:00+00:00"}


@pytest.mark.parametrize("form", ["--json", "--csv"])
def test_what_programs_read_is_the_answer_alone(small_ledger: Rights, folder: Path, form: str) -> None:
    assert small_ledger(*ASKED, "--ics", "rights.ics", form).out == small_ledger(*ASKED, form).out
    assert (folder / "rights.ics").exists()


def test_a_calendar_is_replaced_by_force_alone(small_ledger: Rights, folder: Path) -> None:
    file = folder / "rights.ics"
    assert small_ledger(*ASKED, "--ics", "rights.ics").code == 0
    before = file.read_bytes()
    assert small_ledger("exercise", "--series", "7", "--holder", "director-1", "--rights", "1", "--on",
                        "2018-07-02").code == 0  # fmt: skip
    refused = small_ledger(*ASKED, "--ics", "rights.ics")
    assert (refused.code, refused.sentence) == (
        2, "rights: malformed: rights.ics is there already; --force replaces it")  # fmt: skip
    assert file.read_bytes() == before
    assert small_ledger(*ASKED, "--ics", "rights.ics", "--force").code == 0
    earlier, later = (Calendar.from_ical(each).walk("VEVENT") for each in (before, file.read_bytes()))
    assert [event["UID"] for event in earlier] == [event["UID"] for event in later]
    assert [event.decoded("SEQUENCE") for event in (*earlier, *later)] == [11] * 3 + [12] * 3
    assert [each.name for each in folder.iterdir() if each.name.startswith(".rights-")] == []


@pytest.mark.parametrize(("words", "says"), [
    (("--force",), "--force replaces a file that is there: name it, as with --xlsx"),
    (("--ics", "nowhere/a.ics"), "nowhere/a.ics cannot be made: there is no folder nowhere"),
    (("--ics", "letter.txt", "--force"), "letter.txt is no calendar, and is not replaced: name another file"),
    (("--ics", "a.ics", "--all-ledgers"),
     "--ics writes the deadlines of one ledger, and --all-ledgers asks every one: leave one of them out"),
    (("--all-ledgers", "--ics", "a.ics"), "--all-ledgers asks every one"),
    (("--ics", "a.ics", "--holder", "nobody"), "holder nobody is not known on any day"),
])  # fmt: skip
def test_a_call_that_makes_no_calendar(small_ledger: Rights, folder: Path, words: tuple[str, ...], says: str) -> None:
    (folder / "letter.txt").write_text("Dear Sir", encoding="utf-8")
    told = small_ledger(*ASKED, *words)
    assert told.code in {1, 2}
    assert says in told.sentence
    assert not (folder / "a.ics").exists()
    assert (folder / "letter.txt").read_text(encoding="utf-8") == "Dear Sir"


@pytest.mark.parametrize("name", [
    "取締役,甲;乙\\N丙", "BEGIN:VEVENT", '"a":b=c', "役" * 200, "é" * 199 + "\\", "=1+1", "-", "a b\u3000c",
])  # fmt: skip
def test_hostile_names_through_the_command_line(new_ledger: Rights, folder: Path, name: str) -> None:
    """Every name that an entry may have comes out as it went in, in lines that the RFC allows."""
    lines = json_lines(company(), issue(name), allotted(24, name, series=name), departed("2018-06-28", holder=name))
    assert new_ledger("record", "-", given=lines).code == 0
    assert new_ledger(*ASKED, "--ics", "a.ics").code == 0
    content = (folder / "a.ics").read_bytes()
    assert all(len(line) <= 75 for line in content.split(b"\r\n"))
    assert b"\n" not in content.replace(b"\r\n", b"")
    written = name.replace("\\", "\\\\").replace(";", "\\;").replace(",", "\\,")
    unfolded = content.replace(b"\r\n ", b"").decode().split("\r\n")
    assert f"SUMMARY:last day to exercise: series {written}\\, {written}" in unfolded
    assert unfolded.count("BEGIN:VEVENT") == unfolded.count("END:VEVENT") == 2


@pytest.mark.parametrize(("on", "rows"), [
    ("2014-07-10", [("2014-07-11", "period-begins", "2014", 128, 25_600),
                    ("2014-07-24", "file-issue", "2014", 128, 25_600),
                    ("2044-07-10", "period-ends", "2014", 128, 25_600)]),
    ("2017-07-28", [("2017-07-28", "file-issue", "7", 245, 49_000), ("2044-07-10", "period-ends", "2014", 128, 25_600),
                    ("2047-07-14", "period-ends", "7", 245, 49_000)]),
    ("2022-10-14", [("2022-10-14", "file-shares", "2014", 98, 78_400), ("2022-10-14", "file-shares", "7", 190, 152_000),
                    ("2044-07-10", "period-ends", "2014", 98, 78_400),
                    ("2047-07-14", "period-ends", "7", 190, 152_000)]),
])  # fmt: skip
def test_the_days_of_the_two_notices(demo_ledger: Rights, on: str, rows: list[tuple[str, str, str, int, int]]) -> None:
    """Allotted on 10 July 2014 and 14 July 2017; split 1:2 on 1 October 2022, from which 14 days are until the 14th."""
    told = demo_ledger("deadlines", "--on", on, "--json").json["rows"]
    assert [tuple(row[key] for key in ("on", "kind", "series", "rights", "shares")) for row in told] == rows


def test_postgresql_answers_the_same(small_ledger: Rights, postgres_database: str, folder: Path) -> None:
    record_at("2021-04-01T09:30:00+09:00", SMALL, postgres_database)
    for words in (ASKED, ("rollforward", "--from", "2018-04-01", "--until", "2019-03-31"),
                  ("registration", "--month", "2018-07"), ("dilution", "--shares-outstanding", "1000")):  # fmt: skip
        there = small_ledger(*words, "--json", "--db", postgres_database)
        assert (there.code, there.json["rows"]) == (0, small_ledger(*words, "--json").json["rows"])
    assert small_ledger(*ASKED, "--ics", "there.ics", "--db", postgres_database).code == 0
    assert small_ledger(*ASKED, "--ics", "here.ics").code == 0
    assert (folder / "there.ics").read_bytes() == (folder / "here.ics").read_bytes()


def test_every_ledger_is_asked_at_once(small_ledger: Rights) -> None:
    told = small_ledger(*ASKED, "--all-ledgers", "--json")
    assert (told.code, told.err) == (0, "")
    head, *rows = map(json.loads, told.out.splitlines())
    assert head["rows"] == len(rows) == 3
    assert rows == [{"ledger": "main", **row} for row in small_ledger(*ASKED, "--json").json["rows"]]


def test_the_page_names_every_kind() -> None:
    page = (REPOSITORY / "docs" / "deadlines.md").read_text(encoding="utf-8")
    for kind in ("window-opens", "window-closes", "heir-awaited", "period-begins", "period-ends", "file-issue",
                 "file-exercises", "file-lapse", "file-waiver", "file-cancellation", "file-replacement",
                 "file-shares"):  # fmt: skip
        assert f"`{kind}`" in page
