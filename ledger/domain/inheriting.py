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
    """Holdings of the deceased that the heir takes: rights outstanding, in series whose terms let them pass on."""
    return [
        holding
        for holding in own_holdings(state, entry.holder, entry.series)
        if holding.outstanding(entry.on) and state.series[holding.key.series].terms.conditions.inheritance is not None
    ]
