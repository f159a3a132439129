"""`rights diff`: what changed, beside what changed it; and the sides that must be two."""

import re
from datetime import datetime
from pathlib import Path

import pytest
from openpyxl import load_workbook

from tests.cli.conftest import record_at
from tests.cli.terminal import Rights
from tests.scenario import exercised, retraction

DIFFERENCES = """\
Differences from 2018-07-01 at version 11 to 2018-07-09 at version 11 · ledger main
series  holder      figure       before  after  changed by
7       director-1  outstanding      24      0  exercise of 2018-07-02 (version 8); lapse, the last day being 2018-07-08
7       director-1  exercised         0      4
7       director-1  lapsed            0     20
7       director-1  shares        4,800      0
"""


def body(out: str) -> str:
    """A table without its rule, whose length nobody reads, and without what proves both sides."""
    table, _, _ = out.partition("\n\n")
    return "\n".join(line for line in table.splitlines() if not line.startswith("─"))


def test_two_days(small_ledger: Rights) -> None:
    told = small_ledger("diff", "--as-of", "2018-07-01", "--as-of", "2018-07-09")
    assert (told.code, told.err) == (0, "")
    assert body(told.out) == body(DIFFERENCES)
    before, after = told.out.splitlines()[-2:]
    assert before.startswith("before: 11 entries, root ")
    assert after == before.replace("before", "after")


def test_two_versions_and_the_retraction_between(small_ledger: Rights) -> None:
    record_at("2021-04-02T09:30:00+09:00", [retraction(8), exercised("2018-07-02", 1)])
    told = small_ledger(
        "diff", "--as-of", "2018-07-02", "--known-version", "11", "--known-version", "13", "--json"
    ).json
    assert {name: side["known_version"] for name, side in told.items() if name in {"before", "after"}} == {
        "before": 11, "after": 13
    }  # fmt: skip
    assert told["before"]["as_of"] == told["after"]["as_of"] == "2018-07-02"
    assert told["rows"] == [
        {
            "series": "7", "holder": "director-1", "inherited_from": None, "transferred_from": None,
            "change": "changed",
            "changes": [
                {"field": "outstanding", "before": 20, "after": 23}, {"field": "exercised", "before": 4, "after": 1},
                {"field": "shares", "before": 4_000, "after": 4_600},
            ],
            "causes": [
                {
                    "version": 12, "type": "retraction", "on": "2018-07-02",
                    "retracts": {"version": 8, "type": "exercise"},
                },
                {"version": 13, "type": "exercise", "on": "2018-07-02", "retracts": None},
            ],
        }
    ]  # fmt: skip
    days = small_ledger("diff", "--as-of", "2018-07-02", "--known-at", "2021-04-01", "--known-at", "2021-04-02")
    assert days.out.splitlines()[0] == (
        "Differences from 2018-07-02 at version 11, known at 2021-04-01 to 2018-07-02 at version 13, known at "
        "2021-04-02 · ledger main"
    )
    assert (
        "retraction (version 12) of the exercise of 2018-07-02 (version 8); exercise of 2018-07-02 (version 13)"
        in days.out
    )


def test_what_appeared_is_shown_by_the_figures_that_are_not_0(small_ledger: Rights) -> None:
    told = small_ledger("diff", "--as-of", "2017-07-13", "--as-of", "2017-07-14", "--holder", "director-1")
    assert body(told.out).splitlines()[1:] == [
        "series  holder      figure       before  after  changed by",
        "7       director-1  allotted     –          24  allotment of 2017-07-14 (version 4)",
        "7       director-1  outstanding  –          24",
        "7       director-1  shares       –       4,800",
    ]


def test_as_values(small_ledger: Rights) -> None:
    heading, *rows = small_ledger("diff", "--as-of", "2020-12-31", "--as-of", "2021-01-01", "--csv").out.splitlines()
    assert heading == "series,holder,inherited_from,transferred_from,change,changes,causes"
    assert rows[0] == (
        '7,,,,changed,"[{""field"": ""shares_per_right"", ""before"": 200, ""after"": 400}]",'
        '"[{""version"": 11, ""type"": ""split"", ""on"": ""2021-01-01"", ""retracts"": null}]"'
    )


def test_nothing_changed(small_ledger: Rights) -> None:
    told = small_ledger("diff", "--as-of", "2018-07-09", "--as-of", "2018-07-10")
    assert told.out.splitlines()[0] == (
        "Differences from 2018-07-09 at version 11 to 2018-07-10 at version 11 · ledger main: none"
    )
    assert small_ledger("diff", "--as-of", "2018-07-09", "--as-of", "2018-07-10", "--json").json["rows"] == []


