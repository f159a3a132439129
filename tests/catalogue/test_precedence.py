"""contract.md, errors: if several rules are broken, the first in the list is told. Every two that one entry can break.

For each kind of entry there is a lawful one, and for each rule a change that breaks it alone. Any two changes together
must be told by the earlier code.
"""

from itertools import combinations
from typing import Any, NamedTuple

import pytest

from ledger.domain.errors import PRECEDENCE, LedgerError
from tests.scenario import (
    Given,
    acquired,
    allotted,
    appointed,
    cancelled,
    company,
    consolidated,
    departed,
    died,
    exercised,
    given,
    inherited,
    issue,
    pricing,
    restructured,
    retraction,
    series_7,
    split,
    transferred,
    waived,
)


class Broken(NamedTuple):
    """What breaks one rule: other terms, entries recorded before, other fields, another version expected."""

    code: str
    change: Given = {}  # noqa: RUF012 - never written to
    before: tuple[Given, ...] = ()
    conditions: Given = {}  # noqa: RUF012
    terms: Given = {}  # noqa: RUF012
    expects: int | None = None

    def with_(self, other: "Broken") -> "Broken":
        return Broken(
            self.code,
            self.change | other.change,
            self.before + other.before,
            self.conditions | other.conditions,
            self.terms | other.terms,
            self.expects if other.expects is None else other.expects,
        )

    def may_be_broken_with(self, other: "Broken") -> bool:
        both = (self.change.keys() & other.change.keys()) | (self.conditions.keys() & other.conditions.keys())
        return not both and self.code != other.code


class Kind(NamedTuple):
    """A lawful entry, what was recorded before it, and what breaks its rules."""

    entry: Given
    before: tuple[Given, ...]
    rules: tuple[Broken, ...]
    conditions: Given = {}  # noqa: RUF012
    terms: Given = {}  # noqa: RUF012

    def story(self, broken: Broken) -> tuple[list[Given], Given]:
        series = series_7(self.conditions | broken.conditions, **(self.terms | broken.terms))
        return [*series, *self.before, *broken.before], self.entry | broken.change


# What can be wrong with an entry of any kind.
ANY = (
    Broken("malformed", {"unheard_of": 1}),
    Broken("id-reused", {"id": "taken"}, (appointed("2016-01-01", holder="clerk") | {"id": "taken"},)),
    Broken("stale-version", expects=0),
)
SERIES = Broken("unknown-series", {"series": "X"})
HOLDER = Broken("unknown-holder", {"holder": "nobody"})
HOLDING = Broken("unknown-holding", {"transferred_from": "nobody"})
NONE_WHOLE = Broken("not-whole-rights", {"rights": 0})
DEAD = Broken("already-deceased", before=(died("2018-06-27"),))
TOO_MANY = Broken("insufficient-rights", {"rights": 25})
DAY = "2018-06-28"

