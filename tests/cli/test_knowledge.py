"""What was known: --known-at with a day or an instant, --known-version, RIGHTS_TODAY, the conditional split."""

import pytest

from tests.cli.conftest import SMALL, record_at
from tests.cli.terminal import Rights
from tests.scenario import allotted, company, departed, exercised, issue, split


@pytest.fixture
def three_batches(rights: Rights) -> Rights:
    """Versions 1 to 4 recorded on 1 April 2021 at 9:30 in Japan, 5 just before midnight, 6 just after."""
    record_at("2021-04-01T09:30:00+09:00", [company(), issue(), allotted(24), allotted(10, "director-2")])
    record_at("2021-04-01T23:59:59.999999+09:00", [departed("2018-06-28")])
    record_at("2021-04-02T00:00:00+09:00", [exercised("2018-07-02", 4)])
    return rights


def known(rights: Rights, *knowledge: str) -> tuple[int, int, int]:
    """The version that counted, and what director-1 has exercised and let lapse by 2018-07-09."""
    document = rights("holdings", "--as-of", "2018-07-09", "--holder", "director-1", *knowledge, "--json").json
    (row,) = document["rows"]
    return document["known_version"], row["exercised"], row["lapsed"]


def test_a_day_means_its_end_in_japan(three_batches: Rights) -> None:
    assert known(three_batches) == (6, 4, 20)
    assert known(three_batches, "--known-at", "2021-04-02") == (6, 4, 20)
    assert known(three_batches, "--known-at", "2021-04-01") == (5, 0, 24)


@pytest.mark.parametrize(("instant", "version"), [
    ("2021-04-02T00:00:00+09:00", 6),
    ("2021-04-01T15:00:00Z", 6),
    ("2021-04-01T15:00:00+00:00", 6),
    ("2021-04-02T00:00+09:00", 6),
    ("2021-04-01T14:59:59.999999Z", 5),
    ("2021-04-01T10:00:00-04:00", 4),
    ("2021-04-01T09:30:00+09:00", 4),
])  # fmt: skip
def test_an_instant_has_its_offset(three_batches: Rights, instant: str, version: int) -> None:
    assert known(three_batches, "--known-at", instant)[0] == version


def test_before_the_first_batch_nothing_was_known(three_batches: Rights) -> None:
    told = three_batches("holdings", "--as-of", "2018-07-09", "--known-at", "2021-03-31")
    assert told.table == "Holdings as of 2018-07-09, known at 2021-03-31 · ledger main at version 0: none\n"


@pytest.mark.parametrize(("asked", "version"), [("6", 6), ("5", 5), ("4", 4), ("3", 0), ("1", 0), ("0", 0)])
def test_a_version_inside_a_batch_counts_as_the_one_before_the_batch(
    three_batches: Rights, asked: str, version: int
) -> None:
    told = three_batches("series", "--as-of", "2018-07-09", "--known-version", asked, "--json")
    assert told.json["known_version"] == version


def test_the_earlier_of_instant_and_version_counts(three_batches: Rights) -> None:
    assert known(three_batches, "--known-at", "2021-04-01", "--known-version", "6")[0] == 5
    assert known(three_batches, "--known-at", "2021-04-02", "--known-version", "4")[0] == 4


@pytest.mark.parametrize("version", ["7", "-1", "99999999999999999999"])
def test_a_version_that_is_not_there(three_batches: Rights, version: str) -> None:
    told = three_batches("holdings", "--known-version", version)
    assert (told.code, told.sentence) == (
        2, f"rights: malformed: the ledger main is at version 6; there is no version {version}"
    )  # fmt: skip


@pytest.mark.parametrize("edge", ["9999-12-31", "0001-01-01", "0001-01-01T00:00:00+09:00", "9999-12-31T23:59:59-12:00"])
def test_the_first_and_the_last_instant_that_can_be_written(three_batches: Rights, edge: str) -> None:
    """Either answered or malformed: never a traceback."""
    told = three_batches("holdings", "--as-of", "2018-07-09", "--known-at", edge)
    assert told.code in {0, 2}


@pytest.mark.parametrize("edge", ["0001-01-01", "9999-12-31"])
@pytest.mark.parametrize(
    "question", [("holdings", "--as-of"), ("series", "--as-of"), ("eligibility", "--on"), ("exercises", "--as-of")]
)
def test_the_first_and_the_last_day_that_can_be_written(
    three_batches: Rights, question: tuple[str, str], edge: str
) -> None:
    told = three_batches(*question, edge)
    assert (told.code, told.err) == (0, "")


