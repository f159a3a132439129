"""The answers of every day, found once: the same as those of a fold up to that day, on every single day."""

from collections.abc import Iterable, Iterator, Sequence
from datetime import date, timedelta
from importlib import resources

import pytest
from msgspec.structs import replace

from ledger.domain.evolve import fold
from ledger.domain.state import State
from ledger.domain.timeline import Placed, timeline, up_to
from ledger.projections.deadlines import deadlines
from ledger.projections.eligibility import eligibility
from ledger.projections.holdings import holdings
from ledger.projections.rows import Row
from ledger.projections.series import series
from ledger.projections.through_time import ThroughTime, change_days, through_time
from ledger.store.codec import opened
from tests.scenario import allotted, departed, given, series_7, split
from tests.test_cases import NAMES, lines_of, new_ledger

A_DAY = timedelta(days=1)
DEMO = "demo"


def placed_of(name: str) -> list[Placed]:
    demo = resources.files("ledger.demo") / "iij.jsonl"
    lines = demo.read_bytes().splitlines() if name == DEMO else lines_of(name)
    with new_ledger("", name) as book:
        book.record(lines, actor="case", keep_going=True)
        return timeline([recorded for _, recorded in opened(book.export())])


def every_day(placed: Sequence[Placed], until: date) -> Iterator[tuple[date, State]]:
    """Every day from the one before the first entry, with the state at its end."""
    entry_days = {each.on for each in placed}
    day, state = placed[0].on - A_DAY, State()
    while day <= until:
        if day in entry_days:
            state = fold(up_to(placed, day))
        yield day, state
        day += A_DAY


def bare(rows: Iterable[Row]) -> list[Row]:
    return [replace(row, because=()) for row in rows]


def answers(placed: Sequence[Placed], state: State, day: date) -> tuple[list[Row], ...]:
    told = bare(deadlines(state, up_to(placed, day), day))
    return [*holdings(state, day)], [*eligibility(state, day)], [*series(state, day)], told


def found(through: ThroughTime, day: date) -> tuple[list[Row], ...]:
    held, eligible, issued = through.on(day)
    return [*held], [*eligible], [*issued], bare(through.deadlines_on(day))


@pytest.mark.parametrize("name", [DEMO, *NAMES])
def test_every_day_has_the_answers_of_its_fold(name: str) -> None:
    placed = placed_of(name)
    through = through_time(placed)
    changed, before = set(through.days), None
    for day, state in every_day(placed, through.days[-1] + 3 * A_DAY):
        told = answers(placed, state, day)
        assert found(through, day) == told, day
        same = *told[:-1], [replace(row, days_left=0) for row in told[-1]]
        assert day not in changed if same == before else day in changed or before is None, (
            f"{day} is a day of change, or is none"
        )
        before = same


@pytest.mark.parametrize("name", [DEMO, *NAMES])
def test_whatever_changes_does_so_on_a_change_day(name: str) -> None:
    placed = placed_of(name)
    days = change_days(placed)
    assert days == sorted(set(days))
    assert {each.on for each in placed} <= set(days)
    assert set(through_time(placed).days) <= set(days)


def test_an_empty_timeline_has_no_days() -> None:
    through = through_time([])
    assert (through.days, change_days([])) == ([], [])
    assert found(through, date(2018, 7, 9)) == ([], [], [], [])


def test_the_days_of_a_departure_are_the_ends_of_its_window() -> None:
    """Left on 28 June: a window from 29 June to 8 July, nothing left on 9 July; then the lapse is filed."""
    told = given(*series_7(), allotted(), departed("2018-06-28")).book.life().through
    days = [day.isoformat() for day in told.days]
    assert days[-4:-1] == ["2018-06-28", "2018-06-29", "2018-07-09"]
    [changes] = told.eligibility.values()
    assert [None if each.row is None else (each.row.eligible, each.row.reason) for each in changes] == [
        (False, "in-office"), (False, "not-yet-open"), (True, None), None
    ]  # fmt: skip


def test_a_split_changes_every_holding_on_the_day_after_its_record_date() -> None:
    told = given(*series_7(), allotted(), split("2", record_date="2020-12-31")).book.life()
    [changes] = told.through.holdings.values()
    assert [(each.on.isoformat(), each.row and each.row.shares_per_right) for each in changes][:2] == [
        ("2017-07-14", 200), ("2021-01-01", 400)
    ]  # fmt: skip
    assert [(each.on.isoformat(), each.kind, str(each.ratio)) for each in told.share_changes] == [
        ("2021-01-01", "split", "2")
    ]


def test_what_was_known_decides() -> None:
    story = given(*series_7(), allotted()).then(departed("2018-06-28"))
    assert story.book.life(known_version=3).version == 3
    assert all(
        each.row is None or each.row.reason == "in-office"
        for changes in story.book.life(known_version=3).through.eligibility.values()
        for each in changes
    )
