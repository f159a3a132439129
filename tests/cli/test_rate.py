"""`rights rate`, as a person and as a program reads it."""

import shutil
from pathlib import Path

import pytest

from tests.cli.terminal import REPOSITORY, Rights

SAMPLE = REPOSITORY / "tests" / "valuation" / "samples" / "jgbcm.csv"


@pytest.fixture(autouse=True)
def sample(folder: Path) -> None:
    shutil.copy(SAMPLE, folder)


def test_the_notice_of_2014(rights: Rights) -> None:
    told = rights("rate", "jgbcm.csv", "--on", "2014-07-10", "--term", "15")
    first, second = told.out.splitlines()
    assert (told.code, first) == (0, "0.00978 for 15 years on 2014-07-10: 15 years 0.978 %, yields of 2014-07-10.")
    assert second.startswith("jgbcm.csv, row 6, SHA-256 ")


def test_what_is_not_as_one_would_think_is_said(rights: Rights) -> None:
    told = rights("rate", "jgbcm.csv", "--on", "2014-07-12", "--term", "0.5")
    assert told.out.splitlines()[:2] == [
        "0.00062 for 0.5 years on 2014-07-12: 1 year 0.062 %, yields of 2014-07-11.",
        "Note: the term is shorter than the shortest maturity, 1 year, whose yield is used.",
    ]


def test_json(rights: Rights) -> None:
    document = rights("rate", "jgbcm.csv", "--on", "2017-07-14", "--term", "15", "--json").json
    assert (document["rate"], document["day"]) == ("0.00324", "2017-07-14")
    assert document["maturities"] == [{"years": 15, "percent": "0.324"}]


@pytest.mark.parametrize(("arguments", "code", "says"), [
    (("none.csv", "--on", "2014-07-10", "--term", "15"), 2, "none.csv: No such file or directory"),
    (("jgbcm.csv", "--on", "2026-01-05", "--term", "15"), 1, "there is no yield on 2026-01-05"),
    (("jgbcm.csv", "--on", "2014-07-10", "--term", "0"), 2, "`term` is 0; it is above 0 and at most 1,000 years"),
    (("jgbcm.csv", "--on", "H26.7.10", "--term", "15"), 2, "H26.7.10 is no day of the calendar"),
    ((".", "--on", "2014-07-10", "--term", "15"), 2, ".: Is a directory"),
])  # fmt: skip
def test_refusals(rights: Rights, arguments: tuple[str, ...], code: int, says: str) -> None:
    told = rights("rate", *arguments)
    assert (told.code, says in told.sentence) == (code, True), told
