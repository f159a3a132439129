"""The ledger beside a register: what agrees, what differs and by which entries, whom names mean, what is assumed."""

from collections.abc import Iterable, Iterator, Sequence
from pathlib import Path
from typing import Any

import pytest

from ledger import open_ledger
from ledger.domain.errors import MalformedError, RefusedError
from ledger.exchange.reconciling import ReconciledRow, Reconciliation, reconciliation
from ledger.exchange.register_lines import register_in
from tests.exchange.sheets import Written, sheet
from tests.scenario import (
    Given,
    Story,
    acquired,
    allotted,
    company,
    day,
    departed,
    died,
    exercised,
    given,
    inherited,
    issue,
    series_7,
    split,
    transferred,
)

ALLOTTED: Sequence[Given] = (
    *series_7(),  # versions 1 and 2
    allotted(24),  # 3
    allotted(10, "director-2"),
    allotted(7, "officer-1", position="executive-officer"),
)
HEADINGS = ("series", "holder", "name", "rights")
NAMES = {
    "director-1": {"kanji": "高橋一郎", "kana": "タカハシイチロウ", "roman": "Ichiro Takahashi"},
    "director-2": {"kanji": "山﨑花子"},
    "officer-1": {"kanji": "齋藤次郎"},
}


def compared(
    story: Story, *rows: Written, headings: Written = HEADINGS, as_of: str = "2017-07-14", **asked: Any
) -> Reconciliation:
    return reconciliation(story.book, register_in(sheet(headings, *rows)), day(as_of), **asked)


def verdicts(found: Reconciliation) -> list[tuple[str | None, str | None, str, int | None, int | None]]:
    return [(row.series, row.holder, row.verdict, row.rights_here, row.rights_there) for row in found.answer]


def assumed(found: Reconciliation) -> list[str]:
    return [str(each.says) for each in found.assumptions]


@pytest.fixture
def story() -> Story:
    return given(*ALLOTTED)


@pytest.fixture
def named(tmp_path: Path) -> Iterator[Story]:
    """The same in a file: a directory of people is no part of a log in memory."""
    story = Story()
    with open_ledger(f"sqlite:///{tmp_path / 'rights.db'}", "main", create=True) as story.book:
        story.then(*ALLOTTED).book.people.set_all(NAMES.items(), actor="tests")
        yield story


OF_ALL: Sequence[Written] = (("7", "director-1", "", 24), ("7", "director-2", "", 10), ("7", "officer-1", "", 7))


def test_what_agrees(story: Story) -> None:
    found = compared(story, *OF_ALL)
    assert found.answer[0] == ReconciledRow(
        "7", "director-1", None, None, "director-1", "holding", "matched", 24, 24, 4_800, None, 200, None,
        candidates=(), register_rows=(2,), versions=(2, 3), because=story.holding("2017-07-14").because,
    )  # fmt: skip
    assert found.counted() == {"matched": 3, "different": 0, "missing-here": 0, "missing-there": 0, "ambiguous": 0}
    assert (list(found.differences), found.assumptions) == ([], ())
    assert (found.answer.known_version, str(found.answer.as_of)) == (5, "2017-07-14")


def test_what_differs_is_missing_here_or_there(story: Story) -> None:
    found = compared(story, ("7", "director-1", "", 23), ("7", "somebody", "", 1), ("7", "director-2", "", 10))
    assert verdicts(found) == [
        ("7", "director-1", "different", 24, 23), ("7", "director-2", "matched", 10, 10),
        ("7", "officer-1", "missing-there", 7, None), ("7", None, "missing-here", None, 1),
    ]  # fmt: skip
    different, missing_there, missing_here = found.differences
    assert different.differing == [("rights", 24, 23)]
    assert (different.versions, different.register_rows) == ((2, 3), (2,))
    assert (missing_there.differing, missing_there.register_rows) == ([("rights", 7, None)], ())
    assert (missing_here.name, missing_here.differing) == ("somebody", [("rights", None, 1)])


def test_what_lapsed_is_different_and_not_missing(story: Story) -> None:
    """The entries behind our nothing are told: the departure of 28 June 2018 and the ten days after it."""
    story.then(departed("2018-06-28"))
    found = compared(story, *OF_ALL, as_of="2018-07-09")
    assert verdicts(found)[0] == ("7", "director-1", "different", 0, 24)
    assert found.answer[0].versions == (2, 3, 6)
    assert compared(story, *OF_ALL, as_of="2018-07-08").differences.rows == ()


def test_who_has_nothing_left_is_not_missing_there(story: Story) -> None:
    story.then(departed("2018-06-28"), exercised("2018-07-02", 24))
    assert compared(story, *OF_ALL[1:], as_of="2018-07-02").differences.rows == ()
    assert compared(story, ("7", "director-1", "", 0), *OF_ALL[1:], as_of="2018-07-02").differences.rows == ()


