"""domain.md §3: what was known when; late entries change no earlier answer."""

from datetime import UTC, date, datetime, timedelta, timezone

import pytest

from ledger.domain.errors import MalformedError, RefusedError
from tests.scenario import (
    allotted,
    company,
    departed,
    exercised,
    given,
    issue,
    retraction,
    series_7,
    split,
    waived,
)

# The end of 1 July 2018 in Japan is 15:00 UTC, less a microsecond.
END_OF_DAY = datetime(2018, 7, 1, 14, 59, 59, 999999, tzinfo=UTC)
NEXT_DAY = END_OF_DAY + timedelta(microseconds=1)
EARLIER = datetime(2018, 1, 1, tzinfo=UTC)
LATER = datetime(2019, 1, 1, tzinfo=UTC)


def test_a_late_entry_gives_the_same_answers_as_one_made_in_time() -> None:
    base = (*series_7(), allotted(24))
    in_time = given(*base, departed("2018-06-28"), exercised("2018-06-30", 5), split("2", "2018-06-28"))
    late = given(*base).then(split("2", "2018-06-28")).then(departed("2018-06-28")).then(exercised("2018-06-30", 5))
    for day in ("2018-06-28", "2018-06-29", "2018-06-30", "2018-07-08", "2018-07-09"):
        assert [r.to_dict() for r in late.holdings(day)] == [r.to_dict() for r in in_time.holdings(day)]
    assert [row.shares for row in late.exercises()] == [2_000]


def test_an_earlier_known_version_never_changes() -> None:
    story = given(*series_7(), allotted(24))
    before = story.holdings("2021-06-01")
    story.then(split("2", "2020-12-31")).then(waived("2020-01-01", 4)).then(retraction(4))
    assert story.holdings("2021-06-01", known_version=3) == before
    assert story.shares_per_right("2021-06-01", known_version=4) == 400
    assert story.shares_per_right("2021-06-01", known_version=5) == 400
    assert story.shares_per_right("2021-06-01") == 200


@pytest.mark.parametrize(
    ("known_at", "left"),
    [
        (END_OF_DAY, 24),
        (NEXT_DAY, 20),
        (date(2018, 7, 1), 24),
        (date(2018, 7, 2), 20),
        (datetime(2018, 7, 1, 23, 59, 59, 999999, tzinfo=timezone(timedelta(hours=9))), 24),
        (datetime(2018, 7, 2, 0, 0, tzinfo=timezone(timedelta(hours=9))), 20),
    ],
)
def test_known_at_an_instant_or_at_the_end_of_a_day_in_japan(known_at: date, left: int) -> None:
    story = given().then(*series_7(), allotted(24), at=EARLIER).then(waived("2018-06-01", 4), at=NEXT_DAY)
    assert story.holding("2018-12-31", known_at=known_at).outstanding == left


def test_recorded_no_later_than_the_instant_counts() -> None:
    story = given().then(*series_7(), allotted(24), at=EARLIER).then(waived("2018-06-01", 4), at=END_OF_DAY)
    assert story.holding("2018-12-31", known_at=END_OF_DAY).outstanding == 20
    assert story.holding("2018-12-31", known_at=END_OF_DAY - timedelta(microseconds=1)).outstanding == 24
    assert story.holding("2018-12-31", known_at=date(2018, 7, 1)).outstanding == 20
    assert story.holding("2018-12-31", known_at=date(2018, 6, 30)).outstanding == 24


def test_nothing_was_known_before_the_first_entry() -> None:
    story = given().then(*series_7(), allotted(24), at=EARLIER)
    assert story.holdings("2020-01-01", known_at=EARLIER - timedelta(microseconds=1)) == []
    assert story.holdings("2020-01-01", known_version=0) == []


def test_both_limits_of_knowledge_count_together() -> None:
    story = given().then(*series_7(), allotted(24), at=EARLIER).then(waived("2018-06-01", 4), at=LATER)
    story.then(waived("2018-06-02", 5), at=LATER)
    assert story.holding("2020-01-01", known_version=5, known_at=date(2018, 12, 31)).outstanding == 24
    assert story.holding("2020-01-01", known_version=4, known_at=date(2019, 12, 31)).outstanding == 20


def test_a_clock_set_back_makes_nothing_known_earlier() -> None:
    story = given().then(*series_7(), allotted(24), at=LATER).then(waived("2018-06-01", 4), at=EARLIER)
    assert story.holdings("2020-01-01", known_at=EARLIER) == []
    assert story.holding("2020-01-01", known_at=LATER).outstanding == 20
    assert {row.recorded_at for row in story.book.history()} == {"2019-01-01T00:00:00.000000Z"}


@pytest.mark.parametrize(("known_version", "counts_as"), [(0, 0), (1, 1), (2, 1), (3, 1), (4, 4), (5, 5)])
def test_a_version_inside_a_batch_is_that_before_the_batch(known_version: int, counts_as: int) -> None:
    story = given(company()).then(issue(), allotted(24), allotted(4, "director-2")).then(waived("2018-01-01"))
    answer = story.book.holdings(date(2020, 1, 1), known_version=known_version)
    assert answer.known_version == counts_as
    assert len(answer) == (0 if counts_as < 4 else 2)


@pytest.mark.parametrize("known_version", [-1, 4])
def test_a_version_that_is_not_there_is_malformed(known_version: int) -> None:
    story = given(*series_7(), allotted(24))
    with pytest.raises(MalformedError, match="at version 3"):
        story.holdings("2020-01-01", known_version=known_version)


def test_an_instant_without_a_time_zone_is_malformed() -> None:
    with pytest.raises(MalformedError, match="no time zone"):
        given(company()).holdings("2020-01-01", known_at=datetime(2020, 1, 1))  # noqa: DTZ001


@pytest.mark.parametrize("asked", [{"series": "8"}, {"holder": "director-9"}])
def test_a_name_that_no_entry_knows_is_told(asked: dict[str, str]) -> None:
    (what,) = asked
    with pytest.raises(RefusedError) as refused:
        given(*series_7(), allotted(24)).holdings("2020-01-01", **asked)
    assert refused.value.code == f"unknown-{what}"


def test_a_name_known_later_only_has_no_rows_yet() -> None:
    story = given(*series_7(), allotted(24))
    assert story.holdings("2017-01-01", series="7", holder="director-1") == []
    assert [row.holder for row in story.holdings("2018-01-01", series="7", holder="director-1")] == ["director-1"]


def test_the_answer_says_what_it_was_asked_of() -> None:
    answer = given(*series_7(), allotted(24)).book.holdings(date(2020, 1, 1))
    assert (answer.ledger, answer.as_of, answer.known_version, len(answer)) == ("main", date(2020, 1, 1), 3, 1)
    assert answer[0].holder == "director-1"
    assert answer[:] == answer.rows == tuple(answer)
