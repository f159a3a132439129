"""`rights price` from files of market data, and `rights value --of-series`, which computes it again."""

import hashlib
import shutil
from datetime import date, timedelta
from itertools import pairwise
from math import log, sqrt
from pathlib import Path
from statistics import stdev

import pytest

from tests.cli.terminal import REPOSITORY, Rights, json_lines

FROM_FILES = ("price", "--series", "7", "--prices", "prices.csv", "--rates", "jgbcm.csv", "--dividend", "27")
COMPUTED = (*FROM_FILES, "--term", "15", "--from", "2015-07-17")

FRIDAYS = [date(2015, 7, 17) + timedelta(days=7 * week) for week in range(105)]
"""To 14 July 2017, the day of allotment of series 7; two of them holidays: the close is that of Thursday."""
CLOSES = [2_000 + 37 * (week * week % 11) - 5 * (week % 7) for week in range(105)]


def hash_of(file: Path) -> str:
    return hashlib.sha256(file.read_bytes()).hexdigest()


@pytest.fixture
def priced(demo_ledger: Rights, folder: Path) -> Rights:
    """The demo's ledger, with a file of prices and the ministry's table beside it."""
    rows = [f'{day:%Y/%m/%d},"{close:,}"' for day, close in zip(FRIDAYS, CLOSES, strict=True)]
    (folder / "prices.csv").write_bytes("\r\n".join(["日付,終値", *rows, ""]).encode("cp932"))
    shutil.copy(REPOSITORY / "tests" / "valuation" / "samples" / "jgbcm.csv", folder)
    return demo_ledger


def test_everything_is_read_and_kept(priced: Rights, folder: Path) -> None:
    entry = priced(*COMPUTED, "--json").json["pricing"]
    inputs = entry["inputs"]
    sources = inputs.pop("sources")
    assert (entry["series"], entry["on"]) == ("7", "2017-07-14")
    returns = [log(new / old) for old, new in pairwise(CLOSES)]
    assert abs(float(inputs["volatility"]) - stdev(returns) * sqrt(52)) < 1e-11
    assert (inputs["share_price"], inputs["rate"], inputs["dividend"]) == (str(CLOSES[-1]), "0.00324", "27")
    assert (inputs["term"], inputs["exercise_price"], inputs["shares_per_right"]) == ("15", "1", 200)
    assert sources["rate"]["sha256"] == hash_of(folder / "jgbcm.csv")
    assert sources["share_price"]["sha256"] == sources["volatility"]["sha256"] == hash_of(folder / "prices.csv")
    assert (sources["volatility"]["closes"], sources["volatility"]["first_close"]) == (105, "2015-07-17")
    recorded = priced("history", "--json").json["rows"][-1]["entry"]
    assert recorded["inputs"]["option_price"] == inputs["option_price"]
    assert priced("verify").code == 0


def test_what_is_said(priced: Rights) -> None:
    told = priced(*COMPUTED, "--dry-run")
    lines = told.out.splitlines()
    assert lines[0] == f"S ¥{CLOSES[-1]:,}: the close of the day."
    assert lines[1].endswith(": 105 weekly closes from 2015-07-17 to 2017-07-14.")
    assert lines[2:4] == ["r 0.00324: yields of 2017-07-14.", "X ¥1, T 15 years, dividend ¥27."]
    assert lines[4].endswith(" yen a share by Black-Scholes, rounded by `share`:")
    assert lines[-1] == "Lawful: it would be version 50 of ledger iij. Nothing was recorded."
    assert priced("history", "--json").json["known_version"] == 49


def test_the_notice_of_2014_from_its_figures(priced: Rights) -> None:
    """2,113 yen a share, 422,600 a right; the rate of 15 years on 10 July 2014 is that of the table."""
    given = ("--share-price", "2422", "--volatility", "0.45", "--dividend", "22", "--term", "15")
    assert priced("retract", "4").code == 0
    document = priced("price", "--series", "2014", *given, "--rates", "jgbcm.csv", "--json").json
    assert (document["pricing"]["price_per_share"], document["pricing"]["price_per_right"]) == ("2113", "422600")
    assert document["pricing"]["inputs"]["rate"] == "0.00978"


def test_computed_again_it_agrees(priced: Rights) -> None:
    assert priced(*COMPUTED).code == 0
    for files in ((), ("--prices", "prices.csv"), ("--rates", "jgbcm.csv", "--prices", "prices.csv")):
        told = priced("value", "--of-series", "7", *files)
        assert told.code == 0, told
        assert told.out.splitlines()[-1].startswith("The price of version 50, series 7, computed again")
        assert told.out.splitlines()[-1].endswith(", agrees to the last digit.")
    document = priced("value", "--of-series", "7", "--json").json
    assert (document["agrees"], document["version"], len(document["figures"])) == (True, 50, 9)


def test_a_file_that_does_not_reach_as_far_back_is_told(priced: Rights) -> None:
    lines = priced(*FROM_FILES, "--term", "15", "--dry-run").out.splitlines()
    assert lines[2] == "  Note: the span asked for begins 2002-07-15; the file's first close in it is of 2015-07-17."


