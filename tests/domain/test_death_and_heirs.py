"""Item 11(3): after a death one heir may exercise within six months of inheriting; nothing passes on again."""

import pytest

from tests.scenario import (
    allotted,
    appointed,
    departed,
    died,
    exercised,
    given,
    inherited,
    issue,
    restructured,
    series_7,
    transferred,
    waived,
)

BASE = (*series_7(), allotted(24))
OPEN = series_7({"while_in_office": True, "transfer": "free"})
TO_HEIR = {"inherited_from": "director-1"}


def test_after_a_death_in_office_the_rights_wait_for_an_heir() -> None:
    story = given(*BASE, died("2019-03-01"))
    assert story.window("2019-02-28") == "in-office"
    assert story.window("2019-03-01") == story.window("2030-01-01") == story.window("2047-07-14") == "awaiting-heir"
    assert story.window("2047-07-15") == "lapsed"


@pytest.mark.parametrize(
    ("died_on", "left"), [("2018-06-28", "outstanding"), ("2018-07-08", "outstanding"), ("2018-07-09", "lapsed")]
)
def test_death_on_l_or_up_to_the_last_day_of_the_window(died_on: str, left: str) -> None:
    """Lost on 28 June, window to 8 July; afterwards the ten days no longer matter."""
    story = given(*BASE, departed("2018-06-28"), died(died_on))
    assert story.rights(died_on) == {"allotted": 24, left: 24}
    assert story.rights("2040-01-01") == {"allotted": 24, left: 24}
    attempt = story.when(inherited("2019-01-15"))
    if left == "lapsed":
        attempt.refused_with("nothing-to-inherit")
    else:
        assert attempt.recorded().window("2019-01-15", "heir-1") == ("open", "2019-01-15", "2019-07-15")


def test_death_on_a_day_of_departure_that_leaves_no_day() -> None:
    """A long waiting period: lost and dead on one day, the rights wait for an heir; dead the day after, they lapsed."""
    terms = {"exercise_period": {"from": "2020-07-15", "until": "2047-07-14"}}
    story = given(*series_7(**terms), allotted(24), departed("2018-06-28"), died("2018-06-28"))
    assert story.rights("2018-06-28") == {"allotted": 24, "outstanding": 24}
    story = given(*series_7(**terms), allotted(24), departed("2018-06-28"), died("2018-06-29"))
    assert story.rights("2018-06-29") == {"allotted": 24, "lapsed": 24}


@pytest.mark.parametrize("died_on", ["2047-07-14", "2047-07-15"])
def test_a_death_after_the_period_is_too_late(died_on: str) -> None:
    story = given(*BASE, died(died_on))
    left = "outstanding" if died_on == "2047-07-14" else "lapsed"
    assert story.rights(died_on) == {"allotted": 24, left: 24}


@pytest.mark.parametrize(
    ("events", "lapsed_from"),
    [
        ((died("2019-03-01"),), "2019-03-01"),
        ((departed("2018-06-28"), died("2018-06-28")), "2018-06-28"),
        ((departed("2018-06-28"), died("2018-07-08")), "2018-07-08"),
        ((departed("2018-06-28"), died("2018-07-10")), "2018-07-09"),
    ],
)
def test_without_inheritance_rights_lapse_on_the_day_of_death(
    events: tuple[dict[str, object], ...], lapsed_from: str
) -> None:
    story = given(*series_7({"inheritance": None}), allotted(24), *events)
    before = f"{lapsed_from[:-2]}{int(lapsed_from[-2:]) - 1:02}" if lapsed_from[-2:] != "01" else "2019-02-28"
    assert story.rights(before) == {"allotted": 24, "outstanding": 24}
    assert story.rights(lapsed_from) == {"allotted": 24, "lapsed": 24}
    story.when(inherited("2019-06-01")).refused_with("not-inheritable")


def test_without_inheritance_a_death_on_the_last_day_of_the_period() -> None:
    story = given(*series_7({"inheritance": None}), allotted(24), died("2047-07-14"))
    assert story.rights("2047-07-14") == {"allotted": 24, "lapsed": 24}


