"""Bad input: exit 2, one sentence that names the line, nothing recorded, never a traceback."""

import os
import shutil
import tempfile
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.cli.terminal import Rights

GOOD = b'{"type": "company", "company": "A", "name": "A", "on": "2000-01-01"}\n'


def waiver(rights: bytes = b"1", on: bytes = b'"2018-01-01"', holder: bytes = b'"h"', more: bytes = b"") -> bytes:
    return (
        b'{"type": "waiver", "series": "7", "holder": '
        + holder
        + b', "rights": '
        + rights
        + b', "on": '
        + on
        + more
        + b"}"
    )


NO_FLOAT = ", not a whole number; write amounts with decimals as strings"
DAYS = "; days are YYYY-MM-DD, from 1868-01-01 to 2999-12-31"
NO_OBJECT = "an entry is a JSON object, in braces"
TOO_LARGE = "`rights` is too large; counts stay below 2^53, 9,007,199,254,740,992"

SENTENCES = {
    "not JSON": (b"hello", "not JSON: Expecting value at column 1"),
    "single quotes": (b"{'a': 1}", "not JSON: Expecting property name enclosed in double quotes at column 2"),
    "cut short": (b'{"type": "company"', "not JSON: Expecting ',' delimiter at column 19"),
    "two objects": (b"{} {}", "not JSON: Extra data at column 4"),
    "zero bytes": (b"\x00", "not JSON: Expecting value at column 1"),
    "a list": (b"[]", NO_OBJECT),
    "a string": (b'"company"', NO_OBJECT),
    "a number": (b"7", NO_OBJECT),
    "no type": (b"{}", "the key `type` is missing"),
    "type a number": (b'{"type": 7}', "`type` is not a string"),
    "duplicate key": (waiver(more=b', "rights": 2'), "the key `rights` stands there twice"),
    "duplicate key inside": (b'{"type": "issue", "terms": {"a": 1, "a": 2}}', "the key `a` stands there twice"),
    "float": (waiver(b"1.5"), f"`rights` is 1.5{NO_FLOAT}"),
    "float without a fraction": (waiver(b"1.0"), f"`rights` is 1.0{NO_FLOAT}"),
    "exponent": (waiver(b"1e3"), f"`rights` is 1e3{NO_FLOAT}"),
    "NaN": (waiver(b"NaN"), f"`rights` is NaN{NO_FLOAT}"),
    "Infinity": (waiver(b"-Infinity"), f"`rights` is -Infinity{NO_FLOAT}"),
    "unknown key": (waiver(more=b', "right": 1'), "an entry of type waiver has no key `right`"),
    "missing key": (b'{"type": "death", "holder": "h"}', "the key `on` of an entry of type death is missing"),
    "number as string": (waiver(b'"1"'), "`rights` is text, where a whole number is wanted"),
    "number as truth": (waiver(b"true"), "`rights` is true or false, where a whole number is wanted"),
    "byte-order mark": (b"\xef\xbb\xbf" + waiver(), "the line begins with a byte-order mark; write plain UTF-8"),
    "Shift JIS": ('{"type": "取締役"}'.encode("shift_jis"), "byte 11 is not UTF-8"),
    "UTF-16": ("{}".encode("utf-16"), "byte 1 is not UTF-8"),
    "overlong UTF-8": (b'{"type": "\xc0\xaf"}', "byte 11 is not UTF-8"),
    "encoded surrogate": (b'{"type": "\xed\xa0\x80"}', "byte 11 is not UTF-8"),
    "lone surrogate": (waiver(holder=rb'"\ud800"'), "a string holds half of a surrogate pair"),
    "lone surrogate in a note": (waiver(more=rb', "note": "\udfff"'), "a string holds half of a surrogate pair"),
    "lone surrogate as key": (rb'{"type": "waiver", "\udc00": 1}', "a string holds half of a surrogate pair"),
    "10^18 rights": (waiver(b"1" + b"0" * 18), TOO_LARGE),
    "2^53 rights": (waiver(b"9007199254740992"), TOO_LARGE),
    "year 1": (waiver(on=b'"0001-01-01"'), f"`on` is 0001-01-01, out of range{DAYS}"),
    "before Meiji": (waiver(on=b'"1867-12-31"'), f"`on` is 1867-12-31, out of range{DAYS}"),
    "year 3000": (waiver(on=b'"3000-01-01"'), f"`on` is 3000-01-01, out of range{DAYS}"),
    "30 February": (waiver(on=b'"2018-02-30"'), f"`on` is 2018-02-30, no day of the calendar{DAYS}"),
    "short month": (waiver(on=b'"2018-2-03"'), f"`on` is 2018-2-03, no day of the calendar{DAYS}"),
    "week day": (waiver(on=b'"2018-W05-6"'), f"`on` is 2018-W05-6, no day of the calendar{DAYS}"),
    "time of day": (waiver(on=b'"2018-02-03T00:00:00"'), f"`on` is 2018-02-03T00:00:00, no day of the calendar{DAYS}"),
    "day as number": (waiver(on=b"20180203"), "`on` is a whole number, where a day is wanted"),
    "deep lists": (b'{"a": ' + b"[" * 32 + b"]" * 32 + b"}", "nested deeper than 32 levels"),
    "very deep lists": (b"[" * 400_000, "nested deeper than 32 levels"),
    "deep objects": (b'{"a": ' * 33 + b"1" + b"}" * 33, "nested deeper than 32 levels"),
    "null": (b"null", NO_OBJECT),
    "a float": (b"1.5", NO_OBJECT),
    "a list of null": (b"[null]", NO_OBJECT),
    "null holder": (waiver(holder=b"null"), "`holder` is null; leave it out"),
    "no name": (waiver(holder=b'""'), "`holder` has 0 characters; 1 to 200 are allowed"),
    "201 characters": (waiver(holder=b'"' + b"h" * 201 + b'"'), "`holder` has 201 characters; 1 to 200 are allowed"),
    "escape in a name": (waiver(holder=rb'"\u001b[31m"'), "`holder` holds the unseen character U+001B"),
    "bidirectional": (waiver(holder=rb'"a\u202eb"'), "`holder` holds the unseen character U+202E"),
    "not composed": (waiver(holder='"か\u3099"'.encode()), "`holder` is not in Unicode's composed form (NFC)"),
    "long id": (waiver(more=b', "id": "' + b"i" * 65 + b'"'), "`id` has 65 characters; at most 64 are allowed"),
}  # fmt: skip


