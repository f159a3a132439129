"""Finding a ledger: which database, which of its ledgers, and making them."""

from ledger import clock
from ledger.book import Book
from ledger.domain.characters import listed
from ledger.domain.errors import DatabaseError, MalformedError
from ledger.domain.spelling import did_you_mean
from ledger.domain.wellformed import check_name
from ledger.store import open_log
from ledger.store.log import Log

DEFAULT_URL = "sqlite:///rights.db"
DEFAULT_LEDGER = "main"


def open_ledger(
    url: str = DEFAULT_URL, ledger: str | None = None, *, create: bool = False, now: clock.Clock = clock.now
) -> Book:
    """Open a ledger.

    url: of the database, as SQLAlchemy writes it. ledger: its id; may be left out where the database holds exactly one.
    create: make the database and the ledger (default id ``main``) if they are not there. now: the clock.

    Raises `DatabaseError` where the database cannot be used, `MalformedError` where it does not hold that ledger.
    """
    if create:
        from ledger.store.migrate import upgrade

        upgrade(url)
    log = open_log(url)
    try:
        if create:
            ledger = DEFAULT_LEDGER if ledger is None else ledger
            check_name("ledger", ledger)
            log.create(ledger, clock.instant(now()))
        return Book(log, chosen(log, ledger), now=now, keeps_folds=True)
    except BaseException:
        log.close()
        raise


def _holds(log: Log, ledger: str) -> bool:
    """Whether a ledger is there, without listing all: a database may hold very many."""
    try:
        check_name("ledger", ledger)
        log.head(ledger)
    except MalformedError:  # no ledger has a name that is none
        return False
    except DatabaseError as error:
        if error.code != "no-ledger":
            raise
        return False
    return True


def chosen(log: Log, ledger: str | None) -> str:
    """The id of the ledger that was asked for, or of the only one."""
    if ledger is not None and _holds(log, ledger):
        return ledger
    there = log.ledgers()
    if ledger is not None:
        held = f"; it holds {listed(there)}" if there else "; it holds none"
        raise MalformedError(
            "malformed",
            f"the database has no ledger {ledger}{did_you_mean(ledger, there)}{held}; `rights init --ledger {ledger}` "
            "makes it",
        )
    if not there:
        raise MalformedError("malformed", "the database holds no ledger yet; `rights init` makes one")
    if len(there) > 1:
        raise MalformedError("malformed", f"the database holds {listed(there)}; say which with --ledger")
    return there[0]
