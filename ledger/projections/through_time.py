"""The answers of every day: what each row is from which day on, found once for the life of a ledger."""

from bisect import bisect_right, insort
from collections.abc import Iterable, Iterator, Sequence
from datetime import date
from typing import Final, Generic, TypeVar

from msgspec import Struct
from msgspec.structs import replace

from ledger.domain.evolve import evolve
from ledger.domain.spans import next_day
from ledger.domain.state import Holding, HoldingKey, Price, Series, State
from ledger.domain.timeline import Placed
from ledger.domain.windows import window_of
from ledger.projections.deadlines import deadlines
from ledger.projections.eligibility import eligibility
from ledger.projections.filings import LONGEST
from ledger.projections.holdings import holdings
from ledger.projections.report_rows import DeadlineRow
from ledger.projections.rows import EligibilityRow, HoldingRow, SeriesRow, key_order
from ledger.projections.series import series as series_rows

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

    state: at its end, of the series whose rows may. changed: each of them with its holdings whose rows may. deadlines:
    of each.
    """

    on: date
    state: State
    changed: dict[str, list[HoldingKey]]
    deadlines: dict[str, list[DeadlineRow]]


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
        calendar.lately = _since(calendar.lately, day) + list(placed[before:at])
        before = at
        yield calendar.turned_to(day, state)


class _Calendar:
    """What may change without an entry. days: still to come, ascending. lately: entries that may be to be filed."""

    def __init__(self) -> None:
        self.days: list[date] = []
        self.lately: list[Placed] = []
        self._due: dict[date, set[HoldingKey | str]] = {}
        self._seen: dict[HoldingKey, Holding] = {}
        self._series: dict[str, tuple[Series, Price | None]] = {}

    def turned_to(self, day: date, state: State) -> Step:
        """What may be other than the day before; and note what it makes come."""
        due: set[HoldingKey | str] = set()
        if self.days and self.days[0] == day:
            due = self._due.pop(self.days.pop(0))
        changed = {}
        for name, series in state.series.items():
            held, seen = state.holdings[name], self._series.get(name)
            now = series, state.prices.get(series.root)
            is_other = seen is None or seen[0] is not now[0] or seen[1] is not now[1]
            keys = [key for key, each in held.items() if is_other or key in due or self._seen.get(key) is not each]
            if is_other or keys or name in due:
                changed[name] = keys
                self._series[name] = now
                for key in keys:
                    self._seen[key] = held[key]
                    self._note(key, _turns(series, held[key]), day)
        state.exercises, state.acts = [], [act for act in state.acts if act[1].on >= day - LONGEST]
        told = {name: deadlines(_part(state, [name]), self._filed_of(name), day) for name in changed}
        for name, rows in told.items():
            # What begins is told up to the day before, what ends or is due on its day, too.
            self._note(name, (turn for row in rows for turn in (row.on, next_day(row.on))), day)
        return Step(day, _part(state, changed), changed, told)

    def _filed_of(self, series: str) -> list[Placed]:
        """Entries of a series, or of all, that may be to be filed."""
        return [each for each in self.lately if getattr(each.entry, "series", series) == series]

    def _note(self, what: HoldingKey | str, days: Iterable[date], after: date) -> None:
        for day in days:
            if day > after:
                if day not in self._due:
                    insort(self.days, day)
                self._due.setdefault(day, set()).add(what)


def _since(placed: Sequence[Placed], day: date) -> list[Placed]:
    return [each for each in placed if each.on >= day - LONGEST]


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
        self._told: dict[str, dict[tuple[DeadlineRow, int], date]] = {}
        self._over: list[Lasting] = []

    def learn(self, step: Step) -> None:
        """Take in what a day changes."""
        day, part = step.on, step.state
        is_new = [_put(self._series, row.series, day, row) for row in series_rows(part, day)]
        is_new += [self._learn_deadlines(day, name, rows) for name, rows in step.deadlines.items()]
        part.holdings = {name: {key: part.holdings[name][key] for key in keys} for name, keys in step.changed.items()}
        is_new += [_put(self._holdings, _key(row), day, row) for row in holdings(part, day)]
        told = {_key(row): row for row in eligibility(part, day)}
        for held in part.holdings.values():
            is_new += [_put(self._eligibility, key, day, told.get(key)) for key in held]
        if any(is_new):
            self._days.append(day)

    def _learn_deadlines(self, day: date, series: str, rows: Iterable[DeadlineRow]) -> bool:
        told = self._told.setdefault(series, {})
        now: dict[tuple[DeadlineRow, int], date] = {}
        for row in rows:
            same, number = replace(row, days_left=UNCOUNTED, because=()), 0
            while (same, number) in now:
                number += 1
            now[same, number] = told.get((same, number), day)
        for (row, number), from_ in told.items():
            if (row, number) not in now:
                self._over.append(Lasting(from_, date.fromordinal(day.toordinal() - 1), row))
        self._told[series] = now
        return told.keys() != now.keys()

    def whole(self) -> ThroughTime:
        """All that was found, in the order of the rows."""
        still = [Lasting(from_, None, row) for told in self._told.values() for (row, _), from_ in told.items()]
        return ThroughTime(
            self._days,
            dict(sorted(self._holdings.items(), key=lambda each: key_order(each[0]))),
            dict(sorted(self._eligibility.items(), key=lambda each: key_order(each[0]))),
            dict(sorted(self._series.items())),
            sorted([*self._over, *still], key=_order_of_deadlines),
        )


def _order_of_deadlines(each: Lasting) -> tuple[date, str, str, str, str, str]:
    row = each.row
    more = row.holder or "", row.inherited_from or "", row.transferred_from or ""
    return (row.on, row.kind, row.series, *more)


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
