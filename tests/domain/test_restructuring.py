"""Item 9: on the effective day each holding with rights outstanding is replaced, if the agreement provides for it."""

from decimal import Decimal
from typing import Any

import pytest

from ledger.domain.terms import RestructuringKind
from tests.scenario import (
    acquired,
    adjusted,
    allotted,
    appointed,
    cancelled,
    company,
    consolidated,
    departed,
    died,
    exercised,
    given,
    inherited,
    issue,
    key_of,
    pricing,
    restructured,
    series_7,
    split,
    transferred,
    waived,
)

KINDS: tuple[RestructuringKind, ...] = (
    "merger",
    "absorption-type-demerger",
    "incorporation-type-demerger",
    "share-exchange",
    "share-transfer",
)
OTHERS = KINDS[1:]
ON = "2019-06-03"
FREE = {"while_in_office": True, "transfer": "free"}
BASE = (*series_7(), allotted(24), allotted(6, "director-2"))


@pytest.mark.parametrize("kind", KINDS)
def test_the_same_number_of_rights_of_the_successor_s_series(kind: str) -> None:
    story = given(*BASE, waived("2018-01-01", 4), restructured(ON, kind))
    assert [row.series for row in story.holdings("2019-06-02")] == ["7", "7"]
    assert story.rights(ON) == {"allotted": 24, "waived": 4, "replaced": 20}
    assert story.rights(ON, "director-2") == {"allotted": 6, "replaced": 6}
    assert story.rights(ON, series="7@HD") == {"received": 20, "outstanding": 20}
    assert story.rights(ON, "director-2", "7@HD") == {"received": 6, "outstanding": 6}


@pytest.mark.parametrize("kind", KINDS)
def test_the_chain_is_walked_both_ways(kind: str) -> None:
    story = given(
        *BASE,
        issue("8"),
        restructured(ON, kind),
        restructured("2020-01-01", "share-transfer", company="HD", successor="TOP"),
    )
    chain = {row.series: (row.company, row.replaces, row.replaced_by) for row in story.book.series(as_of=None)}
    assert chain == {
        "7": ("IIJ", None, ("7@HD",)),
        "7@HD": ("HD", "7", ("7@HD@TOP",)),
        "7@HD@TOP": ("TOP", "7@HD", ()),
        "8": ("IIJ", None, ()),
    }


def test_the_terms_of_the_successor_s_series() -> None:
    story = given(
        *series_7(FREE | {"lump_sum": True}, name="7th series", max_rights=200),
        pricing(2_113),
        allotted(24),
        restructured(ON, "share-exchange", successor_name="Holdings", ratio="3/7", series_map={"7": "H1"}),
    )
    row = story.series(ON, "H1").to_dict()
    del row["replaced_by"]
    assert row == {
        "series": "H1", "company": "HD", "name": "7th series", "max_rights": 24, "allotted": 0, "received": 24,
        "outstanding": 24, "exercised": 0, "lapsed": 0, "waived": 0, "acquired": 0, "extinguished": 0, "replaced": 0,
        "shares_per_right": 85, "shares": 2_040, "exercise_price": 1, "exercise_from": ON,
        "exercise_until": "2047-07-14", "price_per_share": 2_113, "price_per_right": 422_600, "replaces": "7",
        "company_holds": 0,
    }  # fmt: skip
    assert story.series(ON).max_rights == 200
    story.when(exercised(ON, 23, series="H1")).refused_with("lump-sum-only")
    story.when(allotted(1, on="2017-07-14", series="H1")).refused_with("unknown-series")


@pytest.mark.parametrize(
    ("ratio", "number"), [("1", 200), ("1/3", 66), ("3/7", 85), ("1/201", 0), ("5/2", 500), ("2/400", 1)]
)
def test_shares_per_right_are_the_old_number_times_the_ratio_floored(ratio: str, number: int) -> None:
    assert given(*BASE, restructured(ON, ratio=ratio)).shares_per_right(ON, "7@HD") == number


