"""The tables that people read: exact text, title with day and version, separators, yen, heirs, totals."""

from textwrap import dedent

import pytest

from tests.cli.conftest import SMALL, record_at
from tests.cli.terminal import Rights
from tests.scenario import acquired, allotted, company, issue, pricing, restructured, transferred

AN_HEIR_AND_A_TOTAL = """\
Holdings as of 2021-01-01 · ledger main at version 11
series  holder                       allotted  received  outstanding  exercised  lapsed  passed on  per right  shares
──────  ───────────────────────────  ────────  ────────  ───────────  ─────────  ──────  ─────────  ─────────  ──────
7       director-1                         24         0            0          4      20          0        400       0
7       director-2                         10         0            0          0       0         10        400       0
7       heir-1 (heir of director-2)         0        10            0          0      10          0        400       0
7       officer-1                           7         0            7          0       0          0        400   2,800
        total                              41        10            7          4      30         10              2,800
"""

EVERY_WAY = """\
Holdings as of 2019-07-01 · ledger main at version 7
series  holder                   allotted  received  outstanding  acquired  replaced  passed on  per right  shares
──────  ───────────────────────  ────────  ────────  ───────────  ────────  ────────  ─────────  ─────────  ──────
7       director-1                     24         0            0         0        20          4        200       0
7       director-2                     10         0            0        10         0          0        200       0
7       trust (from director-1)         0         4            0         0         4          0        200       0
7@HD    director-1                      0        20           20         0         0          0        200   4,000
7@HD    trust (from director-1)         0         4            4         0         0          0        200     800
"""


def text(block: str) -> str:
    """A table as it is printed, written indented."""
    return dedent(block).removeprefix("\n")


def test_holdings_with_an_heir_and_a_total(small_ledger: Rights) -> None:
    assert small_ledger("holdings", "--as-of", "2021-01-01").table == AN_HEIR_AND_A_TOTAL


def test_holdings_of_one_holder_have_no_total(small_ledger: Rights) -> None:
    assert small_ledger("holdings", "--as-of", "2020-12-31", "--holder", "officer-1").table == text("""
        Holdings as of 2020-12-31 · ledger main at version 11
        series  holder     allotted  outstanding  per right  shares
        ──────  ─────────  ────────  ───────────  ─────────  ──────
        7       officer-1         7            7        200   1,400
        """)


def test_only_holdings_with_rights_outstanding(small_ledger: Rights) -> None:
    assert small_ledger("holdings", "--as-of", "2021-01-01", "--outstanding").table == text("""
        Holdings as of 2021-01-01 · ledger main at version 11
        series  holder     allotted  outstanding  per right  shares
        ──────  ─────────  ────────  ───────────  ─────────  ──────
        7       officer-1         7            7        400   2,800
        """)


def test_the_series_and_their_terms(small_ledger: Rights) -> None:
    assert small_ledger("series", "--as-of", "2021-01-01").table == text("""
        Series as of 2021-01-01 · ledger main at version 11
        series  maximum  allotted  outstanding  exercised  lapsed  per right  shares
        ──────  ───────  ────────  ───────────  ─────────  ──────  ─────────  ──────
        7           245        41            7          4      30        400   2,800

        Terms
        series  company  exercise price  price per share  price per right  from        until
        ──────  ───────  ──────────────  ───────────────  ───────────────  ──────────  ──────────
        7       IIJ                  ¥1           ¥1,900         ¥380,000  2017-07-15  2047-07-14
        """)


def test_the_price_appears_on_its_day(small_ledger: Rights) -> None:
    told = small_ledger("series", "--as-of", "2017-07-13")
    assert told.table.endswith(
        "7       IIJ                  ¥1  –                –                2017-07-15  2047-07-14\n"
    )
    told = small_ledger("series", "--as-of", "2017-07-14")
    assert told.table.endswith(
        "7       IIJ                  ¥1           ¥1,900         ¥380,000  2017-07-15  2047-07-14\n"
    )


def test_eligibility_says_from_when_until_when_and_why_not(small_ledger: Rights) -> None:
    assert small_ledger("eligibility", "--on", "2018-07-02").table == text("""
        Eligibility on 2018-07-02 · ledger main at version 11
        series  holder      rights  shares  payment  may exercise   from        until
        ──────  ──────────  ──────  ──────  ───────  ─────────────  ──────────  ──────────
        7       director-1      20   4,000   ¥4,000  yes            2018-06-29  2018-07-08
        7       director-2      10   2,000   ¥2,000  no: in office  –           –
        7       officer-1        7   1,400   ¥1,400  no: in office  –           –
        """)


