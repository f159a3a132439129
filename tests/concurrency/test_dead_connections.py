"""Connections that the server ended while they waited in the pool are not used again."""

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from threading import Barrier
from time import monotonic, sleep

import pytest
from sqlalchemy import event, make_url
from sqlalchemy.exc import InvalidRequestError

from ledger import open_ledger
from ledger.book import Book
from ledger.domain.errors import DatabaseError
from ledger.store import WAIT_SECONDS, engines, open_log
from ledger.store.failures import LostConnectionError
from ledger.store.sql_failures import told
from ledger.store.sql_log import SqlLog
from tests.concurrency.proxy import proxy_before
from tests.scenario import company
from tests.store.samples import say

CONNECTED = "SELECT pid FROM pg_stat_activity WHERE application_name = 'rights'"
POOLED = 4
PATIENCE = 10


@pytest.fixture
def log(postgres_database: str) -> SqlLog:
    """A log with several connections in its pool, and nobody else's: what made the ledger may still be leaving."""
    open_ledger(postgres_database, "main", create=True).close()
    log = open_log(postgres_database, wait_seconds=10)
    assert isinstance(log, SqlLog)
    all_at_once = Barrier(POOLED)

    def ask(_number: int) -> None:
        with log.engine.connect() as connection:
            connection.exec_driver_sql("SELECT 1")
            all_at_once.wait()

    with ThreadPoolExecutor(POOLED) as threads:
        list(threads.map(ask, range(POOLED)))
    until = monotonic() + PATIENCE
    while len(connected(postgres_database)) > POOLED and monotonic() < until:
        sleep(0.01)
    return log


def connected(url: str) -> set[int]:
    return {pid for (pid,) in say(url, CONNECTED)}


def end_all(url: str) -> None:
    ended = say(url, f"SELECT count(pg_terminate_backend(pid, 10000)) FROM ({CONNECTED}) AS connected")
    assert ended == [(POOLED,)]


def record(book: Book) -> int:
    return book.record([company()], actor="tests").version


def ask(book: Book) -> int:
    return book.history().known_version


@pytest.mark.parametrize(("call", "answer"), [(record, 1), (ask, 0)])
def test_what_the_server_ended_is_not_used_again(
    log: SqlLog, postgres_database: str, call: Callable[[Book], int], answer: int
) -> None:
    end_all(postgres_database)
    with Book(log, "main") as book:
        for _ in range(POOLED):
            assert ask(book) == 0
        assert call(book) == answer


def test_without_a_look_a_question_would_fail(log: SqlLog, postgres_database: str) -> None:
    event.remove(log.engine, "checkout", engines._refuse_dead)
    end_all(postgres_database)
    with pytest.raises(DatabaseError, match="terminating connection"):
        log.head("main")
    assert log.head("main") == 0  # whoever finds one dead gives up all of that age
    log.close()


def test_what_is_alive_is_kept(log: SqlLog, postgres_database: str) -> None:
    before = connected(postgres_database)
    with Book(log, "main") as book:
        for _ in range(2 * POOLED):
            ask(book)
        record(book)
        assert connected(postgres_database) == before


def test_a_server_that_is_away(postgres_database: str) -> None:
    open_ledger(postgres_database, "main", create=True).close()
    with proxy_before(postgres_database) as proxy, Book(open_log(proxy.url, wait_seconds=0.3), "main") as book:
        assert ask(book) == 0
        proxy.close()
        with pytest.raises(DatabaseError) as failure:
            record(book)
        assert (failure.value.code, failure.value.message.partition("; ")[2]) == ("database", "nothing was recorded")
        with pytest.raises(DatabaseError, match="refused"):
            ask(book)
    with pytest.raises(DatabaseError, match="refused"):
        open_log(proxy.url)


def test_a_peer_that_is_gone_without_a_word_is_noticed_before_writers_give_up(postgres_database: str) -> None:
    """Both sides ask after 10 seconds of silence, three times, 5 seconds apart; what the URL says goes before."""
    engine = engines.open_engine(postgres_database)
    with engine.connect() as connection:
        driver_connection = connection.connection.driver_connection
        assert driver_connection is not None
        said = driver_connection.info.get_parameters()
    engine.dispose()
    assert [said[f"keepalives_{name}"] for name in ("idle", "interval", "count")] == ["10", "5", "3"]
    assert "-c tcp_keepalives_idle=10 -c tcp_keepalives_interval=5 -c tcp_keepalives_count=3" in said["options"]
    assert WAIT_SECONDS > 10 + 5 * 3
    patient = make_url(postgres_database).update_query_dict({"keepalives_idle": "60", "connect_timeout": "7"})
    engine = engines.open_engine(patient.render_as_string(hide_password=False))
    with engine.connect() as connection:
        driver_connection = connection.connection.driver_connection
        assert driver_connection is not None
        said = driver_connection.info.get_parameters()
    engine.dispose()
    assert (said["keepalives_idle"], said["keepalives_interval"]) == ("60", "5")


def test_two_dead_ones_in_a_row_are_a_lost_connection() -> None:
    """SQLAlchemy looks for no third connection, and says so in words alone; the transaction may be tried again."""
    failure = told(InvalidRequestError("This connection is closed"), make_url("postgresql://keeper:secret@host/rights"))
    assert isinstance(failure, LostConnectionError)
    assert failure.message == "postgresql://keeper:***@host/rights: the server closed the connection"
    other = told(InvalidRequestError("something else"), make_url("postgresql://host/rights"))
    assert not isinstance(other, LostConnectionError)
