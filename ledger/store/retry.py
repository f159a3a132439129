"""Writing that goes on where the database did not carry it through: whole transactions, each recorded exactly once.

A conflict with another transaction (serialization, deadlock) undoes this one, and it is begun anew. So it is where the
connection is lost before COMMIT was sent. Where it is lost afterwards nobody knows what became of it: then the ledger
is locked and read again, and what was sent stands there, right after the version at which it was sent, or never will.
A disk that fails to sync a COMMIT leaves the same doubt, which no second try settles: what it has not kept may be read
until the power is lost.

What is sent on a supposition needs no COMMIT of its own, and is in doubt from the moment it is sent. Where the
supposition was wrong, or anything failed, the next try makes none: it locks the ledger and reads.
"""

from collections.abc import Callable
from hashlib import sha256
from itertools import islice
from time import monotonic, sleep
from typing import Final, TypeVar

from ledger.domain.errors import DatabaseError
from ledger.store.failures import HeadMovedError, LostConnectionError, PassingError, UnsyncedError
from ledger.store.log import Log, Sent, Tip, Writer

FIRST_PAUSE_SECONDS: Final = 0.01
LONGEST_PAUSE_SECONDS: Final = 1.0

Answer = TypeVar("Answer")


def write(log: Log, ledger: str, decide: Callable[[Writer], Answer], *, supposed: Tip | None = None) -> Answer:
    """Run one transaction of writing to its end, and return what was decided in it.

    decide: reads and appends. It is called anew in every transaction, and what it decided before is thrown away.
    supposed: where the ledger is unless others have added to it, as `Log.writing` takes it.

    Raises what it raises, and `DatabaseError`: `database-busy` or `database` where nothing was recorded in
    `log.wait_seconds`, `outcome-unknown` where that is not known.
    """
    until = monotonic() + log.wait_seconds
    pause = FIRST_PAUSE_SECONDS
    doubtful: Sent | None = None
    while True:
        writer = None
        try:
            with log.writing(ledger, until=until, supposed=supposed) as writer:
                if doubtful is None or not _stands(writer, doubtful):
                    doubtful = None
                    answer = decide(writer)
            return answer
        except HeadMovedError:
            supposed = None
            continue
        except DatabaseError as failure:
            if isinstance(failure, LostConnectionError | UnsyncedError) and writer is not None:
                doubtful = writer.sent or doubtful
            if not isinstance(failure, PassingError) or monotonic() + pause > until:
                if doubtful is not None:
                    raise _unknown(failure) from failure
                if failure.code == "database":
                    raise DatabaseError(failure.code, f"{failure.message}; nothing was recorded") from failure
                raise
        supposed = None
        sleep(pause)
        pause = min(2 * pause, LONGEST_PAUSE_SECONDS)


def _stands(writer: Writer, sent: Sent) -> bool:
    """Whether the ledger holds exactly what was sent, where it was to stand."""
    digest = sha256()
    for content in islice(writer.read(after=sent.after), sent.until - sent.after):
        digest.update(content)
    return writer.head >= sent.until and digest.digest() == sent.digest


def _unknown(failure: DatabaseError) -> DatabaseError:
    return DatabaseError(
        "outcome-unknown",
        f"{failure.message}; the batch was sent, and it is not known whether it was recorded: look at the history, or"
        " send it again, which is safe for entries that have an id",
    )
