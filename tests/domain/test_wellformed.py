"""contract.md, entry format: what is an entry at all, with every limit at both its sides."""

import json
from typing import Any

import pytest

from ledger.domain.entries import KINDS
from ledger.domain.errors import MalformedError
from ledger.domain.wellformed import entry_from, entry_from_line
from tests.scenario import (
    Given,
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
    inherited,
    issue,
    pricing,
    restructured,
    retraction,
    split,
    transferred,
    waived,
)

DAY = "2018-06-28"
ONE_OF_EACH: dict[str, Given] = {
    "company": company() | {"currency": "JPY"},
    "issue": issue(payment_date="2017-07-14", payment="cash", name="7th series"),
    "pricing": pricing("126.28", price_per_right=25_256, inputs={"volatility": "0.45", "weeks": [1, {"x": True}]}),
    "allotment": allotted(),
    "appointment": appointed(DAY),
    "departure": departed(DAY, position="director", cause="retirement"),
    "death": died(DAY),
    "inheritance": inherited(DAY, series="7"),
    "exercise": exercised(DAY, treasury_shares=3, inherited_from="a", transferred_from="b"),
    "waiver": waived(DAY, inherited_from="a", transferred_from="b"),
    "transfer": transferred(DAY, approved_on=DAY, transferred_from="b"),
    "split": split("2", DAY, meeting_closed_on=DAY),
    "consolidation": consolidated("1/10", DAY),
    "adjustment": adjusted(3, DAY) | {"reason": "merger"},
    "acquisition": acquired(DAY, ["a", "b"]),
    "cancellation": cancelled(DAY, 3),
    "restructuring": restructured(DAY, successor_name="Holdings", ratio="3/2", series_map={"7": "H7"}),
    "retraction": retraction(3),
}

OPTIONAL = {
    "company": {"currency"},
    "issue": set(),
    "pricing": {"price_per_right", "inputs"},
    "allotment": set(),
    "appointment": set(),
    "departure": {"position", "cause"},
    "death": set(),
    "inheritance": {"series"},
    "exercise": {"inherited_from", "transferred_from", "treasury_shares"},
    "waiver": {"inherited_from", "transferred_from"},
    "transfer": {"approved_on", "transferred_from"},
    "split": {"meeting_closed_on"},
    "consolidation": set(),
    "adjustment": {"reason"},
    "acquisition": {"holders"},
    "cancellation": set(),
    "restructuring": {"successor_name", "ratio", "series_map"},
    "retraction": set(),
}


def is_good(entry: Given) -> None:
    entry_from_line(json.dumps(entry, ensure_ascii=False).encode())
    assert entry_from(entry) == entry_from(json.loads(json.dumps(entry)))


def is_malformed(entry: object, code: str = "malformed") -> str:
    with pytest.raises(MalformedError) as error:
        entry_from(entry)
    assert error.value.code == code
    return error.value.message


def line_is_malformed(line: bytes | str) -> str:
    with pytest.raises(MalformedError) as error:
        entry_from_line(line if isinstance(line, bytes) else line.encode())
    assert error.value.code == "malformed"
    return error.value.message


def with_terms(**changes: Any) -> Given:
    entry = issue()
    return entry | {"terms": entry["terms"] | changes}


def with_conditions(**conditions: Any) -> Given:
    return issue(conditions=conditions)


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
        for wrong in (None, 1.5, float("nan"), float("inf"), [], {"a": []}, True):
            if (key, wrong) not in (("delivery", True), ("inputs", {"a": []})):
                is_malformed(ONE_OF_EACH[kind] | {key: wrong})


@pytest.mark.parametrize("key", ["name", "payment_date", "payment", "conditions", "allotment_date", "max_rights"])
def test_terms_hold_no_null(key: str) -> None:
    is_malformed(with_terms(**{key: None}))


@pytest.mark.parametrize(
    "key", ["while_in_office", "departure", "lump_sum", "transfer", "last_day_roll"]
)
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
    bare = {"company": "IIJ", "max_rights": 245, "shares_per_right": 200, "exercise_price": 1, "exercise_period": period}
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


@pytest.mark.parametrize(("made", "key", "values"), ENUMERATED, ids=lambda value: value if isinstance(value, str) else "")
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


