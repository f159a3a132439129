"""Rights, shares and yen: three types that never mix, and the two roundings of the notice."""

from fractions import Fraction
from typing import Annotated, NewType

Rights = NewType("Rights", int)
"""Whole stock acquisition rights (個)."""

Shares = NewType("Shares", int)
"""Whole shares of common stock."""

Yen = NewType("Yen", int)
"""Whole yen."""

Amount = Annotated[int | str, "yen, with decimals where a string"]
"""Yen as an entry writes it: an integer, or a string that may have decimals (``"126.28"``)."""


def exact(amount: int | str) -> Fraction:
    """Value of an amount as written in an entry, in yen, exact.

    >>> exact("126.28")
    Fraction(3157, 25)
    """
    return Fraction(amount)


def rounded_up(yen: Fraction | int) -> Yen:
    """Next whole yen: fractions of less than one yen are rounded up (items 6(1), 12).

    >>> rounded_up(Fraction(1, 2)), rounded_up(3)
    (1, 3)
    """
    return Yen(-(-yen // 1))


def dropped(number: Fraction | int) -> int:
    """Whole part of a number that is not negative: the fraction is dropped (items 3, 10).

    >>> dropped(Fraction(300, 7))
    42
    """
    return int(number // 1)


def multiplied(count: int, ratio: Fraction) -> int:
    """Whole part of a count, not negative, times a ratio: the fraction is dropped (items 3, 9).

    >>> multiplied(300, Fraction(1, 7))
    42
    """
    return count * ratio.numerator // ratio.denominator
