"""The tables of the reports that a company files or publishes."""

from collections.abc import Callable, Iterable, Sequence
from datetime import date
from itertools import groupby
from typing import Any

from ledger.answers import Answer
from ledger.cli.tables import Table, used
from ledger.projections.report_rows import DilutionRow, RegistrationRow, RollforwardRow
from ledger.projections.rollforward import CAME, WENT
from ledger.projections.rows import plain
from ledger.reports.cells import FormDay, Yen
from ledger.reports.language import text


def _totals(answer: Iterable[Any], total: Callable[[list[Any]], Sequence[object]]) -> list[Sequence[object]]:
    """A row of sums for each company of which there are several rows."""
    by_company = groupby(sorted(answer, key=lambda row: str(row.company)), key=lambda row: row.company)
    found = [list(rows) for _, rows in by_company]
    return [total(rows) for rows in found if len(rows) > 1]


def _total_of(company: str) -> str:
    return text("total of {company}", company=company)


def rollforward_rights_table(answer: Answer[RollforwardRow]) -> Table:
    """What became of the rights of each series."""
    columns = ("opening", *used(answer, CAME), *used(answer, WENT), "closing")
    rows: list[Sequence[object]] = [(row.series, *(getattr(row, name) for name in columns)) for row in answer]
    rows += _totals(
        answer, lambda of: (_total_of(of[0].company), *(sum(getattr(row, name) for row in of) for name in columns))
    )
    return ("series", *columns), rows


def rollforward_shares_table(answer: Answer[RollforwardRow]) -> Table:
    """The same in shares, by the shares per right at the end."""
    columns = ("opening", *used(answer, CAME), *used(answer, WENT), "closing")
    names = [f"{name}_shares" for name in columns]
    rows: list[Sequence[object]] = [
        (row.series, row.shares_per_right, *(getattr(row, name) for name in names)) for row in answer
    ]
    rows += _totals(
        answer, lambda of: (_total_of(of[0].company), "", *(sum(getattr(row, name) for row in of) for name in names))
    )
    return ("series", "per right", *columns), rows


def registration_table(answer: Answer[RegistrationRow]) -> Table:
    """What was exercised, what was paid, and what is left to be registered."""
    treasury = used(answer, ("treasury_shares",))
    due = used(answer, ("shares_still_due",))
    counts = ("rights", "shares", *treasury, *due)
    amounts = ("payment", "capital", "capital_reserve")

    def cells(of: Sequence[RegistrationRow]) -> list[object]:
        summed = [sum(getattr(row, name) for row in of) for name in counts]
        paid = [Yen(sum(getattr(row, name) for row in of)) for name in amounts]
        left = [sum(getattr(row, name) for row in of) for name in ("rights_left", "shares_left")]
        return [*summed, *paid, *left, _form_day(of[0].due_on)]

    rows: list[Sequence[object]] = [(row.series, *cells([row])) for row in answer]
    rows += _totals(answer, lambda of: (_total_of(of[0].company), *cells(of)))
    headings = ("series", "rights", "shares", *("of treasury" for _ in treasury))
    headings += (*("shares still due" for _ in due), "payment", "capital", "reserve")
    return (*headings, "rights left", "shares left", "file by"), rows


def _form_day(on: date) -> FormDay:
    return FormDay(on.year, on.month, on.day)


def dilution_table(answer: Answer[DilutionRow]) -> Table:
    """How many shares may come of each series, and how much of the whole they would be."""
    from ledger.projections.dilution import percent

    method = used(answer, ("diluted_shares",))
    rows: list[Sequence[object]] = [
        (
            row.series,
            row.rights,
            row.shares,
            Yen(plain(row.exercise_price)),
            Yen(row.payment),
            _percent(row.percent_of_outstanding),
            _percent(row.percent_of_fully_diluted),
            *(row.dilutive_shares for _ in method),
        )
        for row in answer
    ]
    if len(rows) > 1:
        shares, first = sum(row.shares for row in answer), answer[0]
        rows.append((
            _total_of(first.company),
            sum(row.rights for row in answer),
            shares,
            "",
            Yen(sum(row.payment for row in answer)),
            _percent(percent(shares, first.shares_outstanding)),
            _percent(percent(shares, first.fully_diluted_shares)),
            *(sum(row.dilutive_shares or 0 for row in answer) for _ in method),
        ))  # fmt: skip
    headings = ("series", "rights", "shares", "exercise price", "payment", "of outstanding", "of fully diluted")
    return (*headings, *("dilutive" for _ in method)), rows


def _percent(percent: str) -> str:
    return text("{percent} %", percent=percent)


def company_shares_table(answer: Answer[DilutionRow]) -> Table:
    """The shares of the company: those outstanding, and what they may become."""
    first = answer[0]
    diluted = [] if first.diluted_shares is None else [first.diluted_shares]
    headings = ("company", "shares outstanding", "fully diluted", *("diluted (treasury-stock method)" for _ in diluted))
    return headings, [(first.company, first.shares_outstanding, first.fully_diluted_shares, *diluted)]
