"""Following a ledger: entries as they come, none missed and none twice, for programs that go on from them.

A version is given under a lock that is held until COMMIT, in every database: what commits late has not got a version
that others could have passed. So whoever has read to a version misses nothing by asking for those after it.
"""

from collections.abc import Iterator

from ledger.domain.errors import DamagedError, RefusedError
from ledger.store.codec import row_from
from ledger.store.log import Log


class Follower:
    """What was recorded in a ledger after a version. since: the last version that is known already.

    Raises `RefusedError` (`stale-version`) where the ledger is not as far as that.
    """

    def __init__(self, log: Log, ledger: str, since: int) -> None:
        self._log = log
        self._ledger = ledger
        self._restorations = len(log.restorations(ledger))
        self.version = since
        self._check(log.head(ledger))

    def new(self) -> Iterator[bytes]:
        """Stored bytes of every entry recorded since the last call, by version; none where there is nothing new.

        Raises `RefusedError` (`stale-version`) where a restoration put other entries in the place of those known, and
        `DamagedError` where an entry is missing.
        """
        head = self._log.head(self._ledger)
        self._check(head)
        if head == self.version:
            return
        for line in self._log.read(self._ledger, after=self.version, until=head):
            version = row_from(line).version
            if version != self.version + 1:
                raise DamagedError(
                    "damaged",
                    f"version {self.version + 1} of ledger {self._ledger} is missing: after {self.version} comes"
                    f" {version}",
                )
            self.version = version
            yield line

    def _check(self, head: int) -> None:
        restorations = self._log.restorations(self._ledger)
        if len(restorations) != self._restorations:
            self._refuse(f"it was restored at {restorations[-1].restored_at}, and may hold other entries now")
        if head < self.version:
            last = f"; it was restored last at {restorations[-1].restored_at}" if restorations else ""
            self._refuse(f"it is at version {head}{last}")

    def _refuse(self, why: str) -> None:
        raise RefusedError(
            "stale-version",
            f"the ledger {self._ledger} cannot be followed from version {self.version} on: {why}; compare with `rights"
            " history` what is known, or begin again with --since-version 0",
        )
