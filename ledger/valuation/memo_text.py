"""How a memo writes: text that cannot become markup, numbers with their separators, tables, formulas in MathML."""

import html
from collections.abc import Iterable, Sequence
from fractions import Fraction
from typing import Final

from ledger.domain.characters import seen
from ledger.valuation.steps import nearest

DECIMALS: Final = 12
_MOST_WHOLE_DIGITS: Final = 40
_DIGITS_OF_A_LONG_NUMBER: Final = 12
_SUPERSCRIPTS: Final = str.maketrans("-0123456789", "⁻⁰¹²³⁴⁵⁶⁷⁸⁹")


def escaped(text: object) -> str:
    r"""A text that is markup nowhere, in which what nobody sees is shown.

    >>> print(escaped('<b onclick="x">\x00'))
    &lt;b onclick=&quot;x&quot;&gt;\u0000
    """
    return html.escape(seen(str(text)), quote=True)


def number(value: Fraction, decimals: int = DECIMALS) -> str:
    """A number to so many decimals, half up, with separators; one too long for a line by its first digits.

    >>> number(Fraction(-42260014, 100), 2), number(Fraction(10**50)), number(Fraction(1, 8), 2)
    ('−422,600.14', '1.000000000000 × 10⁵⁰', '0.13')
    """
    taken = nearest(value, decimals)
    sign = "−" if taken < 0 else ""
    if abs(taken) >= 10**_MOST_WHOLE_DIGITS:
        return sign + _by_first_digits(abs(value))
    whole, rest = divmod(int(abs(taken) * 10**decimals), 10**decimals)
    return f"{sign}{whole:,}" + (f".{rest:0{decimals}}" if decimals else "")


def shortest(value: Fraction, most: int = DECIMALS) -> str:
    """A number with no more decimals than it has, at most so many; with an ellipsis where it has more.

    >>> shortest(Fraction(45)), shortest(Fraction("0.00978")), shortest(Fraction(1, 3), 4)
    ('45', '0.00978', '0.3333…')
    """
    text = number(value, most)
    if " " in text:
        return text
    more = "" if nearest(value, most) == value else "…"
    return (text if more or "." not in text else text.rstrip("0").rstrip(".")) + more


def percent(value: Fraction) -> str:
    """A fraction of one in percent.

    >>> percent(Fraction("0.00978"))
    '0.978 %'
    """
    return f"{shortest(value * 100)} %"


def yen(amount: object) -> str:
    """An amount as money.

    >>> yen(Fraction(422600)), yen("2112.63")
    ('¥422,600', '¥2,112.63')
    """
    return f"¥{shortest(Fraction(str(amount)))}"


def table(headings: Sequence[str], rows: Iterable[str], *, kind: str = "", caption: str = "") -> str:
    """A table of rows that are markup already."""
    heads = "".join(f'<th scope="col">{escaped(each)}</th>' for each in headings)
    named = f"<caption>{escaped(caption)}</caption>" if caption else ""
    head = f"<thead><tr>{heads}</tr></thead>" if headings else ""
    return f'<table class="{kind}">{named}{head}<tbody>{"".join(rows)}</tbody></table>'


def formula_of(*parts: str) -> str:
    """A formula."""
    return f'<math displaystyle="true">{"".join(parts)}</math>'


def name(text: str) -> str:
    """A name in a formula; one with a digit at its end has it below: `d1`."""
    if len(text) > 1 and text[-1].isdigit():
        return f"<msub><mi>{text[:-1]}</mi><mn>{text[-1]}</mn></msub>"
    return f"<mi>{text}</mi>"


def sign(text: str) -> str:
    """A sign in a formula."""
    return f"<mo>{text}</mo>"


def row(*parts: str) -> str:
    """Parts that stand together."""
    return f"<mrow>{''.join(parts)}</mrow>"


def over(above: str, beneath: str) -> str:
    """A fraction."""
    return f"<mfrac>{row(above)}{row(beneath)}</mfrac>"


def raised(base: str, power: str) -> str:
    """A power."""
    return f"<msup>{base}{row(power)}</msup>"


def root(inside: str) -> str:
    """A square root."""
    return f"<msqrt>{inside}</msqrt>"


def _by_first_digits(value: Fraction) -> str:
    power = len(str(value // 1)) - 1
    first = nearest(value / 10**power, _DIGITS_OF_A_LONG_NUMBER)
    text = f"{first.numerator // first.denominator}.{int(first % 1 * 10**_DIGITS_OF_A_LONG_NUMBER):012}"
    return f"{text} × 10{str(power).translate(_SUPERSCRIPTS)}"
