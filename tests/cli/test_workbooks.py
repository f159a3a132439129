"""`--xlsx`: workbooks, read again by openpyxl and by LibreOffice."""

import csv
import io
import os
import shutil
import subprocess
import zipfile
from datetime import date
from datetime import datetime as moment
from pathlib import Path
from typing import Any

import pytest
from openpyxl import load_workbook
from openpyxl.cell.cell import Cell

from ledger.reports.cells import Yen
from ledger.reports.language import spoken
from ledger.reports.workbook import Sheet, write_workbook
from tests.cli.terminal import Rights, Told

OFFICE = shutil.which("soffice")
needs_office = pytest.mark.skipif(
    OFFICE is None and not os.environ.get("CI"),
    reason="NO LIBREOFFICE ON THE PATH: no workbook was opened in it (apt-get install libreoffice-calc-nogui)",
)

HOSTILE = (
    *("=1+1", "+1", "-1", "@SUM(A1)", "=cmd|' /C calc'!A0", "＝1+1", "\t=1", "'=1", "http://example.invalid/", "1e5"),
    *("_x0041_", "a\nb", "a\x00\x1bb", "\u202eturned", "&amp;<b>", "0012", "2018-07-09", "TRUE"),
    *("x" * 40_000, "𠮷" * 20_000),
)  # fmt: skip


def at(year: int, month: int, day: int, hour: int = 0, minute: int = 0) -> moment:
    """A time of no zone: workbooks know none."""
    return moment(year, month, day, hour, minute)  # noqa: DTZ001


def sheet_of(file: Path, number: int = 0) -> list[list[Any]]:
    return [[cell.value for cell in row] for row in load_workbook(file).worksheets[number].iter_rows()]


def cells_of(file: Path, number: int = 0) -> list[Cell]:
    return [cell for row in load_workbook(file).worksheets[number].iter_rows() for cell in row]


def written(file: Path, *rows: tuple[object, ...], title: str = "Table", language: Any = "en") -> Path:
    headings = [f"column {number}" for number in range(len(rows[0]))]
    with spoken(language):
        write_workbook(file, [Sheet(title, headings, rows)], about={"What": title}, made_at=at(2026, 11, 22, 9, 0))
    return file


AS_SHOWN = "csv:Text - txt - csv (StarCalc):44,34,76,1,,0,false,true,true,false,false,1"


def in_office(file: Path, folder: Path) -> list[list[str]]:
    """The first sheet as LibreOffice shows it."""
    assert OFFICE is not None, "CI is set, and no workbook was opened in LibreOffice"
    subprocess.run(
        [OFFICE, f"-env:UserInstallation={(folder / 'office').as_uri()}", "--headless", "--convert-to",
         AS_SHOWN, "--outdir", str(folder / "out"), str(file)],
        check=True, capture_output=True, timeout=300, env={**os.environ, "HOME": str(folder)},
    )  # fmt: skip
    (made,) = (folder / "out").iterdir()
    return list(csv.reader(io.StringIO(made.read_text(encoding="utf-8"))))


def test_the_table_is_the_one_that_is_printed(demo_ledger: Rights) -> None:
    asked = ("exercises", "--series", "2014")
    told = demo_ledger(*asked, "--xlsx", "exercises.xlsx")
    assert told == Told(0, "exercises.xlsx is written.\n", "")
    assert sheet_of(Path("exercises.xlsx")) == [
        ["version", "series", "holder", "on", "rights", "shares", "payment", "capital", "reserve"],
        [42, "2014", "director-2", at(2018, 7, 2), 13, 2600, 2600, 2748200, 2748200],
        [47, "2014", "heir-1 (heir of director-4)", at(2020, 9, 15), 13, 2600, 2600, 2748200, 2748200],
        [None, None, "total", None, 26, 5200, 5200, 5496400, 5496400],
    ]
    assert demo_ledger(*asked).out.count("total") == 1


