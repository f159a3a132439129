"""Whatever stands in a register or in a file of figures, it is read, or refused as malformed in one sentence."""

from datetime import date
from pathlib import Path

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from ledger.book import Book
from ledger.domain.errors import LedgerError, MalformedError
from ledger.exchange.registers.asserting import check
from ledger.exchange.registers.lines import TOTALS, WORDS, register_in
from ledger.exchange.registers.reading import register_of
from ledger.exchange.registers.reconciling import reconciliation
from ledger.exchange.sheets.csv_reading import grid_of
from tests.properties.asking import new_book
from tests.scenario import allotted, issue, series_7

DAY = date(2018, 1, 1)
headings = st.sampled_from([each for words in WORDS.values() for each in words]) | st.text(max_size=5)
cells = (
    st.text(max_size=12)
    | st.integers(-3, 2**60).map(str)
    | st.sampled_from(
        ["director-1", "7", "8", "第7回", "IIJ Inc.", "24", "２４個", "\u202e", "'=1", "", *sorted(TOTALS)]
    )
)
words = st.sampled_from([
    "as of", "2018-01-01", "known at", "version", "series", "7", "holder", "director-1", "inherited from", "has", "may",
    "not", "exercise", "24", "1,000", "9" * 400, "rights", "shares per right", "at most", "raised", "yen", "of capital",
    "until", "is exercisable from", "source:", '"', '"x y"', "#", "\x00", "０",
])  # fmt: skip


@pytest.fixture(scope="module")
def book() -> Book:
    return new_book([*series_7(), allotted(24), issue("8"), allotted(5, "director-2", series="8")])


@given(st.lists(headings, max_size=6), st.lists(st.lists(cells, max_size=6), max_size=6))
def test_any_cells(book: Book, headings: list[str], rows: list[list[str]]) -> None:
    lines = ["\t".join(row).replace("\n", " ").replace("\r", " ").replace('"', "") for row in ([*headings], *rows)]
    try:
        register = register_in(grid_of("\n".join(lines).encode(errors="replace"), "register.csv"))
        found = reconciliation(book, register, DAY)
    except MalformedError as error:
        assert "\n" not in error.message
        return
    assert sum(found.counted().values()) == len(found.answer)
    compared = {number for row in found.answer for number in row.register_rows}
    assert compared == {line.row for line in register.lines}


@given(st.binary(max_size=200))
@example(b"rights,name\n1,\xef\xbb\xbf")
@example(b"\xef\xbb\xbf")
def test_any_bytes_as_a_register(tmp_path_factory: pytest.TempPathFactory, content: bytes) -> None:
    file = tmp_path_factory.getbasetemp() / "register"
    file.write_bytes(content)
    try:
        register = register_of(file)
    except MalformedError as error:
        assert str(file) in error.message
        return
    assert register.columns


@given(st.lists(st.lists(words, max_size=14).map(" ".join), max_size=4).map("\n".join) | st.text(max_size=80))
def test_any_words_as_figures(tmp_path_factory: pytest.TempPathFactory, book: Book, text: str) -> None:
    file = Path(tmp_path_factory.getbasetemp() / "figures.txt")
    file.write_bytes(text.encode(errors="surrogatepass"))
    try:
        checked = check(book, [file])
    except LedgerError as error:
        assert error.exit_code in {1, 2}
        assert str(file) in error.message
        return
    assert len(checked.failures) <= checked.asserted
