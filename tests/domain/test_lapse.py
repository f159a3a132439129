"""Companies Act 287: the day after the last possible day rights are lapsed, whether or not anyone records anything."""

import pytest

from tests.scenario import (
    acquired,
    allotted,
    appointed,
    departed,
    died,
    exercised,
    given,
    inherited,
    restructured,
    series_7,
    transferred,
    waived,
)

FREE = {"while_in_office": True, "transfer": "free"}
TO_HEIR = {"inherited_from": "director-1"}


@pytest.mark.parametrize(("day", "left"), [("2047-07-14", "outstanding"), ("2047-07-15", "lapsed")])
def test_at_the_end_of_the_period(day: str, left: str) -> None:
    """Of a holder in office, of one who waits for an heir, of rights received."""
    assert given(*series_7(), allotted()).rights(day) == {"allotted": 24, left: 24}
    assert given(*series_7(), allotted(), died("2040-01-01")).rights(day) == {"allotted": 24, left: 24}
    story = given(*series_7(FREE), allotted(), transferred("2018-01-01", 24))
    assert story.rights(day, "buyer-1", transferred_from="director-1") == {"received": 24, left: 24}


@pytest.mark.parametrize(("day", "left"), [("2018-07-08", "outstanding"), ("2018-07-09", "lapsed")])
def test_after_the_window_of_a_departure(day: str, left: str) -> None:
    story = given(*series_7(), allotted(), departed("2018-06-28"), exercised("2018-07-01", 4))
    assert story.rights(day) == {"allotted": 24, "exercised": 4, left: 20}


@pytest.mark.parametrize(("on", "code"), [("2018-07-08", None), ("2018-07-09", "insufficient-rights")])
def test_lapsed_rights_are_not_waived_or_transferred(on: str, code: str | None) -> None:
    story = given(*series_7({"transfer": "free"}), allotted(), departed("2018-06-28"))
    for act in (waived(on, 24), transferred(on, 24)):
        attempt = given(*series_7({"transfer": "free"}), allotted(), departed("2018-06-28")).when(act)
        _ = attempt.recorded() if code is None else attempt.refused_with(code)
    assert story.version == 4


def test_lapsed_rights_never_revive() -> None:
    story = given(*series_7(), allotted(), departed("2018-06-28"), appointed("2018-07-01"), died("2018-08-01"))
    assert story.rights("2018-07-09") == story.rights("2018-08-01") == {"allotted": 24, "lapsed": 24}
    story.when(inherited("2018-08-02")).refused_with("nothing-to-inherit")


def test_lapsed_rights_are_not_acquired_replaced_or_extinguished() -> None:
    lapsed = (*series_7(), allotted(), allotted(6, "director-2"), departed("2018-06-28"))
    story = given(*lapsed, acquired("2019-06-03"))
    assert story.rights("2019-06-03") == {"allotted": 24, "lapsed": 24}
    assert story.series("2019-06-03").company_holds == 6
    for delivery, way in ((True, "replaced"), (False, "extinguished")):
        story = given(*lapsed, restructured("2019-06-03", delivery=delivery, successor="HD"))
        assert story.rights("2019-06-03") == {"allotted": 24, "lapsed": 24}
        assert story.rights("2019-06-03", "director-2") == {"allotted": 6, way: 6}


@pytest.mark.parametrize(("on", "way"), [("2018-07-08", "acquired"), ("2018-07-09", "lapsed")])
def test_rights_are_acquired_up_to_the_last_possible_day(on: str, way: str) -> None:
    story = given(*series_7(), allotted(), departed("2018-06-28"), acquired(on, approved_on="2018-06-01"))
    assert story.rights(on) == {"allotted": 24, way: 24}


@pytest.mark.parametrize(("on", "way"), [("2018-07-08", "replaced"), ("2018-07-09", "lapsed")])
def test_rights_are_replaced_up_to_the_last_possible_day(on: str, way: str) -> None:
    story = given(*series_7(), allotted(), departed("2018-06-28"), restructured(on))
    assert story.rights(on) == {"allotted": 24, way: 24}


@pytest.mark.parametrize(("rights", "code"), [(24, None), (23, "lump-sum-only"), (1, "lump-sum-only")])
def test_lump_sum_is_all_rights_of_a_holding_at_once(rights: int, code: str | None) -> None:
    story = given(*series_7(FREE | {"lump_sum": True}), allotted(26), waived("2018-01-01", 2))
    attempt = story.when(exercised("2018-01-02", rights))
    _ = attempt.recorded() if code is None else attempt.refused_with(code)


def test_lump_sum_looks_at_each_holding_for_itself() -> None:
    story = given(*series_7(FREE | {"lump_sum": True}), allotted(26), allotted(5, "director-2"))
    story.then(transferred("2018-01-01", 4, "director-1", "director-2"))
    story.when(exercised("2018-01-02", 26)).recorded()
    story.when(exercised("2018-01-02", 3, transferred_from="director-2")).refused_with("lump-sum-only")
    story.when(exercised("2018-01-02", 4, transferred_from="director-2")).recorded()


def test_without_lump_sum_a_part_will_do() -> None:
    given(*series_7(FREE), allotted(26)).when(exercised("2018-01-02", 1)).recorded()


@pytest.mark.parametrize("rights", [0, -1])
def test_a_right_is_whole(rights: int) -> None:
    story = given(*series_7(FREE), allotted(), acquired("2030-01-01"))
    for act in (exercised("2018-01-02", rights), waived("2018-01-02", rights), transferred("2018-01-02", rights)):
        story.when(act).refused_with("not-whole-rights")
    story.when(allotted(rights, "director-2")).refused_with("not-whole-rights")
    story.when({"type": "cancellation", "series": "7", "rights": rights, "on": "2030-01-02"}).refused_with(
        "not-whole-rights"
    )
