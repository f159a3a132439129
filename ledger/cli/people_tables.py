"""The tables of people, and of what became of them."""

from collections.abc import Sequence
from datetime import datetime

from ledger.cli.tables import Table
from ledger.clock import JAPAN
from ledger.people import FIELDS, Changed, Person, PersonChange
from ledger.reports.language import text

FORGOTTEN = "{holder} is forgotten, at {at} by {by}; no entry, number or proof has changed."


def in_japan(instant: str) -> str:
    """An instant as a person in Japan reads it."""
    return datetime.fromisoformat(instant).astimezone(JAPAN).strftime("%Y-%m-%d %H:%M")


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
    return text("{instant} by {actor}", instant=in_japan(person.forgotten_at), actor=person.forgotten_by)


def changes_table(changes: Sequence[PersonChange]) -> Table:
    """Every change in a line; the time is Japan's."""
    rows: list[Sequence[object]] = [
        (
            each.number,
            in_japan(each.changed_at),
            each.actor,
            each.holder,
            text(each.kind),
            ", ".join(map(text, each.fields)),
            each.reason or "",
        )
        for each in changes
    ]
    return ("number", "changed (JST)", "actor (claimed)", "holder", "what", "fields", "reason"), rows


def import_table(changed: Sequence[Changed]) -> Table:
    """Whose fields a file changes."""
    rows: list[Sequence[object]] = [(each.holder, ", ".join(map(text, each.fields))) for each in changed]
    return ("holder", "fields that change"), rows
