"""`rights export`, and `rights record` of what it wrote: a whole ledger between databases, byte for byte."""

import sqlite3
import subprocess
import sys
from contextlib import closing
from pathlib import Path

import pytest

from ledger import open_ledger
from tests.cli.terminal import BIN, Rights, Told, in_process, json_lines, within
from tests.scenario import appointed, company

NEW = appointed("2020-01-01", holder="director-9")


def stored_in(url: str, ledger: str) -> tuple[list[bytes], str]:
    """All columns of all entries as bytes, and the root."""
    with open_ledger(url, ledger) as book:
        return list(book.export()), book.history().root


def columns(file: str) -> list[tuple[object, ...]]:
    with closing(sqlite3.connect(file)) as connection:
        return connection.execute("SELECT * FROM entries ORDER BY ledger_id, version").fetchall()


def test_the_lines_are_the_stored_bytes(small_ledger: Rights, folder: Path) -> None:
    told = in_process([str(BIN / "rights"), "export"], folder)
    assert (told.code, told.err) == (0, "")
    with closing(sqlite3.connect("rights.db")) as connection:
        stored = connection.execute("SELECT bytes FROM entries ORDER BY version").fetchall()
    assert told.out.encode() == b"".join(content + b"\n" for (content,) in stored)
    assert len(stored) == 11


def test_a_file_and_what_is_said_of_it(small_ledger: Rights, folder: Path) -> None:
    root = small_ledger("history", "--json").json["root"]
    assert small_ledger("export", "ledger.jsonl") == (
        0, f"ledger.jsonl holds ledger main: 11 entries, root {root}.\n", ""
    )  # fmt: skip
    document = {"ledger": "main", "file": "again.jsonl", "size": 11, "root": root}
    assert small_ledger("export", "again.jsonl", "--json").json == document
    assert (folder / "again.jsonl").read_bytes() == (folder / "ledger.jsonl").read_bytes()
    assert sorted(path.name for path in folder.iterdir()) == ["again.jsonl", "ledger.jsonl", "rights.db"]


def test_an_empty_ledger(new_ledger: Rights, folder: Path) -> None:
    assert new_ledger("export") == (0, "", "")
    assert new_ledger("export", "empty.jsonl", "--json").json["size"] == 0
    assert new_ledger("record", "empty.jsonl", "--json").json["version"] == 0


def test_an_export_that_was_cut_in_a_batch_is_whole_to_whoever_has_no_checkpoint(
    small_ledger: Rights, folder: Path
) -> None:
    assert small_ledger("record", "-", given=json_lines(NEW, NEW | {"on": "2020-01-02"})).code == 0
    assert small_ledger("checkpoint", "--out", "13").code == 0
    root = small_ledger("export", "all.jsonl", "--json").json["root"]
    lines = (folder / "all.jsonl").read_bytes().splitlines(keepends=True)
    (folder / "cut.jsonl").write_bytes(b"".join(lines[:-1]))
    elsewhere = ("--db", "sqlite:///elsewhere.db")
    assert small_ledger("init", *elsewhere).code == 0
    assert small_ledger("record", "cut.jsonl", *elsewhere).code == 0
    assert small_ledger("verify", *elsewhere).code == 0
    assert small_ledger("verify", *elsewhere, "--checkpoint", "13").code == 3
    assert small_ledger("history", *elsewhere, "--json").json["root"] != root


def test_what_is_there_is_not_replaced(small_ledger: Rights, folder: Path) -> None:
    (folder / "mine").write_text("mine")
    assert small_ledger("export", "mine").sentence == (
        "rights: malformed: mine is there already; --force replaces it"
    )  # fmt: skip
    assert small_ledger("export", "mine", "--force").sentence == (
        "rights: malformed: mine is no export, and is not replaced: name another file"
    )  # fmt: skip
    assert (folder / "mine").read_text() == "mine"
    for old in ("", '{"actor":"hr"}\n'):
        (folder / "mine").write_text(old)
        assert small_ledger("export", "mine", "--force").code == 0
        assert (folder / "mine").read_text() != old


