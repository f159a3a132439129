"""`--all-ledgers`: a question to every ledger of a database, streamed by their ids, in one process or in several."""

import csv
import io
import json
import pickle
import sqlite3
import sys
from collections.abc import Sequence
from contextlib import closing
from datetime import date
from pathlib import Path
from typing import Any

import pytest

from ledger import open_ledger
from ledger.cli import parquet
from ledger.cli.ask import eligibility, exercises, holdings, series
from ledger.cli.streamed import json_lines
from tests.cli.terminal import Rights, Told, in_process
from tests.scenario import allotted, company, issue, pricing, split

DAY = "2018-07-08"
QUESTIONS = (
    ("holdings", "--as-of", DAY), ("holdings", "--as-of", DAY, "--outstanding"), ("series", "--as-of", DAY),
    ("eligibility", "--on", DAY), ("exercises", "--from", "2018-07-01", "--as-of", DAY),
)  # fmt: skip
JOBS = [("--jobs", "1"), ("--jobs", "2")]
LEDGERS = ("=acme", "empty", "main")


@pytest.fixture
def several(small_ledger: Rights) -> Rights:
    """The ledgers `=acme` (two holders of an 8th series) and `empty` beside `main`."""
    for ledger in LEDGERS[:2]:
        assert small_ledger("init", "--ledger", ledger).code == 0
    with open_ledger("sqlite:///rights.db", "=acme") as book:
        book.record(
            [company(), issue("8", exercise_price="126.28"), pricing("0.5", series="8"),
             allotted(5, "=1+1", series="8"), allotted(6, "director-1", series="8")],
            actor="hr",
        )  # fmt: skip
    return small_ledger


def damage(ledger: str) -> None:
    """Change the head of a ledger past its guards."""
    with closing(sqlite3.connect("rights.db")) as connection:
        ((guard,),) = connection.execute("SELECT sql FROM sqlite_master WHERE name = 'ledgers_head_follows'")
        connection.execute("DROP TRIGGER ledgers_head_follows")
        connection.execute("UPDATE ledgers SET peaks = zeroblob(64) WHERE ledger_id = ?", (ledger,))
        connection.execute(guard)
        connection.commit()


def lines(told: Told) -> list[dict[str, Any]]:
    assert (told.code, told.err) == (0, "")
    return [json.loads(line) for line in told.out.splitlines()]


def one_by_one(rights: Rights, question: Sequence[str], *more: str) -> list[dict[str, Any]]:
    """What the ledgers answer one after the other, as the lines of all are promised."""
    found: list[dict[str, Any]] = []
    for ledger in LEDGERS:
        document = rights(*question, "--ledger", ledger, "--json", *more).json
        rows = document.pop("rows")
        found += [{**document, "rows": len(rows)}, *({"ledger": ledger, **row} for row in rows)]
    return found


@pytest.mark.parametrize("jobs", JOBS)
@pytest.mark.parametrize("question", QUESTIONS, ids=" ".join)
@pytest.mark.parametrize("more", [(), ("--why",), ("--known-at", "2021-04-01")], ids=str)
def test_each_line_is_what_the_ledger_says_alone(
    several: Rights, jobs: Sequence[str], question: Sequence[str], more: Sequence[str]
) -> None:
    found = lines(several(*question, "--all-ledgers", "--json", *jobs, *more))
    expected = one_by_one(several, question, *more)
    assert found == expected
    assert [list(line) for line in found] == [list(line) for line in expected]
    assert {line["ledger"] for line in found} == set(LEDGERS)


def test_the_ledger_comes_first_and_its_root_before_its_rows(several: Rights) -> None:
    found = lines(several("holdings", "--all-ledgers", "--as-of", DAY, "--format", "jsonl"))
    assert [next(iter(line)) for line in found] == ["ledger"] * len(found)
    heads = [line for line in found if "root" in line]
    assert [(head["ledger"], head["known_version"], head["rows"]) for head in heads] == [
        ("=acme", 5, 2), ("empty", 0, 0), ("main", 11, 3),
    ]  # fmt: skip
    for head in heads:
        assert several("verify", "--ledger", head["ledger"], "--json").json["root"] == head["root"]


