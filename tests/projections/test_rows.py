"""contract.md, commands: the rows of every answer, whole: keys and their order, sorting, and what each rests on."""

from datetime import UTC, date, datetime
from typing import Any

import msgspec
import pytest

from ledger.domain.errors import RefusedError
from ledger.domain.reasons import Reason
from tests.scenario import (
    Story,
    acquired,
    adjusted,
    allotted,
    appointed,
    consolidated,
    departed,
    died,
    exercised,
    given,
    inherited,
    issue,
    pricing,
    restructured,
    retraction,
    series_7,
    split,
    transferred,
    waived,
)

FREE = {"while_in_office": True, "transfer": "free"}


def starts_with(row: dict[str, Any], keys: str) -> bool:
    """The contract's keys in its order; further keys come after them."""
    return list(row)[: len(keys.split())] == keys.split()


@pytest.fixture(scope="module")
def story() -> Story:
    return given(
        *series_7(FREE), pricing("2113.5"), allotted(24), exercised("2018-01-01", 4, treasury_shares=100),
        split("3/2", "2020-03-31"),
    )  # fmt: skip


def test_a_row_of_holdings(story: Story) -> None:
    (row,) = story.holdings("2020-04-01")
    assert row.to_dict() == {
        "series": "7", "holder": "director-1", "inherited_from": None, "transferred_from": None, "allotted": 24,
        "received": 0, "outstanding": 20, "exercised": 4, "lapsed": 0, "waived": 0, "acquired": 0, "extinguished": 0,
        "replaced": 0, "passed_on": 0, "shares_per_right": 300, "shares": 6_000,
    }  # fmt: skip
    assert list(row.to_dict()) == [
        "series", "holder", "inherited_from", "transferred_from", "allotted", "received", "outstanding", "exercised",
        "lapsed", "waived", "acquired", "extinguished", "replaced", "passed_on", "shares_per_right", "shares",
    ]  # fmt: skip


def test_a_row_of_series(story: Story) -> None:
    row = story.series("2020-04-01").to_dict()
    assert starts_with(
        row,
        "series company name max_rights allotted received outstanding exercised lapsed waived acquired extinguished "
        "replaced shares_per_right shares exercise_price exercise_from exercise_until price_per_share price_per_right",
    )
    assert {key: row[key] for key in list(row)[:20]} == {
        "series": "7", "company": "IIJ", "name": "7", "max_rights": 245, "allotted": 24, "received": 0,
        "outstanding": 20, "exercised": 4, "lapsed": 0, "waived": 0, "acquired": 0, "extinguished": 0, "replaced": 0,
        "shares_per_right": 300, "shares": 6_000, "exercise_price": 1, "exercise_from": "2017-07-15",
        "exercise_until": "2047-07-14", "price_per_share": "2113.5", "price_per_right": 422_700,
    }  # fmt: skip


def test_a_row_of_eligibility(story: Story) -> None:
    (row,) = story.eligibility("2020-04-01")
    expected = {
        "series": "7", "holder": "director-1", "inherited_from": None, "transferred_from": None, "rights": 20,
        "shares": 6_000, "payment": 6_000, "eligible": True, "from": "2017-07-15", "until": "2047-07-14",
        "reason": None,
    }  # fmt: skip
    assert list(row.to_dict().items()) == list(expected.items())


def test_a_row_of_exercises(story: Story) -> None:
    (row,) = story.exercises()
    assert starts_with(
        row.to_dict(),
        "version series holder inherited_from transferred_from on rights shares payment capital capital_reserve",
    )
    # 800 shares and yen; 800 + 4 × 422,700 = 1,691,600, of which 700/800 are 1,480,150.
    assert {key: value for key, value in row.to_dict().items() if key != "shares_still_due"} == {
        "version": 5, "series": "7", "holder": "director-1", "inherited_from": None, "transferred_from": None,
        "on": "2018-01-01", "rights": 4, "shares": 800, "payment": 800, "capital": 740_075, "capital_reserve": 740_075,
    }  # fmt: skip


