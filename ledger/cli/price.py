"""`rights price`: the amount paid for a right, given or computed from files, and recorded with what it comes from."""

from collections.abc import Iterator, Mapping
from datetime import date, timedelta
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any, Final

import typer

from ledger.cli import options
from ledger.cli.commands import COMPANIES
from ledger.cli.forms import COMMON, Fields, common, record_one, taking
from ledger.cli.market import AcceptStep, ClosesOption, Daily, Splits, known_splits, read_frequency
from ledger.cli.render import say
from ledger.domain.strict_json import malformed
from ledger.opening import open_ledger
from ledger.reports.cells import Yen

if TYPE_CHECKING:
    from ledger.valuation.pricing import Pricing

COMPUTE: Final = "To compute it (item 12)"
LATE: Final = timedelta(days=31)

Day = Annotated[
    date | None,
    typer.Option("--on", metavar="DAY", parser=options.read_day, help="The day of it; computed: the day of allotment."),
]


def _figure(name: str, metavar: str, text: str) -> Any:
    return typer.Option(name, metavar=metavar, help=text, rich_help_panel=COMPUTE)


def add(app: typer.Typer) -> None:
    """Add the command."""
    app.command("price", rich_help_panel=COMPANIES)(taking(price, _amounts, _figures, _closes, common))


def _amounts(
    *,
    series: options.Series,
    on: Day = None,
    price_per_share: Annotated[
        str | None,
        typer.Option("--price-per-share", metavar="YEN", help="Such as 2113 or 126.28; else it is computed."),
    ] = None,
    price_per_right: Annotated[
        str | None,
        typer.Option("--price-per-right", metavar="YEN", help="Default: per share × shares per right, rounded up."),
    ] = None,
) -> None:
    """Carry the options of a price that was decided."""


def _figures(
    *,
    prices: Annotated[
        Path | None, _figure("--prices", "FILE", "Closing prices: gives the share price and the volatility.")
    ] = None,
    rates: Annotated[Path | None, _figure("--rates", "FILE", "The ministry's yields: gives the rate.")] = None,
    dividend: Annotated[str | None, _figure("--dividend", "YEN", "Yen a share and year.")] = None,
    term: Annotated[str | None, _figure("--term", "YEARS", "T, the expected remaining period.")] = None,
    share_price: Annotated[str | None, _figure("--share-price", "YEN", "S, instead of that of --prices.")] = None,
    volatility: Annotated[str | None, _figure("--volatility", "σ", "Of one, instead of that of --prices.")] = None,
    rate: Annotated[str | None, _figure("--rate", "r", "Of one, instead of that of --rates.")] = None,
) -> None:
    """Carry the options of the figures."""


def _closes(
    *,
    since: Annotated[
        date | None,
        typer.Option(
            "--from",
            metavar="DAY",
            parser=options.read_day,
            help="First day of the volatility; default: as many years as the term.",
            rich_help_panel=COMPUTE,
        ),
    ] = None,
    until: Annotated[
        date | None,
        typer.Option(
            "--until", metavar="DAY", parser=options.read_day, help="Its last; default: --on.", rich_help_panel=COMPUTE
        ),
    ] = None,
    daily: Daily = None,
    splits: Splits = None,
    closes: ClosesOption = None,
    accept_step: AcceptStep = None,
) -> None:
    """Carry the options of how closes are read."""


def price(**given: Any) -> None:
    """Record the amount paid for a right, as given or as computed from market data (item 12).

    Computed, the entry keeps every input, the SHA-256 of each file and the price before rounding: `rights value
    --of-series` computes it again from them.

    Example: rights price --series 8 --on 2018-07-13 --price-per-share 1633
    """
    of_all = {key: given.pop(key) for key in COMMON}
    if given["price_per_share"] is not None:
        record_one(_given(**given), **of_all)
        return
    fields, told = _computed(given, db=of_all["db"], ledger=of_all["ledger"])
    if not of_all["as_json"]:
        for line in told:
            say(line)
    record_one(fields, **of_all, shown=fields)


