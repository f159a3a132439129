"""Ledgers of a given size, the same each time."""

from collections.abc import Iterator
from datetime import date, timedelta
from typing import Any

FIRST = date(2010, 4, 1)


def entries(count: int, *, holders: int = 400) -> Iterator[dict[str, Any]]:
    """``count`` entries in order: one company, one series, allotments, then exercises, a split every 1,000.

    Holders may exercise while in office, so that every entry is lawful at any size.
    """
    terms = {
        "company": "IIJ",
        "max_rights": 10**9,
        "shares_per_right": 200,
        "exercise_price": 1,
        "exercise_period": {"from": "2010-04-01", "until": "2199-03-31"},
        "conditions": {"while_in_office": True, "after_departure": None},
    }
    yield {"type": "company", "company": "IIJ", "name": "Internet Initiative Japan Inc.", "on": "1992-12-03"}
    yield {"type": "issue", "series": "7", "on": "2010-03-01", "terms": terms}
    yield {"type": "pricing", "series": "7", "on": "2010-03-01", "price_per_share": 1633}
    for number in range(count - 3):
        on = (FIRST + timedelta(days=number // 25)).isoformat()
        holder = f"director-{number % holders}"
        if number < holders:
            yield {
                "type": "allotment",
                "series": "7",
                "holder": holder,
                "position": "director",
                "rights": 100_000,
                "on": FIRST.isoformat(),
                "id": f"entry-{number}",
            }
        elif number % 1000 == 0:
            yield {"type": "split", "company": "IIJ", "ratio": "101/100", "record_date": on, "id": f"entry-{number}"}
        else:
            yield {
                "type": "exercise",
                "series": "7",
                "holder": holder,
                "rights": 1,
                "on": (FIRST + timedelta(days=number // 25 + 1)).isoformat(),
                "id": f"entry-{number}",
                "source": "notice of exercise",
            }
