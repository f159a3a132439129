"""`rights serve`: the page live, for the browsers of this machine alone."""

import http.client
import signal
import socket
import sqlite3
from collections.abc import Iterator, Mapping
from pathlib import Path
from threading import BoundedSemaphore
from typing import NamedTuple

import pytest

from ledger.reports import server
from ledger.reports.server import HOST, Server
from tests.cli.terminal import Rights, to_be_interrupted
from tests.pages.serving import served


class Response(NamedTuple):
    status: int
    headers: Mapping[str, str]
    body: str


@pytest.fixture
def live(demo_ledger: Rights, folder: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Server]:
    monkeypatch.setenv("RIGHTS_TODAY", "2026-11-22")
    with served(f"sqlite:///{folder / 'rights.db'}", "iij") as serving:
        yield serving


def asked(live: Server, target: str = "/", method: str = "GET", **headers: str) -> Response:
    connection = http.client.HTTPConnection(HOST, live.server_port, timeout=30)
    try:
        connection.request(method, target, headers={key.replace("_", "-"): value for key, value in headers.items()})
        response = connection.getresponse()
        return Response(response.status, dict(response.getheaders()), response.read().decode())
    finally:
        connection.close()


def test_the_page_is_served_with_what_keeps_it_here(live: Server) -> None:
    told = asked(live)
    assert told.status == 200
    assert '"is_live":true' in told.body
    assert '"as_of":"2026-11-22"' in told.body
    headers = told.headers
    assert headers["Cache-Control"] == "no-store"
    assert headers["X-Content-Type-Options"] == "nosniff"
    assert headers["Referrer-Policy"] == "no-referrer"
    assert headers["Content-Security-Policy"].startswith("default-src 'none'; style-src 'sha256-")
    assert headers["Content-Security-Policy"].endswith("frame-ancestors 'none'")
    assert headers["Server"] == "rights"
    assert not [name for name in headers if name.startswith("Access-Control")]


def test_the_address_says_the_day_and_what_was_known(live: Server) -> None:
    told = asked(live, "/?as_of=2018-07-09&known_version=21&lang=ja")
    assert told.status == 200
    assert '<html lang="ja">' in told.body
    assert '"as_of":"2018-07-09"' in told.body
    assert "heir-1" not in told.body
    for moment in ("2018-06-28", "2018-06-28T18:00:00%2B09:00", "2018-06-28T18:00:00+09:00", "2018-06-28T09:00:00Z"):
        assert asked(live, f"/?known_at={moment}").status == 200, moment


@pytest.mark.parametrize(("query", "says"), [
    ("as_of=soon", "as_of=soon is no day of the calendar; days are written YYYY-MM-DD"),
    ("as_of=1867-12-31", "as of 1867-12-31 is not between 1868-01-01 and 2999-12-31"),
    ("as_of=2018-07-09&as_of=2018-07-10", "as_of is given twice; give it once"),
    ("known_at=yesterday", "known_at=yesterday is neither a day YYYY-MM-DD nor an instant"),
    ("known_at=2018-06-28T18:00:00", "is neither a day YYYY-MM-DD nor an instant"),
    ("known_version=99", "there is no version 99"),
    ("known_version=-1", "known_version=-1 is no version; versions are whole numbers"),
    ("known_version=9999999999999999999", "is no version"),
    ("lang=fr", "lang=fr is not spoken here; what is: en, ja"),
    ("holder=%3Cscript%3E", "holder is not asked here; what may be is as_of, known_at, known_version, lang"),
    ("%3Cscript%3E=1", "&lt;script&gt; is not asked here"),
    ("nothing", "?nothing is no question"),
    ("a=1&b=2&c=3&d=4&e=5", "is no question"),
])  # fmt: skip
def test_an_address_that_asks_nothing_is_told_why(live: Server, query: str, says: str) -> None:
    told = asked(live, f"/?{query}")
    assert told.status == 400
    assert says in told.body
    assert "<script" not in told.body


@pytest.mark.parametrize(
    ("query", "language", "title"),
    [
        ("as_of=soon&lang=ja", "ja", "400 不正な要求"),
        ("as_of=soon&lang=en", "en", "400 Bad Request"),
        ("as_of=soon", "en", "400 Bad Request"),
        ("lang=fr", "en", "400 Bad Request"),
    ],
)
def test_an_error_is_framed_in_the_language_asked_for(live: Server, query: str, language: str, title: str) -> None:
    told = asked(live, f"/?{query}")
    assert told.status == 400
    assert f'<html lang="{language}">' in told.body
    assert f"<h1>{title}</h1>" in told.body
    assert '<p lang="en">malformed: ' in told.body


def test_an_error_is_framed_in_the_language_of_the_server(live: Server) -> None:
    live.language = "ja"
    assert '<html lang="ja">' in asked(live, "/?as_of=soon").body
    assert '<html lang="en">' in asked(live, "/?as_of=soon&lang=en").body


