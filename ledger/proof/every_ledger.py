"""Checking every ledger of a database, on as many processors as there are."""

from collections.abc import Iterator
from contextlib import closing

from ledger.domain.errors import DamagedError
from ledger.proof.verify import Verified, verify
from ledger.store.every_ledger import with_every_ledger
from ledger.store.log import Log


def verified(log: Log, ledger: str) -> Verified:
    """Check one ledger as `verify` does, with its head. Raises `DamagedError`."""
    head = log.head_row(ledger)
    restored = log.restorations(ledger)
    with closing(log.rows(ledger, until=max(head.size, head.last))) as rows:
        return verify(ledger, rows, head=head, restored=restored)


def verify_every(url: str, *, jobs: int | None = None) -> Iterator[tuple[str, Verified | DamagedError]]:
    """Check all ledgers of a database, by their ids; each with what was found of it.

    jobs: how many processes, by default as many as there are processors and work for.

    Raises `DatabaseError`.
    """
    return with_every_ledger(url, _found, jobs=jobs)


def _found(log: Log, ledger: str) -> Verified | DamagedError:
    try:
        return verified(log, ledger)
    except DamagedError as error:
        return error
