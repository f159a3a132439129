"""The signer's memory: what was issued once is never contradicted, whatever the database holds by now."""

import os
import subprocess
import sys
from collections.abc import Callable, Sequence
from pathlib import Path
from threading import Thread

import pytest

from ledger.domain.errors import DamagedError, MalformedError
from ledger.proof.checkpoint import SignedCheckpoint
from ledger.proof.tree import EMPTY_ROOT, Tree
from ledger.signer import RESTORED, Issued, Log, default_folder, issue, line_of, memory_file
from ledger.store.restored import Restored
from tests.proof.papers import ENTRIES, KEY, SIZE, checkpoint, signed, stored, tree_of

OTHERS = [stored(version, holder="偽") for version in range(1, SIZE + 1)]


@pytest.fixture
def state(tmp_path: Path) -> Path:
    return tmp_path / "states" / "rights-ledger"


def issued(state: Path, entries: Sequence[bytes], *restored: Restored, ledger: str = "main") -> Issued:
    return issue(state, ledger, lambda: Log(tree_of(list(entries)), restored), KEY)


def restored(number: int, size: int, entries: Sequence[bytes] = ENTRIES, replaced: int | None = None) -> Restored:
    """A restoration, to a number of entries and in place of another."""
    root = tree_of(list(entries)).root(size)
    return Restored(number, "2026-11-22T01:00:00.000000Z", "運用", "disk\nreplaced", size, root, replaced, None)


def test_what_is_issued_is_of_the_log_signed_and_remembered(state: Path) -> None:
    found = issued(state, ENTRIES[:9])
    assert found.signed == signed(checkpoint(9))
    assert found.signed.signers([KEY.verifier]) == (KEY.verifier,)
    assert found.tree.size == 9
    file = memory_file(state, "main")
    assert file.read_bytes() == found.signed.rendered()
    assert list(state.iterdir()) == [file]
    assert state.stat().st_mode & 0o777 == 0o700
    assert file.stat().st_mode & 0o777 == 0o600


def test_without_a_key_it_is_remembered_too(state: Path) -> None:
    issue(state, "main", lambda: Log(tree_of(ENTRIES[:9])))
    with pytest.raises(DamagedError):
        issued(state, ENTRIES[:8])


def test_a_log_that_grows_or_stays_is_signed(state: Path) -> None:
    for size in (0, 0, 1, 5, 5, 9, SIZE):
        assert issued(state, ENTRIES[:size]).signed.checkpoint == checkpoint(size)
        assert memory_file(state, "main").read_bytes() == signed(checkpoint(size)).rendered()


@pytest.mark.parametrize(("now", "why"), [
    (ENTRIES[:8], "it was cut, or an old database was put back"),
    ([], "it was cut, or an old database was put back"),
    (OTHERS[:9], "its first 9 entries are others"),
    ([*ENTRIES[:8], OTHERS[8], *ENTRIES[9:]], "its first 9 entries are others"),
    ([OTHERS[0], *ENTRIES[1:]], "its first 9 entries are others"),
    ([*ENTRIES[:3], ENTRIES[4], ENTRIES[3], *ENTRIES[5:]], "its first 9 entries are others"),
])  # fmt: skip
def test_a_log_that_does_not_extend_it_is_refused(state: Path, now: list[bytes], why: str) -> None:
    issued(state, ENTRIES[:9])
    file = memory_file(state, "main")
    before = file.read_bytes()
    with pytest.raises(DamagedError, match=why) as refused:
        issued(state, now)
    message = refused.value.message
    assert (
        f"ledger main has {len(now):,} entries and the root {checkpoint(len(now), tree=tree_of(now)).text.split()[2]}"
        in message
    )
    assert f"it had 9 and the root {checkpoint(9).text.split()[2]}" in message
    assert str(file) in message
    assert "`rights db restore`" in message
    assert "--state" in message
    assert refused.value.exit_code == 3
    assert file.read_bytes() == before
    assert issued(state, ENTRIES).signed.checkpoint.size == SIZE


