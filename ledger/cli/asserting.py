"""`rights check`: figures that are kept in a file, published ones for example, against the ledger."""

from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Final

import typer

from ledger.cli import options
from ledger.cli.commands import ASK
from ledger.cli.render import print_json, say, tell
from ledger.opening import DEFAULT_URL, open_ledger
from ledger.reports.cells import shown
from ledger.reports.language import day, reworded, spoken, text

if TYPE_CHECKING:
    from ledger.exchange.registers.asserting import Failure

MOST_VERSIONS: Final = 12
"""Told of a figure; `--why` and `--json` have all."""


def add(app: typer.Typer) -> None:
    """Add the command."""
    app.command("check", rich_help_panel=ASK)(check)


def check(
    files: Annotated[
        list[Path], typer.Argument(metavar="FILE...", help="Text with an assertion a line (docs/reconcile.md).")
    ],
    *,
    why: options.Why = False,
    db: options.Db = DEFAULT_URL,
    ledger: options.LedgerId = None,
    as_json: options.Json = False,
    lang: options.Lang = "en",
) -> None:
    """Check figures that are kept in a file against the ledger; silent when all hold.

    A line says, for example, as of 2017-07-14 series 7 has 245 rights. It ends with exit code 1 where one does not
    hold.

    Example: rights check published.txt
    """
    from ledger.exchange.registers.asserting import check as checked

    with open_ledger(db, ledger) as book:
        found = checked(book, files)
        if as_json:
            version = book.size()
            failures = [
                {**each.to_dict(), **({"because": [r.to_dict() for r in each.because]} if why else {})}
                for each in found.failures
            ]
            head = {"ledger": book.ledger, "version": version, "files": list(map(str, files))}
            print_json({**head, "assertions": found.asserted, "failures": failures})
    with spoken(lang):
        for each in () if as_json else found.failures:
            _tell(each, why=why)
        if found.failures and not as_json:
            failed, count = len(found.failures), found.asserted
            tell(text("Assertions that do not hold: {failed:,} of {count:,}.", failed=failed, count=count))
    if found.failures:
        raise typer.Exit(1)


def _tell(failure: "Failure", *, why: bool) -> None:
    """Say what does not hold, by how much, and what our figure rests on."""
    asserted = failure.assertion
    say(text("{file}, line {line}: {says}", file=failure.file, line=asserted.line, says=asserted.says))
    expected, found = _value(asserted.expected), _value(failure.found)
    say("  " + text("expected {expected}, found {found}", expected=expected, found=found) + _by(failure.difference))
    if asserted.source is not None:
        say("  " + text("source: {source}", source=asserted.source))
    versions = failure.versions
    if versions and not why:
        listed = text(", ").join(map(str, versions[:MOST_VERSIONS]))
        more = len(versions) - MOST_VERSIONS
        listed = listed if more <= 0 else text("{listed} and {more} more", listed=listed, more=f"{more:,}")
        say("  " + text("entries behind it: {versions}", versions=listed))
    for reason in failure.because if why else ():
        version = "" if reason.version is None else text(" (version {version})", version=reason.version)
        say(f"  {text('{item}: {says}', item=text(reason.item), says=reworded(reason.says))}{version}")
    say()


def _by(difference: object) -> str:
    if difference is None:
        return ""
    amount = shown(difference).lstrip("-")
    return text(": {amount} more", amount=amount) if _is_more(difference) else text(": {amount} less", amount=amount)


def _is_more(difference: object) -> bool:
    return not str(difference).startswith("-")


def _value(value: object) -> str:
    """A figure for people."""
    match value:
        case None:
            return text("nothing")
        case bool():
            return text("yes") if value else text("no")
        case (date() as first, date() as last):
            return text("{first} to {last}", first=day(first), last=day(last))
        case _:
            return f"{value:,}" if isinstance(value, int) else f"{value:,f}"
