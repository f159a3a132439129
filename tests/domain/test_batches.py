"""contract.md: ids, batches, `--expect-version`, `--keep-going`, `--dry-run`; what is told first, by line."""

from typing import Any

import pytest

from ledger.domain.errors import LedgerError, MalformedError, RefusedError
from tests.scenario import allotted, company, exercised, given, retraction, series_7, waived

BASE = (*series_7({"while_in_office": True}), allotted(24))


def test_the_same_id_with_the_same_content_changes_nothing() -> None:
    story = given(*BASE).then(waived("2018-01-01") | {"id": "w-1"})
    again = {"id": "w-1", **waived("2018-01-01")}
    outcome = story.book.record([again, waived("2018-01-02") | {"id": "w-2"}], actor="tests")
    assert [line.version for line in outcome.lines] == [4, 5]
    assert story.rights("2018-01-02") == {"allotted": 24, "waived": 2, "outstanding": 22}


def test_the_same_id_twice_in_one_batch_is_recorded_once() -> None:
    entry = waived("2018-01-01") | {"id": "w-1"}
    outcome = given(*BASE).book.record([entry, entry], actor="tests")
    assert ([line.version for line in outcome.lines], outcome.version) == ([4, 4], 4)


@pytest.mark.parametrize(
    "other", [{"rights": 2}, {"note": "n"}, {"source": "s"}, {"treasury_shares": 0}, {"on": "2018-01-02"}], ids=str
)
def test_the_same_id_with_other_content_is_refused(other: dict[str, Any]) -> None:
    story = given(*BASE).then(exercised("2018-01-01") | {"id": "x"})
    story.when(exercised("2018-01-01") | {"id": "x"} | other).refused_with("id-reused")
    story.when(exercised("2018-01-01") | {"id": "x"}).recorded()
    assert story.version == 4


def test_an_id_reused_inside_a_batch_is_refused() -> None:
    entry = waived("2018-01-01") | {"id": "w-1"}
    given(*BASE).when(entry, entry | {"rights": 2}).refused_with("id-reused", line=2)


def test_an_id_stays_taken_after_a_retraction() -> None:
    story = given(*BASE).then(waived("2018-01-01") | {"id": "w"}).then(retraction(4))
    story.when(waived("2018-01-01", 2) | {"id": "w"}).refused_with("id-reused")
    assert story.book.record([waived("2018-01-01") | {"id": "w"}], actor="tests").lines[0].version == 4
    assert story.version == 5


@pytest.mark.parametrize("keep_going", [True, False])
def test_an_id_is_not_taken_by_a_refusal(*, keep_going: bool) -> None:
    story = given(*BASE)
    refused = waived("2018-01-01", 25) | {"id": "w"}
    if keep_going:
        lines = [refused, waived("2018-01-01", 2) | {"id": "w"}]
        outcome = story.book.record(lines, actor="tests", keep_going=True)
        assert [line.version for line in outcome.lines] == [None, 4]
    else:
        story.when(refused).refused_with("insufficient-rights")
        story.when(waived("2018-01-01", 2) | {"id": "w"}).recorded()


@pytest.mark.parametrize("entry_id", ["w", "", "é", "é"])
def test_an_id_is_found_again_after_a_refusal_in_between(entry_id: str) -> None:
    """An id is any string: the empty one too."""
    entry = waived("2018-01-01") | {"id": entry_id}
    lines = [entry, waived("2018-01-01", 99), entry]
    outcome = given(*BASE).book.record(lines, actor="tests", keep_going=True)
    assert [line.version for line in outcome.lines] == [4, None, 4]


def test_the_version_expected_is_the_one_before_the_call() -> None:
    story = given(*BASE)
    for stale in (0, 2, 4):
        with pytest.raises(RefusedError) as refused:
            story.book.record([waived("2018-01-01")], actor="tests", expect_version=stale)
        assert refused.value.code == "stale-version"
    story.book.record([waived("2018-01-01") | {"id": "w"}, waived("2018-01-02")], actor="tests", expect_version=3)
    assert story.version == 5
    again = story.book.record([waived("2018-01-01") | {"id": "w"}], actor="tests", expect_version=3)
    assert [line.version for line in again.lines] == [4]


def test_each_line_kept_going_is_a_batch_of_its_own() -> None:
    story = given(*BASE)
    lines: list[Any] = [waived("2018-01-01"), '{"type": "x"}', b"{", "", waived("2018-01-01", 30), waived("2018-01-01")]
    outcome = story.book.record(lines, actor="tests", keep_going=True)
    assert [(line.line, line.version) for line in outcome.lines] == [
        (1, 4),
        (2, None),
        (3, None),
        (5, None),
        (6, 5),
    ]
    assert [line.error.code for line in outcome.lines if line.error] == [
        "unknown-type",
        "malformed",
        "insufficient-rights",
    ]
    assert outcome.exit_code == 2
    assert outcome.to_dict()["lines"][0] == {"line": 1, "version": 4}
    refused = outcome.to_dict()["lines"][3]["error"]
    assert (list(refused), refused["code"], refused["contradicts"]) == (
        ["code", "message", "contradicts"],
        "insufficient-rights",
        None,
    )
    holdings = story.holdings("2018-01-01", known_version=4)
    assert holdings[0].waived == 1


def test_a_dry_run_judges_and_records_nothing() -> None:
    story = given(*BASE)
    outcome = story.book.record([waived("2018-01-01"), waived("2018-01-02")], actor="tests", dry_run=True)
    assert ([line.version for line in outcome.lines], outcome.version, outcome.exit_code) == ([4, 5], 5, 0)
    assert story.version == 3
    with pytest.raises(RefusedError):
        story.book.record([waived("2018-01-01", 25)], actor="tests", dry_run=True)
    kept = story.book.record(
        [waived("2018-01-01", 24), waived("2018-01-02")], actor="tests", dry_run=True, keep_going=True
    )
    assert [line.version for line in kept.lines] == [4, None]
    assert story.version == 3


@pytest.mark.parametrize(
    ("lines", "code", "line"),
    [
        ([waived("2018-01-01", 99), {"type": "x"}], "unknown-type", 2),
        ([waived("2018-01-01", 99), {}], "malformed", 2),
        ([{"type": "x"}, {}], "unknown-type", 1),
        ([waived("2018-01-01", 99), waived("2018-01-01", 2) | {"id": "w"}], "id-reused", 2),
        ([waived("2018-01-01", 99), retraction(4)], "nothing-to-retract", 2),
    ],
)
def test_what_is_told_before_any_rule(lines: list[dict[str, Any]], code: str, line: int) -> None:
    story = given(*BASE, waived("2018-01-01") | {"id": "w"}).then(retraction(4))
    with pytest.raises(LedgerError) as refused:
        story.book.record(lines, actor="tests")
    assert (refused.value.code, refused.value.line) == (code, line)
    assert refused.value.exit_code == (2 if isinstance(refused.value, MalformedError) else 1)


def test_an_empty_batch_is_nothing() -> None:
    story = given(company())
    outcome = story.book.record([], actor="tests").to_dict()
    assert (outcome["version"], outcome["size"], outcome["lines"]) == (1, 1, [])
    assert story.book.record(["", "  ", b"\n"], actor="tests").version == 1


def test_who_records_is_named_like_anybody() -> None:
    with pytest.raises(MalformedError):
        given().book.record([company()], actor="")
    book = given(company()).book
    assert [row.actor for row in book.history()] == ["tests"]
