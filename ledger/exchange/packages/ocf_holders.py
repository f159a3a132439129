"""The stakeholders of a package: their ids and names, the offices they hold, how they leave them, and their deaths."""

from collections import Counter
from collections.abc import Iterable, Mapping
from datetime import date
from typing import Final
from unicodedata import name as character_name

from ledger.exchange.packages.found import FaultError, Found, name_from, quoted
from ledger.exchange.packages.harvest import Harvest

KINDS: Final = frozenset({"STAKEHOLDER", "SECURITY_HOLDER"})
RELATIONSHIP: Final = "CE_STAKEHOLDER_RELATIONSHIP"
STATUS: Final = "CE_STAKEHOLDER_STATUS"
OFFICES: Final = ("BOARD_MEMBER", "EXECUTIVE", "OFFICER", "EMPLOYEE", "NON_US_EMPLOYEE", "ADVISOR", "CONSULTANT")
"""Relationships that end with a departure; whoever is an investor or a founder beside them holds no office by it."""

RECEIVERS: Final = ("to", "heir", "holder")

ENDED: Final = "TERMINATION_"
DIED: Final = "TERMINATION_INVOLUNTARY_DEATH"
CAUSES: Final = {
    "TERMINATION_VOLUNTARY_RETIREMENT": "retirement",
    "TERMINATION_VOLUNTARY_GOOD_CAUSE": "resignation",
    "TERMINATION_VOLUNTARY_OTHER": "resignation",
    "TERMINATION_INVOLUNTARY_WITH_CAUSE": "dismissal",
}


class Holders:
    """The stakeholders of a package by their ids in it."""

    def __init__(self, objects: Iterable[Found], harvest: Harvest) -> None:
        self._harvest = harvest
        self._objects = dict[str, Found]()
        self._events = dict[str, list[Found]]()
        self._first = dict[str, date]()
        for each in objects:
            if each.kind in KINDS:
                if self._objects.setdefault(each.id, each) is not each:
                    harvest.leave(each, "another with its id comes before, which counts")
            elif each.kind in {RELATIONSHIP, STATUS}:
                self._learn(each)
        self._names = _names(self._objects)

    def _learn(self, found: Found) -> None:
        try:
            found.day("date")
            of = found.text("stakeholder_id")
        except FaultError as fault:
            self._harvest.problem(found, fault.field, fault.says)
        else:
            self._events.setdefault(of, []).append(found)

    def id_of(self, stakeholder: str) -> str | None:
        """The id of a holder in the ledger: as the issuer assigned it, else the package's; None for nobody known."""
        return self._names.get(stakeholder)

    def holds_from(self, stakeholder: str, on: date) -> None:
        """Note that somebody holds rights from a day on, if not earlier."""
        self._first[stakeholder] = min(on, self._first.get(stakeholder, on))

    def died_on(self, stakeholder: str) -> date | None:
        """The day of a death, if the package tells of one."""
        deaths = [each for each in self._events.get(stakeholder, ()) if each.maybe_text("new_status") == DIED]
        return min((each.day("date") for each in deaths), default=None)

    def position(self, stakeholder: str) -> str:
        """The position of somebody on the first day of holding rights: the first office, else what the package says."""
        return self._at_first(stakeholder)[0]

    def _at_first(self, stakeholder: str) -> list[str]:
        """Positions on the first day: what holds now, with what changed later taken back."""
        first = self._first[stakeholder]
        held = [each.removeprefix("EX_") for each in _relationships(self._objects[stakeholder])]
        for each in sorted(self._events.get(stakeholder, ()), key=lambda event: event.day("date"), reverse=True):
            started, ended = each.maybe_text("relationship_started"), each.maybe_text("relationship_ended")
            if started in held and each.day("date") > first:
                held.remove(started)
            if ended is not None and ended not in held and each.day("date") >= first:
                held.append(ended)
        offices = [each for each in OFFICES if each in held]
        return [_position(each) for each in offices or held[:1]] or ["holder"]

    def record(self) -> None:
        """Plan appointments, departures and deaths of whoever holds rights, and keep names; the others are listed."""
        self._first = self._since()
        for id_, found in self._objects.items():
            if id_ in self._first:
                self._record(id_, found)
            else:
                self._harvest.leave(found, "holds no rights that are taken over; nothing of such a person is kept")
        for id_, events in self._events.items():
            for each in events:
                if id_ not in self._objects:
                    self._harvest.leave(each, "its stakeholder is not in the package")
                elif id_ not in self._first:
                    self._harvest.leave(each, "its stakeholder holds no rights that are taken over")
                else:
                    self._event(each, self._names[id_], self._first[id_])

    def _since(self) -> dict[str, date]:
        """The day on which somebody holds rights first, of those who do, by what is planned."""
        first = dict[str, date]()
        for _, entry in self._harvest.entries:
            receiver = next((str(entry[field]) for field in RECEIVERS if field in entry), "")
            if entry["type"] in {"allotment", "transfer", "inheritance"}:
                on = date.fromisoformat(entry["on"])
                first[receiver] = min(on, first.get(receiver, on))
        return {id_: first[name] for id_, name in self._names.items() if name in first}

    def _record(self, id_: str, found: Found) -> None:
        holder, on = self._names[id_], self._first[id_]
        self._harvest.use(found)
        self._keep(holder, found)
        for position in self._at_first(id_)[1:]:
            entry = {"type": "appointment", "holder": holder, "position": position, "on": f"{on}"}
            self._harvest.plan(found, entry, position)
        told = [each.maybe_text("relationship_ended", "new_status") for each in self._events.get(id_, ())]
        gone = any(each.startswith("EX_") for each in _relationships(found))
        status = found.maybe_text("current_status") or ""
        if (gone or status.startswith(ENDED)) and not any(told):
            says = "has left, and no object says on which day: record a departure, or the rights stay exercisable"
            self._harvest.leave(found, says)

    def _keep(self, holder: str, found: Found) -> None:
        name = found.value.get("name")
        written = name.get("legal_name") if isinstance(name, dict) else name
        if not isinstance(written, str) and isinstance(name, dict):
            written = " ".join(
                each for each in (name.get("first_name"), name.get("last_name")) if isinstance(each, str)
            )
        kept = dict[str, str]()
        if isinstance(written, str) and (plain := name_from(written)):
            kept[script_of(plain)] = plain
        if address := _address(found):
            kept["address"] = address
        if kept:
            self._harvest.people[holder] = kept

    def _event(self, found: Found, holder: str, first: date) -> None:
        on = found.day("date")
        if on <= first:
            self._harvest.leave(
                found, "it is not later than the first rights of its stakeholder, whose position counts it"
            )
            return
        if found.kind == STATUS:
            self._status(found, holder, on)
            return
        started, ended = found.maybe_text("relationship_started"), found.maybe_text("relationship_ended")
        if ended in OFFICES:
            entry = {"type": "departure", "holder": holder, "position": _position(ended or ""), "on": f"{on}"}
            self._harvest.plan(found, entry)
        if started in OFFICES:
            entry = {"type": "appointment", "holder": holder, "position": _position(started or ""), "on": f"{on}"}
            self._harvest.plan(found, entry, "started" if ended in OFFICES else "")
        others = [each for each in (started, ended) if each is not None and each not in OFFICES]
        if others or not (started or ended):
            self._harvest.leave(found, f"{quoted(', '.join(others)) or 'nothing'} is no office that begins or ends")

    def _status(self, found: Found, holder: str, on: date) -> None:
        status = found.maybe_text("new_status") or ""
        if status == DIED:
            self._harvest.plan(found, {"type": "death", "holder": holder, "on": f"{on}"})
        elif status.startswith(ENDED):
            cause = CAUSES.get(status, "other")
            self._harvest.plan(found, {"type": "departure", "holder": holder, "on": f"{on}", "cause": cause})
        else:
            self._harvest.leave(found, f"the status {quoted(status) or 'that it does not name'} changes no right")


