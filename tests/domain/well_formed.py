"""One entry of each kind with every field it may have, and what is good and what malformed."""

import json
from typing import Any

import pytest

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


def is_as(entry: Given, *, good: bool) -> None:
    if good:
        is_good(entry)
    else:
        is_malformed(entry)


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


def plain(value: object) -> str:
    """A value as the name of a case; without backslashes, which pytest doubles when it collects a second time."""
    return ascii(value).replace("\\", "%")
