"""Whatever was recorded, by whomever: it moves no cursor, turns no text round, breaks no line and is no formula."""

import csv
import io
import json
import shlex
import unicodedata
from collections.abc import Sequence
from contextlib import redirect_stderr, redirect_stdout
from pathlib import Path

import msgspec
import pytest
from hypothesis import example, given
from hypothesis import strategies as st
from icalendar import Calendar

from ledger.cli.main import run
from ledger.cli.render import error_json, print_csv, print_json, print_table, say, warn
from ledger.domain.entries import Recorded
from ledger.domain.wellformed import fraction_from
from ledger.store import open_log
from ledger.store.codec import seal
from ledger.store.migrate import upgrade
from tests.cli.terminal import Rights, Told, in_process, in_terminal, json_lines
from tests.scenario import Given, allotted, company, departed, exercised, issue, pricing, split
from tests.store.samples import MADE_AT, add

EVIL = "\x1b]0;x\x07\x1b[2J\x9b31m\u202eexe\u200b\u2028\x85\x7f\r\n=1+1\t\U000e0041"
"""A title, a cleared screen, colours, text turned round, nothing, ends of lines, a formula, an invisible letter."""

SERIES, HOLDER, LEDGER = f"7{EVIL}", f"=cmd|{EVIL}", f"main{EVIL}"

HISTORY: Sequence[Given] = (
    {**company("IIJ"), "note": EVIL},
    {**issue(SERIES), "source": EVIL},
    pricing(1_900, series=SERIES),
    allotted(24, HOLDER, series=SERIES, position=EVIL),
    {**allotted(5, f"@{EVIL}", series=SERIES), "id": EVIL},
    {"type": "adjustment", "series": SERIES, "shares_per_right": 100, "on": "2018-01-01", "reason": EVIL},
    departed("2018-06-28", holder=HOLDER),
    exercised("2018-07-02", 4, holder=HOLDER, series=SERIES),
    split("2", "2020-12-31"),
    {"type": "retraction", "retracts": 6, "note": EVIL},
)


def is_shown(text: str) -> bool:
    """Whether a terminal shows a line as it is; spaces of other widths, and letters yet unknown, are harmless."""
    return not {unicodedata.category(each) for each in text} & {"Cc", "Cf", "Cs", "Zl", "Zp"}


def check_lines(told: Told) -> None:
    for line in (told.out + told.err).split("\n"):
        assert is_shown(line), repr(line)


@pytest.fixture
def evil_ledger(rights: Rights, folder: Path) -> Rights:
    """A ledger that another program has written: no name in it would have been let in."""
    upgrade("sqlite:///rights.db")
    log = open_log("sqlite:///rights.db")
    log.create(LEDGER, MADE_AT)
    rows = []
    for version, content in enumerate(HISTORY, start=1):
        envelope = {
            "version": version, "batch": version, "recorded_at": MADE_AT, "actor": f"+{EVIL}", "entry": content
        }  # fmt: skip
        each = msgspec.convert(envelope, Recorded, dec_hook=fraction_from)
        rows.append(
            seal(LEDGER, content, each.entry, version=version, batch=version, recorded_at=MADE_AT, actor=each.actor)
        )
    with log.writing(LEDGER) as writer:
        add(writer, rows)
    log.close()
    return rights


QUESTIONS = (
    "holdings --as-of 2018-07-03", "holdings --as-of 2018-07-03 --why", "series --as-of 2021-01-01",
    "series --as-of 2021-01-01 --why", "eligibility --on 2018-06-30", "exercises", "exercises --why", "history",
    "deadlines --on 2018-06-30 --why", "rollforward --from 2018-01-01 --until 2018-12-31 --why",
    "registration --month 2018-07 --why", "dilution --shares-outstanding 1000 --share-price 2 --as-of 2018-06-30 --why",
    "explain --version 8", "diff --as-of 2018-06-01 --as-of 2021-01-01",
)  # fmt: skip


