"""What goes in comes out, in order, whichever store it is; what failed was never there."""

import sqlite3
from pathlib import Path

import pytest

from ledger.domain.errors import DamagedError, DatabaseError
from ledger.store import Log, Row, open_log
from tests.store.samples import MADE_AT, add, batch_of, contents, row


def record(log: Log, *rows: Row, ledger: str = "main") -> None:
    with log.writing(ledger) as writer:
        add(writer, rows)


def test_a_new_ledger_is_empty(log: Log) -> None:
    assert log.ledgers() == ["main"]
    assert log.head("main") == 0
    assert list(log.read("main")) == []
    assert list(log.rows("main")) == []


def test_a_ledger_is_made_once(log: Log) -> None:
    record(log, row(1))
    assert log.create("other", MADE_AT) is True
    assert log.create("other", MADE_AT) is False
    assert log.create("main", MADE_AT) is False
    assert log.head("main") == 1


def test_ledgers_are_sorted_by_code_point(log: Log) -> None:
    for ledger in ("é", "Z", "a", "日本", "_"):
        log.create(ledger, MADE_AT)
    assert log.ledgers() == ["Z", "_", "a", "main", "é", "日本"]


def test_what_was_recorded_is_read_in_order(log: Log) -> None:
    first, second = row(1, entry_id="a"), row(2, note="株式分割 \\u0000 ☃")
    record(log, first)
    record(log, second)
    assert log.head("main") == 2
    assert list(log.read("main")) == [first.bytes, second.bytes]
    assert list(log.rows("main")) == [first, second]


def test_which_ids_are_there(log: Log) -> None:
    """In their own ledger, in any writing, and what the same transaction has added too."""
    log.create("other", MADE_AT)
    record(log, row(1, entry_id="other's"), ledger="other")
    record(log, row(1, entry_id="a"), row(2), row(3, entry_id="株 '\"%s"))
    with log.writing("main") as writer:
        add(writer, [row(4, entry_id="new")])
        assert writer.ids_there([]) == {}
        assert writer.ids_there(["b", "A", "other's", ""]) == {}
        assert writer.ids_there(["new", "a", "b", "株 '\"%s", *map(str, range(3_000))]) == {
            "a": (1, row(1).bytes), "株 '\"%s": (3, row(3).bytes), "new": (4, row(4).bytes),
        }  # fmt: skip


def test_every_column_comes_back_as_it_went_in(log: Log) -> None:
    retraction = Row(1, 1, None, "retraction", 2, None, MADE_AT, "監査役", bytes(range(256)))
    record(log, retraction)
    assert list(log.rows("main")) == [retraction]


@pytest.mark.parametrize(
    ("after", "until", "expected"),
    [(0, None, [1, 2, 3, 4]), (2, None, [3, 4]), (0, 2, [1, 2]), (1, 3, [2, 3]), (4, None, []), (0, 9, [1, 2, 3, 4])],
)
def test_a_span_is_open_at_its_start_and_closed_at_its_end(
    log: Log, after: int, until: int | None, expected: list[int]
) -> None:
    record(log, *batch_of(1, 4))
    assert list(log.read("main", after=after, until=until)) == contents([row(version) for version in expected])
    assert [each.version for each in log.rows("main", after=after, until=until)] == expected


def test_a_batch_keeps_its_first_version(log: Log) -> None:
    record(log, row(1))
    record(log, *batch_of(2, 4))
    assert [(each.version, each.batch) for each in log.rows("main")] == [(1, 1), (2, 2), (3, 2), (4, 2)]


def test_many_entries_are_more_than_are_fetched_at_once(log: Log) -> None:
    rows = batch_of(1, 12_000)
    record(log, *rows)
    assert log.head("main") == 12_000
    assert list(log.read("main")) == contents(rows)


def test_an_entry_may_be_a_megabyte(log: Log) -> None:
    large = row(1, note="x" * 1_000_000)
    record(log, large)
    assert list(log.read("main")) == [large.bytes]


def test_ledgers_do_not_see_each_other(log: Log) -> None:
    log.create("other", MADE_AT)
    record(log, row(1, entry_id="same"), row(2))
    record(log, row(1, entry_id="same", note="other"), ledger="other")
    assert (log.head("main"), log.head("other")) == (2, 1)
    assert list(log.read("other")) == [row(1, note="other").bytes]


