"""The memo of a valuation (item 12): one page that shows every figure, where it comes from, and how the price follows.

The page needs nothing beside it: no network, no script, no font. Its texts are escaped, its charts are drawings in it,
and its numbers are those of `black_scholes`, reckoned a second time by `steps`.
"""

from collections.abc import Iterator, Mapping
from datetime import date
from decimal import Decimal
from fractions import Fraction
from importlib.resources import files
from string import Template
from typing import Final

from msgspec import Struct, field

from ledger.domain.characters import seen
from ledger.valuation import memo_prices, memo_sensitivity
from ledger.valuation.black_scholes import TRUSTED_DECIMALS, Inputs, Valuation, rounded
from ledger.valuation.memo_calculation import calculation, formula
from ledger.valuation.memo_text import escaped, number, percent, shortest, table, yen
from ledger.valuation.steps import Steps, nearest, steps
from ledger.valuation.volatility import Volatility

TITLE: Final = "Price of a stock acquisition right"
GIVEN: Final = "as given"
_OPTIONS: Final = ("share_price", "exercise_price", "term", "volatility", "rate", "dividend")
_ROUNDINGS: Final = {
    "share": "the price per share is rounded up to the yen, then multiplied by the shares of a right",
    "share-2": "the price per share is rounded up to two decimals of a yen, then multiplied by the shares of a right",
    "right": "the price per share is multiplied by the shares of a right, then rounded up to the yen",
}


class FileUsed(Struct, frozen=True):
    """A file that figures were read from. what: is in it. sha256: of its bytes, hexadecimal."""

    what: str
    name: str
    sha256: str


class Facts(Struct, frozen=True):
    """What a memo tells.

    title: what is valued. valued_on: the day of the price. made_on: the day of the memo. sources: where a figure comes
    from, by its name in `Inputs`, in words. closes: those behind the volatility. files: that were read.
    """

    inputs: Inputs
    shares_per_right: int
    rounding: str = "share"
    title: str = TITLE
    valued_on: date | None = None
    made_on: date | None = None
    sources: Mapping[str, str] = field(default_factory=dict)
    closes: Volatility | None = None
    files: tuple[FileUsed, ...] = ()


def memo(facts: Facts) -> str:
    """Write the page.

    Raises `MalformedError` (`malformed`) where `black_scholes` has no price of the figures.
    """
    found = steps(facts.inputs)
    worth = rounded(found.computed, facts.shares_per_right, facts.rounding)
    body = "\n".join(
        [
            _head(facts, worth),
            _figures(facts),
            formula(),
            calculation(facts.inputs, found),
            _rounding(facts, found, worth),
            memo_sensitivity.section(facts.inputs, facts.shares_per_right, facts.rounding, worth),
            *([memo_prices.section(facts.closes)] if facts.closes is not None else []),
            _again(facts),
        ]
    )
    page = files("ledger.valuation").joinpath("memo.html").read_text(encoding="utf-8")
    return Template(page).substitute(title=escaped(facts.title), foot=_for_style(facts.title), body=body)


def _for_style(text: str) -> str:
    """A text between quotes in a style sheet: no character of it ends the text, the line or the sheet."""
    return "".join(each if each.isalnum() or each in " -,.:()" else f"\\{ord(each):x} " for each in seen(text)[:60])


def _head(facts: Facts, worth: Valuation) -> str:
    days = [
        *([f"<span>Valued as of {facts.valued_on}</span>"] if facts.valued_on else []),
        *([f"<span>Written on {facts.made_on}</span>"] if facts.made_on else []),
    ]
    said = f'<p class="soft days">{" · ".join(days)}</p>' if days else ""
    up = f"not rounded: {facts.shares_per_right:,} of these are" if facts.rounding == "right" else "rounded up from"
    each = (
        "to six decimals; what is rounded up is the price of a right"
        if facts.rounding == "right"
        else f"{up} {yen(worth.option_price)}"
    )
    return (
        '<header><p class="over">Valuation memo · 新株予約権の価額 · item 12</p>'
        f"<h1>{escaped(facts.title)}</h1>{said}"
        f'<dl class="result"><div><dt>Price per right</dt><dd>{yen(worth.price_per_right)}'
        f"<small>for {facts.shares_per_right:,} {_shares(facts.shares_per_right)}</small></dd></div>"
        f"<div><dt>Price per share</dt><dd>{yen(worth.price_per_share)}<small>{each}</small></dd></div></dl></header>"
    )


def _shares(count: int) -> str:
    return "share" if count == 1 else "shares"


