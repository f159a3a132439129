"""Reports and explanations in Japanese, of the demo and of the twelve cases: whole, and nothing is left in English."""

import re
from collections.abc import Iterator, Sequence
from datetime import date
from itertools import pairwise
from pathlib import Path
from typing import get_args, get_type_hints

import pytest
from icalendar import Calendar
from openpyxl import load_workbook

from ledger import open_ledger
from ledger.book import Book
from ledger.cli.explain import sentences_table, steps_table
from ledger.domain.entries import Departure
from ledger.domain.terms import RestructuringKind
from ledger.reports.cells import shown
from ledger.reports.language import spoken
from ledger.reports.sentences import SENTENCES
from tests.cli.terminal import Rights, in_terminal, width_of
from tests.cli.test_table_layout import RIGHTS
from tests.reports.catalogue import Missing
from tests.test_cases import NAMES, lines_of

DAYS = ("2012-06-18", "2015-04-26", "2019-06-15", "2023-07-25")
SHARES = ("--shares-outstanding", "93800000", "--share-price", "2650")

REPORTS = (
    *(("explain", "--series", "7", "--on", day) for day in ("2017-07-14", "2019-07-08", "2021-01-01")),
    *(("explain", "--series", "7", "--holder", "director-2", "--on", day) for day in ("2018-07-02", "2018-07-09")),
    ("explain", "--series", "7", "--holder", "officer-10", "--on", "2019-07-08"), ("explain", "--version", "43"),
    ("explain", "--series", "2014", "--holder", "heir-1", "--on", "2020-09-01"),
    ("diff", "--as-of", "2017-07-01", "--as-of", "2022-12-31"),
    ("diff", "--as-of", "2018-07-09", "--known-version", "20", "--known-version", "49"),
    ("diff", "--as-of", "2018-07-09", "--as-of", "2018-07-10", "--known-at", "2030-01-01"),
    *(("deadlines", "--on", day, "--why") for day in ("2014-07-10", "2018-07-09", "2019-06-27", "2022-10-01")),
    ("rollforward", "--from", "2018-04-01", "--until", "2021-03-31", "--why"),
    ("registration", "--month", "2018-07", "--why"), ("registration", "--month", "2001-01"),
    ("dilution", *SHARES, "--as-of", "2023-03-31", "--why"), ("dilution", *SHARES[:2], "--as-of", "2001-01-01"),
    ("history", "--backdated"),
)  # fmt: skip

LISTED = (*get_args(RestructuringKind), *get_args(get_type_hints(Departure)["cause"].__args__[0]))
"""What the contract lists for a field of an entry."""

IN_ENGLISH = re.compile(r"[A-Za-z]{2,} [a-z]{2,}")
COMMANDS = re.compile(r"rights history --backdated")
RECORDED = re.compile(r"  (Notice|Share split|Stock Acquisition Rights)\b.*")


@pytest.mark.parametrize("report", REPORTS, ids=" ".join)
def test_nothing_of_the_demo_is_left_in_english(demo_ledger: Rights, missing: Missing, report: Sequence[str]) -> None:
    told = demo_ledger(*report, "--lang", "ja")
    assert (told.code, missing.asked) == (0, set())
    assert not IN_ENGLISH.search(RECORDED.sub("", COMMANDS.sub("", told.out)))


@pytest.fixture(scope="module")
def cases(tmp_path_factory: pytest.TempPathFactory) -> str:
    """A database of the twelve cases."""
    url = f"sqlite:///{tmp_path_factory.mktemp('cases') / 'cases.db'}"
    for name in NAMES:
        with open_ledger(url, name, create=True) as book:
            book.record(lines_of(name), actor="case", keep_going=True)
    return url


def asked_of(book: Book) -> Iterator[Sequence[str]]:
    """Every report of a ledger on several days."""
    yield ("history",)
    for day in DAYS:
        yield "deadlines", "--on", day, "--every-window", "--why"
        yield "dilution", *SHARES, "--as-of", day, "--company", "IIJ", "--why"
    for before, after in pairwise(DAYS):
        yield "rollforward", "--from", before, "--until", after, "--why"
        yield "diff", "--as-of", before, "--as-of", after
    yield "diff", "--as-of", DAYS[-1], "--known-version", "9", "--known-version", str(book.holdings().known_version)
    for month in sorted({str(row.on)[:7] for row in book.exercises(date(2046, 1, 1))})[:4]:
        yield "registration", "--month", month, "--why"


@pytest.mark.parametrize("name", NAMES)
def test_no_report_of_a_case_is_left_in_english(cases: str, rights: Rights, missing: Missing, name: str) -> None:
    with open_ledger(cases, name) as book:
        asked = [*asked_of(book)]
    for report in asked:
        told = rights(*report, "--db", cases, "--ledger", name, "--lang", "ja")
        assert (told.code, told.err, missing.asked) == (0, "", set()), report
        assert not IN_ENGLISH.search(COMMANDS.sub("", told.out)), report
        assert not any(listed in told.out for listed in LISTED), report


