"""Recording: which lines are new, whether they may go in, and the rows that keep them."""

from base64 import b64encode
from collections.abc import Iterable, Mapping, Sequence
from itertools import islice

from ledger.answers import LineOutcome
from ledger.domain.decide import History, Proposed
from ledger.domain.entries import Recorded
from ledger.domain.errors import DamagedError, LedgerError, RefusedError
from ledger.intake import BadLine, Line
from ledger.proof.tree import Tree, leaf_hash
from ledger.store.codec import READ_AT_ONCE, Sealer, all_recorded_from, content_of
from ledger.store.log import Row, Tip


class Reading:
    """What this process has read of a ledger. Entries never change, so nothing is read twice.

    recorded: every entry, by version. tree: over the bytes of all.
    """

    def __init__(self) -> None:
        self.recorded: list[Recorded] = []
        self.tree = Tree()
        self._history = History()
        self._ids: dict[str, int] = {}
        self._ids_until = 0

    @property
    def version(self) -> int:
        """Of the last entry read."""
        return len(self.recorded)

    def ids(self) -> Mapping[str, int]:
        """Return the version of each entry that has an id, by it: for who records; questions want none."""
        new = self.recorded[self._ids_until :]
        self._ids.update((each.entry.id, each.version) for each in new if each.entry.id is not None)
        self._ids_until = self.version
        return self._ids

    def learn(self, stored: Iterable[bytes]) -> None:
        """Read the entries that follow those read before."""
        stored = iter(stored)
        while part := list(islice(stored, READ_AT_ONCE)):
            read = all_recorded_from(part)
            self.tree.extend(part[max(0, self.tree.size - self.version) :])  # it may hold what was to be recorded
            self.recorded += read

    def root_at(self, version: int) -> str:
        """Return the root of the tree over the entries up to a version (base64)."""
        return b64encode(self.tree.root(version)).decode()

    def peaks_with(self, rows: Iterable[Row]) -> bytes:
        """Return the peaks of the tree with rows that go on from the last entry read, packed.

        The tree keeps them, until they are read as recorded or forgotten.
        """
        self.tree.extend(row.bytes for row in rows)
        return self.tree.range_at(self.tree.size).packed()

    def check_head(self, ledger: str, head: int, peaks: bytes) -> None:
        """See that a ledger's head is that of the entries read: nobody adds to what was changed.

        Raises `DamagedError`.
        """
        if not self.is_at(head, peaks):
            raise not_of_its_head(ledger, self.version, head)

    def is_at(self, head: int, peaks: bytes) -> bool:
        """Whether a ledger's head is that of the entries read."""
        return (head, peaks) == self.tip()

    def tip(self) -> Tip:
        """Where the tree over the entries read ends."""
        return Tip(self.version, self.tree.range_at(self.version).packed())

    def history(self) -> History:
        """Return the history to judge by, up to the last entry read."""
        self._history.learn(self.recorded[self._history.version :])
        return self._history

    def forget_unrecorded(self) -> None:
        """Read the history anew next time: it and the tree hold entries that were not recorded after all."""
        self._history = History()
        self.tree.cut(self.version)


def not_of_its_head(ledger: str, version: int, head: int) -> DamagedError:
    """The entries of a ledger, up to a version, are not those that its head is of, which says another or the same."""
    return DamagedError(
        "damaged",
        f"the head of ledger {ledger} is that of other entries than the {version} it holds (it says {head}): what was"
        " recorded was changed past this program; `rights verify` says more",
    )


