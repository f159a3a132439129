"""What an entry changes, once it counts. It never refuses: that is for ``judge``, before."""

from collections.abc import Callable, Iterable, Mapping
from datetime import date
from typing import Any, Final

from msgspec.structs import replace

from ledger.domain.capital import price_of
from ledger.domain.entries import (
    Acquisition,
    Adjustment,
    Allotment,
    Appointment,
    Cancellation,
    Company,
    Consolidation,
    Death,
    Departure,
    Exercise,
    Fact,
    Inheritance,
    Issue,
    Pricing,
    Restructuring,
    Split,
    Transfer,
    Waiver,
)
from ledger.domain.inheriting import inheritable_holdings
from ledger.domain.restructuring import restructure
from ledger.domain.shares import with_adjustment, with_ratio
from ledger.domain.state import Act, Exercised, Holding, HoldingKey, Person, Series, State, Step
from ledger.domain.state import Company as KnownCompany
from ledger.domain.timeline import Placed
from ledger.domain.units import exact
from ledger.domain.windows import lapse_day

NO_POSITIONS: frozenset[str] = frozenset()


def fold(placed: Iterable[Placed], state: State | None = None) -> State:
    """Read a timeline in order and return what is known at its end.

    state: where to start; it is the fold's own from then on. Without it, from nothing.
    """
    state = State() if state is None else state
    for each in placed:
        entry = each.entry
        CHANGES[type(entry)](state, entry, each.version)
    return state


def evolve(state: State, entry: Fact, version: int) -> None:
    """Take one entry into a state that belongs to the caller's fold."""
    CHANGES[type(entry)](state, entry, version)


def person(state: State, holder: str) -> Person:
    """The person known by an id, or one nothing is known of yet."""
    return state.people.get(holder) or Person(holder)


def _become_known(state: State, entry: Company, version: int) -> None:
    state.companies[entry.company] = KnownCompany(entry.company, entry.name, version)


def _issue(state: State, entry: Issue, version: int) -> None:
    state.series[entry.series] = _issued(entry, version)
    state.holdings[entry.series] = {}


def _price(state: State, entry: Pricing, version: int) -> None:
    series = state.series[entry.series]
    state.prices[series.root] = price_of(entry, version, series)


def _change_shares(state: State, entry: Split | Consolidation, version: int) -> None:
    for name, series in state.series.items():
        if series.company == entry.company:
            state.series[name] = with_ratio(series, entry, version)


def _adjust(state: State, entry: Adjustment, version: int) -> None:
    state.series[entry.series] = with_adjustment(state.series[entry.series], entry, version)


def _take_office(state: State, entry: Appointment, _version: int) -> None:
    taker = person(state, entry.holder)
    _hold_positions(state, taker, taker.positions | {entry.position}, entry.on)


def _leave_office(state: State, entry: Departure, version: int) -> None:
    leaver = replace(state.people[entry.holder], departed_by=version)
    left = NO_POSITIONS if entry.position is None else leaver.positions - {entry.position}
    _hold_positions(state, leaver, left, entry.on)


def _put(state: State, holding: Holding) -> None:
    state.holdings[holding.key.series][holding.key] = holding


def _add(state: State, holding: Holding, act: Act) -> None:
    """Put a new holding in, and let its holder be known by it."""
    owner = person(state, holding.key.holder)
    state.people[owner.holder] = replace(owner, holdings=(*owner.holdings, holding.key))
    state.changed(holding, act)


def _issued(entry: Issue, version: int) -> Series:
    terms = entry.terms
    price = exact(terms.exercise_price)
    return Series(
        series=entry.series,
        company=terms.company,
        name=terms.name or entry.series,
        terms=terms,
        version=version,
        resolved_on=entry.on,
        allotment_date=terms.allotment_date or entry.on,
        period=terms.exercise_period,
        max_rights=terms.max_rights,
        steps=(Step(version, entry.on, entry.on, "issue", None, terms.shares_per_right, price),),
        root=entry.series,
    )


def _allot(state: State, entry: Allotment, version: int) -> None:
    series = state.series[entry.series]
    state.series[entry.series] = replace(series, allotted=series.allotted + entry.rights)
    # The ids as they are known already: those of the entry are other strings, and there are many holdings.
    key = HoldingKey(series.series, person(state, entry.holder).holder)
    act = Act(version, entry.on, "allotted", entry.rights, "item 15")
    owner = person(state, entry.holder)
    holding = state.holdings[entry.series].get(key)
    if holding is None:
        owner = replace(owner, holdings=(*owner.holdings, key))
        state.changed(Holding(key, lapse_day(series), entry.rights, 0, entry.rights), act)
    else:
        rights = holding.allotted + entry.rights
        state.changed(replace(holding, allotted=rights, left=holding.left + entry.rights), act)
    if entry.position in owner.positions and owner.changed_on != entry.on:  # as most are
        state.people[owner.holder] = owner
    else:
        _hold_positions(state, owner, owner.positions | {entry.position}, entry.on)


def _hold_positions(state: State, before: Person, positions: frozenset[str], on: date) -> None:
    """Let somebody hold these positions from now on, and see which holdings that day is the day L of (item 11(2)).

    What counts is the end of the day against its beginning, so a change later on the same day may undo the loss. Who
    begins a day with what he ends it with has lost nothing: most allotments are to people in office.
    """
    if positions == before.positions and before.changed_on != on:
        state.people[before.holder] = before
        return
    began_with = before.began_with if before.changed_on == on else before.positions
    state.people[before.holder] = replace(before, positions=positions, changed_on=on, began_with=began_with)
    for key in before.holdings:
        holding = state.holdings[key.series][key]
        if key.inherited_from or key.transferred_from or holding.lost_on not in {None, on}:
            continue
        series = state.series[key.series]
        lost = is_lost(series, began_with, positions)
        if lost or holding.lost_on is not None:
            lost_on, lost_by = (on, before.departed_by) if lost else (None, None)
            lapses_on = lapse_day(series, lost_on=lost_on, died_on=holding.died_on)
            _put(state, replace(holding, lapses_on=lapses_on, lost_on=lost_on, lost_by=lost_by))


