"""Taking a ledger over: the lines of an export go in as they are, with their versions, batches, instants and actors.

Nothing is recorded anew: the same bytes, so the same root. What the file holds is checked first, as `verify` checks a
ledger; then it goes in where the ledger is empty or holds the beginning of it.
"""

from base64 import b64encode
from collections.abc import Iterable, Iterator, Sequence
from contextlib import closing
from datetime import datetime
from typing import NamedTuple

from ledger import clock
from ledger.answers import LineOutcome, Outcome
from ledger.domain.characters import shown
from ledger.domain.errors import DamagedError, LedgerError, RefusedError
from ledger.domain.strict_json import malformed
from ledger.domain.wellformed import check_instant, check_name
from ledger.intake import MAX_SEALED_BYTES, Input, is_empty, sealed
from ledger.proof.tree import Range
from ledger.recording import not_of_its_head
from ledger.store.codec import row_from
from ledger.store.log import Log, Row, Writer
from ledger.store.retry import write

APPENDED_AT_ONCE = 5_000
"""Rows. What is not yet a row waits as bytes, which are a third as large."""


def take_over(
    log: Log,
    ledger: str,
    entries: Iterable[Input],
    *,
    now: datetime,
    dry_run: bool = False,
    expect_version: int | None = None,
) -> Outcome:
    """Record the lines of an export in the ledger of the same id, all or none; those that are there already stay.

    now: no entry may have been recorded later. dry_run, expect_version: as `Book.record` takes them.

    Raises `MalformedError` for what is no export of this ledger, `DamagedError` for one that does not hold, and
    `RefusedError` (`stale-version`) where the ledger holds other entries. All name the line.
    """
    export = checked(ledger, entries, clock.instant(now))
    if dry_run:
        there = Range().extended(export.compared(log.read(ledger)))
        export.check_expected(ledger, there.size, expect_version)
        return export.outcome(there.size, there)

    def take_in(writer: Writer) -> tuple[int, Range]:
        with closing(writer.read()) as held:
            there = Range().extended(export.compared(held))
        check_head(ledger, writer, there)
        export.check_expected(ledger, there.size, expect_version)
        return there.size, _append(writer, export.stored[there.size :], there)

    return export.outcome(*write(log, ledger, take_in))


class Export(NamedTuple):
    """The entries of a file, by version. lines: where each stands in it, from 1."""

    ledger: str
    lines: list[int]
    stored: list[bytes]

    def compared(self, there: Iterable[bytes]) -> Iterator[bytes]:
        """Pass on what a ledger holds, as long as it is what the file holds."""
        for at, content in enumerate(there):
            if at < len(self.stored) and content != self.stored[at]:
                raise RefusedError(
                    "stale-version",
                    f"version {at + 1} of ledger {self.ledger} is another entry than that of the file: the two went"
                    f" on apart from version {at} on; a ledger is taken over where it is empty or holds the beginning"
                    " of it",
                    line=self.lines[at],
                    contradicts=at + 1,
                )
            yield content

    def check_expected(self, ledger: str, version: int, expected: int | None) -> None:
        """Refuse what is new where a ledger is not at the version that the caller knows."""
        if expected not in {None, version} and version < len(self.stored):
            raise RefusedError(
                "stale-version",
                f"the ledger {ledger} is at version {version}, not at {expected}; read what came since and try again",
                line=self.lines[version],
            )

    def outcome(self, before: int, after: Range) -> Outcome:
        """Tell what became of the lines. before: the version of the ledger that was there."""
        told = (
            LineOutcome(line, version, was_there=version <= before) for version, line in enumerate(self.lines, start=1)
        )
        version = max(before, len(self.stored))
        return Outcome(self.ledger, version, after.size, b64encode(after.root()).decode(), tuple(told))


def checked(ledger: str, entries: Iterable[Input], now: str) -> Export:
    """Read the lines of an export and check it as a ledger, from its first version to its last.

    ledger: its id. now: no entry may have been recorded later. Raises `MalformedError` and `DamagedError`, which name
    the line.
    """
    from ledger.proof.verify import verify

    export = Export(ledger, [], [])
    try:
        verify(ledger, _rows(export, entries, now))
    except LedgerError as error:
        if isinstance(error, DamagedError):
            error.message = f"the export does not hold: {error.message}"
        if error.line is None:
            version = error.contradicts or len(export.lines)
            error.line = export.lines[version - 1]
        raise
    return export


def _rows(export: Export, entries: Iterable[Input], now: str) -> Iterator[Row]:
    """Rows as the lines say them, while the export takes their bytes in."""
    actor: str | None = None
    recorded_at: str | None = None
    for number, given in enumerate(entries, start=1):
        if is_empty(given):
            continue
        export.lines.append(number)
        content = _content(export.ledger, given)
        row = row_from(content)
        if not export.stored and row.version != 1:
            malformed(f"it begins with version {row.version}: an export is of a whole ledger, from version 1 on")
        if row.actor != actor:
            actor = row.actor
            check_name("actor", actor)
        if row.recorded_at != recorded_at:
            recorded_at = row.recorded_at
            check_instant(recorded_at)
            if recorded_at > now:
                malformed(f"it was recorded at {recorded_at}, and now is {now}: nothing is recorded in the future")
        export.stored.append(content)
        yield row


def _content(ledger: str, given: Input) -> bytes:
    """The stored bytes in a line."""
    found = sealed(given)
    if found is None or not isinstance(given, str | bytes):
        malformed(
            "it is no entry as a ledger keeps it, and the lines before are: a file is an export or holds entries to"
            " record, not both"
        )
    if found.ledger != ledger:
        malformed(
            f"it is an entry of ledger {shown(found.ledger)}, and this ledger is {ledger}: an export is taken over into"
            f" the ledger of the same id, which `rights init --ledger {shown(found.ledger)}` makes"
        )
    content = given.encode() if isinstance(given, str) else given
    content = content.rstrip(b"\r\n")
    if len(content) > MAX_SEALED_BYTES:
        malformed(f"the line has more than {MAX_SEALED_BYTES:,} bytes")
    return content


def check_head(ledger: str, writer: Writer, there: Range) -> None:
    """See that the ledger's head is that of its entries: nobody adds to what was changed."""
    if (writer.head, writer.peaks) != (there.size, there.packed()):
        raise not_of_its_head(ledger, there.size, writer.head)


def _append(writer: Writer, stored: Sequence[bytes], tree: Range) -> Range:
    """Add entries in parts, and return the tree with them."""
    for first in range(0, len(stored), APPENDED_AT_ONCE):
        part = stored[first : first + APPENDED_AT_ONCE]
        tree = tree.extended(part)
        writer.append([row_from(content) for content in part], tree.packed())
    return tree
