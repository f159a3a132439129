"""Checking a whole ledger: the bytes, the columns beside them, the rules, the tree, and checkpoints kept outside."""

from base64 import b64encode
from collections.abc import Iterable, Iterator, Sequence
from itertools import islice
from operator import attrgetter
from typing import NamedTuple, NoReturn

from ledger.domain.characters import shown
from ledger.domain.decide import History, Proposed
from ledger.domain.entries import Recorded
from ledger.domain.errors import DamagedError, LedgerError, MalformedError, RefusedError
from ledger.domain.wellformed import check_content, check_instant, check_name, check_together, is_plain
from ledger.proof.checkpoint import Checkpoint, check_agreement
from ledger.proof.tree import Range
from ledger.store.codec import FORMAT, TYPE_VERSION, envelope_from, json_of
from ledger.store.log import NO_END, Head, Row
from ledger.store.restored import Restored

CHECKED_AT_ONCE = 256
"""Entries. Each step is taken for all of them before the next: that is faster than all steps for one after another."""


class Verified(NamedTuple):
    """A ledger that was found whole. size: its entries. root: of the tree over their bytes, 32 bytes."""

    ledger: str
    size: int
    root: bytes


def verify(
    ledger: str,
    rows: Iterable[Row],
    *,
    head: Head | None = None,
    restored: Sequence[Restored] = (),
    checkpoints: Sequence[Checkpoint] = (),
) -> Verified:
    """Check every entry of a ledger, and that it still is what it was when each checkpoint was made.

    rows: all of them, in the order in which the database gives them. head: what the database keeps of the tree, or None
    where nothing is kept. restored: when it was put back to what a backup held, by number. checkpoints: of this ledger,
    made before.

    Each entry has the next version; its bytes are the canonical bytes of a well-formed entry of this ledger; actor and
    instant are written as this program writes them; every column copies what the bytes say; batches, instants and ids
    are in order; the entries, judged again, are lawful; and the tree over the bytes, hashed anew, has the head's peaks,
    the root of the last restoration, and each checkpoint's.

    Raises `DamagedError`, which names the first bad version.
    """
    check_agreement(checkpoints)
    then = _earlier(restored, checkpoints)
    checked = _Checked(ledger)
    _check_earlier(then.pop(0, ()), checked)
    for part in _parts(iter(rows), sorted(then)):
        checked.take(part)
        if checked.size in then:
            _check_earlier(then.pop(checked.size), checked)
    checked.judge_batch()
    for size in sorted(then):
        _damaged(
            checked.size + 1,
            f"it is missing; there were {size:,} entries {then[size][0].when}, and the ledger ends with version"
            f" {checked.size}",
        )
    if head is not None:
        _check_head(head, checked)
    return Verified(ledger, checked.size, checked.tree.root())


def check_stored(ledger: str, row: Row, version: int) -> None:
    """Check one entry by itself: that it is what recording it as that version of that ledger would store.

    Raises `DamagedError`.
    """
    _check_spelling(ledger, _checked(ledger, row, version), None)


class _Earlier(NamedTuple):
    """What the ledger was once."""

    when: str
    root: bytes


def _earlier(restored: Sequence[Restored], checkpoints: Sequence[Checkpoint]) -> dict[int, list[_Earlier]]:
    """What the ledger was, by how many entries it had."""
    then: dict[int, list[_Earlier]] = {}
    for number, each in enumerate(restored, start=1):
        if each.number != number:
            raise DamagedError("damaged", f"restoration {number} is bad: number {each.number} stands in its place")
    # Those before the last may tell of entries that were given up since.
    for last in restored[-1:]:
        then.setdefault(last.size, []).append(_Earlier(f"when it was restored at {last.restored_at}", last.root))
    for point in checkpoints:
        then.setdefault(point.size, []).append(_Earlier("when a checkpoint was made", point.root))
    return then


def _parts(rows: Iterator[Row], ends: Sequence[int]) -> Iterator[list[Row]]:
    """The rows in parts, which end at the ends asked for too; where reading fails, what was read before comes first."""
    size = 0
    for end in (*ends, NO_END):
        while size < end:
            part: list[Row] = []
            try:
                part.extend(islice(rows, min(CHECKED_AT_ONCE, end - size)))
            except LedgerError:
                yield part
                raise
            if not part:
                return
            yield part
            size += len(part)


class _Checked:
    """What has been read and found good so far.

    size: how many entries. proved: how many of them an earlier root has proved. tree: over their bytes.
    """

    def __init__(self, ledger: str) -> None:
        self.ledger = ledger
        self.size = 0
        self.proved = 0
        self.tree = Range()
        self._history = History()
        self._ids: set[str] = set()
        self._batch: list[Proposed] = []
        self._before: Recorded | None = None

    def take(self, part: Sequence[Row]) -> None:
        """Check the next rows."""
        try:
            read = _read(self.ledger, part, self._before)
            self._take_ids(read)
        except DamagedError:
            if len(part) == 1:
                raise
            for row in part:  # one by one: the first bad one is named, by its first fault
                self.take([row])
            return
        for each in read:
            if each.batch == each.version:
                self.judge_batch()
            self._batch.append(Proposed(each.version, each.version, each.entry))
        self._before = read[-1] if read else self._before
        self.tree = self.tree.extended([row.bytes for row in part])
        self.size += len(part)

    def _take_ids(self, read: Sequence[Recorded]) -> None:
        ids = [each.entry.id for each in read if each.entry.id is not None]
        new = set(ids)
        if len(new) < len(ids) or not new.isdisjoint(self._ids):
            _damaged(read[-1].version, f"its id {ids[-1]} was given before")
        self._ids |= new

    def judge_batch(self) -> None:
        """Judge the batch that was read last, as it was judged when it was recorded."""
        try:
            self._history.admit(self._batch, or_stop=True)
        except RefusedError as error:
            _damaged(error.line or self._batch[0].version, f"it is unlawful: {error.code}: {error.message}")
        self._batch.clear()


