"""Checking a whole ledger against itself: the bytes, the columns beside them, and the rules."""

from collections.abc import Iterable
from itertools import groupby
from typing import NoReturn

from ledger.domain.decide import History, Proposed
from ledger.domain.entries import Recorded
from ledger.domain.errors import DamagedError, LedgerError, RefusedError
from ledger.domain.wellformed import entry_from
from ledger.store.codec import FORMAT, TYPE_VERSION, json_of, opened, seal
from ledger.store.log import Row


def verify(ledger: str, rows: Iterable[Row]) -> int:
    """Check every entry of a ledger and return how many there are.

    rows: all of them, in the order in which the database gives them.

    Each entry has the next version; its bytes are the canonical bytes of a well-formed entry of this ledger; every
    column copies what the bytes say; batches, instants and ids are in order; and the entries, judged again, are lawful.

    Raises `DamagedError`, which names the first bad version.
    """
    recorded: list[Recorded] = []
    ids: set[str] = set()
    for row in rows:
        each = _opened(row, len(recorded) + 1)
        _check_bytes(ledger, row, each)
        _check_place(each, recorded[-1] if recorded else None)
        if each.entry.id is not None:
            if each.entry.id in ids:
                _damaged(each.version, f"its id {each.entry.id} was given before")
            ids.add(each.entry.id)
        recorded.append(each)
    _judge_again(recorded)
    return len(recorded)


def _damaged(version: int, why: str) -> NoReturn:
    raise DamagedError("damaged", f"version {version} is bad: {why}", contradicts=version)


def _opened(row: Row, version: int) -> Recorded:
    if row.version != version:
        _damaged(version, f"it is missing; version {row.version} stands in its place")
    try:
        ((_, each),) = opened([row.bytes])
    except LedgerError as error:
        _damaged(version, error.message)
    return each


def _check_bytes(ledger: str, row: Row, each: Recorded) -> None:
    """The row must be exactly what recording this entry now would store."""
    content = json_of(row.bytes)
    try:
        entry_from(content)
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
    if again.bytes != row.bytes:
        _damaged(
            row.version,
            f"its bytes are not those of format {FORMAT}, type version {TYPE_VERSION}, in canonical form, of ledger "
            f"{ledger}",
        )
    for name, written, said in zip(Row._fields, row, again, strict=True):
        if written != said:
            _damaged(row.version, f"the column {name} says {written!r}, its bytes say {said!r}")


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


def _judge_again(recorded: Iterable[Recorded]) -> None:
    """Judge every batch again, in the order in which they were recorded."""
    history = History()
    for first, batch in groupby(recorded, key=lambda each: each.batch):
        try:
            history.admit([Proposed(each.version, each.version, each.entry) for each in batch])
        except RefusedError as error:
            _damaged(error.line or first, f"it is unlawful: {error.code}: {error.message}")
