"""Packages of others: who holds an office and leaves it, and when and for how much rights may be exercised."""

import pytest

from tests.exchange.packages_of_others import (
    Given,
    Json,
    left,
    option,
    planned,
    relationship,
    shares_on,
    stakeholder,
    status,
    tx,
    yen,
)


def test_leaving_is_a_departure_also_where_the_schema_of_the_file_knows_no_such_object(given: Given) -> None:
    plan_ = given.plan(
        option("s1", "a", "2000"),
        stakeholder("c", "BOARD_MEMBER", "EX_EMPLOYEE", issuer_assigned_id="officer-3"),
        option("s2", "c", "100"),
        relationship("c", "2022-06-30", relationship_ended="EMPLOYEE", relationship_started="BOARD_MEMBER"),
        status("c", "TERMINATION_VOLUNTARY_RETIREMENT", "2023-06-30", "retired"),
        status("a", "LEAVE_OF_ABSENCE", "2023-06-30", "away"),
    )
    assert [each["position"] for each in planned(plan_, "allotment")] == ["employee", "employee"]
    assert planned(plan_, "departure", "appointment") == [
        {"type": "departure", "holder": "officer-3", "position": "employee", "on": "2022-06-30"},
        {"type": "appointment", "holder": "officer-3", "position": "board-member", "on": "2022-06-30"},
        {"type": "departure", "holder": "officer-3", "on": "2023-06-30", "cause": "retirement"},
    ]
    assert "CE_STAKEHOLDER_STATUS (away): the status LEAVE_OF_ABSENCE changes no right" in left(plan_)


@pytest.mark.parametrize(
    ("on", "positions", "departures"),
    [
        ("2021-12-31", ["board-member"], []),  # left before: the office that goes on
        ("2022-01-01", ["board-member", "employee"], []),  # held on the day of the grant, and its end is listed
        ("2022-01-02", ["board-member", "employee"], ["employee"]),
    ],
)
def test_offices_are_those_of_the_first_day(given: Given, on: str, positions: list[str], departures: list[str]) -> None:
    plan_ = given.plan(
        stakeholder("c", "BOARD_MEMBER"), option("s1", "c", "100"), relationship("c", on, relationship_ended="EMPLOYEE")
    )
    assert [each["position"] for each in planned(plan_, "allotment", "appointment")] == positions
    assert [each["position"] for each in planned(plan_, "departure")] == departures
    told = [each for each in left(plan_) if each.startswith("CE_STAKEHOLDER_RELATIONSHIP")]
    assert len(told) == (0 if departures else 1)
    given.taken(plan_)


@pytest.mark.parametrize(("on", "positions"), [("2022-01-01", ["employee"]), ("2022-01-02", ["holder", "employee"])])
def test_an_office_that_began_later_is_an_appointment(given: Given, on: str, positions: list[str]) -> None:
    plan_ = given.plan(
        stakeholder("c", "EMPLOYEE"), option("s1", "c", "100"), relationship("c", on, relationship_started="EMPLOYEE")
    )
    assert [each["position"] for each in planned(plan_, "allotment", "appointment")] == positions
    given.taken(plan_)


def test_an_investor_keeps_no_office_by_investing(given: Given) -> None:
    """Whoever was employed and invested holds one office; with it the window begins."""
    windows = [{"reason": "VOLUNTARY_OTHER", "period": 10, "period_type": "DAYS"}]
    book = given.book(
        stakeholder("c", "INVESTOR", "EX_EMPLOYEE"),
        option("s1", "c", "100", termination_exercise_windows=windows),
        relationship("c", "2023-06-30", relationship_ended="EMPLOYEE"),
    )
    assert shares_on(book, "2023-07-10", "2023-07-11") == [{"c": 100}, {}]


def test_whoever_left_on_a_day_that_nothing_tells_is_listed(given: Given) -> None:
    plan_ = given.plan(stakeholder("c", "EX_EMPLOYEE"), option("s1", "c", "100"))
    assert [each for each in left(plan_) if each.startswith("STAKEHOLDER (c)")] == [
        "STAKEHOLDER (c): has left, and no object says on which day: record a departure, or the rights stay exercisable"
    ]


