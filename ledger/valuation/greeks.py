"""How the price of the option on one share answers to its inputs: the greeks of Black-Scholes (item 12).

With the terms of ledger/valuation/black_scholes.py, N the normal distribution and φ its density, each is a derivative
of the option price, in yen a share, by one input while the others stay, the yield q = dividend ÷ S among them:

    delta    ∂ by S            e^(-qT) N(d1)                                    yen for one yen of share price
    gamma    ∂ of delta by S   e^(-qT) φ(d1) ÷ (S s)                            delta for one yen of share price
    vega     ∂ by σ            F φ(d1) √T                                       yen for a volatility more by 1 (100 %)
    theta    -∂ by T           q F N(d1) - r K N(d2) - F φ(d1) σ ÷ (2 √T)       yen for one year that passes
    rho      ∂ by r            T K N(d2)                                        yen for a rate more by 1 (100 %)
    psi      ∂ by q            -T F N(d1)                                       yen for a dividend yield more by 1

They are exact but for N and φ, which are floats; theta is a sum, which loses digits where its parts cancel. At the
limits they are those of max(F - K, 0), which has a kink at F = K: there delta and gamma do not exist, nor rho, psi and
theta where they would depend on the side. Where an input cannot be less (σ = 0, T = 0, q = 0), the derivative is that
to the one side there is.
"""

from decimal import ROUND_HALF_UP, Context, Decimal
from fractions import Fraction
from math import exp, pi, sqrt
from typing import Final, NamedTuple

from msgspec import Struct

from ledger.valuation.black_scholes import Inputs, moneyness

SHOWN_DIGITS: Final = 10
SHOWN_DECIMALS: Final = 20

KINK: Final = (
    "where σ or T is 0 and the present values of the share and of its exercise price are equal, the price has a kink: "
    "a greek that depends on the side, or is infinite, does not exist"
)


class Greeks(Struct, frozen=True):
    """The greeks of an option on one share, as the module says; None where one does not exist.

    note: why one does not exist, or None.
    """

    delta: Fraction | None
    gamma: Fraction | None
    vega: Fraction | None
    theta: Fraction | None
    rho: Fraction | None
    psi: Fraction | None
    note: str | None = None

    def to_dict(self) -> dict[str, str | None]:
        """Return decimals as strings, never with an exponent: ten digits, at most 20 decimals."""
        names = ("delta", "gamma", "vega", "theta", "rho", "psi")
        return {**{name: shown(getattr(self, name)) for name in names}, "note": self.note}


class _Normal(NamedTuple):
    """N(d1), N(d2) and φ(d1)."""

    first: Fraction
    second: Fraction
    density: Fraction


def greeks(inputs: Inputs) -> Greeks:
    """The greeks of the option on one share.

    >>> from ledger.valuation.black_scholes import read_inputs
    >>> given = dict(share_price=100, exercise_price=90, term=2, rate="0.01", dividend=0)
    >>> greeks(read_inputs(**given, volatility="0.2")).to_dict()["delta"]
    '0.720604327'
    >>> greeks(read_inputs(**given, volatility=0)).to_dict()["delta"]
    '1'
    """
    share, exercise, deviation = inputs.present_share, inputs.present_exercise, inputs.deviation
    if exercise and deviation:
        normal = _normal(inputs)
    elif share == exercise:
        return _at_the_kink(inputs)
    else:
        normal = _Normal(*(Fraction(int(share > exercise)),) * 2, Fraction())
    first, second, density = normal
    term = inputs.term
    years = deviation / inputs.volatility if inputs.volatility else Fraction()
    return Greeks(
        delta=share / inputs.share_price * first,
        gamma=share * density / (inputs.share_price**2 * deviation) if density else Fraction(),
        vega=share * density * years,
        theta=(
            inputs.dividend_yield * share * first
            - inputs.rate * exercise * second
            - (share * density * inputs.volatility / (2 * years) if density else 0)
        ),
        rho=term * exercise * second,
        psi=-term * share * first,
    )


def shown(number: Fraction | None) -> str | None:
    """A number to ten digits, half up, and at most 20 decimals, without an exponent; None as it is.

    >>> shown(Fraction(2, 3)), shown(Fraction(-1, 10**21)), shown(Fraction(2422))
    ('0.6666666667', '0', '2422')
    """
    if number is None:
        return None
    digits = Context(prec=60).divide(Decimal(number.numerator), Decimal(number.denominator))
    short = Context(prec=SHOWN_DIGITS, rounding=ROUND_HALF_UP).plus(digits)
    smallest = Decimal(1).scaleb(-SHOWN_DECIMALS)
    # What is large has no decimals to lose, and would not fit the context.
    if short.adjusted() < 0:
        short = short.quantize(smallest, rounding=ROUND_HALF_UP, context=Context(prec=60))
    text = format(short, "f")
    text = text.rstrip("0").rstrip(".") if "." in text else text
    return "0" if text == "-0" else text


def _normal(inputs: Inputs) -> _Normal:
    # Here, because to load it takes a quarter of a second and more, and the limits do without.
    from scipy.special import ndtr

    middle = moneyness(inputs.present_share, inputs.present_exercise, inputs.deviation)
    d1, d2 = float(middle + inputs.deviation / 2), float(middle - inputs.deviation / 2)
    density = exp(-d1 * d1 / 2) / sqrt(2 * pi)
    return _Normal(Fraction(float(ndtr(d1))), Fraction(float(ndtr(d2))), Fraction(density))


def _at_the_kink(inputs: Inputs) -> Greeks:
    """The greeks where σ √T = 0 and F = K, above 0; there S = X, and T = 0 or r = q.

    vega: nothing at T = 0; else the price is F σ √(T ÷ 2π) for a small σ. theta: at T = 0 the price rises as √T if
    there is a volatility, else as the one side says; if T is not 0, it is nothing for any T. rho and psi: nothing at
    T = 0, else of two sides.
    """
    nothing = Fraction()
    if inputs.term:
        vega = inputs.present_share * Fraction(sqrt(inputs.term / 2 / pi))
        return Greeks(None, None, vega, nothing, None, None, KINK)
    drift = inputs.rate - inputs.dividend_yield
    theta = None if inputs.volatility else -max(drift, nothing) * inputs.share_price
    return Greeks(None, None, nothing, theta, nothing, nothing, KINK)
