"""The rules that refuse an entry, in their order of precedence (contract.md, errors).

Each rule looks at the state that the entry finds: what was read earlier in the timeline.
"""

from datetime import date
from typing import NoReturn, assert_never

from ledger.domain.entries import (
    Acquisition,
    Adjustment,
    Allotment,
    AnyEntry,
    Appointment,
    Cancellation,
    Company,
    Consolidation,
    Death,
    Departure,
    Exercise,
    Inheritance,
    Issue,
    Pricing,
    Restructuring,
    Retraction,
    Split,
    Transfer,
    Waiver,
)
from ledger.domain.errors import RefusedError
from ledger.domain.inheriting import inheritable_holdings, own_holdings
from ledger.domain.restructuring import replaced_series
from ledger.domain.shares import shares_for
from ledger.domain.spelling import did_you_mean
from ledger.domain.state import Holding, HoldingKey, Series, State
from ledger.domain.timeline import Place
from ledger.domain.windows import lapse_day, standing


def judge(state: State, place: Place, entry: AnyEntry) -> None:
    """Refuse an entry that breaks a rule.

    state: what was read before it. place: where it stands.

    Raises `RefusedError` with the code of the first rule broken, by the order of precedence.
    """
    match entry:
        case Exercise():
            _judge_exercise(state, entry)
        case Allotment():
            _judge_allotment(state, entry)
        case Departure() | Death():
            _known_holder(state, entry.holder, entry.on)
            _alive(state, entry.holder, entry.on, "leave office" if isinstance(entry, Departure) else "die again")
        case Appointment():
            _alive(state, entry.holder, entry.on, "take office")
        case Waiver():
            _judge_waiver(state, entry)
        case Transfer():
            _judge_transfer(state, entry)
        case Inheritance():
            _judge_inheritance(state, entry)
        case Split() | Consolidation():
            _judge_ratio(state, entry, place.on)
        case Adjustment():
            _living_series(state, entry.series, entry.on, "be adjusted")
        case Pricing():
            _judge_pricing(state, entry)
        case Acquisition():
            _judge_acquisition(state, entry)
        case Cancellation():
            _judge_cancellation(state, entry)
        case Issue():
            _judge_issue(state, entry)
        case Company():
            _judge_company(state, entry)
        case Restructuring():
            _judge_restructuring(state, entry)
        case Retraction():
            raise AssertionError("a retraction has no place in the timeline")
        case _:
            assert_never(entry)


def refuse(code: str, message: str) -> NoReturn:
    """Refuse an entry by a rule."""
    raise RefusedError(code, message)


# What must be known


def _living_company(state: State, company: str, on: date, act: str) -> None:
    known = state.companies.get(company)
    if known is None:
        hint = did_you_mean(company, state.companies)
        refuse("unknown-company", f"company {company} is not known on {on}{hint}; record it first (domain.md 3)")
    if known.dissolved_on is not None:
        refuse(
            "unknown-company",
            f"company {company} cannot {act} on {on}: it was dissolved by the merger of {known.dissolved_on} "
            f"(version {known.dissolved_by}; domain.md 3)",
        )


def _known_series(state: State, series: str, on: date) -> Series:
    known = state.series.get(series)
    if known is None:
        hint = did_you_mean(series, state.series)
        refuse(
            "unknown-series", f"series {series} is not known on {on}{hint}; it must be resolved by then (domain.md 3)"
        )
    return known


def _living_series(state: State, series: str, on: date, act: str) -> Series:
    """A series that is known, of a company that has not been dissolved."""
    known = state.series.get(series)
    if known is not None:
        dissolved = state.companies[known.company]
        if dissolved.dissolved_on is not None:
            refuse(
                "unknown-company",
                f"series {series} cannot {act} on {on}: its company {known.company} was dissolved by the merger of "
                f"{dissolved.dissolved_on} (version {dissolved.dissolved_by}; domain.md 3)",
            )
    return _known_series(state, series, on)


def _known_holder(state: State, holder: str, on: date) -> None:
    if holder not in state.people:
        hint = did_you_mean(holder, state.people)
        refuse(
            "unknown-holder",
            f"{holder} is not known on {on}{hint}; a holder is known by an allotment, an appointment, an inheritance or "
            "a transfer effective by that day",
        )


