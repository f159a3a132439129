"""What a company may do: issue, price and adjust rights, be restructured, take rights back (items 3, 8, 9, 12)."""

from ledger.domain.entries import (
    Acquisition,
    Cancellation,
    Company,
    Consolidation,
    Issue,
    Pricing,
    Restructuring,
    Split,
)
from ledger.domain.known import (
    known_holder,
    known_holding,
    known_series,
    living_company,
    living_series,
    refuse,
    whole_rights,
)
from ledger.domain.restructuring import replaced_series
from ledger.domain.state import HoldingKey, State
from ledger.domain.strict_json import MAX_NAME, malformed


def judge_company(state: State, entry: Company) -> None:
    """A company is recorded once; its id is not given again, not even after a merger (domain.md §3)."""
    known = state.companies.get(entry.company)
    if known is not None:
        refuse(
            "duplicate",
            f"company {entry.company} is known already on {entry.on} (version {known.version}); an id is given once",
        )


def judge_issue(state: State, entry: Issue) -> None:
    """A series is issued once, by a company that is known and has not been dissolved (domain.md §5)."""
    living_company(state, entry.terms.company, entry.on, "issue rights")
    known = state.series.get(entry.series)
    if known is not None:
        refuse(
            "duplicate",
            f"series {entry.series} was issued already on {known.resolved_on} (version {known.version}); "
            "a series is issued once (domain.md 5)",
        )


def judge_pricing(state: State, entry: Pricing) -> None:
    """A series and those that replace it have one price (domain.md §5)."""
    root = known_series(state, entry.series, entry.on).root
    priced = state.prices.get(root)
    if priced is not None:
        refuse(
            "duplicate",
            f"series {entry.series} cannot be priced on {entry.on}: it has the price of version {priced.version}, "
            f"fixed on {priced.on}; a series and those that replace it have one (item 12)",
        )


def judge_ratio(state: State, entry: Split | Consolidation) -> None:
    """A split gives more shares than before, a consolidation fewer (item 3)."""
    is_split, on = isinstance(entry, Split), entry.on
    living_company(state, entry.company, on, "split its shares" if is_split else "consolidate its shares")
    if is_split and entry.ratio <= 1:
        refuse(
            "bad-ratio",
            f"{entry.company} cannot split its shares {entry.ratio} on {on}: new shares per old share must be above 1 "
            "(item 3); below 1 it is a consolidation",
        )
    if not is_split and entry.ratio >= 1:
        refuse(
            "bad-ratio",
            f"{entry.company} cannot consolidate its shares {entry.ratio} on {on}: new shares per old share must be "
            "below 1 (item 3); above 1 it is a split",
        )


def judge_restructuring(state: State, entry: Restructuring) -> None:
    """A known company restructures its own series; what replaces them is new (item 9)."""
    living_company(state, entry.company, entry.on, "be restructured")
    if entry.successor in state.companies:
        living_company(state, entry.successor, entry.on, "be a successor")
    for series in entry.series_map or ():
        known = state.series.get(series)
        if known is None or known.company != entry.company:
            refuse("unknown-series", f"series {series} is not one of {entry.company} on {entry.on} (item 9)")
    given: set[str] = set()
    for old, new in replaced_series(state, entry).items():
        if len(new) > MAX_NAME:
            malformed(f"series {old} would be replaced by one whose id has {len(new)} characters; give a `series_map`")
        if new in state.series or new in given:
            why = "which exists already" if new in state.series else "which replaces another series as well"
            refuse("duplicate", f"series {old} cannot be replaced on {entry.on} by {new}, {why} (item 9)")
        given.add(new)


def judge_acquisition(state: State, entry: Acquisition) -> None:
    """The company takes rights back on or after an approval of a kind that the terms name (item 8)."""
    series = living_series(state, entry.series, entry.on, "be acquired")
    for holder in entry.holders or ():
        known_holder(state, holder, entry.on)
    for holder in entry.holders or ():
        if not any(key.series == entry.series for key in state.people[holder].holdings):
            known_holding(state, HoldingKey(entry.series, holder), entry.on)
    triggers = series.terms.acquisition_triggers
    if entry.approval.kind not in triggers:
        refuse(
            "not-acquirable",
            f"series {entry.series} cannot be acquired on {entry.on} upon approval of the kind "
            f"{entry.approval.kind}: the terms name {', '.join(triggers)} (item 8)",
        )
    if entry.on < entry.approval.on:
        refuse(
            "not-acquirable",
            f"series {entry.series} cannot be acquired on {entry.on}, before the approval: from "
            f"{entry.approval.on} on it could be (item 8)",
        )


def judge_cancellation(state: State, entry: Cancellation) -> None:
    """The company cancels no more than it holds (item 8)."""
    series = living_series(state, entry.series, entry.on, "be cancelled")
    whole_rights(entry.rights, series.company, "cancel", entry.series, entry.on)
    if entry.rights > series.company_holds:
        refuse(
            "insufficient-rights",
            f"{series.company} cannot cancel {entry.rights:,} rights of series {entry.series} on {entry.on}: it holds "
            f"{series.company_holds:,} (item 8)",
        )
