"""Files of prices for tests, small enough to be read at once."""

from collections.abc import Iterable
from datetime import date, timedelta
from pathlib import Path

from ledger.domain.business_days import is_business_day
from ledger.valuation.prices import Prices, read_prices

HEADING = "日付,終値"


def day(written: str) -> date:
    return date.fromisoformat(written)


def prices_of(folder: Path, *rows: str, heading: str = HEADING, name: str = "prices.csv") -> Prices:
    """Prices as they are read from a file; its first row below the heading is row 2."""
    file = folder / name
    file.write_text("\n".join([heading, *rows]) + "\n", encoding="utf-8")
    return read_prices(file)


def daily(since: str, closes: Iterable[object]) -> list[str]:
    """Rows from a day on, one a business day."""
    rows, on = [], day(since)
    for close in closes:
        while not is_business_day(on):
            on += timedelta(days=1)
        rows.append(f"{on},{close}")
        on += timedelta(days=1)
    return rows
