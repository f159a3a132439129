"""The closing prices of a memo: plotted over time with the splits, and how far their returns spread."""

from collections.abc import Sequence
from decimal import MAX_EMAX, MIN_EMIN, Context, Decimal
from fractions import Fraction
from typing import Final

from ledger.valuation.memo_charts import Chart, Split, bins, days, histogram, line_chart, numbers
from ledger.valuation.memo_text import escaped, number, percent, shortest, table, yen
from ledger.valuation.splits import FoundSplit
from ledger.valuation.volatility import PERIODS_PER_YEAR, Volatility

_OF_A_PERIOD: Final = {"weekly": ", the last of each week,", "monthly": ", the last of each month,", "daily": ""}
_MOST_LISTED: Final = 2_000
_ROOM_ABOVE: Final = 1.06
_MOST_ABOVE: Final = 3
_DIGITS: Final = Context(prec=60, Emin=MIN_EMIN, Emax=MAX_EMAX)


def section(found: Volatility) -> str:
    """The section."""
    told = (
        f"{len(found.points):,} closes{_OF_A_PERIOD[found.frequency]} from {found.points[0].day} to "
        f"{found.points[-1].day}, and {found.returns:,} logarithms of each over the one before. Their sample standard "
        f"deviation times the root of {PERIODS_PER_YEAR[found.frequency]} is the volatility."
    )
    skipped = [f"{each.first} to {each.last}: {each.reason}" for each in found.skipped]
    noted = [f"{each.day}: {each.note}" for each in found.points if each.note]
    accepted = [
        f"{each.after.day}: {yen(each.before.price)} to {yen(each.after.price)} looks like a split and is none"
        for each in found.accepted
    ]
    return (
        f'<section><h2>Share prices</h2><p class="lead">{escaped(told)}</p>'
        f'<div class="charts">{_over_time(found)}{_spread(found)}</div>{_result(found)}'
        f"{_listed('Splits', [_of_split(each) for each in found.splits])}{_listed('Steps of the market', accepted)}"
        f"{_listed('Left out', skipped)}{_listed('To be known', noted)}{_closes(found)}</section>"
    )


def _over_time(found: Volatility) -> str:
    points = found.points
    first, last = points[0], points[-1]
    line = [(float(each.day.toordinal()), float(each.adjusted)) for each in points]
    traded = [(float(each.day.toordinal()), float(each.close)) for each in points]
    is_cut = any(each.adjusted != each.close for each in points)
    low, high = min(points, key=lambda each: each.adjusted), max(points, key=lambda each: each.adjusted)
    chart = Chart(
        name="closes",
        title=f"Closing prices, {found.frequency}",
        says=(
            f"From {_short(first.adjusted)} on {first.day} to {_short(last.adjusted)} on {last.day}; lowest "
            f"{_short(low.adjusted)} on {low.day}, highest {_short(high.adjusted)} on {high.day}."
        ),
        across=days("Day of the close", first.day, last.day),
        up=numbers("Yen a share", 0.0, float(high.adjusted) * _ROOM_ABOVE),
    )
    splits = [
        Split(float(each.ex_day.toordinal()), f"split × {each.split.factor}")
        for each in found.splits
        if first.day <= each.ex_day <= last.day
    ]
    # What was traded before a large split is far above all else; then it stands in the list alone.
    behind = traded if is_cut and max(y for _, y in traded) <= chart.up.high * _MOST_ABOVE else ()
    if behind:
        chart = chart._replace(up=numbers("Yen a share", 0.0, max(y for _, y in traded) * _ROOM_ABOVE))
    also = "per share after all splits" + ("; fainter: as traded" if behind else "") if is_cut else "as traded"
    drawing = line_chart(chart, line, behind=behind, splits=splits)
    return f"<figure><figcaption><strong>Closes</strong>{also}</figcaption>{drawing}</figure>"


def _short(amount: Decimal) -> str:
    return f"¥{shortest(Fraction(amount), 2)}"


def _spread(found: Volatility) -> str:
    returns = [float(each) * 100 for each in _returns(found)]
    mean, deviation = float(found.mean) * 100, float(_deviation(found)) * 100
    counted = bins(returns)
    chart = Chart(
        name="returns",
        title=f"Returns, {found.frequency}",
        says=(
            f"{len(returns):,} returns from {min(returns):.2f} % to {max(returns):.2f} %, mean {mean:.2f} %, standard "
            f"deviation {deviation:.2f} %."
        ),
        across=numbers("Return, %", counted[0][0], counted[-1][1]),
        up=numbers("How many", 0.0, max(count for _, _, count in counted) * _ROOM_ABOVE, lambda tick: f"{tick:,g}"),
    )
    drawing = histogram(chart, counted, band=(mean - deviation, mean + deviation), middle=mean)
    caption = "shaded: one standard deviation to either side of the mean"
    return f"<figure><figcaption><strong>Spread of the returns</strong>{caption}</figcaption>{drawing}</figure>"


def _returns(found: Volatility) -> list[Decimal]:
    return [each.log_return for each in found.points if each.log_return is not None]


def _deviation(found: Volatility) -> Decimal:
    """Sample standard deviation of the returns as they are shown."""
    exact = [Fraction(each) for each in _returns(found)]
    mean = sum(exact, Fraction()) / len(exact)
    variance = sum(((each - mean) ** 2 for each in exact), Fraction()) / max(1, len(exact) - 1)
    return _DIGITS.sqrt(_DIGITS.divide(Decimal(variance.numerator), Decimal(variance.denominator)))


def _result(found: Volatility) -> str:
    deviation = number(Fraction(_deviation(found)) * 100, 8)
    return (
        '<ol class="steps single"><li class="end"><div class="way">Volatility per year<span class="with">'
        f"{deviation} % × √{PERIODS_PER_YEAR[found.frequency]}</span></div>"
        f'<div class="makes">{escaped(percent(Fraction(found.volatility)))}</div></li></ol>'
    )


def _of_split(found: FoundSplit) -> str:
    return f"{found.split.on}, {found.split.factor} new shares per old share: {found.says}"


def _listed(title: str, lines: Sequence[str]) -> str:
    items = "".join(f"<li>{escaped(each)}</li>" for each in lines[:_MOST_LISTED])
    return f"<h3>{title}</h3><ul>{items}</ul>" if lines else ""


def _closes(found: Volatility) -> str:
    """Every close that was used, folded; of very many the first."""
    rows = []
    for each in found.points[:_MOST_LISTED]:
        moved = "" if each.log_return is None else number(Fraction(each.log_return))
        cells = "".join(f"<td>{escaped(text)}</td>" for text in (yen(each.close), yen(each.adjusted), moved))
        rows.append(f'<tr><th scope="row">{each.day}</th>{cells}</tr>')
    more = len(found.points) - len(rows)
    rest = f"<p>And {more:,} more.</p>" if more else ""
    listed = table(("Day", "Close", "After splits", "Return"), rows, kind="closes")
    return f"<details><summary>The closes that were used</summary>{listed}{rest}</details>"
