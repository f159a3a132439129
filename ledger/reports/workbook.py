"""Workbooks of tables: typed cells, a header that stays, ready to print; and nothing in them is a formula.

Written by XlsxWriter, which writes every text as a text. A spreadsheet reckons with 15 digits: what has more is text.
"""

import re
from collections.abc import Mapping, Sequence
from datetime import date, datetime
from decimal import Decimal
from pathlib import Path
from typing import TYPE_CHECKING, Final, NamedTuple

from ledger.domain.characters import is_seen
from ledger.reports.cells import Yen, is_number, shown
from ledger.reports.language import language, text

if TYPE_CHECKING:
    from xlsxwriter.format import Format
    from xlsxwriter.workbook import Workbook
    from xlsxwriter.worksheet import Worksheet

DIGITS: Final = 15
LONGEST_TEXT: Final = 32_767
LONGEST_HEADER: Final = 255
LONGEST_NAME: Final = 31
WIDEST: Final = 60
PAPER_A4: Final = 9
FIRST_DAY: Final = date(1900, 3, 1)
"""Spreadsheets count a 29 February 1900, which never was: a day before this one is text."""

_NOT_IN_A_NAME: Final = re.compile(r"[\[\]:*?/\\']")


class Sheet(NamedTuple):
    """One table of a workbook. title: in the language spoken, short. headings: in English.

    above, below: lines before the table and after it, in the language spoken; with them it is a paper, not a list.
    """

    title: str
    headings: Sequence[str]
    rows: Sequence[Sequence[object]]
    above: Sequence[str] = ()
    below: Sequence[str] = ()


def write_workbook(file: Path, sheets: Sequence[Sheet], *, about: Mapping[str, object], made_at: datetime) -> None:
    """Write tables into a new workbook, each into a sheet, and what they are of into the last.

    about: what the tables are of and what proves it, by words in the language spoken; its first stands in the header
    of each printed page. made_at: an instant for the file's properties.
    """
    from xlsxwriter import Workbook

    font = "Calibri" if language() == "en" else "游ゴシック"
    options = {"strings_to_formulas": False, "strings_to_urls": False, "strings_to_numbers": False}
    with Workbook(file, {**options, "default_format_properties": {"font_name": font, "font_size": 11}}) as book:
        book.set_properties({"created": made_at.replace(tzinfo=None), "title": _clean(str(next(iter(about.values()))))})
        forms = _forms(book)
        names: set[str] = set()
        for sheet in sheets:
            written = book.add_worksheet(_name(sheet.title, names))
            _write_table(written, sheet, forms)
            _prepare_print(written, str(next(iter(about.values()))))
        _write_about(book.add_worksheet(_name(text("About"), names)), about, forms)


def _forms(book: "Workbook") -> dict[str, "Format"]:
    """How each kind of cell looks."""
    yen = '"¥"#,##0' if language() == "en" else '#,##0"円"'
    on = "yyyy-mm-dd" if language() == "en" else 'yyyy"年"m"月"d"日"'
    wanted: dict[str, dict[str, object]] = {
        "heading": {"bold": True, "bottom": 1, "bg_color": "#E8EDF3", "text_wrap": True, "valign": "vcenter"},
        "line": {"valign": "top"},
        "text": {"text_wrap": True, "valign": "top"},
        "count": {"num_format": "#,##0", "valign": "top"},
        "yen": {"num_format": yen, "valign": "top"},
        "parts of a yen": {"num_format": yen.replace("0", "0.00######", 1) if yen[0] == "#" else yen + ".00######"},
        "day": {"num_format": on, "align": "left", "valign": "top"},
        "instant": {"num_format": f"{on} hh:mm", "align": "left", "valign": "top"},
    }
    return {kind: book.add_format(properties) for kind, properties in wanted.items()}


