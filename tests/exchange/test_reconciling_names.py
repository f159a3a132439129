"""Whom the names of a register mean: alike, just so, by their readings, by ids; and nobody by a guess."""

from collections.abc import Iterable
from typing import Any

import pytest

from ledger.exchange.registers.reconciling import ReconciledRow
from tests.exchange.registers import OF_ALL, assumed, compared, verdicts
from tests.exchange.sheets import Written
from tests.scenario import (
    Story,
)


def written(rows: Iterable[ReconciledRow]) -> list[dict[str, Any]]:
    return [row.to_dict() for row in rows]


@pytest.mark.parametrize(("name", "says"), [
    ("高橋一郎", []),
    ("髙橋　一郎", ["髙橋　一郎 was taken for director-1: spaces, 髙 = 高"]),
    ("高橋一郎様", ["高橋一郎様 was taken for director-1: the form of address"]),
    ("ﾀｶﾊｼ ｲﾁﾛｳ", ["ﾀｶﾊｼ ｲﾁﾛｳ was taken for director-1: full width and half width, spaces"]),
    ("ICHIRO TAKAHASHI", ["ICHIRO TAKAHASHI was taken for director-1: capital and small letters"]),
    ("director-1", []), ("DIRECTOR‐１", ["DIRECTOR‐１ was taken for director-1: full width and half width, "
                                         "capital and small letters, hyphens and long vowels"]),
    ("高橋一郎 (director-1)", []),
])  # fmt: skip
def test_whom_a_name_means(named: Story, name: str, says: list[str]) -> None:
    found = compared(named, ("7", "", name, 24), *OF_ALL[1:])
    assert (found.differences.rows, found.answer[0].name) == ((), name)
    assert assumed(found) == says


def test_an_id_wins_over_a_name_and_it_is_said(named: Story) -> None:
    found = compared(named, ("7", "director-1", "山崎花子", 24), *OF_ALL[1:])
    assert found.differences.rows == ()
    assert assumed(found) == ["the id is that of director-1, whom the register calls 山崎花子"]


def test_an_id_of_the_register_s_own_does_not_hide_a_name(named: Story) -> None:
    found = compared(named, ("7", "00123", "髙橋一郎", 24), *OF_ALL[1:])
    assert found.differences.rows == ()


def test_without_a_directory_names_mean_nobody(story: Story) -> None:
    found = compared(story, ("7", "", "高橋一郎", 24), *OF_ALL[1:])
    assert [row.verdict for row in found.differences] == ["missing-there", "missing-here"]
    assert assumed(found) == ["the directory of people has no names: holders are known by ids alone"]


def test_two_who_are_alike_are_never_guessed(named: Story) -> None:
    named.book.people.set("director-2", {"kanji": "髙橋 一郎"}, actor="tests")
    found = compared(named, ("7", "", "髙橋一郎", 24), ("7", "", "髙橋一郎", 10), OF_ALL[2])
    assert verdicts(found) == [
        ("7", "director-1", "ambiguous", 24, None), ("7", "director-2", "ambiguous", 10, None),
        ("7", "officer-1", "matched", 7, 7),
        ("7", None, "ambiguous", None, 24), ("7", None, "ambiguous", None, 10),
    ]  # fmt: skip
    assert [row.candidates for row in found.answer][3:] == [("director-1", "director-2")] * 2


def test_who_is_written_just_so_wins_and_the_other_is_told(named: Story) -> None:
    named.book.people.set("director-2", {"kanji": "髙橋一郎"}, actor="tests")
    found = compared(named, ("7", "", "高橋一郎", 24), ("7", "", "髙橋一郎", 10), OF_ALL[2])
    assert found.differences.rows == ()
    assert assumed(found) == [
        "高橋一郎 is director-1, and not director-2, who is alike",
        "髙橋一郎 is director-2, and not director-1, who is alike",
    ]


def test_two_of_one_name_are_told_apart_by_how_it_is_read(named: Story) -> None:
    named.book.people.set("director-2", {"kanji": "高橋一郎", "kana": "コウハシカズオ"}, actor="tests")
    headings = ("series", "氏名", "フリガナ", "rights")
    rows = [
        ("7", "高橋一郎", "コウハシ カズオ", 10),
        ("7", "高橋一郎", "タカハシイチロウ", 24),
        ("7", "斎藤次郎", "", 7),
    ]
    found = compared(named, *rows, headings=headings)
    assert found.differences.rows == ()
    assert "高橋一郎 may be several: director-2 by the other name" in assumed(found)
    without = compared(named, *[(*row[:2], "", row[3]) for row in rows], headings=headings)
    assert [row.verdict for row in without.answer] == ["ambiguous", "ambiguous", "matched", "ambiguous", "ambiguous"]


def test_a_name_and_a_reading_of_two_people_is_not_guessed(named: Story) -> None:
    named.book.people.set("director-2", {"kana": "ヤマザキハナコ"}, actor="tests")
    found = compared(named, ("7", "高橋一郎", "ヤマザキハナコ", 24), headings=("series", "氏名", "フリガナ", "rights"))
    assert found.answer[-1].candidates == ("director-1", "director-2")


def test_two_of_the_register_who_come_to_one_are_not_added_up(named: Story) -> None:
    found = compared(named, ("7", "", "高橋一郎", 20), ("7", "", "髙橋一郎", 4), *OF_ALL[1:])
    assert verdicts(found) == [
        ("7", "director-1", "different", 24, 20), ("7", "director-2", "matched", 10, 10),
        ("7", "officer-1", "matched", 7, 7), ("7", None, "ambiguous", None, 4),
    ]  # fmt: skip
    neither = compared(named, ("7", "", "斎藤次郎", 4), ("7", "", "斉藤次郎", 3), *OF_ALL[:2])
    assert [row.verdict for row in neither.answer] == ["matched", "matched", "ambiguous", "ambiguous", "ambiguous"]
    spaces = compared(named, ("7", "", "高橋 一郎", 20), ("7", "", "高橋一郎", 4), *OF_ALL[1:])
    assert spaces.differences.rows == ()


def test_without_names(named: Story) -> None:
    found = compared(named, ("7", "", "髙橋一郎", 24), ("7", "", "誰か", 3), *OF_ALL[1:], ids_only=True)
    assert [row.name for row in found.answer] == [None] * 4
    assert assumed(found) == ["what is written there was taken for director-1"]


def test_the_order_of_lines_does_not_matter(named: Story) -> None:
    rows: list[Written] = [("7", "", "髙橋一郎", 20), ("7", "", "斎藤 次郎", 7), ("7", "", "誰か", 3)]
    forward, backward = compared(named, *rows), compared(named, *rows[::-1])
    assert [{**row, "register_rows": ()} for row in written(forward.answer)] == [
        {**row, "register_rows": ()} for row in written(backward.answer)
    ]


def test_rows_with_one_id_are_added_up_however_the_name_is_written(named: Story) -> None:
    rows = [("7", "director-1", "高橋一郎", 20), ("7", "director-1", "髙橋一郎", 4), *OF_ALL[1:]]
    assert compared(named, *rows).differences.rows == ()


def test_of_two_who_are_written_just_so_neither_is_told_to_be_meant(named: Story) -> None:
    named.book.people.set("director-2", {"kanji": "高橋一郎"}, actor="tests")
    named.book.people.set("officer-1", {"kanji": "髙橋一郎"}, actor="tests")
    found = compared(named, ("7", "", "高橋一郎", 24), ("7", "officer-1", "", 7))
    assert (found.answer[-1].candidates, assumed(found)) == (("director-1", "director-2"), [])
