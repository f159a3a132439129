"""The seam between rules and world: read → timeline → fold → judge → append, and all that `Reporting` answers."""

from collections.abc import Iterable, Sequence
from contextlib import closing, suppress
from dataclasses import replace
from itertools import islice
from typing import Final

from ledger import clock
from ledger.actor import claimed_actor
from ledger.answers import LineOutcome, Outcome
from ledger.asking import check_type
from ledger.domain.decide import History
from ledger.domain.errors import DatabaseError, MalformedError, RefusedError
from ledger.domain.wellformed import check_name
from ledger.intake import POURED_FROM_BYTES, BadLine, Input, InputFile, Line, is_export, read
from ledger.recording import Recording, all_well_formed, taken
from ledger.reporting import Reporting
from ledger.store.log import Log, Row, Writer
from ledger.store.retry import write

LINES_AT_ONCE: Final = 2_000
"""Recorded in one transaction where every line is a batch of its own."""


class Book(Reporting):
    """One ledger, to record in and to ask.

    log: where it is kept. ledger: its id. now: the clock. keeps_folds: whether what a large ledger came to is kept for
    the next process (`ledger.folds`).

    Threads may share a book: their calls take turns.

    Every question reads what others have recorded meanwhile. Rows say what they rest on (`because`); ``why=False``
    saves the time where nobody asks. Raises `LedgerError` in one of its kinds; `code` says why.
    """

    def __init__(self, log: Log, ledger: str, *, now: clock.Clock = clock.now, keeps_folds: bool = False) -> None:
        super().__init__(log, ledger, now=now, keeps_folds=keeps_folds)
        self._is_alone = False  # nobody else had recorded since this book had read, when it last recorded

    def record(
        self,
        entries: Iterable[Input],
        *,
        actor: str | None = None,
        keep_going: bool = False,
        dry_run: bool = False,
        expect_version: int | None = None,
    ) -> Outcome:
        """Record entries as one batch, all or none.

        entries: JSON objects, or lines of JSON Lines. actor: who records, by default as this machine claims.
        keep_going: every line is a batch of its own; refused ones are told in the outcome and the rest goes in, some
        thousand lines in a transaction: what was recorded before an interruption stays.
        dry_run: judge, and record nothing. expect_version: refuse (`stale-version`) unless the ledger is at it.

        Lines of an export are taken over as they are, with the batches and actors that they name (`ledger.takeover`).

        Raises `MalformedError` and `RefusedError`, with the line; under `keep_going` only for the call itself.
        """
        if expect_version is not None:
            check_type("expect_version", expect_version, int)
        file = entries if isinstance(entries, InputFile) else None
        is_whole_ledger, entries = is_export(entries)
        if is_whole_ledger:
            if keep_going:
                raise MalformedError("malformed", "an export is taken over as a whole, not line by line", line=1)
            from ledger.takeover import take_over

            now = self._now()
            return take_over(self._log, self.ledger, entries, now=now, dry_run=dry_run, expect_version=expect_version)
        actor = claimed_actor() if actor is None else actor
        check_name("actor", actor)
        entries = file or entries  # from its beginning
        if keep_going and not dry_run:
            return self._record_in_parts(entries, actor, expect_version)
        if file is not None and file.size >= POURED_FROM_BYTES and not dry_run:
            from ledger.pouring import NotPouredError, pour

            with suppress(NotPouredError):
                return pour(self._log, self.ledger, file, now=self._now, actor=actor, expect_version=expect_version)
        lines = read(entries)
        given = list(lines) if keep_going else all_well_formed(lines)  # judged as often as the database wants it
        with self._one_call:
            if dry_run:
                self._read_on()
                recording = self._recording(actor, expect_version, self._reading.history().fork())
                return self._outcome(*taken(recording, given, keep_going=keep_going))
            return self._record(given, actor, expect_version, keep_going=keep_going)

    def copy(
        self,
        of: str,
        entries: Iterable[Input],
        *,
        actor: str | None = None,
        dry_run: bool = False,
        expect_version: int | None = None,
    ) -> Outcome:
        """Record the entries of another ledger anew, in the batches that they were recorded in, all or none.

        of: the id of that ledger. entries: lines of its export. Arguments and errors are those of `record`; what this
        ledger holds must be the beginning of them, or nothing (`stale-version` otherwise).
        """
        from ledger.copying import copy

        if expect_version is not None:
            check_type("expect_version", expect_version, int)
        actor = claimed_actor() if actor is None else actor
        check_name("actor", actor)
        now = self._now()
        return copy(
            self._log, self.ledger, of, entries, now=now, actor=actor, dry_run=dry_run, expect_version=expect_version
        )

    def _record_in_parts(self, entries: Iterable[Input], actor: str, expect_version: int | None) -> Outcome:
        """Record line by line: so many lines in one transaction that others get their turn, and stay recorded."""
        if isinstance(entries, InputFile):
            entries.check_size()  # before anything of it is recorded
        rest, passed = iter(entries), 0
        told: list[LineOutcome] = []
        while True:
            part = list(islice(rest, LINES_AT_ONCE))
            try:
                with self._one_call:
                    outcome = self._record(list(read(part, passed + 1)), actor, expect_version, keep_going=True)
            except DatabaseError as error:
                if passed:
                    error.message += f" (of line {passed + 1:,} and what follows: the lines before are done with)"
                raise
            told += outcome.lines
            passed += len(part)
            if isinstance(entries, InputFile):
                entries.tell(part)
            if len(part) < LINES_AT_ONCE:
                return replace(outcome, lines=tuple(told))
            is_moved = any(line.error is None and not line.was_there for line in outcome.lines)
            if expect_version is not None and is_moved:
                expect_version = outcome.version

    def _record(
        self, lines: Sequence[Line | BadLine], actor: str, expect_version: int | None, *, keep_going: bool
    ) -> Outcome:
        is_judged = False

        def take_in(writer: Writer) -> tuple[Sequence[Row], int, tuple[LineOutcome, ...]]:
            # Everything is read and judged inside the transaction: nobody else adds to the ledger meanwhile.
            nonlocal is_judged
            if is_judged:  # in a transaction that came to nothing
                self._reading.forget_unrecorded()
            self._is_alone = writer.head == self._reading.version
            if not self._is_alone:
                with closing(writer.read(after=self._reading.version)) as stored:
                    self._reading.learn(stored)
            self._reading.check_head(self.ledger, writer.head, writer.peaks)
            recording = self._recording(actor, expect_version, self._reading.history())
            is_judged = True
            version, outcomes = taken(recording, lines, keep_going=keep_going)
            writer.append(recording.rows, self._reading.peaks_with(recording.rows))
            return recording.rows, version, outcomes

        try:
            supposed = self._reading.tip() if self._is_alone and len(lines) == 1 else None
            rows, version, outcomes = write(self._log, self.ledger, take_in, supposed=supposed)
        except RefusedError:  # of lines that are all or none: nothing was taken in
            raise
        except BaseException:
            self._reading.forget_unrecorded()
            raise
        self._reading.learn(row.bytes for row in rows)
        return self._outcome(version, outcomes)

    def _outcome(self, version: int, lines: tuple[LineOutcome, ...]) -> Outcome:
        size = self._reading.version
        return Outcome(self.ledger, version, size, self._reading.root_at(size), lines)

    def _recording(self, actor: str, expect_version: int | None, history: History) -> Recording:
        recorded = self._reading.recorded
        last = recorded[-1].recorded_at if recorded else ""
        return Recording(
            self.ledger,
            self._reading,
            history,
            # A clock that is set back must not make an entry known before one that was recorded earlier.
            recorded_at=max(clock.instant(self._now()), last),
            actor=actor,
            expect_version=expect_version,
        )
