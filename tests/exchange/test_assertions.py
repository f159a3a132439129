"""Assertions: the grammar, and whether they hold; sentences that are none say what would be right."""

import os
from datetime import UTC, date, datetime
from decimal import Decimal
from pathlib import Path

import pytest

from ledger.domain.errors import LedgerError, MalformedError, RefusedError
from ledger.exchange.registers.asserting import Checked, check
from ledger.exchange.registers.assertions import Assertion, Figure, Value, assertions_in
from tests.scenario import (
    Story,
    allotted,
    day,
    departed,
    died,
    exercised,
    given,
    inherited,
    pricing,
    series_7,
    split,
    transferred,
    waived,
)

DAY = date(2018, 7, 2)


def one(claim: str) -> Assertion:
    (found,) = assertions_in(f"as of 2018-07-02 {claim}", "figures.txt")
    return found


@pytest.mark.parametrize(("claim", "figure", "expected"), [
    ("has 245 rights", "outstanding", 245), ("has 1 right", "outstanding", 1),
    ("has 1,245 rights outstanding", "outstanding", 1_245),
    ("has 24 rights exercised", "exercised", 24), ("has exercised 24 rights", "exercised", 24),
    ("has allotted 245 rights", "allotted", 245), ("has 3 rights waived", "waived", 3),
    ("has 3 rights acquired", "acquired", 3), ("has lapsed 1 right", "lapsed", 1),
    ("has 3 rights extinguished", "extinguished", 3), ("has 3 rights replaced", "replaced", 3),
    ("has 3 rights received", "received", 3),
    ("has 49,000 shares", "shares", 49_000), ("has 200 shares per right", "shares_per_right", 200),
    ("HAS 17 Holders", "holders", 17), ("has at most 245 rights", "max_rights", 245),
    ("has a price of 422,600 yen per right", "price_per_right", Decimal(422_600)),
    ("has a price of 126.28 yen per share", "price_per_share", Decimal("126.28")),
    ("has an exercise price of 1 yen", "exercise_price", Decimal(1)),
    ("raised 211,400 yen of capital", "capital", Decimal(211_400)),
    ("raised 211,400 yen of capital reserve", "capital_reserve", Decimal(211_400)),
    ("paid 200 yen", "payment", Decimal(200)),
    ("is exercisable from 2017-07-15 until 2047-07-14", "period", (date(2017, 7, 15), date(2047, 7, 14))),
])  # fmt: skip
def test_claims_about_a_series(claim: str, figure: Figure, expected: Value) -> None:
    assert one(f"series 7 {claim}") == Assertion(
        1, f"as of 2018-07-02 series 7 {claim}", DAY, figure, expected, series="7"
    )


@pytest.mark.parametrize(("claim", "figure", "expected"), [
    ("has 24 rights", "outstanding", 24), ("has passed on 24 rights", "passed_on", 24),
    ("has 9,600 shares", "shares", 9_600),
    ("may exercise", "may_exercise", True), ("may not exercise", "may_exercise", False),
    ("may exercise from 2018-06-29 until 2018-07-08", "window", (date(2018, 6, 29), date(2018, 7, 8))),
])  # fmt: skip
def test_claims_about_a_holder(claim: str, figure: Figure, expected: Value) -> None:
    for subject, series in (("series 7 holder director-1", "7"), ("holder director-1", None)):
        found = one(f"{subject} {claim}")
        assert (found.figure, found.expected, found.series, found.holder) == (figure, expected, series, "director-1")


def test_everything_else_that_a_sentence_may_have() -> None:
    found = one(
        'known at version 12 series "the 7th" holder h inherited from "director 2" has 24 rights   source: "item 13, 2"'
    )
    assert found == Assertion(
        1, 'as of 2018-07-02 known at version 12 series "the 7th" holder h inherited from "director 2" has 24 rights',
        DAY, "outstanding", 24, "the 7th", "h", "director 2", None, None, 12, "item 13, 2",
    )  # fmt: skip
    assert one("known at 2018-07-03 holder a transferred from b has 1 right").transferred_from == "b"
    assert one("known at 2018-07-03 series 7 has 1 right").known_at == date(2018, 7, 3)
    assert one("known at 2018-07-03T09:00:00Z series 7 has 1 right").known_at == datetime(2018, 7, 3, 9, tzinfo=UTC)