def test_every_ledger_has_a_memory_of_its_own(state: Path) -> None:
    names = ["main", "Main", "a/b", "a-b", "a b", "..", ".", "株式会社", "x" * 200, "x" * 199 + "y", "日" * 200]
    files = {memory_file(state, name) for name in names}
    assert len(files) == len(names)
    for number, name in enumerate(names):
        entries = [stored(version, name) for version in range(1, number + 2)]
        assert issued(state, entries, ledger=name).signed.checkpoint.ledger == name
    assert {*state.iterdir()} == files
    assert memory_file(state, "main").name.startswith("main-")


def test_a_restoration_is_believed_and_told_of_from_then_on(state: Path) -> None:
    issued(state, ENTRIES[:9])
    first = restored(1, 5, replaced=9)
    found = issued(state, [*ENTRIES[:5], *OTHERS[5:7]], first).signed
    assert found.checkpoint.extensions == (line_of(first),)
    assert SignedCheckpoint.parse(found.rendered()) == found
    # From then on as ever: it grows, it does not shrink, it does not forget.
    issued(state, [*ENTRIES[:5], *OTHERS[5:8]], first)
    for entries, again in (
        ([*ENTRIES[:5], *OTHERS[5:7]], [first]),
        (ENTRIES, [first]),
        ([*ENTRIES[:5], *OTHERS[5:9]], []),
        ([*ENTRIES[:5], *OTHERS[5:9]], [first._replace(reason="another")]),
        ([*ENTRIES[:5], *OTHERS[5:9]], [first._replace(actor="another")]),
        (ENTRIES[:9], []),
    ):
        with pytest.raises(DamagedError, match=r"which .* remembers"):
            issued(state, entries, *again)


def test_how_a_restoration_is_told() -> None:
    root = "47DEQpj8HBSa+/TImW+5JCeuQeRkm5NMpJWZG3hSuFU="
    lost = restored(1, 0)._replace(replaced_size=9, replaced_root=EMPTY_ROOT)
    assert line_of(lost) == (
        f'{RESTORED}{{"actor":"運用","number":1,"reason":"disk\\nreplaced","replaced_root":"{root}","replaced_size":9,'
        f'"restored_at":"2026-11-22T01:00:00.000000Z","root":"{root}","size":0}}'
    )


def test_restorations_go_back_and_forth(state: Path) -> None:
    """A backup of before the first restoration, of after it, or of what was lost then: each is a true one."""
    first = restored(1, 5, replaced=9)
    branch = [*ENTRIES[:5], *OTHERS[5:8]]
    issued(state, ENTRIES[:9])
    issued(state, branch, first)
    second = restored(2, 9, replaced=8)
    issued(state, ENTRIES[:10], first, second)
    third, fourth = restored(3, 3), restored(4, 8, branch)
    found = issued(state, branch, first, second, third, fourth).signed
    assert len(found.checkpoint.extensions) == 4


def said_to_replace(size: int | None, root: bytes | None, number: int = 1) -> Restored:
    """A restoration to nothing, which anybody who owns the database can write."""
    return restored(number, 0)._replace(replaced_size=size, replaced_root=root)


@pytest.mark.parametrize(("size", "root", "why"), [
    (0, EMPTY_ROOT, "restoration 1 says that it replaced 0 entries, fewer than there were"),
    (8, checkpoint(8).root, "restoration 1 says that it replaced 8 entries, fewer than there were"),
    (8, None, "fewer than there were"),
    (-1, None, "fewer than there were"),
    (9, checkpoint(8).root, "restoration 1 says that it replaced 9 entries with another root"),
    (9, b"", "with another root"),
])  # fmt: skip
def test_a_restoration_that_replaced_less_than_is_remembered_is_refused(
    state: Path, size: int, root: bytes | None, why: str
) -> None:
    issued(state, ENTRIES[:9])
    for more in ([], [restored(2, 0, replaced=20)]):
        with pytest.raises(DamagedError, match=why) as refused:
            issued(state, OTHERS[:9], said_to_replace(size, root), *more)
        assert "which" in refused.value.message
        assert str(memory_file(state, "main")) in refused.value.message
    assert memory_file(state, "main").read_bytes() == signed(checkpoint(9)).rendered()


