"""How many shares the rights may become: of all, in percent, and by the treasury-stock method at both of its edges."""

from fractions import Fraction
from typing import Any

import pytest

from ledger.domain.errors import MalformedError, RefusedError
from ledger.projections.dilution import percent
from tests.scenario import (
    Story,
    acquired,
    allotted,
    company,
    day,
    departed,
    given,
    issue,
    one,
    restructured,
    series_7,
    split,
    transferred,
)

FREE: dict[str, Any] = {"while_in_office": True, "transfer": "free"}


def priced(price: int | str = 1_000, **more: Any) -> Story:
    return given(*series_7(FREE, exercise_price=price, **more), allotted(24))


def dilutive(story: Story, price: Fraction | int | str) -> int | None:
    return one(story.book.dilution(100_000, day("2018-01-01"), share_price=Fraction(price))).dilutive_shares


@pytest.mark.parametrize(("share_price", "shares"), [
    (1, 0), (999, 0), (1_000, 0),
    (1_001, 4),  # 4,800 × (1 - 1,000 ÷ 1,001) is 4.79
    (2_000, 2_400), (4_800_000, 4_799),
    (4_800_000_000, 4_799),  # 4,799.999: what is not whole is dropped
    ("1000.000001", 0), ("1000.25", 1),
])  # fmt: skip
def test_what_is_left_when_the_payment_buys_shares_back(share_price: int | str, shares: int) -> None:
    assert dilutive(priced(), share_price) == shares


def test_a_right_that_costs_nothing_dilutes_by_all_its_shares() -> None:
    assert dilutive(priced(0), 1) == 4_800


def test_an_exercise_price_with_decimals_is_exact() -> None:
    assert dilutive(priced("126.28"), "126.28") == 0
    assert dilutive(priced("126.28"), "252.56") == 2_400


def test_the_shares_of_all_series_are_in_the_whole() -> None:
    story = given(*series_7(FREE), issue("8", exercise_price=3_000), allotted(24), allotted(76, series="8"))
    first, second = story.book.dilution(80_000, day("2018-01-01"), share_price=2_000)
    assert first.to_dict() == {
        "series": "7", "company": "IIJ", "rights": 24, "shares_per_right": 200, "shares": 4_800, "exercise_price": 1,
        "payment": 4_800, "percent_of_outstanding": "6.0000", "percent_of_fully_diluted": "4.8000",
        "dilutive_shares": 4_797, "shares_outstanding": 80_000, "fully_diluted_shares": 100_000,
        "diluted_shares": 84_797,
    }  # fmt: skip
    assert (second.shares, second.percent_of_fully_diluted, second.dilutive_shares) == (15_200, "15.2000", 0)
    assert [(each.version, each.item, each.says) for each in first.because + second.because] == [
        (2, "item 3", "issue on 2017-06-28: 200 shares per right"),
        (None, "ASBJ Guidance 4, IAS 33", "4,800 shares × (1 - 1 ÷ 2,000) = 4,797, the fraction dropped"),
        (3, "item 3", "issue on 2017-06-28: 200 shares per right"),
        (None, "ASBJ Guidance 4, IAS 33", "none: 2,000 yen a share is not above the exercise price of 3,000"),
    ]


def test_without_a_price_the_method_says_nothing() -> None:
    row = one(priced().book.dilution(100_000, day("2018-01-01")))
    assert (row.dilutive_shares, row.diluted_shares, row.fully_diluted_shares) == (None, None, 104_800)


def test_great_numbers_are_exact() -> None:
    outstanding = 10**18 + 1
    row = one(priced().book.dilution(outstanding, day("2018-01-01"), share_price=Fraction("2000.00000001")))
    assert (row.fully_diluted_shares, row.diluted_shares) == (10**18 + 4_801, 10**18 + 2_401)
    assert row.percent_of_outstanding == "0.0000"


@pytest.mark.parametrize(("part", "whole", "says"), [
    (1, 3, "33.3333"), (2, 3, "66.6667"), (1, 1, "100.0000"), (3, 1, "300.0000"), (0, 7, "0.0000"),
    (1, 2_000_000, "0.0001"), (1, 2_000_001, "0.0000"), (10**18, 3 * 10**18, "33.3333"),
])  # fmt: skip
def test_percentages_are_rounded_half_up(part: int, whole: int, says: str) -> None:
    assert percent(part, whole) == says


def test_only_rights_that_somebody_may_still_exercise_count() -> None:
    """Not those that have lapsed, nor those that the company holds; those received by transfer do."""
    story = given(*series_7(FREE), allotted(24), allotted(9, "director-2"), transferred("2018-01-10", 4),
                  departed("2018-06-28"), acquired("2019-06-20", ["director-2"]), split("2", "2020-12-31"))  # fmt: skip

    def rights(on: str) -> list[tuple[int, int]]:
        return [(row.rights, row.shares) for row in story.book.dilution(1_000, day(on))]

    assert rights("2018-07-08") == [(33, 6_600)]
    assert rights("2018-07-09") == [(13, 2_600)]
    assert rights("2019-06-20") == [(4, 800)]
    assert rights("2021-01-01") == [(4, 1_600)]
    assert rights("2047-07-15") == []


def test_of_several_companies_one_is_named() -> None:
    story = given(*series_7(FREE), allotted(24), company("ACME"), issue("A", company="ACME"), allotted(5, series="A"))
    with pytest.raises(MalformedError, match=r"of ACME, IIJ: name the one .* are given, with `--company`$"):
        story.book.dilution(1_000, day("2018-01-01"))
    row = one(story.book.dilution(1_000, day("2018-01-01"), company="ACME"))
    assert (row.series, row.fully_diluted_shares) == ("A", 2_000)
    with pytest.raises(RefusedError, match=r"company ACMI is not known on any day \(did you mean ACME"):
        story.book.dilution(1_000, day("2018-01-01"), company="ACMI")


def test_after_a_restructuring_the_shares_are_the_successors() -> None:
    story = given(*series_7(FREE), allotted(24), restructured("2019-07-01", ratio="1/2"))
    row = one(story.book.dilution(10_000, day("2019-07-01")))
    assert (row.series, row.company, row.shares) == ("7@HD", "HD", 2_400)
    assert one(story.book.dilution(10_000, day("2019-06-30"))).company == "IIJ"


@pytest.mark.parametrize(("asked", "says"), [
    ({"shares_outstanding": 0}, "0 shares outstanding: there is at least 1"),
    ({"shares_outstanding": 1, "share_price": 0}, "the share price is 0 yen; it must be above 0"),
    ({"shares_outstanding": 1, "share_price": 0.5}, "share_price is 0.5, which is no Fraction or int"),
])  # fmt: skip
def test_figures_that_are_none(asked: dict[str, Any], says: str) -> None:
    with pytest.raises(MalformedError, match=says):
        priced().book.dilution(**asked)


def test_a_ledger_without_entries_and_a_series_that_nobody_knows() -> None:
    assert list(given().book.dilution(1_000, day("2018-01-01"))) == []
    with pytest.raises(RefusedError, match="series 8 is not known on any day"):
        priced().book.dilution(1_000, series="8")
