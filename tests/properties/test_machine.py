"""The same commands to SQLite, PostgreSQL and a log in memory: outcomes, answers and bytes are the same.

The commands mix late entries, retractions, batches, retries by id, stale versions and lines that are no entries.
"""

from collections.abc import Iterator, Sequence
from datetime import timedelta
from itertools import count
from typing import Any, ClassVar

import pytest
from hypothesis import settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, precondition, rule

from ledger.book import Book
from ledger.domain.decide import History
from ledger.domain.errors import LedgerError
from ledger.store import Log, open_log
from ledger.store.codec import opened
from ledger.store.memory import MemoryLog
from ledger.store.migrate import upgrade
from tests.conftest import scratch_database
from tests.properties.asking import Ticking, ask, assert_same
from tests.strategies import DAYS, FIRST, Content, Dice, act, batch, dice, opening, retraction

MADE_AT = "2019-01-01T00:00:00.000000Z"
NO_ENTRIES: list[Any] = [
    {"type": "split", "company": "A"},
    {"type": "merger", "company": "A", "on": "2019-04-10"},
    '{"type": "death", "holder": "director-1", "holder": "director-1", "on": "2019-04-10"}',
    {"type": "death", "holder": "director-1", "on": 20190410},
]
EMPTY_LINE = ""


@pytest.fixture(scope="module", autouse=True)
def stores(postgres_url: str, tmp_path_factory: pytest.TempPathFactory) -> Iterator[None]:
    """One database of each kind for all runs; every run has a ledger of its own in them."""
    sqlite_url = f"sqlite:///{tmp_path_factory.mktemp('machine') / 'rights.db'}"
    with scratch_database(postgres_url) as postgresql_url:
        for url in (sqlite_url, postgresql_url):
            upgrade(url)
        LedgersInThreeStores.logs = [MemoryLog(), open_log(sqlite_url), open_log(postgresql_url)]
        yield
        for log in LedgersInThreeStores.logs:
            log.close()
        LedgersInThreeStores.logs = []