@pytest.mark.parametrize(("size", "root"), [
    (9, checkpoint(9).root), (9, None), (None, None), (None, EMPTY_ROOT), (10, checkpoint(8).root), (10, None),
])  # fmt: skip
def test_a_restoration_that_may_have_replaced_what_is_remembered_is_believed(
    state: Path, size: int | None, root: bytes | None
) -> None:
    issued(state, ENTRIES[:9])
    found = issued(state, OTHERS[:9], said_to_replace(size, root)).signed.checkpoint
    assert found.extensions == (line_of(said_to_replace(size, root)),)


def test_a_restoration_of_all_that_was_lost_is_believed_whatever_it_replaced(state: Path) -> None:
    """Somebody cut the ledger; the backup that was put back holds what is remembered."""
    issued(state, ENTRIES[:9])
    found = issued(state, ENTRIES[:10], restored(1, 10, replaced=5)).signed.checkpoint
    assert found.size == 10
    again = restored(2, 4, replaced=3)
    with pytest.raises(DamagedError, match="restoration 2 says that it replaced 3 entries"):
        issued(state, ENTRIES[:4], restored(1, 10, replaced=5), again)


@pytest.mark.parametrize("claimed", [
    [restored(1, 9)],  # larger than what is there
    [restored(1, 5, OTHERS)],  # of other entries
    [restored(1, 5)._replace(size=-1)],
    [restored(2, 5)],
    [restored(1, 5), restored(1, 5)],
    [restored(1, 5), restored(3, 5)],
    [restored(1, 5), restored(2, 8)],
])  # fmt: skip
def test_a_restoration_that_does_not_fit_the_log_is_refused(state: Path, claimed: list[Restored]) -> None:
    """Also by a signer that remembers nothing."""
    for folder in (state, state / "new"):
        with pytest.raises(DamagedError, match="restor"):
            issued(folder, ENTRIES[:7], *claimed)
        assert not memory_file(folder, "main").exists()
        issued(state, ENTRIES[:6])


@pytest.mark.parametrize("content", [
    b"", b"\n", b"rights-ledger/main\n", signed(checkpoint(9)).rendered()[:-1], checkpoint(9).text.encode()[:-30],
    signed(checkpoint(9, ledger="other")).rendered(), b"\xff" * 100, b"x" * 70_000,
])  # fmt: skip
def test_a_damaged_memory_is_refused_and_never_replaced(state: Path, content: bytes) -> None:
    issued(state, ENTRIES[:9])
    file = memory_file(state, "main")
    file.write_bytes(content)
    with pytest.raises(DamagedError, match="remembers the last checkpoint issued, is damaged") as refused:
        issued(state, ENTRIES[:9])
    assert str(file) in refused.value.message
    assert file.read_bytes() == content


def a_pipe(path: Path) -> None:
    os.mkfifo(path)


def a_device(path: Path) -> None:
    path.symlink_to("/dev/zero")


@pytest.mark.parametrize(("make", "kind"), [(a_pipe, "pipe"), (a_device, "device"), (Path.mkdir, "folder")])
def test_what_is_no_file_in_the_place_of_the_memory_is_refused(
    state: Path, make: Callable[[Path], None], kind: str
) -> None:
    state.mkdir(parents=True)
    file = memory_file(state, "main")
    make(file)
    before = file.lstat()
    with pytest.raises(DamagedError, match=f"{file}, which remembers .*, is damaged: it is a {kind}"):
        issued(state, ENTRIES[:9])
    assert (file.lstat().st_ino, file.lstat().st_mode) == (before.st_ino, before.st_mode)
    assert list(state.iterdir()) == [file]


def a_file(path: Path) -> Path:
    path.write_text("somebody's letter")
    return path


def in_a_file(path: Path) -> Path:
    return a_file(path) / "state"


