"""Ledgers made up: plausible ones, of which many entries are lawful.

Everything is drawn from small pools of ids and from days close to each other, so that facts meet: a departure and an
exercise, a death and a transfer on one day. An entry is a JSON value here, as it is given to `record`.
"""

from collections.abc import Callable, Mapping, Sequence
from datetime import date, timedelta
from typing import Any, NamedTuple

from hypothesis import strategies as st
from hypothesis.strategies import DrawFn, SearchStrategy

from ledger.domain.decide import History, Proposed
from ledger.domain.entries import Retraction
from ledger.domain.errors import LedgerError
from ledger.domain.state import Holding, HoldingKey, State
from ledger.domain.wellformed import entry_from
from ledger.domain.windows import window_of

Content = dict[str, Any]

FIRST = date(2019, 4, 10)
"""Some weeks before ten days on which no business was done."""

DAYS = 40
COMPANIES = ("A", "B", "C")
SERIES = ("1", "2", "3", "4")
HOLDERS = ("director-1", "director-2", "officer-1", "heir-1", "heir-2")
POSITIONS = ("director", "executive-officer", "auditor")
KINDS_OF_RESTRUCTURING = (
    "merger",
    "absorption-type-demerger",
    "incorporation-type-demerger",
    "share-exchange",
    "share-transfer",
)
SPLITS = ("2", "3", "200", "3/2", "11/10", "7/3")
CONSOLIDATIONS = ("1/2", "1/7", "2/3", "9/10", "1/200")
AMOUNTS = (0, 1, 2422, "126.28", "0.5", "2113")


def day(number: int) -> str:
    return (FIRST + timedelta(days=number)).isoformat()


def days(first: int = 0, last: int = DAYS) -> SearchStrategy[str]:
    return st.integers(first, last).map(day)


def sometimes(draw: DrawFn, one_in: int) -> bool:
    return draw(st.integers(1, one_in)) == one_in


companies = st.sampled_from(COMPANIES)
series_ids = st.sampled_from(SERIES)
holders = st.sampled_from(HOLDERS)
positions = st.sampled_from(POSITIONS)
amounts = st.sampled_from(AMOUNTS)
spans: SearchStrategy[Content] = st.one_of(
    st.fixed_dictionaries({"days": st.integers(1, 20)}),
    st.fixed_dictionaries({"months": st.integers(1, 2)}),
    st.just({"years": 1}),
)

conditions: SearchStrategy[Content] = st.fixed_dictionaries(
    {},
    optional={
        "while_in_office": st.booleans(),
        "after_departure": st.none() | spans,
        "departure": st.sampled_from(["all", "any"]),
        "positions": st.none() | st.lists(positions, min_size=1, max_size=2, unique=True),
        "inheritance": st.none() | st.just({}) | st.fixed_dictionaries({"window": spans}),
        "lump_sum": st.booleans(),
        "transfer": st.sampled_from(["free", "board-approval", "free", "prohibited"]),
        "last_day_roll": st.sampled_from(["none", "next-business-day"]),
    },
)


@st.composite
def terms(draw: DrawFn, company: str = "A") -> Content:
    """Terms in any variant, of a series that is exercisable some time within the days of the pools."""
    starts = draw(st.integers(0, 20))
    fixed: Content = {
        "company": company,
        "max_rights": draw(st.sampled_from([100, 30, 7, 1])),
        "shares_per_right": draw(st.sampled_from([200, 1, 7, 30_900])),
        "exercise_price": draw(amounts),
        "exercise_period": {"from": day(starts), "until": day(starts + draw(st.sampled_from([60, 20, 5, 0, 400])))},
    }
    return fixed | draw(
        st.fixed_dictionaries(
            {"conditions": conditions},
            optional={
                "name": st.sampled_from(["7th series", "第7回"]),
                "allotment_date": days(0, 5),
                "payment_date": days(0, 5),
                "payment": st.sampled_from(["offset", "cash", "none"]),
                "exercise_price_adjustment": st.sampled_from(["fixed", "inverse"]),
                "price_rounding": st.sampled_from(["share", "share-2", "right"]),
                "acquisition_triggers": st.lists(
                    st.sampled_from(KINDS_OF_RESTRUCTURING), min_size=1, max_size=5, unique=True
                ),
            },
        )
    )