@pytest.mark.parametrize(("line", "sentence"), SENTENCES.values(), ids=list(SENTENCES))
def test_the_sentence(new_ledger: Rights, line: bytes, sentence: str) -> None:
    told = new_ledger("record", "-", given=GOOD + b"\n" + line + b"\n" + GOOD)
    assert (told.code, told.sentence) == (2, f"rights: malformed: line 3: {sentence}")
    told = new_ledger("record", "-", "--json", given=line)
    assert (told.code, told.error) == (2, {"code": "malformed", "message": sentence, "line": 1})
    assert new_ledger("history", "--json").json["rows"] == []


@pytest.mark.parametrize("line", [b"x" * 1_000_001, b'{"note": "' + b"x" * 1_000_000 + b'"}'])
@pytest.mark.parametrize("end", [b"", b"\n", b"\n" + GOOD])
def test_a_line_over_a_megabyte(new_ledger: Rights, folder: Path, line: bytes, end: bytes) -> None:
    (folder / "long.jsonl").write_bytes(GOOD + line + end)
    for told in (new_ledger("record", "-", given=GOOD + line + end), new_ledger("record", "long.jsonl")):
        assert told.code == 2
        assert told.sentence == "rights: malformed: line 2: the line has more than 1,000,000 bytes"
    assert new_ledger("history", "--json").json["rows"] == []