def _write_table(sheet: "Worksheet", table: Sheet, forms: Mapping[str, "Format"]) -> None:
    headings = [text(heading) for heading in table.headings]
    first = len(table.above) + 1 if table.above else 0
    for column, heading in enumerate(headings):
        sheet.write_string(first, column, heading, forms["heading"])
        widest = max([_width(heading), *(_width(shown(row[column])) for row in table.rows)])
        sheet.set_column(column, column, min(widest, WIDEST) + 2)
    for number, row in enumerate(table.rows, start=first + 1):
        for column, cell in enumerate(row):
            _write_cell(sheet, number, column, cell, forms)
    for number, line in (*enumerate(table.above), *enumerate(table.below, start=first + len(table.rows) + 2)):
        if line:
            sheet.write_string(number, 0, _clean(line), forms["line"])
    if not (table.above or table.below):
        sheet.freeze_panes(1, 0)
        sheet.autofilter(0, 0, max(1, len(table.rows)), len(headings) - 1)
        sheet.repeat_rows(0)


def _write_cell(sheet: "Worksheet", row: int, column: int, cell: object, forms: Mapping[str, "Format"]) -> None:
    """Write a cell as what it is: a count, an amount, a day, an instant, or else a text."""
    match cell:
        case None | "":
            return
        case datetime() if cell.date() >= FIRST_DAY:
            sheet.write_datetime(row, column, cell.replace(tzinfo=None), forms["instant"])
        case date() if not isinstance(cell, datetime) and cell >= FIRST_DAY:
            sheet.write_datetime(row, column, cell, forms["day"])
        case Yen() if _fits(cell.amount):
            is_whole = cell.amount == cell.amount.to_integral_value()
            sheet.write_number(row, column, cell.amount, forms["yen" if is_whole else "parts of a yen"])
        case int() if is_number(cell) and _fits(Decimal(cell)):
            sheet.write_number(row, column, cell, forms["count"])
        case _:
            sheet.write_string(row, column, _clean(str(cell) if isinstance(cell, str) else shown(cell)), forms["text"])


def _fits(amount: Decimal) -> bool:
    """Whether a spreadsheet keeps all digits of a number."""
    digits = amount.as_tuple()
    return len(digits.digits) <= DIGITS and isinstance(digits.exponent, int) and -DIGITS <= digits.exponent <= 0


def _clean(value: str) -> str:
    """A text in which what nobody sees is shown, no longer than a cell may be."""
    seen = "".join(each if each in "\n\t" or is_seen(each) else f"\\u{{{ord(each):x}}}" for each in value)
    return seen if len(seen.encode("utf-16-le")) // 2 <= LONGEST_TEXT else seen[: LONGEST_TEXT // 2 - 1] + "…"


def _prepare_print(sheet: "Worksheet", title: str) -> None:
    """Landscape on A4, as wide as a page, under a header that says what it is, with the page's number below."""
    sheet.set_landscape()
    sheet.set_paper(PAPER_A4)
    sheet.fit_to_pages(1, 0)
    sheet.set_header("&L" + _clean(title).replace("&", "&&")[: LONGEST_HEADER - 2].removesuffix("&"))
    sheet.set_footer("&R&P / &N")


def _write_about(sheet: "Worksheet", about: Mapping[str, object], forms: Mapping[str, "Format"]) -> None:
    for number, (word, value) in enumerate(about.items()):
        sheet.write_string(number, 0, word, forms["heading"])
        _write_cell(sheet, number, 1, value, forms)
    sheet.set_column(0, 0, 24)
    sheet.set_column(1, 1, WIDEST)


def _name(title: str, taken: set[str]) -> str:
    """A name for a sheet that is allowed, and no other sheet's."""
    whole = _NOT_IN_A_NAME.sub(" ", _clean(title))[:LONGEST_NAME].strip() or "Table"
    if whole.lower() == "history":  # Excel keeps that name for itself
        whole = "Entries"
    name, number = whole, 1
    while name.lower() in taken:
        number += 1
        name = f"{whole[: LONGEST_NAME - 4]} {number}"
    taken.add(name.lower())
    return name


def _width(shown_text: str) -> int:
    """Columns of the longest line of a text; wide characters take two."""
    return max((sum(1 if each.isascii() else 2 for each in line) for line in shown_text.split("\n")), default=0)
