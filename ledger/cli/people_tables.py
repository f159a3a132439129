"""The tables of people, and of what became of them."""

from collections.abc import Iterator, Sequence
from datetime import datetime
from typing import Final

from ledger.cli.tables import Table
from ledger.clock import JAPAN
from ledger.people import FIELDS, Changed, Forgotten, Kept, Person, PersonChange
from ledger.reports.cells import shown
from ledger.reports.language import text

MOST_NAMED: Final = 5


def in_japan(instant: str) -> datetime:
    """An instant as a person in Japan reads it, to the minute."""
    return datetime.fromisoformat(instant).astimezone(JAPAN).replace(second=0, microsecond=0)


def listed(values: Sequence[str]) -> str:
    """The first few, and how many more there are."""
    first, more = text(", ").join(map(shown, values[:MOST_NAMED])), len(values) - MOST_NAMED
    return text("{first} and {more} more", first=first, more=f"{more:,}") if more > 0 else first


def fields_of(fields: Sequence[str]) -> str:
    """The names of fields of a person."""
    return text(", ").join(map(text, fields))


def kept_sentences(kept: Kept) -> Iterator[str]:
    """What was kept and what removed, of each person."""
    for each in kept.changed:
        there = [field for field in each.fields if field not in each.removed]
        if there:
            yield text("Kept of {holder}: {fields}.", holder=each.holder, fields=fields_of(there))
        if each.removed:
            yield text("Removed of {holder}: {fields}.", holder=each.holder, fields=fields_of(each.removed))


def again_sentences(kept: Kept) -> Iterator[str]:
    """Who was forgotten, and is kept again."""
    for each in kept.again:
        yield text(
            "{holder} was forgotten on {instant} (JST) by {actor}; particulars are kept again.",
            holder=each.holder,
            instant=shown(in_japan(each.forgotten_at)),
            actor=each.forgotten_by,
        )


def forgotten_sentences(done: Forgotten, copies: Sequence[str]) -> Iterator[str]:
    """Who is forgotten, and where else the particulars may still be."""
    of = {"holder": done.holder, "instant": shown(in_japan(done.forgotten_at)), "actor": done.forgotten_by}
    if done.was_before:
        yield text("{holder} was forgotten already on {instant} (JST) by {actor}; nothing was kept since.", **of)
    else:
        yield text("{holder} is forgotten, on {instant} (JST) by {actor}; no entry, number or proof has changed.", **of)
    yield text(
        "Backups made before still hold the particulars, as do archived logs and replicas of a server:"
        " to let them go is for whoever keeps them."
    )
    beside = {"count": f"{len(copies):,}", "copies": listed(copies)}
    if len(copies) == 1:
        yield text("So does 1 copy beside the database, kept when it was restored: {copies}.", **beside)
    elif copies:
        yield text("So do {count} copies beside the database, kept when it was restored: {copies}.", **beside)


def people_table(people: Sequence[Person]) -> Table:
    """Whose particulars are kept; the fields that anybody has."""
    fields = [field for field in FIELDS if any(getattr(each, field) is not None for each in people)]
    is_any_gone = any(each.forgotten_at is not None for each in people)
    rows: list[Sequence[object]] = [
        (each.holder, *(getattr(each, field) for field in fields), *([_forgotten(each)] if is_any_gone else ()))
        for each in people
    ]
    return ("holder", *fields, *(["forgotten (JST)"] if is_any_gone else [])), rows


def _forgotten(person: Person) -> str:
    if person.forgotten_at is None:
        return ""
    return text("{instant} by {actor}", instant=shown(in_japan(person.forgotten_at)), actor=person.forgotten_by)


def changes_table(changes: Sequence[PersonChange]) -> Table:
    """Every change in a line; the time is Japan's."""
    rows: list[Sequence[object]] = [
        (
            each.number,
            in_japan(each.changed_at),
            each.actor,
            each.holder,
            text(each.kind),
            fields_of(each.fields),
            each.reason or "",
        )
        for each in changes
    ]
    return ("number", "changed (JST)", "actor (claimed)", "holder", "what", "fields", "reason"), rows


def import_table(changed: Sequence[Changed]) -> Table:
    """Whose fields a file changes."""
    rows: list[Sequence[object]] = [(each.holder, fields_of(each.fields)) for each in changed]
    return ("holder", "fields that change"), rows
