"""Every holding there ever was by a day, and where its rights went (domain.md §11)."""

from collections.abc import Sequence
from datetime import date

from ledger.domain.reasons import Reason, Reasons, Said, said
from ledger.domain.shares import shares_for, why_shares_per_right
from ledger.domain.state import Act, Holding, HoldingKey, Series, State
from ledger.domain.windows import standing
from ledger.projections.rows import HoldingRow, key_order


def holdings(state: State, as_of: date, *, why: bool = False) -> list[HoldingRow]:
    """Rows of all holdings at the end of ``as_of``, in the contract's order.

    state: folded up to that day. why: also say what each row rests on.
    """
    acts = acts_by_holding(state) if why else {}
    rows = []
    for name in sorted(state.holdings):
        series, held = state.series[name], state.holdings[name]
        steps = why_shares_per_right(series) if why else ()
        shares_per_right = series.shares_per_right
        for key in sorted(held, key=key_order):
            holding = held[key]
            outstanding = holding.outstanding(as_of)
            row = HoldingRow(
                key.series,
                key.holder,
                key.inherited_from,
                key.transferred_from,
                allotted=holding.allotted,
                received=holding.received,
                outstanding=outstanding,
                exercised=holding.exercised,
                lapsed=holding.left - outstanding,
                waived=holding.waived,
                acquired=holding.acquired,
                extinguished=holding.extinguished,
                replaced=holding.replaced,
                passed_on=holding.passed_on,
                shares_per_right=shares_per_right,
                shares=shares_for(outstanding, shares_per_right),
                because=(*_why_counts(acts[key], series, holding, as_of), *steps) if why else (),
            )
            rows.append(row)
    return rows


def acts_by_holding(state: State) -> dict[HoldingKey, list[Act]]:
    """What changed the counts of each holding, in the order in which it was read."""
    acts: dict[HoldingKey, list[Act]] = {}
    for key, act in state.acts:
        acts.setdefault(key, []).append(act)
    return acts


def _why_counts(acts: Sequence[Act], series: Series, holding: Holding, as_of: date) -> Reasons:
    """Every entry that changed a count of the holding, and why what is left has lapsed, if it has."""
    reasons = [Reason(act.version, act.item, _in_words(act)) for act in acts]
    if holding.lapsed(as_of):
        cause = standing(series, holding).because[0]
        says = said(
            "lapsed {rights:,} on {on}, no day being left ({item}: {cause})",
            rights=holding.left,
            on=holding.lapses_on,
            item=said(cause.item),
            cause=cause.says,
        )
        reasons.append(Reason(cause.version, "Companies Act 287", says))
    return tuple(reasons)


def _in_words(act: Act) -> Said:
    return said("{way} {rights:,} on {on}", way=said(act.way), rights=act.rights, on=act.on)
