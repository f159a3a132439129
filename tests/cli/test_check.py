"""`rights check`: silent when all figures hold; else what was expected, what was found, and what it rests on."""

import shutil
from pathlib import Path

import pytest

from tests.cli.terminal import REPOSITORY, Rights
from tests.reports.catalogue import Missing

PUBLISHED = REPOSITORY / "docs" / "published.txt"


@pytest.fixture
def figures(small_ledger: Rights) -> Rights:
    """The ledger of `SMALL`, and a file of four assertions, of which two do not hold."""
    Path("figures.txt").write_text(
        "# The 7th series\n"
        "as of 2017-07-14 series 7 has 41 rights\n"
        'as of 2017-07-14 series 7 has 245 rights  source: "item 15"\n'
        "as of 2018-07-09 series 7 holder director-1 may exercise\n"
        "as of 2018-06-28 series 7 holder director-1 may exercise from 2018-06-29 until 2018-07-08\n",
        encoding="utf-8",
    )
    return small_ledger


def test_the_published_figures_hold(demo_ledger: Rights, folder: Path) -> None:
    shutil.copy(PUBLISHED, folder)
    assert demo_ledger("check", "published.txt") == (0, "", "")
    document = demo_ledger("check", "published.txt", "--json").json
    assert document == {"ledger": "iij", "version": 49, "files": ["published.txt"], "assertions": 17, "failures": []}


FAILURES = """\
figures.txt, line 3: as of 2017-07-14 series 7 has 245 rights
  expected 245, found 41: 204 less
  source: item 15
  entries behind it: 4, 5, 6

figures.txt, line 4: as of 2018-07-09 series 7 holder director-1 may exercise
  expected yes, found no

Assertions that do not hold: 2 of 4.
"""


def test_what_does_not_hold(figures: Rights) -> None:
    assert figures("check", "figures.txt") == (1, FAILURES, "")


def test_why(figures: Rights) -> None:
    told = figures("check", "figures.txt", "--why")
    assert "  source: item 15\n  item 15: allotted 24 on 2017-07-14 (version 4)\n" in told.out
    assert "entries behind it" not in told.out


def test_for_programs(figures: Rights) -> None:
    told = figures("check", "figures.txt", "--json")
    assert told.code == 1
    failures = told.json["failures"]
    assert failures[0] == {
        "file": "figures.txt", "line": 3, "assertion": "as of 2017-07-14 series 7 has 245 rights", "source": "item 15",
        "expected": 245, "found": 41, "difference": -204, "versions": [4, 5, 6],
    }  # fmt: skip
    assert [failures[1][name] for name in ("expected", "found", "difference", "versions")] == [True, False, None, []]
    because = figures("check", "figures.txt", "--json", "--why").json["failures"][0]["because"]
    assert because[0] == {"version": 4, "item": "item 15", "says": "allotted 24 on 2017-07-14"}


def test_more_than_was_expected_days_amounts_and_nothing(figures: Rights) -> None:
    Path("figures.txt").write_text(
        "as of 2017-07-14 series 7 has a price of 1,899.50 yen per share\n"
        "as of 2017-07-14 series 7 is exercisable from 2017-07-15 until 2047-07-15\n"
        "as of 2017-06-27 series 7 has 200 shares per right\n",
        encoding="utf-8",
    )
    told = figures("check", "figures.txt")
    assert "  expected 1,899.50, found 1,900: 0.50 more\n" in told.out
    assert "  expected 2017-07-15 to 2047-07-15, found 2017-07-15 to 2047-07-14\n" in told.out
    assert "  expected 200, found nothing\n\n" in told.out
    assert told.out.endswith("\nAssertions that do not hold: 3 of 3.\n")


def test_many_entries_behind_a_figure_are_cut_short(demo_ledger: Rights, folder: Path) -> None:
    (folder / "figures.txt").write_text("as of 2017-07-14 series 7 has 244 rights\n", encoding="utf-8")
    told = demo_ledger("check", "figures.txt")
    assert "  entries behind it: 23, 24, 25, 26, 27, 28, 29, 30, 31, 32, 33, 34 and 6 more\n" in told.out


def test_several_files(figures: Rights) -> None:
    Path("other.txt").write_text("as of 2017-07-14 series 7 has 41 rights\n", encoding="utf-8")
    assert figures("check", "other.txt", "other.txt") == (0, "", "")
    assert figures("check", "other.txt", "figures.txt").out.endswith("\nAssertions that do not hold: 2 of 5.\n")


@pytest.mark.parametrize(("content", "code", "sentence"), [
    ("x\n", 2, "rights: malformed: figures.txt has 1 problem: line 1: x does not fit: as of comes next"),
    ("as of 2018-07-02 series 8 has 1 right\n", 1,
     "rights: unknown-series: figures.txt, line 1: series 8 is not known on any day"),
    ("as of 2018-07-02 known at version 12 series 7 has 1 right\n", 2,
     "rights: malformed: figures.txt, line 1: the ledger main is at version 11; there is no version 12"),
])  # fmt: skip
def test_what_cannot_be_checked(figures: Rights, content: str, code: int, sentence: str) -> None:
    Path("figures.txt").write_text(content, encoding="utf-8")
    told = figures("check", "figures.txt")
    assert (told.code, told.sentence) == (code, sentence)


def test_an_empty_file_and_one_that_is_not_there(figures: Rights) -> None:
    Path("figures.txt").write_bytes(b"")
    assert figures("check", "figures.txt") == (0, "", "")
    assert figures("check", "none.txt").sentence == "rights: malformed: none.txt: No such file or directory"


def test_what_a_file_says_moves_no_terminal(figures: Rights) -> None:
    Path("figures.txt").write_text('as of 2017-07-14 series 7 has 1 right source: "\x1b[2J\u202e"\n', encoding="utf-8")
    for form in ((), ("--json",)):
        told = figures("check", "figures.txt", *form)
        assert told.code == 1
        assert not {"\x1b", "\u202e"} & {*told.out}
    Path("figures.txt").write_text("\x1b[2J\u202e\n", encoding="utf-8")
    assert "\\u001b[2J\\u202e does not fit" in figures("check", "figures.txt").sentence


@pytest.mark.parametrize("options", [(), ("--why",)], ids=str)
def test_nothing_is_left_in_english(figures: Rights, missing: Missing, options: tuple[str, ...]) -> None:
    told = figures("check", "figures.txt", "--lang", "ja", *options)
    assert (told.code, missing.asked) == (1, set())
