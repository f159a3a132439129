"""The twelve ledgers of tests/cases: line by line, answer by answer, wherever they are kept."""

import json
import os
import subprocess
import sys
from collections.abc import Iterable, Iterator
from datetime import UTC, date, datetime
from fractions import Fraction
from pathlib import Path
from typing import Any

import pytest

from ledger.book import Book
from ledger.projections.rows import Row
from ledger.store import open_log
from ledger.store.memory import MemoryLog
from ledger.store.migrate import upgrade
from tests import citus
from tests.conftest import scratch_database

CASES = Path(__file__).parent / "cases"
NAMES = sorted(folder.name for folder in CASES.iterdir() if folder.is_dir())
ASKED_ON = datetime(2026, 11, 22, 3, tzinfo=UTC)
AMOUNTS = {"payment", "capital", "capital_reserve", "exercise_price", "price_per_share", "price_per_right"}

Answers = dict[str, Any]


def clock() -> datetime:
    return ASKED_ON


def lines_of(name: str) -> list[bytes]:
    return (CASES / name / "entries.jsonl").read_bytes().splitlines()


def answers_of(name: str) -> Answers:
    answers: Answers = json.loads((CASES / name / "answers.json").read_text())
    return answers


@pytest.fixture(scope="module")
def sqlite_url(tmp_path_factory: pytest.TempPathFactory) -> str:
    url = f"sqlite:///{tmp_path_factory.mktemp('cases') / 'cases.db'}"
    upgrade(url)
    return url


@pytest.fixture(scope="module")
def postgresql_url(postgres_url: str) -> Iterator[str]:
    with scratch_database(postgres_url) as url:
        upgrade(url)
        yield url


@pytest.fixture(scope="module")
def citus_url() -> Iterator[str]:
    with citus.distributed_database() as url:
        yield url


@pytest.fixture(params=["memory", "sqlite", "postgresql", *citus.KINDS])
def kept_in(request: pytest.FixtureRequest) -> str:
    """The URL of a database that holds any number of cases, or nothing for memory."""
    if request.param == "memory":
        return ""
    url: str = request.getfixturevalue(f"{request.param}_url")
    return url


def new_ledger(url: str, ledger: str) -> Book:
    log = open_log(url) if url else MemoryLog()
    log.create(ledger, "2026-11-22T03:00:00.000000Z")
    return Book(log, ledger, now=clock)


def by_value(row: dict[str, Any]) -> dict[str, Any]:
    """A row with its amounts as values: an integer and a string of the same value are one."""
    return {key: Fraction(value) if key in AMOUNTS and value is not None else value for key, value in row.items()}


def assert_agree(rows: Iterable[dict[str, Any]], expected: list[dict[str, Any]], query: str) -> None:
    """Agree in every key that is expected; further keys are welcome."""
    rows = list(rows)
    assert len(rows) == len(expected), query
    found = [{key: row[key] for key in wanted} for row, wanted in zip(rows, expected, strict=True)]
    assert [by_value(row) for row in found] == [by_value(row) for row in expected], query


def told(lines: Iterable[dict[str, Any]]) -> list[dict[str, Any]]:
    """What became of lines, without the messages."""
    without = [{**line} for line in lines]
    for line in without:
        if "error" in line:
            line["error"] = {key: value for key, value in line["error"].items() if key != "message"}
    return without


def asked(book: Book, query: dict[str, Any]) -> Iterable[Row]:
    day = date.fromisoformat(query.get("as_of") or query["on"])
    version = query["known_version"]
    match query["command"]:
        case "holdings":
            return book.holdings(day, known_version=version)
        case "eligibility":
            return book.eligibility(day, known_version=version)
        case "exercises":
            return book.exercises(day, known_version=version)
        case "series":
            return book.series(day, known_version=version)
        case command:
            raise AssertionError(f"a case asks {command}")


def shown(query: dict[str, Any]) -> str:
    return json.dumps({key: value for key, value in query.items() if key != "rows"})


@pytest.mark.parametrize("name", NAMES)
def test_every_line_and_every_answer(name: str, kept_in: str) -> None:
    answers = answers_of(name)
    with new_ledger(kept_in, f"case-{name}") as book:
        outcome = book.record(lines_of(name), actor="case", keep_going=True)
        assert told(outcome.to_dict()["lines"]) == answers["lines"]
        for query in answers["queries"]:
            assert_agree((row.to_dict() for row in asked(book, query)), query["rows"], shown(query))


@pytest.mark.parametrize("name", NAMES)
def test_a_ledger_read_anew_for_every_line_answers_the_same(name: str) -> None:
    """What is refused, contradicted or retracted does not depend on how much one process remembers."""
    log, found = MemoryLog(), list[dict[str, Any]]()
    log.create(name, "2026-11-22T03:00:00.000000Z")
    for number, line in enumerate(lines_of(name), start=1):
        outcome = Book(log, name, now=clock).record([line], actor="case", keep_going=True)
        found.extend({**each, "line": number} for each in told(outcome.to_dict()["lines"]))
    assert found == answers_of(name)["lines"]


def rights(*arguments: str, day: date | None = None) -> subprocess.CompletedProcess[bytes]:
    """Run the command as another program would."""
    environment = {**os.environ, "PYTHONUTF8": "1"} | ({"RIGHTS_TODAY": day.isoformat()} if day else {})
    return subprocess.run(
        [sys.executable, "-m", "ledger", *arguments], check=False, capture_output=True, env=environment
    )


@pytest.mark.parametrize(
    ("name", "kept_in"), [("02", "sqlite"), ("07", "sqlite"), ("12", "postgresql")], indirect=["kept_in"]
)
def test_through_the_command_line(name: str, kept_in: str) -> None:
    """A ledger of its own, beside others in one database."""
    answers, ledger = answers_of(name), f"command-{name}"
    where = ["--db", kept_in, "--ledger", ledger]
    assert rights("init", *where).returncode == 0
    recorded = rights("record", str(CASES / name / "entries.jsonl"), "--keep-going", "--json", *where)
    document = json.loads(recorded.stdout)
    assert told(document["lines"]) == answers["lines"]
    assert document["ledger"] == ledger
    assert document["version"] == max(line.get("version", 0) for line in answers["lines"])
    assert recorded.returncode == 1  # some lines are refused, none is malformed
    # Whole processes take their time: the first and the last question of each kind.
    firsts = {query["command"]: query for query in reversed(answers["queries"])}
    lasts = {query["command"]: query for query in answers["queries"]}
    for query in (*firsts.values(), *lasts.values()):
        day = ("--on", query["on"]) if "on" in query else ("--as-of", query["as_of"])
        known = ("--known-version", str(query["known_version"]))
        answer = rights(query["command"], *day, *known, "--json", *where, day=ASKED_ON.date())
        assert (answer.returncode, answer.stderr) == (0, b""), shown(query)
        document = json.loads(answer.stdout)
        assert document["known_version"] == query["known_version"]
        assert_agree(document["rows"], query["rows"], shown(query))
