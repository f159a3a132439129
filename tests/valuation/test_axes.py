"""A grid as it is asked for: its points, their order, and what is refused before anything is valued."""

from fractions import Fraction
from itertools import product
from typing import Any

import pytest

from ledger.domain.errors import MalformedError
from ledger.valuation import axes
from ledger.valuation.axes import Grid, read_grid
from tests.valuation.inputs import NOTICE_OF_2014, price


def grid(asked: str, **changed: Any) -> Grid:
    varies = {part.partition("=")[0].replace("-", "_") for part in asked.split(",")}
    given = {name: None if name in varies else text for name, text in NOTICE_OF_2014.items()}
    return read_grid(asked, given | changed)


def rows(asked: str, **changed: Any) -> list[tuple[list[str], float]]:
    found = []
    for block in grid(asked, **changed).blocks():
        found += [([*texts], price) for *texts, price in zip(*block.columns, block.prices, strict=True)]
    return found


def refusal(asked: str, **changed: Any) -> str:
    with pytest.raises(MalformedError) as refused:
        grid(asked, **changed)
    assert refused.value.code == "malformed"
    return refused.value.message


def test_the_last_axis_varies_first() -> None:
    points = [texts for texts, _ in rows("volatility=0.2:0.6:3,share-price=1000:5000:2")]
    assert points == [list(each) for each in product(["0.2", "0.4", "0.6"], ["1000", "5000"])]


def test_each_point_has_the_price_of_what_is_shown_of_it() -> None:
    found = rows("rate=-0.001:0.002:7,term=0:15:4,exercise-price=0:3000:3")
    assert len(found) == 84
    for (rate, term, exercise_price), worth in found:
        assert worth == pytest.approx(float(price(rate=rate, term=term, exercise_price=exercise_price)), rel=1e-10)


def test_all_six_may_vary() -> None:
    asked = "share-price=1:2:2,exercise-price=0:1:2,term=0:1:2,volatility=0:1:2,rate=-1:1:2,dividend=0:1:2"
    assert len(rows(asked)) == 64


def test_points_between_are_taken_to_twelve_decimals() -> None:
    assert [texts for texts, _ in rows("volatility=0.2:0.3:4")] == [
        ["0.2"], ["0.233333333333"], ["0.266666666667"], ["0.3"]
    ]  # fmt: skip
    assert [texts for texts, _ in rows("rate=-0.000000000001:0.000000000002:3")] == [
        ["-0.000000000001"], ["0.000000000001"], ["0.000000000002"]
    ]  # fmt: skip


def test_what_follows_a_block_goes_on(monkeypatch: pytest.MonkeyPatch) -> None:
    asked = "volatility=0.2:0.6:5,share-price=1000:5000:7"
    at_once = rows(asked)
    monkeypatch.setattr(axes, "BLOCK", 4)
    assert rows(asked) == at_once


def test_at_most_ten_million_points() -> None:
    assert grid("volatility=0:1:10000000").size == 10_000_000
    assert refusal("volatility=0:1:10000001") == "the grid has 10,000,001 points; it has at most 10,000,000"
    assert refusal("volatility=0:1:5000001,term=0:1:2") == "the grid has 10,000,002 points; it has at most 10,000,000"


FORM = "it is written share-price=1000:5000:1000,volatility=0.2:0.6:5: from, to, how many, of share-price, "
UP = "it goes up, and has 2 points or more: share-price=1000:5000:1000,volatility=0.2:0.6:5"


@pytest.mark.parametrize(
    ("asked", "expected"),
    [
        ("", f"the grid holds ''; {FORM}exercise-price, term, volatility, rate, dividend"),
        ("volatility", f"the grid holds 'volatility'; {FORM}"),
        ("volatility=0.2:0.6", f"the grid holds 'volatility=0.2:0.6'; {FORM}"),
        ("volatility=0.2:0.6:5,", f"the grid holds ''; {FORM}"),
        ("volatility=0.2:0.6:-5", f"the grid holds 'volatility=0.2:0.6:-5'; {FORM}"),
        ("volatility=0.2:0.6:5.0", f"the grid holds 'volatility=0.2:0.6:5.0'; {FORM}"),
        ("share_price=1:2:3", f"the grid holds 'share_price=1:2:3'; {FORM}"),
        ("shares-per-right=1:2:3", f"the grid holds 'shares-per-right=1:2:3'; {FORM}"),
        ("x" * 1000, f"the grid holds '{'x' * 40}'; {FORM}"),
        ("volatility=0.2:0.6:1", f"the grid holds 'volatility=0.2:0.6:1'; {UP}"),
        ("volatility=0.6:0.2:5", f"the grid holds 'volatility=0.6:0.2:5'; {UP}"),
        ("volatility=0.2:0.2:5", f"the grid holds 'volatility=0.2:0.2:5'; {UP}"),
        ("volatility=1e-1:0.6:5", "`volatility` is '1e-1'; it is written with digits and at most one point"),
        ("volatility=0.2:NaN:5", "`volatility` is 'NaN'; it is written with digits and at most one point"),
        ("term=0:0.0000000000001:5", "`term` is 0.0000000000001 in the grid; there it has at most 12 decimals"),
        ("term=0:1:5,term=0:1:5", "the grid has term twice"),
        ("volatility=0.2:45:5", "`volatility` is 45; it is a fraction of one, 0 to 10 (45 % is 0.45)"),
        ("rate=-1.5:1:5", "`rate` is -3/2; it is a fraction of one, -1 to 1 (0.978 % is 0.00978)"),
        ("share-price=0:10:5", "`share_price` is 0; it is above 0 yen and below 2^53"),
        ("share-price=10:100:5", "`dividend` is 22; it is 0 yen per share or more and at most the share price, 10"),
        ("dividend=0:3000:5", "`dividend` is 3000; it is 0 yen per share or more and at most the share price, 2422"),
        ("share-price=100:10000000000:5", "`share_price` goes from 10000000000.0 to 10000000000.0 in the grid; it is"),
    ],
)
def test_what_is_no_grid(asked: str, expected: str) -> None:
    assert refusal(asked).startswith(expected)


def test_what_is_given_twice_or_not_at_all() -> None:
    asked = "volatility=0.2:0.6:5"
    assert refusal(asked, volatility="0.45") == "volatility varies in the grid; leave --volatility out"
    assert refusal(asked, share_price=None) == "share-price is neither in the grid nor given; give --share-price"
    assert refusal(asked, term="-1") == "`term` is -1; it is 0 to 1,000 years"


def test_an_axis_ends_where_it_was_said() -> None:
    axis = axes.Axis("volatility", 0, 10**12, 10_000_000)
    assert (axis.at(0), axis.at(9_999_999)) == (0, 10**12)
    assert Fraction(axis.at(1), 10**12) == Fraction("0.0000001")
