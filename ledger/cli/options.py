"""Options that commands share, each written once."""

import inspect
from collections.abc import Callable, Iterable, Iterator
from datetime import date, datetime
from pathlib import Path
from typing import Annotated, Any, Literal

import typer

from ledger.domain.characters import seen
from ledger.domain.errors import LedgerError
from ledger.domain.spans import day_from


def declared(command: Callable[..., None], parameters: Iterable[inspect.Parameter]) -> Callable[..., None]:
    """Let a command that takes options by their names have these; return it."""
    named = [each.replace(kind=inspect.Parameter.KEYWORD_ONLY) for each in parameters]
    command.__signature__ = inspect.Signature(named)  # type: ignore[attr-defined]  # typer reads it
    command.__annotations__ = {each.name: each.annotation for each in named}
    return command


def read_day(text: str) -> date:
    """A day as the command line takes it: YYYY-MM-DD, nothing else."""
    day = day_from(text)
    if day is None:
        raise typer.BadParameter(f"{text} is no day of the calendar; days are written YYYY-MM-DD")
    return day


def read_known_at(text: str) -> date | datetime:
    """A day, or an instant with its time zone."""
    day = day_from(text)
    if day is not None:
        return day
    try:
        moment = datetime.fromisoformat(text)
    except ValueError:
        moment = None
    if moment is None or moment.tzinfo is None:
        raise typer.BadParameter(f"{text} is neither a day YYYY-MM-DD nor an instant such as 2018-06-28T18:00:00+09:00")
    return moment


def _names(context: typer.Context, kind: Literal["series", "holder"]) -> Iterator[str]:
    """Ids in the ledger that is asked, for the shell to complete; none where it cannot be read."""
    from ledger.opening import DEFAULT_URL, open_ledger

    try:
        with open_ledger(context.params.get("db") or DEFAULT_URL, context.params.get("ledger")) as book:
            # A shell takes completions line by line; what would break one is not completed.
            yield from (name for name in book.names(kind) if seen(name) == name)
    except LedgerError:
        return


def series_names(ctx: typer.Context, incomplete: str) -> list[str]:
    """Series that the shell may complete."""
    return [name for name in _names(ctx, "series") if name.startswith(incomplete)]


def holder_names(ctx: typer.Context, incomplete: str) -> list[str]:
    """Holders that the shell may complete."""
    return [name for name in _names(ctx, "holder") if name.startswith(incomplete)]


DATABASE = "Which ledger"
ENTRY = "About the entry"
OUTPUT = "Output"
KNOWLEDGE = "What was known"

CSV_HELP = "Print comma-separated values; text that a spreadsheet would run as a formula begins with an apostrophe."

Db = Annotated[
    str,
    typer.Option("--db", metavar="URL", envvar="RIGHTS_DB", help="The database.", rich_help_panel=DATABASE),
]
LedgerId = Annotated[
    str | None,
    typer.Option(
        "--ledger",
        metavar="ID",
        envvar="RIGHTS_LEDGER",
        help="The ledger; not needed where the database holds one.",
        rich_help_panel=DATABASE,
    ),
]
Json = Annotated[bool, typer.Option("--json", help="Print one JSON document.", rich_help_panel=OUTPUT)]
Csv = Annotated[bool, typer.Option("--csv", help=CSV_HELP, rich_help_panel=OUTPUT)]
Xlsx = Annotated[
    Path | None,
    typer.Option("--xlsx", metavar="FILE", help="Write a workbook: a new file.", rich_help_panel=OUTPUT),
]
Force = Annotated[bool, typer.Option("--force", help="Replace a file that is there.", rich_help_panel=OUTPUT)]
Lang = Annotated[
    Literal["en", "ja"],
    typer.Option(
        "--lang",
        envvar="RIGHTS_LANG",
        help="Of what people read: English or Japanese.",
        rich_help_panel=OUTPUT,
    ),
]
Why = Annotated[bool, typer.Option("--why", help="Also say what each number rests on.", rich_help_panel=OUTPUT)]

ALL = "All ledgers"

