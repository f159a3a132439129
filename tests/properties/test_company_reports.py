"""Reports of spans, months and what is to come agree with each other and with the questions, on ledgers made up."""

from datetime import date, timedelta
from fractions import Fraction
from itertools import pairwise

from hypothesis import given, settings

from ledger.book import Book
from ledger.projections.report_rows import RollforwardRow
from ledger.projections.rollforward import CAME, COUNTS, WENT
from tests.properties.asking import EVER, ONE_DAY, new_book, some_of, telling_days
from tests.strategies import Ledger, ledgers

SUMMED = ("rights", "shares", "payment", "capital", "capital_reserve")


def rolled(book: Book, since: date, until: date) -> dict[str, RollforwardRow]:
    rows = {row.series: row for row in book.rollforward(since, until, known_at=EVER)}
    for row in rows.values():
        came, went = (sum(getattr(row, name) for name in names) for names in (CAME, WENT))
        assert row.opening + came - went == row.closing, row
        assert min(getattr(row, name) for name in COUNTS) >= 0, row
        for name in COUNTS:
            assert getattr(row, f"{name}_shares") == getattr(row, name) * row.shares_per_right, row
    return rows


@settings(max_examples=60)
@given(ledgers())
def test_a_span_closes_as_the_next_one_opens(ledger: Ledger) -> None:
    book = new_book(*ledger.batches)
    days = some_of(telling_days(ledger.contents, ledger.history.state), 8)
    spans = [rolled(book, since, until - ONE_DAY) for since, until in pairwise(days)]
    for earlier, later in pairwise(spans):
        for name, row in later.items():
            assert row.opening == (earlier[name].closing if name in earlier else 0)
    first, last = days[0], days[-1] - ONE_DAY
    for name, whole in rolled(book, first, last).items():
        parts = [each[name] for each in spans if name in each]
        for count in (*CAME, *WENT):
            assert getattr(whole, count) == sum(getattr(part, count) for part in parts), (name, count)
        assert whole.closing == next(row.outstanding for row in book.series(last, known_at=EVER, series=name))


@settings(max_examples=40)
@given(ledgers())
def test_every_exercise_is_filed_in_its_month(ledger: Ledger) -> None:
    book = new_book(*ledger.batches)
    exercises = list(book.exercises(EVER, known_at=EVER))
    for month in {row.on.replace(day=1) for row in exercises}:
        found = list(book.registration(month, known_at=EVER))
        of_month = [row for row in exercises if row.on.replace(day=1) == month]
        for figure in SUMMED:
            assert sum(getattr(row, figure) for row in found) == sum(getattr(row, figure) for row in of_month)
        for row in found:
            assert row.newly_issued + row.treasury_shares == row.shares
            assert row.due_on >= month + timedelta(days=28 + 13)


@settings(max_examples=40)
@given(ledgers())
def test_what_is_to_come_is_in_order_and_of_rights_that_there_are(ledger: Ledger) -> None:
    book = new_book(*ledger.batches)
    for day in some_of(telling_days(ledger.contents, ledger.history.state), 8):
        rows = list(book.deadlines(day, known_at=EVER, every_window=True))
        assert [row.on for row in rows] == sorted(row.on for row in rows)
        assert all(row.on >= day and row.days_left == (row.on - day).days and row.rights > 0 for row in rows)
        windows = {
            (row.series, row.holder, row.inherited_from, row.transferred_from): (row.until, row.rights)
            for row in book.eligibility(day, known_at=EVER)
            if row.until is not None
        }
        assert windows == {
            (row.series, row.holder, row.inherited_from, row.transferred_from): (row.on, row.rights)
            for row in rows
            if row.kind == "window-closes"
        }


@settings(max_examples=40)
@given(ledgers())
def test_diluted_shares_are_no_more_than_all_that_may_come(ledger: Ledger) -> None:
    book = new_book(*ledger.batches)
    for day in some_of(telling_days(ledger.contents, ledger.history.state), 4):
        outstanding = {row.series: row.shares for row in book.series(day, known_at=EVER) if row.outstanding}
        found: dict[str, int] = {}
        for company in {row.company for row in book.series(day, known_at=EVER)}:
            rows = list(book.dilution(10**16 + 1, day, company=company, share_price=Fraction("99.5"), known_at=EVER))
            found |= {row.series: row.shares for row in rows}
            for row in rows:
                assert row.fully_diluted_shares == 10**16 + 1 + sum(each.shares for each in rows)
                assert row.diluted_shares == 10**16 + 1 + sum(each.dilutive_shares or 0 for each in rows)
                assert 0 <= (row.dilutive_shares or 0) <= row.shares
                assert (row.dilutive_shares == 0) == (row.exercise_price >= Fraction("99.5") or row.shares == 0)
        assert found == outstanding
