"""How long after its day a fact was recorded: backdating is how option grants have been falsified."""

from collections.abc import Iterable, Mapping, Sequence
from datetime import date, datetime, timedelta
from typing import Final

from ledger.domain.entries import Recorded, Retraction
from ledger.domain.timeline import Placed

BACKDATED_DAYS: Final = 30
"""An entry recorded more days than this after the day it takes effect is shown as backdated (docs/decisions.md)."""

_JAPAN: Final = timedelta(hours=9)


def days_late(on: date, recorded_at: str) -> int:
    """Days from the day of effect to the day of recording, which is Japan's; negative where it was recorded before.

    recorded_at: UTC instant, as `Recorded` has it.

    >>> days_late(date(2018, 6, 28), "2018-06-28T15:00:00.000000Z")
    1
    """
    return ((datetime.fromisoformat(recorded_at) + _JAPAN).date() - on).days


def backdated_by(each: Recorded) -> int | None:
    """Days between an entry's effect and its recording where it counts as backdated, else None."""
    if isinstance(each.entry, Retraction):
        return None
    days = days_late(each.entry.on, each.recorded_at)
    return days if days > BACKDATED_DAYS else None


def backdated(recorded: Sequence[Recorded], placed: Iterable[Placed]) -> int:
    """How many of the entries that count were backdated.

    recorded: entries in a row, by version. placed: those of them that count.
    """
    first = recorded[0].version if recorded else 1
    days = _days_of_recording(recorded)
    late = timedelta(days=BACKDATED_DAYS)
    return sum(days[recorded[each.version - first].recorded_at] - each.on > late for each in placed)


def _days_of_recording(recorded: Iterable[Recorded]) -> Mapping[str, date]:
    """The day in Japan of every instant at which something was recorded: far fewer than entries."""
    instants = {each.recorded_at for each in recorded}
    return {each: (datetime.fromisoformat(each) + _JAPAN).date() for each in instants}
