"""Memos to begin with, and their reading: what stands in the steps and in the table of a page."""

import re
from datetime import date
from decimal import Decimal
from fractions import Fraction
from html import unescape
from pathlib import Path
from random import Random
from typing import Any, NamedTuple

from ledger.valuation.memo import Facts, FileUsed, memo
from ledger.valuation.prices import read_prices
from ledger.valuation.splits import read_splits
from ledger.valuation.volatility import Volatility, volatility
from tests.valuation.inputs import inputs

STEP = re.compile(r'<li(?: class="?end"?)?><div class="way">(.*?)</div><div class="makes">(.*?)</div></li>', re.DOTALL)
ROW = re.compile(
    r'<tr(?: class="chosen")?><th scope="row"><span>([^<]*)</span> ([^<]*)</th>((?:<td>[^<]*</td>){4})</tr>'
)


class Row(NamedTuple):
    """A row of the sensitivity: what is changed how, and the cells."""

    change: str
    given: str
    cells: list[str]


def facts(**changed: Any) -> Facts:
    own: dict[str, Any] = {name: changed.pop(name) for name in set(changed) & set(Facts.__struct_fields__)}
    given: dict[str, Any] = {"inputs": inputs(**changed), "shares_per_right": 200}
    return Facts(**(given | own))


def page(**changed: Any) -> str:
    return memo(facts(**changed))


def weekly(folder: Path) -> Volatility:
    """Fifteen years of closes that were drawn by chance, with a split of 2 for 1 in them."""
    random = Random(12)
    price = 5_000.0
    lines = ["日付,終値"]
    for number in range(date(1999, 7, 16).toordinal(), date(2014, 7, 11).toordinal(), 7):
        day = date.fromordinal(number)
        price *= 1 + random.uniform(-0.1, 0.1)
        lines.append(f"{day},{price * (2 if day < date(2012, 9, 26) else 1):.0f}")
    file = folder / "prices.csv"
    file.write_text("\n".join(lines) + "\n", encoding="utf-8")
    splits = read_splits("2012-10-01=2")
    return volatility(read_prices(file), date(1999, 7, 11), date(2014, 7, 10), splits=splits)


def whole(folder: Path, **changed: Any) -> Facts:
    """A memo with all that it can tell."""
    found = weekly(folder)
    return facts(
        closes=found,
        title="Stock acquisition right, 4th series",
        valued_on=date(2014, 7, 10),
        made_on=date(2026, 11, 22),
        sources={"rate": "15 years 0.978 %, yields of 2014-07-10", "volatility": "782 weekly closes (prices.csv)"},
        files=(FileUsed("Volatility", found.file, found.sha256),),
        **changed,
    )


def steps_of(page: str) -> list[tuple[str, str]]:
    """Every step in order: its words without markup, and its result."""
    return [(text_of(way), text_of(makes)) for way, makes in STEP.findall(page)]


def rows_of(page: str) -> list[Row]:
    """Every row of the sensitivity."""
    return [Row(text_of(a), text_of(b), [text_of(each) for each in re.findall(r"<td>(.*?)</td>", c)])
            for a, b, c in ROW.findall(page)]  # fmt: skip


def text_of(markup: str) -> str:
    return unescape(re.sub(r"<[^>]*>", " ", markup)).strip()


def number_in(text: str) -> Fraction:
    """A number as a page writes it."""
    return Fraction(Decimal(text.strip("¥ ").removesuffix(" %").replace(",", "").replace("−", "-")))