def test_the_heir_may_exercise_from_the_day_of_inheriting() -> None:
    """Inherited 15 March: until 15 September (domain.md §6)."""
    story = given(*BASE, died("2019-03-01"), inherited("2019-03-15"))
    window = ("2019-03-15", "2019-09-15")
    assert story.window("2019-03-15", "heir-1") == ("open", *window)
    assert story.window("2019-09-15", "heir-1") == ("open", *window)
    assert story.window("2019-09-16", "heir-1") == "lapsed"
    assert story.rights("2019-03-15") == {"allotted": 24, "passed_on": 24}
    assert story.rights("2019-09-15", "heir-1", **TO_HEIR) == {"received": 24, "outstanding": 24}
    assert story.rights("2019-09-16", "heir-1", **TO_HEIR) == {"received": 24, "lapsed": 24}


@pytest.mark.parametrize(
    ("on", "code"),
    [
        ("2019-03-14", "unknown-holder"),
        ("2019-03-15", None),
        ("2019-09-15", None),
        ("2019-09-16", "outside-exercise-window"),
    ],
)
def test_exercise_by_the_heir(on: str, code: str | None) -> None:
    story = given(*BASE, died("2019-03-01"), inherited("2019-03-15"))
    attempt = story.when(exercised(on, 24, "heir-1", **TO_HEIR))
    _ = attempt.recorded() if code is None else attempt.refused_with(code)


@pytest.mark.parametrize("on", ["2019-03-02", "2019-03-15", "2019-04-01"])
def test_between_death_and_inheriting_and_after_the_dead_exercise_nothing(on: str) -> None:
    story = given(*BASE, died("2019-03-01"), inherited("2019-03-15"))
    story.when(exercised(on)).refused_with("already-deceased")


def test_the_heir_names_whom_the_rights_came_from() -> None:
    story = given(*BASE, died("2019-03-01"), inherited("2019-03-15"))
    story.when(exercised("2019-03-16", holder="heir-1")).refused_with("unknown-holding")
    story.when(exercised("2019-03-16", holder="heir-1", inherited_from="director-2")).refused_with("unknown-holding")


def test_the_heir_s_window_lies_inside_the_period() -> None:
    terms = {"exercise_period": {"from": "2019-07-15", "until": "2019-08-31"}}
    story = given(*series_7(**terms), allotted(24), died("2019-03-01"), inherited("2019-03-15"))
    assert story.window("2019-03-15", "heir-1") == ("not-yet-open", "2019-07-15", "2019-08-31")
    story.when(exercised("2019-07-14", 1, "heir-1", **TO_HEIR)).refused_with("outside-exercise-window")
    story.when(exercised("2019-07-15", 1, "heir-1", **TO_HEIR)).recorded()
    story.when(exercised("2019-09-01", 1, "heir-1", **TO_HEIR)).refused_with("outside-exercise-window")


@pytest.mark.parametrize(("inherited_on", "left"), [("2019-01-14", "lapsed"), ("2019-01-15", "outstanding")])
def test_an_inheritance_that_leaves_no_day_lapses_that_day(inherited_on: str, left: str) -> None:
    """Six months after 15 January end on 15 July, the first day of the period; after the 14th, a day too early."""
    terms = {"exercise_period": {"from": "2019-07-15", "until": "2047-07-14"}}
    story = given(*series_7(**terms), allotted(24), died("2019-01-10"), inherited(inherited_on))
    assert story.rights(inherited_on, "heir-1", **TO_HEIR) == {"received": 24, left: 24}
    if left == "lapsed":
        story.when(exercised("2019-07-15", 1, "heir-1", **TO_HEIR)).refused_with("outside-exercise-window")


@pytest.mark.parametrize(("inherited_on", "code"), [("2019-02-28", "not-deceased"), ("2019-03-01", None)])
def test_the_day_of_inheriting_is_on_or_after_the_death(inherited_on: str, code: str | None) -> None:
    attempt = given(*BASE, died("2019-03-01")).when(inherited(inherited_on))
    _ = attempt.recorded() if code is None else attempt.refused_with(code)


@pytest.mark.parametrize(("inherited_on", "code"), [("2047-07-14", None), ("2047-07-15", "nothing-to-inherit")])
def test_rights_wait_to_the_end_of_the_period(inherited_on: str, code: str | None) -> None:
    attempt = given(*BASE, died("2019-03-01")).when(inherited(inherited_on))
    if code is None:
        story = attempt.recorded()
        assert story.window("2047-07-14", "heir-1") == ("open", "2047-07-14", "2047-07-14")
        assert story.window("2047-07-15", "heir-1") == "lapsed"
    else:
        attempt.refused_with(code)