def test_weeks_that_are_not_there_are_told(priced: Rights, folder: Path) -> None:
    rows = (folder / "prices.csv").read_bytes().split(b"\r\n")
    (folder / "prices.csv").write_bytes(b"\r\n".join([*rows[:20], *rows[23:]]))
    lines = priced(*COMPUTED, "--dry-run").out.splitlines()
    assert lines[2] == "  Note: 3 weeks or months of it are not used; `rights volatility` says why."


def test_an_old_table_is_no_holiday(priced: Rights) -> None:
    """On Monday, 17 July 2017, a public holiday, Friday's close and yields are the last there are."""
    assert priced(*COMPUTED, "--on", "2017-07-17", "--dry-run").code == 0


def test_another_table_instead_of_the_file_is_told(priced: Rights) -> None:
    assert priced(*COMPUTED).code == 0
    told = priced("value", "--of-series", "7", "--prices", "jgbcm.csv")
    assert (told.code, "other-file: jgbcm.csv is not the file" in told.sentence) == (1, True)


def test_another_file_is_told_from_the_same(priced: Rights, folder: Path) -> None:
    assert priced(*COMPUTED).code == 0
    with (folder / "prices.csv").open("ab") as file:
        file.write(b"\r\n")
    told = priced("value", "--of-series", "7", "--prices", "prices.csv")
    assert told.code == 1
    assert "other-file: prices.csv is not the file that the share price was read from" in told.sentence


def test_a_price_that_its_inputs_do_not_give(priced: Rights) -> None:
    entry = priced(*COMPUTED, "--dry-run", "--json").json["pricing"] | {"price_per_share": "1"}
    assert priced("record", "-", given=json_lines(entry)).code == 0
    told = priced("value", "--of-series", "7")
    assert (told.code, "differs: the price of version 50, series 7, is not what" in told.sentence) == (1, True)
    assert "price_per_share 1, now " in told.sentence


@pytest.mark.parametrize(("arguments", "code", "says"), [
    (("price", "--series", "7"), 2, "give --price-per-share, or what it is computed from"),
    (("price", "--series", "7", "--price-per-share", "1"), 2, "give the day with --on"),
    (("price", "--series", "7", "--price-per-share", "1", "--rates", "jgbcm.csv"), 2, "--rates is to compute it"),
    (("price", "--series", "7", "--price-per-share", "1", "--monthly"), 2, "--daily or --monthly is to compute it"),
    (("price", "--series", "7", "--price-per-right", "1"), 2, "without --price-per-share"),
    (("price", "--series", "7", "--dividend", "27", "--term", "15"), 2, "the share price is missing: give --share"),
    ((*FROM_FILES, "--term", "15", "--rate", "0.01"), 2, "--rate and --rates are both given"),
    ((*COMPUTED, "--share-price", "1", "--volatility", "1"), 2, "leave nothing to read from it"),
    ((*COMPUTED, "--until", "2015-07-20"), 1, "no-market-data"),
    ((*COMPUTED, "--until", "2017-07-15"), 2, "after the day of valuation, 2017-07-14: nobody knew those closes then"),
    ((*COMPUTED, "--on", "2017-07-18"), 1, "there is no price on 2017-07-18"),  # a Tuesday after the file's end
    ((*FROM_FILES, "--term", "0"), 2, "`term` is 0"),
    ((*FROM_FILES, "--term", "101"), 2, "`term` is 101: the span of the volatility cannot be as long"),
    ((*COMPUTED, "--on", "2017-08-01"), 1, "no-market-data"),
    (("value", "--of-series", "7"), 1, "no-inputs: series 7 has no price yet"),
    (("value", "--of-series", "2014"), 1, "no-inputs: the price of version 4, series 2014, cannot be computed again"),
    (("value", "--of-series", "8"), 1, "unknown-series"),
    (("value", "--of-series", "2014", "--term", "3"), 2, "leave --term out"),
    (("value", "--prices", "prices.csv"), 2, "--prices and --rates are for --of-series"),
])  # fmt: skip
def test_refusals(priced: Rights, arguments: tuple[str, ...], code: int, says: str) -> None:
    told = priced(*arguments)
    assert (told.code, says in told.sentence) == (code, True), told
    assert priced("history", "--json").json["known_version"] == 49


def test_files_that_were_not_used(priced: Rights) -> None:
    given = ("--share-price", "2422", "--volatility", "0.45", "--rate", "0.01", "--dividend", "22", "--term", "15")
    assert priced("price", "--series", "7", *given).code == 0
    for option, file in (("--prices", "prices.csv"), ("--rates", "jgbcm.csv")):
        told = priced("value", "--of-series", "7", option, file)
        assert (told.code, f"leave {option} out" in told.sentence) == (2, True)


def test_by_default_the_span_is_as_long_as_the_term(priced: Rights) -> None:
    entry = priced(*FROM_FILES, "--term", "1.5", "--dry-run", "--json").json["pricing"]
    assert entry["inputs"]["sources"]["volatility"]["from"] == "2015-07-15"
    assert entry["inputs"]["sources"]["volatility"]["until"] == "2017-07-14"
