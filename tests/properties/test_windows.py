"""Eligibility keeps what it promises: a day it calls open is a day on which an exercise is accepted, and no other."""

from datetime import date

from hypothesis import assume, event, given, settings
from hypothesis import strategies as st

from ledger.domain.entries import Acquisition, Death
from ledger.domain.state import HoldingKey
from ledger.domain.windows import standing
from ledger.projections.rows import EligibilityRow
from tests.properties.asking import EVER, new_book, telling_days
from tests.strategies import Content, Ledger, ledgers

NOT_OF_THE_WINDOW = {"insufficient-rights", "lump-sum-only", "too-many-treasury-shares", "contradiction"}
SHUT = {"outside-exercise-window", "already-deceased"}


def exercised(row: EligibilityRow, on: date, rights: int) -> Content:
    content: Content = {"type": "exercise", "series": row.series, "holder": row.holder, "rights": rights}
    origin = {"inherited_from": row.inherited_from, "transferred_from": row.transferred_from}
    return content | {"on": on.isoformat()} | {name: value for name, value in origin.items() if value is not None}


@settings(max_examples=100)
@given(ledgers(), st.data())
def test_eligible_is_who_may_exercise(ledger: Ledger, data: st.DataObject) -> None:
    """An exercise is read before a death and an acquisition of the same day, eligibility is said at its end: those
    holders and series are left out on those days.
    """
    book = new_book(*ledger.batches)
    days = telling_days(ledger.counting, ledger.history.state)
    entries = [each.entry for each in ledger.history.placed]
    for on in data.draw(st.lists(st.sampled_from(days), min_size=1, max_size=6, unique=True)):
        died = {entry.holder for entry in entries if isinstance(entry, Death) and entry.on == on}
        acquired = {entry.series for entry in entries if isinstance(entry, Acquisition) and entry.on == on}
        for row in book.eligibility(on, known_at=EVER):
            if row.holder in died or row.series in acquired:
                continue
            series = ledger.history.state.series[row.series]
            rights = row.rights if series.terms.conditions.lump_sum else 1
            outcome = book.record([exercised(row, on, rights)], actor="hr", keep_going=True, dry_run=True)
            error = outcome.lines[0].error
            event(f"{row.reason or 'eligible'}: {error.code if error else 'accepted'}")
            if row.eligible:
                assert error is None or error.code == "contradiction", (on, row, error)
            else:
                assert error is not None, (on, row)
                assert error.code in SHUT, (on, row, error)


@given(ledgers(), st.data())
def test_what_has_lapsed_or_is_used_up_is_judged_by_its_window(ledger: Ledger, data: st.DataObject) -> None:
    """Whether a holding may be exercised is judged by its window even if nothing is left in it (domain.md §6)."""
    state = ledger.history.state
    gone = [holding for held in state.holdings.values() for holding in held.values() if not holding.outstanding(EVER)]
    assume(gone)
    holding = data.draw(st.sampled_from(gone))
    series = state.series[holding.key.series]
    on = max(each.place.on for each in ledger.history.placed)
    key: HoldingKey = holding.key
    row = EligibilityRow(*key, 0, 0, 0, eligible=False, from_=None, until=None, reason=None)
    outcome = new_book(*ledger.batches).record([exercised(row, on, 10**6)], actor="hr", keep_going=True, dry_run=True)
    error = outcome.lines[0].error
    assert error is not None
    if holding.died_on is not None:
        # On the day of the death the exercise is read before it.
        assert error.code == "already-deceased" or holding.died_on == on or holding.died_on is not None
    elif standing(series, holding).is_open_on(on):
        assert error.code == "insufficient-rights"
    else:
        assert error.code == "outside-exercise-window"