def test_the_longest_window_counts_and_the_others_are_told(given: Given) -> None:
    windows = [
        {"reason": "INVOLUNTARY_WITH_CAUSE", "period": 0, "period_type": "DAYS"},
        {"reason": "VOLUNTARY_OTHER", "period": 3, "period_type": "MONTHS"},
        {"reason": "INVOLUNTARY_DEATH", "period": 1, "period_type": "YEARS"},
    ]
    plan_ = given.plan(option("s1", "a", "2000", termination_exercise_windows=windows))
    [issue] = planned(plan_, "issue")
    assert issue["terms"]["conditions"] == {
        "while_in_office": True,
        "after_departure": {"months": 3},
        "inheritance": {"window": {"years": 1}},
        "transfer": "free",
    }
    assert any(
        "differs by reason (INVOLUNTARY_WITH_CAUSE 0 days, VOLUNTARY_OTHER 3 months); the longest counts" in each
        for each in left(plan_)
    )


def test_no_expiry_is_told_and_the_series_goes_on(given: Given) -> None:
    plan_ = given.plan(option("s1", "a", "2000", expiration_date=None))
    [issue] = planned(plan_, "issue")
    assert issue["terms"]["exercise_period"] == {"from": "2022-01-01", "until": "2999-12-31"}
    assert any("it has no day of expiry" in each for each in left(plan_))


@pytest.mark.parametrize(
    ("more", "first"),
    [
        ({}, "2022-01-01"),
        ({"vestings": [{"date": "2024-06-07", "amount": "1"}, {"date": "2023-06-07", "amount": "2"}]}, "2023-06-07"),
        ({"vestings": [{"date": "2023-06-07", "amount": "2"}], "early_exercisable": True}, "2022-01-01"),
        ({"vesting_terms_id": "cliff"}, "2023-01-15"),
        ({"vesting_terms_id": "event"}, "2022-01-01"),
        ({"vesting_terms_id": "circle"}, "2022-01-01"),
        ({"vesting_terms_id": "chain"}, "2022-01-15"),
        ({"vesting_terms_id": "odd"}, "2022-01-01"),
    ],
)
def test_exercise_begins_with_the_first_part_that_vests(given: Given, more: Json, first: str) -> None:
    start = tx("VESTING_START", "start", "2022-01-15", security_id="s1", vesting_condition_id="start")
    plan_ = given.plan(*SCHEDULES, start, option("s1", "a", "2000", **more))
    [issue] = planned(plan_, "issue")
    assert (plan_.problems, issue["terms"]["exercise_period"]["from"]) == ((), first)


def test_an_exercise_before_anything_vests_shows_that_it_may_be(given: Given) -> None:
    vestings = [{"date": "2023-06-07", "amount": "2"}]
    used = tx("EQUITY_COMPENSATION_EXERCISE", "used", "2023-06-06", security_id="s1", quantity="1")
    plan_ = given.plan(option("s1", "a", "2000", vestings=vestings), used)
    [issue] = planned(plan_, "issue")
    assert issue["terms"]["exercise_period"]["from"] == "2022-01-01"
    assert any("its first part vests on 2023-06-07, and it was exercised on 2023-06-06" in each for each in left(plan_))
    assert shares_on(given.taken(plan_), "2023-06-06") == [{"a": 1999}]


def test_an_option_that_expires_before_anything_vests_is_exercisable_until_then(given: Given) -> None:
    plan_ = given.plan(
        option("s1", "a", "2000", vestings=[{"date": "2032-01-01", "amount": "2"}], expiration_date="2031-12-31")
    )
    [issue] = planned(plan_, "issue")
    assert issue["terms"]["exercise_period"] == {"from": "2022-01-01", "until": "2031-12-31"}
    assert any("it expires on 2031-12-31, before its first part vests on 2032-01-01" in each for each in left(plan_))


def _schedule(id_: str, *conditions: Json) -> Json:
    return {"object_type": "VESTING_TERMS", "id": id_, "vesting_conditions": list(conditions)}


def _after(id_: str, of: str, months: int) -> Json:
    period = {"length": months, "type": "MONTHS", "occurrences": 1}
    trigger = {"type": "VESTING_SCHEDULE_RELATIVE", "period": period, "relative_to_condition_id": of}
    return {"id": id_, "portion": {"numerator": "1", "denominator": "4"}, "trigger": trigger}


def _relative(id_: str, period: object) -> Json:
    trigger = {"type": "VESTING_SCHEDULE_RELATIVE", "period": period, "relative_to_condition_id": "start"}
    return {"id": id_, "quantity": "1", "trigger": trigger}


