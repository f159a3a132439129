"""Eligibility keeps what it promises: a day it calls open is a day on which an exercise is accepted, and no other."""

from datetime import date

from hypothesis import assume, given
from hypothesis import strategies as st
from msgspec.structs import asdict

from ledger.book import Book
from ledger.domain.entries import Death
from ledger.domain.state import HoldingKey
from ledger.domain.windows import window_of
from tests.properties.asking import EVER, ONE_DAY, new_book, telling_days
from tests.strategies import Content, Ledger, ledgers

SHUT = {"outside-exercise-window", "already-deceased"}


def exercised(key: HoldingKey, on: date, rights: int) -> Content:
    content: Content = {"type": "exercise", "rights": rights, "on": on.isoformat()}
    return content | {name: value for name, value in asdict(key).items() if value is not None}


def dry_run(book: Book, content: Content) -> str | None:
    """The code that would refuse an entry, None where it would go in."""
    error = book.record([content], actor="hr", keep_going=True, dry_run=True).lines[0].error
    return None if error is None else error.code


@given(ledgers(), st.data())
def test_eligible_is_who_may_exercise(ledger: Ledger, data: st.DataObject) -> None:
    """An exercise is read before a death of its day, eligibility is said at the end of it: those are left out."""
    book = new_book(*ledger.batches)
    days = telling_days(ledger.counting, ledger.history.state)
    deaths = [each.entry for each in ledger.history.placed if isinstance(each.entry, Death)]
    for on in data.draw(st.lists(st.sampled_from(days), min_size=1, max_size=8, unique=True)):
        died = {death.holder for death in deaths if death.on == on}
        for row in book.eligibility(on, known_at=EVER):
            if row.holder in died:
                continue
            series = ledger.history.state.series[row.series]
            rights = row.rights if series.terms.conditions.lump_sum else 1
            code = dry_run(
                book,
                exercised(HoldingKey(row.series, row.holder, row.inherited_from, row.transferred_from), on, rights),
            )
            if row.eligible:
                # It may be in the way of what was recorded later; it is inside the window.
                assert code in {None, "contradiction"}, (on, row)
            else:
                assert code in SHUT, (on, row)


@given(ledgers(), st.data())
def test_a_window_is_judged_even_if_nothing_is_left(ledger: Ledger, data: st.DataObject) -> None:
    state = ledger.history.state
    held = [holding for each in state.holdings.values() for holding in each.values() if holding.died_on is None]
    assume(held)
    holding = data.draw(st.sampled_from(held))
    last = max(each.on for each in ledger.history.placed)
    window = window_of(state.series[holding.key.series], holding)
    days = {last, last + ONE_DAY} | ({window.from_, window.until, window.until + ONE_DAY} if window else set())
    on = data.draw(st.sampled_from(sorted(day for day in days if day >= last)))
    code = dry_run(new_book(*ledger.batches), exercised(holding.key, on, 10**6))
    assert code == ("insufficient-rights" if window and on in window else "outside-exercise-window")
