"""Items 7, 8 and 11: acquisition by the company, cancellation, waiver, transfer."""

from typing import Any

import pytest

from tests.scenario import (
    acquired,
    allotted,
    appointed,
    cancelled,
    departed,
    died,
    exercised,
    given,
    inherited,
    series_7,
    transferred,
    waived,
)

FREE = series_7({"while_in_office": True, "transfer": "free"})
BASE = (*FREE, allotted(24), allotted(10, "director-2"))
BOUGHT = {"transferred_from": "director-1"}


def test_the_company_takes_all_that_is_outstanding() -> None:
    story = given(*BASE, exercised("2018-01-01", 4), transferred("2018-01-01", 5), died("2018-02-01"))
    story.then(inherited("2018-03-01"), acquired("2018-03-02", approved_on="2018-03-01"))
    assert [(row.holder, row.outstanding, row.acquired) for row in story.holdings("2018-03-02")] == [
        ("buyer-1", 0, 5),
        ("director-1", 0, 0),
        ("director-2", 0, 10),
        ("heir-1", 0, 15),
    ]
    assert story.series("2018-03-02").company_holds == 30
    assert story.series("2018-03-01").company_holds == 0


def test_the_company_takes_all_that_the_holders_named_have() -> None:
    story = given(*BASE, transferred("2018-01-01", 5, "director-2"), acquired("2019-06-03", ["director-2"]))
    assert story.rights("2019-06-03") == {"allotted": 24, "passed_on": 5, "outstanding": 19}
    assert story.rights("2019-06-03", "director-2") == {"allotted": 10, "acquired": 10}
    assert story.rights("2019-06-03", "director-2", **BOUGHT) == {"received": 5, "acquired": 5}


@pytest.mark.parametrize(("on", "code"), [("2019-05-31", "not-acquirable"), ("2019-06-01", None)])
def test_on_or_after_the_day_of_the_approval(on: str, code: str | None) -> None:
    attempt = given(*BASE).when(acquired(on, approved_on="2019-06-01"))
    _ = attempt.recorded() if code is None else attempt.refused_with(code)


@pytest.mark.parametrize(
    ("triggers", "kind", "code"),
    [
        (None, "merger", None),
        (None, "share-exchange", None),
        (None, "share-transfer", None),
        (None, "absorption-type-demerger", "not-acquirable"),
        (None, "incorporation-type-demerger", "not-acquirable"),
        (["merger"], "share-exchange", "not-acquirable"),
        (["absorption-type-demerger"], "absorption-type-demerger", None),
    ],
)
def test_only_after_an_approval_of_a_kind_that_the_terms_name(
    triggers: list[str] | None, kind: str, code: str | None
) -> None:
    attempt = given(*series_7(acquisition_triggers=triggers), allotted(24)).when(acquired("2019-06-03", kind=kind))
    _ = attempt.recorded() if code is None else attempt.refused_with(code)


@pytest.mark.parametrize(
    ("holders", "code"),
    [
        (["director-1", "nobody"], "unknown-holder"),
        (["officer-1", "nobody"], "unknown-holder"),
        (["director-1", "officer-1"], "unknown-holding"),
        (["director-1"], None),
    ],
)
def test_the_names_in_an_acquisition(holders: list[str], code: str | None) -> None:
    attempt = given(*BASE, appointed("2018-01-01", holder="officer-1")).when(acquired("2019-06-03", holders))
    _ = attempt.recorded() if code is None else attempt.refused_with(code)


def test_a_name_that_has_only_received_rights_has_a_holding() -> None:
    story = given(*BASE, transferred("2018-01-01", 5), acquired("2019-06-03", ["buyer-1"]))
    assert story.rights("2019-06-03", "buyer-1", **BOUGHT) == {"received": 5, "acquired": 5}


def test_acquiring_nothing_is_accepted() -> None:
    given(*series_7()).when(acquired("2019-06-03")).recorded()
    given(*BASE, waived("2018-01-01", 24)).when(acquired("2019-06-03", ["director-1"])).recorded()


def test_acquired_rights_cannot_be_exercised() -> None:
    story = given(*BASE, acquired("2019-06-03"))
    story.when(exercised("2019-06-04")).refused_with("insufficient-rights")


