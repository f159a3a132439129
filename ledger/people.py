"""The people behind the ids of holders: names, addresses and dates of birth, beside the entries, to be forgotten.

Entries hold ids and are never changed; what the law wants forgotten stands here alone. Everybody may be known by name
before his first entry is recorded.
"""

import unicodedata
from collections.abc import Callable, Collection, Iterable, Mapping, Sequence
from datetime import date
from typing import Final, Literal, NamedTuple

from msgspec.structs import replace

from ledger import clock
from ledger.actor import claimed_actor
from ledger.domain.characters import is_seen, shown
from ledger.domain.errors import DatabaseError, MalformedError, RefusedError
from ledger.domain.spans import FIRST_DAY, day_from
from ledger.domain.spelling import did_you_mean
from ledger.domain.wellformed import check_name
from ledger.people_reasons import refuse_named
from ledger.projections.report_rows import RegisterRow
from ledger.projections.rows import Row
from ledger.store.log import Log
from ledger.store.people import ChangeRow, Directory, PersonRow

FIELDS: Final = ("kanji", "kana", "roman", "address", "born")
LONGEST: Final = {"kanji": 200, "kana": 200, "roman": 200, "address": 400}
"""Characters."""

Particulars = Mapping[str, str | date | None]
"""By field; None takes a field away."""


class Person(Row, frozen=True):
    """The particulars of a holder. forgotten_at, forgotten_by: where they were forgotten, and not given anew."""

    holder: str
    kanji: str | None
    kana: str | None
    roman: str | None
    address: str | None
    born: date | None
    forgotten_at: str | None
    forgotten_by: str | None


class PersonChange(Row, frozen=True):
    """Who changed which fields of a person, and when; not what stood or stands in them."""

    number: int
    holder: str
    changed_at: str
    actor: str
    kind: Literal["set", "forgotten"]
    fields: tuple[str, ...]
    reason: str | None


class Changed(NamedTuple):
    """A person of whom these fields change. removed: those among them that nothing is kept in any more."""

    holder: str
    fields: tuple[str, ...]
    removed: tuple[str, ...] = ()


class Noted(NamedTuple):
    """Who was forgotten, when (UTC) and by whom."""

    holder: str
    forgotten_at: str
    forgotten_by: str


class Kept(NamedTuple):
    """What was changed.

    unknown: ids that no entry names. traces: why old particulars can still be read, or None. again: who was forgotten,
    and is kept again.
    """

    changed: tuple[Changed, ...]
    unknown: tuple[str, ...]
    traces: str | None = None
    again: tuple[Noted, ...] = ()


class Forgotten(NamedTuple):
    """Who was forgotten, when (UTC) and by whom.

    traces: why particulars are still in the database's files, or None. was_before: by an earlier call.
    """

    holder: str
    forgotten_at: str
    forgotten_by: str
    traces: str | None
    was_before: bool = False


class Names:
    """Who bears an id, for whoever shows one: by name where there is one, else by the id alone."""

    def __init__(self, people: Mapping[str, Person]) -> None:
        self._people = people

    def name(self, holder: str) -> str | None:
        """The name of a holder: as he writes it, else in Latin letters, else as it is read."""
        person = self._people.get(holder)
        return None if person is None else person.kanji or person.roman or person.kana

    def address(self, holder: str) -> str | None:
        """The address of a holder."""
        person = self._people.get(holder)
        return None if person is None else person.address

    def in_rows(self, rows: Iterable[RegisterRow]) -> list[RegisterRow]:
        """The rows with the names and addresses of their holders."""
        return [
            row
            if row.holder is None or row.holder not in self._people
            else replace(row, name=self.name(row.holder), address=self.address(row.holder))
            for row in rows
        ]

    def label(self, holder: str) -> str:
        """A holder as a report shows him."""
        name = self.name(holder)
        return holder if name is None else f"{name} ({holder})"


