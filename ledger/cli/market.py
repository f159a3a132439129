"""`rights volatility`: the volatility of item 12, from a file of closing prices."""

from collections.abc import Iterator
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Final, Literal, NamedTuple

import typer

from ledger.cli import options
from ledger.cli.commands import ASK
from ledger.cli.render import print_json, say
from ledger.domain.characters import MOST_SHOWN, listed
from ledger.domain.errors import RefusedError
from ledger.domain.spans import LAST_DAY
from ledger.domain.spelling import did_you_mean
from ledger.domain.strict_json import malformed
from ledger.domain.wellformed import entry_from
from ledger.opening import DEFAULT_URL, open_ledger

if TYPE_CHECKING:
    from ledger.book import Book
    from ledger.valuation.splits import ShareSplit
    from ledger.valuation.volatility import Frequency, Volatility

_DEFAULT_FILE: Final = Path("rights.db")

_PERIODS: Final = {"weekly": "week", "monthly": "month", "daily": "day"}
_WHICH: Final = {
    "weekly": "the last trading day of each week",
    "monthly": "the last trading day of each month",
    "daily": "every trading day",
}

Daily = Annotated[
    bool | None,
    typer.Option("--daily/--monthly", help="Every close, or the last of each month; default: the last of each week."),
]
Splits = Annotated[
    str | None,
    typer.Option(
        "--splits", metavar="DAY=N,…", help="Splits by effective day: 2012-10-01=200; or none. Default: the ledger's."
    ),
]
Company = Annotated[str | None, typer.Option("--company", metavar="C", help="Whose splits, where the ledger has them.")]
Series = Annotated[
    str | None,
    typer.Option(
        "--series", metavar="S", help="The same, by a series of the company.", autocompletion=options.series_names
    ),
]
ClosesOption = Annotated[
    Literal["as-traded", "adjusted"] | None,
    typer.Option("--closes", help="What closes before a split are, where it is unclear."),
]
AcceptStep = Annotated[
    list[date] | None,
    typer.Option(
        "--accept-step",
        metavar="DAY",
        parser=options.read_day,
        help="A step of that day is the market's, though like a split's.",
    ),
]


class KnownSplits(NamedTuple):
    """Splits, and who knows of them."""

    splits: "tuple[ShareSplit, ...]"
    says: str


def add(app: typer.Typer) -> None:
    """Add the command."""
    app.command("volatility", rich_help_panel=ASK)(volatility)


def volatility(
    file: Annotated[Path, typer.Argument(metavar="PRICES.csv", help="Closing prices by day (日付, 終値).")],
    *,
    since: Annotated[date, typer.Option("--from", metavar="DAY", parser=options.read_day, help="First day.")],
    until: Annotated[date, typer.Option("--until", metavar="DAY", parser=options.read_day, help="Last day.")],
    daily: Daily = None,
    splits: Splits = None,
    series: Series = None,
    company: Company = None,
    closes: ClosesOption = None,
    accept_step: AcceptStep = None,
    db: options.Db = DEFAULT_URL,
    ledger: options.LedgerId = None,
    as_json: options.Json = False,
) -> None:
    """Work out the volatility of a share from the closes of each week's last trading day (item 12).

    Splits of the shares inside the span are told from crashes: those of the ledger, or of --splits.

    Example: rights volatility prices.csv --from 2012-08-01 --until 2012-11-30 --company IIJ
    """
    from ledger.valuation.prices import read_prices
    from ledger.valuation.volatility import volatility as work_out

    known = known_splits(splits, series=series, company=company, db=db, ledger=ledger)
    found = work_out(
        read_prices(file),
        since,
        until,
        read_frequency(daily=daily),
        splits=known.splits,
        closes=closes,
        accepted=accept_step or (),
    )
    if as_json:
        print_json({**found.to_dict(), "splits_from": known.says})
        return
    for line in _lines(found, known):
        say(line)


