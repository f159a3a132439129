"""What one ledger answers: read → timeline → fold → project."""

from bisect import bisect_right
from collections.abc import Iterator, Sequence
from contextlib import closing
from datetime import date, datetime
from itertools import islice
from threading import RLock
from typing import TYPE_CHECKING, Any, Literal, Self

from ledger import clock
from ledger.answers import Answer
from ledger.domain.errors import MalformedError
from ledger.domain.strict_json import MAX_COUNT
from ledger.knowledge import FOLDS_FROM, Known
from ledger.projections.eligibility import eligibility as eligibility_view
from ledger.projections.exercises import exercises as exercises_view
from ledger.projections.history import history as history_view
from ledger.projections.holdings import holdings as holdings_view
from ledger.projections.rows import EligibilityRow, ExerciseRow, HistoryRow, HoldingRow, SeriesRow
from ledger.projections.series import series as series_view
from ledger.proof.tree import Range, Tree
from ledger.recording import Reading, not_of_its_head
from ledger.store.codec import READ_AT_ONCE, json_of, opened
from ledger.store.log import Head, Log
from ledger.store.restored import Restored

if TYPE_CHECKING:
    from ledger.domain.state import Series, State
    from ledger.following import Follower
    from ledger.proof.checkpoint import Checkpoint
    from ledger.proof.verify import Verified

KnownAt = date | datetime | None
"""An aware instant, or a day for its end in Japan; None for all that is known."""