class LedgersInThreeStores(RuleBasedStateMachine):
    logs: ClassVar[list[Log]] = []
    numbers: ClassVar[Iterator[int]] = count(1)

    def __init__(self) -> None:
        super().__init__()
        self.ledger = f"run-{next(self.numbers)}"
        self.clocks = [Ticking() for _ in self.logs]
        self.books = [self._book(number) for number in range(len(self.logs))]
        self.history = History()
        self.with_id: list[Content] = []
        for log in self.logs:
            assert log.create(self.ledger, MADE_AT)

    def _book(self, number: int) -> Book:
        return Book(self.logs[number], self.ledger, now=self.clocks[number])

    def _record(self, entries: Sequence[Any], **options: Any) -> None:
        """Say it to each store, and see that all say the same."""
        told = [self._told(book, entries, options) for book in self.books]
        assert told[1] == told[0], "SQLite differs from memory"
        assert told[2] == told[0], "PostgreSQL differs from memory"
        self.history.learn([each for _, each in opened(self.logs[0].read(self.ledger, after=self.history.version))])

    def _told(self, book: Book, entries: Sequence[Any], options: dict[str, Any]) -> object:
        try:
            return book.record(entries, actor="hr", **options).to_dict()
        except LedgerError as error:
            return error.code, error.message, error.line, error.contradicts

    @initialize(dice=dice)
    def a_company_allots_rights(self, dice: Dice) -> None:
        self._record(opening(dice))

    @rule(dice=dice)
    def one_entry(self, dice: Dice) -> None:
        self._record([act(dice, self.history.state)])

    @rule(thrown=st.lists(dice, min_size=2, max_size=8))
    def line_by_line(self, thrown: list[Dice]) -> None:
        self._record([act(each, self.history.state) for each in thrown], keep_going=True)

    @rule(dice=dice)
    def a_batch(self, dice: Dice) -> None:
        self._record(batch(dice, self.history))

    @rule(dice=dice)
    def a_dry_run(self, dice: Dice) -> None:
        self._record(batch(dice, self.history), dry_run=True, keep_going=dice.sometimes(2))

    @rule(dice=dice)
    def lines_of_which_some_are_no_entries(self, dice: Dice) -> None:
        lines: list[Any] = [*batch(dice, self.history), dice.choice(NO_ENTRIES), EMPTY_LINE]
        dice.shuffle(lines)
        self._record(lines, keep_going=not dice.sometimes(3))

    @rule(dice=dice)
    def a_retraction(self, dice: Dice) -> None:
        replacement = [act(dice, self.history.state)] if dice.sometimes(2) else []
        self._record([retraction(dice.randint(1, self.history.version + 1)), *replacement])

    @rule(dice=dice, entry_id=st.sampled_from(["", "a", "b", "日本", "😀" * 64]))
    def entries_with_an_id(self, dice: Dice, entry_id: str) -> None:
        """New ones among others, or by chance other content under an id that is taken."""
        content = {**act(dice, self.history.state), "id": entry_id}
        self.with_id.append(content)
        others = [act(dice, self.history.state) for _ in range(dice.randint(0, 3))]
        lines = dice.sample([content, *others, {**act(dice, self.history.state), "id": entry_id}], dice.randint(1, 2))
        self._record(lines, keep_going=dice.sometimes(2))

    @precondition(lambda self: self.with_id)
    @rule(dice=dice)
    def a_retry(self, dice: Dice) -> None:
        """The same content again: alone or among others, under any expected version, its keys in another order."""
        content = dice.choice(self.with_id)
        again = dict(reversed(list(content.items())))
        others = [act(dice, self.history.state)] if dice.sometimes(3) else []
        self._record([again, *others, again], expect_version=dice.choice([None, 0, self.history.version]))

    @rule(dice=dice, behind=st.integers(-1, 2))
    def an_entry_for_an_expected_version(self, dice: Dice, behind: int) -> None:
        expected = max(0, self.history.version - behind)
        self._record([act(dice, self.history.state)], expect_version=expected, keep_going=dice.sometimes(2))

    @rule(number=st.integers(0, 2))
    def one_is_opened_anew(self, number: int) -> None:
        self.books[number] = self._book(number)

    @rule(dice=dice)
    def a_question(self, dice: Dice) -> None:
        on = FIRST + timedelta(days=dice.randint(0, DAYS + 20))
        known: dict[str, Any] = {
            "known_at": FIRST + timedelta(days=dice.randint(0, DAYS + 20)),
            "known_version": dice.randint(0, self.history.version) if dice.sometimes(2) else None,
        }
        answers = [ask(book, on, **known) for book in self.books]
        assert answers[1] == answers[0], "SQLite differs from memory"
        assert answers[2] == answers[0], "PostgreSQL differs from memory"

    @invariant()
    def all_are_at_one_version(self) -> None:
        assert [log.head(self.ledger) for log in self.logs] == [self.history.version] * len(self.logs)

    def teardown(self) -> None:
        rows = [list(log.rows(self.ledger)) for log in self.logs]
        assert rows[1] == rows[0], "SQLite keeps something else than memory"
        assert rows[2] == rows[0], "PostgreSQL keeps something else than memory"
        histories = [[row.to_dict() for row in book.history()] for book in self.books]
        users = {row.pop("database_user") for row in histories[2]}
        assert None not in users, "PostgreSQL itself says who inserted"
        assert {row.pop("database_user") for each in histories[:2] for row in each} <= {None}
        assert histories[0] == histories[1] == histories[2]
        read_at_once = History()
        read_at_once.learn([each for _, each in opened(row.bytes for row in rows[2])])
        assert_same(read_at_once, self.history)


TestLedgersInThreeStores = LedgersInThreeStores.TestCase
TestLedgersInThreeStores.settings = settings(max_examples=25, stateful_step_count=25)
