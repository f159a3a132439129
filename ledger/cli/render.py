"""What people and programs read: tables, JSON, CSV, sentences.

Whatever was recorded may stand in them, by whomever: no character of it moves a terminal's cursor, turns its text
round or ends its line, and none of it is a formula to a spreadsheet.
"""

import csv
import json
import re
import shutil
import sys
import unicodedata
from collections.abc import Iterable, Iterator, Mapping, Sequence
from itertools import zip_longest
from operator import gt
from typing import Any, Final, TextIO

from ledger.answers import Outcome
from ledger.domain.characters import is_seen, seen
from ledger.domain.errors import DamagedError, EvidenceError, LedgerError
from ledger.reports.cells import is_number, shown
from ledger.reports.language import text

GAP = "  "
LONGEST_WORD = 12
LONGEST_ID = 18
"""In brackets, beside a name."""
LEAST_HEADING = 6
"""Three signs of Japanese."""

FORMULA: Final = frozenset("=+-@")
"""What a formula begins with, as full-width characters too (OWASP, CSV injection)."""

BEFORE_A_FORMULA: Final = " \t\n\u00a0\u3000\"'`"
"""What spreadsheets may take away before they look."""

_NUMBER: Final = re.compile(r"-?[0-9]+(?:\.[0-9]+)?", re.ASCII)

_DAY: Final = "(?:明治|大正|昭和|平成|令和)?[0-9元]{1,4}年[0-9]{1,2}月[0-9]{1,2}日"
_WHOLE: Final = re.compile(rf"{_DAY}(?: [0-9]+:[0-9]+)?|[0-9,.]+円")
"""Days, instants and amounts in Japanese."""

_BETWEEN: Final = re.compile(r"(?<=,) |(?<=、)")
"""Where a list of numbers or days is broken."""
_ID: Final = re.compile(r"\([a-zA-Z0-9]")

_WIDE: Final = "\u3000-\u30ff\u3400-\u9fff\uff00-\uff60"
_PIECE: Final = re.compile(
    rf" *[（「『]*(?:{_DAY}|[0-9][0-9,.]*[個株円件版年月日回条項]|[{_WIDE}]"
    rf"|[^{_WIDE} ]+?(?=[0-9]{{1,4}}年|[{_WIDE} ]|$))"
    "[、。，．：；・）」』ー]*| +"
)
"""Japanese knows no spaces: a line ends anywhere but in a day, a number, a name, before a mark or after a bracket."""


def say(text: str = "") -> None:
    """Print one line for a person; a line feed inside is shown, as everything that nobody sees."""
    print(seen(text))


def tell(text: str) -> None:
    """Print a sentence for a person; in a terminal it is broken between words, never inside one."""
    _tell(text, sys.stdout)


def complain(text: str) -> None:
    """Print a sentence on standard error, in the same way."""
    _tell(text, sys.stderr)


def _tell(text: str, stream: TextIO) -> None:
    lines = [""] if stream.isatty() else [seen(text)]
    room = shutil.get_terminal_size().columns
    for word in seen(text).split(" ") if stream.isatty() else ():
        joined = f"{lines[-1]} {word}" if lines[-1] else word
        if lines[-1] and width_of(joined) > room:
            lines.append(word)
        else:
            lines[-1] = joined
    print("\n".join(lines), file=stream)


def warn(text: str) -> None:
    """Print one line on standard error, as it is."""
    print(seen(text), file=sys.stderr)


def print_json(document: Mapping[str, Any]) -> None:
    """Print one JSON document."""
    print(_json(document, indent=2))


def print_outcome(outcome: Outcome) -> None:
    """Print what became of a recording as the same document as `print_json` does, of any number of lines."""
    head = _json({**outcome.head(), "lines": []}, indent=2)
    if not outcome.lines:
        print(head)
        return
    print(head.removesuffix("]\n}"), end="")
    for number, line in enumerate(outcome.lines):
        told = _json(line.to_dict(), indent=2).replace("\n", "\n    ")
        print(f"{',' if number else ''}\n    {told}", end="")
    print("\n  ]\n}")


def print_stored(line: bytes) -> None:
    """Print a stored entry in a terminal: the same value, in which what nobody sees is escaped."""
    print(escaped(line.decode(errors="replace"), kept=""))


