"""Names where ids are wanted are told, with the id, before anything is recorded."""

from pathlib import Path

import pytest

from tests.cli.terminal import Rights
from tests.exchange.writing import csv_file, workbook

HEADINGS = ("回号", "保有者", "個数", "行使日")


def refused(rights: Rights, folder: Path, *row: object) -> str:
    csv_file(folder / "exercises.csv", (HEADINGS, row))
    told = rights("import", "exercises.csv")
    assert (told.code, rights("history", "--json").json["known_version"]) == (2, 11)
    return told.err.splitlines()[0]


@pytest.fixture
def named(small_ledger: Rights) -> Rights:
    assert small_ledger("people", "set", "director-1", "--kanji", "高橋一郎", "--roman", "Ichiro Takahashi").code == 0
    return small_ledger


@pytest.mark.parametrize("name", ["高橋一郎", "髙橋　一郎", "ＩＣＨＩＲＯ takahashi"])
def test_a_name_in_place_of_an_id(named: Rights, folder: Path, name: str) -> None:
    told = refused(named, folder, "7", name, 1, "2018-07-03")
    assert told.startswith("rights: row 2, column holder: ")
    assert told.endswith(" is the name of director-1: entries hold ids and no names; write the id")


def test_a_name_that_two_bear(named: Rights, folder: Path) -> None:
    assert named("people", "set", "director-2", "--kanji", "髙橋一郎").code == 0
    assert "is the name of director-1, director-2: " in refused(named, folder, "7", "高橋一郎", 1, "2018-07-03")


def test_a_name_of_the_file_itself(small_ledger: Rights, folder: Path) -> None:
    """A workbook that names its holders and then writes the names everywhere else."""
    sheets = {
        "保有者": (("保有者", "氏名"), ("officer-9", "乙川花子")),
        "割当": (("回号", "保有者", "地位", "個数", "割当日"), ("7", "乙川花子", "director", 1, "2017-07-14")),
    }
    workbook(folder / "book.xlsx", sheets)
    told = small_ledger("import", "book.xlsx")
    assert told.code == 2
    assert "sheet 割当, row 2, column holder: 乙川花子 is the name of officer-9" in told.err
    assert small_ledger("people", "show", "--json").json["rows"] == []


@pytest.mark.parametrize("written", ["第7回", "第７回新株予約権", "七", "第七回"])
def test_a_series_by_the_number_of_its_issue(named: Rights, folder: Path, written: str) -> None:
    told = refused(named, folder, written, "director-1", 1, "2018-07-03")
    assert told == f"rights: row 2, column series: {written} is no series' id: series 7 is meant? Write the id"


def test_what_nobody_bears_is_the_ledgers_to_refuse(named: Rights, folder: Path) -> None:
    csv_file(folder / "exercises.csv", (HEADINGS, ("7", "丙山次郎", 1, "2018-07-03")))
    assert "unknown-holder" in named("import", "exercises.csv").sentence
    csv_file(folder / "exercises.csv", (HEADINGS, ("October", "director-1", 1, "2018-07-03")))
    assert "unknown-series" in named("import", "exercises.csv").sentence


def test_an_id_that_looks_like_a_name_is_an_id(named: Rights, folder: Path) -> None:
    """Once the ledger knows it, it is nobody's name."""
    assert named("appoint", "--holder", "高橋一郎", "--position", "auditor", "--on", "2020-01-01").code == 0
    csv_file(folder / "departures.csv", (("保有者", "退任日"), ("高橋一郎", "2020-06-30")))
    assert named("import", "departures.csv").code == 0