class Recording:
    """One call of `record` on its way: batches go in one after the other, into rows.

    history: judged by and changed; the caller throws it away if the rows are not recorded. expect_version: the version
    that the ledger must be at for anything new to go in, or None.
    """

    def __init__(
        self,
        ledger: str,
        reading: Reading,
        history: History,
        *,
        recorded_at: str,
        actor: str,
        expect_version: int | None = None,
    ) -> None:
        self._ledger = ledger
        self._reading = reading
        self._known_ids = reading.ids()
        self._history = history
        self._sealer = Sealer(ledger, recorded_at=recorded_at, actor=actor)
        self._is_stale = expect_version is not None and expect_version != history.version
        self._stale = f"the ledger {ledger} is at version {history.version}, not at {expect_version}"
        self._ids: dict[str, tuple[int, bytes]] = {}
        self.rows: list[Row] = []

    @property
    def version(self) -> int:
        """Of the ledger with what went in so far."""
        return self._history.version

    def take(self, batch: Sequence[Line]) -> list[LineOutcome]:
        """Judge lines together and take them in, all or none; those whose id is there already keep their version.

        Raises `RefusedError` for the first line that may not go in.
        """
        first = self.version + 1
        outcomes: list[LineOutcome] = []
        proposed: list[Proposed] = []
        rows: list[Row] = []
        try:
            for line in batch:
                known = version = self._known_version(line)
                if version is None:
                    version = first + len(proposed)
                    proposed.append(Proposed(line.number, version, line.entry))
                    rows.append(self._sealed(line, version, first))
                outcomes.append(LineOutcome(line.number, version, was_there=known is not None))
            if proposed and self._is_stale:
                raise RefusedError("stale-version", f"{self._stale}; read what came since and try again")
            self._history.admit(proposed)
        except LedgerError:
            for row in rows:
                if row.entry_id is not None:
                    del self._ids[row.entry_id]
            raise
        self.rows.extend(rows)
        return outcomes

    def _known_version(self, line: Line) -> int | None:
        """Version of the entry that has the line's id already; None where the line is new."""
        if line.entry.id is None:
            return None
        version = self._known_ids.get(line.entry.id)
        if version is not None:
            is_same = self._is_of(line, version)
        elif line.entry.id in self._ids:
            version, stored = self._ids[line.entry.id]
            is_same = content_of(stored) == line.content
        else:
            return None
        if not is_same:
            raise RefusedError(
                "id-reused",
                f"the id {line.entry.id} is that of version {version}, whose content is another; an id is given once "
                "(contract.md, entry format)",
                line=line.number,
            )
        return version

    def _is_of(self, line: Line, version: int) -> bool:
        """Whether a line is the entry of a version: sealed as that was, it would have the same hash."""
        there = self._reading.recorded[version - 1]
        sealer = Sealer(self._ledger, recorded_at=there.recorded_at, actor=there.actor)
        sealed = sealer.row(line.entry, line.content, version, there.batch)
        return leaf_hash(sealed.bytes) == self._reading.tree.leaf(version - 1)

    def _sealed(self, line: Line, version: int, batch: int) -> Row:
        row = self._sealer.row(line.entry, line.content, version, batch)
        if row.entry_id is not None:
            self._ids[row.entry_id] = (version, row.bytes)
        return row


def all_well_formed(lines: Iterable[Line | BadLine]) -> list[Line | BadLine]:
    """All lines, or the error of the first that is no entry: it is told before the database is asked."""
    found: list[Line | BadLine] = []
    for line in lines:
        if isinstance(line, BadLine):
            raise line.error
        found.append(line)
    return found


def taken(
    recording: Recording, lines: Sequence[Line | BadLine], *, keep_going: bool
) -> tuple[int, tuple[LineOutcome, ...]]:
    """Take lines in as one batch, or each as its own; the version afterwards and what became of each line."""
    if not keep_going:
        outcomes = recording.take([line for line in lines if isinstance(line, Line)])
        return recording.version, tuple(outcomes)
    outcomes = []
    for line in lines:
        try:
            if isinstance(line, BadLine):
                raise line.error
            outcomes.extend(recording.take([line]))
        except LedgerError as error:
            outcomes.append(LineOutcome(line.number, error=error))
    return recording.version, tuple(outcomes)