class People:
    """The directory of one ledger.

    known: gives the ids that entries name.
    """

    def __init__(self, log: Log, ledger: str, *, now: clock.Clock, known: Callable[[], Collection[str]]) -> None:
        self._log = log
        self._ledger = ledger
        self._now = now
        self._known = known

    def names(self) -> Names:
        """The names of all, for a report."""
        return Names({each.holder: each for each in self.show()})

    def show(self, holder: str | None = None) -> list[Person]:
        """Everybody of whom particulars are kept, or were forgotten, by id; or one, if anything is known of him.

        Raises `RefusedError` (`unknown-holder`) for an id that neither the directory nor an entry knows.
        """
        with self._log.directory(self._ledger) as directory:
            rows, changes = directory.people(), directory.changes()
        last = {change.holder: change for change in changes}
        gone = {each: PersonRow(each) for each, change in last.items() if change.kind == "forgotten"}
        people = [_person(row, last.get(row.holder)) for row in (gone | rows).values()]
        if holder is None:
            return sorted(people, key=lambda each: each.holder)
        found = [each for each in people if each.holder == holder]
        if not found and holder not in (known := self._known()):
            raise _unknown(holder, {*known, *last})
        return found

    def log(self) -> list[PersonChange]:
        """Every change, the first first."""
        with self._log.directory(self._ledger) as directory:
            changes = directory.changes()
        return [
            PersonChange(*change[:5], fields=tuple(filter(None, change.fields.split(","))), reason=change.reason)
            for change in changes
        ]

    def set(
        self, holder: str, particulars: Particulars, *, actor: str | None = None, reason: str | None = None
    ) -> Kept:
        """Keep some particulars of a holder, or take some away; the others stay.

        Raises `MalformedError`, of a reason that holds particulars too: it stays when they are forgotten.
        """
        return self.set_all([(holder, particulars)], actor=actor, reason=reason)

    def set_all(
        self,
        people: Iterable[tuple[str, Particulars]],
        *,
        actor: str | None = None,
        reason: str | None = None,
        dry_run: bool = False,
    ) -> Kept:
        """Keep particulars of several, all or none. dry_run: say what would change.

        Raises `MalformedError`.
        """
        actor = claimed_actor() if actor is None else actor
        check_name("actor", actor)
        if reason is not None:
            check_name("reason", reason)
        today = clock.today(self._now)
        given = [(holder, _written(holder, particulars, today)) for holder, particulars in people]
        with self._log.directory(self._ledger, writing=not dry_run) as directory:
            there = directory.people()
            for holder, particulars in given:
                refuse_named(reason, holder, [*_of(there.get(holder)), *particulars.items()])
            moves = _moves(given, there)
            again = _again(moves, directory.changes())
            if moves and not dry_run:
                _put(directory, moves, clock.instant(self._now()), actor, reason)
        known = {*self._known()}
        unknown = tuple(holder for holder, _ in given if holder not in known)
        is_overwritten = any(getattr(move.before, field) is not None for move in moves for field in move.fields)
        is_called_again = not moves and any(holder in there for holder, _ in given)  # others were reading before
        traces = self._erased(thoroughly=False) if (is_overwritten or is_called_again) and not dry_run else None
        return Kept(tuple(map(_changed, moves)), unknown, traces, again)

    def take(
        self,
        content: bytes,
        name: str,
        *,
        actor: str | None = None,
        reason: str | None = None,
        dry_run: bool = False,
    ) -> Kept:
        """Keep what a CSV file says, all or nothing (`ledger.people_file`). name: of the file, for errors.

        Raises `MalformedError`, with all that is wrong in the file.
        """
        from ledger.people_file import read_people

        people = read_people(content, name, today=clock.today(self._now))
        return self.set_all(people, actor=actor, reason=reason, dry_run=dry_run)

    def forget(self, holder: str, *, reason: str, actor: str | None = None) -> Forgotten:
        """Remove the particulars of a holder, and every trace of them from the database's own files.

        Who was forgotten already is not noted again; what may be left is removed. Backups keep what they hold.

        Raises `RefusedError` (`unknown-holder`) for an id of which nothing was ever kept, `MalformedError`.
        """
        actor = claimed_actor() if actor is None else actor
        check_name("actor", actor)
        check_name("reason", reason)
        with self._log.directory(self._ledger, writing=True) as directory:
            there = directory.people().get(holder)
            last = {change.holder: change for change in directory.changes()}
            if holder not in last:
                raise _unknown(holder, last)
            noted = last[holder]
            was_before = there is None and noted.kind == "forgotten"
            if not was_before:
                refuse_named(reason, holder, _of(there))
                fields = ",".join(field for field, value in _of(there) if value is not None)
                noted = ChangeRow(0, holder, clock.instant(self._now()), actor, "forgotten", fields, reason)
                directory.remove(holder)
                directory.note([noted])
        return Forgotten(holder, noted.changed_at, noted.actor, self._erased(thoroughly=True), was_before)

    def _erased(self, *, thoroughly: bool) -> str | None:
        """What was decided is done, whatever keeps its traces from being removed."""
        try:
            return self._log.erase_traces(thoroughly=thoroughly)
        except DatabaseError as error:
            return error.message


