"""Price of a right by Black-Scholes with continuous dividend yield (item 12; Black and Scholes 1973, Merton 1973).

With the present values F = S e^(-qT) of the share and K = X e^(-rT) of the exercise price, and s = σ √T:

    price = F N(d1) - K N(d2)    d1 = ln(F ÷ K) ÷ s + s ÷ 2    d2 = d1 - s    q = dividend ÷ S

It is computed as the sum of two parts, which is the same number:

- what is certain, max(F - K, 0): exact fractions and exponentials of 60 digits. Where X, σ or T is 0 this is all;
- the time value, which is the put where F > K and else the call: floats, by scipy's normal distribution. Its error is a
  part of itself (below 1e-10, measured below 1e-11), so that it vanishes with it.

What follows is exact. What is rounded up is first taken to `TRUSTED_DECIMALS` decimals of a yen, half up: a price that
is a whole yen is not raised to the next by a time value of less than half a trillionth of a yen.
"""

import re
from decimal import MAX_EMAX, MIN_EMIN, Context, Decimal
from fractions import Fraction
from math import exp, pi, sqrt
from typing import Final, Literal, NoReturn, get_args

from msgspec import Struct

from ledger.domain.strict_json import MAX_COUNT, malformed
from ledger.domain.units import dropped, rounded_up

Number = str | int | Decimal | Fraction
"""An exact number; as a string digits, at most one point, a leading minus: ``"0.00978"``, ``"-0.001"``."""

Rounding = Literal["share", "share-2", "right"]
"""What is rounded up: the price per share to the yen, the same to two decimals, or the price per right to the yen."""

TRUSTED_DECIMALS: Final = 12
"""Decimals of a yen to which a number is taken, half up, before it is rounded up: what is below does not count."""

SHOWN_DECIMALS: Final = 6
"""Decimals of a yen to which the option price is shown, half up."""

LONGEST_TERM: Final = 1000
HIGHEST_VOLATILITY: Final = 10
HIGHEST_RATE: Final = 1
LARGEST_BY_FLOATS: Final = 10**9

_NUMBER: Final = re.compile(r"-?([0-9]+)(?:\.([0-9]+))?", re.ASCII)
_MAX_WHOLE_DIGITS: Final = 16
_TOO_LARGE: Final = 10**_MAX_WHOLE_DIGITS
_MAX_DECIMALS: Final = 100
_MAX_SHOWN: Final = 40

_DIGITS: Final = Context(prec=60, Emin=MIN_EMIN, Emax=MAX_EMAX)


class Inputs(Struct, frozen=True):
    """What a price is computed from, exact.

    share_price, exercise_price: yen per share. dividend: yen per share and year.
    term: years until the exercise that is expected.
    volatility, rate: fractions of one, per year; the rate is continuously compounded and may be negative.
    """

    share_price: Fraction
    exercise_price: Fraction
    term: Fraction
    volatility: Fraction
    rate: Fraction
    dividend: Fraction

    @property
    def dividend_yield(self) -> Fraction:
        """Continuous dividend yield per year, a fraction of one: dividend ÷ share price (item 12)."""
        return self.dividend / self.share_price

    @property
    def deviation(self) -> Fraction:
        """Standard deviation of the log of the share price over the term, σ √T, to 60 digits."""
        return Fraction(_DIGITS.sqrt(_decimal(self.volatility**2 * self.term)))

    @property
    def present_share(self) -> Fraction:
        """Present value of one share without the dividends of the term, S e^(-qT), in yen."""
        return self.share_price * _discount(self.dividend_yield * self.term)

    @property
    def present_exercise(self) -> Fraction:
        """Present value of the exercise price of one share, X e^(-rT), in yen."""
        return self.exercise_price * _discount(self.rate * self.term)


class Valuation(Struct, frozen=True):
    """The price of a right, in yen; the contract's answer of `rights value`.

    option_price: per share, before any rounding up, to six decimals (half up).
    price_per_share: rounded up by the terms; where the price per right is what is rounded, the option price as shown.
    price_per_right: what a right costs. Where the price per right is what is rounded, it comes from the option price
    itself, not from ``price_per_share``, and an entry `pricing` has to say both.
    """

    option_price: Decimal
    price_per_share: Decimal
    price_per_right: Decimal

    def to_dict(self) -> dict[str, str]:
        """Return the contract's answer: decimals as strings, never with an exponent."""
        return {
            "option_price": format(self.option_price, "f"),
            "price_per_share": format(self.price_per_share, "f"),
            "price_per_right": format(self.price_per_right, "f"),
        }