def _known(draw: DrawFn, found: Sequence[str], pool: SearchStrategy[str]) -> str:
    """Mostly an id that is known already."""
    return draw(pool) if not found or sometimes(draw, 8) else draw(st.sampled_from(found))


def _company(draw: DrawFn, state: State) -> str:
    return _known(draw, list(state.companies), companies)


def _series(draw: DrawFn, state: State) -> str:
    return _known(draw, list(state.series), series_ids)


def _holder(draw: DrawFn, state: State) -> str:
    return _known(draw, list(state.people), holders)


def _any_holding(state: State, holding: Holding) -> bool:
    return True


def _never_inherited(state: State, holding: Holding) -> bool:
    return holding.key.inherited_from is None


def _holding(
    draw: DrawFn, state: State, only: Callable[[State, Holding], bool] = _any_holding
) -> tuple[HoldingKey, int]:
    """A holding, mostly one with rights left, and how many."""
    held = [holding for each in state.holdings.values() for holding in each.values() if only(state, holding)]
    found = [holding for holding in held if holding.left] or held
    if not found or sometimes(draw, 10):
        return HoldingKey(_series(draw, state), _holder(draw, state)), 3
    holding = draw(st.sampled_from(found))
    return holding.key, holding.left


def _acted(
    draw: DrawFn, kind: str, state: State, only: Callable[[State, Holding], bool] = _any_holding
) -> Content:
    key, left = _holding(draw, state, only)
    rights = left if sometimes(draw, 3) else draw(st.integers(1, max(1, left)))
    content: Content = {"type": kind, "series": key.series, "holder": key.holder, "rights": rights, "on": draw(days())}
    if key.inherited_from is not None:
        content["inherited_from"] = key.inherited_from
    if key.transferred_from is not None:
        content["transferred_from"] = key.transferred_from
    return content


def _issue(draw: DrawFn, state: State) -> Content:
    content = {"type": "issue", "series": draw(series_ids), "on": draw(days(0, 6))}
    return {**content, "terms": draw(terms(_company(draw, state)))}


def _pricing(draw: DrawFn, state: State) -> Content:
    content: Content = {"type": "pricing", "series": _series(draw, state), "on": draw(days(0, 12))}
    content["price_per_share"] = draw(amounts)
    if sometimes(draw, 3):
        content["price_per_right"] = draw(amounts)
    return content


def _allotment(draw: DrawFn, state: State) -> Content:
    series = state.series.get(_series(draw, state))
    name = series.series if series else draw(series_ids)
    on, position = draw(days(0, 12)), draw(positions)
    if series and not sometimes(draw, 10):
        allotted_on = series.terms.allotment_date
        on = allotted_on.isoformat() if allotted_on else on
        named = series.terms.conditions.positions
        position = draw(st.sampled_from(named)) if named else position
    rights = draw(st.sampled_from([1, 2, 5, 24, 0]))
    holder = draw(holders)
    return {"type": "allotment", "series": name, "holder": holder, "position": position, "rights": rights, "on": on}


def _appointment(draw: DrawFn, state: State) -> Content:
    return {"type": "appointment", "holder": draw(holders), "position": draw(positions), "on": draw(days())}


def _departure(draw: DrawFn, state: State) -> Content:
    content: Content = {"type": "departure", "holder": _holder(draw, state), "on": draw(days())}
    if sometimes(draw, 3):
        content["position"] = draw(positions)
    return content


def _death(draw: DrawFn, state: State) -> Content:
    return {"type": "death", "holder": _holder(draw, state), "on": draw(days(8))}


def _inheritance(draw: DrawFn, state: State) -> Content:
    died = {person.holder: person.died_on for person in state.people.values() if person.died_on}
    holder = _known(draw, list(died), holders)
    heir = draw(holders.filter(lambda each: each != holder))
    on = (died.get(holder, FIRST) + timedelta(days=draw(st.integers(0, 12)))).isoformat()
    content: Content = {"type": "inheritance", "holder": holder, "heir": heir, "on": on}
    if sometimes(draw, 3):
        content["series"] = _series(draw, state)
    return content


