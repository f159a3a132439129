"""The register and the statement of it, as they are typed."""

from datetime import datetime

import pytest
from openpyxl import load_workbook

from tests.cli.conftest import record_at
from tests.cli.terminal import Rights
from tests.scenario import allotted, issue, transferred

DAY = ("--as-of", "2019-03-15")
ADDRESS = "東京都千代田区一丁目1番1号"


@pytest.fixture
def named(small_ledger: Rights) -> Rights:
    """A ledger in which two holders have names, and one of them an address."""
    assert small_ledger("people", "set", "heir-1", "--kanji", "甲野花子", "--address", ADDRESS).code == 0
    assert small_ledger("people", "set", "officer-1", "--roman", "B. Otsuno").code == 0
    return small_ledger


TABLE = """\
Register as of 2019-03-15 · ledger main at version 11
company  series  holder                                address                     rights  shares  acquired on  \
by           certificates  versions
───────  ──────  ────────────────────────────────────  ──────────────────────────  ──────  ──────  ───────────  \
───────────  ────────────  ────────
IIJ      7       甲野花子 (heir-1), heir of director-2  東京都千代田区一丁目1番1号      10   2,000  2019-03-15   \
inheritance  not issued    2, 10
IIJ      7       B. Otsuno (officer-1)                                                  7   1,400  2017-07-14   \
allotment    not issued    2, 6

Content of the rights
series  name  company   per right  exercise price  from        until       transfer    conditions
──────  ────  ────────  ─────────  ──────────────  ──────────  ──────────  ──────────  \
───────────────────────────────────────────────────────────────────
7       7     IIJ Inc.        200              ¥1  2017-07-15  2047-07-14  prohibited  \
not in office, within 10 days of a departure, the heir within 6 months"""


def squeezed(text: str) -> list[str]:
    """Lines without what only fills columns."""
    return [" ".join(line.replace("─", "").split()) for line in text.splitlines()]


def test_the_register_names_people(named: Rights) -> None:
    told = named("register", *DAY)
    assert (told.code, told.err) == (0, "")
    assert squeezed(told.table) == squeezed(TABLE)


def test_without_names_it_is_as_if_there_were_none(named: Rights) -> None:
    told = named("register", *DAY, "--ids-only")
    assert "heir-1, heir of director-2" in told.out
    assert not {"甲野花子", "Otsuno", "address"} & {*told.out.split()}
    document = named("register", *DAY, "--ids-only", "--json").json
    assert [(row["holder"], row["name"], row["address"]) for row in document["rows"]] == [
        ("heir-1", None, None), ("officer-1", None, None),
    ]  # fmt: skip
    named("people", "forget", "heir-1", "--reason", "x")
    named("people", "forget", "officer-1", "--reason", "x")
    assert named("register", *DAY, "--json").json == document


def test_programs_get_names_too(named: Rights) -> None:
    rows = named("register", *DAY, "--json").json["rows"]
    assert [(row["holder"], row["name"], row["address"]) for row in rows] == [
        ("heir-1", "甲野花子", ADDRESS), ("officer-1", "B. Otsuno", None),
    ]  # fmt: skip
    told = named("register", *DAY, "--csv", "--holder", "heir-1", "--by", "holder")
    assert told.out.splitlines()[1] == (
        f'7,7,IIJ,IIJ Inc.,heir-1,director-2,,甲野花子,{ADDRESS},10,200,2000,"[""2019-03-15""]",inheritance,not-issued,'
        '1,2017-07-15,2047-07-14,prohibited,false,10 days,6 months,false,"[2, 10]"'
    )


def test_every_ledger_has_a_register(named: Rights) -> None:
    told = named("register", *DAY, "--all-ledgers", "--json", "--jobs", "1")
    assert told.code == 0
    assert '"name":"甲野花子"' in told.out


def test_a_register_is_written_as_parquet(named: Rights) -> None:
    import pyarrow.parquet

    told = named("register", *DAY, "--all-ledgers", "--format", "parquet", "--out", "register", "--jobs", "1")
    assert told.code == 0
    assert pyarrow.parquet.read_table("register").column("versions").to_pylist() == [[2, 10], [2, 6]]


def test_the_other_questions_give_programs_ids_alone(named: Rights) -> None:
    for question in ("holdings", "eligibility", "exercises", "history"):
        for form in (("--json",), ("--csv",)):
            assert "甲野花子" not in named(question, *form).out


