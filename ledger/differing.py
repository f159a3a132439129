"""What changed in a ledger between two days, or two states of knowledge."""

from dataclasses import dataclass
from datetime import date
from typing import Any

from ledger.answers import Answer
from ledger.domain.entries import Retraction
from ledger.domain.errors import RefusedError
from ledger.domain.timeline import up_to
from ledger.knowledge import Known
from ledger.projections.diff import Side, differences
from ledger.projections.report_rows import DifferenceRow


@dataclass(frozen=True)
class Difference:
    """The rows of what changed, and the two states between which it did.

    before, after: answers without rows, that say of which day and version each state is.
    """

    ledger: str
    before: Answer[DifferenceRow]
    after: Answer[DifferenceRow]
    rows: tuple[DifferenceRow, ...]

    def to_dict(self) -> dict[str, Any]:
        """Return the difference as one JSON document."""
        before, after = ({**side.head()} for side in (self.before, self.after))
        del before["ledger"], after["ledger"]
        rows = [row.to_dict() for row in self.rows]
        return {"ledger": self.ledger, "before": before, "after": after, "rows": rows}


def difference(
    before: tuple[Known, date], after: tuple[Known, date], *, series: str | None, holder: str | None
) -> Difference:
    """What changed from one state to the other, of one series, of one holder, or all.

    Raises `RefusedError` (`unknown-series`, `unknown-holder`) for one that is known on neither side.
    """
    rows = differences(_side(*before), _side(*after))
    try:
        of = after[0].answer(after[1], rows, series=series, holder=holder)
    except RefusedError:
        of = before[0].answer(before[1], rows, series=series, holder=holder)
    return Difference(after[0].ledger, before[0].answer(before[1], ()), after[0].answer(after[1], ()), of.rows)


def _side(known: Known, day: date) -> Side:
    entries = known.recorded[: known.version]
    return Side(
        day,
        known.state(day),
        {each.version: each for each in up_to(known.placed, day)},
        {each.entry.retracts: each.version for each in entries if isinstance(each.entry, Retraction)},
    )
