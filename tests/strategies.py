"""Ledgers made up: plausible ones, of which many entries are lawful.

Everything is taken from small pools of ids and from days close to each other, so that facts meet: a departure and an
exercise, a death and a transfer on one day. An entry is a JSON value here, as it is given to `record`.

Every entry is thrown with dice of its own. Hypothesis draws one number for each, and so makes a failing ledger smaller
by leaving entries out; drawing every field took a hundred times as long.
"""

from collections.abc import Callable, Mapping, Sequence
from datetime import date, timedelta
from random import Random
from typing import Any, NamedTuple

from hypothesis import strategies as st
from hypothesis.strategies import DrawFn, SearchStrategy

from ledger.domain.decide import History, Proposed
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


class Dice(Random):
    """What an entry is thrown with."""

    def day(self, first: int = 0, last: int = DAYS) -> str:
        return day(self.randint(first, last))

    def sometimes(self, one_in: int) -> bool:
        return self.randrange(one_in) == 0

    def known(self, found: Sequence[str], pool: Sequence[str]) -> str:
        """Mostly an id that is known already."""
        return self.choice(pool if not found or self.sometimes(10) else found)

    def company(self, state: State) -> str:
        return self.known(list(state.companies), COMPANIES)

    def series(self, state: State) -> str:
        return self.known(list(state.series), SERIES)

    def holder(self, state: State) -> str:
        return self.known(list(state.people), HOLDERS)

    def somebody_else(self, holder: str) -> str:
        return self.choice([each for each in HOLDERS if each != holder])

    def optional(self, fields: Mapping[str, Callable[[], object]], one_in: int = 2) -> Content:
        """Some of the fields."""
        return {name: make() for name, make in fields.items() if self.sometimes(one_in)}


dice: SearchStrategy[Dice] = st.integers(0, 2**24 - 1).map(Dice)
"""Of a larger range Hypothesis would mostly draw small numbers, and so the same dice again and again."""


def span(dice: Dice) -> Content:
    return dice.choice([{"days": dice.randint(1, 20)}, {"months": dice.randint(1, 2)}, {"years": 1}])


def conditions(dice: Dice) -> Content:
    some_positions = dice.sample(POSITIONS, dice.randint(1, 2))
    return dice.optional(
        {
            "while_in_office": lambda: dice.choice([True, True, False]),
            "after_departure": lambda: None if dice.sometimes(3) else span(dice),
            "departure": lambda: dice.choice(["all", "any", "any"]),
            "positions": lambda: None if dice.sometimes(2) else some_positions,
            "inheritance": lambda: dice.choice([None, {}, {"window": span(dice)}, {"window": span(dice)}]),
            "lump_sum": lambda: dice.choice([True, False]),
            "last_day_roll": lambda: dice.choice(["none", "next-business-day"]),
        }
    ) | {"transfer": dice.choice(["free", "free", "board-approval", "prohibited"])}


def terms(dice: Dice, company: str = "A") -> Content:
    """Terms in any variant, of a series that is exercisable some time within the days of the pools."""
    starts = dice.randint(0, 20)
    lasts = dice.choice([60, 60, 20, 5, 0, 400])
    fixed: Content = {
        "company": company,
        "max_rights": dice.choice([100, 100, 30, 7, 1]),
        "shares_per_right": dice.choice([200, 200, 1, 7, 30_900]),
        "exercise_price": dice.choice(AMOUNTS),
        "exercise_period": {"from": day(starts), "until": day(starts + lasts)},
        "conditions": conditions(dice),
    }
    kinds = dice.sample(KINDS_OF_RESTRUCTURING, dice.randint(1, 5))
    some = {
        "name": lambda: dice.choice(["7th series", "第7回"]),
        "allotment_date": lambda: dice.day(0, 5),
        "payment_date": lambda: dice.day(0, 5),
        "payment": lambda: dice.choice(["offset", "cash", "none"]),
        "exercise_price_adjustment": lambda: dice.choice(["fixed", "inverse", "inverse"]),
        "price_rounding": lambda: dice.choice(["share", "share-2", "right"]),
        "acquisition_triggers": lambda: kinds,
    }
    return fixed | dice.optional(some, one_in=3)


def key_of(content: Content) -> HoldingKey:
    """What the holding is known by that an entry acts on."""
    return HoldingKey(
        content["series"], content["holder"], content.get("inherited_from"), content.get("transferred_from")
    )


def _acted(dice: Dice, kind: str, state: State, only: Callable[[Holding], bool] = bool) -> Content:
    """An act on a holding, mostly on one that has rights left."""
    held = [holding for each in state.holdings.values() for holding in each.values() if only(holding)]
    found = [holding for holding in held if holding.left] or held
    holding = dice.choice(found) if found and not dice.sometimes(12) else None
    key = holding.key if holding else HoldingKey(dice.series(state), dice.holder(state))
    left = holding.left if holding else 3
    rights = left if dice.sometimes(4) else dice.randint(0 if dice.sometimes(12) else 1, max(1, left))
    origin = {"inherited_from": key.inherited_from, "transferred_from": key.transferred_from}
    content: Content = {"type": kind, "series": key.series, "holder": key.holder, "rights": rights, "on": dice.day()}
    return content | {name: value for name, value in origin.items() if value is not None}


