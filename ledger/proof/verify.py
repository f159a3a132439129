"""Checking a whole ledger: the bytes, the columns beside them, the rules, the tree, and checkpoints kept outside."""

from base64 import b64encode
from collections.abc import Iterable, Sequence
from typing import Any, NamedTuple, NoReturn

import msgspec

from ledger.domain.characters import shown
from ledger.domain.decide import History, Proposed
from ledger.domain.entries import Recorded
from ledger.domain.errors import DamagedError, LedgerError, MalformedError, RefusedError
from ledger.domain.wellformed import check_again, check_instant, check_name
from ledger.proof.checkpoint import Checkpoint, check_agreement
from ledger.proof.tree import Range
from ledger.store.codec import FORMAT, TYPE_VERSION, opened, seal
from ledger.store.log import Head, Row
from ledger.store.restored import Restored

HASHED_AT_ONCE = 256
"""Entries. Hashing them one by one costs twice as much."""

_value_of = msgspec.json.Decoder().decode


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
    for row in rows:
        checked.take(row)
        if row.version in then:
            _check_earlier(then.pop(row.version), checked)
    checked.judge_batch()
    for size in sorted(then):
        _damaged(
            checked.size + 1,
            f"it is missing; there were {size:,} entries {then[size][0].when}, and the ledger ends with version"
            f" {checked.size}",
        )
    if head is not None:
        _check_head(head, checked)
    return Verified(ledger, checked.size, checked.tree().root())


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


class _Checked:
    """What has been read and found good so far.

    size: how many entries. proved: how many of them an earlier root has proved.
    """

    def __init__(self, ledger: str) -> None:
        self.ledger = ledger
        self.size = 0
        self.proved = 0
        self._tree = Range()
        self._unhashed: list[bytes] = []
        self._history = History()
        self._ids: set[str] = set()
        self._batch: list[Proposed] = []
        self._before: Recorded | None = None

    def take(self, row: Row) -> None:
        """Check the next row."""
        each, content = _opened(row, self.size + 1)
        _check_bytes(self.ledger, row, each, content)
        _check_spelling(self.ledger, each, self._before)
        _check_place(each, self._before)
        if each.entry.id is not None:
            if each.entry.id in self._ids:
                _damaged(each.version, f"its id {each.entry.id} was given before")
            self._ids.add(each.entry.id)
        if each.batch == each.version:
            self.judge_batch()
        self._batch.append(Proposed(each.version, each.version, each.entry))
        self._unhashed.append(row.bytes)
        if len(self._unhashed) == HASHED_AT_ONCE:
            self.tree()
        self.size = each.version
        self._before = each

    def tree(self) -> Range:
        """Return the tree over the bytes of all entries taken."""
        self._tree = self._tree.extended(self._unhashed)
        self._unhashed.clear()
        return self._tree

    def judge_batch(self) -> None:
        """Judge the batch that was read last, as it was judged when it was recorded."""
        try:
            self._history.admit(self._batch)
        except RefusedError as error:
            _damaged(error.line or self._batch[0].version, f"it is unlawful: {error.code}: {error.message}")
        self._batch.clear()


def _damaged(version: int, why: str) -> NoReturn:
    raise DamagedError("damaged", f"version {version} is bad: {why}", contradicts=version)


def _opened(row: Row, version: int) -> tuple[Recorded, Any]:
    """The entry of a row, typed and as its JSON value."""
    if row.version != version:
        _damaged(version, f"it is missing; version {row.version} stands in its place")
    try:
        ((_, each),) = opened([row.bytes])
        return each, _value_of(row.bytes)["entry"]
    except LedgerError as error:
        _damaged(version, error.message)
    except ValueError as error:  # a key that nobody asked for, and that is not UTF-8
        _damaged(version, f"stored bytes are no entry: {error}")


def _check_bytes(ledger: str, row: Row, each: Recorded, content: Any) -> None:
    """The row must be exactly what recording this entry now would store."""
    try:
        check_again(content, each.entry)
    except LedgerError as error:
        _damaged(row.version, f"it is no entry: {error.message}")
    again = seal(
        ledger,
        content,
        each.entry,
        version=each.version,
        batch=each.batch,
        recorded_at=each.recorded_at,
        actor=each.actor,
    )
    if again == row:
        return
    if again.bytes != row.bytes:
        _damaged(
            row.version,
            f"its bytes are not those of format {FORMAT}, type version {TYPE_VERSION}, in canonical form, of ledger "
            f"{ledger}",
        )
    for name, written, said in zip(Row._fields, row, again, strict=True):
        if written != said:
            _damaged(row.version, f"the column {name} says {shown(repr(written))}, its bytes say {shown(repr(said))}")


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
    root = checked.tree().root()
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
    if (head.size, head.peaks) != (checked.size, checked.tree().packed()):
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