def _damaged(version: int, why: str) -> NoReturn:
    raise DamagedError("damaged", f"version {version} is bad: {why}", contradicts=version)


def _read(ledger: str, part: Sequence[Row], before: Recorded | None) -> list[Recorded]:
    """The entries of the next rows, each of them good by itself and after the one before it."""
    first = 1 if before is None else before.version + 1
    read = [_checked(ledger, row, version) for version, row in enumerate(part, first)]
    said = None if before is None else _said_of(before)
    for each in read:
        said, said_before = _said_of(each), said
        if said != said_before:
            _check_spelling(ledger, each, before)
            _check_place(each, before)
        before = each
    return read


_said_of = attrgetter("batch", "recorded_at", "actor")


def _checked(ledger: str, row: Row, version: int) -> Recorded:
    """The entry of a row, which must be exactly what recording it as that version would store."""
    if row.version != version:
        _damaged(version, f"it is missing; version {row.version} stands in its place")
    stored = row.bytes
    try:
        envelope = envelope_from(stored)
    except LedgerError as error:
        _damaged(version, error.message)
    is_usual = envelope.written() == stored
    try:
        if not (is_usual and is_plain(envelope.entry)):
            check_content(json_of(stored))
        check_together(envelope.entry)
    except LedgerError as error:
        _damaged(version, f"it is no entry: {error.message}")
    if not (envelope.says(ledger) and (is_usual or envelope.sealed(json_of(stored)) == stored)):
        _damaged(
            version,
            f"its bytes are not those of format {FORMAT}, type version {TYPE_VERSION}, in canonical form, of ledger "
            f"{ledger}",
        )
    said = (*envelope.columns(), stored)
    if said != row:
        for name, in_column, in_bytes in zip(Row._fields, row, said, strict=True):
            if in_column != in_bytes:
                which = f"the column {name} says {shown(repr(in_column))}, its bytes say {shown(repr(in_bytes))}"
                _damaged(version, which)
    return envelope


def _check_spelling(ledger: str, each: Recorded, before: Recorded | None) -> None:
    """The ledger, who recorded it and when must be written as this program writes them."""
    try:
        if before is None:
            check_name("ledger", ledger)
        if before is None or each.actor != before.actor:
            check_name("actor", each.actor)
        if before is None or each.recorded_at != before.recorded_at:
            check_instant(each.recorded_at)
    except MalformedError as error:
        _damaged(each.version, error.message)


def _check_place(each: Recorded, before: Recorded | None) -> None:
    """Batches are runs of versions recorded at one instant; instants never go back."""
    is_first = each.batch == each.version
    if before is None:
        if not is_first:
            _damaged(each.version, f"its batch begins at version {each.batch}")
        return
    if not is_first and each.batch != before.batch:
        _damaged(each.version, f"its batch begins at version {each.batch}, that before it at {before.batch}")
    if each.recorded_at < before.recorded_at:
        _damaged(each.version, f"it was recorded at {each.recorded_at}, before version {before.version}")
    if not is_first and each.recorded_at != before.recorded_at:
        _damaged(each.version, "it was recorded at another instant than its batch")


def _check_earlier(then: Iterable[_Earlier], checked: _Checked) -> None:
    """The log must have been then what it is now; what the last good root proved is not in question."""
    root = checked.tree.root()
    for each in then:
        if root != each.root:
            first = checked.proved + 1
            raise DamagedError(
                "damaged",
                f"{_one_of(first, checked.size)} is bad: the {checked.size:,} entries are not what they were"
                f" {each.when}: the root was {_told(each.root)}, it is {_told(root)}",
                contradicts=first,
            )
    checked.proved = checked.size


def _check_head(head: Head, checked: _Checked) -> None:
    if head.last != head.size:
        _damaged(min(head.last, head.size) + 1, f"the ledger's head is at {head.size}, its last entry at {head.last}")
    if (head.size, head.peaks) != (checked.size, checked.tree.packed()):
        raise DamagedError(
            "damaged",
            f"{_one_of(1, checked.size)} is bad: the ledger's head, at {head.size}, is that of other entries",
            contradicts=1,
        )


def _one_of(first: int, last: int) -> str:
    """Where the fault lies, as far as it is known."""
    return f"version {first}" if last <= first else f"version {first} or one after it, up to {last},"


def _told(root: bytes) -> str:
    return b64encode(root).decode()