@pytest.mark.parametrize(
    ("adjustment", "price", "ratio", "after"),
    [
        ("fixed", 1, "1/2", 1),
        ("fixed", "99.5", "1/2", Decimal("99.5")),
        ("inverse", 100, "1/2", 200),
        ("inverse", 100, "3", 34),
        ("inverse", "99.5", "1", 100),
    ],
)
def test_the_exercise_price_of_the_successor_s_series(
    adjustment: str, price: int | str, ratio: str, after: int | Decimal
) -> None:
    story = given(*series_7(exercise_price=price, exercise_price_adjustment=adjustment), allotted())
    assert story.then(restructured(ON, ratio=ratio)).series(ON, "7@HD").exercise_price == after


@pytest.mark.parametrize(
    ("from_", "until", "on", "starts"),
    [
        ("2017-07-15", "2047-07-14", "2019-06-03", "2019-06-03"),
        ("2019-06-03", "2047-07-14", "2019-06-03", "2019-06-03"),
        ("2019-06-04", "2047-07-14", "2019-06-03", "2019-06-04"),
    ],
)
def test_the_period_starts_on_the_later_day_and_ends_the_same(from_: str, until: str, on: str, starts: str) -> None:
    story = given(*series_7(FREE, exercise_period={"from": from_, "until": until}), allotted(), restructured(on))
    row = story.series(on, "7@HD")
    assert (str(row.exercise_from), str(row.exercise_until)) == (starts, until)
    assert story.window(starts, series="7@HD") == ("open", starts, until)


def test_windows_already_running_keep_their_last_day() -> None:
    story = given(*series_7(), allotted(), departed("2018-06-28"), restructured("2018-07-03"))
    assert story.window("2018-07-03", series="7@HD") == ("open", "2018-07-03", "2018-07-08")
    assert story.rights("2018-07-09", series="7@HD") == {"received": 24, "lapsed": 24}
    story.when(exercised("2018-07-08", series="7@HD")).recorded()
    story.when(exercised("2018-07-09", series="7@HD")).refused_with("outside-exercise-window")


def test_an_heir_s_window_keeps_its_last_day_and_one_that_waits_still_waits() -> None:
    story = given(*series_7(), allotted(), allotted(6, "director-2"), died("2019-03-01"), inherited("2019-03-15"))
    story.then(died("2019-04-01", "director-2"), restructured(ON))
    assert story.window(ON, "heir-1", "7@HD") == ("open", ON, "2019-09-15")
    assert story.window(ON, "director-2", "7@HD") == "awaiting-heir"
    story.then(inherited("2019-07-15", "heir-2", "director-2"))
    assert story.window("2019-07-15", "heir-2", "7@HD") == ("open", "2019-07-15", "2020-01-15")
    story.when(exercised("2019-06-04", 24, "heir-1", series="7@HD", inherited_from="director-1")).recorded()


def test_offices_held_go_on_being_held() -> None:
    story = given(*series_7(), allotted(), appointed("2018-01-01"), restructured(ON))
    assert story.window(ON, series="7@HD") == "in-office"
    story.then(departed("2020-06-28", position="director"))
    assert story.window("2020-06-29", series="7@HD") == "in-office"
    story.then(departed("2020-07-31"))
    assert story.window("2020-08-01", series="7@HD") == ("open", "2020-08-01", "2020-08-10")


def test_every_holding_keeps_whom_it_came_from() -> None:
    story = given(*series_7(FREE), allotted(), allotted(9, "director-2"), transferred("2018-01-01", 5))
    story.then(died("2018-02-01"), inherited("2018-03-01"), restructured("2018-03-02"))
    held = {key_of(row): row.outstanding for row in story.holdings("2018-03-02") if row.outstanding}
    assert held == {
        ("7@HD", "buyer-1", None, "director-1"): 5,
        ("7@HD", "director-2", None, None): 9,
        ("7@HD", "heir-1", "director-1", None): 19,
    }


def test_later_splits_of_the_successor_act_on_the_successor_s_series_only() -> None:
    story = given(*BASE, restructured(ON, "share-exchange"), split("2", ON, "HD"), split("3", "2020-03-31"))
    assert [story.shares_per_right("2020-04-01", series) for series in ("7", "7@HD")] == [600, 400]


