"""What a fold knows: companies, series, people and holdings, as values.

The values are frozen. The tables that hold them belong to the one fold that fills them: whoever wants to try something
out forks the state first.
"""

from datetime import date
from fractions import Fraction
from typing import Self

from msgspec import Struct

from ledger.domain.entries import Exercise
from ledger.domain.spans import Period
from ledger.domain.terms import Terms


class Company(Struct, frozen=True, gc=False, array_like=True):
    """A company known to the ledger. ``dissolved_by``: version of the merger that dissolved it, or None."""

    company: str
    name: str
    version: int
    dissolved_on: date | None = None
    dissolved_by: int | None = None


class Step(Struct, frozen=True, gc=False, array_like=True):
    """One change of the shares per right of a series, and what it left (item 3).

    version: of the entry that made it. relied_from: ``on``, or the day after the meeting closes that it depends on.
    """

    version: int
    on: date
    relied_from: date
    kind: str
    ratio: Fraction | None
    shares_per_right: int
    exercise_price: Fraction


class Series(Struct, frozen=True, gc=False, array_like=True):
    """A series of rights.

    allotment_date: splits effective later adjust it. period: of exercise. steps: how the shares per right came about,
    the first being the issue (or replacement) itself. root: the series first issued, whose price it has.
    replaces, replaced_by: the chain of item 9, one step in each direction. company_holds: acquired, not cancelled.
    allotted: by allotment. received: in replacement of other rights.
    """

    series: str
    company: str
    name: str
    terms: Terms
    version: int
    resolved_on: date
    allotment_date: date
    period: Period
    max_rights: int
    steps: tuple[Step, ...]
    root: str
    replaces: str | None = None
    replaced_by: tuple[str, ...] = ()
    allotted: int = 0
    received: int = 0
    company_holds: int = 0

    @property
    def shares_per_right(self) -> int:
        """Shares for one right now."""
        return self.steps[-1].shares_per_right

    @property
    def first_shares_per_right(self) -> int:
        """Shares for one right at issue, of a successor's series at the restructuring: the number of its terms."""
        return next(step.shares_per_right for step in self.steps if step.version == self.version)

    @property
    def exercise_price(self) -> Fraction:
        """Yen per share now."""
        return self.steps[-1].exercise_price


class HoldingKey(Struct, frozen=True, gc=False, array_like=True, cache_hash=True):
    """What a holding is known by."""

    series: str
    holder: str
    inherited_from: str | None = None
    transferred_from: str | None = None


class Holding(Struct, frozen=True, gc=False, array_like=True):
    """Rights of one series in one hand, from one origin.

    Counts are whole rights; ``left`` are those not yet used in any way, lapsed or not. lost_on, lost_by: the day L of
    item 11(2) and the version of the departure. inherited_on, inherited_by: likewise of item 11(3). died_on, died_by:
    of the holder. lapses_on: the first day on which what is left has lapsed.
    """

    key: HoldingKey
    lapses_on: date
    allotted: int = 0
    received: int = 0
    left: int = 0
    exercised: int = 0
    waived: int = 0
    acquired: int = 0
    extinguished: int = 0
    replaced: int = 0
    passed_on: int = 0
    lost_on: date | None = None
    lost_by: int | None = None
    inherited_on: date | None = None
    inherited_by: int | None = None
    died_on: date | None = None
    died_by: int | None = None

    def outstanding(self, on: date) -> int:
        """Rights left that have not lapsed by the end of ``on``."""
        return self.left if on < self.lapses_on else 0

    def lapsed(self, on: date) -> int:
        """Rights lapsed by the end of ``on`` (Companies Act 287)."""
        return 0 if on < self.lapses_on else self.left


class Act(Struct, frozen=True, gc=False):
    """Something that changed a count of a holding: so many rights were allotted, or passed on."""

    version: int
    on: date
    way: str
    rights: int
    item: str


class Person(Struct, frozen=True, gc=False, array_like=True):
    """Somebody who bears an id: holder, heir or officer.

    positions: held now. changed_on: the last day on which they changed. began_with: those held when that day began.
    departed_by: version of their last departure. holdings: of theirs, in the order in which they came about.
    """

    holder: str
    positions: frozenset[str] = frozenset()
    changed_on: date | None = None
    began_with: frozenset[str] = frozenset()
    departed_by: int | None = None
    died_on: date | None = None
    died_by: int | None = None
    holdings: tuple[HoldingKey, ...] = ()


class Exercised(Struct, frozen=True, gc=False):
    """An exercise as it was read: the series on that day, and the entry."""

    version: int
    key: HoldingKey
    entry: Exercise
    series: Series


class Price(Struct, frozen=True, gc=False, array_like=True):
    """The price of a series and of those that replace it. per_share, per_right: yen at issue."""

    version: int
    on: date
    per_share: Fraction
    per_right: Fraction
    is_given_per_right: bool


class State:
    """What is known at one place of the timeline; empty at its beginning.

    companies, series, people: by id. holdings: by series, then by key. prices: by the series first issued. exercises:
    in the order in which they were read. acts: what changed the counts of which holding, likewise.

    keeps_acts: whether the last two are kept. They tell what happened; no rule looks at them.
    """

    __slots__ = ("acts", "companies", "exercises", "holdings", "keeps_acts", "people", "prices", "series")

    def __init__(self, *, keeps_acts: bool = True) -> None:
        self.keeps_acts = keeps_acts
        self.companies: dict[str, Company] = {}
        self.series: dict[str, Series] = {}
        self.people: dict[str, Person] = {}
        self.holdings: dict[str, dict[HoldingKey, Holding]] = {}
        self.prices: dict[str, Price] = {}
        self.exercises: list[Exercised] = []
        self.acts: list[tuple[HoldingKey, Act]] = []

    def fork(self) -> Self:
        """Return a state that knows the same and may go another way."""
        other = type(self)(keeps_acts=self.keeps_acts)
        other.companies = self.companies.copy()
        other.series = self.series.copy()
        other.people = self.people.copy()
        other.holdings = {series: held.copy() for series, held in self.holdings.items()}
        other.prices = self.prices.copy()
        other.exercises = self.exercises.copy()
        other.acts = self.acts.copy()
        return other

    def changed(self, holding: Holding, act: Act) -> None:
        """Put a holding in as an act left it."""
        self.holdings[holding.key.series][holding.key] = holding
        if self.keeps_acts:
            self.acts.append((holding.key, act))

    def holding(self, key: HoldingKey) -> Holding | None:
        """Return the holding known by ``key``, or None."""
        held = self.holdings.get(key.series)
        return None if held is None else held.get(key)
