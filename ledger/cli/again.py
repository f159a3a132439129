"""`rights value --of-series`: a recorded price computed again from what the ledger keeps of it, and from the files."""

from collections.abc import Mapping
from datetime import date
from pathlib import Path
from typing import Any, NoReturn

from ledger.cli.render import print_json, say
from ledger.domain.errors import RefusedError
from ledger.domain.strict_json import malformed
from ledger.opening import open_ledger


def compute_again(
    series: str, *, prices: Path | None, rates: Path | None, db: str, ledger: str | None, as_json: bool
) -> None:
    """Compute the price of a series again, and say whether it is the same to the last digit.

    prices, rates: the files that it was computed from, or None to take their figures as they were recorded.

    Raises `RefusedError`: `no-inputs` where nothing is there to compute it from, `other-file`, `differs`.
    """
    from ledger.valuation.pricing import compared, recorded
    from ledger.valuation.sourcing import asked_again, found_again

    with open_ledger(db, ledger) as book:
        pricing = book.pricing(series)
    if pricing is None:
        raise RefusedError("no-inputs", f"series {series} has no price yet; `rights price` records one (item 12)")
    version, entry = pricing
    was = recorded(version, entry)
    _refuse_unused(set(was.sources), prices, rates)
    again = was
    if prices is not None or rates is not None:
        again = found_again(was, asked_again(was, date.fromisoformat(entry["on"]), prices, rates))
    found = list(compared(entry, again))
    other = [each for each in found if not each.agrees]
    if as_json and not other:
        figures = [{"figure": each.what, "recorded": each.recorded, "found": each.found} for each in found]
        print_json({"series": series, "version": version, "agrees": True, "figures": figures})
        return
    if other:
        _differs(version, series, [f"{each.what} {each.recorded}, now {each.found}" for each in other])
    for each in found:
        say(f"{each.what.replace('_', ' ')}: {each.found}")
    files = [source["file"] for name, source in was.sources.items() if name in again.sources and "file" in source]
    of = f"computed again from {', '.join(dict.fromkeys(files))}" if again is not was else "computed again"
    say(f"The price of version {version}, series {series}, {of}, agrees to the last digit.")


def refuse_figures(given: Mapping[str, Any]) -> None:
    """Refuse figures beside --of-series: the recorded ones are used."""
    for name, value in given.items():
        if name not in {"rounding", "as_json"} and value:
            malformed(f"--of-series takes the figures that were recorded: leave --{name.replace('_', '-')} out")


def _refuse_unused(sources: set[str], prices: Path | None, rates: Path | None) -> None:
    if prices is not None and not sources & {"share_price", "volatility"}:
        malformed("the price was not computed from a file of prices: leave --prices out")
    if rates is not None and "rate" not in sources:
        malformed("the price was not computed from a table of yields: leave --rates out")


def _differs(version: int, series: str, figures: list[str]) -> NoReturn:
    raise RefusedError(
        "differs",
        f"the price of version {version}, series {series}, is not what its inputs give: {'; '.join(figures)} (item 12)",
    )