def test_a_row_of_the_history() -> None:
    at = datetime(2018, 7, 1, 3, 4, 5, 678, tzinfo=UTC)
    entry = waived("2018-01-01") | {"id": "w", "note": "第7回"}
    story = given(*series_7(), allotted()).then(entry, at=at).then(retraction(4))
    (row,) = [row.to_dict() for row in story.book.history(since_version=3)][:1]
    assert starts_with(row, "version type recorded_at actor retracted_by entry")
    assert {key: row[key] for key in ("version", "type", "recorded_at", "actor", "retracted_by", "entry")} == {
        "version": 4, "type": "waiver", "recorded_at": "2026-11-22T00:00:00.000000Z", "actor": "tests",
        "retracted_by": 5, "entry": entry,
    }  # fmt: skip


@pytest.mark.parametrize(("since", "versions"), [(0, [1, 2, 3]), (2, [3]), (3, [])])
def test_the_history_since_a_version(since: int, versions: list[int]) -> None:
    assert [row.version for row in given(*series_7(), allotted()).book.history(since_version=since)] == versions


def test_rows_are_immutable(story: Story) -> None:
    (row,) = story.holdings("2020-04-01")
    with pytest.raises(AttributeError):
        row.outstanding = 99  # type: ignore[misc]


def test_rows_are_sorted_with_null_first_then_by_version() -> None:
    story = given(*series_7(FREE, max_rights=900), issue("10", conditions=FREE), allotted(9, "b", series="10"))
    story.then(allotted(9, "b"), allotted(9, "a"), allotted(9, "c"), allotted(9, "d"))
    story.then(transferred("2018-01-01", 2, "b", "c"), transferred("2018-01-01", 2, "b", "a"), died("2018-02-01", "d"))
    story.then(inherited("2018-02-02", "b", "d"), exercised("2018-02-04", 1, "b"), exercised("2018-02-03", 1, "b"))
    story.then(exercised("2018-02-03", 1, "a"), exercised("2018-02-02", 1, "b", transferred_from="a"))
    keys = [
        ("10", "b", None, None),
        ("7", "a", None, None),
        ("7", "b", None, None),
        ("7", "b", None, "a"),
        ("7", "b", None, "c"),
        ("7", "b", "d", None),
        ("7", "c", None, None),
        ("7", "d", None, None),
    ]
    holdings = story.holdings("2018-03-01")
    assert [(row.series, row.holder, row.inherited_from, row.transferred_from) for row in holdings] == keys
    eligible = story.book.eligibility(date(2018, 3, 1))
    assert [(row.series, row.holder, row.inherited_from, row.transferred_from) for row in eligible] == keys[:-1]
    assert [row.series for row in story.book.series(date(2018, 3, 1))] == ["10", "7"]
    # Versions 13 and 14 are of one holding, whatever their days.
    assert [(row.holder, row.transferred_from, row.version) for row in story.exercises()] == [
        ("a", None, 15),
        ("b", None, 13),
        ("b", None, 14),
        ("b", "a", 16),
    ]


def test_only_one_series_or_one_holder() -> None:
    story = given(*series_7(FREE), issue("8"), allotted(), allotted(series="8"), allotted(holder="director-2"))
    story.then(exercised("2018-01-01"), exercised("2018-01-01", holder="director-2"))
    day = date(2018, 1, 1)
    assert [(row.series, row.holder) for row in story.book.holdings(day, series="7")] == [
        ("7", "director-1"),
        ("7", "director-2"),
    ]
    assert [row.series for row in story.book.holdings(day, holder="director-1")] == ["7", "8"]
    assert [row.series for row in story.book.eligibility(day, series="8", holder="director-1")] == ["8"]
    assert [row.holder for row in story.book.exercises(day, holder="director-2")] == ["director-2"]
    assert [row.series for row in story.book.series(day, series="8")] == ["8"]


def says(because: tuple[Reason, ...]) -> list[tuple[int | None, str]]:
    return [(reason.version, reason.item) for reason in because]


