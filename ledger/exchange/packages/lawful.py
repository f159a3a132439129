"""Entries of others under the rules of the ledger: what these already bring about by themselves is not recorded too."""

from collections.abc import Iterable

from ledger.domain.entries import Fact, Waiver, is_fact
from ledger.domain.errors import LedgerError
from ledger.domain.evolve import evolve
from ledger.domain.judge import judge
from ledger.domain.state import HoldingKey, State
from ledger.domain.timeline import placed_as
from ledger.domain.wellformed import entry_from
from ledger.exchange.plan import Planned, Remark


def settled(planned: Iterable[Planned]) -> tuple[list[Planned], list[Remark], list[Remark]]:
    """The entries that would be recorded, those that the rules make needless, and what is wrong with any.

    A package cancels rights when a window is over; here they have lapsed by then (Companies Act 287). Whoever has died
    gives up nothing and leaves no office. Other refusals are the ledger's to tell, when it is asked to record.
    """
    placed, problems = [], list[Remark]()
    by_version = dict[int, Planned]()
    for version, each in enumerate(planned, start=1):
        try:
            entry = entry_from(dict(each.entry))
        except LedgerError as error:
            problems.append(Remark(each.place, error.message))
            continue
        by_version[version] = each
        if is_fact(entry):
            placed.append(placed_as(entry, version))
    state, left = State(keeps_acts=False), list[Remark]()
    for at in sorted(placed):
        try:
            judge(state, at.entry)
        except LedgerError as error:
            why = _needless(state, at.entry, error.code)
            if why is None:
                break  # the ledger tells it, with the place
            left.append(Remark(by_version.pop(at.version).place, f"{why}: {error.message}"))
        else:
            evolve(state, at.entry, at.version)
    return [*by_version.values()], left, problems


def _needless(state: State, entry: Fact, code: str) -> str | None:
    """Why an entry that is refused says nothing that the ledger does not know; None where it does."""
    kind = entry.__struct_config__.tag
    if code == "already-deceased" and kind in {"waiver", "departure", "appointment"}:
        return f"not recorded as a {kind}, its holder has died"
    if not isinstance(entry, Waiver) or code != "insufficient-rights":
        return None
    key = HoldingKey(entry.series, entry.holder, entry.inherited_from, entry.transferred_from)
    holding = state.holding(key)
    if holding is not None and 0 < entry.rights <= holding.lapsed(entry.on):
        return "not recorded as a waiver, for the rights have lapsed by themselves"
    return None
