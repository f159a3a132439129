"""The command as a process: both names, pipes that close, streams that are not there, character sets, start-up."""

import io
import os
import sqlite3
import subprocess
import sys
from contextlib import closing
from pathlib import Path

import pytest

from ledger.cli.main import run
from ledger.store.guards import GUARDS
from tests.cli.conftest import SMALL, record_at
from tests.cli.terminal import environment, in_process, json_lines, within
from tests.scenario import appointed, company

MODULE = (sys.executable, "-m", "ledger")
# difflib is not among them: typer itself imports it.
HEAVY = ("scipy", "numpy", "alembic", "jpholiday", "psycopg", "mpmath")


@pytest.fixture
def ledger_folder(folder: Path) -> Path:
    """A folder with the small ledger in rights.db."""
    record_at("2021-04-01T09:30:00+09:00", SMALL)
    return folder


def test_both_names_are_the_same(ledger_folder: Path) -> None:
    told = in_process(["rights", "holdings", "--as-of", "2021-01-01"], ledger_folder)
    assert (told.code, told.err) == (0, "")
    assert in_process([*MODULE, "holdings", "--as-of", "2021-01-01"], ledger_folder) == told


def test_the_exit_codes_reach_the_shell(ledger_folder: Path) -> None:
    def code(*arguments: str) -> int:
        told = in_process([*MODULE, *arguments], ledger_folder)
        assert "Traceback" not in told.err
        return told.code

    assert code("verify") == 0
    assert code("depart", "--holder", "nobody", "--on", "2021-06-24") == 1
    assert code("depart", "--holder", "nobody") == 2
    assert code("holdings", "--db", "sqlite:///missing.db") == 4
    with closing(sqlite3.connect(ledger_folder / "rights.db")) as connection:
        connection.execute(f"DROP TRIGGER {min(GUARDS['sqlite'])}")
        connection.commit()
    assert code("verify") == 3


def test_entries_through_a_pipe(folder: Path) -> None:
    assert in_process(["rights", "init"], folder).code == 0
    told = in_process(["sh", "-c", "cat | rights record - --json"], folder, given=json_lines(company()))
    assert (told.code, told.err, told.json["version"]) == (0, "", 1)


def test_a_line_of_50_megabytes_without_a_line_feed_is_not_kept_in_memory(folder: Path) -> None:
    assert in_process(["rights", "init"], folder).code == 0
    told = within("ulimit -v 1500000", "head -c 50000000 /dev/zero | rights record -", folder)
    assert told.code == 2
    assert told.sentence.startswith("rights: malformed: line 1: the line has ")


@pytest.mark.parametrize("arguments", [["history"], ["holdings", "--csv"], ["--help"], ["demo"]], ids=" ".join)
def test_a_reader_that_is_gone(ledger_folder: Path, arguments: list[str]) -> None:
    """Silent, and no failure: `| head` has seen enough. Exit 1 would mean that a rule refused something."""
    reader, writer = os.pipe()
    os.close(reader)
    process = subprocess.run(
        [*MODULE, *arguments], cwd=ledger_folder, env=environment({"TMPDIR": str(ledger_folder)}),
        stdin=subprocess.DEVNULL, stdout=writer,
        stderr=subprocess.PIPE, check=False,
    )  # fmt: skip
    os.close(writer)
    assert (process.returncode, process.stderr) == (0, b"")


def test_head_of_a_long_history(folder: Path) -> None:
    record_at("2021-04-01T09:30:00+09:00", [
        company(), *(appointed("2018-06-28", holder=f"holder-{n}") for n in range(2_000))
    ])  # fmt: skip
    script = 'set -o pipefail; rights history | head -1; echo "${PIPESTATUS[0]}"'
    told = in_process(["bash", "-c", script], folder)
    assert (told.out, told.err) == ("History · ledger main at version 2001\n0\n", "")


@pytest.mark.parametrize("command", ["record - <&-", "history >&-", "frob 2>&-"])
def test_a_stream_that_is_closed_makes_no_traceback(ledger_folder: Path, command: str) -> None:
    told = in_process(["sh", "-c", f"rights {command}"], ledger_folder)
    assert "Traceback" not in told.err


@pytest.mark.skipif(not Path("/dev/full").exists(), reason="no device that is always full")
def test_an_output_that_is_full_is_told(ledger_folder: Path) -> None:
    told = in_process(["sh", "-c", "rights history > /dev/full"], ledger_folder)
    assert told.code != 0
    assert "No space left on device" in told.err
    assert "Traceback" not in told.err
    assert told.err.count("\n") == 1


@pytest.mark.parametrize("encoding", ["ascii", "latin-1", "euc_jp", "cp932"])
@pytest.mark.parametrize("arguments", [("series",), ("history",), ("holdings", "--why"), ("--help",)], ids=" ".join)
def test_a_terminal_of_another_character_set_makes_no_traceback(
    ledger_folder: Path, monkeypatch: pytest.MonkeyPatch, encoding: str, arguments: tuple[str, ...]
) -> None:
    written = io.BytesIO()
    monkeypatch.setattr("sys.stdout", io.TextIOWrapper(written, encoding=encoding, write_through=True))
    assert run(arguments) == 0
    assert written.getvalue()


@pytest.mark.parametrize("arguments", [
    ("holdings",), ("eligibility", "--why", "--json"), ("depart", "--holder", "officer-1", "--on", "2021-06-24"),
], ids=" ".join)  # fmt: skip
def test_no_heavy_module_is_imported_on_sqlite(ledger_folder: Path, arguments: tuple[str, ...]) -> None:
    program = (
        "import sys\n"
        "from ledger.cli.main import run\n"
        "code = run(sys.argv[1:])\n"
        f"print('LOADED', *sorted(set(sys.modules) & set({HEAVY!r})))\n"
        "sys.exit(code)\n"
    )
    told = in_process([sys.executable, "-c", program, *arguments], ledger_folder)
    assert (told.code, told.err) == (0, "")
    assert told.out.splitlines()[-1] == "LOADED"
