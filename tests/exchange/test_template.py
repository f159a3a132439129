"""The template: what is in it, that its example is never recorded, and that it is read back in both languages."""

import csv
import io
import json
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import openpyxl
import pytest

from ledger.domain.entries import KINDS
from ledger.domain.wellformed import entry_from
from ledger.exchange.sheets.columns import Sheet
from ledger.exchange.sheets.headings import column_of
from ledger.exchange.sheets.kinds import SHEETS
from ledger.exchange.sheets.rows import content_of, example_of
from ledger.exchange.sheets.template import template_csv, write_template_workbook
from ledger.reports.language import Language, spoken
from tests.exchange.writing import cell_of, entries_of, plan_of, problems_of, worth

AT = datetime(2026, 11, 22, 3, tzinfo=UTC)
LANGUAGES: tuple[Language, ...] = ("en", "ja")
SAMPLES = Path(__file__).parents[1] / "samples"
IDS = [sheet.name for sheet in SHEETS]
OF_ENTRIES = [sheet for sheet in SHEETS if sheet.kind is not None]


def template(file: Path, language: Language = "en") -> Path:
    with spoken(language):
        write_template_workbook(file, SHEETS, made_at=AT)
    return file


def test_there_is_a_sheet_for_every_kind_but_retractions() -> None:
    assert sorted(filter(None, (sheet.kind for sheet in SHEETS))) == sorted({*KINDS} - {"retraction"})


@pytest.mark.parametrize(
    "sheet", [each for each in SHEETS if each.kind], ids=[each.name for each in SHEETS if each.kind]
)
def test_every_field_of_an_entry_can_be_said(sheet: Sheet) -> None:
    """The samples have every field; of the terms all are said in a sample that has them all."""
    sample = json.loads((SAMPLES / f"{sheet.kind}.json").read_text(encoding="utf-8"))
    said = {column.field.split(".")[0] for column in sheet.columns} - {"example"}
    assert said | {"type"} == sample.keys()


@pytest.mark.parametrize("sheet", SHEETS, ids=IDS)
def test_headings_mean_one_column_each(sheet: Sheet) -> None:
    for column in sheet.columns:
        for word in (column.heading, column.japanese, *column.synonyms):
            found = column_of(word, sheet)
            assert found is column, f"{word} means {found.heading if found else None}"


@pytest.mark.parametrize(
    "sheet", [each for each in SHEETS if each.kind], ids=[each.name for each in SHEETS if each.kind]
)
def test_the_example_is_an_entry(sheet: Sheet) -> None:
    entry_from(content_of(sheet, example_of(sheet)))
    assert {column.field for column in sheet.columns if column.required} <= example_of(sheet).keys()


@pytest.mark.parametrize("language", LANGUAGES)
def test_a_template_that_nobody_filled_in_records_nothing(tmp_path: Path, language: Language) -> None:
    plan = plan_of(template(tmp_path / "a.xlsx", language))
    assert (plan.entries, plan.people, plan.problems, plan.left_out) == ((), (), (), ())


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("sheet", SHEETS, ids=IDS)
def test_a_template_of_one_sheet_as_csv(tmp_path: Path, language: Language, sheet: Sheet) -> None:
    with spoken(language):
        content = template_csv(sheet)
    (tmp_path / "a.csv").write_bytes(content)
    assert content.startswith(b"\xef\xbb\xbf")
    headings, _ = csv.reader(io.StringIO(content.decode("utf-8-sig"), newline=""))
    assert [each.endswith(" *") for each in headings] == [column.required for column in sheet.columns]
    plan = plan_of(tmp_path / "a.csv")
    assert (plan.entries, plan.people, plan.problems, plan.left_out) == ((), (), (), ())


@pytest.mark.parametrize("language", LANGUAGES)
def test_an_example_without_its_mark_or_changed_is_a_problem(tmp_path: Path, language: Language) -> None:
    file = template(tmp_path / "a.xlsx", language)
    book = openpyxl.load_workbook(file)
    exercises, waivers = ("exercises", "waivers") if language == "en" else ("行使", "放棄")
    book[exercises]["A2"] = None
    book[waivers]["C2"] = "director-1"
    book.save(file)
    mark = "example" if language == "en" else "例"
    assert problems_of(plan_of(file)) == [
        f"sheet {exercises}, row 2: is the template's example: delete the row, or write your own facts into it",
        f"sheet {waivers}, row 2, column {mark}: is marked as an example, and is not the template's any more: clear the"
        " mark to record the row, or delete the row",
    ]


def test_an_example_that_was_changed_and_its_mark_cleared_is_a_fact(tmp_path: Path) -> None:
    file = template(tmp_path / "a.xlsx")
    book = openpyxl.load_workbook(file)
    sheet = book["exercises"]
    sheet["A2"], sheet["B2"], sheet["C2"] = None, "7", "director-1"
    book.save(file)
    fact = {"type": "exercise", "series": "7", "holder": "director-1", "rights": 10, "on": "2026-06-26"}
    assert entries_of(plan_of(file)) == [{**fact, "source": "Minutes of the board, 26 June 2026"}]


@pytest.mark.parametrize("language", LANGUAGES)
def test_a_template_that_is_filled_in_makes_the_entries(tmp_path: Path, language: Language) -> None:
    """One of every kind, with every field, as the samples have them."""
    file = template(tmp_path / "a.xlsx", language)
    book = openpyxl.load_workbook(file)
    written: list[dict[str, Any]] = []
    for sheet in OF_ENTRIES:
        sample = json.loads((SAMPLES / f"{sheet.kind}.json").read_text(encoding="utf-8"))
        written.append(sample)
        page = book[sheet.name if language == "en" else sheet.japanese]
        for number, column in enumerate(sheet.columns, start=1):
            value = cell_of(column, sample)
            if language == "ja" and value in column.choices:
                value = column.choices[str(value)][0]
            page.cell(3, number, value)
    book.save(file)
    plan = plan_of(file)
    assert problems_of(plan) == []
    found = {str(each.entry["type"]): entry_from(worth(dict(each.entry))) for each in plan.entries}
    assert found == {str(each["type"]): entry_from(worth(each)) for each in written}


@pytest.mark.parametrize("language", LANGUAGES)
def test_what_a_sheet_offers(tmp_path: Path, language: Language) -> None:
    book = openpyxl.load_workbook(template(tmp_path / "a.xlsx", language))
    page = book["departures" if language == "en" else "退任"]
    lists = [each.formula1 for each in page.data_validations.dataValidation if each.type == "list"]
    words = "retirement,resignation,dismissal,other" if language == "en" else "退任,辞任,解任,その他"
    assert lists == [f'"{words}"']
    days = [str(each.sqref) for each in page.data_validations.dataValidation if each.type == "date"]
    assert days == ["C2:C5001"]
    assert page.freeze_panes == "B2"
    assert [cell.font.b for cell in page[1]] == [True] * len(page[1])
    required = [cell.fill.fgColor.rgb for cell in page[1] if cell.value.endswith("*")]
    assert required == ["FF1F4E79"] * 2
    assert book.sheetnames[0] == ("README" if language == "en" else "はじめに")
    assert book.sheetnames[1:] == [each.name if language == "en" else each.japanese for each in SHEETS]


def test_days_in_japanese_fit_their_columns(tmp_path: Path) -> None:
    written = openpyxl.load_workbook(template(tmp_path / "a.xlsx", "ja"))["株式分割"]
    [letter] = [cell.column_letter for cell in written[1] if str(cell.value).startswith("基準日")]
    assert written.column_dimensions[letter].width >= 16
