"""Whether entries may be recorded: judged together, as one timeline, all or none (domain.md §3)."""

from bisect import bisect_left
from collections.abc import Iterable, Mapping, Sequence
from typing import Final, NamedTuple, NoReturn, Self, cast

from msgspec import Struct

from ledger.domain.entries import AnyEntry, Recorded, Retraction, is_fact
from ledger.domain.errors import LedgerError, RefusedError
from ledger.domain.evolve import evolve, fold
from ledger.domain.judge import judge
from ledger.domain.state import State
from ledger.domain.timeline import Placed, placed_as, timeline

MOST_MILESTONES: Final = 4
SOME: Final = 100
"""Entries that are judged again in the time in which a state is copied."""


class Proposed(Struct, frozen=True, gc=False):
    """An entry that asks to be recorded: its line of the input and the version it would have."""

    line: int
    version: int
    entry: AnyEntry


class Milestone(NamedTuple):
    """What was known at an earlier place: after so many entries of the timeline. Nobody changes the state."""

    after: int
    state: State


class History:
    """Everything recorded in one ledger, as read: lawful at all times.

    version: of the last entry, 0 when empty. placed: the timeline. retractions: the version of each retraction, by the
    version that it retracts. state: what is known at the timeline's end, without acts and exercises.
    """

    def __init__(self) -> None:
        self.version = 0
        self.placed: list[Placed] = []
        self.retractions: dict[int, int] = {}
        self.state = State(keeps_acts=False)
        self._milestones: list[Milestone] = []

    def learn(self, recorded: Sequence[Recorded]) -> None:
        """Read entries that were recorded, and so judged, before; their versions go on from the last."""
        if not recorded:
            return
        self.version = recorded[-1].version
        retractions = {e.entry.retracts: e.version for e in recorded if isinstance(e.entry, Retraction)}
        placed = timeline(recorded)
        self.retractions |= retractions
        if not retractions and (not self.placed or not placed or self.placed[-1] < placed[0]):
            self._go_on(placed)
        else:
            kept = sorted(each for each in (*self.placed, *placed) if each.version not in self.retractions)
            self.placed, self.state, self._milestones = [], State(keeps_acts=False), []
            self._go_on(kept)

    def _go_on(self, placed: Sequence[Placed]) -> None:
        """Read entries that follow the last, with a milestone before those that late ones mostly come among."""
        last = len(placed) - _step(len(self.placed) + len(placed))
        if last > 0:
            fold(placed[:last], self.state)
            self.placed.extend(placed[:last])
            self._set_milestone()
        fold(placed[max(0, last) :], self.state)
        self.placed.extend(placed[max(0, last) :])

    def _set_milestone(self) -> None:
        """Remember what is known here, so that what comes late soon after is not judged from the beginning."""
        self._milestones = _remembered(self._milestones, len(self.placed), self.state)

    def fork(self) -> Self:
        """Return a history that holds the same and may go on in another way."""
        other = type(self)()
        other.version = self.version
        other.placed = self.placed.copy()
        other.retractions = self.retractions.copy()
        other.state = self.state.fork()
        other._milestones = self._milestones.copy()
        return other

    def admit(self, batch: Sequence[Proposed], *, or_stop: bool = False) -> None:
        """Take a batch in if the timeline with it is lawful; otherwise everything stays as it was.

        batch: in the order of its versions, which go on from the last. or_stop: nobody asks this history anything more
        after a refusal, so it may stay half-changed, which spares a copy.

        Raises `RefusedError`: with its own code and line where an entry of the batch is the first unlawful one in
        timeline order, as a `contradiction` that names the recorded entry where that is the first.
        """
        retractions = self._retractions_in(batch)
        added = [placed_as(each.entry, each.version) for each in batch if is_fact(each.entry)]
        added.sort()
        if retractions or (added and self.placed and added[0] < self.placed[-1]):
            self._admit_late(added, retractions, batch)
        else:
            self._admit_at_the_end(added, batch, or_stop=or_stop)
        self.retractions |= retractions
        if batch:
            self.version = batch[-1].version

    def _retractions_in(self, batch: Sequence[Proposed]) -> dict[int, int]:
        """Retractions of a batch; each must retract an entry recorded before, that still counts."""
        found: dict[int, int] = {}
        for each in batch:
            if is_fact(each.entry):
                continue
            line, target = each.line, cast(Retraction, each.entry).retracts
            if target > self.version:
                _nothing_to_retract(line, target, f"the ledger was at version {self.version} before")
            earlier = self.retractions.get(target) or found.get(target)
            if earlier:
                _nothing_to_retract(line, target, f"version {earlier} retracted it already")
            if target in self.retractions.values():
                _nothing_to_retract(line, target, "it is a retraction itself; record the fact again instead")
            found[target] = each.version
        return found

    def _admit_at_the_end(self, added: Sequence[Placed], batch: Sequence[Proposed], *, or_stop: bool) -> None:
        # One entry is judged before it changes anything; several need a state that can be thrown away.
        state = self.state if or_stop or len(added) == 1 else self.state.fork()
        _judge_all(state, added, batch)
        self.state = state
        self.placed.extend(added)
        latest = self._milestones[-1].after if self._milestones else 0
        if len(self.placed) - latest >= _step(len(self.placed)):
            self._set_milestone()

    def _admit_late(self, added: Sequence[Placed], retracted: Mapping[int, int], batch: Sequence[Proposed]) -> None:
        """Judge everything again from the first place that changes on; what is before it stays lawful."""
        changed = [each for each in self.placed if each.version in retracted] if retracted else []
        start = bisect_left(self.placed, min([*changed, *added[:1]]))
        rest = sorted([*(each for each in self.placed[start:] if each.version not in retracted), *added])
        milestones = [each for each in self._milestones if each.after <= start]
        after, state = 0, State(keeps_acts=False)
        if milestones:
            after, state = milestones[-1].after, milestones[-1].state.fork()
        fold(self.placed[after:start], state)
        if start - after >= SOME:  # the next may well come late for about the same day
            milestones = _remembered(milestones, start, state)
        _judge_all(state, rest, batch)
        self.state = state
        self.placed[start:] = rest
        self._milestones = milestones


def _remembered(milestones: Sequence[Milestone], after: int, state: State) -> list[Milestone]:
    return [*milestones[1 - MOST_MILESTONES :], Milestone(after, state.fork())]


def _step(entries: int) -> int:
    """How many entries of a timeline of so many lie between milestones: few to judge again, and few states to copy."""
    return max(1_000, entries // 50)


def _judge_all(state: State, placed: Iterable[Placed], batch: Sequence[Proposed]) -> None:
    """Judge and read entries in order. batch: those that are new."""
    for each in placed:
        entry = each.entry
        try:
            judge(state, entry)
        except LedgerError as error:
            for new in batch:
                if new.version == each.version:
                    error.line = new.line
                    raise
            raise RefusedError(
                "contradiction",
                f"with this, version {each.version}, the {entry.__struct_config__.tag} recorded for {each.on}, would "
                f"be unlawful: {error.code}: {error.message}; retract it first, or together with this",
                contradicts=each.version,
            ) from None
        evolve(state, entry, each.version)


def _nothing_to_retract(line: int, target: int, why: str) -> NoReturn:
    raise RefusedError("nothing-to-retract", f"version {target} cannot be retracted: {why} (domain.md 3)", line=line)