@pytest.mark.parametrize("question", QUESTIONS)
def test_tables(evil_ledger: Rights, question: str) -> None:
    told = evil_ledger(*question.split())
    assert (told.code, told.err) == (0, "")
    assert "\\u001b" in told.out
    check_lines(told)


def test_a_line_feed_inside_breaks_no_table(evil_ledger: Rights) -> None:
    told = evil_ledger("history")
    rows = told.out.partition("\n\n")[0].split("\n")[3:]  # after title, headings and rule
    assert len(rows) == len(HISTORY)
    assert [row.split()[0] for row in rows] == [str(version) for version in range(1, len(HISTORY) + 1)]


@pytest.mark.parametrize("question", QUESTIONS)
@pytest.mark.parametrize("form", ["", " --json", " --csv"])
def test_in_a_terminal(evil_ledger: Rights, folder: Path, question: str, form: str) -> None:
    if "--why" in question and form == " --csv":
        return  # CSV has no reasons
    told = in_terminal(["rights", *f"{question}{form}".split()], folder, columns=100)
    assert told.code == 0
    # A line of CSV ends with CR LF.
    check_lines(told._replace(out=told.out.replace("\t", "").replace("\r\n", "\n")) if form == " --csv" else told)


def test_an_export_in_a_terminal_and_in_a_file(evil_ledger: Rights, folder: Path) -> None:
    """What goes into a file is what is stored, byte by byte; a terminal shows the same values."""
    shown = in_terminal(["rights", "export"], folder, columns=100)
    assert shown.code == 0
    check_lines(shown)
    assert in_process(["sh", "-c", "rights export > export.jsonl"], folder).code == 0
    stored = (folder / "export.jsonl").read_bytes().splitlines()
    assert "\x9b" in stored[0].decode()
    assert [json.loads(line) for line in shown.out.splitlines()] == [json.loads(line) for line in stored]


@pytest.mark.parametrize("question", QUESTIONS)
def test_json_says_the_same_and_shows_no_unseen_character(evil_ledger: Rights, question: str) -> None:
    told = evil_ledger(*question.split(), "--json")
    check_lines(told)
    assert told.json["ledger"] == LEDGER
    if question == "history":
        assert [row["entry"] for row in told.json["rows"]] == list(HISTORY)
        assert told.json["rows"][0]["actor"] == f"+{EVIL}"
    elif "holder" in told.json["rows"][0] and not question.startswith("deadlines"):
        assert HOLDER in {row["holder"] for row in told.json["rows"]}


def test_a_calendar_holds_no_unseen_character(evil_ledger: Rights, folder: Path) -> None:
    told = evil_ledger("deadlines", "--on", "2018-06-30", "--ics", "a.ics")
    assert (told.code, told.err) == (0, "")
    content = (folder / "a.ics").read_bytes()
    lines = content.decode().split("\r\n")
    assert all(is_shown(line) for line in lines)
    events = Calendar.from_ical(content).walk("VEVENT")
    assert len(events) == lines.count("BEGIN:VEVENT") == 2
    assert any("\\u000d\\u000a=1+1" in str(event["SUMMARY"]) for event in events)


def test_csv_holds_no_formula(evil_ledger: Rights) -> None:
    for question in ("holdings --as-of 2018-07-03", "series", "eligibility --on 2018-06-30", "exercises", "history"):
        told = evil_ledger(*question.split(), "--csv")
        for row in csv.reader(io.StringIO(told.out, newline="")):
            for cell in row:
                assert not cell.startswith(tuple("=+-@\t\r"))
                assert is_shown(cell.replace("\n", "").replace("\t", "")), repr(cell)
    holders = [row["holder"] for row in csv.DictReader(io.StringIO(evil_ledger("holdings", "--csv").out, newline=""))]
    assert all(holder.startswith(("'=", "'@")) for holder in holders)


