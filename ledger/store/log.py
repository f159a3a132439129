"""The log: what was recorded, in the order of recording. Bytes go in at the end, and come out as they went in.

What a log is to whoever reads and writes it; `sqlite_log` and `sql_log` keep one in a database, `memory` nowhere.
"""

from collections.abc import Generator, Sequence
from contextlib import AbstractContextManager
from typing import TYPE_CHECKING, Final, NamedTuple, Protocol

from ledger.store.restored import Restored

if TYPE_CHECKING:
    from ledger.store.people import Directory

NO_END: Final = 2**63 - 1
"""No version is greater."""

NOTICEABLE_SECONDS: Final = 0.1
"""Who has waited longer than this waits that much less for what comes next, which takes a statement to say."""


class Row(NamedTuple):
    """One entry as stored; every column but `bytes` copies something out of `bytes`.

    version: 1, 2, 3 … in its ledger, without gaps.
    batch: first version of the batch it was recorded in.
    entry_id: the caller's id, unique in the ledger, or None.
    type: the stored name of the kind of entry.
    type_version: schema version of the type.
    effective_on: YYYY-MM-DD, None for a retraction.
    recorded_at: UTC, fixed width, "2026-11-22T00:12:31.123456Z".
    actor: who recorded it.
    bytes: RFC 8785 canonical JSON of the envelope.
    """

    version: int
    batch: int
    entry_id: str | None
    type: str
    type_version: int
    effective_on: str | None
    recorded_at: str
    actor: str
    bytes: bytes


class Head(NamedTuple):
    """What the database keeps of a ledger's tree, beside its entries.

    size, peaks: of the tree, as `ledger.proof.tree.Range` packs it. last: the greatest version among the entries.
    """

    size: int
    peaks: bytes
    last: int


class Tip(NamedTuple):
    """Where a ledger's tree ends: its size, and its peaks packed."""

    size: int
    peaks: bytes


class Sent(NamedTuple):
    """What a transaction was to record when COMMIT was sent: enough to know it again.

    after, until: the version before its first entry, and of its last. digest: SHA-256 of their bytes, in a row.
    """

    after: int
    until: int
    digest: bytes


class Writer(Protocol):
    """Inside one transaction, with the ledger locked against other writers."""

    sent: Sent | None
    """None before COMMIT is sent, and where nothing was appended."""

    @property
    def head(self) -> int:
        """The last version, what was appended here included; 0 when the ledger is empty."""

    @property
    def peaks(self) -> bytes:
        """The peaks of the tree over the entries up to the head, packed (`ledger.proof.tree.Range`)."""

    def read(self, *, after: int = 0) -> Generator[bytes, None, None]:
        """Canonical bytes of the entries after a version, in version order."""

    def ids_there(self, ids: Sequence[str]) -> dict[str, tuple[int, bytes]]:
        """Which of these ids entries have already, what was appended here included: their versions and bytes."""

    def append(self, rows: Sequence[Row], peaks: bytes) -> None:
        """Add entries whose versions follow the head, and move the head: the peaks of the tree with these entries.

        Nothing is recorded before the transaction ends.
        """


class Log(Protocol):
    """Ledgers of entries, append-only.

    Raises `DatabaseError` (`no-ledger` for a ledger that is not there, `database-busy`, `database`), `DamagedError`.
    """

    def ledgers(self) -> list[str]:
        """The ids of the ledgers, sorted."""

    def sizes(self) -> dict[str, int]:
        """How many entries each ledger holds, by its id, sorted: to know how much work there is."""

    def create(self, ledger: str, created_at: str) -> bool:
        """Make a ledger; False when it was there already. `created_at` is a UTC instant as in `Row`."""

    def head(self, ledger: str) -> int:
        """The last version, 0 when the ledger is empty."""

    def head_row(self, ledger: str) -> Head:
        """The head as it is kept, and the last entry at the same moment."""

    def read(self, ledger: str, *, after: int = 0, until: int | None = None) -> Generator[bytes, None, None]:
        """Canonical bytes of the entries with after < version <= until, in version order.

        What others record after the first one was read is not among them.
        """

    def rows(self, ledger: str, *, after: int = 0, until: int | None = None) -> Generator[Row, None, None]:
        """The same entries with all their columns."""

    def database_users(self, ledger: str, *, after: int = 0, until: int | None = None) -> dict[int, str]:
        """Who inserted each of the same entries, by version, where the database itself has written it."""

    def restorations(self, ledger: str) -> list[Restored]:
        """When the ledger was put back to what a backup held, by number; empty where that never happened."""

    def directory(self, ledger: str, *, writing: bool = False) -> AbstractContextManager["Directory"]:
        """The people of the ledger, to be read; or to be changed, in a transaction that is committed at the end."""

    def has_people(self, ledger: str) -> bool:
        """Whether the directory has particulars of anybody: asked with every answer, and as a rule it has not."""
        with self.directory(ledger) as directory:
            return directory.has_any()

    def erase_traces(self, *, thoroughly: bool) -> str | None:
        """Take what was removed from the directory out of the database's own files; why traces remain, else None.

        thoroughly: out of every free place, by writing the file, or the table, anew.
        """

    wait_seconds: float
    """How long a writer waits for others."""

    def writing(
        self, ledger: str, *, until: float | None = None, supposed: Tip | None = None
    ) -> AbstractContextManager[Writer]:
        """A transaction that waits for its turn, is committed at the end, and leaves nothing after an exception.

        until: an instant of `monotonic`, after which it waits no longer; default: `wait_seconds` from now. supposed:
        where the caller has read to. A server need not be asked first then: the writer has this head, and at its end
        one entry goes in at once if the ledger is still there.

        A `PassingError` says that it may be tried again (`ledger.store.retry`), a `HeadMovedError` that it must be,
        without a supposition.
        """

    def close(self) -> None:
        """Let go of the database."""
