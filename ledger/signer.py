"""Issuing checkpoints, with a memory outside the database: what was said once is never contradicted.

The memory is a folder with the last checkpoint issued of each ledger. A log that is smaller, or begins with something
else, gets none: that is how an old file is caught that somebody has put back. A restoration that recorded itself is
believed, and every checkpoint tells of it from then on. A signer without its memory believes anything.
"""

import fcntl
import os
import re
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from hashlib import sha256
from pathlib import Path
from tempfile import mkstemp
from typing import Final, NamedTuple, NoReturn

from ledger.domain.characters import shown
from ledger.domain.errors import DamagedError, LedgerError, MalformedError
from ledger.proof.checkpoint import Checkpoint, SignedCheckpoint, origin_of
from ledger.proof.note import MAX_NOTE_BYTES, SigningKey, base64_of
from ledger.proof.tree import Tree
from ledger.store.codec import canonical
from ledger.store.restored import Restored

RESTORED: Final = "restored "
"""What a line about a restoration begins with; an object of JSON follows."""

_WAY_OUT: Final = (
    "`rights db restore` puts back a backup and records that it did; another ledger of the same name needs a --state of"
    " its own"
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


def issue(folder: Path, ledger: str, read: Callable[[], Log], key: SigningKey | None = None) -> Issued:
    """Make the checkpoint of a ledger as it is now, signed where there is a key, and remember it.

    folder: of the memory; made where it is not there. read: reads the log; meanwhile no other process issues.

    The checkpoint is on the disk, remembered, before it is returned.

    Raises `DamagedError` where the log does not extend what was issued before, or the memory is damaged; `OSError`.
    """
    file = memory_file(folder, ledger)
    with _alone_with(folder):
        log = read()
        lines = tuple(map(line_of, log.restored))
        checkpoint = Checkpoint(origin_of(ledger), log.tree.size, log.tree.root(log.tree.size), lines)
        before = _remembered(file, checkpoint.origin)
        _check_restored(ledger, log)
        if before is not None:
            _check_extends(before, checkpoint, log.tree, file)
        signed = SignedCheckpoint(checkpoint, () if key is None else (key.sign(checkpoint.text),))
        content = signed.rendered()
        if before != checkpoint:
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


def _check_extends(before: Checkpoint, now: Checkpoint, tree: Tree, file: Path) -> None:
    told = len(before.extensions)
    if now.extensions[:told] != before.extensions:
        _refuse(before, now, file, f"it does not have the {told:,} restorations that were told of then")
    if len(now.extensions) > told:
        return
    if now.size < before.size:
        _refuse(before, now, file, "it was cut, or an old database was put back")
    if not _begins(tree, before.size, before.root):
        _refuse(before, now, file, f"its first {before.size:,} entries are others")


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
        with file.open("rb") as stream:
            content = stream.read(MAX_NOTE_BYTES + 1)
    except FileNotFoundError:
        return None
    try:
        found = SignedCheckpoint.parse(content).checkpoint
    except LedgerError as error:
        raise _lost(file, error.message) from None
    if found.origin != origin:
        raise _lost(file, f"it is about ledger {shown(found.ledger)}")
    return found


def _lost(file: Path, why: str) -> DamagedError:
    return DamagedError(
        "damaged",
        f"{file}, which remembers the last checkpoint issued, is damaged: {why}. It is not replaced: put it back from"
        " a backup, or put that checkpoint in its place",
    )


@contextmanager
def _alone_with(folder: Path) -> Iterator[None]:
    """Keep other processes, and threads, from issuing: two that look at once must not both find themselves right."""
    if not folder.is_dir():
        folder.mkdir(mode=0o700, parents=True, exist_ok=True)
        _sync(folder.parent)
    opened = os.open(folder, os.O_RDONLY)
    try:
        fcntl.flock(opened, fcntl.LOCK_EX)
        yield
    finally:
        os.close(opened)


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