@pytest.mark.parametrize("command", [
    ["depart", "--holder", EVIL, "--on", "2018-06-28"],
    ["depart", "--holder", "=cmd", "--on", "2018-06-28"],
    ["depart", "--holder", "director-1", "--on", EVIL],
    ["exercise", "--series", "7", "--holder", "x", "--rights", EVIL, "--on", "2018-06-28"],
    ["split", "--company", "IIJ", "--ratio", EVIL, "--record-date", "2021-12-31"],
    ["split", "--company", "IIJ", "--ratio", "2", "--record-date", "2021-12-31"],
    ["retract", "9"],
    ["holdings", "--series", EVIL], ["holdings", "--as-of", EVIL], ["holdings", "--known-at", EVIL],
    ["holdings", "--known-version", EVIL], ["holdings", "--ledger", EVIL], ["holdings", "--db", f"sqlite:///{EVIL}"],
    ["holdings", f"--{EVIL}"], [EVIL], ["holdings", EVIL], ["record", EVIL], ["issue", EVIL],
    ["value", "--share-price", EVIL], ["verify"], ["init", "--ledger", EVIL], ["history", "--actor", EVIL],
], ids=str)  # fmt: skip
@pytest.mark.parametrize("form", [[], ["--json"]])
def test_sentences(evil_ledger: Rights, command: list[str], form: list[str]) -> None:
    """What follows, what is refused, what was meant: they repeat what was given, and what is there."""
    check_lines(evil_ledger(*command, *form))


def test_what_follows_names_what_is_there(evil_ledger: Rights) -> None:
    told = evil_ledger("split", "--company", "IIJ", "--ratio", "2", "--record-date", "2021-12-31")
    assert told.code == 0
    assert "Series 7\\u001b" in told.out


def test_a_name_that_was_meant_is_escaped(evil_ledger: Rights) -> None:
    told = evil_ledger("depart", "--holder", "=cmd|", "--on", "2018-06-28")
    check_lines(told)
    assert told.code == 1


@pytest.mark.parametrize("more", [(), ("--keep-going",), ("--json",), ("--keep-going", "--json")])
def test_the_errors_of_a_batch(new_ledger: Rights, more: tuple[str, ...]) -> None:
    given = json_lines(
        {"type": EVIL}, {EVIL: 1, "type": "death"}, {**company("A"), "company": EVIL}, {**company("A"), "on": EVIL},
        departed("2018-06-28", holder="nobody"),
    ) + b"\x1b[2J\xff\n"  # fmt: skip
    told = new_ledger("record", "-", *more, given=given)
    assert told.code == 2
    check_lines(told)