def _names(objects: Mapping[str, Found]) -> dict[str, str]:
    """Ids of holders: as the issuer assigned them, where no other has the same, else as the package does."""
    own = {id_: name_from(each.maybe_text("issuer_assigned_id") or id_) or "holder" for id_, each in objects.items()}
    times = Counter([*own.values(), *(id_ for id_ in own if own[id_] != id_)])
    found, taken = dict[str, str](), set[str]()
    for id_, assigned in own.items():
        name = wanted = assigned if times[assigned] == 1 else name_from(id_) or "holder"
        number = 1
        while name in taken:
            number += 1
            name = f"{wanted[:190]} ({number})"
        taken.add(name)
        found[id_] = name
    return found


def _relationships(found: Found) -> list[str]:
    return [*found.texts("current_relationships"), *found.texts("current_relationship")]


def _position(relationship: str) -> str:
    return name_from(relationship.lower().replace("_", "-")) or "holder"


def script_of(name: str) -> str:
    """The field of the directory that a name belongs in."""
    return "kanji" if any(map(_is_japanese, name)) else "roman"


def _is_japanese(character: str) -> bool:
    return character_name(character, "").startswith(("CJK", "HIRAGANA", "KATAKANA"))


def _address(found: Found) -> str | None:
    """The first address, on one line; the format of Japan has it as one text."""
    plain = found.maybe_text("address")
    if plain is not None:
        return name_from(plain)
    addresses = found.value.get("addresses")
    first = addresses[0] if isinstance(addresses, list) and addresses else None
    if not isinstance(first, dict):
        return None
    fields = ("street_suite", "city", "country_subdivision", "postal_code", "country")
    lines = [line.strip() for field in fields for line in str(first.get(field) or "").split("\n")]
    return name_from(", ".join(filter(None, lines)))
