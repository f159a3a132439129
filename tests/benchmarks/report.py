"""What was measured, as a table in Markdown and as a chart in SVG."""

from collections.abc import Iterable, Sequence
from html import escape
from itertools import groupby
from math import ceil, floor, log10
from typing import Final

from tests.benchmarks.timing import Figure, Point, shown

WIDTH: Final = 860
HEIGHT: Final = 480
LEFT, RIGHT, TOP, BOTTOM = 70, 620, 50, 420
"""Of the square in which the lines are; right of it are their labels."""

LINE_HEIGHT: Final = 18
COLOURS: Final = ("#0b6e99", "#b3480f", "#4d7c0f", "#7a3e9d", "#8a8a8a", "#404040", "#c2185b", "#00796b", "#5d4037")


def table(figures: Iterable[Figure], skipped: Iterable[str] = ()) -> str:
    """A row a figure; what was not measured below."""
    lines = ["| figure | median | least–greatest | target | |", "| --- | ---: | ---: | --- | --- |"]
    for each in figures:
        spread = "" if each.least == each.greatest else f"{shown(each.least)}–{shown(each.greatest)}"
        verdict = {True: "met", False: "**not met**", None: ""}[each.is_met]
        lines.append(f"| {each.name} | {shown(each.figure)} {each.unit} | {spread} | {each.promise} | {verdict} |")
    lines += ["", *(f"Not measured: {each}." for each in skipped)]
    return "\n".join(lines).rstrip() + "\n"


def chart(points: Sequence[Point]) -> str:
    """Microseconds an entry by the size of a ledger, both by powers of ten; a line a figure, labelled at its end."""
    lines = {name: list(each) for name, each in groupby(sorted(points), key=lambda point: point.name)}
    sizes = [log10(point.size) for point in points] or [4.0]
    costs = [log10(point.microseconds) for point in points] or [0.0]
    across = _Scale(floor(min(sizes)), max(ceil(max(sizes)), floor(min(sizes)) + 1), LEFT, RIGHT)
    up = _Scale(floor(min(costs)), max(ceil(max(costs)), floor(min(costs)) + 1), BOTTOM, TOP)
    drawn = [*_grid(across, up)]
    ends = sorted(lines.items(), key=lambda line: -line[1][-1].microseconds)
    free = float(TOP)
    for (name, its_points), colour in zip(ends, COLOURS, strict=False):
        places = [(across.at(log10(each.size)), up.at(log10(each.microseconds))) for each in its_points]
        drawn.append(_line(places, colour))
        free = max(free, places[-1][1])
        label = f"{name}: {shown(its_points[-1].microseconds)} µs"
        drawn.append(_text(RIGHT + 12, free + 4, label, colour=colour))
        free += LINE_HEIGHT
    return "\n".join((
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {WIDTH} {HEIGHT}" font-family="sans-serif" '
        'font-size="13">',
        f'<rect width="{WIDTH}" height="{HEIGHT}" fill="white"/>',
        _text(LEFT, 24, "Microseconds an entry, by the entries of one ledger or of all", size=15),
        *drawn,
        _text((LEFT + RIGHT) / 2, HEIGHT - 16, "entries of the ledger, or of all ledgers", anchor="middle"),
        "</svg>\n",
    ))  # fmt: skip


class _Scale:
    """Powers of ten, from the first to the last, between two places on the page."""

    def __init__(self, first: int, last: int, start: int, end: int) -> None:
        self.powers = range(first, last + 1)
        self._start, self._step = start, (end - start) / (last - first)

    def at(self, power: float) -> float:
        return self._start + (power - self.powers[0]) * self._step


def _grid(across: _Scale, up: _Scale) -> Iterable[str]:
    for power in across.powers:
        x = across.at(power)
        yield f'<path d="M{x:.1f} {TOP}V{BOTTOM}" stroke="#ddd"/>'
        yield _text(x, BOTTOM + 20, f"{10**power:,}", anchor="middle")
    for power in up.powers:
        y = up.at(power)
        yield f'<path d="M{LEFT} {y:.1f}H{RIGHT}" stroke="#ddd"/>'
        yield _text(LEFT - 8, y + 4, f"{10**power:,}" if power >= 0 else f"{10.0**power:.{-power}f}", anchor="end")


def _line(places: Sequence[tuple[float, float]], colour: str) -> str:
    path = " ".join(f"{x:.1f},{y:.1f}" for x, y in places)
    dots = "".join(f'<circle cx="{x:.1f}" cy="{y:.1f}" r="3.5" fill="{colour}"/>' for x, y in places)
    return f'<polyline points="{path}" fill="none" stroke="{colour}" stroke-width="2"/>{dots}'


def _text(x: float, y: float, text: str, *, anchor: str = "start", colour: str = "#222", size: int = 13) -> str:
    style = f'text-anchor="{anchor}" fill="{colour}" font-size="{size}"'
    return f'<text x="{x:.1f}" y="{y:.1f}" {style}>{escape(text)}</text>'
