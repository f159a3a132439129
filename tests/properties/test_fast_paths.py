"""What is remembered makes no difference: a history that goes on, one that is read at once, and judging it all anew."""

from collections.abc import Iterator, Sequence
from datetime import date
from unittest.mock import patch

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from ledger.book import Book
from ledger.domain import decide
from ledger.domain.decide import History, Proposed
from ledger.domain.entries import Recorded, Retraction
from ledger.domain.errors import RefusedError
from ledger.domain.evolve import evolve, fold
from ledger.domain.judge import judge
from ledger.domain.state import State
from ledger.domain.timeline import placed_as, timeline
from ledger.store.memory import MemoryLog
from tests.properties.asking import Ticking, ask_all, assert_same, everything, recorded, some_of, telling_days
from tests.strategies import Content, Dice, Ledger, batch, dice, ledgers, proposed

Told = tuple[str, int | None, int | None]


@pytest.fixture(autouse=True, scope="module")
def milestones_every_few_entries() -> Iterator[None]:
    """Else these ledgers would be too short for any."""
    with patch.object(decide, "_step", lambda _entries: 3), patch.object(decide, "SOME", 3):
        yield


def told_by(history: History, batch: Sequence[Proposed]) -> Told | None:
    """Why a history refuses a batch, or None when it took it in."""
    try:
        history.admit(batch)
    except RefusedError as error:
        return error.code, error.line, error.contradicts
    return None


def told_slowly(already: Sequence[Recorded], batch: Sequence[Proposed]) -> Told | None:
    """The rule of domain.md §3 without any short cut: put everything in order and judge it from the beginning."""
    version = len(already)
    kinds = {each.version: each.entry for each in already}
    retracted = {entry.retracts for entry in kinds.values() if isinstance(entry, Retraction)}
    for each in batch:
        if isinstance(each.entry, Retraction):
            target = each.entry.retracts
            if target > version or target in retracted or isinstance(kinds[target], Retraction):
                return "nothing-to-retract", each.line, None
            retracted.add(target)
    lines = {each.version: each.line for each in batch}
    every = [*kinds.items(), *((each.version, each.entry) for each in batch)]
    placed = [
        placed_as(entry, number)
        for number, entry in every
        if number not in retracted and not isinstance(entry, Retraction)
    ]
    state = State()
    for each_placed in sorted(placed):
        version, entry = each_placed.version, each_placed.entry
        try:
            judge(state, entry)
        except RefusedError as error:
            new = lines.get(version)
            return (error.code, new, None) if new else ("contradiction", None, version)
        evolve(state, entry, version)
    return None


@given(ledgers(), st.lists(dice, min_size=1, max_size=4))
def test_judging_from_where_it_changes_is_judging_everything(ledger: Ledger, thrown: list[Dice]) -> None:
    for each in thrown:
        before = ledger.history.fork()
        next_batch = proposed(ledger.history, batch(each, ledger.history))
        found = told_by(ledger.history, next_batch)
        assert found == told_slowly(recorded(ledger.batches), next_batch)
        if found is None:
            break  # it went in
        assert_same(ledger.history, before)


def company_on(number: int) -> dict[str, str]:
    return {"type": "company", "company": f"C{number}", "name": "C", "on": f"2018-07-{number:02}"}


@pytest.mark.parametrize("is_read_at_once", [False, True])
def test_what_comes_late_is_judged_from_the_milestone_before(*, is_read_at_once: bool) -> None:
    """Twenty companies, of the days from the 2nd on, with a milestone every three entries; four are remembered."""
    batches = [[company_on(number)] for number in range(2, 22)]
    history = History()
    if is_read_at_once:
        history.learn(recorded(batches))
    for each in [] if is_read_at_once else batches:
        history.admit(proposed(history, each))
    with patch.object(decide, "fold", wraps=fold) as folding:
        for number, day in enumerate((18, 3, 6, 7)):  # from the 6th on it is remembered what was known then
            history.admit(proposed(history, [company_on(day) | {"company": f"late-{number}"}]))
    folded = [len(call.args[0]) for call in folding.call_args_list]
    assert folded == ([0, 2, 6, 2] if is_read_at_once else [2, 2, 6, 2])


@given(ledgers())
def test_a_history_that_went_on_is_one_read_at_once(ledger: Ledger) -> None:
    every = recorded(ledger.batches)
    at_once = History()
    at_once.learn(every)
    assert_same(at_once, ledger.history)
    assert everything(at_once.state) == everything(fold(timeline(every), State(keeps_acts=False)))


@given(ledgers(), st.lists(st.integers(0, 60), max_size=6))
def test_a_history_read_in_pieces_is_one_read_at_once(ledger: Ledger, cuts: list[int]) -> None:
    every = recorded(ledger.batches)
    ends = sorted({min(cut, len(every)) for cut in cuts} | {len(every)})
    in_pieces = History()
    for start, end in zip([0, *ends], ends, strict=False):
        in_pieces.learn(every[start:end])
    assert_same(in_pieces, ledger.history)


@settings(max_examples=40)
@given(ledgers(), dice)
def test_a_fork_goes_another_way(ledger: Ledger, dice: Dice) -> None:
    every = recorded(ledger.batches)
    fork = ledger.history.fork()
    assert_same(fork, ledger.history)
    for content in batch(dice, ledger.history, most=8):
        told_by(fork, proposed(fork, [content]))
    untouched = History()
    untouched.learn(every)
    assert_same(ledger.history, untouched)


def recorded_by(book: Book, contents: Sequence[Content], *, keep_going: bool) -> object:
    """What a book says of a batch: what was lawful together may not be so line by line, nor what comes after it."""
    try:
        return book.record(contents, actor="hr", keep_going=keep_going).to_dict()
    except RefusedError as error:
        return error.code, error.message, error.line, error.contradicts


@settings(max_examples=20)
@given(ledgers(), st.lists(dice, min_size=1, max_size=6))
def test_a_book_that_stays_open_is_one_opened_anew(ledger: Ledger, thrown: list[Dice]) -> None:
    """The same lines to a book that remembers, to one that others record behind, and to a new one for every call."""
    stays, anew = MemoryLog(), MemoryLog()
    for log in (stays, anew):
        log.create("main", "2019-01-01T00:00:00.000000Z")
    clock, other_clock = Ticking(), Ticking()
    staying, behind = Book(stays, "main", now=clock), Book(stays, "main", now=clock)
    days: list[date] = some_of(telling_days(ledger.contents, ledger.history.state), 4)
    extra = [batch(each, ledger.history) for each in thrown]
    for number, each in enumerate([*ledger.batches, *extra]):
        keep_going = number % 2 == 0 or number >= len(ledger.batches)
        told = recorded_by(staying if number % 3 else behind, each, keep_going=keep_going)
        assert told == recorded_by(Book(anew, "main", now=other_clock), each, keep_going=keep_going)
        if number % 4 == 0:
            assert ask_all(staying, days) == ask_all(Book(anew, "main", now=other_clock), days)
    assert list(stays.rows("main")) == list(anew.rows("main"))
    assert ask_all(behind, days) == ask_all(Book(anew, "main", now=other_clock), days)
