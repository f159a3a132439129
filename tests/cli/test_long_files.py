"""`rights record` of long files: interrupted and begun again, watched in a terminal, and what it says of many lines."""

import json
import re
import signal
import subprocess
import time
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import pytest

from ledger import open_ledger
from ledger.answers import LineOutcome, Outcome, Poured
from ledger.book import LINES_AT_ONCE, Book
from ledger.cli.progress import Pace
from ledger.cli.render import print_json, print_outcome
from ledger.domain.errors import RefusedError
from ledger.intake import POURED_FROM_BYTES
from ledger.store import open_log
from tests.cli.conftest import DEFAULT_URL
from tests.cli.terminal import Rights, Told, environment, in_process, in_terminal, to_be_interrupted

LINES = 8_000


@pytest.fixture
def long_file(folder: Path) -> Path:
    file = folder / "long.jsonl"
    with file.open("w", encoding="utf-8") as stream:
        for number in range(LINES):
            entry = {"type": "company", "company": f"{number}", "name": f"Company {number}", "on": "2001-04-02"}
            stream.write(json.dumps({**entry, "id": f"entry-{number}"}) + "\n")
    assert file.stat().st_size > POURED_FROM_BYTES
    return file


def killed_when(is_time: Callable[[], bool], folder: Path, *arguments: str) -> None:
    """Run a command and kill it in the middle."""
    with subprocess.Popen(["rights", *arguments], cwd=folder, env=environment(), stdout=subprocess.PIPE) as process:
        while process.poll() is None and not is_time():
            time.sleep(0.002)
        process.kill()
        assert process.wait() == -signal.SIGKILL


@pytest.mark.parametrize("more", [(), ("--keep-going",)])
def test_an_interruption_says_what_stays(
    new_ledger: Rights, long_file: Path, folder: Path, more: tuple[str, ...]
) -> None:
    log = folder / "rights.db-wal"

    def has_begun() -> bool:
        return version_of() > 0 if more else log.exists() and log.stat().st_size > 1_000_000

    with to_be_interrupted(["rights", "record", "long.jsonl", *more], folder) as process:
        while process.poll() is None and not has_begun():
            time.sleep(0.002)
        process.send_signal(signal.SIGINT)
        _, said = process.communicate(timeout=60)
    version = version_of()
    stays = f"the ledger went from version 0 to {version} meanwhile" if more else "nothing was recorded"
    assert (process.returncode, version > 0) == (130, bool(more))
    assert f"rights: interrupted: {stays}" in said


@pytest.mark.parametrize(("recorded", "stays"), [
    (0, "nothing was recorded"),
    (3, "the ledger went from version 0 to 3 meanwhile; the same file again passes over what is there already"),
])  # fmt: skip
def test_an_interruption_in_this_process(
    new_ledger: Rights, long_file: Path, monkeypatch: pytest.MonkeyPatch, recorded: int, stays: str
) -> None:
    usual = Book.record

    def interrupted(book: Book, *_: object, **__: object) -> None:
        usual(book, long_file.read_bytes().splitlines()[:recorded])
        raise KeyboardInterrupt

    monkeypatch.setattr(Book, "record", interrupted)
    told = new_ledger("record", "long.jsonl")
    assert (told.code, told.sentence) == (130, f"rights: interrupted: {stays}")


def test_how_fast_it_goes_is_how_fast_it_went_lately() -> None:
    pace = Pace(100_000)
    assert pace.says() == ""
    pace.heard(1_000, 10, 0.0)
    assert pace.says() == ""
    pace.heard(1_000, 10, 10.0)
    assert pace.says() == "1 lines a second, 0:16:20 left"
    for second in range(11, 20):
        pace.heard(5_000, 50, float(second))
    assert pace.says() == "50 lines a second, 0:00:11 left"


def version_of() -> int:
    log = open_log(DEFAULT_URL)
    version = log.head("main")
    log.close()
    return version


def test_keep_going_that_is_killed_keeps_what_it_recorded_and_passes_it_over_the_next_time(
    new_ledger: Rights, long_file: Path, folder: Path
) -> None:
    killed_when(lambda: version_of() > 0, folder, "record", "long.jsonl", "--keep-going")
    kept = version_of()
    assert 0 < kept < LINES
    assert kept % LINES_AT_ONCE == 0
    told = new_ledger("record", "long.jsonl", "--keep-going")
    assert told == (
        0,
        f"{LINES - kept:,} entries recorded, {kept:,} already there, 0 refused; ledger main is at version {LINES}.\n",
        "",
    )
    assert new_ledger("verify").code == 0