def is_lost(series: Series, began_with: frozenset[str], positions: frozenset[str]) -> bool:
    """Whether a holder who began a day with some positions and ends it with others has lost office by the terms.

    ``all``: none that counts is left. ``any``: one that counts is gone. Only positions that the terms name count, where
    they name any.
    """
    counting = series.terms.conditions.positions
    gone = began_with - positions
    if series.terms.conditions.departure == "any":
        return bool(gone if counting is None else gone.intersection(counting))
    return not (positions if counting is None else positions.intersection(counting))


def _exercise(state: State, entry: Exercise, version: int) -> None:
    key = HoldingKey(entry.series, entry.holder, entry.inherited_from, entry.transferred_from)
    holding = state.holdings[key.series][key]
    after = replace(holding, left=holding.left - entry.rights, exercised=holding.exercised + entry.rights)
    state.changed(after, Act(version, entry.on, "exercised", entry.rights, "items 4, 5"))
    if state.keeps_acts:
        state.exercises.append(Exercised(version, key, entry, state.series[entry.series]))


def _waive(state: State, entry: Waiver, version: int) -> None:
    key = HoldingKey(entry.series, entry.holder, entry.inherited_from, entry.transferred_from)
    holding = state.holdings[key.series][key]
    after = replace(holding, left=holding.left - entry.rights, waived=holding.waived + entry.rights)
    state.changed(after, Act(version, entry.on, "waived", entry.rights, "domain.md 8"))


def _transfer(state: State, entry: Transfer, version: int) -> None:
    given = state.holdings[entry.series][HoldingKey(entry.series, entry.holder, None, entry.transferred_from)]
    after = replace(given, left=given.left - entry.rights, passed_on=given.passed_on + entry.rights)
    state.changed(after, Act(version, entry.on, "passed on", entry.rights, "item 7"))
    key = HoldingKey(entry.series, entry.to, None, entry.holder)
    act = Act(version, entry.on, "received", entry.rights, "item 7")
    holding = state.holding(key)
    if holding is None:
        lapses_on = lapse_day(state.series[key.series])
        _add(state, Holding(key, lapses_on, received=entry.rights, left=entry.rights), act)
    else:
        rights = holding.received + entry.rights
        state.changed(replace(holding, received=rights, left=holding.left + entry.rights), act)


def _die(state: State, entry: Death, version: int) -> None:
    dead = replace(state.people[entry.holder], died_on=entry.on, died_by=version)
    state.people[entry.holder] = dead
    for key in dead.holdings:
        holding = state.holdings[key.series][key]
        lost_on, inherited_on = holding.lost_on, holding.inherited_on
        lapses_on = lapse_day(state.series[key.series], lost_on=lost_on, inherited_on=inherited_on, died_on=entry.on)
        _put(state, replace(holding, lapses_on=lapses_on, died_on=entry.on, died_by=version))


def _inherit(state: State, entry: Inheritance, version: int) -> None:
    """Pass what the deceased held in each series on to the heir, as one holding a series (item 11(3))."""
    taken: dict[str, int] = {}
    for holding in inheritable_holdings(state, entry):
        rights = holding.left
        taken[holding.key.series] = taken.get(holding.key.series, 0) + rights
        after = replace(holding, left=0, passed_on=holding.passed_on + rights)
        state.changed(after, Act(version, entry.on, "passed on", rights, "item 11(3)"))
    for series, rights in taken.items():
        key = HoldingKey(series, entry.heir, entry.holder)
        lapses_on = lapse_day(state.series[series], inherited_on=entry.on)
        new = Holding(key, lapses_on, received=rights, left=rights, inherited_on=entry.on, inherited_by=version)
        _add(state, new, Act(version, entry.on, "received", rights, "item 11(3)"))


def _acquire(state: State, entry: Acquisition, version: int) -> None:
    """Pass what is outstanding, of the holders named or of all, to the company (item 8)."""
    taken = 0
    for key, holding in list(state.holdings[entry.series].items()):
        rights = holding.outstanding(entry.on)
        if rights and (entry.holders is None or key.holder in entry.holders):
            taken += rights
            after = replace(holding, left=0, acquired=holding.acquired + rights)
            state.changed(after, Act(version, entry.on, "acquired", rights, "item 8"))
    series = state.series[entry.series]
    state.series[entry.series] = replace(series, company_holds=series.company_holds + taken)


def _cancel(state: State, entry: Cancellation, _version: int) -> None:
    series = state.series[entry.series]
    state.series[entry.series] = replace(series, company_holds=series.company_holds - entry.rights)


CHANGES: Final[Mapping[type[Fact], Callable[[State, Any, int], None]]] = {
    Company: _become_known,
    Issue: _issue,
    Pricing: _price,
    Allotment: _allot,
    Appointment: _take_office,
    Departure: _leave_office,
    Death: _die,
    Inheritance: _inherit,
    Exercise: _exercise,
    Waiver: _waive,
    Transfer: _transfer,
    Split: _change_shares,
    Consolidation: _change_shares,
    Adjustment: _adjust,
    Acquisition: _acquire,
    Cancellation: _cancel,
    Restructuring: restructure,
}
"""What every kind changes: state, entry and its version."""