def test_if_the_heir_dies_the_rights_lapse_that_day() -> None:
    story = given(*BASE, died("2019-03-01"), inherited("2019-03-15"), died("2019-04-01", "heir-1"))
    assert story.rights("2019-03-31", "heir-1", **TO_HEIR) == {"received": 24, "outstanding": 24}
    assert story.rights("2019-04-01", "heir-1", **TO_HEIR) == {"received": 24, "lapsed": 24}
    story.when(inherited("2019-04-02", "heir-2", "heir-1")).refused_with("nothing-to-inherit")
    story.when(inherited("2019-04-02", "heir-2", "heir-1", series="7")).refused_with("nothing-to-inherit")


def test_the_rights_of_a_dead_heir_lapse_at_the_end_of_the_window_if_that_is_earlier() -> None:
    story = given(*BASE, died("2019-03-01"), inherited("2019-03-15"), died("2020-01-01", "heir-1"))
    assert story.rights("2019-09-16", "heir-1", **TO_HEIR) == {"received": 24, "lapsed": 24}


def test_only_one_heir() -> None:
    story = given(*BASE, died("2019-03-01"), inherited("2019-03-15"))
    for heir in ("heir-1", "heir-2"):
        story.when(inherited("2019-03-16", heir)).refused_with("already-inherited")
        story.when(inherited("2019-03-16", heir, series="7")).refused_with("already-inherited")


def test_one_heir_for_each_series() -> None:
    story = given(*BASE, issue("8"), allotted(5, series="8"), died("2019-03-01"))
    story.then(inherited("2019-03-15", "heir-1", series="7"))
    story.then(inherited("2019-03-20", "heir-2"))
    assert story.rights("2019-03-20", "heir-1", **TO_HEIR) == {"received": 24, "outstanding": 24}
    assert story.rights("2019-03-20", "heir-2", "8", **TO_HEIR) == {"received": 5, "outstanding": 5}
    story.when(inherited("2019-03-21", "heir-3")).refused_with("already-inherited")


def test_an_inheritance_without_a_series_takes_all_that_are_inheritable() -> None:
    story = given(*BASE, issue("8", conditions={"inheritance": None}), issue("9"), issue("10"))
    story.then(allotted(5, series="8"), allotted(6, series="9"), died("2019-03-01"), inherited("2019-03-15"))
    keys = [(row.series, row.holder, row.outstanding, row.lapsed) for row in story.holdings("2019-03-15")]
    assert keys == [
        ("7", "director-1", 0, 0),
        ("7", "heir-1", 24, 0),
        ("8", "director-1", 0, 5),
        ("9", "director-1", 0, 0),
        ("9", "heir-1", 6, 0),
    ]
    story.when(inherited("2019-03-16", series="8")).refused_with("not-inheritable")
    story.when(inherited("2019-03-16", series="10")).refused_with("unknown-holding")
    story.when(inherited("2019-03-16", series="11")).refused_with("unknown-series")


def test_what_the_deceased_was_allotted_and_received_is_one_holding_of_the_heir() -> None:
    story = given(*OPEN, allotted(24), allotted(10, "director-2"))
    story.then(transferred("2018-01-01", 4, "director-1", "director-2"), died("2019-03-01"), inherited("2019-03-15"))
    assert story.rights("2019-03-15") == {"allotted": 24, "passed_on": 24}
    assert story.rights("2019-03-15", transferred_from="director-2") == {"received": 4, "passed_on": 4}
    assert story.rights("2019-03-15", "heir-1", **TO_HEIR) == {"received": 28, "outstanding": 28}


def test_what_the_deceased_had_inherited_does_not_pass_on_with_the_rest() -> None:
    story = given(*BASE, allotted(3, "heir-1"), died("2019-03-01"), inherited("2019-03-15"))
    story.then(died("2019-04-01", "heir-1"), inherited("2019-04-02", "heir-2", "heir-1"))
    assert story.rights("2019-04-02", "heir-1", **TO_HEIR) == {"received": 24, "lapsed": 24}
    assert story.rights("2019-04-02", "heir-2", inherited_from="heir-1") == {"received": 3, "outstanding": 3}


def test_rights_used_up_leave_nothing_to_inherit() -> None:
    story = given(*BASE, waived("2018-01-01", 24), died("2019-03-01"))
    story.when(inherited("2019-03-15")).refused_with("nothing-to-inherit")
    story.when(inherited("2019-03-15", series="7")).refused_with("nothing-to-inherit")


def test_who_never_held_anything_leaves_nothing() -> None:
    story = given(*BASE, appointed("2018-01-01", holder="officer-1"), died("2019-03-01", "officer-1"))
    story.when(inherited("2019-03-15", "heir-1", "officer-1")).refused_with("nothing-to-inherit")
    story.when(inherited("2019-03-15", "heir-1", "officer-1", series="7")).refused_with("unknown-holding")


