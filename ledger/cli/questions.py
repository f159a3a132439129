"""Turning a function that asks a book into a command that shows the answer, of one ledger or of all."""

import inspect
from collections.abc import Callable, Iterable, Mapping, Sequence
from datetime import date, datetime
from functools import partial
from typing import Any, TypedDict

import click
import typer
from click.core import ParameterSource

from ledger.answers import Answer
from ledger.book import Book
from ledger.cli import options
from ledger.cli.commands import ASK
from ledger.cli.render import print_csv, print_json, print_table, say
from ledger.cli.tables import Table
from ledger.domain.errors import MalformedError
from ledger.opening import DEFAULT_URL, open_ledger
from ledger.projections.backdating import BACKDATED_DAYS
from ledger.projections.rows import Row, names
from ledger.reports.cells import called, holder_of
from ledger.reports.language import day, reworded, series_name, spoken, text

Ask = Callable[..., Answer[Any]]
"""Takes a book, a `Knowledge` and the command's own options by name."""

ToTable = Callable[[Answer[Any]], Table]


class Knowledge(TypedDict):
    """As of which state of knowledge a question is asked, and whether reasons are wanted."""

    known_at: date | datetime | None
    known_version: int | None
    why: bool


def _common(
    *,
    known_at: options.KnownAt = None,
    known_version: options.KnownVersion = None,
    db: options.Db = DEFAULT_URL,
    ledger: options.LedgerId = None,
    why: options.Why = False,
    as_json: options.Json = False,
    as_csv: options.Csv = False,
    xlsx: options.Xlsx = None,
    force: options.Force = False,
    lang: options.Lang = "en",
    ids_only: options.IdsOnly = False,
) -> None:
    """Carry the options that every question has besides its own."""


def _every(
    *,
    all_ledgers: options.AllLedgers = False,
    jobs: options.Jobs = None,
    scheduler: options.Scheduler = None,
    form: options.Form = None,
    out: options.OutWhole = None,
) -> None:
    """Carry the options of a question that is asked of all ledgers."""


COMMON = inspect.signature(_common).parameters
FORMS = {"--json": "as_json", "--csv": "as_csv", "--xlsx": "xlsx"}
EVERY = inspect.signature(_every).parameters


def question(
    app: typer.Typer, ask: Ask, row_type: type[Row], *tables: tuple[str, ToTable], of_all: bool = True
) -> None:
    """Make a command of a function that takes a book, a state of knowledge and options of its own; it has its name.

    tables: the title of each table of the answer for people, and how it is made; the first title says what, as of when
    and at which version. of_all: whether it may be asked of all ledgers of a database.
    """
    _, _, *wanted = inspect.signature(ask).parameters.values()
    own = [each for each in wanted if each.name not in COMMON]
    shared = [each.name for each in wanted if each.name in COMMON]
    every = EVERY if of_all else {}

    def command(**given: Any) -> None:
        common = {key: given.pop(key) for key in COMMON}
        over = {key: given.pop(key) for key in every}
        refuse_forms(common, all_ledgers=over.get("all_ledgers", False), is_written=given.get("ics") is not None)
        given |= {key: common[key] for key in shared}
        known = Knowledge(known_at=common["known_at"], known_version=common["known_version"], why=common["why"])
        refuse_out_of_place(over)
        if over.get("all_ledgers"):
            from ledger.cli.every import answer_every, question_of

            asked = question_of(ask, row_type, given, known, form_of(over["form"], common))
            with spoken(common["lang"]):
                answer_every(
                    common["db"],
                    asked,
                    partial(_show, tables=tables, known=known),
                    jobs=over["jobs"],
                    scheduler=over["scheduler"],
                    out=over["out"],
                    as_json=common["as_json"],
                )
            return
        with open_ledger(common["db"], common["ledger"]) as book, spoken(common["lang"]), called(label(book, common)):
            answer = ask(book, known, **given)
            give(answer, row_type, tables, known, common)

    command.__name__ = ask.__name__
    command.__doc__ = ask.__doc__
    app.command(ask.__name__, rich_help_panel=ASK)(options.declared(command, (*own, *COMMON.values(), *every.values())))


def refuse_forms(common: Mapping[str, Any], *, all_ledgers: bool, is_written: bool) -> None:
    """Refuse more than one form of an answer, and a workbook that cannot be written, before anything is asked.

    is_written: whether another file is written, too.
    """
    given = [option for option, key in FORMS.items() if common[key]]
    if len(given) > 1:
        raise MalformedError("malformed", f"{given[0]} and {given[1]} cannot both be had")
    if common["xlsx"] is not None and all_ledgers:
        raise MalformedError("malformed", "--xlsx is of one ledger: --format csv or parquet is of all")
    if common["force"] and common["xlsx"] is None and not is_written:
        raise MalformedError("malformed", "--force replaces a file that is there: name it, as with --xlsx")
    if common["xlsx"] is not None:
        from ledger.cli.workbooks import refuse_no_workbook

        refuse_no_workbook(common["xlsx"], force=common["force"])