def _known_holding(state: State, key: HoldingKey, on: date) -> Holding:
    holding = state.holding(key)
    if holding is None:
        refuse("unknown-holding", f"{_name_of(key)} is not known on {on}{_other_holdings(state, key)}")
    return holding


def _name_of(key: HoldingKey) -> str:
    origin = ""
    if key.inherited_from is not None:
        origin += f" inherited from {key.inherited_from}"
    if key.transferred_from is not None:
        origin += f" received by transfer from {key.transferred_from}"
    return f"a holding of {key.holder} in series {key.series}{origin}"


def _other_holdings(state: State, key: HoldingKey) -> str:
    keys = state.people[key.holder].holdings if key.holder in state.people else ()
    known = [_name_of(other) for other in keys]
    return f"; known: {', '.join(known)}" if known else f"; {key.holder} has none in any series"


def _alive(state: State, holder: str, on: date, act: str) -> None:
    known = state.people.get(holder)
    if known is not None and known.died_on is not None:
        refuse(
            "already-deceased",
            f"{holder} cannot {act} on {on}: died on {known.died_on} (version {known.died_by}; domain.md 3)",
        )


def _whole_rights(rights: int, act: str, on: date) -> None:
    if rights < 1:
        refuse(
            "not-whole-rights", f"{rights:,} rights cannot be {act} on {on}: a right is whole, at least 1 (item 11(1))"
        )


# Companies and series


def _judge_company(state: State, entry: Company) -> None:
    known = state.companies.get(entry.company)
    if known is not None:
        refuse(
            "duplicate",
            f"company {entry.company} is known already on {entry.on} (version {known.version}); an id is given once",
        )


def _judge_issue(state: State, entry: Issue) -> None:
    _living_company(state, entry.terms.company, entry.on, "issue rights")
    known = state.series.get(entry.series)
    if known is not None:
        refuse(
            "duplicate",
            f"series {entry.series} was issued already on {known.resolved_on} (version {known.version}); "
            "a series is issued once (domain.md 5)",
        )


def _judge_pricing(state: State, entry: Pricing) -> None:
    root = _known_series(state, entry.series, entry.on).root
    priced = state.prices.get(root)
    if priced is not None:
        refuse(
            "duplicate",
            f"series {entry.series} cannot be priced on {entry.on}: it has the price of version {priced[0]}, fixed on "
            f"{priced[1].on}; a series and those that replace it have one (item 12)",
        )


def _judge_ratio(state: State, entry: Split | Consolidation, on: date) -> None:
    is_split = isinstance(entry, Split)
    _living_company(state, entry.company, on, "split its shares" if is_split else "consolidate its shares")
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


def _judge_restructuring(state: State, entry: Restructuring) -> None:
    _living_company(state, entry.company, entry.on, "be restructured")
    if entry.successor in state.companies:
        _living_company(state, entry.successor, entry.on, "be a successor")
    for series in entry.series_map or ():
        known = state.series.get(series)
        if known is None or known.company != entry.company:
            refuse("unknown-series", f"series {series} is not one of {entry.company} on {entry.on} (item 9)")
    given: set[str] = set()
    for old, new in replaced_series(state, entry).items():
        if new in state.series or new in given:
            refuse(
                "duplicate", f"series {old} cannot be replaced on {entry.on} by {new}, which exists already (item 9)"
            )
        given.add(new)


# Allotment


def _judge_allotment(state: State, entry: Allotment) -> None:
    series = _living_series(state, entry.series, entry.on, "be allotted")
    _whole_rights(entry.rights, "allotted", entry.on)
    due = series.terms.allotment_date
    if due is not None and entry.on != due:
        refuse(
            "wrong-allotment-date",
            f"series {entry.series} cannot be allotted to {entry.holder} on {entry.on}: the terms give {due} (item 13)",
        )
    positions = series.terms.conditions.positions
    if positions is not None and entry.position not in positions:
        refuse(
            "wrong-position",
            f"series {entry.series} cannot be allotted to {entry.holder} as {entry.position} on {entry.on}: the terms "
            f"name {', '.join(positions)} (item 11(2))",
        )
    free = series.max_rights - series.allotted - series.received
    if entry.rights > free:
        refuse(
            "over-maximum",
            f"{entry.rights:,} rights of series {entry.series} cannot be allotted to {entry.holder} on {entry.on}: "
            f"{free:,} of the maximum of {series.max_rights:,} are left (item 2)",
        )
    _alive(state, entry.holder, entry.on, "be allotted rights")


