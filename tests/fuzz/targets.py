"""What must hold whatever comes in: a refusal in words, nothing written by it, no other exception.

A target takes bytes and passes, or raises: an `AssertionError` where a promise is broken, and whatever the code under
it should not have raised. ``make fuzz`` looks for such bytes, led by coverage; tests/properties does so with some
hundred examples whenever the tests run.
"""

import io
import json
import os
import re
import sys
from collections.abc import Callable, Mapping, Sequence
from contextlib import redirect_stderr, redirect_stdout
from datetime import date
from functools import cache
from pathlib import Path
from typing import Final, NamedTuple
from unittest.mock import patch

import typer.main

from ledger.book import Book
from ledger.cli.main import run
from ledger.domain.characters import seen
from ledger.domain.errors import LedgerError
from ledger.domain.wellformed import entry_from, entry_from_line
from ledger.proof.checkpoint import SignedCheckpoint
from ledger.proof.note import Note, VerifierKey
from ledger.proof.receipt import Receipt
from ledger.reports.server import Server
from ledger.store.codec import canonical
from ledger.store.memory import MemoryLog
from tests.fuzz.seeds import NOW, opened, opening

Target = Callable[[bytes], None]

DAYS: Final = (date(1868, 1, 1), date(2018, 7, 2), date(2021, 1, 1), date(2999, 12, 31))
"""Days that are asked about after a batch was recorded: no answer may fail."""

LONGEST_MESSAGE: Final = 20_000
"""Characters of a sentence: it may name everything the opening holds, but repeats no endless input."""

MOST_LINES: Final = 50

built = cache(typer.main.get_command)
"""Commands are put together once here: that takes longer than to run one."""


def entry(line: bytes) -> None:
    """A line is an entry or refused; what is read can be written, and means the same when it is read again."""
    try:
        content, found = entry_from_line(line)
    except LedgerError as error:
        told_well(error, {2})
        return
    assert entry_from(content) == found
    written = canonical(content)
    assert entry_from_line(written) == (content, found)


def batch(lines: bytes) -> None:
    """A batch goes in whole or not at all; afterwards every question has an answer, and the ledger is whole."""
    book, log = opened()
    before = list(log.rows("main"))
    try:
        outcome = book.record(lines.split(b"\n")[:MOST_LINES], actor="fuzz")
    except LedgerError as error:
        told_well(error, {1, 2, 3})
        assert list(log.rows("main")) == before, "something was written on a refusal"
        assert book.history().known_version == len(before)
        return
    after = list(log.rows("main"))
    assert after[: len(before)] == before
    new = {line.version for line in outcome.lines if not line.was_there}
    assert outcome.version == len(after) == len(before) + len(new)
    answers_everything(book)


def export(lines: bytes) -> None:
    """An export goes into an empty ledger byte for byte, or not at all; what went in is whole and has every answer."""
    log = MemoryLog()
    log.create("main", "2026-11-22T00:00:00.000000Z")
    book = Book(log, "main", now=lambda: NOW)
    given = lines.split(b"\n")[:MOST_LINES]
    try:
        book.record(given, actor="fuzz")
    except LedgerError as error:
        told_well(error, {1, 2, 3})
        assert list(log.rows("main")) == [], "something was written on a refusal"
        return
    answers_everything(book)
    kept = list(log.read("main"))
    if any(b"recorded_at" in line for line in given):
        assert kept == [line for line in given if line.strip()]


def receipt(content: bytes) -> None:
    """A receipt is refused, or one text alone; it proves what it says, or does not hold."""
    try:
        found = Receipt.parse(content)
    except LedgerError as error:
        told_well(error, {2, 3})
        return
    assert found.rendered() == content, "two texts are one receipt"
    try:
        proved = found.check()
    except LedgerError as error:
        told_well(error, {3})
        return
    said = json.loads(proved.entry)
    assert (said["ledger"], said["version"]) == (proved.ledger, proved.version)
    assert 0 < proved.version <= proved.size


def proves_something(content: bytes) -> bool:
    """Whether a receipt holds in itself."""
    try:
        Receipt.parse(content).check()
    except LedgerError:
        return False
    return True


def checkpoint(content: bytes) -> None:
    """A checkpoint is refused, or one text alone."""
    try:
        found = SignedCheckpoint.parse(content)
    except LedgerError as error:
        told_well(error, {2, 3})
        return
    assert found.rendered() == content, "two texts are one checkpoint"
    assert found.checkpoint.size >= 0
    assert len(found.checkpoint.root) == 32


def note(content: bytes) -> None:
    """A signed note, and a verifier key, is refused, or one text alone."""
    try:
        assert Note.parse(content).rendered() == content, "two texts are one note"
    except LedgerError as error:
        told_well(error, {3})
    try:
        text = content.decode()
        assert VerifierKey.parse(text).text == text, "two texts are one key"
    except UnicodeDecodeError:
        return
    except LedgerError as error:
        told_well(error, {2})


