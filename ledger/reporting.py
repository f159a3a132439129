"""The reports of one ledger: what people look at, made of the same state as the questions."""

from datetime import date, timedelta
from typing import TYPE_CHECKING

from ledger.answers import Answer
from ledger.asking import Asking, KnownAt

if TYPE_CHECKING:
    from ledger.life import Life
    from ledger.projections.report_rows import DeadlineRow


class Reporting(Asking):
    """One ledger, to ask and to report of: what `Book` is but for recording."""

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

    def life(self, *, known_at: KnownAt = None, known_version: int | None = None) -> "Life":
        """The answers of every day at once, with every exercise and every entry: what the page shows."""
        from ledger.life import life_of

        known = self._known(known_at, known_version)
        return life_of(known, self.history(known_version=known.version).rows)