def test_the_database_itself_is_never_replaced(small_ledger: Rights, folder: Path) -> None:
    before = (folder / "rights.db").read_bytes()
    assert small_ledger("export", "rights.db", "--force").code == 2
    assert (folder / "rights.db").read_bytes() == before
    assert small_ledger("verify").code == 0


@pytest.mark.parametrize(("arguments", "says"), [
    (("export", "."), "is no file"),
    (("export", "no/ledger.jsonl"), "there is no folder no"),
    (("export", "--json"), "name one"),
])  # fmt: skip
def test_calls_that_are_none(small_ledger: Rights, arguments: tuple[str, ...], says: str) -> None:
    told = small_ledger(*arguments)
    assert told.code == 2
    assert says in (told.error["message"] if "--json" in arguments else told.sentence)


def test_a_reader_that_has_seen_enough(demo_ledger: Rights, folder: Path) -> None:
    with subprocess.Popen([BIN / "rights", "export"], cwd=folder, stdout=subprocess.PIPE) as process:
        assert process.stdout is not None
        process.stdout.close()
    assert process.returncode == 0


def test_a_full_disk_leaves_no_file(small_ledger: Rights, folder: Path) -> None:
    """Files may have 40 KB, as on a disk that is full then."""
    assert small_ledger("record", "-", given=json_lines(NEW | {"note": "x" * 60_000})).code == 0
    told = within("ulimit -f 40", "rights export ledger.jsonl", folder)
    assert (told.code, told.out) == (2, "")
    assert "cannot be written" in told.sentence
    assert sorted(path.name for path in folder.iterdir() if "-" not in path.name) == ["rights.db"]


def test_from_sqlite_to_postgresql_and_back(demo_ledger: Rights, postgres_database: str, folder: Path) -> None:
    """The acceptance of it: the demo's ledger there and back, with every column of every row."""
    there = ("--db", postgres_database)
    back = ("--db", "sqlite:///back.db")
    assert demo_ledger("export", "one.jsonl").code == 0
    assert demo_ledger("init", *there, "--ledger", "iij").code == 0
    told = demo_ledger("record", "one.jsonl", *there, "--json")
    assert (told.code, told.err) == (0, "")
    assert demo_ledger("export", "two.jsonl", *there).code == 0
    assert demo_ledger("init", *back, "--ledger", "iij").code == 0
    assert demo_ledger("record", "two.jsonl", *back).code == 0
    assert demo_ledger("export", "three.jsonl", *back).code == 0
    assert (folder / "one.jsonl").read_bytes() == (folder / "two.jsonl").read_bytes()
    assert (folder / "one.jsonl").read_bytes() == (folder / "three.jsonl").read_bytes()
    assert columns("rights.db") == columns("back.db")
    roots = {demo_ledger("history", *place, "--json").json["root"] for place in ((), there, back)}
    assert roots == {told.json["root"]}
    for place in ((), there, back):
        assert demo_ledger("verify", *place).code == 0
        answers = [demo_ledger(name, *place, "--json").json for name in ("holdings", "series", "exercises")]
        assert answers == [demo_ledger(name, "--json").json for name in ("holdings", "series", "exercises")]
    assert demo_ledger("record", "-", *there, given=json_lines(NEW)).code == 0


def test_what_recording_it_answers(small_ledger: Rights, folder: Path) -> None:
    assert small_ledger("export", "ledger.jsonl").code == 0
    lines = (folder / "ledger.jsonl").read_bytes().splitlines(keepends=True)
    (folder / "ledger.jsonl").write_bytes(b"\n".join(lines))
    assert small_ledger("init", "--db", "sqlite:///two.db").code == 0
    other = ("--db", "sqlite:///two.db")
    dry = small_ledger("record", "ledger.jsonl", "--dry-run", *other)
    assert dry.out == "11 entries would be recorded, 0 already there, 0 refused; ledger main would be at version 11.\n"
    assert small_ledger("history", *other, "--json").json["known_version"] == 0
    told = small_ledger("record", "ledger.jsonl", "--json", "--actor", "somebody else", *other)
    assert told.answer == {
        "ledger": "main",
        "version": 11,
        "lines": [{"line": 2 * version - 1, "version": version} for version in range(1, 12)],
    }
    assert small_ledger("record", "ledger.jsonl", *other).out == (
        "0 entries recorded, 11 already there, 0 refused; ledger main is at version 11.\n"
    )
    assert {row["actor"] for row in small_ledger("history", *other, "--json").json["rows"]} == {"hr"}
    assert stored_in("sqlite:///two.db", "main") == stored_in("sqlite:///rights.db", "main")