class Told(NamedTuple):
    """What a command said, and the code it ended with."""

    code: int
    out: str
    err: str


class CommandLine:
    """The command line, on a database of its own that is put back before every call.

    Called with arguments as the system passes them on, a zero byte between two; two zero bytes end them, and what
    follows is standard input. The caller has set `settings_in` the folder and works in it.
    """

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        self._database = folder / "rights.db"
        calls = [(["init"], b""), *((["record", "-"], b"\n".join(lines)) for lines in opening())]
        for arguments, given in calls:
            told = call(arguments, given)
            assert told.code == 0, told.err
        self._kept = self._database.read_bytes()
        self._before = self._history()

    def __call__(self, data: bytes) -> None:
        written, _, given = data.partition(b"\0\0")
        arguments = [os.fsdecode(each) for each in written.split(b"\0")]
        if not all(map(stays_here, arguments)):
            return
        self._put_back()
        told = call(arguments, given)
        assert told.code in {0, 1, 2, 3, 4}, f"exit {told.code}: {told.err}"
        assert "Traceback" not in told.err
        assert told.code == 0 or told.err or told.out, "it failed and said nothing"
        if told.code == 0 and asks_for_json(arguments):
            json.loads(told.out)
        if told.code and "--keep-going" not in arguments and self._database.read_bytes() != self._kept:
            assert self._history() == self._before, f"exit {told.code}, and something was written"

    def _put_back(self) -> None:
        for path in self._folder.iterdir():
            if path.is_file() and path != self._database:
                path.unlink()
        self._database.write_bytes(self._kept)

    def _history(self) -> str:
        told = call(["history", "--json", "--ledger", "main", "--db", "sqlite:///rights.db"])
        assert told.code == 0, told.err
        return told.out


def settings_in(folder: Path) -> Mapping[str, str]:
    """The environment that keeps a command inside a folder."""
    places = ("HOME", "XDG_STATE_HOME", "XDG_CONFIG_HOME", "XDG_CACHE_HOME", "RIGHTS_STATE", "TMPDIR")
    return {
        **{name: str(folder / "home") for name in places},
        "RIGHTS_ACTOR": "fuzz",
        "RIGHTS_DB": "sqlite:///rights.db",
        "RIGHTS_LEDGER": "main",
        "RIGHTS_TODAY": "2026-11-22",
        "COLUMNS": "80",
        "TERM": "dumb",
    }


def call(arguments: Sequence[str], given: bytes = b"") -> Told:
    """Run a command in this process, with this on standard input; what would stay until it is ended ends at once."""
    out, err, stdin = (io.TextIOWrapper(io.BytesIO(each), encoding="utf-8") for each in (b"", b"", given))
    before, sys.stdin = sys.stdin, stdin
    try:
        with (
            redirect_stdout(out),
            redirect_stderr(err),
            patch.object(typer.main, "get_command", built),
            patch.object(Server, "serve_forever"),
        ):
            code = run(arguments)
    finally:
        sys.stdin = before
    return Told(code, *(_written(stream) for stream in (out, err)))


def _written(stream: io.TextIOWrapper) -> str:
    stream.seek(0)
    return stream.read()


def stays_here(argument: str) -> bool:
    """Whether an argument names no file outside the folder, no server, and no change of the shell's settings."""
    rest = argument.replace("sqlite:///", "")
    return ("/" not in rest or re.fullmatch(r"[^/]*[0-9]/[0-9]*", rest) is not None) and "-completion" not in rest


def asks_for_json(arguments: Sequence[str]) -> bool:
    """Whether a command prints one JSON document: not where help was asked for, nor where --json is a value."""
    if {"--help", "-h", "--version", "--"} & {*arguments} or "--json" not in arguments:
        return False
    return not arguments[arguments.index("--json") - 1].startswith("-")


def answers_everything(book: Book) -> None:
    """Ask every question, and check the whole ledger."""
    for day in DAYS:
        for rows in (book.holdings(day), book.series(day), book.eligibility(day), book.exercises(day)):
            for row in rows:
                row.to_dict()
    for told in book.history():
        told.to_dict()
    book.verify()


def told_well(error: LedgerError, exit_codes: set[int]) -> None:
    """A refusal is one line of characters that are seen, not endless, with the exit code that the contract says."""
    assert error.exit_code in exit_codes, f"exit {error.exit_code}: {error}"
    assert 0 < len(error.message) <= LONGEST_MESSAGE, f"{len(error.message)} characters: {error.message[:200]}"
    assert error.message == seen(error.message)
    assert re.fullmatch("[a-z-]+", error.code)
