"""The commands that keep people, as they are typed."""

import os
import sqlite3
from contextlib import closing
from datetime import datetime, timedelta, timezone
from pathlib import Path

import pytest
from openpyxl import load_workbook

from tests.cli.terminal import Rights

TITLE = "People · ledger main\n"


@pytest.fixture
def kouno(small_ledger: Rights) -> Rights:
    """A ledger in which director-1 has a name."""
    told = small_ledger("people", "set", "director-1", "--kanji", "甲野太郎", "--born", "1960-01-02")
    assert (told.code, told.out, told.err) == (0, "Kept of director-1: kanji, born.\n", "")
    return small_ledger


def test_people_are_shown_in_a_table_json_and_csv(kouno: Rights) -> None:
    assert kouno("people", "show").out == (
        f"{TITLE}holder      kanji     born\n──────────  ────────  ──────────\ndirector-1  甲野太郎  1960-01-02\n"
    )
    row = {
        "holder": "director-1", "kanji": "甲野太郎", "kana": None, "roman": None, "address": None,
        "born": "1960-01-02", "forgotten_at": None, "forgotten_by": None,
    }  # fmt: skip
    assert kouno("people", "show", "director-1", "--json").json == {"ledger": "main", "rows": [row]}
    told = kouno("people", "show", "--csv")
    assert told.out.splitlines() == [",".join(row), "director-1,甲野太郎,,,,1960-01-02,,"]


def test_nobody_is_shown_where_nobody_is_kept(small_ledger: Rights) -> None:
    assert small_ledger("people", "show").out == "People · ledger main: none\n"
    assert small_ledger("people", "show", "director-1").out == "People · ledger main: none\n"
    assert small_ledger("people", "log").out == "Changes of people · ledger main: none\n"


def test_a_holder_nobody_knows_is_told(kouno: Rights) -> None:
    told = kouno("people", "show", "directer-1")
    assert (told.code, told.sentence) == (
        1,
        "rights: unknown-holder: nothing is kept of holder directer-1 (did you mean director-1?): `rights people set`"
        " keeps particulars, and `rights people show` lists whose there are",
    )
    assert kouno("people", "forget", "director-2", "--reason", "x", "--json").error["code"] == "unknown-holder"


def test_a_field_is_taken_away(kouno: Rights) -> None:
    assert kouno("people", "set", "director-1", "--clear", "kanji").out == "Removed of director-1: kanji.\n"
    kouno("people", "set", "director-1", "--kanji", "甲野太郎")
    told = kouno("people", "set", "director-1", "--clear", "born", "--clear", "kanji", "--roman", "Kono", "--json")
    changed = [{"holder": "director-1", "fields": ["kanji", "roman", "born"]}]
    assert told.json == {"ledger": "main", "holder": "director-1", "changed": changed, "unknown": [], "traces": None}
    told = kouno("people", "set", "director-1", "--clear", "roman", "--address", "東京都", "--kanji", "甲野")
    assert told.out == "Kept of director-1: kanji, address.\nRemoved of director-1: roman.\n"
    kouno("people", "set", "director-1", "--roman", "Kono")
    assert kouno("people", "set", "director-1", "--roman", "Kono").out == (
        "Nothing changed: this is what is kept of director-1.\n"
    )


@pytest.mark.parametrize(("options", "says"), [
    ([], "nothing is given: --kanji, --kana, --roman, --address, --born or --clear"),
    (["--clear", "born", "--born", "1960-01-02"], "--clear born and --born say different things: give one of them"),
    (["--kana", "甲野"], "`kana` of director-1 甲野 is not in kana alone"),
])  # fmt: skip
def test_what_cannot_be_kept_is_told(kouno: Rights, options: list[str], says: str) -> None:
    told = kouno("people", "set", "director-1", *options)
    assert (told.code, told.sentence) == (2, f"rights: malformed: {says}")


def test_an_id_of_no_entry_is_told(small_ledger: Rights) -> None:
    told = small_ledger("people", "set", "director-9", "--kanji", "乙野")
    assert told.out == "Kept of director-9: kanji.\nNo entry names director-9 yet.\n"


