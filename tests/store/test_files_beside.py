"""SQLite believes what lies beside a file by its name alone: a log of another database, a journal that was made up."""

import shutil
import sqlite3
from collections.abc import Callable
from contextlib import closing, suppress
from pathlib import Path

import pytest

from ledger.domain.errors import DamagedError, DatabaseError
from ledger.store import open_log
from ledger.store.engines import open_engine
from ledger.store.first_look import APPLICATION_ID
from ledger.store.migrate import current_engine, upgrade
from tests.store.samples import say
from tests.store.test_foreign_files import Make, a_text, a_zip, cut_off, read_all, seen, with_a_hot_log


def first_page() -> bytes:
    """What SQLite writes first when a ledger is made."""
    with closing(sqlite3.connect(":memory:", isolation_level=None)) as connection:
        connection.execute(f"PRAGMA application_id={APPLICATION_ID}")
        return connection.serialize()


WHOLE_PAGE = first_page()
JUNK = bytes(range(256)) * 2
USES = pytest.mark.parametrize("use", [open_log, current_engine, upgrade])


def a_text_and_a_crafted_journal(file: Path) -> None:
    """A journal by which nothing was in the file: SQLite would see to that."""
    a_text(file)
    journal = bytes.fromhex("d9d505f920a163d7") + bytes(12) + (512).to_bytes(4, "big") + (4096).to_bytes(4, "big")
    file.with_name(f"{file.name}-journal").write_bytes(journal.ljust(512, b"\0"))


def a_short_text_and_a_crafted_journal(file: Path) -> None:
    a_text_and_a_crafted_journal(file)
    file.write_text("minutes of 26 May 2016")


def zeros_a_text_and_a_crafted_journal(file: Path) -> None:
    a_text_and_a_crafted_journal(file)
    file.write_bytes(bytes(200) + b"minutes of 26 May 2016")


def a_text_as_long_as_a_page_and_a_crafted_journal(file: Path) -> None:
    a_text_and_a_crafted_journal(file)
    file.write_bytes(("取締役会議事録" * 200).encode()[:4095] + b"\n")


def a_zip_and_a_crafted_journal(file: Path) -> None:
    a_text_and_a_crafted_journal(file)
    a_zip(file)


CRAFTED = pytest.mark.parametrize(
    "make",
    [
        a_text_and_a_crafted_journal,
        a_short_text_and_a_crafted_journal,
        zeros_a_text_and_a_crafted_journal,
        a_text_as_long_as_a_page_and_a_crafted_journal,
        a_zip_and_a_crafted_journal,
    ],
)


@CRAFTED
@USES
def test_a_file_with_a_crafted_journal_is_refused_untouched(
    tmp_path: Path, make: Make, use: Callable[[str], object]
) -> None:
    make(tmp_path / "rights.db")
    before = seen(tmp_path)
    with pytest.raises(DatabaseError, match="file is not a database"):
        use(f"sqlite:///{tmp_path / 'rights.db'}")
    assert seen(tmp_path) == before


@CRAFTED
def test_sqlite_alone_would_empty_it(tmp_path: Path, make: Make) -> None:
    make(tmp_path / "rights.db")
    with closing(sqlite3.connect(tmp_path / "rights.db")) as connection, suppress(sqlite3.DatabaseError):
        connection.execute("SELECT name FROM sqlite_master").fetchall()
    assert (tmp_path / "rights.db").read_bytes() == b""


@pytest.mark.parametrize("left", [
    bytes(4096), bytes(512), WHOLE_PAGE, WHOLE_PAGE[:512], WHOLE_PAGE[:512].ljust(4096, b"\0"), WHOLE_PAGE[:90],
    JUNK.ljust(4096, b"\0"), JUNK * 8, JUNK,
])  # fmt: skip
def test_a_first_page_that_a_loss_of_power_tore_is_made_anew(tmp_path: Path, left: bytes) -> None:
    file = tmp_path / "rights.db"
    a_text_and_a_crafted_journal(file)
    file.write_bytes(left)
    assert upgrade(f"sqlite:///{file}") is True
    read_all(f"sqlite:///{file}")


def log_of_another(folder: Path) -> Path:
    """What the program of somebody else left of his database, in a folder of its own."""
    (folder / "theirs").mkdir()
    with_a_hot_log(folder / "theirs" / "addresses.db")
    cut_off(folder / "theirs" / "addresses.db", "CREATE TABLE more (name)")
    return folder / "theirs" / "addresses.db-wal"


@pytest.mark.parametrize("use", [open_log, current_engine, upgrade])
def test_a_log_of_another_database_beside_a_ledger_is_refused_untouched(
    ledger_file: Path, use: Callable[[str], object]
) -> None:
    log = ledger_file.with_name("rights.db-wal")
    shutil.copy(log_of_another(ledger_file.parent), log)
    before = seen(ledger_file.parent)
    with pytest.raises(DatabaseError) as refusal:
        use(f"sqlite:///{ledger_file}")
    assert (refusal.value.code, refusal.value.exit_code) == ("foreign-database", 4)
    assert f"{log} beside it is the log of another database" in refusal.value.message
    assert seen(ledger_file.parent) == before
    log.unlink()
    read_all(f"sqlite:///{ledger_file}")


def test_sqlite_alone_would_put_the_other_database_in_its_place(ledger_file: Path) -> None:
    shutil.copy(log_of_another(ledger_file.parent), ledger_file.with_name("rights.db-wal"))
    with closing(sqlite3.connect(ledger_file)) as connection:
        names = connection.execute("SELECT name FROM sqlite_master").fetchall()
    assert names == [("addresses",), ("more",)]


def test_a_log_of_another_database_without_its_first_page_damages_a_ledger(ledger_file: Path) -> None:
    """SQLite cannot tell it from the file's own."""
    log = log_of_another(ledger_file.parent)
    cut_off(log.with_name("addresses.db"), "PRAGMA wal_checkpoint(TRUNCATE)", "INSERT INTO addresses VALUES (3)")
    shutil.copy(log, ledger_file.with_name("rights.db-wal"))
    with pytest.raises(DamagedError):
        read_all(f"sqlite:///{ledger_file}")


def test_the_log_of_a_ledger_that_got_its_mark_in_it_is_its_own(ledger_file: Path) -> None:
    """The mark is in the file already, and the log begins with what was before."""
    say(f"sqlite:///{ledger_file}", "PRAGMA application_id=0")
    with closing(sqlite3.connect(ledger_file, isolation_level=None)) as connection:
        for statement in ("user_version=7", "user_version=0", f"application_id={APPLICATION_ID}"):
            connection.execute(f"PRAGMA {statement}")
            read_all(f"sqlite:///{ledger_file}")
        connection.execute("PRAGMA wal_checkpoint(PASSIVE)")
        assert ledger_file.read_bytes()[68:72] == b"RGHT"
        assert ledger_file.with_name("rights.db-wal").stat().st_size > 3 * 4096
        read_all(f"sqlite:///{ledger_file}")


def test_a_log_whose_first_page_is_still_being_written_is_let_be(ledger_file: Path) -> None:
    """Its place holds what was in the log before."""
    log = ledger_file.with_name("rights.db-wal")
    with closing(sqlite3.connect(ledger_file, isolation_level=None)) as connection:
        connection.execute("PRAGMA user_version=0")
        content = log.read_bytes()
    for page in (b"", bytes(4096), b"x" * 4096, content[56:120]):
        log.write_bytes(content[:56] + page)
        open_engine(f"sqlite:///{ledger_file}").dispose()
