"""Arbitrary entries that are well-formed, as JSON values: any names, the largest counts, every optional field."""

from datetime import date
from typing import Any, Final
from unicodedata import category, normalize

from hypothesis import strategies as st
from hypothesis.strategies import SearchStrategy

from ledger.domain.entries import KINDS
from tests.strategies import KINDS_OF_RESTRUCTURING, Content

UNSEEN: Final = ("Cc", "Cf", "Cs", "Zl", "Zp")
TELLING = ["a", "é", "日", "\ue000", "\ufffd", "\U00010000", "😀", "𠮷"]
"""Characters whose order differs between UTF-8 and UTF-16: those from U+E000 on, and those beyond U+FFFF."""


def _is_name(text: str) -> bool:
    return 1 <= len(text) <= 200 and not any(category(character) in UNSEEN for character in text)


_any_name = st.text(st.characters(exclude_categories=UNSEEN) | st.sampled_from(TELLING), min_size=1, max_size=30)
names: SearchStrategy[str] = st.one_of(
    _any_name.map(lambda text: normalize("NFC", text)),
    st.sampled_from(TELLING).map(lambda character: character * 200),
).filter(_is_name)
"""Any name or id that the contract allows."""

free_text: SearchStrategy[str] = st.text(
    st.characters(exclude_categories=["Cs"]) | st.sampled_from([*TELLING, "\0", "\x1f", "\x7f", '"', "\\", "\u2028"]),
    max_size=40,
)
entry_ids: SearchStrategy[str] = st.text(
    st.characters(exclude_categories=["Cs"], exclude_characters="\0") | st.sampled_from(TELLING), max_size=64
) | st.sampled_from(["", "😀" * 64])
any_days = st.dates(date(1868, 1, 1), date(2999, 12, 31)).map(date.isoformat)
counts = st.integers(1, 2**53 - 1) | st.sampled_from([1, 2**53 - 1])
any_amounts: SearchStrategy[int | str] = st.one_of(
    st.integers(0, 2**53 - 1),
    st.tuples(st.integers(0, 2**53 - 1), st.text("0123456789", min_size=1, max_size=100)).map(
        lambda parts: f"{parts[0]}.{parts[1]}"
    ),
)
ratios = st.one_of(
    st.integers(1, 10**16 - 1).map(str),
    st.tuples(st.integers(1, 10**16 - 1), st.integers(1, 10**16 - 1)).map(lambda parts: f"{parts[0]}/{parts[1]}"),
)
json_values: SearchStrategy[Any] = st.recursive(
    st.one_of(st.integers(-(2**53) + 1, 2**53 - 1), st.booleans(), free_text),
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(free_text, inner, max_size=5),
    max_leaves=12,
)
any_spans: SearchStrategy[Content] = st.one_of(
    st.fixed_dictionaries({"days": st.integers(1, 365_242)}),
    st.fixed_dictionaries({"months": st.integers(1, 12_000)}),
    st.fixed_dictionaries({"years": st.integers(1, 1_000)}),
)
restructuring_kinds = st.sampled_from(KINDS_OF_RESTRUCTURING)
any_periods: SearchStrategy[Content] = st.tuples(any_days, any_days).map(
    lambda both: {"from": min(both), "until": max(both)}
)
any_conditions: SearchStrategy[Content] = st.fixed_dictionaries(
    {},
    optional={
        "while_in_office": st.booleans(),
        "after_departure": st.none() | any_spans,
        "departure": st.sampled_from(["all", "any"]),
        "positions": st.none() | st.lists(names, min_size=1, max_size=3),
        "inheritance": st.none() | st.fixed_dictionaries({}, optional={"window": any_spans}),
        "lump_sum": st.booleans(),
        "transfer": st.sampled_from(["prohibited", "board-approval", "free"]),
        "last_day_roll": st.sampled_from(["none", "next-business-day"]),
    },
)
any_terms: SearchStrategy[Content] = st.fixed_dictionaries(
    {
        "company": names,
        "max_rights": counts,
        "shares_per_right": counts,
        "exercise_price": any_amounts,
        "exercise_period": any_periods,
    },
    optional={
        "name": names,
        "allotment_date": any_days,
        "payment_date": any_days,
        "payment": st.sampled_from(["offset", "cash", "none"]),
        "conditions": any_conditions,
        "exercise_price_adjustment": st.sampled_from(["fixed", "inverse"]),
        "price_rounding": st.sampled_from(["share", "share-2", "right"]),
        "acquisition_triggers": st.lists(restructuring_kinds, min_size=1, max_size=5),
    },
)

