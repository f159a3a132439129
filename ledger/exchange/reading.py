"""Which form a file of others has, and its reader: the file is looked into, its name decides only between the rest."""

from datetime import date
from pathlib import Path

from ledger.book import Book
from ledger.exchange.plan import Plan


def plan_for(book: Book, file: Path, *, today: date, sheet: str | None = None) -> Plan:
    """What a file would record in a ledger: names where ids are wanted are problems, too.

    today, sheet and errors are those of `plan_of`.
    """
    plan = plan_of(file, today=today, sheet=sheet)
    if not plan.is_typed:
        return plan
    from ledger.exchange.sheets.meant import names_for_ids

    return plan._replace(problems=(*plan.problems, *names_for_ids(plan, book)))


def plan_of(file: Path, *, today: date, sheet: str | None = None) -> Plan:
    """What a file, or the folder of a package, would record.

    today: no fact may be later where a form says so. sheet: the kind of a file that is one sheet, where its headings do
    not say it. Raises `MalformedError` for what is in none of the forms, is too large, or cannot be read; everything
    else that is wrong stands in the plan.
    """
    from ledger.exchange.packages.ocf_package import is_package

    if is_package(file):
        from ledger.exchange.packages.ocf_reading import package_plan

        return package_plan(file)
    from ledger.exchange.sheets.reading import sheet_plan

    return sheet_plan(file, today=today, sheet=sheet)
