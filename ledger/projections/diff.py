"""What changed between two days, or two states of knowledge, and which entries changed it.

A row of the answers says what it rests on; so what rests on other entries than before was changed by those. Whatever
else changed it, an entry of somebody from whom the rights came, is found by whom and what it names.
"""

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping
from datetime import date
from typing import Final

from msgspec import Struct

from ledger.domain.entries import Acquisition, Cancellation, Fact, Issue, Restructuring
from ledger.domain.reasons import Reasons
from ledger.domain.shares import why_shares_per_right
from ledger.domain.spans import ONE_DAY
from ledger.domain.state import HoldingKey, State
from ledger.domain.timeline import Placed
from ledger.projections.holdings import holdings
from ledger.projections.report_rows import Cause, Change, DifferenceRow, Retracted
from ledger.projections.rows import HoldingRow, SeriesRow, key_order
from ledger.projections.series import series as series_view
from ledger.projections.window_steps import window_of_the_living

OF_A_HOLDING: Final = (
    *("allotted", "received", "outstanding", "exercised", "lapsed", "waived", "acquired", "extinguished", "replaced"),
    *("passed_on", "shares"),
)
"""Figures that a holding has of its own; the shares per right are its series'."""

OF_A_SERIES: Final = (
    *("company", "name", "max_rights", "shares_per_right", "exercise_price", "exercise_from", "exercise_until"),
    *("price_per_share", "price_per_right", "replaces", "replaced_by", "company_holds"),
)
"""Figures that a series has of its own; its counts are the sums of its holdings."""

TOLD_BY_REASONS: Final = frozenset(("shares_per_right", "exercise_price", "price_per_share", "price_per_right"))
"""Figures of a series that say what they rest on."""

LAPSE: Final = "lapse"
BY_LAW: Final = "Companies Act 287"


class Side(Struct, frozen=True):
    """One of the two states that are compared.

    day: at whose end. state: folded up to it, with its acts. placed: the timeline up to it, by version. retracted: by
    version, what retracted it.
    """

    day: date
    state: State
    placed: Mapping[int, Placed]
    retracted: Mapping[int, int]


class _Between:
    """The entries that count on one side alone: the cause that each is, and the versions of those that name something.

    Of what was retracted the cause is the retraction.
    """

    def __init__(self, before: Side, after: Side) -> None:
        self.causes: dict[int, Cause] = {}
        self._people: defaultdict[str | None, set[int]] = defaultdict(set)
        self._things: defaultdict[str | None, set[int]] = defaultdict(set)
        self._sets: defaultdict[str | None, set[int]] = defaultdict(set)
        self._of_a_series: set[int] = set()
        for version in before.placed.keys() ^ after.placed.keys():
            has, lacks = (before, after) if version in before.placed else (after, before)
            each, retraction = has.placed[version], lacks.retracted.get(version)
            kind = str(type(each.entry).__struct_config__.tag)
            self.causes[version] = (
                Cause(each.on, version, kind)
                if retraction is None
                else Cause(each.on, retraction, "retraction", Retracted(version, kind))
            )
            self._index(version, each.entry)

    def _index(self, version: int, entry: Fact) -> None:
        for name in ("holder", "heir", "to"):
            if hasattr(entry, name):
                self._people[getattr(entry, name)].add(version)
        things = {getattr(entry, name, None) for name in ("series", "company", "successor")} - {None}
        for thing in things:
            self._things[thing].add(version)
        if getattr(entry, "series", None) is not None:
            self._of_a_series.add(version)
        if isinstance(entry, Issue | Acquisition | Cancellation | Restructuring):
            for thing in things:
                self._sets[thing].add(version)

    def setting(self, *things: str | None) -> set[int]:
        """Versions of the entries that set figures of a series that do not say what they rest on."""
        return set().union(*(self._sets[each] for each in things if each in self._sets))

    def about(self, things: Iterable[str], people: Iterable[str | None] = ()) -> set[int]:
        """Versions of the entries that name somebody, in one of these series or in none; else a thing; or all.

        things: ids of series and of companies.
        """
        of_things = set[int]().union(*(self._things[each] for each in things if each in self._things))
        of_people = set[int]().union(*(self._people[each] for each in people if each in self._people))
        return {each for each in of_people if each in of_things or each not in self._of_a_series} or (
            of_things or {*self.causes}
        )

    def told(self, versions: Iterable[int], *more: Cause) -> tuple[Cause, ...]:
        """The causes of these versions, and more, by day."""
        found = {self.causes[version] for version in versions}
        return tuple(sorted({*found, *more}, key=lambda each: (each.on, each.version is None, each.version or 0)))


