"""What a restructuring does to the rights of a company (item 9; Companies Act 236(1)(viii))."""

from datetime import date

from msgspec.structs import replace

from ledger.domain.entries import Restructuring
from ledger.domain.shares import price_after
from ledger.domain.spans import Period
from ledger.domain.state import Act, Company, Holding, Series, State, Step
from ledger.domain.units import multiplied


def outstanding_in(state: State, series: str, on: date) -> int:
    """Rights of a series outstanding in all holdings on ``on``."""
    return sum(holding.outstanding(on) for holding in state.holdings[series].values())


def replaced_series(state: State, entry: Restructuring) -> dict[str, str]:
    """Series that are replaced, and the id of the series that replaces each.

    Those that the map names, or all of the company; a series with nothing outstanding gets no successor.
    """
    if not entry.delivery:
        return {}
    names = entry.series_map
    if names is None:
        own = (series.series for series in state.series.values() if series.company == entry.company)
        names = {series: f"{series}@{entry.successor}" for series in own}
    return {old: new for old, new in names.items() if outstanding_in(state, old, entry.on)}


def restructure(state: State, entry: Restructuring, version: int) -> None:
    """Replace, and in a merger extinguish, what is outstanding; the state is the caller's own."""
    if entry.successor is not None and entry.successor not in state.companies:
        name = entry.successor_name or entry.successor
        state.companies[entry.successor] = Company(entry.successor, name, version)
    for old, new in replaced_series(state, entry).items():
        _replace(state, entry, version, old, new)
    if entry.kind == "merger":
        _dissolve(state, entry, version)


def _replace(state: State, entry: Restructuring, version: int, old: str, new: str) -> None:
    """Replace each holding with rights outstanding by as many rights of the successor's series."""
    before = state.series[old]
    count = outstanding_in(state, old, entry.on)
    after = successor_series(before, entry, version, new, count)
    state.series[old] = replace(before, replaced_by=(*before.replaced_by, new))
    state.series[new] = after
    state.holdings[new] = {}
    for key, holding in list(state.holdings[old].items()):
        rights = holding.outstanding(entry.on)
        if not rights:
            continue
        given = replace(holding, left=0, replaced=holding.replaced + rights)
        state.changed(given, Act(version, entry.on, "replaced", rights, "item 9"))
        replacement = replacing_holding(after, holding, rights)
        state.changed(replacement, Act(version, entry.on, "received", rights, "item 9"))
        person = state.people[key.holder]
        state.people[key.holder] = replace(person, holdings=(*person.holdings, replacement.key))


def successor_series(before: Series, entry: Restructuring, version: int, new: str, count: int) -> Series:
    """The series that replaces ``before`` with ``count`` rights.

    Shares per right are the old number × the ratio, fraction dropped (item 9(3)); the price follows item 9(4); the
    period starts on the later of its start and the effective day (9(5)); all other terms are as before. Splits act on
    it from the effective day on, as if it had been allotted then.
    """
    step = Step(
        version=version,
        on=entry.on,
        relied_from=entry.on,
        kind="restructuring",
        ratio=entry.ratio,
        shares_per_right=multiplied(before.shares_per_right, entry.ratio),
        exercise_price=price_after(before, entry.ratio),
    )
    return replace(
        before,
        series=new,
        company=entry.successor,
        version=version,
        resolved_on=entry.on,
        allotment_date=entry.on,
        period=Period(max(before.period.from_, entry.on), before.period.until),
        max_rights=count,
        steps=(*before.steps, step),
        replaces=before.series,
        replaced_by=(),
        allotted=0,
        received=count,
        company_holds=0,
    )


def replacing_holding(series: Series, before: Holding, rights: int) -> Holding:
    """The holding that replaces ``rights`` of another.

    Departures, deaths and inheriting keep their days, windows already running their last day, and the period its end:
    so what is left lapses on the day on which it would have lapsed.
    """
    return Holding(
        key=replace(before.key, series=series.series),
        lapses_on=before.lapses_on,
        received=rights,
        left=rights,
        lost_on=before.lost_on,
        lost_by=before.lost_by,
        inherited_on=before.inherited_on,
        inherited_by=before.inherited_by,
        died_on=before.died_on,
        died_by=before.died_by,
    )


def _dissolve(state: State, entry: Restructuring, version: int) -> None:
    """A merger ends the company; rights of its series that were not replaced are extinguished."""
    company = state.companies[entry.company]
    state.companies[entry.company] = replace(company, dissolved_on=entry.on, dissolved_by=version)
    for series in state.series.values():
        if series.company != entry.company:
            continue
        for holding in list(state.holdings[series.series].values()):
            rights = holding.outstanding(entry.on)
            if rights:
                after = replace(holding, left=0, extinguished=holding.extinguished + rights)
                state.changed(after, Act(version, entry.on, "extinguished", rights, "item 9"))


def chain(state: State, series: str) -> tuple[str, ...]:
    """Every series of the chain that ``series`` belongs to, from the one first issued, breadth first (item 9)."""
    found = [state.series[series].root]
    for each in found:
        found.extend(state.series[each].replaced_by)
    return tuple(found)