def test_who_is_forgotten_is_gone_and_the_log_says_so(kouno: Rights) -> None:
    told = kouno("people", "forget", "director-1", "--reason", "asked for", "--actor", "it", "--json")
    at = told.json["forgotten_at"]
    assert told.json == {
        "ledger": "main", "holder": "director-1", "forgotten_at": at, "forgotten_by": "it", "traces": None,
        "copies": [],
    }  # fmt: skip
    assert "甲野" not in kouno("people", "show").out
    assert "by it" in kouno("people", "show", "director-1").out
    log = kouno("people", "log", "--json")
    assert "甲野" not in log.out
    assert [(each["kind"], each["fields"], each["reason"], each["actor"]) for each in log.json["rows"]] == [
        ("set", ["kanji", "born"], None, "hr"),
        ("forgotten", ["kanji", "born"], "asked for", "it"),
    ]
    assert kouno("people", "log").out.count("\n") == 5
    assert kouno("people", "log", "--csv").out.splitlines()[0] == "number,holder,changed_at,actor,kind,fields,reason"
    assert kouno("verify").code == 0


def test_who_was_forgotten_is_told_when_it_is_asked_again(kouno: Rights) -> None:
    first = kouno("people", "forget", "director-1", "--reason", "asked for", "--actor", "it").out.splitlines()[0]
    when = kouno("people", "log").out.splitlines()[-1].split()[1:3]
    assert first == (
        f"director-1 is forgotten, on {' '.join(when)} (JST) by it; no entry, number or proof has changed."
    )
    again = kouno("people", "forget", "director-1", "--reason", "asked again", "--actor", "hr")
    assert (again.code, again.out.splitlines()[0]) == (
        0, f"director-1 was forgotten already on {' '.join(when)} (JST) by it; nothing was kept since."
    )  # fmt: skip
    back = kouno("people", "set", "director-1", "--kanji", "甲野")
    assert (back.code, back.out, back.err) == (
        0,
        "Kept of director-1: kanji.\n",
        f"rights: warning: director-1 was forgotten on {' '.join(when)} (JST) by it; particulars are kept again.\n",
    )
    assert kouno("people", "set", "director-1", "--roman", "Kono").err == ""
    told = kouno("people", "forget", "director-1", "--reason", "asked for", "--lang", "ja").out.splitlines()[0]
    assert told.startswith("director-1の情報を20")
    assert "（日本時間）にhrが消去した。" in told


def test_what_is_kept_is_said_in_japanese(kouno: Rights, folder: Path) -> None:
    said = kouno("people", "set", "乙-9", "--kanji", "乙野", "--roman", "Otsuno", "--lang", "ja").out
    assert said == "乙-9について登録した項目：氏名、ローマ字。\n乙-9を記載した記録はまだない。\n"
    (folder / "people.csv").write_text("holder,kanji\n" + "".join(f"乙-{i},乙\n" for i in range(7)), encoding="utf-8")
    assert kouno("people", "import", "people.csv").code == 0
    said = kouno("people", "import", "people.csv", "--lang", "ja").out
    assert said == (
        "people.csvによる変更なし：登録内容は既にこのとおりである。\n"
        "乙-0、乙-1、乙-2、乙-3、乙-4ほか2件を記載した記録はまだない。\n"
    )


def test_instants_are_days_of_the_language_and_of_a_workbook(kouno: Rights, folder: Path) -> None:
    kouno("people", "forget", "director-1", "--reason", "asked for", "--actor", "it")
    at = datetime.fromisoformat(kouno("people", "log", "--json").json["rows"][1]["changed_at"])
    at = at.astimezone(timezone(timedelta(hours=9))).replace(second=0, microsecond=0, tzinfo=None)
    said = f"{at.year}年{at.month}月{at.day}日 {at:%H:%M}"
    assert said in kouno("people", "log", "--lang", "ja").out
    assert f"{said}（it）" in kouno("people", "show", "--lang", "ja").out
    told = kouno("people", "log", "--xlsx", "log.xlsx")
    assert (told.code, told.out) == (0, "log.xlsx is written.\n")
    book = load_workbook("log.xlsx")
    assert book.sheetnames == ["Changes of people", "About"]
    assert [cell.value for cell in book.worksheets[0][3]] == [
        2, at, "it", "director-1", "forgotten", "kanji, born", "asked for",
    ]  # fmt: skip
    assert book.worksheets[1]["B1"].value == "Changes of people · ledger main"
    assert kouno("people", "log", "--xlsx", "log.xlsx").code == 2


