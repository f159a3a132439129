"""`rights volatility`, as a person and as a program reads it."""

import shutil
from pathlib import Path

import pytest

from tests.cli.terminal import REPOSITORY, Rights
from tests.scenario import company

SAMPLE = REPOSITORY / "tests" / "valuation" / "samples" / "prices.csv"
"""Made up, around the split 1:200 of 1 October 2012; 10 August has no close."""

SPAN = ("--from", "2012-07-20", "--until", "2012-11-29")
SHA_256 = "7bc73b7881dff6c54a2e6d5bb4515dbdf133e6baba3f1ec8ca1d91553f53edb0"
FIGURES = f"""\
0.141301921384 a year: sample standard deviation × √52 of 16 log returns.
Their mean is -0.010176098168.
17 closes of 2012-08-03 to 2012-11-22: the last trading day of each week from 2012-07-20 to 2012-11-29.
Not used: 2 weeks, of 2012-07-16, 2012-07-23: no close in the file.
Not used: the week of 2012-11-26: its last trading day is after 2012-11-29.
Note: 2012-08-10 has no close (row 9); 2012-08-09 counts.
Splits are {{whose}}.
Split of 2012-10-01, factor 200, ex-day 2012-09-26: closes before it are as traded, and are divided by it \
(344,500 on 2012-09-25, 1,748 on 2012-09-26).
{{more}}prices.csv, SHA-256 {SHA_256}
"""


@pytest.fixture(autouse=True)
def sample(folder: Path) -> None:
    shutil.copy(SAMPLE, folder)


def test_splits_that_are_given(rights: Rights) -> None:
    told = rights("volatility", "prices.csv", *SPAN, "--splits", "2012-10-01=200")
    assert (told.code, told.err) == (0, "")
    assert told.out == FIGURES.format(whose="as --splits gives them", more="")


@pytest.mark.parametrize("whose", [(), ("--company", "IIJ"), ("--series", "7"), ("--series", "7", "--company", "IIJ")])
def test_splits_of_the_ledger(demo_ledger: Rights, whose: tuple[str, ...]) -> None:
    told = demo_ledger("volatility", "prices.csv", *SPAN, *whose)
    assert (told.code, told.err) == (0, "")
    more = "".join(
        f"Split of {each}: it does not lie between the closes of 2012-08-03 to 2012-11-22.\n"
        for each in ("2021-01-01, factor 2, ex-day 2020-12-29", "2022-10-01, factor 2, ex-day 2022-09-29")
    )
    assert told.out == FIGURES.format(whose="those of company IIJ in ledger iij", more=more)


def test_a_split_that_was_retracted_is_none(demo_ledger: Rights) -> None:
    assert demo_ledger("retract", "2").code == 0
    told = demo_ledger("volatility", "prices.csv", *SPAN)
    assert (told.code, "unexplained-step" in told.sentence) == (1, True)
    assert "--splits 2012-10-01=N,2021-01-01=2,2022-10-01=2," in told.sentence  # which would stand for the ledger's
    assert demo_ledger("volatility", "prices.csv", *SPAN, "--splits", "2012-10-01=200").code == 0


def test_without_a_ledger_none_are_known(rights: Rights) -> None:
    told = rights("volatility", "prices.csv", *SPAN)
    assert (told.code, told.sentence) == (
        1,
        "rights: unexplained-step: prices.csv: from 344,500 on 2012-09-25 (row 40) to 1,748 on 2012-09-26 (row 41) is"
        " like a split with a factor of about 197, and none explains it; say so with --splits 2012-10-01=N, by the"
        " effective day, N new shares for one, or --accept-step 2012-09-26 if it was the market",
    )
    told = rights("volatility", "prices.csv", "--from", "2012-10-01", "--until", "2012-11-30")
    assert "Splits are not known: there is no ledger here, and no --splits." in told.out.splitlines()


def test_a_ledger_without_a_company(new_ledger: Rights) -> None:
    told = new_ledger("volatility", "prices.csv", "--from", "2012-10-01", "--until", "2012-11-30")
    assert "Splits are not known: ledger main has no company." in told.out.splitlines()


def test_a_step_that_was_the_markets(rights: Rights) -> None:
    arguments = ("volatility", "prices.csv", *SPAN, "--accept-step", "2012-09-26", "--accept-step", "2012-09-27")
    lines = rights(*arguments).out.splitlines()
    assert "The step on 2012-09-26, like a split with a factor of about 197, is the market's, as was said." in lines


