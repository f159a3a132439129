"""The order of recording does not matter (domain.md §3): the day does, the rank of the kind, only then the version."""

from collections.abc import Sequence
from datetime import date

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from ledger.book import Book
from ledger.domain.decide import History
from ledger.domain.errors import RefusedError
from tests.properties.asking import ONE_DAY, Answers, ask_all, by_note, new_book, some_of, telling_days
from tests.strategies import Content, Dice, Ledger, act, dice, ledgers, proposed

ORDER_OF_A_DAY = (
    "company",
    "split consolidation",
    "adjustment",
    "restructuring",
    "issue",
    "pricing",
    "departure",
    "allotment appointment",
    "transfer",
    "exercise waiver",
    "death",
    "inheritance",
    "inherited",  # exercise and waiver of inherited rights
    "acquisition",
    "cancellation",
)
"""As domain.md §3 tells it."""


def shuffled(contents: Sequence[Content], dice: Dice) -> list[Content]:
    """Any order in which entries of one day and one rank keep theirs: among them the version decides."""
    found = list(contents)
    dice.shuffle(found)
    by_place: dict[tuple[date, int], list[Content]] = {}
    for content in contents:
        by_place.setdefault(_place(content), []).append(content)
    return [by_place[_place(content)].pop(0) for content in found]


def _place(content: Content) -> tuple[date, int]:
    """Day and rank of an entry, read from domain.md and not from the code."""
    kind = content["type"]
    if kind == "split":
        return date.fromisoformat(content["record_date"]) + ONE_DAY, _rank("split")
    return date.fromisoformat(content["on"]), _rank("inherited" if "inherited_from" in content else kind)


def _rank(kind: str) -> int:
    return next(rank for rank, kinds in enumerate(ORDER_OF_A_DAY) if kind in kinds.split())


def in_timeline_order(contents: Sequence[Content]) -> list[Content]:
    return sorted(contents, key=_place)


def answers_of(book: Book, ledger: Ledger) -> dict[date, Answers]:
    """What a book answers, entries named by their notes."""
    days = some_of(telling_days(ledger.counting, ledger.history.state), 10)
    return by_note(ask_all(book, days), book.history())


@settings(max_examples=50)
@given(ledgers(), dice)
def test_one_batch_in_any_order_answers_the_same(ledger: Ledger, dice: Dice) -> None:
    expected = answers_of(new_book(*ledger.batches), ledger)
    in_order = new_book(in_timeline_order(ledger.counting))
    assert answers_of(in_order, ledger) == expected
    assert answers_of(new_book(shuffled(ledger.counting, dice)), ledger) == expected


@settings(max_examples=40)
@given(ledgers(), dice)
def test_late_entries_answer_the_same(ledger: Ledger, dice: Dice) -> None:
    """Whatever order is accepted one by one: who comes too early is refused, and tries again."""
    book, waiting = new_book(), shuffled(ledger.counting, dice)
    while waiting:
        # One that passes another of its day and rank would change what happened: those wait for their turn.
        turns = {_place(content): content for content in reversed(waiting)}
        tried = [content for content in waiting if turns[_place(content)] is content]
        outcome = book.record(tried, actor="hr", keep_going=True)
        gone = {tried[line.line - 1]["note"] for line in outcome.lines if line.error is None}
        waiting = [content for content in waiting if content["note"] not in gone]
        if not gone:  # some are lawful only together
            book.record(waiting, actor="hr")
            break
    assert answers_of(book, ledger) == answers_of(new_book(*ledger.batches), ledger)


@given(ledgers(most=24), st.lists(dice, min_size=1, max_size=8))
def test_a_batch_is_its_lines_one_by_one_in_timeline_order(ledger: Ledger, thrown: Sequence[Dice]) -> None:
    """Accepted together if each is accepted; else refused with what is the first to be refused alone."""
    contents = in_timeline_order([*ledger.counting, *(act(each, ledger.history.state) for each in thrown)])
    one_by_one, told = History(), None
    for line, content in enumerate(contents, start=1):
        try:
            one_by_one.admit(proposed(one_by_one, [content]))
        except RefusedError as error:
            told = (line, error.code, error.message, None)
            break
    together = History()
    if told is None:
        together.admit(proposed(together, contents))
        assert together.placed == one_by_one.placed
    else:
        with pytest.raises(RefusedError) as refusal:
            together.admit(proposed(together, contents))
        found = refusal.value
        assert (found.line, found.code, found.message, found.contradicts) == told
        assert together.version == 0
