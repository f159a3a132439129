"""What an entry must find: companies, series, holders and holdings known by then, and people alive (domain.md §3)."""

from datetime import date
from typing import NoReturn

from ledger.domain.errors import RefusedError
from ledger.domain.spelling import did_you_mean
from ledger.domain.state import Holding, HoldingKey, Series, State


def refuse(code: str, message: str) -> NoReturn:
    """Refuse an entry by a rule."""
    raise RefusedError(code, message)


def living_company(state: State, company: str, on: date, act: str) -> None:
    """Refuse (`unknown-company`) a company that is not known by then, or was dissolved."""
    known = state.companies.get(company)
    if known is None:
        hint = did_you_mean(company, state.companies)
        refuse(
            "unknown-company",
            f"company {company} is not known on {on}{hint}; it must be recorded for that day or before (domain.md 3)",
        )
    if known.dissolved_on is not None:
        refuse(
            "unknown-company",
            f"company {company} cannot {act} on {on}: it was dissolved by the merger of {known.dissolved_on} "
            f"(version {known.dissolved_by}; domain.md 3)",
        )


def known_series(state: State, series: str, on: date) -> Series:
    """Return a series that is known by then; refuse (`unknown-series`) any other."""
    known = state.series.get(series)
    if known is None:
        hint = did_you_mean(series, state.series)
        refuse(
            "unknown-series", f"series {series} is not known on {on}{hint}; it must be resolved by then (domain.md 3)"
        )
    return known


def living_series(state: State, series: str, on: date, act: str) -> Series:
    """A series that is known, of a company that has not been dissolved."""
    known = known_series(state, series, on)
    dissolved = state.companies[known.company]
    if dissolved.dissolved_on is not None:
        refuse(
            "unknown-company",
            f"series {series} cannot {act} on {on}: its company {known.company} was dissolved by the merger of "
            f"{dissolved.dissolved_on} (version {dissolved.dissolved_by}; domain.md 3)",
        )
    return known


def known_holder(state: State, holder: str, on: date) -> None:
    """Refuse (`unknown-holder`) an id that nobody bears by then."""
    if holder not in state.people:
        hint = did_you_mean(holder, state.people)
        refuse(
            "unknown-holder",
            f"{holder} is not known on {on}{hint}; a holder is known by an allotment, an appointment, an "
            "inheritance or a transfer effective by that day",
        )


def known_holding(state: State, key: HoldingKey, on: date) -> Holding:
    """Return a holding that is known by then; refuse (`unknown-holding`) any other."""
    holding = state.holding(key)
    if holding is None:
        refuse("unknown-holding", f"{name_of(key)} is not known on {on}{other_holdings(state, key)}")
    return holding


def name_of(key: HoldingKey) -> str:
    """A holding in words."""
    origin = ""
    if key.inherited_from is not None:
        origin += f" inherited from {key.inherited_from}"
    if key.transferred_from is not None:
        origin += f" received by transfer from {key.transferred_from}"
    return f"a holding of {key.holder} in series {key.series}{origin}"


def other_holdings(state: State, key: HoldingKey) -> str:
    """Words that name the holdings that somebody known does have."""
    known = [name_of(other) for other in state.people[key.holder].holdings]
    if not known:
        return f"; {key.holder} has none in any series (domain.md 6)"
    return f"; known: {', '.join(known)}; name it by series, `inherited_from` and `transferred_from` (contract.md)"


def alive(state: State, holder: str, on: date, act: str) -> None:
    """Refuse (`already-deceased`) whoever has died by then; nobody need be known."""
    known = state.people.get(holder)
    if known is not None and known.died_on is not None:
        refuse(
            "already-deceased",
            f"{holder} cannot {act} on {on}: died on {known.died_on} (version {known.died_by}; domain.md 3)",
        )


def whole_rights(rights: int, who: str, act: str, series: str, on: date) -> None:
    """Refuse (`not-whole-rights`) less than one right."""
    if rights < 1:
        refuse(
            "not-whole-rights",
            f"{who} cannot {act} {rights:,} rights of series {series} on {on}: a right is whole, at least 1 "
            "(item 11(1))",
        )