def _exercise(draw: DrawFn, state: State) -> Content:
    content = _acted(draw, "exercise", state, only=_open_some_day)
    holding = state.holding(key_of(content))
    window = window_of(state.series[content["series"]], holding) if holding else None
    if window and not sometimes(draw, 6):
        days_open = min(DAYS, (window.until - window.from_).days)
        content["on"] = (window.from_ + timedelta(days=draw(st.integers(0, days_open)))).isoformat()
    if sometimes(draw, 6):
        content["treasury_shares"] = draw(st.sampled_from([0, 1, 200, 10_000]))
    return content


def _open_some_day(state: State, holding: Holding) -> bool:
    return window_of(state.series[holding.key.series], holding) is not None


def key_of(content: Content) -> HoldingKey:
    """What the holding is known by that an entry acts on."""
    return HoldingKey(
        content["series"], content["holder"], content.get("inherited_from"), content.get("transferred_from")
    )


def _waiver(draw: DrawFn, state: State) -> Content:
    return _acted(draw, "waiver", state)


def _transfer(draw: DrawFn, state: State) -> Content:
    key, left = _holding(draw, state, _never_inherited)
    rights = left if sometimes(draw, 3) else draw(st.integers(1, max(1, left)))
    to = draw(holders.filter(lambda each: each != key.holder))
    on = draw(days())
    content: Content = {"type": "transfer", "series": key.series, "holder": key.holder, "to": to}
    content |= {"rights": rights, "on": on}
    if not sometimes(draw, 4):
        content["approved_on"] = on
    if key.transferred_from is not None:
        content["transferred_from"] = key.transferred_from
    return content


def _split(draw: DrawFn, state: State) -> Content:
    ratio = "1" if sometimes(draw, 12) else draw(st.sampled_from(SPLITS))
    number = draw(st.integers(0, DAYS))
    content: Content = {"type": "split", "company": _company(draw, state), "ratio": ratio, "record_date": day(number)}
    if sometimes(draw, 2):
        content["meeting_closed_on"] = day(number + draw(st.integers(-5, 30)))
    return content


def _consolidation(draw: DrawFn, state: State) -> Content:
    ratio = draw(st.sampled_from(CONSOLIDATIONS))
    return {"type": "consolidation", "company": _company(draw, state), "ratio": ratio, "on": draw(days())}


def _adjustment(draw: DrawFn, state: State) -> Content:
    shares = draw(st.sampled_from([1, 42, 500]))
    return {"type": "adjustment", "series": _series(draw, state), "shares_per_right": shares, "on": draw(days())}


def _acquisition(draw: DrawFn, state: State) -> Content:
    number = draw(st.integers(0, DAYS))
    approval = {"kind": draw(st.sampled_from(KINDS_OF_RESTRUCTURING)), "on": day(number - draw(st.integers(0, 3)))}
    content: Content = {"type": "acquisition", "series": _series(draw, state), "approval": approval, "on": day(number)}
    if sometimes(draw, 2):
        content["holders"] = [_holder(draw, state)]
    return content


def _cancellation(draw: DrawFn, state: State) -> Content:
    held = [series for series in state.series.values() if series.company_holds]
    series = draw(st.sampled_from(held)) if held else None
    name = series.series if series else _series(draw, state)
    rights = draw(st.integers(1, series.company_holds)) if series else 1
    return {"type": "cancellation", "series": name, "rights": rights, "on": draw(days(10))}


def _restructuring(draw: DrawFn, state: State) -> Content:
    company = _company(draw, state)
    kind = draw(st.sampled_from(KINDS_OF_RESTRUCTURING))
    content: Content = {"type": "restructuring", "company": company, "kind": kind, "on": draw(days(6))}
    content["delivery"] = not sometimes(draw, 4)
    if content["delivery"]:
        content["successor"] = draw(companies.filter(lambda each: each != company))
        own = [series.series for series in state.series.values() if series.company == company]
        if own and sometimes(draw, 3):
            content["series_map"] = {draw(st.sampled_from(own)): draw(st.sampled_from(["4", "5", "6"]))}
    if sometimes(draw, 2):
        content["ratio"] = draw(st.sampled_from(["2", "1/10", "3/2"]))
    return content


ACTS: Mapping[Callable[[DrawFn, State], Content], int] = {
    _issue: 1,
    _pricing: 1,
    _allotment: 4,
    _appointment: 2,
    _departure: 4,
    _death: 2,
    _inheritance: 3,
    _exercise: 6,
    _waiver: 2,
    _transfer: 3,
    _split: 3,
    _consolidation: 1,
    _adjustment: 1,
    _acquisition: 1,
    _cancellation: 1,
    _restructuring: 1,
}
_WEIGHED = [act for act, weight in ACTS.items() for _ in range(weight)]