def differences(before: Side, after: Side) -> list[DifferenceRow]:
    """A row for every series, then for every holding in it, that is not on both sides as it is."""
    between = _Between(before, after)
    rows = [*_of_series(before, after, between), *_of_holdings(before, after, between)]
    rows.sort(key=lambda row: (row.series, row.holder or "", row.inherited_from or "", row.transferred_from or ""))
    return rows


def _of_series(before: Side, after: Side, between: _Between) -> Iterator[DifferenceRow]:
    old = {row.series: row for row in series_view(before.state, before.day, why=True)}
    new = {row.series: row for row in series_view(after.state, after.day, why=True)}
    for name in old.keys() | new.keys():
        was, is_ = old.get(name), new.get(name)
        changes = _changes(was, is_, OF_A_SERIES)
        if changes:
            known = _differing(_because(was), _because(is_)) & between.causes.keys()
            if not {change.field for change in changes} <= TOLD_BY_REASONS:
                known |= between.setting(name, *(row.company for row in (was, is_) if row is not None))
            causes = between.told(known or between.about(_chain_of(name, before, after)))
            yield DifferenceRow(name, None, None, None, _verb(was, is_), changes, causes)


def _of_holdings(before: Side, after: Side, between: _Between) -> Iterator[DifferenceRow]:
    old = {_key(row): row for row in holdings(before.state, before.day, why=True)}
    new = {_key(row): row for row in holdings(after.state, after.day, why=True)}
    for key in sorted(old.keys() | new.keys(), key=key_order):
        was, is_ = old.get(key), new.get(key)
        changes = _changes(was, is_, OF_A_HOLDING)
        if changes:
            lapse = _lapse(key, before, after)
            old_why, new_why = _reasons(before, was, is_), _reasons(after, is_, was)
            known = _differing(old_why, new_why) & between.causes.keys()
            told = _differing(old_why, new_why, but_for=BY_LAW if lapse else "")
            is_unexplained = bool(was and is_ and told - known)
            if is_unexplained or not (known or lapse):
                people = (key.holder, key.inherited_from, key.transferred_from)
                known |= between.about(_chain_of(key.series, before, after), people)
            causes = between.told(known, *lapse)
            yield DifferenceRow(
                key.series, key.holder, key.inherited_from, key.transferred_from, _verb(was, is_), changes, causes
            )


def _changes(
    was: HoldingRow | SeriesRow | None, is_: HoldingRow | SeriesRow | None, names: Iterable[str]
) -> tuple[Change, ...]:
    """The figures that differ, as JSON values: of a row that was not there, or is not, all that it has."""
    old, new = ({} if row is None else row.to_dict() for row in (was, is_))
    return tuple(
        Change(name, old.get(name), new.get(name))
        for name in names
        if was is None or is_ is None or old[name] != new[name]
    )


def _verb(was: object, is_: object) -> str:
    if was is None:
        return "appeared"
    return "vanished" if is_ is None else "changed"


def _because(row: SeriesRow | None) -> Reasons:
    return () if row is None else row.because


def _reasons(side: Side, row: HoldingRow | None, other: HoldingRow | None) -> Reasons:
    """What a holding rests on: its shares per right do not count where there is nothing left to multiply."""
    if row is None:
        return ()
    if row.outstanding and (other is None or other.outstanding):
        return row.because
    of_shares = why_shares_per_right(side.state.series[row.series])
    return tuple(each for each in row.because if each not in of_shares)


def _differing(old: Reasons, new: Reasons, *, but_for: str = "") -> set[int]:
    """Versions of the reasons that are on one side alone."""
    return {each.version for each in {*old} ^ {*new} if each.version is not None and each.item != but_for}


def _lapse(key: HoldingKey, before: Side, after: Side) -> list[Cause]:
    """The lapse of rights by the passing of time alone: between the two days, by what the later one knows.

    Where a departure or a death left no day, the lapse is that entry's doing.
    """
    early, late = sorted((before, after), key=lambda side: side.day)
    holding = late.state.holding(key)
    if holding is None or not holding.lapsed(late.day) or holding.lapses_on <= early.day:
        return []
    series = late.state.series[key.series]
    window = window_of_the_living(series, holding)
    last_days = {series.period.until, series.period.until if window is None else window.until}
    ended = holding.lapses_on - ONE_DAY
    return [Cause(ended, None, LAPSE)] if ended in last_days else []


def _chain_of(name: str, before: Side, after: Side) -> set[str]:
    """The companies of a series, and the series of its chain: that it replaces, and that replace it."""
    found = set()
    for state in (before.state, after.state):
        if name in state.series:
            root = state.series[name].root
            for series in state.series.values():
                found |= {series.series, series.company} if series.root == root else set()
    return found


def _key(row: HoldingRow) -> HoldingKey:
    return HoldingKey(row.series, row.holder, row.inherited_from, row.transferred_from)
