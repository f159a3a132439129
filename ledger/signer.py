"""Issuing checkpoints, with a memory outside the database: what was said once is never contradicted.

The memory is a folder with the last checkpoint issued of each ledger. A log that is smaller, or begins with something
else, gets none: that is how an old file is caught that somebody has put back. A restoration that recorded itself is
believed where it replaced no less than what is remembered, and every checkpoint tells of it from then on. A signer
without its memory believes anything.
"""

import fcntl
import json
import os
import re
import stat
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from hashlib import sha256
from pathlib import Path
from tempfile import mkstemp
from typing import Final, NamedTuple, NoReturn

import msgspec

from ledger.domain.characters import shown
from ledger.domain.errors import DamagedError, EvidenceError, LedgerError, MalformedError
from ledger.proof.checkpoint import Checkpoint, SignedCheckpoint, hash_from, origin_of
from ledger.proof.note import MAX_NOTE_BYTES, SigningKey, base64_of
from ledger.proof.tree import Tree
from ledger.store.codec import canonical
from ledger.store.first_look import kind_of
from ledger.store.restored import Restored

RESTORED: Final = "restored "
"""What a line about a restoration begins with; an object of JSON follows."""

_WAY_OUT: Final = (
    "Where another ledger of this name was issued for from here, give this one a --state of its own; else `rights db"
    " restore` puts back a backup and records that it did"
)


class Log(NamedTuple):
    """A log as it is now. restored: its restorations, the first first."""

    tree: Tree
    restored: Sequence[Restored] = ()


class Issued(NamedTuple):
    """A checkpoint, and the tree that it is of, for proofs."""

    signed: SignedCheckpoint
    tree: Tree


def default_folder() -> Path:
    """Where the memory lies if nobody says: with what programs keep for a user (XDG base directories)."""
    named = Path(os.environ.get("XDG_STATE_HOME", ""))
    try:
        # The specification has a relative path ignored.
        folder = named if named.is_absolute() else Path.home() / ".local" / "state"
    except RuntimeError:
        raise MalformedError(
            "malformed", "this user has no home; say with --state where issued checkpoints are remembered"
        ) from None
    return folder / "rights-ledger"


def memory_file(folder: Path, ledger: str) -> Path:
    """Where the last checkpoint of a ledger is remembered; a person recognises most names, all are different."""
    readable = re.sub(r"[^A-Za-z0-9._-]+", "-", ledger)[:40].strip(".-")
    return folder / f"{readable}-{sha256(origin_of(ledger).encode()).hexdigest()[:16]}.checkpoint"


def line_of(restored: Restored) -> str:
    """What checkpoints say of a restoration; canonical JSON, so that it is one line, the same every time."""
    told: dict[str, object] = {**restored._asdict(), "root": base64_of(restored.root)}
    if restored.replaced_root is not None:
        told["replaced_root"] = base64_of(restored.replaced_root)
    return RESTORED + canonical({key: value for key, value in told.items() if value is not None}).decode()


def told_of(folder: Path, ledger: str) -> list[Restored]:
    """The restorations that the last checkpoint of a ledger told of, the first first; none where none was issued.

    Raises `DamagedError` where the memory is damaged, `MalformedError` where it cannot be read.
    """
    file = memory_file(folder, ledger)
    with _failures_of(folder):
        before = _remembered(file, origin_of(ledger))
    return [] if before is None else [_restored_of(line, file) for line in before.extensions]


def _restored_of(line: str, file: Path) -> Restored:
    """The restoration that a line tells of."""
    try:
        told = json.loads(line.removeprefix(RESTORED))
        roots = {name: hash_from(told[name]) for name in ("root", "replaced_root") if name in told}
        found = Restored(**{**told, **roots})
        if line_of(found) == line:
            return found
    except (ValueError, TypeError, RecursionError, msgspec.MsgspecError):
        pass
    raise _lost(file, "a line in it is none about a restoration")


def issue(folder: Path, ledger: str, read: Callable[[], Log], key: SigningKey | None = None) -> Issued:
    """Make the checkpoint of a ledger as it is now, signed where there is a key, and remember it.

    folder: of the memory; made where it is not there. read: reads the log; meanwhile no other process issues.

    The checkpoint is on the disk, remembered, before it is returned.

    Raises `DamagedError` where the log does not extend what was issued before, or the memory is damaged;
    `MalformedError` where the memory cannot be kept in the folder.
    """
    file = memory_file(folder, ledger)
    with _alone_with(folder):
        log = read()
        lines = tuple(map(line_of, log.restored))
        checkpoint = Checkpoint(origin_of(ledger), log.tree.size, log.tree.root(log.tree.size), lines)
        with _failures_of(folder):
            before = _remembered(file, checkpoint.origin)
        _check_restored(ledger, log)
        if before is not None:
            _check_extends(before, checkpoint, log, file)
        signed = SignedCheckpoint(checkpoint, () if key is None else (key.sign(checkpoint.text),))
        content = signed.rendered()
        if before != checkpoint:
            with _failures_of(folder):
                _remember(file, content)
    return Issued(signed, log.tree)