def value(
    *,
    share_price: Number,
    exercise_price: Number,
    term: Number,
    volatility: Number,
    rate: Number,
    dividend: Number,
    shares_per_right: Number,
    rounding: str = "share",
) -> Valuation:
    """Price of a right (item 12), as `rights value` answers it.

    share_price: yen, above 0. exercise_price: yen per share. dividend: yen per share and year, at most the share price.
    term: years, at most 1,000. volatility: a fraction of one per year, at most 10. rate: a fraction of one per year,
    -1 to 1, continuously compounded. shares_per_right: whole, from 1. rounding: one of `Rounding`.

    Raises `MalformedError` (`malformed`) for what is none of this: floats, NaN, exponents, negative numbers but a rate,
    and sizes at which six decimals could not be answered for.

    >>> value(
    ...     share_price="2422",
    ...     exercise_price=1,
    ...     term=15,
    ...     volatility="0.45",
    ...     rate="0.00978",
    ...     dividend="22",
    ...     shares_per_right=200,
    ... ).to_dict()
    {'option_price': '2112.630722', 'price_per_share': '2113', 'price_per_right': '422600'}
    """
    inputs = read_inputs(
        share_price=share_price,
        exercise_price=exercise_price,
        term=term,
        volatility=volatility,
        rate=rate,
        dividend=dividend,
    )
    return rounded(option_price(inputs), shares_per_right, rounding)


def read_inputs(
    *,
    share_price: Number,
    exercise_price: Number,
    term: Number,
    volatility: Number,
    rate: Number,
    dividend: Number,
) -> Inputs:
    """What a price is computed from, read and judged; units and errors are those of `value`."""
    inputs = Inputs(
        share_price=exact_number("share_price", share_price),
        exercise_price=exact_number("exercise_price", exercise_price),
        term=exact_number("term", term),
        volatility=exact_number("volatility", volatility),
        rate=exact_number("rate", rate),
        dividend=exact_number("dividend", dividend),
    )
    if not 0 < inputs.share_price < MAX_COUNT:
        malformed(f"`share_price` is {_shown(share_price)}; it is above 0 yen and below 2^53")
    if not 0 <= inputs.exercise_price < MAX_COUNT:
        malformed(f"`exercise_price` is {_shown(exercise_price)}; it is 0 yen or more and below 2^53")
    if not 0 <= inputs.term <= LONGEST_TERM:
        malformed(f"`term` is {_shown(term)}; it is 0 to {LONGEST_TERM:,} years")
    if not 0 <= inputs.volatility <= HIGHEST_VOLATILITY:
        allowed = f"a fraction of one, 0 to {HIGHEST_VOLATILITY} (45 % is 0.45)"
        malformed(f"`volatility` is {_shown(volatility)}; it is {allowed}")
    if not -HIGHEST_RATE <= inputs.rate <= HIGHEST_RATE:
        allowed = f"a fraction of one, -{HIGHEST_RATE} to {HIGHEST_RATE} (0.978 % is 0.00978)"
        malformed(f"`rate` is {_shown(rate)}; it is {allowed}")
    if not 0 <= inputs.dividend <= inputs.share_price:
        allowed = f"0 yen per share or more and at most the share price, {_shown(share_price)}"
        malformed(f"`dividend` is {_shown(dividend)}; it is {allowed}")
    return inputs


def exact_number(name: str, given: object) -> Fraction:
    """Read one of the inputs, exact.

    name: what the message calls it. given: a `Number`, with at most 16 digits before the point and 100 after it.

    Raises `MalformedError` (`malformed`).

    >>> exact_number("rate", "-0.00978")
    Fraction(-489, 50000)
    """
    if isinstance(given, str):
        return _read(name, given)
    if isinstance(given, float):
        malformed(f"`{name}` is the float {given}, which is not exact; give it as a string")
    if isinstance(given, bool) or not isinstance(given, int | Decimal | Fraction):
        malformed(f"`{name}` is of type {type(given).__name__}; give it as a string")
    if isinstance(given, Decimal):
        if not given.is_finite():
            malformed(f"`{name}` is {_shown(given)}; it is a finite number")
        # Judged before a short exponent becomes a long number.
        exponent = given.as_tuple().exponent
        if given and (given.adjusted() >= _MAX_WHOLE_DIGITS or int(exponent) < -_MAX_DECIMALS):
            _too_long(name)
        return Fraction(given) if given else Fraction()
    if not -_TOO_LARGE < given < _TOO_LARGE or given.denominator > 10**_MAX_DECIMALS:
        _too_long(name)
    return Fraction(given)


def option_price(inputs: Inputs) -> Fraction:
    """Price of the option on one share in yen, not yet rounded (item 12).

    Raises `MalformedError` (`malformed`) where six decimals could not be answered for; see `time_value`.
    """
    share, exercise = inputs.present_share, inputs.present_exercise
    return max(share - exercise, Fraction()) + time_value(share, exercise, inputs.deviation)