@pytest.mark.parametrize("question", QUESTIONS, ids=" ".join)
def test_values_between_commas_are_those_of_the_ledgers_alone(several: Rights, question: Sequence[str]) -> None:
    told = several(*question, "--all-ledgers", "--csv")
    assert (told.code, told.err) == (0, "")
    assert told.out.count("\r\n") == told.out.count("\n")
    (heading, *rows) = csv.reader(io.StringIO(told.out, newline=""))
    expected = []
    for ledger in LEDGERS:
        alone = several(*question, "--ledger", ledger, "--csv").out
        (names, *found) = csv.reader(io.StringIO(alone, newline=""))
        assert heading == ["ledger", *names]
        expected += [["'=acme" if ledger == "=acme" else ledger, *row] for row in found]
    assert rows == expected


def test_what_a_spreadsheet_would_run_is_text(several: Rights) -> None:
    told = several("holdings", "--all-ledgers", "--as-of", DAY, "--format", "csv")
    assert told.out.splitlines()[1].startswith("'=acme,8,'=1+1,")


def test_tables_one_after_the_other(several: Rights) -> None:
    told = several("holdings", "--all-ledgers", "--as-of", DAY)
    assert (told.code, told.err) == (0, "")
    assert told.out == "\n".join(several("holdings", "--ledger", each, "--as-of", DAY).out for each in LEDGERS)


@pytest.mark.parametrize("jobs", JOBS)
def test_a_holder_is_looked_for_everywhere(several: Rights, jobs: Sequence[str]) -> None:
    asked = ("holdings", "--all-ledgers", "--as-of", DAY, *jobs)
    found = lines(several(*asked, "--holder", "director-1", "--json"))
    assert [(line["ledger"], line["series"]) for line in found if "series" in line] == [("=acme", "8"), ("main", "7")]
    assert [line["rows"] for line in found if "rows" in line] == [1, 0, 1]
    found = lines(several(*asked, "--holder", "director-1", "--series", "7", "--json"))
    assert [line["rows"] for line in found if "rows" in line] == [0, 0, 1]
    table = several(*asked, "--holder", "director-2").out
    assert "ledger main at" in table
    assert "acme" not in table


def test_a_holder_who_comes_later_is_known(several: Rights) -> None:
    """The heir of 2019 holds nothing yet, and is not refused either."""
    found = lines(several("holdings", "--all-ledgers", "--as-of", DAY, "--holder", "heir-1", "--json"))
    assert [line["rows"] for line in found] == [0, 0, 0]


@pytest.mark.parametrize(("option", "name"), [("--holder", "nobody"), ("--series", "99")])
def test_a_name_that_no_ledger_knows_is_refused(several: Rights, folder: Path, option: str, name: str) -> None:
    asked = ("holdings", "--all-ledgers", option, name)
    kind = option.removeprefix("--")
    sentence = f"rights: unknown-{kind}: {kind} {name} is not known on any day to any of the 3 ledgers"
    told = several(*asked)
    assert (told.code, told.sentence) == (1, sentence)
    told = several(*asked, "--format", "csv", "--out", "answers.csv")
    assert (told.code, told.sentence) == (1, sentence)
    assert not list(folder.glob("*answers*"))


@pytest.mark.parametrize("jobs", JOBS)
def test_a_damaged_ledger_is_told_and_the_others_answer(several: Rights, jobs: Sequence[str]) -> None:
    damage("=acme")
    alone = several("holdings", "--ledger", "=acme", "--as-of", DAY)
    told = several("holdings", "--all-ledgers", "--as-of", DAY, "--format", "jsonl", *jobs)
    assert (told.code, alone.code) == (3, 3)
    assert told.err == alone.err.replace("damaged: ", "damaged: ledger =acme: ", 1)
    first, *rest = map(json.loads, told.out.splitlines())
    assert (first["ledger"], first["error"]["code"]) == ("=acme", "damaged")
    assert list(first["error"]) == ["code", "message", "line"]
    assert [line["ledger"] for line in rest] == ["empty", *["main"] * 4]
    in_json = several("holdings", "--all-ledgers", "--as-of", DAY, "--json", *jobs)
    assert json.loads(in_json.err)["error"]["message"].startswith("ledger =acme: ")
    for form in (("--csv",), ()):
        told = several("holdings", "--all-ledgers", "--as-of", DAY, *form, *jobs)
        assert (told.code, "director-1" in told.out) == (3, True)


