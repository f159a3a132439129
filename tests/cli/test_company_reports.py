"""`rights rollforward`, `registration` and `dilution`: the tables, the documents, and what is refused."""

import json
import re

import pytest

from tests.cli.conftest import record_at
from tests.cli.terminal import Rights, json_lines
from tests.scenario import allotted, issue, split

SPAN = ("rollforward", "--from", "2018-04-01", "--until", "2019-03-31")
MONTH = ("registration", "--month", "2018-07")
SHARES = ("dilution", "--shares-outstanding", "1000000", "--as-of", "2018-07-02")


def test_the_moves_of_a_year(small_ledger: Rights) -> None:
    """director-1 exercised 4 of 24 and let 20 lapse; an heir took the 10 of director-2, which is no move."""
    assert small_ledger(*SPAN).table == (
        "Moves of rights from 2018-04-01 until 2019-03-31 · ledger main at version 11\n"
        "series  opening  exercised  lapsed  closing\n"
        "──────  ───────  ─────────  ──────  ───────\n"
        "7            41          4      20       17\n"
        "\n"
        "In shares, by the shares per right at the end\n"
        "series  per right  opening  exercised  lapsed  closing\n"
        "──────  ─────────  ───────  ─────────  ──────  ───────\n"
        "7             200    8,200        800   4,000    3,400\n"
    )


def test_the_moves_as_a_document(small_ledger: Rights) -> None:
    document = small_ledger(*SPAN, "--json").answer
    assert document["as_of"] == "2019-03-31"
    (row,) = document["rows"]
    assert (row["from"], row["until"], row["opening"], row["closing"]) == ("2018-04-01", "2019-03-31", 41, 17)
    assert small_ledger(*SPAN, "--csv").out.splitlines()[0] == ",".join(row)


def test_the_moves_with_what_they_rest_on(small_ledger: Rights) -> None:
    told = small_ledger(*SPAN, "--why")
    assert "items 4, 5: exercised 4 of director-1 on 2018-07-02 (version 8)" in told.out
    assert "Companies Act 287: lapsed 20 of director-1 on 2018-07-09, no day being left" in told.out


@pytest.mark.parametrize(("words", "says"), [
    (("rollforward", "--from", "2019-04-01", "--until", "2019-03-31"),
     "the span from 2019-04-01 until 2019-03-31 ends before it begins; both days are included"),
    (("rollforward", "--from", "0001-01-01", "--until", "2019-03-31"), "the first day is 0001-01-01, not between"),
    (("rollforward", "--from", "2018-02-30", "--until", "2019-03-31"), "2018-02-30 is no day of the calendar"),
    (("rollforward", "--until", "2019-03-31"), "missing option '--from'"),
    (("registration",), "missing option '--month'"),
    (("registration", "--month", "2019-13"),
     "2019-13 is no month of the calendar; months are written YYYY-MM, such as 2019-07"),
    (("registration", "--month", "2019-07-01"), "2019-07-01 is no month"),
    (("registration", "--month", "2019/07"), "2019/07 is no month"),
    (("registration", "--month", "0001-01"), "the month is 0001-01-01, not between"),
    (("dilution",), "missing option '--shares-outstanding'"),
    (("dilution", "--shares-outstanding", "0"), "0 is not in the range x>=1"),
    (("dilution", "--shares-outstanding", "1.5"), "'1.5' is not a valid integer"),
    ((*SHARES, "--share-price", "0"), "0 is no price: write yen above 0, such as 2422 or 126.28"),
    ((*SHARES, "--share-price", "0.00"), "0.00 is no price"),
    ((*SHARES, "--share-price", "1e3"), "1e3 is no price"),
    ((*SHARES, "--share-price", "-1"), "-1 is no price"),
    ((*SHARES, "--share-price", "9" * 5000), "is no price"),
    ((*SHARES, "--all-ledgers"), "no such option '--all-ledgers'"),
])  # fmt: skip
def test_a_call_that_asks_nothing(small_ledger: Rights, words: tuple[str, ...], says: str) -> None:
    told = small_ledger(*words)
    assert told.code == 2
    assert says in told.sentence


@pytest.mark.parametrize(("words", "code"), [
    ((*SPAN, "--series", "8"), "unknown-series"), ((*MONTH, "--series", "8"), "unknown-series"),
    ((*SHARES, "--series", "8"), "unknown-series"), ((*SHARES, "--company", "ACME"), "unknown-company"),
])  # fmt: skip
def test_what_is_not_known(small_ledger: Rights, words: tuple[str, ...], code: str) -> None:
    told = small_ledger(*words)
    assert (told.code, told.out) == (1, "")
    assert told.err.startswith(f"rights: {code}: ")