KINDS = {
    "company": Kind(company("NEW"), (), (Broken("duplicate", {"company": "IIJ"}),)),
    "issue": Kind(
        issue("8", on="2019-07-01"),
        (allotted(),),
        (Broken("unknown-company", before=(restructured("2019-06-03"),)), Broken("duplicate", {"series": "7"})),
    ),
    "pricing": Kind(pricing(), (), (SERIES,)),
    "pricing again": Kind(pricing(), (), (Broken("duplicate", before=(pricing(),)),)),
    "allotment": Kind(
        allotted(4, "director-2"),
        (),
        (
            Broken("unknown-company", before=(restructured("2017-07-14"),)),
            NONE_WHOLE,
            Broken("wrong-allotment-date", {"on": "2017-07-15"}),
            Broken("wrong-position", {"position": "adviser"}, conditions={"positions": ["director"]}),
            Broken("over-maximum", terms={"max_rights": 3}),
            Broken(
                "already-deceased",
                before=(appointed("2016-01-01", holder="director-2"), died("2017-01-01", "director-2")),
            ),
        ),
    ),
    "allotment of no series": Kind(
        allotted(4, "director-2"),
        (),
        (
            SERIES,
            NONE_WHOLE,
            Broken("wrong-position", {"position": "adviser"}, conditions={"positions": ["director"]}),
            Broken(
                "already-deceased",
                before=(appointed("2016-01-01", holder="director-2"), died("2017-01-01", "director-2")),
            ),
        ),
    ),
    "appointment": Kind(appointed(DAY), (allotted(),), (DEAD,)),
    "departure": Kind(departed(DAY), (allotted(),), (HOLDER, DEAD)),
    "death": Kind(died(DAY), (allotted(),), (HOLDER, DEAD)),
    "inheritance": Kind(
        inherited("2019-03-15", series="7"),
        (allotted(), issue("8"), died("2019-03-01")),
        (
            SERIES,
            Broken("unknown-holding", {"series": "8"}),
            HOLDER,
            Broken("not-deceased", {"on": "2019-02-28"}),
            Broken("not-inheritable", conditions={"inheritance": None}),
            Broken(
                "heir-deceased",
                {"heir": "heir-9"},
                (appointed("2016-01-01", holder="heir-9"), died("2017-01-01", "heir-9")),
            ),
            Broken("already-inherited", before=(inherited("2019-03-01", "heir-2"),)),
            Broken("nothing-to-inherit", before=(waived("2018-01-01", 24),)),
        ),
    ),
    "exercise": Kind(
        exercised(DAY, 4),
        (allotted(),),
        (
            SERIES,
            HOLDER,
            HOLDING,
            NONE_WHOLE,
            DEAD,
            Broken("outside-exercise-window", conditions={"while_in_office": False}),
            TOO_MANY,
            Broken("lump-sum-only", conditions={"lump_sum": True}),
            Broken("too-many-treasury-shares", {"treasury_shares": 9_000}),
        ),
        {"while_in_office": True},
    ),
    "waiver": Kind(waived(DAY, 4), (allotted(),), (SERIES, HOLDER, HOLDING, NONE_WHOLE, DEAD, TOO_MANY)),
    "transfer": Kind(
        transferred(DAY, 4),
        (allotted(),),
        (
            SERIES,
            HOLDER,
            HOLDING,
            NONE_WHOLE,
            DEAD,
            Broken("transfer-prohibited", conditions={"transfer": "prohibited"}),
            Broken("approval-required", conditions={"transfer": "board-approval"}),
            TOO_MANY,
        ),
        {"transfer": "free"},
    ),
    "transfer to the dead": Kind(
        transferred(DAY, 4, "director-2"),
        (allotted(), allotted(1, "director-2")),
        (
            NONE_WHOLE,
            Broken("already-deceased", before=(died("2018-06-27", "director-2"),)),
            Broken("transfer-prohibited", conditions={"transfer": "prohibited"}),
            TOO_MANY,
        ),
        {"transfer": "free"},
    ),
    "split": Kind(
        split("2", "2020-12-31"), (), (Broken("unknown-company", {"company": "X"}), Broken("bad-ratio", {"ratio": "1"}))
    ),
    "consolidation": Kind(
        consolidated("1/2", DAY), (), (Broken("unknown-company", {"company": "X"}), Broken("bad-ratio", {"ratio": "1"}))
    ),
    "acquisition": Kind(
        acquired("2019-06-04"),
        (allotted(), appointed("2018-01-01", holder="officer-1")),
        (
            Broken("unknown-company", before=(restructured("2019-06-03"),)),
            Broken("unknown-holder", {"holders": ["officer-1", "nobody"]}),
            Broken("unknown-holding", {"holders": ["director-1", "officer-1"]}),
            Broken("not-acquirable", {"approval": {"kind": "absorption-type-demerger", "on": "2019-06-01"}}),
        ),
    ),
    "acquisition of no series": Kind(
        acquired("2019-06-04"),
        (allotted(),),
        (
            SERIES,
            Broken("unknown-holder", {"holders": ["nobody"]}),
            Broken("not-acquirable", {"approval": {"kind": "merger", "on": "2019-06-05"}}),
        ),
    ),
    "cancellation": Kind(
        cancelled("2019-06-04", 4),
        (allotted(), acquired("2019-06-03", approved_on="2019-06-03")),
        (Broken("unknown-company", before=(restructured("2019-06-04"),)), NONE_WHOLE, TOO_MANY),
    ),
    "cancellation of no series": Kind(
        cancelled("2019-06-04", 4), (allotted(), acquired("2019-06-03")), (SERIES, NONE_WHOLE, TOO_MANY)
    ),
    "restructuring": Kind(
        restructured("2019-06-04", "share-exchange", series_map={"7": "H"}),
        (allotted(), company("OLD"), restructured("2019-06-01", company="OLD", successor="NEW")),
        (
            Broken("unknown-company", {"successor": "OLD"}),
            Broken("unknown-series", {"series_map": {"7": "7", "X": "H"}}),
            Broken("duplicate", {"series_map": {"7": "7"}}),
        ),
    ),
    "restructuring of no company": Kind(
        restructured("2019-06-04", "share-exchange", series_map={"7": "H"}),
        (allotted(),),
        (Broken("unknown-company", {"company": "X"}), Broken("duplicate", {"series_map": {"7": "7"}})),
    ),
    "retraction": Kind(retraction(3), (allotted(),), (Broken("nothing-to-retract", {"retracts": 99}),)),
}

