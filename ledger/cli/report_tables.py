"""The tables of reports that people read."""

from collections.abc import Sequence

from ledger.answers import Answer
from ledger.cli.tables import Table
from ledger.projections.report_rows import DeadlineRow
from ledger.reports.cells import holder_of
from ledger.reports.deadline_words import what_of


def deadlines_table(answer: Answer[DeadlineRow]) -> Table:
    """What falls on which day, and how much is at stake."""
    rows: list[Sequence[object]] = [
        (row.on, row.days_left, what_of(row.kind), row.series, holder_of(row), row.rights, row.shares) for row in answer
    ]
    return ("day", "days left", "what", "series", "holder", "rights", "shares"), rows
