"""The register of stock acquisition rights, and a statement of what it says of one holder."""

from collections.abc import Sequence
from pathlib import Path
from typing import Annotated, Literal

import typer

from ledger.answers import Answer
from ledger.book import Book
from ledger.cli import options
from ledger.cli.commands import ASK
from ledger.cli.questions import Knowledge, question, refuse_forms
from ledger.cli.register_tables import content_table, register_table, statement
from ledger.cli.render import print_csv, print_json, print_table, say
from ledger.cli.tables import Table
from ledger.opening import DEFAULT_URL, open_ledger
from ledger.people import Names
from ledger.projections.report_rows import RegisterRow
from ledger.projections.rows import names
from ledger.reports.language import spoken, text


def add(app: typer.Typer) -> None:
    """Add the register, and the statement of it."""
    question(app, register, RegisterRow, ("Register", register_table), ("Content of the rights", content_table))
    app.command("extract", rich_help_panel=ASK)(extract)


def register(
    book: Book,
    known: Knowledge,
    *,
    as_of: options.AsOf = None,
    by: Annotated[Literal["series", "holder"], typer.Option("--by", help="What the rows are ordered by.")] = "series",
    ids_only: options.IdsOnly = False,
    series: options.AnySeries = None,
    holder: options.AnyHolder = None,
) -> Answer[RegisterRow]:
    """Show the register of stock acquisition rights: who holds which, since when (Companies Act 249).

    Names and addresses are those that the directory of people has today.

    Example: rights register --as-of 2018-07-02
    """
    return book.register(as_of, by=by, ids_only=ids_only, series=series, holder=holder, **known)


def extract(
    *,
    holder: options.Holder,
    as_of: options.AsOf = None,
    ids_only: options.IdsOnly = False,
    known_at: options.KnownAt = None,
    known_version: options.KnownVersion = None,
    db: options.Db = DEFAULT_URL,
    ledger: options.LedgerId = None,
    as_json: options.Json = False,
    as_csv: options.Csv = False,
    xlsx: options.Xlsx = None,
    force: options.Force = False,
    lang: options.Lang = "en",
) -> None:
    """Write what the register says of one holder, to be signed and given to him (Companies Act 250).

    Example: rights extract --holder director-1 --as-of 2018-07-02
    """
    form = {"as_json": as_json, "as_csv": as_csv, "xlsx": xlsx, "force": force}
    refuse_forms(form, all_ledgers=False, is_written=False)
    with open_ledger(db, ledger) as book:
        answer = book.register(
            as_of, ids_only=ids_only, holder=holder, known_at=known_at, known_version=known_version, why=False
        )
        called = Names({}) if ids_only else book.people.names()
    if as_json:
        whom = {"holder": holder, "name": called.name(holder), "address": called.address(holder)}
        print_json({**answer.head(), **whom, "rows": [row.to_dict() for row in answer]})
        return
    if as_csv:
        print_csv(names(RegisterRow), (row.to_dict() for row in answer))
        return
    with spoken(lang):
        before, tables, after = statement(answer, holder, called)
        if xlsx is not None:
            _write(xlsx, answer, called.label(holder), tables, force=force)
            return
        for line in before:
            say(line)
        for title, table in tables:
            print_table(title, *table)
            say()
        for line in after:
            say(line)


def _write(
    file: Path,
    answer: Answer[RegisterRow],
    holder: str,
    tables: Sequence[tuple[str, Table]],
    *,
    force: bool,
) -> None:
    """Write the tables of a statement into a workbook, and of whom and of what they are."""
    from ledger.cli.workbooks import write_sheets
    from ledger.reports.workbook import Sheet

    about: dict[str, object] = {
        text("What it shows"): text("Statement of the register of stock acquisition rights (Companies Act 250)"),
        text("holder"): holder,
        text("Ledger"): answer.ledger,
        text("Day"): answer.as_of,
        text("Version"): answer.known_version,
        text("Root"): answer.root,
    }
    write_sheets(file, [Sheet(title, *table) for title, table in tables], about, force=force)