@st.composite
def acts(draw: DrawFn, state: State) -> Content:
    """One more entry for a ledger whose timeline ends in a state; often lawful, never a retraction."""
    return draw(st.sampled_from(_WEIGHED))(draw, state)


def retraction_of(version: int) -> Content:
    return {"type": "retraction", "retracts": version}


@st.composite
def batches(draw: DrawFn, history: History, most: int = 4) -> list[Content]:
    """What may come next: an entry, several, or a retraction with or without a replacement."""
    found = draw(st.lists(acts(history.state), min_size=1, max_size=1 if sometimes(draw, 2) else most))
    if history.version and sometimes(draw, 8):
        found = [retraction_of(draw(st.integers(1, history.version))), *found[: draw(st.integers(0, 1))]]
    return found


@st.composite
def openings(draw: DrawFn) -> list[Content]:
    """How every ledger begins: a company, a series or two, and who was allotted rights."""
    found: list[Content] = [{"type": "company", "company": "A", "name": "Company A", "on": day(-30)}]
    if sometimes(draw, 3):
        found.append({"type": "company", "company": "B", "name": "Company B", "on": day(-20), "currency": "JPY"})
    for name in SERIES[: draw(st.integers(1, 2))]:
        chosen = draw(terms(draw(st.sampled_from([each["company"] for each in found if each["type"] == "company"]))))
        found.append({"type": "issue", "series": name, "on": day(0), "terms": chosen})
        if sometimes(draw, 2):
            found.append({"type": "pricing", "series": name, "on": draw(days(0, 6)), "price_per_share": draw(amounts)})
        position = (chosen["conditions"].get("positions") or POSITIONS)[0]
        left = chosen["max_rights"]
        for holder in draw(st.lists(holders, min_size=1, max_size=3, unique=True)):
            rights = draw(st.integers(1, 30))
            if rights > left:
                break
            left -= rights
            on = chosen.get("allotment_date") or draw(days(0, 6))
            content: Content = {"type": "allotment", "series": name, "holder": holder, "position": position}
            found.append(content | {"rights": rights, "on": on})
    return found


class Ledger(NamedTuple):
    """A lawful ledger: batches that are accepted one after the other, and what a history of them knows."""

    batches: list[list[Content]]
    history: History

    @property
    def contents(self) -> list[Content]:
        """Every entry, by version."""
        return [content for batch in self.batches for content in batch]

    @property
    def counting(self) -> list[Content]:
        """Entries that count, in the order of recording: no retraction, nothing retracted."""
        gone = {content["retracts"] for content in self.contents if content["type"] == "retraction"}
        numbered = enumerate(self.contents, start=1)
        return [each for version, each in numbered if each["type"] != "retraction" and version not in gone]


def proposed(history: History, batch: Sequence[Content]) -> list[Proposed]:
    return [
        Proposed(line, history.version + line, entry_from(content)) for line, content in enumerate(batch, start=1)
    ]


def admitted(history: History, batch: Sequence[Content]) -> bool:
    """Whether a history takes a batch in; it then has."""
    try:
        history.admit(proposed(history, batch))
    except LedgerError:
        return False
    return True


@st.composite
def ledgers(draw: DrawFn, most: int = 24, retractions: bool = True) -> Ledger:  # noqa: FBT001, FBT002 - a strategy
    """A lawful ledger with notes that tell its entries from one another"""
    ledger = Ledger([], History())
    for number in range(draw(st.integers(0, most)) + 1):
        batch = draw(openings()) if number == 0 else draw(batches(ledger.history))
        if not retractions:
            batch = [content for content in batch if content["type"] != "retraction"]
        batch = [content | {"note": f"#{number}.{index}"} for index, content in enumerate(batch)]
        if batch and admitted(ledger.history, batch):
            ledger.batches.append(batch)
        elif len(batch) > 1:
            ledger.batches.extend([each] for each in batch if admitted(ledger.history, [each]))
    return ledger


def retracts(history: History, version: int) -> bool:
    """Whether a history takes the retraction of a version in; it then has."""
    try:
        history.admit([Proposed(1, history.version + 1, Retraction(retracts=version))])
    except LedgerError:
        return False
    return True
