"""What the price would be had one figure been another: steps for a table, and points for a line."""

from collections.abc import Iterator
from fractions import Fraction
from typing import Final, Literal, NamedTuple

from msgspec.structs import replace

from ledger.domain.errors import MalformedError
from ledger.valuation.black_scholes import Inputs, Number, Valuation, option_price, read_inputs, rounded

Figure = Literal["share_price", "volatility", "rate", "dividend"]
FIGURES: Final[tuple[Figure, ...]] = ("share_price", "volatility", "rate", "dividend")

_STEPS: Final = (-2, -1, 0, 1, 2)
_EDGES: Final = 3
"""A line goes this many steps to either side."""

_POINTS_A_STEP: Final = 8
_TENTH: Final = Fraction(1, 10)
_QUARTER: Final = Fraction(1, 4)
_ADDED: Final = {"volatility": Fraction(5, 100), "rate": Fraction(1, 200)}
"""A step of what is changed by points: 5 points of volatility, half a point of the rate."""

_FIRST_YIELD: Final = Fraction(1, 200)
"""A step of the dividend where there is none: half a percent of the share price."""


class Row(NamedTuple):
    """One figure changed. change: in words. given: what it becomes. worth: None where no price is answered for."""

    figure: Figure
    change: str
    given: Fraction
    worth: Valuation | None
    is_chosen: bool


class Point(NamedTuple):
    """A point of a line: the figure, and the option price in yen."""

    given: Fraction
    price: Fraction


def rows(inputs: Inputs, shares_per_right: Number, rounding: str) -> Iterator[Row]:
    """The table: five rows a figure, all others as they are."""
    for figure in FIGURES:
        for step in _STEPS:
            given = _changed(inputs, figure, Fraction(step))
            price = _price(inputs, figure, given)
            worth = None if price is None else rounded(price, shares_per_right, rounding)
            yield Row(figure, _words(inputs, figure, step), given, worth, not step)


def line(inputs: Inputs, figure: Figure) -> list[Point]:
    """The points of a line, as far as a price is answered for."""
    found = []
    for number in range(-_EDGES * _POINTS_A_STEP, _EDGES * _POINTS_A_STEP + 1):
        given = _changed(inputs, figure, Fraction(number, _POINTS_A_STEP))
        price = _price(inputs, figure, given)
        if price is not None:
            found.append(Point(given, price))
    return found


def _changed(inputs: Inputs, figure: Figure, steps: Fraction) -> Fraction:
    chosen: Fraction = getattr(inputs, figure)
    if figure in _ADDED:
        return chosen + steps * _ADDED[figure]
    if figure == "share_price":
        return chosen * (1 + steps * _TENTH)
    if not chosen:
        return inputs.share_price * steps * _FIRST_YIELD
    return chosen * (1 + steps * _QUARTER)


def _words(inputs: Inputs, figure: Figure, step: int) -> str:
    if not step:
        return "as chosen"
    sign, size = "−" if step < 0 else "+", abs(step)
    match figure:
        case "volatility":
            return f"{sign}{5 * size} points"
        case "rate":
            return f"{sign}{'1 point' if size == 2 else '0.5 points'}"
        case "share_price":
            return f"{sign}{10 * size} %"
        case "dividend" if not inputs.dividend:
            return f"{sign}{'1' if size == 2 else '0.5'} % of S"
        case _:
            return f"{sign}{25 * size} %"


def _price(inputs: Inputs, figure: Figure, given: Fraction) -> Fraction | None:
    """The price with one figure changed; None where that is outside of what a price is answered for."""
    changed = replace(inputs, **{figure: given})
    try:
        return option_price(read_inputs(**{name: getattr(changed, name) for name in changed.__struct_fields__}))
    except MalformedError:
        return None