def _figures(facts: Facts) -> str:
    inputs = facts.inputs
    rows = [
        _figure("S", "Share price", yen(inputs.share_price), _source(facts, "share_price")),
        _figure("X", "Exercise price of a share", yen(inputs.exercise_price), _source(facts, "exercise_price")),
        _figure("T", "Expected remaining period", _years(inputs.term), _source(facts, "term")),
        _figure("σ", "Volatility, per year", percent(inputs.volatility), _source(facts, "volatility")),
        _figure("r", "Risk-free rate, per year", percent(inputs.rate), _source(facts, "rate")),
        _figure("D", "Dividend per share and year", yen(inputs.dividend), _source(facts, "dividend")),
        _figure("n", "Shares of a right", f"{facts.shares_per_right:,}", _source(facts, "shares_per_right")),
        _figure("", "Rounding", facts.rounding, _ROUNDINGS[facts.rounding]),
    ]
    return f"<section><h2>Figures</h2>{table(('Figure', 'Value', 'Source'), rows, kind='given')}</section>"


def _figure(symbol: str, what: str, value: str, source: str) -> str:
    letter = f'<span class="symbol"><math><mi>{symbol}</mi></math></span>' if symbol else '<span class="symbol"></span>'
    return (
        f'<tr><th scope="row">{letter}{escaped(what)}</th><td>{escaped(value)}</td>'
        f'<td class="soft">{escaped(source)}</td></tr>'
    )


def _source(facts: Facts, name: str) -> str:
    return facts.sources.get(name, GIVEN)


def _years(term: Fraction) -> str:
    return "1 year" if term == 1 else f"{shortest(term)} years"


def _rounding(facts: Facts, found: Steps, worth: Valuation) -> str:
    done = "".join(_rounding_steps(facts, found, worth))
    return (
        f'<section class="together"><h2>Rounding</h2><p class="lead">Under <code>{escaped(facts.rounding)}</code> '
        f'{_ROUNDINGS[facts.rounding]}.</p><ol class="steps">{done}</ol></section>'
    )


def _rounding_steps(facts: Facts, found: Steps, worth: Valuation) -> Iterator[str]:
    taken = nearest(found.computed)
    yield _rounding_step(
        f"Price per share, to {TRUSTED_DECIMALS} decimals of a yen, half up", number(found.computed), "the price above"
    )
    shares = facts.shares_per_right
    if facts.rounding == "right":
        whole = nearest(found.computed * shares)
        yield _rounding_step(
            "Times the shares of a right",
            number(whole),
            f"{number(found.computed)} × {shares:,}, before it was shortened",
        )
        yield _rounding_step("Up to the yen: price per right", yen(worth.price_per_right), number(whole), is_end=True)
        return
    unit = "the yen" if facts.rounding == "share" else "two decimals"
    yield _rounding_step(f"Up to {unit}: price per share", yen(worth.price_per_share), number(taken))
    product = f"{yen(worth.price_per_share)} × {shares:,}"
    yield _rounding_step(
        "Times the shares of a right: price per right", yen(worth.price_per_right), product, is_end=True
    )


def _rounding_step(what: str, makes: str, of: str, *, is_end: bool = False) -> str:
    return (
        f'<li{" class=end" if is_end else ""}><div class="way">{escaped(what)}'
        f'<span class="with">{escaped(of)}</span></div><div class="makes">{escaped(makes)}</div></li>'
    )


def _again(facts: Facts) -> str:
    """How to reckon it again, and the files."""
    written = {name: _exact(getattr(facts.inputs, name)) for name in _OPTIONS}
    said = ""
    if all(written.values()):
        given = {**written, "shares_per_right": facts.shares_per_right, "rounding": facts.rounding}
        words = [f"--{name.replace('_', '-')} {value}" for name, value in given.items()]
        parts = " ".join(f"<span>{escaped(each)}</span>" for each in ("rights value", *words))
        command = f"<pre><code>{parts}</code></pre>"
        said = f"<p>This command gives the same price to the last digit:</p>{command}"
    rows = [
        f'<tr><th scope="row">{escaped(each.what)}</th><td>{escaped(each.name)}</td>'
        f"<td><code>{escaped(each.sha256)}</code></td></tr>"
        for each in facts.files
    ]
    read = table(("What", "File", "SHA-256 of its bytes"), rows, kind="files") if rows else ""
    return (
        f"<section><h2>To reckon it again</h2>{said}{'<h3>Files that were read</h3>' if rows else ''}{read}</section>"
    )


def _exact(value: Fraction) -> str | None:
    """A number as a command line takes it; None where its decimals have no end."""
    places = next((places for places in range(101) if (value * 10**places).denominator == 1), None)
    return None if places is None else format(Decimal(int(value * 10**places)).scaleb(-places), "f")
