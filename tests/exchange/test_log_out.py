"""The log as Parquet and as SQLite: every entry, every answer, and views that people read."""

import json
import sqlite3
from collections.abc import Iterator
from contextlib import closing, contextmanager
from datetime import UTC, date, datetime, timedelta
from operator import itemgetter
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

import pyarrow.parquet as pq
import pytest
from hypothesis import given, settings

from ledger.book import Book
from ledger.domain.entries import KINDS
from ledger.domain.errors import MalformedError
from ledger.exchange.log_columns import Logged, columns, fields_of
from ledger.exchange.parquet_writing import NOTE, write_parquet
from ledger.exchange.sqlite_writing import is_export, write_sqlite
from tests.properties.asking import new_book
from tests.scenario import allotted, company, departed, exercised, issue, retraction, split
from tests.strategies import DAYS, FIRST, Ledger, ledgers
from tests.test_cases import ASKED_ON, NAMES, lines_of

LAST = FIRST + timedelta(days=DAYS)


@contextmanager
def looked_into(file: Path) -> Iterator[sqlite3.Connection]:
    with closing(sqlite3.connect(f"file:{file}?mode=ro", uri=True)) as database:
        database.row_factory = sqlite3.Row
        yield database


def rows(database: sqlite3.Connection, table: str) -> list[dict[str, Any]]:
    return [dict(row) for row in database.execute(f"SELECT * FROM {table}")]


@pytest.fixture
def book() -> Book:
    """A departure that was taken back, and made again a day later."""
    return new_book(
        [company(), issue(), allotted(24), departed("2018-06-27", note='{"type":"retraction"}')],
        [retraction(4), departed("2018-06-28", source="Minutes, 28 June 2018")],
        [exercised("2018-07-02", rights=4), split("2", "2020-12-31")],
    )


def test_every_field_of_every_kind_has_a_column_of_one_kind() -> None:
    for kind in KINDS:
        for name, cell in fields_of(kind).items():
            assert columns()[name] == cell, (kind, name)
    assert columns()["rights"] == columns()["treasury_shares"] == "count"
    assert (columns()["price_per_share"], columns()["ratio"]) == ("text", "text")
    assert (columns()["terms"], columns()["holders"], columns()["delivery"]) == ("json", "texts", "flag")


def test_a_parquet_file_has_typed_columns(book: Book, tmp_path: Path) -> None:
    file = tmp_path / "log.parquet"
    logged = write_parquet(book, file)
    table = pq.read_table(file)
    assert table.column_names == list(columns())
    assert (logged.size, logged.root) == (8, book.history().root)
    assert json.loads(pq.read_metadata(file).metadata[NOTE.encode()]) == {
        "ledger": "main",
        "size": 8,
        "root": logged.root,
    }
    *_, departure, taken_back, anew, exercise, halved = table.to_pylist()
    assert (departure["type"], departure["retracted_by"], departure["effective_on"]) == (
        "departure", 5, date(2018, 6, 27),
    )  # fmt: skip
    assert (taken_back["retracts"], taken_back["effective_on"], taken_back["retracted_by"]) == (4, None, None)
    assert (anew["source"], anew["batch"], anew["holder"]) == ("Minutes, 28 June 2018", 5, "director-1")
    assert (exercise["rights"], exercise["on"], exercise["cause"]) == (4, date(2018, 7, 2), None)
    assert (halved["ratio"], halved["record_date"], halved["effective_on"]) == (
        "2", date(2020, 12, 31), date(2021, 1, 1),
    )  # fmt: skip
    assert isinstance(halved["recorded_at"], datetime)
    assert [each["stored"].encode() for each in table.to_pylist()] == list(book.export())


def test_an_empty_ledger_is_a_table_of_no_rows(tmp_path: Path) -> None:
    write_parquet(new_book(), tmp_path / "log.parquet")
    assert pq.read_table(tmp_path / "log.parquet").num_rows == 0
    write_sqlite(new_book(), tmp_path / "ledger.sqlite", as_of=date(2020, 1, 1))
    with looked_into(tmp_path / "ledger.sqlite") as database:
        assert [rows(database, name) for name in ("entries", "outstanding", "may_exercise")] == [[], [], []]


@pytest.mark.parametrize("name", NAMES)
def test_what_follows_is_what_the_questions_answer(name: str, tmp_path: Path) -> None:
    """On the last day that any case asks about, and on one in the middle."""
    book = new_book()
    book.record(lines_of(name), keep_going=True)
    for day in (date(2019, 12, 31), ASKED_ON.date()):
        file = tmp_path / f"{day}.sqlite"
        write_sqlite(book, file, as_of=day)
        with looked_into(file) as database:
            for table, answer in (
                ("series", book.series(day)), ("holdings", book.holdings(day)),
                ("eligibility", book.eligibility(day)), ("exercises", book.exercises(as_of=day)),
            ):  # fmt: skip
                found = [_flat(row.to_dict()) for row in answer]
                if table == "exercises":  # there the version is the key, and SQLite keeps rows by it
                    found.sort(key=itemgetter("version"))
                assert rows(database, table) == found, (name, day, table)
            assert [each["rights"] for each in rows(database, "outstanding")] == [
                row.outstanding for row in book.holdings(day) if row.outstanding
            ]
            may = [row.holder for row in book.eligibility(day) if row.eligible]
            assert sorted(each["holder"] for each in rows(database, "may_exercise")) == sorted(may)
            capital = sum(row.capital for row in book.exercises(as_of=day))
            assert sum(each["capital"] for each in rows(database, "capital_by_month")) == capital
            assert database.execute("PRAGMA foreign_key_check").fetchall() == []
            assert database.execute("PRAGMA integrity_check").fetchone()[0] == "ok"


