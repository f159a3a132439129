"""The commands that keep the people behind the ids, and forget them."""

from collections.abc import Callable, Mapping, Sequence
from datetime import date
from pathlib import Path
from typing import Annotated, Any

import click
import typer

from ledger.cli import options
from ledger.cli.commands import KEEP
from ledger.cli.people_tables import (
    again_sentences,
    changes_table,
    forgotten_sentences,
    import_table,
    kept_sentences,
    listed,
    people_table,
)
from ledger.cli.questions import refuse_forms
from ledger.cli.render import print_csv, print_json, print_table, say, tell, warn
from ledger.cli.tables import Table
from ledger.domain.errors import DatabaseError, MalformedError
from ledger.opening import DEFAULT_URL, open_ledger
from ledger.people import FIELDS, Kept, Person, PersonChange
from ledger.projections.rows import Row, names
from ledger.reports.language import spoken, text
from ledger.store.sqlite_file import plain_file
from ledger.text_file import bytes_up_to

Who = Annotated[
    str, typer.Argument(metavar="HOLDER", help="The id in the entries.", autocompletion=options.holder_names)
]
Reason = Annotated[
    str | None, typer.Option("--reason", metavar="TEXT", help="Why, for the record; no particulars: it stays.")
]


def add(app: typer.Typer) -> None:
    """Add the group of commands."""
    group = typer.Typer(
        help="Keep names, addresses and dates of birth beside the ledger, and forget them.", no_args_is_help=True
    )
    group.command("set")(set_)
    group.command("import")(import_)
    group.command("show")(show)
    group.command("forget")(forget)
    group.command("log")(log)
    app.add_typer(group, name="people", rich_help_panel=KEEP)


def set_(  # noqa: PLR0913 - the options of a command
    holder: Who,
    *,
    kanji: Annotated[str | None, typer.Option("--kanji", metavar="TEXT", help="The name as it is written.")] = None,
    kana: Annotated[str | None, typer.Option("--kana", metavar="TEXT", help="The name as it is read.")] = None,
    roman: Annotated[str | None, typer.Option("--roman", metavar="TEXT", help="The name in Latin letters.")] = None,
    address: Annotated[str | None, typer.Option("--address", metavar="TEXT", help="The address.")] = None,
    born: Annotated[
        date | None, typer.Option("--born", metavar="DAY", parser=options.read_day, help="The date of birth.")
    ] = None,
    clear: Annotated[
        list[str] | None,
        typer.Option(
            "--clear",
            metavar="FIELD",
            click_type=click.Choice(FIELDS),
            help=f"Take a field away: {', '.join(FIELDS)}; may be given several times.",
            show_default=False,
        ),
    ] = None,
    reason: Reason = None,
    actor: options.Actor = None,
    db: options.Db = DEFAULT_URL,
    ledger: options.LedgerId = None,
    as_json: options.Json = False,
    lang: options.Lang = "en",
) -> None:
    """Keep the name, address or date of birth of a holder; what is not given stays as it was.

    Example: rights people set director-1 --kanji 甲野太郎 --kana コウノタロウ --address 東京都千代田区一丁目1番1号
    """
    given = dict(zip(FIELDS, (kanji, kana, roman, address, born), strict=True))
    particulars: dict[str, str | date | None] = {field: value for field, value in given.items() if value is not None}
    twice = [field for field in clear or () if field in particulars]
    if twice:
        raise MalformedError("malformed", f"--clear {twice[0]} and --{twice[0]} say different things: give one of them")
    particulars.update(dict.fromkeys(clear or ()))
    if not particulars:
        raise MalformedError("malformed", f"nothing is given: --{', --'.join(FIELDS)} or --clear")
    with open_ledger(db, ledger) as book:
        kept = book.people.set(holder, particulars, actor=actor, reason=reason)
    if as_json:
        print_json({"ledger": book.ledger, "holder": holder, **kept_json(kept)})
        return
    with spoken(lang):
        for sentence in kept_sentences(kept):
            say(sentence)
        if not kept.changed:
            say(text("Nothing changed: this is what is kept of {holder}.", holder=holder))
        tell_more(kept)


def kept_json(kept: Kept) -> dict[str, object]:
    """What was changed as JSON values."""
    changed = [{"holder": each.holder, "fields": list(each.fields)} for each in kept.changed]
    return {"changed": changed, "unknown": list(kept.unknown), "traces": kept.traces}


def tell_more(kept: Kept) -> None:
    """Say which ids no entry names, who was forgotten before, and what could not be erased."""
    if kept.unknown:
        tell(text("No entry names {holders} yet.", holders=listed(kept.unknown)))
    for sentence in again_sentences(kept):
        warn(f"rights: warning: {sentence}")
    if kept.traces is not None:
        warn(f"rights: warning: what was there before is still in the database's files: {kept.traces}")