# Death and inheritance


def _judge_inheritance(state: State, entry: Inheritance) -> None:
    if entry.series is not None:
        _known_series(state, entry.series, entry.on)
    _known_holder(state, entry.holder, entry.on)
    deceased = state.people[entry.holder]
    if entry.series is not None and not any(key.series == entry.series for key in deceased.holdings):
        key = HoldingKey(entry.series, entry.holder)
        refuse("unknown-holding", f"{_name_of(key)} is not known on {entry.on}{_other_holdings(state, key)}")
    if deceased.died_on is None:
        refuse(
            "not-deceased",
            f"{entry.heir} cannot inherit from {entry.holder} on {entry.on}: no death is recorded by that day (item 11(3))",
        )
    taken = inheritable_holdings(state, entry)
    if not taken:
        _refuse_if_not_inheritable(state, entry)
    heir = state.people.get(entry.heir)
    if heir is not None and heir.died_on is not None:
        refuse(
            "heir-deceased",
            f"{entry.heir} cannot inherit from {entry.holder} on {entry.on}: died on {heir.died_on} "
            f"(version {heir.died_by}; item 11(3))",
        )
    if not taken:
        _refuse_nothing_left(state, entry)


def _series_left_behind(state: State, entry: Inheritance) -> set[str]:
    return {holding.key.series for holding in own_holdings(state, entry.holder, entry.series)}


def _refuse_if_not_inheritable(state: State, entry: Inheritance) -> None:
    series = _series_left_behind(state, entry)
    if series and all(state.series[each].terms.conditions.inheritance is None for each in series):
        refuse(
            "not-inheritable",
            f"{entry.heir} cannot inherit from {entry.holder} on {entry.on}: the terms of series "
            f"{', '.join(sorted(series))} let nothing pass on (item 11(3))",
        )


def _refuse_nothing_left(state: State, entry: Inheritance) -> NoReturn:
    series = _series_left_behind(state, entry)
    heirs = sorted(
        {key.holder for each in series for key in state.holdings[each] if key.inherited_from == entry.holder}
    )
    if heirs:
        refuse(
            "already-inherited",
            f"{entry.heir} cannot inherit from {entry.holder} on {entry.on}: {', '.join(heirs)} took the rights; only one "
            "heir may (item 11(3))",
        )
    refuse(
        "nothing-to-inherit",
        f"{entry.heir} cannot inherit from {entry.holder} on {entry.on}: nothing that {entry.holder} held is outstanding "
        "(item 11(3); inherited rights do not pass on again)",
    )


# What holders do


def _holding_of(state: State, entry: Exercise | Waiver | Transfer) -> Holding:
    """The holding that an entry acts on; refused where its series, its holder or itself is not known."""
    _known_series(state, entry.series, entry.on)
    _known_holder(state, entry.holder, entry.on)
    inherited_from = None if isinstance(entry, Transfer) else entry.inherited_from
    key = HoldingKey(entry.series, entry.holder, inherited_from, entry.transferred_from)
    return _known_holding(state, key, entry.on)


def _enough(state: State, holding: Holding, rights: int, on: date, act: str) -> None:
    outstanding = holding.outstanding(on)
    if rights > outstanding:
        lapsed = holding.lapsed(on)
        why = f"; {lapsed:,} lapsed on {holding.lapses_on} (Companies Act 287)" if lapsed else ""
        refuse(
            "insufficient-rights",
            f"{holding.key.holder} cannot {act} {rights:,} rights of series {holding.key.series} on {on}: "
            f"{outstanding:,} are outstanding{why}",
        )