def test_completion_offers_no_name_that_would_break_the_shell(
    evil_ledger: Rights, folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    for shell in ("bash", "zsh", "fish"):
        settings = {
            "_RIGHTS_COMPLETE": f"complete_{shell}", "COMP_WORDS": "rights holdings --holder ", "COMP_CWORD": "3",
            "_TYPER_COMPLETE_ARGS": "rights holdings --holder ", "_TYPER_COMPLETE_FISH_ACTION": "get-args",
        }  # fmt: skip
        told = in_process(["rights"], folder, settings=settings)
        assert told.err == ""
        assert "exe" not in told.out


# One cell, one line, one document at a time.


def printed(print_: object, *arguments: object) -> str:
    out = io.StringIO(newline="")
    with redirect_stdout(out), redirect_stderr(out):
        print_(*arguments)  # type: ignore[operator]
    return out.getvalue()


def cell_of(value: object) -> str:
    ((heading,), (cell,)) = csv.reader(io.StringIO(printed(print_csv, ["a"], [{"a": value}]), newline=""))
    assert heading == "a"
    return cell


@pytest.mark.parametrize("text", [
    "=1+1", "+1+1", "-1+1", "@SUM(A1)", "\t=1", "\n=1", " =1", "   +1", '"=1', "'=1", " '\"=1", "＝1", "＋1", "－1+1",
    "＠SUM(A1)", "﹦1", "⁼1", "\u3000=1", "\u00a0=1", "=", "-", "+", "@", "-1-", "--1", "-1e5", "+81-3-1234-5678",
    "=HYPERLINK(\"http://x\")", "-2018-06-28", "`=1", "\t", "\ta", "\na",
])  # fmt: skip
def test_a_cell_that_begins_a_formula_begins_with_an_apostrophe(text: str) -> None:
    assert cell_of(text) == f"'{text}"


@pytest.mark.parametrize("value", [
    "director-1", "7", "a=b", "2018-06-28", "-5", "-126.28", "126.28", "3/2", "取締役", "O'Neil", "a@b", "¥-5", "",
    "'a", "two\nlines", "a\tb", "a,b", 'a"b', "×", "−5",
])  # fmt: skip
def test_a_cell_that_begins_none_stays_as_it_is(value: str) -> None:
    assert cell_of(value) == value


@pytest.mark.parametrize(("value", "cell"), [
    (0, "0"), (-5, "-5"), (10**20, "1" + "0" * 20), (True, "true"), (False, "false"), (None, ""),
    ({"a": "=1"}, '{"a": "=1"}'), (["=1"], '["=1"]'), ({"a": "\x1b\u202e"}, '{"a": "\\u001b\\u202e"}'),
    ("a\r\nb", "a\nb"), ("a\rb", "a\\u000db"), ("\r=1", "\\u000d=1"), ("\x1b[2J", "\\u001b[2J"),
    ("\u202e=1", "\\u202e=1"),
])  # fmt: skip
def test_other_cells(value: object, cell: str) -> None:
    assert cell_of(value) == cell


@given(st.text())
@example(EVIL)
def test_any_cell(text: str) -> None:
    cell = cell_of(text)
    assert is_shown(cell.replace("\n", "").replace("\t", ""))
    rest = unicodedata.normalize("NFKC", cell.strip())
    assert rest[:1] not in set("=+-@") or rest.removeprefix("-").replace(".", "").isdecimal()
    if is_shown(text):
        assert cell.removeprefix("'") == text.removeprefix("'")


@given(st.text())
@example(EVIL)
def test_any_line_and_any_table(text: str) -> None:
    for line in (printed(say, text), printed(warn, text)):
        assert line.endswith("\n")
        assert is_shown(line[:-1])
    table = printed(print_table, "title", ["heading", "other"], [[text, 1], [2, text]])
    assert table.count("\n") == 5
    assert all(map(is_shown, table.split("\n")))


def test_what_is_escaped_keeps_its_column() -> None:
    assert printed(print_table, "title", ["name", "rights"], [["a\x1b[2J", 1], ["b", 2]]).split("\n") == [
        "title", "name        rights", "──────────  ──────", "a\\u001b[2J       1", "b                2", "",
    ]  # fmt: skip


@given(
    st.recursive(st.none() | st.text() | st.integers(), lambda each: st.lists(each) | st.dictionaries(st.text(), each))
)
@example({EVIL: [EVIL]})
def test_any_document(value: object) -> None:
    document = printed(print_json, {"value": value})
    assert json.loads(document) == {"value": value}
    assert all(map(is_shown, document.split("\n")))


@given(st.text(), st.none() | st.integers(1))
@example(EVIL, 1)
def test_any_error(message: str, line: int | None) -> None:
    told = error_json("malformed", message, line)
    assert json.loads(told) == {"error": {"code": "malformed", "message": message, "line": line}}
    assert is_shown(told)


def test_plain_text_is_printed_as_it_is() -> None:
    plain = "役員・取締役 ¥1,000 – “quoted” 🏢 é"
    assert printed(say, plain) == f"{plain}\n"
    assert plain in printed(print_json, {"a": plain})


def test_the_help_says_how_a_formula_is_written() -> None:
    out = io.StringIO()
    with redirect_stdout(out):
        assert run(shlex.split("holdings --help")) == 0
    assert "begins with an apostrophe" in " ".join(out.getvalue().replace("│", " ").split())