SCHEDULES = (
    _schedule(
        "cliff",
        {"id": "start", "quantity": "0", "trigger": {"type": "VESTING_START_DATE"}},
        _after("year", "start", 12),
        _after("month", "year", 1),
    ),
    _schedule("event", {"id": "ipo", "quantity": "9", "trigger": {"type": "VESTING_EVENT"}}),
    _schedule(
        "chain",  # each is on the day of the one before, and the last on one that is too far away to be looked for
        {"id": "0", "quantity": "1", "trigger": {"type": "VESTING_START_DATE"}},
        *(_after(f"{n}", f"{n - 1}", 0) for n in range(1, 300)),
    ),
    _schedule(
        "odd",
        {**_after("one", "start", 1), "trigger": {"type": ["VESTING_START_DATE"]}},
        {**_after("two", "one", 1), "portion": "all"},
        {"id": "three", "quantity": "1", "trigger": {"type": "VESTING_SCHEDULE_ABSOLUTE", "date": ["2022-01-01"]}},
        {"id": "four", "quantity": "1", "trigger": "VESTING_START_DATE"},
        _relative("five", {"type": ["MONTHS"], "length": 1}),
        _relative("six", {"type": "MONTHS", "length": "long"}),
        _relative("seven", "MONTHS"),
        {"id": "start", "quantity": "0", "trigger": {"type": "VESTING_START_DATE"}},
    ),
    _schedule("circle", _after("one", "two", 1), _after("two", "one", 1)),
)


# Warrants.

AT_WILL: Json = {
    "trigger_id": "at will",
    "type": "ELECTIVE_IN_RANGE",
    "start_date": "2022-07-01",
    "end_date": "2026-12-31",
}


def warrant(security: str, holder: str, **more: object) -> Json:
    fields = {
        "security_id": security,
        "custom_id": f"W-{security}",
        "stakeholder_id": holder,
        "quantity": "1000",
        "exercise_price": yen("300"),
        "purchase_price": yen("12500"),
        "exercise_triggers": [AT_WILL],
    }
    return tx("WARRANT_ISSUANCE", f"issue-{security}", "2022-01-01", **{**fields, **more})


def test_a_warrant_at_will_is_a_series_that_was_paid_for(given: Given) -> None:
    """1,000 shares for 12,500 yen: 12.5 a share; an exercise without a number is of all that is left."""
    used = tx(
        "WARRANT_EXERCISE", "used", "2023-01-01", security_id="w1", trigger_id="at will", resulting_security_ids=[]
    )
    plan_ = given.plan(warrant("w1", "a"), used)
    assert plan_.problems == ()
    [issue] = planned(plan_, "issue")
    assert issue["series"] == "W-w1 2022-01-01"
    assert issue["terms"]["exercise_period"] == {"from": "2022-07-01", "until": "2026-12-31"}
    assert issue["terms"]["payment"] == "cash"
    assert planned(plan_, "pricing", "exercise") == [
        {
            "type": "pricing",
            "series": "W-w1 2022-01-01",
            "on": "2022-01-01",
            "price_per_share": "12.5",
            "price_per_right": "12.5",
        },
        {"type": "exercise", "series": "W-w1 2022-01-01", "holder": "a", "rights": 1000, "on": "2023-01-01"},
    ]
    assert shares_on(given.taken(plan_), "2022-12-31", "2023-01-01") == [{"a": 1000}, {}]


@pytest.mark.parametrize(
    "more",
    [
        {"exercise_triggers": [{"trigger_id": "ipo", "type": "AUTOMATIC_ON_CONDITION"}]},
        {"exercise_triggers": [{"type": ["ELECTIVE_AT_WILL"]}, "ELECTIVE_AT_WILL"]},
        {"quantity": None},
        {"exercise_price": None},
    ],
)
def test_a_warrant_that_is_not_at_will_or_not_fixed_is_listed(given: Given, more: Json) -> None:
    plan_ = given.plan(warrant("w1", "a", **more))
    assert [each.entry["type"] for each in plan_.entries] == ["company"]
    assert [each for each in left(plan_) if each.startswith("TX_WARRANT_ISSUANCE")] == [
        "TX_WARRANT_ISSUANCE (issue-w1): no trigger lets its holder exercise at will for a fixed number of shares at a "
        "fixed price"
    ]


# What is listed.


@pytest.mark.parametrize(
    ("more", "why"),
    [
        ({"compensation_type": "RSU"}, "restricted share units deliver shares by themselves; nobody exercises them"),
        ({"compensation_type": "CSAR"}, "stock appreciation rights settled in cash deliver no shares"),
        ({"compensation_type": "PHANTOM"}, "the ledger knows no compensation of the type PHANTOM"),
        ({"stakeholder_id": "nobody"}, "its stakeholder nobody is not in the package"),
        ({"quantity": "0"}, "it is for no share"),
    ],
)
def test_a_grant_that_gives_no_rights_is_listed_and_what_follows_it_too(given: Given, more: Json, why: str) -> None:
    used = tx("EQUITY_COMPENSATION_EXERCISE", "used", "2023-01-01", security_id="s1", quantity="1")
    plan_ = given.plan(option("s1", "a", **{"quantity": "2000", **more}), used)
    assert [each.entry["type"] for each in plan_.entries] == ["company"]
    assert f"TX_EQUITY_COMPENSATION_ISSUANCE (issue-s1): {why}" in left(plan_)
    says = "its security is not among those that are taken over"
    assert f"TX_EQUITY_COMPENSATION_EXERCISE (used): {says}" in left(plan_)