STATEMENT = """\
Statement of the register of stock acquisition rights of IIJ Inc. (Companies Act 250)

Holder: 甲野花子 (heir-1)
Address: 東京都千代田区一丁目1番1号
Of: ledger main at the end of 2019-03-15, as recorded up to version 11

Rights entered
series  rights  shares  acquired on  by                             certificates  versions
──────  ──────  ──────  ───────────  ─────────────────────────────  ────────────  ────────
7           10   2,000  2019-03-15   inheritance (from director-2)  not issued    2, 10

Content of the rights
"""


def test_a_statement_is_of_one_holder_and_to_be_signed(named: Rights) -> None:
    told = named("extract", "--holder", "heir-1", *DAY)
    assert told.code == 0
    assert told.out.startswith(STATEMENT)
    assert "Otsuno" not in told.out
    root = named("register", *DAY, "--json").json["root"]
    line = "_" * 40
    assert told.out.endswith(
        f"\n11 entries, root {root}\n\nThe company certifies that its register says this of the holder.\n\n"
        f"Day: {line}\nCompany: IIJ Inc.\nRepresentative, name and seal: {line}\n"
    )


def test_a_statement_without_names_and_without_rights(named: Rights) -> None:
    told = named("extract", "--holder", "heir-1", "--as-of", "2019-03-14", "--ids-only")
    assert "Holder: heir-1\nOf: ledger main" in told.out
    assert "No rights are entered for this holder on that day.\n" in told.out
    assert "Rights entered" not in told.out
    assert told.out.startswith("Statement of the register of stock acquisition rights (Companies Act 250)\n")
    assert f"\nCompany: {'_' * 40}\n" in told.out


def test_a_statement_for_programs(named: Rights) -> None:
    document = named("extract", "--holder", "heir-1", *DAY, "--json").json
    rows = named("register", *DAY, "--holder", "heir-1", "--json").json
    assert document == {**rows, "holder": "heir-1", "name": "甲野花子", "address": ADDRESS}
    hidden = named("extract", "--holder", "heir-1", *DAY, "--json", "--ids-only").json
    assert (hidden["name"], hidden["address"], hidden["rows"][0]["name"]) == (None, None, None)
    told = named("extract", "--holder", "heir-1", *DAY, "--csv")
    assert told.out == named("register", *DAY, "--holder", "heir-1", "--csv").out


def test_what_cannot_be_stated_is_told(named: Rights) -> None:
    assert named("extract", "--holder", "heir-2", *DAY, "--json").error["code"] == "unknown-holder"
    assert named("extract", "--holder", "heir-1", "--json", "--csv").code == 2


def test_reasons_of_what_the_company_holds_are_told(named: Rights) -> None:
    assert named("acquire", "--series", "7", "--on", "2019-06-02", "--approval-kind", "merger", "--approved-on",
                 "2019-06-01").code == 0  # fmt: skip
    told = named("register", "--as-of", "2019-06-02", "--why")
    assert "IIJ Inc., the company itself" in told.out
    assert "\nSeries 7:\n  item 8: acquired 7 on 2019-06-02 (version 12)\n" in told.out


@pytest.fixture
def two_companies(named: Rights) -> Rights:
    """A ledger in which officer-1 holds rights of two companies, of one of them come about on two days."""
    record_at(
        "2021-04-01T09:30:00+09:00",
        [
            {"type": "company", "company": "OTHER", "name": "Other K.K.", "on": "2017-01-01"},
            issue("A", company="OTHER", conditions={"transfer": "free"}),
            allotted(5, "officer-1", series="A"),
            allotted(3, "director-1", series="A"),
            transferred("2018-01-10", 1, "officer-1", holder="director-1", series="A"),
            transferred("2018-01-11", 1, "officer-1", holder="director-1", series="A"),
        ],
    )
    return named


