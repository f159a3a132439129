"""The life of rights as other programs keep it: securities that are issued, drawn on, passed on and ended.

The ledger keeps holdings, of which rights come and go; the formats of others keep securities, each of one issuance,
that are used up. A holding is as many securities as times that it received rights, and an act draws on the oldest
first. Between acts a security has the shares that its rights would deliver.
"""

from collections.abc import Sequence
from datetime import date
from fractions import Fraction
from heapq import heappop, heappush
from typing import Final, Literal, NamedTuple, cast

from msgspec.structs import replace

from ledger.domain.entries import Adjustment, Consolidation, Fact, Inheritance, Split, Transfer
from ledger.domain.evolve import evolve, fold
from ledger.domain.spans import next_day
from ledger.domain.state import Act, HoldingKey, Series, State
from ledger.domain.timeline import Placed

WhyIssued = Literal["allotted", "received", "replaced", "left", "adjusted"]
"""``left``: the rest of a security of which part went. ``adjusted``: as many rights, of another number of shares."""

WhyEnded = Literal["waived", "acquired", "extinguished", "replaced", "lapsed", "fraction", "adjusted"]
"""``fraction``: shares that a change of the shares per right dropped. ``adjusted``: see `WhyIssued`."""


class Security(NamedTuple):
    """Rights of one holding from one issuance. id: made of the version that issued it, so it is always the same."""

    id: str
    key: HoldingKey
    rights: int
    shares_per_right: int

    @property
    def shares(self) -> int:
        """What its rights would deliver."""
        return self.rights * self.shares_per_right


class Issued(NamedTuple):
    """A security began. series: as it was then. of: the security that it comes from, or None."""

    on: date
    version: int
    security: Security
    series: Series
    why: WhyIssued
    of: str | None = None


class Exercised(NamedTuple):
    """Rights of a security were exercised; what is left stays in it. part: 1, 2 … of the securities of one entry."""

    on: date
    version: int
    security: Security
    series: Series
    rights: int
    part: int

    @property
    def shares(self) -> int:
        """Delivered."""
        return self.rights * self.security.shares_per_right


class Passed(NamedTuple):
    """Rights of a security passed to another holder. to: the security that has them. left: that has the rest."""

    on: date
    version: int
    security: Security
    rights: int
    to: Security
    left: Security | None
    is_inherited: bool


class Ended(NamedTuple):
    """Rights of a security came to nothing. version: None where they lapsed. shares: gone. left: has the rest."""

    on: date
    version: int | None
    security: Security
    rights: int
    shares: Fraction
    left: Security | None
    why: WhyEnded


class Resized(NamedTuple):
    """The shares of a company were split or consolidated: so were those of every security that there was of it."""

    on: date
    version: int
    company: str
    ratio: Fraction


Event = Issued | Exercised | Passed | Ended | Resized


class Lives(NamedTuple):
    """All that happened, in order, and what is known at the end."""

    events: tuple[Event, ...]
    end: State


ENDS: Final[dict[str, WhyEnded]] = {"waived": "waived", "acquired": "acquired", "extinguished": "extinguished"}
"""Acts that end rights with nothing in their place."""


def lives(placed: Sequence[Placed], until: date) -> Lives:
    """Return the lives of all securities to the end of a day. placed: the timeline up to it."""
    end = fold(placed)
    told = _Told(end)
    for each in placed:
        told.lapse(each.on)
        told.take(each)
    told.lapse(next_day(until))
    return Lives(tuple(told.events), end)


