"""A ledger's whole life for a report: the answers of every day, every exercise, every entry."""

from collections.abc import Mapping, Sequence
from datetime import date
from fractions import Fraction

from msgspec import Struct

from ledger.domain.entries import Consolidation, Split
from ledger.knowledge import Known
from ledger.projections.exercises import exercises
from ledger.projections.rows import ExerciseRow, HistoryRow
from ledger.projections.through_time import ThroughTime, through_time


class ShareChange(Struct, frozen=True):
    """A split or a consolidation of the shares of a company, from its day on. ratio: new per old."""

    on: date
    company: str
    kind: str
    ratio: Fraction


class Life(Struct, frozen=True):
    """What a ledger knew at a version, of all days.

    version: the last that counts. root: of the tree over the entries up to it. through: the answers of every day.
    exercises: all, in the order of the answer. history: every entry, retracted ones included. companies: names by id.
    """

    ledger: str
    version: int
    root: str
    through: ThroughTime
    exercises: Sequence[ExerciseRow]
    history: Sequence[HistoryRow]
    companies: Mapping[str, str]
    share_changes: Sequence[ShareChange]


def life_of(known: Known, history: Sequence[HistoryRow]) -> Life:
    """The life of what a ledger knew. history: of the same version."""
    state = known.state()
    return Life(
        known.ledger,
        known.version,
        known.root,
        through_time(known.placed),
        exercises(state, date.max),
        history,
        {each.company: each.name for each in state.companies.values()},
        [
            ShareChange(
                each.on,
                each.entry.company,
                "split" if isinstance(each.entry, Split) else "consolidation",
                each.entry.ratio,
            )
            for each in known.placed
            if isinstance(each.entry, Split | Consolidation)
        ],
    )
