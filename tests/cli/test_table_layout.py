"""Columns stay aligned whatever the script; a narrow terminal breaks text, a pipe cuts nothing."""

import re
import sys
from pathlib import Path

import pytest

from tests.cli.conftest import DEFAULT_URL, SMALL, record_at
from tests.cli.terminal import Rights, Told, in_process, in_terminal, width_of
from tests.scenario import allotted, company, issue

RIGHTS = (sys.executable, "-m", "ledger")
DAY = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}")


def columns_of(rule: str) -> list[tuple[int, int]]:
    """Where the columns under a table's headings begin and end."""
    return [match.span() for match in re.finditer("─+", rule)]


def cells(line: str, columns: list[tuple[int, int]]) -> list[str]:
    """A line cut where the columns are, by the width that a terminal gives each character."""
    spread = "".join(each + "\0" * (width_of(each) - 1) for each in line)
    for (_, end), (start, _) in zip(columns, columns[1:], strict=False):
        assert not spread[end:start].strip(), line
    return [spread[start:end].replace("\0", "").strip() for start, end in columns]


def test_japanese_and_full_width_names_keep_the_columns_aligned(rights: Rights) -> None:
    names = ["取締役１", "山田 太郎", "ﾔﾏﾀﾞ", "director-1", "執行役員・監査室長"]
    record_at("2021-04-01T09:30:00+09:00", [
        company(), issue("第７回", positions=None), *(allotted(7, name, series="第７回") for name in names),
    ])  # fmt: skip
    title, heading, rule, *rows = rights("holdings", "--as-of", "2017-07-14").out.splitlines()
    assert title == "Holdings as of 2017-07-14 · ledger main at version 7"
    columns = columns_of(rule)
    assert cells(heading, columns)[:2] == ["series", "holder"]
    assert sorted(cells(row, columns)[1] for row in rows) == sorted([*names, "total"])
    assert {width_of(row) for row in rows} == {len(rule)}
    assert rights("holdings", "--as-of", "2017-07-14", "--holder", "山田 太郎").out.splitlines()[3] == (
        "第７回  山田 太郎         7            7        200   1,400"
    )


@pytest.fixture
def wide_ledger(folder: Path) -> Path:
    """A ledger whose tables are wider than 80 columns."""
    record_at("2021-04-01T09:30:00+09:00", SMALL)
    return folder


def shown(folder: Path, *arguments: str, columns: int = 80) -> list[str]:
    told = in_terminal([*RIGHTS, *arguments, "--db", DEFAULT_URL], folder, columns=columns)
    assert told.code == 0, told.out
    return told.out.splitlines()


def test_in_a_narrow_terminal_the_widest_text_is_broken(wide_ledger: Path) -> None:
    assert shown(wide_ledger, "history", "--since-version", "5") == [
        "History · ledger main at version 11",
        "version  recorded at        actor  type         on          about",
        "───────  ─────────────────  ─────  ───────────  ──────────  ────────────────────",
        "      6  2021-04-01 00:30Z  hr     allotment    2017-07-14  7, officer-1,",
        "                                                            executive-officer, 7",
        "                                                            rights",
        "      7  2021-04-01 00:30Z  hr     departure    2018-06-28  director-1",
        "      8  2021-04-01 00:30Z  hr     exercise     2018-07-02  7, director-1, 4",
        "                                                            rights",
        "      9  2021-04-01 00:30Z  hr     death        2019-02-11  director-2",
        "     10  2021-04-01 00:30Z  hr     inheritance  2019-03-15  director-2, heir-1",
        "     11  2021-04-01 00:30Z  hr     split        2020-12-31  IIJ, × 2",
    ]


QUESTIONS = (
    ("holdings", "--as-of", "2018-07-08"),
    ("series", "--as-of", "2021-01-01"),
    ("eligibility", "--on", "2019-03-15"),
    ("exercises", "--as-of", "2021-01-01"),
    ("history",),
)


@pytest.mark.parametrize("question", QUESTIONS, ids=lambda question: question[0])
def test_no_line_is_wider_than_a_terminal_of_80_columns(wide_ledger: Path, question: tuple[str, ...]) -> None:
    """At 80 the terminal itself breaks what is wider, in the middle of a number."""
    too_wide = [line for line in shown(wide_ledger, *question) if width_of(line) > 80]
    assert too_wide == []


@pytest.mark.parametrize("question", QUESTIONS, ids=lambda question: question[0])
@pytest.mark.parametrize("columns", [20, 40, 60, 80])
def test_a_narrow_terminal_makes_no_column_wider(
    wide_ledger: Path, question: tuple[str, ...], columns: int
) -> None:
    narrow = shown(wide_ledger, *question, columns=columns)
    wide = shown(wide_ledger, *question, columns=1_000)
    for rule, full in zip(
        [line for line in narrow if line.startswith("─")], [line for line in wide if line.startswith("─")], strict=True
    ):
        narrowed = [end - start for start, end in columns_of(rule)]
        assert all(n <= w for n, w in zip(narrowed, (e - s for s, e in columns_of(full)), strict=True))


@pytest.mark.parametrize("question", QUESTIONS, ids=lambda question: question[0])
@pytest.mark.parametrize("columns", [20, 40, 80])
def test_a_day_and_a_number_are_never_broken(wide_ledger: Path, question: tuple[str, ...], columns: int) -> None:
    def facts(lines: list[str]) -> list[str]:
        body = "\n".join(lines)
        return sorted([*DAY.findall(body), *re.findall(r"¥[0-9,]+", body)])

    assert facts(shown(wide_ledger, *question, columns=columns)) == facts(shown(wide_ledger, *question, columns=1_000))


@pytest.mark.parametrize("question", QUESTIONS, ids=lambda question: question[0])
def test_a_wide_terminal_and_a_pipe_show_the_same(wide_ledger: Path, question: tuple[str, ...]) -> None:
    piped = in_process([*RIGHTS, *question], wide_ledger, settings={"COLUMNS": "20"})
    assert piped == Told(0, "\n".join(shown(wide_ledger, *question, columns=1_000)) + "\n", "")


def test_a_long_japanese_name_is_broken_by_its_width(rights: Rights, folder: Path) -> None:
    name = "アイアイジェイ信託銀行株式会社新株予約権信託口（従業員持株会分）"
    record_at("2021-04-01T09:30:00+09:00", [company(), issue(), allotted(7, name)])
    lines = shown(folder, "holdings", "--as-of", "2017-07-14", columns=60)
    assert all(width_of(line) <= 60 for line in lines)
    columns = columns_of(lines[2])
    assert "".join(cells(line, columns)[1] for line in lines[3:]) == name
