"""Files of people, as spreadsheets write them."""

from datetime import date

import pytest

from ledger import MalformedError
from ledger.people_file import MOST_BYTES, read_people

TODAY = date(2018, 7, 2)
HEADER = "holder,kanji,kana,roman,address,born\r\n"
KOUNO = 'director-1,甲野太郎,ｺｳﾉ ﾀﾛｳ,,"東京都, 千代田区",1960-01-02\r\n'
READ = [
    (
        "director-1",
        {"kanji": "甲野太郎", "kana": "ｺｳﾉ ﾀﾛｳ", "roman": None, "address": "東京都, 千代田区", "born": "1960-01-02"},
    )
]


def problems(text: str) -> list[str]:
    with pytest.raises(MalformedError) as refused:
        read_people(text.encode(), "people.csv", today=TODAY)
    _, _, told = refused.value.message.partition(", and nothing was changed: ")
    return told.split("; ") if told else [refused.value.message]


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "cp932"])
def test_a_file_is_read_in_each_encoding(encoding: str) -> None:
    assert read_people((HEADER + KOUNO).encode(encoding), "people.csv", today=TODAY) == READ


def test_columns_may_be_in_any_order_and_missing() -> None:
    text = "kanji,holder\n甲野,a\n\n乙野,b\n"
    assert read_people(text.encode(), "people.csv", today=TODAY) == [("a", {"kanji": "甲野"}), ("b", {"kanji": "乙野"})]


def test_a_header_alone_is_nobody() -> None:
    assert read_people(HEADER.encode(), "people.csv", today=TODAY) == []


def test_every_problem_is_told_with_its_line_and_column() -> None:
    text = HEADER + 'a,"甲\n野",甲野,,,\nb,乙野,,,,1960-02-30\na,丙野,,,,\n,丁野,,,\n\n,戊野,,,,2018-07-03\n'
    assert problems(text) == [
        "line 2, column kanji: holds the unseen character U+000A",
        "line 2, column kana: 甲野 is not in kana alone",
        "line 4, column born: 1960-02-30 is no day of the calendar",
        "days are written YYYY-MM-DD",
        "line 5, column holder: a is on line 2 already",
        "line 6: there are 5 cells, and the header has 6",
        "line 8, column holder: has 0 characters",
        "1 to 200 are allowed",
        "line 8, column born: 2018-07-03 is not between 1868-01-01 and 2018-07-02, today",
    ]


@pytest.mark.parametrize(("text", "says"), [
    ("", "line 1: there is no column holder"),
    ("氏名,holder\n", "line 1: there is no field 氏名"),
    ("holder\na\n", "line 1: there is no column but holder"),
    ("holder,kana,kana\n", "line 1: the column kana is there 2 times"),
    ('holder,kanji\na,"甲野\n', "people.csv is no CSV: line 2: unexpected end of data"),
])  # fmt: skip
def test_what_is_no_such_file_is_told(text: str, says: str) -> None:
    assert problems(text)[0].startswith(says)


def test_what_is_no_text_is_told() -> None:
    with pytest.raises(MalformedError) as refused:
        read_people(b"holder,kanji\na,\x81\n", "people.csv", today=TODAY)
    assert refused.value.message == "people.csv is neither UTF-8 nor CP932: line 2 is no text"


def test_a_file_that_is_no_list_of_people_is_not_read_whole() -> None:
    with pytest.raises(MalformedError, match="has more than 64,000,000 bytes: split it"):
        read_people(b" " * (MOST_BYTES + 1), "people.csv", today=TODAY)