def test_rights_that_wait_for_an_heir(small_ledger: Rights) -> None:
    assert small_ledger("eligibility", "--on", "2019-03-14", "--holder", "director-2").table == text("""
        Eligibility on 2019-03-14 · ledger main at version 11
        series  holder      rights  shares  payment  may exercise       from  until
        ──────  ──────────  ──────  ──────  ───────  ─────────────────  ────  ─────
        7       director-2      10   2,000   ¥2,000  no: awaiting heir  –     –
        """)


def test_an_heir_has_six_months(small_ledger: Rights) -> None:
    assert small_ledger("eligibility", "--on", "2019-09-15", "--holder", "heir-1").table == text("""
        Eligibility on 2019-09-15 · ledger main at version 11
        series  holder                       rights  shares  payment  may exercise  from        until
        ──────  ───────────────────────────  ──────  ──────  ───────  ────────────  ──────────  ──────────
        7       heir-1 (heir of director-2)      10   2,000   ¥2,000  yes           2019-03-15  2019-09-15
        """)
    lapsed = small_ledger("eligibility", "--on", "2019-09-16", "--holder", "heir-1")
    assert lapsed.table == "Eligibility on 2019-09-16 · ledger main at version 11: none\n"


def test_exercises_with_capital_and_reserve(small_ledger: Rights) -> None:
    assert small_ledger("exercises", "--as-of", "2018-07-31").table == text("""
        Exercises as of 2018-07-31 · ledger main at version 11
        version  series  holder      on          rights  shares  payment   capital   reserve
        ───────  ──────  ──────────  ──────────  ──────  ──────  ───────  ────────  ────────
              8  7       director-1  2018-07-02       4     800     ¥800  ¥760,400  ¥760,400
        """)


@pytest.mark.parametrize(("since", "until", "found"), [
    ("2018-07-02", "2018-07-02", True), ("2018-07-03", "2018-07-31", False), ("2018-06-01", "2018-07-01", False),
])  # fmt: skip
def test_exercises_between_two_days_both_included(small_ledger: Rights, since: str, until: str, found: bool) -> None:  # noqa: FBT001
    told = small_ledger("exercises", "--from", since, "--as-of", until)
    assert ("director-1" in told.out) is found
    assert told.out.splitlines()[0] == f"Exercises as of {until} · ledger main at version 11" + (
        "" if found else ": none"
    )


HISTORY = """\
History · ledger main at version 11
version  recorded (JST)    actor (claimed)  type         on          days late  about
───────  ────────────────  ───────────────  ───────────  ──────────  ─────────  ────────────────────────────────────────────────
      6  2021-04-01 09:30  hr               allotment    2017-07-14      1,357  series 7, officer-1, executive-officer, 7 rights
      7  2021-04-01 09:30  hr               departure    2018-06-28      1,008  director-1
      8  2021-04-01 09:30  hr               exercise     2018-07-02      1,004  series 7, director-1, 4 rights
      9  2021-04-01 09:30  hr               death        2019-02-11        780  director-2
     10  2021-04-01 09:30  hr               inheritance  2019-03-15        748  director-2 to heir-1
     11  2021-04-01 09:30  hr               split        2021-01-01         90  IIJ, × 2
"""  # noqa: E501 - as wide as it is printed

RETRACTED = """\
History · ledger main at version 12
version  recorded (JST)    actor (claimed)  type        on          days late  about
───────  ────────────────  ───────────────  ──────────  ──────────  ─────────  ─────────────────────────────────────
     11  2021-04-01 09:30  hr               split       2021-01-01         90  retracted by 12: IIJ, × 2
     12  2021-04-02 09:30  hr               retraction  –                      version 11, resolved, not carried out
"""


def test_the_history(small_ledger: Rights) -> None:
    assert small_ledger("history", "--since-version", "5").table == HISTORY


def test_a_retraction_and_what_it_retracts(small_ledger: Rights) -> None:
    record_at(
        "2021-04-02T09:30:00+09:00", [{"type": "retraction", "retracts": 11, "note": "resolved, not carried out"}]
    )
    assert small_ledger("history", "--since-version", "10").table == RETRACTED


def test_why(small_ledger: Rights) -> None:
    assert small_ledger("eligibility", "--on", "2018-07-08", "--holder", "director-1", "--why").table == text("""
        Eligibility on 2018-07-08 · ledger main at version 11
        series  holder      rights  shares  payment  may exercise  from        until
        ──────  ──────────  ──────  ──────  ───────  ────────────  ──────────  ──────────
        7       director-1      20   4,000   ¥4,000  yes           2018-06-29  2018-07-08

        Series 7, director-1:
          item 11(2): 10 days from the day after the departure of 2018-06-28 (version 7)
          item 5: the exercise period is 2017-07-15 to 2047-07-14 (version 2)
          item 3: issue on 2017-06-28: 200 shares per right (version 2)
        """)


