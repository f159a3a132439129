"""Pouring: a long file goes in as one batch without being kept in memory, and judged as a whole all the same.

The file is read twice, and so is what the ledger holds. First only so far as to know which lines are new, and which
come after a line of a later day. Then portion by portion: read, sealed, inserted, and judged in the order of the
timeline; what comes late is judged at its place. The one transaction ends when all has been judged.

Only what goes in whole is poured. Where anything is amiss nobody knows yet what must be told first, so nothing goes in
and the usual way, which does, begins anew.
"""

from array import array
from base64 import b64encode
from collections.abc import Iterable, Iterator, Sequence
from contextlib import closing
from datetime import date
from hashlib import sha256
from itertools import islice
from typing import Final, cast

import msgspec

from ledger import clock
from ledger.answers import Outcome, Poured
from ledger.domain.entries import Fact, Retraction, is_fact
from ledger.domain.errors import DamagedError, MalformedError, RefusedError
from ledger.domain.passing import Passing
from ledger.domain.spans import LAST_DAY, next_day
from ledger.intake import InputFile, read_canonical
from ledger.proof.tree import Range
from ledger.store.codec import Sealer, content_of, recorded_from
from ledger.store.log import Log, Row, Writer
from ledger.store.retry import write

PORTION: Final = 2_000
"""Lines. More is no faster; fewer costs PostgreSQL's round trips."""

HASHES_AT_ONCE: Final = 100_000

NEVER: Final = date.max


class NotPouredError(Exception):
    """It does not go in whole, or not in this way."""


class _Glance(msgspec.Struct):
    """As much of a line as tells where its entry stands."""

    type: str
    id: str | None = None
    on: date | None = None
    record_date: date | None = None


_glance: Final = msgspec.json.Decoder(_Glance).decode


def pour(
    log: Log, ledger: str, file: InputFile, *, now: clock.Clock, actor: str, expect_version: int | None = None
) -> Outcome:
    """Record all lines of a file as one batch. now, actor, expect_version: as `Book.record` takes them.

    Raises `NotPouredError` where the usual way must be gone, and `DatabaseError`; nothing is recorded then.
    """

    def take_in(writer: Writer) -> Outcome:
        return _Pouring(writer, ledger, file).poured(now, actor, expect_version)

    try:
        return write(log, ledger, take_in)
    except (MalformedError, RefusedError, DamagedError) as error:
        raise NotPouredError(str(error)) from error


class _Order:
    """Which entries come after one of a later day. late: these, with their versions."""

    def __init__(self) -> None:
        self.late: dict[int, Fact] = {}
        self._latest = date.min

    def is_late(self, on: date) -> bool:
        if on < self._latest:
            return True
        self._latest = on
        return False