def test_each_company_certifies_its_own_register(two_companies: Rights) -> None:
    told = two_companies("extract", "--holder", "officer-1", *DAY)
    first, second = told.out.split("\n\n\n")
    assert (told.code, told.err) == (0, "")
    for statement, name, series in ((first, "IIJ Inc.", ["7"]), (second, "Other K.K.", ["A", "A"])):
        assert statement.startswith(
            f"Statement of the register of stock acquisition rights of {name} (Companies Act 250)\n\nHolder: B. Otsuno"
        )
        assert f"\nCompany: {name}\n" in statement
        table = statement.partition("Rights entered\n")[2].partition("\n\n")[0]
        assert [line.split()[0] for line in table.splitlines()[2:]] == series
    assert "2018-01-10, 2018-01-11  transfer (from director-1)" in second
    one = two_companies("extract", "--holder", "officer-1", *DAY, "--company", "OTHER").out
    assert one == second
    rows = two_companies("extract", "--holder", "officer-1", *DAY, "--company", "OTHER", "--json").json["rows"]
    assert [(row["company"], row["company_name"]) for row in rows] == [("OTHER", "Other K.K.")] * 2


def test_the_register_of_one_company(two_companies: Rights) -> None:
    assert "Other K.K." in two_companies("register", *DAY).out
    rows = two_companies("register", *DAY, "--company", "IIJ", "--json").json["rows"]
    assert [(row["company"], row["holder"]) for row in rows] == [("IIJ", "heir-1"), ("IIJ", "officer-1")]
    told = two_companies("register", *DAY, "--company", "OTHR")
    assert (told.code, told.sentence) == (
        1, "rights: unknown-company: company OTHR is not known on any day (did you mean OTHER?)"
    )  # fmt: skip


def test_the_register_of_one_company_in_every_ledger(two_companies: Rights) -> None:
    """A company may be known to one ledger and not to another."""
    assert two_companies("init", "--ledger", "empty").code == 0
    told = two_companies("register", *DAY, "--all-ledgers", "--jobs", "1", "--csv", "--company", "OTHER")
    assert (told.code, told.err) == (0, "")
    assert {line.split(",")[3] for line in told.out.splitlines()[1:]} == {"OTHER"}
    told = two_companies("register", *DAY, "--all-ledgers", "--jobs", "1", "--csv", "--company", "OTHR")
    says = "rights: unknown-company: company OTHR is not known on any day to any of the 2 ledgers\n"
    assert (told.code, told.err) == (1, says)


def test_days_of_a_register_are_days_in_a_workbook(two_companies: Rights) -> None:
    two_companies("register", *DAY, "--xlsx", "register.xlsx", "--ids-only")
    book = load_workbook("register.xlsx")
    days = {row[2].value: row[5].value for row in book.worksheets[0].iter_rows(min_row=2)}
    assert days["heir-1, heir of director-2"] == datetime(2019, 3, 15)  # noqa: DTZ001
    assert days["officer-1, from director-1"] == "2018-01-10, 2018-01-11"
    assert [cell.value for cell in book.worksheets[1][2]][5:7] == [
        datetime(2017, 7, 15), datetime(2047, 7, 14),  # noqa: DTZ001
    ]  # fmt: skip


def test_a_workbook_of_statements_is_printed_and_signed(two_companies: Rights) -> None:
    printed = two_companies("extract", "--holder", "officer-1", *DAY).out.split("\n\n\n")
    two_companies("extract", "--holder", "officer-1", *DAY, "--xlsx", "statement.xlsx")
    book = load_workbook("statement.xlsx")
    assert book.sheetnames == [
        "IIJ  Rights entered", "IIJ  Content of the rights", "OTHER  Rights entered", "OTHER  Content of the rights",
        "About",
    ]  # fmt: skip
    for statement, sheet in zip(printed, (book.worksheets[0], book.worksheets[2]), strict=True):
        rows = [[cell.value for cell in row] for row in sheet.iter_rows()]
        headings = next(number for number, row in enumerate(rows) if row[0] == "series")
        above = [row[0] or "" for row in rows[:headings]]
        below = [row[0] or "" for row in rows[-7:]]
        assert statement.startswith("\n".join(above))
        assert statement.rstrip().endswith("\n".join(below))
        assert below[-2].startswith("Company: ")
        assert (sheet.freeze_panes, sheet.auto_filter.ref) == (None, None)
        assert sheet.page_setup.paperSize == 9


def test_a_workbook_of_no_rights_says_so(named: Rights) -> None:
    named("extract", "--holder", "heir-1", "--as-of", "2019-03-14", "--xlsx", "none.xlsx")
    book = load_workbook("none.xlsx")
    assert book.sheetnames == ["Rights entered", "About"]
    assert "No rights are entered for this holder on that day." in {row[0].value for row in book.worksheets[0].rows}
