"""The risk-free rate: the yield of Japanese government bonds whose remaining years are the term (item 12).

It is read from the Ministry of Finance's table of constant-maturity yields, percent by day and maturity. Between two
maturities it lies on the straight line through them; outside of all it is that of the nearest. The notices use such a
yield as it is published, as the rate of the formula, although bonds compound half-yearly.
"""

import re
from collections.abc import Sequence
from datetime import date, timedelta
from decimal import Decimal
from fractions import Fraction
from pathlib import Path
from typing import Any, Final, NamedTuple

from ledger.domain.business_days import business_day_in
from ledger.domain.errors import RefusedError
from ledger.domain.spans import ONE_DAY
from ledger.domain.strict_json import malformed
from ledger.valuation.black_scholes import LONGEST_TERM, Number, exact_number
from ledger.valuation.market_file import Cells, bad_row, day_in, number_in, opened
from ledger.valuation.pricing import to_decimals
from ledger.valuation.volatility import shortest

LONGEST_GAP: Final = timedelta(days=10)
"""From the day asked for back to the last that has yields: no run of days without a market is longer."""

RATE_DECIMALS: Final = 12
"""Decimals to which a rate between two maturities is taken, half up."""

_MATURITY: Final = re.compile(r"([0-9]{1,2})(?:年|y|years?|yr)", re.ASCII)
_DAY_HEADINGS: Final = frozenset({"基準日", "日付", "date", "day"})
_HIGHEST_PERCENT: Final = 100


class Maturity(NamedTuple):
    """A yield that was used. years: to maturity. percent: as the table says it."""

    years: int
    percent: Decimal


class Rate(NamedTuple):
    """The rate for a term, and what it rests on.

    rate: a fraction of one, per year. on: the day asked for. day: the day of the yields. row: of the file.
    maturities: one where the term is one of them, else the two around it. note: what else is to be known, or "".
    """

    rate: Decimal
    on: date
    day: date
    term: Fraction
    maturities: tuple[Maturity, ...]
    note: str
    file: str
    sha256: str
    row: int

    @property
    def basis(self) -> str:
        """The yields it comes from, in words."""
        used = " and ".join(f"{_years(each)} {each.percent:f} %" for each in self.maturities)
        return f"{used}, yields of {self.day}"

    def to_dict(self) -> dict[str, Any]:
        """Return it as `rights rate` answers it: decimals as strings."""
        return {
            "rate": format(self.rate, "f"),
            "on": self.on.isoformat(),
            "day": self.day.isoformat(),
            "maturities": [{"years": each.years, "percent": format(each.percent, "f")} for each in self.maturities],
            "note": self.note,
            "file": self.file,
            "sha256": self.sha256,
            "row": self.row,
        }


class _Columns(NamedTuple):
    day: int
    maturities: Sequence[tuple[int, int]]


def read_rate(file: Path, on: date, term: Number) -> Rate:
    """Read the rate for a term on a day, from a table of the Ministry of Finance.

    term: years, above 0. Where the day has no yields those of the last day before it are used.

    Raises `MalformedError` for what is no such table, `RefusedError` (`no-market-data`) where it says nothing about
    the day, `OSError`.
    """
    years = exact_number("term", term)
    if not 0 < years <= LONGEST_TERM:
        malformed(f"`term` is {term}; it is above 0 and at most {LONGEST_TERM:,} years")
    best: tuple[date, int, list[Maturity]] | None = None
    known: dict[date, int] = {}
    with opened(file, _columns, "a day (基準日) and maturities (1年, 2年 …)") as table:
        for cells in table.rows:
            day = day_in(cells, table.columns.day)
            if day in known:
                raise bad_row(cells.row, f"{day} stands in row {known[day]:,} already")
            known[day] = cells.row
            found = _yields(cells, table.columns.maturities)
            if found and day <= on and (best is None or day > best[0]):
                best = day, cells.row, found
        if best is None or on - best[0] > LONGEST_GAP:
            raise _no_yields(on, known)
        missing = business_day_in(best[0] + ONE_DAY, on)
        if missing is not None and max(known) < missing:
            raise _no_yields(on, known)  # the table is older than the day
    day, row, found = best
    used, note = _around(years, found)
    if missing is not None:
        note = "; ".join(filter(None, (note, f"{missing}, a business day, has no yields")))
    return Rate(_between(years, used), on, day, years, used, note, table.name, table.sha256, row)


def _columns(heading: Sequence[str]) -> _Columns | None:
    day = next((at for at, name in enumerate(heading) if name in _DAY_HEADINGS), None)
    found = [(int(each[1]), at) for at, name in enumerate(heading) if (each := _MATURITY.fullmatch(name))]
    if day is None or not found:
        return None
    twice = next((years for years, _ in found if [each for each, _ in found].count(years) > 1), None)
    if twice is not None:
        malformed(f"the heading has {twice} years twice")
    return _Columns(day, sorted(found))


def _yields(cells: Cells, maturities: Sequence[tuple[int, int]]) -> list[Maturity]:
    """What a row says, by maturity, without those that it says nothing of."""
    found = []
    for years, column in maturities:
        percent = number_in(cells, column, f"yield of {years} years")
        if percent is not None:
            if abs(percent) > _HIGHEST_PERCENT:
                raise bad_row(cells.row, f"the yield of {years} years is {percent} percent, which is no yield")
            found.append(Maturity(years, percent))
    return found


def _around(years: Fraction, found: Sequence[Maturity]) -> tuple[tuple[Maturity, ...], str]:
    """The maturities to use for a term, and what is to be said of it."""
    at = sum(each.years < years for each in found)
    if at < len(found) and found[at].years == years:
        return (found[at],), ""
    if at == 0:
        return (found[0],), f"the term is shorter than the shortest maturity, {_years(found[0])}, whose yield is used"
    if at == len(found):
        return (found[-1],), f"the term is longer than the longest maturity, {_years(found[-1])}, whose yield is used"
    return (found[at - 1], found[at]), ""


def _years(maturity: Maturity) -> str:
    return "1 year" if maturity.years == 1 else f"{maturity.years} years"


def _between(years: Fraction, used: Sequence[Maturity]) -> Decimal:
    """The rate on the straight line through the maturities used, a fraction of one."""
    low, high = used[0], used[-1]
    percent = Fraction(low.percent)
    if high != low:
        percent += (Fraction(high.percent) - percent) * (years - low.years) / (high.years - low.years)
    return shortest(Decimal(to_decimals(percent / 100, RATE_DECIMALS)))


def _no_yields(on: date, known: dict[date, int]) -> RefusedError:
    between = f"its days are {min(known)} to {max(known)}" if known else "it has no days"
    return RefusedError(
        "no-market-data",
        f"there is no yield on {on} or in the {LONGEST_GAP.days} days before: {between}; take a newer table, or give"
        " the rate yourself (item 12)",
    )