def test_from_standard_input_by_a_pipe(small_ledger: Rights, folder: Path) -> None:
    rights = BIN / "rights"
    line = f"set -eo pipefail; export RIGHTS_DB=sqlite:///b.db; {rights} init; "
    line += f"{rights} export --db sqlite:///rights.db | {rights} record -"
    assert in_process(["bash", "-c", line], folder).code == 0
    assert stored_in("sqlite:///b.db", "main") == stored_in("sqlite:///rights.db", "main")


def refused(rights: Rights, given: bytes, *options: str, ledger: str = "main") -> Told:
    """Record lines in a new ledger, which must stay empty."""
    url = f"sqlite:///{ledger}.db"
    assert rights("init", "--db", url, "--ledger", ledger).code == 0
    told = rights("record", "-", "--db", url, *options, given=given)
    assert rights("history", "--db", url, "--json").json["known_version"] == 0
    return told


def test_refusals_name_the_line_and_leave_nothing(small_ledger: Rights) -> None:
    lines = small_ledger("export").out.encode().splitlines(keepends=True)
    all_lines = b"".join(lines)

    told = refused(small_ledger, all_lines + json_lines(NEW))
    assert (told.code, told.sentence[:27]) == (2, "rights: malformed: line 12:")
    told = refused(small_ledger, json_lines(company()) + all_lines)
    assert (told.code, told.sentence[:26]) == (2, "rights: malformed: line 2:")
    assert "not both" in told.sentence

    told = refused(small_ledger, all_lines, ledger="other")
    assert told.code == 2
    assert told.sentence == (
        "rights: malformed: line 1: it is an entry of ledger main, and this ledger is other: an export is taken over"
        " into the ledger of the same id, which `rights init --ledger main` with the same --db makes"
    )

    told = refused(small_ledger, b"".join(lines[3:]))
    assert (told.code, told.sentence[:55]) == (2, "rights: malformed: line 1: it begins with version 4: an")

    told = refused(small_ledger, b"".join([*lines[:5], *lines[6:]]))
    assert told.code == 3
    assert told.sentence == (
        "rights: damaged: line 6: the export does not hold: version 6 is bad: it is missing; version 7 stands in its"
        " place"
    )
    told = refused(small_ledger, all_lines.replace(b'"rights":24', b'"rights":246'))
    assert told.code == 3
    assert told.sentence.startswith(
        "rights: damaged: line 4: the export does not hold: version 4 is bad: it is unlawful: over-maximum: "
    )
    told = refused(small_ledger, all_lines, "--keep-going")
    assert (told.code, "as a whole" in told.sentence) == (2, True)
    told = refused(small_ledger, all_lines, "--expect-version", "3")
    assert (told.code, told.sentence[:30]) == (1, "rights: stale-version: line 1:")


def test_a_line_that_is_too_long(new_ledger: Rights) -> None:
    stored = b'{"actor":"hr","entry":{"note":"%s"},"format":1,"ledger":"main","recorded_at":"x"}' % (b"x" * 1_100_000)
    told = new_ledger("record", "-", given=stored)
    assert (told.code, told.sentence[:26]) == (2, "rights: malformed: line 1:")


def test_the_longest_entry_comes_back(new_ledger: Rights, folder: Path) -> None:
    entry = json_lines(company())[:-2] + b',"note":"%s"}'
    given = entry % (b"x" * (1_000_000 - len(entry) + 2))
    assert len(given) == 1_000_000
    assert new_ledger("record", "-", given=given).code == 0
    assert new_ledger("record", "-", given=given + b" ").code == 2
    assert new_ledger("export", "ledger.jsonl").code == 0
    assert (folder / "ledger.jsonl").stat().st_size > 1_000_000
    assert new_ledger("init", "--db", "sqlite:///two.db").code == 0
    assert new_ledger("record", "ledger.jsonl", "--db", "sqlite:///two.db").code == 0
    assert stored_in("sqlite:///two.db", "main") == stored_in("sqlite:///rights.db", "main")


