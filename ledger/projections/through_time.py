"""The answers of every day: what each row is from which day on, found once for the life of a ledger."""

from bisect import bisect_right, insort
from collections.abc import Iterable, Iterator, Mapping, Sequence
from datetime import date
from typing import Final, Generic, TypeVar

from msgspec import Struct
from msgspec.structs import replace

from ledger.domain.evolve import evolve
from ledger.domain.spans import next_day
from ledger.domain.state import Holding, HoldingKey, Price, Series, State
from ledger.domain.timeline import Placed
from ledger.domain.windows import window_of
from ledger.projections.deadlines import AWAITED, of_holding, of_period, order_of
from ledger.projections.eligibility import eligibility
from ledger.projections.filings import LONGEST, filings
from ledger.projections.holdings import holdings
from ledger.projections.report_rows import DeadlineRow
from ledger.projections.rows import EligibilityRow, HoldingRow, SeriesRow, key_order
from ledger.projections.series import Sums, series_row, sums_of

RowT = TypeVar("RowT", HoldingRow, EligibilityRow, SeriesRow)

UNCOUNTED: Final = -1
"""Days left, of a deadline that is told for many days."""


class Change(Struct, Generic[RowT], frozen=True):
    """What a row is from a day on; None where there is no such row any more."""

    on: date
    row: RowT | None


class Lasting(Struct, frozen=True):
    """A deadline, and the days on which it is told; its days left are not counted. until: None for ever."""

    from_: date
    until: date | None
    row: DeadlineRow


class ThroughTime(Struct, frozen=True):
    """The answers of every day.

    days: on which any answer changes; between two of them none does, but for the days left of a deadline. holdings,
    eligibility, series: what each row is from which day on, in the order of the rows. deadlines: by their order.
    """

    days: Sequence[date]
    holdings: dict[HoldingKey, list[Change[HoldingRow]]]
    eligibility: dict[HoldingKey, list[Change[EligibilityRow]]]
    series: dict[str, list[Change[SeriesRow]]]
    deadlines: list[Lasting]

    def on(self, day: date) -> tuple[list[HoldingRow], list[EligibilityRow], list[SeriesRow]]:
        """The rows of a day."""
        return _rows(self.holdings, day), _rows(self.eligibility, day), _rows(self.series, day)

    def deadlines_on(self, day: date) -> list[DeadlineRow]:
        """The deadlines told on a day, with the days left."""
        told = [each.row for each in self.deadlines if each.from_ <= day and (each.until is None or day <= each.until)]
        return [replace(row, days_left=(row.on - day).days) for row in told]


class Step(Struct, frozen=True):
    """A day on which something may change.

    state: at its end, of the series whose rows may. changed: each of them with its holdings whose rows may. sums: of
    all holdings of each series. deadlines: of each of these holdings and series.
    """

    on: date
    state: State
    changed: dict[str, list[HoldingKey]]
    sums: dict[str, Sums]
    deadlines: dict[HoldingKey | str, list[DeadlineRow]]


def through_time(placed: Sequence[Placed]) -> ThroughTime:
    """Find the answers of every day of a timeline, folding it once."""
    found = _Found()
    for step in steps(placed):
        found.learn(step)
    return found.whole()


def change_days(placed: Sequence[Placed]) -> list[date]:
    """The days on which any answer may change: between two of them none does."""
    return [step.on for step in steps(placed)]


def steps(placed: Sequence[Placed]) -> Iterator[Step]:
    """Go through a timeline by the days on which something may change, of entries and of the calendar.

    The state belongs to the iteration: it is that of the day until the next is asked for.
    """
    state, calendar, before, at = State(), _Calendar(), 0, 0
    while at < len(placed) or calendar.days:
        day = min([*calendar.days[:1], *(each.on for each in placed[at : at + 1])])
        while at < len(placed) and placed[at].on == day:
            evolve(state, placed[at].entry, placed[at].version)
            at += 1
        yield calendar.turned_to(day, state, placed[before:at])
        before = at


