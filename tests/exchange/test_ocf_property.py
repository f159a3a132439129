"""Whatever a package holds, nothing in it is dropped in silence, and reading it never fails."""

import re
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from ledger.domain.errors import LedgerError
from ledger.exchange.packages.found import Found, quoted
from ledger.exchange.packages.ocf_package import open_package
from ledger.exchange.packages.ocf_reading import package_plan
from ledger.exchange.plan import Plan
from tests.exchange.packages_of_others import Json, book_of, files_of, folder

DAYS = [f"2022-{month:02}-{day:02}" for month in range(1, 5) for day in (1, 15)]
IDS = ["a", "b", "s1", "s2", "s3", "common", "preferred", "plan", "nowhere"]
WORDS = [
    *("OPTION", "RSU", "EMPLOYEE", "EX_EMPLOYEE", "BOARD_MEMBER", "TERMINATION_VOLUNTARY_OTHER", "ACTIVE"),
    *("TERMINATION_INVOLUNTARY_DEATH", "COMMON", "PREFERRED", "DAYS", "MONTHS", "INVOLUNTARY_DEATH"),
]
NUMBERS = ["0", "1", "2", "3", "10", "100", "101", "1000", "2.5", "0.1", "-1", "9" * 20, "many"]
KINDS = [
    *("STAKEHOLDER", "STOCK_CLASS", "STOCK_PLAN", "VESTING_TERMS"),
    *("CE_STAKEHOLDER_STATUS", "CE_STAKEHOLDER_RELATIONSHIP"),
    *("TX_EQUITY_COMPENSATION_ISSUANCE", "TX_EQUITY_COMPENSATION_EXERCISE", "TX_EQUITY_COMPENSATION_TRANSFER"),
    *("TX_EQUITY_COMPENSATION_CANCELLATION", "TX_EQUITY_COMPENSATION_RETRACTION", "TX_PLAN_SECURITY_ISSUANCE"),
    *("TX_STOCK_CLASS_SPLIT", "TX_WARRANT_ISSUANCE", "TX_WARRANT_EXERCISE", "TX_VESTING_START", "TX_STOCK_ISSUANCE"),
    *("TX_STOCK_CONSOLIDATION", "TX_EQUITY_COMPENSATION_REPRICING", "UNHEARD_OF", ""),
]

ids, days, words, numbers = map(st.sampled_from, (IDS, DAYS, WORDS, NUMBERS))
junk = st.one_of(st.none(), st.booleans(), st.integers(), st.text(max_size=3), st.lists(ids, max_size=2))
moneys = st.fixed_dictionaries({"amount": numbers, "currency": st.sampled_from(["JPY", "USD"])})
spans = st.fixed_dictionaries({"reason": words, "period": st.integers(0, 9), "period_type": words})
triggers = st.fixed_dictionaries({"type": st.just("ELECTIVE_AT_WILL"), "start_date": days})
FIELDS: dict[str, st.SearchStrategy[Any]] = {
    **dict.fromkeys(["security_id", "stakeholder_id", "stock_class_id", "stock_plan_id", "balance_security_id"], ids),
    **dict.fromkeys(["date", "expiration_date", "warrant_expiration_date"], days),
    **dict.fromkeys(["new_status", "relationship_started", "relationship_ended", "class_type"], words),
    **dict.fromkeys(["exercise_price", "purchase_price"], moneys),
    "compensation_type": st.just("OPTION"),
    "quantity": numbers,
    "split_ratio": st.fixed_dictionaries({"numerator": numbers, "denominator": numbers}),
    "termination_exercise_windows": st.lists(spans, max_size=2),
    "resulting_security_ids": st.lists(ids, max_size=2),
    "current_relationships": st.lists(words, max_size=2),
    "exercise_triggers": st.lists(triggers, max_size=1),
    "vestings": st.lists(st.fixed_dictionaries({"date": days, "amount": numbers}), max_size=2),
    "name": st.fixed_dictionaries({"legal_name": st.text(max_size=5)}),
}
wild = st.fixed_dictionaries(
    {"object_type": st.sampled_from(KINDS), "id": st.one_of(ids, st.uuids().map(str))},
    optional={field: st.one_of(values, values, values, junk) for field, values in FIELDS.items()},
)
ACTS = ("resulting_security_ids", "balance_security_id")
LISTED = re.compile(r"(?:[0-9,]+ × )?(.+?) \((.*?)\): ", re.DOTALL)