def test_rights_replaced_after_the_death_pass_on_from_the_new_series() -> None:
    story = given(*BASE, died("2019-03-01"), restructured("2019-03-10", "share-exchange"), inherited("2019-03-15"))
    assert story.rights("2019-03-15", "heir-1", "7@HD", **TO_HEIR) == {"received": 24, "outstanding": 24}
    story.when(inherited("2019-03-16", series="7")).refused_with("nothing-to-inherit")


def test_a_dead_heir_inherits_nothing() -> None:
    story = given(*BASE, appointed("2018-01-01", holder="heir-1"), died("2019-03-10", "heir-1"), died("2019-03-01"))
    story.when(inherited("2019-03-10")).refused_with("heir-deceased")
    story.when(inherited("2019-03-09")).recorded()
    assert story.rights("2019-03-10", "heir-1", **TO_HEIR) == {"received": 24, "lapsed": 24}


@pytest.mark.parametrize(
    "act",
    [
        appointed("2019-03-02"),
        departed("2019-03-02"),
        died("2019-03-02"),
        exercised("2019-03-02"),
        waived("2019-03-02"),
        transferred("2019-03-02"),
        transferred("2019-03-02", to="director-1", holder="director-2"),
        allotted(1, on="2019-03-02", series="8"),
    ],
    ids=lambda act: act["type"],
)
def test_the_dead_do_nothing_and_receive_nothing(act: dict[str, object]) -> None:
    story = given(*OPEN, issue("8", allotment_date=None), allotted(24), allotted(4, "director-2"), died("2019-03-01"))
    story.when(act).refused_with("already-deceased")
    story.when(act | {"on": "2019-03-01"} if act["type"] not in {"death"} else appointed("2019-03-01")).recorded()


@pytest.mark.parametrize(
    ("act", "code"),
    [
        (died("2017-07-13"), "unknown-holder"),
        (died("2017-07-14"), None),
        (departed("2017-07-14"), "unknown-holder"),  # read before the allotment of the day
        (departed("2017-07-15"), None),
    ],
)
def test_a_holder_is_known_by_an_allotment_read_before(act: dict[str, object], code: str | None) -> None:
    attempt = given(*BASE).when(act)
    _ = attempt.recorded() if code is None else attempt.refused_with(code)


@pytest.mark.parametrize(("on", "code"), [("2016-12-31", "unknown-holder"), ("2017-01-01", None)])
def test_a_holder_is_known_by_an_appointment(on: str, code: str | None) -> None:
    attempt = given(*BASE, appointed("2017-01-01", holder="officer-1")).when(died(on, "officer-1"))
    _ = attempt.recorded() if code is None else attempt.refused_with(code)


def test_an_heir_is_known_by_the_inheritance_and_a_buyer_by_the_transfer() -> None:
    story = given(*OPEN, allotted(24), transferred("2018-01-01"), died("2019-03-01"), inherited("2019-03-15"))
    story.when(died("2017-12-31", "buyer-1")).refused_with("unknown-holder")
    story.when(died("2019-03-14", "heir-1")).refused_with("unknown-holder")
    story.when(died("2018-01-01", "buyer-1"), died("2019-03-16", "heir-1")).recorded()


def test_not_inheritable_only_where_the_terms_of_none_of_the_series_allow_it() -> None:
    """Series 8 lets nothing pass on, the 7th does; what is left of the 7th decides."""
    base = (*BASE, issue("8", conditions={"inheritance": None}), allotted(5, series="8"))
    story = given(*base, waived("2018-01-01", 24), died("2019-03-01"))
    story.when(inherited("2019-03-15")).refused_with("nothing-to-inherit")
    story.when(inherited("2019-03-15", series="8")).refused_with("not-inheritable")
    story = given(*base, died("2019-03-01"), inherited("2019-03-15"))
    story.when(inherited("2019-03-16", "heir-2")).refused_with("already-inherited")


def test_series_that_the_deceased_had_only_inherited_do_not_count() -> None:
    story = given(*BASE, issue("8", conditions={"inheritance": None}), allotted(5, "heir-1", series="8"))
    story.then(died("2019-03-01"), inherited("2019-03-15"), died("2019-04-01", "heir-1"))
    story.when(inherited("2019-04-02", "heir-2", "heir-1")).refused_with("not-inheritable")
