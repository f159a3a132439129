"""The rules that refuse an entry, in their order of precedence (contract.md, errors).

Each rule looks at the state that the entry finds: what was read earlier in the timeline.
"""

from collections.abc import Callable, Mapping
from typing import Any, Final

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


def judge(state: State, entry: Fact) -> None:
    """Refuse an entry that breaks a rule.

    state: what was read before it.

    Raises `RefusedError` with the code of the first rule broken, by the order of precedence.
    """
    RULES[type(entry)](state, entry)


def _judge_departure(state: State, entry: Departure) -> None:
    known_holder(state, entry.holder, entry.on)
    alive(state, entry.holder, entry.on, "leave office")


def _judge_death(state: State, entry: Death) -> None:
    known_holder(state, entry.holder, entry.on)
    alive(state, entry.holder, entry.on, "die again")


def _judge_appointment(state: State, entry: Appointment) -> None:
    alive(state, entry.holder, entry.on, "take office")


def _judge_adjustment(state: State, entry: Adjustment) -> None:
    living_series(state, entry.series, entry.on, "be adjusted")


RULES: Final[Mapping[type[Fact], Callable[[State, Any], None]]] = {
    Company: judge_company,
    Issue: judge_issue,
    Pricing: judge_pricing,
    Allotment: judge_allotment,
    Appointment: _judge_appointment,
    Departure: _judge_departure,
    Death: _judge_death,
    Inheritance: judge_inheritance,
    Exercise: judge_exercise,
    Waiver: judge_waiver,
    Transfer: judge_transfer,
    Split: judge_ratio,
    Consolidation: judge_ratio,
    Adjustment: _judge_adjustment,
    Acquisition: judge_acquisition,
    Cancellation: judge_cancellation,
    Restructuring: judge_restructuring,
}
"""The rules of every kind; found by the type, since asking one kind after the other costs more than most rules."""
