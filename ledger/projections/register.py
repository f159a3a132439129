"""The register of stock acquisition rights (Companies Act 249(iii)): who holds which rights, and since when."""

from collections.abc import Iterator, Sequence
from datetime import date
from typing import Final, Literal

from ledger.domain.entries import Cancellation
from ledger.domain.reasons import Reason, said
from ledger.domain.shares import shares_for, why_shares_per_right
from ledger.domain.state import Act, HoldingKey, Series, State
from ledger.domain.timeline import Placed
from ledger.projections.holdings import acts_by_holding
from ledger.projections.report_rows import RegisterRow
from ledger.projections.rows import decimal, key_order

Order = Literal["series", "holder"]

ACQUIRED_BY: Final = {
    "item 15": "allotment",
    "item 11(3)": "inheritance",
    "item 7": "transfer",
    "item 9": "replacement",
}
"""How a holder came to his rights, by the item that says so of what he was allotted or received."""

NO_CERTIFICATES: Final = "not-issued"
"""Rights of this kind are registered, and have none."""


def register(
    state: State,
    placed: Sequence[Placed],
    as_of: date,
    *,
    by: Order = "series",
    company: str | None = None,
    why: bool = False,
) -> list[RegisterRow]:
    """Rows of all rights outstanding at the end of ``as_of``, those last that a company holds itself.

    state: folded up to that day, with its acts. placed: the timeline up to that day. Names and addresses of holders
    are not known here. company: whose rights; default: of all.
    """
    wanted = sorted(name for name in state.holdings if company in {None, state.series[name].company})
    acts = acts_by_holding(state)
    cancelled = [
        (each.entry.series, Act(each.version, each.on, "cancelled", each.entry.rights, "Companies Act 276"))
        for each in placed
        if isinstance(each.entry, Cancellation)
    ]
    rows = [row for name in wanted for row in _held(state, name, acts, as_of, why=why)]
    for name in wanted:
        series = state.series[name]
        is_there = state.companies[series.company].dissolved_on is None and as_of <= series.period.until
        if series.company_holds and is_there:
            rows.append(_held_by_company(state, series, acts, [act for of, act in cancelled if of == name], why=why))
    first = "holder" if by == "holder" else "series"
    rows.sort(key=lambda row: (row.holder is None and by == "holder", getattr(row, first) or "", row.holder is None))
    return rows


def _held(
    state: State, name: str, acts: dict[HoldingKey, list[Act]], as_of: date, *, why: bool
) -> Iterator[RegisterRow]:
    held = state.holdings[name]
    for key in sorted(held, key=key_order):
        rights = held[key].outstanding(as_of)
        if rights:
            came = [act for act in acts[key] if act.way in {"allotted", "received"}]
            yield _entered(state, key, rights, acts[key], came, ACQUIRED_BY[came[-1].item], why=why)


def _held_by_company(
    state: State, series: Series, acts: dict[HoldingKey, list[Act]], cancelled: Sequence[Act], *, why: bool
) -> RegisterRow:
    """What the company took back and has not cancelled; it cannot exercise it."""
    taken = [act for key in state.holdings[series.series] for act in acts[key] if act.way == "acquired"]
    key = HoldingKey(series.series, "")
    return _entered(state, key, series.company_holds, [*taken, *cancelled], taken, "acquisition", why=why)


def _entered(
    state: State,
    key: HoldingKey,
    rights: int,
    acts: Sequence[Act],
    came: Sequence[Act],
    acquired_by: str,
    *,
    why: bool,
) -> RegisterRow:
    """A row; of rights that the company itself holds, the key names no holder."""
    series = state.series[key.series]
    company = state.companies[series.company].name
    conditions = series.terms.conditions
    heir, after = conditions.inheritance, conditions.after_departure
    versions = {series.version, *(act.version for act in acts), *(step.version for step in series.steps)}
    says = _reasons(series, acts) if why else ()
    return RegisterRow(
        series.series,
        series.name,
        series.company,
        company,
        key.holder or None,
        key.inherited_from,
        key.transferred_from,
        name=None if key.holder else company,
        address=None,
        rights=rights,
        shares_per_right=series.shares_per_right,
        shares=shares_for(rights, series.shares_per_right),
        acquired_on=tuple(sorted({act.on for act in came})),
        acquired_by=acquired_by,
        certificates=NO_CERTIFICATES,
        exercise_price=decimal(series.exercise_price),
        exercise_from=series.period.from_,
        exercise_until=series.period.until,
        transfer=conditions.transfer,
        while_in_office=conditions.while_in_office,
        after_departure=None if after is None else str(after),
        heir_within=None if heir is None else str(heir.window),
        lump_sum=conditions.lump_sum,
        versions=tuple(sorted(versions)),
        because=says,
    )


def _reasons(series: Series, acts: Sequence[Act]) -> tuple[Reason, ...]:
    """Every entry that changed the count, the terms, and how the shares per right came about."""
    counts = (
        Reason(act.version, act.item, said("{way} {rights:,} on {on}", way=said(act.way), rights=act.rights, on=act.on))
        for act in acts
    )
    return (*counts, Reason(series.version, "items 1 to 14", said("the terms")), *why_shares_per_right(series))
