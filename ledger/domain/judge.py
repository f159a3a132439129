"""The rules that refuse an entry, in their order of precedence (contract.md, errors).

Each rule looks at the state that the entry finds: what was read earlier in the timeline.
"""

from typing import assert_never

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
from ledger.domain.judge_company import (
    judge_acquisition,
    judge_cancellation,
    judge_company,
    judge_issue,
    judge_pricing,
    judge_ratio,
    judge_restructuring,
)
from ledger.domain.judge_holder import judge_allotment, judge_exercise, judge_inheritance, judge_transfer, judge_waiver
from ledger.domain.known import alive, known_holder, living_series
from ledger.domain.state import State
from ledger.domain.timeline import Place


def judge(state: State, place: Place, entry: Fact) -> None:
    """Refuse an entry that breaks a rule.

    state: what was read before it. place: where it stands.

    Raises `RefusedError` with the code of the first rule broken, by the order of precedence.
    """
    match entry:
        case Exercise():
            judge_exercise(state, entry)
        case Allotment():
            judge_allotment(state, entry)
        case Departure() | Death():
            known_holder(state, entry.holder, entry.on)
            alive(state, entry.holder, entry.on, "leave office" if isinstance(entry, Departure) else "die again")
        case Appointment():
            alive(state, entry.holder, entry.on, "take office")
        case Waiver():
            judge_waiver(state, entry)
        case Transfer():
            judge_transfer(state, entry)
        case Inheritance():
            judge_inheritance(state, entry)
        case Split() | Consolidation():
            judge_ratio(state, entry, place.on)
        case Adjustment():
            living_series(state, entry.series, entry.on, "be adjusted")
        case Pricing():
            judge_pricing(state, entry)
        case Acquisition():
            judge_acquisition(state, entry)
        case Cancellation():
            judge_cancellation(state, entry)
        case Issue():
            judge_issue(state, entry)
        case Company():
            judge_company(state, entry)
        case Restructuring():
            judge_restructuring(state, entry)
        case _:
            assert_never(entry)
