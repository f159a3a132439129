"""Columns stay aligned whatever the script; a narrow terminal breaks text, a pipe cuts nothing."""

import re
import sys
from collections.abc import Callable
from itertools import pairwise
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis.strategies import text

from ledger.cli.render import _broken, _least, _longest_word, _pieces
from tests.cli.conftest import SMALL, record_at
from tests.cli.terminal import Rights, in_process, in_terminal, width_of
from tests.scenario import allotted, company, issue

RIGHTS = (sys.executable, "-m", "ledger")


def columns_of(rule: str) -> list[tuple[int, int]]:
    """Where the columns under a table's headings begin and end."""
    return [match.span() for match in re.finditer("─+", rule)]


def cells(line: str, columns: list[tuple[int, int]]) -> list[str]:
    """A line cut where the columns are, by the width that a terminal gives each character."""
    spread = "".join(each + "\0" * (width_of(each) - 1) for each in line)
    for (_, end), (start, _) in pairwise(columns):
        assert not spread[end:start].strip(), line
    return [spread[start:end].replace("\0", "").strip() for start, end in columns]


def test_japanese_and_full_width_names_keep_the_columns_aligned(rights: Rights) -> None:
    names = ["取締役１", "山田 太郎", "ﾔﾏﾀﾞ", "director-1", "執行役員・監査室長"]
    record_at("2021-04-01T09:30:00+09:00", [
        company(), issue("第７回", positions=None), *(allotted(7, name, series="第７回") for name in names),
    ])  # fmt: skip
    title, heading, rule, *rows = rights("holdings", "--as-of", "2017-07-14").table.splitlines()
    assert title == "Holdings as of 2017-07-14 · ledger main at version 7"
    columns = columns_of(rule)
    assert cells(heading, columns)[:2] == ["series", "holder"]
    assert sorted(cells(row, columns)[1] for row in rows) == sorted([*names, "total"])
    assert {width_of(row) for row in rows} == {len(rule)}
    assert rights("holdings", "--as-of", "2017-07-14", "--holder", "山田 太郎").out.splitlines()[3] == (
        "第７回  山田 太郎         7            7        200   1,400"
    )


@given(text(alphabet="aé1,.年月日円個（「、。」）あ漢－－ー令和元𠮷"))
def test_what_a_word_is_broken_into_is_the_word(word: str) -> None:
    assert "".join(_pieces(word)) == word
    assert "".join(_broken(word, 6)) == word
    assert all(width_of(line) <= 6 for line in _broken(word, 6))


@pytest.mark.parametrize(("cell", "least", "lines"), [
    ("3, 16, 23, 26", 3, ["3,", "16,", "23,", "26"]),
    ("3、16、23", 4, ["3、", "16、", "23"]),
    ("2018-07-02, 2018-07-03", 11, ["2018-07-02,", "2018-07-03"]),
    ("2018年7月2日、2018年10月31日", 14, ["2018年7月2日、", "2018年10月31日"]),
    ("2018-07-02 09:05", 16, ["2018-07-02 09:05"]),
    ("2018年7月2日 09:05", 18, ["2018年7月2日 09:05"]),
])  # fmt: skip
def test_a_list_of_numbers_or_days_is_broken_between_them(cell: str, least: int, lines: list[str]) -> None:
    assert _least(cell, breaks=True) == least
    assert _broken(cell, least) == lines
    assert _least(cell, breaks=False) == width_of(cell)


def test_an_id_in_brackets_stays_whole_and_no_line_begins_with_a_blank() -> None:
    name = "田中平八郎 (tanaka-heir)（田中一郎 (tanaka)の相続人）"
    lines = _broken(name, _longest_word(name))
    assert lines == ["田中平八郎", "(tanaka-heir)", "（田中一郎", "(tanaka)の相", "続人）"]
    assert _broken("甲 (director-1)は 24個", 14) == ["甲", "(director-1)は", "24個"]


Narrow = Callable[..., list[str]]


@pytest.fixture
def narrow(small_ledger: Rights, monkeypatch: pytest.MonkeyPatch) -> Narrow:
    """Ask the small ledger in a terminal of that many columns; in a pipe without."""

    def ask(*question: str, columns: int | None = None) -> list[str]:
        with monkeypatch.context() as terminal:
            if columns is not None:
                terminal.setattr(sys.stdout, "isatty", lambda: True)
                terminal.setenv("COLUMNS", str(columns))
            told = small_ledger(*question)
        assert (told.code, told.err) == (0, "")
        assert all(width_of(line) <= 80 for line in told.out.removeprefix(told.table).splitlines())
        return told.table.splitlines()

    return ask


BROKEN = [
    "History · ledger main at version 11",
    "version recorded (JST)   actor     type        on          days about",
    "                         (claimed)                         late",
    "─────── ──────────────── ───────── ─────────── ────────── ───── ────────────",
    "      6 2021-04-01 09:30 hr        allotment   2017-07-14 1,357 series 7,",
    "                                                                officer-1,",
    "                                                                executive-of",
    "                                                                ficer, 7",
    "                                                                rights",
    "      7 2021-04-01 09:30 hr        departure   2018-06-28 1,008 director-1",
    "      8 2021-04-01 09:30 hr        exercise    2018-07-02 1,004 series 7,",
    "                                                                director-1,",
    "                                                                4 rights",
    "      9 2021-04-01 09:30 hr        death       2019-02-11   780 director-2",
    "     10 2021-04-01 09:30 hr        inheritance 2019-03-15   748 director-2",
    "                                                                to heir-1",
    "     11 2021-04-01 09:30 hr        split       2021-01-01    90 IIJ, × 2",
]