def test_the_length_of_a_long_line_is_told_truly(new_ledger: Rights) -> None:
    told = new_ledger("record", "-", given=b"x" * 5_000_000)
    assert told.code == 2
    assert "1,000,002" not in told.sentence


def test_lines_after_a_long_one_keep_their_numbers(new_ledger: Rights) -> None:
    given = b"x" * 3_000_000 + b"\n" + GOOD + b"y" * 1_000_001
    told = new_ledger("record", "-", "--keep-going", "--json", given=given)
    assert [line["line"] for line in told.json["lines"]] == [1, 2, 3]
    assert told.json["lines"][1] == {"line": 2, "version": 1}


def test_a_line_of_exactly_a_megabyte_is_read(new_ledger: Rights) -> None:
    start = GOOD.rstrip(b"}\n") + b', "note": "'
    line = start + b"x" * (1_000_000 - len(start) - 2) + b'"}'
    assert len(line) == 1_000_000
    assert new_ledger("record", "-", given=line).code == 0
    assert new_ledger("record", "-", given=line.replace(b'"A"', b'"B"') + b"\r\n").code == 0


def test_an_unknown_type(new_ledger: Rights) -> None:
    told = new_ledger("record", "-", given=b'{"type": "grant"}')
    assert (told.code, told.sentence) == (
        2,
        "rights: unknown-type: line 1: `grant` is not a kind of entry; the kinds are company, issue, pricing, "
        "allotment, appointment, departure, death, inheritance, exercise, waiver, transfer, split, consolidation, "
        "adjustment, acquisition, cancellation, restructuring, retraction",
    )


def test_a_number_of_5000_digits_is_told_in_our_words(new_ledger: Rights) -> None:
    told = new_ledger("record", "-", given=waiver(b"9" * 5_000))
    assert told.code == 2
    assert told.sentence.startswith(
        "rights: malformed: line 1: `rights` is too large; counts stay below 2^53, 9,007,199,254,740,992"
    )
    assert "sys." not in told.sentence


@pytest.mark.parametrize("line", [
    rb'{"type": "a\nrights: done"}',
    rb'{"type": "\u001b[31mred"}',
    rb'{"type": "company", "\u001b]0;title\u0007": 1}',
    rb'{"type": "waiver", "a\nb": 1, "a\nb": 2}',
    waiver(on=rb'"\u001b[2J"'),
    rb'{"type": "\u202egrant"}',
])  # fmt: skip
def test_what_was_given_cannot_write_to_the_terminal(new_ledger: Rights, line: bytes) -> None:
    """A message that repeats its input stays one sentence: no line feed, no escape, nothing bidirectional."""
    told = new_ledger("record", "-", given=line)
    assert told.code == 2
    assert told.sentence.isprintable()


@pytest.mark.parametrize("line", [
    b'{"type": "' + b"x" * 900_000 + b'"}', waiver(on=b'"' + b"9" * 900_000 + b'"'), waiver(b"1." + b"0" * 900_000),
    b'{"type": "company", "' + b"k" * 900_000 + b'": 1}',
])  # fmt: skip
def test_a_sentence_stays_readable(new_ledger: Rights, line: bytes) -> None:
    told = new_ledger("record", "-", given=line)
    assert told.code == 2
    assert len(told.sentence) < 1_000


@pytest.mark.parametrize(("name", "words"), [
    ("missing.jsonl", "No such file or directory"), (".", "Is a directory"), ("rights.db/x", "Not a directory"),
    ("x" * 300, "File name too long"),
])  # fmt: skip
def test_a_file_that_is_none(new_ledger: Rights, name: str, words: str) -> None:
    told = new_ledger("record", name)
    assert (told.code, told.sentence) == (2, f"rights: malformed: {name}: {words}")
    told = new_ledger("record", name, "--json")
    assert (told.code, told.error) == (2, {"code": "malformed", "message": f"{name}: {words}", "line": None})