@pytest.mark.parametrize(("rights", "code"), [(34, None), (35, "insufficient-rights"), (1, None)])
def test_the_company_cancels_no_more_than_it_holds(rights: int, code: str | None) -> None:
    attempt = given(*BASE, acquired("2019-06-03")).when(cancelled("2019-06-03", rights))
    _ = attempt.recorded() if code is None else attempt.refused_with(code)


def test_what_is_cancelled_is_not_held_any_more() -> None:
    story = given(*BASE, acquired("2019-06-03"), cancelled("2019-06-04", 30))
    story.when(cancelled("2019-06-05", 5)).refused_with("insufficient-rights")
    story.when(cancelled("2019-06-02", 1)).refused_with("insufficient-rights")
    assert (story.series("2019-06-03").company_holds, story.series("2019-06-04").company_holds) == (34, 4)
    assert story.rights("2019-06-04") == {"allotted": 24, "acquired": 24}


@pytest.mark.parametrize(("rights", "code"), [(24, None), (25, "insufficient-rights")])
def test_a_holder_gives_up_rights_at_any_time(rights: int, code: str | None) -> None:
    """A waiver needs no window."""
    attempt = given(*series_7(), allotted(24)).when(waived("2017-07-14", rights))
    if code is None:
        assert attempt.recorded().rights("2017-07-14") == {"allotted": 24, "waived": 24}
    else:
        attempt.refused_with(code)


@pytest.mark.parametrize("key", [{}, BOUGHT, {"inherited_from": "director-1"}], ids=str)
def test_a_waiver_is_of_one_holding(key: dict[str, str]) -> None:
    story = given(*BASE, transferred("2018-01-01", 5, "director-2"), died("2018-02-01"))
    story.then(inherited("2018-03-01", "director-2"), waived("2018-03-02", 2, "director-2", **key))
    had = {None: 10, "transferred_from": 5, "inherited_from": 19}
    for name, count in had.items():
        row = story.rights("2018-03-02", "director-2", **({} if name is None else {name: "director-1"}))
        assert row.get("waived", 0) == (2 if name in key or (not key and name is None) else 0)
        assert row["outstanding"] + row.get("waived", 0) == count


@pytest.mark.parametrize("act", [waived, exercised, transferred])
@pytest.mark.parametrize(
    ("change", "code"),
    [
        ({"series": "8"}, "unknown-series"),
        ({"holder": "nobody"}, "unknown-holder"),
        ({"holder": "officer-1"}, "unknown-holding"),
        ({"transferred_from": "director-2"}, "unknown-holding"),
        ({}, None),
    ],
    ids=str,
)
def test_what_is_not_known(act: Any, change: dict[str, str], code: str | None) -> None:
    attempt = given(*BASE, appointed("2018-01-01", holder="officer-1")).when(act("2018-06-01") | change)
    _ = attempt.recorded() if code is None else attempt.refused_with(code)


@pytest.mark.parametrize(
    ("terms", "approved_on", "code"),
    [
        (None, "2018-01-01", "transfer-prohibited"),
        ("prohibited", None, "transfer-prohibited"),
        ("board-approval", None, "approval-required"),
        ("board-approval", "2018-06-02", "approval-required"),
        ("board-approval", "2018-06-01", None),
        ("board-approval", "2018-05-31", None),
        ("free", None, None),
        ("free", "2018-06-02", None),
    ],
)
def test_whether_rights_may_be_transferred(terms: str | None, approved_on: str | None, code: str | None) -> None:
    story = given(*series_7(None if terms is None else {"transfer": terms}), allotted(24))
    approval: dict[str, Any] = {} if approved_on is None else {"approved_on": approved_on}
    attempt = story.when(transferred("2018-06-01", **approval))
    _ = attempt.recorded() if code is None else attempt.refused_with(code)


@pytest.mark.parametrize(("rights", "code"), [(24, None), (25, "insufficient-rights")])
def test_no_more_is_transferred_than_is_outstanding(rights: int, code: str | None) -> None:
    attempt = given(*BASE).when(transferred("2018-06-01", rights))
    _ = attempt.recorded() if code is None else attempt.refused_with(code)