def test_what_was_known_at_a_version_does_not_change(small_ledger: Rights) -> None:
    question = ("holdings", "--as-of", "2021-01-01", "--known-version", "11", "--json")
    before = small_ledger(*question).out
    record_at("2021-04-02T09:30:00+09:00", [{"type": "retraction", "retracts": 11}, allotted(1, "late")])
    assert small_ledger(*question).out == before


@pytest.fixture
def conditional_split(rights: Rights) -> Rights:
    """A split with record date 31 March 2018, resolved by a meeting that closes on 28 June 2018."""
    record_at("2018-03-01T09:00:00+09:00", [
        company(), issue(), allotted(24), departed("2018-03-30"), exercised("2018-04-02", 4),
        split("2", "2018-03-31", meeting_closed_on="2018-06-28"),
    ])  # fmt: skip
    return rights


@pytest.mark.parametrize(("today", "before"), [("2018-06-28", 200), ("2018-06-29", 400)])
def test_a_conditional_split_is_relied_on_from_the_day_after_the_meeting(
    conditional_split: Rights, monkeypatch: pytest.MonkeyPatch, today: str, before: int
) -> None:
    def shares_per_right(*knowledge: str) -> list[int]:
        days = ("2018-03-31", "2018-04-01", "2018-06-28", "2018-06-29")
        answers = [conditional_split("series", "--as-of", day, *knowledge, "--json").json for day in days]
        return [answer["rows"][0]["shares_per_right"] for answer in answers]

    assert shares_per_right("--known-at", today) == [200, before, before, before]
    assert shares_per_right("--known-at", f"{today}T15:00:00+09:00") == [200, before, before, before]
    monkeypatch.setenv("RIGHTS_TODAY", today)
    assert shares_per_right() == [200, before, before, before]
    assert shares_per_right("--known-version", "6") == [200, before, before, before]


def test_the_shares_still_due_of_an_exercise_before_the_meeting_closes(conditional_split: Rights) -> None:
    def exercise(known_at: str) -> tuple[int, int]:
        (row,) = conditional_split("exercises", "--as-of", "2018-12-31", "--known-at", known_at, "--json").json["rows"]
        return row["shares"], row["shares_still_due"]

    assert exercise("2018-06-28")[0] == 800
    assert exercise("2018-06-29") == (1_600, 800)


def test_two_reports_that_differ_have_titles_that_differ(conditional_split: Rights) -> None:
    """The same day and version, known before and after the meeting: 200 and 400 shares per right."""
    before = conditional_split("holdings", "--as-of", "2018-06-28", "--known-at", "2018-06-28").out.splitlines()
    after = conditional_split("holdings", "--as-of", "2018-06-28", "--known-at", "2018-06-29").out.splitlines()
    assert before[1:] != after[1:]
    assert before[0] != after[0]


def test_today_is_the_day_of_rights_today(small_ledger: Rights, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("RIGHTS_TODAY", "2018-07-09")
    for question in ("holdings", "series", "exercises", "eligibility"):
        day = "2018-07-09"
        named = small_ledger(question, "--on" if question == "eligibility" else "--as-of", day)
        assert small_ledger(question) == named
        assert f" 2018-07-09 · ledger main at version {len(SMALL)}\n" in named.out


def test_rights_today_never_changes_what_is_recorded(small_ledger: Rights, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("RIGHTS_TODAY", "2018-07-09")
    assert small_ledger("depart", "--holder", "officer-1", "--on", "2021-06-24").code == 0
    (row,) = small_ledger("history", "--since-version", "11", "--json").json["rows"]
    assert row["recorded_at"] > "2021-04-01T00:30:00"
    assert row["entry"]["on"] == "2021-06-24"


@pytest.mark.parametrize("day", ["yesterday", "2026-02-30", "20260101", "2026-W01-1", "2026-1-1", " 2026-01-01"])
def test_rights_today_is_a_day(small_ledger: Rights, monkeypatch: pytest.MonkeyPatch, day: str) -> None:
    monkeypatch.setenv("RIGHTS_TODAY", day)
    told = small_ledger("holdings")
    assert (told.code, told.err) == (2, f"rights: malformed: RIGHTS_TODAY is {day}, not a day YYYY-MM-DD\n")
