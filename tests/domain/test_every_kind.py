"""Every kind of fact has its rules, its changes and its place in the order of a day (domain.md 3)."""

from typing import get_args

from ledger.domain.entries import KINDS, Fact, Retraction
from ledger.domain.evolve import CHANGES
from ledger.domain.judge import RULES
from ledger.domain.timeline import RANKS


def test_no_kind_is_forgotten() -> None:
    facts = set(get_args(Fact))
    assert set(RULES) == set(CHANGES) == set(RANKS) == facts
    assert set(KINDS.values()) == facts | {Retraction}
