"""What counts for a question: the entries known, the splits that may be relied on, the days that have come."""

from collections.abc import Callable, Iterable, Sequence
from datetime import date
from typing import Final, TypeVar

from ledger.answers import Answer
from ledger.domain.entries import Recorded
from ledger.domain.errors import RefusedError
from ledger.domain.evolve import fold
from ledger.domain.restructuring import chain
from ledger.domain.spelling import did_you_mean
from ledger.domain.state import Price, Series, State
from ledger.domain.timeline import relied_on, timeline, up_to
from ledger.projections.backdating import backdated
from ledger.projections.rows import Row

RowT = TypeVar("RowT", bound=Row)

FOLDS_FROM: Final = 5_000
"""Entries. What a ledger with fewer came to is not kept (`ledger.folds`): reading them is as fast."""


class Known:
    """What a ledger knew at a version.

    recorded: every entry, by version. version: the last that counts; one inside a batch counts as the version before
    the batch. decided_on: the day by which the meeting of a conditional split must have closed (item 3, proviso).
    root_at: gives the root of the tree over the entries up to a version.
    """

    def __init__(
        self, ledger: str, recorded: Sequence[Recorded], version: int, decided_on: date, root_at: Callable[[int], str]
    ) -> None:
        if version < len(recorded) and recorded[version].batch <= version:
            version = recorded[version].batch - 1
        self.ledger = ledger
        self.version = version
        self.root = root_at(version)
        self.recorded = recorded
        all_placed = timeline(recorded[:version])
        self.placed = list(relied_on(all_placed, decided_on))
        self.relies_on_all = len(self.placed) == len(all_placed)

    def state(self, day: date | None = None, *, keeps_acts: bool = True) -> State:
        """Return the state at the end of a day, or of the whole timeline; with what reasons are told from, or not."""
        return fold(self.placed if day is None else up_to(self.placed, day), State(keeps_acts=keeps_acts))

    def answer(
        self,
        day: date,
        rows: Iterable[RowT],
        *,
        series: str | None = None,
        holder: str | None = None,
        preposition: str = "as of",
        since: date | None = None,
    ) -> Answer[RowT]:
        """Return the rows of one series, of one holder, or all.

        Raises `RefusedError` (`unknown-series`, `unknown-holder`) for one that the ledger knows on no day.
        """
        everything = self.state() if series is not None or holder is not None else State()
        _require("series", series, everything.series)
        _require("holder", holder, everything.people)
        if series is not None:
            rows = (row for row in rows if getattr(row, "series", None) == series)
        if holder is not None:
            rows = (row for row in rows if getattr(row, "holder", None) == holder)
        late = self._backdated(day)
        return Answer(self.ledger, day, self.version, self.root, late, tuple(rows), preposition, since)

    def _backdated(self, day: date) -> int:
        return backdated(self.recorded[: self.version], up_to(self.placed, day))

    def all(self, rows: Iterable[RowT]) -> Answer[RowT]:
        """Return rows that are of no day and of no series or holder."""
        late = backdated(self.recorded[: self.version], self.placed)
        return Answer(self.ledger, None, self.version, self.root, late, tuple(rows))

    def one_series(self, series: str) -> tuple[Series, Price | None]:
        """Return a series, and the price of its chain where there is one."""
        state = self.state()
        _require("series", series, state.series)
        found = state.series[series]
        return found, state.prices.get(found.root)

    def chain(self, series: str) -> tuple[str, ...]:
        """Return every series of the chain that ``series`` belongs to, the one first issued first."""
        state = self.state()
        _require("series", series, state.series)
        return chain(state, series)


def _require(what: str, name: str | None, known: Iterable[str]) -> None:
    names = list(known)
    if name is not None and name not in names:
        hint = did_you_mean(name, names)
        raise RefusedError(f"unknown-{what}", f"{what} {name} is not known on any day{hint}")