def lines(priced: "Pricing") -> Iterator[str]:
    """What a price was computed from, in words."""
    of, sources = priced.inputs, priced.sources
    share, spread, rate = (sources.get(name) for name in ("share_price", "volatility", "rate"))
    yield f"S {Yen(_digits(of.share_price))}: {share['how'] if share else 'as given'}."
    how = (
        f"{spread['closes']:,} {spread['frequency']} closes from {spread['first_close']} to {spread['last_close']}"
        if spread
        else "as given"
    )
    yield f"σ {_digits(of.volatility)}: {how}."
    yield from () if spread is None else _notes(spread)
    yield f"r {_digits(of.rate)}: {'yields of ' + rate['day'] if rate else 'as given'}."
    if rate and rate.get("note"):
        yield f"  Note: {rate['note']}."
    yield f"X {Yen(_digits(of.exercise_price))}, T {_digits(of.term)} years, dividend {Yen(_digits(of.dividend))}."
    worth = priced.valuation.to_dict()
    yield f"{priced.exact} yen a share by Black-Scholes, rounded by `{priced.rounding}`:"
    per_right = f"{Yen(worth['price_per_right'])} a right of {priced.shares_per_right:,} shares"
    yield f"{Yen(worth['price_per_share'])} a share, {per_right}."


def _notes(spread: Mapping[str, Any]) -> Iterator[str]:
    """What else is to be known of a volatility."""
    for split in spread["splits"]:
        if split.get("closes") is not None:
            yield f"  Split of {split['on']}, factor {split['factor']}: {split['says']}."
    asked, first = date.fromisoformat(spread["from"]), date.fromisoformat(spread["first_close"])
    if first - asked > LATE:
        yield f"  Note: the span asked for begins {asked}; the file's first close in it is of {first}."
    if spread["skipped"]:
        yield f"  Note: {len(spread['skipped']):,} weeks or months of it are not used; `rights volatility` says why."
    for day in spread["accepted_steps"]:
        yield f"  Note: the step of {day}, as large as a split, is taken for the market's, as was said."


def _given(
    *, series: str, on: date | None, price_per_share: str, price_per_right: str | None, **others: object
) -> Fields:
    """The entry of a price that was decided."""
    for name, value in others.items():
        if value is not None and value != []:
            option = {"since": "from", "daily": "daily or --monthly"}.get(name, name).replace("_", "-")
            malformed(f"--price-per-share is given, and --{option} is to compute it: give one of them")
    if on is None:
        malformed("give the day with --on")
    prices = {"price_per_share": price_per_share, "price_per_right": price_per_right}
    return {"type": "pricing", "series": series, "on": on, **prices}


def _computed(given: dict[str, Any], *, db: str, ledger: str | None) -> tuple[Fields, Iterator[str]]:
    """The entry of a price that is computed, and what it was computed from, in words."""
    from fractions import Fraction

    from ledger.valuation.sourcing import Asked, Granted, priced

    if given.pop("price_per_right") is not None:
        malformed("--price-per-right is given without --price-per-share")
    del given["price_per_share"]
    if given["dividend"] is None or given["term"] is None:
        malformed("give --price-per-share, or what it is computed from: --dividend, --term, --prices, --rates")
    series, daily, splits = given.pop("series"), given.pop("daily"), given.pop("splits")
    given["accepted"] = tuple(given.pop("accept_step") or ())
    given["frequency"] = read_frequency(daily=daily)
    if given["prices"] is not None:
        given["splits"] = known_splits(splits, series=series, company=None, db=db, ledger=ledger).splits
    with open_ledger(db, ledger) as book:
        of = book.issued(series)
    terms = of.terms
    given["on"] = of.allotment_date if given["on"] is None else given["on"]
    granted = Granted(Fraction(terms.exercise_price), terms.shares_per_right, terms.price_rounding)
    found = priced(Asked(**given), granted)
    return found.entry(series, given["on"]), lines(found)


def _digits(number: Any) -> str:
    from ledger.valuation.pricing import written

    return written(number)