def test_the_name_says_the_form_where_no_option_does(small_ledger: Rights, folder: Path) -> None:
    root = small_ledger("history", "--json").json["root"]
    for name, begins in (
        ("a.jsonl", b'{"actor"'), ("a.parquet", b"PAR1"), ("a.SQLITE", b"SQLite format 3\0"), ("a", b'{"actor"'),
    ):  # fmt: skip
        told = small_ledger("export", name, "--json").json
        told.pop("as_of", None)
        assert told == {"ledger": "main", "file": name, "size": 11, "root": root}
        assert (folder / name).read_bytes().startswith(begins)
    assert small_ledger("export", "--parquet", "log.bin").code == 0
    assert (folder / "log.bin").read_bytes().startswith(b"PAR1")
    assert small_ledger("export", "--jsonl").out == small_ledger("export").out
    assert small_ledger("export", "b.parquet", "--jsonl").code == 0
    assert (folder / "b.parquet").read_bytes() == (folder / "a.jsonl").read_bytes()


@pytest.mark.parametrize(("arguments", "says"), [
    (("--parquet",), "--parquet makes a file: name one"),
    (("--sqlite", "--parquet", "x"), "a file has one form: --parquet or --sqlite"),
    (("x.jsonl", "--as-of", "2018-07-08"), "--as-of says nothing of --jsonl"),
    (("x.parquet", "--known-version", "3"), "--known-version says nothing of --parquet"),
])  # fmt: skip
def test_forms_that_do_not_go_together(small_ledger: Rights, arguments: tuple[str, ...], says: str) -> None:
    told = small_ledger("export", *arguments)
    assert (told.code, says in told.sentence) == (2, True), told.sentence


def test_only_an_export_of_the_same_form_is_replaced(small_ledger: Rights, folder: Path) -> None:
    for name in ("a.jsonl", "a.parquet", "a.sqlite"):
        assert small_ledger("export", name).code == 0
        assert small_ledger("export", name, "--force").code == 0
    for form, file in (("--sqlite", "rights.db"), ("--sqlite", "a.parquet"), ("--parquet", "a.sqlite"),
                       ("--jsonl", "a.sqlite"), ("--parquet", "a.jsonl")):  # fmt: skip
        before = (folder / file).read_bytes()
        told = small_ledger("export", form, file, "--force")
        assert told.sentence == f"rights: malformed: {file} is no export, and is not replaced: name another file"
        assert (folder / file).read_bytes() == before
    (folder / "empty.sqlite").touch()
    assert small_ledger("export", "empty.sqlite", "--force").code == 0


def test_the_sqlite_file_is_of_the_day_that_was_asked_for(small_ledger: Rights) -> None:
    """As of 2018-07-01 director-1 has not exercised; the day after he has, four rights."""
    found = {}
    for day in ("2018-07-01", "2018-07-02"):
        assert small_ledger("export", f"{day}.sqlite", "--as-of", day).code == 0
        with closing(sqlite3.connect(f"{day}.sqlite")) as connection:
            found[day] = connection.execute("SELECT rights FROM outstanding WHERE holder = 'director-1'").fetchall()
    assert found == {"2018-07-01": [(24,)], "2018-07-02": [(20,)]}


def test_parquet_needs_its_library(small_ledger: Rights, monkeypatch: pytest.MonkeyPatch, folder: Path) -> None:
    monkeypatch.setitem(sys.modules, "pyarrow", None)
    told = small_ledger("export", "a.parquet")
    assert (told.code, told.sentence) == (
        2,
        "rights: missing-library: Parquet needs the library pyarrow: pip install 'rights-ledger[parquet]' installs it;"
        " --jsonl and --sqlite need nothing",
    )  # fmt: skip
    assert not (folder / "a.parquet").exists()