class _Calendar:
    """What may change without an entry. days: still to come, ascending.

    Nothing is looked at again on a day on which it cannot be other: a ledger of many holders has many days.
    """

    def __init__(self) -> None:
        self.days: list[date] = []
        self._due: dict[date, set[HoldingKey | str]] = {}
        self._seen: dict[HoldingKey, Holding] = {}
        self._series: dict[str, tuple[Series, Price | None]] = {}
        self._counted: dict[HoldingKey, Sums] = {}
        self._sums: dict[str, Sums] = {}
        self._lately: list[Placed] = []
        self._lapsed: dict[str, dict[HoldingKey, Holding]] = {}

    def turned_to(self, day: date, state: State, placed: Sequence[Placed]) -> Step:
        """What may be other than the day before; and note what it makes come. placed: what takes effect that day."""
        due: set[HoldingKey | str] = set()
        if self.days and self.days[0] == day:
            due = self._due.pop(self.days.pop(0))
        self._lately = [each for each in self._lately if each.on >= day - LONGEST] + list(placed)
        state.exercises, state.acts = [], [act for act in state.acts if act[1].on >= day - LONGEST]
        changed = {}
        for name, series in state.series.items():
            keys = self._changed(state, series, due)
            if keys or name in due or self._series.get(name) != (series, state.prices.get(series.root)):
                changed[name] = keys
                self._series[name] = series, state.prices.get(series.root)
                self._count(state.holdings[name], name, keys, day)
        told = self._deadlines(state, changed, day)
        for name, keys in changed.items():
            for key in keys:
                self._note(key, _turns(state.series[name], state.holdings[name][key]), day)
            # What begins is told up to the day before, what ends or is due on its day, too.
            self._note(name, (turn for row in told[name] for turn in (row.on, next_day(row.on))), day)
        return Step(day, _part(state, changed), changed, {name: self._sums[name] for name in changed}, told)

    def _changed(self, state: State, series: Series, due: set[HoldingKey | str]) -> list[HoldingKey]:
        """Holdings of a series whose rows may be other: all of them, where what is the same for all is."""
        held, seen = state.holdings[series.series], self._series.get(series.series)
        if seen is None or _of_all(seen[0]) != _of_all(series):
            return list(held)
        return [key for key, each in held.items() if self._seen.get(key) is not each or key in due]

    def _count(self, held: Mapping[HoldingKey, Holding], name: str, keys: Iterable[HoldingKey], day: date) -> None:
        """Sum the holdings of a series, of which some may be other."""
        sums, lapsed = self._sums.get(name, Sums()), self._lapsed.setdefault(name, {})
        for key in keys:
            now = sums_of([held[key]], day)
            before = self._counted.get(key, Sums())
            sums = Sums(*(total - was + is_ for total, was, is_ in zip(sums, before, now, strict=True)))
            self._seen[key], self._counted[key] = held[key], now
            lapsed.pop(key, None)
            if now.lapsed:
                lapsed[key] = held[key]
        for key in [key for key, each in lapsed.items() if each.lapses_on < day - LONGEST]:
            del lapsed[key]
        self._sums[name] = sums

    def _deadlines(
        self, state: State, changed: Mapping[str, Sequence[HoldingKey]], day: date
    ) -> dict[HoldingKey | str, list[DeadlineRow]]:
        """The deadlines of holdings and of series."""
        told: dict[HoldingKey | str, list[DeadlineRow]] = {}
        for name, keys in changed.items():
            series, held = state.series[name], state.holdings[name]
            part = _part(state, [name])
            part.holdings = {name: self._lapsed[name]}
            lately = [each for each in self._lately if getattr(each.entry, "series", name) == name]
            filed = filings(part, lately, day, counted={name: self._sums[name].outstanding})
            rows = [*of_period(series, self._sums[name].outstanding, day), *filed]
            told[name] = [row for row in rows if row.on >= day]
            for key in keys:
                is_left = held[key].outstanding(day)
                rows = list(of_holding(series, key, held[key], day)) if is_left else []
                told[key] = [row for row in rows if row.on >= day or row.kind == AWAITED]
        return told

    def _note(self, what: HoldingKey | str, days: Iterable[date], after: date) -> None:
        for day in days:
            if day > after:
                if day not in self._due:
                    insort(self.days, day)
                self._due.setdefault(day, set()).add(what)