def time_value(share: Fraction, exercise: Fraction, deviation: Fraction) -> Fraction:
    """What the option is worth above max(share - exercise, 0), in yen: the put where share > exercise, else the call.

    share, exercise: present values in yen, not negative. deviation: σ √T, not negative.

    Both are one function (put-call symmetry), with m = ln(low ÷ high) ÷ s, φ the density and R = N ÷ φ:

        low N(d1) - high N(d2) = low (N(d1) - φ(d1) R(d2))    since low φ(d1) = high φ(d2)
                               = low φ(d1) ∫ R'(y) dy         from d2 to d1, with R'(y) = 1 + y R(y)

    The difference is used where d1 and d2 are far apart, the integral (Gauss-Legendre) where they are near and the
    difference would lose its digits. Below 1e-300 of low the digits fade, until it is 0.

    Raises `MalformedError` (`malformed`) where both are above a billion yen: a float has no six decimals there.
    """
    low, high = min(share, exercise), max(share, exercise)
    if not low or not deviation:
        return Fraction()
    if low > LARGEST_BY_FLOATS:
        values = "the present values of the share and of its exercise price"
        malformed(f"{values} are both above {LARGEST_BY_FLOATS:,} yen: the price is not known to six decimals")
    middle = moneyness(low, high, deviation)
    d1, d2, spread = float(middle + deviation / 2), float(middle - deviation / 2), float(deviation)
    density = exp(-d1 * d1 / 2) / sqrt(2 * pi)
    if not density and d1 < 0:
        return Fraction()

    # Here, because to load it takes a quarter of a second and more, and the limits do without.
    from scipy.special import erfcx, ndtr, roots_legendre

    # N(y) ÷ φ(y) of any y that is not far above 0, also where N(y) and φ(y) are too small for a float.
    scale = sqrt(pi / 2)
    if spread >= 1:
        part = float(ndtr(d1)) - density * scale * float(erfcx(-d2 / sqrt(2)))
    else:
        places, weights = roots_legendre(10)
        at = float(middle) + spread / 2 * places
        slope = 1 + at * scale * erfcx(-at / sqrt(2))
        part = density * spread / 2 * float(weights @ slope)
    return low * Fraction(part)


def moneyness(share: Fraction, exercise: Fraction, deviation: Fraction) -> Fraction:
    """How many deviations the share is above its exercise price, ln(share ÷ exercise) ÷ s: half way from d2 to d1.

    share, exercise: present values in yen, above 0. deviation: σ √T, above 0.
    """
    return Fraction(_DIGITS.ln(_decimal(share / exercise))) / deviation


def rounded(price: Fraction, shares_per_right: Number, rounding: str) -> Valuation:
    """Price per share and per right from an option price, in exact decimal arithmetic (domain.md §10).

    price: yen per share, not negative. shares_per_right: whole, from 1. rounding: one of `Rounding`. The prices per
    share and per right have no more decimals than they need.

    Raises `MalformedError` (`malformed`) for another number of shares or another rounding.
    """
    shares = exact_number("shares_per_right", shares_per_right)
    if shares.denominator != 1 or not 1 <= shares < MAX_COUNT:
        malformed(f"`shares_per_right` is {_shown(shares_per_right)}; it is a whole number, from 1 to below 2^53")
    per_share = shown = _nearest(price, SHOWN_DECIMALS)
    match rounding:
        case "share":
            per_share = _raised(price, 0)
            per_right = per_share * shares
        case "share-2":
            per_share = _raised(price, 2)
            per_right = per_share * shares
        case "right":
            per_right = _raised(price * shares, 0)
        case _:
            malformed(f"`rounding` is {rounding[:_MAX_SHOWN]!r}; it is one of {', '.join(get_args(Rounding))}")
    return Valuation(
        option_price=Decimal(_written(shown, SHOWN_DECIMALS)),
        price_per_share=_shortest(per_share),
        price_per_right=_shortest(per_right),
    )


def _read(name: str, text: str) -> Fraction:
    number = _NUMBER.fullmatch(text)
    if number is None:
        malformed(f'`{name}` is {text[:_MAX_SHOWN]!r}; it is written with digits and at most one point: "126.28"')
    whole, decimals = number.groups(default="")
    if len(whole) > _MAX_WHOLE_DIGITS or len(decimals) > _MAX_DECIMALS:
        _too_long(name)
    return Fraction(text)


def _too_long(name: str) -> NoReturn:
    digits = f"{_MAX_WHOLE_DIGITS} digits before the point and {_MAX_DECIMALS} after it"
    malformed(f"`{name}` is too long or too large: at most {digits} are read")


def _shown(given: object) -> str:
    return str(given)[:_MAX_SHOWN]


def _decimal(number: Fraction) -> Decimal:
    return _DIGITS.divide(Decimal(number.numerator), Decimal(number.denominator))


def _discount(compounded: Fraction) -> Fraction:
    """e^-compounded to 60 digits; exactly 1 where nothing is compounded."""
    return Fraction(_DIGITS.exp(_decimal(-compounded)))


def _nearest(yen: Fraction, decimals: int) -> Fraction:
    """Yen to a number of decimals, half up."""
    return Fraction(dropped(yen * 10**decimals + Fraction(1, 2)), 10**decimals)


def _raised(yen: Fraction, decimals: int) -> Fraction:
    """Yen rounded up to a number of decimals, without what is not trusted."""
    return Fraction(rounded_up(_nearest(yen, TRUSTED_DECIMALS) * 10**decimals), 10**decimals)


def _written(yen: Fraction, decimals: int) -> str:
    whole, rest = divmod(dropped(yen * 10**decimals), 10**decimals)
    return f"{whole}.{rest:0{decimals}}"


def _shortest(yen: Fraction) -> Decimal:
    return Decimal(_written(yen, SHOWN_DECIMALS).rstrip("0").rstrip("."))