@pytest.mark.parametrize(
    ("headers", "status"),
    [
        ({"Host": "rights.example"}, 403),
        ({"Host": "127.0.0.1"}, 403),
        ({"Host": "127.0.0.1:1"}, 403),
        ({"Sec_Fetch_Site": "cross-site"}, 403),
        ({"Sec_Fetch_Site": "same-site"}, 403),
        ({"Sec_Fetch_Site": "same-origin"}, 200),
        ({"Sec_Fetch_Site": "none"}, 200),
    ],
)
def test_only_the_browsers_of_this_machine_are_answered(live: Server, headers: dict[str, str], status: int) -> None:
    told = asked(live, **headers)
    assert told.status == status
    assert ("director-1" in told.body) == (status == 200)


def test_it_answers_to_its_other_name_too(live: Server) -> None:
    assert asked(live, Host=f"localhost:{live.server_port}").status == 200


@pytest.mark.parametrize("method", ["POST", "PUT", "DELETE", "OPTIONS", "TRACE", "PATCH"])
def test_nothing_can_be_done_but_read(live: Server, method: str) -> None:
    told = asked(live, method=method)
    assert (told.status, told.headers["Allow"]) == (405, "GET, HEAD")
    assert "director-1" not in told.body


def test_a_head_has_the_headers_alone(live: Server) -> None:
    told = asked(live, method="HEAD")
    assert (told.status, told.body) == (200, "")
    assert int(told.headers["Content-Length"]) > 50_000


@pytest.mark.parametrize(
    ("target", "status"),
    [
        ("/favicon.ico", 204), ("/page.html", 404), ("/../rights.db", 404), ("//rights.example/", 404),
        ("http://rights.example/", 403), (f"/?as_of={'1' * 3_000}", 414),
    ],
)  # fmt: skip
def test_there_is_one_page(live: Server, target: str, status: int) -> None:
    assert asked(live, target).status == status


def test_what_is_no_address_is_refused(live: Server) -> None:
    with socket.create_connection((HOST, live.server_port), timeout=30) as connection:
        connection.sendall(f"GET http://[x]/ HTTP/1.1\r\nHost: {HOST}:{live.server_port}\r\n\r\n".encode())
        assert connection.recv(100).startswith(b"HTTP/1.0 400 ")


def test_what_is_no_request_is_refused(live: Server) -> None:
    with socket.create_connection((HOST, live.server_port), timeout=30) as connection:
        connection.sendall(b"GET / HTTP/1.1 and more\r\n\r\n")
        said = b"".join(iter(lambda: connection.recv(65_536), b""))
        assert b"400 Bad Request" in said


def test_it_is_bound_to_the_loopback_alone(live: Server) -> None:
    assert live.socket.getsockname()[0] == "127.0.0.1"
    assert live.url == f"http://127.0.0.1:{live.server_port}/"


def test_what_came_since_is_shown_at_the_next_request(live: Server, demo_ledger: Rights) -> None:
    assert '"version":49' in asked(live).body
    assert demo_ledger("appoint", "--holder", "new-1", "--position", "director", "--on", "2026-11-20").code == 0
    told = asked(live)
    assert '"version":50' in told.body
    assert "new-1" in told.body


def test_a_damaged_ledger_is_told_of(live: Server, folder: Path) -> None:
    with sqlite3.connect(folder / "rights.db") as database:
        for (name,) in database.execute("SELECT name FROM sqlite_master WHERE type = 'trigger'").fetchall():
            database.execute(f'DROP TRIGGER "{name}"')
        database.execute(
            "UPDATE entries SET bytes = CAST(replace(CAST(bytes AS TEXT), 'director-1', 'director-x') AS BLOB)"
        )
    told = asked(live)
    assert told.status == 500
    assert "damaged" in told.body
    assert "director-x" not in told.body


def test_a_database_that_is_gone_is_told_of(live: Server, folder: Path) -> None:
    (folder / "rights.db").rename(folder / "elsewhere.db")
    told = asked(live)
    assert told.status == 503
    assert "Traceback" not in told.body


def test_who_comes_when_many_ask_is_asked_to_come_again(live: Server, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(server, "SECONDS", 0.01)
    monkeypatch.setattr(live, "turns", BoundedSemaphore(1))
    with live.turns:
        assert asked(live).status == 503
    assert asked(live).status == 200


def test_a_port_that_is_taken_is_told_of(demo_ledger: Rights) -> None:
    with socket.socket() as taken:
        taken.bind((HOST, 0))
        taken.listen()
        port = taken.getsockname()[1]
        told = demo_ledger("serve", "--port", str(port))
    assert told.code == 2
    assert told.sentence == (
        f"rights: malformed: port {port} of 127.0.0.1 is in use: name another with --port, or 0 for any that is free"
    )


@pytest.mark.parametrize("as_json", [False, True])
def test_it_says_its_address_and_ends_quietly(demo_ledger: Rights, folder: Path, *, as_json: bool) -> None:
    words = ["rights", "serve", "--port", "0", *(["--json"] if as_json else [])]
    with to_be_interrupted(words, folder) as process:
        assert process.stdout is not None
        assert process.stderr is not None
        said = "".join(process.stdout.readline() for _ in range(4 if as_json else 1))
        assert "http://127.0.0.1:" in said
        process.send_signal(signal.SIGINT)
        assert process.wait(30) == 0
        assert (process.stdout.read(), process.stderr.read()) == ("", "")