def test_a_file_is_there_once_it_is_whole(several: Rights, folder: Path) -> None:
    asked = ("holdings", "--all-ledgers", "--as-of", DAY, "--format", "jsonl")
    told = several(*asked, "--out", "answers.jsonl")
    assert told == Told(0, "", "")
    assert (folder / "answers.jsonl").read_text(encoding="utf-8") == several(*asked).out
    told = several(*asked, "--out", "answers.jsonl")
    assert (told.code, told.sentence) == (
        2, "rights: malformed: answers.jsonl is there already; name a new file",
    )  # fmt: skip


@pytest.mark.parametrize("form", ["jsonl", "csv", "parquet"])
def test_nothing_half_written_has_the_name(several: Rights, folder: Path, form: str) -> None:
    before = {each.name for each in folder.iterdir()}
    told = several("series", "--all-ledgers", "--series", "99", "--format", form, "--out", "answers")
    assert told.code == 1
    assert {each.name for each in folder.iterdir()} == before


@pytest.mark.parametrize("question", QUESTIONS, ids=" ".join)
@pytest.mark.parametrize("jobs", JOBS)
def test_a_parquet_file(several: Rights, question: Sequence[str], jobs: Sequence[str]) -> None:
    import pyarrow.parquet

    damage("empty")
    told = several(*question, "--all-ledgers", "--format", "parquet", "--out", "answers.parquet", *jobs)
    assert told.code == 3
    table = pyarrow.parquet.read_table("answers.parquet")
    expected = []
    notes: list[dict[str, Any]] = []
    for ledger in LEDGERS:
        if ledger == "empty":
            notes.append({"ledger": "empty", "error": "damaged"})
            continue
        document = several(*question, "--ledger", ledger, "--json").json
        expected += [{"ledger": ledger, **row} for row in document.pop("rows")]
        notes.append(document)
    assert [in_json(row) for row in table.to_pylist()] == expected
    assert json.loads(pyarrow.parquet.read_metadata("answers.parquet").metadata[parquet.NOTES.encode()]) == notes
    types = {field.name: str(field.type) for field in table.schema}
    for name, kind in {
        "ledger": "string", "holder": "string", "outstanding": "int64", "shares": "int64", "on": "date32[day]",
        "exercise_from": "date32[day]", "eligible": "bool", "price_per_share": "string", "until": "date32[day]",
    }.items():  # fmt: skip
        assert types.get(name, kind) == kind


def in_json(row: dict[str, Any]) -> dict[str, Any]:
    """A row of Parquet as the contract's JSON has it; prices are text there, integers where they can be here."""
    found = {name: value.isoformat() if isinstance(value, date) else value for name, value in row.items()}
    prices = {name: int(found[name]) for name in found if "price" in name and str(found[name]).isdecimal()}
    return {**found, **prices}


def test_row_groups_are_written_as_they_fill(several: Rights, monkeypatch: pytest.MonkeyPatch) -> None:
    import pyarrow.parquet

    monkeypatch.setattr(parquet, "ROWS_OF_A_GROUP", 2)
    asked = ("holdings", "--all-ledgers", "--as-of", DAY, "--jobs", "1", "--format", "parquet", "--out", "answers")
    assert several(*asked) == Told(0, "", "")
    file = pyarrow.parquet.ParquetFile("answers")
    assert [file.metadata.row_group(group).num_rows for group in range(file.num_row_groups)] == [2, 3]