def test_the_exercises_of_a_month(small_ledger: Rights) -> None:
    """4 rights: 800 shares for 800 yen, with 4 × 380,000 yen for the rights; half of 1,520,800 is 760,400."""
    assert small_ledger(*MONTH).table == (
        "Exercises to file as of 2018-07-31 · ledger main at version 11\n"
        "series  rights  shares  payment   capital   reserve  rights left  shares left  file by\n"
        "──────  ──────  ──────  ───────  ────────  ────────  ───────────  ───────────  ──────────\n"
        "7            4     800     ¥800  ¥760,400  ¥760,400           17        3,400  2018-08-14\n"
    )


def test_a_month_with_shares_still_due(small_ledger: Rights) -> None:
    record_at("2018-08-01T09:30:00+09:00", [split("2", "2018-06-30", meeting_closed_on="2018-08-15")])
    heading, _, row, *_ = small_ledger("registration", "--month", "2018-07").out.splitlines()[1:]
    assert re.split(r"  +", heading)[:5] == ["series", "rights", "shares", "shares still due", "payment"]
    assert row.split()[:4] == ["7", "4", "1,600", "800"]


def test_a_month_without_exercises(small_ledger: Rights, new_ledger: Rights) -> None:
    told = small_ledger("registration", "--month", "2018-08")
    assert told.out.splitlines()[0].endswith(": none")


@pytest.mark.parametrize("words", [SPAN, MONTH, SHARES])
def test_a_ledger_without_entries(new_ledger: Rights, words: tuple[str, ...]) -> None:
    told = new_ledger(*words)
    assert (told.code, told.err) == (0, "")
    assert told.out.splitlines()[0].endswith("· ledger main at version 0: none")


def test_series_of_one_company_have_a_total(small_ledger: Rights) -> None:
    lines = json_lines(issue("8"), allotted(10, "director-3", series="8"))
    assert small_ledger("record", "-", given=lines).code == 0
    assert "total of IIJ       51          4      20       27\n" in small_ledger(*SPAN).table
    assert small_ledger(*SHARES, "--share-price", "2").table == (
        "Dilution as of 2018-07-02 · ledger main at version 13\n"
        "series        rights  shares  exercise price  payment  of outstanding  of fully diluted  dilutive\n"
        "────────────  ──────  ──────  ──────────────  ───────  ──────────────  ────────────────  ────────\n"
        "7                 37   7,400              ¥1   ¥7,400  0.7400 %        0.7331 %             3,700\n"
        "8                 10   2,000              ¥1   ¥2,000  0.2000 %        0.1981 %             1,000\n"
        "total of IIJ      47   9,400                   ¥9,400  0.9400 %        0.9312 %             4,700\n"
        "\n"
        "Shares of the company\n"
        "company  shares outstanding  fully diluted  diluted (treasury-stock method)\n"
        "───────  ──────────────────  ─────────────  ───────────────────────────────\n"
        "IIJ               1,000,000      1,009,400                        1,004,700\n"
    )


def test_dilution_as_a_document(small_ledger: Rights) -> None:
    great = ("dilution", "--shares-outstanding", str(10**16 + 1), "--share-price", "1.5", "--as-of", "2018-07-02")
    (row,) = small_ledger(*great, "--json").answer["rows"]
    assert row == {
        "series": "7", "company": "IIJ", "rights": 37, "shares_per_right": 200, "shares": 7_400, "exercise_price": 1,
        "payment": 7_400, "percent_of_outstanding": "0.0000", "percent_of_fully_diluted": "0.0000",
        "dilutive_shares": 2_466, "shares_outstanding": 10**16 + 1, "fully_diluted_shares": 10**16 + 7_401,
        "diluted_shares": 10**16 + 2_467,
    }  # fmt: skip


@pytest.mark.parametrize("words", [SPAN, MONTH])
def test_every_ledger_is_asked_at_once(small_ledger: Rights, words: tuple[str, ...]) -> None:
    told = small_ledger(*words, "--all-ledgers", "--json")
    assert (told.code, told.err) == (0, "")
    _, row = map(json.loads, told.out.splitlines())
    assert [row] == [{"ledger": "main", **each} for each in small_ledger(*words, "--json").json["rows"]]


def test_as_known_before(small_ledger: Rights) -> None:
    (row,) = small_ledger(*SPAN, "--known-at", "2021-03-31", "--json").json["rows"] or [None]
    assert row is None
