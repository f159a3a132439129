"""`rights deadlines --ics`: the deadlines as a file for calendar programs."""

from collections.abc import Callable
from functools import wraps
from pathlib import Path
from typing import Annotated, Any, Final, cast

import typer

from ledger.answers import Answer
from ledger.book import Book
from ledger.cli import options
from ledger.cli.render import tell
from ledger.domain.strict_json import malformed
from ledger.projections.report_rows import DeadlineRow
from ledger.reports.language import spoken, text

_BEGINS: Final = (b"BEGIN:VCALENDAR",)

Ics = Annotated[
    Path | None,
    typer.Option(
        "--ics",
        metavar="FILE",
        help="Also write a calendar with reminders that calendar programs import: iCalendar, a new file.",
        rich_help_panel=options.OUTPUT,
    ),
]


def with_calendar(app: typer.Typer) -> None:
    """Let the command that was added last refuse a calendar that cannot be written, and say what it wrote."""
    registered = app.registered_commands[-1]
    command = cast(Callable[..., None], registered.callback)

    @wraps(command)
    def checked(**given: Any) -> None:
        file = given["ics"]
        _refuse_no_calendar(file, force=given["force"], all_ledgers=given["all_ledgers"])
        command(**given)
        if file is not None and not (given["as_json"] or given["as_csv"]):
            with spoken(given["lang"]):
                tell(text("{file} holds the calendar.", file=file))

    registered.callback = checked


def _refuse_no_calendar(file: Path | None, *, force: bool, all_ledgers: bool) -> None:
    """Refuse a calendar that cannot be written, before anything is asked. Raises `MalformedError`."""
    if file is None:
        return
    if all_ledgers:
        malformed("--ics writes the deadlines of one ledger, and --all-ledgers asks every one: leave one of them out")
    from ledger.backup.whole_file import refuse_other, refuse_taken

    refuse_taken(file, replace=force, way_out="--force replaces it")
    refuse_other(file, _BEGINS, "calendar")


def write_calendar(file: Path, book: Book, answer: Answer[DeadlineRow], *, force: bool) -> None:
    """Write what a book has answered as a calendar, whole or not at all."""
    from ledger.backup.whole_file import folder_beside, publish
    from ledger.reports.calendar import calendar

    recorded_at = book.recorded_at(answer.known_version)
    content = calendar(answer, ledger=answer.ledger, version=answer.known_version, recorded_at=recorded_at)
    with folder_beside(file) as folder:
        made = folder / "calendar"
        made.write_bytes(content)
        publish(made, file, replace=force)