@pytest.mark.parametrize(
    ("option", "says"),
    [
        ("--daily", "82 log returns; 83 closes of 2012-08-01 to 2012-11-29: every trading day"),
        ("--monthly", "2 log returns; 3 closes of 2012-08-31 to 2012-10-31: the last trading day of each month"),
    ],
)
def test_days_and_months(rights: Rights, option: str, says: str) -> None:
    told = rights("volatility", "prices.csv", *SPAN, "--splits", "2012-10-01=200", option)
    returns, closes = says.split("; ")
    lines = told.out.splitlines()
    assert lines[0].endswith(f" of {returns}.")
    assert lines[2] == f"{closes} from 2012-07-20 to 2012-11-29."


def test_json(rights: Rights) -> None:
    arguments = ("--splits", "2012-10-01=200", "--closes", "as-traded", "--json")
    document = rights("volatility", "prices.csv", *SPAN, *arguments).json
    assert (document["volatility"], document["mean"], document["frequency"]) == (
        "0.141301921384", "-0.010176098168", "weekly"
    )  # fmt: skip
    assert (document["closes"], document["returns"], len(document["points"])) == (17, 16, 17)
    assert [each["reason"] for each in document["skipped"]] == [
        *["no close in the file"] * 2, "its last trading day is after 2012-11-29"
    ]  # fmt: skip
    assert (document["file"], document["sha256"]) == ("prices.csv", SHA_256)
    assert document["splits_from"] == "as --splits gives them"
    assert document["splits"][0]["says"] == "closes before it are as traded, and are divided by it (as was said)"


def test_what_goes_on_for_long_is_told_in_few_lines(rights: Rights, folder: Path) -> None:
    rows = [f"{year}-{month:02}-02,{1000 + month}" for year in range(2004, 2008) for month in range(1, 13)]
    (folder / "sparse.csv").write_text("\n".join(["date,adj close", *rows]) + "\n", encoding="utf-8")
    told = rights("volatility", "sparse.csv", "--from", "2004-01-05", "--until", "2007-12-28", "--splits", "none")
    lines = told.out.splitlines()
    assert "They are adjusted closes: the file has no others." in lines
    days = "2004-01-05, 2004-01-12, 2004-01-19, 2004-01-26, 2004-02-09 and 156 more"
    assert [line for line in lines if line.startswith("Not used: ")] == [
        f"Not used: 161 weeks, of {days}: no close in the file."
    ]
    assert len([line for line in lines if line.startswith("Note: ")]) == 6
    assert any(line.endswith(" more like these (--json has all).") for line in lines)


@pytest.mark.parametrize(("arguments", "code", "says"), [
    (("none.csv", *SPAN, "--splits", "none"), 2, "malformed: none.csv: No such file or directory"),
    (("prices.csv", *SPAN, "--splits", "2012-10-01"), 2, "malformed: `2012-10-01` is no split"),
    (("prices.csv", *SPAN, "--closes", "maybe"), 2, "invalid value for '--closes'"),
    (("prices.csv", *SPAN, "--accept-step", "monday"), 2, "monday is no day of the calendar"),
    (("prices.csv", "--from", "2012-11-30", "--until", "2012-08-01"), 2, "the span is 2012-11-30 to 2012-08-01"),
    (("prices.csv", "--from", "2013-11-30", "--until", "2014-08-01"), 1, "no-market-data: prices.csv: there are 0"),
    (("prices.csv", *SPAN, "--splits", "2012-10-01=13000"), 1, "unclear-split: prices.csv: it is not clear"),
    (("prices.csv", *SPAN, "--company", "IIJ"), 4, "rights.db"),
    (("prices.csv", *SPAN, "--ledger", "iij"), 4, "rights.db"),
    (("prices.csv", *SPAN, "--db", "sqlite:///other.db"), 4, "other.db"),
])  # fmt: skip
def test_refusals(rights: Rights, arguments: tuple[str, ...], code: int, says: str) -> None:
    told = rights("volatility", *arguments)
    assert (told.code, told.out, says in told.sentence) == (code, "", True), told


@pytest.mark.parametrize(("arguments", "code", "says"), [
    (("--company", "IJI"), 1, "unknown-company: company IJI is not known on any day (did you mean IIJ?)"),
    (("--series", "8"), 1, "unknown-series: series 8 is not known on any day"),
    (("--series", "7", "--company", "Other"), 2, "malformed: series 7 is of company IIJ, not of Other"),
    ((), 2, "malformed: ledger iij knows IIJ, Other; say with --company whose splits, or --splits none"),
])  # fmt: skip
def test_whose_splits(demo_ledger: Rights, arguments: tuple[str, ...], code: int, says: str) -> None:
    other = company("Other")
    assert demo_ledger("company", "--company", "Other", "--name", other["name"], "--on", other["on"]).code == 0
    told = demo_ledger("volatility", "prices.csv", *SPAN, *arguments)
    assert (told.code, told.out, says in told.sentence) == (code, "", True), told
    assert "no split" not in told.sentence
