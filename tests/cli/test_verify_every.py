"""`rights verify --all-ledgers`: every ledger of a database, in one process or in several."""

import sqlite3
from contextlib import closing

import pytest

from tests.cli.terminal import ROOT, Rights

LEDGERS = ("acme", "iij", "main")


@pytest.fixture
def several(small_ledger: Rights) -> Rights:
    """The ledgers `acme` (of one entry) and `iij` (empty) beside `main`."""
    for ledger in LEDGERS[:2]:
        assert small_ledger("init", "--ledger", ledger).code == 0
    given = ("--company", "A", "--name", "A", "--on", "2001-04-02")
    assert small_ledger("company", "--ledger", "acme", *given).code == 0
    return small_ledger


@pytest.mark.parametrize("jobs", [(), ("--jobs", "1"), ("--jobs", "2")])
def test_every_ledger_is_whole(several: Rights, jobs: tuple[str, ...]) -> None:
    told = several("verify", "--all-ledgers", *jobs)
    assert (told.code, told.err) == (0, "")
    assert ROOT.sub("<root>", told.out).splitlines() == [
        "acme: 1 entry, root <root>", "iij: 0 entries, root <root>", "main: 11 entries, root <root>",
        "3 ledgers are whole.",
    ]  # fmt: skip
    document = several("verify", "--all-ledgers", "--json", *jobs).json
    assert (document["damaged"], [each["ledger"] for each in document["ledgers"]]) == (False, list(LEDGERS))
    for each in document["ledgers"]:
        assert several("verify", "--ledger", each["ledger"], "--json").json["root"] == each["root"]


def test_the_ledger_of_the_environment_is_one_of_them(several: Rights, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("RIGHTS_LEDGER", "main")
    assert several("verify", "--all-ledgers").out.splitlines()[-1] == "3 ledgers are whole."


@pytest.mark.parametrize("jobs", [("--jobs", "1"), ("--jobs", "2")])
def test_the_damaged_one_is_named(several: Rights, jobs: tuple[str, ...]) -> None:
    with closing(sqlite3.connect("rights.db")) as connection:
        ((guard,),) = connection.execute("SELECT sql FROM sqlite_master WHERE name = 'ledgers_head_follows'")
        connection.execute("DROP TRIGGER ledgers_head_follows")
        connection.execute("UPDATE ledgers SET peaks = zeroblob(32) WHERE ledger_id = 'acme'")
        connection.execute(guard)
        connection.commit()
    told = several("verify", "--all-ledgers", *jobs)
    assert told.code == 3
    assert told.err.startswith("rights: damaged: ledger acme: version 1 is bad")
    assert "main: 11 entries" in told.out


def test_processes_are_for_all_ledgers(several: Rights) -> None:
    told = several("verify", "--ledger", "main", "--jobs", "2")
    assert (told.code, told.sentence) == (
        2, "rights: malformed: --jobs is for --all-ledgers: one ledger is checked by one process"
    )  # fmt: skip


@pytest.mark.parametrize("option", [("--ledger", "main"), ("--checkpoint", "c"), ("--receipt", "r"), ("--key", "k")])
def test_what_is_of_one_ledger_is_refused(several: Rights, option: tuple[str, str]) -> None:
    told = several("verify", "--all-ledgers", *option)
    assert (told.code, told.sentence) == (
        2,
        f"rights: malformed: --all-ledgers checks every ledger against itself, and {option[0]} is for one: leave out"
        " the one or the other",
    )