def issue(dice: Dice, state: State) -> Content:
    chosen = terms(dice, dice.company(state))
    return {"type": "issue", "series": dice.choice(SERIES), "on": dice.day(0, 6), "terms": chosen}


def pricing(dice: Dice, state: State) -> Content:
    content: Content = {"type": "pricing", "series": dice.series(state), "on": dice.day(0, 12)}
    content["price_per_share"] = dice.choice(AMOUNTS)
    return content | dice.optional({"price_per_right": lambda: dice.choice(AMOUNTS)}, one_in=3)


def allotment(dice: Dice, state: State) -> Content:
    chained = [each.series for each in state.series.values() if each.replaces or each.replaced_by]
    name = dice.choice(chained) if chained and dice.sometimes(2) else dice.series(state)
    on, position = dice.day(0, 25), dice.choice(POSITIONS)
    series = state.series.get(name)
    if series and not dice.sometimes(12):
        allotted_on = series.terms.allotment_date
        on = allotted_on.isoformat() if allotted_on else on
        named = series.terms.conditions.positions
        position = dice.choice(named) if named else position
    rights = dice.choice([1, 2, 5, 24, 0])
    holder = dice.choice(HOLDERS)
    return {"type": "allotment", "series": name, "holder": holder, "position": position, "rights": rights, "on": on}


def appointment(dice: Dice, state: State) -> Content:
    return {"type": "appointment", "holder": dice.choice(HOLDERS), "position": dice.choice(POSITIONS), "on": dice.day()}


def departure(dice: Dice, state: State) -> Content:
    content: Content = {"type": "departure", "holder": dice.holder(state), "on": dice.day()}
    return content | dice.optional({"position": lambda: dice.choice(POSITIONS)}, one_in=3)


def death(dice: Dice, state: State) -> Content:
    return {"type": "death", "holder": dice.holder(state), "on": dice.day(8)}


def inheritance(dice: Dice, state: State) -> Content:
    died = {person.holder: person.died_on for person in state.people.values() if person.died_on}
    holder = dice.known(list(died), HOLDERS)
    on = (died.get(holder, FIRST) + timedelta(days=dice.randint(0, 12))).isoformat()
    content: Content = {"type": "inheritance", "holder": holder, "heir": dice.somebody_else(holder), "on": on}
    return content | dice.optional({"series": lambda: dice.series(state)}, one_in=3)


def exercise(dice: Dice, state: State) -> Content:
    """Mostly inside the window, where there is one."""
    content = _acted(dice, "exercise", state, lambda each: window_of(state.series[each.key.series], each) is not None)
    holding = state.holding(key_of(content))
    window = window_of(state.series[content["series"]], holding) if holding else None
    if window and not dice.sometimes(6):
        content["on"] = (
            window.from_ + timedelta(dice.randint(0, min(DAYS, (window.until - window.from_).days)))
        ).isoformat()
    return content | dice.optional({"treasury_shares": lambda: dice.choice([0, 1, 200, 10_000])}, one_in=6)


def waiver(dice: Dice, state: State) -> Content:
    return _acted(dice, "waiver", state)


def transfer(dice: Dice, state: State) -> Content:
    content = _acted(dice, "transfer", state, lambda holding: holding.key.inherited_from is None)
    content["to"] = dice.somebody_else(content["holder"])
    return content if dice.sometimes(5) else content | {"approved_on": content["on"]}


def split(dice: Dice, state: State) -> Content:
    ratio = "1" if dice.sometimes(12) else dice.choice(SPLITS)
    number = dice.randint(0, DAYS)
    content: Content = {"type": "split", "company": dice.company(state), "ratio": ratio, "record_date": day(number)}
    return content | dice.optional({"meeting_closed_on": lambda: day(number + dice.randint(-5, 30))})


def consolidation(dice: Dice, state: State) -> Content:
    ratio = dice.choice(CONSOLIDATIONS)
    return {"type": "consolidation", "company": dice.company(state), "ratio": ratio, "on": dice.day()}


def adjustment(dice: Dice, state: State) -> Content:
    shares = dice.choice([1, 42, 500])
    return {"type": "adjustment", "series": dice.series(state), "shares_per_right": shares, "on": dice.day()}


def acquisition(dice: Dice, state: State) -> Content:
    number, name = dice.randint(0, DAYS), dice.series(state)
    series = state.series.get(name)
    kind = dice.choice(
        series.terms.acquisition_triggers if series and not dice.sometimes(8) else KINDS_OF_RESTRUCTURING
    )
    approval = {"kind": kind, "on": day(number - dice.randint(0, 3))}
    content: Content = {"type": "acquisition", "series": name, "approval": approval, "on": day(number)}
    return content | dice.optional({"holders": lambda: [dice.holder(state)]})