@pytest.mark.parametrize("day", ["1868-01-01", "2999-12-31", "2020-02-29", "2000-02-29"])
def test_days(day: str) -> None:
    is_good(died(day))
    is_good(split("2", day, meeting_closed_on=day))
    is_good(with_terms(allotment_date=day, payment_date=day))
    is_good(acquired(day, approved_on=day))


@pytest.mark.parametrize(
    "day",
    [
        "1867-12-31", "3000-01-01", "0001-01-01", "9999-12-31", "10000-01-01", "2019-02-29", "1900-02-29", "2019-13-01",
        "2019-00-01", "2019-06-31", "2019-6-1", "20190601", "2019/06/01", "01-06-2019", "2019-06-01T00:00:00",
        "2019-06-01 ", " 2019-06-01", "2019-W23-1", "-2019-06-01", "２０１９-06-01", "", "today", 20190601, 0,
    ],
)  # fmt: skip
def test_what_is_no_day(day: object) -> None:
    is_malformed(died(DAY) | {"on": day})
    is_malformed(split("2", DAY) | {"record_date": day})
    is_malformed(split("2", DAY, meeting_closed_on=day))
    is_malformed(transferred(DAY, approved_on=day))
    is_malformed(with_terms(allotment_date=day))
    is_malformed(with_terms(payment_date=day))
    is_malformed(with_terms(exercise_period={"from": day, "until": "2999-12-31"}))
    is_malformed(acquired(DAY) | {"approval": {"kind": "merger", "on": day}})


@pytest.mark.parametrize(("until", "good"), [("2017-07-14", False), ("2017-07-15", True), ("2017-07-16", True)])
def test_a_period_does_not_end_before_it_starts(until: str, *, good: bool) -> None:
    entry = with_terms(exercise_period={"from": "2017-07-15", "until": until})
    _ = is_good(entry) if good else is_malformed(entry)


@pytest.mark.parametrize("count", [1, 2**53 - 1])
def test_counts(count: int) -> None:
    for entry in (allotted(count), adjusted(count, DAY), retraction(count), with_terms(max_rights=count)):
        is_good(entry)
    is_good(with_terms(shares_per_right=count))
    is_good(exercised(DAY, treasury_shares=count))


@pytest.mark.parametrize("count", [2**53, 10**18, -(2**53), 10**400, "1", 1.0, True])
def test_what_is_no_count(count: object) -> None:
    for kind in ("allotment", "exercise", "waiver", "transfer", "cancellation"):
        is_malformed(ONE_OF_EACH[kind] | {"rights": count})
    for key in ("max_rights", "shares_per_right"):
        is_malformed(with_terms(**{key: count}))
    is_malformed(retraction(3) | {"retracts": count})
    is_malformed(exercised(DAY, treasury_shares=count))
    if isinstance(count, int) and not isinstance(count, bool):
        is_malformed(pricing(inputs={"deep": [{"n": count}]}))


@pytest.mark.parametrize("count", [0, -1])
def test_what_is_below_1(count: int) -> None:
    is_malformed(with_terms(max_rights=count))
    is_malformed(with_terms(shares_per_right=count))
    is_malformed(adjusted(count, DAY))
    is_malformed(retraction(count))
    for kind in ("allotment", "exercise", "waiver", "transfer", "cancellation"):  # not-whole-rights, a rule
        is_good(ONE_OF_EACH[kind] | {"rights": count})


@pytest.mark.parametrize(("count", "good"), [(-1, False), (0, True)])
def test_treasury_shares_are_not_negative(count: int, *, good: bool) -> None:
    entry = exercised(DAY, treasury_shares=count)
    _ = is_good(entry) if good else is_malformed(entry)


@pytest.mark.parametrize("amount", [0, 1, 2**53 - 1, "0", "126.28", "0.000001", "422600", "007"])
def test_amounts(amount: int | str) -> None:
    for entry in (pricing(amount), pricing(1, price_per_right=amount), with_terms(exercise_price=amount)):
        is_good(entry)


@pytest.mark.parametrize(
    "amount",
    [
        -1, "-1", "+1", "1e3", "1E3", "1.5e2", "1.2.3", "", " 1", "1 ", "1,000", "1_000", ".", "0x10", "１２", "½", "1/2",
        "NaN", "Infinity", "-0", 2**53, 1.5, True, "1\n",
    ],
)  # fmt: skip
def test_what_is_no_amount(amount: object) -> None:
    is_malformed(pricing() | {"price_per_share": amount})
    is_malformed(pricing(price_per_right=amount))
    is_malformed(with_terms(exercise_price=amount))