def give(
    answer: Answer[Any],
    row_type: type[Row],
    tables: Sequence[tuple[str, ToTable]],
    known: Knowledge,
    form: Mapping[str, Any],
) -> None:
    """Give an answer in the form that was asked for. form: the options of `_common`, by their names."""
    if form["as_json"]:
        print_json(answer.to_dict(why=known["why"]))
    elif form["as_csv"]:
        print_csv(names(row_type), (row.to_dict() for row in answer))
    elif form["xlsx"] is not None:
        from ledger.cli.workbooks import write

        write(form["xlsx"], answer, tables, known, force=form["force"])
    else:
        _show(answer, tables, known)


def label(book: Book, form: Mapping[str, Any]) -> Callable[[str], str]:
    """How holders are shown: by name to people, where the directory has one; by id to programs, or where asked so."""
    return str if form["ids_only"] or form["as_json"] or form["as_csv"] else book.label()


def refuse_out_of_place(over: Mapping[str, Any]) -> None:
    """Refuse options of all ledgers where one is asked, and of one ledger where all are."""
    if not over.get("all_ledgers"):
        named = {"jobs": "--jobs", "scheduler": "--scheduler", "form": "--format", "out": "--out"}
        for key, option in named.items():
            if over.get(key) is not None:
                raise MalformedError("malformed", f"{option} is for --all-ledgers, and one ledger is asked")
        return
    for key in ("ledger", "known_version"):
        if click.get_current_context().get_parameter_source(key) is ParameterSource.COMMANDLINE:
            option = f"--{key.replace('_', '-')}"
            instead = "leave out the one or the other" if key == "ledger" else "--known-at is of all"
            raise MalformedError("malformed", f"--all-ledgers asks every ledger, and {option} is of one: {instead}")
    if over["jobs"] is not None and over["scheduler"] is not None:
        raise MalformedError(
            "malformed", "--jobs says how many processes ask here, and --scheduler has others ask: give one of them"
        )


def form_of(form: str | None, common: Mapping[str, Any]) -> str | None:
    """The form that was asked for; None for tables."""
    flags = [name for name, is_given in {"jsonl": common["as_json"], "csv": common["as_csv"]}.items() if is_given]
    if form is not None and flags:
        raise MalformedError("malformed", "--format says the form, as --json and --csv do: give one of them")
    return form or next(iter(flags), None)


def _show(answer: Answer[Any], tables: Iterable[tuple[str, ToTable]], known: Knowledge) -> None:
    """Print the tables of an answer; the first says what it is of, so that no two that differ look the same."""
    is_first = True
    for title, to_table in tables:
        titled = title_of(title, answer, known) if is_first else text(title)
        if not answer:
            say(text("{title}: none", title=titled))
            break
        if not is_first:
            say()
        print_table(titled, *to_table(answer))
        is_first = False
    if known["why"]:
        print_reasons(answer)
    print_proof(answer)


def title_of(title: str, answer: Answer[Any], known: Knowledge) -> str:
    """What an answer is of: the day, the state of knowledge, the ledger and its version."""
    when = []
    if answer.as_of is not None:
        when.append(_spoken_of(answer, answer.as_of))
    if known["known_at"] is not None:
        when.append(text("known at {known_at}", known_at=instant_or_day(known["known_at"])))
    of = text("ledger {ledger} at version {version}", ledger=answer.ledger, version=answer.known_version)
    if not when:
        return text("{title} · {of}", title=text(title), of=of)
    return text("{title} {when} · {of}", title=text(title), when=text(", ").join(when), of=of)


def _spoken_of(answer: Answer[Any], as_of: date) -> str:
    """The day of an answer, or its span."""
    if answer.since is not None:
        return text("from {first} until {last}", first=day(answer.since), last=day(as_of))
    return text("on {day}" if answer.preposition == "on" else "as of {day}", day=day(as_of))


def instant_or_day(known_at: date | datetime) -> str:
    """An instant with its zone, as it was given; a day as the language has it."""
    return str(known_at) if isinstance(known_at, datetime) else day(known_at)


def print_proof(answer: Answer[Any]) -> None:
    """Say what the answer rests on as a whole: whoever holds a checkpoint can compare."""
    say()
    said = "{count} entry, root {root}" if answer.known_version == 1 else "{count} entries, root {root}"
    say(text(said, count=f"{answer.known_version:,}", root=answer.root))
    if answer.backdated:
        late = "recorded more than {days} days late: {count} (rights history --backdated)"
        say(text(late, days=BACKDATED_DAYS, count=f"{answer.backdated:,}"))


def print_reasons(answer: Iterable[Any]) -> None:
    """Say what each row rests on, in words."""
    for row in answer:
        if not getattr(row, "because", ()):
            continue
        say()
        name = series_name(row.series)
        of = name[:1].upper() + name[1:]
        if getattr(row, "holder", None) is not None:
            of = text("{series}, {holder}", series=of, holder=holder_of(row))
        say(text("{of}:", of=of))
        for reason in row.because:
            version = "" if reason.version is None else text(" (version {version})", version=reason.version)
            line = text("{item}: {says}", item=text(reason.item), says=reworded(reason.says))
            say(f"  {line}{version}")