def _check_restored(ledger: str, log: Log) -> None:
    """A log must begin with what its last restoration says that it was then."""
    if [each.number for each in log.restored] != list(range(1, len(log.restored) + 1)):
        raise DamagedError("damaged", f"the restorations of ledger {ledger} are not numbered 1, 2, 3 …")
    if log.restored:
        last = log.restored[-1]
        if not _begins(log.tree, last.size, last.root):
            raise DamagedError(
                "damaged",
                f"ledger {ledger} was restored at {shown(last.restored_at)} to {last.size:,} entries with the root"
                f" {base64_of(last.root)}, and does not begin with them",
            )


def _check_extends(before: Checkpoint, now: Checkpoint, log: Log, file: Path) -> None:
    told = len(before.extensions)
    if now.extensions[:told] != before.extensions:
        _refuse(before, now, file, f"it does not have the {told:,} restorations that were told of then")
    if _begins(log.tree, before.size, before.root):
        return
    if len(log.restored) > told:
        _check_replaced(before, now, log.restored[told], file)
        return
    if now.size < before.size:
        _refuse(before, now, file, "it was cut, or an old database was put back")
    _refuse(before, now, file, f"its first {before.size:,} entries are others")


def _check_replaced(before: Checkpoint, now: Checkpoint, restored: Restored, file: Path) -> None:
    """The first restoration since then must have replaced what is remembered, with what was recorded after it.

    Where what was replaced could not be read, nobody can say.
    """
    size, root = restored.replaced_size, restored.replaced_root
    if size is None:
        return
    told = f"restoration {restored.number} says that it replaced {size:,} entries"
    if size < before.size:
        _refuse(before, now, file, f"{told}, fewer than there were")
    if size == before.size and root not in {None, before.root}:
        _refuse(before, now, file, f"{told} with another root")


def _begins(tree: Tree, size: int, root: bytes) -> bool:
    return 0 <= size <= tree.size and tree.root(size) == root


def _refuse(before: Checkpoint, now: Checkpoint, file: Path, why: str) -> NoReturn:
    raise DamagedError(
        "damaged",
        f"ledger {now.ledger} has {now.size:,} entries and the root {base64_of(now.root)}; it had {before.size:,} and"
        f" the root {base64_of(before.root)} when its last checkpoint was issued, which {file} remembers: {why}."
        f" {_WAY_OUT}",
    )


def _remembered(file: Path, origin: str) -> Checkpoint | None:
    """The last checkpoint issued, or None where none was."""
    try:
        mode = file.stat().st_mode
    except FileNotFoundError:
        return None
    if not stat.S_ISREG(mode):  # opening a pipe would wait for ever
        raise _lost(file, f"it is a {kind_of(mode)}")
    with file.open("rb") as stream:
        content = stream.read(MAX_NOTE_BYTES + 1)
    try:
        found = SignedCheckpoint.parse(content).checkpoint
    except LedgerError as error:
        raise _lost(file, error.message) from None
    if found.origin != origin:
        raise _lost(file, f"it is about ledger {shown(found.ledger)}")
    return found


def _lost(file: Path, why: str) -> EvidenceError:
    return EvidenceError(
        "damaged",
        f"{file}, which remembers the last checkpoint issued, is damaged: {why}. It is not replaced: put it back from"
        " a backup, or put that checkpoint in its place",
    )


@contextmanager
def _alone_with(folder: Path) -> Iterator[None]:
    """Keep other processes, and threads, from issuing: two that look at once must not both find themselves right."""
    with _failures_of(folder):
        if not folder.is_dir():
            folder.mkdir(mode=0o700, parents=True, exist_ok=True)
            _sync(folder.parent)
        opened = os.open(folder, os.O_RDONLY | os.O_DIRECTORY)
    try:
        fcntl.flock(opened, fcntl.LOCK_EX)
        yield
    finally:
        os.close(opened)


@contextmanager
def _failures_of(folder: Path) -> Iterator[None]:
    try:
        yield
    except OSError as error:
        raise MalformedError(
            "malformed",
            f"issued checkpoints cannot be remembered in {folder}: {error.strerror}; say with --state in which folder"
            " they are",
        ) from None


def _remember(file: Path, content: bytes) -> None:
    """Put a checkpoint in the place of the one before: at every moment the one or the other is there, whole."""
    opened, made = mkstemp(prefix=".", dir=file.parent)
    try:
        with os.fdopen(opened, "wb") as stream:
            stream.write(content)
            stream.flush()
            os.fsync(stream.fileno())
        Path(made).replace(file)
    except BaseException:
        Path(made).unlink(missing_ok=True)
        raise
    _sync(file.parent)


def _sync(folder: Path) -> None:
    opened = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(opened)
    finally:
        os.close(opened)
