"""`rights value --of-series`: a recorded price computed again from what the ledger keeps of it, and from the files."""

from collections.abc import Mapping
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING, Any, NoReturn

from ledger.cli.memo import write_memo
from ledger.cli.render import print_json, say
from ledger.domain.errors import RefusedError
from ledger.domain.strict_json import malformed
from ledger.opening import open_ledger

if TYPE_CHECKING:
    from ledger.valuation.pricing import Pricing


def compute_again(
    series: str,
    *,
    prices: Path | None,
    rates: Path | None,
    db: str,
    ledger: str | None,
    as_json: bool,
    memo: Path | None = None,
    force: bool = False,
) -> None:
    """Compute the price of a series again, and say whether it is the same to the last digit.

    prices, rates: the files that it was computed from, or None to take their figures as they were recorded.
    memo: a file for the page about it. force: it may replace one.

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
    if memo is not None and not other:
        _write_memo(memo, again, series, date.fromisoformat(entry["on"]), prices, force=force, as_json=as_json)
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


def _write_memo(
    file: Path, again: "Pricing", series: str, on: date, prices: Path | None, *, force: bool, as_json: bool
) -> None:
    from ledger.clock import today
    from ledger.valuation.memo import TITLE
    from ledger.valuation.memo_sources import facts_of

    title = f"{TITLE}, series {series}"
    facts = facts_of(again, title=title, valued_on=on, made_on=today(), prices=prices)
    write_memo(file, facts, force=force, as_json=as_json)


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
