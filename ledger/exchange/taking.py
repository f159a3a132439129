"""Recording what a file of others holds: all of it or nothing, and the same file twice only once."""

from typing import NamedTuple

from ledger.answers import Outcome
from ledger.book import Book
from ledger.domain.errors import LedgerError, MalformedError
from ledger.exchange.plan import Place, Plan
from ledger.exchange.sidecar import NAME
from ledger.intake import sealed
from ledger.people import Kept


class Taken(NamedTuple):
    """What became of a plan. kept: whose particulars changed, where the file has any."""

    outcome: Outcome
    kept: Kept | None


def take(
    book: Book,
    plan: Plan,
    *,
    actor: str | None = None,
    dry_run: bool = False,
    expect_version: int | None = None,
) -> Taken:
    """Record the entries of a plan as one batch, then keep the particulars of its people.

    A ledger as it was stored keeps its batches: it is taken over where the book's is of the same id, else copied.

    dry_run: judge, and change nothing. Raises `MalformedError` where the plan has problems, and what `Book.record`
    raises; the message begins with the place that it is about.
    """
    if plan.problems:
        count = "1 problem" if len(plan.problems) == 1 else f"{len(plan.problems):,} problems"
        raise MalformedError("malformed", f"there is {count}, and nothing was recorded: {plan.problems[0]}")
    if plan.people:  # what is wrong with them is told before anything is recorded
        kept = book.people.set_all(plan.people, actor=actor, dry_run=True)
    try:
        outcome = _recorded(book, plan, actor=actor, dry_run=dry_run, expect_version=expect_version)
    except LedgerError as error:
        if error.line is not None:
            # Before the entries of a sidecar stands a line about them.
            place = Place(NAME, error.line + 1) if plan.sealed else plan.entries[error.line - 1].place
            error.message = f"{place}: {error.message}"
            error.line = None
        raise
    if not plan.people:
        return Taken(outcome, None)
    return Taken(outcome, kept if dry_run else book.people.set_all(plan.people, actor=actor))


def _recorded(book: Book, plan: Plan, *, actor: str | None, dry_run: bool, expect_version: int | None) -> Outcome:
    stored = sealed(plan.sealed[0]) if plan.sealed else None
    if stored is None or stored.ledger == book.ledger:
        lines = plan.sealed or [dict(each.entry) for each in plan.entries]
        return book.record(lines, actor=actor, dry_run=dry_run, expect_version=expect_version)
    return book.copy(stored.ledger, plan.sealed, actor=actor, dry_run=dry_run, expect_version=expect_version)