def test_without_the_library_the_extra_is_named(several: Rights, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "pyarrow", None)
    told = several("holdings", "--all-ledgers", "--format", "parquet", "--out", "answers.parquet")
    assert (told.code, told.sentence) == (
        2,
        "rights: missing-library: Parquet needs the library pyarrow: pip install 'rights-ledger[parquet]' installs it;"
        " --format jsonl and csv need nothing",
    )  # fmt: skip


def grow(ledger: str) -> None:
    """Let a right of a ledger become of more shares than 64 bits hold."""
    with open_ledger("sqlite:///rights.db", ledger) as book:
        book.record([split(str(2**52), "2018-01-01"), split(str(2**52), "2018-01-02")], actor="hr")


def test_numbers_beyond_64_bits(several: Rights) -> None:
    grow("=acme")
    question = ("holdings", "--as-of", DAY)
    assert lines(several(*question, "--all-ledgers", "--json")) == one_by_one(several, question)
    told = several(*question, "--all-ledgers", "--format", "parquet", "--out", "answers.parquet")
    assert told.code == 2
    assert told.sentence == (
        "rights: malformed: ledger =acme: a number is too great for a column of 64 bits; --format jsonl has it"
    )


@pytest.mark.parametrize(("options", "sentence"), [
    (("--jobs", "2"), "--jobs is for --all-ledgers, and one ledger is asked"),
    (("--format", "csv"), "--format is for --all-ledgers, and one ledger is asked"),
    (("--out", "a"), "--out is for --all-ledgers, and one ledger is asked"),
    (("--all-ledgers", "--ledger", "main"),
     "--all-ledgers asks every ledger, and --ledger is of one: leave out the one or the other"),
    (("--all-ledgers", "--known-version", "3"),
     "--all-ledgers asks every ledger, and --known-version is of one: --known-at is of all"),
    (("--all-ledgers", "--csv", "--format", "csv"),
     "--format says the form, as --json and --csv do: give one of them"),
    (("--all-ledgers", "--out", "a"), "tables are for people: --out wants --format jsonl, csv or parquet"),
    (("--all-ledgers", "--format", "parquet"),
     "a Parquet file is not streamed to standard output: name it with --out"),
], ids=str)  # fmt: skip
def test_what_does_not_go_together(several: Rights, options: Sequence[str], sentence: str) -> None:
    told = several("holdings", *options)
    assert (told.code, told.sentence) == (2, f"rights: malformed: {sentence}")


def test_the_ledger_of_the_environment_is_one_of_them(several: Rights, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("RIGHTS_LEDGER", "main")
    found = lines(several("holdings", "--all-ledgers", "--json"))
    assert {line["ledger"] for line in found} == set(LEDGERS)


def test_whoever_stops_reading_ends_it(several: Rights, folder: Path) -> None:
    told = in_process(["sh", "-c", "rights holdings --all-ledgers --json --jobs 2 | head -n 1"], folder)
    assert (told.code, told.err, told.out.count("\n")) == (0, "", 1)


def test_other_systems_start_their_processes_anew(several: Rights, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sys, "platform", "darwin")
    found = lines(several("holdings", "--all-ledgers", "--as-of", DAY, "--json", "--jobs", "2"))
    assert found == one_by_one(several, ("holdings", "--as-of", DAY))


@pytest.mark.parametrize("ask", [holdings, series, eligibility, exercises])
def test_a_process_finds_each_question(ask: object) -> None:
    assert pickle.loads(pickle.dumps(ask)) is ask


def test_what_nobody_sees_is_escaped() -> None:
    from ledger.answers import Answer
    from ledger.projections.rows import EligibilityRow

    row = EligibilityRow(
        "7", "役\x7f\u202e\n{", None, None, 1, 1, 1, eligible=True, from_=None, until=None, reason=None
    )
    answer = Answer("a\x9b", date(2018, 7, 8), 1, "root", 0, (row,), "on")
    text = json_lines(answer, why=False).decode()
    assert text.replace("\n", "").isprintable()
    head, first = map(json.loads, text.splitlines())
    assert (head["ledger"], head["on"], head["rows"]) == ("a\x9b", DAY, 1)
    assert first == {"ledger": "a\x9b", **row.to_dict()}
