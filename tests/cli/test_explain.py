"""`rights explain`: the sentence, the steps behind it, and the same as data."""

import pytest

from tests.cli.conftest import record_at
from tests.cli.terminal import Rights
from tests.scenario import allotted

ASKED = ("explain", "--series", "7", "--holder", "director-1", "--on", "2018-07-09")


def test_the_sentence_comes_first_and_then_the_steps(small_ledger: Rights) -> None:
    lines = small_ledger(*ASKED).table.splitlines()
    assert lines[0] == "Explanation on 2018-07-09 · ledger main at version 11"
    assert lines[3] == (
        "director-1 may not exercise 20 rights of series 7 on 2018-07-09: the window closed on 2018-07-08"
    )
    assert lines[5] == "Steps"
    assert lines[6].split() == ["version", "item", "what", "follows"]  # no entry names its document
    assert [line.split()[0] for line in lines[8:]] == ["4", "8", "7", "2", "2", "7", "–", "2", "–", "2"]
    assert lines[10].split(maxsplit=3)[3] == "director-1 left the last position on 2018-06-28"


def test_as_data(small_ledger: Rights) -> None:
    document = small_ledger(*ASKED, "--json").answer
    (row,) = document.pop("rows")
    assert document == {"ledger": "main", "on": "2018-07-09", "known_version": 11}
    steps, figures = row.pop("steps"), row.pop("figures")
    assert row == {
        "series": "7", "holder": "director-1", "inherited_from": None, "transferred_from": None, "version": None,
        "on": "2018-07-09", "answer": "window-closed",
        "sentence": "director-1 may not exercise 20 rights of series 7 on 2018-07-09: the window closed on 2018-07-08",
    }  # fmt: skip
    assert steps[0] == {"version": 4, "source": None, "item": "item 15", "says": "allotted 24 on 2017-07-14"}
    assert figures == {
        "allotted": 24, "received": 0, "outstanding": 0, "exercised": 4, "lapsed": 20, "waived": 0, "acquired": 0,
        "extinguished": 0, "replaced": 0, "passed_on": 0, "shares_per_right": 200, "shares": 0, "exercise_price": 1,
        "payment": 0, "eligible": False, "from": "2018-06-29", "until": "2018-07-08", "reason": None,
        "lost_on": "2018-06-28", "died_on": None, "inherited_on": None, "lapsed_on": "2018-07-09",
    }  # fmt: skip


def test_as_values(small_ledger: Rights) -> None:
    heading, row = small_ledger(*ASKED, "--csv").out.splitlines()
    assert heading == "series,holder,inherited_from,transferred_from,version,on,answer,sentence,figures,steps"
    assert row.startswith("7,director-1,,,,2018-07-09,window-closed,director-1 may not exercise 20 rights")


def test_all_holdings_of_a_holder_are_explained_in_turn_or_the_one_named(small_ledger: Rights) -> None:
    record_at("2021-04-02T09:30:00+09:00", [allotted(3, "heir-1")])
    asked = ("explain", "--series", "7", "--holder", "heir-1", "--on", "2019-04-01")
    lines = small_ledger(*asked).table.splitlines()
    assert lines[3:5] == [
        "heir-1 may not exercise 3 rights of series 7 on 2019-04-01: heir-1 is in office, and may only after leaving",
        "heir-1 (heir of director-2) may exercise 10 rights of series 7 on 2019-04-01, for 2,000 shares and 2,000 yen: "
        "the window is 2019-03-15 to 2019-09-15",
    ]
    assert lines[7].startswith("holder                       version  item")
    (row,) = small_ledger(*asked, "--inherited-from", "director-2", "--json").json["rows"]
    assert (row["inherited_from"], row["figures"]["outstanding"]) == ("director-2", 10)


def test_a_series_and_an_exercise(small_ledger: Rights) -> None:
    series = small_ledger("explain", "--series", "7", "--on", "2021-01-01").out
    assert "7 rights of series 7 are outstanding on 2021-01-01, for 2,800 shares: 400 a right\n" in series
    assert "split, record date 2020-12-31, effective on 2021-01-01: 200 × 2 = 400 shares per right\n" in series
    exercise = small_ledger("explain", "--version", "8")
    assert exercise.out.startswith("Explanation on 2018-07-02 · ledger main at version 11\n")
    assert "director-1 exercised 4 rights of series 7 on 2018-07-02: 800 shares for 800 yen" in exercise.out


def test_the_document_of_each_entry_is_shown(demo_ledger: Rights) -> None:
    told = demo_ledger("explain", "--series", "7", "--on", "2021-01-01").out
    assert "400 shares per right  " in told
    assert "  Share split effective 1 January 2021\n" in told


@pytest.mark.parametrize("form", [(), ("--json",), ("--csv",)], ids=str)
@pytest.mark.parametrize("asked", [ASKED, ("explain", "--series", "7", "--on", "2021-01-01")], ids=str)
def test_to_ask_why_adds_nothing_to_the_steps(
    small_ledger: Rights, asked: tuple[str, ...], form: tuple[str, ...]
) -> None:
    told = small_ledger(*asked, "--why", *form)
    assert told == small_ledger(*asked, *form)
    assert "None" not in told.out


@pytest.mark.parametrize(("arguments", "code", "sentence"), [
    ((), 2, "malformed: a series is to be named, or the version of an exercise"),
    (("--holder", "director-1"), 2, "malformed: a series is to be named, or the version of an exercise"),
    (("--version", "4"), 2,
     "malformed: version 4 is an entry of the kind allotment; `--version` explains an exercise"),
    (("--series", "8"), 1, "unknown-series: series 8 is not known on "),
    (("--series", "7", "--holder", "x"), 1, "unknown-holder: x is not known on "),
    (("--series", "7", "--json", "--csv"), 2, "malformed: --json and --csv cannot both be had"),
])  # fmt: skip
def test_what_is_refused(small_ledger: Rights, arguments: tuple[str, ...], code: int, sentence: str) -> None:
    told = small_ledger("explain", *arguments)
    assert told.code == code
    assert (told.error["code"] if "--json" in arguments else told.sentence).startswith(
        "malformed" if "--json" in arguments else f"rights: {sentence}"
    )


def test_of_an_empty_ledger(new_ledger: Rights) -> None:
    told = new_ledger("explain", "--series", "7", "--on", "2018-07-09")
    assert (told.code, told.sentence) == (
        1, "rights: unknown-series: series 7 is not known on 2018-07-09; it must be resolved by then (domain.md 3)"
    )  # fmt: skip