def test_in_a_narrow_terminal_the_widest_text_is_broken(folder: Path) -> None:
    record_at("2021-04-01T09:30:00+09:00", SMALL)
    told = in_terminal([*RIGHTS, "history", "--since-version", "5"], folder, columns=80)
    assert (told.code, told.table.splitlines()) == (0, BROKEN)


def test_a_pipe_cuts_nothing(narrow: Narrow, folder: Path) -> None:
    piped = in_process([*RIGHTS, "history", "--since-version", "5"], folder, settings={"COLUMNS": "20"})
    lines = narrow("history", "--since-version", "5")
    assert (piped.code, piped.table, piped.err) == (0, "\n".join(lines) + "\n", "")
    assert lines[3].endswith("  allotment    2017-07-14      1,357  series 7, officer-1, executive-officer, 7 rights")


QUESTIONS = pytest.mark.parametrize(
    "question",
    [
        ("holdings", "--as-of", "2018-07-08"),
        ("series", "--as-of", "2021-01-01"),
        ("eligibility", "--on", "2019-03-15"),
        ("exercises", "--as-of", "2021-01-01"),
        ("history",),
    ],
    ids=lambda question: question[0],
)


@QUESTIONS
def test_a_terminal_with_room_shows_what_a_pipe_does(narrow: Narrow, question: tuple[str, ...]) -> None:
    assert narrow(*question, columns=1_000) == narrow(*question)


@QUESTIONS
def test_no_line_is_wider_than_a_terminal_of_80_columns(narrow: Narrow, question: tuple[str, ...]) -> None:
    """The terminal would break it in the middle of a number."""
    assert [line for line in narrow(*question, columns=80) if width_of(line) > 80] == []


@QUESTIONS
def test_a_narrow_terminal_makes_no_column_wider(narrow: Narrow, question: tuple[str, ...]) -> None:
    def widths(lines: list[str]) -> list[int]:
        return [end - start for line in lines if line.startswith("─") for start, end in columns_of(line)]

    full = widths(narrow(*question))
    for columns in (20, 40, 60, 80):
        narrowed = widths(narrow(*question, columns=columns))
        assert all(now <= before for now, before in zip(narrowed, full, strict=True)), columns


@QUESTIONS
def test_a_day_and_an_amount_are_never_broken(narrow: Narrow, question: tuple[str, ...]) -> None:
    def facts(lines: list[str]) -> list[str]:
        return sorted(re.findall(r"[0-9]{4}-[0-9]{2}-[0-9]{2}|¥[0-9,]+", "\n".join(lines)))

    for columns in (20, 40, 60, 80):
        assert facts(narrow(*question, columns=columns)) == facts(narrow(*question))


def test_a_long_japanese_name_is_broken_by_its_width(narrow: Narrow) -> None:
    name = "アイアイジェイ信託銀行株式会社新株予約権信託口（従業員持株会分）"
    record_at("2021-04-02T09:30:00+09:00", [allotted(7, name)])
    lines = narrow("holdings", "--as-of", "2017-07-14", "--holder", name, columns=80)
    assert all(width_of(line) <= 80 for line in lines)
    rule = next(index for index, line in enumerate(lines) if line.startswith("─"))
    columns = columns_of(lines[rule])
    broken = lines[rule + 1 :]
    assert len(broken) > 1
    assert "".join(cells(f"{line:{columns[-1][1]}}", columns)[1] for line in broken) == name


def test_sentences_about_proofs_fit_a_terminal_and_keep_their_words(keyed: Rights, folder: Path) -> None:
    """What is broken in a terminal is one line in a pipe, with the same words."""
    assert keyed("receipt", "7", "--out", "r7").code == 0
    assert keyed("db", "backup", "copy").code == 0
    for arguments, code in (
        (("verify", "--checkpoint", "11"), 0),
        (("verify", "--receipt", "r7", "--checkpoint", "11", "--key", "rights.key.pub"), 0),
        (("db", "restore", "copy", "--reason", "it was lost when somebody replaced the disk of the machine"), 0),
        (("verify",), 0),
        (("verify", "--checkpoint", "missing"), 2),
        (("db", "backup", "copy"), 2),
        (("checkpoint", "--out", "copy"), 2),
        (("key", "new"), 2),
    ):
        told = in_terminal([*RIGHTS, *arguments], folder, columns=80)
        assert told.code == code
        for line in told.out.splitlines():
            assert width_of(line) <= 80 or " " not in line or line.startswith('{"actor"'), line
    pipe, terminal = in_process([*RIGHTS, "verify"], folder), in_terminal([*RIGHTS, "verify"], folder, columns=80)
    assert pipe.out.split() == terminal.out.split()
    assert len(pipe.out.splitlines()) < len(terminal.out.splitlines())
