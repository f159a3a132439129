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
from ledger.cli.register_tables import Statement, content_table, register_table, statement_title, statements
from ledger.cli.render import print_csv, print_json, print_table, say
from ledger.opening import DEFAULT_URL, open_ledger
from ledger.people import Names
from ledger.projections.report_rows import RegisterRow
from ledger.projections.rows import names
from ledger.reports.language import spoken, text

Company = Annotated[
    str | None, typer.Option("--company", metavar="C", help="Only rights of this company; default: of all.")
]


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
    company: Company = None,
    series: options.AnySeries = None,
    holder: options.AnyHolder = None,
) -> Answer[RegisterRow]:
    """Show the register of stock acquisition rights: who holds which, since when (Companies Act 249).

    Names and addresses are those that the directory of people has today.

    Example: rights register --as-of 2018-07-02
    """
    return book.register(as_of, by=by, ids_only=ids_only, company=company, series=series, holder=holder, **known)


def extract(  # noqa: PLR0913 - the options of a command
    *,
    holder: options.Holder,
    company: Company = None,
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

    Of rights of several companies it writes a statement for each.

    Example: rights extract --holder director-1 --as-of 2018-07-02
    """
    form = {"as_json": as_json, "as_csv": as_csv, "xlsx": xlsx, "force": force}
    refuse_forms(form, all_ledgers=False, is_written=False)
    with open_ledger(db, ledger) as book:
        asked = {"company": company, "holder": holder, "known_at": known_at, "known_version": known_version}
        answer = book.register(as_of, ids_only=ids_only, why=False, **asked)
        called = Names({}) if ids_only else book.people.names()
    if as_json:
        whom = {"holder": holder, "name": called.name(holder), "address": called.address(holder)}
        print_json({**answer.head(), **whom, "rows": [row.to_dict() for row in answer]})
        return
    if as_csv:
        print_csv(names(RegisterRow), (row.to_dict() for row in answer))
        return
    with spoken(lang):
        stated = statements(answer, holder, called)
        if xlsx is None:
            _print(stated)
        else:
            _write(xlsx, answer, called.label(holder), stated, force=force)


def _print(stated: Sequence[Statement]) -> None:
    """Print statements one after the other."""
    for number, each in enumerate(stated):
        for line in (*([""] * 2 if number else []), *each.before, ""):
            say(line)
        for title, table in each.tables if each.company else ():
            print_table(title, *table)
            say()
        for line in each.after:
            say(line)


def _write(
    file: Path,
    answer: Answer[RegisterRow],
    holder: str,
    stated: Sequence[Statement],
    *,
    force: bool,
) -> None:
    """Write statements into a workbook, each in a sheet to be printed and signed, and of whom and of what they are."""
    from ledger.cli.workbooks import write_sheets
    from ledger.reports.workbook import Sheet

    sheets = []
    for each in stated:
        (entered, rights), *content = each.tables
        sheets.append(Sheet(_titled(entered, each, stated), *rights, above=each.before, below=each.after))
        sheets += [Sheet(_titled(title, each, stated), *table) for title, table in content if each.company]
    about: dict[str, object] = {
        text("What it shows"): statement_title(answer),
        text("holder"): holder,
        text("Ledger"): answer.ledger,
        text("Day"): answer.as_of,
        text("Version"): answer.known_version,
        text("Root"): answer.root,
    }
    write_sheets(file, sheets, about, force=force)


def _titled(title: str, of: Statement, stated: Sequence[Statement]) -> str:
    """The title of a sheet; where there are statements of several companies, with whose it is."""
    return title if len(stated) == 1 else text("{company}: {title}", company=of.company, title=title)
