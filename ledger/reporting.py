"""The reports of one ledger: what people look at, made of the same state as the questions."""

from datetime import date, timedelta
from typing import TYPE_CHECKING

from ledger.answers import Answer
from ledger.asking import Asking, KnownAt
from ledger.domain.timeline import up_to

if TYPE_CHECKING:
    from ledger.people import People
    from ledger.projections.register import Order
    from ledger.projections.report_rows import DeadlineRow, RegisterRow


class Reporting(Asking):
    """One ledger, to ask and to report of: what `Book` is but for recording."""

    @property
    def people(self) -> "People":
        """Names, addresses and dates of birth of holders, which are no part of the ledger."""
        from ledger.people import People

        return People(self._log, self.ledger, now=self._now, known=lambda: self.names("holder"))

    def deadlines(
        self,
        on: date | None = None,
        *,
        within: timedelta | None = None,
        known_at: KnownAt = None,
        known_version: int | None = None,
        series: str | None = None,
        holder: str | None = None,
        why: bool = True,
    ) -> "Answer[DeadlineRow]":
        """What ends, begins or must be filed ``on`` a day (default: today in Japan) or at most ``within`` later."""
        from ledger.projections.deadlines import deadlines as deadlines_view

        day = self._day(on)
        known, state = self._known_by(day, known_at, known_version, why=why)
        rows = deadlines_view(state, day, within)
        return known.answer(day, rows, series=series, holder=holder, preposition="on")

    def register(
        self,
        as_of: date | None = None,
        *,
        by: "Order" = "series",
        ids_only: bool = False,
        known_at: KnownAt = None,
        known_version: int | None = None,
        series: str | None = None,
        holder: str | None = None,
        why: bool = True,
    ) -> "Answer[RegisterRow]":
        """Who holds which rights at the end of ``as_of`` (default: today in Japan), as the register has it.

        by: what the rows are ordered by. ids_only: leave out the names and addresses of holders.
        """
        from ledger.projections.register import register as register_view

        day = self._day(as_of)
        known = self._known(known_at, known_version)
        rows = register_view(known.state(day), up_to(known.placed, day), day, by=by, why=why)
        if not ids_only:
            rows = self.people.names().in_rows(rows)
        return known.answer(day, rows, series=series, holder=holder)
