"""What people and programs read: tables, JSON, CSV, sentences."""

import csv
import json
import shutil
import sys
import unicodedata
from collections.abc import Iterable, Mapping, Sequence
from itertools import zip_longest
from typing import Any

NO_VALUE = "–"
GAP = "  "
NARROWEST = 12


def say(text: str = "") -> None:
    """Print a line for a person."""
    print(text)


def warn(text: str) -> None:
    """Print a line on standard error."""
    print(text, file=sys.stderr)


def print_json(document: Mapping[str, Any]) -> None:
    """Print one JSON document."""
    print(json.dumps(document, ensure_ascii=False, indent=2))


def error_json(code: str, message: str, line: int | None) -> str:
    """One JSON document that tells of a failure."""
    return json.dumps({"error": {"code": code, "message": message, "line": line}}, ensure_ascii=False)


def print_csv(names: Sequence[str], rows: Iterable[Mapping[str, Any]]) -> None:
    """Print rows as comma-separated values (RFC 4180), with a heading; nothing where there is no value."""
    writer = csv.writer(sys.stdout)
    writer.writerow(names)
    for row in rows:
        writer.writerow(["" if row[name] is None else _flat(row[name]) for name in names])


def _flat(value: object) -> object:
    if isinstance(value, bool):
        return "true" if value else "false"
    return json.dumps(value, ensure_ascii=False) if isinstance(value, dict | list) else value


def print_table(title: str, headings: Sequence[str], rows: Sequence[Sequence[object]]) -> None:
    """Print a table under its title: numbers to the right with thousands separators, text to the left.

    In a terminal that is too narrow the widest column of text is broken into lines.
    """
    to_right = [any(is_number(row[i]) or str(row[i]).startswith("¥") for row in rows) for i in range(len(headings))]
    shown = [[_shown(cell) for cell in row] for row in rows]
    widths = [max([width_of(heading), *(width_of(row[i]) for row in shown)]) for i, heading in enumerate(headings)]
    _fit(widths, to_right)
    say(title)
    say(_line(headings, widths, to_right))
    say(GAP.join("─" * width for width in widths))
    for row in shown:
        broken = [
            [cell] if right else _broken(cell, width) for cell, width, right in zip(row, widths, to_right, strict=True)
        ]
        for cells in zip_longest(*broken, fillvalue=""):
            say(_line(cells, widths, to_right))


def _fit(widths: list[int], to_right: Sequence[bool]) -> None:
    """Narrow the widest column of text where the terminal is too narrow for all; a file has room for everything."""
    if not sys.stdout.isatty():
        return
    excess = sum(widths) + len(GAP) * (len(widths) - 1) - shutil.get_terminal_size().columns
    texts = [i for i, right in enumerate(to_right) if not right]
    if excess > 0 and texts:
        widest = max(texts, key=widths.__getitem__)
        widths[widest] = max(NARROWEST, widths[widest] - excess)


def _broken(text: str, width: int) -> list[str]:
    """A text in lines of at most ``width`` columns, broken between words, and inside words where it must be."""
    lines = [""]
    for word in text.split(" "):
        joined = f"{lines[-1]} {word}" if lines[-1] else word
        if width_of(joined) <= width:
            lines[-1] = joined
            continue
        if lines[-1]:
            lines.append("")
        for character in word:
            if width_of(lines[-1] + character) > width:
                lines.append("")
            lines[-1] += character
    return lines


def is_number(value: object) -> bool:
    """Whether a cell is a count or an amount."""
    return isinstance(value, int) and not isinstance(value, bool)


def _shown(cell: object) -> str:
    if cell is None:
        return NO_VALUE
    return f"{cell:,}" if is_number(cell) else str(cell)


def _line(cells: Sequence[str], widths: Sequence[int], to_right: Sequence[bool]) -> str:
    padded = []
    for cell, width, right in zip(cells, widths, to_right, strict=True):
        space = " " * (width - width_of(cell))
        padded.append(space + cell if right else cell + space)
    return GAP.join(padded).rstrip()


def width_of(text: str) -> int:
    """Columns that a text takes in a terminal: wide and full-width characters take two, combining ones none."""
    if text.isascii():
        return len(text)
    return sum(
        0 if unicodedata.combining(each) else 2 if unicodedata.east_asian_width(each) in "WF" else 1 for each in text
    )


def yen(amount: object) -> str:
    """An amount for a person.

    >>> yen(422600), yen("126.28"), yen("422600")
    ('¥422,600', '¥126.28', '¥422,600')
    """
    whole, point, decimals = str(amount).partition(".")
    return f"¥{int(whole):,}{point}{decimals}"
