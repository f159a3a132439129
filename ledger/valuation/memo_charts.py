"""The charts of a memo as SVG: lines with axes, a histogram. They are drawn for 400 units across, a phone's width.

Colours are classes of the page's style, so that they follow light, dark and print. What a chart shows is said in words
as its `<title>` and `<desc>`. Here numbers are floats: they are places on a drawing, and no figure is read from them.
"""

from collections.abc import Callable, Sequence
from datetime import date
from itertools import pairwise
from math import ceil, floor, isclose, log10
from typing import Final, NamedTuple

from ledger.valuation.memo_text import escaped

WIDTH: Final = 400
HEIGHT: Final = 250
LEFT: Final = 62
RIGHT: Final = 14
TOP: Final = 30
BOTTOM: Final = 46
_FLOOR: Final = HEIGHT - BOTTOM
_MOST_TICKS: Final = 5
_STEPS: Final = (1, 2, 2.5, 5, 10)
_LETTER: Final = 6.6
"""Width of a letter, roughly."""

_LARGE: Final = 10_000_000
_MOST_BINS: Final = 24

Place = tuple[float, float]


class Axis(NamedTuple):
    """One direction. low, high: its ends. ticks: where, and what stands there. title: what it is, with its unit."""

    title: str
    low: float
    high: float
    ticks: Sequence[tuple[float, str]]


class Chart(NamedTuple):
    """name: for ids on the page. says: the whole in a sentence, for who cannot see it."""

    name: str
    title: str
    says: str
    across: Axis
    up: Axis


class Mark(NamedTuple):
    """A point that stands out. label: what stands beside it. is_rising: whether its line goes up there."""

    at: Place
    label: str
    is_rising: bool


class Split(NamedTuple):
    """A split on a chart of prices. at: the day's place."""

    at: float
    label: str


def numbers(title: str, low: float, high: float, shown: Callable[[float], str] | None = None) -> Axis:
    """An axis of numbers, a little longer than what is on it.

    shown: how a tick is written; default: with as many decimals as the ticks need.
    """
    if isclose(low, high, rel_tol=1e-9, abs_tol=1e-12):
        low, high = low - max(abs(low) / 10, 1e-3), high + max(abs(high) / 10, 1e-3)
    step = _step(high - low)
    first, last = ceil(low / step - 1e-9), floor(high / step + 1e-9)
    decimals = max(0, -floor(log10(step) + 1e-9)) + (not isclose(step * 10 ** -floor(log10(step)) % 1, 0, abs_tol=1e-9))
    ticks = [number * step for number in range(first, last + 1)]
    written = shown or (lambda tick: _written(tick, decimals))
    return Axis(title, low, high, [(tick, written(tick)) for tick in ticks])


def days(title: str, first: date, last: date) -> Axis:
    """An axis of days, with ticks where years or months begin; at its ends where there are fewer than two."""
    months = range(first.year * 12 + first.month - 1, last.year * 12 + last.month)
    every = next(
        each for each in (1, 2, 3, 6, 12, 24, 60, 120, 240, 600, 1200) if len(months) / each <= _MOST_TICKS + 1
    )
    ticks = []
    for number in months:
        year, month = divmod(number, 12)
        day = date(year, month + 1, 1)
        if number % every == 0 and first <= day <= last:
            ticks.append((float(day.toordinal()), str(year) if every >= 12 else f"{year}-{month + 1:02}"))
    if len(ticks) < 2:
        ticks = [(float(day.toordinal()), day.isoformat()) for day in sorted({first, last})]
    return Axis(title, float(first.toordinal()), float(max(last.toordinal(), first.toordinal() + 1)), ticks)


def line_chart(
    chart: Chart, line: Sequence[Place], *, behind: Sequence[Place] = (), mark: Mark | None = None,
    splits: Sequence[Split] = (),
) -> str:  # fmt: skip
    """A line over an axis. behind: a second, fainter one. mark: the chosen point. splits: days that stand out."""
    drawn = [_split(chart, each) for each in splits]
    if behind:
        drawn.append(f'<path class="line faint" d="{_path(chart, behind)}"/>')
    drawn.append(f'<path class="line" d="{_path(chart, line)}"/>')
    if mark is not None:
        drawn.append(_marked(chart, mark))
    return _drawing(chart, "".join(drawn))


def histogram(chart: Chart, bins: Sequence[tuple[float, float, int]], *, band: Place, middle: float) -> str:
    """Bars, over a band from one number to another, with a line at its middle. bins: from, to, how many."""
    left, right = (_across(chart, max(chart.across.low, min(chart.across.high, end))) for end in band)
    drawn = [f'<rect class="band" x="{left:.1f}" y="{TOP}" width="{right - left:.1f}" height="{_FLOOR - TOP}"/>']
    for low, high, count in bins:
        x, width, y = _across(chart, low), _across(chart, high) - _across(chart, low), _up(chart, count)
        if count:
            size = f'width="{max(width - 1, 0.5):.1f}" height="{_FLOOR - y:.1f}"'
            drawn.append(f'<rect class="bar" x="{x + 0.5:.1f}" y="{y:.1f}" {size}/>')
    place = _across(chart, middle)
    drawn.append(f'<line class="guide" x1="{place:.1f}" y1="{TOP}" x2="{place:.1f}" y2="{_FLOOR}"/>')
    return _drawing(chart, "".join(drawn))