def cancellation(dice: Dice, state: State) -> Content:
    held = [series for series in state.series.values() if series.company_holds]
    series = dice.choice(held) if held else None
    name = series.series if series else dice.series(state)
    rights = dice.randint(1, series.company_holds) if series else 1
    return {"type": "cancellation", "series": name, "rights": rights, "on": dice.day(10)}


def restructuring(dice: Dice, state: State) -> Content:
    company, kind = dice.company(state), dice.choice(KINDS_OF_RESTRUCTURING)
    content: Content = {"type": "restructuring", "company": company, "kind": kind, "on": dice.day(6)}
    content["delivery"] = not dice.sometimes(4)
    if content["delivery"]:
        content["successor"] = dice.choice([each for each in COMPANIES if each != company])
        own = [series.series for series in state.series.values() if series.company == company]
        if own and dice.sometimes(2):
            content["series_map"] = {dice.choice(own): dice.choice(["5", "6", "7"])}
    return content | dice.optional({"ratio": lambda: dice.choice(["2", "1/10", "3/2"])})


ACTS: Mapping[Callable[[Dice, State], Content], int] = {
    issue: 1,
    pricing: 1,
    allotment: 3,
    appointment: 2,
    departure: 4,
    death: 3,
    inheritance: 4,
    exercise: 6,
    waiver: 2,
    transfer: 4,
    split: 3,
    consolidation: 1,
    adjustment: 1,
    acquisition: 2,
    cancellation: 2,
    restructuring: 3,
}
"""How often each kind happens, beside the others."""

_WEIGHED = [act for act, weight in ACTS.items() for _ in range(weight)]


def act(dice: Dice, state: State) -> Content:
    """One more entry for a ledger whose timeline ends in a state; often lawful, never a retraction."""
    return dice.choice(_WEIGHED)(dice, state)


def retraction(version: int) -> Content:
    return {"type": "retraction", "retracts": version}


def opening(dice: Dice) -> list[Content]:
    """How a ledger begins: a company or two, a series or two, who was allotted rights, at times a replacement."""
    found: list[Content] = [{"type": "company", "company": "A", "name": "Company A", "on": day(-30)}]
    if dice.sometimes(3):
        found.append({"type": "company", "company": "B", "name": "Company B", "on": day(-20), "currency": "JPY"})
    companies = [each["company"] for each in found]
    for name in SERIES[: dice.randint(1, 2)]:
        chosen = terms(dice, dice.choice(companies))
        found.append({"type": "issue", "series": name, "on": day(0), "terms": chosen})
        if dice.sometimes(2):
            price = dice.choice(AMOUNTS)
            found.append({"type": "pricing", "series": name, "on": dice.day(0, 6), "price_per_share": price})
        position = (chosen["conditions"].get("positions") or POSITIONS)[0]
        left = chosen["max_rights"]
        for holder in dice.sample(HOLDERS, dice.randint(1, 3)):
            rights = dice.randint(1, 30)
            if rights <= left:
                left -= rights
                allotted: Content = {"type": "allotment", "series": name, "holder": holder, "position": position}
                found.append(allotted | {"rights": rights, "on": chosen.get("allotment_date") or dice.day(0, 6)})
    if dice.sometimes(4):
        replaced: Content = {"type": "restructuring", "company": "A", "kind": "share-exchange", "on": dice.day(6, 9)}
        found.append(replaced | {"delivery": True, "successor": "C", "ratio": dice.choice(["1", "1/3", "2"])})
    return found


def batch(dice: Dice, history: History, most: int = 4) -> list[Content]:
    """What may come next: an entry, several, or a retraction with or without what replaces it."""
    if history.version and dice.sometimes(10):
        replacement = [act(dice, history.state)] if dice.sometimes(2) else []
        return [retraction(dice.randint(1, history.version)), *replacement]
    return [act(dice, history.state) for _ in range(1 if dice.sometimes(2) else dice.randint(1, most))]


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
    return [Proposed(line, history.version + line, entry_from(each)) for line, each in enumerate(batch, start=1)]


def admitted(history: History, batch: Sequence[Content]) -> bool:
    """Whether a history takes a batch in; it then has."""
    try:
        history.admit(proposed(history, batch))
    except LedgerError:
        return False
    return True


@st.composite
def ledgers(draw: DrawFn, most: int = 40) -> Ledger:
    """A lawful ledger, with notes that tell its entries from one another."""
    ledger = Ledger([], History())
    short, long = st.lists(dice, min_size=1, max_size=most), st.lists(dice, min_size=most // 2, max_size=most)
    for number, thrown in enumerate(draw(short | long | long)):
        found = batch(thrown, ledger.history) if number else opening(thrown)
        found = [content | {"note": f"#{number}.{index}"} for index, content in enumerate(found)]
        if admitted(ledger.history, found):
            ledger.batches.append(found)
        else:
            ledger.batches.extend([each] for each in found if len(found) > 1 and admitted(ledger.history, [each]))
    return ledger
