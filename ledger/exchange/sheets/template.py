"""The import workbook to fill in: a sheet a kind of entry, in the language spoken, and one that explains the others.

What is required is told by a star and by colour, choices are offered, help stands beside each cell. The example rows
are told from facts by their first column, and are never recorded.
"""

import csv
from collections.abc import Mapping, Sequence
from datetime import date, datetime
from io import StringIO
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

from ledger.domain.spans import day_from
from ledger.exchange.sheets.columns import Column, Sheet
from ledger.reports.language import language, text

if TYPE_CHECKING:
    from xlsxwriter.format import Format
    from xlsxwriter.workbook import Workbook
    from xlsxwriter.worksheet import Worksheet

ROWS: Final = 5_000
"""Rows that offer choices and help."""

STAR: Final = " *"
WIDEST: Final = 30
NARROWEST: Final = 9
NARROWEST_TEXT: Final = 16
NARROWEST_DAY: Final = 16
"""2026年12月31日: a narrower column shows number signs."""
LONGEST_TITLE: Final = 32
FIRST_DAY: Final = date(1900, 3, 1)
LAST_DAY: Final = date(2999, 12, 31)
PAPER_A4: Final = 9
COLUMNS_OF_A_PAGE: Final = 15

KINDS: Final[Mapping[str, str]] = {
    "name": "A name or an id, as text.",
    "text": "Any text.",
    "day": "A day: 2018-07-02, 2018/7/2 or 平成30年7月2日.",
    "count": "A whole number.",
    "amount": "Yen, such as 422600 or 126.28.",
    "ratio": "New shares for one old share: 2, 3/2 or 1/10.",
    "yes-no": "Yes or no.",
    "choice": "One of the list.",
    "choices": "Words with commas between them.",
    "names": "Names with commas between them.",
    "span": "10 days, 6 months, 1 year, or none.",
    "pairs": "Old and new with commas between them: 7=B7, 8=B8.",
    "json": "A JSON object.",
}
"""What is written into each kind of cell."""

YES_NO: Final = {"en": ["yes", "no"], "ja": ["はい", "いいえ"]}

EXPLAINED: Final = (
    "Fill in the sheets that you need; leave the others as they are.",
    "Then `rights import FILE --dry-run` shows the entries that it would make, and every problem with its place.",
    "The row marked as an example is never recorded: write below it, or delete it.",
    "Rows, columns and sheets that are hidden, merged cells and formulas are refused: show, split or replace them.",
    "Holders are ids; names and addresses stand in the sheet of holders alone.",
    "The same file again records nothing twice.",
)


def write_template_workbook(file: Path, sheets: Sequence[Sheet], *, made_at: datetime) -> None:
    """Write a workbook of these sheets, and one before them that explains it, in the language spoken."""
    from xlsxwriter import Workbook

    font = "Calibri" if language() == "en" else "游ゴシック"
    options = {"strings_to_formulas": False, "strings_to_urls": False, "strings_to_numbers": False}
    with Workbook(file, {**options, "default_format_properties": {"font_name": font, "font_size": 11}}) as book:
        book.set_properties({"created": made_at.replace(tzinfo=None), "title": text("Import into the ledger")})
        forms = _forms(book)
        first = book.add_worksheet("README" if language() == "en" else "はじめに")
        for sheet in sheets:
            written = book.add_worksheet(_name(sheet))
            _write_sheet(written, sheet, forms)
        _explain(first, sheets, forms)


def template_csv(sheet: Sheet) -> bytes:
    """A sheet as CSV, which spreadsheets take for UTF-8 by its mark, in the language spoken."""
    stream = StringIO(newline="")
    writer = csv.writer(stream)
    writer.writerow([_heading(column) for column in sheet.columns])
    writer.writerow(["" if cell is None else str(cell) for cell in map(_example, sheet.columns)])
    return stream.getvalue().encode("utf-8-sig")


def _forms(book: "Workbook") -> dict[str, "Format"]:
    """How each kind of cell looks."""
    day = "yyyy-mm-dd" if language() == "en" else 'yyyy"年"m"月"d"日"'
    heading = {"bold": True, "text_wrap": True, "valign": "vcenter", "border": 1, "border_color": "#8A97A6"}
    codes = {"text": "@", "day": day, "count": "#,##0", "amount": "#,##0.########"}
    example = {"italic": True, "font_color": "#5F6B78", "bg_color": "#F4F5F7"}
    forms = {
        "required": {**heading, "bg_color": "#1F4E79", "font_color": "#FFFFFF"},
        "optional": {**heading, "bg_color": "#E8EDF3"},
        "title": {"bold": True, "font_size": 16},
        "line": {"text_wrap": True, "valign": "top"},
        "link": {"font_color": "#1F4E79", "underline": 1, "valign": "top"},
        **{kind: {"num_format": code, **_aligned(kind)} for kind, code in codes.items()},
        **{f"example {kind}": {**example, "num_format": code, **_aligned(kind)} for kind, code in codes.items()},
    }
    return {name: book.add_format(properties) for name, properties in forms.items()}


def _aligned(form: str) -> dict[str, object]:
    """Days begin where texts do."""
    return {"align": "left"} if form == "day" else {}