def _judge_exercise(state: State, entry: Exercise) -> None:
    holding = _holding_of(state, entry)
    _whole_rights(entry.rights, "exercised", entry.on)
    _alive(state, entry.holder, entry.on, "exercise")
    series = state.series[entry.series]
    if entry.on not in series.period or not standing(series, holding).is_open_on(entry.on):
        _refuse_window(series, holding, entry.on)
    _enough(state, holding, entry.rights, entry.on, "exercise")
    if series.terms.conditions.lump_sum and entry.rights != holding.outstanding(entry.on):
        refuse(
            "lump-sum-only",
            f"{entry.holder} cannot exercise {entry.rights:,} rights of series {entry.series} on {entry.on}: the terms "
            f"want all {holding.outstanding(entry.on):,} of the holding at once (item 11)",
        )
    shares = shares_for(entry.rights, series.shares_per_right)
    if entry.treasury_shares > shares:
        refuse(
            "too-many-treasury-shares",
            f"{entry.treasury_shares:,} treasury shares cannot be delivered to {entry.holder} on {entry.on}: "
            f"{entry.rights:,} rights of series {entry.series} are {shares:,} shares (item 6)",
        )


def _refuse_window(series: Series, holding: Holding, on: date) -> NoReturn:
    stands = standing(series, holding)
    why = stands.because[0]
    if stands.window is not None:
        reason = f"the window {'was' if on > stands.window.until else 'is'} {stands.window}"
    elif stands.waits_for == "in-office":
        reason = "the window opens on the day after leaving"
    elif stands.waits_for == "awaiting-heir":
        reason = "only an heir may, once settled"
    else:
        reason = f"no day was left to exercise; they lapsed on {lapse_day(series, holding)}"
    refuse(
        "outside-exercise-window",
        f"{holding.key.holder} cannot exercise series {series.series} on {on}: {reason} "
        f"({why.item}: {why.says}; item 5: {series.period})",
    )


def _judge_waiver(state: State, entry: Waiver) -> None:
    holding = _holding_of(state, entry)
    _whole_rights(entry.rights, "waived", entry.on)
    _alive(state, entry.holder, entry.on, "waive")
    _enough(state, holding, entry.rights, entry.on, "waive")


def _judge_transfer(state: State, entry: Transfer) -> None:
    holding = _holding_of(state, entry)
    _whole_rights(entry.rights, "transferred", entry.on)
    _alive(state, entry.holder, entry.on, "transfer")
    _alive(state, entry.to, entry.on, "receive rights")
    transfer = state.series[entry.series].terms.conditions.transfer
    who = f"{entry.holder} cannot transfer series {entry.series} to {entry.to} on {entry.on}"
    if transfer == "prohibited":
        refuse("transfer-prohibited", f"{who}: the terms prohibit it (item 11(4))")
    if transfer == "board-approval" and entry.approved_on is None:
        refuse("approval-required", f"{who} without the board's approval (item 7): give its day, `approved_on`")
    if transfer == "board-approval" and entry.approved_on is not None and entry.approved_on > entry.on:
        refuse("approval-required", f"{who}: the board approved on {entry.approved_on}, later (item 7)")
    _enough(state, holding, entry.rights, entry.on, "transfer")


# What the company takes back


def _judge_acquisition(state: State, entry: Acquisition) -> None:
    series = _living_series(state, entry.series, entry.on, "be acquired")
    for holder in entry.holders or ():
        _known_holder(state, holder, entry.on)
    for holder in entry.holders or ():
        if not any(key.series == entry.series for key in state.people[holder].holdings):
            _known_holding(state, HoldingKey(entry.series, holder), entry.on)
    triggers = series.terms.acquisition_triggers
    if entry.approval.kind not in triggers:
        refuse(
            "not-acquirable",
            f"series {entry.series} cannot be acquired on {entry.on} upon approval of a {entry.approval.kind}: the terms "
            f"name {', '.join(triggers)} (item 8)",
        )
    if entry.on < entry.approval.on:
        refuse(
            "not-acquirable",
            f"series {entry.series} cannot be acquired on {entry.on}, before the approval of {entry.approval.on} (item 8)",
        )


def _judge_cancellation(state: State, entry: Cancellation) -> None:
    series = _living_series(state, entry.series, entry.on, "be cancelled")
    _whole_rights(entry.rights, "cancelled", entry.on)
    if entry.rights > series.company_holds:
        refuse(
            "insufficient-rights",
            f"{series.company} cannot cancel {entry.rights:,} rights of series {entry.series} on {entry.on}: it holds "
            f"{series.company_holds:,} (item 8)",
        )
