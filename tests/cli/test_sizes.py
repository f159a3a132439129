"""Every way in has its bound: what is too much is refused in a sentence, in memory and time that are bounded too."""

import io
import shlex
import sys
from collections.abc import Callable
from pathlib import Path

import pytest

from ledger import intake
from ledger.cli import term_sheet
from ledger.domain.errors import MalformedError
from tests.cli.terminal import Rights, Told, within

GOOD = b'{"type": "company", "company": "A", "name": "A", "on": "2000-01-01"}\n'
TOO_MUCH = "rights: malformed: the input has more than 10,000,000 lines or 1,000,000,000 bytes; record it in parts"
LIMITS = "ulimit -v 1200000; ulimit -t 60"
"""KB of memory, and seconds of the processor: a machine that is busy takes longer, and not more of them."""


def limited(command: str, folder: Path) -> Told:
    return within(LIMITS, command, folder)


@pytest.fixture
def in_folder(new_ledger: Rights, folder: Path) -> Path:
    return folder


@pytest.mark.skipif(not Path("/dev/zero").exists(), reason="no endless device")
@pytest.mark.parametrize("command", [
    "rights record /dev/zero", "rights record /dev/zero --keep-going", "rights record - < /dev/zero",
    "yes | rights record -", "rights record /dev/zero --dry-run",
])  # fmt: skip
def test_what_never_ends_is_refused(in_folder: Path, command: str) -> None:
    told = limited(command, in_folder)
    assert told.code == 2
    assert told.sentence in {TOO_MUCH, "rights: malformed: line 1: not JSON: Expecting value at column 1"}


@pytest.mark.parametrize("more", ["", " --keep-going"])
def test_ten_million_empty_lines_and_one(in_folder: Path, more: str) -> None:
    told = limited(f"yes '' | head -c 10000001 | rights record -{more}", in_folder)
    assert (told.code, told.sentence) == (2, TOO_MUCH)