@pytest.mark.parametrize(("on", "number"), [("2019-06-03", 200), ("2019-06-04", 100)])
def test_a_successor_s_series_counts_as_allotted_on_the_day(on: str, number: int) -> None:
    """The absorbing company stands in the ledger already: its consolidation of that day is read first."""
    story = given(*BASE, company("HD"), restructured(ON), consolidated("1/2", on, "HD"))
    assert story.shares_per_right("2019-06-04", "7@HD") == number


def test_a_split_before_counts_in_the_old_number() -> None:
    story = given(*BASE, split("3/2", "2018-12-31"), restructured(ON, ratio="1/7"), split("7", "2020-03-31", "HD"))
    assert [story.shares_per_right(day, "7@HD") for day in (ON, "2020-04-01")] == [42, 294]


@pytest.mark.parametrize("successor", [None, "HD"])
@pytest.mark.parametrize("kind", KINDS)
def test_without_delivery_nothing_is_replaced(kind: str, successor: str | None) -> None:
    story = given(*BASE, restructured(ON, kind, delivery=False, successor=successor))
    left = "extinguished" if kind == "merger" else "outstanding"
    assert story.rights(ON) == {"allotted": 24, left: 24}
    assert [row.series for row in story.book.series(as_of=None)] == ["7"]
    attempt = story.when(split("2", ON, "HD"))
    _ = attempt.recorded() if successor else attempt.refused_with("unknown-company")


@pytest.mark.parametrize("kind", KINDS)
def test_with_a_map_only_the_series_it_names_are_replaced(kind: str) -> None:
    story = given(*BASE, issue("8"), allotted(5, series="8"), restructured(ON, kind, series_map={"8": "H8"}))
    left = "extinguished" if kind == "merger" else "outstanding"
    assert story.rights(ON) == {"allotted": 24, left: 24}
    assert story.rights(ON, series="8") == {"allotted": 5, "replaced": 5}
    assert story.rights(ON, series="H8") == {"received": 5, "outstanding": 5}


@pytest.mark.parametrize("kind", OTHERS)
def test_a_company_that_goes_on_may_do_so(kind: str) -> None:
    story = given(*series_7(allotment_date=None), allotted(24), restructured(ON, kind))
    story.then(allotted(3, on="2019-07-01"), issue("8", on="2019-07-01"), split("2", "2019-08-01"))
    assert story.shares_per_right("2019-08-02") == 400


def test_a_map_that_names_nothing_replaces_nothing() -> None:
    story = given(*BASE, restructured(ON, "share-exchange", series_map={}))
    assert story.rights(ON) == {"allotted": 24, "outstanding": 24}


def test_a_series_with_nothing_outstanding_gets_no_successor() -> None:
    story = given(*series_7(), issue("8"), allotted(), waived("2018-01-01", 24), restructured(ON))
    assert [row.series for row in story.book.series(as_of=None)] == ["7", "8"]
    given(*series_7()).when(restructured(ON, series_map={"7": "H7"})).recorded()


def test_rights_held_by_the_company_are_not_replaced() -> None:
    story = given(*BASE, acquired("2019-06-01", ["director-1"]), restructured(ON, "share-exchange"))
    assert (story.series(ON).company_holds, story.series(ON, "7@HD").company_holds) == (24, 0)
    assert story.series(ON, "7@HD").max_rights == 6
    story.when(cancelled(ON, 24)).recorded()
    story.when(cancelled(ON, 1, "7@HD")).refused_with("insufficient-rights")


@pytest.mark.parametrize(
    ("series_map", "code"),
    [
        ({"7": "7"}, "duplicate"),
        ({"7": "8"}, "duplicate"),
        ({"7": "X"}, "duplicate"),
        ({"7": "H", "8": "H"}, "duplicate"),
        ({"X": "H"}, "unknown-series"),
        ({"9": "H"}, "unknown-series"),
        ({"7": "9"}, None),
        ({"7": "H7", "8": "H8"}, None),
    ],
    ids=str,
)
def test_the_ids_in_a_map(series_map: dict[str, str], code: str | None) -> None:
    """X is a series of another company; 9 is none."""
    other = (company("OTHER"), issue("X", company="OTHER"))
    story = given(*BASE, issue("8"), allotted(5, series="8"), *other)
    attempt = story.when(restructured(ON, "share-exchange", series_map=series_map))
    _ = attempt.recorded() if code is None else attempt.refused_with(code)


