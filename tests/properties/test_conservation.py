"""No right appears or disappears (domain.md §11), and no number is negative: on every telling day, however known."""

from collections import defaultdict
from collections.abc import Iterable
from datetime import date
from fractions import Fraction
from itertools import pairwise
from typing import Any

from hypothesis import given, settings

from ledger.book import Book
from tests.properties.asking import EVER, Answers, ask, new_book, some_of, telling_days
from tests.strategies import Ledger, ledgers

WAYS = ("outstanding", "exercised", "lapsed", "waived", "acquired", "extinguished", "replaced", "passed_on")
SERIES_WAYS = WAYS[:-1]
NEVER_LESS = ("allotted", "received", "exercised", "lapsed", "waived", "acquired", "extinguished", "replaced")
KEY = ("series", "holder", "inherited_from", "transferred_from")


def counted(book: Book, day: date, **known: Any) -> Answers:
    """Answers without what they rest on, and without exercises: those are summed up once, at the end."""
    return {
        "holdings": [row.to_dict() for row in book.holdings(day, **known)],
        "series": [row.to_dict() for row in book.series(day, **known)],
        "eligibility": [row.to_dict() for row in book.eligibility(day, **known)],
    }


def assert_conserved(rows: Answers) -> None:
    for row in rows["holdings"]:
        assert row["allotted"] + row["received"] == sum(row[way] for way in WAYS), row
        assert row["shares"] == row["outstanding"] * row["shares_per_right"], row
    of_series = defaultdict(list)
    for row in rows["holdings"]:
        of_series[row["series"]].append(row)
    for row in rows["series"]:
        held = of_series[row["series"]]
        assert row["allotted"] + row["received"] == sum(row[way] for way in SERIES_WAYS), row
        assert row["allotted"] + row["received"] <= row["max_rights"], row
        assert row["allotted"] == sum(each["allotted"] for each in held), row
        for way in SERIES_WAYS:
            assert row[way] == sum(each[way] for each in held), (way, row)
        # What came by transfer or inheritance inside the series is what was passed on inside it.
        passed_on = sum(each["passed_on"] for each in held)
        assert row["received"] == sum(each["received"] for each in held) - passed_on, row
        assert row["company_holds"] <= row["acquired"], row
    received = {row["series"]: row["received"] for row in rows["series"]}
    for row in rows["series"]:
        assert row["replaced"] == sum(received[new] for new in row["replaced_by"]), row


def assert_paid(rows: Answers) -> None:
    """Exercises agree with holdings; capital is half of what was raised, rounded up, the reserve the rest."""
    counted: dict[tuple[Any, ...], int] = defaultdict(int)
    priced = {row["series"]: row["price_per_right"] for row in rows["series"]}
    for row in rows["exercises"]:
        counted[tuple(row[key] for key in KEY)] += row["rights"]
        assert 0 <= row["capital"] - row["capital_reserve"] <= 1, row
        raised = row["capital"] + row["capital_reserve"]
        assert raised <= row["payment"] + Fraction(priced[row["series"]] or 0) * row["rights"], row
        assert row["shares_still_due"] <= row["shares"], row
    for row in rows["holdings"]:
        assert row["exercised"] == counted.pop(tuple(row[key] for key in KEY), 0), row
    assert not counted


def assert_nothing_negative(rows: Answers) -> None:
    for row in (row for each in rows.values() for row in each):
        for key, value in row.items():
            assert not isinstance(value, int) or value >= 0, (key, row)


def assert_eligible_within_window(rows: Answers, on: date) -> None:
    outstanding = {tuple(row[key] for key in KEY): row["outstanding"] for row in rows["holdings"]}
    found = {tuple(row[key] for key in KEY): row for row in rows["eligibility"]}
    assert {key: row["rights"] for key, row in found.items()} == {key: n for key, n in outstanding.items() if n}
    for row in found.values():
        inside = row["from"] is not None and row["from"] <= on.isoformat() <= row["until"]
        assert row["eligible"] == inside == (row["reason"] is None), row


def assert_only_grows(answers: Iterable[Answers]) -> None:
    """What became of a right stays so: lapsed rights never revive, and nothing is unexercised."""
    by_day = [{tuple(row[key] for key in KEY): row for row in each["holdings"]} for each in answers]
    for earlier, later in pairwise(by_day):
        for key, row in earlier.items():
            assert all(row[way] <= later[key][way] for way in NEVER_LESS), (row, later[key])


@settings(max_examples=60)
@given(ledgers())
def test_rights_are_conserved(ledger: Ledger) -> None:
    book = new_book(*ledger.batches)
    days = telling_days(ledger.contents, ledger.history.state)
    version = len(ledger.contents)
    for known_version in {version, version * 2 // 3, version // 3}:
        spread = days if known_version == version else some_of(days, 8)
        answers = {day: counted(book, day, known_at=EVER, known_version=known_version) for day in spread}
        assert_only_grows(answers.values())
        for day, rows in answers.items():
            assert_conserved(rows)
            assert_nothing_negative(rows)
            assert_eligible_within_window(rows, day)
        assert_paid(ask(book, EVER, known_version=known_version))


@settings(max_examples=30)
@given(ledgers())
def test_what_is_not_relied_on_yet_is_conserved_too(ledger: Ledger) -> None:
    """Before a meeting has closed fewer splits count, but no right more or less."""
    book = new_book(*ledger.batches)
    days = some_of(telling_days(ledger.contents, ledger.history.state), 8)
    for known_at in days:
        for day in days:
            rows = counted(book, day, known_at=known_at)
            assert_conserved(rows)
            assert_nothing_negative(rows)
