"""The reports of one ledger: what people look at, made of the same state as the questions."""

from datetime import date, timedelta
from typing import TYPE_CHECKING

from ledger.answers import Answer
from ledger.asking import KnownAt, check_type
from ledger.company_reporting import CompanyReporting, check_day, told
from ledger.domain.timeline import up_to

if TYPE_CHECKING:
    from ledger.projections.report_rows import DeadlineRow


class Reporting(CompanyReporting):
    """One ledger, to ask and to report of: what `Book` is but for recording."""

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