def read_frequency(*, daily: bool | None) -> "Frequency":
    """Which closes count: those of weeks where neither --daily nor --monthly is given."""
    return "weekly" if daily is None else "daily" if daily else "monthly"


def known_splits(
    given: str | None, *, series: str | None, company: str | None, db: str, ledger: str | None
) -> KnownSplits:
    """Splits as --splits gives them; without it those of a company of the ledger, where there is a database.

    Raises `LedgerError`: where the ledger cannot be asked, or does not say whose splits are meant.
    """
    from ledger.valuation.splits import read_splits

    if given is not None:
        return KnownSplits(read_splits(given), "as --splits gives them")
    is_asked = series is not None or company is not None or ledger is not None or db != DEFAULT_URL
    if not is_asked and not _DEFAULT_FILE.exists():
        return KnownSplits((), "not known: there is no ledger here, and no --splits")
    with open_ledger(db, ledger) as book:
        return _of_the_ledger(book, series, company)


def _of_the_ledger(book: "Book", series: str | None, company: str | None) -> KnownSplits:
    from ledger.valuation.splits import companies_of, splits_of

    counted = [entry_from(row.entry) for row in book.history() if row.retracted_by is None]
    companies = companies_of(counted)
    if series is not None:
        [row] = book.series(LAST_DAY, series=series, why=False)
        if company not in {None, row.company}:
            malformed(f"series {series} is of company {row.company}, not of {company}")
        company = row.company
    if company is None:
        if len(companies) > 1:
            malformed(
                f"ledger {book.ledger} knows {listed(companies)}; say with --company whose splits, or --splits none"
            )
        if not companies:
            return KnownSplits((), f"not known: ledger {book.ledger} has no company")
        company = companies[0]
    if company not in companies:
        hint = did_you_mean(company, companies)
        raise RefusedError("unknown-company", f"company {company} is not known on any day{hint}")
    return KnownSplits(splits_of(counted, company), f"those of company {company} in ledger {book.ledger}")


def _lines(found: "Volatility", known: KnownSplits) -> Iterator[str]:
    """What is said of a volatility."""
    from ledger.valuation.volatility import PERIODS_PER_YEAR

    root = f"√{PERIODS_PER_YEAR[found.frequency]}"
    yield f"{found.volatility:f} a year: sample standard deviation × {root} of {found.returns:,} log returns."
    yield f"Their mean is {found.mean:f}."
    days = f"{found.points[0].day} to {found.points[-1].day}"
    yield f"{len(found.points):,} closes of {days}: {_WHICH[found.frequency]} from {found.since} to {found.until}."
    if found.is_adjusted:
        yield "They are adjusted closes: the file has no others."
    yield from _skipped(found)
    noted = [each.note for each in found.points if each.note]
    yield from (f"Note: {each}." for each in noted[:MOST_SHOWN])
    if len(noted) > MOST_SHOWN:
        yield f"Note: {len(noted) - MOST_SHOWN:,} more like these (--json has all)."
    yield f"Splits are {known.says}."
    for each in found.splits:
        yield f"Split of {each.split.on}, factor {each.split.factor}, ex-day {each.ex_day}: {each.says}."
    for step in found.accepted:
        like = f"like a split with a factor of about {step.factor}"
        yield f"The step on {step.after.day}, {like}, is the market's, as was said."
    yield f"{found.file}, SHA-256 {found.sha256}"


def _skipped(found: "Volatility") -> Iterator[str]:
    """Weeks or months that are not used, by their first days, one line for each reason."""
    word = _PERIODS[found.frequency]
    reasons: dict[str, list[date]] = {}
    for each in found.skipped:
        reasons.setdefault(each.reason, []).append(each.first)
    for reason, days in reasons.items():
        of = f"the {word} of" if len(days) == 1 else f"{len(days):,} {word}s, of"
        yield f"Not used: {of} {listed(days)}: {reason}."