def test_empty_lines_and_comments_say_nothing() -> None:
    text = "\n# figures\n  # more\nas of 2018-07-02 series 7 has 1 right\r\n\t\nas of 2018-07-02 series 7 has 2 rights"
    assert [each.line for each in assertions_in(text, "figures.txt")] == [4, 6]


@pytest.mark.parametrize(("line", "says"), [
    ("series 7 has 1 right", "series does not fit: as of comes next"),
    ("as of", "the sentence ends too early: a day comes next"),
    ("as of 2018-02-29 series 7 has 1 right", "2018-02-29 is no day of the calendar; days are written YYYY-MM-DD"),
    ("as of 2018-07-02", "the sentence ends too early: series or holder comes next"),
    ("as of 2018-07-02 serie 7 has 1 right",
     "serie does not fit after as of 2018-07-02 (did you mean series?): series or holder comes next"),
    ("as of 2018-07-02 series", "the sentence ends too early: a series comes next"),
    ('as of 2018-07-02 series "" has 1 right', "a series is empty"),
    ('as of 2018-07-02 series "7 has 1 right', 'a quotation mark is open: names with spaces are written "like this"'),
    ("as of 2018-07-02 series 7 hass 1 right", "hass does not fit after as of 2018-07-02 series 7 (did you mean has?):"
     " has, raised, paid, may or is exercisable comes next"),
    ("as of 2018-07-02 series 7 has x rights", "x is no count; write a whole number, such as 245 or 19,200"),
    ("as of 2018-07-02 series 7 has 19,20 rights", "19,20 is no count; write a whole number, such as 245 or 19,200"),
    ("as of 2018-07-02 series 7 has -1 rights", "-1 is no count; write a whole number, such as 245 or 19,200"),
    ("as of 2018-07-02 series 7 has ２ rights", "２ is no count; write a whole number, such as 245 or 19,200"),
    (f"as of 2018-07-02 series 7 has {2**53} rights",
     "9007199254740992 is no count; write a whole number, such as 245 or 19,200"),
    ("as of 2018-07-02 series 7 has a price of 1 dollar", "dollar does not fit after as of 2018-07-02 series 7 has a "
     "price of 1: yen comes next"),
    ("as of 2018-07-02 series 7 paid 1e3 yen", "1e3 is no amount; write yen in digits, such as 422,600 or 126.28"),
    ("as of 2018-07-02 series 7 has 1 right now", 'now is too much; the sentence ends here, or with source: "…"'),
    ("as of 2018-07-02 series 7 has 1 right source:",
     "the sentence ends too early: where the figure is published comes next"),
    ("as of 2018-07-02 known at 2018 series 7 has 1 right",
     "2018 is neither a day YYYY-MM-DD nor an instant such as 2018-06-28T18:00:00+09:00"),
    ("as of 2018-07-02 known at 2018-07-02T09:00 series 7 has 1 right",
     "2018-07-02T09:00 is neither a day YYYY-MM-DD nor an instant such as 2018-06-28T18:00:00+09:00"),
    ("as of 2018-07-02 series 7 may exercise", "may exercise is of a holder: write holder H after the series"),
    ("as of 2018-07-02 series 7 has passed on 1 right", "passed on is of a holder: write holder H after the series"),
    ("as of 2018-07-02 holder a has 1 share per right",
     "shares per right is of a series: write series S before the holder"),
    ("as of 2018-07-02 series 7 holder a has at most 1 right",
     "max rights is of a series, not of a holder: leave out holder a"),
    ("as of 2018-07-02 series 7 holder a has 1 holder", "holders is of a series, not of a holder: leave out holder a"),
    ("x" * 2_001, "it has 2,001 characters; a sentence has at most 2,000"),
], ids=lambda text: str(text)[:60])  # fmt: skip
def test_sentences_that_are_none(line: str, says: str) -> None:
    with pytest.raises(MalformedError) as refused:
        assertions_in(f"# one\n{line}", "figures.txt")
    assert refused.value.message == f"figures.txt has 1 problem: line 2: {says}"


def test_all_problems_are_told_at_once() -> None:
    with pytest.raises(MalformedError) as refused:
        assertions_in("x\n" * 22, "figures.txt")
    assert refused.value.message.startswith(
        "figures.txt has 22 problems: line 1: x does not fit: as of comes next; line 2:"
    )
    assert refused.value.message.endswith("; line 20: x does not fit: as of comes next; and 2 more")