def test_people_are_written_into_a_workbook(kouno: Rights) -> None:
    assert kouno("people", "show", "--xlsx", "people.xlsx").code == 0
    assert kouno("people", "show", "--xlsx", "people.xlsx", "--force").code == 0
    sheet = load_workbook("people.xlsx").worksheets[0]
    assert [[cell.value for cell in row] for row in sheet.iter_rows()] == [
        ["holder", "kanji", "born"], ["director-1", "甲野太郎", datetime(1960, 1, 2)],  # noqa: DTZ001
    ]  # fmt: skip


def test_backups_and_kept_copies_are_spoken_of(kouno: Rights, folder: Path) -> None:
    assert kouno("db", "backup", "backup").code == 0
    assert kouno("db", "restore", "backup", "--reason", "tried out").code == 0
    (copy,) = (each.name for each in folder.iterdir() if "before-restore" in each.name)
    told = kouno("people", "forget", "director-1", "--reason", "asked for")
    assert told.code == 0
    assert "Backups made before still hold the particulars" in told.out
    assert f"So does 1 copy beside the database, kept when it was restored: {copy}.\n" in told.out


def test_others_who_read_are_told_of_and_it_fails(kouno: Rights, folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("ledger.store.people.CHECKPOINT_SECONDS", 0.05)
    with closing(sqlite3.connect(folder / "rights.db")) as other:
        other.execute("BEGIN")
        other.execute("SELECT count(*) FROM entries").fetchone()
        told = kouno("people", "forget", "director-1", "--reason", "asked for")
        assert told.code == 4
        assert told.err == (
            "rights: traces-remain: director-1 is forgotten, but the database's files still hold traces: others are"
            " reading rights.db, and its write-ahead log is kept for them; when that has ended, the same command"
            " removes them\n"
        )
        assert kouno("people", "set", "director-2", "--kanji", "乙野").err == ""
        warned = kouno("people", "set", "director-2", "--kanji", "丙野")
        assert (warned.code, warned.err) == (
            0,
            "rights: warning: what was there before is still in the database's files: others are reading rights.db, and"
            " its write-ahead log is kept for them\n",
        )
    assert kouno("people", "forget", "director-1", "--reason", "asked for").code == 0


def test_json_and_csv_cannot_both_be_had(kouno: Rights) -> None:
    for name in ("show", "log"):
        assert kouno("people", name, "--json", "--csv").code == 2


FILE = "holder,kanji,address\ndirector-1,甲野太郎,東京都\ndirector-9,乙野次郎,大阪府\n"


def test_a_file_is_shown_first_and_taken_then(kouno: Rights, folder: Path) -> None:
    (folder / "people.csv").write_bytes(FILE.encode("cp932"))
    told = kouno("people", "import", "people.csv", "--dry-run")
    assert (told.code, told.out) == (
        0,
        "People that people.csv would change · ledger main\n"
        "holder      fields that change\n"
        "──────────  ──────────────────\n"
        "director-1  address\n"
        "director-9  kanji, address\n"
        "No entry names director-9 yet.\n",
    )
    assert "乙野" not in kouno("people", "show").out
    assert kouno("people", "import", "people.csv").out.startswith("People that people.csv changed · ledger main\n")
    again = kouno("people", "import", "people.csv")
    assert again.out == "people.csv changes nothing: this is what is kept.\nNo entry names director-9 yet.\n"
    assert len(kouno("people", "log", "--json").json["rows"]) == 3
    assert kouno("people", "import", "people.csv", "--json").json == {
        "ledger": "main", "file": "people.csv", "dry_run": False, "changed": [], "unknown": ["director-9"],
        "traces": None,
    }  # fmt: skip


def test_a_file_with_problems_changes_nothing(kouno: Rights, folder: Path) -> None:
    (folder / "people.csv").write_text(f"{FILE},丙野,\n", encoding="utf-8")
    told = kouno("people", "import", "people.csv")
    assert (told.code, told.sentence) == (
        2,
        "rights: malformed: people.csv has 1 problem, and nothing was changed: line 4, column holder: has 0 characters;"
        " 1 to 200 are allowed",
    )
    assert "乙野" not in kouno("people", "show").out
    assert kouno("people", "import", "nothing.csv").sentence == (
        "rights: malformed: nothing.csv: No such file or directory"
    )


@pytest.mark.timeout(20)
def test_a_pipe_and_a_file_without_end_are_not_waited_for(kouno: Rights, folder: Path) -> None:
    os.mkfifo(folder / "people.csv")
    assert "there is no column holder" in kouno("people", "import", "people.csv").sentence
    assert "has more than 64,000,000 bytes" in kouno("people", "import", "/dev/zero").sentence
