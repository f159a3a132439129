"""What a package is written from: what a ledger knew, until a day."""

from base64 import b64encode
from collections.abc import Callable, Mapping, Sequence
from datetime import date
from typing import NamedTuple

from ledger.asking import KnownAt
from ledger.book import Book
from ledger.domain.entries import Company
from ledger.domain.errors import RefusedError
from ledger.domain.state import Company as KnownCompany
from ledger.domain.timeline import Placed, up_to
from ledger.exchange.packages.ocf_parts import currency_of
from ledger.exchange.packages.securities import Lives, lives
from ledger.projections.exercises import exercises
from ledger.projections.rows import ExerciseRow
from ledger.proof.tree import Range


class Written(NamedTuple):
    """A package that was written. files: in it. objects: in those that its format knows. entries: in the sidecar."""

    files: tuple[str, ...]
    objects: int
    entries: int


class Source(NamedTuple):
    """A ledger as of a day, known at a version.

    placed: the timeline up to the day. lives: of all securities. exercises, recorded_at: by version. currencies: by
    company. name_of: gives a holder's name, where it may be told and there is one. root: of the entries known, base64.
    """

    ledger: str
    as_of: date
    version: int
    root: str
    placed: Sequence[Placed]
    lives: Lives
    exercises: Mapping[int, ExerciseRow]
    recorded_at: Mapping[int, str]
    currencies: Mapping[str, str]
    name_of: Callable[[str], str | None]

    def issuer(self) -> tuple[KnownCompany, date]:
        """The company that the ledger was begun for, the first of its timeline, and the day of its entry."""
        entry = next(each.entry for each in self.placed if isinstance(each.entry, Company))
        return self.lives.end.companies[entry.company], entry.on


def source(
    book: Book, as_of: date, *, known_at: KnownAt = None, known_version: int | None = None, ids_only: bool = False
) -> Source:
    """Read what a package is to say.

    ids_only: tell no names of holders. Raises `RefusedError` (`unknown-company`) where no company is known on the day.
    """
    known = book.known(known_at=known_at, known_version=known_version)
    placed = up_to(known.placed, as_of)
    companies = [each.entry for each in placed if isinstance(each.entry, Company)]
    if not companies:
        raise RefusedError(
            "unknown-company",
            f"no company is known on {as_of} in ledger {known.ledger}, and a package is of one; name a later day",
        )
    return Source(
        ledger=known.ledger,
        as_of=as_of,
        version=known.version,
        root=known.root,
        placed=placed,
        lives=lives(placed, as_of),
        exercises={row.version: row for row in exercises(known.state(), as_of)},
        recorded_at={each.version: each.recorded_at for each in known.recorded},
        currencies={each.company: currency_of(each.currency) for each in companies},
        name_of=(lambda _: None) if ids_only else book.people.names().name,
    )


def stored_entries(book: Book, of: Source) -> tuple[bytes, ...]:
    """The entries that a source was read from, as they are stored.

    Raises `RefusedError` (`stale-version`) where the ledger was put back to something else meanwhile.
    """
    entries = list(book.export())[: of.version]
    if b64encode(Range().extended(entries).root()).decode() != of.root:
        raise RefusedError(
            "stale-version", f"the ledger {of.ledger} was put back to other entries meanwhile; write the package again"
        )
    return tuple(entries)
