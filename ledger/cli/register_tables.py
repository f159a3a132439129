"""The tables of the register, and the words of a statement of it."""

from collections.abc import Sequence

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
TO_BE_SIGNED = "_" * 40


def register_table(answer: Answer[RegisterRow]) -> Table:
    """Who holds which rights, and since when."""
    rows: list[Sequence[object]] = [
        (
            row.series,
            _holder(row),
            row.address or "",
            row.rights,
            row.shares,
            ", ".join(map(day, row.acquired_on)),
            text(ACQUIRED_BY[row.acquired_by]),
            text("not issued"),
            ", ".join(map(str, row.versions)),
        )
        for row in answer
    ]
    headings = ("series", "holder", "address", "rights", "shares", "acquired on", "by", "certificates", "versions")
    if any(row[2] for row in rows):
        return headings, rows
    return (*headings[:2], *headings[3:]), [(*row[:2], *row[3:]) for row in rows]


def content_table(answer: Answer[RegisterRow]) -> Table:
    """What the rights of each series are, in short."""
    series = {row.series: row for row in answer}
    rows: list[Sequence[object]] = [
        (
            row.series,
            row.series_name,
            row.company,
            row.shares_per_right,
            Yen(plain(row.exercise_price)),
            day(row.exercise_from),
            day(row.exercise_until),
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
    return ", ".join(said)


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


def statement(
    answer: Answer[RegisterRow], holder: str, names: Names
) -> tuple[Sequence[str], Sequence[tuple[str, Table]], Sequence[str]]:
    """What stands before the tables of a statement of the register for one holder, the tables, and what comes after."""
    address = names.address(holder)
    as_of = "" if answer.as_of is None else day(answer.as_of)
    of = text(
        "ledger {ledger} at the end of {day}, as recorded up to version {version}",
        ledger=answer.ledger,
        day=as_of,
        version=f"{answer.known_version:,}",
    )
    before = [
        text("Statement of the register of stock acquisition rights (Companies Act 250)"),
        "",
        text("Holder: {holder}", holder=names.label(holder)),
        *([] if address is None else [text("Address: {address}", address=address)]),
        text("Of: {what}", what=of),
        "",
    ]
    if not answer:
        before += [text("No rights are entered for this holder on that day."), ""]
    tables = [
        (text("Rights entered"), register_table(answer)),
        (text("Content of the rights"), content_table(answer)),
    ]
    after = [
        text("{count} entries, root {root}", count=f"{answer.known_version:,}", root=answer.root),
        "",
        text("The company certifies that its register says this of the holder."),
        "",
        text("Day: {line}", line=TO_BE_SIGNED),
        text("Company: {line}", line=TO_BE_SIGNED),
        text("Representative, name and seal: {line}", line=TO_BE_SIGNED),
    ]
    return before, tables if answer else [], after