@pytest.fixture
def story() -> Story:
    return given(
        *series_7({"transfer": "free"}),  # versions 1 and 2
        pricing(1_900),
        allotted(24),
        allotted(10, "director-2"),
        allotted(7, "officer-1", position="executive-officer"),  # 6
        departed("2018-06-28"),
        exercised("2018-07-02", 4),
        waived("2018-07-03", 1),  # 9
        died("2019-02-11", "director-2"),
        inherited("2019-03-15", "heir-1", "director-2"),
        transferred("2019-04-01", 2, holder="officer-1"),
        split("2", "2020-12-31"),  # 13
    )


def checked(story: Story, folder: Path, *lines: str) -> Checked:
    file = folder / "figures.txt"
    file.write_text("\n".join(lines), encoding="utf-8")
    return check(story.book, [file])


HOLD = (
    "as of 2017-07-13 series 7 has 0 rights",
    "as of 2017-07-14 series 7 has 41 rights",
    "as of 2017-07-14 series 7 has 3 holders",
    "as of 2017-07-14 series 7 has at most 245 rights",
    "as of 2017-07-14 series 7 has 8,200 shares",
    "as of 2017-07-13 series 7 has 200 shares per right",
    "as of 2021-01-01 series 7 has 400 shares per right",
    "as of 2021-01-01 series 7 holder officer-1 has 400 shares per right",
    "as of 2017-07-14 series 7 has a price of 1,900 yen per share",
    "as of 2017-07-14 series 7 has a price of 380000.00 yen per right",
    "as of 2017-07-14 series 7 has an exercise price of 1 yen",
    "as of 2017-07-14 series 7 is exercisable from 2017-07-15 until 2047-07-14",
    "as of 2018-06-28 series 7 holder director-1 may not exercise",
    "as of 2018-06-28 holder director-1 may exercise from 2018-06-29 until 2018-07-08",
    "as of 2018-06-29 series 7 holder director-1 may exercise",
    "as of 2018-07-08 series 7 holder director-1 may exercise",
    "as of 2018-07-09 series 7 holder director-1 may not exercise",
    "as of 2018-07-02 series 7 paid 800 yen",
    "as of 2018-07-02 series 7 holder director-1 raised 760,400 yen of capital",
    "as of 2018-07-02 series 7 raised 760,400 yen of capital reserve",
    "as of 2018-07-01 series 7 raised 0 yen of capital",
    "as of 2018-07-02 known at version 7 series 7 has exercised 0 rights",
    "as of 2018-07-09 series 7 has 19 rights lapsed",
    "as of 2018-07-09 series 7 has 1 right waived",
    "as of 2018-07-09 series 7 has allotted 41 rights",
    "as of 2019-04-01 series 7 has received 0 rights",
    "as of 2019-03-15 series 7 holder director-2 has passed on 10 rights",
    "as of 2019-03-15 series 7 holder heir-1 inherited from director-2 has 10 rights",
    "as of 2019-03-15 series 7 holder heir-1 inherited from director-1 has 0 rights",
    "as of 2019-04-01 series 7 holder buyer-1 transferred from officer-1 has 2 rights",
    "as of 2019-04-01 holder officer-1 has 5 rights",
)


def test_figures_that_hold(story: Story, tmp_path: Path) -> None:
    """By hand: of 24, 4 exercised, 1 waived, 19 lapsed; 800 shares for 800 yen, limit 800 + 4 x 380,000, halved."""
    assert checked(story, tmp_path, *HOLD) == Checked(len(HOLD), ())


@pytest.mark.parametrize(("line", "found", "difference", "versions"), [
    ("as of 2017-07-14 series 7 has 42 rights", 41, -1, (4, 5, 6)),
    ("as of 2018-07-09 series 7 holder director-1 has 20 rights", 0, -20, (4, 7, 8, 9)),
    ("as of 2021-01-01 series 7 has 200 shares per right", 400, 200, (2, 13)),
    ("as of 2017-07-14 series 7 has a price of 1900.5 yen per share", Decimal(1_900), Decimal("-0.5"), (3,)),
    ("as of 2017-06-27 series 7 has 200 shares per right", None, None, ()),
    ("as of 2018-06-28 series 7 holder director-1 may exercise", False, None, (2, 7)),
    ("as of 2018-06-28 series 7 holder director-1 may exercise from 2018-06-28 until 2018-07-08",
     (date(2018, 6, 29), date(2018, 7, 8)), None, (2, 7)),
    ("as of 2018-07-02 series 7 raised 760,401 yen of capital", 760_400, -1, (2, 3, 8)),
])  # fmt: skip
def test_a_figure_that_does_not_hold(
    story: Story, tmp_path: Path, line: str, found: object, difference: object, versions: tuple[int, ...]
) -> None:
    (failure,) = checked(story, tmp_path, line).failures
    assert (failure.found, failure.difference) == (found, difference)
    assert failure.assertion.says == line
    assert failure.versions == versions


