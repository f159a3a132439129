"""The sensitivity of a memo: what the price would be had one figure been another, as lines and as a table."""

from collections.abc import Callable, Iterator
from fractions import Fraction
from itertools import groupby
from typing import Final

from ledger.valuation.black_scholes import Inputs, Valuation, option_price
from ledger.valuation.memo_charts import Chart, Mark, line_chart, numbers
from ledger.valuation.memo_text import escaped, number, shortest, table, yen
from ledger.valuation.sensitivity import FIGURES, Figure, Point, Row, line, rows

NO_PRICE: Final = "–"
_LONG: Final = 10**9
_NAMES: Final[dict[Figure, str]] = {
    "share_price": "Share price S",
    "volatility": "Volatility σ",
    "rate": "Risk-free rate r",
    "dividend": "Dividend D",
}
_UNITS: Final[dict[Figure, str]] = {
    "share_price": "yen a share",
    "volatility": "% per year",
    "rate": "% per year",
    "dividend": "yen a share and year",
}
_HEADINGS: Final = ("Change", "Price per share, not rounded", "Price per share", "Price per right", "Difference")


def section(inputs: Inputs, shares_per_right: int, rounding: str, chosen: Valuation) -> str:
    """The section."""
    lines = {figure: line(inputs, figure) for figure in FIGURES}
    price = option_price(inputs)
    prices = [point.price for each in lines.values() for point in each] + [price]
    span = float(min(prices)), float(max(prices))
    drawn = "".join(_figure(inputs, figure, lines[figure], price, span) for figure in FIGURES)
    groups = "".join(_table_rows(rows(inputs, shares_per_right, rounding), chosen))
    told = (
        "One figure changes and all others stay; the dividend stays the same in yen where the share price changes, so "
        "that its yield <i>q</i> moves. All charts have one scale upwards, which shows what matters more."
    )
    return (
        f'<section><h2>Sensitivity</h2><p class="lead">{told}</p><div class="charts">{drawn}</div>'
        f"{table(_HEADINGS, [groups], kind='sensitivity')}{_why_none(groups)}</section>"
    )


def _figure(inputs: Inputs, figure: Figure, points: list[Point], price: Fraction, span: tuple[float, float]) -> str:
    name, scale = _NAMES[figure], 100 if figure in {"volatility", "rate"} else 1
    chosen: Fraction = getattr(inputs, figure)
    places = [(float(point.given * scale), float(point.price)) for point in points]
    low, high = (points[0], points[-1]) if points else (Point(chosen, price), Point(chosen, price))
    shown = _shown(figure)
    says = (
        f"The option price is {yen(_short(price))} at the chosen {shown(chosen)}. It is {yen(_short(low.price))} at "
        f"{shown(low.given)} and {yen(_short(high.price))} at {shown(high.given)}."
    )
    chart = Chart(
        name=f"by-{figure.replace('_', '-')}",
        title=f"Option price by {name}",
        says=says,
        across=numbers(f"{name}, {_UNITS[figure]}", places[0][0] if places else 0.0, places[-1][0] if places else 1.0),
        up=numbers("Option price, yen a share", *span),
    )
    label = yen(_short(price)) if price < _LONG else f"¥{float(price):.4g}"
    mark = Mark((float(chosen * scale), float(price)), label, is_rising=low.price < high.price)
    drawing = line_chart(chart, places, mark=mark)
    caption = f"<figcaption><strong>{escaped(name)}</strong>chosen: {escaped(shown(chosen))}</figcaption>"
    return f"<figure>{caption}{drawing}</figure>"


def _short(price: Fraction) -> Fraction:
    return Fraction(number(price, 2).replace(",", "")) if price < 10**15 else price


def _shown(figure: Figure) -> Callable[[Fraction], str]:
    return _percent_of if figure in {"volatility", "rate"} else _yen_of


def _percent_of(part: Fraction) -> str:
    return f"{shortest(part * 100, 4)} %"


def _yen_of(amount: Fraction) -> str:
    return f"¥{shortest(amount, 6)}"


def _table_rows(found: Iterator[Row], chosen: Valuation) -> Iterator[str]:
    for figure, group in groupby(found, key=lambda row: row.figure):
        yield f'<tr class="group"><th colspan="5" scope="rowgroup">{escaped(_NAMES[figure])}</th></tr>'
        for each in group:
            yield _row(each, chosen)


def _row(row: Row, chosen: Valuation) -> str:
    head = f'<th scope="row"><span>{escaped(row.change)}</span> {escaped(_shown(row.figure)(row.given))}</th>'
    kind = ' class="chosen"' if row.is_chosen else ""
    if row.worth is None:
        return f"<tr{kind}>{head}{f'<td>{NO_PRICE}</td>' * 4}</tr>"
    worth = row.worth
    cells = [
        number(Fraction(worth.option_price), 6),
        yen(worth.price_per_share),
        yen(worth.price_per_right),
        "" if row.is_chosen else _difference(worth, chosen),
    ]
    return f"<tr{kind}>{head}{''.join(f'<td>{escaped(each)}</td>' for each in cells)}</tr>"


def _difference(worth: Valuation, chosen: Valuation) -> str:
    """Of the price per right, against the chosen one, in percent."""
    if not chosen.price_per_right:
        return NO_PRICE
    part = (Fraction(worth.price_per_right) / Fraction(chosen.price_per_right) - 1) * 100
    return f"{'+' if part > 0 else ''}{number(part, 2)} %"


def _why_none(table_of: str) -> str:
    if f"<td>{NO_PRICE}</td>" * 4 not in table_of:
        return ""
    why = (
        f"{NO_PRICE}: outside of what a price is answered for (a volatility below 0, a dividend above the share price)."
    )
    return f'<p class="note">{escaped(why)}</p>'