@pytest.fixture
def as_nobody(new_ledger: Rights) -> Iterator[Path]:
    """A folder that everybody may use, and a process that is not root's, whoever runs the tests."""
    folder = Path(tempfile.mkdtemp(prefix="rights-test-"))
    shutil.copy("rights.db", folder)
    folder.chmod(0o777)
    (folder / "rights.db").chmod(0o666)
    was_root = os.geteuid() == 0
    if was_root:
        os.seteuid(65_534)
    yield folder
    if was_root:
        os.seteuid(0)
    shutil.rmtree(folder)


@pytest.mark.parametrize("command", ["record", "issue"])
def test_a_file_that_may_not_be_read(rights: Rights, as_nobody: Path, command: str) -> None:
    file = as_nobody / "secret"
    file.write_bytes(GOOD)
    file.chmod(0)
    told = rights(command, str(file), "--db", f"sqlite:///{as_nobody}/rights.db")
    assert told.code == 2
    assert told.sentence.startswith(f"rights: malformed: {file}")
    assert told.sentence.endswith("Permission denied")


@pytest.mark.parametrize(("mode", "below"), [(0, "."), (0o500, "."), (0o500, "states")])
def test_a_state_folder_that_may_not_be_written(rights: Rights, as_nobody: Path, mode: int, below: str) -> None:
    folder = as_nobody / "state"
    folder.mkdir()
    folder.chmod(mode)
    told = rights("checkpoint", "--state", str(folder / below), "--db", f"sqlite:///{as_nobody}/rights.db")
    folder.chmod(0o700)
    assert (told.code, told.sentence) == (
        2,
        f"rights: malformed: issued checkpoints cannot be remembered in {folder / below}: Permission denied; say with"
        " --state in which folder they are",
    )
    assert list(folder.iterdir()) == []


SHEETS = {
    "missing": (None, "sheet.toml cannot be read: No such file or directory"),
    "not TOML": (b"series = ", "sheet.toml is not TOML in UTF-8: Invalid value (at end of document)"),
    "not UTF-8": (
        b'series = "\xff"',
        "sheet.toml is not TOML in UTF-8: 'utf-8' codec can't decode byte 0xff in position 10",
    ),
    "twice": (
        b'series = "8"\nseries = "9"',
        "sheet.toml is not TOML in UTF-8: Cannot overwrite a value (at end of document)",
    ),
    "time": (b'series = "8"\non = 2018-06-28T09:00:00', "2018-06-28 09:00:00 has a time of day; write the day alone"),
    "float": (
        b'series = "8"\non = 2018-06-28\nterms = { exercise_price = 1.5 }',
        f"`terms.exercise_price` is 1.5{NO_FLOAT}",
    ),
    "NaN": (
        b'series = "8"\non = 2018-06-28\nterms = { exercise_price = nan }',
        f"`terms.exercise_price` is nan{NO_FLOAT}",
    ),
    "time alone": (b'series = "8"\non = 09:00:00', "`on` is a time, which JSON does not have"),
    "empty": (b"", "the key `series` of an entry of type issue is missing"),
    "unknown": (b'series = "8"\non = 2018-06-28\nplan = 1', "an entry of type issue has no key `plan`"),
}


@pytest.mark.parametrize(("content", "sentence"), SHEETS.values(), ids=list(SHEETS))
def test_a_term_sheet_that_is_none(new_ledger: Rights, folder: Path, content: bytes | None, sentence: str) -> None:
    if content is not None:
        (folder / "sheet.toml").write_bytes(content)
    told = new_ledger("issue", "sheet.toml")
    assert told.code == 2
    assert told.sentence.startswith(f"rights: malformed: {sentence}")
    assert new_ledger("issue", "sheet.toml", "--json").error["code"] == "malformed"


def test_a_term_sheet_cannot_record_something_else(new_ledger: Rights, folder: Path) -> None:
    (folder / "sheet.toml").write_text('type = "company"\ncompany = "A"\nname = "A"\non = 2018-06-28\n')
    told = new_ledger("issue", "sheet.toml")
    assert told.code == 2
    assert new_ledger("history", "--json").json["rows"] == []