def test_a_batch_that_is_killed_has_recorded_nothing(new_ledger: Rights, long_file: Path, folder: Path) -> None:
    log = folder / "rights.db-wal"
    killed_when(lambda: log.exists() and log.stat().st_size > 1_000_000, folder, "record", "long.jsonl")
    assert version_of() == 0
    told = new_ledger("record", "long.jsonl")
    assert told.out == f"{LINES:,} entries recorded, 0 already there, 0 refused; ledger main is at version {LINES}.\n"
    assert new_ledger("verify").code == 0


def test_others_record_between_the_parts_of_keep_going(new_ledger: Rights, long_file: Path, folder: Path) -> None:
    """Whoever expects a version expects that nobody comes in between."""
    with open_ledger(DEFAULT_URL) as book, open_ledger(DEFAULT_URL) as other:

        def lines() -> object:
            for number, line in enumerate(long_file.read_bytes().splitlines()):
                if number == LINES_AT_ONCE:
                    other.record([{"type": "company", "company": "B", "name": "B", "on": "2001-04-02"}])
                yield line

        outcome = book.record(lines(), keep_going=True, expect_version=0)  # type: ignore[arg-type]
    codes = [line.error and line.error.code for line in outcome.lines]
    assert codes == [None] * LINES_AT_ONCE + ["stale-version"] * (LINES - LINES_AT_ONCE)
    assert outcome.version == LINES_AT_ONCE + 1
    assert [line.line for line in outcome.lines] == list(range(1, LINES + 1))


@pytest.mark.parametrize("more", [(), ("--json",)])
def test_a_long_file_from_a_pipe(new_ledger: Rights, long_file: Path, folder: Path, more: tuple[str, ...]) -> None:
    told = in_process(["bash", "-c", f"cat long.jsonl | rights record - {' '.join(more)}"], folder)
    assert (told.code, told.err) == (0, "")
    assert version_of() == LINES
    if more:
        assert told.answer["lines"] == [{"line": number, "version": number} for number in range(1, LINES + 1)]


@pytest.mark.parametrize("more", [(), ("--keep-going",)])
def test_a_terminal_is_shown_how_far_it_has_come(
    new_ledger: Rights, long_file: Path, folder: Path, more: tuple[str, ...]
) -> None:
    shown = in_terminal(["rights", "record", "long.jsonl", *more], folder, columns=100)
    assert re.search(r"Recording.*%.*[0-9,]+ lines a second", shown.out)
    assert shown.out.endswith(f"ledger main is at version {LINES}.\n")


def test_standard_output_is_not_disturbed_by_it(new_ledger: Rights, long_file: Path, folder: Path) -> None:
    shown = in_terminal(["bash", "-c", "rights record long.jsonl --json > answer.json"], folder, columns=100)
    assert "Recording" in shown.out
    assert json.loads((folder / "answer.json").read_bytes())["version"] == LINES


def test_nothing_is_shown_where_no_terminal_looks_on(new_ledger: Rights, long_file: Path, folder: Path) -> None:
    told = in_process(["rights", "record", "long.jsonl"], folder)
    assert (told.code, told.err) == (0, "")


def test_a_long_file_with_a_bad_line_is_refused_with_its_line(
    new_ledger: Rights, long_file: Path, folder: Path
) -> None:
    with long_file.open("a", encoding="utf-8") as stream:
        stream.write('{"type": "company", "company": "0", "name": "again", "on": "2001-04-03"}\n')
    told = new_ledger("record", "long.jsonl", "--json")
    assert (told.code, told.error["code"], told.error["line"]) == (1, "duplicate", LINES + 1)
    assert version_of() == 0


REFUSED = LineOutcome(3, error=RefusedError("duplicate", "it is\nthere \u202e", contradicts=2))


@pytest.mark.parametrize("lines", [
    (), Poured([1, 3], [1, 2], 0), (LineOutcome(2, 7, was_there=True), REFUSED), (REFUSED,)
], ids=["none", "poured", "some", "one"])  # fmt: skip
def test_the_answer_is_written_line_by_line_as_it_would_be_written_whole(
    lines: tuple[LineOutcome, ...] | Poured, capsys: pytest.CaptureFixture[str]
) -> None:
    outcome = replace(Outcome("本社", 3, 3, "root", ()), lines=lines)
    print_outcome(outcome)
    found = capsys.readouterr().out
    print_json(outcome.to_dict())
    assert found == capsys.readouterr().out
    assert isinstance(Told(0, found, "").json, dict)
