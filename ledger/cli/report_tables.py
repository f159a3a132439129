"""The tables of reports that people read."""

from collections.abc import Sequence

from ledger.answers import Answer
from ledger.cli.tables import Table, holder_of
from ledger.projections.report_rows import DeadlineRow

WHAT = {
    "window-closes": "last day to exercise",
    "window-opens": "may be exercised from",
    "heir-awaited": "waits for an heir until",
    "period-ends": "exercise period ends",
    "file-exercises": "file the month's exercises",
    "file-lapse": "file the lapse",
}


def deadlines_table(answer: Answer[DeadlineRow]) -> Table:
    """What falls on which day, and how much is at stake."""
    rows: list[Sequence[object]] = [
        (
            row.on,
            row.days_left,
            WHAT[row.kind],
            row.series,
            "" if row.holder is None else holder_of(row),
            row.rights,
            row.shares,
        )
        for row in answer
    ]
    return ("day", "days left", "what", "series", "holder", "rights", "shares"), rows
