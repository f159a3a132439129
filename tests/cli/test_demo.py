"""`rights demo`: what it shows, what it leaves, and that every command it shows works."""

import shlex
import tempfile
from pathlib import Path

import pytest

from tests.cli.conftest import DEFAULT_URL
from tests.cli.terminal import ROOT, Rights, in_process


def steps(shown: str) -> list[tuple[str, str]]:
    """Each command that the demo shows, with the output that follows it."""
    found = []
    for part in shown.split("\n$ ")[1:]:
        command, _, output = part.partition("\n")
        found.append((command, output))
    return found


def test_the_figures_of_the_notices_are_shown(rights: Rights) -> None:
    told = rights("demo", "--db", DEFAULT_URL)
    assert (told.code, told.err) == (0, "")
    for figure in ("25,600", "¥422,600", "¥2,113", "128", "245", "49,000", "2018-06-29", "2018-07-08", "2020-09-15"):
        assert figure in told.out


def test_every_command_shown_answers_so_on_the_ledger_left_behind(
    rights: Rights, monkeypatch: pytest.MonkeyPatch
) -> None:
    shown = rights("demo", "--db", DEFAULT_URL).out
    monkeypatch.setenv("RIGHTS_DB", DEFAULT_URL)
    found = steps(shown)
    assert len(found) >= 8
    for command, output in found:
        words = shlex.split(command)
        assert words[0] == "rights"
        told = rights(*words[1:])
        assert (told.code, told.err) == (0, "")
        assert output.startswith(told.out), command


def test_the_last_lines_can_be_pasted_into_a_shell(rights: Rights, folder: Path) -> None:
    *_, export, ledger, history = rights("demo", "--db", "sqlite:///left behind.db").out.splitlines()
    assert (folder / "left behind.db").is_file()
    told = in_process(["sh", "-ec", f"{export}\n{ledger}\n{history}"], folder)
    assert (told.code, told.err) == (0, "")
    assert told.out.startswith("History · ledger iij at version 49\n")


def test_without_db_it_is_left_in_a_temporary_folder(
    rights: Rights, folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(tempfile, "tempdir", str(folder))
    monkeypatch.setenv("RIGHTS_DB", "sqlite:///mine.db")
    told = rights("demo")
    assert told.code == 0
    *_, export, _, _ = told.out.splitlines()
    url = shlex.split(export)[1].removeprefix("RIGHTS_DB=")
    assert rights("history", "--db", url, "--json").json["known_version"] == 49
    assert not (folder / "mine.db").exists()


def test_a_second_demo_records_nothing_again(rights: Rights) -> None:
    first = rights("demo", "--db", DEFAULT_URL)
    assert rights("demo", "--db", DEFAULT_URL) == first


def test_a_demo_in_somebodys_ledger_changes_nothing(rights: Rights) -> None:
    assert rights("init", "--ledger", "iij").code == 0
    assert rights("company", "--company", "IIJ", "--name", "IIJ", "--on", "1992-12-03").code == 0
    told = rights("demo", "--db", DEFAULT_URL)
    assert (told.code, told.out) == (1, "")
    assert told.sentence.startswith("rights: duplicate: ")
    assert told.sentence.endswith("give another --db")
    assert rights("history", "--json").json["known_version"] == 1


def test_examples_are_called_examples_and_facts_have_sources(demo_ledger: Rights) -> None:
    rows = demo_ledger("history", "--json").json["rows"]
    allotted = [row["entry"] for row in rows if row["type"] == "allotment"]
    assert any("not published" in entry.get("note", "") for entry in allotted)
    for entry in (row["entry"] for row in rows if row["type"] != "company"):
        assert "source" in entry or entry["note"].startswith("An example, not a published fact."), entry


def test_on_postgresql(rights: Rights, postgres_database: str) -> None:
    told = rights("demo", "--db", postgres_database)
    assert (told.code, told.err) == (0, "")
    here = rights("demo", "--db", DEFAULT_URL)
    there, here_too = (ROOT.sub("<root>", each.out.partition("\nexport")[0]) for each in (told, here))
    assert there == here_too  # recorded at another instant, so the bytes and their root are others
