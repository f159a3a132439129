"""`rights verify`: a whole ledger, and one that was changed behind the database's back."""

import sqlite3
from contextlib import closing

import pytest

from tests.cli.conftest import SMALL
from tests.cli.terminal import ROOT, Rights


def meddle(statement: str, *parameters: object) -> None:
    """Change the file as somebody with sqlite3 would: triggers away, the change, the same triggers again."""
    with closing(sqlite3.connect("rights.db")) as connection:
        triggers = connection.execute("SELECT name, sql FROM sqlite_schema WHERE type = 'trigger'").fetchall()
        for name, _ in triggers:
            connection.execute(f"DROP TRIGGER {name}")
        assert connection.execute(statement, parameters).rowcount > 0
        for _, sql in triggers:
            connection.execute(sql)
        connection.commit()


def changed(version: int, old: bytes, new: bytes) -> None:
    """Change the stored bytes of one entry."""
    with closing(sqlite3.connect("rights.db")) as connection:
        ((content,),) = connection.execute("SELECT bytes FROM entries WHERE version = ?", (version,)).fetchall()
    assert old in content
    meddle("UPDATE entries SET bytes = ? WHERE version = ?", content.replace(old, new), version)


def test_a_whole_ledger(small_ledger: Rights) -> None:
    told = small_ledger("verify")
    assert (told.code, told.err) == (0, "")
    assert ROOT.sub("<root>", told.out) == (
        "Ledger main is whole: 11 entries, each in its place, unchanged in itself, and lawful.\n"
        "Not proved without --checkpoint: that its owner did not write all of it anew, in a lawful way.\n"
        "11 entries, root <root>\n"
    )


def test_an_empty_ledger_is_whole(new_ledger: Rights) -> None:
    assert new_ledger("verify").code == 0


@pytest.mark.parametrize(("version", "old", "new"), [
    (4, b'"rights":24', b'"rights":999'),  # over the maximum
    (8, b"2018-07-02", b"2018-07-03"),
    (8, b'"type":"exercise"', b'"type":"exercixe"'),
    (11, b'"ratio":"2"', b'"ratio":"1/2"'),
    (3, b'"actor":"hr"', b'"actor":"it"'),
    (1, b'"ledger":"main"', b'"ledger":"mine"'),
    (6, b'{"actor"', b'{ "actor"'),
    (6, b"}", b""),
    (9, b"2021-04-01T00:30", b"2021-03-01T00:30"),
])  # fmt: skip
def test_changed_bytes(small_ledger: Rights, version: int, old: bytes, new: bytes) -> None:
    """What the columns or the rules contradict is found, and the version named."""
    changed(version, old, new)
    told = small_ledger("verify")
    assert told.code == 3
    assert told.sentence.startswith(f"rights: damaged: version {version} is bad: ")
    told = small_ledger("verify", "--json")
    assert (told.code, told.error["code"]) == (3, "damaged")


@pytest.mark.parametrize(("column", "value"), [
    ("recorded_at", "2021-04-01T00:30:00.000001Z"), ("actor", "it"), ("effective_on", "2018-06-29"),
    ("type", "death"), ("type_version", 2), ("entry_id", "x"), ("batch", 7),
])  # fmt: skip
def test_a_changed_column(small_ledger: Rights, column: str, value: object) -> None:
    meddle(f"UPDATE entries SET {column} = ? WHERE version = 7", value)
    told = small_ledger("verify")
    assert (told.code, told.sentence[:42]) == (3, "rights: damaged: version 7 is bad: the col")
    assert column in told.sentence


def test_a_missing_entry(small_ledger: Rights) -> None:
    meddle("DELETE FROM entries WHERE version = 7")
    told = small_ledger("verify")
    assert (told.code, told.sentence) == (
        3,
        "rights: damaged: version 7 is bad: it is missing; version 8 stands in its place; `rights db restore FILE"
        " --reason TEXT` puts back a backup and records that it did",
    )


def test_missing_guards(small_ledger: Rights) -> None:
    with closing(sqlite3.connect("rights.db")) as connection:
        ((name,), *_) = connection.execute("SELECT name FROM sqlite_schema WHERE type = 'trigger'").fetchall()
        connection.execute(f"DROP TRIGGER {name}")
        connection.commit()
    for command in ("verify", "holdings", "history"):
        told = small_ledger(command)
        assert told.code == 3
        assert told.sentence.startswith("rights: damaged: rights.db no longer refuses changes")
        assert name in told.sentence


def test_bytes_that_are_no_entry_are_found_by_every_question(small_ledger: Rights) -> None:
    meddle("UPDATE entries SET bytes = ? WHERE version = 7", b"\xff\x00")
    for command in ("verify", "holdings", "history", "series"):
        told = small_ledger(command)
        assert (told.code, told.sentence[:16]) == (3, "rights: damaged:")
    assert "version 7 is bad" in small_ledger("verify").sentence
    assert len(SMALL) == 11