def test_the_id_made_without_a_map_may_exist() -> None:
    given(*BASE, issue("7@HD")).when(restructured(ON)).refused_with("duplicate")
    story = given(*series_7(allotment_date=None), allotted(24), restructured(ON, "share-exchange"))
    story.then(allotted(3, on="2019-07-01"))
    story.when(restructured("2020-01-01", "share-exchange")).refused_with("duplicate")
    story.when(restructured("2020-01-01", "share-exchange", series_map={"7": "7-2"})).recorded()
    assert story.series("2020-01-01").replaced_by == ("7@HD", "7-2")


AFTER_MERGER: list[tuple[str, Any, str | None]] = [
    ("issue", issue("9", on=ON), "unknown-company"),
    ("split", split("2", ON), "unknown-company"),
    ("consolidation", consolidated("1/2", "2019-06-04"), "unknown-company"),
    ("restructuring", restructured("2019-06-04", "share-exchange", successor="X"), "unknown-company"),
    ("as successor", restructured("2019-06-04", "share-exchange", company="HD", successor="IIJ"), "unknown-company"),
    ("allotment", allotted(1, on=ON, series="8"), "unknown-company"),
    ("adjustment", adjusted(3, "2019-06-04"), "unknown-company"),
    ("acquisition", acquired(ON), "unknown-company"),
    ("cancellation", cancelled(ON, 1), "unknown-company"),
    ("its id again", company(on=ON), "contradiction"),
    ("its id given to the successor's", company("HD", on="2019-06-04"), "duplicate"),
    ("price", pricing(on="2019-07-01"), None),
    ("exercise", exercised(ON), "insufficient-rights"),
    ("waiver", waived(ON), "insufficient-rights"),
    ("split of the day", split("2", "2019-06-02"), None),
    ("adjustment of the day", adjusted(3, ON), None),
    ("departure", departed(ON), None),
]


@pytest.mark.parametrize(("entry", "code"), [case[1:] for case in AFTER_MERGER], ids=[case[0] for case in AFTER_MERGER])
def test_after_a_merger(entry: Any, code: str | None) -> None:
    series_8 = issue("8", allotment_date=None, conditions=FREE)
    story = given(*series_7(FREE), series_8, allotted(24), restructured(ON))
    if entry["type"] == "company" and entry["company"] == "IIJ":
        story.when(entry).refused_with("duplicate")
    elif code is None:
        story.when(entry).recorded()
    else:
        story.when(entry).refused_with(code)


def test_a_merger_dissolves_once() -> None:
    story = given(*BASE, restructured(ON))
    story.when(restructured("2019-06-04", successor="X")).refused_with("unknown-company")
    story.when(restructured(ON, "share-exchange", successor="X")).refused_with("unknown-company")


def test_a_successor_is_a_company_from_then_on() -> None:
    story = given(*BASE)
    story.when(issue("H", on=ON, company="HD")).refused_with("unknown-company")
    story.then(restructured(ON, "share-transfer"))
    story.when(issue("H", on="2019-06-02", company="HD")).refused_with("unknown-company")
    story.when(issue("H", on=ON, company="HD", allotment_date=ON)).recorded()


def test_the_company_that_is_restructured_is_known() -> None:
    given(*BASE).when(restructured(ON, company="X")).refused_with("unknown-company")


def test_rights_of_a_successor_are_acquired_and_replaced_again() -> None:
    story = given(*BASE, restructured(ON), acquired("2019-06-04", ["director-2"], series="7@HD"))
    story.then(restructured("2020-01-01", company="HD", successor="TOP", series_map={"7@HD": "T"}))
    assert story.rights("2020-01-01", series="T") == {"received": 24, "outstanding": 24}
    assert story.rights("2020-01-01", "director-2", "7@HD") == {"received": 6, "acquired": 6}


def test_the_dead_stay_dead_under_terms_without_inheritance() -> None:
    story = given(*series_7({"inheritance": None}), allotted(), allotted(6, "director-2"), died("2019-03-01"))
    story.then(restructured(ON), died("2019-07-01", "director-2"))
    assert story.rights(ON) == {"allotted": 24, "lapsed": 24}
    assert story.rights("2019-07-01", "director-2", "7@HD") == {"received": 6, "lapsed": 6}