def test_of_an_empty_ledger(new_ledger: Rights) -> None:
    told = new_ledger("diff", "--as-of", "2018-07-09", "--as-of", "2018-07-10")
    assert (told.code, told.out.splitlines()[0][-6:]) == (0, ": none")


TWO = "two sides are compared: give --as-of, --known-at or --known-version twice, before and after"


@pytest.mark.parametrize(("arguments", "sentence"), [
    ((), TWO),
    (("--as-of", "2018-07-01"), TWO),
    (("--as-of", "2018-07-01", "--known-version", "3", "--known-at", "2021-04-01"), TWO),
    (("--as-of", "2018-07-01", "--as-of", "2018-07-02", "--as-of", "2018-07-03"),
     "--as-of is given 3 times, and there are two sides: before and after"),
    (("--as-of", "2018-07-01", "--as-of", "2018-07-02", *("--known-version", "3") * 3),
     "--known-version is given 3 times, and there are two sides: before and after"),
    (("--known-version", "3", "--known-version", "12"), "the ledger main is at version 11; there is no version 12"),
    (("--as-of", "2018-07-01", "--as-of", "2018-07-02", "--json", "--csv"), "--json and --csv cannot both be had"),
])  # fmt: skip
def test_what_is_refused(small_ledger: Rights, arguments: tuple[str, ...], sentence: str) -> None:
    told = small_ledger("diff", *arguments)
    assert told.code == 2
    assert sentence in told.err


@pytest.mark.parametrize("asked", [("--series", "8"), ("--holder", "nobody")])
def test_of_what_nobody_knows(small_ledger: Rights, asked: tuple[str, str]) -> None:
    told = small_ledger("diff", "--as-of", "2018-07-01", "--as-of", "2018-07-02", *asked)
    assert told.code == 1
    assert told.sentence.startswith("rights: unknown-")


TWO_DAYS = ("diff", "--as-of", "2018-07-01", "--as-of", "2018-07-09")


def test_as_a_workbook_with_what_proves_both_sides(small_ledger: Rights) -> None:
    told = small_ledger(*TWO_DAYS, "--known-at", "2030-01-01", "--xlsx", "diff.xlsx")
    assert (told.code, told.out) == (0, "diff.xlsx is written.\n")
    table, about = load_workbook("diff.xlsx").worksheets
    heading, first, *_ = [[cell.value for cell in row] for row in table.iter_rows()]
    assert (table.title, heading) == ("Differences", ["series", "holder", "figure", "before", "after", "changed by"])
    assert first == ["7", "director-1", "outstanding", 24, 0,
                     "exercise of 2018-07-02 (version 8); lapse, the last day being 2018-07-08"]  # fmt: skip
    found = {row[0].value: row[1].value for row in about.iter_rows()}
    roots = {side: small_ledger(*TWO_DAYS, "--json").json[side]["root"] for side in ("before", "after")}
    assert found == {
        "What it shows": "Differences from 2018-07-01 at version 11, known at 2030-01-01 to 2018-07-09 at version 11, "
        "known at 2030-01-01 · ledger main",
        "Ledger": "main",
        "Day, before": datetime(2018, 7, 1), "Known at, before": "2030-01-01",  # noqa: DTZ001  # workbooks know no zone
        "Version, before": 11, "Root, before": roots["before"],
        "Day, after": datetime(2018, 7, 9), "Known at, after": "2030-01-01",  # noqa: DTZ001
        "Version, after": 11, "Root, after": roots["after"],
    }  # fmt: skip


def test_a_workbook_is_replaced_by_force_alone(small_ledger: Rights) -> None:
    assert small_ledger(*TWO_DAYS, "--xlsx", "diff.xlsx").code == 0
    refused = small_ledger(*TWO_DAYS, "--xlsx", "diff.xlsx")
    assert (refused.code, refused.sentence) == (
        2, "rights: malformed: diff.xlsx is there already; --force replaces it")  # fmt: skip
    assert small_ledger(*TWO_DAYS, "--xlsx", "diff.xlsx", "--force", "--lang", "ja").code == 0
    assert load_workbook("diff.xlsx").sheetnames == ["差異", "この表について"]
    both = small_ledger(*TWO_DAYS, "--xlsx", "other.xlsx", "--csv")
    assert (both.code, both.sentence) == (2, "rights: malformed: --csv and --xlsx cannot both be had")
    assert not Path("other.xlsx").exists()


def test_a_period_that_changed_is_shown_as_days(small_ledger: Rights) -> None:
    told = small_ledger("diff", "--as-of", "2017-06-01", "--as-of", "2017-07-01", "--lang", "ja")
    assert re.search(r"^7 +行使期間の始期 +– +2017年7月15日$", told.out, re.MULTILINE)
