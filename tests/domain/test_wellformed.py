"""contract.md, entry format: what is an entry at all: its kind, its fields, and what they say together."""

from typing import Any

import pytest

from ledger.domain.entries import KINDS
from ledger.domain.wellformed import entry_from
from tests.domain.well_formed import DAY, ONE_OF_EACH, OPTIONAL, is_good, is_malformed, with_conditions, with_terms
from tests.scenario import Given, acquired, departed, inherited, issue, pricing, restructured, transferred


def test_there_is_one_of_each_kind() -> None:
    assert list(ONE_OF_EACH) == list(OPTIONAL) == list(KINDS)


@pytest.mark.parametrize("kind", KINDS)
def test_every_field_and_no_other(kind: str) -> None:
    full = ONE_OF_EACH[kind]
    is_good(full | {"id": "1", "source": "notice", "note": "n"})
    is_malformed(full | {"unheard_of": 1})
    for key in set(full) - {"type"}:
        rest = {name: value for name, value in full.items() if name != key}
        if key in OPTIONAL[kind]:
            is_good(rest)
        else:
            is_malformed(rest)


@pytest.mark.parametrize("kind", KINDS)
def test_no_field_is_null_or_a_float_or_of_another_type(kind: str) -> None:
    for key in set(ONE_OF_EACH[kind]) | {"id", "source", "note"}:
        wrong: Any
        for wrong in (None, 1.5, float("nan"), float("inf"), [], {"a": []}, True):
            if (key, wrong) not in (("delivery", True), ("inputs", {"a": []})):
                is_malformed(ONE_OF_EACH[kind] | {key: wrong})


@pytest.mark.parametrize("key", ["name", "payment_date", "payment", "conditions", "allotment_date", "max_rights"])
def test_terms_hold_no_null(key: str) -> None:
    is_malformed(with_terms(**{key: None}))


@pytest.mark.parametrize("key", ["while_in_office", "departure", "lump_sum", "transfer", "last_day_roll"])
def test_conditions_hold_a_null_only_where_it_means_something(key: str) -> None:
    is_malformed(with_conditions(**{key: None}))
    for meant in ("after_departure", "positions", "inheritance"):
        is_good(with_conditions(**{meant: None}))


@pytest.mark.parametrize("key", ["company", "max_rights", "shares_per_right", "exercise_price", "exercise_period"])
def test_what_terms_must_have(key: str) -> None:
    terms = dict(issue()["terms"])
    del terms[key]
    is_malformed(issue() | {"terms": terms})


def test_what_terms_may_leave_out() -> None:
    """The defaults are those of the 7th series."""
    period = {"from": "2017-07-15", "until": "2047-07-14"}
    bare = {
        "company": "IIJ",
        "max_rights": 245,
        "shares_per_right": 200,
        "exercise_price": 1,
        "exercise_period": period,
    }
    conditions = {
        "while_in_office": False, "after_departure": {"days": 10}, "departure": "all", "positions": None,
        "inheritance": {"window": {"months": 6}}, "lump_sum": False, "transfer": "prohibited", "last_day_roll": "none",
    }  # fmt: skip
    shown = bare | {
        "payment": "offset", "conditions": conditions, "exercise_price_adjustment": "fixed", "price_rounding": "share",
        "acquisition_triggers": ["merger", "share-exchange", "share-transfer"],
    }  # fmt: skip
    assert entry_from(issue() | {"terms": bare}) == entry_from(issue() | {"terms": shown})
    assert entry_from(with_conditions()) == entry_from(with_conditions(inheritance={})) == entry_from(issue())


@pytest.mark.parametrize(
    "entry",
    [
        with_terms(unheard_of=1),
        with_conditions(unheard_of=1),
        with_conditions(inheritance={"window": {"months": 6}, "heirs": 2}),
        with_terms(exercise_period={"from": "2017-07-15", "until": "2047-07-14", "x": 1}),
        with_terms(exercise_period={"from": "2017-07-15"}),
        with_terms(exercise_period={"from_": "2017-07-15", "until": "2047-07-14"}),
        acquired(DAY) | {"approval": {"kind": "merger"}},
        acquired(DAY) | {"approval": {"kind": "merger", "on": DAY, "by": "board"}},
        acquired(DAY) | {"approval": "merger"},
    ],
)
def test_objects_inside_are_closed_too(entry: Given) -> None:
    is_malformed(entry)


ENUMERATED = [
    (with_terms, "payment", ["offset", "cash", "none"]),
    (with_terms, "exercise_price_adjustment", ["fixed", "inverse"]),
    (with_terms, "price_rounding", ["share", "share-2", "right"]),
    (with_conditions, "departure", ["all", "any"]),
    (with_conditions, "transfer", ["prohibited", "board-approval", "free"]),
    (with_conditions, "last_day_roll", ["none", "next-business-day"]),
    (lambda **more: departed(DAY, **more), "cause", ["retirement", "resignation", "dismissal", "other"]),
]
RESTRUCTURINGS = [
    "merger",
    "absorption-type-demerger",
    "incorporation-type-demerger",
    "share-exchange",
    "share-transfer",
]


@pytest.mark.parametrize(
    ("made", "key", "values"), ENUMERATED, ids=lambda value: value if isinstance(value, str) else ""
)
def test_enumerated_values(made: Any, key: str, values: list[str]) -> None:
    for value in values:
        is_good(made(**{key: value}))
    for wrong in (values[0].upper(), values[0] + " ", "", "share_2", "unheard-of"):
        is_malformed(made(**{key: wrong}))


def test_kinds_of_restructuring() -> None:
    for kind in RESTRUCTURINGS:
        is_good(restructured(DAY, kind))
        is_good(acquired(DAY, kind=kind))
        is_good(with_terms(acquisition_triggers=[kind]))
    for wrong in ("demerger", "Merger", ""):
        is_malformed(restructured(DAY, wrong))
        is_malformed(acquired(DAY, kind=wrong))
        is_malformed(with_terms(acquisition_triggers=[wrong]))


@pytest.mark.parametrize(
    "entry",
    [
        inherited(DAY, "director-1"),
        transferred(DAY, to="director-1"),
        restructured(DAY, successor="IIJ"),
        restructured(DAY, successor="IIJ", delivery=False),
        restructured(DAY, successor=None),
        restructured(DAY, delivery=False, series_map={"7": "H"}),
        restructured(DAY, delivery=False, series_map={}),
    ],
)
def test_what_two_fields_say_together(entry: Given) -> None:
    is_malformed(entry)


@pytest.mark.parametrize(
    "entry", [restructured(DAY, successor=None, delivery=False), restructured(DAY, delivery=False), restructured(DAY)]
)
def test_a_successor_is_needed_only_for_delivery(entry: Given) -> None:
    is_good(entry)


@pytest.mark.parametrize("kind", ["options", "Death", "death ", "", "__init__", "retract"])
def test_an_unknown_type(kind: str) -> None:
    assert "death" in is_malformed({"type": kind}, "unknown-type")


@pytest.mark.parametrize(
    "entry", [{}, {"on": DAY}, {"type": 7}, {"type": ["death"]}, [], "death", 7, None, {7: 7}, {1.5}]
)
def test_what_is_no_entry(entry: object) -> None:
    is_malformed(entry)


@pytest.mark.parametrize(
    "inputs", [{"x": None}, {"x": [None]}, {"positions": None}, {"x": [{"inheritance": None}]}], ids=str
)
def test_the_inputs_of_a_price_hold_no_null(inputs: Given) -> None:
    is_malformed(pricing(inputs=inputs))
