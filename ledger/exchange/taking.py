"""Recording what a file of others holds: all of it or nothing, and the same file twice only once."""

from collections.abc import Iterator, Sequence
from typing import Final, NamedTuple

from ledger.answers import Outcome
from ledger.book import Book
from ledger.domain.errors import LedgerError, MalformedError
from ledger.exchange.packages.sidecar import NAME
from ledger.exchange.plan import Place, Plan, Remark
from ledger.exchange.sheets.ids import fact_of, is_made
from ledger.intake import sealed
from ledger.people import Kept, Particulars
from ledger.store.codec import json_of, row_from

People = tuple[tuple[str, Particulars], ...]
"""Particulars by id."""

MOST_TOLD: Final = 100
"""Problems of one file: whoever mends them tries again."""

SAME_FACT: Final = (
    "; the row states the same fact with another source or note, and what was recorded is never changed: put back what"
    " stood there or leave the row out, or give the row an id of its own if it happened twice"
)


class Taken(NamedTuple):
    """What became of a plan. kept: whose particulars changed, where the file has any."""

    outcome: Outcome
    kept: Kept | None


def like_others(book: Book, plan: Plan) -> dict[int, int]:
    """Which entries of a plan say just what an entry with another id, or with none, says already.

    By their places in the plan, each with the version of the first such entry that counts. It may have happened twice;
    but whoever recorded by hand what stands in the file too wants to know.
    """
    wanted = {(each.entry["type"], fact_of(each.entry)): index for index, each in enumerate(plan.entries)}
    kinds = {kind for kind, _ in wanted}
    found: dict[int, list[int]] = {}
    retracted: set[int] = set()
    for row in map(row_from, book.export()):
        if row.type == "retraction":
            retracted.add(json_of(row.bytes)["retracts"])
        elif row.type in kinds:
            index = wanted.get((row.type, fact_of(json_of(row.bytes))))
            if index is not None and row.entry_id != plan.entries[index].entry.get("id"):
                found.setdefault(index, []).append(row.version)
    counting = {index: [each for each in versions if each not in retracted] for index, versions in found.items()}
    return {index: versions[0] for index, versions in counting.items() if versions}


def counted(problems: Sequence[Remark]) -> str:
    """How many problems there are, in words."""
    count = "is 1 problem" if len(problems) == 1 else f"are {len(problems):,} problems"
    return f"there {count}, and nothing was recorded"


def told(problems: Sequence[Remark]) -> Iterator[str]:
    """The first problems, and how many more there are."""
    yield from map(str, problems[:MOST_TOLD])
    if len(problems) > MOST_TOLD:
        yield f"… and {len(problems) - MOST_TOLD:,} more"


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
        raise MalformedError("malformed", f"{counted(plan.problems)}: {'; '.join(told(plan.problems))}")
    if plan.sealed and plan.people:
        plan = plan._replace(people=_not_yet_known(book, plan.people))
    if plan.people:  # what is wrong with them is told before anything is recorded
        kept = book.people.set_all(plan.people, actor=actor, dry_run=True)
    try:
        outcome = _recorded(book, plan, actor=actor, dry_run=dry_run, expect_version=expect_version)
    except LedgerError as error:
        if error.line is not None:
            _say_where(error, error.line, plan)
            error.line = None
        raise
    if not plan.people:
        return Taken(outcome, None)
    return Taken(outcome, kept if dry_run else book.people.set_all(plan.people, actor=actor))


def _not_yet_known(book: Book, people: People) -> People:
    """Those of whom the directory never knew anything: what it keeps now is newer, and who is forgotten stays so."""
    known = {each.holder for each in book.people.show()}
    return tuple(each for each in people if each[0] not in known)


def _say_where(error: LedgerError, line: int, plan: Plan) -> None:
    """Begin an error's message with the place in the file that it is about."""
    if plan.sealed:  # before the entries of a sidecar stands a line about them
        error.message = f"{Place(NAME, line + 1)}: {error.message}"
        return
    planned = plan.entries[line - 1]
    hint = SAME_FACT if error.code == "id-reused" and is_made(planned.entry) else ""
    error.message = f"{planned.place}: {error.message}{hint}"


def _recorded(book: Book, plan: Plan, *, actor: str | None, dry_run: bool, expect_version: int | None) -> Outcome:
    stored = sealed(plan.sealed[0]) if plan.sealed else None
    if stored is None or stored.ledger == book.ledger:
        lines = plan.sealed or [dict(each.entry) for each in plan.entries]
        return book.record(lines, actor=actor, dry_run=dry_run, expect_version=expect_version)
    return book.copy(stored.ledger, plan.sealed, actor=actor, dry_run=dry_run, expect_version=expect_version)