def test_cells_are_typed_and_shown_as_people_expect(demo_ledger: Rights) -> None:
    demo_ledger("exercises", "--xlsx", "a.xlsx")
    demo_ledger("exercises", "--xlsx", "b.xlsx", "--lang", "ja")
    english, japanese = (load_workbook(name).worksheets[0][2] for name in ("a.xlsx", "b.xlsx"))
    assert [cell.data_type for cell in english] == ["n", "s", "s", "d", "n", "n", "n", "n", "n"]
    assert [english[i].number_format for i in (3, 4, 6)] == ["yyyy-mm-dd", "#,##0", '"¥"#,##0']
    assert [japanese[i].number_format for i in (3, 4, 6)] == ['yyyy"年"m"月"d"日"', "#,##0", '#,##0"円"']
    assert [cell.value for cell in english] == [cell.value for cell in japanese]


def test_it_is_ready_to_print_and_its_header_stays(demo_ledger: Rights) -> None:
    demo_ledger("series", "--as-of", "2018-07-02", "--xlsx", "series.xlsx")
    book = load_workbook("series.xlsx")
    assert book.sheetnames == ["Series", "Terms", "About"]
    for sheet in book.worksheets[:2]:
        assert sheet.freeze_panes == "A2"
        assert sheet.print_title_rows == "$1:$1"
        assert (sheet.page_setup.orientation, sheet.page_setup.paperSize) == ("landscape", 9)
        assert (sheet.sheet_properties.pageSetUpPr.fitToPage, sheet.page_setup.fitToHeight) == (True, 0)
        assert sheet.oddHeader.left.text == "Series as of 2018-07-02 · ledger iij at version 49"
        assert sheet.oddFooter.right.text == "&P / &N"
        assert sheet.auto_filter.ref is not None


def test_the_last_sheet_says_what_it_is_of_and_what_proves_it(demo_ledger: Rights) -> None:
    demo_ledger(
        "holdings", "--as-of", "2018-07-02", "--known-at", "2027-01-01", "--xlsx", "holdings.xlsx", "--lang", "ja"
    )
    answer = demo_ledger("holdings", "--as-of", "2018-07-02", "--known-at", "2027-01-01", "--json").json
    assert sheet_of(Path("holdings.xlsx"), -1) == [
        ["表の内容", "保有状況（2018年7月2日現在、2027年1月1日までの記録による）・台帳「iij」第49版"],
        ["台帳", "iij"],
        ["基準日", at(2018, 7, 2)],
        ["記録の時点", "2027年1月1日"],
        ["版", 49],
        ["ルート", answer["root"]],
        ["遅れた記録の件数", answer["backdated"]],
    ]


def test_reasons_have_a_sheet_of_their_own(demo_ledger: Rights) -> None:
    demo_ledger("eligibility", "--on", "2018-07-02", "--holder", "director-2", "--why", "--xlsx", "why.xlsx")
    because = demo_ledger("eligibility", "--on", "2018-07-02", "--holder", "director-2", "--why", "--json").json["rows"]
    book = load_workbook("why.xlsx")
    assert book.sheetnames == ["Eligibility", "Reasons", "About"]
    _, *rows = sheet_of(Path("why.xlsx"), 1)
    assert [row[2:] for row in rows] == [
        [reason["item"], reason["says"], reason["version"]] for row in because for reason in row["because"]
    ]


def test_an_answer_without_rows(new_ledger: Rights) -> None:
    assert new_ledger("holdings", "--xlsx", "none.xlsx").code == 0
    assert sheet_of(Path("none.xlsx")) == [["series", "holder", "outstanding", "per right", "shares"]]


def test_a_history_has_a_name_that_excel_allows(demo_ledger: Rights) -> None:
    demo_ledger("history", "--xlsx", "history.xlsx")
    assert load_workbook("history.xlsx").sheetnames[0] == "Entries"
    assert sheet_of(Path("history.xlsx"))[1][1].year == 2026


def test_no_text_becomes_anything_else(tmp_path: Path) -> None:
    file = written(tmp_path / "hostile.xlsx", *[(text,) for text in HOSTILE], title="[a]:*?/\\'b" * 9)
    _, *cells = cells_of(file)
    assert {cell.data_type for cell in cells} == {"s"}
    assert all(cell.hyperlink is None for cell in cells)
    values = {str(cell.value) for cell in cells}
    assert {"=1+1", "=cmd|' /C calc'!A0", "http://example.invalid/", "0012", "2018-07-09", "TRUE"} <= values
    assert "a\\u{0}\\u{1b}b" in values
    assert "\\u{202e}turned" in values
    assert all(len(value) <= 32_767 for value in values)
    for name in zipfile.ZipFile(file).namelist():
        assert b"<f>" not in zipfile.ZipFile(file).read(name), name
    assert len(load_workbook(file).sheetnames[0]) <= 31


