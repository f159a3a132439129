"""PostgreSQL: one durable append and its round trips, and many entries at once."""

import select
import socket
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from functools import partial
from itertools import count
from pathlib import Path
from threading import Thread
from typing import Any

from sqlalchemy import make_url

from ledger import open_ledger
from tests.benchmarks import peers
from tests.benchmarks.appending import one_by_one, repeated
from tests.benchmarks.bulk import record_file
from tests.benchmarks.floors import COLUMNS, NAMES, RawRow, bare_table, connection_string, copy, renumbered, rows_of
from tests.benchmarks.ledgers import lines_file, lived, next_one
from tests.benchmarks.lives import lives
from tests.benchmarks.timing import SCALE, compare, seconds, skip, tell_one
from tests.concurrency.proxy import connected
from tests.postgres import NoServerError, shared_server

INSERT = f"INSERT INTO bare ({COLUMNS}) VALUES ({', '.join(['%s'] * len(NAMES))})"


def postgresql(folder: Path) -> None:
    """All of it, on a server that syncs its writes, started for this."""
    try:
        with tempfile.TemporaryDirectory() as meeting, shared_server(Path(meeting), durable=True) as url:
            rows = rows_of(lived(folder, SCALE.size(1_000)))
            appending(url, rows)
            round_trips(url)
            copying(url, folder)
    except NoServerError as error:
        skip("PostgreSQL", str(error))


def appending(url: str, rows: list[RawRow]) -> None:
    """One durable append in a warm process, against a bare psycopg INSERT with commit, and eventsourcing."""
    import psycopg

    with open_ledger(url, create=True) as book, psycopg.connect(connection_string(url)) as connection:
        book.record(lives(len(rows)), actor="bench")
        bare_table(connection, index=True)
        connection.cursor().executemany(INSERT, rows)
        connection.commit()

        def insert(number: int) -> None:
            connection.execute(INSERT, renumbered(rows[-1], number))
            connection.commit()

        name = f"append to {len(rows):,} entries, PostgreSQL: bare psycopg INSERT and commit / ours"
        ours = one_by_one(book)
        compare(name, "at least 0.70", repeated(insert, count(len(rows) + 1)), ours, times=15)
        if not peers.HAS_EVENTSOURCING_ON_POSTGRES:
            peers.skip_eventsourcing("append, PostgreSQL: eventsourcing")
            return
        recorder = peers.postgres_recorder(url)
        append = peers.appending(recorder)
        theirs = repeated(lambda _number: append(rows[-1][-1]))
        compare("append, PostgreSQL: eventsourcing / ours", "at least 3", theirs, ours, times=15)
        recorder.datastore.close()


def round_trips(url: str) -> None:
    """How often an append waits for the server, counted between the two."""
    with counted(url) as (through, trips), open_ledger(through, "trips", create=True) as book:
        for number in range(4):
            before = len(trips)
            book.record([next_one(number)], actor="bench")
            taken = len(trips) - before
    tell_one("round trips of an append, PostgreSQL", "at most 1", taken, "round trips")


def copying(url: str, folder: Path) -> None:
    """`rights record` of lines in order, against a bare COPY of the same rows with the index built last."""
    import psycopg

    size = SCALE.size(100_000)
    lines, rows = lines_file(folder, size), rows_of(lived(folder, size))
    numbers = count()
    with psycopg.connect(connection_string(url)) as connection:
        compare(
            f"bare COPY of {size:,} rows, index built last / rights record of the lines, PostgreSQL, whole process",
            "at least 0.30",
            partial(seconds, partial(copy, connection, rows)),
            lambda: record_file(url, lines, f"bulk-{next(numbers)}").seconds,
            times=3,
        )


@contextmanager
def counted(url: str) -> Iterator[tuple[str, list[int]]]:
    """The URL of the same database through a relay, and a list that grows by one a round trip."""
    server = make_url(url)
    trips: list[int] = []
    listening = socket.create_server(("127.0.0.1", 0))
    plain = {"sslmode": "disable", "gssencmode": "disable"}
    through = server.set(host="127.0.0.1", port=listening.getsockname()[1], query=plain)

    def accept() -> None:
        with suppress(OSError):
            while True:
                client, _ = listening.accept()
                Thread(target=relay, args=(client, connected(server), trips), daemon=True).start()

    Thread(target=accept, daemon=True).start()
    try:
        yield through.render_as_string(hide_password=False), trips
    finally:
        listening.close()


def relay(client: socket.socket, server: socket.socket, trips: list[int]) -> None:
    """Pass on what is said. A round trip begins when the client speaks for the first time after an answer."""
    is_asking = False
    others: dict[Any, socket.socket] = {client: server, server: client}
    with client, server:
        while True:
            for side in select.select([client, server], [], [])[0]:
                part = side.recv(65_536)
                if not part:
                    return
                if side is client and not is_asking:
                    trips.append(len(part))
                is_asking = side is client
                others[side].sendall(part)