def import_(
    file: Annotated[
        Path, typer.Argument(metavar="FILE", help=f"CSV in UTF-8 or CP932; columns holder, {', '.join(FIELDS)}.")
    ],
    *,
    dry_run: Annotated[bool, typer.Option("--dry-run", help="Show what would change, and change nothing.")] = False,
    reason: Reason = None,
    actor: options.Actor = None,
    db: options.Db = DEFAULT_URL,
    ledger: options.LedgerId = None,
    as_json: options.Json = False,
    lang: options.Lang = "en",
) -> None:
    """Keep the particulars of many holders from a file, all or none.

    An empty cell takes its field away; a column that is not in the file leaves its field as it is.

    Example: rights people import people.csv --dry-run
    """
    from ledger.people_file import MOST_BYTES

    content = bytes_up_to(file, MOST_BYTES)
    with open_ledger(db, ledger) as book:
        kept = book.people.take(content, str(file), actor=actor, reason=reason, dry_run=dry_run)
    if as_json:
        print_json({"ledger": book.ledger, "file": str(file), "dry_run": dry_run, **kept_json(kept)})
        return
    with spoken(lang):
        if kept.changed:
            of = {"file": file, "ledger": book.ledger}
            would = text("People that {file} would change · ledger {ledger}", **of)
            changed = text("People that {file} changed · ledger {ledger}", **of)
            print_table(would if dry_run else changed, *import_table(kept.changed))
        else:
            say(text("{file} changes nothing: this is what is kept.", file=file))
        tell_more(kept)


def show(
    holder: Annotated[
        str | None,
        typer.Argument(
            metavar="[HOLDER]", help="Only this holder.", autocompletion=options.holder_names, show_default=False
        ),
    ] = None,
    *,
    db: options.Db = DEFAULT_URL,
    ledger: options.LedgerId = None,
    as_json: options.Json = False,
    as_csv: options.Csv = False,
    xlsx: options.Xlsx = None,
    force: options.Force = False,
    lang: options.Lang = "en",
) -> None:
    """Show whose particulars are kept, and who was forgotten.

    Example: rights people show director-1
    """
    form = {"as_json": as_json, "as_csv": as_csv, "xlsx": xlsx, "force": force}
    refuse_forms(form, all_ledgers=False, is_written=False)
    with open_ledger(db, ledger) as book:
        people = book.people.show(holder)
    with spoken(lang):
        _give(book.ledger, ("People", people_table), Person, people, form)


def forget(
    holder: Who,
    *,
    reason: Annotated[str, typer.Option("--reason", metavar="TEXT", help="Why, for the record; no particulars.")],
    actor: options.Actor = None,
    db: options.Db = DEFAULT_URL,
    ledger: options.LedgerId = None,
    as_json: options.Json = False,
    lang: options.Lang = "en",
) -> None:
    """Remove all particulars of a holder, and every trace of them from the database's files; entries stay as they are.

    Where others keep traces from being removed it says so and fails; called again, it removes them.

    Example: rights people forget director-1 --reason "asked for on 2018-07-02"
    """
    with open_ledger(db, ledger) as book:
        done = book.people.forget(holder, reason=reason, actor=actor)
    copies = _copies(db)
    if as_json:
        told = {field: value for field, value in done._asdict().items() if field != "was_before"}
        print_json({"ledger": book.ledger, **told, "copies": copies})
    else:
        with spoken(lang):
            for sentence in forgotten_sentences(done, copies):
                tell(sentence)
    if done.traces is not None:
        raise DatabaseError(
            "traces-remain",
            f"{holder} is forgotten, but the database's files still hold traces: {done.traces}; when that has ended,"
            " the same command removes them",
        )


def _copies(db: str) -> list[str]:
    """Databases that restorations kept beside the one in use."""
    name = plain_file(db)
    if name is None:
        return []
    file = Path(name).absolute()
    return sorted(each.name for each in file.parent.iterdir() if each.name.startswith(f"{file.name}.before-restore-"))


def log(
    *,
    db: options.Db = DEFAULT_URL,
    ledger: options.LedgerId = None,
    as_json: options.Json = False,
    as_csv: options.Csv = False,
    xlsx: options.Xlsx = None,
    force: options.Force = False,
    lang: options.Lang = "en",
) -> None:
    """Show who changed which particulars of whom, and when; never the particulars themselves.

    Example: rights people log
    """
    form = {"as_json": as_json, "as_csv": as_csv, "xlsx": xlsx, "force": force}
    refuse_forms(form, all_ledgers=False, is_written=False)
    with open_ledger(db, ledger) as book:
        changes = book.people.log()
    with spoken(lang):
        _give(book.ledger, ("Changes of people", changes_table), PersonChange, changes, form)


def _give(
    ledger: str,
    shown_as: tuple[str, Callable[[Sequence[Any]], Table]],
    row_type: type[Row],
    rows: Sequence[Row],
    form: Mapping[str, Any],
) -> None:
    """Give rows in the form that was asked for. shown_as: the title of their table, and how it is made."""
    title, to_table = shown_as
    of = text("{title} · ledger {ledger}", title=text(title), ledger=ledger)
    if form["as_json"]:
        print_json({"ledger": ledger, "rows": [each.to_dict() for each in rows]})
    elif form["as_csv"]:
        print_csv(names(row_type), (each.to_dict() for each in rows))
    elif form["xlsx"] is not None:
        from ledger.cli.workbooks import write_sheets
        from ledger.reports.workbook import Sheet

        about = {text("What it shows"): of, text("Ledger"): ledger}
        write_sheets(form["xlsx"], [Sheet(text(title), *to_table(rows))], about, force=form["force"])
    elif rows:
        print_table(of, *to_table(rows))
    else:
        say(text("{title}: none", title=of))
