"""What holders and their heirs may do: receive, exercise, waive, transfer and inherit rights (items 7, 11, 13)."""

from datetime import date
from typing import NoReturn

from ledger.domain.entries import Allotment, Exercise, Inheritance, Transfer, Waiver
from ledger.domain.inheriting import inheritable_holdings, own_holdings
from ledger.domain.known import (
    alive,
    known_holder,
    known_holding,
    known_series,
    living_series,
    name_of,
    other_holdings,
    refuse,
    whole_rights,
)
from ledger.domain.shares import shares_for
from ledger.domain.state import Holding, HoldingKey, Series, State
from ledger.domain.windows import standing, window_of


def judge_allotment(state: State, entry: Allotment) -> None:
    """Whole rights, on the allotment date, in a position that the terms name, up to the maximum (items 2, 11, 13)."""
    series = living_series(state, entry.series, entry.on, "be allotted")
    whole_rights(entry.rights, entry.holder, "be allotted", entry.series, entry.on)
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
    alive(state, entry.holder, entry.on, "be allotted rights")


def judge_inheritance(state: State, entry: Inheritance) -> None:
    """One living heir takes what a deceased holder left outstanding, where the terms let it pass on (item 11(3))."""
    if entry.series is not None:
        known_series(state, entry.series, entry.on)
    known_holder(state, entry.holder, entry.on)
    deceased = state.people[entry.holder]
    if entry.series is not None and not any(key.series == entry.series for key in deceased.holdings):
        key = HoldingKey(entry.series, entry.holder)
        refuse("unknown-holding", f"{name_of(key)} is not known on {entry.on}{other_holdings(state, key)}")
    if deceased.died_on is None:
        refuse(
            "not-deceased",
            f"{entry.heir} cannot inherit from {entry.holder} on {entry.on}: no death is recorded by that day "
            "(item 11(3))",
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
        f"{key.holder} took the rights on {holding.inherited_on} (version {holding.inherited_by})"
        for each in series
        for key, holding in state.holdings[each].items()
        if key.inherited_from == entry.holder
    )
    if heirs:
        refuse(
            "already-inherited",
            f"{entry.heir} cannot inherit from {entry.holder} on {entry.on}: {heirs[0]}; "
            "only one heir may (item 11(3))",
        )
    refuse(
        "nothing-to-inherit",
        f"{entry.heir} cannot inherit from {entry.holder} on {entry.on}: nothing that {entry.holder} held is "
        "outstanding (item 11(3); inherited rights do not pass on again)",
    )


def _holding_of(state: State, entry: Exercise | Waiver | Transfer, inherited_from: str | None) -> Holding:
    """The holding that an entry acts on; refused where its series, its holder or itself is not known."""
    known_series(state, entry.series, entry.on)
    known_holder(state, entry.holder, entry.on)
    return known_holding(
        state, HoldingKey(entry.series, entry.holder, inherited_from, entry.transferred_from), entry.on
    )


def _enough(holding: Holding, rights: int, on: date, act: str) -> None:
    outstanding = holding.outstanding(on)
    if rights > outstanding:
        refuse(
            "insufficient-rights",
            f"{holding.key.holder} cannot {act} {rights:,} rights of series {holding.key.series} on {on}: "
            f"{outstanding:,} are outstanding{_where_the_others_went(holding, on)} (domain.md 11)",
        )


def _where_the_others_went(holding: Holding, on: date) -> str:
    ways = ("exercised", "waived", "acquired", "extinguished", "replaced", "passed_on")
    went = [f"{getattr(holding, way):,} {way.replace('_', ' ')}" for way in ways if getattr(holding, way)]
    if holding.lapsed(on):
        went.append(f"{holding.left:,} lapsed on {holding.lapses_on} (Companies Act 287)")
    return f" of {holding.allotted + holding.received:,}: {', '.join(went)}" if went else ""


def judge_exercise(state: State, entry: Exercise) -> None:
    """Whole rights inside the window, no more than are outstanding, all of them under a lump sum (items 5, 6, 11)."""
    holding = _holding_of(state, entry, entry.inherited_from)
    whole_rights(entry.rights, entry.holder, "exercise", entry.series, entry.on)
    alive(state, entry.holder, entry.on, "exercise")
    series = state.series[entry.series]
    window = window_of(series, holding)
    if window is None or entry.on not in window:
        _refuse_window(series, holding, entry.on)
    _enough(holding, entry.rights, entry.on, "exercise")
    if series.terms.conditions.lump_sum and entry.rights != holding.outstanding(entry.on):
        refuse(
            "lump-sum-only",
            f"{entry.holder} cannot exercise {entry.rights:,} rights of series {entry.series} on {entry.on}: the terms "
            f"want all {holding.outstanding(entry.on):,} of the holding at once (terms: `lump_sum`)",
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
    elif on > series.period.until:
        reason = f"the exercise period is over; the rights lapsed on {holding.lapses_on}"
    elif stands.waits_for == "in-office":
        reason = "the window opens on the day after leaving"
    else:
        reason = f"no day was left to exercise; they lapsed on {holding.lapses_on}"
    refuse(
        "outside-exercise-window",
        f"{holding.key.holder} cannot exercise series {series.series} on {on}: {reason} "
        f"({why.item}: {why.says}; item 5: {series.period})",
    )


def judge_waiver(state: State, entry: Waiver) -> None:
    """A living holder gives up rights that are outstanding."""
    holding = _holding_of(state, entry, entry.inherited_from)
    whole_rights(entry.rights, entry.holder, "waive", entry.series, entry.on)
    alive(state, entry.holder, entry.on, "waive")
    _enough(holding, entry.rights, entry.on, "waive")


def judge_transfer(state: State, entry: Transfer) -> None:
    """A living holder passes outstanding rights on to a living one, as the terms allow (items 7, 11(4))."""
    holding = _holding_of(state, entry, None)
    whole_rights(entry.rights, entry.holder, "transfer", entry.series, entry.on)
    alive(state, entry.holder, entry.on, "transfer")
    alive(state, entry.to, entry.on, "receive rights")
    transfer = state.series[entry.series].terms.conditions.transfer
    who = f"{entry.holder} cannot transfer series {entry.series} to {entry.to} on {entry.on}"
    if transfer == "prohibited":
        refuse("transfer-prohibited", f"{who}: the terms prohibit it (item 11(4))")
    if transfer == "board-approval" and entry.approved_on is None:
        refuse("approval-required", f"{who} without the board's approval: give its day, `approved_on` (item 7)")
    if transfer == "board-approval" and entry.approved_on is not None and entry.approved_on > entry.on:
        refuse(
            "approval-required",
            f"{who}: the board approved later, on {entry.approved_on}; on or before {entry.on} it would do (item 7)",
        )
    _enough(holding, entry.rights, entry.on, "transfer")