@pytest.mark.parametrize("ratio", ["1", "2", "3/2", "1/10", "2/4", "100/1"])
def test_ratios(ratio: str) -> None:
    for entry in (split(ratio, DAY), consolidated(ratio, DAY), restructured(DAY, ratio=ratio)):
        is_good(entry)


@pytest.mark.parametrize(
    "ratio",
    ["0", "0/1", "1/0", "-2", "+2", "1.5", "2:1", "1/2/3", "/2", "2/", "", " 2", "2 ", "1 / 2", "1e1", "２", "1/-2", 2, 1.5],
)
def test_what_is_no_ratio(ratio: object) -> None:
    for entry in (split("2", DAY), consolidated("1/2", DAY), restructured(DAY)):
        is_malformed(entry | {"ratio": ratio})


NAMED = [
    ("company", "company"), ("company", "name"), ("allotment", "series"), ("allotment", "holder"),
    ("allotment", "position"), ("inheritance", "heir"), ("transfer", "to"), ("exercise", "inherited_from"),
    ("exercise", "transferred_from"), ("restructuring", "successor"), ("restructuring", "successor_name"),
    ("departure", "position"), ("company", "currency"),
]  # fmt: skip


@pytest.mark.parametrize(("kind", "key"), NAMED)
@pytest.mark.parametrize(
    "name", ["x", "x" * 200, "第7回新株予約権", "director 1", "é", "👨", "👨" * 200, "<b>", "'; DROP TABLE entries"]
)
def test_names(kind: str, key: str, name: str) -> None:
    is_good(ONE_OF_EACH[kind] | {key: name})


@pytest.mark.parametrize(("kind", "key"), NAMED)
@pytest.mark.parametrize(
    "name",
    [
        "", "x" * 201, "👨" * 201, "e\u0301", "a\nb", "a\tb", "a\0b", "a\x7fb", "a\x85b", "a\u200bb", "a\u202eb", "a\u2066b",
        "\ufeffa", "a\u00adb", "a\u2028b", "\ud800", "ｶ\u3099", 7, ["x"],
    ],
    ids=ascii,
)  # fmt: skip
def test_what_is_no_name(kind: str, key: str, name: object) -> None:
    if name == "ｶ\u3099":  # halfwidth forms are composed already: NFC leaves them
        name = "カ\u3099"
    is_malformed(ONE_OF_EACH[kind] | {key: name})


@pytest.mark.parametrize("name", ["", "a\nb", "x" * 201, "e\u0301"], ids=ascii)
def test_names_in_lists_and_maps(name: str) -> None:
    is_malformed(acquired(DAY, ["a", name]))
    is_malformed(with_conditions(positions=[name]))
    is_malformed(with_terms(name=name))
    is_malformed(restructured(DAY, series_map={name: "H"}))
    is_malformed(restructured(DAY, series_map={"7": name}))


@pytest.mark.parametrize("entry", [acquired(DAY, []), with_conditions(positions=[]), with_terms(acquisition_triggers=[])])
def test_no_list_is_empty(entry: Given) -> None:
    is_malformed(entry)


@pytest.mark.parametrize("entry_id", ["", "x" * 64, "é" * 64, "a\nb", "e\u0301", "\u202e"], ids=ascii)
def test_an_id_is_any_string(entry_id: str) -> None:
    is_good(died(DAY) | {"id": entry_id})


@pytest.mark.parametrize("entry_id", ["x" * 65, "é" * 65, 7, "\ud800"], ids=ascii)
def test_an_id_of_up_to_64_characters(entry_id: object) -> None:
    is_malformed(died(DAY) | {"id": entry_id})