def test_lines_and_bytes_up_to_the_bounds_and_above(new_ledger: Rights, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(intake, "MAX_LINES", 3)
    assert new_ledger("record", "-", given=b"\n\n" + GOOD).code == 0
    assert new_ledger("record", "-", given=b"\n\n\n" + GOOD.replace(b'"A"', b'"B"')).code == 2
    assert (
        new_ledger(
            "record",
            "-",
            given=b"\n\n\n" + GOOD,
        ).code
        == 2
    )
    monkeypatch.setattr(intake, "MAX_LINES", 10)
    monkeypatch.setattr(intake, "MAX_INPUT_BYTES", len(GOOD) + 5)
    assert new_ledger("record", "-", given=GOOD.replace(b'"A"', b'"C"') + b"\n" * 5).code == 0
    for more in ((), ("--keep-going",)):
        told = new_ledger("record", "-", *more, given=GOOD.replace(b'"A"', b'"D"') + b"\n" * 6)
        assert (told.code, told.out) == (2, "")
    assert new_ledger("history", "--json").json["known_version"] == 2


def test_a_long_line_counts_with_all_its_bytes(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(intake, "MAX_INPUT_BYTES", 3_000_000)
    assert len(list(intake.lines_of(io.BytesIO(b"x" * 3_000_000)))) == 1
    with pytest.raises(MalformedError, match="record it in parts"):
        list(intake.lines_of(io.BytesIO(b"x" * 3_000_001)))


KEYS = ",".join(f'"k{number}":0' for number in range(80_000))
HOSTILE: dict[str, Callable[[], str]] = {
    "a key twice among many": lambda: f'{{{KEYS},"k79999":1}}',
    "a long key of a long list": lambda: f'{{"{"k" * 500_000}":[{",".join("1" * 240_000)}]}}',
    "a long key of many keys": lambda: f'{{"{"k" * 300_000}":{{{KEYS[:600_000].rpartition(",")[0]}}}}}',
    "many names": lambda: '{"holders":[' + ",".join(f'"h{n}"' for n in range(90_000)) + "]}",
    "deep lists": lambda: "[" * 900_000,
    "deep objects": lambda: '{"a":' * 160_000,
    "a long number": lambda: '{"rights":' + "9" * 900_000 + "}",
    "escapes": lambda: '{"note":"' + r"\u0000" * 160_000 + '"}',
    "marks above a letter": lambda: '{"type":"death","holder":"a' + "\u0301\u0327" * 200_000 + '","on":"2020-01-01"}',
}


@pytest.mark.parametrize("make", HOSTILE.values(), ids=list(HOSTILE))
def test_a_line_of_a_megabyte_takes_no_longer_than_it_must(in_folder: Path, make: Callable[[], str]) -> None:
    (in_folder / "hostile.jsonl").write_text(make() + "\n")
    told = limited("rights record hostile.jsonl", in_folder)
    assert told.code == 2
    assert told.sentence.startswith("rights: malformed: line 1: ")
    assert len(told.sentence) < 1_000


def test_the_first_key_that_stands_twice_is_named(new_ledger: Rights) -> None:
    told = new_ledger("record", "-", given=b'{"a":1,"b":1,"c":1,"b":2,"a":2}')
    assert told.sentence == "rights: malformed: line 1: the key `b` stands there twice"


def test_a_long_path_is_cut_as_before(new_ledger: Rights) -> None:
    told = new_ledger("record", "-", given=b'{"' + b"k" * 500 + b'":{"a":[{"b":1.5}]}}')
    assert f"`{'k' * 80}…` is 1.5" in told.sentence
    told = new_ledger("record", "-", given=b'{"k":{"a":[{"b":1.5}]}}')
    assert "`k.a[].b` is 1.5" in told.sentence


def test_an_entry_from_python_is_as_long_as_a_line(new_ledger: Rights) -> None:
    from ledger import open_ledger

    entry = {"type": "company", "company": "A", "name": "A", "on": "2000-01-01", "note": ""}
    with open_ledger("sqlite:///rights.db") as book:
        entry["note"] = "x" * 1_000_000
        with pytest.raises(MalformedError, match="more than 1,000,000 bytes"):
            book.record([entry])
        entry["note"] = "x" * 999_000
        assert book.record([entry]).version == 1


SHEETS: dict[str, Callable[[], str]] = {
    "too long": lambda: "#" * 100_001,
    "deep lists": lambda: "a = " + "[" * 90_000,
    "deep tables": lambda: "a = " + "{a = " * 18_000,
    "a long key": lambda: "a" + ".a" * 49_000 + " = 1",
    "a long key, quoted": lambda: '"a"' + '."a"' * 24_000 + " = 1",
    "a long name of a table": lambda: "[a" + ".a" * 49_000 + "]",
    "a long key inside": lambda: "t = {a" + ".a" * 49_000 + " = 1}",
    "many keys of 100 parts": lambda: "\n".join(f"{'a.' * 100}k{n} = 1" for n in range(480)),
    "many tables": lambda: "[[a]]\n" * 16_000,
    "a long number": lambda: "a = " + "9" * 99_000,
}


@pytest.mark.parametrize("make", SHEETS.values(), ids=list(SHEETS))
def test_a_hostile_term_sheet(in_folder: Path, make: Callable[[], str]) -> None:
    (in_folder / "sheet.toml").write_text(make())
    told = limited("rights issue sheet.toml", in_folder)
    assert told.code == 2
    assert told.sentence.startswith("rights: malformed: ")
    assert len(told.sentence) < 1_000


@pytest.mark.skipif(not Path("/dev/zero").exists(), reason="no endless device")
@pytest.mark.parametrize("command", ["rights issue /dev/zero", "rights issue - < /dev/zero"])
def test_a_term_sheet_that_never_ends(in_folder: Path, command: str) -> None:
    told = limited(command, in_folder)
    assert told.code == 2
    assert "has more than 100,000 bytes; a term sheet is a page or two" in told.sentence


SHEET = """
series = "8"
on = 2018-06-28
note = "{}"

[terms]
company = "A"
max_rights = 10
shares_per_right = 100
exercise_price = 1
exercise_period = {{ from = 2018-07-14, until = 2048-07-13 }}
"""


@pytest.mark.parametrize(("length", "code"), [(100_000, 0), (100_001, 2)])
def test_a_term_sheet_of_100_kb_is_read(new_ledger: Rights, folder: Path, length: int, code: int) -> None:
    assert new_ledger("record", "-", given=GOOD).code == 0
    text = SHEET.format("a sentence. " * 7_000)
    (folder / "sheet.toml").write_text(text + "#" * (length - len(text)))
    assert new_ledger("issue", "sheet.toml").code == code


def test_points_between_quotes_are_prose(new_ledger: Rights, folder: Path) -> None:
    assert new_ledger("record", "-", given=GOOD).code == 0
    (folder / "sheet.toml").write_text(SHEET.format("." * 5_000))
    assert new_ledger("issue", "sheet.toml").code == 0
    (folder / "sheet.toml").write_text("a" + ".a" * (term_sheet.MAX_POINTS + 1) + " = 1")
    assert new_ledger("issue", "sheet.toml").sentence == (
        "rights: malformed: line 1 of sheet.toml has more than 100 points"
    )


def test_a_term_sheet_from_standard_input(new_ledger: Rights) -> None:
    assert new_ledger("record", "-", given=GOOD).code == 0
    assert new_ledger("issue", "-", given=SHEET.format("").encode()).code == 0


@pytest.mark.parametrize("command", ["record -", "issue -"])
def test_standard_input_that_is_closed(in_folder: Path, command: str) -> None:
    told = limited(f"rights {command} <&-", in_folder)
    assert (told.code, told.sentence) == (2, "rights: malformed: standard input is closed; name a file")


@pytest.mark.skipif(not Path("/proc/self/mem").exists(), reason="no file that fails while it is read")
def test_a_file_that_fails_while_it_is_read(new_ledger: Rights) -> None:
    told = new_ledger("record", "/proc/self/mem")
    assert (told.code, told.sentence) == (
        2, "rights: malformed: /proc/self/mem cannot be read: Input/output error"
    )  # fmt: skip


LONG = "9" * 100_000


@pytest.mark.parametrize("command", [
    f"value --share-price {LONG} --exercise-price 1 --term 15 --volatility 0.45 --rate 0 --dividend 22"
    " --shares-per-right 200",
    "value --share-price 1e999999999 --exercise-price 1 --term 15 --volatility 0.45 --rate 0 --dividend 22"
    " --shares-per-right 200",
    f"holdings --known-version {LONG}", f"holdings --as-of {LONG}", f"holdings --known-at {LONG}",
    f"history --since-version {LONG}", f"retract {LONG}", f"depart --holder {LONG} --on 2018-06-28",
    f"exercise --series 7 --holder h --rights {LONG} --on 2018-06-28", f"init --ledger {LONG}",
    f"split --company A --ratio {LONG} --record-date 2018-06-28",
], ids=lambda command: command[:20])  # fmt: skip
def test_long_arguments(in_folder: Path, command: str) -> None:
    (in_folder / "script").write_text(f"rights {command}\n")
    told = limited("sh script", in_folder)
    assert told.code == 2
    assert told.sentence.startswith("rights: malformed: ")


class Starved(io.RawIOBase):
    """Standard input that takes all memory there is."""

    def readable(self) -> bool:
        return True

    def readinto(self, _buffer: object) -> int:
        raise MemoryError


def test_too_little_memory_is_told(new_ledger: Rights, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sys, "stdin", io.TextIOWrapper(io.BufferedReader(Starved())))
    told = new_ledger(*shlex.split("record -"))
    assert (told.code, told.sentence) == (
        2, "rights: malformed: there is not enough memory for all of it; ask or record in parts"
    )  # fmt: skip