def _of_all(series: Series) -> Series:
    """What a series is to each of its holdings: without its counts."""
    return replace(series, allotted=0, received=0, company_holds=0, replaced_by=())


def _part(state: State, names: Iterable[str]) -> State:
    """The same state, of some series alone."""
    part = State()
    part.prices = state.prices
    part.series = {name: state.series[name] for name in names}
    part.holdings = {name: state.holdings[name] for name in part.series}
    part.acts = [act for act in state.acts if act[0].series in part.series]
    return part


def _turns(series: Series, holding: Holding) -> Iterator[date]:
    """The days on which the rows of a holding change by themselves."""
    yield holding.lapses_on
    window = window_of(series, holding)
    if window is not None:
        yield window.from_
        yield next_day(window.until)


class _Found:
    """What was found of the days until now."""

    def __init__(self) -> None:
        self._days: list[date] = []
        self._holdings: dict[HoldingKey, list[Change[HoldingRow]]] = {}
        self._eligibility: dict[HoldingKey, list[Change[EligibilityRow]]] = {}
        self._series: dict[str, list[Change[SeriesRow]]] = {}
        self._told: dict[HoldingKey | str, dict[tuple[DeadlineRow, int], date]] = {}
        self._over: list[Lasting] = []

    def learn(self, step: Step) -> None:
        """Take in what a day changes."""
        day, part = step.on, step.state
        rows = (series_row(part, part.series[name], sums) for name, sums in step.sums.items())
        is_new = [_put(self._series, row.series, day, row) for row in rows]
        is_new += [self._learn_deadlines(day, owner, told) for owner, told in step.deadlines.items()]
        part.holdings = {name: {key: part.holdings[name][key] for key in keys} for name, keys in step.changed.items()}
        is_new += [_put(self._holdings, _key(row), day, row) for row in holdings(part, day)]
        may = {_key(row): row for row in eligibility(part, day)}
        for held in part.holdings.values():
            is_new += [_put(self._eligibility, key, day, may.get(key)) for key in held]
        if any(is_new):
            self._days.append(day)

    def _learn_deadlines(self, day: date, owner: HoldingKey | str, rows: Iterable[DeadlineRow]) -> bool:
        told = self._told.get(owner, {})
        now: dict[tuple[DeadlineRow, int], date] = {}
        for row in rows:
            same, number = replace(row, days_left=UNCOUNTED, because=()), 0
            while (same, number) in now:
                number += 1
            now[same, number] = told.get((same, number), day)
        for (row, number), from_ in told.items():
            if (row, number) not in now:
                self._over.append(Lasting(from_, date.fromordinal(day.toordinal() - 1), row))
        if now or told:
            self._told[owner] = now
        return told.keys() != now.keys()

    def whole(self) -> ThroughTime:
        """All that was found, in the order of the rows."""
        still = [Lasting(from_, None, row) for told in self._told.values() for (row, _), from_ in told.items()]
        return ThroughTime(
            self._days,
            dict(sorted(self._holdings.items(), key=lambda each: key_order(each[0]))),
            dict(sorted(self._eligibility.items(), key=lambda each: key_order(each[0]))),
            dict(sorted(self._series.items())),
            sorted([*self._over, *still], key=lambda each: order_of(each.row)),
        )


def _key(row: HoldingRow | EligibilityRow) -> HoldingKey:
    return HoldingKey(row.series, row.holder, row.inherited_from, row.transferred_from)


KeyT = TypeVar("KeyT")


def _put(found: dict[KeyT, list[Change[RowT]]], key: KeyT, on: date, row: RowT | None) -> bool:
    """Note what a row is from a day on, where it is another than before; say whether it is."""
    changes = found.get(key)
    if row == (changes[-1].row if changes else None):
        return False
    found.setdefault(key, []).append(Change(on, row))
    return True


def _rows(found: dict[KeyT, list[Change[RowT]]], day: date) -> list[RowT]:
    last = (changes[: bisect_right(changes, day, key=lambda each: each.on)][-1:] for changes in found.values())
    return [change.row for changes in last for change in changes if change.row is not None]