def test_rights_received_are_a_holding_of_their_own() -> None:
    story = given(*BASE, transferred("2018-06-01", 5, "director-2"), transferred("2018-06-02", 3, "director-2"))
    assert story.rights("2018-06-02") == {"allotted": 24, "passed_on": 8, "outstanding": 16}
    assert story.rights("2018-06-02", "director-2") == {"allotted": 10, "outstanding": 10}
    assert story.rights("2018-06-02", "director-2", **BOUGHT) == {"received": 8, "outstanding": 8}


@pytest.mark.parametrize(("on", "is_open"), [("2017-07-14", False), ("2017-07-15", True), ("2047-07-14", True)])
def test_rights_received_are_exercisable_throughout_the_period(on: str, *, is_open: bool) -> None:
    """Whatever office the buyer holds or leaves: the terms here open nothing in office."""
    story = given(*series_7({"transfer": "free"}), allotted(24), allotted(3, "director-2"))
    story.then(transferred("2017-07-14", 5, "director-2"), departed("2017-07-20", "director-2"))
    assert story.window("2017-07-15", "buyer-1") == "lapsed"  # there is no such holder
    rows = [row for row in story.eligibility(on, "director-2") if row.transferred_from]
    assert [(row.eligible, str(row.from_), str(row.until)) for row in rows] == [(is_open, "2017-07-15", "2047-07-14")]
    attempt = story.when(exercised(on, 5, "director-2", **BOUGHT))
    _ = attempt.recorded() if is_open else attempt.refused_with("outside-exercise-window")


def test_rights_received_may_be_transferred_again() -> None:
    story = given(*BASE, transferred("2018-06-01", 5))
    story.then(transferred("2018-06-02", 2, "buyer-2", "buyer-1", **BOUGHT))
    story.then(transferred("2018-06-03", 1, "director-1", "buyer-1", **BOUGHT))
    assert story.rights("2018-06-03", "buyer-1", **BOUGHT) == {"received": 5, "passed_on": 3, "outstanding": 2}
    assert story.rights("2018-06-03", "buyer-2", transferred_from="buyer-1") == {"received": 2, "outstanding": 2}
    assert story.rights("2018-06-03", transferred_from="buyer-1") == {"received": 1, "outstanding": 1}
    story.when(transferred("2018-06-04", 1, "buyer-3", "buyer-1")).refused_with("unknown-holding")


def test_rights_received_pass_on_at_death_like_others() -> None:
    story = given(*BASE, transferred("2018-06-01", 5), died("2018-07-01", "buyer-1"))
    assert story.window("2018-07-01", "buyer-1") == "awaiting-heir"
    story.then(inherited("2018-08-15", "heir-1", "buyer-1"))
    assert story.window("2018-08-15", "heir-1") == ("open", "2018-08-15", "2019-02-15")
    assert story.rights("2018-08-15", "heir-1", inherited_from="buyer-1") == {"received": 5, "outstanding": 5}


def test_rights_received_under_terms_without_inheritance_lapse_at_death() -> None:
    story = given(*series_7({"inheritance": None, "transfer": "free"}), allotted(24), transferred("2018-06-01", 5))
    story.then(died("2018-07-01", "buyer-1"))
    assert story.rights("2018-07-01", "buyer-1", **BOUGHT) == {"received": 5, "lapsed": 5}


def test_inherited_rights_cannot_be_transferred() -> None:
    story = given(*BASE, died("2018-07-01"), inherited("2018-08-15"))
    story.when(transferred("2018-08-16", 1, holder="heir-1")).refused_with("unknown-holding")
    story.when(transferred("2018-08-16", 1, holder="heir-1", inherited_from="director-1")).refused_with("malformed")


def test_a_transfer_looks_at_the_giver_first() -> None:
    story = given(*BASE, died("2018-07-01"), died("2018-07-02", "director-2"))
    error = story.when(transferred("2018-08-01", to="director-2")).refused_with("already-deceased")
    assert error.message.startswith("director-1 cannot transfer")
    attempt = given(*BASE, died("2018-07-02", "director-2")).when(transferred("2018-08-01", to="director-2"))
    error = attempt.refused_with("already-deceased")
    assert error.message.startswith("director-2 cannot receive")