def way_out(error: LedgerError) -> str:
    """What to do about a ledger that is damaged, where its sentence names no command and no line of a file."""
    if not isinstance(error, DamagedError) or isinstance(error, EvidenceError):
        return ""
    is_said = error.line is not None or "`rights " in error.message
    return "" if is_said else "; `rights db restore FILE --reason TEXT` puts back a backup and records that it did"


def error_json(code: str, message: str, line: int | None) -> str:
    """One JSON document that tells of a failure."""
    return _json({"error": {"code": code, "message": message, "line": line}})


def _json(value: object, *, indent: int | None = None) -> str:
    r"""JSON in which what nobody sees is escaped, as JSON itself only wants it of U+0000 to U+001F: the same value.

    >>> print(_json({"note": "権利\u202e\x9b\U000e0001"}))
    {"note": "権利\u202e\u009b\udb40\udc01"}
    """
    text = json.dumps(value, ensure_ascii=False, indent=indent)
    return escaped(text, kept="\n")  # those that are left are between values


def escaped(text: str, *, kept: str) -> str:
    """A text with what nobody sees as JSON escapes it."""
    if text.isprintable():
        return text
    unseen = [each for each in set(text) if each not in kept and not is_seen(each)]
    return text.translate({ord(each): _escape(each) for each in unseen}) if unseen else text


def _escape(character: str) -> str:
    units = character.encode("utf-16-be", errors="surrogatepass")
    return "".join(f"\\u{units[i]:02x}{units[i + 1]:02x}" for i in range(0, len(units), 2))


def print_csv(names: Sequence[str], rows: Iterable[Mapping[str, Any]]) -> None:
    """Print rows as comma-separated values, with a heading."""
    csv.writer(sys.stdout).writerow(names)
    write_csv(sys.stdout, names, rows)


def write_csv(stream: TextIO, names: Sequence[str], rows: Iterable[Mapping[str, Any]]) -> None:
    """Write rows as comma-separated values (RFC 4180), in the order of the names; nothing where there is no value.

    A text that a spreadsheet would take for a formula begins with an apostrophe. Line feeds and tabs stay in their
    cells; everything else that nobody sees is escaped.
    """
    writer = csv.writer(stream)
    for row in rows:
        writer.writerow(["" if row[name] is None else _flat(row[name]) for name in names])


def _flat(value: object) -> object:
    match value:
        case bool():
            return "true" if value else "false"
        case dict() | list():
            return _json(value)
        case str():
            return _text(value)
        case _:
            return value


def _text(value: str) -> str:
    r"""A cell of text that is no formula; a number stays one.

    >>> _text("=1+1"), _text(" ＠SUM(A1)"), _text("-126.28"), _text("a\r\nb")
    ("'=1+1", "' ＠SUM(A1)", '-126.28', 'a\nb')
    """
    text = escaped(value.replace("\r\n", "\n"), kept="\n\t")
    if _NUMBER.fullmatch(text):
        return text
    first = unicodedata.normalize("NFKC", text.lstrip(BEFORE_A_FORMULA)[:1])
    return f"'{text}" if first in FORMULA or text[:1] in {"\t", "\n"} else text


def print_table(title: str, headings: Sequence[str], rows: Sequence[Sequence[object]]) -> None:
    """Print a table under its title: numbers to the right with thousands separators, text to the left.

    headings: in English; they are printed in the language spoken.

    In a terminal that is too narrow the widest column of text is broken into lines.
    """
    to_right = [any(is_number(row[i]) for row in rows) for i in range(len(headings))]
    headings = [text(heading) for heading in headings]
    cells_shown = [[shown(cell) for cell in row] for row in rows]
    widths = [
        max([width_of(heading), *(width_of(row[i]) for row in cells_shown)]) for i, heading in enumerate(headings)
    ]
    gap = _fit(widths, headings, cells_shown, to_right) if sys.stdout.isatty() else GAP
    say(title)
    for cells in _lines(headings, widths):
        say(_line(cells, widths, to_right, gap))
    say(gap.join("─" * width for width in widths))
    for row in cells_shown:
        for cells in _lines(row, widths):
            say(_line(cells, widths, to_right, gap))


