"""What a deadline is, and whose, in the words that people read: the same in a table, in a calendar and elsewhere."""

from ledger.projections.report_rows import DeadlineRow
from ledger.reports.language import text


def what_of(kind: str) -> str:
    """What falls on the day."""
    return {
        "window-closes": text("last day to exercise"),
        "window-opens": text("may be exercised from"),
        "heir-awaited": text("waits for an heir until"),
        "period-begins": text("exercise period begins"),
        "period-ends": text("exercise period ends"),
        "file-issue": text("file the issue"),
        "file-exercises": text("file the month's exercises"),
        "file-lapse": text("file the lapse"),
        "file-waiver": text("file the waiver"),
        "file-cancellation": text("file the cancellation"),
        "file-replacement": text("file the replacement"),
        "file-shares": text("file the shares per right"),
    }[kind]


def whose(row: DeadlineRow) -> str:
    """The holder, and where the holding came from; nothing where it is of a whole series."""
    if row.holder is None:
        return ""
    if row.inherited_from is not None:
        return text("{holder} (heir of {other})", holder=row.holder, other=row.inherited_from)
    if row.transferred_from is not None:
        return text("{holder} (from {other})", holder=row.holder, other=row.transferred_from)
    return row.holder
