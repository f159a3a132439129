"""Ledgers of a given size, the same each time: plain ones, and (`lives`) such as are kept."""

import gc
import json
import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import date, timedelta
from itertools import islice
from pathlib import Path
from typing import Any

from ledger import open_ledger
from tests.benchmarks.lives import lives

FIRST = date(2010, 4, 1)
PER_ISSUER = 1_000


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


def filled(folder: Path, count: int) -> str:
    """The URL of a new database with one ledger of so many entries, the plain ones."""
    url = f"sqlite:///{folder / f'{count}.db'}"
    with open_ledger(url, create=True) as book:
        book.record(entries(count), actor="bench")
    return url


def lived(folder: Path, count: int) -> str:
    """The URL of a database with one ledger of so many entries of lives: a copy of one that is made once a run."""
    made, file = folder.parent / f"lived-{count}.db", folder / f"lived-{count}.db"
    if not made.exists():
        with uncollected(), open_ledger(f"sqlite:///{made}", create=True) as book:
            book.record(lives(count), actor="bench")
    if not file.exists():
        shutil.copyfile(made, file)
    return f"sqlite:///{file}"


def lines_file(folder: Path, count: int, *, first: int = 0, until: int | None = None) -> Path:
    """A file of JSON Lines: of so many entries of lives, those after the first until the last."""
    file = folder / f"lines-{first}-{count}.jsonl"
    if not file.exists():
        with file.open("w", encoding="utf-8") as stream:
            stream.writelines(json.dumps(each) + "\n" for each in islice(lives(count), first, until))
    return file


@contextmanager
def uncollected() -> Iterator[None]:
    """The collector of cycles is off, as it is in the command."""
    gc.disable()
    try:
        yield
    finally:
        gc.enable()


def issuers(folder: Path, count: int) -> str:
    """The URL of a database of so many entries: ledgers of 1,000 each, `issuer-0`, `issuer-1` …; made once a run."""
    file = folder.parent / f"issuers-{count}.db"
    if file.exists():
        return f"sqlite:///{file}"
    for number in range(max(1, count // PER_ISSUER)):
        with uncollected(), open_ledger(f"sqlite:///{file}", f"issuer-{number}", create=True) as book:
            book.record(lives(min(count, PER_ISSUER), seed=number), actor="bench")
    return f"sqlite:///{file}"


def middle_of(count: int) -> str:
    """The day of the entry in the middle of so many of lives."""
    entry = next(islice(lives(count), count // 2, None))
    return str(entry.get("on") or entry["record_date"])


def late_on(day: str, number: int) -> dict[str, Any]:
    """An entry of a day long past."""
    return {"type": "appointment", "holder": f"late-{number}", "position": "director", "on": day}


def next_one(number: int) -> dict[str, Any]:
    """An entry that comes after all others of any ledger."""
    on, name = "2999-01-01", f"new-{number}"
    return {"type": "appointment", "holder": name, "position": "director", "on": on, "id": name}
