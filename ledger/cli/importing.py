"""`rights import`: what a file of others holds is shown as entries, then recorded, all or nothing."""

import sys
from collections.abc import Mapping
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Final

import typer

from ledger import clock
from ledger.answers import LineOutcome
from ledger.cli import options
from ledger.cli.commands import RECORD
from ledger.cli.people import tell_more
from ledger.cli.people_tables import import_table
from ledger.cli.render import print_json, print_table, say, tell, warn
from ledger.domain.errors import MalformedError
from ledger.opening import DEFAULT_URL, open_ledger
from ledger.reports.entry_words import about, effective_on
from ledger.reports.language import spoken, text

if TYPE_CHECKING:
    from ledger.exchange.plan import Place, Plan
    from ledger.exchange.taking import Taken

SHOWN: Final = 200
"""Entries of a preview; of the rest it says how many there are."""

MOST_LEFT: Final = 1_000
"""Lines of what is not taken over; `--json` has all."""


Sheet = Annotated[
    str | None,
    typer.Option("--sheet", metavar="KIND", help="The kind of a single sheet: holders, allotments, exercises …"),
]


def add(app: typer.Typer) -> None:
    """Add the command."""
    app.command("template", rich_help_panel=RECORD)(template)
    app.command("import", rich_help_panel=RECORD)(import_)


def template(
    file: Annotated[Path, typer.Argument(metavar="FILE", help="A new file, .xlsx or .csv.")],
    *,
    sheet: Sheet = None,
    force: options.Force = False,
    as_json: options.Json = False,
    lang: options.Lang = "en",
) -> None:
    """Write a workbook to fill in, a sheet for each kind of entry and one for holders, for `rights import` to read.

    Columns that are required are marked, choices are offered, and each sheet has one example row, which is never
    recorded. A .csv file is one sheet: allotments, or the one that --sheet names.

    Example: rights template register.xlsx
    """
    from ledger.cli.templates import write_template

    with spoken(lang):
        sheets = write_template(file, sheet, force=force)
        if as_json:
            print_json({"file": str(file), "sheets": sheets})
        else:
            tell(text("{file} is written.", file=file))


def import_(
    file: Annotated[
        Path,
        typer.Argument(metavar="FILE", help="A workbook, CSV, or a package in Open Cap Format (.ocf.zip, a folder)."),
    ],
    *,
    sheet: Sheet = None,
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
    from ledger.exchange.reading import plan_for
    from ledger.exchange.taking import counted, like_others, take, told

    with open_ledger(db, ledger) as book, spoken(lang):
        plan = plan_for(book, file, today=clock.today(), sheet=sheet)
        if plan.problems and not as_json:
            for problem in told(plan.problems):
                warn(f"rights: {problem}")
            raise MalformedError("malformed", f"{file}: {counted(plan.problems)}")
        supposed = take(book, plan, actor=actor, dry_run=True, expect_version=expect_version)
        like = like_others(book, plan)
        if not as_json:
            _preview(file, book.ledger, plan, supposed, like)
        is_wanted = not dry_run and (yes or as_json or not _changes(supposed) or _is_wanted())
        taken = take(book, plan, actor=actor, expect_version=expect_version) if is_wanted else supposed
        if as_json:
            print_json(_document(file, plan, taken, like, dry_run=dry_run))
            return
        _say(taken, is_recorded=is_wanted)
        if taken.kept is not None and is_wanted:
            tell_more(taken.kept)


def _changes(supposed: "Taken") -> bool:
    """Whether there is anything to ask about."""
    people = supposed.kept.changed if supposed.kept is not None else ()
    return supposed.outcome.there < len(supposed.outcome.lines) or bool(people)


def _is_wanted() -> bool:
    """Whether whoever sits at a terminal says so; where nobody sits, calling the command said it."""
    if not (sys.stdin is not None and sys.stdin.isatty() and sys.stdout.isatty()):
        return True
    return typer.confirm(text("Record these entries?"))


def _preview(file: Path, ledger: str, plan: "Plan", supposed: "Taken", like: Mapping[int, int]) -> None:
    lines = supposed.outcome.lines[: len(plan.entries)]
    states = [_state(line, like.get(index)) for index, line in enumerate(lines)]
    rows = [
        (_where(each.place), text(each.entry["type"]), effective_on(each.entry), about(each.entry), state)
        for each, state in zip(plan.entries, states, strict=True)
    ]
    if rows:
        title = text("Entries of {file} · ledger {ledger}", file=file, ledger=ledger)
        print_table(title, ("where", "type", "on", "about", "state"), rows[:SHOWN])
        if len(rows) > SHOWN:
            say(text("… and {count:,} more", count=len(rows) - SHOWN))
    if supposed.kept is not None and supposed.kept.changed:
        title = text("People that {file} would change · ledger {ledger}", file=file, ledger=ledger)
        print_table(title, *import_table(supposed.kept.changed))
    if plan.left_out:
        say(text("Not taken over:"))
        for remark in plan.left_out[:MOST_LEFT]:
            say(f"  {remark}")
        if len(plan.left_out) > MOST_LEFT:
            say("  " + text("… and {count:,} more", count=len(plan.left_out) - MOST_LEFT))
    if rows or plan.left_out or (supposed.kept is not None and supposed.kept.changed):
        say()


def _where(place: "Place") -> str:
    """A place of a file as the preview has it."""
    row = "" if place.row is None else text("row {row}", row=place.row)
    return text(", ").join(each for each in (place.sheet, row) if each)


def _state(line: LineOutcome, like: int | None) -> str:
    """Whether an entry is there; and which other one says the same, so that nobody records by hand and by file."""
    if line.was_there:
        return text("already there")
    return text("new") if like is None else text("new, but says what version {version} says", version=like)


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


def _document(file: Path, plan: "Plan", taken: "Taken", like: Mapping[int, int], *, dry_run: bool) -> dict[str, object]:
    lines = taken.outcome.lines[: len(plan.entries)]
    told = [{"version": each.version, "was_there": each.was_there, "like": like.get(i)} for i, each in enumerate(lines)]
    return {
        **taken.outcome.head(),
        "file": str(file),
        "dry_run": dry_run,
        "entries": [
            {**each.place._asdict(), **line, "entry": dict(each.entry)}
            for each, line in zip(plan.entries, told, strict=True)
        ],
        "left_out": [{**each.place._asdict(), "says": each.says} for each in plan.left_out],
        "people": 0 if taken.kept is None else len(taken.kept.changed),
    }