def _flat(row: dict[str, Any]) -> dict[str, Any]:
    """A row as SQLite keeps it: amounts as text, lists as JSON."""
    amounts = {"exercise_price", "price_per_share", "price_per_right"}
    return {
        name: json.dumps(value, ensure_ascii=False) if isinstance(value, list)
        else int(value) if isinstance(value, bool)
        else str(value) if name in amounts and value is not None
        else value
        for name, value in row.items()
    }  # fmt: skip


def test_the_views_of_kinds_hold_what_counts(book: Book, tmp_path: Path) -> None:
    write_sqlite(book, tmp_path / "ledger.sqlite", as_of=date(2018, 7, 1))
    with looked_into(tmp_path / "ledger.sqlite") as database:
        (departure,) = rows(database, "entry_departure")
        assert (departure["version"], departure["on"], departure["source"]) == (
            6, "2018-06-28", "Minutes, 28 June 2018",
        )  # fmt: skip
        assert [each["version"] for each in rows(database, "timeline")] == [1, 2, 3, 6, 7, 8]
        (about,) = (each["about"] for each in rows(database, "entries") if each["version"] == 8)
        assert about == "IIJ, × 2"
        assert [each["stored"].encode() for each in rows(database, "entries")] == list(book.export())
        said = {each["word"]: each["says"] for each in rows(database, "about")}
        assert (said["ledger"], said["as_of"], said["entries"]) == ("main", "2018-07-01", 8)
        assert said["root"] == book.history().root


def test_as_known_before_the_departure_was_moved(book: Book, tmp_path: Path) -> None:
    """The first departure opened 28 June to 7 July, the second 29 June to 8 July (ten days from the next day)."""
    until = {}
    for version in (4, 6):
        file = tmp_path / f"{version}.sqlite"
        write_sqlite(book, file, as_of=date(2018, 7, 1), known_version=version)
        with looked_into(file) as database:
            until[version] = [each["until"] for each in rows(database, "may_exercise")]
    assert until == {4: ["2018-07-07"], 6: ["2018-07-08"]}


def test_a_number_beyond_64_bits_is_told(tmp_path: Path) -> None:
    splits = [split("200", f"{year}-12-31") for year in range(2018, 2027)]
    book = new_book([company(), issue(), allotted(24), *splits])
    with pytest.raises(MalformedError, match="is too great for SQLite's 64 bits; --jsonl has it"):
        write_sqlite(book, tmp_path / "ledger.sqlite", as_of=date(2028, 1, 1))


def test_only_what_was_written_by_this_is_an_export(book: Book, tmp_path: Path) -> None:
    write_sqlite(book, tmp_path / "ledger.sqlite", as_of=date(2018, 7, 1))
    assert is_export(tmp_path / "ledger.sqlite")
    with closing(sqlite3.connect(tmp_path / "other.sqlite")) as other:
        other.execute("CREATE TABLE entries (version INTEGER)")
    assert not is_export(tmp_path / "other.sqlite")
    assert not is_export(tmp_path / "nothing.sqlite")


@given(ledgers(most=16))
@settings(max_examples=25)
def test_every_ledger_comes_out_whole(ledger: Ledger) -> None:
    book = new_book(*ledger.batches)
    lines = list(book.export())
    with TemporaryDirectory() as folder:
        file = Path(folder, "ledger.sqlite")
        write_sqlite(book, file, as_of=LAST)
        with looked_into(file) as database:
            stored = [each["stored"].encode() for each in rows(database, "entries")]
            counting = [each["version"] for each in rows(database, "entries") if each["retracted_by"] is None]
        write_parquet(book, Path(folder, "log.parquet"))
        table = pq.read_table(Path(folder, "log.parquet")).to_pylist()
    assert stored == [each["stored"].encode() for each in table] == lines
    assert counting == [row.version for row in book.history() if row.retracted_by is None]


def test_what_is_recorded_meanwhile_is_not_half_there(book: Book) -> None:
    logged = Logged(book)
    book.record([departed("2019-06-28", holder="director-1") | {"position": "director"}])
    assert [row["version"] for row in logged.rows()] == list(range(1, 9))
    assert datetime.now(UTC) >= next(logged.rows())["recorded_at"]