def test_what_the_ledger_knows_on_no_day_is_told_by_its_line(story: Story, tmp_path: Path) -> None:
    for line, says in (
        ("as of 2018-07-02 series 8 has 1 right", "unknown-series: {}, line 1: series 8 is not known on any day"),
        ("as of 2018-07-02 holder directer-1 has 1 right",
         "unknown-holder: {}, line 1: holder directer-1 is not known on any day (did you mean director-1?)"),
    ):  # fmt: skip
        with pytest.raises(RefusedError) as refused:
            checked(story, tmp_path, line)
        assert str(refused.value) == says.format(tmp_path / "figures.txt")


def test_a_version_that_is_not_there_is_told_by_its_line(story: Story, tmp_path: Path) -> None:
    with pytest.raises(MalformedError, match=r"figures.txt, line 2: the ledger main is at .* no version 14"):
        checked(story, tmp_path, "", "as of 2018-07-02 known at version 14 series 7 has 1 right")


@pytest.mark.parametrize("content", [b"\xff\xfe", b"as of 2018-07-02 series \x8f\x80 has 1 right", b"x" * 16_000_001],
                         ids=["mark", "cp932", "large"])  # fmt: skip
def test_files_that_are_no_text(story: Story, tmp_path: Path, content: bytes) -> None:
    (tmp_path / "figures.txt").write_bytes(content)
    with pytest.raises(LedgerError) as refused:
        check(story.book, [tmp_path / "figures.txt"])
    assert refused.value.exit_code == 2
    with pytest.raises(MalformedError, match="No such file"):
        check(story.book, [tmp_path / "other.txt"])
    with pytest.raises(MalformedError, match="Is a directory"):
        check(story.book, [tmp_path])


def test_a_mark_of_utf_8_at_the_beginning_is_none_of_the_text(story: Story, tmp_path: Path) -> None:
    (tmp_path / "figures.txt").write_text("\ufeffas of 2017-07-14 series 7 has 41 rights", encoding="utf-8")
    assert check(story.book, [tmp_path / "figures.txt"]) == Checked(1, ())


def test_several_files_in_their_order(story: Story, tmp_path: Path) -> None:
    files = [tmp_path / name for name in ("b.txt", "a.txt")]
    for file in files:
        file.write_text("as of 2017-07-14 series 7 has 1 right", encoding="utf-8")
    assert [failure.file for failure in check(story.book, files).failures] == files


def test_windows_of_two_holdings_that_differ_are_no_one_window(tmp_path: Path) -> None:
    story = given(*series_7({"transfer": "free"}), allotted(24), allotted(10, "director-2"), departed("2018-06-28"),
                  transferred("2018-02-01", 1, "director-1", "director-2"))  # fmt: skip
    assert [row.holder for row in story.book.eligibility(day("2018-06-29"), holder="director-1")] == ["director-1"] * 2
    line = "as of 2018-06-29 series 7 holder director-1 {}may exercise from 2018-06-29 until 2018-07-08"
    (failure,) = checked(story, tmp_path, line.format("")).failures
    assert failure.found is None
    other = (
        "as of 2018-06-29 series 7 holder director-1 transferred from director-2 may exercise from {} until 2047-07-14"
    )
    assert checked(story, tmp_path, other.format("2017-07-15")).failures == ()


@pytest.mark.timeout(20)
def test_a_pipe_and_a_file_without_end_are_not_waited_for(tmp_path: Path) -> None:
    """Nobody writes into the pipe; the device says of itself that it has no bytes."""
    os.mkfifo(tmp_path / "figures.txt")
    assert check(given().book, [tmp_path / "figures.txt"]) == Checked(0, ())
    with pytest.raises(MalformedError, match="has more than 16,000,000 bytes"):
        check(given().book, [Path("/dev/zero")])
