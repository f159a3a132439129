"""A password in a database's URL is printed nowhere: wherever in it, however written, whatever fails."""

import io
import json
import os
import re
import secrets
import socket
import struct
import threading
import time
import traceback
from collections.abc import Iterator, Sequence
from contextlib import closing, contextmanager, redirect_stderr, redirect_stdout
from pathlib import Path
from urllib.parse import quote, quote_plus

import psycopg
import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st
from sqlalchemy import make_url

from ledger import open_ledger
from ledger.cli.main import run
from ledger.domain.errors import LedgerError
from tests.cli.terminal import Rights, Told, in_process

COMMANDS = (
    ("holdings",), ("holdings", "--json"), ("init",), ("verify", "--json"), ("db", "upgrade"), ("demo",),
    ("depart", "--holder", "h", "--on", "2018-06-28"),
)  # fmt: skip
NO_SERVER = "127.0.0.1:1"

ODD = "@:/%?#[]&=+ '\"\\$!é本{}|<>;,~^`*()-_."
PASSWORDS = st.builds(
    lambda head, middle, tail: f"{head}{middle}{tail}",
    st.text("abcdefXYZ0123456789", min_size=6, max_size=12),
    st.text(ODD, max_size=4),
    st.text("abcdefXYZ0123456789", min_size=6, max_size=12),
)


def spellings(password: str) -> set[str]:
    """The ways in which somebody could read it."""
    encoded = {quote(password, safe=""), quote(password), quote_plus(password)}
    quoted = {password.replace("\\", "\\\\").replace("'", "\\'"), repr(password)[1:-1]}
    in_json = {json.dumps(each, ensure_ascii=ascii_)[1:-1] for each in (password, *quoted) for ascii_ in (True, False)}
    return {password, *encoded, *map(str.lower, encoded), *quoted, *in_json}


def told_by(arguments: Sequence[str]) -> Told:
    out, err = io.StringIO(), io.StringIO()
    with redirect_stdout(out), redirect_stderr(err):
        code = run(arguments)
    return Told(code, out.getvalue(), err.getvalue())


def check_silent(told: Told, *passwords: str) -> None:
    assert told.code != 0
    assert "Traceback" not in told.err
    for password in passwords:
        for written in spellings(password):
            assert written not in told.out
            assert written not in told.err


PLACES = (
    "postgresql://keeper:{}@{}/rights",
    "postgresql://{1}/rights?user=keeper&password={0}",
    "postgresql://keeper@{1}/rights?sslpassword={0}",
    "postgresql://keeper@{1}/rights?passfile=/nowhere/{0}",
    "postgresql://keeper@{1}/rights?options=-c%20my.password%3D{0}",
    "postgresql://keeper@{1}/rights?pasword={0}",
    "postgresql://keeper@{1}/rights?plugin={0}",
    "postgresql://keeper@{1}/rights?oauth_client_secret={0}",
    "postgresql://keeper:{0}@{1}/rights?password={0}&password={0}",
    "postgresql://keeper:{0}@{1}/rights?sslmode=nonsense",
    "postgresql://keeper:{0}@{1}/rights?nonsense=1",
    "postgresql://keeper:{0}@{1}/rights?connect_timeout=soon",
    "postgresql://keeper:{0}@{1}/rights?service=nowhere",
    "postgresql://keeper:{0}@{1}/rights?host=a:1&host=b:x",
    "postgresql://keeper:{0}@{1}:port/rights",
    "postgresql+psycopg2://keeper:{0}@{1}/rights",
    "postgres:/keeper:{0}@{1}/rights",
    "keeper:{0}@{1}/rights",
    "mysql://keeper:{0}@{1}/rights",
    "sqlite://keeper:{0}@{1}/rights.db",
    "sqlite:///rights.db?password={0}",
)


@pytest.mark.parametrize("place", PLACES)
@settings(max_examples=5)
@given(password=PASSWORDS, command=st.sampled_from(COMMANDS))
def test_a_server_that_cannot_be_reached(place: str, password: str, command: tuple[str, ...]) -> None:
    told = told_by([*command, "--db", place.format(quote(password, safe=""), NO_SERVER)])
    assert told.code == 4
    check_silent(told, password)


@settings(max_examples=30)
@given(
    head=st.text("abcdefXYZ0123456789", min_size=6), middle=st.text(ODD, min_size=1, max_size=3),
    tail=st.text("abcdefXYZ", min_size=6), command=st.sampled_from(COMMANDS),
)  # fmt: skip
@example(head="abcdef", middle="@/", tail="uvwxyz", command=("holdings",))
@example(head="abcdef", middle="&", tail="uvwxyz=1", command=("holdings",))
def test_a_password_as_it_is_typed(head: str, middle: str, tail: str, command: tuple[str, ...]) -> None:
    """Not percent-encoded: a piece of it may seem to be the host, the database or a parameter, and is not told."""
    password = f"{head}{middle}{tail}"
    for place in ("postgresql://keeper:{}@{}/rights", "postgresql://keeper@{1}/rights?password={0}"):
        told = told_by([*command, "--db", place.format(password, NO_SERVER)])
        assert told.code == 4
        check_silent(told, password, *re.findall("[A-Za-z0-9]{6,}", password))