@pytest.mark.parametrize(
    ("more", "field"),
    [
        ({"quantity": "many"}, "quantity"),
        ({"quantity": "-1"}, "quantity"),
        ({"quantity": "9007199254740992"}, "quantity"),
        ({"quantity": None}, "quantity"),
        ({"date": "2022-02-30"}, "date"),
        ({"exercise_price": None}, "exercise_price"),
        ({"exercise_price": {"currency": "JPY"}}, "exercise_price"),
        ({"expiration_date": "2021-12-31"}, "expiration_date"),
        ({"expiration_date": 20311231}, "expiration_date"),
        ({"stakeholder_id": None}, "stakeholder_id"),
        ({"termination_exercise_windows": [{"period": 1}]}, "termination_exercise_windows"),
        ({"termination_exercise_windows": "none"}, "termination_exercise_windows"),
        ({"termination_exercise_windows": [{"period": 1, "period_type": ["DAYS"]}]}, "termination_exercise_windows"),
        ({"vestings": [{"date": "soon", "amount": "1"}]}, "vestings"),
    ],
)
def test_a_field_that_cannot_be_read_stops_the_import_and_is_named(given: Given, more: Json, field: str) -> None:
    plan_ = given.plan(option("s1", "a", **{"quantity": "2000", **more}))
    assert [each.place for each in plan_.problems] == [("transactions.ocf.json", 1, field)]


def test_one_security_issued_twice_stops_the_import(given: Given) -> None:
    plan_ = given.plan(option("s1", "a", "1"), option("s1", "b", "1", id="other"))
    assert [each.says for each in plan_.problems] == [
        "TX_EQUITY_COMPENSATION_ISSUANCE other: security s1 was issued before, by issue-s1"
    ]


def test_an_object_that_stands_there_twice_counts_once_and_one_that_differs_stops_the_import(given: Given) -> None:
    plan_ = given.plan(option("s1", "a", "1"), option("s1", "a", "1"))
    assert plan_.problems == ()
    assert [each["rights"] for each in planned(plan_, "allotment")] == [1]
    assert "TX_EQUITY_COMPENSATION_ISSUANCE (issue-s1): the package holds it twice; it counts once" in left(plan_)
    plan_ = given.plan(option("s1", "a", "1"), option("s1", "a", "2"))
    assert [each.says for each in plan_.problems] == [
        "TX_EQUITY_COMPENSATION_ISSUANCE issue-s1: another object with this id stands at sheet transactions.ocf.json, "
        "row 1, and says something else"
    ]


def test_names_and_addresses_are_kept_of_whoever_holds_rights_and_of_nobody_else(given: Given) -> None:
    home = {"street_suite": "1-2-3 Marunouchi\nSuite 4", "city": "Chiyoda", "country": "JP", "postal_code": "100-0005"}
    plan_ = given.plan(
        stakeholder("c", name="山田 太郎", addresses=[home], issuer_assigned_id="E-7"),
        stakeholder("d", name="Jane\u202e Doe", issuer_assigned_id="E-7"),
        option("s1", "c", "1"),
        option("s2", "d", "1"),
    )
    assert plan_.people == (
        ("c", {"kanji": "山田 太郎", "address": "1-2-3 Marunouchi, Suite 4, Chiyoda, 100-0005, JP"}),
        ("d", {"roman": "Jane Doe"}),
    )
    says = "holds no rights that are taken over; nothing of such a person is kept"
    assert f"2 × STAKEHOLDER (a, b): {says}" in left(plan_)
    assert all("山田" not in str(each.entry) for each in plan_.entries)


def test_the_names_of_before_version_1_1_are_read_the_same(given: Given) -> None:
    old = {**option("s1", "a", "2000"), "object_type": "TX_PLAN_SECURITY_ISSUANCE", "compensation_type": "OPTION"}
    used = {**tx("PLAN_SECURITY_EXERCISE", "used", "2023-01-01"), "security_id": "s1", "quantity": "500"}
    assert shares_on(given.book(old, used), "2023-01-01") == [{"a": 1500}]