def _write_sheet(written: "Worksheet", sheet: Sheet, forms: Mapping[str, "Format"]) -> None:
    written.set_row(0, 32)
    for number, column in enumerate(sheet.columns):
        form = _form(column)
        cell, heading = _example(column), _heading(column)
        written.write_string(0, number, heading, forms["required" if column.required else "optional"])
        _write_example(written, number, cell, forms[f"example {form}"])
        widest = max(
            _narrowest(column, number),
            min(WIDEST, max(_width(heading), _width("" if cell is None else str(cell))) + 2),
        )
        written.set_column(number, number, widest, forms[form])
        written.data_validation(1, number, ROWS, number, _offered(column))
    written.freeze_panes(1, 1)
    written.set_landscape()
    written.set_paper(PAPER_A4)
    written.fit_to_pages(1 if len(sheet.columns) <= COLUMNS_OF_A_PAGE else 2, 0)
    written.repeat_rows(0)
    written.repeat_columns(0, 1)
    written.set_header("&L&A")


def _narrowest(column: Column, number: int) -> int:
    if column.kind == "day" and language() != "en":
        return NARROWEST_DAY
    return NARROWEST_TEXT if column.kind == "text" and number else NARROWEST


def _write_example(written: "Worksheet", column: int, cell: object, form: "Format") -> None:
    match cell:
        case None:
            written.write_blank(1, column, None, form)
        case date():
            written.write_datetime(1, column, cell, form)
        case int():
            written.write_number(1, column, cell, form)
        case _:
            written.write_string(1, column, str(cell), form)


def _form(column: Column) -> str:
    return column.kind if column.kind in {"day", "count", "amount"} else "text"


def _offered(column: Column) -> dict[str, Any]:
    """What a spreadsheet offers and says where a cell is filled in; a day in words is let through."""
    says = {"input_title": _heading(column)[:LONGEST_TITLE], "input_message": _help(column)}
    if column.choices and column.kind == "choice":
        return {**says, "validate": "list", "source": _words(column)}
    if column.kind == "yes-no":
        return {**says, "validate": "list", "source": YES_NO[language()]}
    if column.kind == "day":
        between = {"criteria": "between", "minimum": FIRST_DAY, "maximum": LAST_DAY}
        return {**says, "validate": "date", **between, "error_type": "warning", "error_message": text(KINDS["day"])}
    if column.kind == "count":
        least = {"criteria": ">=", "value": 0, "error_message": text(KINDS["count"])}
        return {**says, "validate": "integer", **least}
    return {**says, "validate": "any"}


def _explain(written: "Worksheet", sheets: Sequence[Sheet], forms: Mapping[str, "Format"]) -> None:
    """Say how the workbook is filled in, and what each sheet is for."""
    written.hide_gridlines(2)
    written.set_column(0, 0, 26)
    written.set_column(1, 1, 92)
    written.write_string(0, 0, text("Import into the ledger"), forms["title"])
    row = 2
    for number, line in enumerate(EXPLAINED, start=1):
        written.write_string(row, 0, f"{number}. {text(line)}")
        row += 1
    row += 1
    for form, heading, says in (
        ("required", text("heading") + STAR, text("A column that has to be filled in: dark, with a star.")),
        ("optional", text("heading"), text("A column that may stay empty.")),
    ):
        written.write_string(row, 0, heading, forms[form])
        written.write_string(row, 1, says, forms["line"])
        row += 1
    row += 1
    for sheet in sheets:
        written.write_url(row, 0, f"internal:'{_name(sheet)}'!A1", forms["link"], _name(sheet))
        written.write_string(row, 1, text(sheet.says), forms["line"])
        row += 1
    written.set_landscape()
    written.set_paper(PAPER_A4)
    written.fit_to_pages(1, 0)


def _name(sheet: Sheet) -> str:
    return sheet.name if language() == "en" else sheet.japanese


def _heading(column: Column) -> str:
    return (column.heading if language() == "en" else column.japanese) + (STAR if column.required else "")


def _words(column: Column) -> list[str]:
    return [value if language() == "en" else words[0] for value, words in column.choices.items()]


def _help(column: Column) -> str:
    kind = "" if column.field == "example" else text(KINDS[column.kind])
    what = text(column.says) if column.says else ""
    words = text("Words: {words}.", words=text(", ").join(_words(column))) if column.kind == "choices" else ""
    return "\n".join(filter(None, (what, kind, words)))


def _example(column: Column) -> object:
    """The example of a column, in the language spoken; a day as a day."""
    if column.field == "example":
        return column.heading if language() == "en" else column.japanese
    if column.example is None or isinstance(column.example, int):
        return column.example
    word = str(column.example)
    if column.kind == "day":
        return day_from(word)
    if language() != "en" and word in column.choices:
        return column.choices[word][0]
    if column.kind == "yes-no":
        return YES_NO[language()][word == "no"]
    return text(word) if column.kind == "span" or column.field == "source" else word


def _width(shown: str) -> int:
    """Columns that a text takes; wide characters take two."""
    return sum(1 if each.isascii() else 2 for each in shown)