def bins(found: Sequence[float]) -> list[tuple[float, float, int]]:
    """Returns by size, in bins of a round width, zero at an edge: from, to, how many."""
    low, high = min(found), max(found)
    width = max(high - low, 1e-6) / min(_MOST_BINS, max(5, ceil(len(found) ** 0.5)))
    scale = 10.0 ** floor(log10(width))
    width = next(step * scale for step in _STEPS if step * scale >= width * (1 - 1e-9))
    first, last = floor(low / width), floor(high / width)
    counts = [0] * (last - first + 1)
    for each in found:
        counts[floor(each / width) - first] += 1
    return [((first + at) * width, (first + at + 1) * width, count) for at, count in enumerate(counts)]


def _step(span: float) -> float:
    scale: float = 10.0 ** floor(log10(span / _MOST_TICKS))
    return next(step * scale for step in _STEPS if span / (step * scale) <= _MOST_TICKS + 1e-9)


def _written(tick: float, decimals: int) -> str:
    text = f"{tick:,.{decimals}f}" if abs(tick) < _LARGE else f"{tick:.3g}"
    return text.replace("-", "−") if float(tick) and text.strip("-0.") else text.lstrip("-")


def _across(chart: Chart, number: float) -> float:
    axis = chart.across
    return LEFT + (number - axis.low) / (axis.high - axis.low) * (WIDTH - LEFT - RIGHT)


def _up(chart: Chart, number: float) -> float:
    axis = chart.up
    return _FLOOR - (number - axis.low) / (axis.high - axis.low) * (_FLOOR - TOP)


def _path(chart: Chart, line: Sequence[Place]) -> str:
    places = [f"{_across(chart, x):.1f} {_up(chart, y):.1f}" for x, y in line]
    return "M" + "L".join(places) if places else ""


def _marked(chart: Chart, mark: Mark) -> str:
    x, y = _across(chart, mark.at[0]), _up(chart, mark.at[1])
    room = len(mark.label) * _LETTER + 10
    is_left = (mark.is_rising and x - room > LEFT) or x + room > WIDTH  # where the line is not
    beside, anchor = (x - 8, "end") if is_left else (x + 8, "start")
    above = y - 9 if y - 9 > TOP + 6 else y + 20
    return (
        f'<line class="guide" x1="{x:.1f}" y1="{y:.1f}" x2="{x:.1f}" y2="{_FLOOR}"/>'
        f'<circle class="chosen" cx="{x:.1f}" cy="{y:.1f}" r="4.5"/>'
        f'<text class="label" x="{beside:.1f}" y="{above:.1f}" text-anchor="{anchor}">{escaped(mark.label)}</text>'
    )


def _split(chart: Chart, split: Split) -> str:
    x = _across(chart, split.at)
    is_right = x > (LEFT + WIDTH) / 2
    place = f'x="{x - 5 if is_right else x + 5:.1f}" y="{TOP + 10}" text-anchor="{"end" if is_right else "start"}"'
    return (
        f'<line class="split" x1="{x:.1f}" y1="{TOP}" x2="{x:.1f}" y2="{_FLOOR}"/>'
        f'<text class="split-label" {place}>{escaped(split.label)}</text>'
    )


def _drawing(chart: Chart, inside: str) -> str:
    title, says = f"{chart.name}-title", f"{chart.name}-says"
    return (
        f'<svg viewBox="0 0 {WIDTH} {HEIGHT}" role="img" aria-labelledby="{title} {says}">'
        f'<title id="{title}">{escaped(chart.title)}</title><desc id="{says}">{escaped(chart.says)}</desc>'
        f"{_upright(chart)}{_level(chart)}{inside}</svg>"
    )


def _upright(chart: Chart) -> str:
    """The grid, and the numbers at the left."""
    parts = [f'<text class="axis" x="2" y="14">{escaped(chart.up.title)}</text>']
    for tick, text in chart.up.ticks:
        y = _up(chart, tick)
        parts.append(f'<line class="grid" x1="{LEFT}" y1="{y:.1f}" x2="{WIDTH - RIGHT}" y2="{y:.1f}"/>')
        parts.append(f'<text class="tick" x="{LEFT - 7}" y="{y + 4:.1f}" text-anchor="end">{escaped(text)}</text>')
    return "".join(parts)


def _level(chart: Chart) -> str:
    """The axis below with its ticks; where their texts would touch, every second has none."""
    parts = [f'<line class="base" x1="{LEFT}" y1="{_FLOOR}" x2="{WIDTH - RIGHT}" y2="{_FLOOR}"/>']
    ticks = chart.across.ticks
    widest = max((len(text) for _, text in ticks), default=0) * _LETTER + 6
    apart = min((_across(chart, after[0]) - _across(chart, tick[0]) for tick, after in pairwise(ticks)), default=widest)
    for number, (tick, text) in enumerate(ticks):
        x = _across(chart, tick)
        parts.append(f'<line class="base" x1="{x:.1f}" y1="{_FLOOR}" x2="{x:.1f}" y2="{_FLOOR + 4}"/>')
        if number % ceil(widest / max(apart, 1)) == 0:
            half = len(text) * _LETTER / 2
            place = min(x, WIDTH - half)
            parts.append(
                f'<text class="tick" x="{place:.1f}" y="{_FLOOR + 17}" text-anchor="middle">{escaped(text)}</text>'
            )
    middle = (LEFT + WIDTH - RIGHT) / 2
    title = escaped(chart.across.title)
    parts.append(f'<text class="axis" x="{middle:.1f}" y="{HEIGHT - 6}" text-anchor="middle">{title}</text>')
    return "".join(parts)