def test_nobody_with_nothing_agrees_with_nothing(story: Story) -> None:
    found = compared(story, *OF_ALL, ("7", "somebody", "", 0))
    assert found.differences.rows == ()
    assert verdicts(found)[-1] == ("7", None, "matched", None, 0)


def test_shares_and_shares_per_right_where_the_register_has_them(story: Story) -> None:
    story.then(split("2", "2020-12-31"))
    headings = (*HEADINGS, "shares", "shares per right")
    rows = [
        ("7", "director-1", "", 24, 9_600, 200),
        ("7", "director-2", "", 10, 2_000, 400),
        ("7", "officer-1", "", 7, 2_800, 400),
    ]
    first, second, third = compared(story, *rows, headings=headings, as_of="2021-01-01").answer
    assert first.differing == [("shares_per_right", 400, 200)]
    assert second.differing == [("shares", 4_000, 2_000)]
    assert third.verdict == "matched"
    assert compared(story, *OF_ALL, as_of="2021-01-01").differences.rows == ()


def test_a_register_of_shares_alone(story: Story) -> None:
    rows = [("7", "director-1", 4_800), ("7", "director-2", 2_000), ("7", "officer-1", 1_600)]
    found = compared(story, *rows, headings=("series", "holder", "shares"))
    assert [row.differing for row in found.answer] == [[], [], [("shares", 1_400, 1_600)]]


def test_lots_are_added_up_and_said_so(story: Story) -> None:
    found = compared(story, ("7", "director-1", "", 20), *OF_ALL[1:], ("7", "director-1", "", 4))
    assert found.answer[0].register_rows == (2, 5)
    assert (found.answer[0].rights_there, found.differences.rows) == (24, ())
    assert assumed(found) == ["the rows 2, 5 are added up: series 7 of director-1"]


def test_what_one_lot_leaves_empty_is_not_compared(story: Story) -> None:
    headings = (*HEADINGS, "shares")
    rows = [("7", "director-1", "", 20, 4_000), ("7", "director-1", "", 4, None), *OF_ALL[1:]]
    found = compared(story, *rows, headings=headings)
    assert (found.answer[0].shares_there, found.differences.rows) == (None, ())
    assert "the figure is empty here, and not compared: shares" in assumed(found)


@pytest.mark.parametrize(("total", "verdict", "says"), [
    (41, "matched", []), (42, "different", ["the total says 42, and its own lines add up to 41"]),
])  # fmt: skip
def test_a_total_is_compared_as_one(story: Story, total: int, verdict: str, says: list[str]) -> None:
    found = compared(story, *OF_ALL, ("", "合計", "", total))
    last = found.answer[-1]
    assert (last.of, last.verdict, last.rights_here, last.rights_there) == ("total", verdict, 41, total)
    assert assumed(found) == says
    assert last.versions == (2, 3, 4, 5)


def test_totals_of_series_and_of_all() -> None:
    story = given(*ALLOTTED, issue("8"), allotted(5, series="8"))
    rows = [*OF_ALL, ("7", "小計", "", 41), ("8", "director-1", "", 5), ("8", "小計", "", 5), ("", "合計", "", 46)]
    found = compared(story, *rows)
    assert [(row.series, row.rights_here) for row in found.answer if row.of == "total"] == [
        ("7", 41),
        ("8", 5),
        (None, 46),
    ]
    assert found.differences.rows == ()
    alone = compared(story, *rows, series="7")
    assert [row.series for row in alone.answer] == ["7"] * 4
    assert alone.differences.rows == ()
    assert assumed(alone) == ["rows of other series than those compared are left out: 2"]


def test_a_series_that_the_register_does_not_have() -> None:
    story = given(*ALLOTTED, issue("8"), allotted(5, series="8"))
    found = compared(story, *OF_ALL)
    assert [row.holder for row in found.differences] == ["director-1"]
    assert assumed(found) == ["there is no row of series 8: --series compares one series alone"]
    assert compared(story, *OF_ALL, series="7").differences.rows == ()


def test_a_series_that_the_ledger_does_not_have(story: Story) -> None:
    found = compared(story, *OF_ALL, ("第8回", "director-1", "", 5))
    assert verdicts(found)[-1] == ("第8回", None, "missing-here", None, 5)


def test_a_series_that_nobody_knows_is_left_out_where_one_is_chosen(story: Story) -> None:
    found = compared(story, *OF_ALL, ("第8回", "director-1", "", 5), ("", "合計", "", 46), series="7")
    assert (found.differences.rows, len(found.answer)) == ((), 3)
    assert assumed(found) == ["rows of other series than those compared are left out: 1"]