def _fit(widths: list[int], headings: Sequence[str], rows: Sequence[Sequence[str]], to_right: Sequence[bool]) -> str:
    """Narrow columns where the terminal is too narrow for all, and return the gap between them.

    Long headings are broken first, then the widest text, then gaps shrink. Numbers, days and amounts stay whole.
    """
    room = shutil.get_terminal_size().columns - len(GAP) * (len(widths) - 1)
    for breaks_text in (False, True):
        least = [
            max(_least_heading(headings[i]), *(_least(row[i], breaks=breaks_text and not right) for row in rows))
            for i, right in enumerate(to_right)
        ]
        while sum(widths) > room and any(map(gt, widths, least)):
            widest = max(range(len(widths)), key=lambda i: (widths[i] > least[i], widths[i]))
            widths[widest] -= 1
    return GAP if sum(widths) <= room else " "


def _least(text: str, *, breaks: bool) -> int:
    """The least width of a cell. Without words it is a number, an amount, a day, an instant, or a list of such.

    >>> _least("2018-07-02 09:05", breaks=True), _least("3, 16, 2023", breaks=True), _least("3、16、2023", breaks=True)
    (16, 4, 4)
    """
    if not breaks:
        return width_of(text)
    parts = _BETWEEN.split(text)
    has_words = any(map(str.isalpha, text)) and not all(_WHOLE.fullmatch(part.removesuffix("、")) for part in parts)
    return _longest_word(text) if has_words else max(map(width_of, parts))


def _least_heading(heading: str) -> int:
    return _longest_word(heading) if heading.isascii() else min(width_of(heading), LEAST_HEADING)


def _longest_word(text: str) -> int:
    """The width of a text's longest word; a very long one may be broken."""
    return max(
        min(LONGEST_ID if _ID.match(piece) else LONGEST_WORD, width_of(piece))
        for word in text.split(" ")
        for piece in _pieces(word)
    )


def _lines(cells: Sequence[str], widths: Sequence[int]) -> Iterator[Sequence[str]]:
    """A row in as many lines as its longest cell needs."""
    broken = [_broken(cell, width) for cell, width in zip(cells, widths, strict=True)]
    return zip_longest(*broken, fillvalue="")


def _broken(text: str, width: int) -> list[str]:
    """A text in lines of at most ``width`` columns, broken between words, and inside words where it must be."""
    lines = [""]
    for word in text.split(" "):
        joined = f"{lines[-1]} {word}" if lines[-1] else word
        if width_of(joined) <= width:
            lines[-1] = joined
            continue
        lines[-1:] = [joined] if len(_pieces(word)) > 1 else [lines[-1], word] if lines[-1] else [word]
        lines[-1:] = _broken_in_words(lines[-1], width)
    return lines


def _broken_in_words(text: str, width: int) -> list[str]:
    """A text in lines of at most ``width`` columns, broken between its pieces, and inside those that are too long."""
    lines = [""]
    for piece in _pieces(text):
        if lines[-1] and width_of(lines[-1] + piece) > width:
            lines.append("")
        for character in piece if lines[-1] else piece.lstrip(" "):
            if width_of(lines[-1] + character) > width:
                lines.append("")
            lines[-1] += character
    return lines


def _pieces(word: str) -> list[str]:
    """What stays in one line of a word: in Japanese a sign, a number, a day, a name; else the word.

    >>> _pieces("director-1に（2018年7月9日）、24個。"), _pieces("stock-compensation-type")
    (['director-1', 'に', '（2018年7月9日）、', '24個。'], ['stock-compensation-type'])
    """
    return [word] if word.isascii() else _PIECE.findall(word) or [word]


def _line(cells: Sequence[str], widths: Sequence[int], to_right: Sequence[bool], gap: str) -> str:
    padded = []
    for cell, width, right in zip(cells, widths, to_right, strict=True):
        space = " " * (width - width_of(cell))
        padded.append(space + cell if right else cell + space)
    return gap.join(padded).rstrip()


def width_of(text: str) -> int:
    """Columns that a text takes in a terminal: wide and full-width characters take two, combining ones none."""
    if text.isascii():
        return len(text)
    return sum(
        0 if unicodedata.combining(each) else 2 if unicodedata.east_asian_width(each) in "WF" else 1 for each in text
    )
