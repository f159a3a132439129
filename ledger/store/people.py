"""The directory of people beside the log: particulars that may be changed and forgotten, and what became of them.

A row that changes is removed and put in anew. What changed is noted in the same transaction, with the next number, and
without the particulars. How the bytes of what was removed are taken out of the database's files is each log's own.
"""

from collections.abc import Callable, Iterable, Sequence
from typing import Any, Final, Literal, NamedTuple

from ledger.store.statements import STATEMENTS

CHECKPOINT_SECONDS: Final = 5.0
"""How long whoever removes particulars waits for others to let go of what a file's write-ahead log still holds."""


class PersonRow(NamedTuple):
    """The particulars of a holder, each as given or None; born as YYYY-MM-DD."""

    holder: str
    kanji: str | None = None
    kana: str | None = None
    roman: str | None = None
    address: str | None = None
    born: str | None = None


class ChangeRow(NamedTuple):
    """One change of a person. number: 1, 2, 3 … in its ledger. fields: names of those that changed, comma between."""

    number: int
    holder: str
    changed_at: str
    actor: str
    kind: Literal["set", "forgotten"]
    fields: str
    reason: str | None


Say = Callable[..., Sequence[Sequence[Any]]]
"""Says a statement, with question marks, and gives the rows of its answer."""

_PERSON: Final = ", ".join(PersonRow._fields)
_CHANGE: Final = ", ".join(ChangeRow._fields)
_PEOPLE: Final = f"SELECT {_PERSON} FROM people WHERE ledger_id = ? ORDER BY holder"  # noqa: S608 - our own names
_CHANGES: Final = f"SELECT {_CHANGE} FROM people_changes WHERE ledger_id = ? ORDER BY number"  # noqa: S608
_LAST: Final = "SELECT coalesce(max(number), 0) FROM people_changes WHERE ledger_id = ?"
REMOVE: Final = "DELETE FROM people WHERE ledger_id = ? AND holder = ?"
PUT: Final = f"INSERT INTO people (ledger_id, {_PERSON}) VALUES (?, ?, ?, ?, ?, ?, ?)"  # noqa: S608
_NOTE: Final = f"INSERT INTO people_changes (ledger_id, {_CHANGE}) VALUES (?, ?, ?, ?, ?, ?, ?, ?)"  # noqa: S608


class Filed(NamedTuple):
    """All that the directory of a ledger holds."""

    people: Sequence[PersonRow] = ()
    changes: Sequence[ChangeRow] = ()


class Directory:
    """The people of one ledger, inside a transaction."""

    def __init__(self, say: Say, ledger: str) -> None:
        self._say = say
        self._ledger = ledger

    def has_any(self) -> bool:
        """Whether there are particulars of anybody."""
        return bool(self._say(STATEMENTS.has_people, self._ledger))

    def people(self) -> dict[str, PersonRow]:
        """Whose particulars there are, by id."""
        return {row[0]: PersonRow._make(row) for row in self._say(_PEOPLE, self._ledger)}

    def changes(self) -> list[ChangeRow]:
        """What became of them, the first first."""
        return [ChangeRow._make(row) for row in self._say(_CHANGES, self._ledger)]

    def filed(self) -> Filed:
        """All that is there."""
        return Filed([*self.people().values()], self.changes())

    def file(self, filed: Filed) -> None:
        """Put all of a directory into an empty one."""
        for person in filed.people:
            self.put(person)
        self.note(filed.changes)

    def put(self, person: PersonRow) -> None:
        """Keep the particulars of a person, in the place of those that were there."""
        self.remove(person.holder)
        self._say(PUT, self._ledger, *person)

    def remove(self, holder: str) -> None:
        """Keep none of a person."""
        self._say(REMOVE, self._ledger, holder)

    def note(self, changes: Iterable[ChangeRow]) -> None:
        """Note changes, numbered on from the last whatever their own numbers are."""
        ((last,),) = self._say(_LAST, self._ledger)
        for number, change in enumerate(changes, start=last + 1):
            self._say(_NOTE, self._ledger, *change._replace(number=number))
