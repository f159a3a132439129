"""Names are given to files that are whole, and never taken from others."""

import os
import subprocess
import sys
from pathlib import Path

import pytest

from ledger.backup.whole_file import folder_beside, publish
from ledger.domain.errors import DatabaseError


def test_a_file_gets_its_name(tmp_path: Path) -> None:
    file = tmp_path / "file"
    with folder_beside(file) as folder:
        assert folder.parent == tmp_path
        assert folder.stat().st_mode & 0o777 == 0o700
        (folder / "made").write_text("new")
        publish(folder / "made", file, replace=False)
    assert [path.name for path in tmp_path.iterdir()] == ["file"]
    assert file.read_text() == "new"


def test_a_name_that_somebody_took_meanwhile(tmp_path: Path) -> None:
    file = tmp_path / "file"
    with folder_beside(file) as folder:
        (folder / "made").write_text("new")
        file.write_text("theirs")
        with pytest.raises(FileExistsError):
            publish(folder / "made", file, replace=False)
        assert file.read_text() == "theirs"
        publish(folder / "made", file, replace=True)
    assert file.read_text() == "new"


def test_nothing_is_left_and_errors_speak_of_the_file(tmp_path: Path) -> None:
    with pytest.raises(DatabaseError) as refusal, folder_beside(tmp_path / "file.db") as folder:
        (folder / "made").write_text("new")
        raise DatabaseError("database", f"{folder / 'made'} cannot be written, nor {folder}/made-wal")
    assert refusal.value.message == f"{tmp_path}/file.db cannot be written, nor {tmp_path}/file.db"
    assert not list(tmp_path.iterdir())


USING = """
import sys
from pathlib import Path
from ledger.backup.whole_file import folder_beside

with folder_beside(Path(sys.argv[1])) as folder:
    (folder / "made").write_text("half")
    (folder / "made-wal").mkdir()
    print(folder, flush=True)
    sys.stdin.readline()
"""


def test_what_a_killed_process_left_is_removed_by_the_next_and_nothing_that_is_used(tmp_path: Path) -> None:
    file = tmp_path / "file"
    command = [sys.executable, "-c", USING, str(file)]
    with subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True) as other:
        assert other.stdout is not None
        left = Path(other.stdout.readline().strip())
        with folder_beside(file) as first, folder_beside(file) as second:
            assert {*tmp_path.iterdir()} == {left, first, second}
        assert (left / "made").read_text() == "half"
        other.kill()
    assert [*tmp_path.iterdir()] == [left]
    with folder_beside(file) as folder:
        assert [*tmp_path.iterdir()] == [folder]
    assert not [*tmp_path.iterdir()]


def test_folders_of_such_a_name_that_are_somebodys_are_let_be(tmp_path: Path) -> None:
    letters, theirs, linked, odd = (tmp_path / f".rights-{name}" for name in ("letters", "theirs", "linked", "odd"))
    for folder in (letters, theirs, odd, tmp_path / "elsewhere"):
        folder.mkdir()
        (folder / "letter").write_text("to the board")
    (tmp_path / "elsewhere" / "in-use").touch()
    linked.symlink_to(tmp_path / "elsewhere")
    os.mkfifo(odd / "in-use")
    (theirs / "in-use").symlink_to(letters / "letter")
    with folder_beside(tmp_path / "file"):
        pass
    for folder in (letters, theirs, linked, odd):
        assert (folder / "letter").read_text() == "to the board"
