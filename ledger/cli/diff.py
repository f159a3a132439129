"""The question what changed: two days, or two states of knowledge, and the entries in between that changed it."""

from collections.abc import Sequence
from datetime import date, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any, Final, TypeVar

import typer

from ledger.answers import Answer
from ledger.cli import options
from ledger.cli.commands import ASK
from ledger.cli.questions import instant_or_day, label, refuse_forms
from ledger.cli.render import print_csv, print_json, print_table, say
from ledger.cli.tables import Table
from ledger.domain.errors import MalformedError
from ledger.opening import DEFAULT_URL, open_ledger
from ledger.projections.report_rows import Cause, Change, DifferenceRow
from ledger.projections.rows import names
from ledger.reports.cells import called, holder_of
from ledger.reports.language import day, spoken, text

if TYPE_CHECKING:
    from ledger.differing import Difference

T = TypeVar("T")
Moment = date | datetime | None
DAYS: Final = frozenset({"exercise_from", "exercise_until"})

AsOfBoth = Annotated[
    list[date] | None,
    typer.Option(
        "--as-of",
        metavar="DAY",
        parser=options.read_day,
        help="At the end of this day; twice to compare two days. Default: today in Japan.",
    ),
]
KnownAtBoth = Annotated[
    list[Any] | None,  # days or instants: typer knows no unions
    typer.Option(
        "--known-at",
        metavar="DAY|INSTANT",
        parser=options.read_known_at,
        help="As known at the end of that day in Japan, or at that instant; twice to compare what was known.",
        rich_help_panel=options.KNOWLEDGE,
    ),
]
KnownVersionBoth = Annotated[
    list[int] | None,
    typer.Option(
        "--known-version",
        metavar="V",
        help="As known at that version; twice to compare what was known.",
        rich_help_panel=options.KNOWLEDGE,
    ),
]


def add(app: typer.Typer) -> None:
    """Add the question."""
    app.command("diff", rich_help_panel=ASK)(diff)


def diff(  # noqa: PLR0913 - the options of a command
    *,
    as_of: AsOfBoth = None,
    series: options.AnySeries = None,
    holder: options.AnyHolder = None,
    known_at: KnownAtBoth = None,
    known_version: KnownVersionBoth = None,
    db: options.Db = DEFAULT_URL,
    ledger: options.LedgerId = None,
    as_json: options.Json = False,
    as_csv: options.Csv = False,
    xlsx: options.Xlsx = None,
    force: options.Force = False,
    lang: options.Lang = "en",
    ids_only: options.IdsOnly = False,
) -> None:
    """Show what changed between two days, or two states of knowledge, and which entries changed it.

    Example: rights diff --as-of 2018-07-01 --as-of 2018-07-09
    """
    form = {"as_json": as_json, "as_csv": as_csv, "xlsx": xlsx, "force": force, "ids_only": ids_only}
    refuse_forms(form, all_ledgers=False, is_written=False)
    days, instants, versions = as_of or [], known_at or [], known_version or []
    sides = both("--as-of", days), both("--known-at", instants), both("--known-version", versions)
    if 2 not in {len(days), len(instants), len(versions)}:
        raise MalformedError(
            "malformed",
            "two sides are compared: give --as-of, --known-at or --known-version twice, before and after",
        )
    with open_ledger(db, ledger) as book:
        found = book.diff(sides[0], known_at=sides[1], known_version=sides[2], series=series, holder=holder)
        names_of = label(book, form)
    with spoken(lang), called(names_of):
        if as_json:
            print_json(found.to_dict())
        elif as_csv:
            print_csv(names(DifferenceRow), (row.to_dict() for row in found.rows))
        elif xlsx is not None:
            _write(xlsx, found, sides[1], force=force)
        else:
            _show(found, sides[1])


def both(option: str, given: Sequence[T]) -> tuple[T | None, T | None]:
    """What an option says of both sides: of each its own, or the same of both, or nothing."""
    match given:
        case []:
            return None, None
        case [of_both]:
            return of_both, of_both
        case [before, after]:
            return before, after
        case _:
            raise MalformedError(
                "malformed", f"{option} is given {len(given)} times, and there are two sides: before and after"
            )


def _show(found: "Difference", known_at: tuple[Moment, Moment]) -> None:
    title = _title(found, known_at)
    if found.rows:
        print_table(title, *differences_table(found.rows))
    else:
        say(text("{title}: none", title=title))
    say()
    for what, side in _sides(found):
        says = text("{what}: {count:,} entries, root {root}", what=what, count=side.known_version, root=side.root)
        say(says)


def _write(file: Path, found: "Difference", known_at: tuple[Moment, Moment], *, force: bool) -> None:
    """Write the same table into a workbook, and of both sides what proves them."""
    from ledger.cli.workbooks import write_sheets
    from ledger.reports.workbook import Sheet

    about: dict[str, object] = {text("What it shows"): _title(found, known_at), text("Ledger"): found.ledger}
    for (what, side), known in zip(_sides(found), known_at, strict=True):
        of: dict[str, object] = {
            text("Day"): side.as_of,
            text("Known at"): None if known is None else instant_or_day(known),
            text("Version"): side.known_version,
            text("Root"): side.root,
        }
        about |= {text("{word}, {side}", word=word, side=what): value for word, value in of.items()}
    write_sheets(file, [Sheet(text("Differences"), *differences_table(found.rows))], about, force=force)


def _title(found: "Difference", known_at: tuple[Moment, Moment]) -> str:
    return text(
        "Differences from {before} to {after} · ledger {ledger}",
        before=_side(found.before, known_at[0]),
        after=_side(found.after, known_at[1]),
        ledger=found.ledger,
    )


def _sides(found: "Difference") -> tuple[tuple[str, Answer[DifferenceRow]], ...]:
    return (text("before"), found.before), (text("after"), found.after)


def _side(side: Answer[DifferenceRow], known_at: Moment) -> str:
    of = "" if side.as_of is None else day(side.as_of)
    if known_at is None:
        return text("{day} at version {version}", day=of, version=side.known_version)
    known = instant_or_day(known_at)
    return text("{day} at version {version}, known at {known_at}", day=of, version=side.known_version, known_at=known)


def differences_table(rows: Sequence[DifferenceRow]) -> Table:
    """A line for every figure; beside the first of each holding or series, what changed it."""
    lines: list[Sequence[object]] = []
    for row in rows:
        owner = holder_of(row)
        because = text("; ").join(map(_because, row.causes))
        shown = [each for each in row.changes if row.change == "changed" or each.before or each.after]
        for change in shown:
            figure = text(change.field.replace("_", " "))
            lines.append(
                (row.series, owner, figure, _cell(change, change.before), _cell(change, change.after), because)
            )
            because = ""
    return ("series", "holder", "figure", "before", "after", "changed by"), lines


def _cell(change: Change, value: object) -> object:
    """A JSON value for people: a day as a day, names in a row."""
    if change.field in DAYS and isinstance(value, str):
        return date.fromisoformat(value)
    return text(", ").join(map(str, value)) if isinstance(value, list) else value


def _because(cause: Cause) -> str:
    if cause.version is None:
        return text("lapse, the last day being {day}", day=day(cause.on))
    if cause.retracts is not None:
        return text(
            "retraction (version {version}) of the {kind} of {day} (version {retracted})",
            version=cause.version,
            kind=text(cause.retracts.type),
            day=day(cause.on),
            retracted=cause.retracts.version,
        )
    return text("{kind} of {day} (version {version})", kind=text(cause.type), day=day(cause.on), version=cause.version)