class _Told:
    """What was told so far. held: the securities of each holding, by series, the oldest first."""

    def __init__(self, end: State) -> None:
        self._at_end = end
        self._state = State()
        self._held: dict[str, dict[HoldingKey, list[Security]]] = {}
        self._lapses: list[tuple[date, str, HoldingKey]] = []
        self._issued = (0, 0)
        self.events: list[Event] = []

    def take(self, placed: Placed) -> None:
        """Tell an entry."""
        entry, version = placed.entry, placed.version
        before = len(self._state.acts)
        evolve(self._state, entry, version)
        if isinstance(entry, Split | Consolidation):
            self._resize(entry, version)
        elif isinstance(entry, Adjustment):
            for key in self._held.get(entry.series, {}):
                self._requantify(key, Fraction(1), entry.on, version)
        for key, act in self._state.acts[before:]:
            self._act(entry, key, act)

    def lapse(self, before: date) -> None:
        """Tell what lapsed before a day: by the holding as it ended, for what has lapsed never revives."""
        while self._lapses and self._lapses[0][0] < before:
            on, _, key = heappop(self._lapses)
            for security in self._held[key.series].pop(key, ()):
                self._end_whole(security, on, None, "lapsed")

    def _act(self, entry: Fact, key: HoldingKey, act: Act) -> None:
        series = self._state.series[key.series]
        if act.way == "allotted":
            self._issue(self._new(key, act.rights, act.version), act, "allotted")
        elif act.way == "exercised":
            for part, (security, rights) in enumerate(self._drawn(key, act.rights), start=1):
                self.events.append(Exercised(act.on, act.version, security, series, rights, part))
                if rights < security.rights:
                    self._held[key.series][key].insert(0, security._replace(rights=security.rights - rights))
        elif act.way in ENDS:
            for security, rights in self._drawn(key, act.rights):
                self._end(security, rights, act, ENDS[act.way])
        elif act.way == "replaced":
            for security, rights in self._drawn(key, act.rights):
                self._end(security, rights, act, "replaced")
                to = replace(key, series=series.replaced_by[-1])
                self._issue(self._new(to, rights, act.version), act, "replaced", of=security.id)
        elif act.way == "passed on":
            for security, rights in self._drawn(key, act.rights):
                self._pass(security, rights, act, cast(Transfer | Inheritance, entry))

    def _drawn(self, key: HoldingKey, rights: int) -> list[tuple[Security, int]]:
        """Take rights from the oldest securities of a holding; of the last perhaps only a part."""
        held = self._held[key.series][key]
        found = []
        while rights:
            security = held.pop(0)
            found.append((security, min(rights, security.rights)))
            rights -= found[-1][1]
        return found

    def _new(self, key: HoldingKey, rights: int, version: int) -> Security:
        number = self._issued[1] + 1 if self._issued[0] == version else 1
        self._issued = (version, number)
        return Security(f"rights-{version}-{number}", key, rights, self._state.series[key.series].shares_per_right)

    def _issue(self, security: Security, act: Act, why: WhyIssued, of: str | None = None) -> None:
        """Tell a security that is the youngest of its holding."""
        self._begin(security, act.on, act.version, why, of)
        self._held.setdefault(security.key.series, {}).setdefault(security.key, []).append(security)

    def _begin(self, security: Security, on: date, version: int, why: WhyIssued, of: str | None) -> None:
        key = security.key
        self.events.append(Issued(on, version, security, self._state.series[key.series], why, of))
        lapses_on = self._at_end.holdings[key.series][key].lapses_on
        heappush(self._lapses, (max(lapses_on, on), security.id, key))

    def _rest(self, security: Security, rights: int, version: int) -> Security | None:
        """Return the security that holds the rest, in the place of the one of which some rights go."""
        if rights == security.rights:
            return None
        rest = self._new(security.key, security.rights - rights, version)
        self._held[security.key.series][security.key].insert(0, rest)
        return rest

    def _end(self, security: Security, rights: int, act: Act, why: WhyEnded) -> None:
        rest = self._rest(security, rights, act.version)
        shares = Fraction(rights * security.shares_per_right)
        self.events.append(Ended(act.on, act.version, security, rights, shares, rest, why))
        if rest is not None:
            self._begin(rest, act.on, act.version, "left", security.id)

    def _end_whole(self, security: Security, on: date, version: int | None, why: WhyEnded) -> None:
        self.events.append(Ended(on, version, security, security.rights, Fraction(security.shares), None, why))

    def _pass(self, security: Security, rights: int, act: Act, entry: Transfer | Inheritance) -> None:
        is_inherited = isinstance(entry, Inheritance)
        taker = (entry.heir, entry.holder, None) if isinstance(entry, Inheritance) else (entry.to, None, entry.holder)
        rest = self._rest(security, rights, act.version)
        to = self._new(HoldingKey(security.key.series, *taker), rights, act.version)
        self.events.append(Passed(act.on, act.version, security, rights, to, rest, is_inherited))
        self._issue(to, act, "received", of=security.id)
        if rest is not None:
            self._begin(rest, act.on, act.version, "left", security.id)

    def _resize(self, entry: Split | Consolidation, version: int) -> None:
        self.events.append(Resized(entry.on, version, entry.company, entry.ratio))
        for name, held in self._held.items():
            if self._state.series[name].company == entry.company:
                for key in held:
                    self._requantify(key, entry.ratio, entry.on, version)

    def _requantify(self, key: HoldingKey, ratio: Fraction, on: date, version: int) -> None:
        """Give securities the shares that their rights deliver now. ratio: by which others multiply their shares.

        Where that comes to the same nothing more is told; else they end, in part or as a whole, and go on as others.
        """
        held = self._held[key.series][key]
        shares_per_right = self._state.series[key.series].shares_per_right
        for at, security in enumerate(held):
            supposed = security.shares * ratio
            if supposed == security.rights * shares_per_right:
                held[at] = security._replace(shares_per_right=shares_per_right)
                continue
            held[at] = after = self._new(key, security.rights, version)
            if after.shares < supposed:
                why: WhyEnded = "adjusted" if ratio == 1 else "fraction"
                self.events.append(Ended(on, version, security, 0, supposed - after.shares, after, why))
            else:
                self.events.append(Ended(on, version, security, 0, supposed, None, "adjusted"))
            self._begin(after, on, version, "adjusted", security.id)
