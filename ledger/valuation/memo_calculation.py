"""The formula of a memo, and each of its steps with its numbers."""

from collections.abc import Iterator
from fractions import Fraction

from ledger.valuation.black_scholes import TRUSTED_DECIMALS, Inputs
from ledger.valuation.memo_text import (
    escaped,
    formula_of,
    name,
    number,
    over,
    raised,
    root,
    row,
    shortest,
    sign,
)
from ledger.valuation.steps import Steps, Uncertain

_IS = sign("=")
_TIMES = sign("⁢")
_MINUS = sign("−")
_YIELD = row(name("q"), _IS, over(name("D"), name("S")))
_SHARE = row(name("F"), _IS, name("S"), _TIMES, raised(name("e"), row(_MINUS, name("q"), name("T"))))
_EXERCISE = row(name("K"), _IS, name("X"), _TIMES, raised(name("e"), row(_MINUS, name("r"), name("T"))))
_DEVIATION = row(name("s"), _IS, name("σ"), _TIMES, root(name("T")))
_LOG = row(name("ln"), sign("("), name("F"), sign("/"), name("K"), sign(")"))
_D1 = row(name("d1"), _IS, over(_LOG, name("s")), sign("+"), over(name("s"), "<mn>2</mn>"))
_D2 = row(name("d2"), _IS, name("d1"), _MINUS, name("s"))


def _below(place: str) -> str:
    return row(name("N"), sign("("), name(place), sign(")"))


_SHARE_PART = row(name("F"), _TIMES, _below("d1"))
_EXERCISE_PART = row(name("K"), _TIMES, _below("d2"))
_PRICE = row(name("C"), _IS, _SHARE_PART, _MINUS, _EXERCISE_PART)
_CERTAIN = row(name("max"), sign("("), name("F"), _MINUS, name("K"), sign(","), "<mn>0</mn>", sign(")"))


def formula() -> str:
    """The section with the formula."""
    parts = "".join(formula_of(each) for each in (_SHARE, _EXERCISE, _D1, _D2, _DEVIATION, _YIELD))
    return (
        '<section><h2>Formula</h2><p class="lead">Black and Scholes (1973) with a continuous dividend yield (Merton, '
        "1973): <i>F</i> and <i>K</i> are the present values of a share without the dividends of the term and of its "
        "exercise price, <i>N</i> is the standard normal distribution.</p>"
        f'<div class="formula"><div class="whole">{formula_of(_PRICE)}</div>{parts}</div></section>'
    )


def calculation(inputs: Inputs, found: Steps) -> str:
    """The section with the steps."""
    return (
        '<section><h2>Calculation</h2><p class="lead">Yen are per share. Every number is shown to 12 decimals, half up,'
        " and carried on with 60 digits.</p>"
        f'<ol class="steps">{"".join(_steps(inputs, found))}</ol>{_check(found)}</section>'
    )


def _steps(inputs: Inputs, found: Steps) -> Iterator[str]:
    term, share, exercise = shortest(inputs.term), number(found.present_share), number(found.present_exercise)
    dividends, interest = number(-found.dividend_yield), _negative(inputs.rate)
    yield _step(
        _YIELD, "dividend yield", f"{shortest(inputs.dividend)} ÷ {shortest(inputs.share_price)}", found.dividend_yield
    )
    yield _step(
        _SHARE,
        "share, present value",
        f"{shortest(inputs.share_price)} × e^({dividends} × {term})",
        found.present_share,
    )
    paid = f"{shortest(inputs.exercise_price)} × e^({interest} × {term})"
    yield _step(_EXERCISE, "exercise price, present value", paid, found.present_exercise)
    spread = f"{shortest(inputs.volatility)} × √{term}"
    yield _step(_DEVIATION, "deviation over the term", spread, found.deviation)
    if found.uncertain is None:
        why = f"{share} − {exercise}: without uncertainty the price is the difference, or nothing"
        yield _step(row(name("C"), _IS, _CERTAIN), "option price", why, found.price, is_end=True)
        return
    yield from _uncertain(found, found.uncertain, share, exercise)


def _uncertain(found: Steps, part: Uncertain, share: str, exercise: str) -> Iterator[str]:
    deviation = number(found.deviation)
    log = f"ln({share} ÷ {exercise}) ÷ {deviation} + {deviation} ÷ 2"
    yield _step(_D1, "", log, part.d1)
    yield _step(_D2, "", f"{number(part.d1)} − {deviation}", part.d2)
    yield _step(_below("d1"), "standard normal distribution", f"N({number(part.d1)})", part.below_d1)
    yield _step(_below("d2"), "standard normal distribution", f"N({number(part.d2)})", part.below_d2)
    yield _step(_SHARE_PART, "what is received", f"{share} × {number(part.below_d1)}", part.share_part)
    yield _step(_EXERCISE_PART, "what is paid", f"{exercise} × {number(part.below_d2)}", part.exercise_part)
    difference = f"{number(part.share_part)} − {number(part.exercise_part)}"
    yield _step(_PRICE, "option price", difference, found.price, is_end=True)


def _negative(rate: Fraction) -> str:
    return shortest(-rate) if rate else "0"


def _step(way: str, what: str, numbers: str, makes: Fraction, *, is_end: bool = False) -> str:
    told = f'<span class="what">{escaped(what)}</span>' if what else ""
    return (
        f'<li{" class=end" if is_end else ""}><div class="way">{formula_of(way)}{told}'
        f'<span class="with">{escaped(numbers)}</span></div><div class="makes">{escaped(number(makes))}</div></li>'
    )


def _check(found: Steps) -> str:
    """What of the price is certain, and that the two ways agree."""
    if found.uncertain is None:
        return ""
    rest = found.price - found.certain
    parts = f"{number(found.certain)} yen of it are certain, max(F − K, 0); {number(rest)} are time value."
    return (
        f'<p class="note">{escaped(parts)}</p><p class="note"><strong>Checked.</strong> '
        f"<code>rights value</code> gets to the price on another way, as what is certain plus the time value by an "
        f"integral: {escaped(number(found.computed))} yen. {escaped(_apart(found.difference))}</p>"
    )


def _apart(difference: Fraction) -> str:
    if difference < Fraction(1, 10**TRUSTED_DECIMALS):
        return "The two differ by less than 10⁻¹² yen."
    return f"The two differ by {number(difference)} yen."