# What was recorded before cannot have been, or the one rule keeps the other from being broken.
IMPOSSIBLE = {
    ("inheritance", "not-inheritable", "already-inherited"),
    ("inheritance", "already-inherited", "nothing-to-inherit"),
}


def in_order(one: Broken, other: Broken) -> tuple[Broken, Broken]:
    is_first = PRECEDENCE.index(one.code) < PRECEDENCE.index(other.code)
    return (one, other) if is_first else (other, one)


SINGLE = [(name, broken) for name, kind in KINDS.items() for broken in (*ANY, *kind.rules)]
PAIRS: list[tuple[str, Broken, Broken]] = [
    (name, *in_order(*two))
    for name, kind in KINDS.items()
    for two in combinations((*ANY, *kind.rules), 2)
    if two[0].may_be_broken_with(two[1])
]


def told(kind: Kind, broken: Broken) -> str | None:
    before, entry = kind.story(broken)
    story = given(*before)
    try:
        story.book.record([entry], actor="tests", expect_version=broken.expects)
    except LedgerError as error:
        return error.code
    return None


@pytest.mark.parametrize("name", KINDS)
def test_the_entry_is_lawful(name: str) -> None:
    assert told(KINDS[name], Broken("")) is None


@pytest.mark.parametrize(("name", "broken"), SINGLE, ids=[f"{name}: {broken.code}" for name, broken in SINGLE])
def test_each_change_breaks_its_rule(name: str, broken: Broken) -> None:
    assert told(KINDS[name], broken) == broken.code


@pytest.mark.parametrize(
    ("name", "first", "second"),
    [pair for pair in PAIRS if (pair[0], pair[1].code, pair[2].code) not in IMPOSSIBLE],
    ids=lambda value: value.code if isinstance(value, Broken) else value,
)
def test_of_two_broken_rules_the_earlier_is_told(name: str, first: Broken, second: Broken) -> None:
    assert PRECEDENCE.index(first.code) < PRECEDENCE.index(second.code)
    assert told(KINDS[name], first.with_(second)) == first.code


@pytest.mark.parametrize(
    ("entry", "code"),
    [
        ({"type": "x", "note": 1.5}, "malformed"),
        ({"type": "x", "id": "taken"}, "unknown-type"),
        ({"type": "x"}, "unknown-type"),
        (waived(DAY, 0) | {"id": "taken"}, "id-reused"),
        (waived(DAY, 0), "stale-version"),
        (retraction(99), "stale-version"),
        (retraction(99) | {"id": "taken"}, "id-reused"),
        (waived("2018-01-01", 25), "stale-version"),
    ],
    ids=str,
)
def test_what_is_told_before_the_rules(entry: Given, code: str) -> None:
    story = given(*series_7(), allotted() | {"id": "taken"}, waived("2018-06-01", 24))
    with pytest.raises(LedgerError) as refused:
        story.book.record([entry], actor="tests", expect_version=1)
    assert refused.value.code == code


@pytest.mark.parametrize(
    ("late", "code"),
    [
        (waived("2018-01-01", 0), "not-whole-rights"),
        (waived("2018-01-01", 25), "insufficient-rights"),
        (waived("2018-01-01", 1, "nobody"), "unknown-holder"),
        (retraction(99), "nothing-to-retract"),
    ],
)
def test_a_contradiction_is_told_last(late: Any, code: str) -> None:
    story = given(*series_7(), allotted(), waived("2018-06-01", 24))
    story.when(late).refused_with(code)
    story.when(waived("2018-01-01", 1)).contradicts(4)


def test_every_code_is_in_the_table() -> None:
    told_here = {broken.code for _, broken in SINGLE}
    assert set(PRECEDENCE) - told_here == {"unknown-type", "contradiction"}
