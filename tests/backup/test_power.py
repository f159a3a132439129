"""One bit changed anywhere in a backup, and it is none."""

from collections.abc import Callable, Iterator
from pathlib import Path
from random import Random

import pytest

from ledger.backup.contents import Held
from ledger.backup.making import back_up
from ledger.backup.opening import opened
from ledger.backup.restoring import put_back
from ledger.domain.errors import DamagedError, LedgerError
from ledger.store import Row
from tests.backup.conftest import fill, whole
from tests.scenario import company

STAMP = slice(60, 64)

Content = list[tuple[Held, list[Row]]]


def content_of(file: Path, folder: Path) -> Content:
    """What is read from a backup that is found good."""
    with opened(file, folder) as contents:
        return [(held, list(rows)) for held, rows in contents.each()]


@pytest.fixture
def scratch(folder: Path) -> Callable[[], Path]:
    """A new folder every time."""
    numbers: Iterator[int] = iter(range(10**9))

    def made() -> Path:
        path = folder / f"scratch-{next(numbers)}"
        path.mkdir()
        return path

    return made


def test_every_byte_of_the_portable_form_counts(two_ledgers: str, folder: Path, scratch: Callable[[], Path]) -> None:
    """All of the first line and of the last are tried, and every 5th between."""
    file = folder / "copy.jsonl"
    back_up(two_ledgers, file, portable=True)
    good = file.read_bytes()
    assert len(content_of(file, scratch())) == 3
    chance = Random(1)
    bad = folder / "bad"
    for position in [*range(600), *range(600, len(good), 5), *range(len(good) - 200, len(good))]:
        changed = bytearray(good)
        changed[position] ^= 1 << chance.randrange(8)
        bad.write_bytes(changed)
        with pytest.raises(LedgerError) as refusal, opened(bad, folder):
            pytest.fail(f"byte {position}")
        assert refusal.value.exit_code in {2, 3}


def test_no_other_ending_is_taken_for_a_whole_file(two_ledgers: str, folder: Path) -> None:
    file = folder / "copy.jsonl"
    back_up(two_ledgers, file, portable=True)
    good = file.read_bytes()
    lines = good.splitlines(keepends=True)
    bad = [good[:size] for size in range(1, len(good), 7)]
    bad += [b"".join([*lines[:at], *lines[at + 1 :]]) for at in range(len(lines))]
    bad += [good + b"\n", good + b"x", good + lines[-1], good + good, b"".join([lines[0], lines[-1]]), b"\n" + good]
    bad += [good.replace(b"\n", b"\r\n"), b"".join([lines[0], *lines[4:-1], *lines[1:4], lines[-1]])]
    for content in bad:
        file.write_bytes(content)
        with pytest.raises(LedgerError), opened(file, folder):
            pytest.fail(f"{len(content)} of {len(good)} bytes")


def test_every_byte_of_an_sqlite_file_counts(two_ledgers: str, folder: Path, scratch: Callable[[], Path]) -> None:
    """Also those that say nothing, in pages that are not full; every 23rd of them is tried."""
    file = folder / "copy.db"
    back_up(two_ledgers, file)
    good = file.read_bytes()
    assert len(content_of(file, scratch())) == 3
    chance = Random(2)
    bad = folder / "bad"
    for position in [*range(200), *range(200, len(good), 23)]:
        changed = bytearray(good)
        changed[position] ^= 1 << chance.randrange(8)
        bad.write_bytes(changed)
        with pytest.raises(LedgerError) as refusal, opened(bad, folder):
            pytest.fail(f"byte {position}")
        assert refusal.value.exit_code in {2, 3, 4}


def test_a_copy_without_a_stamp(two_ledgers: str, folder: Path, scratch: Callable[[], Path]) -> None:
    """A database that was kept otherwise: entries prove themselves; only when a ledger was made cannot be proved."""
    file = folder / "copy.db"
    back_up(two_ledgers, file)
    content = bytearray(file.read_bytes())
    content[STAMP] = bytes(4)
    file.write_bytes(content)
    expected = content_of(file, scratch())
    assert [held.size for held, _ in expected] == [3, 11, 0]
    chance = Random(3)
    bad = folder / "bad"
    own = scratch()
    refused = 0
    places = [place for place in range(0, len(content), 101) if not STAMP.start <= place < STAMP.stop]
    for position in places:
        changed = bytearray(content)
        changed[position] ^= 1 << chance.randrange(8)
        bad.write_bytes(changed)
        try:
            found = content_of(bad, own)
            assert [(held._replace(created_at=""), rows) for held, rows in found] == [
                (held._replace(created_at=""), rows) for held, rows in expected
            ]
        except LedgerError as error:
            assert error.exit_code in {2, 3, 4}
            refused += 1
        for path in own.iterdir():
            path.unlink()
    assert refused > len(places) // 10


def test_a_backup_that_was_put_to_use(two_ledgers: str, folder: Path) -> None:
    """It is a database like any other, and a backup no more; of it there are backups again."""
    file = folder / "copy.db"
    back_up(two_ledgers, file)
    url = f"sqlite:///{file}"
    fill(url, "iij", [company("C")])
    with pytest.raises(DamagedError, match="was used as a database"), opened(file, folder):
        pytest.fail("it was taken for what it was")
    back_up(url, folder / "again.db")
    put_back(url, folder / "again.db", reason="test")
    put_back(two_ledgers, file, reason="a database that nobody stamped")
    assert whole(two_ledgers).content == whole(url).content


def test_what_does_not_hold_is_not_restored(two_ledgers: str, folder: Path) -> None:
    before = whole(two_ledgers)
    for name, portable in (("copy.db", False), ("copy.jsonl", True)):
        back_up(two_ledgers, folder / name, portable=portable)
        content = (folder / name).read_bytes()
        assert content.count(b'"rights":24') == 1
        (folder / name).write_bytes(content.replace(b'"rights":24', b'"rights":42'))
        with pytest.raises(DamagedError):
            put_back(two_ledgers, folder / name, reason="test")
        with pytest.raises(DamagedError):
            put_back(f"sqlite:///{folder / 'new.db'}", folder / name, reason="test")
        assert whole(two_ledgers) == before
    found = sorted(path.name for path in folder.iterdir() if not path.name.startswith("rights.db-"))
    assert found == ["copy.db", "copy.jsonl", "rights.db"]
