"""Workbooks and CSV files written for tests: by a spreadsheet library, or part by part where none would write them."""

import csv
import io
import json
from collections.abc import Iterable, Mapping, Sequence
from datetime import date
from decimal import Decimal
from pathlib import Path
from typing import Any
from zipfile import ZIP_DEFLATED, ZipFile

import openpyxl

from ledger.exchange.plan import Plan
from ledger.exchange.sheets.columns import Column, Sheet
from ledger.exchange.sheets.kinds import BY_KIND
from ledger.exchange.sheets.reading import sheet_plan

TODAY = date(2026, 11, 22)
Rows = Sequence[Sequence[object]]

EXERCISES: Rows = (
    ("series", "holder", "rights", "on"),
    ("7", "director-1", 4, date(2018, 7, 2)),
    ("7", "director-1", 20, date(2018, 7, 8)),
)
"""Two exercises."""

EXERCISED: list[dict[str, Any]] = [
    {"type": "exercise", "series": "7", "holder": "director-1", "rights": 4, "on": "2018-07-02"},
    {"type": "exercise", "series": "7", "holder": "director-1", "rights": 20, "on": "2018-07-08"},
]
"""The same as entries, without their ids."""


def workbook(file: Path, sheets: Mapping[str, Rows]) -> Path:
    """A workbook of sheets."""
    book = openpyxl.Workbook()
    book.remove(book.active)
    for name, rows in sheets.items():
        sheet = book.create_sheet(name)
        for row in rows:
            sheet.append(list(row))
    book.save(file)
    return file


def csv_file(file: Path, rows: Iterable[Sequence[object]], encoding: str = "utf-8", delimiter: str = ",") -> Path:
    """A CSV file."""
    stream = io.StringIO(newline="")
    csv.writer(stream, delimiter=delimiter).writerows(rows)
    file.write_bytes(stream.getvalue().encode(encoding))
    return file


def plan_of(file: Path, sheet: str | None = None) -> Plan:
    return sheet_plan(file, today=TODAY, sheet=sheet)


def entries_of(plan: Plan) -> list[dict[str, Any]]:
    """The entries of a plan that has no problems, without their ids."""
    assert list(map(str, plan.problems)) == []
    return [{key: value for key, value in each.entry.items() if key != "id"} for each in plan.entries]


def problems_of(plan: Plan) -> list[str]:
    return list(map(str, plan.problems))


def cell_of(column: Column, content: Mapping[str, Any]) -> object:
    """What a person would write into a column for an entry; None for nothing."""
    found: Any = content
    for name in column.field.split("."):
        if not isinstance(found, Mapping) or name not in found:
            return None
        found = found[name]
    if found is None:  # no limit, nothing passes on; of positions the default
        return "none" if column.kind == "span" else None
    match column.kind:
        case "span":
            length = found.get("window", {"months": 6}) if "inheritance" in column.field else found
            [(unit, count)] = length.items()
            return f"{count} {unit}"
        case "names" | "pairs" | "json":
            return json.dumps(found, ensure_ascii=False)
        case "choices":
            return ", ".join(found)
        case "yes-no":
            return "yes" if found else "no"
        case "day":
            return date.fromisoformat(found)
        case _:
            return found


def rows_of(contents: Iterable[Mapping[str, Any]]) -> dict[str, list[list[object]]]:
    """Entries as rows, by the name of the sheet."""
    found: dict[str, list[list[object]]] = {}
    for content in contents:
        sheet: Sheet = BY_KIND[content["type"]]
        rows = found.setdefault(sheet.name, [[column.heading for column in sheet.columns]])
        rows.append([cell_of(column, content) for column in sheet.columns])
    return found


AMOUNTS = ("price_per_share", "price_per_right", "exercise_price")


def worth(content: Any) -> Any:
    """A JSON value whose amounts are written one way: 2113, "2113" and "2113.0" are one."""
    if not isinstance(content, dict):
        return content
    return {
        key: f"{Decimal(str(value)).normalize():f}" if key in AMOUNTS else worth(value)
        for key, value in content.items()
    }


SHEET = '<sheetData><row r="1">{headings}</row>{rows}</sheetData>'
MAIN = "http://schemas.openxmlformats.org/spreadsheetml/2006/main"
RELATIONS = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
PACKAGE = "http://schemas.openxmlformats.org/package/2006/relationships"


def text_cell(place: str, text: str) -> str:
    return f'<c r="{place}" t="inlineStr"><is><t>{text}</t></is></c>'


HEADINGS = "".join(
    text_cell(f"{letter}1", text) for letter, text in zip("ABCD", ("series", "holder", "rights", "on"), strict=True)
)
ROW = (
    '<row r="{0}">'
    + text_cell("A{0}", "7")
    + text_cell("B{0}", "director-1")
    + '<c r="C{0}"><v>4</v></c>'
    + text_cell("D{0}", "2018-07-02")
    + "</row>"
)


def parts_of(
    inside: str | bytes = SHEET.format(headings=HEADINGS, rows=ROW.format(2)),
    *,
    name: str = "exercises",
    state: str = "visible",
    properties: str = "",
    before: str = "",
) -> dict[str, bytes]:
    """The parts of a workbook of one sheet, by name. inside: what is in the sheet. before: what its XML begins with."""
    worksheet = (
        inside if isinstance(inside, bytes) else f'{before}<worksheet xmlns="{MAIN}">{inside}</worksheet>'.encode()
    )
    return {
        "_rels/.rels": f'<Relationships xmlns="{PACKAGE}"><Relationship Id="r1" Type="{RELATIONS}/officeDocument"'
        ' Target="xl/workbook.xml"/></Relationships>'.encode(),
        "xl/workbook.xml": f'<workbook xmlns="{MAIN}" xmlns:r="{RELATIONS}">{properties}<sheets><sheet name="{name}"'
        f' sheetId="1" state="{state}" r:id="r1"/></sheets></workbook>'.encode(),
        "xl/_rels/workbook.xml.rels": f'<Relationships xmlns="{PACKAGE}"><Relationship Id="r1"'
        f' Type="{RELATIONS}/worksheet" Target="worksheets/sheet1.xml"/></Relationships>'.encode(),
        "xl/worksheets/sheet1.xml": worksheet,
    }


def packed(file: Path, parts: Mapping[str, bytes]) -> Path:
    """A workbook of these parts."""
    with ZipFile(file, "w", ZIP_DEFLATED) as archive:
        for name, content in parts.items():
            archive.writestr(name, content)
    return file
