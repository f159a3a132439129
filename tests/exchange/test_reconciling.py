"""The ledger beside a register: what agrees, what differs and by which entries, whom names mean, what is assumed."""

import pytest

from ledger.domain.errors import MalformedError, RefusedError
from ledger.exchange.registers.reconciling import ReconciledRow
from tests.exchange.registers import ALLOTTED, HEADINGS, OF_ALL, assumed, compared, verdicts
from tests.scenario import (
    Story,
    acquired,
    allotted,
    company,
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


def test_transferred_rights_are_added_to_one_s_own() -> None:
    story = given(*series_7({"transfer": "free"}), allotted(24), allotted(10, "director-2"),
                  transferred("2018-02-01", 4, "director-2"))  # fmt: skip
    found = compared(story, ("7", "director-1", "", 20), ("7", "director-2", "", 14), as_of="2018-02-01")
    assert found.differences.rows == ()


def test_an_empty_ledger_and_an_empty_register() -> None:
    assert compared(given(), headings=HEADINGS).answer.rows == ()
    found = compared(given(), ("7", "director-1", "", 24))
    assert verdicts(found) == [("7", None, "missing-here", None, 24)]


def test_who_never_held_any_in_a_series_is_missing_here_with_rights_and_agrees_without() -> None:
    story = given(*ALLOTTED, issue("8"))
    assert compared(story, *OF_ALL, ("8", "director-1", "", 0)).differences.rows == ()
    found = compared(story, *OF_ALL, ("8", "director-1", "", 5))
    assert verdicts(found)[-1] == ("8", "director-1", "missing-here", None, 5)


def test_lots_that_disagree_about_the_shares_per_right(story: Story) -> None:
    rows = [("7", "director-1", "", 20, 200), ("7", "director-1", "", 4, 100), *OF_ALL[1:]]
    found = compared(story, *rows, headings=(*HEADINGS, "shares per right"))
    assert [row.differing for row in found.differences] == [[("shares_per_right", 200, 100)]]