def explanations(book: Book) -> Iterator[tuple[str, str]]:
    """What is explained of every series, holder and exercise on several days, and all that is said in its tables."""
    for day in map(date.fromisoformat, (*DAYS, "2010-08-10", "2019-12-21", "2021-10-14")):
        held = {(row.series, row.holder) for row in book.holdings(day)}
        for series, holder in {*held, *((row.series, None) for row in book.series(day))}:
            answer = book.explain(day, series=series, holder=holder)
            cells = [cell for table in (sentences_table, steps_table) for row in table(answer)[1] for cell in row]
            yield from ((row.answer, "\n".join(map(shown, cells))) for row in answer)
    for exercise in book.exercises(date(2046, 1, 1)):
        answer = book.explain(version=exercise.version)
        yield answer[0].answer, "\n".join(shown(row[0]) for row in sentences_table(answer)[1])


def test_no_explanation_of_the_cases_is_left_in_english(cases: str, missing: Missing) -> None:
    answers = set()
    for name in NAMES:
        with open_ledger(cases, name) as book, spoken("ja"):
            for answer, says in explanations(book):
                answers.add(answer)
                assert not IN_ENGLISH.search(says), says
    assert missing.asked == set()
    assert answers == set(SENTENCES)


def without_rules(out: str) -> str:
    """Tables without their rules, whose length nobody reads."""
    return "\n".join(line for line in out.split("\n") if not line.startswith("─"))


EXPLANATION = """\
説明（2018年7月9日時点）・台帳「main」第11版
結論
director-1は、第7回新株予約権20個を2018年7月9日に行使することはできません。行使できる期間は2018年7月8日に満了しています。

説明の過程
版  根拠         帰結
 4  要項15       2017年7月14日の割当24個
 8  要項4・5     2018年7月2日の行使4個
 7  要項11(2)    director-1が2018年6月28日に最後の地位を喪失
 2  要項11(2)    翌日から起算して10日間：2018年6月29日から2018年7月8日まで
 2  要項5        行使期間（2017年7月15日から2047年7月14日まで）内で、行使できるのは2018年6月29日から2018年7月8日まで
 7  会社法287条  2018年7月9日に20個が失効。行使できる日が残っていない（要項11(2)：2018年6月28日の退任の翌日から10日間）
 –  個数の計算   割当24個－行使4個－失効20個＝残存0個
 2  要項3        要項では1個当たり200株
 –  要項3・10    0個×200株＝0株
 2  要項4        要項では1株当たり1円
"""


def test_an_explanation_word_for_word(small_ledger: Rights) -> None:
    told = small_ledger("explain", "--series", "7", "--holder", "director-1", "--on", "2018-07-09", "--lang", "ja")
    assert without_rules(told.out).startswith(EXPLANATION)


@pytest.mark.parametrize(("asked", "sentence"), [
    (("--holder", "director-1", "--on", "2018-07-02"),
     "director-1は、第7回新株予約権20個を2018年7月2日に行使することができます。交付を受ける株式は4,000株、行使時払込額は4,000円です。"
     "行使できる期間は2018年6月29日から2018年7月8日までです。"),
    (("--holder", "director-2", "--on", "2019-03-01"),
     "director-2は、第7回新株予約権10個を2019年3月1日に行使することはできません。"
     "director-2は2019年2月11日に死亡し、相続人がまだ確定していません。"),
    (("--holder", "director-2", "--on", "2019-03-15"),
     "director-2が取得した第7回新株予約権10個は、2019年3月15日現在、1個も残っていません（移転・承継10個）。"),
    (("--holder", "heir-1", "--on", "2019-09-16"),
     "heir-1（director-2の相続人）は、第7回新株予約権10個を2019年9月16日に行使することはできません。"
     "行使できる期間は2019年9月15日に満了しています。"),
    (("--on", "2021-01-01"),
     "第7回新株予約権は、2021年1月1日現在、7個が残存しています。目的である株式は2,800株（1個当たり400株）です。"),
], ids=str)  # fmt: skip
def test_sentences(small_ledger: Rights, asked: Sequence[str], sentence: str) -> None:
    told = small_ledger("explain", "--series", "7", *asked, "--lang", "ja")
    assert told.out.splitlines()[3] == sentence


