"""Copying a ledger into one of another id: its entries are recorded anew, batch by batch, all or none.

The entries, their order, batches and versions are the same, so every question gets the same answer; but they are new
to this ledger: it learned them now, from whoever copies them. What keeps the instants and actors is a takeover.
"""

from collections.abc import Iterable, Iterator, Sequence
from contextlib import closing
from datetime import datetime
from itertools import groupby

from ledger import clock
from ledger.answers import LineOutcome, Outcome
from ledger.domain.errors import RefusedError
from ledger.intake import Input, Line, read_canonical
from ledger.recording import Reading, Recording
from ledger.store.codec import content_of, row_from
from ledger.store.log import Log, Row, Writer
from ledger.store.retry import write
from ledger.takeover import Export, checked


def copy(
    log: Log,
    ledger: str,
    of: str,
    entries: Iterable[Input],
    *,
    now: datetime,
    actor: str,
    dry_run: bool = False,
    expect_version: int | None = None,
) -> Outcome:
    """Record the lines of an export of another ledger, all or none; those that are there already stay.

    of: the id of that ledger. now: when they are recorded. actor, dry_run, expect_version: as `Book.record` takes them.

    Raises `MalformedError` and `DamagedError` for what is no whole export of that ledger, and `RefusedError`
    (`stale-version`) where this one holds other entries. All name the line.
    """
    export = checked(of, entries, clock.instant(now))
    copied = _Copy(ledger, export, now=now, actor=actor, expect_version=expect_version)
    if dry_run:
        with closing(log.read(ledger)) as held:
            return copied.onto(held)[1]

    def take_in(writer: Writer) -> Outcome:
        with closing(writer.read()) as held:
            rows, outcome = copied.onto(held, head=(writer.head, writer.peaks))
        writer.append(rows, copied.peaks)
        return outcome

    return write(log, ledger, take_in)


class _Copy:
    """Entries on their way into a ledger. peaks: of the tree with them, once they are."""

    def __init__(self, ledger: str, export: Export, *, now: datetime, actor: str, expect_version: int | None) -> None:
        self._ledger = ledger
        self._export = export
        self._now = clock.instant(now)
        self._actor = actor
        self._expected = expect_version
        self.peaks = b""

    def onto(self, held: Iterable[bytes], head: tuple[int, bytes] | None = None) -> tuple[Sequence[Row], Outcome]:
        """Judge what the ledger does not hold yet. held: its entries. head: which must be of these; None in a dry run.

        Returns the new rows, and what became of every line.
        """
        reading = Reading()
        reading.learn(self._compared(held))
        if head is not None:
            reading.check_head(self._ledger, *head)
        there = reading.version
        self._export.check_expected(self._ledger, there, self._expected)
        last = reading.recorded[-1].recorded_at if there else ""
        recording = Recording(
            self._ledger, reading, reading.history(), recorded_at=max(self._now, last), actor=self._actor
        )
        for batch in self._batches(there):
            recording.take(batch)
        self.peaks = reading.peaks_with(recording.rows)
        size = there if head is None else recording.version
        return recording.rows, self._outcome(there, recording.version, size, reading.root_at(size))

    def _compared(self, held: Iterable[bytes]) -> Iterator[bytes]:
        """Pass on what the ledger holds, as long as it is what is to be copied."""
        stored = self._export.stored
        for at, there in enumerate(held):
            if at < len(stored) and content_of(there) != content_of(stored[at]):
                raise self._other(at, f"version {at + 1} of ledger {self._ledger} is another entry")
            yield there

    def _batches(self, there: int) -> Iterator[list[Line]]:
        """What comes after those that are there, as it was recorded together."""
        export = self._export
        rows = [(number, row_from(stored)) for number, stored in zip(export.lines, export.stored, strict=True)]
        if there < len(rows) and rows[there][1].batch <= there:
            raise self._other(there, f"ledger {self._ledger} ends with version {there}, inside a batch of them")
        for _, batch in groupby(rows[there:], key=lambda each: each[1].batch):
            yield [Line(number, *read_canonical(content_of(row.bytes))) for number, row in batch]

    def _other(self, at: int, why: str) -> RefusedError:
        return RefusedError(
            "stale-version",
            f"{why}; the entries of ledger {self._export.ledger} are copied where a ledger is empty or holds the"
            " beginning of them",
            line=self._export.lines[at],
            contradicts=at + 1,
        )

    def _outcome(self, there: int, version: int, size: int, root: str) -> Outcome:
        numbered = enumerate(self._export.lines, start=1)
        told = tuple(LineOutcome(line, each, was_there=each <= there) for each, line in numbered)
        return Outcome(self._ledger, version, size, root, told)