@pytest.mark.parametrize(
    ("span", "good"),
    [
        ({"days": 1}, True), ({"months": 1}, True), ({"years": 1}, True),
        ({"days": 365_242}, True), ({"days": 365_244}, False),
        ({"months": 12_000}, True), ({"months": 12_001}, False),
        ({"years": 1_000}, True), ({"years": 1_001}, False),
        ({"days": 0}, False), ({"months": 0}, False), ({"years": -1}, False),
        ({}, False), ({"days": 1, "months": 1}, False), ({"days": 10, "months": 0}, False), ({"weeks": 1}, False),
        ({"days": "10"}, False), ({"days": None}, False), ({"days": True}, False), (10, False), ("P10D", False),
    ],
)  # fmt: skip
def test_spans(span: object, *, good: bool) -> None:
    for entry in (with_conditions(after_departure=span), with_conditions(inheritance={"window": span})):
        _ = is_good(entry) if good else is_malformed(entry)


def test_a_window_of_an_heir_is_no_null() -> None:
    is_malformed(with_conditions(inheritance={"window": None}))


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


@pytest.mark.parametrize("entry", [{}, {"on": DAY}, {"type": 7}, {"type": ["death"]}, [], "death", 7, None, {7: 7}, {1.5}])
def test_what_is_no_entry(entry: object) -> None:
    is_malformed(entry)


LINE = json.dumps(died(DAY))


@pytest.mark.parametrize(
    "line",
    [
        "{", "}", "nul", "{'type': 'death'}", LINE + LINE, LINE + " x", LINE[:-1] + ",}", "[" + LINE + "]",
        LINE[:-1] + ', "holder": "b"}',
        LINE[:-1] + ', "note": 1.5}', LINE[:-1] + ', "note": 1e3}', LINE[:-1] + ', "note": NaN}',
        LINE[:-1] + ', "note": -Infinity}', LINE[:-1] + ', "note": Infinity}',
        LINE[:-1] + ', "note": "\\ud800"}', LINE[:-1] + ', "\\ud800": 1}', LINE[:-1] + ', "note": "\n"}',
        LINE[:-1] + ', "note": 1' + "0" * 5_000 + "}",
        "[" * 100_000, '{"a":' * 100_000, "\ufeff" + LINE, "\0", LINE + "\0", "//" + LINE,
    ],
    ids=lambda line: ascii(line[-24:]),
)  # fmt: skip
def test_hostile_lines(line: str) -> None:
    line_is_malformed(line)


@pytest.mark.parametrize(
    "line",
    [LINE.encode("utf-16"), LINE.encode() + b"\xff", b"\xef\xbb\xbf" + LINE.encode(), b"\xc0\xaf", b'{"\xed\xa0\x80": 1}'],
    ids=ascii,
)
def test_lines_that_are_not_plain_utf_8(line: bytes) -> None:
    line_is_malformed(line)


@pytest.mark.parametrize("inside", ['{"a": 1, "a": 1}', '[{"a": 1, "b": 2, "a": 3}]', '{"a": [[NaN]]}', '{"a": {"b": 0.1}}'])
def test_what_is_hidden_deep_inside(inside: str) -> None:
    line_is_malformed(json.dumps(pricing())[:-1] + f', "inputs": {{"x": {inside}}}}}')


@pytest.mark.parametrize(("levels", "good"), [(32, True), (33, False)])
def test_nesting_is_at_most_32(levels: int, *, good: bool) -> None:
    """The entry is the first level, `inputs` the second."""
    inside: Any = 1
    for _ in range(levels - 2):
        inside = [inside]
    entry = pricing(inputs={"x": inside})
    _ = is_good(entry) if good else is_malformed(entry)


@pytest.mark.parametrize(("size", "good"), [(1_000_000, True), (1_048_577, False)])
def test_a_line_is_at_most_1_mb(size: int, *, good: bool) -> None:
    line = LINE[:-1] + ', "note": "'
    line += "x" * (size - len(line) - 2) + '"}'
    assert len(line) == size
    _ = entry_from_line(line.encode()) if good else line_is_malformed(line)


def test_a_number_of_a_million_digits_is_told_in_few_words() -> None:
    assert len(line_is_malformed(LINE[:-1] + ', "note": 1' + "0" * 900_000 + "}")) < 300
    assert len(is_malformed(allotted(10**4_000))) < 300


def test_from_python_a_list_may_be_a_tuple() -> None:
    assert entry_from(acquired(DAY) | {"holders": ("a", "b")}) == entry_from(acquired(DAY, ["a", "b"]))
    is_malformed(pricing(inputs={"x": {1, 2}}))
    is_malformed(pricing(inputs={"x": b"bytes"}))
