"""Items 4, 6, 10; Ordinance on Company Accounting 17: what an exercise delivers, pays and adds to capital."""

import pytest

from tests.scenario import allotted, day, exercised, given, issue, pricing, restructured, series_7, split

IN_OFFICE = {"while_in_office": True}


@pytest.mark.parametrize(
    ("rights", "treasury", "capital", "reserve"),
    [
        (1, 0, 211_400, 211_400),
        (1, 1, 210_343, 210_343),  # 422,800 × 199/200 = 420,686
        (1, 100, 105_700, 105_700),
        (1, 199, 1_057, 1_057),  # 422,800 / 200 = 2,114
        (1, 200, 0, 0),
        (3, 0, 634_200, 634_200),
        (3, 1, 633_143, 633_143),  # 1,268,400 × 599/600 = 1,266,286
        (3, 600, 0, 0),
    ],
)
def test_treasury_shares_raise_no_capital(rights: int, treasury: int, capital: int, reserve: int) -> None:
    """One right: payment 200, price at issue 422,600, limit 422,800."""
    story = given(
        *series_7(IN_OFFICE), pricing(2_113), allotted(), exercised("2018-01-01", rights, treasury_shares=treasury)
    )
    (row,) = story.exercises()
    assert (row.shares, row.payment, row.capital, row.capital_reserve) == (rights * 200, rights * 200, capital, reserve)


@pytest.mark.parametrize(
    ("price", "per_right", "rights", "shares_per_right", "treasury", "payment", "capital", "reserve"),
    [
        (1, 0, 1, 1, 0, 1, 1, 0),  # limit 1: capital is rounded up
        (1, 2, 1, 1, 0, 1, 2, 1),  # limit 3
        (1, "0.9", 1, 1, 0, 1, 1, 0),  # limit 1.9, the fraction dropped: 1
        (1, "1.9", 1, 1, 0, 1, 1, 1),  # 2.9: 2
        (1, "0.5", 2, 1, 0, 2, 2, 1),  # (2 + 0.5 × 2) = 3: dropped once, not for each right
        ("0.5", 0, 3, 1, 0, 2, 1, 1),  # payment 1.5, rounded up to 2
        (1, 0, 1, 3, 1, 3, 1, 1),  # 3 × 2/3 = 2
        (1, 7, 1, 3, 1, 3, 3, 3),  # 10 × 2/3 = 6.67: 6
        (1, 8, 1, 3, 1, 3, 4, 3),  # 11 × 2/3 = 7.33: 7
        (0, 0, 5, 3, 0, 0, 0, 0),
        (0, 5, 1, 3, 3, 0, 0, 0),
    ],
)
def test_the_limit_is_dropped_and_capital_is_its_half_rounded_up(
    price: int | str,
    per_right: int | str,
    rights: int,
    shares_per_right: int,
    treasury: int,
    payment: int,
    capital: int,
    reserve: int,
) -> None:
    story = given(*series_7(IN_OFFICE, exercise_price=price, shares_per_right=shares_per_right), allotted())
    story.then(pricing(1, price_per_right=per_right), exercised("2018-01-01", rights, treasury_shares=treasury))
    (row,) = story.exercises()
    assert (row.payment, row.capital, row.capital_reserve) == (payment, capital, reserve)


def test_a_series_without_a_price_counts_as_0_a_right() -> None:
    (row,) = given(*series_7(IN_OFFICE), allotted(), exercised("2018-01-01", 3)).exercises()
    assert (row.payment, row.capital, row.capital_reserve) == (600, 300, 300)


@pytest.mark.parametrize(("treasury", "code"), [(600, None), (601, "too-many-treasury-shares")])
def test_no_more_treasury_shares_than_shares(treasury: int, code: str | None) -> None:
    attempt = given(*series_7(IN_OFFICE), allotted()).when(exercised("2018-01-01", 3, treasury_shares=treasury))
    _ = attempt.recorded() if code is None else attempt.refused_with(code)


@pytest.mark.parametrize(("on", "code"), [("2020-12-31", "too-many-treasury-shares"), ("2021-01-01", None)])
def test_treasury_shares_are_compared_with_the_shares_of_the_day(on: str, code: str | None) -> None:
    story = given(*series_7(IN_OFFICE), allotted(), split("2", "2020-12-31"))
    attempt = story.when(exercised(on, 1, treasury_shares=400))
    _ = attempt.recorded() if code is None else attempt.refused_with(code)


def test_one_entry_one_rounding() -> None:
    """Two exercises of one right at 0.5 yen raise 1 yen each; one of two raises 1."""
    series = series_7(IN_OFFICE, exercise_price="0.5", shares_per_right=1)
    story = given(*series, allotted(), exercised("2018-01-01"), exercised("2018-01-01"), exercised("2018-01-01", 2))
    assert [(row.version, row.payment, row.capital, row.capital_reserve) for row in story.exercises()] == [
        (4, 1, 1, 0),
        (5, 1, 1, 0),
        (6, 1, 1, 0),
    ]


def test_the_price_at_issue_stays_after_splits_and_replacement() -> None:
    story = given(*series_7(IN_OFFICE), pricing(2_113), allotted(), split("2", "2020-12-31"))
    story.then(exercised("2021-01-01"), restructured("2021-06-01", ratio="1/2"), exercised("2021-06-01", series="7@HD"))
    assert [(row.series, row.shares, row.payment, row.capital, row.capital_reserve) for row in story.exercises()] == [
        ("7", 400, 400, 211_500, 211_500),
        ("7@HD", 200, 200, 211_400, 211_400),
    ]


@pytest.mark.parametrize(
    ("since", "until", "versions"),
    [
        ("2018-01-01", "2018-01-03", [5, 6, 7]),
        ("2018-01-02", "2018-01-03", [6, 7]),
        ("2018-01-01", "2018-01-02", [5, 6]),
        ("2018-01-02", "2018-01-02", [6]),
        ("2018-01-03", "2018-01-02", []),
    ],
)
def test_exercises_from_a_day_to_a_day_both_included(since: str, until: str, versions: list[int]) -> None:
    story = given(*series_7(IN_OFFICE), issue("8"), allotted())
    story.then(exercised("2018-01-01"), exercised("2018-01-02"), exercised("2018-01-03"))
    assert [row.version for row in story.exercises(until, since=day(since))] == versions