@pytest.mark.parametrize("question", ["holdings", "series", "exercises"])
def test_every_number_of_shares_says_what_it_rests_on(small_ledger: Rights, question: str) -> None:
    told = small_ledger(question, "--as-of", "2021-01-01", "--why")
    assert "item 3: issue on 2017-06-28: 200 shares per right (version 2)" in told.out
    rows = small_ledger(question, "--as-of", "2021-01-01", "--why", "--json").json["rows"]
    assert {"version": 2, "item": "item 3", "says": "issue on 2017-06-28: 200 shares per right"} in rows[0]["because"]


def test_every_count_says_what_it_rests_on(small_ledger: Rights) -> None:
    told = small_ledger("holdings", "--as-of", "2018-07-09", "--holder", "director-1", "--why")
    assert told.table.partition("\n\n")[2] == text("""
        Series 7, director-1:
          item 15: allotted 24 on 2017-07-14 (version 4)
          items 4, 5: exercised 4 on 2018-07-02 (version 8)
          Companies Act 287: lapsed 20 on 2018-07-09, no day being left (item 11(2): 10 days from the day after the \
departure of 2018-06-28) (version 7)
          item 3: issue on 2017-06-28: 200 shares per right (version 2)
        """)


def test_csv_has_the_names_of_the_json_and_no_separators(small_ledger: Rights) -> None:
    told = small_ledger("holdings", "--as-of", "2021-01-01", "--series", "7", "--csv")
    assert told.out.split("\r\n") == [
        "series,holder,inherited_from,transferred_from,allotted,received,outstanding,exercised,lapsed,waived,acquired,"
        "extinguished,replaced,passed_on,shares_per_right,shares",
        "7,director-1,,,24,0,0,4,20,0,0,0,0,0,400,0",
        "7,director-2,,,10,0,0,0,0,0,0,0,0,10,400,0",
        "7,heir-1,director-2,,0,10,0,0,10,0,0,0,0,0,400,0",
        "7,officer-1,,,7,0,7,0,0,0,0,0,0,0,400,2800",
        "",
    ]


def test_csv_of_truth_and_days(small_ledger: Rights) -> None:
    told = small_ledger("eligibility", "--on", "2018-07-02", "--csv")
    assert told.out.split("\r\n") == [
        "series,holder,inherited_from,transferred_from,rights,shares,payment,eligible,from,until,reason",
        "7,director-1,,,20,4000,4000,true,2018-06-29,2018-07-08,",
        "7,director-2,,,10,2000,2000,false,,,in-office",
        "7,officer-1,,,7,1400,1400,false,,,in-office",
        "",
    ]


def test_csv_of_nothing_is_a_heading(small_ledger: Rights) -> None:
    told = small_ledger("exercises", "--as-of", "2018-01-01", "--csv")
    assert told.out == (
        "version,series,holder,inherited_from,transferred_from,on,rights,shares,payment,capital,capital_reserve,"
        "shares_still_due\r\n"
    )


def test_thousands_in_counts_and_yen(rights: Rights) -> None:
    many = [issue("30", on="2017-06-28", max_rights=30_900, shares_per_right=1_000)]
    record_at(
        "2021-04-01T09:30:00+09:00", [company(), *many, pricing("126.28", series="30"), allotted(30_900, series="30")]
    )
    assert rights("series", "--as-of", "2021-04-01").table == text("""
        Series as of 2021-04-01 · ledger main at version 4
        series  maximum  allotted  outstanding  per right      shares
        ──────  ───────  ────────  ───────────  ─────────  ──────────
        30       30,900    30,900       30,900      1,000  30,900,000

        Terms
        series  company  exercise price  price per share  price per right  from        until
        ──────  ───────  ──────────────  ───────────────  ───────────────  ──────────  ──────────
        30      IIJ                  ¥1          ¥126.28         ¥126,280  2017-07-15  2047-07-14
        """)


def test_every_way_a_right_can_go_has_its_column_when_it_is_used(rights: Rights) -> None:
    record_at(
        "2021-04-01T09:30:00+09:00",
        [
            company(),
            issue(conditions={"transfer": "free"}),
            allotted(24),
            allotted(10, "director-2"),
            transferred("2018-01-10", 4, "trust"),
            acquired("2019-06-30", ["director-2"]),
            restructured("2019-07-01", "share-transfer"),
        ],
    )
    assert rights("holdings", "--as-of", "2019-07-01").table == EVERY_WAY