REGISTRATION = """\
行使による変更登記（2018年7月31日現在）・台帳「main」第11版
回号  個数  株数  行使時払込額  増加資本金  増加資本準備金  残存個数  残存株数  登記期限
7        4   800         800円   760,400円       760,400円        17     3,400  平成30年8月14日

第7回新株予約権：
  会社法915条3項1号：その月の行使分をまとめて、2018年7月31日から2週間。末日が閉庁日のときは翌開庁日
  要項4・6：2018年7月2日の行使4個、800株（第8版）
"""
DIFFERENCES = """\
2018年7月1日（第11版）から2018年7月9日（第11版）への差異・台帳「main」
回号  保有者      項目  変更前  変更後  変更の原因
7     director-1  残存      24       0  2018年7月2日の行使（第8版）、失効（行使の最終日2018年7月8日）
7     director-1  行使       0       4
7     director-1  失効       0      20
7     director-1  株数   4,800       0
"""
ROLLFORWARD = """\
新株予約権の増減（2018年4月1日から2019年3月31日まで）・台帳「main」第11版
回号  期首残高  行使  失効  期末残高
7           41     4    20        17

株式数による増減（期末の1個当たり株数による）
回号  1個当たり株数  期首残高  行使   失効  期末残高
7               200     8,200   800  4,000     3,400
"""


@pytest.mark.parametrize(("asked", "table"), [
    (("registration", "--month", "2018-07", "--why"), REGISTRATION),
    (("diff", "--as-of", "2018-07-01", "--as-of", "2018-07-09"), DIFFERENCES),
    (("rollforward", "--from", "2018-04-01", "--until", "2019-03-31"), ROLLFORWARD),
], ids=["registration", "diff", "rollforward"])  # fmt: skip
def test_tables_word_for_word(small_ledger: Rights, asked: Sequence[str], table: str) -> None:
    assert without_rules(small_ledger(*asked, "--lang", "ja").out).startswith(table)


def test_a_workbook_holds_a_day_of_a_form_as_a_day(small_ledger: Rights) -> None:
    assert small_ledger("registration", "--month", "2018-07", "--xlsx", "a.xlsx", "--lang", "ja").code == 0
    (cell,) = [row[-1] for row in load_workbook("a.xlsx").worksheets[0].iter_rows(min_row=2)]
    assert (cell.value.date(), cell.number_format) == (date(2018, 8, 14), 'yyyy"年"m"月"d"日"')


def test_a_calendar_in_the_language(small_ledger: Rights) -> None:
    asked = ("deadlines", "--on", "2018-07-02", "--within", "60d")
    told = small_ledger(*asked, "--ics", "ja.ics", "--lang", "ja")
    assert told.out.endswith("ja.icsにカレンダーを書き出しました。\n")
    assert small_ledger(*asked, "--ics", "en.ics").code == 0
    english, japanese = (Calendar.from_ical(Path(name).read_bytes()) for name in ("en.ics", "ja.ics"))
    assert str(japanese["X-WR-CALNAME"]) == "期限一覧・台帳「main」"
    assert [str(each["PRODID"])[-2:] for each in (english, japanese)] == ["EN", "JA"]
    window, filing = japanese.walk("VEVENT")
    assert str(window["SUMMARY"]) == "行使の最終日：第7回新株予約権、director-1"
    assert str(window["DESCRIPTION"]).splitlines() == [
        "20個、4,000株", "要項11(2)：2018年6月28日の退任の翌日から10日間",
        "要項5：行使期間は2017年7月15日から2047年7月14日まで", "台帳「main」第11版",
    ]  # fmt: skip
    assert "変更日：2018年7月31日" in str(filing["DESCRIPTION"])
    assert [event["UID"] for event in japanese.walk("VEVENT")] == [event["UID"] for event in english.walk("VEVENT")]


NARROW = (
    ("explain", "--series", "7", "--holder", "director-1", "--on", "2018-07-09"),
    ("registration", "--month", "2018-07"), ("diff", "--as-of", "2018-07-01", "--as-of", "2018-07-09"),
    ("history",), ("deadlines", "--on", "2018-07-02"),
)  # fmt: skip


@pytest.mark.parametrize("form", ["--json", "--csv"])
@pytest.mark.parametrize("asked", NARROW, ids=lambda asked: asked[0])
def test_programs_read_the_same(small_ledger: Rights, asked: Sequence[str], form: str) -> None:
    assert small_ledger(*asked, form, "--lang", "ja") == small_ledger(*asked, form)


@pytest.mark.parametrize("asked", NARROW, ids=lambda asked: asked[0])
def test_in_a_terminal_of_80_columns_days_names_and_marks_stay_where_they_belong(
    small_ledger: Rights, folder: Path, asked: Sequence[str]
) -> None:
    told = in_terminal([*RIGHTS, *asked], folder, columns=80, settings={"RIGHTS_LANG": "ja"})
    lines = told.out.splitlines()
    assert told.code == 0
    assert max(map(width_of, lines)) <= 80
    cells = [cell for line in lines for cell in re.split(r"  +", line) if cell]
    assert not [cell for cell in cells if cell[0] in "、。）」：" or cell[-1] in "（「"]
    assert not [cell for cell in cells if re.search(r"(年[0-9]*|年[0-9]+月[0-9]*|directo?r?-?)$", cell)]
