"""`rights import`: what a file of others holds is shown as entries, then recorded, all or nothing."""

import sys
from collections.abc import Iterable
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Final

import typer

from ledger import clock
from ledger.cli import options
from ledger.cli.commands import RECORD
from ledger.cli.render import print_json, print_table, say, tell, warn
from ledger.opening import DEFAULT_URL, open_ledger
from ledger.reports.entry_words import about, effective_on
from ledger.reports.language import spoken, text

if TYPE_CHECKING:
    from ledger.exchange.plan import Plan, Remark
    from ledger.exchange.taking import Taken

SHOWN: Final = 200
"""Entries of a preview; of the rest it says how many there are."""


def add(app: typer.Typer) -> None:
    """Add the command."""
    app.command("import", rich_help_panel=RECORD)(import_)


def import_(
    file: Annotated[
        Path,
        typer.Argument(metavar="FILE", help="A workbook, CSV, or a package in Open Cap Format (.ocf.zip, a folder)."),
    ],
    *,
    yes: Annotated[bool, typer.Option("--yes", "-y", help="Record without asking.")] = False,
    dry_run: options.DryRun = False,
    expect_version: options.ExpectVersion = None,
    actor: options.Actor = None,
    db: options.Db = DEFAULT_URL,
    ledger: options.LedgerId = None,
    as_json: options.Json = False,
    lang: options.Lang = "en",
) -> None:
    """Record what a spreadsheet or a package in an open cap format holds: shown before, all or nothing.

    Everything that is wrong is told with its sheet, row and column, and what would be right; then nothing is recorded.
    What the ledger cannot take over is listed. The same file again records nothing twice. In a terminal it asks before
    it records.

    Example: rights import register.xlsx --dry-run
    """
    from ledger.exchange.reading import plan_of
    from ledger.exchange.taking import take

    with open_ledger(db, ledger) as book, spoken(lang):
        plan = plan_of(file, today=clock.today())
        if not as_json:
            _tell_problems(plan.problems)
        supposed = take(book, plan, actor=actor, dry_run=True, expect_version=expect_version)
        if not as_json:
            _preview(file, book.ledger, plan, supposed)
        if dry_run or not (yes or as_json or _is_wanted()):
            taken = supposed
        else:
            taken = take(book, plan, actor=actor, expect_version=expect_version)
        is_recorded = taken is not supposed
    if as_json:
        print_json(_document(file, plan, taken, dry_run=dry_run))
    else:
        _say(taken, is_recorded=is_recorded)


def _is_wanted() -> bool:
    """Whether whoever sits at a terminal says so; where nobody sits, calling the command said it."""
    if not (sys.stdin is not None and sys.stdin.isatty() and sys.stdout.isatty()):
        return True
    return typer.confirm(text("Record these entries?"))


def _tell_problems(problems: "Iterable[Remark]") -> None:
    for problem in problems:
        warn(f"rights: malformed: {problem}")


def _preview(file: Path, ledger: str, plan: "Plan", supposed: "Taken") -> None:
    rows = [
        (str(each.place), each.entry["type"], effective_on(each.entry), about(each.entry), _status(line.was_there))
        for each, line in zip(plan.entries, supposed.outcome.lines, strict=bool(plan.entries))
    ]
    if rows:
        title = text("Entries of {file} · ledger {ledger}", file=file, ledger=ledger)
        print_table(title, ("from", "type", "on", "about", "ledger"), rows[:SHOWN])
        if len(rows) > SHOWN:
            say(text("… and {count:,} more", count=len(rows) - SHOWN))
    if plan.left_out:
        say()
        say(text("Not taken over:"))
        for remark in plan.left_out:
            say(f"  {remark}")
    say()


def _status(was_there: bool) -> str:  # noqa: FBT001 - a word for a state
    return text("already there") if was_there else text("new")


def _say(taken: "Taken", *, is_recorded: bool) -> None:
    outcome = taken.outcome
    new = len(outcome.lines) - outcome.there
    entries = "1 entry" if new == 1 else f"{new:,} entries"
    done = "recorded" if is_recorded else "would be recorded"
    people = len(taken.kept.changed) if taken.kept is not None else 0
    of_people = "" if not people else f"; the particulars of {people:,} {'kept' if is_recorded else 'would be kept'}"
    tell(
        f"{entries} {done}, {outcome.there:,} already there{of_people}; ledger {outcome.ledger}"
        f" {'is' if is_recorded else 'would be'} at version {outcome.version}."
    )


def _document(file: Path, plan: "Plan", taken: "Taken", *, dry_run: bool) -> dict[str, object]:
    return {
        **taken.outcome.head(),
        "file": str(file),
        "dry_run": dry_run,
        "entries": [
            {**each.place._asdict(), "version": line.version, "was_there": line.was_there, "entry": dict(each.entry)}
            for each, line in zip(plan.entries, taken.outcome.lines, strict=bool(plan.entries))
        ],
        "left_out": [{**each.place._asdict(), "says": each.says} for each in plan.left_out],
        "people": 0 if taken.kept is None else len(taken.kept.changed),
    }