class _Pouring:
    """One try to pour a file, in one transaction."""

    def __init__(self, writer: Writer, ledger: str, file: InputFile) -> None:
        self._writer = writer
        self._ledger = ledger
        self._file = file
        self._before = writer.head
        self._recorded_at = ""
        self._order = _Order()
        self._retracted: set[int] = set()
        self._tree = Range()
        # Of every line that is not empty: its number, and the version it has or will have.
        self._numbers = array("q")
        self._versions = array("q")
        self._first_new = NEVER
        self._ids = array("q")  # of each that is new, its hash

    def poured(self, now: clock.Clock, actor: str, expect_version: int | None) -> Outcome:
        """Read everything twice, and record it."""
        self._look_at_ledger()
        seen = self._look_at_file()
        if self._first_new < NEVER:
            if expect_version not in {None, self._before}:
                raise NotPouredError
            recorded_at = max(clock.instant(now()), self._recorded_at)
            sealer = Sealer(self._ledger, recorded_at=recorded_at, actor=actor)
            if self._pour(sealer) != seen:
                raise NotPouredError  # somebody writes to the file
        root = b64encode(self._tree.root()).decode()
        lines = Poured(self._numbers, self._versions, self._before)
        return Outcome(self._ledger, self._tree.size, self._tree.size, root, lines)

    def _look_at_ledger(self) -> None:
        """See what it holds: that its head is of this, what is retracted, what came late."""
        with closing(self._writer.read()) as stored:
            for part in _portions(stored):
                self._tree = self._tree.extended(part)
                for content in part:
                    each = recorded_from(content)
                    self._recorded_at = each.recorded_at
                    if not is_fact(each.entry):
                        self._retracted.add(cast(Retraction, each.entry).retracts)
                    elif self._order.is_late(each.entry.on):
                        self._order.late[each.version] = each.entry
        if (self._tree.size, self._tree.packed()) != (self._before, self._writer.peaks):
            raise NotPouredError
        for version in self._retracted:
            self._order.late.pop(version, None)

    def _look_at_file(self) -> bytes:
        """See which lines are new, and which of these come late; return the digest of all."""
        digest = sha256()
        version, number = self._before, 0
        for part in _portions(self._file):
            digest.update(b"".join(part))
            found = [(at, line, _glanced(line)) for at, line in enumerate(part, number + 1) if not line.isspace()]
            number += len(part)
            ids = [each.id for _, _, each in found if each.id is not None] if self._before else []
            _require("\0" not in "".join(ids))  # which no database can be asked for
            there = self._writer.ids_there(ids)
            for at, line, each in found:
                self._numbers.append(at)
                if each.id in there:
                    self._versions.append(_same(line, *there[each.id]))
                    continue
                version += 1
                self._versions.append(version)
                if each.id is not None:
                    self._ids.append(hash(each.id))
                on = _day_of(each)
                self._first_new = min(self._first_new, on)
                if self._order.is_late(on):
                    self._order.late[version] = _fact(line)
        _require(_is_each_once(self._ids))
        del self._ids[:]
        return digest.digest()

    def _pour(self, sealer: Sealer) -> bytes:
        """Record the lines that are new, and judge everything; return the digest of all lines."""
        digest = sha256()
        late = self._order.late
        passing = Passing(late.items(), self._first_new)
        self._pass_ledger(passing)
        versions = iter(self._versions)
        for part in _portions(self._file):
            digest.update(b"".join(part))
            rows: list[Row] = []
            for line in part:
                if line.isspace():
                    continue
                version = next(versions, 0)
                if version <= self._before:
                    continue
                entry, content = read_canonical(line)
                rows.append(sealer.row(entry, content, version, self._before + 1))
                if version in late:
                    _require(entry == late[version])
                elif is_fact(entry) and entry.on >= self._first_new:
                    passing.take(entry, version, entry.on)
                else:
                    raise NotPouredError
            self._append(rows)
            self._file.tell(part)
        passing.end()
        return digest.digest()

    def _pass_ledger(self, passing: Passing) -> None:
        with closing(self._writer.read()) as stored:
            for content in stored:
                each = recorded_from(content)
                if each.version in self._retracted or each.version in self._order.late or not is_fact(each.entry):
                    continue
                passing.take(each.entry, each.version, each.entry.on)

    def _append(self, rows: list[Row]) -> None:
        self._tree = self._tree.extended([row.bytes for row in rows])
        self._writer.append(rows, self._tree.packed())


def _portions(lines: Iterable[bytes]) -> Iterator[list[bytes]]:
    rest = iter(lines)
    while part := list(islice(rest, PORTION)):
        yield part


def _require(is_so: bool) -> None:  # noqa: FBT001 - as an assertion reads
    if not is_so:
        raise NotPouredError


def _is_each_once(hashes: Sequence[int]) -> bool:
    """Whether none stands there twice; looked at in shares, since a set takes ten times as much memory."""
    shares = 1 + len(hashes) // HASHES_AT_ONCE
    return sum(len({each for each in hashes if each % shares == share}) for share in range(shares)) == len(hashes)


def _glanced(line: bytes) -> _Glance:
    try:
        return _glance(line)
    except (msgspec.MsgspecError, ValueError, RecursionError) as error:
        raise NotPouredError(str(error)) from error


def _day_of(glance: _Glance) -> date:
    """The day on which a line's fact takes effect; a retraction is no fact, and changes what was there before."""
    on = glance.record_date if glance.type == "split" else glance.on
    if on is None or on > LAST_DAY or glance.type == "retraction":
        raise NotPouredError
    return next_day(on) if glance.type == "split" else on


def _same(line: bytes, version: int, stored: bytes) -> int:
    """The version of the entry that has a line's id already, and the same content."""
    _, content = read_canonical(line)
    _require(content_of(stored) == content)
    return version


def _fact(line: bytes) -> Fact:
    entry, _ = read_canonical(line)
    _require(is_fact(entry))
    return cast(Fact, entry)