@pytest.mark.parametrize(("make", "why"), [(a_file, "File exists"), (in_a_file, "Not a directory")])
def test_a_folder_that_cannot_be_used_is_named(tmp_path: Path, make: Callable[[Path], Path], why: str) -> None:
    folder = make(tmp_path / "states")
    with pytest.raises(MalformedError) as refused:
        issued(folder, ENTRIES[:9])
    assert refused.value.message == (
        f"issued checkpoints cannot be remembered in {folder}: {why}; say with --state in which folder they are"
    )


def test_no_bit_of_the_memory_may_be_another(state: Path) -> None:
    """Whatever says what was issued; the signature is kept for people."""
    issued(state, ENTRIES[:9])
    file = memory_file(state, "main")
    content, said = file.read_bytes(), len(checkpoint(9).text)
    for at in range(said):
        changed = bytearray(content)
        changed[at] ^= 1 << at % 8
        file.write_bytes(changed)
        with pytest.raises(DamagedError):
            issued(state, ENTRIES)
        assert file.read_bytes() == changed


def test_nothing_is_left_where_the_memory_cannot_be_written(state: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """What could not be remembered is not handed out."""
    issued(state, ENTRIES[:9])
    before = memory_file(state, "main").read_bytes()

    def full(_: int) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(os, "fsync", full)
    with pytest.raises(MalformedError, match="No space left"):
        issued(state, ENTRIES)
    assert [file.read_bytes() for file in state.iterdir()] == [before]


SIGN = """
import sys
from pathlib import Path
from ledger.signer import Log, issue
from tests.proof.papers import ENTRIES, tree_of
from tests.proof.test_signer import OTHERS

def read():
    print("reads", flush=True)
    sys.stdin.readline()
    return Log(tree_of((OTHERS if sys.argv[2] == "others" else ENTRIES)[:9]))

issue(Path(sys.argv[1]), "main", read)
"""


def test_two_processes_do_not_both_find_themselves_right(state: Path) -> None:
    """The second does not read before the first has remembered."""

    def start(which: str) -> "subprocess.Popen[str]":
        return subprocess.Popen(
            [sys.executable, "-c", SIGN, str(state), which], text=True,
            stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=subprocess.PIPE,
        )  # fmt: skip

    with start("entries") as first:
        assert first.stdout is not None
        assert first.stdout.readline() == "reads\n"
        with start("others") as second:
            assert second.stdin is not None
            second.stdin.write("\n")
            second.stdin.flush()
            first.communicate("\n")
            _, err = second.communicate()
    assert first.returncode == 0
    assert second.returncode == 1
    assert "its first 9 entries are others" in err


def test_threads_take_turns_too(state: Path) -> None:
    """A log that grows, read by many at once: nobody is refused for having read earlier."""
    log, failed = Tree(), list[BaseException]()

    def read() -> Log:
        log.extend([ENTRIES[log.size]])
        copy = Tree()
        copy.extend(ENTRIES[: log.size])
        return Log(copy)

    def sign() -> None:
        try:
            issue(state, "main", read)
        except BaseException as error:
            failed.append(error)

    threads = [Thread(target=sign) for _ in range(SIZE)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert failed == []
    assert memory_file(state, "main").read_bytes().split(b"\n")[1] == str(SIZE).encode()


@pytest.mark.parametrize(("named", "where"), [
    ("/somewhere", "/somewhere/rights-ledger"), (None, "~/.local/state/rights-ledger"),
    ("", "~/.local/state/rights-ledger"), ("relative", "~/.local/state/rights-ledger"),
])  # fmt: skip
def test_where_states_are_kept(monkeypatch: pytest.MonkeyPatch, tmp_path: Path, named: str | None, where: str) -> None:
    monkeypatch.setenv("HOME", str(tmp_path))
    monkeypatch.delenv("XDG_STATE_HOME", raising=False)
    if named is not None:
        monkeypatch.setenv("XDG_STATE_HOME", named)
    assert default_folder() == Path(where).expanduser()


def test_a_user_without_a_home_must_say(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("XDG_STATE_HOME", raising=False)

    def nowhere() -> Path:
        raise RuntimeError("Could not determine home directory.")

    monkeypatch.setattr(Path, "home", nowhere)
    with pytest.raises(MalformedError, match="say with --state"):
        default_folder()
