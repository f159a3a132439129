"""From files of market data to a price: which figure comes from which file, and how it is found again (item 12)."""

import hashlib
from collections.abc import Mapping
from datetime import date
from fractions import Fraction
from pathlib import Path
from typing import Any, NamedTuple, cast

from ledger.domain.errors import RefusedError
from ledger.domain.spans import ONE_DAY
from ledger.domain.strict_json import malformed
from ledger.valuation.black_scholes import exact_number, read_inputs
from ledger.valuation.prices import Prices, read_prices
from ledger.valuation.pricing import Pricing, written
from ledger.valuation.rates import read_rate
from ledger.valuation.share_price import share_price
from ledger.valuation.splits import Closes, ShareSplit, read_splits
from ledger.valuation.volatility import LONGEST_SPAN_YEARS, Frequency, volatility


class Asked(NamedTuple):
    """What a price is wanted of: each figure given, or the file that it is read from.

    on: the day of valuation. term, dividend, share_price, volatility, rate: as `black_scholes.value` takes them.
    prices, rates: files. since, until: span of the volatility, by default as many years as the term, until `on`.
    splits: of the shares, which the closes may fall by. closes, accepted: as `volatility` takes them.
    """

    on: date
    term: str
    dividend: str
    share_price: str | None = None
    volatility: str | None = None
    rate: str | None = None
    prices: Path | None = None
    rates: Path | None = None
    since: date | None = None
    until: date | None = None
    frequency: Frequency = "weekly"
    splits: tuple[ShareSplit, ...] = ()
    closes: Closes | None = None
    accepted: tuple[date, ...] = ()


class Granted(NamedTuple):
    """What the terms of a series say: yen per share, shares for one right, and what is rounded up."""

    exercise_price: Fraction
    shares_per_right: int
    rounding: str


def priced(asked: Asked, granted: Granted) -> Pricing:
    """Compute a price from what is given and from files.

    Raises `MalformedError` where a figure is neither given nor in a file, or is both; what the readers of the files
    raise; `OSError`.
    """
    _check(asked)
    prices = None if asked.prices is None else read_prices(asked.prices)
    sources: dict[str, Mapping[str, Any]] = {}
    figures = {"share_price": asked.share_price, "volatility": asked.volatility, "rate": asked.rate}
    if prices is not None and asked.share_price is None:
        share = share_price(prices, asked.on, splits=asked.splits, closes=asked.closes)
        figures["share_price"] = format(share.price, "f")
        sources["share_price"] = share.to_dict()
    if prices is not None and asked.volatility is None:
        figures["volatility"], sources["volatility"] = _volatility(asked, prices)
    if asked.rates is not None:
        rate = read_rate(asked.rates, asked.on, asked.term)
        figures["rate"] = format(rate.rate, "f")
        sources["rate"] = rate.to_dict()
    inputs = read_inputs(
        share_price=figures["share_price"] or "",
        exercise_price=granted.exercise_price,
        term=asked.term,
        volatility=figures["volatility"] or "",
        rate=figures["rate"] or "",
        dividend=asked.dividend,
    )
    return Pricing(inputs, granted.shares_per_right, granted.rounding, sources)


def found_again(was: Pricing, asked: Asked) -> Pricing:
    """Compute a recorded price again, from the same files. asked: with the files, and what `asked_again` says.

    Raises `RefusedError` (`other-file`) where a file is not the one that was recorded; what `priced` raises; `OSError`.
    """
    for name, file in (("share_price", asked.prices), ("volatility", asked.prices), ("rate", asked.rates)):
        source = was.sources.get(name)
        if source is not None and file is not None:
            _refuse_another(file, name, source)
    return priced(asked, Granted(was.inputs.exercise_price, was.shares_per_right, was.rounding))


def _refuse_another(file: Path, name: str, source: Mapping[str, Any]) -> None:
    with file.open("rb") as content:
        digest = hashlib.file_digest(content, "sha256").hexdigest()
    if digest != source.get("sha256"):
        raise RefusedError(
            "other-file",
            f"{file.name} is not the file that the {_words(name)} was read from, {source.get('file')}: its SHA-256 is"
            f" {digest}, and it was {source.get('sha256')} (item 12)",
        )


def asked_again(was: Pricing, on: date, prices: Path | None, rates: Path | None) -> Asked:
    """What a recorded price was wanted of, with the files to read it from; what has no file is as it was recorded."""
    spread = was.sources.get("volatility", {})
    return Asked(
        on=on,
        term=written(was.inputs.term),
        dividend=written(was.inputs.dividend),
        share_price=None if prices and "share_price" in was.sources else written(was.inputs.share_price),
        volatility=None if prices and spread else written(was.inputs.volatility),
        rate=None if rates and "rate" in was.sources else written(was.inputs.rate),
        prices=prices,
        rates=rates if "rate" in was.sources else None,
        since=_day(spread.get("from")),
        until=_day(spread.get("until")),
        frequency=cast(Frequency, spread.get("frequency", "weekly")),
        splits=read_splits(",".join(spread.get("given_splits", ())) or "none"),
        closes=cast(Closes | None, spread.get("given_closes")),
        accepted=tuple(date.fromisoformat(each) for each in spread.get("accepted_steps", ())),
    )


def _check(asked: Asked) -> None:
    for name, file, option in (
        ("share_price", asked.prices, "--prices"),
        ("volatility", asked.prices, "--prices"),
        ("rate", asked.rates, "--rates"),
    ):
        given = getattr(asked, name)
        if given is None and file is None:
            malformed(f"the {_words(name)} is missing: give --{name.replace('_', '-')}, or {option} FILE")
    if asked.until is not None and asked.until > asked.on:
        malformed(f"--until is {asked.until}, after the day of valuation, {asked.on}: nobody knew those closes then")
    if asked.rate is not None and asked.rates is not None:
        malformed("--rate and --rates are both given: the rate is the one or is read from the other")
    if asked.prices is not None and asked.share_price is not None and asked.volatility is not None:
        malformed("--prices is given, and --share-price and --volatility leave nothing to read from it")


def _words(name: str) -> str:
    return name.replace("_", " ")


def _volatility(asked: Asked, prices: Prices) -> tuple[str, dict[str, Any]]:
    until = asked.on if asked.until is None else asked.until
    since = _years_before(until, asked.term) if asked.since is None else asked.since
    found = volatility(
        prices,
        since,
        until,
        asked.frequency,
        splits=asked.splits,
        closes=asked.closes,
        accepted=asked.accepted,
    )
    told = found.to_dict()
    del told["points"]  # they are in the file, whose hash is kept
    told |= {"first_close": found.points[0].day.isoformat(), "last_close": found.points[-1].day.isoformat()}
    told |= {"given_splits": [str(each) for each in asked.splits], "given_closes": asked.closes}
    return format(found.volatility, "f"), told


def _years_before(day: date, term: str) -> date:
    """The day after which so many whole years, rounded up, end on a day: that of the notices' span."""
    years = -(-exact_number("term", term) // 1)
    if not 0 < years <= LONGEST_SPAN_YEARS:
        malformed(
            f"`term` is {term}: the span of the volatility cannot be as long; give it with --from, or --volatility"
        )
    try:
        return day.replace(year=day.year - int(years)) + ONE_DAY
    except ValueError:  # 29 February, or a year before the first
        return date(max(day.year - int(years), 1), 3, 1)


def _day(text: object) -> date | None:
    return None if text is None else date.fromisoformat(str(text))