def test_numbers_keep_all_their_digits(tmp_path: Path) -> None:
    row = (10**15 - 1, 10**15, -5, Yen("126.28"), Yen(10**16), Yen("0.1234567890123456"), Yen(0), 0, True)
    file = written(tmp_path / "numbers.xlsx", row)
    assert sheet_of(file)[1] == [
        *(999_999_999_999_999, "1,000,000,000,000,000", -5, 126.28, "¥10,000,000,000,000,000"),
        *("¥0.1234567890123456", 0, 0, "True"),
    ]


def test_days_before_spreadsheets_count_are_text(tmp_path: Path) -> None:
    file = written(tmp_path / "days.xlsx", (date(1900, 2, 28), date(1900, 3, 1), date(9999, 12, 31), None, ""))
    assert sheet_of(file)[1] == ["1900-02-28", at(1900, 3, 1), at(9999, 12, 31), None, None]


@needs_office
def test_libreoffice_reads_the_same(demo_ledger: Rights, folder: Path) -> None:
    demo_ledger("exercises", "--xlsx", "exercises.xlsx", "--lang", "ja")
    heading, first, *_, total = in_office(folder / "exercises.xlsx", folder)
    assert heading[:3] == ["版", "回号", "保有者"]
    assert first == [
        *("42", "2014", "director-2", "2018年7月2日", "13", "2,600", "2,600円", "2,748,200円", "2,748,200円"),
    ]
    assert total[2] == "合計"


@needs_office
def test_libreoffice_finds_no_formula(tmp_path: Path) -> None:
    file = written(tmp_path / "hostile.xlsx", *[(text,) for text in HOSTILE[:10]])
    _, *rows = in_office(file, tmp_path)
    assert [row[0] for row in rows] == list(HOSTILE[:10])


def test_a_file_that_is_there_is_not_replaced_unasked(demo_ledger: Rights) -> None:
    assert demo_ledger("holdings", "--xlsx", "a.xlsx").code == 0
    told = demo_ledger("series", "--xlsx", "a.xlsx")
    assert (told.code, told.sentence) == (2, "rights: malformed: a.xlsx is there already; --force replaces it")
    assert demo_ledger("series", "--xlsx", "a.xlsx", "--force").code == 0
    assert load_workbook("a.xlsx").sheetnames[0] == "Series"
    Path("letter.xlsx").write_text("Dear Sir", encoding="utf-8")
    assert demo_ledger("series", "--xlsx", "letter.xlsx", "--force").code == 2
    assert Path("letter.xlsx").read_text(encoding="utf-8") == "Dear Sir"
    with zipfile.ZipFile("letter.docx", "w") as letter:
        letter.writestr("word/document.xml", "Dear Sir")
    told = demo_ledger("series", "--xlsx", "letter.docx", "--force")
    assert told.sentence == "rights: malformed: letter.docx is no workbook, and is not replaced: name another file"
    assert zipfile.ZipFile("letter.docx").namelist() == ["word/document.xml"]


@pytest.mark.parametrize(("options", "sentence"), [
    (("--csv", "--xlsx", "a.xlsx"), "--csv and --xlsx cannot both be had"),
    (("--force",), "--force replaces a file that is there: name it, as with --xlsx"),
    (("--all-ledgers", "--xlsx", "a.xlsx"), "--xlsx is of one ledger: --format csv or parquet is of all"),
    (("--xlsx", "nowhere/a.xlsx"), "nowhere/a.xlsx cannot be made: there is no folder nowhere"),
], ids=str)  # fmt: skip
def test_what_does_not_go_together(small_ledger: Rights, options: tuple[str, ...], sentence: str) -> None:
    told = small_ledger("holdings", *options)
    assert (told.code, told.sentence) == (2, f"rights: malformed: {sentence}")
    assert not Path("a.xlsx").exists()
