"""The facts of a memo from a price that was recorded: where each figure comes from, in words."""

from collections.abc import Iterator, Mapping
from datetime import date
from pathlib import Path
from typing import Any, Final

from ledger.valuation.memo import Facts, FileUsed
from ledger.valuation.prices import read_prices
from ledger.valuation.pricing import Pricing
from ledger.valuation.splits import read_splits
from ledger.valuation.volatility import Volatility, volatility

_FILES: Final = {"share_price": "Share price", "volatility": "Volatility", "rate": "Risk-free rate"}
_OF_THE_TERMS: Final = ("exercise_price", "shares_per_right")


def facts_of(pricing: Pricing, *, title: str, valued_on: date, made_on: date, prices: Path | None = None) -> Facts:
    """What a memo tells of a price. prices: the closes that it was computed from, to plot them."""
    return Facts(
        inputs=pricing.inputs,
        shares_per_right=pricing.shares_per_right,
        rounding=pricing.rounding,
        title=title,
        valued_on=valued_on,
        made_on=made_on,
        sources=dict.fromkeys(_OF_THE_TERMS, "the terms of the series")
        | {name: _words(name, source) for name, source in pricing.sources.items()},
        closes=_volatility(pricing.sources.get("volatility"), prices),
        files=tuple(_files(pricing.sources)),
    )


def _words(name: str, source: Mapping[str, Any]) -> str:
    match name:
        case "volatility":
            spread = f"{source['closes']:,} {source['frequency']} closes"
            return f"{spread} from {source['first_close']} to {source['last_close']} ({source['file']})"
        case "rate":
            used = " and ".join(f"{each['years']} years {each['percent']} %" for each in source["maturities"])
            note = f"; {source['note']}" if source.get("note") else ""
            return f"yields of {source['day']}: {used}{note} ({source['file']}, row {source['row']:,})"
        case _:
            return f"{source['how']} ({source['file']}, row {source['row']:,})"


def _files(sources: Mapping[str, Mapping[str, Any]]) -> Iterator[FileUsed]:
    for name, source in sources.items():
        yield FileUsed(_FILES.get(name, name), source["file"], source["sha256"])


def _volatility(source: Mapping[str, Any] | None, prices: Path | None) -> Volatility | None:
    """The closes again, as they were read for the price."""
    if source is None or prices is None:
        return None
    return volatility(
        read_prices(prices),
        date.fromisoformat(source["from"]),
        date.fromisoformat(source["until"]),
        source["frequency"],
        splits=read_splits(",".join(source.get("given_splits", ())) or "none"),
        closes=source.get("given_closes"),
        accepted=[date.fromisoformat(each) for each in source.get("accepted_steps", ())],
    )
