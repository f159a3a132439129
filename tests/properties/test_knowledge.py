"""What was known stays known; what is refused or retracted was never there."""

from base64 import b64encode
from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime, timedelta
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from ledger.book import Book
from ledger.domain.errors import LedgerError
from ledger.store.log import Row
from ledger.store.memory import MemoryLog
from tests.properties.asking import EVER, Ticking, ask, ask_all, new_book, some_of, telling_days
from tests.store.samples import add
from tests.strategies import Content, Dice, Ledger, batch, dice, ledgers, retraction

MADE_AT = "2019-01-01T00:00:00.000000Z"


def empty() -> tuple[MemoryLog, Book]:
    log = MemoryLog()
    log.create("main", MADE_AT)
    return log, Book(log, "main", now=Ticking())


def proof(book: Book) -> tuple[int, str]:
    """How many entries are recorded, and the root of the tree over them."""
    tree = book.tree()
    return tree.size, b64encode(tree.root(tree.size)).decode()


def copied(log: MemoryLog) -> MemoryLog:
    other = MemoryLog()
    other.create("main", MADE_AT)
    with other.writing("main") as writer:
        add(writer, list(log.rows("main")))
    return other


@settings(max_examples=25)
@given(ledgers())
def test_a_past_known_at_never_changes(ledger: Ledger) -> None:
    """By version, by instant and by day; conditional splits by the day of the question."""
    log, book = empty()
    days = some_of(telling_days(ledger.contents, ledger.history.state), 4)
    asked: list[tuple[dict[str, Any], Any]] = []
    for number, each in enumerate(ledger.batches):
        version = book.record(each, actor="hr").version
        if number % 5 == 1:
            moment = book.history()[-1].recorded_at
            instant = datetime.fromisoformat(moment)
            # A day that is over by then: the clock goes on by half a day for each batch.
            over = instant.date() - timedelta(days=2)
            for known in (
                {"known_at": EVER, "known_version": version},
                {"known_at": over, "known_version": version},
                {"known_at": instant},
                {"known_at": over},
            ):
                asked.append((known, ask_all(book, days, **known)))
    reopened = Book(copied(log), "main", now=Ticking(EVER - timedelta(days=9)))
    for known, answers in asked:
        assert ask_all(book, days, **known) == answers
        assert ask_all(reopened, days, **known) == answers


@settings(max_examples=40)
@given(ledgers(), st.data())
def test_a_version_inside_a_batch_is_the_one_before_the_batch(ledger: Ledger, data: st.DataObject) -> None:
    book = new_book(*ledger.batches)
    versions = {0: 0}
    for each in ledger.batches:
        before = max(versions)
        versions |= dict.fromkeys(range(before + 1, before + len(each)), before)
        versions[before + len(each)] = before + len(each)
    for version, counting in versions.items():
        assert book.holdings(EVER, known_version=version).known_version == counting
    version = data.draw(st.sampled_from(sorted(versions)))
    day = data.draw(st.sampled_from(telling_days(ledger.contents, ledger.history.state)))
    whole = [each for each, last in zip(ledger.batches, _ends(ledger.batches), strict=True) if last <= version]
    assert ask(book, day, known_version=version) == ask(new_book(*whole), day)


def _ends(batches: Sequence[Sequence[Content]]) -> list[int]:
    return [sum(map(len, batches[: number + 1])) for number in range(len(batches))]


@settings(max_examples=40)
@given(ledgers(), dice, st.booleans())
def test_a_refused_batch_leaves_nothing(ledger: Ledger, dice: Dice, opened_anew: bool) -> None:  # noqa: FBT001
    log, book = empty()
    for each in ledger.batches:
        book.record(each, actor="hr")
    rows: list[Row] = list(log.rows("main"))
    days = some_of(telling_days(ledger.contents, ledger.history.state), 5)
    before = ask_all(book, days)
    refused = [{**content, "id": f"id-{number}"} for number, content in enumerate(batch(dice, ledger.history))]
    refused.append({"type": "exercise", "series": "none", "holder": "nobody", "rights": 1, "on": "2019-05-01"})
    for dry_run in (True, False):
        with pytest.raises(LedgerError):
            book.record(refused, actor="hr", dry_run=dry_run)
    assert list(log.rows("main")) == rows
    book = Book(log, "main", now=Ticking()) if opened_anew else book
    assert ask_all(book, days) == before
    # Nothing of it is in the way: its ids are free, and versions go on without a gap.
    company = {"type": "company", "company": "Z", "name": "Z", "on": "2019-01-01", "id": "id-0"}
    assert book.record([company], actor="hr").version == len(rows) + 1


@settings(max_examples=40)
@given(ledgers(), dice)
def test_retracting_the_last_entry_restores_the_answers(ledger: Ledger, dice: Dice) -> None:
    book = new_book(*ledger.batches)
    days = some_of(telling_days(ledger.contents, ledger.history.state), 8)
    added = [content for content in batch(dice, ledger.history, most=2) if content["type"] != "retraction"]
    before = ask_all(book, days)
    outcome = book.record(added, actor="hr", keep_going=True)
    for line in reversed(outcome.lines):
        if line.version is not None:
            book.record([retraction(line.version)], actor="hr")
    assert ask_all(book, days) == before


@settings(max_examples=40)
@given(ledgers())
def test_a_dry_run_says_what_would_happen(ledger: Ledger) -> None:
    log, book = empty()
    for each in ledger.batches:
        rows = list(log.rows("main"))
        before = proof(book)
        said = book.record(each, actor="hr", dry_run=True)
        assert list(log.rows("main")) == rows
        # What proves it is of what is recorded: before, and after.
        assert (said.size, said.root) == before
        after = book.record(each, actor="hr")
        assert after == replace(said, size=after.size, root=after.root)
