"""`rights follow`: other programs hear of every entry, and of when they cannot."""

import json
import subprocess
from pathlib import Path

import pytest

from ledger import open_ledger
from tests.cli.terminal import BIN, Rights, in_terminal, to_be_interrupted
from tests.scenario import appointed


def test_what_there_is_and_an_end(small_ledger: Rights) -> None:
    told = small_ledger("follow", "--since-version", "8", "--once")
    lines = small_ledger("export").out.splitlines()
    assert (told.code, told.err, told.out.splitlines()) == (0, "", lines[8:])
    assert small_ledger("follow", "--since-version", "11", "--once") == (0, "", "")
    assert small_ledger("follow", "--once") == (0, "", "")


def test_a_version_that_the_ledger_has_not(small_ledger: Rights) -> None:
    told = small_ledger("follow", "--since-version", "12", "--once")
    assert (told.code, told.out) == (1, "")
    assert told.sentence == (
        "rights: stale-version: the ledger main cannot be followed from version 12 on: it is at version 11; compare"
        " with `rights history` what is known, or begin again with --since-version 0"
    )
    assert small_ledger("follow", "--since-version", "12", "--json").error["code"] == "stale-version"


@pytest.mark.parametrize(
    "option", [("--since-version", "-1"), ("--every", "0"), ("--every", "nan"), ("--every", "1e9")]
)
def test_calls_that_are_none(small_ledger: Rights, option: tuple[str, str]) -> None:
    assert small_ledger("follow", "--once", *option).code == 2


def test_entries_are_printed_as_they_come(small_ledger: Rights, folder: Path) -> None:
    command = [str(BIN / "rights"), "follow", "--since-version", "10", "--every", "0.05"]
    with subprocess.Popen(command, cwd=folder, stdout=subprocess.PIPE, text=True) as process:
        assert process.stdout is not None
        assert json.loads(process.stdout.readline())["version"] == 11
        with open_ledger("sqlite:///rights.db") as book:
            book.record([appointed("2020-01-01", holder="director-9"), appointed("2020-01-02", holder="director-9")])
        found = [json.loads(process.stdout.readline()) for _ in range(2)]
        assert [(each["version"], each["entry"]["on"]) for each in found] == [(12, "2020-01-01"), (13, "2020-01-02")]
        process.stdout.close()  # it ends although nothing more is recorded
        assert process.wait(30) == 0


def test_ctrl_c_ends_it(small_ledger: Rights, folder: Path) -> None:
    with to_be_interrupted([str(BIN / "rights"), "follow", "--since-version", "10"], folder) as process:
        assert process.stdout is not None
        assert json.loads(process.stdout.readline())["version"] == 11
        process.send_signal(2)
        assert process.wait(30) == 130
        assert process.stdout.read() == ""


def test_in_a_terminal_nothing_hides(small_ledger: Rights, folder: Path) -> None:
    with open_ledger("sqlite:///rights.db") as book:
        book.record([appointed("2020-01-01", holder="director-9") | {"note": "\u200eleft"}])
    shown = in_terminal([str(BIN / "rights"), "follow", "--since-version", "11", "--once"], folder, columns=400)
    assert (shown.code, r'"note":"\u200eleft"' in shown.out) == (0, True)
