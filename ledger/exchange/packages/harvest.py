"""What a reader of packages has made of each object: an entry, a problem, or a line of what is not taken over."""

from collections.abc import Iterable, Mapping
from typing import Any, Final

from ledger.domain.characters import seen
from ledger.exchange.packages.found import Found, entry_id, quoted
from ledger.exchange.plan import Place, Plan, Planned, Remark
from ledger.people import Particulars

MOST_PROBLEMS: Final = 1_000


class Harvest:
    """What was made of the objects of one package, in the order in which it was made.

    prefix: of the ids of its entries.
    """

    def __init__(self, prefix: str) -> None:
        self.people = dict[str, Particulars]()
        self._prefix = prefix
        self._entries = list[Planned]()
        self._ids = dict[str, int]()
        self._problems = list[Remark]()
        self._remarks = list[Remark]()
        self._left = dict[tuple[str, str], list[Found]]()
        self._done = set[Place]()

    def plan(self, found: Found, entry: Mapping[str, Any], part: str = "") -> None:
        """Record an entry for an object. part: a word that tells its entries apart, where it gives several."""
        self._done.add(found.place)
        id_ = entry_id(self._prefix, found.id, part)
        self._ids[id_] = times = self._ids.get(id_, 0) + 1
        if times > 1:  # two objects of different kinds, or of a careless program, bear one id
            id_ = entry_id(self._prefix, found.id, f"{part}/{found.kind}/{times}")
        # No name of a package or a folder, and no row: these change from one export to the next, and the fact does not.
        file = (found.place.sheet or "package").rpartition("/")[2]
        source = seen(f"{file}, {found.kind} {found.id}")
        self._entries.append(Planned(found.place, {**entry, "id": id_, "source": source}))

    def problem(self, found: Found, field: str | None, says: str) -> None:
        """Note what is wrong with an object: while it is, nothing may be recorded."""
        self._done.add(found.place)
        self.problem_at(found.at(field), f"{found.kind} {quoted(found.id)}: {says}")

    def problem_at(self, place: Place, says: str) -> None:
        """Note what is wrong with a place that is no object's."""
        if len(self._problems) < MOST_PROBLEMS:
            self._problems.append(Remark(place, says))

    def use(self, found: Found) -> None:
        """Note that an object is in other entries: a name, a class, a plan."""
        self._done.add(found.place)

    def leave(self, found: Found, why: str) -> None:
        """Note that an object is not taken over, or not wholly; those with the same reason are told together."""
        self._done.add(found.place)
        self._left.setdefault((found.kind, why), []).append(found)

    def note(self, found: Found, field: str | None, says: str) -> None:
        """Note what is taken over otherwise than the object says it."""
        self._done.add(found.place)
        self._remarks.append(Remark(found.at(field), f"{found.kind} {quoted(found.id)}: {says}"))

    def remark(self, place: Place, says: str) -> None:
        """Note something about a place that is no object's."""
        self._remarks.append(Remark(place, says))

    def has(self, found: Found) -> bool:
        """Whether something was made of an object."""
        return found.place in self._done

    def done(self, entries: Iterable[Planned] | None = None) -> Plan:
        """Everything as a plan. entries: instead of all that were planned."""
        left = [Remark(objects[0].place, _told(kind, why, objects)) for (kind, why), objects in self._left.items()]
        chosen = tuple(self._entries if entries is None else entries)
        return Plan(chosen, tuple(self.people.items()), tuple(self._problems), (*self._remarks, *left))

    @property
    def entries(self) -> tuple[Planned, ...]:
        """What is planned so far."""
        return tuple(self._entries)


def _told(kind: str, why: str, objects: list[Found]) -> str:
    ids = ", ".join(quoted(each.id) for each in objects)
    number = "" if len(objects) == 1 else f"{len(objects):,} × "
    return f"{number}{quoted(kind) or 'an object without a type'} ({ids}): {why}"