def test_a_register_that_names_no_series(story: Story) -> None:
    rows = [row[1:] for row in OF_ALL]
    found = compared(story, *rows, headings=HEADINGS[1:])
    assert (found.differences.rows, assumed(found)) == ((), ["the register is of series 7"])
    story.then(issue("8"), allotted(5, series="8"))
    assert compared(story, *rows, headings=HEADINGS[1:], series="7").differences.rows == ()
    with pytest.raises(MalformedError) as refused:
        compared(story, *rows, headings=HEADINGS[1:])
    assert refused.value.message == (
        "the register has no column that names the series, and the ledger's series on that day are 7, 8: --series says"
        " which it is of, or --column series=HEADING which column names it"
    )


def test_of_one_company_alone() -> None:
    story = given(*ALLOTTED, company("B"), issue("8", company="B"), allotted(5, series="8"))
    assert compared(story, *OF_ALL, company="IIJ").differences.rows == ()
    found = compared(story, *OF_ALL, company="B")
    assert verdicts(found) == [("8", "director-1", "missing-there", 5, None)]
    with pytest.raises(RefusedError, match="company C is not known"):
        compared(story, *OF_ALL, company="C")
    with pytest.raises(RefusedError, match="series 9 is not known"):
        compared(story, *OF_ALL, series="9")


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


def test_holdings_of_an_heir_are_told_apart_where_the_register_does() -> None:
    story = given(*ALLOTTED, died("2019-02-11"), inherited("2019-03-15", "director-2"))
    merged = compared(story, ("7", "director-2", "", 34), OF_ALL[2], as_of="2019-03-15")
    assert merged.differences.rows == ()
    headings = (*HEADINGS, "inherited from")
    apart = [("7", "director-2", "", 10, ""), ("7", "director-2", "", 24, "Director-1"), ("7", "officer-1", "", 7, "")]
    found = compared(story, *apart, headings=headings, as_of="2019-03-15")
    assert [(row.inherited_from, row.rights_here) for row in found.answer] == [
        (None, 10),
        ("director-1", 24),
        (None, 7),
    ]
    assert found.differences.rows == ()
    wrong = compared(
        story, apart[0], ("7", "director-2", "", 24, "somebody"), apart[2], headings=headings, as_of="2019-03-15"
    )
    assert [(row.inherited_from, row.verdict) for row in wrong.differences] == [
        ("director-1", "missing-there"), ("somebody", "missing-here"),
    ]  # fmt: skip


def test_what_the_company_holds_itself() -> None:
    story = given(*ALLOTTED, acquired("2019-06-02", ["officer-1"]))
    found = compared(story, *OF_ALL[:2], ("7", "", "IIJ Inc.", 7), as_of="2019-06-02")
    assert [(row.of, row.holder, row.verdict) for row in found.answer][-1] == ("company", None, "matched")
    missing = compared(story, *OF_ALL[:2], as_of="2019-06-02")
    assert [(row.of, row.verdict, row.rights_here) for row in missing.differences] == [("company", "missing-there", 7)]


def test_as_of_a_state_of_knowledge(story: Story) -> None:
    story.then(departed("2018-06-28"), exercised("2018-07-02", 4))
    rows = [("7", "director-1", "", 20), *OF_ALL[1:]]
    assert compared(story, *rows, as_of="2018-07-02").differences.rows == ()
    before = compared(story, *rows, as_of="2018-07-02", known_version=5)
    assert (before.answer.known_version, verdicts(before)[0]) == (5, ("7", "director-1", "different", 24, 20))


def test_without_names(named: Story) -> None:
    found = compared(named, ("7", "", "髙橋一郎", 24), ("7", "", "誰か", 3), *OF_ALL[1:], ids_only=True)
    assert [row.name for row in found.answer] == [None] * 4
    assert assumed(found) == ["what is written there was taken for director-1"]


def test_transferred_rights_are_added_to_one_s_own() -> None:
    story = given(*series_7({"transfer": "free"}), allotted(24), allotted(10, "director-2"),
                  transferred("2018-02-01", 4, "director-2"))  # fmt: skip
    found = compared(story, ("7", "director-1", "", 20), ("7", "director-2", "", 14), as_of="2018-02-01")
    assert found.differences.rows == ()


def test_an_empty_ledger_and_an_empty_register() -> None:
    assert compared(given(), headings=HEADINGS).answer.rows == ()
    found = compared(given(), ("7", "director-1", "", 24))
    assert verdicts(found) == [("7", None, "missing-here", None, 24)]


def written(rows: Iterable[ReconciledRow]) -> list[dict[str, Any]]:
    return [row.to_dict() for row in rows]


def test_the_order_of_lines_does_not_matter(named: Story) -> None:
    rows: list[Written] = [("7", "", "髙橋一郎", 20), ("7", "", "斎藤 次郎", 7), ("7", "", "誰か", 3)]
    forward, backward = compared(named, *rows), compared(named, *rows[::-1])
    assert [{**row, "register_rows": ()} for row in written(forward.answer)] == [
        {**row, "register_rows": ()} for row in written(backward.answer)
    ]
