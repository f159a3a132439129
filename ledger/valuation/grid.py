"""Option prices at a million points in one call: Black-Scholes over arrays of floats, to look at and to draw.

It is the formula of ledger/valuation/black_scholes.py, whose exact price is the one that is recorded. This one agrees
with it to 1e-10 of the price, but where the inputs themselves are known too coarsely: one that is 1e-16 of itself off,
as any float is, moves the price of an option far out of the money by thousands of times as much, and near the limits
(s below 1e-6) by more. What is below 1e-100 yen fades to 0.

F N(d1) - K N(d2) is used where it keeps its digits, and the ways of `time_value` where it would lose them: such a point
takes up to ten times as long, and grids have few of them. Where X, σ or T is 0, max(F - K, 0) is the price.
"""

import math
from typing import Any, Final

from ledger.domain.strict_json import malformed
from ledger.valuation.black_scholes import HIGHEST_RATE, HIGHEST_VOLATILITY, LARGEST_BY_FLOATS, LONGEST_TERM

Floats = Any
"""Floats, as an array of numpy, which is imported where it is needed."""

BLOCK: Final = 65_536
"""Points that are valued at a time: their columns stay near the processor, whatever the number of all."""

MOST_LOST: Final = 200
"""The difference of two terms is used while it is above one part in so many of them."""

FAR_BELOW: Final = -25
"""Where d2 is below, K may be larger than any float, and N(d2) smaller."""

NEAR: Final = 1e-3
"""The deviation below which d1 and d2 are so near that the time value is an integral between them."""

NOTHING: Final = 1e-100
"""Yen, and deviations, below which there is no time value."""

NOWHERE: Final = -39
"""Where d1 is below, N(d1) is 0 to a float, and so is the price."""

LARGEST_EXPONENT: Final = 650
"""Of e: what is more is more than a float holds, and there d2 is far below."""


def option_prices(
    *,
    share_price: Floats,
    exercise_price: Floats,
    term: Floats,
    volatility: Floats,
    rate: Floats,
    dividend: Floats,
) -> Floats:
    """Prices of the option on one share, in yen, not rounded: one for each point of the arrays, which are broadcast.

    Each is an array of numpy, or what makes one: a list, a number. Units and bounds are those of `black_scholes.value`,
    but that no input is above a billion yen.

    Raises `MalformedError` (`malformed`) for a point outside the bounds, and where the arrays do not fit each other.

    >>> [
    ...     round(float(each), 6)
    ...     for each in option_prices(
    ...         share_price=[2422, 2500], exercise_price=1, term=15, volatility=0.45, rate=0.00978, dividend=22
    ...     )
    ... ]
    [2112.630722, 2189.988972]
    """
    import numpy as np

    given = (share_price, exercise_price, term, volatility, rate, dividend)
    columns = [np.asarray(each, dtype=np.float64) for each in given]
    _check(columns)
    try:
        shape = np.broadcast_shapes(*(each.shape for each in columns))
    except ValueError:
        malformed(f"the arrays are of {', '.join(str(each.shape) for each in columns)}, which do not fit each other")
    prices = np.empty(math.prod(shape))
    flat = [each.reshape(1) if each.size == 1 else np.broadcast_to(each, shape).reshape(-1) for each in columns]
    with np.errstate(under="ignore"):
        for start in range(0, prices.size, BLOCK):
            block = slice(start, start + BLOCK)
            prices[block] = _prices(*(each if each.size == 1 else each[block] for each in flat))
    return prices.reshape(shape)


