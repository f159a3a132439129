"""Workbooks made to do harm, and what nobody saw: refused in words, or read without being believed."""

import io
import os
import struct
from collections.abc import Callable, Mapping
from pathlib import Path
from zipfile import ZIP_DEFLATED, ZipFile, ZipInfo

import openpyxl
import pytest
from openpyxl.worksheet.formula import ArrayFormula

from ledger import MalformedError
from ledger.exchange.sheets import workbook_parts, workbook_xml
from ledger.exchange.sheets.grid import letters
from tests.exchange.writing import (
    EXERCISED,
    EXERCISES,
    HEADINGS,
    ROW,
    SHEET,
    entries_of,
    packed,
    parts_of,
    plan_of,
    problems_of,
    text_cell,
    workbook,
)

BOOK = "hostile.xlsx"
ENTITIES = (
    '<!DOCTYPE worksheet [<!ENTITY a "aaaaaaaaaa">'
    + "".join(f'<!ENTITY {name} "{f"&{inside};" * 10}">' for name, inside in zip("bcdefghij", "abcdefghi", strict=True))
    + "]>"
)
FILE_ENTITY = '<!DOCTYPE worksheet [<!ENTITY a SYSTEM "file:///etc/passwd">]>'


def refused(file: Path) -> str:
    with pytest.raises(MalformedError) as found:
        plan_of(file)
    assert found.value.message.startswith(str(file))
    return found.value.message.removeprefix(f"{file} ").removeprefix(f"{file}: ")


def test_the_smallest_workbook_is_read(tmp_path: Path) -> None:
    assert entries_of(plan_of(packed(tmp_path / BOOK, parts_of()))) == EXERCISED[:1]


def test_a_part_that_unpacks_to_far_more_than_its_size(tmp_path: Path) -> None:
    bomb = b" " * (workbook_parts.RATIO_FROM + workbook_parts.AT_ONCE)
    parts = parts_of(b'<worksheet xmlns="x">' + bomb + b"</worksheet>")
    assert refused(packed(tmp_path / BOOK, parts)) == (
        "unpacks xl/worksheets/sheet1.xml to more than 200 times its size: it is refused"
    )


def test_sizes_that_lie(tmp_path: Path) -> None:
    """The archive says that its sheet unpacks to ten bytes: what comes out is counted, and it is not believed."""
    file = packed(tmp_path / BOOK, parts_of(b'<worksheet xmlns="x">' + b" " * 30_000_000 + b"</worksheet>"))
    content = bytearray(file.read_bytes())
    for header, offset in ((b"PK\x03\x04", 22), (b"PK\x01\x02", 24)):
        name = content.index(b"xl/worksheets/sheet1.xml", content.rindex(header) - 1)
        struct.pack_into("<I", content, content.rindex(header, 0, name) + offset, 10)
    file.write_bytes(content)
    assert refused(file).startswith("is damaged: xl/worksheets/sheet1.xml cannot be unpacked (Bad CRC-32")


def test_parts_that_are_the_same_bytes_under_many_names(tmp_path: Path) -> None:
    """They overlap: the archive is refused, or each of them is counted."""
    file = packed(tmp_path / BOOK, parts_of())
    with ZipFile(file, "a", ZIP_DEFLATED) as archive:
        [sheet] = [part for part in archive.infolist() if part.filename == "xl/worksheets/sheet1.xml"]
        for number in range(workbook_parts.MOST_PARTS):
            again = ZipInfo(f"xl/worksheets/sheet{number + 2}.xml")
            for field in ("header_offset", "compress_size", "file_size", "CRC", "compress_type"):
                setattr(again, field, getattr(sheet, field))
            archive.filelist.append(again)
        archive.writestr("last", b"")
    assert refused(file) == "has 2,005 parts; a workbook has at most 2,000"