def test_a_writer_reads_what_it_and_others_added(log: Log) -> None:
    record(log, *batch_of(1, 2))
    with log.writing("main") as writer:
        assert writer.head == 2
        add(writer, [])
        assert writer.head == 2
        add(writer, [row(3)])
        add(writer, [row(4, batch=3), row(5, batch=3)])
        assert writer.head == 5
        assert list(writer.read(after=1)) == contents([row(version) for version in (2, 3, 4, 5)])


def test_an_exception_leaves_nothing(log: Log) -> None:
    record(log, row(1))
    with pytest.raises(ZeroDivisionError), log.writing("main") as writer:
        add(writer, batch_of(2, 3))
        raise ZeroDivisionError
    assert log.head("main") == 1
    record(log, row(2, note="the next one"))
    assert list(log.read("main")) == [row(1).bytes, row(2, note="the next one").bytes]


@pytest.mark.parametrize("rows", [[row(1)], [row(2)], [row(4)], [row(3), row(5)]])
def test_a_version_that_is_not_the_next_is_refused(log: Log, rows: list[Row]) -> None:
    record(log, *batch_of(1, 2))
    with pytest.raises(DatabaseError) as refusal, log.writing("main") as writer:
        add(writer, rows)
    assert refusal.value.code == "database"
    assert log.head("main") == 2


@pytest.mark.parametrize("rows", [[row(2, entry_id="a")], [row(2, entry_id="b"), row(3, entry_id="b")]])
def test_an_id_is_given_once_in_a_ledger(log: Log, rows: list[Row]) -> None:
    record(log, row(1, entry_id="a"))
    with pytest.raises(DatabaseError) as refusal, log.writing("main") as writer:
        add(writer, rows)
    assert refusal.value.code == "database"
    assert log.head("main") == 1


@pytest.mark.parametrize("question", ["head", "read", "rows", "writing"])
def test_a_ledger_that_is_not_there(log: Log, question: str) -> None:
    with pytest.raises(DatabaseError) as refusal:
        match question:
            case "head":
                log.head("mian")
            case "read":
                list(log.read("mian"))
            case "rows":
                list(log.rows("mian"))
            case _:
                with log.writing("mian"):
                    pytest.fail("nobody can write to it")
    assert refusal.value.code == "no-ledger"
    assert "'mian'" in refusal.value.message


def test_a_reader_that_stops_early_is_in_nobodys_way(sql_log: Log) -> None:
    record(sql_log, *batch_of(1, 20))
    for _ in range(40):  # more than there are connections
        next(sql_log.read("main"))
    record(sql_log, row(21))
    assert sql_log.head("main") == 21


@pytest.mark.parametrize("many", [63, 64, 65, 200])
def test_many_entries_come_out_in_order(log: Log, many: int) -> None:
    record(log, *batch_of(1, many))
    assert [each.version for each in log.rows("main")] == list(range(1, many + 1))
    assert len(list(log.read("main"))) == many


@pytest.mark.parametrize("version", [1, 3, 64, 65, 70])
def test_an_entry_that_a_search_finds_in_another_ledger_is_bad(sqlite_file: Path, version: int) -> None:
    log = open_log(f"sqlite:///{sqlite_file}")
    with sqlite3.connect(sqlite_file) as connection:
        columns = ", ".join(Row._fields)
        connection.execute("DROP TABLE entries")
        connection.execute(f"CREATE TABLE entries (ledger_id TEXT COLLATE NOCASE, {columns})")
        rows = [("MAIN" if each.version == version else "main", *each) for each in batch_of(1, 70)]
        connection.executemany(f"INSERT INTO entries VALUES (?{', ?' * len(Row._fields)})", rows)
    connection.close()
    found = log.rows("main")
    assert [next(found) for _ in range(version - 1)] == [Row._make(each[1:]) for each in rows[: version - 1]]
    with pytest.raises(DamagedError, match="the column ledger_id says 'MAIN', not 'main'") as refusal:
        next(found)
    assert refusal.value.contradicts == version
    log.close()
