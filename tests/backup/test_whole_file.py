"""Names are given to files that are whole, and never taken from others."""

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
