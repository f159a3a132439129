"""Whatever a file holds, it is read into a plan or refused in words; what is planned are entries, each with an id."""

from collections.abc import Callable
from pathlib import Path
from random import Random

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from ledger import MalformedError
from ledger.domain.characters import seen
from ledger.domain.wellformed import entry_from
from ledger.exchange.sheets import SHEETS
from tests.exchange.writing import EXERCISES, HEADINGS, ROW, SHEET, csv_file, packed, parts_of, plan_of, workbook

dice = st.integers(0, 2**32 - 1).map(Random)
CELLS = (
    None, "", " ", "7", "７", "-1", "1e9", "9" * 400, "2018-07-02", "平成32年7月2日", "R8.7.1", "1:2", "3/2",
    "=1+1", "'=1", "合計", "example", "例", "行使", "retraction", "[", "{}", '["a"]', "a=b", "none", "10日", "はい",
    "\u202e", "e\u0301", "x" * 300, "\u0007", 0, -1, 2**53, 1.5, 1e300, True,
)  # fmt: skip
WORDS = [word for sheet in SHEETS for column in sheet.columns for word in (column.heading, column.japanese)]
NOISE = (
    b"<",
    b">",
    b'"',
    b"&a;",
    b"<!DOCTYPE x>",
    b"</c>",
    b"<f>1</f>",
    b"\0",
    b"\xff",
    b" r=''",
    b"9" * 50,
    b"",
    b"s",
)


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp("hostile")


def taken_well(file: Path, sheet: str | None = None) -> None:
    try:
        plan = plan_of(file, sheet)
    except MalformedError as error:
        assert 0 < len(error.message) < 20_000
        assert error.message == seen(error.message)
        return
    for planned in plan.entries:
        entry_from(planned.entry)
        assert planned.entry["id"]
        assert planned.place.row
    for remark in (*plan.problems, *plan.left_out):
        assert 0 < len(str(remark)) < 2_000


@settings(max_examples=200)
@given(dice)
def test_a_sheet_of_anything(folder: Path, dice: Random) -> None:
    sheet = dice.choice(SHEETS)
    headings = [dice.choice((column.heading, column.japanese)) for column in sheet.columns]
    for _ in range(dice.randint(0, 3)):
        headings[dice.randrange(len(headings))] = dice.choice((*WORDS, "", "type", "x"))
    rows = [[dice.choice(CELLS) for _ in headings] for _ in range(dice.randint(0, 5))]
    name = dice.choice((sheet.name, sheet.japanese, "entries", "Sheet1"))
    kind = dice.choice((None, sheet.name))
    taken_well(csv_file(folder / "a.csv", [headings, *rows], "utf-8"), kind)
    clean = [[None if each == "\u0007" else each for each in row] for row in rows]  # which no XML may hold
    taken_well(workbook(folder / "a.xlsx", {name: [headings, *clean]}), kind)


def _flipped(content: bytes, dice: Random) -> bytes:
    at = dice.randrange(len(content))
    return content[:at] + bytes([content[at] ^ (1 << dice.randrange(8))]) + content[at + 1 :]


def _cut(content: bytes, dice: Random) -> bytes:
    return content[: dice.randrange(len(content))]


def _noisy(content: bytes, dice: Random) -> bytes:
    at = dice.randrange(len(content))
    return content[:at] + dice.choice(NOISE) + content[at + dice.randint(0, 3) :]


@settings(max_examples=200)
@given(dice, st.sampled_from([_flipped, _cut, _noisy]))
def test_a_workbook_that_is_nearly_one(folder: Path, dice: Random, change: Callable[[bytes, Random], bytes]) -> None:
    """Changed in a part, or as it is packed."""
    parts = parts_of(SHEET.format(headings=HEADINGS, rows=ROW.format(2) + ROW.format(7)))
    name = dice.choice(sorted(parts))
    taken_well(packed(folder / "b.xlsx", {**parts, name: change(parts[name], dice)}))
    file = workbook(folder / "c.xlsx", {"exercises": EXERCISES})
    file.write_bytes(change(file.read_bytes(), dice))
    taken_well(file)


@settings(max_examples=100)
@given(st.binary(max_size=300), st.sampled_from([None, "exercises"]))
def test_a_file_of_anything(folder: Path, content: bytes, sheet: str | None) -> None:
    file = folder / "d.csv"
    file.write_bytes(content)
    taken_well(file, sheet)