class Asking:
    """One ledger, to ask: what `Book` is but for recording.

    log: where it is kept. ledger: its id. now: the clock. keeps_folds: whether what a large ledger came to is kept for
    the next process (`ledger.folds`).
    """

    def __init__(self, log: Log, ledger: str, *, now: clock.Clock = clock.now, keeps_folds: bool = False) -> None:
        self.ledger = ledger
        self._keeps_folds = keeps_folds
        self._log = log
        self._now = now
        self._reading = Reading()
        self._one_call = RLock()

    def close(self) -> None:
        """Let go of the database."""
        self._log.close()

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *exception: object) -> None:
        self.close()

    def holdings(
        self,
        as_of: date | None = None,
        *,
        known_at: KnownAt = None,
        known_version: int | None = None,
        series: str | None = None,
        holder: str | None = None,
        why: bool = True,
    ) -> Answer[HoldingRow]:
        """Every holding there ever was by the end of ``as_of`` (default: today in Japan), also with nothing left."""
        day = self._day(as_of)
        known, state = self._known_by(day, known_at, known_version, why=why)
        rows = holdings_view(state, day, why=why)
        return known.answer(day, rows, series=series, holder=holder)

    def series(
        self,
        as_of: date | None = None,
        *,
        known_at: KnownAt = None,
        known_version: int | None = None,
        series: str | None = None,
        why: bool = True,
    ) -> Answer[SeriesRow]:
        """Every series resolved by the end of ``as_of`` (default: today in Japan), with its sums and terms."""
        day = self._day(as_of)
        known, state = self._known_by(day, known_at, known_version, why=why)
        rows = series_view(state, day, why=why)
        return known.answer(day, rows, series=series)

    def eligibility(
        self,
        on: date | None = None,
        *,
        known_at: KnownAt = None,
        known_version: int | None = None,
        series: str | None = None,
        holder: str | None = None,
        why: bool = True,
    ) -> Answer[EligibilityRow]:
        """Whether each holding with rights outstanding may be exercised ``on`` a day (default: today in Japan)."""
        day = self._day(on)
        known, state = self._known_by(day, known_at, known_version, why=why)
        rows = eligibility_view(state, day, why=why)
        return known.answer(day, rows, series=series, holder=holder, preposition="on")

    def exercises(
        self,
        as_of: date | None = None,
        *,
        since: date | None = None,
        known_at: KnownAt = None,
        known_version: int | None = None,
        series: str | None = None,
        holder: str | None = None,
        why: bool = True,
    ) -> Answer[ExerciseRow]:
        """Every exercise from ``since`` (default: the first) to ``as_of`` (default: today in Japan), both included."""
        known = self._known(known_at, known_version)
        day = self._day(as_of)
        rows = exercises_view(known.state(), day, since, why=why)
        return known.answer(day, rows, series=series, holder=holder)

    def history(
        self, *, since_version: int = 0, known_at: KnownAt = None, known_version: int | None = None
    ) -> Answer[HistoryRow]:
        """Every entry after ``since_version`` as it was recorded, retracted ones included, by version."""
        known = self._known(known_at, known_version)
        if since_version > known.version:
            raise MalformedError(
                "malformed",
                f"the ledger {self.ledger} is at version {known.version}; nothing came after {since_version}",
            )
        stored = opened(self._log.read(self.ledger, until=known.version))
        recorded = [(each, json_of(content)) for content, each in stored]
        users = self._log.database_users(self.ledger, after=since_version, until=known.version)
        return known.all(history_view(recorded, since_version, database_users=users))

    def chain(self, series: str) -> tuple[str, ...]:
        """Ids of every series of the chain that ``series`` belongs to, from the one first issued on (item 9).

        Raises `RefusedError` (`unknown-series`) for a series that the ledger knows on no day.
        """
        return self._known(None, None).chain(series)

    def issued(self, series: str) -> "Series":
        """Return a series with its terms and its day of allotment.

        Raises `RefusedError` (`unknown-series`) for a series that the ledger knows on no day.
        """
        found, _ = self._known(None, None).one_series(series)
        return found

    def pricing(self, series: str) -> tuple[int, dict[str, Any]] | None:
        """Return the `pricing` that counts for a series, with its version; None where it has no price.

        Raises `RefusedError` (`unknown-series`) for a series that the ledger knows on no day.
        """
        _, price = self._known(None, None).one_series(series)
        return None if price is None else (price.version, json_of(self.stored(price.version)))

    def verify(self, checkpoints: "Sequence[Checkpoint]" = ()) -> "Verified":
        """Check the whole ledger: bytes, columns, rules, tree; and that it extends each checkpoint.

        Raises `DamagedError`, which names the first bad version.
        """
        from ledger.proof.verify import verify

        head = self._log.head_row(self.ledger)
        restored = self._log.restorations(self.ledger)
        with closing(self._log.rows(self.ledger, until=max(head.size, head.last))) as rows:
            return verify(self.ledger, rows, head=head, restored=restored, checkpoints=checkpoints)

    def tree(self) -> Tree:
        """Return the tree over the stored bytes of all entries, read and hashed by this process."""
        with self._one_call:
            self._read_on()
            return self._reading.tree

    def stored(self, version: int) -> bytes:
        """Return the stored bytes of an entry. Raises `MalformedError` for a version that does not exist."""
        if 0 < version < MAX_COUNT:  # SQLite knows no number of 2⁶³ and more
            for content in self._log.read(self.ledger, after=version - 1, until=version):
                return content
        raise self._no_version(version)

    def export(self) -> Iterator[bytes]:
        """Stored bytes of every entry, by version, as they are: lines from which `record` makes the same ledger.

        Raises `DamagedError` after the last, where they are not those that the ledger's head is of.
        """
        head = self._log.head_row(self.ledger)
        tree = Range()
        with closing(self._log.read(self.ledger, until=head.size)) as stored:
            while part := list(islice(stored, READ_AT_ONCE)):
                tree = tree.extended(part)
                yield from part
        if (tree.size, tree.packed()) != (head.size, head.peaks):
            raise not_of_its_head(self.ledger, tree.size, head.size)

    def follow(self, since: int | None = None) -> "Follower":
        """What is recorded after a version, to be asked for again and again; default: after the last there is now.

        Raises `RefusedError` (`stale-version`) where the ledger is not as far as that.
        """
        from ledger.following import Follower

        return Follower(self._log, self.ledger, self.size() if since is None else since)

    def size(self) -> int:
        """How many entries the ledger holds."""
        return self._log.head(self.ledger)

    def restorations(self) -> list[Restored]:
        """When the ledger was put back to what a backup held, the first first."""
        return self._log.restorations(self.ledger)

    def names(self, kind: Literal["series", "holder", "company"]) -> list[str]:
        """Ids of all series, of all holders or of all companies that the ledger knows on any day, sorted."""
        state = self._known(None, None).state()
        if kind == "company":
            return sorted(state.companies)
        return sorted(state.series if kind == "series" else state.people)

    def _read_on(self) -> None:
        """Read what was recorded since; all of it anew, where a restoration has put other entries in their place.

        Raises `DamagedError` where the entries are not those that the ledger's head is of.
        """
        head = self._read_to_head()
        if not self._reading.is_at(head.size, head.peaks):
            self._reading = Reading()
            head = self._read_to_head()
            self._reading.check_head(self.ledger, head.size, head.peaks)

    def _read_to_head(self) -> Head:
        head = self._log.head_row(self.ledger)
        with closing(self._log.read(self.ledger, after=self._reading.version, until=head.size)) as stored:
            self._reading.learn(stored)
        return head

    def _no_version(self, version: int) -> MalformedError:
        at = self._log.head(self.ledger)
        return MalformedError(
            "malformed", f"the ledger {self.ledger} is at version {at}; there is no version {version}"
        )

    def _day(self, day: date | None) -> date:
        if day is None:
            return clock.today(self._now)
        check_type("a day", day, date)
        return day

    def _known_by(self, day: date, known_at: KnownAt, known_version: int | None, *, why: bool) -> tuple[Known, "State"]:
        """What counts for a question, and the state at the end of a day; of a large ledger by what was kept of it."""
        if not self._keeps_folds or why or known_at is not None or known_version is not None:
            known = self._known(known_at, known_version)
            return known, known.state(day, keeps_acts=why)
        with self._one_call:
            head = self._log.head_row(self.ledger)
            folds = None
            if head.size >= FOLDS_FROM:
                from ledger.folds import usual_folds

                folds = usual_folds()
            if folds is not None:
                kept = folds.known(self._log, self.ledger, head, day, decided_on=clock.today(self._now))
                if kept is not None:
                    return kept, kept.state(day)
            known = self._known(None, None)
            state = known.state(day, keeps_acts=False)
            if folds is not None:
                folds.keep(self._log, known, self._reading.tree.range_at(known.version), state, day)
            return known, state

    def _known(self, known_at: KnownAt, known_version: int | None) -> Known:
        with self._one_call:
            self._read_on()
            recorded = self._reading.recorded
            version = len(recorded)
            if known_at is not None:
                check_type("known_at", known_at, date, datetime)
            if known_version is not None:
                check_type("known_version", known_version, int)
                if not 0 <= known_version <= version:
                    raise self._no_version(known_version)
                version = known_version
            if known_at is not None:
                version = min(
                    version, bisect_right(recorded, clock.last_instant(known_at), key=lambda each: each.recorded_at)
                )
            decided_on = clock.today(self._now) if known_at is None else clock.day_in_japan(known_at)
            return Known(self.ledger, recorded, version, decided_on, self._reading.root_at)


def check_type(name: str, value: object, *wanted: type) -> None:
    """Refuse an argument of another type than wanted: a program without type checks gets a sentence too."""
    if type(value) not in wanted:
        names = " or ".join(each.__name__ for each in wanted)
        raise MalformedError("malformed", f"{name} is {value!r}, which is no {names}")
