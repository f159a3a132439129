"""What passes to an heir (item 11(3))."""

from collections.abc import Iterator

from ledger.domain.entries import Inheritance
from ledger.domain.state import Holding, State


def own_holdings(state: State, holder: str, series: str | None) -> Iterator[Holding]:
    """Holdings of one person, of one series or of all, but for what they inherited: that never passes on."""
    for key in state.people[holder].holdings:
        if key.inherited_from is None and series in {None, key.series}:
            yield state.holdings[key.series][key]


def inheritable_holdings(state: State, entry: Inheritance) -> list[Holding]:
    """Holdings of the deceased that the heir takes: those with rights outstanding.

    Where the terms let nothing pass on, nothing is: it lapsed on the day of death.
    """
    return [each for each in own_holdings(state, entry.holder, entry.series) if each.outstanding(entry.on)]
