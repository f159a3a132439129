"""contract.md, entry format: days, counts, amounts, ratios, names, ids and spans, every limit at both its sides."""

import pytest

from ledger.domain.spans import FIRST_DAY, LAST_DAY, day_from
from tests.domain.well_formed import DAY, ONE_OF_EACH, is_as, is_good, is_malformed, plain, with_conditions, with_terms
from tests.scenario import (
    Given,
    acquired,
    adjusted,
    allotted,
    consolidated,
    died,
    exercised,
    pricing,
    restructured,
    retraction,
    split,
    transferred,
)


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
    read = day_from(day) if isinstance(day, str) else None
    assert read is None or not FIRST_DAY <= read <= LAST_DAY
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
    is_as(entry, good=good)


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
    is_as(entry, good=good)


@pytest.mark.parametrize("amount", [0, 1, 2**53 - 1, "0", "126.28", "0.000001", "422600", "007"])
def test_amounts(amount: int | str) -> None:
    for entry in (pricing(amount), pricing(1, price_per_right=amount), with_terms(exercise_price=amount)):
        is_good(entry)


@pytest.mark.parametrize(
    "amount",
    [
        -1, "-1", "+1", "1e3", "1E3", "1.5e2", "1.2.3", "", " 1", "1 ", "1,000", "1_000", ".", "0x10", "１２", "½",
        "1/2", "NaN", "Infinity", "-0", 2**53, 1.5, True, "1\n",
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
    [
        "0",
        "0/1",
        "1/0",
        "-2",
        "+2",
        "1.5",
        "2:1",
        "1/2/3",
        "/2",
        "2/",
        "",
        " 2",
        "2 ",
        "1 / 2",
        "1e1",
        "２",
        "1/-2",
        2,
        1.5,
    ],
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
        "", "x" * 201, "👨" * 201, "e\u0301", "a\nb", "a\tb", "a\0b", "a\x7fb", "a\x85b", "a\u200bb", "a\u202eb",
        "a\u2066b", "\ufeffa", "a\u00adb", "a\u2028b", "\ud800", "ｶ\u3099", 7, ["x"],
    ],
    ids=plain,
)  # fmt: skip
def test_what_is_no_name(kind: str, key: str, name: object) -> None:
    if name == "ｶ\u3099":  # halfwidth forms are composed already: NFC leaves them
        name = "カ\u3099"
    is_malformed(ONE_OF_EACH[kind] | {key: name})


@pytest.mark.parametrize("name", ["", "a\nb", "x" * 201, "e\u0301"], ids=plain)
def test_names_in_lists_and_maps(name: str) -> None:
    is_malformed(acquired(DAY, ["a", name]))
    is_malformed(with_conditions(positions=[name]))
    is_malformed(with_terms(name=name))
    is_malformed(restructured(DAY, series_map={name: "H"}))
    is_malformed(restructured(DAY, series_map={"7": name}))


@pytest.mark.parametrize(
    "entry", [acquired(DAY, []), with_conditions(positions=[]), with_terms(acquisition_triggers=[])]
)
def test_no_list_is_empty(entry: Given) -> None:
    is_malformed(entry)


@pytest.mark.parametrize("entry_id", ["", "x" * 64, "é" * 64, "a\nb", "e\u0301", "\u202e"], ids=plain)
def test_an_id_is_any_string(entry_id: str) -> None:
    is_good(died(DAY) | {"id": entry_id})


@pytest.mark.parametrize("entry_id", ["x" * 65, "é" * 65, 7, "\ud800", "a\0b"], ids=plain)
def test_an_id_of_up_to_64_characters(entry_id: object) -> None:
    """U+0000 is the one character that a database cannot keep in a text (docs/decisions.md)."""
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
        is_as(entry, good=good)


def test_a_window_of_an_heir_is_no_null() -> None:
    is_malformed(with_conditions(inheritance={"window": None}))