def test_a_number_of_shares_rests_on_every_step() -> None:
    story = given(*series_7(), allotted(), split("3/2", "2018-03-31"), consolidated("1/7", "2019-04-01"))
    story.then(adjusted(40, "2019-05-01"), restructured("2019-06-03", ratio="1/3"))
    row = story.holding("2019-06-03", series="7@HD")
    assert row.shares_per_right == 13
    # The first says how the rights came: received in the restructuring.
    assert row.because[0].version == 7
    assert says(row.because[1:]) == [(2, "item 3"), (4, "item 3"), (5, "item 3"), (6, "item 3"), (7, "item 9")]
    assert row.reasons()[2] == {
        "version": 4,
        "item": "item 3",
        "says": "split × 3/2 on 2018-04-01: 300 shares per right",
    }
    assert says(story.holding("2018-03-31").because) == [(3, "item 15"), (2, "item 3")]


def test_a_window_rests_on_what_opened_it() -> None:
    story = given(*series_7(), allotted(24), allotted(5, "director-2"), appointed("2018-01-01"))
    assert says(story.eligibility("2018-01-01")[0].because)[:2] == [(2, "item 11(2)"), (2, "item 5")]
    story.then(departed("2018-06-28"), died("2018-07-02", "director-2"))
    assert says(story.eligibility("2018-06-28")[0].because)[:2] == [(6, "item 11(2)"), (2, "item 5")]
    assert says(story.eligibility("2018-07-02", "director-2")[0].because)[:2] == [(7, "item 11(3)"), (2, "item 5")]
    story.then(inherited("2018-07-03", holder="director-2"))
    assert says(story.eligibility("2018-07-03", "heir-1")[0].because)[:2] == [(8, "item 11(3)"), (2, "item 5")]
    story = given(*series_7(FREE), allotted(24), transferred("2018-01-01"))
    assert says(story.eligibility("2018-01-01")[0].because)[:2] == [(2, "terms"), (2, "item 5")]
    assert story.eligibility("2018-01-01", "buyer-1")[0].because[0].item == "item 7"


def test_a_loss_rests_on_the_departure_that_made_it() -> None:
    """Two positions, lost one after the other: the second departure is the day L."""
    story = given(*series_7(), allotted(24), appointed("2018-01-01"), departed("2018-03-01", position="director"))
    story.then(departed("2018-06-28", position="executive-officer"))
    assert story.eligibility("2018-06-29")[0].because[0].version == 6


def test_a_price_rests_on_the_pricing() -> None:
    row = given(*series_7(), pricing(2_113)).series("2017-07-14")
    assert says(row.because) == [(2, "item 3"), (3, "item 12")]
    assert says(given(*series_7()).series("2017-07-14").because) == [(2, "item 3")]


def test_the_amounts_of_an_exercise_rest_on_it_on_the_shares_and_on_the_price(story: Story) -> None:
    assert says(story.exercises()[0].because) == [
        (5, "item 4"),
        (5, "item 6"),
        (5, "item 6"),
        (2, "item 3"),
        (3, "item 12"),
    ]


def test_the_chain_of_series_is_whole_from_any_of_them() -> None:
    story = given(*series_7(), allotted(24), issue("8"), restructured("2019-06-03")).then(
        restructured("2020-01-01", company="HD", successor="TOP")
    )
    for series in ("7", "7@HD", "7@HD@TOP"):
        assert story.book.chain(series) == ("7", "7@HD", "7@HD@TOP")
    assert story.book.chain("8") == ("8",)
    with pytest.raises(RefusedError, match="unknown-series"):
        story.book.chain("9")


def test_a_series_that_was_replaced_twice_has_two_that_follow_it() -> None:
    """What was allotted after the first replacement is replaced by the second."""
    story = given(*series_7(allotment_date=None), allotted(24), restructured("2019-06-03", "share-exchange"))
    story.then(allotted(1, "director-2", on="2019-07-01"))
    story.then(restructured("2020-01-01", "share-exchange", successor="TOP"))
    for series in ("7", "7@HD", "7@TOP"):
        assert story.book.chain(series) == ("7", "7@HD", "7@TOP")


def test_company_holds_are_shown_with_the_series() -> None:
    story = given(*series_7(), allotted(24), acquired("2019-06-03"))
    assert msgspec.structs.asdict(story.series("2019-06-03"))["company_holds"] == 24
