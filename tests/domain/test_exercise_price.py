"""Item 4: the exercise price is per share; ``fixed`` it stays, ``inverse`` it is divided and rounded up."""

from decimal import Decimal

import pytest

from tests.scenario import allotted, consolidated, exercised, given, series_7, split

IN_OFFICE = {"while_in_office": True}


@pytest.mark.parametrize(("on", "payment"), [("2020-12-31", 200), ("2021-01-01", 400), ("2022-10-01", 800)])
def test_one_yen_stays_one_yen_so_a_right_costs_200_then_400_then_800(on: str, payment: int) -> None:
    story = given(*series_7(IN_OFFICE), allotted(24), split("2", "2020-12-31"), split("2", "2022-09-30"))
    (row,) = story.eligibility(on)
    assert row.payment == 24 * payment
    story.then(exercised(on))
    assert [row.payment for row in story.exercises()] == [payment]


@pytest.mark.parametrize(
    ("price", "adjustment", "prices"),
    [
        (1_000, "fixed", [1_000, 1_000, 1_000]),
        (1_000, "inverse", [334, 223, 2_230]),
        ("1000.5", "fixed", [Decimal("1000.5")] * 3),
        ("1000.5", "inverse", [334, 223, 2_230]),
        (1, "inverse", [1, 1, 10]),
        (0, "inverse", [0, 0, 0]),
    ],
)
def test_the_inverse_price_is_rounded_up_at_every_step(
    price: int | str, adjustment: str, prices: list[int | Decimal]
) -> None:
    """1,000 ÷ 3 = 333.3 → 334; 334 ÷ 3/2 = 222.7 → 223; 223 ÷ 1/10 = 2,230. 1,000.5 ÷ 3 = 333.5 → 334."""
    story = given(
        *series_7(exercise_price=price, exercise_price_adjustment=adjustment),
        split("3", "2020-03-31"),
        split("3/2", "2021-03-31"),
        consolidated("1/10", "2022-04-01"),
    )
    days = ("2020-04-01", "2021-04-01", "2022-04-01")
    assert [story.series(day).exercise_price for day in days] == prices
    assert story.series("2020-03-31").exercise_price == Decimal(price)


@pytest.mark.parametrize(
    ("price", "shares_per_right", "payment"),
    [("0.5", 1, 1), ("0.5", 2, 1), ("126.28", 3, 379), ("126.28", 100, 12_628), (0, 200, 0), ("0.01", 1, 1)],
)
def test_a_payment_is_rounded_up_to_the_yen(price: int | str, shares_per_right: int, payment: int) -> None:
    """126.28 × 3 = 378.84."""
    story = given(
        *series_7(IN_OFFICE, exercise_price=price, shares_per_right=shares_per_right),
        allotted(),
        exercised("2018-01-01"),
    )
    assert [row.payment for row in story.exercises()] == [payment]


def test_the_payment_of_one_exercise_is_rounded_once() -> None:
    """3 rights × 1 share × 0.5 yen = 1.5, so 2 and not 3."""
    story = given(
        *series_7(IN_OFFICE, exercise_price="0.5", shares_per_right=1), allotted(), exercised("2018-01-01", 3)
    )
    assert [row.payment for row in story.exercises()] == [2]