@st.composite
def sensible(draw: st.DrawFn) -> list[Json]:
    """People, shares and grants whose references hold, and acts on them that may."""
    grants: list[Json] = [
        {
            "object_type": "TX_EQUITY_COMPENSATION_ISSUANCE",
            "id": f"issue-{security}",
            "security_id": security,
            "stakeholder_id": draw(st.sampled_from(["a", "b"])),
            "date": "2022-01-01",
            "compensation_type": "OPTION",
            "quantity": draw(st.sampled_from(["10", "100", "101", "1000"])),
            "exercise_price": {"amount": "100", "currency": "JPY"},
            "termination_exercise_windows": [],
        }
        for security in ("s1", "s2")
    ]
    kinds = ["EXERCISE", "CANCELLATION"]
    acts: list[Json] = [
        {
            "object_type": f"TX_EQUITY_COMPENSATION_{draw(st.sampled_from(kinds))}",
            "id": f"act-{number}",
            "security_id": draw(st.sampled_from(["s1", "s2"])),
            "date": draw(days),
            "quantity": draw(st.sampled_from(["1", "2", "3"])),
        }
        for number in range(draw(st.integers(0, 3)))
    ]
    return [
        *({"object_type": "STAKEHOLDER", "id": id_, "name": {"legal_name": id_}} for id_ in ("a", "b")),
        {"object_type": "STOCK_CLASS", "id": "common", "name": "Common", "class_type": "COMMON"},
        *grants,
        *acts,
    ]


packages = st.tuples(st.one_of(st.just([]), sensible()), st.lists(wild, max_size=6)).map(lambda two: [*two[0], *two[1]])


def listed(plan: Plan) -> set[tuple[str, str]]:
    """Kinds and ids of what is told together, of which only the first has a place."""
    found = [LISTED.match(each.says) for each in plan.left_out]
    return {(each[1], id_) for each in found if each is not None for id_ in each[2].split(", ")}


def is_told(found: Found, plan: Plan, objects: list[Json]) -> bool:
    """Whether an object stands in an entry, is a problem, is listed, or is what others refer to."""
    remarks = (*plan.problems, *plan.left_out)
    places = [*(planned.place for planned in plan.entries), *(remark.place for remark in remarks)]
    if (found.place.sheet, found.place.row) in {(place.sheet, place.row) for place in places}:
        return True
    if (found.kind or "an object without a type", quoted(found.id)) in listed(plan):
        return True
    if found.kind == "STAKEHOLDER":
        entries = [planned.entry for planned in plan.entries]
        return any(found.id in {entry.get("holder"), entry.get("to"), entry.get("heir")} for entry in entries)
    if found.kind.endswith("_ISSUANCE"):  # what an act made of other rights
        return any(str(found.value.get("security_id")) in str(each.get(field)) for each in objects for field in ACTS)
    return found.kind in {"STOCK_CLASS", "STOCK_PLAN"}


@given(packages)
@settings(max_examples=200, suppress_health_check=[HealthCheck.too_slow])
def test_every_object_is_recorded_told_or_referred_to(objects: list[Json]) -> None:
    with TemporaryDirectory() as where:
        made = folder(Path(where), files_of(*objects))
        plan = package_plan(made)
        assert [each for each in open_package(made).objects if not is_told(each, plan, objects)] == []
        if not plan.problems:
            try:
                book_of(Path(where), plan).close()
            except LedgerError as error:
                assert error.message.startswith("sheet "), error