def test_a_torn_url_is_told_how_to_write_it() -> None:
    told = told_by(["holdings", "--db", "postgresql://keeper:p@ss@server/rights"])
    assert told.sentence == (
        "rights: bad-url: the parts of this URL cannot be told: write %40 for @, %2F for /, %3A for : and %25 for % in"
        " a password"
    )


class Repeater:
    """A server that asks for the password in clear and repeats whatever it is told, as no good server does."""

    def __init__(self, says: str) -> None:
        self._says = says
        self._listening = socket.create_server(("127.0.0.1", 0))
        self.place = f"127.0.0.1:{self._listening.getsockname()[1]}"
        self.heard: list[str] = []
        threading.Thread(target=self._serve, daemon=True).start()

    def close(self) -> None:
        self._listening.close()

    def _serve(self) -> None:
        while True:
            try:
                connection, _ = self._listening.accept()
            except OSError:
                return
            with connection:
                self._answer(connection)

    def _answer(self, connection: socket.socket) -> None:
        (length,) = struct.unpack("!I", connection.recv(4))
        started = connection.recv(length - 4)
        if started[:4] == struct.pack("!I", 80_877_103):  # asks for TLS
            connection.sendall(b"N")
            self._answer(connection)
            return
        if started[:4] == struct.pack("!I", 80_877_104):  # or for GSS
            connection.sendall(b"N")
            self._answer(connection)
            return
        connection.sendall(b"R" + struct.pack("!II", 8, 3))
        connection.recv(1)
        (length,) = struct.unpack("!I", connection.recv(4))
        password = connection.recv(length - 4).rstrip(b"\0").decode()
        self.heard.append(password)
        settings = started[4:].decode(errors="replace").replace("\0", " ")
        words = self._says.format(password, quote(password, safe=""), repr(password), settings)
        fields = b"".join(
            kind + text.encode() + b"\0" for kind, text in ((b"S", "FATAL"), (b"C", "28P01"), (b"M", words))
        )
        connection.sendall(b"E" + struct.pack("!I", len(fields) + 5) + fields + b"\0")


@contextmanager
def repeater(says: str) -> Iterator[Repeater]:
    server = Repeater(says)
    try:
        yield server
    finally:
        server.close()


@pytest.mark.parametrize("says", [
    "no {0}!", "{1} is not it", "{2}", "{0}{0}{0}", "postgresql://keeper:{1}@host/", "password '{0}', {3}",
])  # fmt: skip
@settings(max_examples=5)
@given(password=PASSWORDS)
@example(password="abcdef'\\\"\té @:/%zyxwvu")
@example(password="abcdef  zyxwvu")
def test_a_server_that_repeats_the_password(says: str, password: str) -> None:
    with repeater(says) as server:
        encoded = quote(password, safe="")
        told = told_by(["holdings", "--db", f"postgresql://keeper:{encoded}@{server.place}/rights"])
        assert (told.code, server.heard[0]) == (4, password)
        assert "***" in told.sentence
        check_silent(told, password)
        told = told_by([
            "holdings", "--db",
            f"postgresql://{server.place}/rights?user=keeper&password={encoded}&options=-c%20my.word%3Dno-other-word",
        ])  # fmt: skip
        assert server.heard[-1] == password
        check_silent(told, password, "no-other-word")


def test_a_short_password_is_struck_out_where_it_is_a_word() -> None:
    with repeater("wrong: {0} (a database has words)") as server:
        told = told_by(["holdings", "--db", f"postgresql://keeper:a@{server.place}/rights"])
        assert server.heard[0] == "a"
    assert told.sentence.endswith("wrong: *** (*** database has words)")


def test_the_control_a_secret_that_is_none_is_repeated() -> None:
    with repeater("no {3}") as server:
        told = told_by(["holdings", "--db", f"postgresql://keeper:x@{server.place}/rights?application_name=Visible"])
    assert "Visible" in told.sentence


@pytest.mark.parametrize("says", ["no {0}", "{1}"])
def test_a_traceback_in_somebodys_program_shows_none(says: str) -> None:
    """The causes of an error are printed with it, and every one of them by its words."""
    password = "secret@words: 100%"
    with repeater(says) as server, pytest.raises(LedgerError) as refusal:
        open_ledger(f"postgresql://keeper:{quote(password, safe='')}@{server.place}/rights")
    shown = "".join(traceback.format_exception(refusal.value))
    assert "***" in shown
    assert not [each for each in spellings(password) if each in shown]