def _check(columns: list[Floats]) -> None:
    names = ("share_price", "exercise_price", "term", "volatility", "rate", "dividend")
    bounds = (
        (0, LARGEST_BY_FLOATS),
        (0, LARGEST_BY_FLOATS),
        (0, LONGEST_TERM),
        (0, HIGHEST_VOLATILITY),
        (-HIGHEST_RATE, HIGHEST_RATE),
        (0, LARGEST_BY_FLOATS),
    )
    for name, column, (least, most) in zip(names, columns, bounds, strict=True):
        if column.size and not (least <= column.min() and column.max() <= most):  # so that NaN is refused
            malformed(f"`{name}` goes from {column.min()} to {column.max()} in the grid; it is {least} to {most:,}")
    share_price, dividend = columns[0], columns[-1]
    if share_price.size and not share_price.min() > 0:
        malformed("`share_price` is 0 in the grid; it is above 0 yen")
    largest, smallest = dividend.max(initial=0), share_price.min(initial=LARGEST_BY_FLOATS)
    if largest > smallest and (dividend > share_price).any():
        malformed("`dividend` is above the share price in the grid; it is at most that")


def _prices(
    share_price: Floats,
    exercise_price: Floats,
    term: Floats,
    volatility: Floats,
    rate: Floats,
    dividend: Floats,
) -> Floats:
    """Prices of one block."""
    import numpy as np
    from scipy.special import ndtr

    carry = dividend / share_price * term
    discount = rate * term
    share = share_price * np.exp(-carry)
    exercise = exercise_price * np.exp(np.minimum(-discount, LARGEST_EXPONENT))
    deviation = volatility * np.sqrt(term)
    is_live = (np.minimum(share_price, exercise_price) >= NOTHING) & (deviation >= NOTHING)
    if not is_live.all():
        exercise_price, deviation = np.where(is_live, exercise_price, share_price), np.where(is_live, deviation, 1)
    above = np.log(share_price / exercise_price) + discount - carry
    d1 = above / deviation + deviation / 2
    d2 = d1 - deviation
    part = share * ndtr(d1)
    prices = part - exercise * ndtr(d2)
    loses = (prices * MOST_LOST < part) | ((d2 < FAR_BELOW) & (d1 > NOWHERE))
    if not is_live.all():
        prices = np.where(is_live, prices, np.maximum(share - exercise, 0))
        loses &= is_live
    if loses.any():
        at = np.nonzero(loses)
        columns = (share_price, exercise_price, carry, discount, deviation)
        prices[at] = _closely(*(np.broadcast_to(each, prices.shape)[at] for each in columns))
    return prices


def _closely(share_price: Floats, exercise_price: Floats, carry: Floats, discount: Floats, deviation: Floats) -> Floats:
    """Prices as the sum of max(F - K, 0) and the time value; see `black_scholes.time_value`.

    carry, discount: q T and r T.
    """
    import numpy as np
    from scipy.special import erfcx, ndtr, roots_legendre

    scale = math.sqrt(math.pi / 2)
    above = _log(share_price, exercise_price) + discount - carry
    share = share_price * np.exp(-carry)
    certain = np.where(above > 0, -share * np.expm1(-np.maximum(above, 0)), 0)
    low = np.where(above > 0, share - certain, share)
    middle = -np.abs(above) / deviation
    d1, d2 = middle + deviation / 2, middle - deviation / 2
    density = np.exp(-d1 * d1 / 2) / math.sqrt(2 * math.pi)
    # N(d1) where it is not small, else from N ÷ φ, which has no error of its own that grows with d1.
    first = np.where(d1 < 0, density * scale * erfcx(-np.minimum(d1, 0) / math.sqrt(2)), ndtr(d1))
    part = first - density * scale * erfcx(-d2 / math.sqrt(2))
    near = deviation < NEAR
    if near.any():
        places, weights = roots_legendre(10)
        half = deviation[near] / 2
        between = middle[near, None] + half[:, None] * places
        slope = 1 + between * scale * erfcx(-between / math.sqrt(2))
        part[near] = density[near] * half * (slope @ weights)
    prices: Floats = certain + low * part
    return prices


def _log(share_price: Floats, exercise_price: Floats) -> Floats:
    """ln(share price ÷ exercise price), which keeps its digits where they are near each other."""
    import numpy as np

    more = (share_price - exercise_price) / exercise_price
    is_near = np.abs(more) < 1 / 2
    logs: Floats = np.where(is_near, np.log1p(np.where(is_near, more, 0)), np.log(share_price / exercise_price))
    return logs