def test_the_chain_of_replacement_is_shown_both_ways(rights: Rights) -> None:
    record_at(
        "2021-04-01T09:30:00+09:00", [company(), issue(), allotted(24), restructured("2019-07-01", "share-transfer")]
    )
    assert rights("series", "--as-of", "2019-07-01").table == text("""
        Series as of 2019-07-01 · ledger main at version 4
        series  maximum  allotted  received  outstanding  replaced  per right  shares
        ──────  ───────  ────────  ────────  ───────────  ────────  ─────────  ──────
        7           245        24         0            0        24        200       0
        7@HD         24         0        24           24         0        200   4,800

        Terms
        series  company  exercise price  price per share  price per right  from        until       replaces  replaced by
        ──────  ───────  ──────────────  ───────────────  ───────────────  ──────────  ──────────  ────────  ───────────
        7       IIJ                  ¥1  –                –                2017-07-15  2047-07-14            7@HD
        7@HD    HD                   ¥1  –                –                2019-07-01  2047-07-14  7
        """)


def test_an_empty_ledger_has_a_title_too(new_ledger: Rights) -> None:
    assert new_ledger("holdings", "--as-of", "2021-01-01").table == (
        "Holdings as of 2021-01-01 · ledger main at version 0: none\n"
    )
    assert new_ledger("history").table == "History · ledger main at version 0: none\n"


@pytest.mark.parametrize("question", ["holdings", "eligibility", "exercises", "series"])
def test_filters_name_the_one_that_was_probably_meant(small_ledger: Rights, question: str) -> None:
    if question != "series":
        told = small_ledger(question, "--holder", "directer-1")
        assert (told.code, told.sentence) == (
            1, "rights: unknown-holder: holder directer-1 is not known on any day (did you mean director-1?)"
        )  # fmt: skip
    told = small_ledger(question, "--series", "20xx")
    assert (told.code, told.sentence) == (1, "rights: unknown-series: series 20xx is not known on any day")


def test_a_mistyped_series_is_suggested(rights: Rights) -> None:
    record_at("2021-04-01T09:30:00+09:00", [company(), issue("2014")])
    told = rights("holdings", "--series", "2041")
    assert told.sentence == "rights: unknown-series: series 2041 is not known on any day (did you mean 2014?)"


def test_a_holder_of_a_later_day_is_known_and_holds_nothing_yet(small_ledger: Rights) -> None:
    told = small_ledger("holdings", "--as-of", "2019-03-14", "--holder", "heir-1")
    assert (told.code, told.table) == (0, "Holdings as of 2019-03-14 · ledger main at version 11: none\n")


def test_what_follows_from_an_entry_is_said(rights: Rights) -> None:
    record_at("2021-04-01T09:30:00+09:00", SMALL[:6])
    told = rights("depart", "--holder", "director-1", "--on", "2018-06-28")
    assert told.out == text("""
        Recorded as version 7 of ledger main.
        Series 7: 24 rights, 4,800 shares, exercisable 2018-06-29 to 2018-07-08.
        """)
    told = rights("exercise", "--series", "7", "--holder", "director-1", "--rights", "4", "--on", "2018-07-02")
    assert told.out == text("""
        Recorded as version 8 of ledger main.
        800 shares for ¥800; capital rises by ¥760,400, capital reserve by ¥760,400 (item 6).
        """)
    told = rights("die", "--holder", "director-2", "--on", "2019-02-11")
    assert told.out == text("""
        Recorded as version 9 of ledger main.
        Series 7: 10 rights, 2,000 shares: wait for an heir.
        """)
    told = rights("inherit", "--holder", "director-2", "--heir", "heir-1", "--on", "2019-03-15")
    assert told.out == text("""
        Recorded as version 10 of ledger main.
        Series 7: 10 rights, 2,000 shares, exercisable 2019-03-15 to 2019-09-15.
        """)
    told = rights("depart", "--holder", "officer-1", "--on", "2019-06-27", "--dry-run")
    assert told.out == "Lawful: it would be version 11 of ledger main. Nothing was recorded.\n"


def test_a_window_that_opens_later_is_not_called_an_office(rights: Rights) -> None:
    """Departed before the exercise period begins: not "still in office"."""
    record_at("2021-04-01T09:30:00+09:00", [company(), issue(conditions={"after_departure": None}), allotted(24)])
    told = rights("depart", "--holder", "director-1", "--on", "2017-07-14")
    assert "in office" not in told.out