def test_all_parts_together_are_bounded(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    file = packed(tmp_path / BOOK, parts_of())
    size = sum(len(each) for each in parts_of().values())
    monkeypatch.setattr(workbook_parts, "MOST_UNPACKED", size)
    assert entries_of(plan_of(file)) == EXERCISED[:1]
    monkeypatch.setattr(workbook_parts, "MOST_UNPACKED", size - 1)
    assert refused(file) == f"unpacks to more than {size - 1:,} bytes: split it"


@pytest.mark.parametrize("before", [ENTITIES, FILE_ENTITY, "<!DOCTYPE worksheet>"], ids=["laughs", "file", "doctype"])
@pytest.mark.parametrize("part", ["xl/worksheets/sheet1.xml", "xl/workbook.xml", "_rels/.rels"])
def test_entities(tmp_path: Path, before: str, part: str) -> None:
    parts = parts_of(SHEET.format(headings=HEADINGS, rows=ROW.format(2).replace("director-1", "&a;")))
    parts[part] = before.encode() + parts[part]
    assert refused(packed(tmp_path / BOOK, parts)) == (
        f"declares document types or entities in {part}, which no spreadsheet needs"
    )


def test_entities_in_utf_16(tmp_path: Path) -> None:
    parts = parts_of()
    sheet = parts["xl/worksheets/sheet1.xml"].decode()
    parts["xl/worksheets/sheet1.xml"] = f'<?xml version="1.0" encoding="UTF-16"?>{FILE_ENTITY}{sheet}'.encode("utf-16")
    assert "declares document types or entities" in refused(packed(tmp_path / BOOK, parts))


def test_links_to_other_files_are_not_followed(tmp_path: Path) -> None:
    parts = parts_of()
    parts["xl/_rels/workbook.xml.rels"] = parts["xl/_rels/workbook.xml.rels"].replace(
        b"</Relationships>",
        b'<Relationship Id="r2" Type="http://x/externalLink" Target="file:///etc/passwd" TargetMode="External"/>'
        b'<Relationship Id="r3" Type="http://x/sharedStrings" Target="http://127.0.0.1:9/x" TargetMode="External"/>'
        b"</Relationships>",
    )
    assert entries_of(plan_of(packed(tmp_path / BOOK, parts))) == EXERCISED[:1]


def test_a_sheet_that_is_said_to_be_outside(tmp_path: Path) -> None:
    parts = parts_of()
    relations = parts["xl/_rels/workbook.xml.rels"]
    parts["xl/_rels/workbook.xml.rels"] = relations.replace(b"worksheets/sheet1.xml", b"../../../../etc/passwd")
    assert refused(packed(tmp_path / BOOK, parts)) == "is damaged: it has no etc/passwd"


@pytest.mark.parametrize(
    "formula", ["=1+3", "=cmd|'/C calc'!A0", '=WEBSERVICE("http://127.0.0.1:9/")', "=[other.xlsx]A!B2"]
)
def test_a_formula_is_not_worked_out(tmp_path: Path, formula: str) -> None:
    rows = (EXERCISES[0], ("7", "director-1", formula, "2018-07-02"))
    assert problems_of(plan_of(workbook(tmp_path / BOOK, {"exercises": rows}))) == [
        "sheet exercises, row 2, column rights: is a formula, and is not worked out: paste its value in its place"
    ]


def test_a_formula_with_a_value_kept_and_one_over_many_cells(tmp_path: Path) -> None:
    row = ROW.format(2).replace("<v>4</v>", '<f t="shared" ref="C2:C3" si="0">A2*4</f><v>4</v>')
    file = packed(tmp_path / BOOK, parts_of(SHEET.format(headings=HEADINGS, rows=row)))
    assert "column rights: is a formula" in problems_of(plan_of(file))[0]
    book = openpyxl.Workbook()
    sheet = book.active
    sheet.title = "exercises"
    sheet.append(EXERCISES[0])
    sheet.append(EXERCISES[1])
    sheet["C2"] = ArrayFormula("C2:C2", "=SUM(A1:A9)")
    book.save(tmp_path / BOOK)
    assert "column rights: is a formula" in problems_of(plan_of(tmp_path / BOOK))[0]


def test_text_that_looks_like_a_formula_is_text(tmp_path: Path) -> None:
    row = ROW.format(2).replace("director-1", "=cmd|' /C calc'!A0")
    file = packed(tmp_path / BOOK, parts_of(SHEET.format(headings=HEADINGS, rows=row)))
    assert entries_of(plan_of(file)) == [{**EXERCISED[0], "holder": "=cmd|' /C calc'!A0"}]


@pytest.mark.parametrize("error", ["#REF!", "#N/A", "#DIV/0!"])
def test_an_error_in_a_cell(tmp_path: Path, error: str) -> None:
    row = ROW.format(2).replace('<c r="C2"><v>4</v>', f'<c r="C2" t="e"><v>{error}</v>')
    file = packed(tmp_path / BOOK, parts_of(SHEET.format(headings=HEADINGS, rows=row)))
    assert problems_of(plan_of(file)) == [
        f"sheet exercises, row 2, column rights: is the error {error}: mend it, or write its value"
    ]


def test_a_million_empty_rows(tmp_path: Path) -> None:
    rows = ROW.format(2) + "".join(
        f'<row r="{number}"><c r="A{number}" s="0"/></row>' for number in range(3, 1_048_576)
    )
    file = packed(tmp_path / BOOK, parts_of(SHEET.format(headings=HEADINGS, rows=rows + ROW.format(1_048_576))))
    assert entries_of(plan_of(file)) == [EXERCISED[0], EXERCISED[0]]


def test_a_cell_far_away(tmp_path: Path) -> None:
    far = f'<row r="1048576">{text_cell("XFD1048576", "x")}</row>'
    file = packed(tmp_path / BOOK, parts_of(SHEET.format(headings=HEADINGS, rows=ROW.format(2) + far)))
    assert problems_of(plan_of(file))[0] == (
        "sheet exercises, row 1: column XFD has cells with something in them, and no heading"
    )


def test_headings_without_end(tmp_path: Path) -> None:
    """Those beyond the first 300 columns are none: to compare all of them would take minutes."""
    more = "".join(text_cell(f"{letters(column)}1", f"rigths {column}") for column in range(5, 16_385))
    file = packed(tmp_path / BOOK, parts_of(SHEET.format(headings=HEADINGS + more, rows=ROW.format(2))))
    plan = plan_of(file)
    assert entries_of(plan) == EXERCISED[:1]
    assert len(plan.left_out) == 296


@pytest.mark.parametrize("place", ["XFE2", "A1048577", "A0", "2A", "A2:B3", "AAAA1", "A" * 1_000])
def test_a_place_that_no_sheet_has(tmp_path: Path, place: str) -> None:
    row = ROW.format(2).replace('r="A2"', f'r="{place}"')
    file = packed(tmp_path / BOOK, parts_of(SHEET.format(headings=HEADINGS, rows=row)))
    assert refused(file).startswith("is damaged: xl/worksheets/sheet1.xml cannot be read (")


def test_a_cell_or_a_row_twice(tmp_path: Path) -> None:
    for rows in (ROW.format(2) * 2, ROW.format(2).replace("</row>", f"{text_cell('B2', 'officer-1')}</row>")):
        file = packed(tmp_path / BOOK, parts_of(SHEET.format(headings=HEADINGS, rows=rows)))
        assert refused(file).startswith("is damaged: xl/worksheets/sheet1.xml cannot be read (row or column 2 after ")


def test_a_cell_with_two_values_shows_one_and_says_one(tmp_path: Path) -> None:
    row = ROW.format(2).replace("<v>4</v>", "<v>4</v><is><t>0</t></is>")
    file = packed(tmp_path / BOOK, parts_of(SHEET.format(headings=HEADINGS, rows=row)))
    assert entries_of(plan_of(file)) == EXERCISED[:1]
    row = ROW.format(2).replace("<v>4</v>", "<v>4</v><v>0</v>")
    assert "two values in row 2, column 3" in refused(
        packed(tmp_path / BOOK, parts_of(SHEET.format(headings=HEADINGS, rows=row)))
    )


@pytest.mark.parametrize("number", ["1e400", "nan", "0x10", "9" * 401, "1_000", "--1"])
def test_numbers_that_are_none(tmp_path: Path, number: str) -> None:
    row = ROW.format(2).replace("<v>4</v>", f"<v>{number}</v>")
    file = packed(tmp_path / BOOK, parts_of(SHEET.format(headings=HEADINGS, rows=row)))
    [problem] = problems_of(plan_of(file))
    assert problem.startswith("sheet exercises, row 2, column rights: is ")


def made(change: Callable[[openpyxl.Workbook], object]) -> Callable[[Path], Path]:
    def make(file: Path) -> Path:
        workbook(file, {"exercises": EXERCISES, "other": (("a",),)})
        book = openpyxl.load_workbook(file)
        change(book)
        book.save(file)
        return file

    return make


UNSEEN: Mapping[str, tuple[Callable[[openpyxl.Workbook], object], str]] = {
    "sheet": (
        lambda book: setattr(book["exercises"], "sheet_state", "hidden"),
        "sheet exercises: is hidden: unhide the sheet, or remove it",
    ),
    "very hidden": (
        lambda book: setattr(book["exercises"], "sheet_state", "veryHidden"),
        "sheet exercises: is hidden: unhide the sheet, or remove it",
    ),
    "row": (
        lambda book: setattr(book["exercises"].row_dimensions[3], "hidden", True),
        "sheet exercises, row 3: is hidden, perhaps by a filter: unhide the row, or remove it",
    ),
    "column": (
        lambda book: setattr(book["exercises"].column_dimensions["B"], "hidden", True),
        "sheet exercises, row 1, column holder: is hidden: unhide the column, or remove it",
    ),
    "merged": (
        lambda book: book["exercises"].merge_cells("B2:B3"),
        "sheet exercises, row 2: the cells B2:B3 are merged: unmerge them, and fill in each",
    ),
}


@pytest.mark.parametrize("how", UNSEEN)
def test_what_nobody_saw_is_not_read(tmp_path: Path, how: str) -> None:
    change, says = UNSEEN[how]
    assert says in problems_of(plan_of(made(change)(tmp_path / BOOK)))


@pytest.mark.parametrize("change", [
    lambda book: setattr(book["other"], "sheet_state", "hidden"),
    lambda book: setattr(book["exercises"].row_dimensions[9], "hidden", True),
    lambda book: setattr(book["exercises"].column_dimensions["F"], "hidden", True),
    lambda book: book["exercises"].merge_cells("A9:B9"),
    lambda book: book["exercises"].merge_cells("F1:G3"),
])  # fmt: skip
def test_what_is_hidden_or_merged_and_empty_hides_nothing(
    tmp_path: Path, change: Callable[[openpyxl.Workbook], object]
) -> None:
    assert entries_of(plan_of(made(change)(tmp_path / BOOK))) == EXERCISED


def test_a_merged_title_above_the_headings(tmp_path: Path) -> None:
    file = workbook(tmp_path / BOOK, {"exercises": (("Exercises of 2018",), *EXERCISES)})
    book = openpyxl.load_workbook(file)
    book["exercises"].merge_cells("A1:D1")
    book.save(file)
    assert entries_of(plan_of(file)) == EXERCISED


def test_limits_of_a_sheet(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    file = workbook(tmp_path / BOOK, {"exercises": EXERCISES})
    for limit, there in (("MOST_ROWS", 3), ("MOST_CELLS", 12)):
        with monkeypatch.context() as patch:
            patch.setattr(workbook_xml, limit, there)
            assert entries_of(plan_of(file)) == EXERCISED
            patch.setattr(workbook_xml, limit, there - 1)
            assert "in sheet exercises: split it" in refused(file)


def ole(inside: bytes) -> bytes:
    return b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(504) + inside


def archive(**parts: bytes) -> bytes:
    stream = io.BytesIO()
    with ZipFile(stream, "w") as made_:
        for name, content in parts.items():
            made_.writestr(name.replace("__", "/").replace("_rels_", "_rels/.rels"), content)
    return stream.getvalue()


OTHERS = {
    ".xls": (ole(b""), "is a workbook of the old kind (.xls): save it as .xlsx"),
    "locked": (ole("EncryptedPackage".encode("utf-16-le")), "is locked by a password: save it without one"),
    ".ods": (
        archive(mimetype=b"application/vnd.oasis.opendocument.spreadsheet"),
        "is a document of OpenDocument (.ods)",
    ),
    ".zip": (archive(a=b""), "is an archive, and no workbook: save it as .xlsx or .csv"),
    "empty zip": (archive(), "is an archive, and no workbook"),
    "empty": (b"", "is empty"),
    "blank": (b" \r\n", "is empty"),
    ".pdf": (b"%PDF-1.7 ...", "is a PDF: its tables have to be put into a workbook first"),
    ".html": (b"<html><table></table>", "is a page of the web or XML, whatever its name says"),
    ".jsonl": (b'{"type": "death"}', "holds JSON: `rights record"),
    "NUL": (b"series,holder\0,rights,on", "is no CSV: it holds the character U+0000"),
}


@pytest.mark.parametrize("what", OTHERS)
def test_what_is_no_workbook_is_told_by_what_it_is(tmp_path: Path, what: str) -> None:
    content, says = OTHERS[what]
    file = tmp_path / "file.xlsx"
    file.write_bytes(content)
    assert says in refused(file)


def test_a_workbook_cut_short_at_any_place_is_no_traceback(tmp_path: Path) -> None:
    whole = workbook(tmp_path / BOOK, {"exercises": EXERCISES}).read_bytes()
    for length in range(4, len(whole), 97):
        (tmp_path / BOOK).write_bytes(whole[:length])
        assert refused(tmp_path / BOOK)


def test_a_bit_turned_in_any_byte_is_no_traceback(tmp_path: Path) -> None:
    whole = workbook(tmp_path / BOOK, {"exercises": EXERCISES}).read_bytes()
    outcomes = set()
    for at in range(0, len(whole), 61):
        (tmp_path / BOOK).write_bytes(whole[:at] + bytes([whole[at] ^ 0x10]) + whole[at + 1 :])
        try:
            plan_of(tmp_path / BOOK)
            outcomes.add("read")
        except MalformedError as error:
            outcomes.add(error.code)
    assert outcomes == {"read", "malformed"}


def test_a_folder_and_a_file_that_is_not_there(tmp_path: Path) -> None:
    assert refused(tmp_path) == "Is a directory"
    assert refused(tmp_path / "none.xlsx") == "No such file or directory"


def test_a_pipe_that_nobody_writes_into_is_empty(tmp_path: Path) -> None:
    os.mkfifo(tmp_path / "july.csv")
    assert refused(tmp_path / "july.csv") == "is empty"


@pytest.mark.timeout(25)
def test_a_comment_without_end_is_not_looked_through_again_and_again(tmp_path: Path) -> None:
    """In pieces of 64 KB it took more than a minute."""
    file = packed(tmp_path / BOOK, {**parts_of(), "xl/worksheets/sheet1.xml": b"<worksheet><!--" + b" " * 150_000_000})
    assert "times its size: it is refused" in refused(file)


def test_names_twice_in_the_archive(tmp_path: Path) -> None:
    file = packed(tmp_path / BOOK, {**parts_of(), "XL/Workbook.xml": b""})
    assert refused(file) == "has two parts of one name: it is no workbook that a spreadsheet program wrote"


def test_compression_that_nobody_knows(tmp_path: Path) -> None:
    file = packed(tmp_path / BOOK, parts_of())
    content = bytearray(file.read_bytes())
    name = content.rindex(b"xl/workbook.xml")
    struct.pack_into("<H", content, content.rindex(b"PK\x01\x02", 0, name) + 10, 97)
    file.write_bytes(content)
    assert "xl/workbook.xml cannot be unpacked" in refused(file)


def test_xml_that_is_none(tmp_path: Path) -> None:
    assert "xl/worksheets/sheet1.xml is no XML" in refused(packed(tmp_path / BOOK, parts_of(b"<worksheet>")))
