"""Judging a ledger as it passes by, without keeping it: for more entries than should stand in memory.

They pass in the order of their versions, and are read in that of the timeline. Most are recorded in the order of their
days; so those of one day are put in order among themselves, and whoever lets them pass says before which come late.
"""

from collections.abc import Iterable
from datetime import date

from ledger.domain.entries import Fact
from ledger.domain.evolve import CHANGES
from ledger.domain.judge import RULES
from ledger.domain.state import State
from ledger.domain.timeline import rank_of

Ranked = tuple[int, int, Fact]
"""An entry with its rank and its version: where it stands among those of its day."""


class Passing:
    """The one fold of a timeline that passes by.

    late: facts, with their versions, that come after one of a later day. judged_from: the first day on which something
    is new; what was recorded for the days before is lawful as it stands.
    """

    def __init__(self, late: Iterable[tuple[int, Fact]], judged_from: date) -> None:
        self._state = State(keeps_acts=False)
        self._judged_from = judged_from
        self._day = date.min
        self._of_the_day: list[Ranked] = []
        self._late: dict[date, list[Ranked]] = {}
        for version, entry in late:
            self._late.setdefault(entry.on, []).append((rank_of(entry), version, entry))
        self._late_days = sorted(self._late, reverse=True)

    def take(self, entry: Fact, version: int, on: date) -> None:
        """Let the next entry pass, which is not late: ``on`` its day, or later than those before.

        Raises `RefusedError` where the timeline turns out to be unlawful.
        """
        if on != self._day:
            self._read_until(on)
        self._of_the_day.append((rank_of(entry), version, entry))

    def end(self) -> None:
        """Nothing more passes. Raises `RefusedError` as `take` does."""
        self._read_until(date.max)

    def _read_until(self, day: date) -> None:
        """Read everything before a day, which is the next that something passes of."""
        while self._late_days and self._late_days[-1] < day:
            on = self._late_days.pop()
            late = self._late.pop(on)
            if on == self._day:
                self._of_the_day += late
            else:
                self._read(self._day, self._of_the_day)
                self._day, self._of_the_day = on, late
        self._read(self._day, self._of_the_day)
        self._day, self._of_the_day = day, []

    def _read(self, day: date, entries: list[Ranked]) -> None:
        state, is_new = self._state, day >= self._judged_from
        entries.sort()  # no two have the same version, so no two entries are compared
        for _, version, entry in entries:
            kind = type(entry)
            if is_new:
                RULES[kind](state, entry)
            CHANGES[kind](state, entry, version)