AllLedgers = Annotated[
    bool,
    typer.Option(
        "--all-ledgers", help="Ask every ledger of the database, one after the other by id.", rich_help_panel=ALL
    ),
]
Jobs = Annotated[
    int | None,
    typer.Option(
        "--jobs", metavar="N", min=1, help="Processes; default: as many as make it faster.", rich_help_panel=ALL
    ),
]
Scheduler = Annotated[
    str | None,
    typer.Option(
        "--scheduler",
        metavar="tcp://HOST:PORT",
        help="Ask on a Dask cluster, whose workers reach the database by the same URL or path.",
        rich_help_panel=ALL,
    ),
]
Form = Annotated[
    Literal["jsonl", "csv", "parquet"] | None,
    typer.Option("--format", help="JSON Lines (as --json), CSV, or Parquet into --out.", rich_help_panel=ALL),
]
OutWhole = Annotated[
    Path | None,
    typer.Option(
        "--out",
        metavar="FILE",
        help="A new file, there once it is whole; default: standard output.",
        rich_help_panel=ALL,
    ),
]

Series = Annotated[str, typer.Option("--series", metavar="S", help="The series.", autocompletion=series_names)]
AnySeries = Annotated[
    str | None, typer.Option("--series", metavar="S", help="Only this series.", autocompletion=series_names)
]
Holder = Annotated[str, typer.Option("--holder", metavar="H", help="The holder.", autocompletion=holder_names)]
AnyHolder = Annotated[
    str | None, typer.Option("--holder", metavar="H", help="Only this holder.", autocompletion=holder_names)
]
Rights = Annotated[int, typer.Option("--rights", metavar="N", help="How many rights; whole.")]
On = Annotated[date, typer.Option("--on", metavar="DAY", parser=read_day, help="The day it took effect.")]
Position = Annotated[str, typer.Option("--position", metavar="P", help="The position, such as director.")]
CompanyId = Annotated[str, typer.Option("--company", metavar="C", help="The company.")]
Ratio = Annotated[str, typer.Option("--ratio", metavar="R", help="New shares per old share: 2, 3/2, 1/10.")]
InheritedFrom = Annotated[
    str | None,
    typer.Option(
        "--inherited-from", metavar="H", help="Of the rights inherited from this holder.", autocompletion=holder_names
    ),
]
TransferredFrom = Annotated[
    str | None,
    typer.Option(
        "--transferred-from", metavar="H", help="Of the rights received from this holder.", autocompletion=holder_names
    ),
]

AsOf = Annotated[
    date | None,
    typer.Option("--as-of", metavar="DAY", parser=read_day, help="At the end of this day; default: today in Japan."),
]
IdsOnly = Annotated[
    bool,
    typer.Option("--ids-only", help="Without names and addresses: holders by ids.", rich_help_panel=OUTPUT),
]
KnownAt = Annotated[
    Any,  # a day or an instant: typer knows no unions
    typer.Option(
        "--known-at",
        metavar="DAY|INSTANT",
        parser=read_known_at,
        help="As known at the end of that day in Japan, or at that instant.",
        rich_help_panel=KNOWLEDGE,
    ),
]
KnownVersion = Annotated[
    int | None,
    typer.Option(
        "--known-version",
        metavar="V",
        help="As known at that version; inside a batch, before it.",
        rich_help_panel=KNOWLEDGE,
    ),
]

State = Annotated[
    Path | None,
    typer.Option(
        "--state",
        metavar="DIR",
        envvar="RIGHTS_STATE",
        help="Where issued checkpoints are remembered; default: with this user's states.",
    ),
]

Actor = Annotated[
    str | None,
    typer.Option(
        "--actor",
        metavar="WHO",
        envvar="RIGHTS_ACTOR",
        help="Who records; default: user@host.",
        rich_help_panel=ENTRY,
    ),
]
EntryId = Annotated[
    str | None,
    typer.Option(
        "--id", metavar="ID", help="Your id of the entry: recorded once, however often sent.", rich_help_panel=ENTRY
    ),
]
Source = Annotated[
    str | None,
    typer.Option("--source", metavar="TEXT", help="The document that shows the fact.", rich_help_panel=ENTRY),
]
Note = Annotated[str | None, typer.Option("--note", metavar="TEXT", help="A note.", rich_help_panel=ENTRY)]
DryRun = Annotated[bool, typer.Option("--dry-run", help="Judge, but record nothing.", rich_help_panel=ENTRY)]
ExpectVersion = Annotated[
    int | None,
    typer.Option(
        "--expect-version", metavar="N", help="Refuse unless the ledger is at version N.", rich_help_panel=ENTRY
    ),
]
