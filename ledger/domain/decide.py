"""Whether entries may be recorded: judged together, as one timeline, all or none (domain.md §3)."""

from bisect import bisect_left
from collections.abc import Iterable, Mapping, Sequence
from typing import NoReturn, Self, cast

from msgspec import Struct

from ledger.domain.entries import AnyEntry, Recorded, Retraction, is_fact
from ledger.domain.errors import LedgerError, RefusedError
from ledger.domain.evolve import evolve, fold
from ledger.domain.judge import judge
from ledger.domain.state import State
from ledger.domain.timeline import Placed, placed_as, timeline


class Proposed(Struct, frozen=True, gc=False):
    """An entry that asks to be recorded: its line of the input and the version it would have."""

    line: int
    version: int
    entry: AnyEntry


class History:
    """Everything recorded in one ledger, as read: lawful at all times.

    version: of the last entry, 0 when empty. placed: the timeline. retractions: the version of each retraction, by the
    version that it retracts. state: what is known at the timeline's end.
    """

    def __init__(self) -> None:
        self.version = 0
        self.placed: list[Placed] = []
        self.retractions: dict[int, int] = {}
        self.state = State()

    def learn(self, recorded: Sequence[Recorded]) -> None:
        """Read entries that were recorded, and so judged, before; their versions go on from the last."""
        if not recorded:
            return
        self.version = recorded[-1].version
        retractions = {e.entry.retracts: e.version for e in recorded if isinstance(e.entry, Retraction)}
        placed = timeline(recorded)
        self.retractions |= retractions
        if not retractions and (not self.placed or not placed or self.placed[-1] < placed[0]):
            fold(placed, self.state)
            self.placed.extend(placed)
        else:
            kept = (each for each in (*self.placed, *placed) if each.version not in self.retractions)
            self.placed = sorted(kept)
            self.state = fold(self.placed)

    def fork(self) -> Self:
        """Return a history that holds the same and may go on in another way."""
        other = type(self)()
        other.version = self.version
        other.placed = self.placed.copy()
        other.retractions = self.retractions.copy()
        other.state = self.state.fork()
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

    def _admit_late(self, added: Sequence[Placed], retracted: Mapping[int, int], batch: Sequence[Proposed]) -> None:
        """Judge everything again from the first place that changes on; what is before it stays lawful."""
        kept = [each for each in self.placed if each.version not in retracted]
        changed = [each for each in self.placed if each.version in retracted]
        changed += added[:1]
        start = bisect_left(self.placed, min(changed))
        rest = sorted([*kept[start:], *added])
        state = fold(kept[:start])
        _judge_all(state, rest, batch)
        self.state = state
        self.placed = kept[:start] + rest


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