def problem_with(field: str, value: str, today: date) -> str | None:
    """What is wrong with a particular, in words that follow its name; None where nothing is."""
    if field == "born":
        day = day_from(value)
        if day is None:
            return f"{shown(value)} is no day of the calendar; days are written YYYY-MM-DD"
        return None if FIRST_DAY <= day <= today else f"{value} is not between {FIRST_DAY} and {today}, today"
    if not value.strip():
        return "is blank"
    if len(value) > LONGEST[field]:
        return f"has {len(value):,} characters; at most {LONGEST[field]} are allowed"
    for character in value:
        if not is_seen(character):
            return f"holds the unseen character U+{ord(character):04X}"
    if field == "kana" and not all(map(_is_kana, unicodedata.normalize("NFKC", value))):
        return f"{shown(value)} is not in kana alone"
    return None


def _is_kana(character: str) -> bool:
    return character == " " or "KATAKANA" in (name := unicodedata.name(character, "")) or "HIRAGANA" in name


def _written(holder: str, particulars: Particulars, today: date) -> dict[str, str | None]:
    """The fields as they are stored."""
    check_name("holder", holder)
    written: dict[str, str | None] = {}
    for field, value in particulars.items():
        if field not in FIELDS:
            raise MalformedError("malformed", f"a person has no field {shown(field)}: {', '.join(FIELDS)}")
        text = value.isoformat() if isinstance(value, date) else value
        problem = None if text is None else problem_with(field, text, today)
        if problem is not None:
            raise MalformedError("malformed", f"`{field}` of {holder} {problem}")
        written[field] = text
    return written


def _of(person: PersonRow | None) -> list[tuple[str, str | None]]:
    """The particulars of a person by field; of nobody none."""
    return [] if person is None else [(field, getattr(person, field)) for field in FIELDS]


class _Move(NamedTuple):
    """What is kept of a person before and after, and the fields in which these differ."""

    before: PersonRow
    after: PersonRow
    fields: tuple[str, ...]


def _moves(given: Iterable[tuple[str, Mapping[str, str | None]]], there: Mapping[str, PersonRow]) -> list[_Move]:
    """Of whom anything changes. Raises `MalformedError` where somebody is given twice."""
    moves: dict[str, _Move] = {}
    for holder, particulars in given:
        if holder in moves:
            raise MalformedError("malformed", f"the particulars of {holder} are given twice")
        before = there.get(holder, PersonRow(holder))
        after = PersonRow(*({**before._asdict(), **particulars}).values())
        fields = tuple(field for field in FIELDS if getattr(before, field) != getattr(after, field))
        moves[holder] = _Move(before, after, fields)
    return [move for move in moves.values() if move.fields]


def _changed(move: _Move) -> Changed:
    return Changed(move.after.holder, move.fields, tuple(each for each in move.fields if not getattr(move.after, each)))


def _again(moves: Iterable[_Move], changes: Iterable[ChangeRow]) -> tuple[Noted, ...]:
    """Who was forgotten last, and is kept from now on."""
    last = {change.holder: change for change in changes}
    found = (last[move.after.holder] for move in moves if move.after.holder in last and any(move.after[1:]))
    return tuple(Noted(each.holder, each.changed_at, each.actor) for each in found if each.kind == "forgotten")


def _put(directory: Directory, moves: Sequence[_Move], now: str, actor: str, reason: str | None) -> None:
    for _, after, _ in moves:
        if any(after[1:]):
            directory.put(after)
        else:
            directory.remove(after.holder)
    directory.note(
        ChangeRow(0, after.holder, now, actor, "set", ",".join(fields), reason) for _, after, fields in moves
    )


def _person(row: PersonRow, last: ChangeRow | None) -> Person:
    born = None if row.born is None else day_from(row.born)
    is_gone = last is not None and last.kind == "forgotten"
    at, by = (last.changed_at, last.actor) if last is not None and is_gone else (None, None)
    return Person(*row[:-1], born=born, forgotten_at=at, forgotten_by=by)


def _unknown(holder: str, known: Iterable[str]) -> RefusedError:
    hint = did_you_mean(holder, [*known])
    return RefusedError(
        "unknown-holder",
        f"nothing is kept of holder {holder}{hint}: `rights people set` keeps particulars, and `rights people show`"
        " lists whose there are",
    )
