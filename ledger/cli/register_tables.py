"""The tables of the register, and the words of a statement of it."""

from collections.abc import Sequence
from typing import NamedTuple

from ledger.answers import Answer
from ledger.cli.tables import Table
from ledger.people import Names
from ledger.projections.report_rows import RegisterRow
from ledger.projections.rows import plain
from ledger.reports.cells import Yen, label_of
from ledger.reports.language import day, text

ACQUIRED_BY = {
    "allotment": "allotment",
    "inheritance": "inheritance",
    "transfer": "transfer",
    "replacement": "replacement",
    "acquisition": "acquisition by the company",
}
TRANSFER = {
    "prohibited": "prohibited",
    "board-approval": "with the approval of the board",
    "free": "free",
}
UNITS = {
    "day": "{count} day",
    "days": "{count} days",
    "month": "{count} month",
    "months": "{count} months",
    "year": "{count} year",
    "years": "{count} years",
}
ENTRY = ("rights", "shares", "acquired on", "by", "certificates", "versions")
TO_BE_SIGNED = "_" * 40


class Statement(NamedTuple):
    """The lines before the tables of a statement, the tables, and the lines after. company: its id; empty of none."""

    company: str
    before: Sequence[str]
    tables: Sequence[tuple[str, Table]]
    after: Sequence[str]


def register_table(answer: Answer[RegisterRow]) -> Table:
    """Who holds which rights of which company, and since when."""
    rows: list[Sequence[object]] = [
        (row.company, row.series, _holder(row), row.address or "", *_entry(row, text(ACQUIRED_BY[row.acquired_by])))
        for row in answer
    ]
    headings = ("company", "series", "holder", "address", *ENTRY)
    if any(row[3] for row in rows):
        return headings, rows
    return (*headings[:3], *headings[4:]), [(*row[:3], *row[4:]) for row in rows]


def entered_table(answer: Answer[RegisterRow]) -> Table:
    """What is entered for one holder, who is named above it."""
    return ("series", *ENTRY), [(row.series, *_entry(row, _acquired_by(row))) for row in answer]


def _entry(row: RegisterRow, acquired_by: str) -> tuple[object, ...]:
    """What is entered, whoever holds it; a day is one where there is but one."""
    days: object = text(", ").join(map(day, row.acquired_on)) if len(row.acquired_on) > 1 else row.acquired_on[0]
    return row.rights, row.shares, days, acquired_by, text("not issued"), text(", ").join(map(str, row.versions))


def _acquired_by(row: RegisterRow) -> str:
    """How the holder came to the rights, and from whom."""
    way, giver = text(ACQUIRED_BY[row.acquired_by]), row.inherited_from or row.transferred_from
    return way if giver is None else text("{way} (from {giver})", way=way, giver=label_of(giver))


def content_table(answer: Answer[RegisterRow]) -> Table:
    """What the rights of each series are, in short."""
    series = {row.series: row for row in answer}
    rows: list[Sequence[object]] = [
        (
            row.series,
            row.series_name,
            row.company_name,
            row.shares_per_right,
            Yen(plain(row.exercise_price)),
            row.exercise_from,
            row.exercise_until,
            text(TRANSFER[row.transfer]),
            conditions(row),
        )
        for row in series.values()
    ]
    headings = ("series", "name", "company", "per right", "exercise price", "from", "until", "transfer", "conditions")
    return headings, rows


def conditions(row: RegisterRow) -> str:
    """The conditions of exercise in a few words."""
    said = [text("also in office") if row.while_in_office else text("not in office")]
    if row.after_departure is not None:
        said.append(text("within {span} of a departure", span=_span(row.after_departure)))
    if row.heir_within is None:
        said.append(text("not inherited"))
    else:
        said.append(text("the heir within {span}", span=_span(row.heir_within)))
    if row.lump_sum:
        said.append(text("all at once"))
    return text(", ").join(said)


def _span(written: str) -> str:
    count, _, unit = written.partition(" ")
    return text(UNITS[unit], count=count)


def _holder(row: RegisterRow) -> str:
    """A holder by name where there is one, and where the rights came from; the company itself by its name."""
    if row.holder is None:
        return text("{company}, the company itself", company=row.name)
    shown = row.holder if row.name is None else f"{row.name} ({row.holder})"
    if row.inherited_from is not None:
        return text("{holder}, heir of {giver}", holder=shown, giver=label_of(row.inherited_from))
    if row.transferred_from is not None:
        return text("{holder}, from {giver}", holder=shown, giver=label_of(row.transferred_from))
    return shown


def statements(answer: Answer[RegisterRow], holder: str, names: Names) -> list[Statement]:
    """A statement of the register for one holder of each company whose rights he holds; one of none where he does not.

    A company certifies its own register alone.
    """
    companies = sorted({row.company for row in answer}) or [""]
    return [_statement(_of(answer, company), company, holder, names) for company in companies]


def _of(answer: Answer[RegisterRow], company: str) -> Answer[RegisterRow]:
    return answer.where(lambda row: row.company == company)


def _statement(answer: Answer[RegisterRow], company: str, holder: str, names: Names) -> Statement:
    address = names.address(holder)
    as_of = "" if answer.as_of is None else day(answer.as_of)
    of = text(
        "ledger {ledger} at the end of {day}, as recorded up to version {version}",
        ledger=answer.ledger,
        day=as_of,
        version=f"{answer.known_version:,}",
    )
    before = [
        statement_title(answer),
        "",
        text("Holder: {holder}", holder=names.label(holder)),
        *([] if address is None else [text("Address: {address}", address=address)]),
        text("Of: {what}", what=of),
    ]
    if not answer:
        before += ["", text("No rights are entered for this holder on that day.")]
    tables = [
        (text("Rights entered"), entered_table(answer)),
        (text("Content of the rights"), content_table(answer)),
    ]
    after = [
        text("{count} entries, root {root}", count=f"{answer.known_version:,}", root=answer.root),
        "",
        text("The company certifies that its register says this of the holder."),
        "",
        text("Day: {line}", line=TO_BE_SIGNED),
        text("Company: {line}", line=answer[0].company_name if answer else TO_BE_SIGNED),
        text("Representative, name and seal: {line}", line=TO_BE_SIGNED),
    ]
    return Statement(company, before, tables, after)


def statement_title(answer: Answer[RegisterRow]) -> str:
    """What a statement is, and of which company's register where its rows are of one."""
    companies = {row.company_name for row in answer}
    if len(companies) != 1:
        return text("Statement of the register of stock acquisition rights (Companies Act 250)")
    return text(
        "Statement of the register of stock acquisition rights of {company} (Companies Act 250)",
        company=companies.pop(),
    )