_carried: dict[str, SearchStrategy[Any]] = {"id": entry_ids, "source": free_text, "note": free_text}
_two_names = st.lists(names, min_size=2, max_size=2, unique=True)


def _entries(
    kind: str, required: dict[str, SearchStrategy[Any]], optional: dict[str, SearchStrategy[Any]] | None = None
) -> SearchStrategy[Content]:
    return st.fixed_dictionaries({"type": st.just(kind), **required}, optional={**_carried, **(optional or {})})


def _between(kind: str, other: str, fields: dict[str, SearchStrategy[Any]], **optional: Any) -> SearchStrategy[Content]:
    """Entries of two people, who are never one."""
    return st.tuples(_two_names, _entries(kind, fields, optional)).map(
        lambda both: {**both[1], "holder": both[0][0], other: both[0][1]}
    )


_of_a_holding = {"inherited_from": names, "transferred_from": names}
_acted = {"series": names, "holder": names, "rights": counts, "on": any_days}
_restructured = {"company": names, "kind": restructuring_kinds, "on": any_days}
_delivering = _entries(
    "restructuring",
    {**_restructured, "delivery": st.just(value=True), "successor": names},
    {"successor_name": names, "ratio": ratios, "series_map": st.dictionaries(names, names, max_size=5)},
)
_not_delivering = _entries(
    "restructuring",
    {**_restructured, "delivery": st.just(value=False)},
    {"successor": names, "successor_name": names, "ratio": ratios},
)

ENTRIES: dict[str, SearchStrategy[Content]] = {
    "company": _entries("company", {"company": names, "name": names, "on": any_days}, {"currency": names}),
    "issue": _entries("issue", {"series": names, "on": any_days, "terms": any_terms}),
    "pricing": _entries(
        "pricing",
        {"series": names, "on": any_days, "price_per_share": any_amounts},
        {"price_per_right": any_amounts, "inputs": st.dictionaries(free_text, json_values, max_size=6)},
    ),
    "allotment": _entries("allotment", {**_acted, "position": names}),
    "appointment": _entries("appointment", {"holder": names, "position": names, "on": any_days}),
    "departure": _entries(
        "departure",
        {"holder": names, "on": any_days},
        {"position": names, "cause": st.sampled_from(["retirement", "resignation", "dismissal", "other"])},
    ),
    "death": _entries("death", {"holder": names, "on": any_days}),
    "inheritance": _between("inheritance", "heir", {"on": any_days}, series=names),
    "exercise": _entries("exercise", _acted, {**_of_a_holding, "treasury_shares": st.integers(0, 2**53 - 1)}),
    "waiver": _entries("waiver", _acted, _of_a_holding),
    "transfer": _between(
        "transfer",
        "to",
        {"series": names, "rights": counts, "on": any_days},
        approved_on=any_days,
        transferred_from=names,
    ),
    "split": _entries(
        "split", {"company": names, "ratio": ratios, "record_date": any_days}, {"meeting_closed_on": any_days}
    ),
    "consolidation": _entries("consolidation", {"company": names, "ratio": ratios, "on": any_days}),
    "adjustment": _entries(
        "adjustment", {"series": names, "shares_per_right": counts, "on": any_days}, {"reason": free_text}
    ),
    "acquisition": _entries(
        "acquisition",
        {
            "series": names,
            "approval": st.fixed_dictionaries({"kind": restructuring_kinds, "on": any_days}),
            "on": any_days,
        },
        {"holders": st.lists(names, min_size=1, max_size=4)},
    ),
    "cancellation": _entries("cancellation", {"series": names, "rights": counts, "on": any_days}),
    "restructuring": (_delivering | _not_delivering).filter(lambda each: each.get("successor") != each["company"]),
    "retraction": _entries("retraction", {"retracts": counts}),
}
"""Any well-formed entry, by kind."""

any_entries: SearchStrategy[Content] = st.sampled_from(list(KINDS)).flatmap(lambda kind: ENTRIES[kind])
