"""A grid as it is asked for: which inputs of the price vary, from where to where and in how many steps.

The points of an axis are exact decimals, evenly spaced, those between taken to twelve decimals, half up: what is shown
of a point is what was valued, and gives the same price alone.
"""

import math
import re
from collections.abc import Iterator, Mapping
from fractions import Fraction
from typing import Any, Final, NamedTuple

from ledger.domain.strict_json import malformed
from ledger.valuation.black_scholes import TRUSTED_DECIMALS, exact_number, read_inputs
from ledger.valuation.grid import BLOCK, option_prices

MOST_POINTS: Final = 10_000_000
NAMES: Final = ("share_price", "exercise_price", "term", "volatility", "rate", "dividend")

_ONE: Final = 10**TRUSTED_DECIMALS
_PART: Final = re.compile(r"([a-z-]+)=([^:=]+):([^:=]+):([0-9]{1,9})", re.ASCII)
_FORM: Final = "share-price=1000:5000:1000,volatility=0.2:0.6:5"


class Axis(NamedTuple):
    """An input that varies. first, last: in units of the twelfth decimal. points: how many, from 2."""

    name: str
    first: int
    last: int
    points: int

    def at(self, place: int) -> int:
        """The point of a place, counted from 0, in the same units."""
        steps = self.points - 1
        return self.first + (2 * (self.last - self.first) * place + steps) // (2 * steps)


class Block(NamedTuple):
    """Points that follow each other. columns: of each input that varies, its values as text. prices: yen a share."""

    columns: list[list[str]]
    prices: list[float]


class Grid(NamedTuple):
    """Points at which the option is valued; the last axis varies first. fixed: the inputs that do not vary."""

    axes: tuple[Axis, ...]
    fixed: Mapping[str, Fraction]

    @property
    def size(self) -> int:
        """How many points there are."""
        return math.prod(axis.points for axis in self.axes)

    def blocks(self) -> Iterator[Block]:
        """The points with their option prices, in order."""
        for start in range(0, self.size, BLOCK):
            yield self._block(start, min(start + BLOCK, self.size))

    def _block(self, start: int, end: int) -> Block:
        import numpy as np

        columns: list[list[str]] = []
        values: dict[str, Any] = {name: float(number) for name, number in self.fixed.items()}
        places = np.unravel_index(np.arange(start, end), [axis.points for axis in self.axes])
        for axis, along in zip(self.axes, places, strict=True):
            used, which = np.unique(along, return_inverse=True)
            points = [axis.at(int(place)) for place in used]
            texts = [_written(point) for point in points]
            columns.append([texts[each] for each in which.tolist()])
            values[axis.name] = np.array([point / _ONE for point in points])[which]
        return Block(columns, option_prices(**values).tolist())


def read_grid(asked: str, given: Mapping[str, str | None]) -> Grid:
    """A grid, read and judged before anything is valued.

    asked: ``NAME=FROM:TO:HOW-MANY``, with commas between. given: the inputs as text by name, or None.

    Raises `MalformedError` (`malformed`).

    >>> fixed = dict(share_price=None, exercise_price="1", term="15", volatility=None, rate="0.00978", dividend="22")
    >>> grid = read_grid("share-price=2400:2500:3,volatility=0.45:0.5:2", fixed)
    >>> [block.columns for block in grid.blocks()]
    [[['2400', '2400', '2450', '2450', '2500', '2500'], ['0.45', '0.5', '0.45', '0.5', '0.45', '0.5']]]
    """
    axes = tuple(_axis(part.strip()) for part in asked.split(","))
    names = [axis.name for axis in axes]
    for name in NAMES:
        option = name.replace("_", "-")
        if names.count(name) > 1:
            malformed(f"the grid has {option} twice")
        if name in names and given[name] is not None:
            malformed(f"{option} varies in the grid; leave --{option} out")
        if name not in names and given[name] is None:
            malformed(f"{option} is neither in the grid nor given; give --{option}")
    grid = Grid(axes, {name: exact_number(name, given[name]) for name in NAMES if name not in names})
    if grid.size > MOST_POINTS:
        malformed(f"the grid has {grid.size:,} points; it has at most {MOST_POINTS:,}")
    low = {**grid.fixed, **{axis.name: Fraction(axis.first, _ONE) for axis in axes}}
    high = {**grid.fixed, **{axis.name: Fraction(axis.last, _ONE) for axis in axes}}
    # Bounds are of each input alone, but the dividend's, which is the share price.
    for corner in (low, {**high, "dividend": low["dividend"]}, {**low, "dividend": high["dividend"]}):
        read_inputs(**corner)
    option_prices(**{name: float(number) for name, number in high.items()})
    return grid


def _axis(part: str) -> Axis:
    found = _PART.fullmatch(part)
    name = found[1].replace("-", "_") if found else ""
    if found is None or name not in NAMES or "_" in found[1]:
        options = ", ".join(each.replace("_", "-") for each in NAMES)
        malformed(f"the grid holds {part[:40]!r}; it is written {_FORM}: from, to, how many, of {options}")
    first, last = (_units(name, text) for text in found.groups()[1:3])
    points = int(found[4])
    if points < 2 or not first < last:
        malformed(f"the grid holds {part[:40]!r}; it goes up, and has 2 points or more: {_FORM}")
    return Axis(name, first, last, points)


def _units(name: str, text: str) -> int:
    units = exact_number(name, text) * _ONE
    if units.denominator != 1:
        malformed(f"`{name}` is {text[:40]} in the grid; there it has at most {TRUSTED_DECIMALS} decimals")
    return int(units)


def _written(units: int) -> str:
    """A point with no more decimals than it needs."""
    whole, rest = divmod(abs(units), _ONE)
    decimals = f".{rest:0{TRUSTED_DECIMALS}}".rstrip("0").rstrip(".")
    return f"{'-' if units < 0 else ''}{whole}{decimals}"
