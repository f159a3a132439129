"""What is promised about prices, as ratios measured in one run: `make bench ARGS='--only price'`."""

from functools import partial
from pathlib import Path
from typing import Any

import numpy as np
from scipy.special import ndtr

from ledger.valuation.grid import option_prices
from tests.benchmarks.timing import compare, seconds

POINTS = 1_000_000


def drawn(points: int) -> dict[str, Any]:
    """Inputs as in notices, each of its own at every point."""
    random = np.random.default_rng(1)
    share_price = random.uniform(1_000, 5_000, points)
    return {
        "share_price": share_price,
        "exercise_price": random.uniform(1, 5_000, points),
        "term": random.uniform(0.1, 30, points),
        "volatility": random.uniform(0.05, 0.8, points),
        "rate": random.uniform(-0.01, 0.05, points),
        "dividend": share_price * random.uniform(0, 0.1, points),
    }


def spread(points: int) -> dict[str, Any]:
    """A square of share prices and volatilities, half a year before the end: most lie far from the money."""
    return {
        "share_price": np.repeat(np.linspace(1_000, 5_000, 1_000), points // 1_000),
        "exercise_price": np.full(points, 2_500.0),
        "term": np.full(points, 0.5),
        "volatility": np.tile(np.linspace(0.2, 0.6, points // 1_000), 1_000),
        "rate": np.full(points, 0.00978),
        "dividend": np.full(points, 22.0),
    }


def bare(*, share_price: Any, exercise_price: Any, term: Any, volatility: Any, rate: Any, dividend: Any) -> Any:
    """The formula as it stands in textbooks: no limits, and what a float loses is lost."""
    dividend_yield = dividend / share_price
    deviation = volatility * np.sqrt(term)
    d1 = (np.log(share_price / exercise_price) + (rate - dividend_yield + volatility**2 / 2) * term) / deviation
    share = share_price * np.exp(-dividend_yield * term)
    return share * ndtr(d1) - exercise_price * np.exp(-rate * term) * ndtr(d1 - deviation)


def grids(folder: Path) -> None:
    """A million option prices in one call, against the bare formula over the same arrays."""
    for name, make in {"as in notices": drawn, "share prices by volatilities, half a year": spread}.items():
        points = make(POINTS)
        compare(
            f"{POINTS:,} option prices, {name} / the bare formula in numpy and scipy",
            "at most 2",
            partial(seconds, partial(option_prices, **points)),
            partial(seconds, partial(bare, **points)),
        )
