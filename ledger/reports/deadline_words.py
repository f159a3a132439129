"""What a deadline is, in the words that people read: the same in a table, in a calendar and elsewhere."""

from ledger.reports.language import text


def what_of(kind: str) -> str:
    """What falls on the day."""
    return of_all_kinds()[kind]


def of_all_kinds() -> dict[str, str]:
    """What falls on the day, by kind."""
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
    }
