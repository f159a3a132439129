"""Files as markets give them out: however they are written, each bad cell is told with its row."""

from collections.abc import Sequence
from datetime import date
from decimal import Decimal
from pathlib import Path

import pytest

from ledger.domain.errors import MalformedError
from ledger.valuation import market_file
from ledger.valuation.market_file import Cells, day_from, number_in, opened

HEADING = "日付,終値\n"
CUT = "row 2: it has {} cells and the heading has 2: a number with commas stands in quotation marks, every row is whole"


def columns(heading: Sequence[str]) -> tuple[int, int] | None:
    return (heading.index("日付"), heading.index("終値")) if {"日付", "終値"} <= {*heading} else None


def read(file: Path) -> list[tuple[int, str, str]]:
    with opened(file, columns, "日付 and 終値") as table:
        day, close = table.columns
        return [(each.row, each.at(day), each.at(close)) for each in table.rows]


def refused(file: Path, content: bytes) -> str:
    file.write_bytes(content)
    with pytest.raises(MalformedError) as refusal:
        read(file)
    assert refusal.value.message.startswith("prices.csv: ")
    return refusal.value.message.removeprefix("prices.csv: ")


@pytest.fixture
def file(tmp_path: Path) -> Path:
    return tmp_path / "prices.csv"


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "cp932", "shift_jis"])
@pytest.mark.parametrize("end", ["\n", "\r\n"])
@pytest.mark.parametrize("mark", [",", "\t", ";"])
def test_however_it_is_written(file: Path, encoding: str, end: str, mark: str) -> None:
    lines = [
        "株価データ",
        "",
        f"終値 (円){mark}日 付",
        f'"2,422"{mark}2014/7/10',
        "",
        f"{mark}",
        f"2400{mark}2014/7/11",
        "",
    ]
    file.write_bytes(end.join(lines).encode(encoding))
    assert read(file) == [(4, "2014/7/10", "2,422"), (7, "2014/7/11", "2400")]


def test_its_hash_is_that_of_its_bytes(file: Path) -> None:
    """Worked out by `sha256sum`."""
    file.write_bytes(b"\xef\xbb\xbf" + HEADING.encode())
    with opened(file, columns, "") as table:
        assert table.sha256 == "8a3af5bbb536811d43a60243584529cab904a977749ab4f1eac44ef408587cd1"
        assert (table.name, table.encoding) == ("prices.csv", "utf-8-sig")


@pytest.mark.parametrize(("content", "says"), [
    (b"", "no heading with 日付 and 終値 in the first rows; there is nothing"),
    ("日付,始値\n".encode(), "no heading with 日付 and 終値 in the first rows; there is 日付, 始値"),
    (HEADING.encode() + b"2014-07-10,1\n\xff\xff\n", "row 3: it is written neither in UTF-8 nor in Shift_JIS"),
    (HEADING.encode("utf-16"), "it is written in UTF-16; save it as CSV in UTF-8 or Shift_JIS"),
    (HEADING.encode() + b'2014-07-10,"1\n', "row 2: it is no CSV: unexpected end of data"),
    (HEADING.encode() + b"2014-07-10,2,422\n", CUT.format(3)),
    (HEADING.encode() + b"2014-07-10\n", CUT.format(1)),
    (HEADING.encode() + b"," * 1_001 + b"\n", "row 2: it has more than 1,000 columns"),
    (HEADING.encode() + b"1" * 1_000_001, "row 2: it has more than 1,000,000 characters"),
])  # fmt: skip
def test_what_is_no_such_table(file: Path, content: bytes, says: str) -> None:
    assert refused(file, content) == says


def test_a_file_that_is_too_large(file: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(market_file, "MAX_BYTES", 27)
    file.write_bytes(HEADING.encode() + b"2014-07-10,1\n")
    assert len(read(file)) == 1
    assert refused(file, HEADING.encode() + b"2014-07-10,1\n1") == "it has more than 27 bytes"


@pytest.mark.parametrize("text", [
    "2014-07-10", "2014/7/10", "2014.07.10", "20140710", "2014年7月10日", "2014/07/10 0:00", "2014-07-10 00:00:00",
    "H26.7.10", "h26/07/10", "平成26年7月10日", "２０１４／７／１０", "平成２６年 ７月１０日",
])  # fmt: skip
def test_days(text: str) -> None:
    assert day_from(text) == date(2014, 7, 10)


@pytest.mark.parametrize(("text", "day"), [
    ("S64.1.7", date(1989, 1, 7)), ("H1.1.8", date(1989, 1, 8)), ("平成元年1月8日", date(1989, 1, 8)),
    ("H31.4.30", date(2019, 4, 30)), ("R1.5.1", date(2019, 5, 1)), ("令和元年5月1日", date(2019, 5, 1)),
    ("S49.9.24", date(1974, 9, 24)), ("T15.12.25", date(1926, 12, 25)), ("M45.7.30", date(1912, 7, 30)),
])  # fmt: skip
def test_days_of_the_eras(text: str, day: date) -> None:
    assert day_from(text) == day


@pytest.mark.parametrize("text", [
    "", "10/07/2014", "07-10", "2014-02-30", "2014-13-01", "H0.7.10", "X26.7.10", "2014-7/10", "14-07-10", "day",
    "2014-07-10 09:00", "１", "平成26年7月", "0000-01-01",
])  # fmt: skip
def test_what_is_no_day(text: str) -> None:
    assert day_from(text) is None


@pytest.mark.parametrize(("text", "number"), [
    ("2422", "2422"), ("2,422", "2422"), ("1,234,567.89", "1234567.89"), ("￥２，４２２", "2422"), ("¥2,422", "2422"),
    ("2422円", "2422"), ("2422.50", "2422.50"), ("-0.293", "-0.293"), ("－0.293", "-0.293"), ("▲0.293", "-0.293"),
    ("+1", "1"), ("0", "0"),
])  # fmt: skip
def test_numbers(text: str, number: str) -> None:
    assert number_in(Cells(7, [text]), 0, "closing price") == Decimal(number)


@pytest.mark.parametrize("text", ["", "-", "－", "—", "N/A", "null", "…"])
def test_no_number(text: str) -> None:
    assert number_in(Cells(7, [text]), 0, "closing price") is None
    assert number_in(Cells(7, []), 0, "closing price") is None


@pytest.mark.parametrize("text", ["abc", "1.2.3", "12,34", "1e5", "inf", "=1+1", "1 000", "0x10", "1" * 31])
def test_text_where_a_number_is_wanted(text: str) -> None:
    with pytest.raises(MalformedError) as refusal:
        number_in(Cells(7, [text]), 0, "closing price")
    assert refusal.value.message.startswith(f"row 7: the closing price is `{text}")
    assert refusal.value.message.endswith("`, which is no number")
