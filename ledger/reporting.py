"""The reports of one ledger: what people look at, made of the same state as the questions."""

from collections.abc import Callable
from datetime import date, timedelta
from typing import TYPE_CHECKING

from ledger.answers import Answer
from ledger.asking import KnownAt, check_type
from ledger.company_reporting import CompanyReporting, check_day, require_company, told
from ledger.domain.errors import MalformedError
from ledger.domain.timeline import up_to
from ledger.knowledge import Known

if TYPE_CHECKING:
    from ledger.differing import Difference
    from ledger.life import Life
    from ledger.people import People
    from ledger.projections.register import Order
    from ledger.projections.report_rows import DeadlineRow, ExplanationRow, RegisterRow


class Reporting(CompanyReporting):
    """One ledger, to ask and to report of: what `Book` is but for recording."""

    @property
    def people(self) -> "People":
        """Names, addresses and dates of birth of holders, which are no part of the ledger."""
        from ledger.people import People

        return People(self._log, self.ledger, now=self._now, known=lambda: self.names("holder"))

    def label(self) -> Callable[[str], str]:
        """How a holder's id is shown to people: with the name that the directory has today, where it has one."""
        return self.people.names().label if self._log.has_people(self.ledger) else str

    def deadlines(
        self,
        on: date | None = None,
        *,
        within: timedelta | None = None,
        every_window: bool = False,
        known_at: KnownAt = None,
        known_version: int | None = None,
        series: str | None = None,
        holder: str | None = None,
        why: bool = True,
    ) -> "Answer[DeadlineRow]":
        """What ends, begins or must be filed ``on`` a day (default: today in Japan) or at most ``within`` later.

        Heirs who are awaited are told in any case. every_window: also the windows that end with the exercise period,
        as they are told of one holder.
        """
        from ledger.projections.deadlines import deadlines as deadlines_view

        day = self._day(on)
        check_day("the day", day)
        if within is not None:
            check_type("within", within, timedelta)
        known = self._known(known_at, known_version)  # filings are told by the acts, which no fold keeps
        placed = up_to(known.placed, day)
        every_window = every_window or holder is not None
        rows = deadlines_view(known.state(day), placed, day, within, every_window=every_window)
        rows = told(rows, why=why)
        return known.answer(day, rows, series=series, holder=holder, preposition="on")

    def recorded_at(self, version: int) -> str | None:
        """When an entry was recorded: an instant, UTC; None where there is no such version."""
        with self._one_call:
            self._read_on()
            recorded = self._reading.recorded
        return recorded[version - 1].recorded_at if 0 < version <= len(recorded) else None

    def explain(
        self,
        on: date | None = None,
        *,
        series: str | None = None,
        holder: str | None = None,
        inherited_from: str | None = None,
        transferred_from: str | None = None,
        version: int | None = None,
        known_at: KnownAt = None,
        known_version: int | None = None,
        why: bool = True,
    ) -> "Answer[ExplanationRow]":
        """Why things are as they are: a holding or a series ``on`` a day (default: today in Japan), or an exercise.

        Without ``inherited_from`` and ``transferred_from`` all holdings of a holder in the series; without a holder the
        series itself. version: of the exercise, in place of all these. Raises `RefusedError` for what is not known by
        that day.
        """
        from ledger.domain.state import HoldingKey
        from ledger.explaining import explained, explained_version

        del why  # an explanation is nothing else
        known = self._known(known_at, known_version)
        origin = (inherited_from, transferred_from)
        if version is not None:
            if series is not None or holder is not None or on is not None or origin != (None, None):
                raise MalformedError("malformed", "a version says which exercise; a series, a holder or a day is none")
            row = explained_version(known, version)
            return known.answer(row.on, (row,), preposition="on")
        if series is None:
            raise MalformedError("malformed", "a series is to be named, or the version of an exercise")
        if holder is None and origin != (None, None):
            raise MalformedError("malformed", "a holder is to be named with whom the rights came from")
        day = self._day(on)
        rows = explained(known, day, HoldingKey(series, holder or "", *origin), every=origin == (None, None))
        return known.answer(day, rows, preposition="on")

    def diff(
        self,
        as_of: tuple[date | None, date | None] = (None, None),
        *,
        known_at: tuple[KnownAt, KnownAt] = (None, None),
        known_version: tuple[int | None, int | None] = (None, None),
        series: str | None = None,
        holder: str | None = None,
    ) -> "Difference":
        """What changed between two days, or two states of knowledge, and which entries changed it; each before, after.

        as_of: at the end of which days; default: today in Japan.
        """
        from ledger.differing import difference

        sides = [
            (self._known(at, version), self._day(day))
            for day, at, version in zip(as_of, known_at, known_version, strict=True)
        ]
        return difference(sides[0], sides[1], series=series, holder=holder)

    def register(
        self,
        as_of: date | None = None,
        *,
        by: "Order" = "series",
        company: str | None = None,
        ids_only: bool = False,
        known_at: KnownAt = None,
        known_version: int | None = None,
        series: str | None = None,
        holder: str | None = None,
        why: bool = True,
    ) -> "Answer[RegisterRow]":
        """Who holds which rights at the end of ``as_of`` (default: today in Japan), as the register has it.

        by: what the rows are ordered by. company: whose rights; default: of all. ids_only: leave out the names and
        addresses of holders.
        """
        from ledger.projections.register import register as register_view

        day = self._day(as_of)
        known = self._known(known_at, known_version)
        require_company(known, company)
        rows = register_view(known.state(day), up_to(known.placed, day), day, by=by, company=company, why=why)
        if not ids_only:
            rows = self.people.names().in_rows(rows)
        return known.answer(day, rows, series=series, holder=holder)

    def known(self, *, known_at: KnownAt = None, known_version: int | None = None) -> Known:
        """The entries that count, in their order, and what they come to on any day: to be written in another form."""
        return self._known(known_at, known_version)

    def life(self, *, known_at: KnownAt = None, known_version: int | None = None) -> "Life":
        """The answers of every day at once, with every exercise and every entry: what the page shows."""
        from ledger.life import life_of

        known = self._known(known_at, known_version)
        return life_of(known, self.history(known_version=known.version).rows)