@contextmanager
def asked_for_a_password(server_url: str) -> Iterator[tuple[str, str]]:
    """A role of the real server that must give a password, and the password."""
    role, password = f"rights_test_{secrets.token_hex(6)}", f"{secrets.token_hex(8)}@:/% \"'\\{secrets.token_hex(8)}"
    plain = make_url(server_url).set(drivername="postgresql").render_as_string(hide_password=False)
    with closing(psycopg.connect(plain, autocommit=True)) as owner:
        (place,) = owner.execute("SHOW hba_file").fetchone() or ("",)
        rules = Path(place)
        if not os.access(rules, os.W_OK):
            pytest.skip("the server's rules cannot be changed from here")
        usual = rules.read_text()
        quoted = password.replace("'", "''")
        owner.execute(f"CREATE ROLE {role} LOGIN PASSWORD '{quoted}'")
        try:
            rules.write_text(f"local all {role} scram-sha-256\nhost all {role} all scram-sha-256\n{usual}")
            owner.execute("SELECT pg_reload_conf()")
            yield role, password
        finally:
            rules.write_text(usual)
            owner.execute("SELECT pg_reload_conf()")
            owner.execute(f"DROP ROLE {role}")


def test_a_wrong_password_a_wrong_database_and_a_wrong_role(rights: Rights, postgres_database: str) -> None:
    there = make_url(postgres_database)
    with asked_for_a_password(postgres_database) as (role, password):
        wrong = f"wrong{password}"
        until = time.monotonic() + 20
        while True:  # the server reads its rules when it comes to it
            url = there.set(username=role, password=wrong).render_as_string(hide_password=False)
            told = rights("holdings", "--db", url)
            if "authentication failed" in told.err or time.monotonic() > until:
                break
        assert told.sentence.endswith(f'password authentication failed for user "{role}"')
        check_silent(told, wrong, password)
        for changed in (
            there.set(username=role, password=password),  # the right one; the role may not make tables
            there.set(username=role, password=password, database="rights_of_nobody"),
            there.set(username=f"{role}x", password=password),
        ):
            for command in COMMANDS:
                told = rights(*command, "--db", changed.render_as_string(hide_password=False))
                assert told.code == 4
                check_silent(told, password)


def test_what_the_demo_leaves_behind_on_a_server(rights: Rights, postgres_database: str) -> None:
    """A server that asks for no password is told one all the same; the demo shows the commands, not the URL."""
    password = "s3cret@words: 100%"
    url = make_url(postgres_database).set(password=password).render_as_string(hide_password=False)
    told = rights("demo", "--db", url)
    assert (told.code, told.err) == (0, "")
    assert "export RIGHTS_DB=URL  # the one that you gave\n" in told.out
    assert not [each for each in spellings(password) if each in told.out]


@pytest.mark.parametrize("arguments", [
    ["--help"], ["holdings", "--help"], ["record", "--help"], ["init", "--help"], ["demo", "--help"], ["db", "--help"],
    ["holdings"], ["holdings", "--json"], ["holdings", "--series"], ["holding"], ["record", "missing.jsonl"],
], ids=" ".join)  # fmt: skip
def test_the_database_of_the_environment(folder: Path, arguments: list[str]) -> None:
    settings = {"RIGHTS_DB": "postgresql://keeper:s3cret%40words@127.0.0.1:1/rights"}
    told = in_process(["rights", *arguments], folder, settings=settings)
    assert told.code in {0, 2, 4}
    assert not [each for each in spellings("s3cret@words") if each in told.out + told.err]


def test_a_password_in_a_service_file(folder: Path) -> None:
    (folder / "services").write_text(f"[rights]\nhost=127.0.0.1\nport=1\npassword={'s3cret'}\n")
    settings = {"PGSERVICEFILE": str(folder / "services"), "RIGHTS_DB": "postgresql:///rights?service=rights"}
    told = in_process(["rights", "holdings"], folder, settings=settings)
    assert told.code == 4
    check_silent(told, "s3cret")


def test_completion_says_nothing_of_it(folder: Path) -> None:
    settings = {
        "_RIGHTS_COMPLETE": "complete_bash", "COMP_WORDS": "rights holdings --series ", "COMP_CWORD": "3",
        "RIGHTS_DB": "postgresql://keeper:s3cret%40words@127.0.0.1:1/rights",
    }  # fmt: skip
    told = in_process(["rights"], folder, settings=settings)
    assert (told.out.strip(), told.err) == ("", "")
